//! What a file is needed for. The store of it.

use kit::{AccountId, BroadcastId, Error, MediaId, Work, sql};
use store::FromRow;

/// The broadcasts that are still to say something with this file: their numbers, accounts and names.
pub async fn uses_of_file(work: &mut Work, id: MediaId) -> Result<Vec<(BroadcastId, AccountId, String)>, Error> {
    #[derive(FromRow)]
    struct Use {
        id: i64,
        account_id: i64,
        name: String,
    }
    let query = sql("select id, account_id, name from broadcasts where tenant_id = ? and state not in ('stopped', 'done') and contents like ? order by created_at desc, id limit 50")
        .bind(work.tenant())
        .bind(format!("%\"{id}\"%"));
    let rows: Vec<Use> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| (BroadcastId(row.id), AccountId(row.account_id), row.name)).collect())
}
