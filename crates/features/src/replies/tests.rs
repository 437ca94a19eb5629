use chrono::NaiveDate;
use kit::{AccountId, RuleId};
use proptest::prelude::*;

use super::{
    check,
    conflict::{ConflictKind, conflicts},
    decide::{Heard, Matcher, Why},
    model::{
        Answer, FollowWhen, Hours, Matching, MessageKind, NoReply, NoReplyType, Rule, RuleBody, SendMode, Trigger,
        TriggerKind,
    },
};

fn keyword(matching: Matching, words: &[&str]) -> Trigger {
    Trigger {
        kind: TriggerKind::Keyword,
        matching: Some(matching),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        follow: None,
        message_kinds: Vec::new(),
    }
}

fn rule(id: i64, position: i64, trigger: Trigger) -> Rule {
    Rule {
        id: RuleId(id),
        account_id: AccountId(1),
        name: format!("rule {id}"),
        enabled: true,
        position,
        trigger,
        answers: vec![Answer::None(NoReply { r#type: NoReplyType::None })],
        send: SendMode::All,
        hours: None,
        once_per_seconds: None,
        hits: 0,
        last_hit_at: None,
        created_at: 0,
        updated_at: 0,
    }
}

fn at(day: u32, hour: u32, minute: u32) -> chrono::NaiveDateTime {
    // 2 November 2026 is a Monday.
    NaiveDate::from_ymd_opt(2026, 11, day).and_then(|date| date.and_hms_opt(hour, minute, 0)).unwrap()
}

#[test]
fn words_match_exactly_within_all_or_by_pattern_whatever_their_width_and_case() {
    let check = |matching, words: &[&str], said: &str, why: Why| {
        let trigger = keyword(matching, words);
        let matcher = Matcher::new(&trigger, None).unwrap();
        assert_eq!(matcher.consider(&Heard::text(said), || at(2, 12, 0)).why, why, "{matching:?} {words:?} {said:?}");
    };
    check(Matching::Exact, &["价格", "PRICE"], "ｐｒｉｃｅ", Why::Matched);
    check(Matching::Exact, &["price"], "the price", Why::NoWord);
    check(Matching::Contains, &["price"], "What is the PRICE?", Why::Matched);
    check(Matching::Contains, &["price"], "what is it?", Why::NoWord);
    check(Matching::All, &["开门", "时间"], "你们开门的时间？", Why::Matched);
    check(Matching::All, &["开门", "时间"], "开门吗", Why::NotAllWords);
    check(Matching::All, &["开门", "时间"], "在吗", Why::NoWord);
    check(Matching::Regex, &[r"^订单\s*\d{4,}$"], "订单 12345", Why::Matched);
    check(Matching::Regex, &[r"^订单\s*\d{4,}$"], "订单 12", Why::NoWord);
    check(Matching::Regex, &["hello"], "HELLO", Why::Matched);
}

#[test]
fn a_pattern_that_explodes_elsewhere_takes_linear_time_here() {
    let matcher = Matcher::new(&keyword(Matching::Regex, &["(a+)+$"]), None).unwrap();
    let said = format!("{}b", "a".repeat(2000));
    assert_eq!(matcher.consider(&Heard::text(&said), || at(2, 12, 0)).why, Why::NoWord);
    assert!(Matcher::new(&keyword(Matching::Regex, &["(a{1000}){1000}"]), None).is_err());
}

#[test]
fn a_follow_rule_is_for_new_or_returning_fans_or_both() {
    let check = |follow: Option<FollowWhen>, returning: bool, why: Why| {
        let trigger =
            Trigger { kind: TriggerKind::Follow, matching: None, words: Vec::new(), follow, message_kinds: Vec::new() };
        let matcher = Matcher::new(&trigger, None).unwrap();
        assert_eq!(matcher.consider(&Heard::Follow { returning }, || at(2, 12, 0)).why, why);
    };
    check(None, true, Why::Matched);
    check(Some(FollowWhen::First), false, Why::Matched);
    check(Some(FollowWhen::First), true, Why::OtherFollowers);
    check(Some(FollowWhen::Returning), true, Why::Matched);
    check(Some(FollowWhen::Returning), false, Why::OtherFollowers);
}

#[test]
fn a_default_rule_is_for_some_kinds_or_all() {
    let check = |kinds: &[MessageKind], heard: Heard, why: Why| {
        let trigger = Trigger {
            kind: TriggerKind::Default,
            matching: None,
            words: Vec::new(),
            follow: None,
            message_kinds: kinds.to_vec(),
        };
        assert_eq!(Matcher::new(&trigger, None).unwrap().consider(&heard, || at(2, 12, 0)).why, why);
    };
    check(&[], Heard::text("x"), Why::Matched);
    check(&[], Heard::Message(MessageKind::Image), Why::Matched);
    check(&[MessageKind::Image], Heard::text("x"), Why::OtherKind);
    check(&[MessageKind::Image], Heard::Message(MessageKind::Image), Why::Matched);
    check(&[], Heard::Follow { returning: false }, Why::OtherKind);
}

#[test]
fn hours_are_the_tenants_and_may_span_midnight() {
    let check = |days: &[u8], from: &str, to: &str, now: chrono::NaiveDateTime, why: Why| {
        let hours = Hours { days: days.to_vec(), from: from.into(), to: to.into() };
        let matcher = Matcher::new(&keyword(Matching::Exact, &["hi"]), Some(&hours)).unwrap();
        assert_eq!(matcher.consider(&Heard::text("hi"), || now).why, why, "{days:?} {from}-{to} {now}");
    };
    check(&[1], "09:00", "18:00", at(2, 9, 0), Why::Matched);
    check(&[1], "09:00", "18:00", at(2, 18, 0), Why::Asleep);
    check(&[2], "09:00", "18:00", at(2, 10, 0), Why::Asleep);
    check(&[1], "22:00", "06:00", at(2, 23, 0), Why::Matched);
    check(&[1], "22:00", "06:00", at(3, 5, 59), Why::Matched);
    check(&[1], "22:00", "06:00", at(3, 22, 0), Why::Asleep);
    check(&[7], "22:00", "06:00", at(2, 1, 0), Why::Matched);
    check(&[1], "00:00", "24:00", at(2, 23, 59), Why::Matched);
}

#[test]
fn rules_that_get_in_each_others_way_are_shown() {
    let rules = [rule(1, 1, keyword(Matching::Contains, &["价格"])), rule(2, 2, keyword(Matching::Exact, &["hello"]))];
    let meet = |trigger: Trigger| {
        conflicts(&trigger, None, &rules).into_iter().map(|c| (c.rule_id.0, c.kind)).collect::<Vec<_>>()
    };
    assert_eq!(meet(keyword(Matching::Exact, &["价格表"])), [(1, ConflictKind::Shadowed)]);
    assert_eq!(meet(keyword(Matching::Exact, &["ＨＥＬＬＯ"])), [(2, ConflictKind::Same)]);
    assert_eq!(meet(keyword(Matching::Contains, &["hell"])), []);
    let first = conflicts(&keyword(Matching::Regex, &["^h"]), Some((RuleId(9), 0)), &rules);
    assert_eq!(first.iter().map(|c| (c.rule_id.0, c.kind)).collect::<Vec<_>>(), [(2, ConflictKind::Shadows)]);
}

#[test]
fn a_bad_rule_is_refused_with_every_fault_at_its_field() {
    let check = |body: serde_json::Value, fields: &[&str]| {
        let body: RuleBody = serde_json::from_value(body).unwrap();
        match check::check(body) {
            Err(kit::Error::Invalid(faults)) => {
                assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), fields)
            }
            other => panic!("{other:?}"),
        }
    };
    check(
        serde_json::json!({ "trigger": { "kind": "keyword", "words": [" "] }, "answers": [] }),
        &["trigger.words", "answers"],
    );
    check(
        serde_json::json!({ "trigger": { "kind": "keyword", "match": "regex", "words": ["("] }, "answers": [{ "type": "text", "text": "x".repeat(2049) }] }),
        &["trigger.words[0]", "answers[0].text"],
    );
    check(
        serde_json::json!({ "trigger": { "kind": "follow", "words": ["x"] }, "answers": [{ "type": "none" }, { "type": "text", "text": "x" }],
            "hours": { "days": [8], "from": "9:00", "to": "10:00" }, "once_per_seconds": 5 }),
        &["trigger.words", "answers", "hours.days", "hours.from", "once_per_seconds"],
    );
    check(
        serde_json::json!({ "trigger": { "kind": "default" }, "answers": [{ "type": "article", "title": "", "url": "javascript:alert(1)" }] }),
        &["answers[0].title", "answers[0].url"],
    );
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "\\PC*") {
        let once = super::fold::fold(&text);
        prop_assert_eq!(super::fold::fold(&once), once);
    }
}
