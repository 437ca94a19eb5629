//! From an audience to parts. What goes by lists is read without a lock, then written in one transaction: nobody is left
//! out and nobody stands in two parts. The store of it.

use std::collections::HashSet;

use kit::{AccountId, BroadcastId, BroadcastPartId, Ctx, Error, Millis, TagId, TenantId, Work, sql};
use sha2::{Digest, Sha256};

use super::{Broadcast, BroadcastState, Part, PartState, Trial, Way, parts, unwanted};
use crate::{
    campaigns::{Audience, within},
    tags,
};

/// WeChat takes so many openids in one call, and no fewer.
pub const MOST: usize = 10_000;
pub const FEWEST: usize = 2;
/// Read at once.
const PAGE: usize = 20_000;

/// By which calls an audience is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    All,
    /// WeChat's tag, and ours.
    Tag(i64, TagId),
    Lists,
}

impl Plan {
    pub fn way(self) -> Way {
        match self {
            Self::All => Way::All,
            Self::Tag(..) => Way::Tag,
            Self::Lists => Way::List,
        }
    }
}

/// A trial always goes by lists, for WeChat cannot halve a tag.
pub async fn plan(
    work: &mut Work,
    account: AccountId,
    audience: &Audience,
    trial: Option<Trial>,
) -> Result<Plan, Error> {
    Ok(match (audience, trial) {
        (Audience::All, None) => Plan::All,
        (Audience::Tags { tag_ids }, None) if tag_ids.len() == 1 => {
            let links = tags::links(work, account).await?;
            let link = links.into_iter().find(|(_, tag)| *tag == tag_ids[0]);
            link.map_or(Plan::Lists, |(wechat_id, tag)| Plan::Tag(wechat_id, tag))
        }
        _ => Plan::Lists,
    })
}

/// What becomes of a fan in a trial. The same whenever one asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lot {
    Variant(i64),
    HeldOut,
    /// They get the winner.
    Rest,
}

pub fn lot(broadcast: BroadcastId, trial: Trial, variants: usize, openid: &str) -> Lot {
    let hash = Sha256::digest(format!("hongyan trial {broadcast}/{openid}").as_bytes());
    let drawn = i64::from(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) % 10_000);
    let variants = variants as i64;
    let tried = trial.share * 100 * variants;
    if drawn < tried {
        Lot::Variant(drawn / (trial.share * 100))
    } else if drawn < tried + trial.hold_out * 100 {
        Lot::HeldOut
    } else if trial.takes_all(variants as usize) && trial.hold_out == 0 {
        // 33 percent three times leave one over: it is the last variant's.
        Lot::Variant(variants - 1)
    } else {
        Lot::Rest
    }
}

/// Openids, a line each, cut as WeChat takes them: one is never left alone, unless there is only one.
pub fn cut(openids: &[&str]) -> Vec<String> {
    let mut lists = Vec::new();
    let mut rest = openids;
    while !rest.is_empty() {
        let most = if rest.len() == MOST + 1 { MOST - 1 } else { MOST };
        let (some, left) = rest.split_at(rest.len().min(most));
        lists.push(some.join("\n"));
        rest = left;
    }
    lists
}

/// How many calls lists of so many take.
pub fn calls(fans: i64) -> i64 {
    (fans + MOST as i64 - 1) / MOST as i64
}

/// Everybody of the audience who follows and has not said that they want no broadcasts, in order.
async fn openids(ctx: &Ctx, tenant: TenantId, broadcast: &Broadcast) -> Result<String, Error> {
    let mut work = Work::reading(ctx, tenant);
    let unwanted: HashSet<String> = unwanted::openids(&mut work, broadcast.account).await?.into_iter().collect();
    let (mut all, mut after) = (String::new(), String::new());
    loop {
        let query = sql("select f.openid from fans f where f.tenant_id = ? and f.account_id = ? and f.openid > ? and f.status = 'following'")
            .bind(tenant)
            .bind(broadcast.account)
            .bind(after.as_str());
        let query = within(query, &broadcast.audience).push(" order by f.openid limit ?").bind(PAGE as i64);
        let page: Vec<String> = work.scalars(query).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after.clone_from(last);
        for openid in page.into_iter().filter(|openid| !unwanted.contains(openid)) {
            all.push_str(&openid);
            all.push('\n');
        }
    }
}

