//! The facts behind a check, gathered in one view of the database.

use std::collections::{HashMap, HashSet};

use entities::{
    accounts::{self, Account, Function},
    articles,
    broadcasts::{
        self, Broadcast, BroadcastState, Content, Way,
        fill::{self, Plan},
        month::{self, Had},
        parts, unwanted,
    },
    calendar,
    campaigns::Audience,
    media,
    messages::{Service, gates, restore},
    people,
    reach::blocked,
    tags,
};
use kit::{Error, Millis, Work};
use wechat::rights::AccountKind;

use super::{
    allowance,
    facts::{ArticleFacts, Facts, FileFacts, Severity},
    lint,
    model::BroadcastCheck,
    reading,
};

const DAY: Millis = 86_400_000;
/// So many openids a statement.
const SOME: usize = 10_000;

/// What is known of a broadcast that is to go out at this instant, or now.
pub async fn check(work: &mut Work, broadcast: &Broadcast, at: Option<Millis>) -> Result<BroadcastCheck, Error> {
    let now = work.now();
    let at = at.unwrap_or(now);
    let account = accounts::find(work, broadcast.account).await?;
    let is_service = account.kind() == AccountKind::Service;
    let plan = fill::plan(work, account.id, &broadcast.audience, broadcast.trial).await?;
    let mut had = if is_service {
        month::had(work, account.id, &broadcast.audience, at).await?
    } else {
        let mut had = Had::default();
        had[0] = month::following(work, account.id, &broadcast.audience).await?;
        had
    };
    let ByWill { unwanted, blocked } = by_will(work, broadcast, &account, plan.way(), at).await?;
    let opted_out: i64 = unwanted.iter().sum();
    if plan.way() == Way::List {
        for (had, out) in had.iter_mut().zip(unwanted) {
            *had -= out;
        }
    }
    let fans: i64 = had.iter().sum();
    let filtered = if is_service { had[month::A_MONTH] } else { 0 };
    // Whose month is used up is left out for that already.
    let blocked: i64 = blocked[..month::A_MONTH].iter().sum();
    let calls = calls(broadcast, plan, fans);
    let facts =
        facts(work, broadcast, &account, Counted { plan, calls, fans, filtered, blocked, opted_out, at }).await?;
    let findings = lint::findings(&facts);
    let everybody = (broadcast.audience == Audience::All).then_some(had);
    let approval_above = people::store::tenant(work).await?.approval_above;
    Ok(BroadcastCheck {
        at,
        way: plan.way(),
        calls,
        fans,
        filtered,
        blocked,
        opted_out,
        reached: fans - filtered - blocked,
        used: allowance::used(had),
        allowance: allowance::of(work, &account, at, everybody, false).await?,
        needs_approval: approval_above.is_some_and(|above| fans > above),
        approval_above,
        can_start: findings.iter().all(|finding| finding.severity != Severity::Error),
        findings,
    })
}

/// Who of the audience hears nothing by somebody's will, by how many of the month they have had.
struct ByWill {
    /// They want no broadcasts.
    unwanted: Had,
    /// On the account's blacklist. WeChat takes them for part of an audience, in a list too, and leaves them out when it sends.
    blocked: Had,
}

/// Nobody is in both: who is not on a list need not be left out by WeChat, and of all or a tag the blacklisted do not get it
/// against their will.
async fn by_will(
    work: &mut Work,
    broadcast: &Broadcast,
    account: &Account,
    way: Way,
    at: Millis,
) -> Result<ByWill, Error> {
    let mut unwanted: HashSet<String> = unwanted::openids(work, account.id).await?.into_iter().collect();
    let mut blocked = blocked::of_account(work, account.id).await?;
    if way == Way::List {
        blocked.retain(|openid| !unwanted.contains(openid));
    } else {
        unwanted.retain(|openid| !blocked.contains(openid));
    }
    Ok(ByWill {
        unwanted: of_audience(work, broadcast, account, &unwanted, at).await?,
        blocked: of_audience(work, broadcast, account, &blocked, at).await?,
    })
}

/// How many of these are in the audience, by how many of the month they have had.
async fn of_audience(
    work: &mut Work,
    broadcast: &Broadcast,
    account: &Account,
    openids: &HashSet<String>,
    at: Millis,
) -> Result<Had, Error> {
    let is_service = account.kind() == AccountKind::Service;
    let openids: Vec<&str> = openids.iter().map(String::as_str).collect();
    let mut by_had = Had::default();
    for some in openids.chunks(SOME) {
        for had in month::had_by(work, account.id, &broadcast.audience, some, at).await?.into_values() {
            by_had[if is_service { had } else { 0 }] += 1;
        }
    }
    Ok(by_had)
}

