//! What is compared, and what is kept of it.

use std::collections::HashMap;

use ::store::FromRow;
use entities::{broadcasts::PartState, messages::sends::SendState};
use kit::{BroadcastId, Bulk, Error, Millis, Work, sql};

use super::model::{Campaign, Checked, Fault, Kind, Parts};

/// The next by their ids, with their lines counted from the indexes alone. In one statement, so that no line goes from
/// one state to another meanwhile.
pub async fn campaigns(work: &mut Work, after: i64, limit: usize) -> Result<Vec<Campaign>, Error> {
    let open = [SendState::Queued, SendState::Held, SendState::Retrying];
    let settled = [SendState::Sent, SendState::Refused, SendState::Unknown, SendState::Cancelled];
    let query = sql("select c.id, c.account_id, c.accepted, c.filled_to is null as is_untouched, c.ended_at,
           (select count(*) from sends s where s.tenant_id = c.tenant_id and s.campaign_id = c.id and s.state <> 'sending' and s.state in ")
        .list(settled.map(SendState::as_str))
        .push(") as settled, (select count(*) from sends s where s.tenant_id = c.tenant_id and s.campaign_id = c.id and s.state <> 'sending' and s.state in ")
        .list(open.map(SendState::as_str))
        .push(") as open, (select count(*) from sends s where s.tenant_id = c.tenant_id and s.account_id = c.account_id
             and s.state in ('sending', 'retrying') and s.state = 'sending' and s.campaign_id = c.id) as under_way
         from campaigns c where c.tenant_id = ? and c.id > ? and c.started_at is not null order by c.id limit ?")
        .bind(work.tenant())
        .bind(after)
        .bind(limit as i64);
    work.all(query).await
}

/// The next by their ids, of those that have begun.
pub async fn broadcasts(work: &mut Work, after: i64, limit: usize) -> Result<Vec<BroadcastId>, Error> {
    let query =
        sql("select id from broadcasts where tenant_id = ? and id > ? and started_at is not null order by id limit ?")
            .bind(work.tenant())
            .bind(after)
            .bind(limit as i64);
    Ok(work.scalars::<i64>(query).await?.into_iter().map(BroadcastId).collect())
}

/// Summed up for each of these; one without parts is absent.
pub async fn parts(work: &mut Work, ids: &[BroadcastId]) -> Result<Vec<Parts>, Error> {
    let known = PartState::ALL.iter().map(|state| state.as_str());
    let query = sql("select broadcast_id,
           cast(sum(case when phase = 1 and resent_as is null then fans else 0 end) as bigint) as first,
           cast(sum(case when state in ('queued', 'sending', 'retrying') then 1 else 0 end) as bigint) as open,
           cast(sum(coalesce(total, 0)) as bigint) as reached,
           cast(sum(coalesce(filtered, 0) + coalesce(sent, 0)) as bigint) as reported
         from broadcast_parts where tenant_id = ? and broadcast_id in ")
    .bind(work.tenant())
    .list(ids.iter().copied())
    .push(" and state in ")
    .list(known)
    .push(" group by broadcast_id");
    work.all(query).await
}

/// What did not add up before, with when that was found.
pub async fn known(work: &mut Work) -> Result<HashMap<(Kind, i64), Millis>, Error> {
    #[derive(FromRow)]
    struct Row {
        kind: String,
        thing_id: i64,
        since: i64,
    }
    let query = sql("select kind, thing_id, since from conservation_faults where tenant_id = ?").bind(work.tenant());
    let rows: Vec<Row> = work.all(query).await?;
    rows.into_iter()
        .map(|row| {
            let kind = Kind::parse(&row.kind)
                .ok_or_else(|| Error::broken("conservation_faults", row.thing_id, "unknown kind"))?;
            Ok(((kind, row.thing_id), row.since))
        })
        .collect()
}

/// From now on it is these that do not add up.
pub async fn replace(work: &mut Work, faults: &[Fault], known: &HashMap<(Kind, i64), Millis>) -> Result<(), Error> {
    forget(work).await?;
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into(
        "conservation_faults",
        &["tenant_id", "account_id", "kind", "thing_id", "problem", "accepted", "found", "since"],
    );
    bulk.reserve(faults.len());
    for Fault { thing, account, problem, accepted, found } in faults {
        bulk.row([
            tenant.into(),
            (*account).into(),
            thing.0.as_str().into(),
            thing.1.into(),
            problem.as_str().into(),
            (*accepted).into(),
            (*found).into(),
            known.get(thing).copied().unwrap_or(now).into(),
        ]);
    }
    work.bulk(bulk).await?;
    Ok(())
}

async fn forget(work: &mut Work) -> Result<(), Error> {
    work.execute(sql("delete from conservation_faults where tenant_id = ?").bind(work.tenant())).await?;
    Ok(())
}

/// So many were compared now.
pub async fn note(work: &mut Work, campaigns: usize, broadcasts: usize) -> Result<(), Error> {
    let query = sql("insert into conservation_checks (tenant_id, checked_at, campaigns, broadcasts) values (?, ?, ?, ?)
         on conflict (tenant_id) do update set checked_at = excluded.checked_at, campaigns = excluded.campaigns, broadcasts = excluded.broadcasts")
        .bind(work.tenant())
        .bind(work.now())
        .bind(campaigns as i64)
        .bind(broadcasts as i64);
    work.execute(query).await?;
    Ok(())
}

/// What came of the last comparison; none before the first.
pub async fn last(work: &mut Work) -> Result<Option<Checked>, Error> {
    let query = sql("select checked_at, campaigns, broadcasts,
           (select count(*) from conservation_faults f where f.tenant_id = c.tenant_id) as faults
         from conservation_checks c where tenant_id = ?")
    .bind(work.tenant());
    work.one(query).await
}
