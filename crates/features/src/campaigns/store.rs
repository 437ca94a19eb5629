//! Who is named in an audience. Every statement stays inside the caller's tenant.

use std::collections::HashSet;

use kit::{CustomerId, Error, Work, sql};

/// The ids that stand for these people now; fewer when some are nobody's.
pub async fn canonical(work: &mut Work, ids: &[CustomerId]) -> Result<Vec<CustomerId>, Error> {
    let mut found = HashSet::new();
    let mut known = 0;
    for some in ids.chunks(1_000) {
        let query = sql("select coalesce(merged_into, id) from customers where tenant_id = ? and id in ")
            .bind(work.tenant())
            .list(some.iter().copied());
        let rows: Vec<i64> = work.scalars(query).await?;
        known += rows.len();
        found.extend(rows);
    }
    if known < ids.len() {
        return Ok(Vec::new());
    }
    let mut found: Vec<CustomerId> = found.into_iter().map(CustomerId).collect();
    found.sort_unstable();
    Ok(found)
}
