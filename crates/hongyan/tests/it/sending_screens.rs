//! The ledger as people look at it: filters, counts, and what home says of sends.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    hub::Hub,
    ledger::{account, begin, settled},
};

const SEND: &str = "/cgi-bin/message/template/send";

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_filtered_and_counted_by_state_way_customer_and_time() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 1).await;
        let openid = hub.openids(&account).await.remove(0);
        let customer = hub.customer(&openid).await["id"].as_str().expect("an id").to_owned();
        let sent = settled(&hub, &begin(&hub, &account, &template).await).await;
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 43004 }), 1).await;
        let refused = settled(&hub, &begin(&hub, &account, &template).await).await;
        assert_eq!(refused["state"], "refused");
        hub.says(&account, &openid, "hello").await;
        let said = json!({ "content": { "type": "text", "text": "hi" } });
        let said = hub.post(&format!("/customers/{customer}/messages"), said).await.expect(201);
        settled(&hub, &said).await;

        let listed = async |query: &str| -> usize {
            let page = hub.get(&format!("/sends?{query}")).await.expect(200);
            let named =
                |send: &Value| send["customer"]["display_name"].is_string() && send["customer"]["id"] == customer;
            assert!(page["items"].as_array().unwrap().iter().all(named), "{page}");
            page["items"].as_array().unwrap().len()
        };
        let counted = async |query: &str| hub.get(&format!("/sends/counts?{query}")).await.expect(200);
        assert_eq!(listed("").await, 3);
        assert_eq!(counted("").await, json!({ "states": { "sent": 2, "refused": 1 }, "more": false }));
        assert_eq!(listed("service=template").await, 2);
        assert_eq!(listed("service=custom").await, 1);
        assert_eq!(counted("service=template").await["states"], json!({ "sent": 1, "refused": 1 }));
        assert_eq!(listed(&format!("customer={customer}&state=sent")).await, 2);
        let due = sent["due_at"].as_i64().expect("an instant");
        assert_eq!(listed(&format!("due_after={due}&due_before={}", due + 1)).await, 1);
        assert_eq!(listed(&format!("due_before={due}")).await, 0);
        assert_eq!(counted(&format!("account={}", account.id)).await["states"]["sent"], 2);
        hub.get("/sends?state=lost").await.refused(422, "invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn home_leads_to_what_is_in_doubt_to_closed_ways_and_to_a_pause() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 1).await;
        let openid = hub.openids(&account).await.remove(0);
        let customer = hub.customer(&openid).await["id"].as_str().expect("an id").to_owned();
        hub.says(&account, &openid, "hello").await;
        hub.fault("/cgi-bin/message/custom/send", json!({ "kind": "drop_after" }), 1).await;
        let said = json!({ "content": { "type": "text", "text": "hi" } });
        let said = hub.post(&format!("/customers/{customer}/messages"), said).await.expect(201);
        assert_eq!(settled(&hub, &said).await["state"], "unknown");
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 45009 }), 1).await;
        begin(&hub, &account, &template).await;
        hub.until("the way is closed", async || {
            let sending = hub.get("/sending").await.expect(200);
            (sending["gates"].as_array().unwrap().len() == 1).then_some(())
        })
        .await;
        let needs = async |query: &str| -> Vec<Value> {
            hub.get(&format!("/home{query}")).await.expect(200)["needs"].as_array().expect("needs").clone()
        };
        let need = |needs: &[Value], code: &str| needs.iter().find(|need| need["code"] == code).cloned();
        let all = needs("").await;
        let unknown = need(&all, "sends_unknown").expect("what is in doubt");
        assert_eq!((&unknown["link"], &unknown["params"]["count"]), (&json!("/sends?show=doubt"), &json!(1)));
        let gate = need(&all, "gate_closed").expect("a closed way");
        assert_eq!(gate["link"], format!("/sends?show=ways&account={}", account.id));
        assert_eq!((&gate["params"]["service"], &gate["params"]["errcode"]), (&json!("template"), &json!(45009)));
        let wait = hub.get(&format!("/customers/{customer}/reach")).await.expect(200)["accounts"][0]["ways"][1].clone();
        assert_eq!((&wait["may"], &wait["waits"]["code"]), (&json!(true), &json!("gate_closed")), "{wait}");
        let one = needs(&format!("?account={}", account.id)).await;
        assert!(need(&one, "sends_unknown").is_some_and(|need| need["link"].as_str().unwrap().contains(&account.id)));
        let other = hub.bind_direct().await;
        let none = needs(&format!("?account={}", other.id)).await;
        assert!(need(&none, "sends_unknown").is_none() && need(&none, "gate_closed").is_none());

        hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        let open = json!({ "service": "template" });
        hub.post(&format!("/accounts/{}/gates/open", account.id), open).await.expect(200);
        hub.post(&format!("/sends/{}/leave", said["id"].as_str().unwrap()), json!({})).await.expect(200);
        let left = needs("").await;
        assert!(need(&left, "sends_unknown").is_none() && need(&left, "gate_closed").is_none(), "{left:?}");
    }
}
