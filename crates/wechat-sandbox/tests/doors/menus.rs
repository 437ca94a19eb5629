//! Menus: what is accepted, what is read back, and what a tap pushes.

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch};

use crate::stage::{Hub, Stage, code};

fn menu() -> Value {
    json!({"button": [
        {"type": "click", "name": "今日", "key": "K_TODAY"},
        {"name": "更多", "sub_button": [
            {"type": "view", "name": "商店", "url": "https://shop.example.com/"},
            {"type": "location_select", "name": "在哪", "key": "K_LOC"}]}]})
}

#[tokio::test]
async fn a_menu_is_made_read_and_deleted() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Subscription, 3);
    let token = stage.token(&account).await;
    let path = |call: &str| format!("/cgi-bin/{call}?access_token={token}");
    assert_eq!(code(&stage.get(&path("menu/get")).await), 46003);
    assert_eq!(code(&stage.post(&path("menu/create"), menu()).await), 0);
    let read = stage.get(&path("menu/get")).await;
    assert_eq!(read["menu"]["button"][0], json!({"type": "click", "name": "今日", "key": "K_TODAY", "sub_button": []}));
    assert!(read["menu"].get("menuid").is_none() && read.get("conditionalmenu").is_none(), "{read}");
    let current = stage.get(&path("get_current_selfmenu_info")).await;
    assert_eq!(current["selfmenu_info"]["button"][1]["sub_button"]["list"][0]["name"], "商店");
    assert_eq!(code(&stage.get(&path("menu/delete")).await), 0);
    assert_eq!(code(&stage.get(&path("menu/get")).await), 46003);
}

#[tokio::test]
async fn bad_menus_are_refused_by_their_codes() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let create = async |button: Value| {
        code(&stage.post(&format!("/cgi-bin/menu/create?access_token={token}"), json!({"button": button})).await)
    };
    let click = json!({"type": "click", "name": "a", "key": "k"});
    assert_eq!(create(json!([click, click, click, click])).await, 40016);
    assert_eq!(create(json!([{"type": "smoke", "name": "a"}])).await, 40017);
    assert_eq!(create(json!([{"type": "click", "name": "名字太长了啊", "key": "k"}])).await, 40018);
    assert_eq!(create(json!([{"type": "click", "name": "a"}])).await, 40019);
    assert_eq!(create(json!([{"type": "view", "name": "a", "url": "ftp://x"}])).await, 40020);
    assert_eq!(create(json!([{"name": "a", "sub_button": [click, click, click, click, click, click]}])).await, 40023);
    let below = async |button: Value| create(json!([{"name": "a", "sub_button": [button]}])).await;
    assert_eq!(create(json!([{"type": "click", "name": "a", "key": "k", "sub_button": [click]}])).await, 40017);
    assert_eq!(below(json!({"type": "click", "name": "字".repeat(20), "key": "k"})).await, 0);
    assert_eq!(below(json!({"type": "click", "name": "字".repeat(21), "key": "k"})).await, 40025);
    assert_eq!(below(json!({"type": "smoke", "name": "a"})).await, 40024);
    assert_eq!(below(json!({"type": "click", "name": "a", "key": "k".repeat(129)})).await, 40026);
    assert_eq!(
        below(json!({"type": "view", "name": "a", "url": format!("https://a.example/{}", "a".repeat(1024))})).await,
        40027
    );
    assert_eq!(below(json!({"name": "a", "sub_button": [click]})).await, 40022);
    let hosts = |n: usize| -> Vec<Value> {
        (0..n).map(|i| json!({"type": "view", "name": "a", "url": format!("https://h{i}.example/")})).collect()
    };
    assert_eq!(create(json!([{"name": "a", "sub_button": hosts(3)}])).await, 0);
    assert_eq!(create(json!([{"name": "a", "sub_button": hosts(4)}])).await, 65316);
    let inside = json!({"type": "view", "name": "b", "url": "https://mp.weixin.qq.com/s/x"});
    assert_eq!(create(json!([{"name": "a", "sub_button": hosts(3)}, inside])).await, 0);
}

