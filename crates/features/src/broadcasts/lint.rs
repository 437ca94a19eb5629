//! What is said of a broadcast before it goes out, from facts to findings. Pure.

mod contents;

use entities::{
    broadcasts::{Content, Criterion, Way},
    calendar,
    campaigns::{Audience, OnQuota},
};
use kit::Millis;

use super::facts::{Facts, Finding, Severity, Words};

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        field: &str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> &mut Finding {
        self.0.push(Finding {
            code,
            severity,
            field: Some(field.to_owned()).filter(|field| !field.is_empty()),
            words: Words { chinese: zh.into(), english: en.into() },
            rule: None,
            link: None,
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }
}

/// What is found, errors first.
pub fn findings(facts: &Facts) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    account(facts, &mut found);
    for (n, content) in facts.contents.iter().enumerate() {
        contents::one(facts, content, &format!("contents[{n}]"), &mut found);
    }
    trial(facts, &mut found);
    audience(facts, &mut found);
    quota(facts, &mut found);
    time(facts, &mut found);
    found.0.sort_by_key(|finding| finding.severity as u8);
    found.0
}

fn account(facts: &Facts, found: &mut Findings) {
    if let Some(denied) = &facts.denied {
        let (zh, en) = match denied.code.as_str() {
            "type" => (
                "此公众号的类型或认证状态不能群发",
                "An account of this kind, or without verification, cannot broadcast",
            ),
            "set" => ("公众号没有授权“群发与通知”权限集", "The permission set for broadcasts was not granted"),
            "unbound" => ("公众号已解除绑定", "The account is not bound"),
            _ => ("公众号设为只接收不发送", "The account is set to listen only"),
        };
        found.add("not_allowed", Severity::Error, "account_id", zh, en).rule = denied.rule;
    }
    if let Some(reason) = &facts.gate {
        found.add(
            "gate_closed",
            Severity::Warning,
            "account_id",
            format!("微信目前不接受此公众号的群发（{reason}），会等到恢复后再发"),
            format!("WeChat takes no broadcasts of this account at the moment ({reason}); it waits until it does"),
        );
    }
    if facts.paused {
        found.add(
            "paused",
            Severity::Warning,
            "",
            "数据库从备份恢复，发送已暂停；继续发送前不会群发",
            "The database was put back from a backup and sending is paused; nothing goes out until it is resumed",
        );
    }
}

fn trial(facts: &Facts, found: &mut Findings) {
    use Severity::{Error, Info};
    let n = facts.contents.len();
    match facts.trial {
        None if n > 1 => {
            found.add(
                "test_missing",
                Error,
                "test",
                "有几个版本，但没有测试设置",
                "There are variants, and no test of them",
            );
        }
        None if n == 0 => {
            found.add("content_missing", Error, "contents", "还没有内容", "There is nothing to say yet");
        }
        None => {}
        Some(trial) => {
            if !(2..=4).contains(&n) {
                found.add("variants", Error, "contents", "测试需要 2 到 4 个版本", "A test takes 2 to 4 variants");
            }
            if trial.share * n as i64 + trial.hold_out > 100 {
                found.add(
                    "shares",
                    Error,
                    "test",
                    "各版本和对照组加起来超过 100%",
                    "The variants and those held out are more than 100 % together",
                );
            }
            if trial.by == Criterion::Reads {
                if facts.contents.iter().any(|content| !matches!(content, Content::Article { .. })) {
                    found.add(
                        "reads_of_articles",
                        Error,
                        "test",
                        "按阅读数只能比较图文",
                        "Only articles can be compared by reads",
                    );
                }
                found.add(
                    "reads_next_morning",
                    Info,
                    "test",
                    "微信在次日 8 点给出阅读数，优胜版本在此之后发出",
                    "WeChat tells the reads at 8:00 of the next day; the winner goes out after that",
                );
            }
            let smallest = facts.fans * trial.share.min(100) / 100;
            if facts.fans > 0 && smallest < 2 {
                found.add(
                    "share_too_small",
                    Error,
                    "test",
                    "人数太少，一个版本分不到 2 人",
                    "There are too few fans: a variant would have fewer than 2",
                );
            }
        }
    }
}

