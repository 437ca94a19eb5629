//! What is said of a broadcast before it goes out, from facts to findings. Pure.

use std::collections::HashMap;

use entities::{
    accounts::Denied,
    broadcasts::{Content, Criterion, Trial, Way},
    calendar,
    campaigns::{Audience, OnQuota},
    media::MediaKind,
    messages::places,
};
use kit::{ArticleId, MediaId, Millis};
use serde::Serialize;
use utoipa::ToSchema;

/// Bytes of a text.
pub const LONGEST_TEXT: usize = 2048;
const MOST_PICTURES: usize = 20;
const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// WeChat's own rules for what accounts publish.
const WECHATS_RULES: &str = "https://mp.weixin.qq.com/cgi-bin/announce?action=getannouncement&announce_id=11503282731";

/// Words for which WeChat has stopped broadcasts or punished accounts.
const PUNISHED: [&str; 18] = [
    "转发有奖", "转发抽奖", "分享到朋友圈", "分享朋友圈", "集赞", "关注后领", "加微信领", "微信红包", "现金红包", "最便宜",
    "国家级", "全网第一", "稳赚", "包赚", "刷单", "兼职日结", "免费领取现金", "互粉",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot begin so.
    Error,
    Warning,
    Info,
}

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Words {
    #[serde(rename = "zh-CN")]
    pub chinese: String,
    #[serde(rename = "en-US")]
    pub english: String,
}

/// Something that is wrong, or worth a thought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// A stable word.
    pub code: &'static str,
    #[schema(inline)]
    pub severity: Severity,
    /// Where in the body: `contents[0].text`.
    pub field: Option<String>,
    pub words: Words,
    /// The rule of the product that says so.
    pub rule: Option<&'static str>,
    pub link: Option<&'static str>,
}

/// A file as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFacts {
    pub kind: MediaKind,
    pub bytes: i64,
}

/// All that is looked at.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub contents: &'a [Content],
    pub trial: Option<Trial>,
    pub audience: &'a Audience,
    pub on_quota: OnQuota,
    pub denied: Option<Denied>,
    pub is_service: bool,
    pub files: HashMap<MediaId, FileFacts>,
    /// Of an article that cannot be sent as it is: why.
    pub articles: HashMap<ArticleId, Option<&'static str>>,
    /// A tag of the audience is no longer there.
    pub tag_missing: bool,
    pub way: Way,
    pub calls: i64,
    /// Calls already made on the day.
    pub calls_made: i64,
    pub fans: i64,
    pub filtered: i64,
    pub now: Millis,
    pub at: Millis,
    /// What the account broadcast on the day, and to all in the month.
    pub today: i64,
    pub all: i64,
    /// The last broadcast before it.
    pub last_at: Option<Millis>,
    /// The same was said within a day before.
    pub same: bool,
    /// Others that are to go out on the day, and to all in the month.
    pub others_today: i64,
    pub others_to_all: i64,
    /// WeChat does not want broadcasts at the moment.
    pub gate: Option<String>,
    pub paused: bool,
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, code: &'static str, severity: Severity, field: &str, zh: impl Into<String>, en: impl Into<String>) -> &mut Finding {
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
        one_content(facts, content, &format!("contents[{n}]"), &mut found);
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
            "type" => ("此公众号的类型或认证状态不能群发", "An account of this kind, or without verification, cannot broadcast"),
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

fn one_content(facts: &Facts, content: &Content, place: &str, found: &mut Findings) {
    use Severity::{Error, Warning};
    let field = |name: &str| format!("{place}.{name}");
    match content {
        Content::Text { text } => {
            let at = field("text");
            if text.trim().is_empty() {
                found.add("text_empty", Error, &at, "文字是空的", "The text is empty");
            }
            if text.len() > LONGEST_TEXT {
                let n = text.len();
                found.add(
                    "text_too_long",
                    Error,
                    &at,
                    format!("文字有 {n} 字节，最多 {LONGEST_TEXT} 字节（一个汉字 3 字节）"),
                    format!("The text has {n} bytes; at most {LONGEST_TEXT} are taken (a Chinese character has 3)"),
                );
            }
            if places::has_places(text) {
                found.add(
                    "text_places",
                    Error,
                    &at,
                    "群发对所有人说同样的话，不能有 {{…}}",
                    "A broadcast says the same to everybody: there can be no {{…}} in it",
                );
            }
            advertising(text, &at, found);
        }
        Content::Article { article_id } => match facts.articles.get(article_id) {
            Some(None) => {}
            Some(Some(code)) => {
                let (zh, en) = article(code);
                found.add(code, Error, &field("article_id"), zh, en);
            }
            None => {
                let (zh, en) = ("图文不存在，或属于另一个公众号", "There is no such article, or it is another account's");
                found.add("article_missing", Error, &field("article_id"), zh, en);
            }
        },
        Content::Images { media_ids, recommend, .. } => {
            let at = field("media_ids");
            if media_ids.is_empty() {
                found.add("pictures_missing", Error, &at, "还没有图片", "There is no picture yet");
            }
            if media_ids.len() > MOST_PICTURES {
                found.add("pictures_too_many", Error, &at, "最多 20 张图片", "At most 20 pictures are taken");
            }
            for id in media_ids {
                file(facts, *id, MediaKind::Image, &at, found);
            }
            advertising(recommend.as_deref().unwrap_or_default(), &field("recommend"), found);
        }
        Content::Voice { media_id } => file(facts, *media_id, MediaKind::Voice, &field("media_id"), found),
        Content::Video { media_id, title, description } => {
            file(facts, *media_id, MediaKind::Video, &field("media_id"), found);
            if title.trim().is_empty() {
                found.add("title_empty", Error, &field("title"), "视频没有标题", "The film has no title");
            }
            if description.trim().is_empty() {
                found.add("description_empty", Warning, &field("description"), "视频没有描述", "The film has no description");
            }
            advertising(title, &field("title"), found);
            advertising(description, &field("description"), found);
        }
    }
}

