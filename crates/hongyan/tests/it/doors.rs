//! What every answer carries: the content policy, request ids, problems; and that no secret is in any of it.

use std::sync::{Arc, Mutex, OnceLock};

use reqwest::Method;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::hub::{Hub, Said};

#[tokio::test(flavor = "multi_thread")]
async fn p26_pages_allow_only_their_own_scripts() {
    for hub in Hub::on_each_database().await {
        let mut nonces = Vec::new();
        for path in ["/api/docs", "/api/docs", "/", "/customers/1"] {
            let page = hub.http.get(format!("{}{path}", hub.url)).send().await.expect("the hub answers");
            if page.status() == 404 && path != "/api/docs" {
                // The console is not built here; then its page says so, without markup.
                assert!(page.headers()["content-type"].to_str().expect("text").starts_with("text/plain"));
                continue;
            }
            let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
            let nonce =
                policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
            let expected = format!(
                "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; connect-src 'self'; \
                 object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
            );
            assert_eq!(policy, expected);
            assert_eq!(page.headers()["cache-control"], "no-store", "a nonce is for one page");
            let text = page.text().await.expect("a page");
            assert!(text.contains(&nonce) && !text.contains("__CSP_NONCE__") && !text.contains("__NONCE__"));
            assert!(
                !text.contains("http://") && !text.contains("https://"),
                "a page that sends the browser elsewhere: {path}"
            );
            nonces.push(nonce);
        }
        nonces.sort();
        let all = nonces.len();
        nonces.dedup();
        assert_eq!(nonces.len(), all, "every page has a nonce of its own");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_carry_their_id_and_say_that_they_are_what_they_say() {
    for hub in Hub::on_each_database().await {
        let get = async |path: &str, id: &str| {
            hub.http.get(format!("{}{path}", hub.url)).header("x-request-id", id).send().await.expect("the hub answers")
        };
        let answer = get("/api/v1/nothing", "my-id.7").await;
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["x-request-id"].to_str().expect("text")),
            (404, "my-id.7")
        );
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem = Said::of(answer).await.refused(404, "not_found");
        assert_eq!(problem["trace_id"], "my-id.7");
        let strange = get("/api/v1/nothing", "<script>").await;
        assert_ne!(strange.headers()["x-request-id"], "<script>");
        assert_eq!(get("/assets/none.js", "a").await.status(), 404, "a page in place of a script would be run");
        assert_eq!(get("/healthz", "a").await.status(), 200);
        assert_eq!(Said::of(get("/readyz", "a").await).await.expect(200)["ready"], true);
        let wrong = hub
            .http
            .delete(format!("{}/api/v1/home", hub.url))
            .bearer_auth(&hub.key)
            .send()
            .await
            .expect("the hub answers");
        assert_eq!(
            (wrong.status().as_u16(), wrong.headers()["content-type"].to_str().expect("text")),
            (405, "application/problem+json")
        );
        let large = json!({ "name": "x".repeat(2 << 20) });
        hub.post("/tags", large).await.refused(413, "too_large");
        let counted = hub.http.get(format!("{}/metrics", hub.url)).send().await.expect("the hub answers");
        assert!(counted.text().await.expect("text").contains("hongyan_http_requests_total"));
        let afar = hub
            .http
            .get(format!("{}/metrics", hub.url))
            .header("x-forwarded-for", "8.8.8.8")
            .send()
            .await
            .expect("the hub answers");
        assert_eq!(afar.status(), 401, "only this machine sees the counters");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_the_same_every_time_and_what_the_tool_prints() {
    for hub in Hub::on_each_database().await {
        let answer = hub.http.get(format!("{}/api/openapi.json", hub.url)).send().await.expect("the hub answers");
        let served = answer.text().await.expect("text");
        assert_eq!(served, hongyan::document_text());
        assert_eq!(served, hongyan::document_text());
        let document: Value = serde_json::from_str(&served).expect("JSON");
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#/").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()) {
            assert!(document.pointer(&format!("/{reference}")).is_some(), "{reference} leads nowhere");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_no_operation_can_read_is_refused_in_the_envelope() {
    const BODIES: [(&str, &str); 5] = [
        ("application/json", ""),
        ("application/json", "{\"a"),
        ("application/json", "[7]"),
        ("text/plain", "a=1"),
        ("multipart/form-data", "--"),
    ];
    for hub in Hub::on_each_database().await {
        let document: Value = serde_json::from_str(&hongyan::document_text()).expect("JSON");
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, methods)| {
            methods.as_object().expect("methods").keys().map(move |method| (path.as_str(), method.to_uppercase()))
        });
        let mut refused = 0;
        for (path, method) in operations.filter(|(_, method)| method != "GET") {
            let filled: Vec<&str> =
                path.split('/').map(|part| if part.starts_with('{') { "77" } else { part }).collect();
            let url = format!("{}{}", hub.url, filled.join("/"));
            for (content_type, body) in BODIES {
                let answer = hub
                    .http
                    .request(method.parse().expect("a method"), &url)
                    .bearer_auth(&hub.key)
                    .header("content-type", content_type)
                    .body(body)
                    .send()
                    .await
                    .expect("the hub answers");
                let (status, what) = (answer.status(), format!("{method} {path} with {content_type} {body:?}"));
                assert!(!status.is_server_error(), "{what}: {status}");
                if status.is_client_error() {
                    let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
                    assert_eq!(kind, Some("application/problem+json"), "{what}: {status}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 100, "only {refused} were refused");
    }
}

/// Everything that is logged by anybody in this process.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no writer panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Heard {
    type Writer = Heard;
    fn make_writer(&'a self) -> Heard {
        self.clone()
    }
}

fn listen() -> Heard {
    static HEARD: OnceLock<Heard> = OnceLock::new();
    HEARD
        .get_or_init(|| {
            let heard = Heard::default();
            let filter = "info,hongyan=trace,features=trace,entities=trace,kit=trace,jobs=trace,store=trace,wechat_client=trace,reqwest=trace,wechat_sandbox=off";
            let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(heard.clone()).finish();
            tracing::subscriber::set_global_default(subscriber).expect("nobody else listens in this process");
            heard
        })
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn p25_secrets_go_in_and_never_out() {
    let heard = listen();
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let at_wechat = hub.wechat(Method::GET, "/state", Value::Null).await.expect(200);
        let there = at_wechat["accounts"]
            .as_array()
            .expect("accounts")
            .iter()
            .find(|there| there["appid"] == account.app_id.as_str())
            .expect("the account")
            .clone();
        let mut secrets: Vec<String> = ["appsecret", "token", "encoding_aes_key"]
            .iter()
            .map(|name| there[name].as_str().expect("a secret").to_owned())
            .collect();
        for name in ["appsecret", "token", "encoding_aes_key"] {
            secrets.push(at_wechat["component"][name].as_str().expect("a secret").to_owned());
        }
        secrets.push(hub.key.clone());
        secrets.push(crate::hub::PASSWORD.to_owned());
        assert!(secrets.iter().all(|secret| secret.len() >= 8), "a short secret is in everything");

        let fan = hub.fans(&account, 2).await.remove(0);
        hub.says(&account, &fan, "hello").await;
        hub.post(&format!("/accounts/{}/check", account.id), json!({})).await.expect(200);
        // Refusals on the way, where addresses and bodies like to turn up.
        hub.fault("/cgi-bin/user/info/batchget", json!({ "kind": "http_5xx" }), 1).await;
        hub.post(&format!("/accounts/{}/import", account.id), json!({})).await;
        let mut wrong = json!({ "mode": "direct", "app_id": account.app_id, "token": there["token"], "encoding_aes_key": there["encoding_aes_key"], "encryption": "safe" });
        wrong["app_secret"] = there["appsecret"].clone();
        let mut said = vec![hub.post("/accounts", wrong.clone()).await.body.to_string()];
        wrong["app_secret"] = json!(42);
        said.push(hub.post("/accounts", wrong).await.body.to_string());
        said.push(
            hub.patch(
                &format!("/accounts/{}", account.id),
                json!({ "app_secret": there["appsecret"], "encoding_aes_key": "short" }),
            )
            .await
            .body
            .to_string(),
        );

        let document: Value = serde_json::from_str(&hongyan::document_text()).expect("JSON");
        for (path, item) in document["paths"].as_object().expect("paths") {
            if item["get"].is_null() || path.contains("/stream") {
                continue;
            }
            let path = path.replace("{account}", &account.id).replace("/api/v1", "");
            if !path.contains('{') {
                said.push(hub.get(&path).await.body.to_string());
            }
        }
        said.push(
            hub.http
                .get(format!("{}/metrics", hub.url))
                .send()
                .await
                .expect("the hub answers")
                .text()
                .await
                .expect("text"),
        );
        hub.running.run_jobs().await.expect("jobs run");
        let logged = String::from_utf8_lossy(&heard.0.lock().expect("no writer panics")).into_owned();
        assert!(!logged.is_empty(), "the log is heard");
        for secret in &secrets {
            assert!(said.iter().all(|text| !text.contains(secret.as_str())), "a secret was answered");
            assert!(!logged.contains(secret.as_str()), "a secret was logged");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_reader_sees_is_of_one_instant_whatever_is_written_meanwhile() {
    for hub in Hub::on_each_database().await {
        let store = hub.running.ctx().store();
        let names = || store::sql("select count(*) from leases where name = 'written meanwhile'");
        let reader = store.read().await.unwrap();
        assert_eq!(reader.scalar::<i64>(names()).await.unwrap(), Some(0));
        let writer = store.write().await.unwrap();
        let write =
            store::sql("insert into leases (name, holder, expires_at) values ('written meanwhile', 'a test', 0)");
        writer.execute(write).await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(reader.scalar::<i64>(names()).await.unwrap(), Some(0), "{:?}", hub.engine);
        drop(reader);
        assert_eq!(store.read().await.unwrap().scalar::<i64>(names()).await.unwrap(), Some(1));
    }
}

#[tokio::test]
async fn p22_a_process_that_stands_still_in_a_transaction_on_postgresql_does_not_finish_it() {
    for hub in Hub::on_each_database().await {
        if hub.engine == store::Engine::Sqlite {
            continue;
        }
        let store = hub.running.ctx().store();
        let writer = store.write().await.unwrap();
        let write = store::sql("insert into leases (name, holder, expires_at) values ('stood still', 'a test', 0)");
        writer.execute(write).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(9)).await;
        assert!(writer.commit().await.is_err());
        let count = store::sql("select count(*) from leases where name = 'stood still'");
        assert_eq!(store.read().await.unwrap().scalar::<i64>(count).await.unwrap(), Some(0));
    }
}
