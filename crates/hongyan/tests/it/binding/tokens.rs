//! Tokens and tickets are kept: few are fetched, and none is lost.

use std::{collections::HashSet, time::Duration};

use entities::accounts::{
    platform,
    secrets::{self, Field},
    tokens::Keeper,
};
use kit::{Work, sql};
use reqwest::Method;
use serde_json::{Value, json};
use wechat::api::tag::get_tags::{self, GetTags};
use wechat_client::{Failure, TokenError, TokenSource};

use super::{Browser, owner, scanned, text, ticket};
use crate::hub::Hub;

/// How often a token was asked for.
async fn fetches(hub: &Hub, path: &str, appid: &str) -> usize {
    let journal = hub.wechat(Method::GET, &format!("/journal?key={path}&limit=1000"), Value::Null).await.expect(200);
    journal["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter(|call| call["appid"] == appid && call["path"] == path)
        .count()
}

#[tokio::test]
async fn p16_two_nodes_under_a_thief_fetch_two_tokens_in_ten_minutes() {
    for hub in Hub::on_each_database().await {
        let bound = hub.bind_direct().await;
        let second = hub.second_node().await;
        let (tenant, id) = owner(hub.running.ctx(), &bound.app_id).await;
        // What the binding set off is over before the thief begins.
        hub.advance(Duration::from_secs(11 * 60)).await;
        hub.wechat(Method::DELETE, "/journal", json!({})).await;
        let thief = json!({ "where": { "path": "/cgi-bin/tags/get" }, "what": { "kind": "steal_token" } });
        hub.wechat(Method::POST, "/faults", thief).await.expect(201);

        let nodes = [hub.running.ctx().clone(), second.ctx().clone()];
        for _ in 0..3 {
            let calls = (0..50).map(|n| {
                let ctx = nodes[n % 2].clone();
                async move {
                    let keeper = Keeper::new(&ctx, tenant, id);
                    ctx.wechat().call_as::<GetTags>(&keeper, &get_tags::Request::default()).await
                }
            });
            for answer in futures::future::join_all(calls).await {
                assert!(answer.is_err(), "the thief takes every token");
            }
        }
        assert_eq!(fetches(&hub, "/cgi-bin/stable_token", &bound.app_id).await, 2);
        let stopped = Keeper::new(&nodes[0], tenant, id).token().await;
        assert!(matches!(stopped, Err(TokenError::Stopped { .. })), "{stopped:?}");
        let account = hub.get(&format!("/accounts/{}", bound.id)).await.expect(200);
        assert_eq!(
            (text(&account["health"], "state"), text(&account["health"], "problem")),
            ("error", "token_contested")
        );

        // The thief goes; ten minutes later all is well again.
        hub.wechat(Method::DELETE, "/faults", json!({})).await;
        hub.advance(Duration::from_secs(10 * 60 + 1)).await;
        let keeper = Keeper::new(&nodes[1], tenant, id);
        nodes[1].wechat().call_as::<GetTags>(&keeper, &get_tags::Request::default()).await.expect("the tags");
        let account = hub.get(&format!("/accounts/{}", bound.id)).await.expect(200);
        assert_eq!(account["health"]["problem"], Value::Null);
        second.shutdown().await;
    }
}

/// A worker's calls: the versions of the tokens it was given, in order.
async fn work(ctx: kit::Ctx, tenant: kit::TenantId, id: kit::AccountId, calls: usize) -> Vec<i64> {
    let keeper = Keeper::new(&ctx, tenant, id);
    let mut versions = Vec::new();
    for _ in 0..calls {
        // Both may fail: that is the storm.
        let _ = ctx.wechat().call_as::<GetTags>(&keeper, &get_tags::Request::default()).await;
        if let Ok(token) = keeper.token().await {
            versions.push(token.version);
        }
    }
    versions
}

#[tokio::test(flavor = "multi_thread")]
async fn p16_p17_in_a_storm_four_nodes_fetch_two_tokens_in_ten_minutes_and_no_stale_one_comes_back() {
    for hub in Hub::on_each_database().await {
        let bound = hub.bind_direct().await;
        let (tenant, id) = owner(hub.running.ctx(), &bound.app_id).await;
        let others = [hub.second_node().await, hub.second_node().await, hub.second_node().await];
        let nodes: Vec<kit::Ctx> =
            std::iter::once(&hub.running).chain(&others).map(|node| node.ctx().clone()).collect();
        hub.advance(Duration::from_secs(11 * 60)).await;
        // Tokens are taken away at random, fresh ones are refused at times; their source is slow, and loses an answer.
        let (tags, token) = ("/cgi-bin/tags/get", "/cgi-bin/stable_token");
        for (path, what, probability, times) in [
            (tags, json!({ "kind": "steal_token" }), 0.05, None),
            (tags, json!({ "kind": "errcode", "errcode": 40001 }), 0.05, None),
            (token, json!({ "kind": "latency", "ms": 200 }), 1.0, None),
            (token, json!({ "kind": "drop_after" }), 0.5, Some(2)),
        ] {
            let fault = json!({ "where": { "path": path, "appid": bound.app_id }, "what": what, "probability": probability, "times": times });
            hub.wechat(Method::POST, "/faults", fault).await.expect(201);
        }
        for storm in 0..3 {
            let before = fetches(&hub, token, &bound.app_id).await;
            let workers = (0..200).map(|n| tokio::spawn(work(nodes[n % 4].clone(), tenant, id, 4)));
            for versions in futures::future::join_all(workers).await {
                let versions = versions.expect("a worker");
                assert!(versions.is_sorted(), "a stale token came back: {versions:?}");
            }
            let fetched = fetches(&hub, token, &bound.app_id).await - before;
            assert!(fetched <= 2, "storm {storm}: {fetched} fetches in ten minutes");
            hub.advance(Duration::from_secs(10 * 60 + 1)).await;
        }
        hub.wechat(Method::DELETE, "/faults", json!({})).await;
        hub.advance(Duration::from_secs(10 * 60 + 1)).await;
        let keeper = Keeper::new(&nodes[3], tenant, id);
        nodes[3].wechat().call_as::<GetTags>(&keeper, &get_tags::Request::default()).await.expect("the tags");
        for node in others {
            node.shutdown().await;
        }
    }
}

#[tokio::test]
async fn p16_fifty_calls_on_two_nodes_share_one_fetch() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        let account = hub.new_account("service", 0).await;
        scanned(&hub, &browser, text(&account, "appid")).await;
        let second = hub.second_node().await;
        let (tenant, id) = owner(hub.running.ctx(), text(&account, "appid")).await;
        hub.running.run_jobs().await.expect("jobs");
        // Counted from before the token is old: a node that refreshes it by itself is one of those who share.
        hub.wechat(Method::DELETE, "/journal", json!({})).await;
        hub.advance(Duration::from_secs(7300)).await;
        hub.wechat(Method::POST, "/component/push_ticket", json!({})).await;
        let nodes = [hub.running.ctx().clone(), second.ctx().clone()];
        let calls = (0..50).map(|n| {
            let keeper = Keeper::new(&nodes[n % 2], tenant, id);
            async move { keeper.token().await.map(|token| (token.version, token.secret.expose().to_owned())) }
        });
        let tokens: HashSet<_> =
            futures::future::join_all(calls).await.into_iter().map(|token| token.expect("a token")).collect();
        assert_eq!(tokens.len(), 1);
        assert_eq!(hub.sandbox.total("/cgi-bin/component/api_authorizer_token").calls, 1);
        second.shutdown().await;
    }
}

