//! `hongyan sandbox`: a WeChat of one's own.

use std::path::PathBuf;

use serde_json::json;
use tokio::net::TcpListener;
use wechat_sandbox::{Options, Sandbox};

use crate::{
    cli::{self, Failure},
    config,
};

/// Where the sandbox listens, and where it keeps its world.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: String,
    /// Where it keeps its accounts, fans and chats. Without it: in memory.
    #[arg(long)]
    data: Option<PathBuf>,
    /// A file to write the addresses and the platform's credentials to, as JSON, when it answers.
    #[arg(long)]
    info: Option<PathBuf>,
}

pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    cli::start_logs(&config::Log::default())?;
    let sandbox = Sandbox::open(Options { data: arguments.data, seed: 1, phone_files: true }).await?;
    let listener = TcpListener::bind(&arguments.listen)
        .await
        .map_err(|why| format!("cannot listen at {}: {why}", arguments.listen))?;
    let url = format!("http://{}", listener.local_addr()?);
    let component = sandbox.component();
    let info = json!({
        "sandbox_url": url,
        "component": {
            "app_id": component.appid, "app_secret": component.appsecret, "token": component.token, "encoding_aes_key": component.encoding_aes_key,
        },
    });
    let info = format!("{info:#}\n");
    if let Some(file) = arguments.info {
        std::fs::write(&file, &info).map_err(|why| format!("cannot write {}: {why}", file.display()))?;
    }
    print!("{info}");
    sandbox.serve(listener, cli::asked_to_end()).await?;
    Ok(())
}
