//! The conversations and arrivals tables. Every statement stays inside the caller's tenant.

use std::collections::{BTreeMap, HashMap};

use kit::{
    AccountId, Bulk, ConversationId, Ctx, CustomerId, Error, Millis, OnConflict, PersonId, Sql, TenantId, Topic, Work,
    sql,
};
use serde::Serialize;
use store::FromRow;

use super::{
    Assignee, Attention, Conversation, Last, Said, State, Summary,
    model::{News, beginning},
};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    openid: String,
    customer_id: i64,
    state: String,
    attention: i64,
    unread: i64,
    assignee_id: Option<i64>,
    assignee_name: Option<String>,
    snoozed_until: Option<i64>,
    last_from: String,
    last_kind: String,
    last_text: String,
    last_by: Option<String>,
    last_at: i64,
    message_at: Option<i64>,
    act_at: i64,
    waiting_since_at: Option<i64>,
    window_until: i64,
    created_at: i64,
}

fn select() -> Sql {
    sql("select c.id, c.account_id, c.openid, f.customer_id, c.state, c.attention, c.unread, c.assignee_id, p.name as assignee_name, c.snoozed_until,
         c.last_from, c.last_kind, c.last_text, c.last_by, c.last_at, c.message_at, c.act_at, c.waiting_since_at, c.window_until, c.created_at
         from conversations c
         join fans f on f.tenant_id = c.tenant_id and f.account_id = c.account_id and f.openid = c.openid
         left join people p on p.tenant_id = c.tenant_id and p.id = c.assignee_id
         where c.tenant_id = ?")
}

/// The conversation. One whose account was deleted is still there.
pub async fn find(work: &mut Work, id: ConversationId) -> Result<Conversation, Error> {
    let query = select().bind(work.tenant()).push(" and c.id = ?").bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// These, in this order; those that are absent have none.
pub async fn details(work: &mut Work, ids: &[ConversationId]) -> Result<Vec<Conversation>, Error> {
    let query = select().bind(work.tenant()).push(" and c.id in ").list(ids.iter().copied());
    let rows: Vec<Row> = work.all(query).await?;
    let mut known: HashMap<i64, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
    ids.iter().filter_map(|id| known.remove(&id.0)).map(Conversation::try_from).collect()
}

/// The conversation with this fan, if there is one.
pub async fn of_fan(work: &mut Work, account: AccountId, openid: &str) -> Result<Option<Conversation>, Error> {
    let query =
        select().bind(work.tenant()).push(" and c.account_id = ?").bind(account).push(" and c.openid = ?").bind(openid);
    work.one::<Row>(query).await?.map(Conversation::try_from).transpose()
}

const HEARD: &[&str] = &[
    "tenant_id",
    "id",
    "account_id",
    "openid",
    "state",
    "attention",
    "unread",
    "last_from",
    "last_kind",
    "last_text",
    "last_at",
    "last_in_at",
    "message_at",
    "act_at",
    "waiting_since_at",
    "window_until",
    "created_at",
];

/// A row as if it were new, laid over the one that is there: what is later stands, what asks opens.
const OVER: &str = "(tenant_id, account_id, openid) do update set
    state = case when excluded.unread > 0 then 'open' else conversations.state end,
    snoozed_until = case when excluded.unread > 0 then null else conversations.snoozed_until end,
    attention = case when excluded.unread > 0 then 2 else conversations.attention end,
    unread = conversations.unread + excluded.unread,
    last_from = case when excluded.last_at >= conversations.last_at then excluded.last_from else conversations.last_from end,
    last_kind = case when excluded.last_at >= conversations.last_at then excluded.last_kind else conversations.last_kind end,
    last_text = case when excluded.last_at >= conversations.last_at then excluded.last_text else conversations.last_text end,
    last_by = case when excluded.last_at >= conversations.last_at then null else conversations.last_by end,
    last_at = case when excluded.last_at >= conversations.last_at then excluded.last_at else conversations.last_at end,
    last_in_at = case when excluded.last_in_at > coalesce(conversations.last_in_at, 0) then excluded.last_in_at else conversations.last_in_at end,
    message_at = case when coalesce(excluded.message_at, 0) > coalesce(conversations.message_at, 0) then excluded.message_at else conversations.message_at end,
    act_at = case when excluded.act_at > conversations.act_at then excluded.act_at else conversations.act_at end,
    waiting_since_at = case when excluded.unread > 0 then coalesce(conversations.waiting_since_at, excluded.waiting_since_at) else conversations.waiting_since_at end,
    window_until = case when excluded.window_until > conversations.window_until then excluded.window_until else conversations.window_until end";

/// Takes in what fans did. Who has never written has no conversation, and a tap makes none.
pub(super) async fn hear(work: &mut Work, account: AccountId, news: &BTreeMap<String, News>) -> Result<(), Error> {
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("conversations", HEARD).on_conflict(OnConflict::Do(OVER));
    let (mut windows, mut acts) = (Vec::new(), Vec::new());
    for (openid, news) in news {
        let Some((at, heard)) = &news.last else {
            windows.push([tenant.into(), account.into(), openid.as_str().into(), news.window_until.into()]);
            acts.push([tenant.into(), account.into(), openid.as_str().into(), news.act_at.into()]);
            continue;
        };
        let asks = news.asks > 0;
        bulk.row([
            tenant.into(),
            work.new_id().into(),
            account.into(),
            openid.as_str().into(),
            if asks { State::Open } else { State::Done }.as_str().into(),
            if asks { Attention::Unread } else { Attention::Nothing }.number().into(),
            news.asks.into(),
            "fan".into(),
            heard.kind.as_str().into(),
            heard.text.as_str().into(),
            (*at).into(),
            Some(*at).into(),
            news.message_at.into(),
            news.act_at.into(),
            news.asked_at.into(),
            news.window_until.into(),
            now.into(),
        ]);
    }
    work.bulk(bulk).await?;
    let keys = &["tenant_id", "account_id", "openid"];
    work.tx().await?.raise("conversations", keys, "window_until", windows).await?;
    work.tx().await?.raise("conversations", keys, "act_at", acts).await?;
    Ok(())
}

/// A person said something: nobody has to look any more.
pub async fn said(work: &mut Work, said: &Said<'_>) -> Result<(), Error> {
    let (now, text) = (work.now(), beginning(said.content.words()));
    let query = sql("insert into conversations (tenant_id, id, account_id, openid, state, attention, unread, last_from, last_kind, last_text, last_by, last_at, act_at, window_until, created_at)
         values (?, ?, ?, ?, 'open', 0, 0, 'person', ?, ?, ?, ?, ?, ?, ?)
         on conflict (tenant_id, account_id, openid) do update set attention = 0, unread = 0, waiting_since_at = null,
           last_from = excluded.last_from, last_kind = excluded.last_kind, last_text = excluded.last_text, last_by = excluded.last_by, last_at = excluded.last_at")
        .bind(work.tenant())
        .bind(work.new_id())
        .bind(said.account)
        .bind(said.openid)
        .bind(said.content.kind())
        .bind(text)
        .bind(said.by)
        .bind(now)
        .bind(said.window.map_or(0, |window| window.opened_at))
        .bind(said.window.map_or(0, |window| window.until))
        .bind(now);
    work.execute(query).await?;
    tell(work, &[(said.account, said.openid.to_owned())]);
    Ok(())
}

/// What a person said did not arrive, or nobody knows: somebody has to look.
pub async fn failed(work: &mut Work, account: AccountId, openid: &str) -> Result<(), Error> {
    let query = sql("update conversations set state = 'open', snoozed_until = null, attention = 2, waiting_since_at = coalesce(waiting_since_at, last_in_at)
         where tenant_id = ? and account_id = ? and openid = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(openid);
    work.execute(query).await?;
    tell(work, &[(account, openid.to_owned())]);
    Ok(())
}

/// Somebody has looked. Whether there was anything to look at.
pub async fn read(work: &mut Work, id: ConversationId) -> Result<bool, Error> {
    let query =
        sql("update conversations set unread = 0, attention = case when waiting_since_at is null then 0 else 1 end
         where tenant_id = ? and id = ? and attention = 2")
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? > 0)
}

/// Whose it is to answer. `anew` when they have to look.
pub async fn assign(work: &mut Work, id: ConversationId, to: Option<PersonId>, anew: bool) -> Result<(), Error> {
    let query = sql("update conversations set assignee_id = ?, attention = case when ? and state = 'open' then 2 else attention end where tenant_id = ? and id = ?")
        .bind(to.map(|person| person.0))
        .bind(anew)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// Where it stands from now on. Done, nobody waits any more; put off, nobody has to look until then.
pub async fn set_state(work: &mut Work, id: ConversationId, state: State, until: Option<Millis>) -> Result<(), Error> {
    let waiting = match state {
        State::Done => None,
        State::Open | State::Snoozed => find(work, id).await?.waiting_since_at,
    };
    let attention = match state {
        State::Open if waiting.is_some() => Attention::Unanswered,
        _ => Attention::Nothing,
    };
    let query = sql("update conversations set state = ?, snoozed_until = ?, attention = ?, unread = 0, waiting_since_at = ? where tenant_id = ? and id = ?")
        .bind(state.as_str())
        .bind(until)
        .bind(attention.number())
        .bind(waiting)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// How much waits, of all accounts that are there, or of one.
pub async fn summary(work: &mut Work, accounts: &[AccountId], person: Option<PersonId>) -> Result<Summary, Error> {
    let now = work.now();
    let looked = |attention: Attention| Count { attention, until: None, assignee: None };
    let unread = count(work, accounts, &looked(Attention::Unread)).await?;
    let unanswered = count(work, accounts, &looked(Attention::Unanswered)).await?;
    let (mut closing, mut mine) = (0, 0);
    for attention in [Attention::Unread, Attention::Unanswered] {
        let soon = Count { until: Some((now, now + Summary::SOON_MS)), ..looked(attention) };
        closing += count(work, accounts, &soon).await?;
        if let Some(person) = person {
            mine += count(work, accounts, &Count { assignee: Some(person), ..looked(attention) }).await?;
        }
    }
    let most = |number: i64| number.min(Summary::MOST as i64);
    Ok(Summary { unread: most(unread), waiting: most(unread + unanswered), closing: most(closing), mine: most(mine) })
}

struct Count {
    attention: Attention,
    until: Option<(Millis, Millis)>,
    assignee: Option<PersonId>,
}

async fn count(work: &mut Work, accounts: &[AccountId], of: &Count) -> Result<i64, Error> {
    let mut query = sql("select count(*) from (select 1 as one from conversations where tenant_id = ? and state = 'open' and attention = ? and account_id in ")
        .bind(work.tenant())
        .bind(of.attention.number())
        .list(accounts.iter().copied());
    if let Some((from, until)) = of.until {
        query = query.push(" and window_until > ? and window_until <= ?").bind(from).bind(until);
    }
    if let Some(person) = of.assignee {
        query = query.push(" and assignee_id = ?").bind(person);
    }
    Ok(work.scalar(query.push(" limit ?) as counted").bind(Summary::MOST as i64)).await?.unwrap_or(0))
}

/// A row of `arrivals`.
#[derive(FromRow)]
pub(super) struct Left {
    pub id: i64,
    pub account_id: i64,
    pub body: String,
}

pub(super) async fn leave(work: &mut Work, account: AccountId, body: &str) -> Result<(), Error> {
    let query = sql("insert into arrivals (tenant_id, id, account_id, body) values (?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(work.new_id())
        .bind(account)
        .bind(body);
    work.execute(query).await?;
    Ok(())
}

/// Takes some away; those that another process is folding are its own.
pub(super) async fn take(work: &mut Work, most: u64) -> Result<Vec<Left>, Error> {
    let query = sql("delete from arrivals where tenant_id = ? and id in
         (select id from arrivals where tenant_id = ? order by id limit ? {skip_locked}) returning id, account_id, body")
        .bind(work.tenant())
        .bind(work.tenant())
        .bind(most as i64);
    work.all(query).await
}

pub(super) async fn tenants_with_arrivals(ctx: &Ctx) -> Result<Vec<TenantId>, Error> {
    let query = sql("select distinct tenant_id from arrivals where tenant_id is not null");
    let ids: Vec<i64> = ctx.store().read().await?.scalars(query).await?;
    Ok(ids.into_iter().map(TenantId).collect())
}

pub(super) async fn tenants_with_sleepers(ctx: &Ctx) -> Result<Vec<TenantId>, Error> {
    let query = sql("select distinct tenant_id from conversations where tenant_id is not null and state = 'snoozed' and snoozed_until <= ?")
        .bind(ctx.now());
    let ids: Vec<i64> = ctx.store().read().await?.scalars(query).await?;
    Ok(ids.into_iter().map(TenantId).collect())
}

/// Opens what was put off until now; whose conversations these are.
pub(super) async fn wake(work: &mut Work) -> Result<Vec<(AccountId, String)>, Error> {
    #[derive(FromRow)]
    struct Woken {
        account_id: i64,
        openid: String,
    }
    let query = sql("update conversations set state = 'open', snoozed_until = null, attention = 2
         where tenant_id = ? and state = 'snoozed' and snoozed_until <= ? returning account_id, openid")
    .bind(work.tenant())
    .bind(work.now());
    let rows: Vec<Woken> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| (AccountId(row.account_id), row.openid)).collect())
}

#[derive(Serialize)]
struct Told<'a> {
    fans: Vec<ToldFan<'a>>,
    /// These are not all.
    more: bool,
}

#[derive(Serialize)]
struct ToldFan<'a> {
    account_id: AccountId,
    openid: &'a str,
}

/// Who changes too much at once is not told one by one.
const TOLD: usize = 40;

/// Tells the consoles that conversations with these fans are not as they were.
pub fn tell(work: &mut Work, fans: &[(AccountId, String)]) {
    if fans.is_empty() {
        return;
    }
    let told = fans.iter().take(TOLD).map(|(account, openid)| ToldFan { account_id: *account, openid });
    work.tell(Topic::Conversations, &Told { fans: told.collect(), more: fans.len() > TOLD });
}

impl TryFrom<Row> for Conversation {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("conversations", row.id, why);
        Ok(Self {
            id: ConversationId(row.id),
            account: AccountId(row.account_id),
            customer: CustomerId(row.customer_id),
            state: State::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
            attention: Attention::of(row.attention).ok_or_else(|| broken("unknown attention"))?,
            openid: row.openid,
            unread: row.unread,
            assignee: row.assignee_id.map(|id| Assignee { id: PersonId(id), name: row.assignee_name }),
            snoozed_until: row.snoozed_until,
            last: Last {
                from: row.last_from,
                kind: row.last_kind,
                text: row.last_text,
                by: row.last_by,
                at: row.last_at,
            },
            message_at: row.message_at,
            act_at: row.act_at,
            waiting_since_at: row.waiting_since_at,
            window_until: row.window_until,
            created_at: row.created_at,
        })
    }
}
