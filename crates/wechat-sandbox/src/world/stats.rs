//! WeChat's own statistics: what happened on each day of an account, counted as it happens.
//!
//! People are counted one by one up to a crowd; beyond it every further one is taken for somebody
//! new, so that a day of ten million messages stays small.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/user/api_getusersummary.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::World;
use crate::clock::{day, hour};

/// People of one count who are told apart.
const CROWD: usize = 20_000;

/// How often each of some people did something.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Crowd {
    people: BTreeMap<u64, u32>,
    /// Times by people who were not told apart.
    others: u64,
}

impl Crowd {
    pub fn add(&mut self, person: u64) {
        if self.people.len() >= CROWD && !self.people.contains_key(&person) {
            self.others += 1;
        } else {
            *self.people.entry(person).or_default() += 1;
        }
    }

    pub fn users(&self) -> u64 {
        self.people.len() as u64 + self.others
    }

    pub fn count(&self) -> u64 {
        self.people.values().map(|&times| u64::from(times)).sum::<u64>() + self.others
    }

    /// Who they were and how often, for those told apart; and how many more.
    pub fn people(&self) -> (impl Iterator<Item = (u64, u32)>, u64) {
        (self.people.iter().map(|(&person, &times)| (person, times)), self.others)
    }

    fn join(&mut self, other: &Crowd) {
        for (&person, &times) in &other.people {
            *self.people.entry(person).or_default() += times;
        }
        self.others += other.others;
    }
}

/// Crowds by hour and by some number: a kind of message, a source, a scene.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Hours(BTreeMap<u8, BTreeMap<u32, Crowd>>);

impl Hours {
    pub fn add(&mut self, hour: u8, what: u32, person: u64) {
        self.0.entry(hour).or_default().entry(what).or_default().add(person);
    }

    /// Hour by hour.
    pub fn hours(&self) -> impl Iterator<Item = (u8, &BTreeMap<u32, Crowd>)> {
        self.0.iter().map(|(&hour, by)| (hour, by))
    }

    /// The whole day, by number: who came twice is one person.
    pub fn by(&self) -> BTreeMap<u32, Crowd> {
        let mut sum: BTreeMap<u32, Crowd> = BTreeMap::new();
        for (&what, crowd) in self.0.values().flatten() {
            sum.entry(what).or_default().join(crowd);
        }
        sum
    }

    /// Everybody.
    pub fn all(&self) -> Crowd {
        let mut sum = Crowd::default();
        for crowd in self.0.values().flat_map(BTreeMap::values) {
            sum.join(crowd);
        }
        sum
    }

    pub fn join(&mut self, other: &Hours) {
        for (&hour, by) in &other.0 {
            for (&what, crowd) in by {
                self.0.entry(hour).or_default().entry(what).or_default().join(crowd);
            }
        }
    }
}

/// How an account answered in an hour.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Answers {
    pub count: u64,
    pub fail: u64,
    pub total_ms: u64,
    pub max_ms: u64,
}

impl Answers {
    pub fn join(&mut self, other: &Answers) {
        self.count += other.count;
        self.fail += other.fail;
        self.total_ms += other.total_ms;
        self.max_ms = self.max_ms.max(other.max_ms);
    }
}

/// What readers did with one article.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Readers {
    /// By where they came from: 0 chat, 1 friend, 2 moments, 4 history, 5 other, 6 top stories, 7 search.
    pub read: Hours,
    /// The original it links to.
    pub original: Hours,
    /// By where to: 1 a friend, 2 moments, 255 other.
    pub shared: Hours,
    pub kept: Hours,
}

impl Readers {
    pub fn join(&mut self, other: &Readers) {
        self.read.join(&other.read);
        self.original.join(&other.original);
        self.shared.join(&other.shared);
        self.kept.join(&other.kept);
    }
}

/// A day of one account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Day {
    /// By user_source.
    pub came: BTreeMap<u32, u64>,
    pub went: BTreeMap<u32, u64>,
    /// By kind of message.
    pub said: Hours,
    pub answers: BTreeMap<u8, Answers>,
    /// By `<msg_data_id>_<place from 1>`.
    pub articles: BTreeMap<String, Readers>,
}

