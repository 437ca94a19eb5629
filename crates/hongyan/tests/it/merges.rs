//! Customers who turn out to be one, who are taken apart again, and of whom a person has to say.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    fan_import::{count, customers, import_again, imported, settings},
    hub::{Bound, Hub},
    team::{Browser, add_person},
};

/// An account under the Open Platform account of this number, with these many fans, all of whom are in.
async fn under(hub: &Hub, platform: u16, fans: u64) -> Bound {
    let account = imported(hub, 0).await;
    settings(hub, &account, json!({ "open_platform": true, "open_platform_no": platform })).await;
    hub.fans(&account, fans).await;
    import_again(hub, &account).await;
    account
}

async fn merges(hub: &Hub, state: &str) -> Vec<Value> {
    let page = hub.get(&format!("/merges?state={state}&limit=200")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("text: {value}"))
}

async fn kinds(hub: &Hub, customer: &str) -> Vec<String> {
    let page = hub.get(&format!("/customers/{customer}/timeline?limit=200")).await.expect(200);
    page["items"].as_array().unwrap().iter().map(|event| text(&event["kind"]).to_owned()).collect()
}

/// What a customer's page says that a merge may change.
async fn page(hub: &Hub, customer: &str) -> Value {
    let page = hub.get(&format!("/customers/{customer}")).await.expect(200);
    assert_eq!(page["id"], customer, "{page}");
    let tags: Vec<&Value> = page["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let fans: Vec<&Value> = page["fans"].as_array().unwrap().iter().map(|fan| &fan["openid"]).collect();
    json!({ "name": page["name"], "city": page["city"], "tags": tags, "fans": fans, "identities": page["identities"],
        "fields": page["fields"], "last_seen_at": page["last_seen_at"] })
}

/// Two customers of whom one has a name and a tag and the other a city and two, both of whom WeChat then calls one.
struct Pair {
    first: Bound,
    second: Bound,
    /// The older customer and the younger, with their pages from before.
    kept: (String, Value),
    other: (String, Value),
    /// The openid of the younger.
    openid: String,
    merge: Value,
}

impl Pair {
    async fn joined(hub: &Hub) -> Pair {
        let (first, second) = (imported(hub, 1).await, imported(hub, 1).await);
        let (one, two) = (hub.openids(&first).await.remove(0), hub.openids(&second).await.remove(0));
        let (kept, other) = (hub.customer(&one).await, hub.customer(&two).await);
        let (kept, other) = (text(&kept["id"]).to_owned(), text(&other["id"]).to_owned());
        let tag =
            async |name: &str| text(&hub.post("/tags", json!({ "name": name })).await.expect(201)["id"]).to_owned();
        let (both, theirs) = (tag("both").await, tag("theirs").await);
        for (customer, tag) in [(&kept, &both), (&other, &both), (&other, &theirs)] {
            hub.put(&format!("/customers/{customer}/tags/{tag}"), json!({})).await.expect(204);
        }
        hub.patch(&format!("/customers/{kept}"), json!({ "name": "Old Friend" })).await.expect(200);
        hub.patch(
            &format!("/customers/{other}"),
            json!({ "name": "Newcomer", "city": "Shenzhen", "phone": "13800138000" }),
        )
        .await
        .expect(200);
        hub.advance(Duration::from_secs(60)).await;
        hub.says(&second, &two, "hello").await;
        hub.until("they were seen", async || {
            let seen = |page: Value| page["last_seen_at"].as_i64().unwrap_or(0);
            (seen(page(hub, &other).await) > seen(page(hub, &kept).await)).then_some(())
        })
        .await;
        let before = (page(hub, &kept).await, page(hub, &other).await);
        for account in [&first, &second] {
            settings(hub, account, json!({ "open_platform": true })).await;
            import_again(hub, account).await;
        }
        let mut all = merges(hub, "joined").await;
        assert_eq!(all.len(), 1, "{all:?}");
        Pair { first, second, kept: (kept, before.0), other: (other, before.1), openid: two, merge: all.remove(0) }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_a_merge_is_shown_with_its_cause_and_taken_back_whole() {
    for hub in Hub::on_each_database().await {
        let pair = Pair::joined(&hub).await;
        assert_eq!(
            (&pair.merge["kept"]["id"], &pair.merge["other"]["id"]),
            (&json!(pair.kept.0), &json!(pair.other.0))
        );
        assert_eq!((text(&pair.merge["cause"]), &pair.merge["decided_by"]), ("unionid", &Value::Null));
        let shown = hub.get(&format!("/customers/{}", pair.other.0)).await.expect(200);
        assert_eq!((text(&shown["id"]), shown["fans"].as_array().unwrap().len()), (pair.kept.0.as_str(), 2));
        assert_eq!(shown["merges"], json!([pair.merge]));
        assert_eq!(
            (text(&shown["name"]), text(&shown["city"]), text(&shown["phone"])),
            ("Old Friend", "Shenzhen", "13800138000")
        );

        let path = format!("/merges/{}/part", text(&pair.merge["id"]));
        let parted = hub.post(&path, json!({})).await.expect(200);
        assert_eq!((text(&parted["state"]), text(&parted["decided_by"])), ("apart", "tests"));
        // As before, but for the unionid, which is the younger's whose account was asked first or the older's.
        let without_unionid = |mut page: Value| {
            page["identities"].as_array_mut().unwrap().retain(|identity| identity["kind"] != "unionid");
            page
        };
        assert_eq!(without_unionid(page(&hub, &pair.kept.0).await), pair.kept.1);
        assert_eq!(without_unionid(page(&hub, &pair.other.0).await), pair.other.1);
        assert_eq!(customers(&hub).await, 2);
        for (customer, past) in [(&pair.kept.0, vec!["split", "merge"]), (&pair.other.0, vec!["split"])] {
            let kinds = kinds(&hub, customer).await;
            let these: Vec<&String> = kinds.iter().filter(|kind| ["split", "merge"].contains(&kind.as_str())).collect();
            assert_eq!(these, past, "{kinds:?}");
            let page = hub.get(&format!("/customers/{customer}")).await.expect(200);
            assert_eq!(page["merges"], json!([parted]));
        }
        // Their own stories are their own again.
        assert!(!kinds(&hub, &pair.kept.0).await.contains(&"message_in".to_owned()));
        assert!(kinds(&hub, &pair.other.0).await.contains(&"message_in".to_owned()));
        // And search finds each of them by what is theirs.
        for (word, customer) in [("Newcomer", &pair.other.0), ("Old Friend", &pair.kept.0)] {
            let found = hub.get(&format!("/customers?query={}", word.replace(' ', "%20"))).await.expect(200);
            assert_eq!(
                (found["items"].as_array().unwrap().len(), text(&found["items"][0]["id"])),
                (1, customer.as_str())
            );
        }
        assert_eq!(hub.post(&path, json!({})).await.expect(200), parted, "said twice, it is done once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_what_was_taken_apart_is_not_joined_again_by_itself_and_may_be_by_a_person() {
    for hub in Hub::on_each_database().await {
        let pair = Pair::joined(&hub).await;
        // The callback door has met the fan as the one they were merged into.
        hub.says(&pair.second, &pair.openid, "before").await;
        let path = format!("/merges/{}", text(&pair.merge["id"]));
        hub.post(&format!("{path}/part"), json!({})).await.expect(200);
        for account in [&pair.first, &pair.second, &pair.first] {
            import_again(&hub, account).await;
        }
        assert_eq!(customers(&hub).await, 2);
        assert_eq!(count(&hub, "select count(*) from merges").await, 1, "and nobody is asked about them again");
        // What the fan says from now on is theirs.
        hub.says(&pair.second, &pair.openid, "after").await;
        let story = hub.get(&format!("/customers/{}/timeline", pair.other.0)).await.expect(200);
        assert!(
            story["items"].as_array().unwrap().iter().any(|event| event["properties"]["text"] == "after"),
            "{story}"
        );
        // A third account of the same person finds one of them, and makes nobody new.
        let third = under(&hub, 0, 1).await;
        assert_eq!(customers(&hub).await, 2);

        let joined = hub.post(&format!("{path}/join"), json!({})).await.expect(200);
        assert_eq!((text(&joined["state"]), text(&joined["decided_by"])), ("joined", "tests"));
        assert_eq!(customers(&hub).await, 1);
        import_again(&hub, &third).await;
        assert_eq!(hub.customer(&pair.openid).await["fans"].as_array().unwrap().len(), 3);
        // Taken back once more, a fan who came meanwhile stays where they came.
        hub.post(&format!("{path}/part"), json!({})).await.expect(200);
        assert_eq!(customers(&hub).await, 2);
        assert_eq!(count(&hub, "select count(*) from fans f join customers c on c.tenant_id = f.tenant_id and c.id = f.customer_id where c.merged_into is not null").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_two_with_different_unionids_go_to_the_review_list_and_are_joined_by_nobody_but_a_person() {
    for hub in Hub::on_each_database().await {
        // The same three people under two Open Platform accounts: WeChat has two names for each.
        let moving = under(&hub, 0, 3).await;
        let staying = under(&hub, 0, 3).await;
        let elsewhere = under(&hub, 1, 3).await;
        assert_eq!((customers(&hub).await, merges(&hub, "proposed").await.len()), (6, 0));
        // One account moves to the other: now each of its fans has both names, and each name another customer.
        settings(&hub, &moving, json!({ "open_platform_no": 1 })).await;
        for account in [&moving, &staying, &elsewhere, &moving] {
            import_again(&hub, account).await;
        }
        assert_eq!(customers(&hub).await, 6, "nobody is joined");
        let proposed = merges(&hub, "proposed").await;
        assert_eq!(proposed.len(), 3, "each pair once: {proposed:?}");
        assert!(proposed.iter().all(|merge| merge["cause"] == "unionid" && merge["decided_at"].is_null()));
        assert!(proposed.iter().all(|merge| merge["contradiction"] == "unionids"), "{proposed:?}");
        assert!(proposed.iter().all(|merge| merge["kept"]["fans"].as_array().is_some_and(|fans| !fans.is_empty())));
        let page = hub.get(&format!("/customers/{}", text(&proposed[0]["other"]["id"]))).await.expect(200);
        assert_eq!(page["merges"], json!([proposed[0]]));

        add_person(&hub, "looks@shop.example", "viewer").await;
        let viewer = Browser::sign_in(&hub, "looks@shop.example", crate::hub::PASSWORD).await.unwrap();
        let path = |n: usize, what: &str| format!("/merges/{}/{what}", text(&proposed[n]["id"]));
        for what in ["join", "part"] {
            let refused = viewer.call(Method::POST, &format!("/api/v1{}", path(0, what)), Some(json!({}))).await;
            assert_eq!(refused.status, 403, "{what}");
        }
        hub.post(&path(0, "join"), json!({})).await.expect(200);
        hub.post(&path(1, "part"), json!({})).await.expect(200);
        assert_eq!(customers(&hub).await, 5);
        for account in [&moving, &staying, &elsewhere] {
            import_again(&hub, account).await;
        }
        assert_eq!(customers(&hub).await, 5);
        let waiting = merges(&hub, "proposed").await;
        assert_eq!(waiting, [proposed[2].clone()], "one is left to say");
        let joined = hub.get(&format!("/customers/{}", text(&proposed[0]["kept"]["id"]))).await.expect(200);
        assert_eq!(joined["fans"].as_array().unwrap().len(), 3, "{joined}");
        // What a person joined can be taken back like any other.
        hub.post(&path(0, "part"), json!({})).await.expect(200);
        assert_eq!(customers(&hub).await, 6);
    }
}
