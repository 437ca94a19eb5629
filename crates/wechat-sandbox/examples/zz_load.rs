use std::time::Instant;
use wechat_sandbox::*;
#[tokio::main]
async fn main() {
    let sandbox = Sandbox::open(Options::default()).await.unwrap();
    let account = sandbox.create_account(NewAccount { kind: AccountKind::Service, fans: Some(100_000), ..Default::default() }).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(|| async { "success" })).await });
    sandbox.change_account(&account.appid, AccountPatch { callback_url: Some(base), mode: Some(Mode::Safe), ..Default::default() }, false).await.unwrap();
    for round in 0..3 {
        let n = 20_000;
        let start = Instant::now();
        let heard: Vec<_> = (0..n).map(|i| sandbox.say(&account.appid, &(i % 100_000).to_string(), "hello").unwrap()).collect();
        let set = start.elapsed();
        for one in heard { assert_eq!(one.outcome().await.outcome, "silent"); }
        println!("{round}: said in {set:?}, {:.0} pushes/s", n as f64 / start.elapsed().as_secs_f64());
    }
}
