//! `hongyan demo`: a hub and a sandbox beside it, with two tenants, accounts of every kind, and fans.
//!
//! Everything is done through the doors that people use: the sandbox's control API, the hub's API, the scan of
//! WeChat's authorisation page. It is kept in a folder, and what is there already is left as it is.

mod hub;

mod wechat;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch};
use wechat_sandbox::{Options, Sandbox};

use crate::{
    App, Config, Overrides, Running,
    cli::{self, Failure},
    config,
};

/// Where the demo listens and what it is filled with.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where everything is kept. Starting again goes on with it; delete the folder to begin anew.
    #[arg(long, default_value = "./hongyan-data/demo")]
    data: PathBuf,
    /// Where the console listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    console: String,
    /// Where the sandbox listens.
    #[arg(long, default_value = "127.0.0.1:8090")]
    sandbox: String,
    /// How many fans the bound account has.
    #[arg(long, default_value_t = 2000)]
    fans: u64,
    /// A file to write the addresses and the sign-in to, as JSON, when all is ready.
    #[arg(long)]
    info: Option<PathBuf>,
}

/// What the demo has to remember to start again.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    password: String,
    api_key: Option<String>,
    second_api_key: Option<String>,
}

/// One of the two tenants.
struct Tenant {
    name: &'static str,
    owner: &'static str,
    email: &'static str,
}

const FIRST: Tenant = Tenant { name: "海港书店", owner: "林海", email: "demo@hongyan.example" };
const SECOND: Tenant = Tenant { name: "山茶咖啡", owner: "白露", email: "second@hongyan.example" };

/// Starts the demo and keeps it until it is asked to end.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    cli::start_logs(&config::Log { level: "warn".into(), ..config::Log::default() })?;
    std::fs::create_dir_all(&arguments.data)
        .map_err(|why| format!("cannot make {}: {why}", arguments.data.display()))?;
    let (stop, stopped) = watch::channel(false);
    let (sandbox, sandbox_url) = start_sandbox(&arguments, stopped).await?;
    let running = start_hub(&arguments, &sandbox, &sandbox_url).await?;
    let filling = fill(&arguments, &running, &sandbox_url);
    let filled = tokio::select! {
        filled = filling => Some(filled?),
        () = cli::asked_to_end() => None,
    };
    if let Some(info) = filled {
        let text = format!("{info:#}\n");
        if let Some(file) = &arguments.info {
            write_private(file, &text)?;
        }
        print!("{text}");
        cli::asked_to_end().await;
    }
    running.shutdown().await;
    let _ = stop.send(true);
    sandbox.flush().await;
    Ok(())
}

async fn start_sandbox(
    arguments: &Arguments,
    mut stopped: watch::Receiver<bool>,
) -> Result<(Sandbox, String), Failure> {
    let sandbox =
        Sandbox::open(Options { data: Some(arguments.data.join("sandbox")), seed: 1, phone_files: true }).await?;
    let listener = TcpListener::bind(&arguments.sandbox)
        .await
        .map_err(|why| format!("cannot listen at {}: {why}", arguments.sandbox))?;
    let url = format!("http://{}", reachable(listener.local_addr()?));
    let serving = sandbox.clone();
    tokio::spawn(async move {
        let stop = async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        if let Err(error) = serving.serve(listener, stop).await {
            tracing::error!(%error, "the sandbox stopped");
        }
    });
    Ok((sandbox, url))
}

async fn start_hub(arguments: &Arguments, sandbox: &Sandbox, sandbox_url: &str) -> Result<Running, Failure> {
    let component = sandbox.component();
    let mut config = Config::default();
    config.server.listen = arguments.console.clone();
    config.server.data = arguments.data.join("hub");
    config.wechat = config::WeChat {
        api_base: sandbox_url.into(),
        mp_base: sandbox_url.into(),
        open_base: sandbox_url.into(),
        picture_hosts: sandbox_url.into(),
        sandbox_url: Some(sandbox_url.into()),
    };
    config.platform = config::Platform {
        app_id: Some(component.appid),
        app_secret: Some(component.appsecret.into()),
        token: Some(component.token.into()),
        encoding_aes_key: Some(component.encoding_aes_key.into()),
    };
    // One time for both: who moves the sandbox's clock forward sees what the hub does then.
    let clock = sandbox.clone();
    let overrides = Overrides { clock: Some(Arc::new(move || clock.now_ms())), ..Overrides::default() };
    Ok(App::start(config, overrides).await?)
}

/// Makes what is not there yet; what to tell whoever started it.
async fn fill(arguments: &Arguments, running: &Running, sandbox_url: &str) -> Result<Value, Failure> {
    let console_url = running.ctx().public().url.clone();
    let file = arguments.data.join("demo.json");
    let mut kept = recall(&file, running.addr())?;
    let wechat = wechat::Control::new(sandbox_url)?;
    wechat.point_platform_at(&console_url).await?;
    let shop = wechat.accounts(arguments.fans).await?;

    let first = hub::Session::open(running, &console_url, &FIRST, &kept.password).await?;
    let second = hub::Session::open(running, &console_url, &SECOND, &kept.password).await?;
    if kept.api_key.is_none() || kept.second_api_key.is_none() {
        kept.api_key = Some(first.make_key().await?);
        kept.second_api_key = Some(second.make_key().await?);
        write_private(&file, &serde_json::to_string_pretty(&kept)?)?;
    }
    if !first.has_account(&shop).await? {
        first.bind(&wechat, &shop).await?;
    }
    first.wait_for_fans(&shop).await?;
    Ok(json!({
        "console_url": console_url,
        "sandbox_url": sandbox_url,
        "login": { "email": FIRST.email, "password": kept.password },
        "api_key": kept.api_key,
        "second_tenant": { "login": { "email": SECOND.email, "password": kept.password }, "api_key": kept.second_api_key },
    }))
}

/// What was kept, or a new password. One that everybody knows is only for those who sit at this machine.
fn recall(file: &Path, addr: SocketAddr) -> Result<Kept, Failure> {
    if let Ok(text) = std::fs::read_to_string(file) {
        return Ok(serde_json::from_str(&text).map_err(|why| format!("{} cannot be read: {why}", file.display()))?);
    }
    let password =
        if addr.ip().is_loopback() { "hongyan-demo".to_owned() } else { features::team::words::random_word(12) };
    let kept = Kept { password, ..Kept::default() };
    write_private(file, &serde_json::to_string_pretty(&kept)?)?;
    Ok(kept)
}

fn reachable(addr: SocketAddr) -> SocketAddr {
    if addr.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], addr.port())) } else { addr }
}

/// Writes a file that only its owner reads, all at once.
fn write_private(file: &Path, text: &str) -> Result<(), Failure> {
    let failed = |why: std::io::Error| format!("cannot write {}: {why}", file.display());
    let half = file.with_extension("half");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(&half).map_err(failed)?;
    std::io::Write::write_all(&mut open, text.as_bytes()).map_err(failed)?;
    std::fs::rename(&half, file).map_err(failed)?;
    Ok(())
}
