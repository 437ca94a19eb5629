//! A sandbox on an address: `cargo run -p wechat-sandbox --example serve -- 127.0.0.1:8090 [folder]`.
//!
//! It begins with a subscription account and a service account, both verified,
//! unless the folder holds others already.

use wechat_sandbox::{AccountKind, NewAccount, Options, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let address = args.next().unwrap_or_else(|| "127.0.0.1:8090".to_owned());
    let data = args.next().map(Into::into);
    let sandbox = Sandbox::open(Options { data, seed: 1, phone_files: true }).await?;
    if sandbox.accounts().is_empty() {
        let accounts = [("清晨书店", AccountKind::Subscription, 25), ("海港茶馆", AccountKind::Service, 40)];
        for (nick_name, kind, fans) in accounts {
            sandbox.create_account(NewAccount {
                kind,
                nick_name: Some(nick_name.to_owned()),
                fans: Some(fans),
                ..NewAccount::default()
            })?;
        }
    }
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{}", listener.local_addr()?);
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    Ok(sandbox.serve(listener, stop).await?)
}
