//! WeChat's own statistics, read from what the world counted.
//!
//! A day is ready at 08:00 of the next one. Days and rows without anything are left out. Weeks are
//! named by their Monday, months by their first day; they hold what of them was asked for.
//!
//! WeChat's page says of articles that it counts broadcast ones; here published ones count too.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticlesummary>

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Map, Value, json};

use super::answer::{Answer, Ctx, text};
use super::refusal::Refusal;
use crate::clock::{day, hour};
use crate::world::World;
use crate::world::library::{DELETED, DONE};
use crate::world::stats::{Answers, Crowd, Day, Hours, Readers};

/// When yesterday is ready.
const READY: u8 = 8;
/// Days an article is followed.
const FOLLOWED: i32 = 7;

/// The days a body asks for, if they are no more than `span` and all are over.
fn days(ctx: &Ctx, span: i32) -> Result<std::ops::RangeInclusive<i32>, Refusal> {
    let body = ctx.value()?;
    let date = |name: &str| {
        let date = text(&body, name);
        let parsed = NaiveDate::parse_from_str(&date, "%Y-%m-%d").ok().filter(|_| date.len() == 10);
        parsed.map(|date| date.num_days_from_ce()).ok_or(Refusal::DATE_FORMAT)
    };
    let (begin, end, today) = (date("begin_date")?, date("end_date")?, day(ctx.now_ms));
    let first = NaiveDate::from_ymd_opt(2014, 12, 1).map_or(0, |date| date.num_days_from_ce());
    if begin > end || end >= today || begin < first || end - begin >= span {
        return Err(Refusal::DATE_RANGE);
    }
    if end == today - 1 && hour(ctx.now_ms) < READY {
        return Err(Refusal::DATA_NOT_READY);
    }
    Ok(begin..=end)
}

fn date_of(day: i32) -> String {
    NaiveDate::from_num_days_from_ce_opt(day).map_or_else(String::new, |date| date.format("%Y-%m-%d").to_string())
}

fn list(rows: Vec<Value>) -> Result<Answer, Refusal> {
    Ok(Answer::value(&json!({"list": rows})))
}

/// The rows of every day that was asked for and had something.
fn by_day(world: &World, ctx: &Ctx, span: i32, rows: impl Fn(&Day, &str, &mut Vec<Value>)) -> Result<Answer, Refusal> {
    let mut all = Vec::new();
    for day in days(ctx, span)? {
        if let Some(of) = world.stats.day(&ctx.appid, day) {
            rows(of, &date_of(day), &mut all);
        }
    }
    list(all)
}

/// getusersummary: one row for each way people came or went.
pub(super) fn user_summary(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 7, |day, date, rows| {
        let mut sources: Vec<u32> = day.came.keys().chain(day.went.keys()).copied().collect();
        sources.sort_unstable();
        sources.dedup();
        let of = |counts: &BTreeMap<u32, u64>, source| counts.get(&source).copied().unwrap_or(0);
        rows.extend(sources.into_iter().map(|source| {
            json!({"ref_date": date, "user_source": source, "new_user": of(&day.came, source), "cancel_user": of(&day.went, source)})
        }));
    })
}

/// getusercumulate: who follows now, less who came since, and those who went again.
pub(super) fn user_cumulate(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let asked = days(ctx, 7)?;
    let account = ctx.account(world)?;
    let (born, following) = (day(account.created_ms), account.fans.following());
    let at_the_end_of = |day: i32| {
        world.stats.since(&ctx.appid, day + 1).fold(following, |fans, (_, later)| {
            (fans + later.went.values().sum::<u64>()).saturating_sub(later.came.values().sum())
        })
    };
    list(
        asked
            .filter(|&day| day >= born)
            .map(|day| json!({"ref_date": date_of(day), "user_source": 0, "cumulate_user": at_the_end_of(day)}))
            .collect(),
    )
}

/// The eight counters of articles.
fn counters(readers: &Readers) -> Map<String, Value> {
    let mut row = Map::new();
    for (name, hours) in [
        ("int_page_read", &readers.read),
        ("ori_page_read", &readers.original),
        ("share", &readers.shared),
        ("add_to_fav", &readers.kept),
    ] {
        let all = hours.all();
        row.insert(format!("{name}_user"), all.users().into());
        row.insert(format!("{name}_count"), all.count().into());
    }
    row
}

fn title_of(world: &World, appid: &str, msgid: &str) -> String {
    let found = msgid.split_once('_').and_then(|(id, index)| {
        let issue = world.library.issue(appid, id.parse().ok()?)?;
        issue.articles.get(index.parse::<usize>().ok()?.checked_sub(1)?)
    });
    found.map_or_else(String::new, |out| out.written.title.clone())
}

/// getarticlesummary: the day of every article that was read on it.
pub(super) fn article_summary(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let world = &*world;
    by_day(world, ctx, 1, |day, date, rows| {
        for (msgid, readers) in &day.articles {
            let mut row = counters(readers);
            row.insert("ref_date".to_owned(), date.into());
            row.insert("msgid".to_owned(), msgid.clone().into());
            row.insert("title".to_owned(), title_of(world, &ctx.appid, msgid).into());
            rows.push(row.into());
        }
    })
}

