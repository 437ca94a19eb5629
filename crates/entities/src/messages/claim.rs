//! Taking sends that may go out now: the intent is written, and committed by the caller, before the first byte leaves.
//! The store of it.
//!
//! Four kinds of sends are next: what stands alone, in the order in which it is due; what belongs to a campaign that
//! runs; what is to be said again under its id; and one of those that wait at a gate that is due to open. A held account's
//! sends, those behind a closed gate, and those of a tenant that is paused stay where they are. What is under way is looked for
//! by the two states of the index `sends_in_flight` before the one that is meant: SQLite does not see that one is among two.
//! Nor does it see that what is queued is not being sent, which the index of a campaign's sends leaves out. Each of them is next in
//! the order of an index that has nothing else in it: any other order, and PostgreSQL walks through all that was ever said.

use std::collections::HashSet;

use kit::{AccountId, CampaignId, CustomerId, Error, Millis, RuleId, SendId, TenantId, sql};
use store::{FromRow, Tx};

use super::{
    Service, gates, machine,
    sends::{Claimed, Purpose},
};

/// What a claim gives back.
pub(super) const RETURNED: &str = "tenant_id, id, account_id, customer_id, openid, service, message, campaign_id, purpose, rule_id, position, due_at, deadline_at, said_by, first_sending_at, sending_at, attempts";

#[derive(FromRow)]
pub(super) struct Row {
    tenant_id: i64,
    id: i64,
    account_id: i64,
    customer_id: i64,
    openid: String,
    service: String,
    message: String,
    campaign_id: Option<i64>,
    purpose: String,
    rule_id: Option<i64>,
    position: i64,
    due_at: i64,
    deadline_at: Option<i64>,
    said_by: Option<String>,
    first_sending_at: Option<i64>,
    sending_at: Option<i64>,
    attempts: i64,
}

impl Row {
    pub(super) fn claimed(self, doubt: bool, tries_gate: bool) -> Result<Claimed, Error> {
        let service =
            Service::parse(&self.service).ok_or_else(|| Error::broken("sends", self.id, "unknown service"))?;
        let sending_at = self.sending_at.unwrap_or(self.due_at);
        Ok(Claimed {
            tenant: self.tenant_id,
            id: SendId(self.id),
            account: AccountId(self.account_id),
            customer: CustomerId(self.customer_id),
            openid: self.openid,
            service,
            message: serde_json::from_str(&self.message).ok(),
            campaign: self.campaign_id.map(CampaignId),
            purpose: Purpose::parse(&self.purpose).ok_or_else(|| Error::broken("sends", self.id, "unknown purpose"))?,
            rule: self.rule_id.map(RuleId),
            position: self.position,
            due_at: self.due_at,
            deadline_at: self.deadline_at,
            by: self.said_by,
            first_at: self.first_sending_at.unwrap_or(sending_at),
            sending_at,
            attempts: self.attempts,
            doubt,
            tries_gate,
        })
    }
}

fn taken(rows: Vec<Row>, doubt: bool, tries_gate: bool) -> Result<Vec<Claimed>, Error> {
    rows.into_iter().map(|row| row.claimed(doubt, tries_gate)).collect()
}

