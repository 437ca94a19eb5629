//! What a new rule gets in the way of, and what gets in its way: shown while the words are typed.

use kit::RuleId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    decide,
    fold::fold,
    model::{Matching, Rule, Trigger, TriggerKind},
};

/// How two rules meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// The same word.
    Same,
    /// The other rule stands before and takes what this word was for.
    Shadowed,
    /// This rule stands before and takes what the other's word was for.
    Shadows,
}

/// One meeting of two rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Conflict {
    pub rule_id: RuleId,
    pub name: String,
    pub word: String,
    pub other_word: String,
    pub kind: ConflictKind,
    pub position: i64,
}

/// Meetings of `trigger` (at `position`, or at the end) with the rules there are.
pub fn conflicts(trigger: &Trigger, own: Option<(RuleId, i64)>, rules: &[Rule]) -> Vec<Conflict> {
    if trigger.kind != TriggerKind::Keyword {
        return Vec::new();
    }
    let position = own.map_or(i64::MAX, |(_, position)| position);
    let others = rules.iter().filter(|rule| {
        rule.enabled && rule.trigger.kind == TriggerKind::Keyword && Some(rule.id) != own.map(|(id, _)| id)
    });
    let mut out = Vec::new();
    for rule in others {
        for word in &trigger.words {
            for other in &rule.trigger.words {
                let Some(kind) =
                    meet((trigger.matching, word), (rule.trigger.matching, other), position < rule.position)
                else {
                    continue;
                };
                out.push(Conflict {
                    rule_id: rule.id,
                    name: rule.name.clone(),
                    word: word.clone(),
                    other_word: other.clone(),
                    kind,
                    position: rule.position,
                });
            }
        }
    }
    out
}

fn meet(new: (Option<Matching>, &str), old: (Option<Matching>, &str), new_is_first: bool) -> Option<ConflictKind> {
    let (new_word, old_word) = (fold(new.1), fold(old.1));
    let (new_how, old_how) = (new.0.unwrap_or(Matching::Exact), old.0.unwrap_or(Matching::Exact));
    if new_word == old_word && new_how == old_how {
        return Some(ConflictKind::Same);
    }
    // The one that stands first takes the other's word when it would match that very word.
    let (first_how, first, second) =
        if new_is_first { (new_how, (new.1, &new_word), &old_word) } else { (old_how, (old.1, &old_word), &new_word) };
    let takes = match first_how {
        Matching::Exact => first.1 == second,
        Matching::Contains => second.contains(first.1.as_str()),
        // One word of several decides nothing.
        Matching::All => false,
        Matching::Regex => decide::pattern(first.0).is_ok_and(|pattern| pattern.is_match(second)),
    };
    takes.then_some(if new_is_first { ConflictKind::Shadows } else { ConflictKind::Shadowed })
}