/// A part before it is one.
struct NewPart {
    variant: Option<i64>,
    plan: Plan,
    fans: i64,
    openids: Option<String>,
}

/// Makes the parts of a broadcast that runs and has none in this phase. False when somebody else did.
pub async fn fill(ctx: &Ctx, tenant: TenantId, id: BroadcastId) -> Result<bool, Error> {
    let mut look = Work::reading(ctx, tenant);
    let broadcast = super::find(&mut look, id).await?;
    if broadcast.state != BroadcastState::Running || broadcast.filled_at.is_some() {
        return Ok(false);
    }
    let plan = plan(&mut look, broadcast.account, &broadcast.audience, broadcast.trial).await?;
    let mut held_out = broadcast.held_out;
    let mut fans = broadcast.fans;
    let new = if plan == Plan::Lists {
        drop(look);
        let text = openids(ctx, tenant, &broadcast).await?;
        let (lists, left_out) = lists(&broadcast, &text);
        if broadcast.phase == 1 {
            (held_out, fans) = (left_out, text.lines().count() as i64);
        }
        lists
    } else {
        fans = super::month::following(&mut look, broadcast.account, &broadcast.audience).await?;
        vec![NewPart { variant: None, plan, fans, openids: None }]
    };
    let mut work = Work::begin(ctx, tenant);
    let now = super::lock(&mut work, id).await?;
    if now.state != BroadcastState::Running || now.filled_at.is_some() || now.phase != broadcast.phase {
        return Ok(false);
    }
    let mut position = parts::of(&mut work, id).await?.len() as i64;
    for part in new {
        add(&mut work, &broadcast, part, position).await?;
        position += 1;
    }
    let query = sql("update broadcasts set filled_at = ?, held_out = ?, fans = ?, version = version + 1 where tenant_id = ? and id = ?")
        .bind(work.now())
        .bind(held_out)
        .bind(fans)
        .bind(tenant)
        .bind(id);
    work.execute(query).await?;
    super::tell(&mut work, broadcast.account, id);
    work.commit().await?;
    Ok(true)
}

/// The lists of this phase, and how many get nothing.
fn lists(broadcast: &Broadcast, text: &str) -> (Vec<NewPart>, i64) {
    let new = |variant: Option<i64>, list: String| NewPart {
        variant,
        plan: Plan::Lists,
        fans: list.lines().count() as i64,
        openids: Some(list),
    };
    let Some(trial) = broadcast.trial else {
        let all: Vec<&str> = text.lines().collect();
        return (cut(&all).into_iter().map(|list| new(None, list)).collect(), 0);
    };
    let variants = broadcast.contents.len();
    let (mut tried, mut rest, mut held_out) = (vec![Vec::new(); variants], Vec::new(), 0);
    for openid in text.lines() {
        match lot(broadcast.id, trial, variants, openid) {
            Lot::Variant(n) => tried[usize::try_from(n).unwrap_or(0)].push(openid),
            Lot::HeldOut => held_out += 1,
            Lot::Rest => rest.push(openid),
        }
    }
    let parts = if broadcast.phase == 1 {
        let of = |(n, openids): (usize, Vec<&str>)| {
            cut(&openids).into_iter().map(move |list| new(Some(n as i64), list)).collect::<Vec<_>>()
        };
        tried.into_iter().enumerate().flat_map(of).collect()
    } else {
        cut(&rest).into_iter().map(|list| new(broadcast.winner, list)).collect()
    };
    (parts, held_out)
}

/// The id under which WeChat knows a part: 26 letters of a 128-bit hash, the same for every attempt.
fn clientmsgid(tenant: TenantId, account: AccountId, broadcast: BroadcastId, part: BroadcastPartId) -> String {
    let text = format!("hongyan broadcast {tenant}/{account}/{broadcast}/{part}");
    crate::messages::claim::letters(&Sha256::digest(text.as_bytes())[..16])
}

