//! The wall between tenants, tested over every operation that the API document names (P24, T13).
//!
//! An operation that the lists here do not know fails the test, so that a new one cannot be forgotten.

mod bodies;

mod sides;

use std::{collections::BTreeSet, time::Duration};

use futures::StreamExt;
use hongyan::access::{ACCESS, Access, access};
use kit::{Capability, Role};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    hub::{Hub, PASSWORD, Said},
    team::{Browser, add_person},
};
use bodies::{Payload, id_places, payload, payloads, places_of};
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
    /// Places of ids in the body, in order: `.answers[].media_id`.
    body_ids: BTreeSet<String>,
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
            let mut body_ids = BTreeSet::new();
            for content in operation["requestBody"]["content"].as_object().into_iter().flatten() {
                id_places(&document, &content.1["schema"], "", &[], &mut body_ids);
            }
            all.push(Operation {
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                places: path.split('{').skip(1).filter_map(|part| part.split('}').next()).map(str::to_owned).collect(),
                path: path.clone(),
                query: named("query"),
                has_body: !operation["requestBody"].is_null(),
                body_ids,
            });
        }
    }
    assert!(all.len() > 50, "the document names {} operations", all.len());
    let ids: usize = all.iter().map(|operation| operation.places.len() + operation.body_ids.len()).sum();
    assert!(ids > 50, "the document names {ids} places of ids");
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

/// Everybody of one tenant who can ask.
struct Askers {
    owner: Browser,
    operator: Browser,
    viewer: Browser,
}

impl Askers {
    async fn of(hub: &Hub) -> Askers {
        let sign_in = async |role: &str| {
            let email = format!("asks-as-{role}@shop.example");
            add_person(hub, &email, role).await;
            Browser::sign_in(hub, &email, PASSWORD).await.expect("signed in")
        };
        Askers { owner: sign_in("owner").await, operator: sign_in("operator").await, viewer: sign_in("viewer").await }
    }

    /// Those who ask for this operation, with a key that may do this and nothing else.
    fn all<'a>(&'a self, hub: &'a Hub, scoped: Option<&'a str>) -> Vec<(&'static str, Asker<'a>)> {
        let mut all = vec![
            ("an owner's key", Asker::Key(&hub.key)),
            ("an owner", Asker::Person(&self.owner)),
            ("an operator", Asker::Person(&self.operator)),
            ("a viewer", Asker::Person(&self.viewer)),
        ];
        all.extend(scoped.map(|key| ("a key for this alone", Asker::Key(key))));
        all
    }
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
        let askers = Askers::of(&hub).await;
        let hide: Vec<String> = mine
            .ids
            .values()
            .chain(theirs.ids.values())
            .cloned()
            .chain(theirs.ids.keys().map(|name| random_id(name)))
            .collect();
        let mut asked = 0;
        for operation in operations(&hub).await {
            let who = access(&operation.id);
            // About themselves: there is no id in it, and it is asked with sessions by other tests.
            if matches!(who, Some(Access::Public | Access::Person)) {
                assert!(operation.places.is_empty() && operation.body_ids.is_empty(), "{}", operation.id);
                continue;
            }
            for place in &operation.places {
                assert!(theirs.ids.contains_key(place.as_str()), "no test knows an id called {place:?}: see sides.rs");
            }
            let foreign = |name: &str| theirs.ids.get(name).cloned().unwrap_or_else(|| random_id(name));
            let own = |name: &str| mine.ids.get(name).cloned().unwrap_or_else(|| random_id(name));
            every_place_is_tried(&operation, &foreign, &own, &theirs);
            let scoped = match who {
                Some(Access::Needs(capability)) => {
                    let body = json!({ "name": "for this alone", "scopes": [capability] });
                    Some(hub.post("/api_keys", body).await.expect(201)["key"].as_str().expect("the key").to_owned())
                }
                _ => None,
            };
            for (name, asker) in askers.all(&hub, scoped.as_deref()) {
                if operation.id == "delete_session" && matches!(asker, Asker::Person(_)) {
                    continue;
                }
                asked += foreign_or_random(&hub, &operation, (name, &asker), &hide, &foreign, &own).await;
            }
            query(&hub, &operation, &mine, &theirs).await;
        }
        println!("{asked} questions were asked twice, with another tenant's ids and with random ones");
        assert_eq!(theirs.rows(&hub).await, before, "nothing of theirs changed");
    }
}

/// A place of an id that no body of ours fills would never be tried.
fn every_place_is_tried(
    operation: &Operation,
    foreign: &dyn Fn(&str) -> String,
    own: &dyn Fn(&str) -> String,
    theirs: &Side,
) {
    let mut tried = BTreeSet::new();
    for body in payloads(&operation.id, operation.has_body, foreign, own) {
        let Payload::Json(body) = body else { continue };
        theirs.ids.values().for_each(|id| places_of(id, &body, "", &mut tried));
    }
    let missed: Vec<_> = operation.body_ids.difference(&tried).collect();
    assert!(missed.is_empty(), "{} takes ids that no test hands it: {missed:?}: see bodies.rs", operation.id);
}

