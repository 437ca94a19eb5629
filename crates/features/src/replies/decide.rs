//! Which rule answers. Pure: rules and what was heard go in, a verdict for each rule comes out.

use chrono::{Datelike, NaiveDateTime, Timelike};
use regex::{Regex, RegexBuilder};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    fold::fold,
    model::{FollowWhen, Hours, Matching, MessageKind, Trigger, TriggerKind},
};

/// What a fan did, as far as rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A text, folded.
    Text(String),
    Message(MessageKind),
    Follow {
        returning: bool,
    },
}

impl Heard {
    pub fn text(text: &str) -> Self {
        Self::Text(fold(text))
    }
}

/// Why a rule answers, or does not. Stable; the console translates by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Matched,
    /// Switched off.
    Disabled,
    /// Another kind of trigger: a keyword rule and a picture.
    OtherKind,
    /// No word fits.
    NoWord,
    /// Some words fit, and all would have to.
    NotAllWords,
    /// Outside its hours.
    Asleep,
    /// For new fans only, or for returning ones.
    OtherFollowers,
    /// It answered this fan a moment ago.
    Limited,
    /// A rule before it answers.
    Later,
}

/// The verdict on one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict<'a> {
    pub why: Why,
    /// The word that fitted, as it was written.
    pub word: Option<&'a str>,
}

impl Verdict<'_> {
    fn no(why: Why) -> Self {
        Self { why, word: None }
    }
}

/// A trigger made ready for comparing.
#[derive(Debug)]
pub struct Matcher {
    kind: TriggerKind,
    matching: Matching,
    folded: Vec<String>,
    patterns: Vec<Regex>,
    words: Vec<String>,
    follow: FollowWhen,
    kinds: Vec<MessageKind>,
    hours: Option<Hours>,
}

/// A regular expression of a rule. It runs in linear time, and one that is too big is refused here.
pub fn pattern(word: &str) -> Result<Regex, String> {
    RegexBuilder::new(word)
        .case_insensitive(true)
        .size_limit(1 << 18)
        .nest_limit(32)
        .build()
        .map_err(|error| error.to_string())
}

impl Matcher {
    /// Fails when a regular expression does not compile.
    pub fn new(trigger: &Trigger, hours: Option<&Hours>) -> Result<Self, String> {
        let matching = trigger.matching.unwrap_or(Matching::Exact);
        let is_regex = matching == Matching::Regex;
        Ok(Self {
            kind: trigger.kind,
            matching,
            folded: if is_regex { Vec::new() } else { trigger.words.iter().map(|word| fold(word)).collect() },
            patterns: if is_regex {
                trigger.words.iter().map(|word| pattern(word)).collect::<Result<_, _>>()?
            } else {
                Vec::new()
            },
            words: trigger.words.clone(),
            follow: trigger.follow.unwrap_or(FollowWhen::Any),
            kinds: trigger.message_kinds.clone(),
            hours: hours.cloned(),
        })
    }

    pub fn has_hours(&self) -> bool {
        self.hours.is_some()
    }

    /// Whether this trigger fits. `local` is the tenant's wall clock, asked for only where hours matter.
    pub fn consider(&self, heard: &Heard, local: impl FnOnce() -> NaiveDateTime) -> Verdict<'_> {
        let verdict = match (self.kind, heard) {
            (TriggerKind::Keyword, Heard::Text(text)) => self.words_in(text),
            (TriggerKind::Follow, Heard::Follow { returning }) => {
                let fits = match self.follow {
                    FollowWhen::Any => true,
                    FollowWhen::First => !returning,
                    FollowWhen::Returning => *returning,
                };
                Verdict::no(if fits { Why::Matched } else { Why::OtherFollowers })
            }
            (TriggerKind::Default, Heard::Text(_)) => self.kind_fits(MessageKind::Text),
            (TriggerKind::Default, Heard::Message(kind)) => self.kind_fits(*kind),
            _ => Verdict::no(Why::OtherKind),
        };
        if verdict.why == Why::Matched
            && let Some(hours) = &self.hours
            && !awake(hours, local())
        {
            return Verdict { why: Why::Asleep, ..verdict };
        }
        verdict
    }

    fn kind_fits(&self, kind: MessageKind) -> Verdict<'_> {
        Verdict::no(if self.kinds.is_empty() || self.kinds.contains(&kind) { Why::Matched } else { Why::OtherKind })
    }

    fn words_in(&self, text: &str) -> Verdict<'_> {
        let matched = |n: usize| Verdict { why: Why::Matched, word: self.words.get(n).map(String::as_str) };
        let any = |fits: &dyn Fn(&String) -> bool| {
            self.folded.iter().position(fits).map_or(Verdict::no(Why::NoWord), matched)
        };
        match self.matching {
            Matching::Exact => any(&|word| word == text),
            Matching::Contains => any(&|word| text.contains(word.as_str())),
            Matching::All => match self.folded.iter().filter(|word| text.contains(word.as_str())).count() {
                0 => Verdict::no(Why::NoWord),
                n if n == self.folded.len() => matched(0),
                _ => Verdict::no(Why::NotAllWords),
            },
            Matching::Regex => self
                .patterns
                .iter()
                .position(|pattern| pattern.is_match(text))
                .map_or(Verdict::no(Why::NoWord), matched),
        }
    }
}

/// Whether `hours` hold at `local`.
fn awake(hours: &Hours, local: NaiveDateTime) -> bool {
    let Some((from, to)) = hours.minutes() else { return false };
    let now = local.hour() * 60 + local.minute();
    let today = local.weekday().number_from_monday() as u8;
    let yesterday = if today == 1 { 7 } else { today - 1 };
    if from < to {
        return hours.days.contains(&today) && (from..to).contains(&now);
    }
    (hours.days.contains(&today) && now >= from) || (hours.days.contains(&yesterday) && now < to)
}
