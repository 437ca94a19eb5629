//! The wall between tenants, tested over every operation that the API document names (P24, T13).
//!
//! An operation that the lists here do not know fails the test, so that a new one cannot be forgotten.

mod bodies;

mod sides;

use std::time::Duration;

use futures::StreamExt;
use hongyan::access::{ACCESS, Access, access};
use kit::{Capability, Role};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    hub::{Hub, PASSWORD, Said},
    team::{Browser, add_person},
};
use bodies::{Payload, payload};
use sides::{CANARY, Side};

/// One operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
    /// Names of ids in the path, in order.
    places: Vec<String>,
    /// Names of query parameters.
    query: Vec<String>,
    has_body: bool,
}

async fn operations(hub: &Hub) -> Vec<Operation> {
    let answer = hub.http.get(format!("{}/api/openapi.json", hub.url)).send().await.expect("the hub answers");
    let document = Said::of(answer).await.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let named = |place: &str| {
                let all = operation["parameters"].as_array().into_iter().flatten();
                all.filter(|parameter| parameter["in"] == place)
                    .map(|parameter| parameter["name"].as_str().expect("a name").to_owned())
                    .collect::<Vec<_>>()
            };
            all.push(Operation {
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                places: path.split('{').skip(1).filter_map(|part| part.split('}').next()).map(str::to_owned).collect(),
                path: path.clone(),
                query: named("query"),
                has_body: !operation["requestBody"].is_null(),
            });
        }
    }
    assert!(all.len() > 50, "the document names {} operations", all.len());
    all
}

