//! Who does not want broadcasts. WeChat leaves nobody out of what goes to all or to a tag; out of lists they are left here.
//! The store of it.

use kit::{AccountId, Error, Work, sql};

/// The account's fans who do not want any, in the order of openids. A wish is of the whole person, under whichever id they
/// are a fan.
pub async fn openids(work: &mut Work, account: AccountId) -> Result<Vec<String>, Error> {
    let query = sql("select f.openid from
           (select distinct coalesce(c.merged_into, c.id) as id from opt_outs o
              join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
              where o.tenant_id = ? and o.way = 'broadcast' and o.withdrawn_at is null) w
         join customers g on g.tenant_id = ? and (g.id = w.id or g.merged_into = w.id)
         join fans f on f.tenant_id = ? and f.customer_id = g.id and f.account_id = ?
         order by f.openid")
    .bind(work.tenant())
    .bind(work.tenant())
    .bind(work.tenant())
    .bind(account);
    work.scalars(query).await
}
