//! Lists, search, and what people change.

use std::{collections::HashSet, time::Duration};

use entities::customers::{self, NewCustomer};
use serde_json::{Value, json};

use crate::hub::{Bound, Hub};

async fn account_with(hub: &Hub, fans: u64) -> (Bound, Vec<String>) {
    let account = hub.bind_direct().await;
    let openids = hub.fans(&account, fans).await;
    hub.until("the first import is done", async || (state(hub, &account).await == "done").then_some(())).await;
    hub.post(&format!("/accounts/{}/import", account.id), json!({})).await.expect(202);
    hub.until("the import is done", async || (state(hub, &account).await == "done").then_some(())).await;
    (account, openids)
}

async fn state(hub: &Hub, account: &Bound) -> Value {
    hub.get(&format!("/accounts/{}/import", account.id)).await.expect(200)["state"].clone()
}

fn id(customer: &Value) -> String {
    customer["id"].as_str().unwrap().to_owned()
}

/// Every page of a list, put together.
async fn whole(hub: &Hub, query: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = hub.get(&format!("/customers?limit=7&{query}{cursor}")).await.expect(200);
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

async fn ids(hub: &Hub, query: &str) -> HashSet<String> {
    let all = whole(hub, query).await;
    let ids: HashSet<String> = all.iter().map(id).collect();
    assert_eq!(ids.len(), all.len(), "nobody is listed twice: {query}");
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_few_of_many_pass_gives_full_pages() {
    for hub in Hub::on_each_database().await {
        let (account, openids) = account_with(&hub, 12).await;
        let find = kit::sql("select min(tenant_id) from accounts where tenant_id is not null");
        let tenant: Option<i64> = hub.running.ctx().store().read().await.unwrap().scalar(find).await.unwrap();
        let soon = hub.clock.now() + 1_000_000;
        // More than one statement looks at, all of them newer than the fans, none of them a fan.
        for part in 0..12 {
            let mut work = kit::Work::begin(hub.running.ctx(), kit::TenantId(tenant.unwrap()));
            let many = (0..5000).map(|n| NewCustomer {
                id: kit::CustomerId(work.new_id()),
                fields: Default::default(),
                last_seen_at: soon + part * 5000 + n,
            });
            let many = many.collect();
            customers::create_many(&mut work, many).await.unwrap();
            work.commit().await.unwrap();
        }
        let page = hub.get("/customers?status=following&limit=10").await.expect(200);
        // On a machine that is busy with other things a page ends before it is full, and says where it goes on.
        let full = page["items"].as_array().unwrap().len() == 10;
        assert!(full || page["next_cursor"].is_string(), "the page is full, or there is a way on: {page}");
        assert_eq!(ids(&hub, "status=following").await.len(), 12);
        hub.advance(Duration::from_secs(5)).await;
        let left = hub.customer(&openids[0]).await;
        hub.fan(&account, &openids[0], "unfollow", json!({})).await;
        assert_eq!(ids(&hub, "status=left").await, HashSet::from([id(&left)]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_page_through_everybody_once_in_order_and_by_every_filter() {
    for hub in Hub::on_each_database().await {
        let (one, openids) = account_with(&hub, 40).await;
        let (two, others) = account_with(&hub, 12).await;
        for (sort, field) in [("last_seen", "last_seen_at"), ("created", "created_at")] {
            let all = whole(&hub, &format!("sort={sort}")).await;
            assert_eq!(all.len(), 52);
            assert!(all.is_sorted_by(|a, b| a[field].as_i64() >= b[field].as_i64()), "{sort}");
        }
        assert_eq!(ids(&hub, &format!("account={}", one.id)).await.len(), 40);
        hub.advance(Duration::from_secs(5)).await;
        hub.fan(&one, &openids[0], "unfollow", json!({})).await;
        let gone = hub.customer(&openids[0]).await;
        assert_eq!(ids(&hub, "status=left").await, HashSet::from([id(&gone)]));
        assert_eq!(ids(&hub, &format!("account={}&status=following", one.id)).await.len(), 39);
        assert_eq!(ids(&hub, &format!("account={}&status=never&sort=created", two.id)).await.len(), 40);
        assert_eq!(ids(&hub, "status=never").await.len(), 0);

        let tag = hub.post("/tags", json!({ "name": "vip" })).await.expect(201);
        let tag = tag["id"].as_str().unwrap();
        let mut tagged = HashSet::new();
        for openid in [&openids[3], &others[3]] {
            let customer = hub.customer(openid).await;
            hub.put(&format!("/customers/{}/tags/{tag}", id(&customer)), json!({})).await.expect(204);
            tagged.insert(id(&customer));
        }
        assert_eq!(ids(&hub, &format!("tag={tag}")).await, tagged);
        assert_eq!(ids(&hub, &format!("tag={tag}&account={}&status=following", two.id)).await.len(), 1);

        let begun = hub.clock.now();
        for openid in [&openids[6], &openids[5]] {
            hub.advance(Duration::from_secs(5)).await;
            hub.says(&one, openid, "hello").await;
        }
        let seen = hub
            .until("they were seen", async || {
                let at = hub.customer(&openids[5]).await["last_seen_at"].as_i64()?;
                let before = hub.customer(&openids[6]).await["last_seen_at"].as_i64()?;
                (begun < before && before < at).then_some(at)
            })
            .await;
        for sort in ["last_seen", "created"] {
            let (before, after) = (
                ids(&hub, &format!("seen_before={seen}&sort={sort}")).await,
                ids(&hub, &format!("seen_after={seen}&sort={sort}")).await,
            );
            assert_eq!((before.len(), after.len()), (51, 1), "{sort}");
            assert!(before.is_disjoint(&after));
        }
        let earlier = hub.customer(&openids[6]).await["last_seen_at"].as_i64().unwrap();
        assert_eq!(ids(&hub, &format!("seen_after={earlier}")).await.len(), 2);
        let ever = whole(&hub, "").await.iter().filter(|one| one["last_seen_at"].is_i64()).count();
        assert_eq!(ids(&hub, "seen_after=1").await.len(), ever, "whoever was ever seen, over several pages");
        hub.get("/customers?limit=0").await.refused(422, "invalid");
        hub.get("/customers?cursor=nonsense").await.refused(422, "invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_found_by_identity_by_name_and_by_what_they_said() {
    for hub in Hub::on_each_database().await {
        let (account, openids) = account_with(&hub, 12).await;
        let one = id(&hub.customer(&openids[0]).await);
        let patch = json!({ "name": "王小明 Ming", "phone": "138 0013 8000", "email": "Ming@Example.com" });
        hub.patch(&format!("/customers/{one}"), patch).await.expect(200);
        hub.says(&account, &openids[1], "请问咖啡豆多少钱？").await;
        let two = id(&hub.customer(&openids[1]).await);
        let found = async |query: &str| {
            let found = hub.get(&format!("/customers?query={query}")).await.expect(200);
            let items = found["items"].as_array().unwrap();
            items.iter().map(|item| (id(item), item["match"]["field"].as_str().unwrap().to_owned())).collect::<Vec<_>>()
        };
        for (query, field) in [
            (openids[0].as_str(), "openid"),
            (&openids[0][..openids[0].len() - 2], "openid"),
            ("13800138000", "phone"),
            ("1380013", "phone"),
            ("ming@example.com", "email"),
            ("小明", "name"),
            ("MIN", "name"),
            ("明", "name"),
        ] {
            assert_eq!(found(query).await.first(), Some(&(one.clone(), field.to_owned())), "{query}");
        }
        hub.until("what was said is in the index", async || (!found("咖啡豆").await.is_empty()).then_some(())).await;
        for query in ["咖啡豆", "豆", "多少钱", "请问 咖啡"] {
            assert_eq!(found(query).await, [(two.clone(), "message".to_owned())], "{query}");
        }
        assert_eq!(found("咖啡机").await, []);
        assert_eq!(found("%22%27*()%20OR").await, []);
        let elsewhere = hub.call(&hub.other, reqwest::Method::GET, "/customers?query=小明", None).await.expect(200);
        assert_eq!(elsewhere["items"], json!([]));
        assert_eq!(found(&format!("小明&account={}&status=left", account.id)).await, []);
        assert_eq!(found(&format!("小明&account={}&status=following", account.id)).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_kept_with_who_made_it_and_told_on_the_timeline() {
    for hub in Hub::on_each_database().await {
        let (_, openids) = account_with(&hub, 2).await;
        let path = format!("/customers/{}", id(&hub.customer(&openids[0]).await));
        hub.patch(&path, json!({ "phone": "13800138000", "city": "深圳", "gender": "female" })).await.expect(200);
        let page = hub.patch(&path, json!({ "phone": "13900139000", "city": null })).await.expect(200);
        assert_eq!(
            (page["phone"].as_str(), page["city"].as_str(), page["gender"].as_str()),
            (Some("13900139000"), None, Some("female"))
        );
        assert_eq!((&page["fields"]["city"]["value"], &page["fields"]["phone"]["by"]), (&Value::Null, &json!("tests")));
        let phones: Vec<&Value> =
            page["identities"].as_array().unwrap().iter().filter(|identity| identity["kind"] == "phone").collect();
        assert_eq!(phones.len(), 1);
        assert_eq!(phones[0]["value"], "13900139000");
        let changes = hub.get(&format!("{path}/timeline?kind=profile_change&channel=api")).await.expect(200);
        assert_eq!(changes["items"].as_array().unwrap().len(), 5, "{changes}");
        assert_eq!(
            hub.get(&format!("{path}/timeline?kind=profile_change&channel=console")).await.expect(200)["items"],
            json!([])
        );
        hub.patch(&path, json!({ "phone": "13900139000" })).await.expect(200);
        assert_eq!(
            hub.get(&format!("{path}/timeline?kind=profile_change")).await.expect(200)["items"]
                .as_array()
                .unwrap()
                .len(),
            5,
            "no change, no event"
        );

        // What a person types joins nobody: the number goes on leading to the first.
        let other = format!("/customers/{}", id(&hub.customer(&openids[1]).await));
        hub.patch(&other, json!({ "phone": "13900139000" })).await.expect(200);
        assert_eq!(hub.get("/customers").await.expect(200)["items"].as_array().unwrap().len(), 2);
        let both = hub.get("/customers?query=13900139000").await.expect(200);
        assert_eq!(both["items"].as_array().unwrap().len(), 2, "{both}");

        let wrong = hub.patch(&path, json!({ "email": "x", "birthday": "tomorrow" })).await.refused(422, "invalid");
        assert_eq!(wrong["errors"].as_array().unwrap().len(), 2);
        hub.patch(&path, json!({ "colour": "red" })).await.refused(422, "invalid");
        hub.call(&hub.other, reqwest::Method::PATCH, &path, Some(json!({ "name": "x" })))
            .await
            .refused(404, "not_found");
        hub.get("/customers/12").await.refused(404, "not_found");
    }
}
