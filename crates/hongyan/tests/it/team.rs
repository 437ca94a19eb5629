//! Signing in, staying in, being shut out (P29, T23).

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use super::hub::{EMAIL, Hub, PASSWORD, Said, cookie};

/// Somebody at a browser.
pub struct Browser {
    pub cookie: String,
    pub csrf: String,
    http: reqwest::Client,
    url: String,
}

impl Browser {
    pub async fn sign_in(hub: &Hub, email: &str, password: &str) -> Result<Browser, Said> {
        let answer = hub
            .http
            .post(format!("{}/api/v1/session", hub.url))
            .json(&json!({ "email": email, "password": password }))
            .send()
            .await
            .expect("the hub answers");
        if answer.status() != StatusCode::CREATED {
            return Err(Said::of(answer).await);
        }
        let cookie = cookie(&answer);
        let me = Said::of(answer).await.body;
        Ok(Browser {
            cookie,
            csrf: me["csrf_token"].as_str().expect("a token").to_owned(),
            http: hub.http.clone(),
            url: hub.url.clone(),
        })
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Said {
        Said::of(self.send(method, path, body, Some(&self.csrf)).await).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>, csrf: Option<&str>) -> reqwest::Response {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).header("cookie", &self.cookie);
        if let Some(csrf) = csrf {
            request = request.header("x-csrf-token", csrf);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.expect("the hub answers")
    }

    async fn is_in(&self) -> bool {
        self.call(Method::GET, "/api/v1/session", None).await.status == StatusCode::OK
    }
}

/// Adds a person to tenant one; their id.
pub async fn add_person(hub: &Hub, email: &str, role: &str) -> String {
    let body = json!({ "name": "Somebody", "email": email, "role": role, "password": PASSWORD });
    hub.post("/people", body).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

async fn headers(hub: &Hub) -> HeaderMap {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    hub.http
        .post(format!("{}/api/v1/session", hub.url))
        .json(&body)
        .send()
        .await
        .expect("the hub answers")
        .headers()
        .clone()
}

#[tokio::test]
async fn the_hub_is_set_up_once() {
    for hub in Hub::on_each_database().await {
        let again = json!({ "tenant_name": "Mine now", "name": "Eve", "email": "eve@x.example", "password": PASSWORD, "language": "en-US" });
        let answer =
            hub.http.post(format!("{}/api/v1/setup", hub.url)).json(&again).send().await.expect("the hub answers");
        Said::of(answer).await.refused(409, "set_up_already");
        let state = hub.http.get(format!("{}/api/v1/setup", hub.url)).send().await.expect("the hub answers");
        assert_eq!(Said::of(state).await.expect(200)["needed"], false);
    }
}

#[tokio::test]
async fn p29_whoever_is_shut_out_is_out_with_the_next_request() {
    for hub in Hub::on_each_database().await {
        for (n, change) in
            [json!({ "role": "viewer" }), json!({ "disabled": true }), json!({ "password": "another good password" })]
                .into_iter()
                .enumerate()
        {
            let email = format!("p{n}@shop.example");
            let id = add_person(&hub, &email, "operator").await;
            let phone = Browser::sign_in(&hub, &email, PASSWORD).await.expect("signed in");
            let desk = Browser::sign_in(&hub, &email, PASSWORD).await.expect("signed in");
            assert!(phone.is_in().await && desk.is_in().await);
            hub.patch(&format!("/people/{id}"), change.clone()).await.expect(200);
            assert!(!phone.is_in().await && !desk.is_in().await, "{change}");
        }
        let id = add_person(&hub, "gone@shop.example", "operator").await;
        let browser = Browser::sign_in(&hub, "gone@shop.example", PASSWORD).await.expect("signed in");
        hub.delete(&format!("/people/{id}")).await.expect(204);
        assert!(!browser.is_in().await);
        Browser::sign_in(&hub, "gone@shop.example", PASSWORD)
            .await
            .err()
            .expect("removed")
            .refused(401, "unauthenticated");
    }
}

#[tokio::test]
async fn p29_a_new_password_ends_every_session_but_the_one_that_chose_it() {
    for hub in Hub::on_each_database().await {
        let here = Browser::sign_in(&hub, EMAIL, PASSWORD).await.expect("signed in");
        let there = Browser::sign_in(&hub, EMAIL, PASSWORD).await.expect("signed in");
        let wrong = json!({ "current": "not the password", "new": "a better password" });
        let refused = here.call(Method::PUT, "/api/v1/session/password", Some(wrong)).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["field"], "current");
        let change = json!({ "current": PASSWORD, "new": "a better password" });
        here.call(Method::PUT, "/api/v1/session/password", Some(change)).await.expect(204);
        assert!(here.is_in().await && !there.is_in().await);
        assert!(Browser::sign_in(&hub, EMAIL, PASSWORD).await.is_err());
        assert!(Browser::sign_in(&hub, EMAIL, "a better password").await.is_ok());
    }
}

#[tokio::test]
async fn p29_signing_out_and_ending_a_key_hold_at_once() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::sign_in(&hub, EMAIL, PASSWORD).await.expect("signed in");
        browser.call(Method::DELETE, "/api/v1/session", None).await.expect(204);
        assert!(!browser.is_in().await);
        let key = hub.post("/api_keys", json!({ "name": "short", "scopes": ["accounts:read"] })).await.expect(201);
        let word = key["key"].as_str().expect("the key").to_owned();
        hub.call(&word, Method::GET, "/accounts", None).await.expect(200);
        hub.call(&word, Method::GET, "/customers", None).await.refused(403, "forbidden");
        hub.delete(&format!("/api_keys/{}", key["id"].as_str().expect("an id"))).await.expect(204);
        hub.call(&word, Method::GET, "/accounts", None).await.refused(401, "unauthenticated");
        let listed = hub.get("/api_keys").await.expect(200).to_string();
        assert!(!listed.contains(&hub.key), "a key is shown once");
    }
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::sign_in(&hub, EMAIL, PASSWORD).await.expect("signed in");
        hub.clock.advance(Duration::from_secs(6 * 24 * 3600));
        assert!(browser.is_in().await, "six days unused are not too many");
        hub.clock.advance(Duration::from_secs(8 * 24 * 3600));
        assert!(!browser.is_in().await, "eight are");
    }
}

