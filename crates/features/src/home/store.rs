//! What the home page counts. Other slices' rows are only read here.

use ::store::FromRow;
use entities::events::EventKind;
use kit::{AccountId, Error, Millis, RuleId, Work, sql};
use serde::Deserialize;

use super::{
    days::QUARTER_MS,
    model::{CountFault, FoundRule, FoundTrigger, MenuFault},
};

/// How many people there are: all of the tenant's, or the fans of one account.
pub async fn customers(work: &mut Work, account: Option<AccountId>) -> Result<i64, Error> {
    let query = match account {
        None => sql("select count(*) from customers where tenant_id = ? and merged_into is null").bind(work.tenant()),
        Some(account) => sql("select count(distinct customer_id) from fans where tenant_id = ? and account_id = ?")
            .bind(work.tenant())
            .bind(account),
    };
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// Every openid, following or not.
pub async fn fans(work: &mut Work, account: Option<AccountId>) -> Result<i64, Error> {
    let mut query = sql("select count(*) from fans where tenant_id = ?").bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// Those who do not follow; few, and indexed.
pub async fn fans_not_following(work: &mut Work, account: Option<AccountId>) -> Result<i64, Error> {
    let mut query = sql("select count(*) from fans where tenant_id = ? and status <> 'following'").bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// Texts that no rule answered and nobody has put away.
pub async fn unmatched(work: &mut Work, account: Option<AccountId>) -> Result<i64, Error> {
    let mut query =
        sql("select count(*) from unmatched_texts where tenant_id = ? and dismissed_at is null").bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// How often something happened in a quarter of an hour.
#[derive(Debug, Clone, FromRow)]
pub struct Quarter {
    pub kind: String,
    pub quarter: i64,
    pub times: i64,
}

/// Follows, unfollows and messages since an instant, by quarters of an hour.
pub async fn quarters(
    work: &mut Work,
    account: Option<AccountId>,
    from: Millis,
    until: Millis,
) -> Result<Vec<Quarter>, Error> {
    // Ids carry the time of recording, which is never before the time of happening: the key finds the place.
    let mut query = sql("select kind, at / ")
        .push(QUARTER)
        .push(" as quarter, count(*) as times from events where tenant_id = ? and id >= ? and at >= ? and at < ? and kind in ")
        .bind(work.tenant())
        .bind(kit::event_id_floor(from - SKEW_MS))
        .bind(from)
        .bind(until)
        .list([EventKind::Follow, EventKind::Unfollow, EventKind::MessageIn].map(EventKind::as_str));
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    work.all(query.push(" group by kind, at / ").push(QUARTER)).await
}

/// Written into the statement, because a grouped expression with values of its own is a different one to PostgreSQL.
const QUARTER: &str = "900000";
const _: () = assert!(QUARTER_MS == 900_000);
/// WeChat's clock and ours may differ by so much.
const SKEW_MS: Millis = 15 * 60 * 1000;

/// Accounts with a switched-on reply to those who follow.
pub async fn welcoming(work: &mut Work) -> Result<Vec<i64>, Error> {
    let query =
        sql("select distinct account_id from reply_rules where tenant_id = ? and kind = 'follow' and enabled = true")
            .bind(work.tenant());
    work.scalars(query).await
}

/// What a menu that failed is told of for so long; the menu's page shows it as long.
const MENU_FAULT_MS: Millis = 7 * 24 * 3600 * 1000;

#[derive(FromRow)]
struct MenuFaultRow {
    account_id: i64,
    problem: String,
}

/// Menus that were to be published by the clock and were not, each account and reason once: what could not begin, what
/// missed its time, and what WeChat did not take, until something else is published.
pub async fn menu_faults(work: &mut Work) -> Result<Vec<MenuFault>, Error> {
    let since = work.now() - MENU_FAULT_MS;
    let not_begun = sql("select distinct account_id, problem from menu_schedules where tenant_id = ? and problem is not null
         and ((state = 'failed' and starts_at > ?) or (state = 'waiting' and problem = 'missed')) order by account_id, problem")
    .bind(work.tenant())
    .bind(since);
    // Nobody's name is on what the clock published or took back.
    let not_taken =
        sql("select distinct v.account_id, v.problem from menu_versions v where v.tenant_id = ? and v.state = 'failed'
           and v.made_by is null and v.problem is not null and v.made_at > ?
           and not exists (select 1 from menu_versions n where n.tenant_id = v.tenant_id and n.account_id = v.account_id
             and n.number > v.number and n.state <> 'failed') order by v.account_id, v.problem")
        .bind(work.tenant())
        .bind(since);
    let mut rows: Vec<MenuFaultRow> = work.all(not_begun).await?;
    rows.extend(work.all::<MenuFaultRow>(not_taken).await?);
    let of = |row: MenuFaultRow| MenuFault { account: AccountId(row.account_id), problem: row.problem };
    Ok(rows.into_iter().map(of).collect())
}

/// Counts that do not add up are told of for so long after they were found: by then somebody has looked, or never will.
const COUNT_FAULT_MS: Millis = 30 * 24 * 3600 * 1000;
/// The oldest first; if there are more, what is wrong is wrong with the database.
const MOST_COUNT_FAULTS: i64 = 5;

#[derive(FromRow)]
struct CountFaultRow {
    account_id: i64,
    kind: String,
    thing_id: i64,
    name: String,
    problem: String,
    accepted: i64,
    found: i64,
}

/// What the daily comparison found that does not add up (P3).
pub async fn count_faults(work: &mut Work, account: Option<AccountId>) -> Result<Vec<CountFault>, Error> {
    let mut query = sql(
        "select f.account_id, f.kind, f.thing_id, coalesce(c.name, b.name, '') as name, f.problem, f.accepted, f.found
         from conservation_faults f
         left join campaigns c on f.kind = 'campaign' and c.tenant_id = f.tenant_id and c.id = f.thing_id
         left join broadcasts b on f.kind = 'broadcast' and b.tenant_id = f.tenant_id and b.id = f.thing_id
         where f.tenant_id = ? and f.since > ?",
    )
    .bind(work.tenant())
    .bind(work.now() - COUNT_FAULT_MS);
    if let Some(account) = account {
        query = query.push(" and f.account_id = ?").bind(account);
    }
    query = query.push(" order by f.since, f.kind, f.thing_id limit ?").bind(MOST_COUNT_FAULTS);
    let rows: Vec<CountFaultRow> = work.all(query).await?;
    let of = |row: CountFaultRow| CountFault {
        account: AccountId(row.account_id),
        kind: row.kind,
        id: row.thing_id,
        name: row.name,
        problem: row.problem,
        accepted: row.accepted,
        found: row.found,
    };
    Ok(rows.into_iter().map(of).collect())
}

#[derive(FromRow)]
struct RuleRow {
    id: i64,
    account_id: i64,
    name: String,
    kind: String,
    enabled: bool,
    body: String,
}

/// Of a rule's body, what the palette shows.
#[derive(Deserialize)]
struct Body {
    trigger: BodyTrigger,
}

#[derive(Deserialize)]
struct BodyTrigger {
    #[serde(default)]
    words: Vec<String>,
}

/// Rules whose name or words hold this text.
pub async fn rules(work: &mut Work, text: &str, limit: u64) -> Result<Vec<FoundRule>, Error> {
    let pattern = format!("%{}%", text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let query = sql("select id, account_id, name, kind, enabled, body from reply_rules
         where tenant_id = ? and (lower(name) like ? escape '\\' or lower(body) like ? escape '\\') order by account_id, position, id limit ?")
        .bind(work.tenant())
        .bind(pattern.as_str())
        .bind(pattern.as_str())
        .bind(limit as i64);
    work.all::<RuleRow>(query)
        .await?
        .into_iter()
        .map(|row| {
            let body: Body =
                serde_json::from_str(&row.body).map_err(|error| Error::broken("reply_rules", row.id, error))?;
            let trigger = FoundTrigger { kind: row.kind, words: body.trigger.words };
            Ok(FoundRule {
                id: RuleId(row.id),
                account_id: AccountId(row.account_id),
                name: row.name,
                enabled: row.enabled,
                trigger,
            })
        })
        .collect()
}
