//! Broadcasts of an account: the jobs, whom each reached, and who has had how many this month.
//!
//! A broadcast is kept once, with the crowd that got it; chats weave it in when they are looked at.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends.html>

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::chat::ChatItem;
use super::crowd::Crowd;
use super::{Account, World};
use crate::clock::{HOUR, MINUTE, SECOND, day, month};

/// A fan gets so many broadcasts of a service account in a month.
pub(crate) const A_MONTH: usize = 4;
/// An administrator has so long to confirm.
pub(crate) const CONFIRM_MS: i64 = 30 * MINUTE;
/// Repetitions are recognised for so long.
pub(crate) const REMEMBERED_MS: i64 = 24 * HOUR;
/// The least a broadcast takes.
const LEAST_MS: i64 = 2 * SECOND;

/// What the originality check finds in the articles of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Originality {
    #[default]
    Original,
    /// A reprint of an article that may be reprinted.
    Reprint,
    /// A reprint of one that may not.
    Forbidden,
    /// The check itself fails.
    Error,
}

/// How an account's broadcasts go.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MassSettings {
    /// "API broadcast protection": a broadcast to all waits until an administrator confirms it.
    pub protection: bool,
    /// The owner has accepted the protocol of broadcasts in the console; without it: 48003.
    pub protocol_agreed: bool,
    /// 0 to 4, as the API sets it.
    pub speed: u8,
    /// How long a clientmsgid may be: 64 as documented, or 32 as observed.
    pub clientmsgid_bytes: usize,
    pub originality: Originality,
    /// Which articles the check is about, from 1.
    pub checked_articles: Vec<u32>,
    /// How the next broadcast ends, though nothing is wrong with it: `send fail`, or `err(10001)` and the like.
    pub next_status: Option<String>,
    /// The next broadcast is taken but answered 45065 or 45066, as has been observed with large audiences.
    pub next_answer: Option<i64>,
    /// How long a broadcast takes; without it 2 s, and longer the more fans and the slower the speed.
    pub delay_ms: Option<i64>,
}

impl Default for MassSettings {
    fn default() -> Self {
        Self {
            protection: false,
            protocol_agreed: true,
            speed: 0,
            clientmsgid_bytes: 64,
            originality: Originality::Original,
            checked_articles: vec![1],
            next_status: None,
            next_answer: None,
            delay_ms: None,
        }
    }
}

impl MassSettings {
    /// Ten thousand fans a minute.
    pub fn realspeed(&self) -> u32 {
        [80, 60, 45, 30, 10].get(usize::from(self.speed)).copied().unwrap_or(80)
    }

    /// How long it takes to send to so many.
    pub fn takes_ms(&self, people: u64) -> i64 {
        let a_minute = u64::from(self.realspeed()) * 10_000;
        let long = i64::try_from(people.saturating_mul(60_000) / a_minute).unwrap_or(i64::MAX / 4);
        self.delay_ms.unwrap_or(LEAST_MS + long)
    }
}

/// Whom a broadcast is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Audience {
    All,
    Tag(u32),
    List(Crowd),
}

/// How a broadcast stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MassState {
    /// For an administrator to confirm it.
    Waiting,
    #[default]
    Sending,
    Success,
    Failed,
    Deleted,
}

/// How many a broadcast was for, how many were left after filtering, and how many got it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MassCounts {
    pub total: u64,
    pub filter: u64,
    pub sent: u64,
    pub error: u64,
}

/// An article of a broadcast, as far as its card shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Card {
    pub title: String,
    pub digest: String,
    pub cover_url: String,
    pub url: String,
    pub deleted: bool,
}

/// What the originality check said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Check {
    /// Articles it found, from 1.
    pub found: Vec<u32>,
    pub can_reprint: bool,
    /// 0 not checked, 1 no reprint, 2 a reprint that may be sent, 3 one that may not.
    pub state: u8,
}

/// One broadcast.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Mass {
    pub msg_id: u64,
    pub msg_data_id: Option<u64>,
    /// The clientmsgid, or what WeChat made of audience and content in its place.
    pub key: String,
    pub clientmsgid: Option<String>,
    pub audience: Audience,
    pub msgtype: String,
    /// The media_id of what is sent; empty for texts.
    pub material: String,
    /// As it stands in a chat.
    pub item: ChatItem,
    pub cards: Vec<Card>,
    pub ignore_reprint: bool,
    pub at_ms: i64,
    /// When the same key was last tried.
    pub asked_ms: i64,
    pub due_ms: i64,
    pub state: MassState,
    /// As the event says it; empty until then.
    pub status: String,
    pub counts: MassCounts,
    pub check: Check,
    /// Who got it.
    pub sent: Crowd,
    pub ended_ms: Option<i64>,
}

impl Mass {
    /// Still a broadcast of the day and the month: one that failed is none.
    fn counts_as_sent(&self) -> bool {
        self.state != MassState::Failed
    }

    /// The line in the chat of somebody who got it.
    fn line(&self, person: u64) -> Option<&ChatItem> {
        (self.item.id > 0 && self.sent.contains(person)).then_some(&self.item)
    }
}

/// All of an account's.
#[derive(Default)]
pub(crate) struct Masses {
    pub jobs: BTreeMap<u64, Mass>,
    keys: HashMap<String, u64>,
    /// Who has had at least one, two, three, four of this month.
    reached: [Crowd; A_MONTH],
    month: i32,
}

