//! Menus that only some fans see.

use reqwest::Method;
use serde_json::{Value, json};

use super::{calls, click, menu, on_the_phone, path, publish, settled, small, tap};
use crate::hub::{Bound, Hub};

const ADD: &str = "/cgi-bin/menu/addconditional";
const REMOVE: &str = "/cgi-bin/menu/delconditional";

/// A tag that WeChat has too, on this fan; WeChat's number for it.
async fn tagged(hub: &Hub, account: &Bound, fan: &str, name: &str) -> i64 {
    let body = json!({ "name": name, "mirror_accounts": [account.id] });
    let tag = hub.post("/tags", body).await.expect(201)["id"].as_str().unwrap().to_owned();
    let customer = hub
        .until("the customer", async || {
            let found = hub.get(&format!("/customers?query={fan}")).await.expect(200);
            found["items"][0]["id"].as_str().map(str::to_owned)
        })
        .await;
    hub.put(&format!("/customers/{customer}/tags/{tag}"), json!({})).await.expect(204);
    hub.until("WeChat has the tag on the fan", async || {
        let tags = hub.get(&format!("/accounts/{}/wechat_tags", account.id)).await.expect(200);
        let one = tags["items"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned()?;
        let path = format!("/accounts/{}/fans/{fan}", account.app_id);
        let there = hub.wechat(Method::GET, &path, Value::Null).await.expect(200);
        there["tags"].to_string().contains(&one["wechat_id"].to_string()).then(|| one["wechat_id"].as_i64())?
    })
    .await
}

fn vip(tag: i64, name: &str) -> Value {
    json!({ "name": "For VIPs", "buttons": [click("hours", name, "Always, for you")], "wechat_tag_id": tag })
}

#[tokio::test(flavor = "multi_thread")]
async fn fans_with_a_tag_see_a_menu_of_their_own_until_it_is_taken_away() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fans = hub.fans(&account, 2).await;
        for fan in &fans {
            hub.says(&account, fan, "hello").await;
        }
        let tag = tagged(&hub, &account, &fans[0], "VIP").await;
        let add = format!("{}/conditional", path(&account));
        hub.post(&add, vip(tag, "VIP")).await.refused(409, "menu_no_default");
        publish(&hub, &account, small()).await;
        let refused = hub.post(&add, json!({ "name": "", "buttons": [] })).await.refused(422, "invalid");
        assert_eq!(refused["errors"].as_array().unwrap().len(), 3, "{refused}");
        hub.post(&add, vip(999, "VIP")).await.refused(422, "invalid");

        hub.fault(ADD, json!({ "kind": "drop_after" }), 1).await;
        hub.post(&add, vip(tag, "VIP")).await.expect(202);
        let live = settled(&hub, &account).await;
        assert_eq!(live["conditional"][0]["state"], "live", "{live}");
        assert_eq!(calls(&hub, ADD).await, (1, 1), "a lost answer makes no second menu");
        assert_eq!(on_the_phone(&hub, &account, &fans[0]).await[0]["name"], "VIP");
        assert_eq!(on_the_phone(&hub, &account, &fans[1]).await[0]["name"], "Hours");
        assert_eq!(tap(&hub, &account, &fans[0], json!([0])).await["answer"]["text"], "Always, for you");
        assert_eq!(tap(&hub, &account, &fans[1], json!([0])).await["answer"]["text"], "9 to 9");
        let report = hub.get(&format!("{}/taps", path(&account))).await.expect(200);
        assert_eq!(report["buttons"].as_array().unwrap().len(), 2, "the two are counted apart: {report}");

        let see = async |fan: &str| {
            let customer = hub.customer(fan).await;
            hub.post(&format!("{}/see_as", path(&account)), json!({ "customer_id": customer["id"] })).await.expect(200)
        };
        let (some, all) = (see(&fans[0]).await, see(&fans[1]).await);
        assert_eq!((&some["conditional_id"], &some["is_default"]), (&live["conditional"][0]["id"], &json!(false)));
        assert_eq!((&all["conditional_id"], &all["is_default"]), (&Value::Null, &json!(true)));
        assert_eq!((&some["buttons"][0]["name"], &all["buttons"][0]["name"]), (&json!("VIP"), &json!("Hours")));

        // The newest that fits is shown.
        hub.post(&add, vip(tag, "Gold")).await.expect(202);
        let two = settled(&hub, &account).await;
        let names: Vec<&Value> =
            two["conditional"].as_array().unwrap().iter().map(|one| &one["buttons"][0]["name"]).collect();
        assert_eq!(names, ["Gold", "VIP"]);
        assert_eq!(on_the_phone(&hub, &account, &fans[0]).await[0]["name"], "Gold");
        hub.fault(REMOVE, json!({ "kind": "drop_after" }), 1).await;
        let gold = two["conditional"][0]["id"].as_str().unwrap();
        hub.delete(&format!("{add}/{gold}")).await.expect(202);
        let one = settled(&hub, &account).await;
        assert_eq!(one["conditional"].as_array().unwrap().len(), 1, "{one}");
        assert_eq!(on_the_phone(&hub, &account, &fans[0]).await[0]["name"], "VIP");

        // Deleting the menu takes all of them away, here as there.
        hub.delete(&path(&account)).await.expect(202);
        settled(&hub, &account).await;
        assert_eq!(menu(&hub, &account).await["conditional"], json!([]));
        let elsewhere = hub.bind_direct().await;
        let stranger = json!({ "customer_id": hub.customer(&fans[0]).await["id"] });
        hub.post(&format!("{}/see_as", path(&elsewhere)), stranger).await.refused(409, "not_a_fan");
    }
}
