//! A clock that is not WeChat's.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    broadcasts::{becomes, draft, service, text},
    hub::Hub,
};

/// What home says of the clock.
async fn said(hub: &Hub) -> Vec<(String, i64)> {
    let home = hub.get("/home").await.expect(200);
    let needs = home["needs"].as_array().expect("needs").iter();
    let of_clock = needs.filter(|need| need["code"].as_str().is_some_and(|code| code.starts_with("clock_")));
    of_clock
        .map(|need| (need["code"].as_str().unwrap().to_owned(), need["params"]["minutes"].as_i64().unwrap()))
        .collect()
}

/// WeChat's clock alone goes on.
async fn wechat_goes_on(hub: &Hub, seconds: u64) {
    hub.wechat(Method::POST, "/clock", json!({ "advance_seconds": seconds })).await.expect(200);
}

async fn ask_twice(hub: &Hub) {
    for _ in 0..2 {
        hub.running.ctx().wechat().ask_the_time().await.expect("an answer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p21_by_a_clock_that_is_five_minutes_off_nothing_begins_and_home_says_so() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 2).await;
        assert!(said(&hub).await.is_empty());
        let path = draft(&hub, text(&account, "noon", json!({ "type": "all" }))).await;
        let at = hub.running.ctx().now() + 300_000;
        hub.post(&format!("{path}/start"), json!({ "fans": 2, "at": at })).await.expect(200);

        // Ours runs six minutes and a half ahead. By ours it is time; by WeChat's it is not.
        hub.clock.advance(Duration::from_secs(390));
        assert_eq!(said(&hub).await, [("clock_wrong".to_owned(), 6)], "before WeChat was heard again");
        ask_twice(&hub).await;
        assert_eq!(said(&hub).await, [("clock_wrong".to_owned(), 6)]);
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(hub.get(&path).await.expect(200)["state"], "scheduled");
        let journal = hub.wechat(Method::GET, "/journal?key=/cgi-bin/message/mass/sendall", Value::Null).await;
        assert_eq!(journal.expect(200)["items"], json!([]));

        // Somebody sets it right, but for a minute and a half.
        wechat_goes_on(&hub, 300).await;
        kit::clock::look_again(hub.running.ctx()).await;
        assert_eq!(said(&hub).await, [("clock_off".to_owned(), 1)]);
        becomes(&hub, &path, "done").await;
        wechat_goes_on(&hub, 90).await;
        kit::clock::look_again(hub.running.ctx()).await;
        assert!(said(&hub).await.is_empty());

        // What WeChat calls now is too old by ours, and is taken all the same.
        hub.clock.advance(Duration::from_secs(20 * 60));
        let openid = hub.openids(&account).await.remove(0);
        hub.says(&account, &openid, "在吗").await;
        let customer = hub.customer(&openid).await["id"].as_str().unwrap().to_owned();
        let story = hub.get(&format!("/customers/{customer}/timeline?kind=message_in")).await.expect(200);
        assert_eq!(story["items"][0]["properties"]["text"], "在吗");
    }
}
