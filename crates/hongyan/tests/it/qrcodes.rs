//! QR codes with parameters: made, scanned, counted, and made by the hundred.

use std::{collections::BTreeSet, time::Duration};

use reqwest::{Method, multipart};
use serde_json::{Value, json};
use store::sql;

use crate::{
    fan_import::count,
    hub::{Bound, Hub, Said},
};

const CREATE: &str = "/cgi-bin/qrcode/create";
const DAY: Duration = Duration::from_secs(86_400);

async fn make(hub: &Hub, account: &Bound, body: Value) -> Value {
    hub.post(&format!("/accounts/{}/qrcodes", account.id), body).await.expect(201)
}

fn path(account: &Bound, code: &Value) -> String {
    format!("/accounts/{}/qrcodes/{}", account.id, code["id"].as_str().expect("an id"))
}

/// What the sandbox has made for the account: scene and ticket.
async fn at_wechat(hub: &Hub, account: &Bound) -> Vec<(String, String)> {
    let list = hub.wechat(Method::GET, "/qrcodes", Value::Null).await.expect(200);
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let own = list["items"].as_array().expect("items").iter().filter(|code| code["appid"] == account.app_id.as_str());
    own.map(|code| (text(code, "scene"), text(code, "ticket"))).collect()
}

async fn ticket(hub: &Hub, account: &Bound, code: &Value) -> String {
    let all = at_wechat(hub, account).await;
    all.into_iter().find(|(scene, _)| code["scene"] == scene.as_str()).expect("WeChat has made it").1
}

async fn scan(hub: &Hub, account: &Bound, openid: &str, ticket: &str) -> Value {
    hub.fan(account, openid, "scan", json!({ "ticket": ticket })).await
}

/// People who follow another account and have never met this one, by the openids they would have here.
async fn strangers(hub: &Hub, account: &Bound, count: usize) -> Vec<String> {
    let elsewhere = hub.bind_direct().await;
    let own = hub.openids(account).await.len();
    hub.fans(&elsewhere, (own + count) as u64).await;
    let mut out = Vec::new();
    for n in own..own + count {
        let person = hub.wechat(Method::GET, &format!("/people/{n}"), Value::Null).await.expect(200);
        let chats = person["chats"].as_array().expect("chats");
        let here = chats.iter().find(|chat| chat["appid"] == account.app_id.as_str()).expect("an openid");
        out.push(here["openid"].as_str().expect("text").to_owned());
    }
    out
}

async fn counted(hub: &Hub, account: &Bound, code: &Value, wanted: (i64, i64, i64)) -> Value {
    hub.until("the figures", async || {
        let now = hub.get(&path(account, code)).await.expect(200);
        let figures = ["scans", "follows", "lost"].map(|name| now[name].as_i64().expect("a number"));
        (figures == [wanted.0, wanted.1, wanted.2]).then_some(now)
    })
    .await
}

async fn upload(hub: &Hub, account: &Bound, name: &str, bytes: Vec<u8>) -> Said {
    let form = multipart::Form::new().part("file", multipart::Part::bytes(bytes).file_name(name.to_owned()));
    let url = format!("{}/api/v1/accounts/{}/qrcode_batches", hub.url, account.id);
    Said::of(hub.http.post(url).bearer_auth(&hub.key).multipart(form).send().await.expect("the hub answers")).await
}

fn table(rows: usize) -> Vec<u8> {
    let rows = (1..=rows).map(|n| format!("门店{n:03},地推,\"华东,店{}\",第{n}家\n", n % 3));
    std::iter::once("门店名称,来源,标签,备注\n".to_owned()).chain(rows).collect::<String>().into_bytes()
}

async fn batch_in(hub: &Hub, account: &Bound, batch: &Value, state: &str) -> Value {
    let path = format!("/accounts/{}/qrcode_batches/{}", account.id, batch["id"].as_str().expect("an id"));
    hub.until(state, async || {
        let batch = hub.get(&path).await.expect(200);
        (batch["state"] == state).then_some(batch)
    })
    .await
}

