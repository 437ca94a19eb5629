//! What buttons show that WeChat itself sends: files of the library as permanent material, and what WeChat has besides.

use entities::accounts::tokens::Keeper;
use reqwest::Method;
use serde_json::{Value, json};
use wechat::api::material::delete_material::{self, DeleteMaterial};

use super::{calls, first_tenant, on_the_phone, path, publish};
use crate::{
    articles::{item, png, upload, write},
    hub::{Bound, Hub},
};

const ADD: &str = "/cgi-bin/material/add_material";

async fn add(hub: &Hub, account: &Bound, file: &Value) -> Value {
    hub.post(&format!("{}/materials", path(account)), json!({ "media_id": file["id"] })).await.expect(200)
}

async fn at_wechat(hub: &Hub, account: &Bound, kind: &str, offset: u64) -> Value {
    hub.get(&format!("{}/materials/at_wechat?kind={kind}&offset={offset}", path(account))).await.expect(200)
}

fn button(material: &Value) -> Value {
    json!([{ "id": "a", "name": "A", "type": "media_id", "material": material }])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_becomes_permanent_material_once_for_an_account_and_is_found_by_its_id() {
    for hub in Hub::on_each_database().await {
        let (account, other) = (hub.bind_direct().await, hub.bind_direct().await);
        let fan = hub.fans(&account, 1).await.remove(0);
        let file = upload(&hub, "image", "lake.png", png()).await.expect(201);
        let made = add(&hub, &account, &file).await;
        assert_eq!((&made["media_id"], &made["file_name"]), (&file["id"], &json!("lake.png")));
        assert_eq!(add(&hub, &account, &file).await, made, "WeChat has it already");
        assert_eq!(calls(&hub, ADD).await, (1, 1));
        let elsewhere = add(&hub, &other, &file).await;
        assert_ne!(elsewhere["material"], made["material"], "material is of one account");

        let found = async |account: &Bound| {
            let material = made["material"].as_str().unwrap();
            hub.get(&format!("{}/materials?material={material}", path(account))).await.expect(200)["items"].clone()
        };
        assert_eq!(found(&account).await, json!([made]));
        assert_eq!(found(&other).await, json!([]));

        publish(&hub, &account, button(&made["material"])).await;
        assert_eq!(on_the_phone(&hub, &account, &fan).await[0]["media_id"], made["material"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn films_and_voices_are_handed_up_with_what_wechat_wants_and_what_no_button_shows_is_refused() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let amr = [b"#!AMR\n".to_vec(), [vec![0x3c], vec![0; 31]].concat().repeat(100)].concat();
        let voice = upload(&hub, "voice", "hello.amr", amr).await.expect(201);
        let film = upload(&hub, "video", "the lake.mp4", b"\0\0\0\x18ftypisom0000".to_vec()).await.expect(201);
        for file in [&voice, &film] {
            let made = add(&hub, &account, file).await;
            let listed = at_wechat(&hub, &account, file["kind"].as_str().unwrap(), 0).await;
            let one = &listed["items"][0];
            assert_eq!((&one["material"], &one["media_id"]), (&made["material"], &file["id"]), "{listed}");
        }
        let films = at_wechat(&hub, &account, "video", 0).await;
        assert_eq!(films["items"][0]["name"], "the lake", "a film's title is its name here");

        let add = format!("{}/materials", path(&account));
        let thumb = upload(&hub, "thumb", "t.jpg", b"\xff\xd8\xff\xe00000".to_vec()).await.expect(201);
        let refused = hub.post(&add, json!({ "media_id": thumb["id"] })).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], "kind", "{refused}");
        let refused = hub.post(&add, json!({ "media_id": "1" })).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], "not_found", "{refused}");
        hub.get(&format!("{add}/at_wechat?kind=thumb")).await.refused(422, "invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn covers_are_material_already_and_wechats_own_list_comes_in_pages() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let cover = upload(&hub, "image", "cover.png", png()).await.expect(201);
        let article = write(&hub, &account, json!([item("Autumn", cover["id"].as_str().unwrap())])).await;
        let at = format!("/articles/{}", article["id"].as_str().unwrap());
        hub.post(&format!("{at}/push"), json!({})).await.expect(202);
        hub.until("the article is in the box", async || {
            (hub.get(&at).await.expect(200)["state"] == "synced").then_some(())
        })
        .await;
        let before = calls(&hub, ADD).await;
        add(&hub, &account, &cover).await;
        assert_eq!(calls(&hub, ADD).await, before, "its cover was handed up with the article");
        for n in 0..20 {
            let file = upload(&hub, "image", &format!("{n}.png"), png()).await.expect(201);
            add(&hub, &account, &file).await;
        }
        let first = at_wechat(&hub, &account, "image", 0).await;
        assert_eq!((first["total"].as_u64(), first["next_offset"].as_u64()), (Some(21), Some(20)), "{first}");
        assert_eq!(first["items"][0]["name"], "19.png", "newest first");
        let picture = first["items"][0]["picture_url"].as_str().unwrap();
        assert!(picture.starts_with("/api/v1/accounts/"), "pages load nothing from WeChat themselves: {picture}");
        let rest = at_wechat(&hub, &account, "image", 20).await;
        assert_eq!((rest["items"][0]["media_id"].clone(), &rest["next_offset"]), (cover["id"].clone(), &Value::Null));

        let news = json!({ "articles": [{ "title": "Old", "content": "<p>old</p>", "thumb_media_id": rest["items"][0]["material"] }] });
        hub.wechat(Method::POST, &format!("/accounts/{}/news", account.app_id), news).await.expect(201);
        let old = at_wechat(&hub, &account, "news", 0).await;
        assert_eq!((&old["items"][0]["name"], &old["total"]), (&json!("Old"), &json!(1)), "{old}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn material_that_wechat_has_lost_is_handed_up_again_when_it_is_chosen_again() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let file = upload(&hub, "image", "lake.png", png()).await.expect(201);
        let made = add(&hub, &account, &file).await;
        // Somebody deletes it in WeChat's console.
        let keeper = Keeper::new(hub.running.ctx(), first_tenant(&hub).await, account.id.parse().unwrap());
        let media_id = made["material"].as_str().unwrap().to_owned();
        let gone = delete_material::Request { media_id };
        hub.running.ctx().wechat().call_as::<DeleteMaterial>(&keeper, &gone).await.expect("deleted");
        let failed = publish(&hub, &account, button(&made["material"])).await;
        assert_eq!(failed["failed"]["errcode"], 40007, "{failed}");
        let again = add(&hub, &account, &file).await;
        assert_ne!(again["material"], made["material"]);
        let live = publish(&hub, &account, button(&again["material"])).await;
        assert_eq!(live["live"]["buttons"][0]["material"], again["material"], "{live}");
    }
}
