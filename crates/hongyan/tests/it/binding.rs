//! Accounts are bound, refused, unbound and deleted.

mod tokens;

use std::{collections::HashSet, time::Duration};

use entities::accounts::{
    platform,
    secrets::{self, Field},
    tokens::Keeper,
};
use kit::{AccountId, Ctx, TenantId, Work, sql};
use reqwest::{Method, redirect::Policy};
use serde_json::{Value, json};
use wechat_client::TokenSource;

use crate::hub::{EMAIL, Hub, PASSWORD, Said, cookie};

const ALL_SETS: [i64; 8] = [1, 15, 4, 7, 2, 3, 11, 8];

/// A browser that is signed in and follows no redirects.
struct Browser {
    http: reqwest::Client,
    url: String,
    cookie: String,
    csrf: String,
}

impl Browser {
    async fn of(hub: &Hub) -> Browser {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().expect("a client");
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let response =
            http.post(format!("{}/api/v1/session", hub.url)).json(&body).send().await.expect("the hub answers");
        let cookie = cookie(&response);
        let me = Said::of(response).await.expect(201);
        Browser { http, url: hub.url.clone(), cookie, csrf: me["csrf_token"].as_str().expect("a token").to_owned() }
    }

    async fn begin(&self) -> Value {
        let request = self
            .http
            .post(format!("{}/api/v1/bindings", self.url))
            .header("cookie", &self.cookie)
            .header("x-csrf-token", &self.csrf)
            .json(&json!({}));
        Said::of(request.send().await.expect("the hub answers")).await.expect(201)
    }