async fn add(work: &mut Work, broadcast: &Broadcast, new: NewPart, position: i64) -> Result<BroadcastPartId, Error> {
    let id = BroadcastPartId(work.new_id());
    let (wechat_tag, tag) = match new.plan {
        Plan::Tag(wechat_tag, tag) => (Some(wechat_tag), Some(tag.0)),
        Plan::All | Plan::Lists => (None, None),
    };
    // WeChat takes no list of one.
    let alone = new.plan == Plan::Lists && new.fans < FEWEST as i64;
    let (state, reason) = if alone { (PartState::Refused, Some("too_few")) } else { (PartState::Queued, None) };
    let now: Millis = work.now();
    let query = sql("insert into broadcast_parts (tenant_id, id, broadcast_id, account_id, position, phase, variant, way, wechat_tag, tag_id, fans, clientmsgid, state, reason, attempts, due_at, finished_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)")
        .bind(work.tenant())
        .bind(id)
        .bind(broadcast.id)
        .bind(broadcast.account)
        .bind(position)
        .bind(broadcast.phase)
        .bind(new.variant)
        .bind(new.plan.way().as_str())
        .bind(wechat_tag)
        .bind(tag)
        .bind(new.fans)
        .bind(clientmsgid(work.tenant(), broadcast.account, broadcast.id, id))
        .bind(state.as_str())
        .bind(reason)
        .bind(now)
        .bind(alone.then_some(now));
    work.execute(query).await?;
    if let Some(openids) = new.openids {
        let query = sql("insert into broadcast_lists (tenant_id, part_id, openids) values (?, ?, ?)")
            .bind(work.tenant())
            .bind(id)
            .bind(openids);
        work.execute(query).await?;
    }
    Ok(id)
}

/// A part in doubt is said again by a new one, whose id WeChat has never seen. The broadcast runs again.
pub async fn again(work: &mut Work, broadcast: &Broadcast, part: &Part) -> Result<BroadcastPartId, Error> {
    let openids = match part.way {
        Way::List => Some(parts::openids(work, part.id).await?.join("\n")),
        Way::All | Way::Tag => None,
    };
    let plan = match (part.way, part.wechat_tag, part.tag) {
        (Way::All, ..) => Plan::All,
        (Way::Tag, Some(wechat_tag), Some(tag)) => Plan::Tag(wechat_tag, tag),
        _ => Plan::Lists,
    };
    let position = parts::of(work, broadcast.id).await?.len() as i64;
    let new = NewPart { variant: part.variant, plan, fans: part.fans, openids };
    let id = add(work, broadcast, new, position).await?;
    let query = sql("update broadcasts set state = 'running', ended_at = null, reason = null, version = version + 1 where tenant_id = ? and id = ? and state in ('running', 'testing', 'done', 'stopped')")
        .bind(work.tenant())
        .bind(broadcast.id);
    work.execute(query).await?;
    super::tell(work, broadcast.account, broadcast.id);
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broadcasts::Criterion;

    #[test]
    fn no_list_is_too_long_and_none_has_one_alone() {
        for count in [0, 1, 2, 9_999, 10_000, 10_001, 10_002, 20_001, 25_000] {
            let names: Vec<String> = (0..count).map(|n| format!("o{n}")).collect();
            let openids: Vec<&str> = names.iter().map(String::as_str).collect();
            let lists = cut(&openids);
            let all: Vec<&str> = lists.iter().flat_map(|list| list.lines()).collect();
            assert_eq!(all, openids);
            assert!(lists.iter().all(|list| (2..=10_000).contains(&list.lines().count()) || count == 1), "{count}");
            assert_eq!(lists.len() as i64, calls(count), "{count}");
        }
    }

    #[test]
    fn a_trial_draws_the_same_lot_for_a_fan_whenever_it_asks_and_shares_are_as_said() {
        let trial = Trial { share: 20, hold_out: 10, hours: 4, by: Criterion::Replies };
        let mut of = [0i32; 4];
        for n in 0..10_000 {
            let openid = format!("o{n}");
            let drawn = lot(BroadcastId(5), trial, 2, &openid);
            assert_eq!(drawn, lot(BroadcastId(5), trial, 2, &openid));
            match drawn {
                Lot::Variant(n) => of[usize::try_from(n).unwrap()] += 1,
                Lot::HeldOut => of[2] += 1,
                Lot::Rest => of[3] += 1,
            }
        }
        for (n, wanted) in of.into_iter().zip([2000, 2000, 1000, 5000]) {
            assert!((n - wanted).abs() < 200, "{of:?}");
        }
    }
}
