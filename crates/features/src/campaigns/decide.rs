//! What may be wrong with a campaign, from what is known of it. Pure.

use std::collections::BTreeMap;

use chrono::{TimeZone, Timelike};
use chrono_tz::Asia::Shanghai;
use entities::{
    campaigns::{Audience, Named, Reckoned, words},
    messages::{gates::Gate, places},
    templates::{Field, Flaw, Unfit, fits, flaw, strange_keys},
};
use kit::Millis;
use serde_json::{Value, json};

use super::model::{Drift, Finding, FindingLevel, MissingValue, UnfitValue, Unreachable};

/// Words for which WeChat takes templates away or punishes accounts: a template message tells of something the fan did,
/// and advertises nothing.
const PUNISHED: [&str; 34] = [
    "优惠券",
    "代金券",
    "红包",
    "抽奖",
    "中奖",
    "大奖",
    "奖品",
    "彩票",
    "免费领",
    "领取",
    "秒杀",
    "抢购",
    "特价",
    "促销",
    "打折",
    "折扣",
    "满减",
    "大酬宾",
    "清仓",
    "限时",
    "返现",
    "返利",
    "集赞",
    "转发",
    "分享到朋友圈",
    "投票",
    "点击关注",
    "coupon",
    "voucher",
    "lottery",
    "red packet",
    "prize",
    "discount",
    "sale",
];

/// Titles that tell of something done.
const OF_A_DEED: [&str; 18] = [
    "订单", "支付", "付款", "缴费", "发货", "物流", "收货", "签收", "退款", "预约", "就诊", "挂号", "开课", "取书",
    "积分", "账单", "充值", "审核",
];

/// From ten in the evening to eight in the morning.
const NIGHT_BEGINS: u32 = 22;
const DAY_BEGINS: u32 = 8;

fn finding(level: FindingLevel, code: &'static str, detail: &str, params: Value) -> Finding {
    Finding { code, level, rule: None, detail: detail.to_owned(), params }
}

fn error(code: &'static str, detail: &str, params: Value) -> Finding {
    finding(FindingLevel::Error, code, detail, params)
}

fn warning(code: &'static str, detail: &str, params: Value) -> Finding {
    finding(FindingLevel::Warning, code, detail, params)
}

/// What stands in the way of the template itself.
pub fn about_template(drift: Option<Drift>) -> Option<Finding> {
    Some(match drift? {
        Drift::Gone => error("template_gone", "WeChat has this template no more", json!({})),
        Drift::Changed => error(
            "template_changed",
            "the template has become another since this was written: look at it and save it again",
            json!({}),
        ),
    })
}

/// What is wrong with the texts as they are written.
pub fn about_texts(title: &str, fields: &[Field], data: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut found = Vec::new();
    for field in fields.iter().filter(|field| field.shown) {
        let text = data.get(&field.key).map(String::as_str).unwrap_or_default();
        if places::has_places(text) {
            continue;
        }
        let Some(flaw) = flaw(field, text) else { continue };
        let (key, name, longest) = (&field.key, &field.name, field.longest);
        let params = match flaw {
            Flaw::Empty | Flaw::EmptyLine => json!({ "key": key, "name": name }),
            Flaw::Unfit(why) => json!({ "key": key, "name": name, "why": why, "longest": longest }),
            Flaw::Cut => json!({ "key": key, "name": name, "longest": longest }),
        };
        let level = if flaw.refused().is_some() { FindingLevel::Error } else { FindingLevel::Warning };
        found.push(finding(level, flaw.code(), flaw.detail(), params));
    }
    let strange = strange_keys(fields, data);
    if !strange.is_empty() {
        found.push(error("no_such_key", "the template has no such key", json!({ "keys": strange })));
    }
    found.extend(about_words(title, data));
    found
}

/// Advertising in a template message.
fn about_words(title: &str, data: &BTreeMap<String, String>) -> Option<Finding> {
    let all = data.values().map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n");
    let words: Vec<&str> = PUNISHED.into_iter().filter(|word| has_word(&all, word)).collect();
    if words.is_empty() {
        return None;
    }
    let tells_of_a_deed = OF_A_DEED.into_iter().any(|word| title.contains(word));
    let params = json!({ "words": words, "title": title });
    Some(if tells_of_a_deed {
        warning("title_mismatch", "advertising under a title that tells of something done", params)
    } else {
        warning("punished_words", "WeChat punishes advertising in template messages", params)
    })
}

/// An English word stands by itself; in Chinese nothing does.
fn has_word(text: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    text.match_indices(word)
        .any(|(at, _)| is_end(text[..at].chars().next_back()) && is_end(text[at + word.len()..].chars().next()))
}

