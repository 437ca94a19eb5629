//! A POST that is repeated with its key is done once (P4).

use std::collections::HashSet;

use futures::future::join_all;
use reqwest::{Response, multipart};
use serde_json::{Value, json};

use super::{
    articles::png,
    hub::{Hub, Said},
};

async fn post(hub: &Hub, key: &str, idempotency: &str, path: &str, body: &Value) -> Response {
    let request = hub
        .http
        .post(format!("{}/api/v1{path}", hub.url))
        .bearer_auth(key)
        .header("idempotency-key", idempotency)
        .json(body);
    request.send().await.expect("the hub answers")
}

async fn how_many(hub: &Hub, path: &str, name: &str) -> usize {
    let list = hub.get(path).await.expect(200);
    list["items"].as_array().expect("items").iter().filter(|item| item["name"] == name).count()
}

#[tokio::test]
async fn p4_a_repeated_post_is_done_once_and_answered_the_same() {
    for hub in Hub::on_each_database().await {
        let body = json!({ "name": "Regulars" });
        let first = post(&hub, &hub.key, "k1", "/tags", &body).await;
        assert_eq!(first.status(), 201);
        let first = first.bytes().await.expect("a body");
        let second = post(&hub, &hub.key, "k1", "/tags", &body).await;
        assert_eq!(
            (second.status().as_u16(), second.headers()["idempotency-replayed"].to_str().expect("text")),
            (201, "true")
        );
        assert_eq!(second.headers()["content-type"], "application/json");
        assert_eq!(second.bytes().await.expect("a body"), first, "to the byte");
        assert_eq!(how_many(&hub, "/tags", "Regulars").await, 1);
    }
}

#[tokio::test]
async fn p4_fifty_at_once_with_one_key_make_one() {
    for hub in Hub::on_each_database().await {
        let body = json!({ "name": "Once", "scopes": ["accounts:read"] });
        let answers = join_all((0..50).map(|_| post(&hub, &hub.key, "many", "/api_keys", &body))).await;
        let mut bodies = HashSet::new();
        for answer in answers {
            assert_eq!(answer.status(), 201);
            bodies.insert(answer.text().await.expect("a body"));
        }
        assert_eq!(bodies.len(), 1, "all were answered the same");
        assert_eq!(how_many(&hub, "/api_keys", "Once").await, 1);
    }
}

#[tokio::test]
async fn p4_a_key_is_for_one_body_one_path_and_one_tenant() {
    for hub in Hub::on_each_database().await {
        post(&hub, &hub.key, "k", "/tags", &json!({ "name": "One" })).await.error_for_status().expect("made");
        Said::of(post(&hub, &hub.key, "k", "/tags", &json!({ "name": "Two" })).await)
            .await
            .refused(422, "idempotency_reused");
        assert_eq!(
            post(&hub, &hub.other, "k", "/tags", &json!({ "name": "Two" })).await.status(),
            201,
            "another tenant's key is another key"
        );
        let key = json!({ "name": "Two", "scopes": ["accounts:read"] });
        assert_eq!(
            post(&hub, &hub.key, "k", "/api_keys", &key).await.status(),
            201,
            "another path is another operation"
        );
        Said::of(post(&hub, "hy_unknown", "k", "/tags", &json!({ "name": "One" })).await)
            .await
            .refused(401, "unauthenticated");
    }
}

#[tokio::test]
async fn p4_a_file_that_is_sent_again_is_the_same_however_its_form_is_parted() {
    // Each form has a boundary of its own.
    let send = async |hub: &Hub, name: &str, bytes: &[u8]| {
        let file = multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let form = multipart::Form::new().text("kind", "image").part("file", file);
        let request = hub.http.post(format!("{}/api/v1/media", hub.url)).bearer_auth(&hub.key);
        let said = request.header("idempotency-key", "file").multipart(form).send().await;
        Said::of(said.expect("the hub answers")).await
    };
    let picture = png();
    for hub in Hub::on_each_database().await {
        let first = send(&hub, "a.png", &picture).await.expect(201);
        assert_eq!(send(&hub, "a.png", &picture).await.expect(201)["id"], first["id"]);
        send(&hub, "b.png", &picture).await.refused(422, "idempotency_reused");
        let mut other = picture.clone();
        other.push(0);
        send(&hub, "a.png", &other).await.refused(422, "idempotency_reused");
        let all = hub.get("/media?kind=image").await.expect(200);
        assert_eq!(all["items"].as_array().expect("items").len(), 1, "{all}");
    }
}

#[tokio::test]
async fn p4_a_request_that_failed_leaves_its_key_free() {
    for hub in Hub::on_each_database().await {
        assert_eq!(post(&hub, &hub.key, "again", "/tags", &json!({ "name": "" })).await.status(), 422);
        assert_eq!(post(&hub, &hub.key, "again", "/tags", &json!({ "name": "Better" })).await.status(), 201);
        assert_eq!(how_many(&hub, "/tags", "Better").await, 1);
    }
}

#[tokio::test]
async fn p25_the_kept_answer_of_a_new_key_is_sealed() {
    for hub in Hub::on_each_database().await {
        let made = Said::of(
            post(&hub, &hub.key, "sealed", "/api_keys", &json!({ "name": "Secret", "scopes": ["accounts:read"] }))
                .await,
        )
        .await
        .expect(201);
        let word = made["key"].as_str().expect("the key");
        let tx = hub.running.ctx().store().read().await.expect("a transaction");
        let kept: Vec<String> = tx
            .scalars(store::sql("select answer from idempotency_keys where key = ?").bind("sealed"))
            .await
            .expect("rows");
        assert_eq!(kept.len(), 1);
        assert!(!kept[0].is_empty() && !kept[0].contains(word));
    }
}

#[test]
fn p4_the_description_names_the_key_at_every_post_that_takes_it() {
    let document: Value = serde_json::from_str(&hongyan::document_text()).expect("JSON");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let keys: Vec<_> = parameters.iter().filter(|one| one["name"] == "Idempotency-Key").collect();
            let takes = method == "post" && path != "/api/v1/session" && path != "/api/v1/setup";
            assert_eq!(keys.len(), usize::from(takes), "{method} {path}");
            let shape = |key: &&Value| (key["in"].clone(), key["required"].clone(), key["schema"]["maxLength"].clone());
            assert!(keys.iter().all(|key| shape(key) == (json!("header"), json!(false), json!(200))), "{keys:?}");
        }
    }
}