#[tokio::test]
async fn t23_a_change_without_the_csrf_token_is_refused() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::sign_in(&hub, EMAIL, PASSWORD).await.expect("signed in");
        for csrf in [None, Some("guess"), Some("")] {
            let answer = browser.send(Method::PATCH, "/api/v1/tenant", Some(json!({ "name": "Hacked" })), csrf).await;
            Said::of(answer).await.refused(403, "csrf");
        }
        assert_eq!(hub.get("/tenant").await.expect(200)["name"], "Harbour Books");
        let foreign = hub
            .http
            .post(format!("{}/api/v1/session", hub.url))
            .header("sec-fetch-site", "cross-site")
            .json(&json!({ "email": EMAIL, "password": PASSWORD }))
            .send()
            .await
            .expect("the hub answers");
        Said::of(foreign).await.refused(403, "csrf");
        let form = hub
            .http
            .post(format!("{}/api/v1/session", hub.url))
            .body("email=x")
            .header("content-type", "text/plain")
            .send()
            .await
            .expect("the hub answers");
        Said::of(form).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn t23_the_cookie_is_for_the_server_only() {
    for hub in Hub::on_each_database().await {
        let headers = headers(&hub).await;
        let cookie = headers["set-cookie"].to_str().expect("text");
        assert!(
            cookie.starts_with("hy_session=")
                && cookie.contains("; HttpOnly")
                && cookie.contains("; SameSite=Lax")
                && cookie.contains("; Path=/"),
            "{cookie}"
        );
        assert_eq!(headers["cache-control"], "no-store");
        let token = cookie.trim_start_matches("hy_session=").split(';').next().expect("a token");
        assert!(token.len() >= 43, "256 random bits");
    }
}

#[tokio::test]
async fn t23_an_unknown_email_is_answered_like_a_wrong_password() {
    for hub in Hub::on_each_database().await {
        let mut took = [Vec::new(), Vec::new()];
        for round in 0..9 {
            for (which, email) in [EMAIL.to_owned(), format!("nobody{round}@shop.example")].into_iter().enumerate() {
                let began = Instant::now();
                let said = Browser::sign_in(&hub, &email, "wrong password").await.err().expect("refused");
                took[which].push(began.elapsed());
                assert_eq!(said.status, StatusCode::UNAUTHORIZED);
                let mut body = said.body;
                body.as_object_mut().expect("a problem").remove("trace_id");
                assert_eq!(body["detail"], "sign in first");
            }
        }
        for times in &mut took {
            times.sort();
        }
        // The quickest: what else the machine does makes others longer.
        let (known, unknown) = (took[0][0].as_secs_f64(), took[1][0].as_secs_f64());
        assert!(unknown > known * 0.5 && known > unknown * 0.5, "known {known}, unknown {unknown}");
    }
}

