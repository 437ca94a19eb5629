//! Counting, behind the callbacks: each batch leaves a note of who scanned and who left, and the notes are added up
//! here, many at a time, so that batches written side by side never wait for each other's counters.
//!
//! A note is written with its batch and taken away with what it adds, so a crash counts nothing twice and loses nothing.

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;
use entities::{
    fans::{self, FanStatus},
    people,
};
use kit::{AccountId, Ctx, Error, Millis, QrcodeId, TenantId, Work};
use serde::{Deserialize, Serialize};

use super::{
    counts::{self, Added, Follow},
    decide,
};

/// What a batch of one account has to add.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Note {
    pub scans: Vec<Scan>,
    pub left: Vec<Left>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Scan {
    pub code: QrcodeId,
    pub openid: String,
    pub at: Millis,
    /// They followed by it.
    pub follow: bool,
    /// For the first time.
    pub first: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Left {
    pub openid: String,
    pub at: Millis,
}

const MOST: u64 = 200;

/// Leaves a note.
pub async fn leave(work: &mut Work, account: AccountId, note: &Note) -> Result<(), Error> {
    if note.scans.is_empty() && note.left.is_empty() {
        return Ok(());
    }
    counts::leave_note(work, account, &serde_json::to_string(note).map_err(Error::internal)?).await
}

/// Adds up the notes of every tenant. How many there were.
pub async fn add_up(ctx: &Ctx) -> Result<u64, Error> {
    let mut taken = 0;
    for tenant in counts::tenants_with_notes(ctx).await? {
        loop {
            let notes = add_up_some(ctx, tenant).await?;
            taken += notes;
            if notes < MOST {
                break;
            }
        }
    }
    Ok(taken)
}

/// The days and sums that some notes come to.
#[derive(Default)]
struct Sums {
    days: BTreeMap<(QrcodeId, String), (AccountId, Added)>,
    codes: BTreeMap<QrcodeId, (Added, Option<Millis>)>,
}

impl Sums {
    fn add(&mut self, account: AccountId, code: QrcodeId, day: &str, add: impl Fn(&mut Added)) {
        add(&mut self.days.entry((code, day.to_owned())).or_insert((account, Added::default())).1);
        add(&mut self.codes.entry(code).or_default().0);
    }
}

async fn add_up_some(ctx: &Ctx, tenant: TenantId) -> Result<u64, Error> {
    let mut work = Work::begin(ctx, tenant);
    let rows = counts::take_notes(&mut work, MOST).await?;
    let zone = people::tenant(&mut work).await?.time_zone.0;
    let mut notes: BTreeMap<AccountId, Note> = BTreeMap::new();
    for row in &rows {
        let note: Note =
            serde_json::from_str(&row.body).map_err(|error| Error::broken("qrcode_notes", row.id, error))?;
        let all = notes.entry(AccountId(row.account_id)).or_default();
        all.scans.extend(note.scans);
        all.left.extend(note.left);
    }
    let mut sums = Sums::default();
    for (account, note) in notes {
        count(&mut work, account, note, zone, &mut sums).await?;
    }
    counts::add_days(&mut work, &sums.days).await?;
    for (code, (added, last)) in &sums.codes {
        counts::add_sums(&mut work, *code, added, *last).await?;
    }
    work.commit().await?;
    Ok(rows.len() as u64)
}

async fn count(work: &mut Work, account: AccountId, note: Note, zone: Tz, sums: &mut Sums) -> Result<(), Error> {
    let mut follows = Vec::new();
    for scan in &note.scans {
        let day = decide::day_of(scan.at, zone).to_string();
        sums.add(account, scan.code, &day, |added| {
            added.scans += 1;
            added.follows += i64::from(scan.follow);
            added.firsts += i64::from(scan.first);
        });
        let last = &mut sums.codes.entry(scan.code).or_default().1;
        *last = (*last).max(Some(scan.at));
        if scan.follow {
            follows.push(Follow { account, openid: scan.openid.clone(), at: scan.at, code: scan.code, day });
        }
    }
    counts::keep_follows(work, &follows).await?;
    let mut left = note.left;
    left.extend(left_already(work, account, &follows).await?);
    left.sort_by(|one, other| (one.at, &one.openid).cmp(&(other.at, &other.openid)));
    for Left { openid, at } in left {
        for ended in counts::end_follow(work, account, &openid, at).await? {
            let code = QrcodeId(ended.qrcode_id);
            sums.add(account, code, &decide::day_of(at, zone).to_string(), |added| added.lost += 1);
            let gone = decide::gone_within(ended.followed_at, at).map(i64::from);
            sums.add(account, code, &ended.day, |added| {
                added.gone.iter_mut().zip(gone).for_each(|(sum, gone)| *sum += gone);
            });
        }
    }
    Ok(())
}

/// A follow that WeChat told late: the unfollow after it may have been counted before it was there.
async fn left_already(work: &mut Work, account: AccountId, follows: &[Follow]) -> Result<Vec<Left>, Error> {
    if follows.is_empty() {
        return Ok(Vec::new());
    }
    let followed: HashMap<&str, Millis> = follows.iter().map(|follow| (follow.openid.as_str(), follow.at)).collect();
    let openids: Vec<&str> = followed.keys().copied().collect();
    let fans = fans::find_many(work, account, &openids).await?;
    let gone = |fan: &fans::Fan| {
        fan.status == FanStatus::Left && followed.get(fan.openid.as_str()).is_some_and(|at| fan.status_at >= *at)
    };
    Ok(fans.into_iter().filter(gone).map(|fan| Left { openid: fan.openid, at: fan.status_at }).collect())
}
