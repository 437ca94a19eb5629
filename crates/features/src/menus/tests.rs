use std::collections::HashMap;

use chrono::NaiveDate;
use entities::events::Taps;
use kit::http::Faults;
use serde_json::json;
use wechat::api::menu::{self as theirs, get_selfmenu_info};

use super::{
    check, decide, jobs,
    model::{Button, ButtonKind},
    numbers,
};

fn buttons(value: serde_json::Value) -> Vec<Button> {
    serde_json::from_value(value).unwrap()
}

fn faults(value: serde_json::Value) -> Vec<String> {
    let mut faults = Faults::default();
    check::check(&buttons(value), "hub.example", &mut faults);
    faults.into_list().into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect()
}

#[test]
fn names_are_counted_in_bytes_and_lists_have_other_limits() {
    let click = |name: &str| json!({ "id": "a", "name": name, "type": "click" });
    assert_eq!(faults(json!([click("五个汉字")])), [] as [&str; 0]);
    assert_eq!(faults(json!([click("1234567890123456")])), [] as [&str; 0]);
    assert_eq!(faults(json!([click("12345678901234567")])), ["buttons[0].name too_long"]);
    assert_eq!(faults(json!([{ "id": "b", "name": "b", "buttons": [click(&"字".repeat(20))] }])), [] as [&str; 0]);
    assert_eq!(
        faults(json!([{ "id": "b", "name": "b", "buttons": [click(&"字".repeat(21))] }])),
        ["buttons[0].buttons[0].name too_long"]
    );
    assert_eq!(faults(json!([])), ["buttons empty"]);
}

#[test]
fn only_addresses_of_the_web_are_addresses() {
    for good in ["https://a.example/", "http://a.example:8080/x?y=z#q", "https://商城.example/"] {
        assert!(check::web(good).is_some(), "{good}");
    }
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.example/\r\nLocation: x",
        "https://a b.example/",
        "//a.example",
        "https:///",
        "",
    ] {
        assert!(check::web(bad).is_none(), "{bad}");
    }
    let long = format!("https://a.example/{}", "a".repeat(1024));
    assert!(check::web(&long).is_none());
}

#[test]
fn two_buttons_with_one_key_are_refused_and_wechats_own_hosts_do_not_count() {
    let keyed = |id: &str| json!({ "id": id, "name": id, "type": "click", "key": "K" });
    assert_eq!(faults(json!([keyed("a"), keyed("b")])), ["buttons duplicate"]);
    let view = |n: usize, host: &str| json!({ "id": format!("v{n}"), "name": "v", "type": "view", "url": format!("https://{host}/") });
    let list = |hosts: [&str; 4]| {
        let below: Vec<_> = hosts.iter().enumerate().map(|(n, host)| view(n, host)).collect();
        json!([{ "id": "l", "name": "l", "buttons": below }])
    };
    assert_eq!(faults(list(["a.example", "b.example", "c.example", "mp.weixin.qq.com"])), [] as [&str; 0]);
    assert_eq!(faults(list(["a.example", "b.example", "c.example", "notqq.com"])), ["buttons domains"]);
}

#[test]
fn what_is_sent_is_recognised_when_wechat_gives_it_back_with_empty_fields() {
    let ours = buttons(json!([{ "id": "a", "name": "A", "type": "click" },
        { "id": "b", "name": "B", "buttons": [{ "id": "c", "name": "C", "type": "view", "url": "https://c.example/", "count_visits": true }] }]));
    let links = HashMap::from([("c".to_owned(), "https://hub.example/r/x".to_owned())]);
    let sent = decide::to_wechat(&ours, &links);
    assert_eq!(sent[1].items()[0].url.as_deref(), Some("https://hub.example/r/x"));
    let mut back = sent.clone();
    back[0].sub_button = Some(Vec::new());
    back[1].kind = Some(String::new());
    back[1].sub_button.as_mut().unwrap()[0].key = Some(String::new());
    assert!(decide::same(&sent, &back));
    back[0].name = "Z".into();
    assert!(!decide::same(&sent, &back));
    let mut found = decide::from_wechat(&sent);
    decide::recognise(&mut found, &ours, &links);
    let mut named = 0;
    decide::name_buttons(&mut found, &mut || {
        named += 1;
        named.to_string()
    });
    assert_eq!((found, named), (ours, 0), "every button is known again");
}