/// Asks with another tenant's ids and with ids that never were: everything theirs; then mine but for the last id;
/// then only what the body names. How many questions.
async fn foreign_or_random(
    hub: &Hub,
    operation: &Operation,
    (name, asker): (&str, &Asker<'_>),
    hide: &[String],
    foreign: &dyn Fn(&str) -> String,
    own: &dyn Fn(&str) -> String,
) -> usize {
    let bodies = |id: &dyn Fn(&str) -> String| payloads(&operation.id, operation.has_body, id, own);
    let mut asked = 0;
    for n in 0..bodies(foreign).len().max(1) {
        for kept in 0..=operation.places.len() {
            if kept == operation.places.len() && kept > 0 && operation.body_ids.is_empty() {
                continue;
            }
            let ask = async |id: &dyn Fn(&str) -> String| {
                let path = operation.path(|at, place| if at < kept { own(place) } else { id(place) });
                operation.answer(hub, asker, &path, bodies(id).into_iter().nth(n), hide).await
            };
            let ((status, text), (expected, never)) = (ask(foreign).await, ask(&random_id).await);
            asked += 1;
            let what = format!("{} asked by {name}", operation.id);
            assert!(!text.contains(CANARY), "{what} told of another tenant: {text}");
            if operation.places.is_empty() && !operation.has_body {
                continue;
            }
            assert_eq!(status, expected, "{what}: {text} / {never}");
            assert!(status < 500 || status == 502, "{what}: {text}");
            assert!(
                !(200..300).contains(&status) || kept == operation.places.len(),
                "{what} succeeded with an id that is not there: {text}"
            );
            // What is made anew has an id and a key of its own.
            assert!(status == 201 || text == never, "{what}: {text} / {never}");
        }
    }
    asked
}

/// Ids and cursors in the query.
async fn query(hub: &Hub, operation: &Operation, mine: &Side, theirs: &Side) {
    let asker = Asker::Key(&hub.key);
    let own = operation.path(|_, place| mine.ids[place].clone());
    let hide: Vec<String> = theirs.ids.values().cloned().chain(theirs.ids.keys().map(|name| random_id(name))).collect();
    for name in &operation.query {
        if operation.method != Method::GET {
            let harmless = ["confirm", "at_wechat", "idx"].contains(&name.as_str());
            assert!(harmless, "{}: only what is read is asked for by a query", operation.id);
            continue;
        }
        match name.as_str() {
            "account" | "tag" | "customer" | "batch" | "campaign" => {
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
            "from" | "to" | "month" | "limit" | "status" | "state" | "sort" | "kind" | "channel" | "seen_after"
            | "category" | "start" | "title" | "seen_before" | "undecided" | "service" | "due_after" | "due_before"
            | "folder" | "format" | "size" | "assigned" | "only" | "address" | "elected" | "begin" | "idx"
            | "in_doubt" | "at" | "material" | "offset" => {}
            other => panic!("{}: no test knows the query parameter {other:?}", operation.id),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t13_a_session_or_key_that_was_ended_opens_no_operation() {
    for hub in Hub::on_each_database().await {
        let sign_in = async |name: &str| {
            let email = format!("{name}@shop.example");
            let id = add_person(&hub, &email, "owner").await;
            (id, Browser::sign_in(&hub, &email, PASSWORD).await.expect("signed in"))
        };
        let ((_, left), (disabled_id, disabled), (removed_id, removed)) =
            (sign_in("left").await, sign_in("disabled").await, sign_in("removed").await);
        left.call(Method::DELETE, "/api/v1/session", None).await.expect(204);
        hub.patch(&format!("/people/{disabled_id}"), json!({ "disabled": true })).await.expect(200);
        hub.delete(&format!("/people/{removed_id}")).await.expect(204);
        let key = hub.post("/api_keys", json!({ "name": "gone", "scopes": Capability::ALL })).await.expect(201);
        hub.delete(&format!("/api_keys/{}", key["id"].as_str().expect("an id"))).await.expect(204);
        let key = key["key"].as_str().expect("the key");
        let ended = [
            ("a session that was left", Asker::Person(&left)),
            ("the session of somebody disabled", Asker::Person(&disabled)),
            ("the session of somebody removed", Asker::Person(&removed)),
            ("a key that was deleted", Asker::Key(key)),
        ];
        for operation in operations(&hub).await {
            if access(&operation.id) == Some(Access::Public) {
                continue;
            }
            let path = operation.path(|_, place| random_id(place));
            for (name, asker) in &ended {
                let body = payload(&operation.id, operation.has_body, &|name| random_id(name));
                let status = operation.send(&hub, asker, &path, body).await.status();
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{} with {name}", operation.id);
            }
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
