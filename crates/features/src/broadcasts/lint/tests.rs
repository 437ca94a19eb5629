use std::collections::HashMap;

use super::*;
use crate::broadcasts::facts::ArticleFacts;

const NOON: Millis = 1_795_752_000_000; // 2026-11-27 12:00 in Shanghai

fn facts<'a>(contents: &'a [Content], audience: &'a Audience) -> Facts<'a> {
    Facts {
        contents,
        trial: None,
        audience,
        on_quota: OnQuota::Wait,
        denied: None,
        is_service: true,
        files: HashMap::new(),
        articles: HashMap::new(),
        tag_missing: false,
        way: Way::All,
        calls: 1,
        calls_made: 0,
        fans: 10,
        filtered: 0,
        blocked: 0,
        opted_out: 0,
        now: NOON,
        at: NOON,
        today: 0,
        all: 0,
        last_at: None,
        same: false,
        others_today: 0,
        others_to_all: 0,
        gate: None,
        paused: false,
    }
}

fn codes(facts: &Facts) -> Vec<&'static str> {
    findings(facts).into_iter().map(|finding| finding.code).collect()
}

fn text(text: &str) -> [Content; 1] {
    [Content::Text { text: text.to_owned() }]
}

#[test]
fn a_good_text_at_noon_has_nothing_against_it() {
    assert_eq!(codes(&facts(&text("早上好"), &Audience::All)), Vec::<&str>::new());
}

#[test]
fn texts_are_measured_in_bytes_and_say_the_same_to_everybody() {
    assert_eq!(codes(&facts(&text(" "), &Audience::All)), ["text_empty"]);
    assert_eq!(codes(&facts(&text(&"汉".repeat(683)), &Audience::All)), ["text_too_long"]);
    assert_eq!(codes(&facts(&text(&"a".repeat(2048)), &Audience::All)), Vec::<&str>::new());
    assert_eq!(codes(&facts(&text("你好 {{customer.name}}"), &Audience::All)), ["text_places"]);
    assert_eq!(codes(&facts(&text("转发有奖，集赞"), &Audience::All)), ["punished_words"]);
}

#[test]
fn of_an_article_every_item_is_read_by_the_rules_of_a_text_and_named_by_its_place() {
    let id = kit::ArticleId(7);
    let contents = [Content::Article { article_id: id }];
    let of = |refused: Option<&'static str>, items: &[&str]| {
        let items = items.iter().map(|item| (*item).to_owned()).collect();
        let articles = HashMap::from([(id, ArticleFacts { refused, items })]);
        findings(&Facts { articles, ..facts(&contents, &Audience::All) })
    };
    assert!(of(None, &["港口的早晨", "鱼市"]).is_empty());
    let found = of(None, &["港口的早晨", "鱼市\n稳赚\n转发有奖，集赞"]);
    assert_eq!((found.len(), found[0].code, found[0].severity), (1, "punished_words", Severity::Warning));
    assert_eq!(found[0].field.as_deref(), Some("contents[0].article_id"));
    let words = &found[0].words;
    assert!(words.chinese.starts_with("第 2 篇") && words.chinese.ends_with("转发有奖、集赞、稳赚"), "{words:?}");
    assert!(words.english.starts_with("Article 2: ") && words.english.ends_with("转发有奖、集赞、稳赚"), "{words:?}");
    let found = of(Some("article_not_saved"), &["你好 {{customer.name}}"]);
    let codes: Vec<_> = found.iter().map(|finding| (finding.code, finding.severity)).collect();
    assert_eq!(codes, [("article_not_saved", Severity::Error), ("text_places", Severity::Warning)]);
    assert!(found[1].words.chinese.contains("{{…}}"), "{:?}", found[1].words);
    assert_eq!(self::codes(&facts(&contents, &Audience::All)), ["article_missing"]);
}

#[test]
fn r1_the_month_and_the_day_are_looked_at() {
    let (contents, all) = (text("a"), Audience::All);
    let base = facts(&contents, &all);
    assert_eq!(codes(&Facts { all: 4, ..base.clone() }), ["month_used"]);
    assert_eq!(codes(&Facts { all: 3, others_to_all: 1, ..base.clone() }), ["month_taken"]);
    assert_eq!(codes(&Facts { filtered: 10, ..base.clone() }), ["nobody_left"]);
    assert_eq!(codes(&Facts { filtered: 3, ..base.clone() }), ["filtered"]);
    assert_eq!(codes(&Facts { filtered: 3, blocked: 2, ..base.clone() }), ["filtered", "blocked"]);
    let used = Facts { filtered: 6, blocked: 4, ..base.clone() };
    assert_eq!((codes(&used), findings(&used)[0].rule), (vec!["nobody_left"], Some("R1")));
    let kept_away = Facts { blocked: 10, ..base.clone() };
    assert_eq!((codes(&kept_away), findings(&kept_away)[0].rule), (vec!["nobody_left"], None));
    let out = Facts { opted_out: 3, ..base.clone() };
    assert_eq!(codes(&Facts { way: Way::List, ..out.clone() }), ["opted_out"]);
    assert_eq!(codes(&Facts { way: Way::All, ..out }), ["opted_out_reached"]);
    assert_eq!(codes(&Facts { is_service: false, today: 1, ..base.clone() }), ["day_used"]);
    assert_eq!(codes(&Facts { is_service: false, way: Way::List, ..base.clone() }), ["subscription_list"]);
    assert_eq!(codes(&Facts { way: Way::List, fans: 1, ..base.clone() }), ["too_few"]);
    let calls = Facts { calls: 101, way: Way::List, on_quota: OnQuota::Stop, ..base.clone() };
    assert_eq!(codes(&calls), ["calls"]);
    assert_eq!(findings(&calls)[0].severity, Severity::Error);
}

#[test]
fn the_night_and_haste_are_warned_of() {
    let (contents, all) = (text("a"), Audience::All);
    let base = facts(&contents, &all);
    let at = |hours: Millis| Facts { at: NOON + hours * HOUR, ..base.clone() };
    assert_eq!(codes(&at(10)), ["night"]);
    assert_eq!(codes(&at(9)), Vec::<&str>::new());
    assert_eq!(codes(&at(-2)), ["in_the_past"]);
    assert_eq!(codes(&Facts { last_at: Some(NOON - HOUR), same: true, ..base }), ["too_soon", "same_again"]);
}
