//! The library: what is taken, where it lies, who needs it, and WeChat's copies of it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    articles::{calls, png, upload},
    fan_import::imported,
    hub::Hub,
    ledger::settled,
};

/// One pixel, lossless.
const WEBP: [u8; 34] = [
    0x52, 0x49, 0x46, 0x46, 0x1a, 0, 0, 0, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x4c, 0x0d, 0, 0, 0, 0x2f, 0, 0,
    0, 0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0,
];

#[tokio::test(flavor = "multi_thread")]
async fn files_are_known_by_their_bytes_and_webp_becomes_what_wechat_takes() {
    for hub in Hub::on_each_database().await {
        let made = upload(&hub, "image", "photo.webp", WEBP.to_vec()).await.expect(201);
        let kind = made["content_type"].as_str().unwrap();
        assert!(["image/png", "image/jpeg"].contains(&kind), "{made}");
        assert!(made["file_name"].as_str().unwrap().starts_with("photo."), "{made}");
        assert!(!made["file_name"].as_str().unwrap().ends_with(".webp"), "{made}");
        let url = format!("{}{}", hub.url, made["url"].as_str().unwrap());
        let bytes = hub.http.get(url).bearer_auth(&hub.key).send().await.unwrap().bytes().await.unwrap();
        assert!(bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff"));

        upload(&hub, "image", "photo.png", b"<svg onload=x()>".to_vec()).await.refused(422, "invalid");
        upload(&hub, "video", "photo.mp4", b"\0\0\0\x18ftypheic0000".to_vec()).await.refused(422, "invalid");
        let amr = |seconds: usize| {
            let frame = [vec![0x3c], vec![0; 31]].concat();
            [b"#!AMR\n".to_vec(), frame.repeat(seconds * 50)].concat()
        };
        let voice = upload(&hub, "voice", "hello.amr", amr(3)).await.expect(201);
        assert_eq!(voice["duration_ms"], 3000, "{voice}");
        let long = upload(&hub, "voice", "hello.amr", amr(61)).await.refused(422, "invalid");
        assert_eq!(long["errors"][0]["code"], "too_long");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_lie_in_folders_and_are_found_by_a_part_of_their_name() {
    for hub in Hub::on_each_database().await {
        let file = upload(&hub, "image", "autumn 100%.png", png()).await.expect(201);
        upload(&hub, "image", "winter.png", png()).await.expect(201);
        assert_eq!((&file["folder"], &file["duration_ms"]), (&json!(""), &Value::Null));
        let path = format!("/media/{}", file["id"].as_str().unwrap());
        let moved = hub.patch(&path, json!({ "folder": " Covers ", "file_name": "Herbst.gif" })).await.expect(200);
        assert_eq!((&moved["folder"], &moved["file_name"]), (&json!("Covers"), &json!("Herbst.png")), "{moved}");
        hub.patch(&path, json!({ "folder": "x".repeat(41) })).await.refused(422, "invalid");
        assert_eq!(hub.get("/media/folders").await.expect(200)["items"], json!([{ "folder": "Covers", "files": 1 }]));
        let names = async |query: &str| {
            let list = hub.get(&format!("/media?{query}")).await.expect(200);
            let names =
                list["items"].as_array().unwrap().iter().map(|file| file["file_name"].as_str().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names("folder=Covers").await, ["Herbst.png"]);
        assert_eq!(names("folder=").await, ["winter.png"]);
        assert_eq!(names("query=HERB").await, ["Herbst.png"]);
        assert_eq!(names("query=%25").await, Vec::<String>::new(), "a sign of its own means itself");
        let first = hub.get("/media?limit=1").await.expect(200);
        let next = first["next_cursor"].as_str().expect("more");
        assert_eq!(names(&format!("limit=1&cursor={next}")).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wechats_copy_is_made_anew_before_it_is_forgotten() {
    const UPLOAD: &str = "/cgi-bin/media/upload";
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let file = upload(&hub, "image", "p.png", png()).await.expect(201);
        let id = file["id"].as_str().unwrap().to_owned();
        let rule = json!({ "trigger": { "kind": "keyword", "words": ["pic"] }, "answers": [{ "type": "image", "media_id": id }] });
        hub.post(&format!("/accounts/{}/replies", account.id), rule).await.expect(201);
        let copy = async || {
            let uses = hub.get(&format!("/media/{id}/uses")).await.expect(200);
            uses["copies"][0]["expires_at"].as_i64()
        };
        let first = hub.until("WeChat has a copy", copy).await;
        assert_eq!(calls(&hub, UPLOAD).await.1, 1);
        // Ten hours before it is forgotten.
        hub.advance(Duration::from_secs(62 * 3600)).await;
        hub.until("WeChat has a newer copy", async || copy().await.filter(|now| *now > first)).await;
        assert_eq!(calls(&hub, UPLOAD).await.1, 2);
        hub.delete(&format!("/media/{id}")).await.refused(409, "media_used");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_whose_upload_is_lost_is_handed_up_again_and_the_fan_hears_once() {
    const UPLOAD: &str = "/cgi-bin/media/upload";
    const SEND: &str = "/cgi-bin/message/custom/send";
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let fan = hub.openids(&account).await.remove(0);
        hub.says(&account, &fan, "hello").await;
        let customer = hub.customer(&fan).await["id"].as_str().unwrap().to_owned();
        // Twice lost and then given; and given up after three.
        for (name, lost, state, uploads) in [("a.png", 2, "sent", 3), ("b.png", 3, "refused", 3)] {
            let bytes = [png(), name.as_bytes().to_vec()].concat();
            let file = upload(&hub, "image", name, bytes).await.expect(201);
            let content = json!({ "type": "image", "media_id": file["id"] });
            hub.wechat(Method::DELETE, "/journal", Value::Null).await;
            hub.fault(UPLOAD, json!({ "kind": "drop_after" }), lost).await;
            let body = json!({ "account_id": account.id, "content": content });
            let send = hub.post(&format!("/customers/{customer}/messages"), body).await.expect(201);
            let send = settled(&hub, &send).await;
            assert_eq!(send["state"], state, "{send}");
            assert_eq!(calls(&hub, UPLOAD).await.0, uploads, "{name}");
            assert_eq!(calls(&hub, SEND).await.1, usize::from(state == "sent"), "{name}");
            hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        }
    }
}
