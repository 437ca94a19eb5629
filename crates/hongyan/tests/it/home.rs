//! The home page and the palette's search.

use serde_json::json;

use crate::hub::Hub;

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