/// Who asks.
enum Asker<'a> {
    Nobody,
    Key(&'a str),
    Person(&'a Browser),
}

impl Operation {
    fn path(&self, id: impl Fn(usize, &str) -> String) -> String {
        self.places
            .iter()
            .enumerate()
            .fold(self.path.clone(), |path, (n, place)| path.replace(&format!("{{{place}}}"), &id(n, place)))
    }

    async fn send(&self, hub: &Hub, asker: &Asker<'_>, path: &str, body: Option<Payload>) -> Response {
        let request = hub.http.request(self.method.clone(), format!("{}{path}", hub.url));
        let request = match asker {
            Asker::Nobody => request,
            Asker::Key(key) => request.bearer_auth(key),
            Asker::Person(browser) => request.header("cookie", &browser.cookie).header("x-csrf-token", &browser.csrf),
        };
        let request = match body {
            None => request,
            Some(Payload::Json(body)) => request.json(&body),
            Some(Payload::Form) => request.multipart(sides::picture()),
        };
        request.send().await.expect("the hub answers")
    }

    /// The status, and what was said without what differs from request to request.
    async fn answer(
        &self,
        hub: &Hub,
        asker: &Asker<'_>,
        path: &str,
        body: Option<Payload>,
        hide: &[String],
    ) -> (u16, String) {
        let response = self.send(hub, asker, path, body).await;
        let status = response.status().as_u16();
        if self.id == "get_stream" {
            return (status, String::new());
        }
        let text = String::from_utf8_lossy(&response.bytes().await.expect("a whole answer")).into_owned();
        let mut value = serde_json::from_str::<Value>(&text).unwrap_or(Value::String(text));
        if let Some(map) = value.as_object_mut() {
            map.remove("trace_id");
        }
        let text = hide.iter().fold(value.to_string(), |text, id| text.replace(id, "#"));
        (status, without_rid(&text))
    }
}

/// WeChat numbers its refusals.
fn without_rid(text: &str) -> String {
    let mut parts = text.split("rid: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '-'))
}

/// An id that was never given out.
fn random_id(name: &str) -> String {
    let seed: i64 = name.bytes().map(i64::from).sum();
    (7_000_000_000_000_000 + seed).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn t13_every_operation_is_known_and_asks_who_is_there() {
    for hub in Hub::on_each_database().await {
        let mut people = Vec::new();
        for role in [Role::Viewer, Role::Operator] {
            let email = format!("{}@shop.example", role.as_str());
            add_person(&hub, &email, role.as_str()).await;
            people.push((role, Browser::sign_in(&hub, &email, PASSWORD).await.expect("signed in")));
        }
        let all = operations(&hub).await;
        for (name, _) in ACCESS {
            assert!(
                all.iter().any(|operation| operation.id == *name),
                "access.rs names {name}, and there is no such operation"
            );
        }
        for operation in all {
            let Some(who) = access(&operation.id) else {
                panic!("{} is in no list: add it to access.rs", operation.id)
            };
            let path = operation.path(|_, place| random_id(place));
            let body = || payload(&operation.id, operation.has_body, &|name| random_id(name));
            let status = async |asker: Asker<'_>| operation.send(&hub, &asker, &path, body()).await.status();

            let stranger = status(Asker::Nobody).await;
            assert_eq!(
                stranger == StatusCode::UNAUTHORIZED,
                who != Access::Public || operation.id == "create_session",
                "{} answered a stranger with {stranger}",
                operation.id
            );
            if who == Access::Public {
                continue;
            }
            for (role, browser) in &people {
                let may = match who {
                    Access::Needs(capability) => role.allows(capability),
                    _ => true,
                };
                if may && operation.id == "delete_session" {
                    continue;
                }
                let status = status(Asker::Person(browser)).await;
                let refused = status == StatusCode::FORBIDDEN || status == StatusCode::UNAUTHORIZED;
                assert_eq!(refused, !may, "{} answered a {} with {status}", operation.id, role.as_str());
                assert!(!status.is_server_error() || status == StatusCode::BAD_GATEWAY, "{}: {status}", operation.id);
            }
            keys(&hub, &operation, who, &path, &body).await;
        }
    }
}

/// A key may what its scopes say, and nothing about a person.
async fn keys(hub: &Hub, operation: &Operation, who: Access, path: &str, body: &impl Fn() -> Option<Payload>) {
    let make = async |scopes: Vec<Capability>| {
        let key = hub.post("/api_keys", json!({ "name": "scoped", "scopes": scopes })).await.expect(201);
        (key["key"].as_str().expect("the key").to_owned(), key["id"].as_str().expect("an id").to_owned())
    };
    let scopes = match who {
        Access::Needs(capability) => Capability::ALL.into_iter().filter(|scope| *scope != capability).collect(),
        _ => Capability::ALL.to_vec(),
    };
    let (key, id) = make(scopes).await;
    let status = operation.send(hub, &Asker::Key(&key), path, body()).await.status();
    match who {
        Access::Needs(_) => {
            assert_eq!(status, StatusCode::FORBIDDEN, "{} with a key for everything else", operation.id)
        }
        Access::Person => assert_eq!(status, StatusCode::UNAUTHORIZED, "{} with a key", operation.id),
        Access::SignedIn | Access::Public => assert!(status.is_success(), "{} with a key: {status}", operation.id),
    }
    hub.delete(&format!("/api_keys/{id}")).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn p24_another_tenants_things_are_as_absent_as_those_that_never_were() {
    for mut hub in Hub::on_each_database().await {
        let mine = Side::fill(&hub, "mine", "Mine").await;
        std::mem::swap(&mut hub.key, &mut hub.other);
        let theirs = Side::fill(&hub, "theirs", CANARY).await;
        std::mem::swap(&mut hub.key, &mut hub.other);
        let before = theirs.rows(&hub).await;
        assert!(before.contains(CANARY));
        let asker = Asker::Key(&hub.key);
        for operation in operations(&hub).await {
            if matches!(access(&operation.id), Some(Access::Public | Access::Person)) {
                continue;
            }
            for place in &operation.places {
                assert!(theirs.ids.contains_key(place.as_str()), "no test knows an id called {place:?}: see sides.rs");
            }
            let hide = || {
                mine.ids
                    .values()
                    .chain(theirs.ids.values())
                    .cloned()
                    .chain(theirs.ids.keys().map(|name| random_id(name)))
                    .collect::<Vec<_>>()
            };
            // Everything theirs; then mine but for the last id; then only what the body names.
            for own in 0..=operation.places.len() {
                let ask = async |foreign: &dyn Fn(&str) -> String| {
                    let path =
                        operation.path(|n, place| if n < own { mine.ids[place].clone() } else { foreign(place) });
                    let body = payload(&operation.id, operation.has_body, foreign);
                    let names_ids = matches!(&body, Some(Payload::Json(body)) if body.to_string().contains(&foreign("account")) || body.to_string().contains(&foreign("rule")) || body.to_string().contains(&foreign("media")));
                    if own == operation.places.len() && own > 0 && !names_ids {
                        return None;
                    }
                    Some(operation.answer(&hub, &asker, &path, body, &hide()).await)
                };
                let real = ask(&|name| theirs.ids.get(name).cloned().unwrap_or_else(|| random_id(name))).await;
                let never = ask(&random_id).await;
                let (Some((status, text)), Some((expected, never))) = (real, never) else { continue };
                assert!(!text.contains(CANARY), "{} told of another tenant: {text}", operation.id);
                if !operation.places.is_empty() || operation.has_body {
                    assert_eq!(status, expected, "{}: {text} / {never}", operation.id);
                    assert!(status < 500 || status == 502, "{}: {text}", operation.id);
                    assert!(
                        !(200..300).contains(&status) || own == operation.places.len(),
                        "{} succeeded with an id that is not there: {text}",
                        operation.id
                    );
                    // What is made anew has an id and a key of its own.
                    assert!(status == 201 || text == never, "{}: {text} / {never}", operation.id);
                }
            }
            query(&hub, &operation, &mine, &theirs).await;
        }
        assert_eq!(theirs.rows(&hub).await, before, "nothing of theirs changed");
    }
}

/// Ids and cursors in the query.
async fn query(hub: &Hub, operation: &Operation, mine: &Side, theirs: &Side) {
    let asker = Asker::Key(&hub.key);
    let own = operation.path(|_, place| mine.ids[place].clone());
    let hide: Vec<String> = theirs.ids.values().cloned().chain(theirs.ids.keys().map(|name| random_id(name))).collect();
    for name in operation.query.iter().filter(|_| operation.method == Method::GET) {
        match name.as_str() {
            "account" | "tag" => {
                let ask =
                    async |id: String| operation.answer(hub, &asker, &format!("{own}?{name}={id}"), None, &hide).await;
                let (real, never) = (ask(theirs.ids[name.as_str()].clone()).await, ask(random_id(name)).await);
                assert_eq!(real, never, "{} by {name}", operation.id);
                assert!(!real.1.contains(CANARY));
            }
            "query" => {
                for words in [CANARY, theirs.openid.as_str()] {
                    let (status, text) =
                        operation.answer(hub, &asker, &format!("{own}?query={words}"), None, &[]).await;
                    assert_eq!(status, 200, "{}: {text}", operation.id);
                    assert!(!text.contains(CANARY) && !text.contains(&theirs.openid), "{}: {text}", operation.id);
                }
            }
            "cursor" => {
                let place = operation.path(|_, place| theirs.ids[place].clone());
                let first =
                    operation.answer(hub, &Asker::Key(&hub.other), &format!("{place}?limit=1"), None, &[]).await;
                let cursor = serde_json::from_str::<Value>(&first.1)
                    .ok()
                    .and_then(|page| page["next_cursor"].as_str().map(str::to_owned));
                if let Some(cursor) = cursor {
                    let (_, text) = operation.answer(hub, &asker, &format!("{own}?cursor={cursor}"), None, &[]).await;
                    assert!(!text.contains(CANARY), "{} with their cursor: {text}", operation.id);
                }
            }
            "limit" | "status" | "sort" | "kind" | "channel" | "seen_after" | "seen_before" => {}
            other => panic!("{}: no test knows the query parameter {other:?}", operation.id),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p24_the_stream_tells_of_ones_own_tenant_and_ends_with_the_session() {
    for mut hub in Hub::on_each_database().await {
        let id = add_person(&hub, "listener@shop.example", "viewer").await;
        let browser = Browser::sign_in(&hub, "listener@shop.example", PASSWORD).await.expect("signed in");
        let request = hub.http.get(format!("{}/api/v1/stream", hub.url)).header("cookie", &browser.cookie);
        let response = request.send().await.expect("the hub answers");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(!response.headers().contains_key("content-encoding"), "a compressed stream comes late");
        let mut stream = response.bytes_stream();
        let first = tokio::time::timeout(Duration::from_secs(5), stream.next()).await.expect("something at once");
        assert!(first.expect("no end yet").expect("a chunk").starts_with(b": listening"));

        std::mem::swap(&mut hub.key, &mut hub.other);
        let theirs = hub.bind_direct().await;
        std::mem::swap(&mut hub.key, &mut hub.other);
        let mine = hub.bind_direct().await;
        let mut heard = String::new();
        while !(heard.contains(&mine.id) && heard.contains("event: account")) {
            let chunk = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.expect("told in time");
            heard.push_str(&String::from_utf8_lossy(&chunk.expect("no end yet").expect("a chunk")));
        }
        assert!(!heard.contains(&theirs.id), "{heard}");

        hub.patch(&format!("/people/{id}"), json!({ "disabled": true })).await.expect(200);
        let ended = async { while let Some(Ok(_)) = stream.next().await {} };
        tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the stream ends when the session does");
    }
}