/// Whether anything may be there to claim. Costs no write lock.
pub async fn anything(tx: &Tx, now: Millis) -> Result<bool, Error> {
    let query = sql("select
           (select count(*) from (select 1 as one from sends where tenant_id is not null and campaign_id is null and state = 'queued' and due_at <= ? limit 1) as alone)
         + (select count(*) from (select 1 as one from sends where tenant_id is not null and state = 'retrying' and due_at <= ? limit 1) as again)
         + (select count(*) from (select 1 as one from campaigns where tenant_id is not null and state = 'running' limit 1) as many)")
        .bind(now)
        .bind(now);
    Ok(tx.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// Who claims, and when.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    pub holder: &'a str,
    pub now: Millis,
    /// The clock went back: nothing is said a second time by it.
    pub clock_doubtful: bool,
}

/// As many as there is room for, each of them `sending` from the caller's commit on.
pub async fn claim(tx: &Tx, by: By<'_>, room: usize) -> Result<Vec<Claimed>, Error> {
    let forgotten = by.now - Service::Template.remembered().unwrap_or(0);
    too_late_to_repeat(tx, by.now, forgotten).await?;
    let mut claimed = if by.clock_doubtful { Vec::new() } else { again(tx, by, forgotten, room).await? };
    claimed.extend(at_gates(tx, by, room.saturating_sub(claimed.len())).await?);
    claimed.extend(alone(tx, by, room.saturating_sub(claimed.len())).await?);
    let mut room = room.saturating_sub(claimed.len());
    if room > 0 {
        let campaigns = running(tx).await?;
        let mut left = campaigns.len();
        for campaign in campaigns {
            // What one does not need is the others'.
            let some = of_campaign(tx, by, campaign, room.div_ceil(left.max(1))).await?;
            (room, left) = (room.saturating_sub(some.len()), left - 1);
            claimed.extend(some);
            if room == 0 {
                break;
            }
        }
    }
    one_to_each(tx, claimed).await
}

/// What stands alone and is due.
async fn alone(tx: &Tx, by: By<'_>, most: usize) -> Result<Vec<Claimed>, Error> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let query = sql("update sends set state = 'sending', sending_at = ?, first_sending_at = ?, attempts = attempts + 1, holder = ?
         where (tenant_id, id) in (
           select s.tenant_id, s.id from sends s
           join accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id and a.status = 'bound'
           where s.campaign_id is null and s.state = 'queued' and s.due_at <= ?
             and not exists (select 1 from sends earlier where earlier.tenant_id = s.tenant_id and earlier.group_id = s.group_id
               and earlier.position < s.position and earlier.campaign_id is null and (earlier.state = 'queued' or earlier.state = 'held' or earlier.state = 'sending' or earlier.state = 'retrying'))
             and not exists (select 1 from send_gates g where g.tenant_id = s.tenant_id and g.account_id = s.account_id and g.service = s.service)
             and not exists (select 1 from send_pauses p where p.tenant_id = s.tenant_id)
             and (s.service = 'custom' or not exists (select 1 from sends f where f.tenant_id = s.tenant_id and f.account_id = s.account_id
               and f.openid = s.openid and f.state in ('sending', 'retrying') and f.service = s.service))
           order by s.due_at, s.id limit ?)
         and state = 'queued'
         returning ")
        .push(RETURNED)
        .bind(by.now)
        .bind(by.now)
        .bind(by.holder)
        .bind(by.now)
        .bind(most as i64);
    taken(tx.all(query).await?, false, false)
}

/// What waited too long to be said again: WeChat may have forgotten the id by now. Nobody was there to do it, or the
/// account may not speak.
async fn too_late_to_repeat(tx: &Tx, now: Millis, forgotten: Millis) -> Result<u64, Error> {
    let query = sql("update sends set state = 'unknown', settled_at = ? where tenant_id is not null and state = 'retrying' and first_sending_at <= ?")
        .bind(now)
        .bind(forgotten);
    Ok(tx.execute(query).await?)
}

/// What was said without an answer, and is said again under the same id. Not at a closed gate: what waits there until WeChat
/// may have forgotten the id stays in doubt.
async fn again(tx: &Tx, by: By<'_>, forgotten: Millis, most: usize) -> Result<Vec<Claimed>, Error> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let query = sql("update sends set state = 'sending', sending_at = ?, attempts = attempts + 1, holder = ?
         where (tenant_id, id) in (
           select s.tenant_id, s.id from sends s
           join accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id and a.status = 'bound'
           where s.state = 'retrying' and s.due_at <= ? and s.first_sending_at > ?
             and (s.campaign_id is null or exists (select 1 from campaigns c where c.tenant_id = s.tenant_id and c.id = s.campaign_id and c.state = 'running'))
             and not exists (select 1 from send_gates g where g.tenant_id = s.tenant_id and g.account_id = s.account_id and g.service = s.service)
             and not exists (select 1 from send_pauses p where p.tenant_id = s.tenant_id)
           order by s.due_at, s.id limit ?)
         and state = 'retrying'
         returning ")
    .push(RETURNED)
    .bind(by.now)
    .bind(by.holder)
    .bind(by.now)
    .bind(forgotten)
    .bind(most as i64);
    taken(tx.all(query).await?, true, false)
}

#[derive(FromRow)]
struct Running {
    tenant_id: i64,
    id: i64,
}

/// Campaigns of which something may go out.
async fn running(tx: &Tx) -> Result<Vec<Running>, Error> {
    let query = sql("select c.tenant_id, c.id from campaigns c
         join accounts a on a.tenant_id = c.tenant_id and a.id = c.account_id and a.status = 'bound'
         where c.tenant_id is not null and c.state = 'running'
           and not exists (select 1 from send_gates g where g.tenant_id = c.tenant_id and g.account_id = c.account_id and g.service = c.service)
           and not exists (select 1 from send_pauses p where p.tenant_id = c.tenant_id)
         order by c.tenant_id, c.id");
    Ok(tx.all(query).await?)
}

/// The next of a campaign. That it runs is read in this transaction (P6).
async fn of_campaign(tx: &Tx, by: By<'_>, campaign: Running, most: usize) -> Result<Vec<Claimed>, Error> {
    let query = sql("update sends set state = 'sending', sending_at = ?, first_sending_at = ?, attempts = attempts + 1, holder = ?
         where (tenant_id, id) in (
           select s.tenant_id, s.id from sends s where s.tenant_id = ? and s.campaign_id = ? and s.state = 'queued' and s.state <> 'sending' and s.due_at <= ?
             and (s.service = 'custom' or not exists (select 1 from sends f where f.tenant_id = s.tenant_id and f.account_id = s.account_id
               and f.openid = s.openid and f.state in ('sending', 'retrying') and f.service = s.service))
           order by s.due_at, s.id limit ? {skip_locked})
         and state = 'queued'
         returning ")
        .push(RETURNED)
        .bind(by.now)
        .bind(by.now)
        .bind(by.holder)
        .bind(campaign.tenant_id)
        .bind(campaign.id)
        .bind(by.now)
        .bind(most as i64);
    taken(tx.all(query).await?, false, false)
}

/// One message at each gate that is due to open. A gate at which nothing waits is gone.
async fn at_gates(tx: &Tx, by: By<'_>, most: usize) -> Result<Vec<Claimed>, Error> {
    let mut claimed = Vec::new();
    for gate in gates::ajar(tx, by.now).await?.into_iter().take(most) {
        if !gates::trying(tx, gate, by.now).await? {
            continue;
        }
        let one = at_gate(tx, by, gate).await?;
        if one.is_empty() {
            gates::forget(tx, gate).await?;
        }
        claimed.extend(one);
    }
    Ok(claimed)
}

async fn at_gate(tx: &Tx, by: By<'_>, gate: gates::Ajar) -> Result<Vec<Claimed>, Error> {
    let query = sql("update sends set state = 'sending', sending_at = ?, first_sending_at = ?, attempts = attempts + 1, holder = ?
         where (tenant_id, id) in (
           select s.tenant_id, s.id from sends s
           left join campaigns c on c.tenant_id = s.tenant_id and c.id = s.campaign_id
           join accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id and a.status = 'bound'
           where s.tenant_id = ? and s.account_id = ? and s.service = ? and s.state = 'queued' and s.due_at <= ?
             and (s.campaign_id is null or c.state = 'running')
             and not exists (select 1 from sends earlier where earlier.tenant_id = s.tenant_id and earlier.group_id = s.group_id
               and earlier.position < s.position and earlier.campaign_id is null and (earlier.state = 'queued' or earlier.state = 'held' or earlier.state = 'sending' or earlier.state = 'retrying'))
             and not exists (select 1 from send_pauses p where p.tenant_id = s.tenant_id)
           order by s.due_at, s.id limit 1)
         and state = 'queued'
         returning ")
        .push(RETURNED)
        .bind(by.now)
        .bind(by.now)
        .bind(by.holder)
        .bind(gate.tenant)
        .bind(gate.account)
        .bind(gate.service.as_str())
        .bind(by.now);
    taken(tx.all(query).await?, false, true)
}

/// Of templates and notices, one to each fan is under way at a time: only then does WeChat's report, which names the
/// fan, settle a lost answer.
async fn one_to_each(tx: &Tx, claimed: Vec<Claimed>) -> Result<Vec<Claimed>, Error> {
    let mut met = HashSet::with_capacity(claimed.len());
    let is_first = |send: &Claimed| {
        !machine::one_at_a_time(send.service) || met.insert((send.account, send.service, send.openid.clone()))
    };
    let (first, rest): (Vec<_>, Vec<_>) = claimed.into_iter().partition(is_first);
    for send in &rest {
        put_back(tx, send).await?;
    }
    Ok(first)
}

async fn put_back(tx: &Tx, send: &Claimed) -> Result<(), Error> {
    let state = if send.doubt { "retrying" } else { "queued" };
    let query =
        sql("update sends set state = ?, attempts = attempts - 1 where tenant_id = ? and id = ? and state = 'sending'")
            .bind(state)
            .bind(send.tenant)
            .bind(send.id);
    tx.execute(query).await?;
    Ok(())
}

/// These wait until another instant: nothing of them was begun.
pub async fn put_off(tx: &Tx, sends: &[(Claimed, Millis)]) -> Result<(), Error> {
    for (send, until) in sends {
        let query =
            sql("update sends set state = 'queued', attempts = attempts - 1, due_at = ?, reason = 'quiet_hours'
             where tenant_id = ? and id = ? and state = 'sending'")
            .bind(*until)
            .bind(send.tenant)
            .bind(send.id);
        tx.execute(query).await?;
        let_try(tx, send).await?;
    }
    Ok(())
}

/// If this one was to try a gate, another may at once.
pub async fn let_try(tx: &Tx, send: &Claimed) -> Result<(), Error> {
    if send.tries_gate {
        gates::untried(tx, TenantId(send.tenant), send.account, send.service).await?;
    }
    Ok(())
}

/// Sends that a process began and cannot finish: it is gone. They may have been executed.
pub async fn abandoned(tx: &Tx, now: Millis, began_before: Millis, own: &str) -> Result<Vec<Claimed>, Error> {
    let query = sql("select tenant_id, id, account_id, customer_id, openid, service, message, campaign_id, purpose, rule_id, position, due_at, deadline_at, said_by,
           first_sending_at, sending_at, attempts
         from sends s
         where s.tenant_id is not null and s.state in ('sending', 'retrying') and s.state = 'sending' and s.holder <> ? and s.sending_at < ?
           and not exists (select 1 from leases l where l.name = 'node:' || s.holder and l.expires_at > ?)
         limit 500")
        .bind(own)
        .bind(began_before)
        .bind(now);
    taken(tx.all(query).await?, false, false)
}

/// Sends that this holder has begun and not settled.
pub async fn held_by(tx: &Tx, holder: &str) -> Result<Vec<Claimed>, Error> {
    let query = sql("select tenant_id, id, account_id, customer_id, openid, service, message, campaign_id, purpose, rule_id, position, due_at, deadline_at, said_by,
           first_sending_at, sending_at, attempts
         from sends where tenant_id is not null and state in ('sending', 'retrying') and state = 'sending' and holder = ? limit 500")
        .bind(holder);
    taken(tx.all(query).await?, false, false)
}

/// 128 bits as 26 letters and digits.
pub(crate) fn letters(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut number = bytes.iter().take(16).fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    let mut out = [0u8; 26];
    for place in out.iter_mut().rev() {
        *place = LETTERS[(number & 31) as usize];
        number >>= 5;
    }
    out.iter().map(|byte| char::from(*byte)).collect()
}
