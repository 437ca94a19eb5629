//! Taps and visits: what the timeline says, and what is counted.

use std::time::Duration;

use serde_json::{Value, json};

use super::{click, on_the_phone, path, publish, tap, view, visitor};
use crate::hub::Hub;

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_is_answered_by_its_button_named_on_the_timeline_and_counted_as_wechat_pushed_it() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fans = hub.fans(&account, 3).await;
        let more = json!({ "id": "more", "name": "More", "buttons": [
            view("shop", "Shop", "https://shop.example/a?b=c"), { "id": "where", "name": "Where", "type": "location_select",
                "answer": { "type": "text", "text": "Around the corner" } }] });
        let first = publish(&hub, &account, json!([click("hours", "Hours", "9 to 9"), more])).await;
        // A reply to everything does not take the word from a button.
        let default = json!({ "trigger": { "kind": "default" }, "answers": [{ "type": "text", "text": "default" }] });
        hub.post(&format!("/accounts/{}/replies", account.id), default).await.expect(201);

        for fan in &fans {
            let came = tap(&hub, &account, fan, json!([0])).await;
            assert_eq!((&came["outcome"], &came["answer"]["text"]), (&json!("answered"), &json!("9 to 9")), "{came}");
        }
        let came = tap(&hub, &account, &fans[0], json!([1, 0])).await;
        assert_eq!(came["outcome"], "silent", "the fan has left for the page: {came}");
        let came = tap(&hub, &account, &fans[1], json!([1, 1])).await;
        assert_eq!(came["answer"]["text"], "Around the corner", "{came}");
        let second = publish(&hub, &account, json!([click("hours", "Times", "8 to 8")])).await;
        // In another second: WeChat tells two taps of one fan apart by it.
        hub.advance(Duration::from_secs(2)).await;
        assert_eq!(tap(&hub, &account, &fans[2], json!([0])).await["answer"]["text"], "8 to 8");

        let taps: Vec<Value> =
            hub.story(&fans[0]).await.into_iter().filter(|event| event["kind"] == "menu_tap").collect();
        let named = |tap: &Value| (tap["properties"]["name"].clone(), tap["properties"]["button"].clone());
        let told: Vec<_> = taps.iter().map(named).collect();
        assert_eq!(told.len(), 2, "{taps:?}");
        assert!(told.contains(&(json!("Hours"), json!("hours"))) && told.contains(&(json!("Shop"), json!("shop"))));

        let report = hub.get(&format!("{}/taps", path(&account))).await.expect(200);
        let of = |id: &str| {
            report["buttons"].as_array().unwrap().iter().find(|button| button["button"] == id).cloned().unwrap()
        };
        let pushed = |what: &str| {
            let mine = |push: &&wechat_sandbox::PushRecord| push.appid == account.app_id && push.what == what;
            hub.sandbox.pushes().iter().filter(mine).filter(|push| push.attempt == 1).count() as i64
        };
        let (clicks, views) = (pushed("CLICK"), pushed("VIEW"));
        assert_eq!((clicks, views), (4, 1), "what WeChat says it pushed");
        assert_eq!(
            (of("hours")["taps"].as_i64(), of("shop")["taps"].as_i64()),
            (Some(clicks), Some(views)),
            "{report}"
        );
        assert_eq!((of("where")["taps"].as_i64(), report["taps"].as_i64()), (Some(1), Some(clicks + views + 1)));
        assert_eq!(of("hours")["name"], "Times", "as it was called last");
        assert_eq!(report["days"].as_array().unwrap().len(), 30);
        assert_eq!(of("hours")["by_day"].as_array().unwrap().last(), Some(&json!(4)));
        let by_version = of("hours")["by_version"].clone();
        let of_version = |id: &Value| {
            let all = by_version.as_array().unwrap();
            all.iter().find(|one| one["version_id"] == *id).map(|one| one["taps"].clone())
        };
        assert_eq!(of_version(&first["live"]["id"]), Some(json!(3)), "{by_version}");
        assert_eq!(of_version(&second["live"]["id"]), Some(json!(1)), "{by_version}");

        // The same once the follower of the log has counted, and again: nothing is counted twice.
        hub.advance(Duration::from_secs(11)).await;
        for _ in 0..2 {
            entities::events::follow_all(hub.running.ctx()).await.unwrap();
            let counted = hub.get(&format!("{}/taps", path(&account))).await.expect(200);
            assert_eq!(counted["buttons"], report["buttons"]);
        }
        let day = report["days"][29].as_str().unwrap();
        let none = hub.get(&format!("{}/taps?from=2020-01-01&to=2020-01-02", path(&account))).await.expect(200);
        assert_eq!((&none["taps"], none["days"].as_array().unwrap().len()), (&json!(0), 2));
        let today = hub.get(&format!("{}/taps?from={day}&to={day}", path(&account))).await.expect(200);
        assert_eq!(today["taps"], report["taps"]);
        hub.get(&format!("{}/taps?from={day}&to=2020-01-02", path(&account))).await.refused(422, "invalid");
        hub.get(&format!("{}/taps?from=yesterday", path(&account))).await.refused(422, "invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p28_a_counted_link_leads_only_where_its_author_pointed_it() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let target = "https://shop.example/autumn?a=1&b=%E9%B1%BC#top";
        let counted =
            |url: &str| json!([{ "id": "shop", "name": "Shop", "type": "view", "url": url, "count_visits": true }]);
        // Nothing but the web, and nothing that could become a header of its own.
        for bad in [
            "javascript:alert(1)",
            "ftp://shop.example/",
            "https://shop.example/\r\nSet-Cookie: a=b",
            "//shop.example",
            "https://",
        ] {
            let revision = super::draft(&hub, &account, counted(bad)).await;
            hub.post(&format!("{}/publish", path(&account)), json!({ "revision": revision }))
                .await
                .refused(422, "invalid");
        }
        publish(&hub, &account, counted(target)).await;
        let link = on_the_phone(&hub, &account, &fan).await[0]["url"].as_str().unwrap().to_owned();
        assert!(link.starts_with(&format!("{}/r/", hub.url)) && !link.contains("shop.example"), "{link}");

        let visitor = visitor();
        for asked in [link.clone(), format!("{link}?url=https://evil.example/&x=%0d%0aSet-Cookie:a=b")] {
            let answer = visitor.get(asked).send().await.unwrap();
            assert_eq!(answer.status(), 302);
            assert_eq!(answer.headers()["location"], target);
            assert!(answer.headers().get("set-cookie").is_none());
        }
        assert_eq!(visitor.head(&link).send().await.unwrap().status(), 302, "looking ahead is not a visit");
        for unknown in
            ["x", "AAAAAAAAAAAAAAAAAAAAAA", "..%2f..", &"a".repeat(200), "%0d%0aLocation:%20https:%2f%2fevil.example"]
        {
            let answer = visitor.get(format!("{}/r/{unknown}", hub.url)).send().await.unwrap();
            assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (404, None), "{unknown}");
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "a page: {unknown}");
        }

        // The tap itself names the fan; the link counts who came by.
        let pushed = tap(&hub, &account, &fan, json!([0])).await;
        assert_eq!(pushed["outcome"], "silent");
        let story = hub.story(&fan).await;
        let tapped = story.iter().find(|event| event["kind"] == "menu_tap").unwrap();
        assert_eq!((&tapped["properties"]["name"], &tapped["properties"]["url"]), (&json!("Shop"), &json!(target)));
        let report = hub.get(&format!("{}/taps", path(&account))).await.expect(200);
        assert_eq!((&report["taps"], &report["visits"]), (&json!(1), &json!(2)), "{report}");

        // Another target gets another link; the old one, which phones still show, leads where it led.
        publish(&hub, &account, counted("https://shop.example/winter")).await;
        let new = on_the_phone(&hub, &account, &fan).await[0]["url"].as_str().unwrap().to_owned();
        assert_ne!(new, link);
        let leads = async |link: &str| visitor.get(link).send().await.unwrap().headers()["location"].clone();
        assert_eq!(
            (leads(&link).await, leads(&new).await),
            (target.parse().unwrap(), "https://shop.example/winter".parse().unwrap())
        );
        publish(&hub, &account, counted(target)).await;
        assert_eq!(on_the_phone(&hub, &account, &fan).await[0]["url"], link.as_str(), "the same target, the same link");
    }
}
