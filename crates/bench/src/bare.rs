//! The callback door with nothing behind it: the same server, crypto and XML, the same answers, no database.
//!
//! It says what the machine can do at most, so that the hub's own share can be told from it.

use std::{net::SocketAddr, path::Path, process::Command, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};
use wechat::{
    crypto::{
        EncodingAesKey, KeyAge, MsgCipher,
        envelope::{parse_sealed, seal_reply},
        signature,
    },
    message::{self, Kind},
    reply::{Reply, SILENCE},
    wire::Format,
};

use crate::{
    Result,
    load::Vocabulary,
    lot::mix,
    machine::{Child, free_address, now_ms},
    sandbox::Official,
};

#[derive(clap::Args)]
pub struct Arguments {
    #[arg(long)]
    listen: SocketAddr,
    #[arg(long)]
    app_id: String,
    #[arg(long)]
    token: String,
    #[arg(long)]
    key: String,
}

struct Door {
    token: String,
    cipher: MsgCipher,
}

/// Serves until it is killed.
pub async fn run(arguments: Arguments) -> Result {
    let cipher = MsgCipher::new(&arguments.app_id, EncodingAesKey::parse(&arguments.key)?, None);
    let door = Arc::new(Door { token: arguments.token, cipher });
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    Ok(axum::serve(listener, router(door)).await?)
}

fn router(door: Arc<Door>) -> Router {
    Router::new()
        .route("/readyz", routing::get(async || "ready"))
        .route("/wx/{key}", routing::post(take))
        .with_state(door)
}

/// Starts one for the account.
pub async fn start(account: &Official, folder: &Path) -> Result<(Child, SocketAddr)> {
    let address = free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args([
        "bare",
        "--listen",
        &address.to_string(),
        "--app-id",
        &account.appid,
        "--token",
        &account.token,
        "--key",
        &account.encoding_aes_key,
    ]);
    let mut child = Child::start("bare", &mut command, folder)?;
    child.ready(address, "/readyz", Duration::from_secs(10)).await?;
    Ok((child, address))
}

async fn take(State(door): State<Arc<Door>>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    match answer(&door, query.as_deref().unwrap_or_default(), &body) {
        Some(Some(sealed)) => ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], sealed).into_response(),
        Some(None) => SILENCE.into_response(),
        None => (StatusCode::FORBIDDEN, "forbidden").into_response(),
    }
}

/// Nothing when it is not provably WeChat's; else what to answer.
fn answer(door: &Door, query: &str, body: &[u8]) -> Option<Option<String>> {
    let (mut claimed, mut timestamp, mut nonce) = (String::new(), String::new(), String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "msg_signature" => claimed = value.into_owned(),
            "timestamp" => timestamp = value.into_owned(),
            "nonce" => nonce = value.into_owned(),
            _ => {}
        }
    }
    let sealed = parse_sealed(body).ok()?;
    if !signature::verify(&[&door.token, &timestamp, &nonce, &sealed.encrypt], &claimed) {
        return None;
    }
    let opened = door.cipher.decrypt(&sealed.encrypt).ok()?;
    let message = message::decode(&opened.message).ok()?;
    let Kind::Text(text) = &message.kind else { return Some(None) };
    let rule = Vocabulary.rules().iter().find(|(word, _)| text.content.contains(word));
    let Some((_, said)) = rule else { return Some(None) };
    let now = now_ms() / 1000;
    let document = Reply::text(*said).encode_xml(message.from.as_str(), message.to.as_str(), now);
    let lot = mix(message.msg_id.unwrap_or_default());
    let mut random = [0; 16];
    random[..8].copy_from_slice(&lot.to_le_bytes());
    let encrypt = door.cipher.encrypt(document.as_bytes(), random, KeyAge::Current);
    Some(Some(seal_reply(Format::Xml, &door.token, &encrypt, now, &format!("{lot:016x}"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Mix, Pace, Receiver, Ring, run};

    const APP_ID: &str = "wx0123456789abcdef";
    const TOKEN: &str = "token";
    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    /// Sends a ring to a door with this token. What came of it.
    async fn loaded(token: &str, repeat_percent: u64) -> crate::load::Load {
        let door = Arc::new(Door {
            token: token.into(),
            cipher: MsgCipher::new(APP_ID, EncodingAesKey::parse(KEY).unwrap(), None),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router(door)).await });
        let receiver =
            Receiver::new(&format!("http://{address}/wx/key"), APP_ID, "gh_0123456789ab", TOKEN, KEY).unwrap();
        let openids = Arc::new((0..50).map(|n| format!("o{n:0>27}")).collect());
        let mix = Mix {
            requests: 1000,
            unmatched_percent: 20,
            repeat_percent,
            begin_s: 1_790_000_000,
            a_second: 500,
            first_document: 70,
        };
        let ring = Arc::new(Ring::make(&receiver, &openids, mix).unwrap());
        run(ring, address, 8, Pace::Closed, Duration::from_secs(60)).await.unwrap()
    }

    #[tokio::test]
    async fn every_request_is_taken_for_wechats_and_its_answer_is_right() {
        let load = loaded(TOKEN, 0).await;
        assert_eq!((load.acknowledged, load.documents, load.failed), (1000, 1000, 0));
        assert!(load.checked >= 9 && load.wrong.is_empty(), "{:?}", load.wrong);
    }

    #[tokio::test]
    async fn a_repeated_document_counts_once() {
        let load = loaded(TOKEN, 10).await;
        assert_eq!(load.acknowledged, 1000);
        assert!((850..950).contains(&load.documents), "{}", load.documents);
    }

    #[tokio::test]
    async fn a_refusal_is_seen() {
        let load = loaded("another", 0).await;
        assert_eq!((load.acknowledged, load.failed), (0, 1000));
        assert!(load.wrong[0].contains("403"), "{:?}", load.wrong);
    }
}
