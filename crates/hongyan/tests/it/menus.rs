//! The menu below the chat: from the draft to the fan's phone, back, and into the numbers.

use std::time::Duration;

use entities::accounts::tokens::Keeper;
use reqwest::{Method, redirect};
use serde_json::{Value, json};
use wechat::api::menu::{Button, create_menu};

use crate::hub::{Bound, Hub};

mod materials;

mod numbers;

mod some;

const CREATE: &str = "/cgi-bin/menu/create";

fn path(account: &Bound) -> String {
    format!("/accounts/{}/menu", account.id)
}

fn click(id: &str, name: &str, answer: &str) -> Value {
    json!({ "id": id, "name": name, "type": "click", "answer": { "type": "text", "text": answer } })
}

pub fn view(id: &str, name: &str, url: &str) -> Value {
    json!({ "id": id, "name": name, "type": "view", "url": url })
}

fn small() -> Value {
    json!([click("hours", "Hours", "9 to 9"), { "id": "more", "name": "More", "buttons": [
        view("shop", "Shop", "https://shop.example/"), { "id": "scan", "name": "Scan", "type": "scancode_waitmsg" }] }])
}

async fn menu(hub: &Hub, account: &Bound) -> Value {
    hub.get(&path(account)).await.expect(200)
}

/// Writes the draft; its revision.
pub async fn draft(hub: &Hub, account: &Bound, buttons: Value) -> i64 {
    let revision = menu(hub, account).await["draft"]["revision"].clone();
    let said = hub.put(&path(account), json!({ "buttons": buttons, "revision": revision })).await.expect(200);
    said["draft"]["revision"].as_i64().unwrap()
}

/// The menus once nothing is on its way.
async fn settled(hub: &Hub, account: &Bound) -> Value {
    hub.until("the menu is settled", async || {
        let menu = menu(hub, account).await;
        let on_its_way = |one: &Value| matches!(one["state"].as_str(), Some("adding" | "removing"));
        let busy = !menu["publishing"].is_null() || menu["conditional"].as_array().unwrap().iter().any(on_its_way);
        (!busy).then_some(menu)
    })
    .await
}

async fn publish(hub: &Hub, account: &Bound, buttons: Value) -> Value {
    let revision = draft(hub, account, buttons).await;
    let said = hub.post(&format!("{}/publish", path(account)), json!({ "revision": revision })).await.expect(202);
    assert_eq!(said["publishing"]["state"], "publishing", "{said}");
    settled(hub, account).await
}

/// The menu that this fan's phone shows.
async fn on_the_phone(hub: &Hub, account: &Bound, fan: &str) -> Value {
    let path = format!("/accounts/{}/fans/{fan}/chat?limit=1", account.app_id);
    hub.wechat(Method::GET, &path, Value::Null).await.expect(200)["menu"]["button"].clone()
}

/// A fan taps the button at this place.
async fn tap(hub: &Hub, account: &Bound, fan: &str, place: Value) -> Value {
    hub.fan(account, fan, "tap", json!({ "path": place })).await
}

