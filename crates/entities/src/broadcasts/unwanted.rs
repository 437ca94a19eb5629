//! Who does not want broadcasts. WeChat leaves nobody out of what goes to all or to a tag; out of lists they are left here.
//! The store of it.

use kit::{AccountId, Error, Work, sql};

use crate::{campaigns::UNWILLING, messages::Service};

/// The account's fans who do not want any, in the order of openids. A wish is of the whole person, under whichever id they
/// are a fan.
pub async fn openids(work: &mut Work, account: AccountId) -> Result<Vec<String>, Error> {
    let query = sql("select f.openid from (")
        .push(UNWILLING)
        .bind(work.tenant())
        .bind(Service::Broadcast.as_str())
        .bind(work.tenant())
        .push(") g join fans f on f.tenant_id = ? and f.customer_id = g.id and f.account_id = ? order by f.openid")
        .bind(work.tenant())
        .bind(account);
    work.scalars(query).await
}
