//! An account's rules made ready: patterns compiled, words folded, files looked up. Kept in memory by the
//! account's version, which every change of a rule raises; memory is a cache and nothing else.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use entities::{media, messages::Content};
use kit::{AccountId, Error, MediaId, Millis, RuleId, Work};

use super::{
    decide::{Heard, Matcher, Why},
    model::{Answer, Rule, SendMode, TriggerKind},
    store,
};

/// A rule that can be asked.
#[derive(Debug)]
pub struct Ready {
    pub id: RuleId,
    pub kind: TriggerKind,
    pub matcher: Matcher,
    pub contents: Vec<Content>,
    pub random: bool,
    pub once_per_seconds: Option<i64>,
}

/// The rules of one account, in the order they are tried.
#[derive(Debug)]
pub struct Book {
    pub version: i64,
    pub rules: Vec<Ready>,
    /// What WeChat calls our files just now.
    pub media: HashMap<MediaId, String>,
    pub media_until: Millis,
    pub zone: Tz,
}

/// The books in memory.
#[derive(Default)]
pub struct Books(RwLock<HashMap<AccountId, Arc<Book>>>);

/// A file's id must still be good when WeChat reads the answer.
const MEDIA_MARGIN_MS: i64 = 10 * 60_000;

/// The account's book as of `version`.
pub async fn book(work: &mut Work, account: AccountId, version: i64) -> Result<Arc<Book>, Error> {
    let books = work.ctx().slot::<Books>();
    let known = books.0.read().ok().and_then(|books| books.get(&account).cloned());
    if let Some(book) = known.filter(|book| book.version == version && book.media_until > work.now()) {
        return Ok(book);
    }
    let rules = store::list(work, account).await?;
    let book = Arc::new(make(work, account, version, &rules).await?);
    if let Ok(mut books) = books.0.write() {
        books.insert(account, book.clone());
    }
    Ok(book)
}

/// Makes a book of these rules, which need not be the stored ones: the test bench tries drafts.
pub async fn make(work: &mut Work, account: AccountId, version: i64, rules: &[Rule]) -> Result<Book, Error> {
    let now = work.now();
    let files = media::wechat_ids(work, account, now + MEDIA_MARGIN_MS).await?;
    let media_until = files.iter().map(|file| file.expires_at - MEDIA_MARGIN_MS).min().unwrap_or(Millis::MAX);
    let zone = store::time_zone(work).await?;
    let rules = rules.iter().filter(|rule| rule.enabled).map(ready).collect::<Result<_, Error>>()?;
    let media = files.into_iter().map(|file| (file.media, file.wechat_media_id)).collect();
    Ok(Book { version, rules, media, media_until, zone })
}

fn ready(rule: &Rule) -> Result<Ready, Error> {
    let matcher =
        Matcher::new(&rule.trigger, rule.hours.as_ref()).map_err(|why| Error::broken("reply_rules", rule.id.0, why))?;
    let contents = rule
        .answers
        .iter()
        .filter_map(|answer| match answer {
            Answer::Content(content) => Some(content.clone()),
            Answer::None(_) => None,
        })
        .collect();
    Ok(Ready {
        id: rule.id,
        kind: rule.trigger.kind,
        matcher,
        contents,
        random: rule.send == SendMode::Random,
        once_per_seconds: rule.once_per_seconds,
    })
}

impl Book {
    /// The first rule that answers. Keywords before the default, each in the account's order.
    pub fn first(&self, heard: &Heard, now: Millis, limited: impl Fn(&Ready) -> bool) -> Option<&Ready> {
        let fits =
            |rule: &&Ready| rule.matcher.consider(heard, || self.local(now)).why == Why::Matched && !limited(rule);
        let is_default = |rule: &&Ready| rule.kind == TriggerKind::Default;
        self.rules
            .iter()
            .filter(|rule| !is_default(rule))
            .find(fits)
            .or_else(|| self.rules.iter().filter(is_default).find(fits))
    }

    /// Wall clock in the tenant's zone.
    pub fn local(&self, now: Millis) -> NaiveDateTime {
        chrono::DateTime::from_timestamp_millis(now).unwrap_or_default().with_timezone(&self.zone).naive_local()
    }
}

impl Ready {
    /// What it says this time. The lot is drawn from the message, so that a repeated callback draws the same.
    pub fn say(&self, lot: u64) -> Vec<Content> {
        if self.random && !self.contents.is_empty() {
            return vec![self.contents[(lot % self.contents.len() as u64) as usize].clone()];
        }
        self.contents.clone()
    }
}
