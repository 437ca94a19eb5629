//! What adds up and what does not. Pure.

use entities::broadcasts::{Broadcast, BroadcastState};
use kit::{AccountId, Millis};

use super::model::{Campaign, Fault, Kind, Parts, Problem};

/// What is over has nothing open any more after so long: what may be repeated is, for WeChat's 24 hours at most.
pub const OVER_MS: Millis = 25 * 3600 * 1000;

/// Every line that was put in line stands in one of the states.
pub fn of_campaign(campaign: &Campaign, now: Millis) -> Option<Fault> {
    let found = campaign.settled + campaign.open + campaign.under_way;
    let open = campaign.open + campaign.under_way;
    // Of an audience of nobody nothing was ever put in line.
    let accepted = campaign.accepted.or(campaign.is_untouched.then_some(0));
    let (problem, accepted, found) = match accepted {
        Some(accepted) if found < accepted => (Problem::Missing, accepted, found),
        Some(accepted) if found > accepted => (Problem::TooMany, accepted, found),
        _ if open > 0 && is_long_over(campaign.ended_at, now) => (Problem::StillOpen, 0, open),
        _ => return None,
    };
    let account = AccountId(campaign.account_id);
    Some(Fault { thing: (Kind::Campaign, campaign.id), account, problem, accepted, found })
}

/// Everybody a broadcast was for is in one of its parts, held out, or left for the winner.
pub fn of_broadcast(broadcast: &Broadcast, parts: &Parts, now: Millis) -> Option<Fault> {
    let found = parts.first + broadcast.held_out;
    let is_filled = broadcast.phase > 1 || broadcast.filled_at.is_some();
    let is_over = matches!(broadcast.state, BroadcastState::Done | BroadcastState::Stopped);
    let (problem, accepted, found) = if is_filled && found > broadcast.fans {
        (Problem::TooMany, broadcast.fans, found)
    } else if is_filled && found < broadcast.fans && !broadcast.has_rest() {
        (Problem::Missing, broadcast.fans, found)
    } else if is_over && parts.open > 0 && is_long_over(broadcast.ended_at, now) {
        (Problem::StillOpen, 0, parts.open)
    } else if parts.reported > parts.reached {
        (Problem::Reports, parts.reached, parts.reported)
    } else {
        return None;
    };
    Some(Fault { thing: (Kind::Broadcast, broadcast.id.0), account: broadcast.account, problem, accepted, found })
}

fn is_long_over(ended_at: Option<Millis>, now: Millis) -> bool {
    ended_at.is_some_and(|at| at < now - OVER_MS)
}
