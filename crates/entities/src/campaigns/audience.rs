//! Who is meant: the fans of an audience, how many of them cannot be reached, and what is not known of the rest.

use ::store::FromRow;
use kit::{Error, Sql, Work, sql};

use super::{Audience, Campaign};
use crate::messages::Service;

/// A fan of the audience, and what is known of the customer that they are.
#[derive(Debug, Clone, FromRow)]
pub struct Recipient {
    pub openid: String,
    pub customer_id: i64,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub city: Option<String>,
    pub province: Option<String>,
    pub birthday: Option<String>,
}

/// An audience in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Reckoned {
    /// Fans of the account who are meant, whether they can be reached or not.
    pub fans: i64,
    /// Who will be sent it.
    pub reachable: i64,
    /// Who does not follow.
    pub not_following: i64,
    /// Who follows and has not agreed to the notice.
    pub no_consent: i64,
    /// Who could be sent it and has said that they want none of these.
    pub opted_out: i64,
    /// Of those who will be sent it, of so many this is not known.
    pub no_name: i64,
    pub no_phone: i64,
    pub no_email: i64,
    pub no_city: i64,
    pub no_province: i64,
    pub no_birthday: i64,
}

const AGREED: &str =
    "exists (select 1 from notice_grants g where g.tenant_id = f.tenant_id and g.account_id = f.account_id
      and g.openid = f.openid and (g.left_count > 0 or g.lasting) and g.template_id = ";

/// Under which ids those are fans who have said that they want nothing in this way. A wish is of the whole person.
pub(crate) const UNWILLING: &str =
    "select g.id from (select distinct coalesce(c.merged_into, c.id) as id from opt_outs o
      join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
      where o.tenant_id = ? and o.way = ? and o.withdrawn_at is null) w
    join customers g on g.tenant_id = ? and (g.id = w.id or g.merged_into = w.id)";

/// Counts the audience. Everything in one look.
pub async fn reckon(work: &mut Work, campaign: &Campaign) -> Result<Reckoned, Error> {
    let query = sql("select count(*) as fans,
           cast(coalesce(sum(a.heard), 0) as bigint) as reachable,
           cast(coalesce(sum(1 - a.follows), 0) as bigint) as not_following,
           cast(coalesce(sum(a.follows - a.agreed), 0) as bigint) as no_consent,
           cast(coalesce(sum(a.agreed - a.heard), 0) as bigint) as opted_out,
           cast(coalesce(sum(case when a.heard = 1 and coalesce(c.name, '') = '' then 1 else 0 end), 0) as bigint) as no_name,
           cast(coalesce(sum(case when a.heard = 1 and coalesce(c.phone, '') = '' then 1 else 0 end), 0) as bigint) as no_phone,
           cast(coalesce(sum(case when a.heard = 1 and coalesce(c.email, '') = '' then 1 else 0 end), 0) as bigint) as no_email,
           cast(coalesce(sum(case when a.heard = 1 and coalesce(c.city, '') = '' then 1 else 0 end), 0) as bigint) as no_city,
           cast(coalesce(sum(case when a.heard = 1 and coalesce(c.province, '') = '' then 1 else 0 end), 0) as bigint) as no_province,
           cast(coalesce(sum(case when a.heard = 1 and coalesce(c.birthday, '') = '' then 1 else 0 end), 0) as bigint) as no_birthday
         from (select m.tenant_id, m.customer_id, m.follows, m.agreed, case when m.agreed = 1 and m.customer_id not in (")
        .push(UNWILLING)
        .bind(work.tenant())
        .bind(campaign.service.as_str())
        .bind(work.tenant())
        .push(") then 1 else 0 end as heard from (select f.tenant_id, f.customer_id, case when f.status = 'following' then 1 else 0 end as follows, ");
    let query = match notice(campaign) {
        Some(template) => query
            .push("case when f.status = 'following' and ")
            .push(AGREED)
            .push("?) then 1 else 0 end as agreed")
            .bind(template),
        None => query.push("case when f.status = 'following' then 1 else 0 end as agreed"),
    };
    let query = query
        .push(" from fans f where f.tenant_id = ? and f.account_id = ?")
        .bind(work.tenant())
        .bind(campaign.account);
    let query = within(query, &campaign.audience)
        .push(") m) a join customers c on c.tenant_id = a.tenant_id and c.id = a.customer_id where c.tenant_id = ?")
        .bind(work.tenant());
    Ok(work.one::<Reckoned>(query).await?.unwrap_or_default())
}

/// The next fans of the audience who can be reached, after this one, in the order of openids.
pub async fn some(work: &mut Work, campaign: &Campaign, after: &str, limit: usize) -> Result<Vec<Recipient>, Error> {
    let query = sql("select f.openid, f.customer_id, c.name, c.phone, c.email, c.city, c.province, c.birthday
         from fans f join customers c on c.tenant_id = f.tenant_id and c.id = f.customer_id
         where f.tenant_id = ? and f.account_id = ? and f.openid > ? and f.status = 'following'")
    .bind(work.tenant())
    .bind(campaign.account)
    .bind(after);
    let query = match notice(campaign) {
        Some(template) => query.push(" and ").push(AGREED).push("?)").bind(template),
        None => query,
    };
    let query = within(query, &campaign.audience).push(" order by f.openid limit ?").bind(limit as i64);
    work.all(query).await
}

/// One fan of the account by the customer that they are, as a recipient.
pub async fn as_recipient(
    work: &mut Work,
    campaign: &Campaign,
    customer: kit::CustomerId,
) -> Result<Option<Recipient>, Error> {
    let query = sql("select f.openid, f.customer_id, c.name, c.phone, c.email, c.city, c.province, c.birthday
         from fans f join customers c on c.tenant_id = f.tenant_id and c.id = f.customer_id
         where f.tenant_id = ? and f.account_id = ? and f.customer_id = ? order by case when f.status = 'following' then 0 else 1 end, f.openid limit 1")
    .bind(work.tenant())
    .bind(campaign.account)
    .bind(customer);
    work.one(query).await
}

/// The template of a notice, which only those get who agreed to it.
fn notice(campaign: &Campaign) -> Option<&str> {
    campaign.template_id.as_deref().filter(|_| campaign.service == Service::Notice)
}

/// Of the fans `f`, those of the audience.
pub(crate) fn within(query: Sql, audience: &Audience) -> Sql {
    match audience {
        Audience::All => query,
        Audience::Tags { tag_ids } => query
            .push(" and exists (select 1 from customer_tags t where t.tenant_id = f.tenant_id and t.customer_id = f.customer_id and t.tag_id in ")
            .list(tag_ids.iter().copied())
            .push(")"),
        Audience::Customers { customer_ids } => query.push(" and f.customer_id in ").list(customer_ids.iter().copied()),
        Audience::Openids { openids } => query.push(" and f.openid in ").list(openids.iter().map(String::as_str)),
    }
}