#[tokio::test]
async fn p17_a_lost_refresh_token_is_found_again_and_none_is_overwritten_by_nothing() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        let account = hub.new_account("service", 0).await;
        scanned(&hub, &browser, text(&account, "appid")).await;
        hub.running.run_jobs().await.expect("jobs");
        let ctx = hub.running.ctx();
        let (tenant, id) = owner(ctx, text(&account, "appid")).await;

        let mut work = Work::begin(ctx, tenant);
        let before =
            secrets::current(&mut work, id, Field::RefreshToken).await.expect("a read").expect("a refresh token");
        assert!(!secrets::put(&mut work, id, Field::RefreshToken, &"".into()).await.expect("nothing is put"));
        for other in ["r1", "r2", "r3"] {
            secrets::put(&mut work, id, Field::RefreshToken, &other.into()).await.expect("put");
        }
        let kept: Vec<String> = secrets::of(&mut work, id, Field::RefreshToken)
            .await
            .expect("a read")
            .iter()
            .map(|secret| secret.expose().to_owned())
            .collect();
        assert_eq!(kept, ["r3", "r2", "r1"], "the last three");
        work.commit().await.expect("committed");

        // WeChat refuses ours (61023); its list has the right one.
        hub.advance(Duration::from_secs(7300)).await;
        hub.wechat(Method::POST, "/component/push_ticket", json!({})).await;
        Keeper::new(ctx, tenant, id).token().await.expect("a token after all");
        let mut work = Work::reading(ctx, tenant);
        let found = secrets::current(&mut work, id, Field::RefreshToken).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&before));
    }
}

#[tokio::test]
async fn p17_the_newest_ticket_wins_in_whatever_order_they_come() {
    for hub in Hub::on_each_database().await {
        ticket(&hub).await;
        let ctx = hub.running.ctx();
        let now = hub.clock.now() / 1000 + 100;
        for (ticket, at) in [("second", now + 10), ("first", now), ("third", now + 20), ("second", now + 10)] {
            platform::keep_ticket(ctx, &ticket.into(), at).await.expect("kept");
            assert!(platform::status(ctx).await.expect("a status").ticket_at >= Some(at * 1000));
        }
        platform::keep_ticket(ctx, &"".into(), now + 30).await.expect("an empty one is none");
        assert_eq!(platform::status(ctx).await.expect("a status").ticket_at, Some((now + 20) * 1000));
        let tx = ctx.store().read().await.expect("a read");
        let kept: Option<i64> =
            tx.scalar(sql("select count(*) from platform_credentials where field = 'ticket'")).await.expect("a count");
        assert_eq!(kept, Some(2));
    }
}

#[tokio::test]
async fn an_account_that_no_longer_authorises_us_is_lost_at_the_next_token() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        let account = hub.new_account("service", 0).await;
        let appid = text(&account, "appid");
        let bound = scanned(&hub, &browser, appid).await;
        hub.running.run_jobs().await.expect("jobs");
        // The push about the end is lost.
        hub.wechat(Method::PATCH, "/component", json!({ "event_url": "http://127.0.0.1:9/nobody" })).await.expect(200);
        hub.wechat(Method::POST, &format!("/accounts/{appid}/unauthorize"), json!({})).await;
        let ctx = hub.running.ctx();
        let (tenant, id) = owner(ctx, appid).await;
        let keeper = Keeper::new(ctx, tenant, id);
        hub.advance(Duration::from_secs(7300)).await;
        let answer = ctx.wechat().call_as::<GetTags>(&keeper, &get_tags::Request::default()).await;
        assert!(matches!(answer, Err(Failure::NoToken(TokenError::Unauthorized))), "{answer:?}");
        assert_eq!(text(&hub.get(&format!("/accounts/{}", text(&bound, "id"))).await.expect(200), "status"), "unbound");
    }
}