fn article(code: &str) -> (&'static str, &'static str) {
    match code {
        "article_busy" => ("图文正在保存到微信", "The article is being saved to WeChat"),
        "article_publishing" => ("图文正在发布", "The article is being published"),
        "article_unsaved_changes" => ("图文有修改，请先保存到微信", "The article was changed here; save it to WeChat first"),
        "article_conflict" => (
            "图文在这里和微信都被修改过，请先选择保留哪一份",
            "The article was changed here and at WeChat; choose one of both first",
        ),
        "article_gone" => (
            "微信草稿箱里已没有这篇图文，请重新保存到微信",
            "WeChat's draft box does not have the article any more; save it there again first",
        ),
        _ => ("图文还没有保存到微信", "The article is not saved to WeChat yet"),
    }
}

fn file(facts: &Facts, id: MediaId, kind: MediaKind, at: &str, found: &mut Findings) {
    use Severity::Error;
    let Some(file) = facts.files.get(&id) else {
        found.add("file_missing", Error, at, "文件不存在", "There is no such file");
        return;
    };
    if file.kind != kind {
        found.add("file_wrong_kind", Error, at, "文件的种类不对", "The file is of another kind");
    }
    let most = match kind {
        MediaKind::Image | MediaKind::Video => 10 << 20,
        MediaKind::Voice => 2 << 20,
        MediaKind::Thumb => 64 << 10,
    };
    if file.bytes > most {
        found.add("file_too_big", Error, at, "文件超过微信的上限", "The file is larger than WeChat takes");
    }
}

fn advertising(text: &str, at: &str, found: &mut Findings) {
    let words: Vec<&str> = PUNISHED.into_iter().filter(|word| text.contains(word)).collect();
    if !words.is_empty() {
        let words = words.join("、");
        found
            .add(
                "punished_words",
                Severity::Warning,
                at,
                format!("含有微信可能判为诱导或广告的词：{words}"),
                format!("Holds words that WeChat may take for inducement or advertising: {words}"),
            )
            .link = Some(WECHATS_RULES);
    }
}

fn trial(facts: &Facts, found: &mut Findings) {
    use Severity::{Error, Info};
    let n = facts.contents.len();
    match facts.trial {
        None if n > 1 => {
            found.add("test_missing", Error, "test", "有几个版本，但没有测试设置", "There are variants, and no test of them");
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
                    found.add("reads_of_articles", Error, "test", "按阅读数只能比较图文", "Only articles can be compared by reads");
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
    } else if facts.filtered >= facts.fans {
        found
            .add("nobody_left", Error, "audience", "所有人本月的 4 次都已用完", "All of them have had their 4 of this month")
            .rule = Some("R1");
    } else if facts.filtered > 0 {
        let n = facts.filtered;
        found
            .add(
                "filtered",
                Info,
                "audience",
                format!("{n} 人本月的 4 次已用完，微信不会发给他们"),
                format!("{n} have had their 4 of this month: WeChat leaves them out"),
            )
            .rule = Some("R1");
    }
    if !facts.is_service && facts.way == Way::List {
        let is_tag = matches!(facts.audience, Audience::Tags { .. }) && facts.trial.is_none();
        let (zh, en) = if is_tag {
            ("订阅号只能发给全部粉丝或一个已同步到微信的标签", "A subscription account sends to all fans, or to one tag that WeChat has too")
        } else {
            ("订阅号不能按名单群发", "A subscription account cannot send to a list")
        };
        found.add("subscription_list", Error, "audience", zh, en).rule = Some("R1");
    }
}

fn quota(facts: &Facts, found: &mut Findings) {
    use Severity::{Error, Warning};
    if !facts.is_service && facts.today >= 1 {
        found.add("day_used", Error, "starts_at", "订阅号每天 1 次，这一天已经用了", "A subscription account has one a day, and this day's is used").rule =
            Some("R1");
    } else if !facts.is_service && facts.others_today > 0 {
        found.add("day_taken", Error, "starts_at", "同一天已安排了另一条群发", "Another broadcast is to go out on the same day").rule =
            Some("R1");
    }
    if facts.is_service && facts.way == Way::All {
        if facts.all >= 4 {
            found.add("month_used", Error, "audience", "本月发给全部粉丝的 4 次已用完；可以按标签或名单发", "This month's 4 to all fans are used; tags and lists still go").rule =
                Some("R1");
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
        found.add("night", Warning, "starts_at", "22:00–8:00 群发会打扰粉丝", "Between 22:00 and 8:00 a broadcast disturbs people");
    }
    if facts.last_at.is_some_and(|last| (0..DAY).contains(&(facts.at - last))) {
        found.add("too_soon", Warning, "starts_at", "距离上一条群发不到 24 小时", "The last broadcast is less than 24 hours before");
    }
    if facts.same {
        found.add("same_again", Warning, "contents", "24 小时内发过同样的内容", "The same was sent within 24 hours");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn r1_the_month_and_the_day_are_looked_at() {
        let (contents, all) = (text("a"), Audience::All);
        let base = facts(&contents, &all);
        assert_eq!(codes(&Facts { all: 4, ..base.clone() }), ["month_used"]);
        assert_eq!(codes(&Facts { all: 3, others_to_all: 1, ..base.clone() }), ["month_taken"]);
        assert_eq!(codes(&Facts { filtered: 10, ..base.clone() }), ["nobody_left"]);
        assert_eq!(codes(&Facts { filtered: 3, ..base.clone() }), ["filtered"]);
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
}
