//! The figures of the home page, kept for a while: counting ten million rows for each of a hundred consoles
//! would be paid for by the callbacks.

use std::{sync::Arc, time::Duration};

use entities::people;
use kit::{AccountId, Error, Millis, TenantId, Work};
use moka::sync::Cache;

use super::{
    days::{Day, QUARTER_MS, day_of, days_until},
    model::{Counts, TrendDay},
    store::{self, Quarter},
};

/// The figures of one tenant, or of one account of it, as of an instant.
#[derive(Debug, Clone)]
pub struct Figures {
    pub counts: Counts,
    pub trend: Vec<TrendDay>,
    at: Millis,
    good_for: Millis,
}

type Key = (TenantId, Option<AccountId>);

/// What was counted lately in this process.
pub struct Kept {
    figures: Cache<Key, Arc<Figures>>,
    past: Cache<(Key, Millis), Arc<Vec<Quarter>>>,
}

impl Default for Kept {
    fn default() -> Self {
        let past = Cache::builder().max_capacity(2_000).time_to_live(Duration::from_secs(600)).build();
        Self { figures: Cache::builder().max_capacity(2_000).build(), past }
    }
}

const DAYS: u64 = 30;
/// Figures are this fresh at least …
const SHORTEST_MS: Millis = 2_000;
/// … and counting takes at most this share of the time: figures that took a second are kept for twenty.
const SHARE: u32 = 20;

/// The figures, counted now or a moment ago.
pub async fn figures(work: &mut Work, account: Option<AccountId>) -> Result<Arc<Figures>, Error> {
    let kept = work.ctx().slot::<Kept>();
    let key = (work.tenant(), account);
    let now = work.now();
    if let Some(figures) = kept.figures.get(&key).filter(|figures| (0..figures.good_for).contains(&(now - figures.at)))
    {
        return Ok(figures);
    }
    let began = std::time::Instant::now();
    let mut figures = count(work, &kept, account).await?;
    figures.good_for = ((began.elapsed() * SHARE).as_millis() as Millis).max(SHORTEST_MS);
    let figures = Arc::new(figures);
    kept.figures.insert(key, figures.clone());
    Ok(figures)
}

async fn count(work: &mut Work, kept: &Kept, account: Option<AccountId>) -> Result<Figures, Error> {
    let zone = people::tenant(work).await?.time_zone.0;
    let now = work.now();
    let days = days_until(now, zone, DAYS);
    let (first, today) = (days[0].begins_at, days[days.len() - 1].begins_at);
    // What is over does not change any more, but for late arrivals.
    let past_key = ((work.tenant(), account), today);
    let past = match kept.past.get(&past_key) {
        Some(past) => past,
        None => {
            let past = Arc::new(store::quarters(work, account, first, today).await?);
            kept.past.insert(past_key, past.clone());
            past
        }
    };
    let current = store::quarters(work, account, today, Millis::MAX).await?;
    let trend = trend(&days, past.iter().chain(&current));
    let [.., yesterday, today] = trend.as_slice() else { return Err(Error::internal("a trend has two days at least")) };
    let counts = Counts {
        customers: store::customers(work, account).await?,
        following: store::fans(work, account).await? - store::fans_not_following(work, account).await?,
        new_today: today.new,
        lost_today: today.lost,
        new_yesterday: yesterday.new,
        lost_yesterday: yesterday.lost,
        messages_today: today.messages,
        unmatched: store::unmatched(work, account).await?,
    };
    Ok(Figures { counts, trend, at: now, good_for: 0 })
}

/// Quarters of an hour put together to days.
pub(super) fn trend<'a>(days: &[Day], quarters: impl Iterator<Item = &'a Quarter>) -> Vec<TrendDay> {
    let mut trend: Vec<TrendDay> =
        days.iter().map(|day| TrendDay { day: day.date.to_string(), new: 0, lost: 0, messages: 0 }).collect();
    for quarter in quarters {
        let Some(day) = day_of(days, quarter.quarter * QUARTER_MS).and_then(|day| trend.get_mut(day)) else { continue };
        match quarter.kind.as_str() {
            "follow" => day.new += quarter.times,
            "unfollow" => day.lost += quarter.times,
            _ => day.messages += quarter.times,
        }
    }
    trend
}
