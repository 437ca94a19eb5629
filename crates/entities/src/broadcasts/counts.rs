//! How broadcasts stand, summed up over their parts. The store of that.

use std::collections::HashMap;

use kit::{BroadcastId, Error, Work, sql};
use store::FromRow;

use super::{Broadcast, BroadcastState, Counts, PartState, model::Sums};

/// How these stand, in fans: counted from the parts, and from nothing else (P3).
pub async fn count(work: &mut Work, broadcasts: &[&Broadcast]) -> Result<HashMap<BroadcastId, Counts>, Error> {
    #[derive(FromRow)]
    struct Sum {
        broadcast_id: i64,
        state: String,
        resent: bool,
        phase: i64,
        fans: i64,
        own: i64,
        total: i64,
        filtered: i64,
        sent: i64,
    }
    let query = sql("select broadcast_id, state, resent_as is not null as resent, phase, cast(sum(fans) as bigint) as own,
           cast(sum(case when total is null then fans else 0 end) as bigint) as fans, cast(sum(coalesce(total, 0)) as bigint) as total,
           cast(sum(coalesce(filtered, 0)) as bigint) as filtered, cast(sum(coalesce(sent, 0)) as bigint) as sent
         from broadcast_parts where tenant_id = ? and broadcast_id in ")
        .bind(work.tenant())
        .list(broadcasts.iter().map(|broadcast| broadcast.id))
        .push(" group by broadcast_id, state, resent_as is not null, phase");
    let sums: Vec<Sum> = work.all(query).await?;
    let mut counts: HashMap<BroadcastId, Counts> = HashMap::new();
    let mut first: HashMap<BroadcastId, i64> = HashMap::new();
    for sum in sums {
        let id = BroadcastId(sum.broadcast_id);
        let state = PartState::parse(&sum.state)
            .ok_or_else(|| Error::broken("broadcast_parts", sum.broadcast_id, "unknown state"))?;
        let of = Sums {
            state,
            resent: sum.resent,
            fans: sum.fans,
            total: sum.total,
            filtered: sum.filtered,
            sent: sum.sent,
        };
        *counts.entry(id).or_default() += of.counts();
        if sum.phase == 1 && !sum.resent {
            *first.entry(id).or_default() += sum.own;
        }
    }
    for broadcast in broadcasts {
        let has_parts = counts.contains_key(&broadcast.id);
        let counts = counts.entry(broadcast.id).or_default();
        let tried = first.get(&broadcast.id).copied().unwrap_or(0);
        // Of whom there are no parts: all before it has begun; of a trial, those who get the winner.
        let rest = match (has_parts, broadcast.phase) {
            (false, _) => broadcast.fans,
            (true, 1) if broadcast.has_rest() => (broadcast.fans - broadcast.held_out - tried).max(0),
            (true, 2) if broadcast.filled_at.is_none() => (broadcast.fans - broadcast.held_out - tried).max(0),
            _ => 0,
        };
        counts.fans += rest;
        match broadcast.state {
            BroadcastState::Stopped => counts.cancelled += rest,
            _ => counts.waiting += rest,
        }
        if has_parts {
            counts.held_out += broadcast.held_out;
            counts.fans += broadcast.held_out;
        }
    }
    Ok(counts)
}