/// Calls of this path, and how many of them took effect.
async fn calls(hub: &Hub, path: &str) -> (usize, usize) {
    let journal = hub.wechat(Method::GET, "/journal?limit=1000", Value::Null).await.expect(200);
    let calls: Vec<&Value> = journal["items"].as_array().unwrap().iter().filter(|call| call["path"] == path).collect();
    (calls.len(), calls.iter().filter(|call| call["executed"] == true).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_both_kinds_of_account_publish_a_menu_and_one_that_is_not_bound_says_why_not() {
    for hub in Hub::on_each_database().await {
        for kind in ["subscription", "service"] {
            let account = hub.bind_direct_as(kind, 0, "safe").await;
            let fan = hub.fans(&account, 1).await.remove(0);
            let empty = menu(&hub, &account).await;
            assert_eq!((&empty["live"], &empty["draft"]["revision"]), (&Value::Null, &json!(0)));
            assert_eq!(empty["faults"][0]["code"], "empty", "{empty}");
            let live = publish(&hub, &account, small()).await;
            assert_eq!(
                (&live["live"]["number"], &live["live"]["state"], &live["live"]["problem"], &live["live"]["made_by"]),
                (&json!(1), &json!("live"), &Value::Null, &json!("tests")),
                "{live}"
            );
            assert_eq!(live["changes"], json!([]));
            let phone = on_the_phone(&hub, &account, &fan).await;
            assert_eq!(phone[0]["key"], "hy_hours", "{phone}");
            assert_eq!(phone[1]["sub_button"][0]["url"], "https://shop.example/", "{phone}");

            hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
            let revision = draft(&hub, &account, json!([click("hours", "Times", "later")])).await;
            let refused = hub
                .post(&format!("{}/publish", path(&account)), json!({ "revision": revision }))
                .await
                .refused(409, "function_not_allowed");
            assert_eq!(
                (&refused["params"]["function"], &refused["params"]["reason"]),
                (&json!("menu"), &json!("unbound"))
            );
            hub.post(&format!("{}/import", path(&account)), json!({})).await.refused(409, "function_not_allowed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_a_publication_is_read_back_and_not_guessed() {
    for hub in Hub::on_each_database().await {
        for (what, executed) in
            [("drop_after", true), ("truncate", true), ("http_5xx", true), ("drop_before", false), ("html", false)]
        {
            hub.wechat(Method::DELETE, "/journal", Value::Null).await;
            let account = hub.bind_direct().await;
            let fan = hub.fans(&account, 1).await.remove(0);
            hub.fault(CREATE, json!({ "kind": what }), 1).await;
            let live = publish(&hub, &account, small()).await;
            assert_eq!(
                (&live["live"]["state"], &live["live"]["problem"]),
                (&json!("live"), &Value::Null),
                "{what}: {live}"
            );
            assert_eq!(on_the_phone(&hub, &account, &fan).await[0]["name"], "Hours", "{what}");
            // What had arrived is not said again; what had not is.
            let expected = if executed { (1, 1) } else { (2, 1) };
            assert_eq!(calls(&hub, CREATE).await, expected, "{what}");
            hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_wechat_refuses_is_told_with_its_number_and_what_was_live_stays() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        publish(&hub, &account, small()).await;
        hub.fault(CREATE, json!({ "kind": "errcode", "errcode": 40018 }), 1).await;
        let failed = publish(&hub, &account, json!([click("hours", "Times", "9 to 9")])).await;
        assert_eq!(
            (&failed["failed"]["problem"], &failed["failed"]["errcode"], &failed["live"]["number"]),
            (&json!("wechat_refused"), &json!(40018), &json!(1)),
            "{failed}"
        );
        assert_eq!(failed["changes"][0]["fields"], json!(["name"]), "the draft is kept: {failed}");
        assert_eq!(on_the_phone(&hub, &account, &fan).await[0]["name"], "Hours");
        let again = publish(&hub, &account, json!([click("hours", "Times", "9 to 9")])).await;
        assert_eq!((&again["failed"], &again["live"]["number"]), (&Value::Null, &json!(3)), "{again}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_wechat_would_refuse_is_said_at_once_and_at_its_place() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let four = |n: usize| -> Vec<Value> {
            (0..n).map(|n| view(&format!("v{n}"), "v", &format!("https://h{n}.example/"))).collect()
        };
        let wrong = json!([
            { "id": "a", "name": "五个汉字十六", "type": "click", "key": "k".repeat(129) },
            { "id": "b", "name": "", "type": "view", "url": "javascript:alert(1)" },
            { "id": "c", "name": "More", "buttons": [
                { "id": "d", "name": "字".repeat(21), "type": "miniprogram", "url": "https://m.example/" },
                { "id": "e", "name": "None" },
                { "id": "f", "name": "Said", "type": "click", "answer": { "type": "text", "text": "字".repeat(683) } },
                { "id": "g", "name": "News", "type": "console", "console_type": "news" },
                { "id": "h", "name": "File", "type": "media_id" },
            ] },
        ]);
        let revision = draft(&hub, &account, wrong).await;
        let refused = hub
            .post(&format!("{}/publish", path(&account)), json!({ "revision": revision }))
            .await
            .refused(422, "invalid");
        let mut said: Vec<(String, String)> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| (fault["field"].as_str().unwrap().to_owned(), fault["code"].as_str().unwrap().to_owned()))
            .collect();
        said.sort();
        let expected: Vec<(String, String)> = [
            ("buttons[0].key", "too_long"),
            ("buttons[0].name", "too_long"),
            ("buttons[1].name", "empty"),
            ("buttons[1].url", "url"),
            ("buttons[2].buttons[0].app_id", "empty"),
            ("buttons[2].buttons[0].name", "too_long"),
            ("buttons[2].buttons[0].page_path", "empty"),
            ("buttons[2].buttons[1].type", "empty"),
            ("buttons[2].buttons[2].answer.text", "too_long"),
            ("buttons[2].buttons[3].type", "not_publishable"),
            ("buttons[2].buttons[4].material", "empty"),
        ]
        .map(|(field, code)| (field.to_owned(), code.to_owned()))
        .into();
        assert_eq!(said, expected);
        assert_eq!(calls(&hub, CREATE).await, (0, 0), "nobody asked WeChat");

        let hosts = json!([{ "id": "m", "name": "More", "buttons": four(4) }]);
        let revision = draft(&hub, &account, hosts).await;
        let refused = hub
            .post(&format!("{}/publish", path(&account)), json!({ "revision": revision }))
            .await
            .refused(422, "invalid");
        assert_eq!(
            (&refused["errors"][0]["code"], refused["errors"].as_array().unwrap().len()),
            (&json!("domains"), 1)
        );
        // Counted links all lead to one host first: ours.
        let mut counted = four(4);
        for button in &mut counted {
            button["count_visits"] = true.into();
        }
        let live = publish(&hub, &account, json!([{ "id": "m", "name": "More", "buttons": counted }])).await;
        assert_eq!(live["live"]["state"], "live", "{live}");

        // A draft that cannot even be kept.
        let body = json!({ "buttons": four(4), "revision": revision });
        let refused = hub.put(&path(&account), body).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], "count");
        hub.put(&path(&account), json!({ "buttons": [], "revision": 1 })).await.refused(409, "menu_changed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_version_comes_back_and_deleting_can_be_undone() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let first = publish(&hub, &account, small()).await;
        assert_eq!((&first["undo"]["version_id"], first["undo"]["until_at"].is_i64()), (&Value::Null, true), "{first}");
        let second = publish(&hub, &account, json!([click("hours", "Times", "8 to 8")])).await;
        assert_eq!(second["undo"]["version_id"], first["live"]["id"], "{second}");
        let back = json!({ "version_id": first["live"]["id"] });
        hub.post(&format!("{}/rollback", path(&account)), back.clone()).await.expect(202);
        let third = settled(&hub, &account).await;
        assert_eq!((&third["live"]["number"], &third["live"]["source"]), (&json!(3), &json!("rollback")), "{third}");
        assert_eq!(on_the_phone(&hub, &account, &fan).await[0]["name"], "Hours");
        assert_eq!(third["draft"]["buttons"][0]["name"], "Times", "the draft is nobody's business");

        hub.delete(&path(&account)).await.expect(202);
        let gone = settled(&hub, &account).await;
        assert_eq!((&gone["live"]["buttons"], &gone["live"]["source"]), (&json!([]), &json!("deletion")));
        assert_eq!(on_the_phone(&hub, &account, &fan).await, Value::Null);
        assert_eq!(gone["undo"]["version_id"], third["live"]["id"], "{gone}");
        hub.post(&format!("{}/rollback", path(&account)), json!({ "version_id": third["live"]["id"] }))
            .await
            .expect(202);
        let undone = settled(&hub, &account).await;
        assert_eq!(on_the_phone(&hub, &account, &fan).await[0]["name"], "Hours");
        hub.advance(Duration::from_secs(24 * 3600 + 1)).await;
        assert_eq!(menu(&hub, &account).await["undo"], Value::Null, "after a day it is too late: {undone}");

        let list = hub.get(&format!("{}/versions?limit=2", path(&account))).await.expect(200);
        let numbers: Vec<i64> =
            list["items"].as_array().unwrap().iter().map(|version| version["number"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [5, 4]);
        let next = list["next_cursor"].as_str().unwrap();
        let rest = hub.get(&format!("{}/versions?limit=5&cursor={next}", path(&account))).await.expect(200);
        assert_eq!(rest["items"][0]["number"], 3);
        assert!(rest["items"][2]["ended_at"].is_i64() && rest["items"][2]["made_by"] == "tests", "{rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_made_elsewhere_is_taken_over_and_keeps_what_we_know_of_it() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let none = hub.post(&format!("{}/import", path(&account)), json!({})).await.expect(200);
        assert_eq!((&none["found"], &none["menu"]["live"]), (&json!("none"), &Value::Null), "{none}");
        let elsewhere = |name: &str, url: &str| {
            let text = |text: &str| Some(text.to_owned());
            vec![
                Button { kind: text("click"), name: name.into(), key: text("K_1"), ..Button::default() },
                Button { kind: text("view"), name: "Shop".into(), url: text(url), ..Button::default() },
            ]
        };
        set_at_wechat(&hub, &account, elsewhere("Today", "https://shop.example/")).await;
        let found = hub.post(&format!("{}/import", path(&account)), json!({})).await.expect(200);
        assert_eq!((&found["found"], &found["menu"]["live"]["source"]), (&json!("api"), &json!("import")), "{found}");
        let mut buttons = found["menu"]["draft"]["buttons"].clone();
        assert_eq!((&buttons[0]["key"], &buttons[1]["url"]), (&json!("K_1"), &json!("https://shop.example/")));
        assert_eq!(found["menu"]["changes"], json!([]));
        let again = hub.post(&format!("{}/import", path(&account)), json!({})).await.expect(200);
        assert_eq!(again["menu"]["live"]["number"], 1, "it is the same menu: {again}");

        // Ours gets an answer and counts its link; then somebody renames the first button elsewhere.
        buttons[0]["answer"] = json!({ "type": "text", "text": "Fish" });
        buttons[1]["count_visits"] = json!(true);
        let live = publish(&hub, &account, buttons.clone()).await;
        let id = live["live"]["buttons"][0]["id"].clone();
        let fan = hub.fans(&account, 1).await.remove(0);
        let link = on_the_phone(&hub, &account, &fan).await[1]["url"].as_str().unwrap().to_owned();
        assert!(link.starts_with(&format!("{}/r/", hub.url)), "{link}");
        set_at_wechat(&hub, &account, elsewhere("Menu", &link)).await;
        let renamed = hub.post(&format!("{}/import", path(&account)), json!({})).await.expect(200);
        let first = &renamed["menu"]["draft"]["buttons"][0];
        assert_eq!((&first["name"], &first["id"], &first["answer"]["text"]), (&json!("Menu"), &id, &json!("Fish")));
        let second = &renamed["menu"]["draft"]["buttons"][1];
        assert_eq!((&second["url"], &second["count_visits"]), (&json!("https://shop.example/"), &json!(true)));
        assert_eq!(renamed["menu"]["live"]["number"], 3, "{renamed}");
    }
}

/// Somebody else sets the menu.
async fn set_at_wechat(hub: &Hub, account: &Bound, button: Vec<Button>) {
    let tenant = first_tenant(hub).await;
    let ctx = hub.running.ctx();
    let keeper = Keeper::new(ctx, tenant, account.id.parse().unwrap());
    ctx.wechat().call_as::<create_menu::CreateMenu>(&keeper, &create_menu::Request { button }).await.expect("set");
}

/// The first tenant.
async fn first_tenant(hub: &Hub) -> kit::TenantId {
    let tx = hub.running.ctx().store().read().await.expect("a transaction");
    let query = store::sql("select tenant_id from accounts order by created_at limit 1");
    kit::TenantId(tx.scalar(query).await.expect("a tenant").expect("a row"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_publishes_a_night_menu_and_puts_the_day_back() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        publish(&hub, &account, small()).await;
        draft(&hub, &account, json!([click("night", "Night", "Sleep well")])).await;
        let now = hub.clock.now();
        let hour = 3_600_000;
        let schedule = format!("{}/schedule", path(&account));
        hub.post(&schedule, json!({ "starts_at": now - 1 })).await.refused(422, "invalid");
        hub.post(&schedule, json!({ "starts_at": now + hour, "daily": true })).await.refused(422, "invalid");
        let body = json!({ "starts_at": now + hour, "ends_at": now + 3 * hour, "daily": true });
        let planned = hub.post(&schedule, body).await.expect(201);
        assert_eq!(planned["schedules"][0]["state"], "waiting", "{planned}");
        // What is drafted afterwards is not what was planned.
        draft(&hub, &account, json!([click("x", "Other", "no")])).await;

        let shows = async |name: &str| {
            hub.until(name, async || (on_the_phone(&hub, &account, &fan).await[0]["name"] == name).then_some(())).await;
            settled(&hub, &account).await
        };
        hub.advance(Duration::from_secs(3601)).await;
        let night = shows("Night").await;
        assert_eq!((&night["live"]["source"], &night["live"]["made_by"]), (&json!("schedule"), &Value::Null));
        assert_eq!(tap(&hub, &account, &fan, json!([0])).await["answer"]["text"], "Sleep well");
        hub.until("it is on", async || (menu(&hub, &account).await["schedules"][0]["state"] == "on").then_some(()))
            .await;
        hub.advance(Duration::from_secs(2 * 3600)).await;
        let day = shows("Hours").await;
        assert_eq!(day["schedules"][0]["state"], "waiting", "{day}");
        let starts = day["schedules"][0]["starts_at"].as_i64().unwrap();
        assert_eq!(starts, now + 25 * hour, "tomorrow at the same time");
        // An old phone still shows the night menu, and is answered.
        let pressed = hub.fan(&account, &fan, "tap", json!({ "path": [0] })).await;
        assert_eq!(pressed["answer"]["text"], "9 to 9");
        let id = day["schedules"][0]["id"].as_str().unwrap();
        hub.delete(&format!("{}/schedules/{id}", path(&account))).await.expect(204);
        assert_eq!(menu(&hub, &account).await["schedules"], json!([]));
    }
}

/// What home says of the account's menus that the clock did not publish.
async fn needed(hub: &Hub, account: &Bound) -> Vec<(String, Value)> {
    let home = hub.get("/home").await.expect(200);
    let needs = home["needs"].as_array().unwrap().iter().filter(|need| {
        need["account_id"] == account.id.as_str() && need["code"].as_str().unwrap().starts_with("menu_")
    });
    needs
        .map(|need| {
            assert_eq!(need["link"], format!("/menu?account={}", account.id), "{need}");
            (need["code"].as_str().unwrap().to_owned(), need["params"]["problem"].clone())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn home_says_which_menus_the_clock_did_not_publish() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let quiet = hub.bind_direct().await;
        publish(&hub, &account, small()).await;
        draft(&hub, &account, json!([click("night", "Night", "Sleep well")])).await;
        let schedule = format!("{}/schedule", path(&account));
        let hour = 3_600_000;
        let plan = async |ends: bool| {
            let now = hub.clock.now();
            let mut body = json!({ "starts_at": now + hour });
            if ends {
                body["ends_at"] = json!(now + 2 * hour);
            }
            hub.post(&schedule, body).await.expect(201);
        };
        assert!(needed(&hub, &account).await.is_empty());

        // Its hours pass while nobody looks.
        plan(true).await;
        hub.advance(Duration::from_secs(3 * 3600)).await;
        let missed = ("menu_missed".to_owned(), json!("missed"));
        hub.until("it is missed", async || (needed(&hub, &account).await == [missed.clone()]).then_some(())).await;
        let of_account = hub.get(&format!("/home?account={}", quiet.id)).await.expect(200);
        assert!(!of_account["needs"].to_string().contains("menu_missed"), "{of_account}");

        // WeChat does not take it: said until something else is published.
        plan(false).await;
        hub.fault(CREATE, json!({ "kind": "errcode", "errcode": 40018 }), 1).await;
        hub.advance(Duration::from_secs(3601)).await;
        let refused = ("menu_failed".to_owned(), json!("wechat_refused"));
        let both = [missed.clone(), refused];
        hub.until("it failed", async || (needed(&hub, &account).await == both).then_some(())).await;
        publish(&hub, &account, json!([click("hours", "Times", "9 to 9")])).await;
        assert_eq!(needed(&hub, &account).await, [missed]);

        // Put away by a person.
        let id = menu(&hub, &account).await["schedules"][0]["id"].as_str().unwrap().to_owned();
        hub.delete(&format!("{}/schedules/{id}", path(&account))).await.expect(204);
        assert!(needed(&hub, &account).await.is_empty());
    }
}

/// Follows no redirect: where it leads is what is looked at.
pub fn visitor() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_the_menu_is_published_changed_and_taken_away_from_here_as_the_phone_shows_it() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        assert_eq!(on_the_phone(&hub, &account, &fan).await, Value::Null);
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        publish(&hub, &account, small()).await;
        let names = |menu: &Value| -> Vec<String> {
            menu.as_array().unwrap().iter().map(|button| button["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&on_the_phone(&hub, &account, &fan).await), ["Hours", "More"]);
        assert_eq!(tap(&hub, &account, &fan, json!([0])).await["answer"]["text"], "9 to 9");

        publish(&hub, &account, json!([click("hours", "Times", "8 to 8")])).await;
        // WeChat knows a tap by its second.
        hub.advance(Duration::from_secs(2)).await;
        assert_eq!(names(&on_the_phone(&hub, &account, &fan).await), ["Times"]);
        assert_eq!(tap(&hub, &account, &fan, json!([0])).await["answer"]["text"], "8 to 8");
        assert_eq!(calls(&hub, CREATE).await, (2, 2), "one call a publication");

        hub.delete(&path(&account)).await.expect(202);
        settled(&hub, &account).await;
        assert_eq!(on_the_phone(&hub, &account, &fan).await, Value::Null);
        let taps = hub.story(&fan).await.iter().filter(|event| event["kind"] == "menu_tap").count();
        assert_eq!(taps, 2);
    }
}