    /// Where a page sends this browser.
    async fn visit(&self, url: &str) -> String {
        let response = self.http.get(url).header("cookie", &self.cookie).send().await.expect("the hub answers");
        assert_eq!(response.status().as_u16(), 303);
        response.headers()["location"].to_str().expect("text").to_owned()
    }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

/// The parameters of an address.
fn query(url: &str, name: &str) -> String {
    let url = reqwest::Url::parse(url).expect("an address");
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_else(|| panic!("{name} in {url}"))
}

async fn ticket(hub: &Hub) {
    hub.until("a ticket", || async { platform::status(hub.running.ctx()).await.expect("a status").ticket_at }).await;
}

/// The administrator agrees on WeChat's page; where the browser is sent.
async fn confirm(hub: &Hub, binding: &Value, appid: &str, sets: &[i64], push: &str) -> String {
    let url = text(binding, "url");
    let body = json!({ "appid": appid, "role": "administrator", "sets": sets, "redirect_uri": query(url, "redirect_uri"), "push": push });
    let confirmed = hub
        .wechat(Method::POST, &format!("/authorizations/{}/confirm", query(url, "pre_auth_code")), body)
        .await
        .expect(200);
    text(&confirmed, "redirect").to_owned()
}

/// The binding when it has come to an end.
async fn ended(hub: &Hub, id: &str) -> Value {
    hub.until("the binding's end", || async {
        let binding = hub.get(&format!("/bindings/{id}")).await.expect(200);
        (!matches!(text(&binding, "state"), "waiting" | "granted")).then_some(binding)
    })
    .await
}

/// Binds by scan, with the push at that moment; how it ended.
async fn scan(hub: &Hub, browser: &Browser, appid: &str, sets: &[i64], push: &str) -> Value {
    ticket(hub).await;
    let binding = browser.begin().await;
    let back = confirm(hub, &binding, appid, sets, push).await;
    assert_eq!(browser.visit(&back).await, format!("/accounts?binding={}", text(&binding, "id")));
    ended(hub, text(&binding, "id")).await
}

async fn scanned(hub: &Hub, browser: &Browser, appid: &str) -> Value {
    let binding = scan(hub, browser, appid, &ALL_SETS, "meanwhile").await;
    hub.get(&format!("/accounts/{}", text(&binding, "account_id"))).await.expect(200)
}

fn direct(account: &Value, encryption: &str) -> Value {
    json!({
        "mode": "direct", "app_id": text(account, "appid"), "app_secret": text(account, "appsecret"), "token": text(account, "token"),
        "encoding_aes_key": text(account, "encoding_aes_key"), "encryption": encryption, "nick_name": text(account, "nick_name"),
    })
}

async fn function(hub: &Hub, id: &str, name: &str) -> Value {
    let account = hub.get(&format!("/accounts/{id}")).await.expect(200);
    let functions = account["functions"].as_array().expect("functions");
    functions.iter().find(|function| function["function"] == name).expect("the function").clone()
}

/// Whose account it is, in the hub's own terms.
async fn owner(ctx: &Ctx, app_id: &str) -> (TenantId, AccountId) {
    entities::accounts::owner_of_app(&ctx.store().read().await.expect("a read"), app_id)
        .await
        .expect("a row")
        .expect("an owner")
}

#[tokio::test]
async fn r10_the_link_asks_for_the_eight_sets_of_official_accounts_only() {
    for hub in Hub::on_each_database().await {
        ticket(&hub).await;
        let binding = Browser::of(&hub).await.begin().await;
        assert_eq!(text(&binding, "state"), "waiting");
        let url = text(&binding, "url");
        assert_eq!(query(url, "category_id_list"), "1|15|4|7|2|3|11|8");
        assert_eq!(query(url, "auth_type"), "1");
        let back = query(url, "redirect_uri");
        assert!(
            back.starts_with(&format!("{}/wx/platform/return?binding={}&state=", hub.url, text(&binding, "id"))),
            "{back}"
        );
        // Whoever asks later learns how it stands, and not the way back.
        let seen = hub.get(&format!("/bindings/{}", text(&binding, "id"))).await.expect(200);
        assert_eq!(seen["url"], Value::Null);
        hub.post("/bindings", json!({})).await.refused(409, "session_needed");
    }
}

#[tokio::test]
async fn r9_only_the_administrator_can_agree() {
    for hub in Hub::on_each_database().await {
        ticket(&hub).await;
        let account = hub.new_account("service", 0).await;
        let binding = Browser::of(&hub).await.begin().await;
        let body = json!({ "appid": text(&account, "appid"), "role": "operator", "sets": ALL_SETS });
        hub.wechat(
            Method::POST,
            &format!("/authorizations/{}/confirm", query(text(&binding, "url"), "pre_auth_code")),
            body,
        )
        .await
        .expect(403);
        assert_eq!(
            text(&hub.get(&format!("/bindings/{}", text(&binding, "id"))).await.expect(200), "state"),
            "waiting"
        );
    }
}

#[tokio::test]
async fn r10_a_scan_binds_whichever_comes_first_browser_or_push() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        for push in ["before", "meanwhile", "after", "never"] {
            let account = hub.new_account("service", 3).await;
            let binding = scan(&hub, &browser, text(&account, "appid"), &ALL_SETS, push).await;
            assert!(matches!(text(&binding, "state"), "done" | "importing"), "{push}: {binding}");
            let bound = hub.get(&format!("/accounts/{}", text(&binding, "account_id"))).await.expect(200);
            assert_eq!(text(&bound, "original_id"), text(&account, "original_id"));
            assert_eq!(
                (text(&bound, "mode"), text(&bound, "status"), text(&bound, "kind")),
                ("platform", "bound", "service")
            );
            assert_eq!((text(&bound, "verification"), text(&bound, "verification_source")), ("verified", "wechat"));
            assert!(
                bound["permission_sets"].as_array().expect("sets").iter().all(|set| set["granted"] == true),
                "{push}"
            );
            assert!(
                bound["functions"]
                    .as_array()
                    .expect("functions")
                    .iter()
                    // Notices need a ninth set, which is not asked for.
                    .all(|function| function["allowed"] == (function["function"] != "notice")),
                "{push}"
            );
        }
        // A push that never comes leaves the browser's code as the only one; both may also be there, and one account is bound.
        let accounts = hub.get("/accounts").await.expect(200);
        assert_eq!(accounts["items"].as_array().expect("items").len(), 4);
    }
}

#[tokio::test]
async fn p15_a_browser_that_did_not_begin_the_binding_binds_nothing() {
    for hub in Hub::on_each_database().await {
        ticket(&hub).await;
        let account = hub.new_account("service", 0).await;
        let (mine, theirs) = (Browser::of(&hub).await, Browser::of(&hub).await);
        let binding = mine.begin().await;
        let back = confirm(&hub, &binding, text(&account, "appid"), &ALL_SETS, "never").await;
        assert_eq!(theirs.visit(&back).await, "/accounts?problem=binding_session", "another session");
        let state = query(&back, "state");
        assert_eq!(
            mine.visit(&back.replace(&state, "guessed")).await,
            "/accounts?problem=binding_session",
            "another state"
        );
        assert_eq!(
            text(&hub.get(&format!("/bindings/{}", text(&binding, "id"))).await.expect(200), "state"),
            "waiting"
        );
        mine.visit(&back).await;
        assert!(ended(&hub, text(&binding, "id")).await["account_id"].is_string());
    }
}

