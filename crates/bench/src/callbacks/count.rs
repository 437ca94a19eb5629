use std::time::{Duration, Instant};

use store::{Store, sql};

use crate::{Result, machine::Database};

/// Waits until the follower of the event log is level with it. How long that took.
pub async fn wait_for_follower(database: &Database, patience: Duration) -> Result<Duration> {
    let store = database.open().await?;
    let begun = Instant::now();
    loop {
        let newest =
            scalar(&store, "select max(id) from events where tenant_id = (select min(id) from tenants)").await?;
        let followed = scalar(&store, "select max(event_id) from event_watermarks").await?;
        if followed >= newest {
            store.close().await?;
            return Ok(begun.elapsed());
        }
        if begun.elapsed() > patience {
            return Err("the follower does not keep up with the event log".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Every acknowledged document has one inbox row, one message event and one line in a timeline, and there are no others.
pub async fn check(database: &Database, account: i64, documents: u64) -> Result {
    let store = database.open().await?;
    let counts = [
        ("inbox rows", sql("select count(*) from inbound where account_id = ?").bind(account)),
        (
            "message events",
            sql("select count(*) from events where kind = 'message_in' and account_id = ?").bind(account),
        ),
        ("timeline rows", sql("select count(*) from timeline where kind = 'message_in'")),
        (
            "different messages",
            sql("select count(distinct properties) from events where kind = 'message_in' and account_id = ?")
                .bind(account),
        ),
    ];
    for (what, query) in counts {
        let count = store.read().await?.scalar::<i64>(query).await?.unwrap_or(0);
        if count.cast_unsigned() != documents {
            return Err(format!("{documents} documents were acknowledged, and there are {count} {what}").into());
        }
    }
    Ok(store.close().await?)
}

async fn scalar(store: &Store, text: &'static str) -> Result<i64> {
    Ok(store.read().await?.scalar::<Option<i64>>(sql(text)).await?.flatten().unwrap_or(0))
}
