//! The fans of one account: how many people follow it without anything having
//! happened to them, and the few to whom something has.
//!
//! People `0..count` follow from the start and cost nothing. Whoever is
//! unfollowed, tagged, spoken to… gets a [`Fan`]. Pages are in the order of the
//! people's numbers, which openids do not show.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::chat::ChatItem;
use super::crowd::Crowd;
use super::forms::Consent;
use crate::clock::{HOUR, MINUTE, SECOND};
use crate::permute::{Ids, mix};

/// The longest chat that is kept with one fan.
const CHAT: usize = 300;
/// Typing shows for so long.
const TYPING_MS: i64 = 15 * SECOND;

/// What one account knows of one person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Fan {
    pub following: bool,
    /// When they last began to follow; 0 if never.
    pub subscribe_ms: i64,
    pub scene: String,
    pub qr_scene: u32,
    pub qr_scene_str: String,
    /// In the order they were given: the first one is the old `groupid`.
    pub tags: Vec<u32>,
    pub remark: String,
    pub blacklisted: bool,
    pub muted: bool,
    pub window: Option<Window>,
    /// The last interaction; typing needs one within 30 s.
    pub touched_ms: i64,
    pub typing_until_ms: i64,
    pub unread: u32,
    /// The last line they have seen; broadcasts after it are unread.
    pub read_id: u64,
    /// Nothing reaches their phone, though WeChat tries.
    pub failing: bool,
    /// What they agreed to receive, by template.
    pub consents: BTreeMap<String, Consent>,
    #[serde(skip)]
    pub chat: VecDeque<ChatItem>,
}

impl Fan {
    pub fn hear(&mut self, item: ChatItem) {
        if self.chat.len() == CHAT {
            self.chat.pop_front();
        }
        self.chat.push_back(item);
    }

    /// Typing is shown now; sending anything ends it.
    pub fn typing(&mut self, now_ms: i64) {
        self.typing_until_ms = now_ms + TYPING_MS;
    }
}

/// How many customer-service messages an account may still send to a fan, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Window {
    /// `None` is without limit.
    pub left: Option<u32>,
    pub deadline_ms: i64,
}

/// The rule of customer-service messages, as it was and as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Allowance {
    /// Since 12 June 2023: 5 in 48 hours after a message, 3 in a minute after a tap, a scan or a follow.
    #[default]
    #[serde(rename = "2023-06")]
    June2023,
    /// As it began: 48 hours without limit after any interaction.
    #[serde(rename = "classic")]
    Classic,
}

/// What opens the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interaction {
    Message,
    /// A menu button of the three kinds that count, or a line of a msgmenu.
    Tap,
    Follow,
    Scan,
}

impl Allowance {
    fn grants(self, interaction: Interaction) -> (Option<u32>, i64) {
        match (self, interaction) {
            (Allowance::Classic, _) => (None, 48 * HOUR),
            (Allowance::June2023, Interaction::Message) => (Some(5), 48 * HOUR),
            (Allowance::June2023, Interaction::Tap | Interaction::Follow | Interaction::Scan) => (Some(3), MINUTE),
        }
    }

    /// The window after an interaction. Triggers renew and do not add; where two windows overlap,
    /// the larger count and the later deadline hold.
    pub(crate) fn after(self, window: Option<Window>, interaction: Interaction, now_ms: i64) -> Window {
        let (left, lasts) = self.grants(interaction);
        let fresh = Window { left, deadline_ms: now_ms + lasts };
        match window.filter(|window| window.deadline_ms > now_ms) {
            None => fresh,
            Some(old) => Window {
                left: old.left.zip(fresh.left).map(|(a, b)| a.max(b)),
                deadline_ms: old.deadline_ms.max(fresh.deadline_ms),
            },
        }
    }
}

pub(crate) struct Fans {
    pub ids: Ids,
    /// People `0..count` follow unless their [`Fan`] says otherwise.
    count: u64,
    /// When the account was made; generated fans followed before.
    born_ms: i64,
    changed: BTreeMap<u64, Fan>,
    /// People below `count` who do not follow.
    left: BTreeSet<u64>,
    /// People from `count` up who do.
    extra: BTreeSet<u64>,
    pub blacklist: BTreeSet<u64>,
    muted: BTreeSet<u64>,
    failing: BTreeSet<u64>,
    tagged: BTreeMap<u32, BTreeSet<u64>>,
}

