//! What of the broadcasts waits for a person, and what an account may still send. The store of the first.

use kit::{AccountId, Error, Millis, Work, sql};
use store::FromRow;
use wechat::rights::AccountKind;

use super::month;
use crate::{accounts::Account, calendar};

/// How many broadcasts wait for a person, by what for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// A second person has to agree.
    pub approval: i64,
    /// Their time passed while nobody was there.
    pub missed: i64,
    /// The account was lost on the way.
    pub held: i64,
    /// WeChat waits for the account's administrator, not for long.
    pub confirming: i64,
    /// Parts of which nobody knows whether they went out, and nobody has decided.
    pub unknown: i64,
}

/// Of one account, or of all.
pub async fn waiting(work: &mut Work, account: Option<AccountId>) -> Result<Waiting, Error> {
    #[derive(FromRow)]
    struct Row {
        state: String,
        n: i64,
    }
    let mut broadcasts = sql("select state, count(*) as n from broadcasts where tenant_id = ? and state in ('awaiting_approval', 'missed', 'held')")
        .bind(work.tenant());
    let mut parts = sql("select state, count(*) as n from broadcast_parts where tenant_id = ? and (state = 'awaiting_confirmation' or (state = 'unknown' and decision is null))")
        .bind(work.tenant());
    if let Some(account) = account {
        broadcasts = broadcasts.push(" and account_id = ?").bind(account);
        parts = parts.push(" and account_id = ?").bind(account);
    }
    let mut rows: Vec<Row> = work.all(broadcasts.push(" group by state")).await?;
    rows.extend(work.all::<Row>(parts.push(" group by state")).await?);
    let of = |state: &str| rows.iter().find(|row| row.state == state).map_or(0, |row| row.n);
    Ok(Waiting {
        approval: of("awaiting_approval"),
        missed: of("missed"),
        held: of("held"),
        confirming: of("awaiting_confirmation"),
        unknown: of("unknown"),
    })
}

/// Of what the allowance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// A subscription account's broadcasts of a day.
    Day,
    /// A service account's broadcasts to all of a month.
    Month,
}

/// How much of the allowance of the day or month of `at` is used, here and in WeChat's console as far as it told us (R1).
pub async fn spent(work: &mut Work, account: &Account, at: Millis) -> Result<(Per, i64, i64), Error> {
    let id = account.id;
    if account.kind() == AccountKind::Subscription {
        let (from, until) = (calendar::this_day(at), calendar::next_day(at));
        return Ok((Per::Day, month::sent(work, id, from, until).await?, 1));
    }
    let (from, until) = calendar::month_span(calendar::month(at)).unwrap_or((at, at));
    Ok((Per::Month, month::sent_to_all(work, id, from, until).await?, month::A_MONTH as i64))
}