#[tokio::test]
async fn p15_a_forged_push_to_the_platform_changes_nothing() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        let account = hub.new_account("service", 0).await;
        let bound = scanned(&hub, &browser, text(&account, "appid")).await;
        let component = hub.sandbox.component();
        let now = hub.clock.now() / 1000;
        let forged = format!(
            "<xml><AppId>{}</AppId><CreateTime>{now}</CreateTime><InfoType>unauthorized</InfoType><AuthorizerAppid>{}</AuthorizerAppid></xml>",
            component.appid,
            text(&account, "appid")
        );
        let key = wechat::crypto::EncodingAesKey::parse(&component.encoding_aes_key).expect("a key");
        let cipher = wechat::crypto::MsgCipher::new(&component.appid, key, None);
        let encrypt = cipher.encrypt(forged.as_bytes(), [7; 16], wechat::crypto::KeyAge::Current);
        let sealed = format!("<xml><AppId>{}</AppId><Encrypt>{encrypt}</Encrypt></xml>", component.appid);
        for (why, body, token) in [
            ("not encrypted", forged.as_str(), component.token.as_str()),
            ("not signed with our token", sealed.as_str(), "another"),
        ] {
            let signature = wechat::crypto::signature::sign(&[token, &now.to_string(), "n", &encrypt]);
            let url = format!(
                "{}/wx/platform/events?timestamp={now}&nonce=n&encrypt_type=aes&msg_signature={signature}",
                hub.url
            );
            let answer = hub.http.post(url).body(body.to_owned()).send().await.expect("the hub answers");
            assert_eq!(
                (answer.status().as_u16(), answer.text().await.expect("text").as_str()),
                (403, "forbidden"),
                "{why}"
            );
        }
        assert_eq!(text(&hub.get(&format!("/accounts/{}", text(&bound, "id"))).await.expect(200), "status"), "bound");
    }
}

#[tokio::test]
async fn r11_missing_sets_degrade_and_say_what_they_break() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        let account = hub.new_account("service", 0).await;
        let binding = scan(&hub, &browser, text(&account, "appid"), &[1, 2, 15], "meanwhile").await;
        let id = text(&binding, "account_id").to_owned();
        let menu = function(&hub, &id, "menu").await;
        assert_eq!(menu["allowed"], true);
        let page = function(&hub, &id, "page_auth").await;
        assert_eq!((page["allowed"].as_bool(), &page["code"], &page["set"]), (Some(false), &json!("set"), &json!(4)));
        let bound = hub.get(&format!("/accounts/{id}")).await.expect(200);
        let web = bound["permission_sets"]
            .as_array()
            .expect("sets")
            .iter()
            .find(|set| set["id"] == 4)
            .expect("set 4")
            .clone();
        assert_eq!((web["granted"].as_bool(), &web["breaks"]), (Some(false), &json!(["page_auth", "page_visitor"])));

        // The owner grants the rest; WeChat pushes `updateauthorized`, and nobody here began a binding.
        let again = scan(&hub, &browser, text(&account, "appid"), &ALL_SETS, "meanwhile").await;
        assert_eq!(text(&again, "account_id"), id, "the account stays itself");
        assert_eq!(function(&hub, &id, "page_auth").await["allowed"], true);
    }
}

#[tokio::test]
async fn r6_unverified_accounts_are_refused_with_the_reason() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        for kind in ["subscription", "service"] {
            for (verify_type, reason) in [(-1, "not_verified"), (1, "sina_weibo_only"), (2, "tencent_weibo_only")] {
                let account = hub.new_account(kind, verify_type).await;
                let binding = scan(&hub, &browser, text(&account, "appid"), &ALL_SETS, "meanwhile").await;
                assert_eq!((text(&binding, "state"), text(&binding, "code")), ("refused", "account_unverified"));
                assert_eq!((text(&binding["params"], "reason"), text(&binding["params"], "kind")), (reason, kind));
                assert!(text(&binding["params"], "path_en").contains("verification"));

                // With its secret neither, whatever is said of it: WeChat is asked.
                let mut body = direct(&account, "safe");
                body["kind"] = kind.into();
                body["verify_type"] = 0.into();
                let refused = hub.post("/accounts", body).await.refused(422, "account_unverified");
                assert_eq!(text(&refused["params"], "rule"), "R6");
            }
        }
        assert_eq!(hub.get("/accounts").await.expect(200)["items"], json!([]));
    }
}