/// All days of all accounts.
#[derive(Default)]
pub(crate) struct Stats {
    pub days: BTreeMap<(String, i32), Day>,
    /// Changed since last written out.
    pub dirty: BTreeSet<(String, i32)>,
}

impl Stats {
    pub fn day(&self, appid: &str, day: i32) -> Option<&Day> {
        self.days.get(&(appid.to_owned(), day))
    }

    /// The days of an account from one on.
    pub fn since(&self, appid: &str, from: i32) -> impl Iterator<Item = (i32, &Day)> {
        let (low, high) = ((appid.to_owned(), from), (appid.to_owned(), i32::MAX));
        self.days.range(low..=high).map(|((_, day), of)| (*day, of))
    }
}

/// How somebody came, as user_source has it.
pub(crate) fn user_source(scene: &str) -> u32 {
    match scene {
        "ADD_SCENE_SEARCH" => 1,
        "ADD_SCENE_PROFILE_CARD" => 17,
        "ADD_SCENE_QR_CODE" => 30,
        "ADD_SCENE_PROFILE_LINK" => 57,
        "ADD_SCENE_PROFILE_ITEM" => 43,
        "ADD_SCENE_PAID" => 51,
        _ => 0,
    }
}

/// A kind of message as msg_type has it; places are not counted.
pub(crate) fn msg_type(kind: &str) -> Option<u32> {
    Some(match kind {
        "text" => 1,
        "image" => 2,
        "voice" => 3,
        "video" | "shortvideo" => 4,
        "link" => 6,
        _ => return None,
    })
}

impl World {
    /// Counts something of now.
    fn count(&mut self, appid: &str, change: impl FnOnce(&mut Day, u8)) {
        let now_ms = self.now_ms();
        let key = (appid.to_owned(), day(now_ms));
        if self.dirty.on {
            self.stats.dirty.insert(key.clone());
        }
        change(self.stats.days.entry(key).or_default(), hour(now_ms));
    }

    pub fn count_came(&mut self, appid: &str, scene: &str, people: u64) {
        self.count(appid, |day, _| *day.came.entry(user_source(scene)).or_default() += people);
    }

    pub fn count_went(&mut self, appid: &str, scene: &str) {
        self.count(appid, |day, _| *day.went.entry(user_source(scene)).or_default() += 1);
    }

    pub fn count_said(&mut self, appid: &str, person: u64, kind: &str) {
        if let Some(what) = msg_type(kind) {
            self.count(appid, |day, hour| day.said.add(hour, what, person));
        }
    }

    pub fn count_answer(&mut self, appid: &str, failed: bool, elapsed_ms: u64) {
        let one = Answers { count: 1, fail: u64::from(failed), total_ms: elapsed_ms, max_ms: elapsed_ms };
        self.count(appid, |day, hour| day.answers.entry(hour).or_default().join(&one));
    }

    /// How often an article was read on all days, and by how many.
    pub fn reads_of(&self, appid: &str, msgid: &str) -> (u64, u64) {
        let mut all = Hours::default();
        for (_, day) in self.stats.since(appid, i32::MIN) {
            if let Some(readers) = day.articles.get(msgid) {
                all.join(&readers.read);
            }
        }
        let all = all.all();
        (all.count(), all.users())
    }

    /// What a person did with an article.
    pub fn count_reader(&mut self, appid: &str, msgid: &str, change: impl FnOnce(&mut Readers, u8)) {
        self.count(appid, |day, hour| change(day.articles.entry(msgid.to_owned()).or_default(), hour));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_it_twice_is_one_and_a_crowd_stays_small() {
        let mut hours = Hours::default();
        hours.add(9, 1, 7);
        hours.add(10, 1, 7);
        hours.add(10, 2, 8);
        assert_eq!(hours.by().get(&1).map(|crowd| (crowd.users(), crowd.count())), Some((1, 2)));
        assert_eq!((hours.all().users(), hours.all().count()), (2, 3));
        let mut crowd = Crowd::default();
        (0..CROWD as u64 + 5).for_each(|person| crowd.add(person));
        assert_eq!((crowd.users(), crowd.people.len()), (CROWD as u64 + 5, CROWD));
        let kept: Hours = serde_json::from_str(&serde_json::to_string(&hours).expect("json")).expect("reads");
        assert_eq!(kept.all().count(), 3);
    }
}