impl Masses {
    /// Puts a job in its place, whether new or read from the file.
    pub fn file(&mut self, job: Mass) {
        self.keys.insert(job.key.clone(), job.msg_id);
        if let Some(ended_ms) = job.ended_ms {
            self.count(&job.sent, ended_ms);
        }
        self.jobs.insert(job.msg_id, job);
    }

    /// The job of the last 24 hours under a key.
    pub fn known(&mut self, key: &str, now_ms: i64) -> Option<&mut Mass> {
        let job = self.jobs.get_mut(self.keys.get(key)?)?;
        (now_ms - job.at_ms < REMEMBERED_MS).then_some(job)
    }

    fn turn(&mut self, now_ms: i64) {
        let month = month(now_ms);
        if self.month < month {
            (self.month, self.reached) = (month, Default::default());
        }
    }

    /// They have had one more in the month of that instant.
    pub fn count(&mut self, sent: &Crowd, at_ms: i64) {
        self.turn(at_ms);
        if month(at_ms) != self.month {
            return;
        }
        for i in (1..A_MONTH).rev() {
            self.reached[i] = self.reached[i].or(&self.reached[i - 1].and(sent));
        }
        self.reached[0] = self.reached[0].or(sent);
    }

    /// Who has had all they may have this month.
    pub fn full(&mut self, now_ms: i64) -> &Crowd {
        self.turn(now_ms);
        &self.reached[A_MONTH - 1]
    }

    /// How many broadcasts of this month a person has had.
    pub fn had(&self, person: u64, now_ms: i64) -> usize {
        if self.month != month(now_ms) {
            return 0;
        }
        self.reached.iter().filter(|crowd| crowd.contains(person)).count()
    }

    pub fn of_today(&self, now_ms: i64) -> usize {
        let today = day(now_ms);
        self.jobs.values().rev().take_while(|job| day(job.at_ms) == today).filter(|job| job.counts_as_sent()).count()
    }

    pub fn to_all_this_month(&self, now_ms: i64) -> usize {
        let now = month(now_ms);
        let of_month = self.jobs.values().rev().take_while(|job| month(job.at_ms) == now);
        of_month.filter(|job| job.audience == Audience::All && job.counts_as_sent()).count()
    }

    /// The broadcasts in a person's chat, oldest first.
    pub fn lines(&self, person: u64) -> Vec<&ChatItem> {
        let mut lines: Vec<&ChatItem> = self.jobs.values().filter_map(|job| job.line(person)).collect();
        lines.sort_by_key(|item| item.id);
        lines
    }
}

impl Account {
    /// Everybody who follows.
    pub fn everybody(&self) -> Crowd {
        self.fans.crowd()
    }

    /// A person's chat: what was said, and the broadcasts they got; oldest first.
    pub fn chat(&self, person: u64) -> Vec<&ChatItem> {
        let said = self.fans.get(person).map(|fan| fan.chat.iter()).into_iter().flatten();
        let mut chat: Vec<&ChatItem> = self.masses.lines(person);
        let broadcasts = !chat.is_empty();
        chat.extend(said);
        if broadcasts {
            chat.sort_by_key(|item| item.id);
        }
        chat
    }

    /// The last line of a chat.
    pub fn last_line(&self, person: u64) -> Option<&ChatItem> {
        let said = self.fans.get(person).and_then(|fan| fan.chat.back());
        self.masses.lines(person).last().copied().into_iter().chain(said).max_by_key(|item| item.id)
    }

    /// Lines the person has not looked at.
    pub fn unread(&self, person: u64) -> u32 {
        let (unread, read_id) = self.fans.get(person).map_or((0, 0), |fan| (fan.unread, fan.read_id));
        let broadcasts = self.masses.lines(person).iter().filter(|item| item.id > read_id).count();
        unread + u32::try_from(broadcasts).unwrap_or(u32::MAX)
    }
}

impl World {
    pub fn next_mass_id(&mut self) -> u64 {
        self.counters.mass += 1;
        self.dirty.whole();
        self.counters.mass
    }

    /// Marks a job to be written out.
    pub fn keep_mass(&mut self, appid: &str, msg_id: u64) {
        if self.dirty.on {
            self.dirty.masses.insert((appid.to_owned(), msg_id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_a_month_and_none_of_the_month_before() {
        let mut masses = Masses::default();
        // 2026-11-23, in the middle of a month.
        let now = 1_795_449_540_000;
        let (all, some) = (Crowd::range(0, 10), Crowd::range(0, 3));
        for _ in 0..3 {
            masses.count(&all, now);
        }
        assert_eq!((masses.full(now).len(), masses.had(5, now)), (0, 3));
        masses.count(&some, now);
        assert_eq!((masses.full(now).clone(), masses.had(5, now), masses.had(1, now)), (some, 3, 4));
        let next = now + 31 * 24 * HOUR;
        assert_eq!(masses.full(next).len(), 0);
        masses.count(&all, now);
        assert_eq!(masses.had(5, next), 0, "what belongs to the last month does not count in this one");
    }

    #[test]
    fn speed_decides_how_long_a_million_take() {
        let settings = MassSettings::default();
        assert_eq!(settings.takes_ms(0), 2000);
        assert_eq!(settings.takes_ms(800_000), 62_000);
        assert_eq!(MassSettings { speed: 4, ..settings.clone() }.takes_ms(800_000), 482_000);
        assert_eq!(MassSettings { delay_ms: Some(5), ..settings }.takes_ms(800_000), 5);
    }
}