fn audience(facts: &Facts, found: &mut Findings) {
    use Severity::{Error, Info};
    if facts.tag_missing {
        found.add("tag_missing", Error, "audience", "标签已不存在", "A tag of the audience is gone");
    }
    if facts.fans == 0 {
        found.add("nobody", Error, "audience", "没有人会收到", "Nobody would get it");
    } else if facts.way == Way::List && facts.fans < 2 {
        found.add("too_few", Error, "audience", "按名单群发至少要 2 人", "WeChat sends to a list of no fewer than 2");
    } else if facts.filtered + facts.blocked >= facts.fans {
        let (zh, en) = match (facts.filtered, facts.blocked) {
            (_, 0) => ("所有人本月的 4 次都已用完", "All of them have had their 4 of this month"),
            (0, _) => ("所有人都在公众号的微信黑名单里", "All of them are on the account's blacklist at WeChat"),
            _ => (
                "所有人要么本月的 4 次已用完，要么在公众号的微信黑名单里",
                "All of them have had their 4 of this month or are on the account's blacklist at WeChat",
            ),
        };
        found.add("nobody_left", Error, "audience", zh, en).rule = (facts.filtered > 0).then_some("R1");
    } else {
        left_out(facts, found);
    }
    if facts.opted_out > 0 {
        let n = facts.opted_out;
        if facts.way == Way::List {
            found.add(
                "opted_out",
                Info,
                "audience",
                format!("另有 {n} 人不希望收到群发，名单里不含他们"),
                format!("{n} more want no broadcasts: they are left out of the list"),
            );
        } else {
            found.add(
                "opted_out_reached",
                Severity::Warning,
                "audience",
                format!("其中 {n} 人不希望收到群发，但微信按全部或标签发送时无法排除他们；服务号可改为按名单发送"),
                format!("{n} of them want no broadcasts, and WeChat leaves nobody out of all or a tag; a service account can send to a list instead"),
            );
        }
    }
    if !facts.is_service && facts.way == Way::List {
        let is_tag = matches!(facts.audience, Audience::Tags { .. }) && facts.trial.is_none();
        let (zh, en) = if is_tag {
            (
                "订阅号只能发给全部粉丝或一个已同步到微信的标签",
                "A subscription account sends to all fans, or to one tag that WeChat has too",
            )
        } else {
            ("订阅号不能按名单群发", "A subscription account cannot send to a list")
        };
        found.add("subscription_list", Error, "audience", zh, en).rule = Some("R1");
    }
}

/// Whom WeChat leaves out.
fn left_out(facts: &Facts, found: &mut Findings) {
    let (filtered, blocked) = (facts.filtered, facts.blocked);
    if filtered > 0 {
        found
            .add(
                "filtered",
                Severity::Info,
                "audience",
                format!("{filtered} 人本月的 4 次已用完，微信不会发给他们"),
                format!("Had their 4 of this month, so that WeChat leaves them out: {filtered}"),
            )
            .rule = Some("R1");
    }
    if blocked > 0 {
        found.add(
            "blocked",
            Severity::Info,
            "audience",
            format!("{blocked} 人在公众号的微信黑名单里，微信不会发给他们"),
            format!("On the account's blacklist at WeChat, which leaves them out: {blocked}"),
        );
    }
}

fn quota(facts: &Facts, found: &mut Findings) {
    use Severity::{Error, Warning};
    if !facts.is_service && facts.today >= 1 {
        found
            .add(
                "day_used",
                Error,
                "starts_at",
                "订阅号每天 1 次，这一天已经用了",
                "A subscription account has one a day, and this day's is used",
            )
            .rule = Some("R1");
    } else if !facts.is_service && facts.others_today > 0 {
        found
            .add(
                "day_taken",
                Error,
                "starts_at",
                "同一天已安排了另一条群发",
                "Another broadcast is to go out on the same day",
            )
            .rule = Some("R1");
    }
    if facts.is_service && facts.way == Way::All {
        if facts.all >= 4 {
            found
                .add(
                    "month_used",
                    Error,
                    "audience",
                    "本月发给全部粉丝的 4 次已用完；可以按标签或名单发",
                    "This month's 4 to all fans are used; tags and lists still go",
                )
                .rule = Some("R1");
        } else if facts.all + facts.others_to_all >= 4 {
            found
                .add(
                    "month_taken",
                    Warning,
                    "audience",
                    "加上已安排的群发，本月发给全部粉丝会超过 4 次",
                    "With what is scheduled, more than 4 would go to all fans this month",
                )
                .rule = Some("R1");
        }
    }
    if facts.calls > entities::broadcasts::parts::CALLS_A_DAY - facts.calls_made {
        let severity = if facts.on_quota == OnQuota::Stop { Error } else { Warning };
        let (zh, en) = if facts.on_quota == OnQuota::Stop {
            ("一天最多调用 100 次，会有人收不到", "WeChat takes 100 calls a day, and some would get nothing")
        } else {
            ("一天最多调用 100 次，剩下的第二天继续发", "WeChat takes 100 calls a day; the rest goes out on the next")
        };
        found.add("calls", severity, "audience", zh, en);
    }
}

fn time(facts: &Facts, found: &mut Findings) {
    use Severity::{Error, Warning};
    if facts.at < facts.now - 60_000 {
        found.add("in_the_past", Error, "starts_at", "时间已经过去", "This time is over");
    }
    let hour = (facts.at - calendar::this_day(facts.at)) / HOUR;
    if !(8..22).contains(&hour) {
        found.add(
            "night",
            Warning,
            "starts_at",
            "22:00–8:00 群发会打扰粉丝",
            "Between 22:00 and 8:00 a broadcast disturbs people",
        );
    }
    if facts.last_at.is_some_and(|last| (0..DAY).contains(&(facts.at - last))) {
        found.add(
            "too_soon",
            Warning,
            "starts_at",
            "距离上一条群发不到 24 小时",
            "The last broadcast is less than 24 hours before",
        );
    }
    if facts.same {
        found.add("same_again", Warning, "contents", "24 小时内发过同样的内容", "The same was sent within 24 hours");
    }
}

#[cfg(test)]
mod tests;
