//! What of the broadcasts waits for a person or is in doubt, and what an account may still send. The store of the first
//! two.

use kit::{AccountId, BroadcastId, Error, Millis, Work, sql};
use store::FromRow;
use wechat::rights::AccountKind;

use super::month;
use crate::{accounts::Account, calendar};

/// How many broadcasts of an account wait for a person, by what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub account: AccountId,
    /// A second person has to agree.
    pub approval: i64,
    /// Their time passed while nobody was there.
    pub missed: i64,
    /// The account was lost on the way.
    pub held: i64,
    /// WeChat waits for the account's administrator, not for long.
    pub confirming: i64,
}

/// Of one account, or of each of which some wait.
pub async fn waiting(work: &mut Work, account: Option<AccountId>) -> Result<Vec<Waiting>, Error> {
    #[derive(FromRow)]
    struct Row {
        account_id: i64,
        state: String,
        n: i64,
    }
    let mut broadcasts = sql("select account_id, state, count(*) as n from broadcasts where tenant_id = ? and state in ('awaiting_approval', 'missed', 'held')")
        .bind(work.tenant());
    let mut parts = sql(
        "select account_id, state, count(*) as n from broadcast_parts where tenant_id = ? and state = 'awaiting_confirmation'",
    )
    .bind(work.tenant());
    if let Some(account) = account {
        broadcasts = broadcasts.push(" and account_id = ?").bind(account);
        parts = parts.push(" and account_id = ?").bind(account);
    }
    let mut rows: Vec<Row> = work.all(broadcasts.push(" group by account_id, state")).await?;
    rows.extend(work.all::<Row>(parts.push(" group by account_id, state")).await?);
    let mut accounts: Vec<i64> = rows.iter().map(|row| row.account_id).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let of = |account: i64| {
        let n = |state: &str| {
            rows.iter().find(|row| row.account_id == account && row.state == state).map_or(0, |row| row.n)
        };
        Waiting {
            account: AccountId(account),
            approval: n("awaiting_approval"),
            missed: n("missed"),
            held: n("held"),
            confirming: n("awaiting_confirmation"),
        }
    };
    Ok(accounts.into_iter().map(of).collect())
}

/// An account's parts of which nobody knows whether they went out, and nobody has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InDoubt {
    pub account: AccountId,
    /// The broadcast that all of them are of; none when there are several.
    pub only: Option<BroadcastId>,
    /// How many parts.
    pub parts: i64,
}

/// Narrows a query of broadcasts to those with such parts; the tenant is bound behind it.
pub(super) const OF_PARTS_IN_DOUBT: &str = " and id in
     (select broadcast_id from broadcast_parts where tenant_id = ? and state = 'unknown' and decision is null)";

/// Of one account, or of each that has some.
pub async fn in_doubt(work: &mut Work, account: Option<AccountId>) -> Result<Vec<InDoubt>, Error> {
    #[derive(FromRow)]
    struct Row {
        account_id: i64,
        oldest: i64,
        newest: i64,
        parts: i64,
    }
    let mut query =
        sql("select account_id, min(broadcast_id) as oldest, max(broadcast_id) as newest, count(*) as parts
         from broadcast_parts where tenant_id = ? and state = 'unknown' and decision is null")
        .bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    let rows: Vec<Row> = work.all(query.push(" group by account_id order by account_id")).await?;
    let of = |row: Row| InDoubt {
        account: AccountId(row.account_id),
        only: (row.oldest == row.newest).then_some(BroadcastId(row.oldest)),
        parts: row.parts,
    };
    Ok(rows.into_iter().map(of).collect())
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