/// getarticletotal: the articles of a day, and how they stood at the end of each of the days from then on.
pub(super) fn article_total(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let asked = *days(ctx, 1)?.start();
    let today = day(ctx.now_ms);
    let last = if hour(ctx.now_ms) < READY { today - 2 } else { today - 1 };
    let out = world.library.issues.values().filter(|issue| {
        issue.appid == ctx.appid && matches!(issue.status, DONE | DELETED) && day(issue.out_ms) == asked
    });
    let mut rows = Vec::new();
    for issue in out {
        for (index, article) in issue.articles.iter().enumerate() {
            let msgid = issue.msgid(index);
            let mut sum = Readers::default();
            let mut details = Vec::new();
            for stat in asked..=last.min(asked + FOLLOWED - 1) {
                if let Some(readers) = world.stats.day(&ctx.appid, stat).and_then(|day| day.articles.get(&msgid)) {
                    sum.join(readers);
                }
                let mut detail = counters(&sum);
                detail.insert("stat_date".to_owned(), date_of(stat).into());
                detail.insert("target_user".to_owned(), issue.target_user.into());
                places(&sum, &mut detail);
                details.push(Value::Object(detail));
            }
            rows.push(json!({
                "ref_date": date_of(asked), "msgid": msgid, "title": article.written.title,
                "url": world.article_url(&article.slug), "details": details,
            }));
        }
    }
    list(rows)
}

/// Where readers came from and passed it on to, each pair by its name.
fn places(readers: &Readers, detail: &mut Map<String, Value>) {
    let (read, shared) = (readers.read.by(), readers.shared.by());
    let none = Crowd::default();
    for (name, source) in [("session", 0), ("hist_msg", 4), ("feed", 2), ("friends", 1), ("other", 5)] {
        let crowd = read.get(&source).unwrap_or(&none);
        detail.insert(format!("int_page_from_{name}_read_user"), crowd.users().into());
        detail.insert(format!("int_page_from_{name}_read_count"), crowd.count().into());
    }
    for (name, scene) in [("session", 1), ("feed", 2), ("other", 255)] {
        let crowd = shared.get(&scene).unwrap_or(&none);
        detail.insert(format!("feed_share_from_{name}_user"), crowd.users().into());
        detail.insert(format!("feed_share_from_{name}_cnt"), crowd.count().into());
    }
}

/// What happened to all articles of a day together.
fn together(day: &Day) -> Readers {
    day.articles.values().fold(Readers::default(), |mut sum, readers| {
        sum.join(readers);
        sum
    })
}

/// One source of one hour, with all counters: only reading has a source, the others count at 5.
fn read_rows(hour: Option<u8>, readers: &Readers, date: &str, rows: &mut Vec<Value>) {
    let at = |hours: &Hours| -> BTreeMap<u32, Crowd> {
        match hour {
            None => hours.by(),
            Some(hour) => hours.hours().filter(|(at, _)| *at == hour).flat_map(|(_, by)| by.clone()).collect(),
        }
    };
    let total = |hours: &Hours| -> (u64, u64) {
        let by = at(hours);
        (by.values().map(Crowd::users).sum(), by.values().map(Crowd::count).sum())
    };
    let mut read = at(&readers.read);
    let (original, shared, kept) = (total(&readers.original), total(&readers.shared), total(&readers.kept));
    if original.1 + shared.1 + kept.1 > 0 {
        read.entry(5).or_default();
    }
    for (source, crowd) in read {
        let none = (0, 0);
        let [original, shared, kept] = if source == 5 { [original, shared, kept] } else { [none; 3] };
        let mut row = json!({
            "ref_date": date, "user_source": source, "int_page_read_user": crowd.users(), "int_page_read_count": crowd.count(),
            "ori_page_read_user": original.0, "ori_page_read_count": original.1, "share_user": shared.0,
            "share_count": shared.1, "add_to_fav_user": kept.0, "add_to_fav_count": kept.1,
        });
        if let Some(hour) = hour {
            row["ref_hour"] = (u32::from(hour) * 100).into();
        }
        rows.push(row);
    }
}

/// getuserread.
pub(super) fn user_read(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 3, |day, date, rows| read_rows(None, &together(day), date, rows))
}

/// getuserreadhour.
pub(super) fn user_read_hour(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 1, |day, date, rows| {
        let sum = together(day);
        (0..24).for_each(|hour| read_rows(Some(hour), &sum, date, rows));
    })
}

fn share_row(date: &str, scene: u32, crowd: &Crowd) -> Value {
    json!({"ref_date": date, "share_scene": scene, "share_count": crowd.count(), "share_user": crowd.users()})
}

/// getusershare.
pub(super) fn user_share(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 7, |day, date, rows| {
        rows.extend(together(day).shared.by().iter().map(|(&scene, crowd)| share_row(date, scene, crowd)));
    })
}