#[tokio::test]
async fn r8_what_a_direct_account_is_is_found_out_when_nobody_says_it() {
    for hub in Hub::on_each_database().await {
        for (kind, qrcode) in [("subscription", false), ("service", true)] {
            let account = hub.new_account(kind, 0).await;
            let bound = hub.post("/accounts", direct(&account, "safe")).await.expect(201);
            assert_eq!((text(&bound, "kind"), text(&bound, "verification_source")), (kind, "probe"));
            let seen = function(&hub, text(&bound, "id"), "qrcode").await;
            assert_eq!(seen["allowed"], qrcode);
            if !qrcode {
                assert_eq!((&seen["code"], &seen["rule"]), (&json!("type"), &json!("R8")));
            }
        }
    }
}

#[tokio::test]
async fn a_secret_that_wechat_refuses_binds_nothing_and_says_why() {
    for hub in Hub::on_each_database().await {
        let account = hub.new_account("service", 0).await;
        let mut wrong = direct(&account, "safe");
        wrong["app_secret"] = "0123456789abcdef0123456789abcdef".into();
        let refused = hub.post("/accounts", wrong).await.refused(502, "wechat_refused");
        assert_eq!(refused["params"]["errcode"], 40125);

        let path = format!("/accounts/{}", text(&account, "appid"));
        hub.wechat(Method::PATCH, &path, json!({ "ip_whitelist": ["203.0.113.9"] })).await.expect(200);
        let refused = hub.post("/accounts", direct(&account, "safe")).await.refused(502, "wechat_refused");
        assert_eq!(refused["params"]["errcode"], 40164);

        let invalid = json!({ "mode": "direct", "app_id": "a b", "app_secret": "", "token": "ab", "encoding_aes_key": "short", "encryption": "safe" });
        let refused = hub.post("/accounts", invalid).await.refused(422, "invalid");
        let fields: HashSet<&str> =
            refused["errors"].as_array().expect("errors").iter().map(|error| text(error, "field")).collect();
        assert_eq!(fields, HashSet::from(["app_id", "app_secret", "token", "encoding_aes_key"]));
    }
}

