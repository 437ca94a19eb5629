//! Broadcasts as one person has them: on their story, in what may still reach them, and not at all when they want none.

use serde_json::{Value, json};

use super::{SECOND, adds_up, at_wechat, becomes, check, codes, draft, send, service, start, text, to};
use crate::hub::Hub;

async fn story(hub: &Hub, customer: &str, query: &str) -> Vec<Value> {
    let page = hub.get(&format!("/customers/{customer}/timeline?{query}")).await.expect(200);
    page["items"].as_array().expect("items").clone()
}

/// The broadcasts on a story, newest first.
fn heard(story: &[Value]) -> Vec<(String, String)> {
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let said = |event: &&Value| event["properties"]["via"] == "broadcast";
    let of = |event: &Value| (words(&event["properties"]["text"]), words(&event["properties"]["state"]));
    story.iter().filter(said).map(of).collect()
}

async fn way(hub: &Hub, customer: &str) -> Value {
    let reach = hub.get(&format!("/customers/{customer}/reach")).await.expect(200);
    let ways = reach["accounts"][0]["ways"].as_array().expect("ways").clone();
    ways.into_iter().find(|way| way["function"] == "broadcast").expect("the way by broadcast")
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_persons_story_has_the_broadcasts_they_had_and_reach_says_how_many_are_left() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 4).await;
        let openids = hub.openids(&account).await;
        let id = async |openid: &str| hub.customer(openid).await["id"].as_str().unwrap().to_owned();
        let (both, all) = (id(&openids[0]).await, id(&openids[3]).await);
        assert_eq!((&way(&hub, &both).await["may"], &way(&hub, &both).await["left"]), (&json!(true), &json!(4)));

        send(&hub, text(&account, "给大家", json!({ "type": "all" }))).await;
        hub.advance(2 * SECOND).await;
        send(&hub, text(&account, "给两位", to(&openids[..2]))).await;
        let sent = |word: &str| (word.to_owned(), "sent".to_owned());
        hub.until("both stand in the month's ledger", async || {
            (heard(&story(&hub, &both, "").await) == [sent("给两位"), sent("给大家")]).then_some(())
        })
        .await;
        assert_eq!(heard(&story(&hub, &all, "").await), [sent("给大家")]);
        assert_eq!((&way(&hub, &both).await["left"], &way(&hub, &all).await["left"]), (&json!(2), &json!(3)));

        // A page ends and begins between two of them as between any others.
        let page = hub.get(&format!("/customers/{both}/timeline?limit=1")).await.expect(200);
        assert_eq!(heard(page["items"].as_array().unwrap()), [sent("给两位")]);
        let cursor = page["next_cursor"].as_str().expect("there is more");
        let next = story(&hub, &both, &format!("limit=1&cursor={cursor}")).await;
        assert_eq!(heard(&next), [sent("给大家")]);
        assert_eq!(heard(&story(&hub, &both, "kind=message_out&channel=wechat").await).len(), 2);
        for other in ["kind=follow", "channel=console"] {
            assert!(heard(&story(&hub, &both, other).await).is_empty(), "{other}");
        }

        // Who has left is sent nothing any more, and nothing more is told of them.
        hub.fan(&account, &openids[3], "unfollow", json!({})).await;
        hub.advance(2 * SECOND).await;
        let path = draft(&hub, text(&account, "给还在的", json!({ "type": "all" }))).await;
        start(&hub, &path).await;
        becomes(&hub, &path, "done").await;
        assert_eq!(heard(&story(&hub, &all, "").await), [sent("给大家")]);
        assert_eq!(heard(&story(&hub, &both, "").await)[0], sent("给还在的"));

        for word in ["四"] {
            hub.advance(2 * SECOND).await;
            send(&hub, text(&account, word, to(&openids[..2]))).await;
        }
        hub.until("the month is used up", async || (way(&hub, &both).await["may"] == false).then_some(())).await;
        let used = way(&hub, &both).await;
        assert_eq!((&used["why"]["code"], &used["why"]["rule"]), (&json!("month_used"), &json!("R1")));
        assert!(used["again_at"].as_i64() > Some(hub.running.ctx().now()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_broadcasts_is_in_no_list_and_the_check_says_whom_wechat_cannot_leave_out() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 5).await;
        let openids = hub.openids(&account).await;
        let out = hub.customer(&openids[0]).await["id"].as_str().unwrap().to_owned();
        let wish = json!({ "way": "broadcast", "note": "电话里说的" });
        hub.post(&format!("/customers/{out}/opt_outs"), wish).await.expect(201);
        assert_eq!(way(&hub, &out).await["why"]["code"], "opted_out");

        let all = draft(&hub, text(&account, "all", json!({ "type": "all" }))).await;
        let known = check(&hub, &all).await;
        assert_eq!((&known["fans"], &known["opted_out"]), (&json!(5), &json!(1)));
        assert!(codes(&known).contains(&"opted_out_reached"), "{known}");
        let list = draft(&hub, text(&account, "list", to(&openids[..4]))).await;
        let known = check(&hub, &list).await;
        assert_eq!((&known["fans"], &known["reached"], &known["opted_out"]), (&json!(3), &json!(3), &json!(1)));
        assert!(codes(&known).contains(&"opted_out"), "{known}");

        start(&hub, &list).await;
        let done = becomes(&hub, &list, "done").await;
        adds_up(&done);
        assert_eq!((&done["counts"]["fans"], &done["counts"]["sent"]), (&json!(3), &json!(3)));
        assert_eq!(at_wechat(&hub, &account).await[0]["counts"]["sent"], 3);
        for (openid, got) in [(&openids[0], false), (&openids[1], true)] {
            let chat = hub.chat(&account, openid).await;
            assert_eq!(chat.iter().any(|(_, _, text)| text == "list"), got, "{chat:?}");
        }
        // They want them again.
        hub.post(&format!("/customers/{out}/opt_outs/withdraw"), json!({ "way": "broadcast" })).await.expect(200);
        assert_eq!(check(&hub, &all).await["opted_out"], 0);
    }
}