impl Default for Fans {
    fn default() -> Self {
        Self::new(Ids::new(0, ""), 0, 0)
    }
}

impl Fans {
    pub fn new(ids: Ids, count: u64, born_ms: i64) -> Self {
        let (changed, left, extra, blacklist, muted, failing, tagged) = Default::default();
        Self { ids, count, born_ms, changed, left, extra, blacklist, muted, failing, tagged }
    }

    pub fn following(&self) -> u64 {
        self.count - self.left.len() as u64 + self.extra.len() as u64
    }

    /// Everybody who follows.
    pub fn crowd(&self) -> Crowd {
        let gone = Crowd::of_sorted(self.left.iter().copied());
        Crowd::range(0, self.count).without(&gone).or(&Crowd::of_sorted(self.extra.iter().copied()))
    }

    /// Whom broadcasts do not go to: those who want none, and those the account has blocked.
    pub fn unwilling(&self) -> Crowd {
        Crowd::of_sorted(self.muted.iter().copied()).or(&Crowd::of_sorted(self.blacklist.iter().copied()))
    }

    /// Whose phones nothing reaches.
    pub fn failing(&self) -> Crowd {
        Crowd::of_sorted(self.failing.iter().copied())
    }

    pub fn tag_crowd(&self, tag: u32) -> Crowd {
        Crowd::of_sorted(self.tagged.get(&tag).into_iter().flatten().copied())
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// The largest number of a person this account knows, and one more.
    pub fn end(&self) -> u64 {
        self.changed.last_key_value().map_or(0, |(n, _)| n + 1).max(self.count)
    }

    /// So many more people follow without having done anything.
    pub fn add(&mut self, more: u64) {
        let (from, to) = (self.count, self.count.saturating_add(more));
        for (&person, fan) in self.changed.range(from..to) {
            self.extra.remove(&person);
            if !fan.following {
                self.left.insert(person);
            }
        }
        self.count = to;
    }

    pub fn get(&self, person: u64) -> Option<&Fan> {
        self.changed.get(&person)
    }

    /// Whether the account has ever met this person.
    pub fn knows(&self, person: u64) -> bool {
        person < self.count || self.changed.contains_key(&person)
    }

    pub fn follows(&self, person: u64) -> bool {
        match self.changed.get(&person) {
            Some(fan) => fan.following,
            None => person < self.count,
        }
    }

    /// The fan as it is, made up for those without one.
    pub fn view(&self, person: u64) -> std::borrow::Cow<'_, Fan> {
        match self.changed.get(&person) {
            Some(fan) => std::borrow::Cow::Borrowed(fan),
            None => std::borrow::Cow::Owned(self.generated(person)),
        }
    }

    /// Changes a fan and keeps the indexes true.
    pub fn change<T>(&mut self, person: u64, change: impl FnOnce(&mut Fan) -> T) -> T {
        if !self.changed.contains_key(&person) {
            let fan = self.generated(person);
            self.changed.insert(person, fan);
        }
        let fan = self.changed.entry(person).or_default();
        let tags = (!fan.tags.is_empty()).then(|| fan.tags.clone());
        let done = change(fan);
        if tags.as_deref().unwrap_or_default() != fan.tags {
            for tag in tags.unwrap_or_default() {
                if let Some(people) = self.tagged.get_mut(&tag) {
                    people.remove(&person);
                }
            }
            for &tag in &fan.tags {
                self.tagged.entry(tag).or_default().insert(person);
            }
        }
        set(&mut self.left, person, person < self.count && !fan.following);
        set(&mut self.extra, person, person >= self.count && fan.following);
        set(&mut self.blacklist, person, fan.blacklisted);
        set(&mut self.muted, person, fan.muted);
        set(&mut self.failing, person, fan.failing);
        done
    }

    /// Puts back a fan that was kept.
    pub fn restore(&mut self, person: u64, fan: Fan) {
        self.change(person, |slot| *slot = fan);
    }

    pub fn generated(&self, person: u64) -> Fan {
        let following = person < self.count;
        if !following {
            return Fan::default();
        }
        Fan {
            following,
            subscribe_ms: self.generated_ms(person),
            scene: generated_scene(person).to_owned(),
            ..Fan::default()
        }
    }

