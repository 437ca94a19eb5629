//! How often each button of a menu was tapped, by quarters of an hour. The rows that are counted behind the log.
//!
//! The follower counts in the transaction that moves its place, so that nothing is counted twice or not at all; what
//! it has not reached yet is counted from the tail of the log. A tap's properties say which button it was.

use std::collections::BTreeMap;

use kit::{AccountId, Bulk, Error, Millis, OnConflict, Work, sql};
use serde::Deserialize;
use store::FromRow;

use super::{EventKind, timeline::followed_until};

/// Every zone's midnight lies on a quarter.
pub const QUARTER_MS: Millis = 15 * 60 * 1000;

/// How often a button was tapped in a quarter of an hour.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Taps {
    pub quarter: i64,
    /// The button's id; its key where nobody knows the button.
    pub button: String,
    /// The version of the menu; 0 when that is not known.
    pub version_id: i64,
    /// As it was called at the last tap.
    pub name: String,
    pub last_at: Millis,
    pub taps: i64,
}

/// One tap, as the log has it.
pub(super) struct Tap<'a> {
    pub account: i64,
    pub at: Millis,
    pub properties: &'a str,
}

/// By account, quarter, button and version.
pub(super) type Counted = BTreeMap<(i64, i64, String, i64), Sum>;

/// The name at the last tap, when that was, and how many.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    name: String,
    last_at: Millis,
    taps: i64,
}

/// Counts in memory.
pub(super) fn count<'a>(taps: impl Iterator<Item = Tap<'a>>) -> Counted {
    #[derive(Deserialize)]
    struct Properties {
        button: Option<String>,
        name: Option<String>,
        version_id: Option<String>,
        key: Option<String>,
    }
    let mut counted: Counted = BTreeMap::new();
    for tap in taps {
        let Ok(said) = serde_json::from_str::<Properties>(tap.properties) else { continue };
        let key = said.key.unwrap_or_default();
        let name = said.name.unwrap_or_else(|| key.clone());
        // A button has at most 32 letters in its id; a key that nobody knows may be an address.
        let button = said.button.unwrap_or_else(|| key.chars().take(200).collect());
        let version = said.version_id.and_then(|id| id.parse().ok()).unwrap_or(0);
        let one = counted.entry((tap.account, tap.at / QUARTER_MS, button, version)).or_default();
        if tap.at >= one.last_at {
            (one.name, one.last_at) = (name, tap.at);
        }
        one.taps += 1;
    }
    counted
}

/// Adds to what was counted before.
pub(super) async fn add(work: &mut Work, counted: Counted) -> Result<u64, Error> {
    let tenant = work.tenant();
    let mut bulk = Bulk::into("menu_taps", &["tenant_id", "account_id", "quarter", "button", "version_id", "name", "last_at", "taps"])
        .on_conflict(OnConflict::Do("(tenant_id, account_id, quarter, button, version_id) do update set name = case when excluded.last_at >= menu_taps.last_at then excluded.name else menu_taps.name end,
             last_at = case when excluded.last_at >= menu_taps.last_at then excluded.last_at else menu_taps.last_at end, taps = menu_taps.taps + excluded.taps"));
    for ((account, quarter, button, version), sum) in counted {
        bulk.row([
            tenant.into(),
            account.into(),
            quarter.into(),
            button.into(),
            version.into(),
            sum.name.into(),
            sum.last_at.into(),
            sum.taps.into(),
        ]);
    }
    work.bulk(bulk).await
}

/// The taps on an account's menus from one instant to before another; both on a quarter.
pub async fn taps(work: &mut Work, account: AccountId, from: Millis, until: Millis) -> Result<Vec<Taps>, Error> {
    let followed = followed_until(work).await?;
    let mut found = counted(work, account, from, until).await?;
    found.extend(tail(work, account, followed, from, until).await?);
    Ok(found)
}

async fn counted(work: &mut Work, account: AccountId, from: Millis, until: Millis) -> Result<Vec<Taps>, Error> {
    let query = sql("select quarter, button, version_id, name, last_at, taps from menu_taps where tenant_id = ? and account_id = ? and quarter >= ? and quarter < ? order by quarter")
        .bind(work.tenant())
        .bind(account)
        .bind(from.div_euclid(QUARTER_MS))
        .bind(until.div_euclid(QUARTER_MS));
    work.all(query).await
}

/// What the follower has not reached yet.
async fn tail(
    work: &mut Work,
    account: AccountId,
    followed: i64,
    from: Millis,
    until: Millis,
) -> Result<Vec<Taps>, Error> {
    #[derive(FromRow)]
    struct Row {
        at: i64,
        properties: String,
    }
    let query = sql("select at, properties from events where tenant_id = ? and id > ? and kind = ? and account_id = ? and at >= ? and at < ?")
        .bind(work.tenant())
        .bind(followed)
        .bind(EventKind::MenuTap.as_str())
        .bind(account)
        .bind(from)
        .bind(until);
    let rows: Vec<Row> = work.all(query).await?;
    let taps = rows.iter().map(|row| Tap { account: account.0, at: row.at, properties: &row.properties });
    Ok(count(taps)
        .into_iter()
        .map(|((_, quarter, button, version_id), Sum { name, last_at, taps })| Taps {
            quarter,
            button,
            version_id,
            name,
            last_at,
            taps,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taps_are_counted_by_button_and_version_and_unknown_ones_by_their_key() {
        let tap = |at, properties| Tap { account: 1, at, properties };
        let counted = count(
            [
                tap(10, r#"{"button":"a","name":"Old","version_id":"7","key":"hy_a"}"#),
                tap(20, r#"{"button":"a","name":"New","version_id":"7","key":"hy_a"}"#),
                tap(QUARTER_MS, r#"{"button":"a","name":"New","version_id":"7","key":"hy_a"}"#),
                tap(30, r#"{"key":"K"}"#),
            ]
            .into_iter(),
        );
        let rows: Vec<_> = counted
            .into_iter()
            .map(|((_, quarter, button, version), sum)| (quarter, button, version, sum.name, sum.taps))
            .collect();
        assert_eq!(
            rows,
            [
                (0, "K".into(), 0, "K".into(), 1),
                (0, "a".into(), 7, "New".into(), 2),
                (1, "a".into(), 7, "New".into(), 1)
            ]
        );
    }
}