#[tokio::test]
async fn r14_another_tenant_can_bind_only_what_was_deleted() {
    for hub in Hub::on_each_database().await {
        let account = hub.new_account("service", 0).await;
        let body = direct(&account, "safe");
        let bound = hub.post("/accounts", body.clone()).await.expect(201);
        let id = text(&bound, "id");
        let theirs = async |expected: u16| {
            hub.call(&hub.other, Method::POST, "/accounts", Some(body.clone())).await.expect(expected)
        };
        let refused = theirs(409).await;
        assert_eq!(text(&refused, "code"), "account_taken");
        assert!(
            !refused.to_string().contains("Harbour Books") && !refused.to_string().contains(id),
            "nothing of the owner: {refused}"
        );

        hub.post(&format!("/accounts/{id}/unbind"), json!({})).await.expect(200);
        assert_eq!(text(&theirs(409).await, "code"), "account_taken", "unbound is not deleted");

        hub.call(
            &hub.key,
            Method::DELETE,
            &format!("/accounts/{id}"),
            Some(json!({ "confirm": text(&bound, "nick_name") })),
        )
        .await
        .expect(204);
        let moved = theirs(201).await;
        assert_ne!(text(&moved, "id"), id);
        hub.get(&format!("/accounts/{}", text(&moved, "id"))).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn r14_a_scan_of_another_tenants_account_is_refused_and_does_it_no_harm() {
    for hub in Hub::on_each_database().await {
        let account = hub.new_account("service", 0).await;
        let body = direct(&account, "safe");
        hub.call(&hub.other, Method::POST, "/accounts", Some(body)).await.expect(201);
        let browser = Browser::of(&hub).await;
        let binding = scan(&hub, &browser, text(&account, "appid"), &ALL_SETS, "meanwhile").await;
        assert_eq!((text(&binding, "state"), text(&binding, "code")), ("refused", "account_taken"));
        assert_eq!(hub.get("/accounts").await.expect(200)["items"], json!([]));
        let theirs = hub.call(&hub.other, Method::GET, "/accounts", None).await.expect(200);
        assert_eq!(text(&theirs["items"][0], "status"), "bound");
    }
}

#[tokio::test]
async fn p18_of_many_who_bind_at_once_one_does() {
    for hub in Hub::on_each_database().await {
        let account = hub.new_account("service", 0).await;
        let mut body = direct(&account, "safe");
        body["kind"] = "service".into();
        let tries = (0..24).map(|n| {
            let key = if n % 2 == 0 { &hub.key } else { &hub.other };
            hub.call(key, Method::POST, "/accounts", Some(body.clone()))
        });
        let said = futures::future::join_all(tries).await;
        let (made, refused): (Vec<Said>, Vec<Said>) = said.into_iter().partition(|said| said.status.as_u16() == 201);
        assert_eq!(made.len(), 1);
        for refused in refused {
            refused.refused(409, "account_taken");
        }
    }
}

#[tokio::test]
async fn r17_cancelled_at_wechat_an_account_is_unbound_and_may_then_be_deleted_or_bound_again() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        let account = hub.new_account("service", 0).await;
        let appid = text(&account, "appid");
        let bound = scanned(&hub, &browser, appid).await;
        let (id, name) = (text(&bound, "id").to_owned(), text(&bound, "nick_name").to_owned());
        let path = format!("/accounts/{id}");

        // R17, R18: while it is bound nobody deletes it, and the way out is named.
        let refused = hub
            .call(&hub.key, Method::DELETE, &path, Some(json!({ "confirm": name })))
            .await
            .refused(409, "account_bound");
        assert!(text(&refused["params"], "path_zh").contains("取消授权"));
        let refused = hub.post(&format!("{path}/unbind"), json!({})).await.refused(409, "account_bound");
        assert!(text(&refused["params"], "path_en").contains("Cancel authorisation"));

        hub.wechat(Method::POST, &format!("/accounts/{appid}/unauthorize"), json!({})).await;
        let unbound = hub
            .until("the end of the authorisation", || async {
                let account = hub.get(&path).await.expect(200);
                (text(&account, "status") == "unbound").then_some(account)
            })
            .await;
        assert!(unbound["unbound_at"].is_i64());
        let denied = function(&hub, &id, "custom_message").await;
        assert_eq!((&denied["code"], &denied["rule"]), (&json!("unbound"), &json!("R17")));
        hub.post(&format!("{path}/rebind"), json!({})).await.refused(409, "scan_needed");

        // R20: bound again after a cancellation it is the same account.
        hub.advance(Duration::from_secs(5)).await;
        let again = scanned(&hub, &browser, appid).await;
        assert_eq!((text(&again, "id"), text(&again, "status")), (id.as_str(), "bound"));
        assert_eq!(again["unbound_at"], Value::Null);
    }
}

#[tokio::test]
async fn p8_what_waits_is_held_when_the_authorisation_ends() {
    for hub in Hub::on_each_database().await {
        let bound = hub.bind_direct().await;
        let (tenant, id) = owner(hub.running.ctx(), &bound.app_id).await;
        let ctx = hub.running.ctx();
        let mut work = Work::begin(ctx, tenant);
        let queue = sql("insert into sends (tenant_id, id, account_id, customer_id, openid, service, message, state, position, group_id, due_at)
             values (?, 1, ?, 1, 'o', 'custom', '{}', 'queued', 0, 0, ?)")
            .bind(tenant)
            .bind(id)
            .bind(i64::MAX);
        work.execute(queue).await.expect("a send");
        entities::accounts::lost(&mut work, id, "authorization_cancelled").await.expect("lost");
        let state: Option<String> = work
            .scalar(sql("select state from sends where tenant_id = ? and id = 1").bind(tenant))
            .await
            .expect("a row");
        assert_eq!(state.as_deref(), Some("held"));
        let account = entities::accounts::find(&mut work, id).await.expect("the account");
        assert!(!account.is_bound());
        drop(work);
    }
}

#[tokio::test]
async fn p14_an_end_that_is_older_than_the_consent_ends_nothing() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        let account = hub.new_account("service", 0).await;
        let appid = text(&account, "appid");
        // The push has been heard before the browser is back, so that its time is known.
        let binding = scan(&hub, &browser, appid, &ALL_SETS, "before").await;
        let path = format!("/accounts/{}", text(&binding, "account_id"));
        let push = |create_time: i64| wechat::message::ComponentPush {
            app_id: hub.sandbox.component().appid.as_str().try_into().expect("an AppID"),
            create_time,
            kind: wechat::message::ComponentPushKind::Unauthorized {
                authorizer_appid: appid.try_into().expect("an AppID"),
            },
        };
        let now = hub.clock.now() / 1000;
        features::binding::platform_push(hub.running.ctx(), push(now - 3600)).await.expect("taken");
        assert_eq!(text(&hub.get(&path).await.expect(200), "status"), "bound");
        features::binding::platform_push(hub.running.ctx(), push(now + 1)).await.expect("taken");
        assert_eq!(text(&hub.get(&path).await.expect(200), "status"), "unbound");
    }
}

