//! Who is meant: the fans of an audience, how many of them cannot be reached, and what is not known of the rest.

use ::store::FromRow;
use kit::{Error, Millis, Sql, Work, sql};

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
    /// Who could be sent it and is on the account's blacklist at WeChat.
    pub blocked: i64,
    /// Who could be sent it then and has said that they want none of these.
    pub opted_out: i64,
    /// Who wants it and has been told as much lately as the tenant allows.
    pub capped: i64,
    /// Of those who will be sent it, of so many this is not known.
    pub no_name: i64,
    pub no_phone: i64,
    pub no_email: i64,
    pub no_city: i64,
    pub no_province: i64,
    pub no_birthday: i64,
}

/// How much one customer is told at most: so many messages of marketing that left since this instant, in all ways together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    pub messages: i64,
    pub since: Millis,
}

/// The ledger is read by when a message was due: one that waited longer than this for its call is not counted here, though the
/// sender counts it.
const LONGEST_WAIT: Millis = 31 * 24 * 3_600_000;

const AGREED: &str =
    "exists (select 1 from notice_grants g where g.tenant_id = f.tenant_id and g.account_id = f.account_id
      and g.openid = f.openid and (g.left_count > 0 or g.lasting) and g.template_id = ";

/// Under which ids those are fans who have said that they want nothing in this way. A wish is of the whole person.
pub(crate) const UNWILLING: &str =
    "select g.id from (select distinct coalesce(c.merged_into, c.id) as id from opt_outs o
      join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
      where o.tenant_id = ? and o.way = ? and o.withdrawn_at is null) w
    join customers g on g.tenant_id = ? and (g.id = w.id or g.merged_into = w.id)";

/// Who is on the account's blacklist at WeChat.
const BLOCKED: &str =
    "select b.openid from blocked_fans b where b.tenant_id = ? and b.account_id = ? and b.is_blocked = true";

/// Who has been told as much as a cap allows, under the id that stands for all of a person's. What counts is what the sender
/// counts before a call.
const CAPPED: &str = "select coalesce(p.merged_into, p.id) as id from sends s
      join customers p on p.tenant_id = s.tenant_id and p.id = s.customer_id
      where s.tenant_id = ? and s.due_at > ? and s.purpose = 'marketing'
        and s.state in ('sending', 'retrying', 'sent', 'unknown') and s.sending_at > ?
      group by coalesce(p.merged_into, p.id) having count(*) >= ?";

/// Counts the audience, in one look: each fan has one fate, found in the order in which the sender finds it. `cap` is none
/// when the tenant has none.
pub async fn reckon(work: &mut Work, campaign: &Campaign, cap: Option<Cap>) -> Result<Reckoned, Error> {
    // Else SQLite would find the fate of a fan again for every sum.
    let query = sql("with fates as materialized (select case when f.status <> 'following' then 'not_following'");
    let query = match notice(campaign) {
        Some(template) => query.push(" when not ").push(AGREED).push("?) then 'no_consent'").bind(template),
        None => query,
    };
    let query = query
        .push(" when f.openid in (")
        .push(BLOCKED)
        .bind(work.tenant())
        .bind(campaign.account)
        .push(") then 'blocked' when f.customer_id in (")
        .push(UNWILLING)
        .bind(work.tenant())
        .bind(campaign.service.as_str())
        .bind(work.tenant())
        .push(") then 'opted_out'");
    let query = if cap.is_some() { query.push(" when h.id is not null then 'capped'") } else { query };
    let query = query.push(
        " else 'reachable' end as fate,
           case when coalesce(c.name, '') = '' then 1 else 0 end as no_name,
           case when coalesce(c.phone, '') = '' then 1 else 0 end as no_phone,
           case when coalesce(c.email, '') = '' then 1 else 0 end as no_email,
           case when coalesce(c.city, '') = '' then 1 else 0 end as no_city,
           case when coalesce(c.province, '') = '' then 1 else 0 end as no_province,
           case when coalesce(c.birthday, '') = '' then 1 else 0 end as no_birthday
         from fans f join customers c on c.tenant_id = f.tenant_id and c.id = f.customer_id",
    );
    let query = match cap {
        Some(cap) => query
            .push(" left join (")
            .push(CAPPED)
            .bind(work.tenant())
            .bind(cap.since - LONGEST_WAIT)
            .bind(cap.since)
            .bind(cap.messages)
            .push(") h on h.id = coalesce(c.merged_into, c.id)"),
        None => query,
    };
    let query = query.push(" where f.tenant_id = ? and f.account_id = ?").bind(work.tenant()).bind(campaign.account);
    let query = within(query, &campaign.audience).push(
        ") select count(*) as fans,
           cast(coalesce(sum(case when fate = 'reachable' then 1 else 0 end), 0) as bigint) as reachable,
           cast(coalesce(sum(case when fate = 'not_following' then 1 else 0 end), 0) as bigint) as not_following,
           cast(coalesce(sum(case when fate = 'no_consent' then 1 else 0 end), 0) as bigint) as no_consent,
           cast(coalesce(sum(case when fate = 'blocked' then 1 else 0 end), 0) as bigint) as blocked,
           cast(coalesce(sum(case when fate = 'opted_out' then 1 else 0 end), 0) as bigint) as opted_out,
           cast(coalesce(sum(case when fate = 'capped' then 1 else 0 end), 0) as bigint) as capped,
           cast(coalesce(sum(case when fate = 'reachable' then no_name else 0 end), 0) as bigint) as no_name,
           cast(coalesce(sum(case when fate = 'reachable' then no_phone else 0 end), 0) as bigint) as no_phone,
           cast(coalesce(sum(case when fate = 'reachable' then no_email else 0 end), 0) as bigint) as no_email,
           cast(coalesce(sum(case when fate = 'reachable' then no_city else 0 end), 0) as bigint) as no_city,
           cast(coalesce(sum(case when fate = 'reachable' then no_province else 0 end), 0) as bigint) as no_province,
           cast(coalesce(sum(case when fate = 'reachable' then no_birthday else 0 end), 0) as bigint) as no_birthday
         from fates",
    );
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