/// getusersharehour.
pub(super) fn user_share_hour(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 1, |day, date, rows| {
        for (hour, by) in together(day).shared.hours() {
            for (&scene, crowd) in by {
                let mut row = share_row(date, scene, crowd);
                row["ref_hour"] = (u32::from(hour) * 100).into();
                rows.push(row);
            }
        }
    })
}

fn said_row(date: &str, kind: u32, crowd: &Crowd) -> Value {
    json!({"ref_date": date, "msg_type": kind, "msg_user": crowd.users(), "msg_count": crowd.count()})
}

/// getupstreammsg.
pub(super) fn upstream(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 7, |day, date, rows| {
        rows.extend(day.said.by().iter().map(|(&kind, crowd)| said_row(date, kind, crowd)));
    })
}

/// getupstreammsghour.
pub(super) fn upstream_hour(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 1, |day, date, rows| {
        for (hour, by) in day.said.hours() {
            for (&kind, crowd) in by {
                let mut row = said_row(date, kind, crowd);
                row["ref_hour"] = (u32::from(hour) * 100).into();
                rows.push(row);
            }
        }
    })
}

/// The first day of the week or month a day is in.
fn first_of(day: i32, month: bool) -> i32 {
    let Some(date) = NaiveDate::from_num_days_from_ce_opt(day) else { return day };
    let back = if month { date.day0() } else { date.weekday().num_days_from_monday() };
    date.checked_sub_days(Days::new(u64::from(back))).map_or(day, |first| first.num_days_from_ce())
}

/// What was said in each period that the days asked for touch.
fn periods(world: &World, ctx: &Ctx, span: i32, first: impl Fn(i32) -> i32) -> Result<BTreeMap<i32, Hours>, Refusal> {
    let mut sums: BTreeMap<i32, Hours> = BTreeMap::new();
    for day in days(ctx, span)? {
        if let Some(of) = world.stats.day(&ctx.appid, day) {
            sums.entry(first(day)).or_default().join(&of.said);
        }
    }
    Ok(sums)
}

fn said_by_period(world: &World, ctx: &Ctx, month: bool) -> Result<Answer, Refusal> {
    let sums = periods(world, ctx, 30, |day| first_of(day, month))?;
    let mut rows = Vec::new();
    for (first, said) in sums {
        rows.extend(said.by().iter().map(|(&kind, crowd)| said_row(&date_of(first), kind, crowd)));
    }
    list(rows)
}

/// getupstreammsgweek.
pub(super) fn upstream_week(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    said_by_period(world, ctx, false)
}

/// getupstreammsgmonth.
pub(super) fn upstream_month(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    said_by_period(world, ctx, true)
}

/// How many people said so much: 1 is one to five times, 2 six to ten, 3 more.
fn dist(world: &World, ctx: &Ctx, span: i32, first: impl Fn(i32) -> i32) -> Result<Answer, Refusal> {
    let mut rows = Vec::new();
    for (first, said) in periods(world, ctx, span, first)? {
        let mut intervals: BTreeMap<u32, u64> = BTreeMap::new();
        let all = said.all();
        let (people, others) = all.people();
        for (_, times) in people {
            let interval = match times {
                0 => 0,
                1..=5 => 1,
                6..=10 => 2,
                _ => 3,
            };
            *intervals.entry(interval).or_default() += 1;
        }
        if others > 0 {
            *intervals.entry(1).or_default() += others;
        }
        let date = date_of(first);
        rows.extend(
            intervals
                .into_iter()
                .map(|(interval, people)| json!({"ref_date": date, "count_interval": interval, "msg_user": people})),
        );
    }
    list(rows)
}

/// getupstreammsgdist.
pub(super) fn upstream_dist(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    dist(world, ctx, 15, |day| day)
}

/// getupstreammsgdistweek.
pub(super) fn upstream_dist_week(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    dist(world, ctx, 30, |day| first_of(day, false))
}

/// getupstreammsgdistmonth.
pub(super) fn upstream_dist_month(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    dist(world, ctx, 30, |day| first_of(day, true))
}

fn answers_row(date: &str, answers: &Answers) -> Value {
    json!({
        "ref_date": date, "callback_count": answers.count, "fail_count": answers.fail,
        "total_time_cost": answers.total_ms, "max_time_cost": answers.max_ms,
    })
}

/// getinterfacesummary.
pub(super) fn interface(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 30, |day, date, rows| {
        let mut sum = Answers::default();
        day.answers.values().for_each(|answers| sum.join(answers));
        if sum.count > 0 {
            rows.push(answers_row(date, &sum));
        }
    })
}

/// getinterfacesummaryhour.
pub(super) fn interface_hour(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    by_day(world, ctx, 1, |day, date, rows| {
        for (&hour, answers) in &day.answers {
            let mut row = answers_row(date, answers);
            row["ref_hour"] = (u32::from(hour) * 100).into();
            rows.push(row);
        }
    })
}