#[tokio::test]
async fn r19_r20_deleting_keeps_customers_and_binding_anew_begins_anew() {
    for hub in Hub::on_each_database().await {
        let bound = hub.bind_direct().await;
        let openid = hub.fans(&bound, 1).await.remove(0);
        hub.says(&bound, &openid, "hello").await;
        let path = format!("/accounts/{}", bound.id);
        let counted = hub
            .until("the fan", || async {
                let account = hub.get(&path).await.expect(200);
                (account["customers"] == 1).then_some(account)
            })
            .await;
        let name = text(&counted, "nick_name").to_owned();
        hub.delete(&format!("{path}?confirm={name}")).await.refused(409, "account_bound");

        let unbound = hub.post(&format!("{path}/unbind"), json!({})).await.expect(200);
        assert_eq!((text(&unbound, "status"), &unbound["customers"]), ("unbound", &json!(1)));
        let rebound = hub.post(&format!("{path}/rebind"), json!({})).await.expect(200);
        assert_eq!((text(&rebound, "status"), text(&rebound, "id")), ("bound", bound.id.as_str()));
        hub.post(&format!("{path}/unbind"), json!({})).await.expect(200);

        let preview = hub.get(&format!("{path}/deletion")).await.expect(200);
        assert_eq!((&preview["customers_kept"], &preview["fans_frozen"]), (&json!(1), &json!(1)));
        assert!(preview["events_kept"].as_i64().is_some_and(|events| events > 0), "{preview}");
        let wrong = hub
            .call(&hub.key, Method::DELETE, &path, Some(json!({ "confirm": "another" })))
            .await
            .refused(422, "invalid");
        assert_eq!(text(&wrong["errors"][0], "field"), "confirm");
        hub.call(&hub.key, Method::DELETE, &path, Some(json!({ "confirm": name }))).await.expect(204);
        hub.get(&path).await.refused(404, "not_found");

        // The customer is there; the follow state is history, until today.
        let (tenant, ctx) = (tenant_of(&hub).await, hub.running.ctx());
        let mut work = Work::reading(ctx, tenant);
        let status: Option<String> = work
            .scalar(
                sql("select status from fans where tenant_id = ? and openid = ?").bind(tenant).bind(openid.as_str()),
            )
            .await
            .expect("a row");
        assert_eq!(status.as_deref(), Some("frozen"));
        let secrets: Option<i64> = work
            .scalar(sql("select count(*) from account_secrets where tenant_id = ?").bind(tenant))
            .await
            .expect("a count");
        assert_eq!(secrets, Some(0));
        let customers: Option<i64> =
            work.scalar(sql("select count(*) from customers where tenant_id = ?").bind(tenant)).await.expect("a count");
        assert_eq!(customers, Some(1));
        drop(work);

        let state = hub.wechat(Method::GET, "/state", Value::Null).await.expect(200);
        let account = state["accounts"]
            .as_array()
            .expect("accounts")
            .iter()
            .find(|account| account["appid"] == bound.app_id.as_str())
            .expect("it")
            .clone();
        let anew = hub.post("/accounts", direct(&account, "safe")).await.expect(201);
        assert_ne!(text(&anew, "id"), bound.id);
    }
}

/// The only tenant that has accounts.
async fn tenant_of(hub: &Hub) -> TenantId {
    let tx = hub.running.ctx().store().read().await.expect("a read");
    TenantId(
        tx.scalar::<i64>(sql("select min(tenant_id) from accounts where tenant_id is not null"))
            .await
            .expect("a row")
            .expect("a tenant"),
    )
}

