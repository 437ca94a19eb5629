//! Broadcasts as people use them: by list, tag and to all; files; a second person; variants; previews.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::{
    ALL, HOUR, LIST, SECOND, adds_up, at_wechat, becomes, check, codes, draft, made, path, send, service, start,
    subscription, text, to,
};
use crate::{
    hub::{Hub, PASSWORD, Said},
    team::{Browser, add_person},
};

#[tokio::test(flavor = "multi_thread")]
async fn r21_a_broadcast_goes_to_all_to_a_tag_of_wechats_and_to_a_list() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 6).await;
        let openids = hub.openids(&account).await;
        let to_all = send(&hub, text(&account, "to all", json!({ "type": "all" }))).await;
        assert_eq!((&to_all["parts"][0]["way"], &to_all["counts"]["sent"]), (&json!("all"), &json!(6)));
        hub.advance(2 * SECOND).await;

        // Ours alone goes by a list; what WeChat has too goes as its tag.
        let ids: Vec<Value> = {
            let mut ids = Vec::new();
            for openid in &openids[..3] {
                ids.push(hub.customer(openid).await["id"].clone());
            }
            ids
        };
        for (name, mirror, way) in [("ours", json!([]), "list"), ("both", json!([account.id]), "tag")] {
            let tag = hub.post("/tags", json!({ "name": name, "mirror_accounts": mirror })).await.expect(201);
            let tag = tag["id"].as_str().unwrap().to_owned();
            for id in &ids {
                hub.put(&format!("/customers/{}/tags/{tag}", id.as_str().unwrap()), json!({})).await.expect(204);
            }
            let body = text(&account, name, json!({ "type": "tags", "tag_ids": [tag] }));
            let path = draft(&hub, body).await;
            if way == "tag" {
                hub.until("WeChat has the tag, and its fans", async || {
                    let fans = format!("/accounts/{}/fans?limit=200", account.app_id);
                    let fans = hub.wechat(Method::GET, &fans, Value::Null).await.expect(200);
                    let tagged =
                        fans["items"].as_array().unwrap().iter().filter(|fan| fan["tags"] != json!([])).count();
                    let known = check(&hub, &path).await;
                    (known["way"] == "tag" && tagged == 3).then_some(())
                })
                .await;
            }
            start(&hub, &path).await;
            let done = becomes(&hub, &path, "done").await;
            adds_up(&done);
            assert_eq!((&done["parts"][0]["way"], &done["counts"]["sent"]), (&json!(way), &json!(3)), "{done}");
            hub.advance(2 * SECOND).await;
        }
        let customers = send(&hub, text(&account, "some", json!({ "type": "customers", "customer_ids": ids }))).await;
        assert_eq!(customers["counts"]["sent"], 3);
        // What one sees at WeChat is what one sees here.
        let ways: Vec<String> =
            at_wechat(&hub, &account).await.iter().map(|job| job["audience"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ways, ["list", "tag", "list", "all"]);
        let all = draft(&hub, text(&account, "next", json!({ "type": "all" }))).await;
        super::counted(&hub, &all, &[0, 3, 0, 0, 3]).await;
        let list = hub.get(&format!("/broadcasts?account={}&state=done", account.id)).await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 4);
        assert!(list["items"][0].get("parts").is_none());
    }
}

