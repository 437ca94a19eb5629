use std::collections::BTreeMap;

use entities::{
    campaigns::{Audience, Reckoned},
    templates::fields,
};

use super::{
    decide::{Quiet, about_numbers, about_texts, about_time, missing, note_unfit, unreachable},
    model::FindingLevel,
};

fn data(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

fn codes(findings: &[super::model::Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

const ORDER: &str = "订单编号：{{character_string1.DATA}}\n商品名称：{{thing2.DATA}}\n";

#[test]
fn what_wechat_would_refuse_is_an_error_and_what_it_punishes_a_warning() {
    let fields = fields(ORDER, "");
    let found = about_texts("订单支付成功通知", &fields, &data(&[("thing2", "杯"), ("colour", "red")]));
    assert_eq!(codes(&found), ["empty_value", "no_such_key"]);
    let found =
        about_texts("订单支付成功通知", &fields, &data(&[("character_string1", "编号"), ("thing2", "领取优惠券")]));
    assert_eq!(codes(&found), ["unfit_value", "title_mismatch"]);
    assert_eq!(found[1].level, FindingLevel::Warning);
    let found = about_texts("活动提醒", &fields, &data(&[("character_string1", "A1"), ("thing2", "Big SALE today")]));
    assert_eq!(codes(&found), ["punished_words"]);
    // A word within a word is none.
    let found = about_texts("活动提醒", &fields, &data(&[("character_string1", "wholesaler"), ("thing2", "杯")]));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn who_cannot_be_reached_is_told_by_reason_and_only_wechats_own_rules_are_named() {
    let reckoned = Reckoned { not_following: 1, blocked: 2, opted_out: 3, capped: 4, ..Reckoned::default() };
    let reasons: Vec<_> =
        unreachable(&reckoned, true).into_iter().map(|one| (one.reason, one.rule, one.count)).collect();
    let wanted = [("not_following", Some("R8"), 1), ("blocked", None, 2), ("opted_out", None, 3), ("capped", None, 4)];
    assert_eq!(reasons, wanted);
}

#[test]
fn missing_values_are_counted_with_what_is_said_instead() {
    let data = data(&[("thing1", "{{customer.name|朋友}}"), ("thing2", "{{customer.city}}")]);
    let reckoned = Reckoned { fans: 12, reachable: 10, no_name: 3, no_city: 4, ..Reckoned::default() };
    let missing = missing(&data, &reckoned);
    let seen: Vec<_> = missing.iter().map(|one| (&*one.name, one.missing, one.fallback.as_deref())).collect();
    assert_eq!(seen, [("customer.name", 3, Some("朋友")), ("customer.city", 4, None)]);
    let found = about_numbers(&reckoned, &missing, &[], &Audience::Openids { openids: vec!["o".into()] });
    assert_eq!(codes(&found), ["missing_values"]);

    let mut unfit = Vec::new();
    let long = "一二三四五六七八九十一二三四五六七八九十一";
    note_unfit(&mut unfit, &self::data(&[("thing1", long), ("thing2", "")]));
    note_unfit(&mut unfit, &self::data(&[("thing1", "fine"), ("thing2", "")]));
    let seen: Vec<_> = unfit.iter().map(|one| (&*one.key, one.why.as_str(), one.count)).collect();
    assert_eq!(seen, [("thing1", "too_long", 1), ("thing2", "empty", 2)]);
}

#[test]
fn the_night_is_shanghais() {
    // 2026-11-28T13:59Z is 21:59 in Shanghai; a minute later the night begins.
    let (before, night) = (1_795_874_340_000, 1_795_874_400_000);
    assert!(about_time(before, Quiet::Unset, &[], None, false).is_empty());
    assert_eq!(codes(&about_time(night, Quiet::Unset, &[], None, false)), ["night"]);
    assert_eq!(codes(&about_time(before, Quiet::Unset, &[], None, true)), ["paused"]);
    // Whoever has quiet hours of their own knows better when it is quiet.
    assert!(about_time(night, Quiet::Until(None), &[], None, false).is_empty());
    assert_eq!(codes(&about_time(before, Quiet::Until(Some(night)), &[], None, false)), ["quiet_hours"]);
}