#[tokio::test]
async fn t23_guessing_is_stopped_and_time_forgives() {
    for hub in Hub::on_each_database().await {
        let id = add_person(&hub, "target@shop.example", "viewer").await;
        let mut refusals = 0;
        for _ in 0..12 {
            let said = Browser::sign_in(&hub, "target@shop.example", "wrong password").await.err().expect("refused");
            refusals += u32::from(said.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(refusals, 2, "ten tries, then none");
        Browser::sign_in(&hub, "target@shop.example", PASSWORD)
            .await
            .err()
            .expect("closed even for the right one")
            .refused(429, "rate_limited");
        assert!(Browser::sign_in(&hub, EMAIL, PASSWORD).await.is_ok(), "others are not held up");
        hub.clock.advance(Duration::from_secs(16 * 60));
        assert!(Browser::sign_in(&hub, "target@shop.example", PASSWORD).await.is_ok());
        hub.delete(&format!("/people/{id}")).await.expect(204);
    }
}

#[tokio::test]
async fn the_last_owner_stays() {
    for hub in Hub::on_each_database().await {
        let owner = hub.get("/people").await.expect(200)["items"][0]["id"].as_str().expect("an id").to_owned();
        for change in [json!({ "role": "operator" }), json!({ "disabled": true })] {
            hub.patch(&format!("/people/{owner}"), change).await.refused(409, "last_owner");
        }
        hub.delete(&format!("/people/{owner}")).await.refused(409, "last_owner");
        let second = add_person(&hub, "second-owner@shop.example", "owner").await;
        // Both owners step down at once; one of them must stay.
        let paths = [format!("/people/{owner}"), format!("/people/{second}")];
        let step_down = |path| hub.patch(path, json!({ "role": "viewer" }));
        let (one, other) = tokio::join!(step_down(&paths[0]), step_down(&paths[1]));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}

#[tokio::test]
async fn an_email_signs_in_to_one_tenant_only() {
    for hub in Hub::on_each_database().await {
        let body = json!({ "name": "Copy", "email": " OWNER@shop.example ", "role": "viewer", "password": PASSWORD });
        hub.call(&hub.other, Method::POST, "/people", Some(body)).await.refused(409, "email_taken");
        hub.post("/people", json!({ "name": "x", "email": "no address", "role": "viewer", "password": PASSWORD }))
            .await
            .refused(422, "invalid");
        hub.post("/people", json!({ "name": "x", "email": "y@x.example", "role": "viewer", "password": "short" }))
            .await
            .refused(422, "invalid");
    }
}

#[tokio::test]
async fn a_key_cannot_give_what_it_has_not() {
    for hub in Hub::on_each_database().await {
        let key =
            hub.post("/api_keys", json!({ "name": "team", "scopes": ["team:read", "team:write"] })).await.expect(201);
        let key = key["key"].as_str().expect("the key").to_owned();
        let key = key.as_str();
        hub.call(key, Method::POST, "/api_keys", Some(json!({ "name": "more", "scopes": ["accounts:bind"] })))
            .await
            .refused(403, "forbidden");
        hub.call(key, Method::POST, "/api_keys", Some(json!({ "name": "less", "scopes": ["team:read"] })))
            .await
            .expect(201);
        hub.call(key, Method::POST, "/api_keys", Some(json!({ "name": "none", "scopes": [] })))
            .await
            .refused(422, "invalid");
    }
}

#[tokio::test]
async fn people_change_themselves() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::sign_in(&hub, EMAIL, PASSWORD).await.expect("signed in");
        let me = browser
            .call(
                Method::PATCH,
                "/api/v1/session",
                Some(json!({ "name": " Ann Lee ", "language": "zh-CN", "time_zone": "Europe/Paris" })),
            )
            .await
            .expect(200);
        let person = &me["person"];
        assert_eq!([&person["name"], &person["language"], &person["time_zone"]], ["Ann Lee", "zh-CN", "Europe/Paris"]);
        assert!(browser.is_in().await, "that is no change of rights");
        browser
            .call(Method::PATCH, "/api/v1/session", Some(json!({ "time_zone": "Mars/Base" })))
            .await
            .refused(422, "invalid");
        browser.call(Method::PATCH, "/api/v1/session", Some(json!({ "role": "owner" }))).await.refused(422, "invalid");
    }
}
