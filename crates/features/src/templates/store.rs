//! Which accounts have templates, of every tenant.

use kit::{AccountId, Ctx, Error, TenantId, sql};
use store::FromRow;

#[derive(FromRow)]
struct Place {
    tenant_id: i64,
    id: i64,
}

/// The bound accounts of all tenants.
pub async fn bound_accounts(ctx: &Ctx) -> Result<Vec<(TenantId, AccountId)>, Error> {
    let rows: Vec<Place> = ctx
        .store()
        .read()
        .await?
        .all(sql("select tenant_id, id from accounts where status = 'bound' order by tenant_id, id"))
        .await?;
    Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), AccountId(row.id))).collect())
}
