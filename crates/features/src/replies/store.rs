//! The rules, their hits and their intervals. Every statement stays inside the caller's tenant.

use std::collections::{BTreeMap, HashMap, HashSet};

use ::store::FromRow;
use chrono_tz::Tz;
use kit::{AccountId, Bulk, Ctx, Error, Millis, OnConflict, RuleId, Sql, TenantId, Work, sql};

use super::model::{Draft, Rule, What};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    name: String,
    position: i64,
    enabled: bool,
    body: String,
    created_at: i64,
    updated_at: i64,
    hits: Option<i64>,
    last_hit_at: Option<i64>,
}

fn select() -> Sql {
    sql("select r.id, r.account_id, r.name, r.position, r.enabled, r.body, r.created_at, r.updated_at, h.hits, h.last_hit_at
         from reply_rules r left join reply_hits h on h.tenant_id = r.tenant_id and h.rule_id = r.id")
}

/// Every rule of the account, in the order they are tried.
pub async fn list(work: &mut Work, account: AccountId) -> Result<Vec<Rule>, Error> {
    let query = select()
        .push(" where r.tenant_id = ? and r.account_id = ? order by r.position, r.id")
        .bind(work.tenant())
        .bind(account);
    work.all::<Row>(query).await?.into_iter().map(Rule::try_from).collect()
}

/// A rule of this account; another tenant's is as absent as one never made.
pub async fn find(work: &mut Work, account: AccountId, id: RuleId) -> Result<Rule, Error> {
    let query = select()
        .push(" where r.tenant_id = ? and r.account_id = ? and r.id = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(id);
    work.one::<Row>(query).await?.map(Rule::try_from).transpose()?.ok_or(Error::NotFound)
}

/// Rules of any account whose name or words hold `text` (folded), for the search box.
pub async fn search(work: &mut Work, text: &str, limit: u64) -> Result<Vec<Rule>, Error> {
    let like = format!("%{}%", text.replace(['%', '_'], ""));
    let query = select()
        .push(" where r.tenant_id = ? and (lower(r.name) like ? or lower(r.body) like ?) order by r.updated_at desc, r.id limit ?")
        .bind(work.tenant())
        .bind(like.as_str())
        .bind(like.as_str())
        .bind(limit as i64);
    work.all::<Row>(query).await?.into_iter().map(Rule::try_from).collect()
}

/// The last position in the account's table.
async fn last_position(work: &mut Work, account: AccountId) -> Result<i64, Error> {
    let query = sql("select max(position) from reply_rules where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    Ok(work.scalar::<Option<i64>>(query).await?.flatten().unwrap_or(0))
}

/// Adds the rule at the end of the account's table.
pub async fn add(work: &mut Work, account: AccountId, draft: &Draft) -> Result<RuleId, Error> {
    // Two writers may draw the same position; the id breaks the tie in `list`.
    let position = last_position(work, account).await? + 1;
    let id = RuleId(work.new_id());
    let query = sql("insert into reply_rules (tenant_id, id, account_id, name, kind, position, enabled, body, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(id)
        .bind(account)
        .bind(draft.name.as_str())
        .bind(draft.what.trigger.kind.as_str())
        .bind(position)
        .bind(draft.enabled)
        .bind(body(&draft.what)?)
        .bind(work.now())
        .bind(work.now());
    work.execute(query).await?;
    Ok(id)
}

/// Writes the rule anew, in its place.
pub async fn replace(work: &mut Work, account: AccountId, id: RuleId, draft: &Draft) -> Result<(), Error> {
    let query = sql("update reply_rules set name = ?, kind = ?, enabled = ?, body = ?, updated_at = ? where tenant_id = ? and account_id = ? and id = ?")
        .bind(draft.name.as_str())
        .bind(draft.what.trigger.kind.as_str())
        .bind(draft.enabled)
        .bind(body(&draft.what)?)
        .bind(work.now())
        .bind(work.tenant())
        .bind(account)
        .bind(id);
    there(work.execute(query).await?)
}

/// Switches a rule on or off, or renames it.
pub async fn patch(work: &mut Work, account: AccountId, id: RuleId, name: &str, enabled: bool) -> Result<(), Error> {
    let query = sql("update reply_rules set name = ?, enabled = ?, updated_at = ? where tenant_id = ? and account_id = ? and id = ?")
        .bind(name)
        .bind(enabled)
        .bind(work.now())
        .bind(work.tenant())
        .bind(account)
        .bind(id);
    there(work.execute(query).await?)
}

pub async fn remove(work: &mut Work, account: AccountId, id: RuleId) -> Result<(), Error> {
    let query = sql("delete from reply_rules where tenant_id = ? and account_id = ? and id = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(id);
    there(work.execute(query).await?)
}

/// Gives a rule its place.
pub async fn place(work: &mut Work, account: AccountId, id: RuleId, position: i64) -> Result<(), Error> {
    let query = sql("update reply_rules set position = ? where tenant_id = ? and account_id = ? and id = ?")
        .bind(position)
        .bind(work.tenant())
        .bind(account)
        .bind(id);
    there(work.execute(query).await?)
}

/// Which of these fans a rule has answered, and when.
pub async fn answered(work: &mut Work, rule: RuleId, openids: &[&str]) -> Result<HashMap<String, Millis>, Error> {
    #[derive(FromRow)]
    struct Limit {
        openid: String,
        answered_at: i64,
    }
    let query = sql("select openid, answered_at from reply_limits where tenant_id = ? and rule_id = ? and openid in ")
        .bind(work.tenant())
        .bind(rule)
        .list(openids.iter().copied());
    let rows: Vec<Limit> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| (row.openid, row.answered_at)).collect())
}

/// Notes that a rule with an interval has answered these fans now.
pub async fn note_answered(work: &mut Work, fans: &[(RuleId, String)]) -> Result<u64, Error> {
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("reply_limits", &["tenant_id", "rule_id", "openid", "answered_at"])
        .on_conflict(OnConflict::Do("(tenant_id, rule_id, openid) do update set answered_at = excluded.answered_at"));
    for (rule, openid) in fans {
        bulk.row([tenant.into(), (*rule).into(), openid.as_str().into(), now.into()]);
    }
    work.bulk(bulk).await
}

/// Those of these rules that there are.
pub async fn existing(work: &mut Work, rules: &[RuleId]) -> Result<HashSet<RuleId>, Error> {
    let query = sql("select id from reply_rules where tenant_id = ? and id in ")
        .bind(work.tenant())
        .list(rules.iter().copied());
    Ok(work.scalars::<i64>(query).await?.into_iter().map(RuleId).collect())
}

/// Adds to the rules' counters: how often, and when last.
pub async fn note_hits(work: &mut Work, hits: &BTreeMap<RuleId, (i64, Millis)>) -> Result<u64, Error> {
    let tenant = work.tenant();
    let mut bulk = Bulk::into("reply_hits", &["tenant_id", "rule_id", "hits", "last_hit_at"])
        .on_conflict(OnConflict::Do("(tenant_id, rule_id) do update set hits = reply_hits.hits + excluded.hits, last_hit_at = excluded.last_hit_at"));
    for (rule, (count, at)) in hits {
        bulk.row([tenant.into(), (*rule).into(), (*count).into(), (*at).into()]);
    }
    work.bulk(bulk).await
}

/// What a batch of callbacks left to be counted, as JSON.
#[derive(FromRow)]
pub struct NoteRow {
    pub id: i64,
    pub account_id: i64,
    pub at: Millis,
    pub body: String,
}

/// Leaves something to be counted.
pub async fn leave_note(work: &mut Work, account: AccountId, body: &str) -> Result<(), Error> {
    let query = sql("insert into reply_notes (tenant_id, id, account_id, at, body) values (?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(work.new_id())
        .bind(account)
        .bind(work.now())
        .bind(body);
    work.execute(query).await?;
    Ok(())
}

/// Takes the oldest notes away; those that another process is counting are its own.
pub async fn take_notes(work: &mut Work, most: u64) -> Result<Vec<NoteRow>, Error> {
    let query = sql("delete from reply_notes where tenant_id = ? and id in
         (select id from reply_notes where tenant_id = ? order by id limit ? {skip_locked}) returning id, account_id, at, body")
        .bind(work.tenant())
        .bind(work.tenant())
        .bind(most as i64);
    let mut rows: Vec<NoteRow> = work.all(query).await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// Tenants who have something to count.
pub async fn tenants_with_notes(ctx: &Ctx) -> Result<Vec<TenantId>, Error> {
    let query = sql("select distinct tenant_id from reply_notes where tenant_id is not null");
    let tenants: Vec<i64> = ctx.store().read().await?.scalars(query).await?;
    Ok(tenants.into_iter().map(TenantId).collect())
}

/// The zone of the tenant, in which hours are meant.
pub async fn time_zone(work: &mut Work) -> Result<Tz, Error> {
    let tenant = work.tenant();
    let query = sql("select time_zone from tenants where id = ?").bind(tenant);
    let name: String = work.scalar(query).await?.ok_or(Error::NotFound)?;
    name.parse().map_err(|_| Error::broken("tenants", tenant.0, "unknown time zone"))
}

fn body(what: &What) -> Result<String, Error> {
    serde_json::to_string(what).map_err(Error::internal)
}

fn there(rows: u64) -> Result<(), Error> {
    if rows == 0 { Err(Error::NotFound) } else { Ok(()) }
}

impl TryFrom<Row> for Rule {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let what: What =
            serde_json::from_str(&row.body).map_err(|error| Error::broken("reply_rules", row.id, error))?;
        Ok(Self {
            id: RuleId(row.id),
            account_id: AccountId(row.account_id),
            name: row.name,
            enabled: row.enabled,
            position: row.position,
            trigger: what.trigger,
            answers: what.answers,
            send: what.send,
            hours: what.hours,
            once_per_seconds: what.once_per_seconds,
            hits: row.hits.unwrap_or(0),
            last_hit_at: row.last_hit_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
