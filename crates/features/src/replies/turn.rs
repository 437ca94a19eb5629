//! This feature's turn with the messages of a batch: load once, decide for each, note what was chosen.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entities::messages::{Content, passive};
use kit::{AccountId, Error, Millis, RuleId, Work};
use wechat::{
    message::{Event, Kind, Message},
    reply::Reply,
};

use super::{
    book::{self, Book, Ready},
    decide::Heard,
    model::{MessageKind, TriggerKind},
    store,
    tally::{self, Note},
};

/// One message to decide about.
pub struct Turn<'a> {
    pub message: &'a Message,
    /// For a follow: this fan had followed before.
    pub returning: bool,
    /// Draws the lot of a random answer; the same for every copy of the message.
    pub lot: u64,
}

/// What this feature says to a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    pub rule: Option<RuleId>,
    /// Goes out in the answer itself.
    pub passive: Option<(Content, Reply)>,
    /// Goes out afterwards, in order, as customer-service messages.
    pub later: Vec<Content>,
    /// The rule counts its answers by fan.
    pub counts: bool,
    /// A text that no keyword caught: folded, and as written.
    pub unmatched: Option<(String, String)>,
    /// A keyword caught it, so that nobody has to see to it.
    pub caught: bool,
}

/// What was chosen for one fan, to be noted.
pub struct Noted {
    pub openid: String,
    pub decision: Decision,
}

/// All that deciding needs, loaded for one account's part of a batch.
pub struct Prepared {
    book: Arc<Book>,
    now: Millis,
    limited: HashMap<RuleId, HashSet<String>>,
}

/// Loads the account's rules, and who of these fans has been answered within an interval.
pub async fn prepare(work: &mut Work, account: AccountId, version: i64, openids: &[&str]) -> Result<Prepared, Error> {
    let book = book::book(work, account, version).await?;
    let now = work.now();
    let mut limited = HashMap::new();
    for rule in &book.rules {
        let Some(seconds) = rule.once_per_seconds else { continue };
        let answered = store::answered(work, rule.id, openids).await?;
        let recent = answered.into_iter().filter(|(_, at)| now - at < seconds * 1000).map(|(openid, _)| openid);
        limited.insert(rule.id, recent.collect::<HashSet<_>>());
    }
    Ok(Prepared { book, now, limited })
}

impl Prepared {
    pub fn decide(&self, turn: &Turn<'_>) -> Decision {
        let Some(heard) = heard(turn) else { return Decision::default() };
        let openid = turn.message.from.as_str();
        let limited = |rule: &Ready| self.limited.get(&rule.id).is_some_and(|fans| fans.contains(openid));
        let chosen = self.book.first(&heard, self.now, limited);
        let caught = chosen.is_some_and(|rule| rule.kind == TriggerKind::Keyword);
        let unmatched = match (&heard, &turn.message.kind) {
            (Heard::Text(folded), Kind::Text(text)) if !caught && !folded.is_empty() => {
                Some((folded.clone(), text.content.clone()))
            }
            _ => None,
        };
        let Some(rule) = chosen else { return Decision { unmatched, ..Decision::default() } };
        let mut say = rule.say(turn.lot);
        let passive =
            say.first().and_then(|content| passive(content, &self.book.media)).map(|reply| (say.remove(0), reply));
        let counts = rule.once_per_seconds.is_some();
        Decision { rule: Some(rule.id), passive, later: say, counts, unmatched, caught }
    }
}

/// Writes the intervals of a batch, and leaves its hits and unmatched texts to be counted.
pub async fn note(work: &mut Work, account: AccountId, noted: &[Noted]) -> Result<(), Error> {
    let mut note = Note::default();
    let mut counted = HashSet::new();
    for Noted { openid, decision } in noted {
        if let Some(rule) = decision.rule {
            *note.hits.entry(rule).or_default() += 1;
            if decision.counts {
                counted.insert((rule, openid.clone()));
            }
        }
        note.unmatched.extend(decision.unmatched.clone());
    }
    let mut counted: Vec<(RuleId, String)> = counted.into_iter().collect();
    counted.sort();
    store::note_answered(work, &counted).await?;
    tally::leave(work, account, &note).await
}

/// What rules look at in a message; nothing for pushes that nobody sees an answer to.
pub fn heard(turn: &Turn<'_>) -> Option<Heard> {
    Some(match &turn.message.kind {
        Kind::Text(text) => Heard::text(&text.content),
        Kind::Image(_) => Heard::Message(MessageKind::Image),
        Kind::Voice(voice) => match &voice.recognition {
            Some(said) if !said.is_empty() => Heard::text(said),
            _ => Heard::Message(MessageKind::Voice),
        },
        Kind::Video(_) | Kind::ShortVideo(_) => Heard::Message(MessageKind::Video),
        Kind::Location(_) => Heard::Message(MessageKind::Location),
        Kind::Link(_) => Heard::Message(MessageKind::Link),
        Kind::Event(Event::Subscribe { .. }) => Heard::Follow { returning: turn.returning },
        _ => return None,
    })
}
