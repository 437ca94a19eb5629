//! Counting, behind the callbacks: each batch leaves a note of what it hit and what it missed, and the notes are added
//! up here, many at a time. So batches that are written side by side never wait for each other's counters.
//!
//! A note is written with its batch and taken away with what it adds, so a crash counts nothing twice and loses nothing.

use std::collections::{BTreeMap, HashMap};

use kit::{AccountId, Ctx, Error, Millis, RuleId, TenantId, Work};
use serde::{Deserialize, Serialize};

use super::{store, unmatched};

/// What a batch of one account has to add.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Note {
    /// How often each rule was the first to fit.
    pub hits: BTreeMap<RuleId, i64>,
    /// Texts that no keyword caught: folded, and as written.
    pub unmatched: Vec<(String, String)>,
}

const MOST: u64 = 500;

/// Leaves a note.
pub async fn leave(work: &mut Work, account: AccountId, note: &Note) -> Result<(), Error> {
    if note.hits.is_empty() && note.unmatched.is_empty() {
        return Ok(());
    }
    store::leave_note(work, account, &serde_json::to_string(note).map_err(Error::internal)?).await
}

/// Adds up the notes of every tenant. How many there were.
pub async fn add_up(ctx: &Ctx) -> Result<u64, Error> {
    let mut taken = 0;
    for tenant in store::tenants_with_notes(ctx).await? {
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

async fn add_up_some(ctx: &Ctx, tenant: TenantId) -> Result<u64, Error> {
    let mut work = Work::begin(ctx, tenant);
    let rows = store::take_notes(&mut work, MOST).await?;
    let mut hits: BTreeMap<RuleId, (i64, Millis)> = BTreeMap::new();
    let mut missed: HashMap<AccountId, Vec<(String, String)>> = HashMap::new();
    for row in &rows {
        let note: Note =
            serde_json::from_str(&row.body).map_err(|error| Error::broken("reply_notes", row.id, error))?;
        for (rule, times) in note.hits {
            let sum = hits.entry(rule).or_default();
            *sum = (sum.0 + times, sum.1.max(row.at));
        }
        missed.entry(AccountId(row.account_id)).or_default().extend(note.unmatched);
    }
    // A rule may have been deleted since.
    let rules: Vec<RuleId> = hits.keys().copied().collect();
    let there = store::existing(&mut work, &rules).await?;
    hits.retain(|rule, _| there.contains(rule));
    store::note_hits(&mut work, &hits).await?;
    let mut missed: Vec<_> = missed.into_iter().filter(|(_, texts)| !texts.is_empty()).collect();
    missed.sort();
    for (account, texts) in missed {
        unmatched::add(&mut work, account, &texts).await?;
    }
    work.commit().await?;
    Ok(rows.len() as u64)
}
