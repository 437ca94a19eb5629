//! What an account may still broadcast in a month, and what goes out when (R1).

use std::collections::BTreeMap;

use entities::{
    accounts::Account,
    broadcasts::{
        self, BroadcastState,
        month::{self, Had},
        parts,
    },
    calendar,
    campaigns::Audience,
};
use kit::{Error, Millis, Work};
use wechat::rights::AccountKind;

use super::model::{AllowanceDay, AllowanceEntry, BroadcastAllowance, Spent, Used};

pub fn used(had: Had) -> Vec<Used> {
    had.iter().enumerate().map(|(used, fans)| Used { used: used as i64, fans: *fans }).collect()
}

/// Of the month in which `at` lies. With `fans`, those of all who follow are counted, unless they are known.
pub async fn of(
    work: &mut Work,
    account: &Account,
    at: Millis,
    known: Option<Had>,
    fans: bool,
) -> Result<BroadcastAllowance, Error> {
    let now = work.now();
    let number = calendar::month(at);
    let (from, until) = calendar::month_span(number).unwrap_or((at, at));
    let is_service = account.kind() == AccountKind::Service;
    let today = if is_service {
        Spent { used: parts::calls_today(work, account.id).await?.0, limit: parts::CALLS_A_DAY }
    } else {
        Spent { used: month::sent(work, account.id, calendar::this_day(now), calendar::next_day(now)).await?, limit: 1 }
    };
    let all = if is_service {
        Some(Spent { used: month::sent_to_all(work, account.id, from, until).await?, limit: month::A_MONTH as i64 })
    } else {
        None
    };
    let had = match known {
        Some(had) => Some(had),
        None if fans => Some(month::had(work, account.id, &Audience::All, at).await?),
        None => None,
    };
    Ok(BroadcastAllowance {
        kind: if is_service { "service" } else { "subscription" },
        month: format!("{}-{:02}", number / 100, number % 100),
        today,
        all,
        fans: had.filter(|_| is_service).map(used),
        days: days(work, account, from, until).await?,
    })
}

async fn days(work: &mut Work, account: &Account, from: Millis, until: Millis) -> Result<Vec<AllowanceDay>, Error> {
    let mut entries: Vec<AllowanceEntry> = Vec::new();
    for one in broadcasts::of_month(work, account.id, from, until).await? {
        let Some(at) = one.started_at.or(one.starts_at) else { continue };
        entries.push(AllowanceEntry { id: Some(one.id), name: one.name, state: one.state, at, fans: one.fans });
    }
    for one in month::from_console(work, account.id, from, until).await? {
        let (at, fans) = (one.at, one.sent);
        entries.push(AllowanceEntry { id: None, name: String::new(), state: BroadcastState::Done, at, fans });
    }
    entries.sort_by_key(|entry| entry.at);
    let mut days: BTreeMap<String, Vec<AllowanceEntry>> = BTreeMap::new();
    for entry in entries {
        days.entry(calendar::day(entry.at).to_string()).or_default().push(entry);
    }
    Ok(days.into_iter().map(|(day, broadcasts)| AllowanceDay { day, broadcasts }).collect())
}