async fn upload(hub: &Hub, kind: &str, name: &str, bytes: &[u8]) -> Value {
    let form =
        Form::new().text("kind", kind.to_owned()).part("file", Part::bytes(bytes.to_vec()).file_name(name.to_owned()));
    let request = hub.http.post(format!("{}/api/v1/media", hub.url)).bearer_auth(&hub.key).multipart(form);
    Said::of(request.send().await.expect("an answer")).await.expect(201)["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_pictures_and_films_are_handed_up_and_a_film_can_be_taken_offline_again() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let picture = upload(&hub, "image", "p.png", b"\x89PNG\r\n\x1a\n0000").await;
        let mut body = text(&account, "pictures", json!({ "type": "all" }));
        body["contents"] =
            json!([{ "type": "images", "media_ids": [picture, picture], "recommend": "看看", "comments": "fans" }]);
        let done = send(&hub, body).await;
        assert_eq!(done["counts"]["sent"], 3);
        hub.post(&format!("{}/withdraw", path(&done)), json!({})).await.refused(409, "cannot_be_withdrawn");
        hub.advance(2 * SECOND).await;
        let film = upload(&hub, "video", "v.mp4", b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2").await;
        let mut body = text(&account, "film", json!({ "type": "all" }));
        body["contents"] = json!([{ "type": "video", "media_id": film, "title": "港口", "description": "早晨" }]);
        let done = send(&hub, body).await;
        let gone = hub.post(&format!("{}/withdraw", path(&done)), json!({})).await.expect(200);
        assert_eq!((&gone["parts"][0]["state"], &gone["counts"]["sent"]), (&json!("withdrawn"), &json!(3)));
        assert_eq!(at_wechat(&hub, &account).await[0]["state"], "deleted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_shown_to_one_fan_and_counts_in_no_allowance() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let openids = hub.openids(&account).await;
        let path = draft(&hub, text(&account, "look at this", json!({ "type": "all" }))).await;
        let customer = hub.customer(&openids[1]).await["id"].clone();
        for body in [json!({ "openid": openids[0] }), json!({ "customer_id": customer })] {
            hub.post(&format!("{path}/preview"), body).await.expect(200);
        }
        for openid in &openids[..2] {
            let chat = hub.chat(&account, openid).await;
            assert!(chat.iter().any(|(_, _, text)| text == "look at this"), "{chat:?}");
        }
        hub.post(&format!("{path}/preview"), json!({})).await.refused(422, "invalid");
        hub.post(&format!("{path}/preview"), json!({ "wechat_id": "nobody" })).await.refused(502, "wechat_refused");
        assert_eq!(super::used(&check(&hub, &path).await), [3, 0, 0, 0, 0]);
        assert_eq!(hub.get(&path).await.expect(200)["state"], "draft");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn above_the_companys_limit_a_second_person_agrees_and_no_key_does() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        assert_eq!(hub.get("/tenant").await.expect(200)["approval_above"], Value::Null);
        hub.patch("/tenant", json!({ "approval_above": 2 })).await.expect(200);
        add_person(&hub, "bo@shop.example", "operator").await;
        add_person(&hub, "cy@shop.example", "operator").await;
        let bo = Browser::sign_in(&hub, "bo@shop.example", PASSWORD).await.expect("signed in");
        let cy = Browser::sign_in(&hub, "cy@shop.example", PASSWORD).await.expect("signed in");
        let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
        let known = check(&hub, &path).await;
        assert_eq!((&known["needs_approval"], &known["approval_above"]), (&json!(true), &json!(2)));
        let at = format!("/api/v1{path}");
        let begun = bo.call(Method::POST, &format!("{at}/start"), Some(json!({ "fans": 3 }))).await.expect(200);
        assert_eq!((&begun["state"], &begun["may_approve"]), (&json!("awaiting_approval"), &json!(false)));
        bo.call(Method::POST, &format!("{at}/approve"), None).await.refused(409, "approval_by_another");
        hub.post(&format!("{path}/approve"), json!({})).await.refused(409, "approval_by_another");
        assert_eq!(made(&hub, ALL).await.0, 0);
        let seen = cy.call(Method::GET, &at, None).await.expect(200);
        assert_eq!(seen["may_approve"], true);
        cy.call(Method::POST, &format!("{at}/approve"), None).await.expect(200);
        let done = becomes(&hub, &path, "done").await;
        assert_eq!((&done["counts"]["sent"], done["approved_by"].is_string()), (&json!(3), true));
        // Two are below the limit; null takes it away.
        hub.advance(2 * SECOND).await;
        let openids = hub.openids(&account).await;
        send(&hub, text(&account, "few", to(&openids[..2]))).await;
        hub.patch("/tenant", json!({ "approval_above": null })).await.expect(200);
        assert_eq!(hub.get("/tenant").await.expect(200)["approval_above"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_variant_that_is_answered_more_goes_to_the_rest_and_those_held_out_get_nothing() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 60).await;
        let body = json!({ "account_id": account.id, "name": "which", "audience": { "type": "all" },
            "contents": [{ "type": "text", "text": "variant A" }, { "type": "text", "text": "variant B" }],
            "test": { "share": 30, "hold_out": 10, "hours": 4, "by": "replies" } });
        let path = draft(&hub, body).await;
        start(&hub, &path).await;
        let testing = becomes(&hub, &path, "testing").await;
        adds_up(&testing);
        let mut tried = 0;
        for openid in hub.openids(&account).await {
            let chat = hub.chat(&account, &openid).await;
            let got: Vec<&str> =
                chat.iter().map(|(_, _, text)| text.as_str()).filter(|text| text.starts_with("variant")).collect();
            assert!(got.len() <= 1, "{got:?}");
            tried += got.len();
            if got == ["variant B"] {
                hub.says(&account, &openid, "tell me more").await;
            }
        }
        hub.until("the replies are counted", async || {
            let now = hub.get(&path).await.expect(200);
            (now["variants"][1]["replies"] == now["variants"][1]["fans"]).then_some(())
        })
        .await;
        let known = hub.get(&path).await.expect(200);
        assert_eq!(known["variants"][0]["replies"], 0, "{known}");
        // Beside those who got nothing, of whom nobody wrote; B is clearly above them, A is not.
        let held_out = &known["held_out"];
        assert_eq!((&held_out["fans"], &held_out["replies"]), (&known["counts"]["held_out"], &json!(0)), "{known}");
        let (a, b) = (&known["variants"][0], &known["variants"][1]);
        assert_eq!((&b["share"]["value"], &b["share"]["high"]), (&json!(1.0), &json!(1.0)), "{b}");
        assert!(b["share"]["low"].as_f64().unwrap() > 0.7, "{b}");
        assert_eq!((&b["difference"]["value"], &b["difference"]["clear"]), (&json!(1.0), &json!(true)), "{b}");
        assert_eq!((&a["difference"]["value"], &a["difference"]["clear"]), (&json!(0.0), &json!(false)), "{a}");
        hub.advance(4 * HOUR + SECOND).await;
        let done = becomes(&hub, &path, "done").await;
        adds_up(&done);
        assert_eq!(done["winner"], 1);
        let held_out = done["counts"]["held_out"].as_i64().unwrap();
        assert_eq!(done["counts"]["sent"], 60 - held_out, "{done}");
        assert_eq!(made(&hub, LIST).await, (3, 3));
        let mut none = 0;
        let mut a = 0;
        for openid in hub.openids(&account).await {
            let chat = hub.chat(&account, &openid).await;
            let got: Vec<&str> =
                chat.iter().map(|(_, _, text)| text.as_str()).filter(|text| text.starts_with("variant")).collect();
            assert!(got.len() <= 1, "{got:?}");
            none += i64::from(got.is_empty());
            a += usize::from(got == ["variant A"]);
        }
        assert_eq!(none, held_out);
        assert!(a < tried, "the rest got the other one");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_a_trial_is_for_are_counted_and_without_anybody_held_out_the_first_is_the_measure() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 60).await;
        let all = hub.openids(&account).await;
        let body = json!({ "account_id": account.id, "name": "some", "audience": to(&all[..40]),
            "contents": [{ "type": "text", "text": "variant A" }, { "type": "text", "text": "variant B" }],
            "test": { "share": 30, "hold_out": 0, "hours": 4, "by": "replies" } });
        let path = draft(&hub, body).await;
        start(&hub, &path).await;
        becomes(&hub, &path, "testing").await;
        // One of those who got something, and everybody whom it is not for.
        for openid in &all[..40] {
            if hub.chat(&account, openid).await.iter().any(|(_, _, text)| text.starts_with("variant")) {
                hub.says(&account, openid, "hello").await;
                break;
            }
        }
        for openid in &all[40..] {
            hub.says(&account, openid, "hello").await;
        }
        let replies = |now: &Value| -> i64 { (0..2).map(|n| now["variants"][n]["replies"].as_i64().unwrap()).sum() };
        let known = hub
            .until("the reply is counted", async || {
                let now = hub.get(&path).await.expect(200);
                (replies(&now) > 0).then_some(now)
            })
            .await;
        assert_eq!(replies(&known), 1, "{known}");
        assert_eq!(known.get("held_out"), None, "{known}");
        assert_eq!(known["variants"][0]["difference"], Value::Null);
        assert_eq!(known["variants"][1]["difference"]["clear"], false, "{known}");
        hub.advance(4 * HOUR + SECOND).await;
        becomes(&hub, &path, "done").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_may_choose_the_winner_and_a_draft_is_written_by_one_at_a_time() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 40).await;
        let body = json!({ "account_id": account.id, "name": "which", "audience": { "type": "all" },
            "contents": [{ "type": "text", "text": "A" }, { "type": "text", "text": "B" }],
            "test": { "share": 25, "hold_out": 0, "hours": 48, "by": "replies" } });
        let made = hub.post("/broadcasts", body.clone()).await.expect(201);
        let at = path(&made);
        let mut change = body;
        change["name"] = "changed".into();
        change["version"] = made["version"].clone();
        let changed = hub.put(&at, change.clone()).await.expect(200);
        assert_eq!(changed["name"], "changed");
        hub.put(&at, change).await.refused(409, "broadcast_changed");
        let other = draft(&hub, text(&account, "gone", json!({ "type": "all" }))).await;
        hub.delete(&other).await.expect(204);
        hub.get(&other).await.refused(404, "not_found");

        start(&hub, &at).await;
        hub.delete(&at).await.refused(409, "broadcast_not_draft");
        hub.post(&format!("{at}/winner"), json!({ "variant": 7 })).await.refused(422, "invalid");
        becomes(&hub, &at, "testing").await;
        hub.post(&format!("{at}/winner"), json!({ "variant": 0 })).await.expect(200);
        let done = becomes(&hub, &at, "done").await;
        adds_up(&done);
        assert_eq!((&done["winner"], &done["counts"]["sent"]), (&json!(0), &json!(40)), "{done}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_in_both_languages_what_is_wrong_and_where() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let openids = hub.openids(&account).await;
        let mut body = text(&account, "a", to(&openids[..1]));
        body["contents"] = json!([{ "type": "text", "text": "汉".repeat(700) }]);
        let path = draft(&hub, body).await;
        let known = check(&hub, &path).await;
        assert!(codes(&known).contains(&"text_too_long") && codes(&known).contains(&"too_few"), "{known}");
        let finding = &known["findings"][0];
        assert_eq!((&finding["field"], &finding["severity"]), (&json!("contents[0].text"), &json!("error")));
        assert!(finding["words"]["zh-CN"].is_string() && finding["words"]["en-US"].is_string());
        hub.post(&format!("{path}/start"), json!({ "fans": 1 })).await.refused(409, "broadcast_not_ready");
        let mut body = text(&account, "nothing", json!({ "type": "all" }));
        body["contents"] = json!([]);
        hub.post("/broadcasts", body).await.refused(422, "invalid");
        let mut body = text(&account, "missing", json!({ "type": "all" }));
        body["contents"] = json!([{ "type": "voice", "media_id": "1" }]);
        let known = check(&hub, &draft(&hub, body).await).await;
        assert!(codes(&known).contains(&"file_missing"), "{known}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_an_article_leaves_the_draft_box_with_its_broadcast_is_read_and_can_be_taken_offline() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let openids = hub.openids(&account).await;
        let unsaved = super::article(&hub, &account.id, "draft only", None).await;
        let body = |article: &str, audience: Value| json!({ "account_id": account.id, "name": "news", "audience": audience, "contents": [{ "type": "article", "article_id": article }] });
        let known = check(&hub, &draft(&hub, body(&unsaved, json!({ "type": "all" }))).await).await;
        assert!(codes(&known).contains(&"article_not_saved"), "{known}");

        let article = super::saved_article(&hub, &account, "港口的早晨").await;
        let done = send(&hub, body(&article, to(&openids))).await;
        let part = &done["parts"][0];
        assert_eq!((&part["state"], &done["counts"]["sent"]), (&json!("sent"), &json!(3)), "{done}");
        let url = part["urls"][0].as_str().expect("a page").to_owned();
        // WeChat's draft is used up, and the check says so.
        let known = check(&hub, &draft(&hub, body(&article, json!({ "type": "all" }))).await).await;
        assert!(codes(&known).contains(&"article_gone"), "{known}");

        let read = json!({ "url": url, "reading": { "source": 0 } });
        let person = hub
            .wechat(Method::GET, &format!("/accounts/{}/fans?limit=200", account.app_id), Value::Null)
            .await
            .expect(200);
        let n = person["items"][0]["person"].clone();
        hub.wechat(Method::POST, &format!("/people/{n}/article"), read).await;
        let at = path(&done);
        assert_eq!(hub.get(&format!("{at}/stats")).await.expect(200)["articles"], json!([]));
        hub.advance(35 * HOUR).await;
        let stats = hub.post(&format!("{at}/stats/fetch"), json!({})).await.expect(200);
        assert_eq!(
            (&stats["articles"][0]["index"], &stats["articles"][0]["title"]),
            (&json!(1), &json!("港口的早晨")),
            "{stats}"
        );
        assert_eq!(stats["articles"][0]["days"][0]["target"], 3, "{stats}");
        assert_eq!(hub.get(&format!("{at}/stats")).await.expect(200)["articles"], stats["articles"]);

        let gone = hub.post(&format!("{at}/withdraw"), json!({})).await.expect(200);
        assert_eq!(gone["parts"][0]["state"], "withdrawn");
        assert_eq!(at_wechat(&hub, &account).await[0]["articles"][0]["deleted"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_account_has_blacklisted_wechat_leaves_out_and_the_check_knows_it() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 6).await;
        let openids = hub.openids(&account).await;
        let block = async |account: &str, openid: &str| {
            hub.put(&format!("/accounts/{account}/blacklist/{openid}"), json!({})).await.expect(204);
        };
        block(&account.id, &openids[0]).await;
        block(&account.id, &openids[1]).await;
        // One of them wants none either: a list does not name them.
        let customer = hub.customer(&openids[1]).await["id"].as_str().unwrap().to_owned();
        hub.post(&format!("/customers/{customer}/opt_outs"), json!({ "way": "broadcast" })).await.expect(201);
        let numbers =
            |known: &Value| ["fans", "blocked", "opted_out", "reached"].map(|name| known[name].as_i64().unwrap());

        let all = text(&account, "to all", json!({ "type": "all" }));
        let known = check(&hub, &draft(&hub, all.clone()).await).await;
        assert_eq!(numbers(&known), [6, 2, 0, 4], "{known}");
        assert!(codes(&known).contains(&"blocked"), "{known}");
        let done = send(&hub, all.clone()).await;
        assert_eq!((&done["counts"]["sent"], &done["counts"]["filtered"]), (&json!(4), &json!(2)), "{done}");
        hub.advance(2 * SECOND).await;

        let list = text(&account, "to a list", to(&openids));
        let known = check(&hub, &draft(&hub, list.clone()).await).await;
        assert_eq!(numbers(&known), [5, 1, 1, 4], "{known}");
        let done = send(&hub, list).await;
        assert_eq!((&done["counts"]["sent"], &done["counts"]["filtered"]), (&json!(4), &json!(1)), "{done}");

        block(&account.id, &openids[2]).await;
        let nobody = text(&account, "to nobody", to(&[openids[0].clone(), openids[2].clone()]));
        let nobody = draft(&hub, nobody).await;
        let known = check(&hub, &nobody).await;
        assert_eq!((codes(&known)[0], numbers(&known)), ("nobody_left", [2, 2, 0, 0]), "{known}");
        hub.delete(&format!("/accounts/{}/blacklist/{}", account.id, openids[0])).await.expect(204);
        assert_eq!(numbers(&check(&hub, &nobody).await), [2, 1, 0, 1]);

        let account = subscription(&hub, 3).await;
        block(&account.id, &hub.openids(&account).await[0]).await;
        let all = text(&account, "to all", json!({ "type": "all" }));
        assert_eq!(numbers(&check(&hub, &draft(&hub, all).await).await), [3, 1, 0, 2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_an_article_are_looked_at_before_it_goes_out() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let items = json!([
            { "title": "港口的早晨", "html": "<p>鱼市</p><p>集</p><p>赞美</p>" },
            { "title": "稳赚", "digest": "互粉", "html": "<section>转发<strong>有奖</strong>，{{customer.name}}</section>" },
        ]);
        let article = hub.post("/articles", json!({ "account_id": account.id, "items": items })).await.expect(201);
        let body = json!({ "account_id": account.id, "name": "news", "audience": { "type": "all" },
            "contents": [{ "type": "article", "article_id": article["id"] }] });
        let known = check(&hub, &draft(&hub, body).await).await;
        let findings = known["findings"].as_array().unwrap();
        let of = |code: &str| findings.iter().filter(|one| one["code"] == code).collect::<Vec<_>>();
        let found = of("punished_words");
        assert_eq!(found.len(), 1, "{known}");
        assert_eq!(
            (&found[0]["field"], &found[0]["severity"]),
            (&json!("contents[0].article_id"), &json!("warning")),
            "{known}"
        );
        assert_eq!(found[0]["words"]["zh-CN"], "第 2 篇含有微信可能判为诱导或广告的词：转发有奖、稳赚、互粉");
        assert!(found[0]["words"]["en-US"].as_str().unwrap().starts_with("Article 2: Holds "), "{known}");
        assert_eq!(of("text_places").len(), 1, "{known}");
        assert_eq!(of("article_not_saved").len(), 1, "{known}");
    }
}
