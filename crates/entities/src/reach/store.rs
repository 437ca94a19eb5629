//! What the ledger knows of messages to a customer.

use kit::{AccountId, CustomerId, Error, Millis, Work, sql};
use store::FromRow;
use wechat::errcode::ErrCode;

use super::Act;

#[derive(FromRow)]
struct Row {
    state: String,
    errcode: Option<i64>,
    at: i64,
}

/// What was said since `from`, and how much waits. `customers` are the ids that are one person.
pub async fn said(
    work: &mut Work,
    customers: &[CustomerId],
    account: AccountId,
    from: Millis,
) -> Result<(Vec<(Millis, Act)>, u32), Error> {
    let query = sql(
        "select state, errcode, coalesce(sending_at, due_at) as at from sends where tenant_id = ? and customer_id in ",
    )
    .bind(work.tenant())
    .list(customers.iter().copied())
    .push(
        " and account_id = ? and service = 'custom' and state in ('queued', 'sending', 'sent', 'unknown', 'refused')
             and coalesce(sending_at, due_at) >= ? order by id desc limit 500",
    )
    .bind(account)
    .bind(from);
    let rows: Vec<Row> = work.all(query).await?;
    let waiting = rows.iter().filter(|row| row.state == "queued").count();
    let acts = rows.iter().filter_map(|row| Some((row.at, act(&row.state, row.errcode)?)));
    Ok((acts.collect(), u32::try_from(waiting).unwrap_or(u32::MAX)))
}

/// What a line of the ledger is to the window.
fn act(state: &str, errcode: Option<i64>) -> Option<Act> {
    match (state, errcode.map(ErrCode)) {
        ("sending" | "sent" | "unknown", _) => Some(Act::Said),
        ("refused", Some(ErrCode::OUT_OF_RESPONSE_COUNT)) => Some(Act::UsedUp),
        ("refused", Some(ErrCode::RESPONSE_OUT_OF_TIME)) => Some(Act::Closed),
        _ => None,
    }
}

/// Something that was said, or waits to be.
pub struct SaidTo {
    pub customer: CustomerId,
    pub account: AccountId,
    pub at: Millis,
    pub act: Option<Act>,
    pub waits: bool,
}

/// What was said to many customers since `from`, and what waits.
pub async fn said_to_many(work: &mut Work, customers: &[CustomerId], from: Millis) -> Result<Vec<SaidTo>, Error> {
    #[derive(FromRow)]
    struct Line {
        customer_id: i64,
        account_id: i64,
        state: String,
        errcode: Option<i64>,
        at: i64,
    }
    let query = sql("select customer_id, account_id, state, errcode, coalesce(sending_at, due_at) as at from sends where tenant_id = ? and customer_id in ")
        .bind(work.tenant())
        .list(customers.iter().copied())
        .push(" and service = 'custom' and state in ('queued', 'sending', 'sent', 'unknown', 'refused') and coalesce(sending_at, due_at) >= ?")
        .bind(from);
    let rows: Vec<Line> = work.all(query).await?;
    let said = |row: Line| SaidTo {
        customer: CustomerId(row.customer_id),
        account: AccountId(row.account_id),
        at: row.at,
        act: act(&row.state, row.errcode),
        waits: row.state == "queued",
    };
    Ok(rows.into_iter().map(said).collect())
}
