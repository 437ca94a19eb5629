//! The allowance: a service account's fans get four a month each, a subscription account has one a day (R1, R8).

use serde_json::json;

use super::{
    ALL, HOUR, SECOND, at_wechat, check, codes, counted, draft, mass, send, service, subscription, text, to, used,
};
use crate::hub::Hub;

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_fan_of_a_service_account_gets_four_in_a_month_of_shanghai_and_the_check_knows_who_has_had_them() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 5).await;
        let openids = hub.openids(&account).await;
        let all = draft(&hub, text(&account, "to all", json!({ "type": "all" }))).await;
        assert_eq!(used(&check(&hub, &all).await), [5, 0, 0, 0, 0]);
        for n in 1..=4 {
            let done = send(&hub, text(&account, &format!("list {n}"), to(&openids[..2]))).await;
            assert_eq!((&done["counts"]["sent"], &done["counts"]["filtered"]), (&json!(2), &json!(0)), "{done}");
            hub.advance(2 * SECOND).await;
        }
        let known = counted(&hub, &all, &[3, 0, 0, 0, 2]).await;
        assert_eq!(
            (&known["fans"], &known["filtered"], &known["reached"], &known["way"]),
            (&json!(5), &json!(2), &json!(3), &json!("all"))
        );
        assert!(codes(&known).contains(&"filtered"), "{known}");
        // WeChat leaves out as many as we said.
        let done = send(&hub, text(&account, "to all", json!({ "type": "all" }))).await;
        assert_eq!((&done["counts"]["sent"], &done["counts"]["filtered"]), (&json!(3), &json!(2)), "{done}");
        assert_eq!(at_wechat(&hub, &account).await[0]["counts"]["sent"], 3);
        counted(&hub, &all, &[0, 3, 0, 0, 2]).await;
        let fans = format!("/accounts/{}/fans?limit=200", account.app_id);
        let fans = hub.wechat(reqwest::Method::GET, &fans, json!(null)).await.expect(200);
        let mut theirs = vec![0; 5];
        for fan in fans["items"].as_array().unwrap() {
            theirs[fan["broadcasts"].as_u64().unwrap() as usize] += 1;
        }
        assert_eq!(theirs, [0, 3, 0, 0, 2], "as WeChat counts");
        // Who comes afterwards has had none of it.
        hub.advance(2 * SECOND).await;
        hub.fan(&account, "40", "follow", json!({})).await;
        counted(&hub, &all, &[1, 3, 0, 0, 2]).await;
        let allowance = hub.get(&format!("/accounts/{}/broadcast-allowance", account.id)).await.expect(200);
        assert_eq!(allowance["all"], json!({ "used": 1, "limit": 4 }));
        assert_eq!(allowance["today"]["limit"], 100);

        // The month turns in Shanghai.
        let now = hub.clock.now();
        let next = entities::calendar::next_month(now);
        hub.advance(std::time::Duration::from_millis((next - now - 30_000) as u64)).await;
        assert_eq!(used(&check(&hub, &all).await), [1, 3, 0, 0, 2]);
        hub.advance(40 * SECOND).await;
        assert_eq!(used(&check(&hub, &all).await), [6, 0, 0, 0, 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_subscription_account_broadcasts_once_a_day_of_shanghai_and_to_no_list() {
    for hub in Hub::on_each_database().await {
        let account = subscription(&hub, 3).await;
        let openids = hub.openids(&account).await;
        let list = draft(&hub, text(&account, "list", to(&openids))).await;
        let known = check(&hub, &list).await;
        assert!(codes(&known).contains(&"subscription_list"), "{known}");
        assert_eq!(known["can_start"], false);
        hub.post(&format!("{list}/start"), json!({ "fans": 3 })).await.refused(409, "broadcast_not_ready");

        let done = send(&hub, text(&account, "today", json!({ "type": "all" }))).await;
        assert_eq!(done["counts"]["sent"], 3);
        let again = draft(&hub, text(&account, "again", json!({ "type": "all" }))).await;
        let known = check(&hub, &again).await;
        assert!(codes(&known).contains(&"day_used"), "{known}");
        assert_eq!(known["allowance"]["today"], json!({ "used": 1, "limit": 1 }));
        let now = hub.clock.now();
        let midnight = entities::calendar::next_day(now);
        hub.advance(std::time::Duration::from_millis((midnight - now + 1_000) as u64)).await;
        let known = check(&hub, &again).await;
        assert_eq!(known["can_start"], true, "{known}");
        super::start(&hub, &again).await;
        super::becomes(&hub, &again, "done").await;
        assert_eq!(super::made(&hub, ALL).await, (2, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_what_wechats_console_sent_counts_as_far_as_it_is_known() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let ctx = hub.running.ctx();
        let tenant = kit::TenantId(
            ctx.store()
                .read()
                .await
                .unwrap()
                .scalar::<i64>(
                    store::sql("select tenant_id from accounts where tenant_id is not null and app_id = ?")
                        .bind(account.app_id.as_str()),
                )
                .await
                .unwrap()
                .unwrap(),
        );
        // Somebody presses the button in WeChat's console: we hear of it when it is over.
        let keeper = entities::accounts::tokens::Keeper::new(ctx, tenant, account.id.parse().unwrap());
        let request = wechat::api::mass::send_all::Request {
            clientmsgid: None,
            ..wechat::api::mass::send_all::Request::new(
                wechat::api::mass::send_all::Filter::all(),
                wechat::api::mass::Content::text("from the console"),
                "",
            )
        };
        ctx.wechat().call_as::<wechat::api::mass::send_all::SendAll>(&keeper, &request).await.expect("taken");
        let draft = draft(&hub, text(&account, "ours", json!({ "type": "all" }))).await;
        let known = counted(&hub, &draft, &[0, 3, 0, 0, 0]).await;
        assert_eq!(known["allowance"]["all"], json!({ "used": 1, "limit": 4 }));
        let day = &known["allowance"]["days"][0]["broadcasts"][0];
        assert_eq!((&day["id"], &day["fans"]), (&json!(null), &json!(3)), "{known}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_an_account_that_may_not_broadcast_is_told_which_rule_says_so() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 2).await;
        let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
        hub.patch(&format!("/accounts/{}", account.id), json!({ "listen_only": true })).await.expect(200);
        let known = check(&hub, &path).await;
        assert!(codes(&known).contains(&"not_allowed") && known["can_start"] == false, "{known}");
        hub.patch(&format!("/accounts/{}", account.id), json!({ "listen_only": false })).await.expect(200);
        hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
        let known = check(&hub, &path).await;
        let finding = known["findings"].as_array().unwrap().iter().find(|one| one["code"] == "not_allowed").unwrap();
        assert_eq!(finding["rule"], "R17");
        hub.post(&format!("{path}/start"), json!({ "fans": 2 })).await.refused(409, "broadcast_not_ready");
        assert_eq!(super::made(&hub, ALL).await, (0, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_what_wechat_took_and_did_not_send_is_given_back_to_the_fans() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let openids = hub.openids(&account).await;
        let list = draft(&hub, text(&account, "list", to(&openids))).await;
        // Long enough for the ledger to have it before WeChat says that it was nothing.
        mass(&hub, &account, json!({ "delay_ms": 3_600_000, "next_status": "send fail" })).await;
        super::start(&hub, &list).await;
        super::part_becomes(&hub, &list, "submitted").await;
        let other = draft(&hub, text(&account, "other", json!({ "type": "all" }))).await;
        counted(&hub, &other, &[0, 3, 0, 0, 0]).await;
        hub.advance(HOUR + 5 * SECOND).await;
        let part = super::part_becomes(&hub, &list, "failed").await;
        assert_eq!(part["reason"], "send_fail", "{part}");
        counted(&hub, &other, &[3, 0, 0, 0, 0]).await;
        super::adds_up(&super::becomes(&hub, &list, "done").await);
    }
}