#[test]
fn a_menu_of_wechats_console_is_shown_and_not_published() {
    let said: get_selfmenu_info::Response = serde_json::from_value(json!({ "is_menu_open": 1, "selfmenu_info": { "button": [
        { "name": "More", "sub_button": { "list": [{ "type": "view", "name": "Shop", "url": "https://shop.example/" }] } },
        { "type": "news", "name": "N", "value": "MEDIA", "news_info": { "list": [{ "title": "Autumn", "author": "a" }] } }] } }))
    .unwrap();
    let found = decide::from_console(&said.selfmenu_info.button);
    assert_eq!(found[0].buttons[0].kind, Some(ButtonKind::View));
    assert_eq!((found[0].kind, found[1].kind), (None, Some(ButtonKind::Console)));
    assert_eq!((found[1].console_type.as_deref(), found[1].console_value.as_deref()), (Some("news"), Some("Autumn")));
    let mut faults = Faults::default();
    check::check(&found, "hub.example", &mut faults);
    let codes: Vec<_> = faults.into_list().into_iter().map(|fault| (fault.field, fault.code)).collect();
    assert_eq!(codes, [("buttons[1].type".to_owned(), "not_publishable")]);
    assert_eq!(theirs::Button::default(), decide::to_wechat(&[Button::default()], &HashMap::new())[0]);
}

#[test]
fn what_publishing_changes_is_told_by_button() {
    let leaf = |id: &str, name: &str| json!({ "id": id, "name": name, "type": "click" });
    let live = buttons(
        json!([leaf("a", "A"), leaf("b", "B"), { "id": "m", "name": "M", "buttons": [leaf("c", "C"), leaf("d", "D")] }]),
    );
    let draft = buttons(
        json!([leaf("b", "B"), leaf("a", "A2"), { "id": "m", "name": "M", "buttons": [leaf("d", "D"), leaf("n", "N")] }]),
    );
    let told: Vec<String> = decide::changes(&live, &draft)
        .into_iter()
        .map(|one| format!("{:?} {} {}", one.change, one.button, one.fields.join(",")))
        .collect();
    assert_eq!(told, ["Changed a name", "Added n ", "Moved b ", "Removed c "]);
    assert_eq!(decide::changes(&live, &live), []);
}

#[test]
fn a_daily_menu_keeps_to_the_clock_on_the_wall() {
    let hour = 3_600_000;
    // 2026-11-27 22:00 in Shanghai.
    let (starts, ends) = (1_795_788_000_000, Some(1_795_788_000_000 + 9 * hour));
    let next = jobs::next(chrono_tz::Asia::Shanghai, (starts, ends), starts + hour);
    assert_eq!(next, (starts + 24 * hour, ends.map(|end| end + 24 * hour)));
    let late = jobs::next(chrono_tz::Asia::Shanghai, (starts, ends), starts + 50 * hour);
    assert_eq!(late.0, starts + 72 * hour, "days that were missed are not made up for");
    // New York puts its clocks forward on 2027-03-14: that day has 23 hours.
    let before = 1_804_975_200_000;
    let next = jobs::next(chrono_tz::America::New_York, (before, None), before);
    assert_eq!(next.0 - before, 23 * hour);
}

#[test]
fn taps_fall_on_their_days_and_a_button_has_the_name_it_had_last() {
    let days: Vec<NaiveDate> = ["2026-11-26", "2026-11-27"].map(|day| day.parse().unwrap()).into();
    let day = 86_400_000;
    let begins = [1_795_622_400_000, 1_795_622_400_000 + day];
    let tap = |at: i64, version_id, name: &str, taps| Taps {
        quarter: at / numbers::QUARTER_MS,
        button: "a".into(),
        version_id,
        name: name.into(),
        last_at: at,
        taps,
    };
    let taps = vec![tap(begins[1], 2, "New", 3), tap(begins[0], 1, "Old", 2), tap(begins[1] + 1, 1, "Newest", 1)];
    let report = numbers::put_together(&days, &begins, taps, Vec::new());
    assert_eq!(
        (report.taps, report.buttons[0].by_day.clone(), report.buttons[0].name.as_str()),
        (6, vec![2, 4], "Newest")
    );
    let versions: Vec<i64> = report.buttons[0].by_version.iter().map(|one| one.taps).collect();
    assert_eq!(versions, [3, 3]);
}