    /// Within the two years before the account was made, to the second.
    pub fn generated_ms(&self, person: u64) -> i64 {
        let back = i64::try_from(mix(person ^ 0x51e) % (2 * 365 * 24 * 3600)).unwrap_or(0);
        (self.born_ms / SECOND - back) * SECOND
    }

    /// Up to `limit` followers whose numbers come after `after`.
    pub fn page(&self, after: Option<u64>, limit: usize) -> Vec<u64> {
        let start = after.map_or(0, |n| n.saturating_add(1));
        let mut page = Vec::with_capacity(limit);
        if start < self.count {
            let mut gone = self.left.range(start..).copied().peekable();
            for person in start..self.count {
                if page.len() == limit {
                    return page;
                }
                if gone.next_if_eq(&person).is_none() {
                    page.push(person);
                }
            }
        }
        page.extend(self.extra.range(start..).take(limit - page.len()));
        page
    }

    /// How many people the account has ever met.
    pub fn known_total(&self) -> u64 {
        self.count + self.changed.range(self.count..).count() as u64
    }

    /// The people the account has met, in the order of their numbers.
    pub fn known(&self) -> impl Iterator<Item = u64> {
        (0..self.count).chain(self.changed.range(self.count..).map(|(&person, _)| person))
    }

    pub fn tag_page(&self, tag: u32, after: Option<u64>, limit: usize) -> Vec<u64> {
        let start = after.map_or(0, |n| n.saturating_add(1));
        self.tagged.get(&tag).map(|people| people.range(start..).take(limit).copied().collect()).unwrap_or_default()
    }

    pub fn tag_count(&self, tag: u32) -> usize {
        self.tagged.get(&tag).map_or(0, BTreeSet::len)
    }

    pub fn tag_people(&self, tag: u32) -> Vec<u64> {
        self.tagged.get(&tag).map(|people| people.iter().copied().collect()).unwrap_or_default()
    }
}

fn set(people: &mut BTreeSet<u64>, person: u64, is: bool) {
    if is {
        people.insert(person);
    } else {
        people.remove(&person);
    }
}

/// How a person who has always followed came to it.
pub(crate) fn generated_scene(person: u64) -> &'static str {
    match mix(person ^ 0x5ce) % 10 {
        0..=3 => "ADD_SCENE_SEARCH",
        4..=6 => "ADD_SCENE_QR_CODE",
        7 => "ADD_SCENE_PROFILE_CARD",
        8 => "ADD_SCENE_PROFILE_LINK",
        _ => "ADD_SCENE_OTHERS",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fans(count: u64) -> Fans {
        Fans::new(Ids::new(1, "wx"), count, 1_764_000_000_000)
    }

    #[test]
    fn pages_leave_out_those_who_left_and_end_with_those_who_came() {
        let mut fans = fans(10);
        fans.change(3, |fan| fan.following = false);
        fans.change(50, |fan| fan.following = true);
        assert_eq!(fans.following(), 10);
        assert_eq!(fans.page(None, 4), [0, 1, 2, 4]);
        assert_eq!(fans.page(Some(4), 100), [5, 6, 7, 8, 9, 50]);
        assert!(fans.page(Some(50), 100).is_empty());
    }

    #[test]
    fn adding_fans_counts_nobody_twice() {
        let mut fans = fans(2);
        fans.change(3, |fan| fan.following = true);
        fans.change(4, |fan| fan.remark = "not a fan".to_owned());
        fans.add(5);
        assert_eq!(fans.following(), 6);
        assert_eq!(fans.page(None, 100), [0, 1, 2, 3, 5, 6]);
    }

    #[test]
    fn a_window_takes_the_larger_count_and_the_later_deadline() {
        let rule = Allowance::June2023;
        let after_message = rule.after(None, Interaction::Message, 0);
        assert_eq!(after_message, Window { left: Some(5), deadline_ms: 48 * HOUR });
        let used = Window { left: Some(1), ..after_message };
        assert_eq!(rule.after(Some(used), Interaction::Tap, 1000), Window { left: Some(3), deadline_ms: 48 * HOUR });
        let over = rule.after(Some(used), Interaction::Scan, 48 * HOUR);
        assert_eq!(over, Window { left: Some(3), deadline_ms: 48 * HOUR + MINUTE });
        assert_eq!(Allowance::Classic.after(None, Interaction::Follow, 0).left, None);
    }
}