#[tokio::test]
async fn the_newest_conditional_menu_that_matches_is_shown() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let path = |call: &str| format!("/cgi-bin/{call}?access_token={token}");
    let tag =
        stage.post(&path("tags/create"), json!({"tag": {"name": "vip"}})).await["tag"]["id"].as_u64().expect("an id");
    let mut conditional = json!({"button": [{"type": "click", "name": "贵宾", "key": "K_VIP"}], "matchrule": {"tag_id": tag.to_string()}});
    assert_eq!(code(&stage.post(&path("menu/addconditional"), conditional.clone()).await), 65303);
    stage.post(&path("menu/create"), menu()).await;
    let made = stage.post(&path("menu/addconditional"), conditional.clone()).await;
    let menuid = made["menuid"].as_str().expect("text").to_owned();
    conditional["matchrule"] = json!({});
    assert_eq!(code(&stage.post(&path("menu/addconditional"), conditional).await), 65304);
    let rule = async |button: Value, rule: Value| {
        code(&stage.post(&path("menu/addconditional"), json!({"button": button, "matchrule": rule})).await)
    };
    let vips = json!([{"type": "click", "name": "a", "key": "k"}]);
    assert_eq!(rule(vips.clone(), json!({"tag_id": "999"})).await, 45159);
    assert_eq!(rule(vips.clone(), json!({"client_platform_type": "9"})).await, 65319);
    assert_eq!(rule(vips.clone(), json!({"province": "广东"})).await, 65310);
    assert_eq!(rule(vips, json!({"country": "中国", "city": "广州"})).await, 65311);
    assert_eq!(rule(json!([]), json!({"tag_id": tag})).await, 65307);
    assert_eq!(rule(json!([{"name": "a"}]), json!({"tag_id": tag})).await, 65308);
    assert_eq!(rule(json!([{"type": "view", "name": "a", "url": "smoke"}]), json!({"tag_id": tag})).await, 65317);
    let vip = stage.openid(&account, 1);
    stage.post(&path("tags/members/batchtagging"), json!({"openid_list": [vip], "tagid": tag})).await;
    let seen = stage.post(&path("menu/trymatch"), json!({"user_id": vip})).await;
    assert_eq!(seen["button"][0]["name"], "贵宾");
    let seen = stage.post(&path("menu/trymatch"), json!({"user_id": stage.openid(&account, 2)})).await;
    assert_eq!(seen["button"][0]["name"], "今日");
    assert_eq!(code(&stage.post(&path("menu/trymatch"), json!({"user_id": "nobody"})).await), 65302);
    assert_eq!(code(&stage.post(&path("menu/delconditional"), json!({"menuid": menuid})).await), 0);
    assert_eq!(code(&stage.post(&path("menu/delconditional"), json!({"menuid": menuid})).await), 65301);
}

#[tokio::test]
async fn taps_push_their_events_and_what_follows() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    stage.post(&format!("/cgi-bin/menu/create?access_token={token}"), menu()).await;
    let tap = async |body: Value| {
        stage.control("POST", &format!("/accounts/{}/fans/1/tap?wait=true", account.appid), body).await
    };
    assert_eq!(tap(json!({"key": "K_TODAY"})).await.1["outcome"], "silent");
    let window = stage.sandbox.fan(&account.appid, "1").expect("a fan").window.expect("open");
    assert_eq!(window.remaining, Some(3));
    tap(json!({"path": [1, 0]})).await;
    tap(json!({"path": [1, 1], "latitude": 31.2, "longitude": 121.4, "label": "上海"})).await;
    assert_eq!(tap(json!({"path": [1]})).await.0, 404);
    let pushes = hub.wait_for(4).await;
    let names: Vec<(String, String)> =
        pushes.iter().map(|push| (push.field("Event"), push.field("EventKey"))).collect();
    let of = |event: &str, key: &str| (event.to_owned(), key.to_owned());
    let wanted =
        [of("CLICK", "K_TODAY"), of("VIEW", "https://shop.example.com/"), of("location_select", "K_LOC"), of("", "")];
    assert_eq!(names, wanted);
    assert!(pushes[1].field("MenuId").parse::<u64>().is_ok());
    assert!(pushes[2].body.contains("<Location_X><![CDATA[31.2]]></Location_X>"), "{}", pushes[2].body);
    assert_eq!((pushes[3].field("MsgType").as_str(), pushes[3].field("Location_X").as_str()), ("location", "31.2"));
}
