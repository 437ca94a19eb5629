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
    let acts = rows.iter().filter_map(|row| {
        let act = match (row.state.as_str(), row.errcode.map(ErrCode)) {
            ("sending" | "sent" | "unknown", _) => Act::Said,
            ("refused", Some(ErrCode::OUT_OF_RESPONSE_COUNT)) => Act::UsedUp,
            ("refused", Some(ErrCode::RESPONSE_OUT_OF_TIME)) => Act::Closed,
            _ => return None,
        };
        Some((row.at, act))
    });
    Ok((acts.collect(), u32::try_from(waiting).unwrap_or(u32::MAX)))
}
