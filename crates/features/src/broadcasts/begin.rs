//! A person writes a broadcast, lets it begin, agrees to it, or stops it.

use entities::{
    accounts,
    broadcasts::{self, Broadcast, BroadcastState, NewBroadcast},
    campaigns::Audience,
};
use kit::{BroadcastId, Error, Work, http::Faults};
use serde_json::json;

use super::{
    check,
    model::{BroadcastBody, BroadcastName, StartBody},
    view,
};

const MOST_VARIANTS: usize = 4;
const MOST_CHOSEN: usize = 10_000;
const MOST_TAGS: usize = 50;

/// A body in its shape. It may be incomplete; what is missing is said by the check.
pub async fn parse(work: &mut Work, body: BroadcastBody) -> Result<NewBroadcast, Error> {
    let mut faults = Faults::default();
    let name = faults.take("name", "length", BroadcastName::try_from(body.name));
    if !(1..=MOST_VARIANTS).contains(&body.contents.len()) {
        faults.add("contents", "count", "there must be 1 to 4 contents");
    }
    if let Some(trial) = body.test {
        let is_good =
            (1..=50).contains(&trial.share) && (0..=50).contains(&trial.hold_out) && (1..=168).contains(&trial.hours);
        if !is_good {
            faults.add("test", "range", "share is 1 to 50, hold_out 0 to 50 and hours 1 to 168");
        }
    }
    let chosen = match &body.audience {
        Audience::All => 0,
        Audience::Tags { tag_ids } => tag_ids.len() * (MOST_CHOSEN / MOST_TAGS),
        Audience::Customers { customer_ids } => customer_ids.len(),
        Audience::Openids { openids } => openids.len(),
    };
    if chosen > MOST_CHOSEN {
        faults.add("audience", "count", "at most 50 tags, or 10,000 customers or openids, can be chosen");
    }
    faults.check()?;
    let account = accounts::find(work, body.account_id).await?;
    let by = work.caller().map_or_else(String::new, |caller| caller.name().to_owned());
    Ok(NewBroadcast {
        account: account.id,
        name: name.map(BroadcastName::into_string).unwrap_or_default(),
        contents: body.contents,
        trial: body.test,
        audience: body.audience,
        ignore_reprint: body.ignore_reprint,
        on_quota: body.on_quota,
        by,
    })
}

pub fn conflict(code: &'static str, detail: &str, broadcast: &Broadcast) -> Error {
    let params = json!({ "state": broadcast.state, "version": broadcast.version });
    Error::Conflict { code, detail: detail.into(), params }
}

/// How many more or fewer make it another audience: two percent, and never fewer than five.
fn is_other(seen: i64, now: i64) -> bool {
    (seen - now).abs() > (seen / 50).max(5)
}

/// Lets it begin, now or at its time; or asks a second person first.
pub async fn start(work: &mut Work, id: BroadcastId, body: &StartBody) -> Result<(), Error> {
    let broadcast = broadcasts::lock(work, id).await?;
    let (by, actor) = view::actor(work).await?;
    let who = (by.as_str(), actor.as_str());
    if broadcast.state == BroadcastState::Held {
        accounts::find(work, broadcast.account).await?.may(accounts::Function::Broadcast)?;
        broadcasts::restart(work, id, who).await?;
        broadcasts::tell(work, broadcast.account, id);
        return Ok(());
    }
    if !matches!(broadcast.state, BroadcastState::Draft | BroadcastState::Missed) {
        return Err(conflict("broadcast_not_draft", "it has begun, waits, or is over", &broadcast));
    }
    let check = check::check(work, &broadcast, body.at).await?;
    if !check.can_start {
        return Err(Error::Conflict {
            code: "broadcast_not_ready",
            detail: "the check found what has to be put right first".into(),
            params: json!({ "findings": check.findings }),
        });
    }
    if is_other(body.fans, check.fans) {
        return Err(Error::Conflict {
            code: "audience_changed",
            detail: format!("it would go to {} fans, not {}", check.fans, body.fans),
            params: json!({ "fans": check.fans }),
        });
    }
    if check.needs_approval {
        broadcasts::wait_for_approval(work, id, body.at, check.fans, who).await?;
    } else {
        let at = body.at.unwrap_or(work.now());
        broadcasts::schedule(work, id, at, check.fans, who).await?;
    }
    broadcasts::tell(work, broadcast.account, id);
    Ok(())
}

/// The second person agrees.
pub async fn approve(work: &mut Work, id: BroadcastId) -> Result<(), Error> {
    let broadcast = broadcasts::lock(work, id).await?;
    if broadcast.state != BroadcastState::AwaitingApproval {
        return Err(conflict("broadcast_not_waiting", "it does not wait for anybody to agree", &broadcast));
    }
    if !view::may_approve(&broadcast, work.caller()) {
        return Err(conflict("approval_by_another", "another person than who started it has to agree", &broadcast));
    }
    let by = work.caller().map_or_else(String::new, |caller| caller.name().to_owned());
    broadcasts::approve(work, id, &by).await?;
    broadcasts::tell(work, broadcast.account, id);
    tracing::info!(broadcast.id = id.0, by, "a second person agreed to a broadcast");
    Ok(())
}

/// Nothing more of it is begun (P6).
pub async fn stop(work: &mut Work, id: BroadcastId) -> Result<(), Error> {
    let broadcast = broadcasts::lock(work, id).await?;
    let by = work.caller().map_or_else(String::new, |caller| caller.name().to_owned());
    if !broadcasts::stop(work, id, "stopped", &by).await? {
        return Err(conflict("broadcast_over", "it is over, or has not begun", &broadcast));
    }
    broadcasts::tell(work, broadcast.account, id);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_another_one_when_it_differs_by_more_than_people_come_and_go() {
        assert!(!is_other(3, 8) && is_other(3, 9));
        assert!(!is_other(10_000, 10_200) && is_other(10_000, 9_799));
    }
}