#[tokio::test]
async fn p25_no_secret_lies_open_or_comes_out() {
    for hub in Hub::on_each_database().await {
        let browser = Browser::of(&hub).await;
        let account = hub.new_account("service", 0).await;
        scanned(&hub, &browser, text(&account, "appid")).await;
        let bound = hub.bind_direct().await;
        let state = hub.wechat(Method::GET, "/state", Value::Null).await.expect(200);
        let own = state["accounts"]
            .as_array()
            .expect("accounts")
            .iter()
            .find(|account| account["appid"] == bound.app_id.as_str())
            .expect("it")
            .clone();
        let ctx = hub.running.ctx();
        let (tenant, id) = owner(ctx, text(&account, "appid")).await;
        let mut work = Work::reading(ctx, tenant);
        let refresh_token = secrets::current(&mut work, id, Field::RefreshToken)
            .await
            .expect("a read")
            .expect("a refresh token")
            .expose()
            .to_owned();
        drop(work);
        let token = Keeper::new(ctx, tenant, id).token().await.expect("a token").secret.expose().to_owned();
        let hidden = [
            text(&own, "appsecret").to_owned(),
            text(&own, "token").to_owned(),
            text(&own, "encoding_aes_key").to_owned(),
            refresh_token,
            token,
        ];

        let check = hub.post(&format!("/accounts/{}/check", bound.id), json!({})).await.expect(200);
        let answers = format!(
            "{}{}{check}",
            hub.get("/accounts").await.expect(200),
            hub.get(&format!("/accounts/{}", bound.id)).await.expect(200)
        );
        let mut lying = Vec::new();
        for entry in std::fs::read_dir(hub.db.folder.path()).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().contains(".db")) {
                lying.extend(std::fs::read(path).expect("a file"));
            }
        }
        for secret in hidden {
            assert!(!answers.contains(&secret), "a secret came out");
            assert!(!lying.windows(secret.len()).any(|window| window == secret.as_bytes()), "a secret lies open");
        }
    }
}

#[tokio::test]
async fn the_doctor_names_what_is_wrong() {
    for hub in Hub::on_each_database().await {
        let bound = hub.bind_direct_as("service", 0, "plain").await;
        let lines = async || {
            let checks = hub.post(&format!("/accounts/{}/check", bound.id), json!({})).await.expect(200);
            checks["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|line| (text(line, "check").to_owned(), line.clone()))
                .collect::<std::collections::HashMap<_, _>>()
        };
        let healthy = lines().await;
        assert_eq!(text(&healthy["token"], "code"), "token_ok");
        assert_eq!(text(&healthy["callback_url"], "code"), "callback_verified");
        assert_eq!(
            (text(&healthy["encryption"], "state"), text(&healthy["encryption"], "code")),
            ("warning", "encryption_plain")
        );

        hub.wechat(Method::PATCH, &format!("/accounts/{}", bound.app_id), json!({ "ip_whitelist": ["203.0.113.9"] }))
            .await
            .expect(200);
        let sick = lines().await;
        assert_eq!(text(&sick["ip_whitelist"], "code"), "ip_not_allowed");
        assert_eq!(text(&sick["ip_whitelist"]["params"], "ip"), "127.0.0.1");
    }
}

#[tokio::test]
async fn a_changed_key_leaves_messages_under_way_readable() {
    for hub in Hub::on_each_database().await {
        let bound = hub.bind_direct().await;
        let openid = hub.fans(&bound, 1).await.remove(0);
        let new_key = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
        hub.patch(&format!("/accounts/{}", bound.id), json!({ "encoding_aes_key": new_key, "listen_only": true }))
            .await
            .expect(200);
        // WeChat still encrypts with the key before.
        let came = hub.fan(&bound, &openid, "say", json!({ "text": "old key" })).await;
        assert_eq!(text(&came, "outcome"), "silent", "{came}");
        let heard = hub
            .until("the callback's time", || async {
                hub.get(&format!("/accounts/{}", bound.id)).await.expect(200)["health"]["last_callback_at"].as_i64()
            })
            .await;
        assert!(heard > 0);
    }
}

#[tokio::test]
async fn the_release_test_passes_with_each_of_its_accounts() {
    for hub in Hub::on_each_database().await {
        ticket(&hub).await;
        for set in 1..=5 {
            let report = hub.wechat(Method::POST, "/release-test", json!({ "set": set })).await.expect(200);
            assert_eq!(report["passed"], true, "{report}");
        }
        assert_eq!(hub.get("/accounts").await.expect(200)["items"], json!([]), "nobody's accounts");
    }
}