fn calls(broadcast: &Broadcast, plan: Plan, fans: i64) -> i64 {
    match (plan, broadcast.trial) {
        (Plan::All | Plan::Tag(..), _) => 1,
        (Plan::Lists, None) => fill::calls(fans),
        (Plan::Lists, Some(trial)) => {
            let variants = broadcast.contents.len() as i64;
            let tried = fans * trial.share / 100;
            let rest = fans * (100 - trial.share * variants - trial.hold_out).max(0) / 100;
            fill::calls(tried) * variants + fill::calls(rest)
        }
    }
}

struct Counted {
    plan: Plan,
    calls: i64,
    fans: i64,
    filtered: i64,
    blocked: i64,
    opted_out: i64,
    at: Millis,
}

async fn facts<'a>(
    work: &mut Work,
    broadcast: &'a Broadcast,
    account: &Account,
    counted: Counted,
) -> Result<Facts<'a>, Error> {
    let Counted { plan, calls, fans, filtered, blocked, opted_out, at } = counted;
    let now = work.now();
    let (day, tomorrow) = (calendar::this_day(at), calendar::next_day(at));
    let (month, next_month) = calendar::month_span(calendar::month(at)).unwrap_or((at, at));
    let is_today = calendar::day(at) == calendar::day(now);
    let near = broadcasts::of_month(work, account.id, month.min(at - DAY), next_month).await?;
    let others: Vec<&Broadcast> = near.iter().filter(|one| one.id != broadcast.id).collect();
    let is_to_come =
        |one: &&&Broadcast| matches!(one.state, BroadcastState::Scheduled | BroadcastState::AwaitingApproval);
    let starts = |one: &Broadcast| one.started_at.or(one.starts_at).unwrap_or(0);
    let goes = |one: &&&Broadcast| {
        matches!(
            one.state,
            BroadcastState::Scheduled | BroadcastState::Running | BroadcastState::Testing | BroadcastState::Done
        )
    };
    let to_come_today = others.iter().filter(is_to_come).filter(|one| (day..tomorrow).contains(&starts(one))).count();
    let to_come_all = others
        .iter()
        .filter(is_to_come)
        .filter(|one| starts(one) >= month && one.audience == Audience::All && one.trial.is_none());
    let before = others.iter().filter(goes).filter(|one| starts(one) <= at);
    Ok(Facts {
        contents: &broadcast.contents,
        trial: broadcast.trial,
        audience: &broadcast.audience,
        on_quota: broadcast.on_quota,
        denied: account.may(Function::Broadcast).err(),
        is_service: account.kind() == AccountKind::Service,
        files: files(work, &broadcast.contents).await?,
        articles: articles_of(work, broadcast).await?,
        tag_missing: tag_missing(work, &broadcast.audience).await?,
        way: plan.way(),
        calls: if plan.way() == Way::List { calls } else { 1 },
        calls_made: if is_today { parts::calls_today(work, account.id).await?.0 } else { 0 },
        fans,
        filtered,
        blocked,
        opted_out,
        now,
        at,
        today: month::sent(work, account.id, day, tomorrow).await?,
        all: month::sent_to_all(work, account.id, month, next_month).await?,
        last_at: before.clone().map(|one| starts(one)).max(),
        same: before.clone().any(|one| at - starts(one) < DAY && one.contents == broadcast.contents),
        others_today: to_come_today as i64,
        others_to_all: to_come_all.count() as i64,
        gate: gates::list(work)
            .await?
            .into_iter()
            .find(|gate| {
                gate.account_id == account.id
                    && gate.service == Service::Broadcast
                    && gate.opens_at.is_none_or(|opens| opens > at)
            })
            .map(|gate| gate.reason),
        paused: restore::paused(work).await?.is_some(),
    })
}

async fn files(work: &mut Work, contents: &[Content]) -> Result<HashMap<kit::MediaId, FileFacts>, Error> {
    let mut files = HashMap::new();
    for id in contents.iter().flat_map(Content::media) {
        match media::find(work, id).await {
            Ok(file) => drop(files.insert(id, FileFacts { kind: file.kind, bytes: file.size })),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

async fn articles_of(work: &mut Work, broadcast: &Broadcast) -> Result<HashMap<kit::ArticleId, ArticleFacts>, Error> {
    let mut articles = HashMap::new();
    for content in &broadcast.contents {
        let Content::Article { article_id } = content else { continue };
        let refused = match articles::sendable(work, broadcast.account, *article_id).await {
            Ok(_) => None,
            Err(Error::Conflict { code, .. }) => Some(code),
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        let article = articles::find(work, *article_id).await?;
        let items = article.items.iter().map(|item| reading::of(&item.title, &item.digest, &item.html)).collect();
        articles.insert(*article_id, ArticleFacts { refused, items });
    }
    Ok(articles)
}

async fn tag_missing(work: &mut Work, audience: &Audience) -> Result<bool, Error> {
    let Audience::Tags { tag_ids } = audience else { return Ok(false) };
    for id in tag_ids {
        match tags::name_of(work, *id).await {
            Ok(_) => {}
            Err(Error::NotFound) => return Ok(true),
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}
