//! The home page and the palette's search.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    broadcasts,
    fan_import::imported,
    hub::{Bound, Hub, PASSWORD},
    ledger::settled,
    team::{Browser, add_person},
};

const HOUR: Duration = Duration::from_secs(3600);

/// What home says of this account under this code.
async fn need(hub: &Hub, account: &Bound, code: &str) -> Option<Value> {
    let home = hub.get("/home").await.expect(200);
    let mut needs = home["needs"].as_array().expect("needs").iter();
    needs.find(|need| need["code"] == code && need["account_id"] == account.id.as_str()).cloned()
}

async fn comes(hub: &Hub, account: &Bound, code: &str) -> Value {
    let need = hub.until(code, async || need(hub, account, code).await).await;
    let of_account = hub.get(&format!("/home?account={}", account.id)).await.expect(200);
    assert!(of_account["needs"].to_string().contains(code), "{of_account}");
    need
}

async fn goes(hub: &Hub, account: &Bound, code: &str) {
    hub.until(&format!("{code} is over"), async || need(hub, account, code).await.is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn home_counts_what_happened_and_says_what_needs_a_person() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fans = hub.fans(&account, 3).await;
        hub.says(&account, &fans[0], "what is this").await;
        hub.fan(&account, &fans[1], "unfollow", json!({})).await;
        let home = hub
            .until("the figures", async || {
                let home = hub.get("/home").await.expect(200);
                let counts = &home["counts"];
                let all = counts["messages_today"] == 1 && counts["lost_today"] == 1 && counts["unmatched"] == 1;
                all.then_some(home)
            })
            .await;
        let trend = home["trend"].as_array().expect("days");
        assert_eq!(trend.len(), 30);
        assert_eq!(
            (&trend[29]["messages"], &trend[29]["lost"], &trend[28]["messages"]),
            (&json!(1), &json!(1), &json!(0))
        );
        let codes: Vec<&str> =
            home["needs"].as_array().expect("needs").iter().filter_map(|need| need["code"].as_str()).collect();
        assert!(codes.contains(&"no_welcome") && codes.contains(&"unmatched"), "{codes:?}");
        assert!(home["recent"][0]["customer"]["display_name"].is_string(), "{home}");

        assert_eq!(home["allowances"], json!([{ "account_id": account.id, "per": "month", "left": 4, "limit": 4 }]));

        let of_account = hub.get(&format!("/home?account={}", account.id)).await.expect(200);
        assert_eq!(of_account["counts"]["messages_today"], 1);
        hub.get("/home?account=1").await.refused(404, "not_found");

        let body = json!({ "trigger": { "kind": "follow" }, "answers": [{ "type": "text", "text": "Welcome aboard" }], "name": "Greeting" });
        let rule = hub.post(&format!("/accounts/{}/replies", account.id), body).await.expect(201);
        let home = hub.get("/home").await.expect(200);
        assert!(!home["needs"].to_string().contains("no_welcome"));

        let found = hub.get("/search?query=harbour").await.expect(200);
        assert_eq!(found["accounts"][0]["id"], account.id.as_str());
        let found = hub.get("/search?query=greet").await.expect(200);
        assert_eq!(found["replies"][0]["id"], rule["id"]);
        let found = hub.get(&format!("/search?query={}", fans[0])).await.expect(200);
        assert_eq!(found["customers"].as_array().expect("customers").len(), 1);
        assert_eq!(
            hub.get("/search?query=100%25").await.expect(200)["replies"],
            json!([]),
            "a percent sign is a percent sign"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_home_says_that_an_account_was_unbound() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
        let home = hub.get("/home").await.expect(200);
        let need = home["needs"]
            .as_array()
            .expect("needs")
            .iter()
            .find(|need| need["account_id"] == account.id.as_str())
            .expect("a need");
        assert_eq!(
            (need["code"].as_str(), need["link"].as_str()),
            (Some("account_unbound"), Some(format!("/accounts/{}", account.id).as_str()))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn home_says_that_no_token_can_be_had_until_wechat_gives_one_again() {
    for hub in Hub::on_each_database().await {
        let (account, well) = (imported(&hub, 1).await, hub.bind_direct().await);
        let openid = hub.openids(&account).await.remove(0);
        // The token is over by then, and the fan can still be spoken to.
        hub.advance(3 * HOUR).await;
        hub.says(&account, &openid, "hello").await;
        assert_eq!(need(&hub, &account, "token_failed").await, None);
        hub.fault("/cgi-bin/stable_token", json!({ "kind": "errcode", "errcode": 40125 }), 1000).await;
        let customer = hub.customer(&openid).await["id"].as_str().expect("an id").to_owned();
        let said = json!({ "account_id": account.id, "content": { "type": "text", "text": "hi" } });
        let send = hub.post(&format!("/customers/{customer}/messages"), said).await.expect(201);
        let failed = comes(&hub, &account, "token_failed").await;
        assert_eq!((&failed["severity"], &failed["params"]["errcode"]), (&json!("error"), &json!(40125)), "{failed}");
        assert_eq!(failed["link"], format!("/accounts/{}", account.id));
        assert_eq!(need(&hub, &well, "token_failed").await, None, "of another account");

        hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        hub.advance(Duration::from_secs(61)).await;
        assert_eq!(settled(&hub, &send).await["state"], "sent");
        goes(&hub, &account, "token_failed").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn home_says_that_an_address_is_not_verified_until_wechat_has_called_it() {
    for hub in Hub::on_each_database().await {
        let made = hub.new_account("service", 0).await;
        let body = json!({ "mode": "direct", "app_id": made["appid"], "app_secret": made["appsecret"], "token": made["token"],
            "encoding_aes_key": made["encoding_aes_key"], "encryption": "safe", "kind": "service", "verify_type": 0, "nick_name": "Pier" });
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let bound = hub.post("/accounts", body).await.expect(201);
        let account = Bound {
            id: text(&bound["id"]),
            app_id: text(&made["appid"]),
            original_id: text(&made["original_id"]),
            token: text(&made["token"]),
            aes_key: text(&made["encoding_aes_key"]),
            callback_url: text(&bound["callback_url"]),
        };
        let unverified = comes(&hub, &account, "callback_unverified").await;
        assert_eq!(
            (&unverified["severity"], &unverified["link"]),
            (&json!("error"), &json!(format!("/accounts/{}", account.id)))
        );
        // Entered at WeChat, which asks it at once.
        let settings = json!({ "mode": "safe", "callback_url": account.callback_url });
        hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), settings).await.expect(200);
        goes(&hub, &account, "callback_unverified").await;
        assert_eq!(need(&hub, &account, "callback_silent").await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn home_says_that_wechat_is_silent_until_it_calls_again() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        hub.says(&account, &fan, "hello").await;
        hub.advance(70 * HOUR).await;
        assert_eq!(need(&hub, &account, "callback_silent").await, None, "not three days yet");
        hub.advance(3 * HOUR).await;
        let silent = comes(&hub, &account, "callback_silent").await;
        let last = silent["params"]["last_callback_at"].as_i64().expect("an instant");
        assert!(last <= hub.clock.now() - 72 * 3_600_000, "{silent}");
        assert_eq!(
            (&silent["severity"], &silent["link"]),
            (&json!("warning"), &json!(format!("/accounts/{}", account.id)))
        );
        hub.says(&account, &fan, "are you there").await;
        goes(&hub, &account, "callback_silent").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_person_is_said_of_each_account_and_leads_to_its_own_list() {
    for hub in Hub::on_each_database().await {
        let accounts = [broadcasts::service(&hub, 3).await, broadcasts::service(&hub, 3).await];
        hub.patch("/tenant", json!({ "approval_above": 2 })).await.expect(200);
        add_person(&hub, "bo@shop.example", "operator").await;
        let bo = Browser::sign_in(&hub, "bo@shop.example", PASSWORD).await.expect("signed in");
        for account in &accounts {
            let path = broadcasts::draft(&hub, broadcasts::text(account, "a", json!({ "type": "all" }))).await;
            broadcasts::check(&hub, &path).await;
            let at = format!("/api/v1{path}/start");
            let begun = bo.call(Method::POST, &at, Some(json!({ "fans": 3 }))).await.expect(200);
            assert_eq!(begun["state"], "awaiting_approval");
        }
        for account in &accounts {
            let waits = need(&hub, account, "broadcasts_approval").await.expect("a need");
            assert_eq!(waits["params"]["count"], 1);
            let link = format!("/broadcasts?standing=awaiting_approval&account={}", account.id);
            assert_eq!(waits["link"], link);
            let home = hub.get(&format!("/home?account={}", account.id)).await.expect(200);
            let needs = home["needs"].as_array().expect("needs").iter();
            let own: Vec<&Value> = needs.filter(|need| need["code"] == "broadcasts_approval").collect();
            assert_eq!(own.len(), 1, "{home}");
            let list =
                hub.get(&format!("/broadcasts?standing=awaiting_approval&account={}", account.id)).await.expect(200);
            assert_eq!(list["items"].as_array().expect("items").len(), 1, "{list}");
        }
    }
}
