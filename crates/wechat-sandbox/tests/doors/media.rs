//! Uploads, pictures of articles, and the addresses WeChat names.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch};

use crate::stage::{Hub, Stage, code};

const JPEG: [u8; 8] = [0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F'];

async fn upload(stage: &Stage, call: &str, part: Part) -> Value {
    let form = Form::new().part("media", part);
    let response =
        stage.http.post(format!("{}/cgi-bin/media/{call}", stage.base)).multipart(form).send().await.expect("sent");
    response.json().await.expect("JSON")
}

fn part(bytes: &[u8], name: &str) -> Part {
    Part::bytes(bytes.to_vec()).file_name(name.to_owned()).mime_str("application/octet-stream").expect("a type")
}

#[tokio::test]
async fn every_type_has_its_formats_sizes_and_answer() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let call = |kind: &str| format!("upload?access_token={token}&type={kind}");
    let thumb = upload(&stage, &call("thumb"), part(&JPEG, "a.jpg")).await;
    assert!(thumb["thumb_media_id"].is_string() && thumb.get("media_id").is_none(), "{thumb}");
    let film = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2";
    let video = upload(&stage, &call("video"), part(film, "a.mp4")).await;
    let id = video["media_id"].as_str().expect("an id");
    let where_it_is = stage.get(&format!("/cgi-bin/media/get?access_token={token}&media_id={id}")).await;
    let bytes = stage.http.get(where_it_is["video_url"].as_str().expect("an address")).send().await.expect("sent");
    assert_eq!(&bytes.bytes().await.expect("bytes")[..], film);
    assert_eq!(code(&upload(&stage, &call("voice"), part(&JPEG, "a.amr")).await), 40005);
    assert_eq!(code(&upload(&stage, &call("smoke"), part(&JPEG, "a.jpg")).await), 40004);
    let mut big = JPEG.to_vec();
    big.resize((64 << 10) + 1, 0);
    assert_eq!(code(&upload(&stage, &call("thumb"), part(&big, "a.jpg")).await), 45001);
    let nameless = Part::bytes(JPEG.to_vec());
    assert_eq!(code(&upload(&stage, &call("image"), nameless).await), 41005);
    let other = stage.account(AccountKind::Service, 1);
    let theirs = stage.token(&other).await;
    assert_eq!(code(&stage.get(&format!("/cgi-bin/media/get?access_token={theirs}&media_id={id}")).await), 40007);
}

#[tokio::test]
async fn a_picture_of_an_article_has_an_address_and_no_id() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let answer = upload(&stage, &format!("uploadimg?access_token={token}"), part(&JPEG, "a.jpg")).await;
    let url = answer["url"].as_str().expect("an address");
    assert_eq!(&stage.http.get(url).send().await.expect("sent").bytes().await.expect("bytes")[..], JPEG);
    let id = url.rsplit('/').next().expect("an end");
    assert_eq!(code(&stage.get(&format!("/cgi-bin/media/get?access_token={token}&media_id={id}")).await), 40007);
    assert_eq!(
        code(&upload(&stage, &format!("uploadimg?access_token={token}"), part(b"GIF89a", "a.gif")).await),
        40005
    );
}

#[tokio::test]
async fn wechat_s_addresses_are_named_and_ours_is_looked_at() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    for call in ["getcallbackip", "get_api_domain_ip"] {
        let answer = stage.get(&format!("/cgi-bin/{call}?access_token={token}")).await;
        assert_eq!(answer["ip_list"], json!(["127.0.0.1"]));
    }
    let check = async |body: Value| stage.post(&format!("/cgi-bin/callback/check?access_token={token}"), body).await;
    let answer = check(json!({"action": "all", "check_operator": "DEFAULT"})).await;
    assert_eq!((&answer["dns"][0]["ip"], &answer["ping"][0]["ip"]), (&json!("127.0.0.1"), &json!("127.0.0.1")));
    assert_eq!(check(json!({"action": "dns", "check_operator": "DEFAULT"})).await["ping"], json!([]));
    assert_eq!(code(&check(json!({"action": "smoke", "check_operator": "DEFAULT"})).await), 40202);
    assert_eq!(code(&check(json!({"action": "all", "check_operator": "SMOKE"})).await), 40203);
}