async fn start(hub: &Hub, account: &Bound, batch: &Value) -> Said {
    let path = format!("/accounts/{}/qrcode_batches/{}/start", account.id, batch["id"].as_str().expect("an id"));
    hub.post(&path, json!({ "permanent": true, "folder": "门店" })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_only_verified_service_accounts_make_codes_and_the_refusal_names_the_rule() {
    for hub in Hub::on_each_database().await {
        let subscription = hub.bind_direct_as("subscription", 0, "safe").await;
        let body = json!({ "name": "Counter", "permanent": true });
        let refused = hub
            .post(&format!("/accounts/{}/qrcodes", subscription.id), body.clone())
            .await
            .refused(409, "function_not_allowed");
        assert_eq!(
            (&refused["params"]["function"], &refused["params"]["rule"], &refused["params"]["reason"]),
            (&json!("qrcode"), &json!("R8"), &json!("type"))
        );
        upload(&hub, &subscription, "t.csv", table(2)).await.refused(409, "function_not_allowed");
        assert_eq!(count(&hub, "select count(*) from qrcodes").await, 0);
        let service = hub.bind_direct().await;
        assert_eq!(make(&hub, &service, body).await["state"], "live");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_a_code_is_made_at_wechat_under_an_opaque_scene_and_drawn_here() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let body = json!({ "name": "徐汇店 counter", "source": "地推", "folder": "华东", "permanent": true, "tag_names": ["地推", "VIP"] });
        let code = make(&hub, &account, body).await;
        assert_eq!((&code["state"], &code["expires_at"]), (&json!("live"), &Value::Null));
        let scene = code["scene"].as_str().unwrap();
        assert!(scene.len() == 14 && scene.is_ascii(), "{scene}");
        assert!(code["url"].as_str().unwrap().starts_with("http://weixin.qq.com/q/"));
        let tags: Vec<&str> =
            code["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
        assert_eq!(tags, ["VIP", "地推"]);
        let made = at_wechat(&hub, &account).await;
        assert_eq!(made.iter().map(|(scene, _)| scene.as_str()).collect::<Vec<_>>(), [scene]);

        let short = make(&hub, &account, json!({ "name": "Fair", "permanent": false, "days": 3 })).await;
        let left = short["expires_at"].as_i64().unwrap() - hub.running.ctx().now();
        assert!((3 * 86_400_000 - 5_000..=3 * 86_400_000).contains(&left), "{left}");
        hub.post(
            &format!("/accounts/{}/qrcodes", account.id),
            json!({ "name": "Fair", "permanent": false, "days": 31 }),
        )
        .await
        .refused(422, "invalid");

        let picture = async |query: &str| {
            let url = format!("{}/api/v1{}/picture{query}", hub.url, path(&account, &code));
            let answer = hub.http.get(url).bearer_auth(&hub.key).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{query}");
            (answer.headers()["content-type"].to_str().unwrap().to_owned(), answer.bytes().await.unwrap())
        };
        let (kind, png) = picture("?size=1181").await;
        assert_eq!(
            (kind.as_str(), &png[..4], &png[16..20]),
            ("image/png", &b"\x89PNG"[..], &1181u32.to_be_bytes()[..])
        );
        let (kind, svg) = picture("?format=svg").await;
        assert!(kind == "image/svg+xml" && svg.starts_with(b"<svg "), "{kind}");
        hub.get(&format!("{}/picture?size=9999", path(&account, &code))).await.refused(422, "invalid");

        let list = hub.get(&format!("/accounts/{}/qrcodes?query=COUNTER", account.id)).await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let first = hub.get(&format!("/accounts/{}/qrcodes?limit=1", account.id)).await.expect(200);
        let next =
            format!("/accounts/{}/qrcodes?limit=1&cursor={}", account.id, first["next_cursor"].as_str().unwrap());
        let next = hub.get(&next).await.expect(200);
        let both: BTreeSet<&str> = [&first, &next].map(|page| page["items"][0]["name"].as_str().unwrap()).into();
        assert_eq!((both.len(), &next["next_cursor"]), (2, &Value::Null));
        let overview = hub.get(&format!("/accounts/{}/qrcode_overview", account.id)).await.expect(200);
        assert_eq!(overview["budget"], json!({ "limit": 100_000, "used": 1, "left": 99_999 }));
        assert_eq!(overview["folders"], json!([{ "name": "华东", "codes": 1 }]));

        hub.advance(DAY * 4).await;
        assert_eq!(hub.get(&path(&account, &short)).await.expect(200)["state"], "expired");
        let again = hub.post(&format!("{}/make", path(&account, &short)), json!({ "days": 2 })).await.expect(200);
        assert_eq!((&again["state"], &again["scene"]), (&json!("live"), &short["scene"]), "renewed under its scene");
        hub.post(&format!("{}/make", path(&account, &code)), json!({})).await.refused(409, "qrcode_made");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_the_hundred_thousand_permanent_codes_are_counted_and_never_overrun() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        make(&hub, &account, json!({ "name": "First", "permanent": true })).await;
        let many = sql("insert into qrcodes (tenant_id, id, account_id, scene, name, permanent, url, on_scan, scans, follows, lost, created_at, updated_at)
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 99998)
             select tenant_id, n.i, account_id, 'x' || n.i, name, permanent, url, on_scan, 0, 0, 0, created_at, updated_at from qrcodes, n where qrcodes.name = 'First'");
        let tx = hub.running.ctx().store().write().await.unwrap();
        tx.execute(many).await.unwrap();
        tx.commit().await.unwrap();
        let left = async || {
            let overview = hub.get(&format!("/accounts/{}/qrcode_overview", account.id)).await.expect(200);
            overview["budget"]["left"].as_i64().unwrap()
        };
        assert_eq!(left().await, 1);
        let draft = upload(&hub, &account, "t.csv", table(2)).await.expect(201);
        let refused = start(&hub, &account, &draft).await.refused(409, "qrcodes_full");
        assert_eq!(refused["params"]["left"], 1, "a table that does not fit is not begun");
        make(&hub, &account, json!({ "name": "Last", "permanent": true })).await;
        assert_eq!(left().await, 0);
        let list = format!("/accounts/{}/qrcodes", account.id);
        hub.post(&list, json!({ "name": "One more", "permanent": true })).await.refused(409, "qrcodes_full");
        hub.post(&list, json!({ "name": "Temporary", "permanent": false })).await.expect(201);

        // WeChat's own count may be further: others make codes too.
        let other = hub.bind_direct().await;
        hub.fault(CREATE, json!({ "kind": "errcode", "errcode": 45029 }), 1).await;
        let list = format!("/accounts/{}/qrcodes", other.id);
        hub.post(&list, json!({ "name": "Full", "permanent": true })).await.refused(409, "qrcodes_full");
        let page = hub.get(&list).await.expect(200);
        assert_eq!(page["items"], json!([]), "what WeChat refused is not there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_new_and_following_fans_are_tagged_told_apart_and_remembered_with_their_source() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let stranger = strangers(&hub, &account, 1).await.remove(0);
        let text = |text: &str| json!({ "type": "text", "text": text });
        let body = json!({ "name": "Window", "source": "Mall", "permanent": true, "tag_names": ["mall"],
            "on_scan": { "new_fans": [text("welcome by the window"), text("and more")], "following": [text("you again")] } });
        let code = make(&hub, &account, body).await;
        let ticket = ticket(&hub, &account, &code).await;
        let old = scan(&hub, &account, &fan, &ticket).await;
        assert_eq!(old["answer"]["text"], "you again", "{old}");
        let new = scan(&hub, &account, &stranger, &ticket).await;
        assert_eq!(new["answer"]["text"], "welcome by the window", "{new}");
        hub.until("what overflows comes as a customer-service message", async || {
            let chat = hub.chat(&account, &stranger).await;
            chat.iter().any(|(from, _, said)| from == "account" && said == "and more").then_some(())
        })
        .await;
        for (openid, kind) in [(&fan, "scan"), (&stranger, "follow")] {
            let customer = hub.customer(openid).await;
            assert_eq!(customer["tags"][0]["name"], "mall", "{kind}");
            let story = hub.story(openid).await;
            let event = story.iter().find(|event| event["kind"] == kind).unwrap();
            assert_eq!(
                (&event["properties"]["qrcode_id"], &event["properties"]["qrcode"], &event["properties"]["source"]),
                (&code["id"], &json!("Window"), &json!("Mall")),
                "{kind}"
            );
            let tagged = story.iter().find(|event| event["kind"] == "tag_add").unwrap();
            assert_eq!(tagged["properties"]["source"], "qrcode");
            let said = story.iter().find(|event| event["kind"] == "message_out").unwrap();
            assert_eq!(said["properties"]["state"], "sent");
        }
        let id = hub.customer(&stranger).await["id"].as_str().unwrap().to_owned();
        let page = hub.get(&format!("/customers/{id}")).await.expect(200);
        let source = &page["fans"][0]["source"];
        assert_eq!((&source["qrcode_id"], &source["source"]), (&code["id"], &json!("Mall")), "{page}");
        counted(&hub, &account, &code, (2, 1, 0)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_a_scan_that_is_told_twice_has_no_further_effect() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let body = json!({ "name": "Window", "permanent": true, "tag_names": ["mall"],
            "on_scan": { "following": [{ "type": "text", "text": "hello" }] } });
        let code = make(&hub, &account, body).await;
        let ticket = ticket(&hub, &account, &code).await;
        hub.wechat(Method::POST, "/faults", json!({ "what": { "kind": "duplicate_push" }, "times": 1 }))
            .await
            .expect(201);
        scan(&hub, &account, &fan, &ticket).await;
        hub.until("the push came twice", async || {
            let pushes =
                hub.wechat(Method::GET, &format!("/pushes?appid={}", account.app_id), Value::Null).await.expect(200);
            let scans = pushes["items"].as_array().unwrap().iter().filter(|push| push["what"] == "SCAN").count();
            (scans == 2).then_some(())
        })
        .await;
        counted(&hub, &account, &code, (1, 0, 0)).await;
        // Whatever is still to be counted has been by the time a later scan has.
        hub.advance(Duration::from_secs(5)).await;
        scan(&hub, &account, &fan, &ticket).await;
        counted(&hub, &account, &code, (2, 0, 0)).await;
        let kinds: Vec<Value> = hub.story(&fan).await.into_iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds.iter().filter(|kind| *kind == "tag_add").count(), 1, "{kinds:?}");
        assert_eq!(kinds.iter().filter(|kind| *kind == "scan").count(), 2, "{kinds:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_the_welcome_is_inherited_and_what_is_over_is_recorded_and_says_nothing() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let welcome =
            json!({ "trigger": { "kind": "follow" }, "answers": [{ "type": "text", "text": "the welcome" }] });
        hub.post(&format!("/accounts/{}/replies", account.id), welcome).await.expect(201);
        let people = strangers(&hub, &account, 3).await;
        let code = make(&hub, &account, json!({ "name": "Plain", "permanent": true, "tag_names": ["plain"] })).await;
        let at = ticket(&hub, &account, &code).await;
        assert_eq!(scan(&hub, &account, &people[0], &at).await["answer"]["text"], "the welcome");
        let again = scan(&hub, &account, &people[0], &at).await;
        assert_eq!(again["outcome"], "silent", "a fan who follows is said nothing by default: {again}");

        let said = json!({ "archived": true, "on_scan": { "new_fans": [{ "type": "text", "text": "never" }] } });
        let archived = hub.patch(&path(&account, &code), said).await.expect(200);
        assert_eq!(archived["state"], "archived");
        assert_eq!(scan(&hub, &account, &people[1], &at).await["answer"]["text"], "the welcome");
        assert_eq!(hub.customer(&people[1]).await["tags"], json!([]), "what is put away tags nobody");
        counted(&hub, &account, &code, (3, 2, 0)).await;
        let listed = hub.get(&format!("/accounts/{}/qrcodes", account.id)).await.expect(200);
        assert_eq!(listed["items"], json!([]));

        // A scene that nobody here made: the event is on the timeline all the same.
        let tx = hub.running.ctx().store().write().await.unwrap();
        tx.execute(sql("update qrcodes set scene = 'elsewhere'")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scan(&hub, &account, &people[2], &at).await["answer"]["text"], "the welcome");
        let story = hub.story(&people[2]).await;
        let follow = story.iter().find(|event| event["kind"] == "follow").unwrap();
        assert_eq!(
            (&follow["properties"]["qr_scene"], &follow["properties"]["qrcode_id"]),
            (&code["scene"], &Value::Null)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_a_table_becomes_codes_with_their_tags_and_one_zip() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let mut bytes = table(200);
        bytes.extend_from_slice("门店001,又来,x,\n,,,\n,无名,,\n".as_bytes());
        let draft = upload(&hub, &account, "门店 200.csv", bytes).await.expect(201);
        assert_eq!((&draft["state"], &draft["total"], &draft["faulty"]), (&json!("draft"), &json!(200), &json!(2)));
        let faults: Vec<(i64, &str)> = draft["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| (fault["line"].as_i64().unwrap(), fault["code"].as_str().unwrap()))
            .collect();
        assert_eq!(faults, [(202, "twice"), (204, "empty")]);
        assert_eq!(draft["new_tags"], json!(["华东", "店0", "店1", "店2"]));
        assert_eq!(at_wechat(&hub, &account).await.len(), 0, "nothing is made before somebody says so");
        start(&hub, &account, &draft).await.expect(202);
        let done = batch_in(&hub, &account, &draft, "done").await;
        assert_eq!((&done["made"], &done["failed"]), (&json!(200), &json!(0)));
        start(&hub, &account, &draft).await.refused(409, "batch_running");
        let scenes: BTreeSet<String> = at_wechat(&hub, &account).await.into_iter().map(|(scene, _)| scene).collect();
        assert_eq!(scenes.len(), 200);
        let id = draft["id"].as_str().unwrap();
        let codes = hub.get(&format!("/accounts/{}/qrcodes?batch={id}&limit=200", account.id)).await.expect(200);
        let codes = codes["items"].as_array().unwrap();
        assert_eq!(codes.len(), 200);
        let seventh = codes.iter().find(|code| code["name"] == "门店007").unwrap();
        assert_eq!(
            (&seventh["source"], &seventh["folder"], &seventh["note"]),
            (&json!("地推"), &json!("门店"), &json!("第7家"))
        );
        let tags: Vec<&str> =
            seventh["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
        assert_eq!(tags, ["华东", "店1"]);
        for (format, begins) in [("png", &b"\x89PNG"[..]), ("svg", b"<svg ")] {
            let url = format!("{}/api/v1/accounts/{}/qrcode_batches/{id}/zip?format={format}", hub.url, account.id);
            let answer = hub.http.get(url).bearer_auth(&hub.key).send().await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
                (200, "application/zip")
            );
            let zip = answer.bytes().await.unwrap();
            let found = |wanted: &[u8]| zip.windows(wanted.len()).filter(|window| *window == wanted).count();
            assert_eq!(found(b"PK\x01\x02"), 201, "two hundred pictures and their list");
            assert_eq!(found(begins), 200, "{format}");
            assert_eq!(found("门店200.".as_bytes()), 3, "in its place, in the directory and in the list");
        }
        hub.delete(&format!("/accounts/{}/qrcode_batches/{id}", account.id)).await.refused(409, "batch_begun");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_a_table_goes_on_after_a_kill_without_a_double_code() {
    for mut hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let draft = upload(&hub, &account, "t.csv", table(200)).await.expect(201);
        // A call of the second half hangs, with others of its chunk made and not yet written down.
        hub.fault(CREATE, json!({ "kind": "latency", "ms": 1 }), 150).await;
        hub.fault(CREATE, json!({ "kind": "latency", "ms": 25_000 }), 1).await;
        start(&hub, &account, &draft).await.expect(202);
        hub.until("the call hangs", async || {
            let faults = hub.wechat(Method::GET, "/faults", Value::Null).await.expect(200);
            let hanging = faults["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|fault| fault["what"]["ms"] == 25_000 && fault["hits"] == 1);
            hanging.then_some(())
        })
        .await;
        let next = hub.second_node().await;
        std::mem::replace(&mut hub.running, next).kill();
        hub.url = format!("http://{}", hub.running.addr());
        if hub.engine == store::Engine::Postgres {
            hub.advance(Duration::from_secs(16)).await;
        }
        let done = batch_in(&hub, &account, &draft, "done").await;
        assert_eq!((&done["made"], &done["failed"]), (&json!(200), &json!(0)));
        assert_eq!(count(&hub, "select count(*) from qrcodes where url is not null").await, 200);
        let scenes: BTreeSet<String> = at_wechat(&hub, &account).await.into_iter().map(|(scene, _)| scene).collect();
        assert_eq!(scenes.len(), 200, "WeChat has each once");
        let total = hub.sandbox.total(CREATE);
        assert!((200..=400).contains(&total.calls), "calls that were under way were made again: {total:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_a_table_waits_for_quotas_bears_lost_answers_and_can_be_stopped() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let waiting = async |batch: &Value, problem: &str| {
            let path = format!("/accounts/{}/qrcode_batches/{}", account.id, batch["id"].as_str().unwrap());
            hub.until(problem, async || {
                let batch = hub.get(&path).await.expect(200);
                (batch["problem"] == problem && batch["waits_until"].is_i64()).then_some(batch)
            })
            .await
        };
        let draft = upload(&hub, &account, "t.csv", table(20)).await.expect(201);
        hub.fault(CREATE, json!({ "kind": "errcode", "errcode": 45011 }), 1).await;
        start(&hub, &account, &draft).await.expect(202);
        let minute = waiting(&draft, "wechat_minute").await;
        assert_eq!((&minute["state"], &minute["errcode"]), (&json!("running"), &json!(45011)));
        hub.fault(CREATE, json!({ "kind": "errcode", "errcode": 45009 }), 1).await;
        hub.advance(Duration::from_secs(61)).await;
        let day = waiting(&draft, "wechat_day").await;
        let wait = day["waits_until"].as_i64().unwrap() - hub.running.ctx().now();
        assert!((0..=25 * 3_600_000).contains(&wait), "until WeChat's day is over: {wait}");
        // A person need not wait for it.
        hub.fault(CREATE, json!({ "kind": "drop_after" }), 2).await;
        start(&hub, &account, &draft).await.expect(202);
        let done = batch_in(&hub, &account, &draft, "done").await;
        assert_eq!(done["made"], 20);
        assert_eq!(
            at_wechat(&hub, &account).await.len(),
            20,
            "an answer that was lost is asked for again, and is the same code"
        );

        let second = upload(&hub, &account, "u.csv", "name\nA\nB\n".into()).await.expect(201);
        hub.fault(CREATE, json!({ "kind": "latency", "ms": 6000 }), 2).await;
        start(&hub, &account, &second).await.expect(202);
        let stop = format!("/accounts/{}/qrcode_batches/{}/stop", account.id, second["id"].as_str().unwrap());
        assert_eq!(hub.post(&stop, json!({})).await.expect(200)["state"], "stopped");
        hub.post(&stop, json!({})).await.refused(409, "batch_still");
        start(&hub, &account, &second).await.expect(202);
        assert_eq!(batch_in(&hub, &account, &second, "done").await["made"], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_a_table_that_takes_longer_than_a_minute_asks_for_each_code_once() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let draft = upload(&hub, &account, "t.csv", table(40)).await.expect(201);
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        hub.fault(CREATE, json!({ "kind": "latency", "ms": 700 }), 40).await;
        start(&hub, &account, &draft).await.expect(202);
        // Whoever looks every minute for tables that nobody makes sees that somebody does.
        for _ in 0..3 {
            features::qrcodes::nudge_batches(hub.running.ctx().clone()).await.unwrap();
        }
        assert_eq!(batch_in(&hub, &account, &draft, "done").await["made"], 40);
        let total = hub.sandbox.total(CREATE);
        assert_eq!(total.calls, 40, "{total:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_what_came_of_a_code_is_counted_by_shanghai_days_and_agrees_with_wechat() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let people = strangers(&hub, &account, 6).await;
        let code = make(&hub, &account, json!({ "name": "Fair", "folder": "Events", "permanent": true })).await;
        let other = make(&hub, &account, json!({ "name": "Shop", "permanent": true })).await;
        let (fair, shop) = (ticket(&hub, &account, &code).await, ticket(&hub, &account, &other).await);
        // Noon of a day in Shanghai, so that hours do not cross its midnight by accident.
        let day_ms = 86_400_000;
        let in_day = (hub.running.ctx().now() + 8 * 3_600_000).rem_euclid(day_ms);
        hub.advance(Duration::from_millis((day_ms + 12 * 3_600_000 - in_day) as u64)).await;
        for openid in &people[..4] {
            scan(&hub, &account, openid, &fair).await;
        }
        scan(&hub, &account, &people[4], &shop).await;
        hub.advance(Duration::from_secs(3600)).await;
        scan(&hub, &account, &people[0], &fair).await;
        // Gone within a day; after two; after ten; and one who comes back by another code.
        hub.fan(&account, &people[0], "unfollow", json!({})).await;
        counted(&hub, &account, &code, (5, 4, 1)).await;
        hub.advance(DAY * 2).await;
        hub.fan(&account, &people[1], "unfollow", json!({})).await;
        counted(&hub, &account, &code, (5, 4, 2)).await;
        hub.advance(DAY).await;
        scan(&hub, &account, &people[1], &shop).await;
        hub.advance(DAY * 7).await;
        hub.fan(&account, &people[2], "unfollow", json!({})).await;
        counted(&hub, &account, &code, (5, 4, 3)).await;
        counted(&hub, &account, &other, (2, 2, 0)).await;

        let stats = hub.get(&format!("{}/stats", path(&account, &code))).await.expect(200);
        let kept = |stats: &Value| -> Vec<(i64, i64)> {
            let kept = stats["kept"].as_array().unwrap().iter();
            kept.map(|kept| (kept["of"].as_i64().unwrap(), kept["kept"].as_i64().unwrap())).collect()
        };
        let total = &stats["total"];
        assert_eq!(
            (&total["scans"], &total["follows"], &total["firsts"], &total["lost"]),
            (&json!(5), &json!(4), &json!(4), &json!(3))
        );
        assert_eq!(kept(total), [(4, 3), (4, 2), (0, 0)], "thirty days are not over");
        let days = stats["days"].as_array().unwrap();
        let busy: Vec<(usize, i64, i64, i64)> = days
            .iter()
            .enumerate()
            .filter(|(_, day)| day["scans"] != 0 || day["lost"] != 0)
            .map(|(n, day)| {
                (
                    29 - n,
                    day["scans"].as_i64().unwrap(),
                    day["follows"].as_i64().unwrap(),
                    day["lost"].as_i64().unwrap(),
                )
            })
            .collect();
        assert_eq!(busy, [(10, 5, 4, 1), (8, 0, 0, 1), (0, 0, 0, 1)]);
        let kept_of = |day: &Value| [day["kept_1"].clone(), day["kept_7"].clone(), day["kept_30"].clone()];
        let (nobody, nothing_yet) = (json!([0, 0, null]), json!([null, null, null]));
        assert_eq!(json!(kept_of(&days[19])), json!([3, 2, null]), "they came on this day");
        assert_eq!(json!(kept_of(&days[18])), nobody, "a day on which nobody came");
        assert_eq!(json!(kept_of(&days[29])), nothing_yet, "today");
        assert_eq!(json!(kept_of(&days[28])), nothing_yet, "yesterday's last follow has not had its day");
        // A stretch of one's own has both its ends.
        let (first, last) = (days[19]["day"].as_str().unwrap(), days[21]["day"].as_str().unwrap());
        let some = hub.get(&format!("{}/stats?from={first}&to={last}", path(&account, &code))).await.expect(200);
        assert_eq!(json!([some["from"], some["to"]]), json!([first, last]));
        assert_eq!(some["days"].as_array().unwrap()[..], days[19..22]);
        assert_eq!((&some["total"]["scans"], &some["total"]["lost"]), (&json!(5), &json!(2)));
        let turned = format!("{}/stats?from={last}&to={first}", path(&account, &code));
        hub.get(&turned).await.refused(422, "invalid");
        hub.advance(DAY * 21).await;
        let from = days[0]["day"].as_str().unwrap();
        let later = hub.get(&format!("{}/stats?from={from}", path(&account, &code))).await.expect(200);
        assert_eq!(kept(&later["total"]), [(4, 3), (4, 2), (4, 1)]);
        assert_eq!(json!(kept_of(&later["days"][19])), json!([3, 2, 1]));

        let all = hub.get(&format!("/accounts/{}/qrcode_stats?from={from}", account.id)).await.expect(200);
        assert_eq!((&all["total"]["scans"], &all["total"]["follows"]), (&json!(7), &json!(6)));
        assert_eq!(json!(kept_of(&all["days"][19])), json!([4, 3, 2]), "both folders' together");
        let folders: Vec<(&Value, i64)> = all["folders"]
            .as_array()
            .unwrap()
            .iter()
            .map(|folder| (&folder["folder"], folder["scans"].as_i64().unwrap()))
            .collect();
        assert_eq!(folders, [(&json!("Events"), 5), (&Value::Null, 2)]);

        // The sandbox's own record of what it told.
        let pushes = hub
            .wechat(Method::GET, &format!("/pushes?appid={}&limit=1000", account.app_id), Value::Null)
            .await
            .expect(200);
        let told = |what: &str| {
            pushes["items"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|push| push["what"] == what && push["attempt"] == 1)
                .count()
        };
        assert_eq!((told("subscribe") + told("SCAN"), told("subscribe"), told("unsubscribe")), (7, 6, 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p24_codes_of_another_tenant_are_absent() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let code = make(&hub, &account, json!({ "name": "Window", "permanent": true })).await;
        let (one, list) = (path(&account, &code), format!("/accounts/{}/qrcodes", account.id));
        for (method, path, body) in [
            (Method::GET, list.clone(), None),
            (Method::POST, list, Some(json!({ "name": "Theirs", "permanent": true }))),
            (Method::GET, one.clone(), None),
            (Method::PATCH, one.clone(), Some(json!({ "name": "Theirs" }))),
            (Method::POST, format!("{one}/make"), Some(json!({}))),
            (Method::GET, format!("{one}/picture"), None),
            (Method::GET, format!("{one}/stats"), None),
        ] {
            hub.call(&hub.other, method, &path, body).await.refused(404, "not_found");
        }
        assert_eq!(hub.get(&one).await.expect(200)["name"], "Window");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_a_code_is_made_changed_and_closed_from_here_and_phones_hear_it_at_once() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let people = strangers(&hub, &account, 3).await;
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let says = |text: &str| json!({ "new_fans": [{ "type": "text", "text": text }] });
        let body = json!({ "name": "Window", "source": "Mall", "permanent": true, "tag_names": ["mall"], "on_scan": says("welcome by the window") });
        let code = make(&hub, &account, body).await;
        let journal = hub.wechat(Method::GET, "/journal?limit=1000", Value::Null).await.expect(200);
        let made: Vec<&Value> =
            journal["items"].as_array().unwrap().iter().filter(|call| call["path"] == CREATE).collect();
        assert_eq!((made.len(), &made[0]["executed"]), (1, &json!(true)), "one code, one call");
        let ticket = ticket(&hub, &account, &code).await;
        let heard = async |openid: &str| -> Vec<String> {
            let chat = hub.chat(&account, openid).await;
            chat.into_iter().filter(|(from, _, _)| from == "account").map(|(_, _, text)| text).collect()
        };
        scan(&hub, &account, &people[0], &ticket).await;
        assert_eq!(heard(&people[0]).await, ["welcome by the window"]);
        assert_eq!(hub.customer(&people[0]).await["tags"][0]["name"], "mall");

        let change = json!({ "on_scan": says("the window has moved") });
        hub.patch(&path(&account, &code), change).await.expect(200);
        scan(&hub, &account, &people[1], &ticket).await;
        assert_eq!(heard(&people[1]).await, ["the window has moved"], "the same print, and another welcome");
        counted(&hub, &account, &code, (2, 2, 0)).await;
        assert_eq!(at_wechat(&hub, &account).await.len(), 1, "nothing was made anew");
    }
}