/// Who is meant and cannot be reached.
pub fn unreachable(reckoned: &Reckoned, is_notice: bool) -> Vec<Unreachable> {
    let rule = Some(if is_notice { "R8" } else { "R4" });
    let reasons = [
        ("not_following", rule, reckoned.not_following),
        ("no_consent", rule, reckoned.no_consent),
        ("blocked", None, reckoned.blocked),
        ("opted_out", None, reckoned.opted_out),
        ("capped", None, reckoned.capped),
    ];
    reasons
        .into_iter()
        .filter(|(.., count)| *count > 0)
        .map(|(reason, rule, count)| Unreachable { reason, rule, count })
        .collect()
}

/// Of how many nothing is known, for each name in the texts.
pub fn missing(data: &BTreeMap<String, String>, reckoned: &Reckoned) -> Vec<MissingValue> {
    let count = |name: &str| match name {
        "customer.name" => reckoned.no_name,
        "customer.phone" => reckoned.no_phone,
        "customer.email" => reckoned.no_email,
        "customer.city" => reckoned.no_city,
        "customer.province" => reckoned.no_province,
        "customer.birthday" => reckoned.no_birthday,
        _ => reckoned.reachable,
    };
    let one = |wanted: words::Wanted| MissingValue {
        missing: count(&wanted.name),
        fallback: wanted.otherwise.filter(|_| !wanted.bare),
        name: wanted.name,
        keys: wanted.keys,
    };
    words::wanted(data).into_iter().map(one).collect()
}

/// Notes what one recipient would hear that does not fit.
pub fn note_unfit(unfit: &mut Vec<UnfitValue>, said: &BTreeMap<String, String>) {
    for (key, value) in said {
        let Err(why) = fits(key, value) else { continue };
        match unfit.iter_mut().find(|one| one.key == *key && one.why == why) {
            Some(one) => one.count += 1,
            None => unfit.push(UnfitValue { key: key.clone(), why, count: 1, example: value.clone() }),
        }
    }
}

/// What the numbers say.
pub fn about_numbers(
    reckoned: &Reckoned,
    missing: &[MissingValue],
    unfit: &[UnfitValue],
    audience: &Audience,
) -> Vec<Finding> {
    let mut found = Vec::new();
    if reckoned.reachable == 0 {
        found.push(error("nobody", "nobody of the audience can be reached", json!({ "meant": reckoned.fans })));
    }
    for one in missing.iter().filter(|one| one.missing > 0 && one.fallback.is_none()) {
        let params = json!({ "name": one.name, "count": one.missing, "keys": one.keys });
        found.push(warning("missing_values", "of some nothing is known, and nothing is said instead", params));
    }
    for one in unfit {
        let params = json!({ "key": one.key, "why": one.why, "count": one.count, "example": one.example });
        let code = if one.why == Unfit::Empty { "empty_for_some" } else { "unfit_for_some" };
        found.push(warning(code, "WeChat will refuse these", params));
    }
    if *audience == Audience::All && reckoned.reachable > 1 {
        found.push(warning("everybody", "every fan is meant", json!({ "count": reckoned.reachable })));
    }
    found
}

/// The day's quota is less than what is needed.
pub fn quota_short(left: i64, needed: i64) -> Finding {
    warning("quota_short", "the day's quota does not reach for everybody", json!({ "left": left, "needed": needed }))
}

/// What is quiet at the time of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quiet {
    /// The company has no quiet hours: it is only said when it is night in Shanghai.
    Unset,
    /// Not then, or until this instant.
    Until(Option<Millis>),
}

/// What the time says: the night, others near it, and ways that are closed.
pub fn about_time(at: Millis, quiet: Quiet, near: &[Named], gate: Option<&Gate>, paused: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let hour = || Shanghai.timestamp_millis_opt(at).single().map_or(12, |local| local.hour());
    match quiet {
        Quiet::Unset if !(DAY_BEGINS..NIGHT_BEGINS).contains(&hour()) => {
            found.push(warning("night", "it is night in Shanghai then", json!({ "at": at })));
        }
        Quiet::Until(Some(until)) => {
            let params = json!({ "at": at, "until": until });
            found.push(warning(
                "quiet_hours",
                "it is within the quiet hours: nothing goes out before they end",
                params,
            ));
        }
        Quiet::Unset | Quiet::Until(None) => {}
    }
    if !near.is_empty() {
        let names: Vec<&String> = near.iter().map(|one| &one.name).collect();
        found.push(warning("too_often", "another campaign of the account is within a day", json!({ "names": names })));
    }
    if let Some(gate) = gate {
        let params = json!({ "reason": gate.reason, "opens_at": gate.opens_at });
        found.push(warning("gate_closed", "WeChat takes none of these at the moment; it waits", params));
    }
    if paused {
        found.push(warning("paused", "nothing goes out until a person says so", json!({})));
    }
    found
}
