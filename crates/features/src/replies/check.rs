//! From a body to a rule that cannot be wrong; everything that is, at once, at its field.

use entities::messages::check_content;
use kit::{Error, http::Faults};

use super::{
    decide,
    model::{Answer, Draft, Matching, RuleBody, Trigger, TriggerKind, What},
};

const MOST_WORDS: usize = 50;
const MOST_ANSWERS: usize = 6;

pub fn check(body: RuleBody) -> Result<Draft, Error> {
    let mut faults = Faults::default();
    let trigger = check_trigger(body.trigger, &mut faults);
    check_answers(&body.answers, &mut faults);
    if let Some(hours) = &body.hours {
        let days = !hours.days.is_empty() && hours.days.iter().all(|day| (1..=7).contains(day));
        if !days {
            faults.add("hours.days", "range", "days must be a list of 1 (Monday) to 7 (Sunday)");
        }
        match hours.minutes() {
            Some((from, to)) if from != to => {}
            Some(_) => faults.add("hours.to", "same", "from and to must differ"),
            None => faults.add("hours.from", "time", "from and to must be times, like 09:00"),
        }
    }
    if let Some(seconds) = body.once_per_seconds {
        if !(1..=30 * 86_400).contains(&seconds) {
            faults.add("once_per_seconds", "range", "must be 1 second to 30 days");
        }
        if trigger.kind != TriggerKind::Default {
            faults.add("once_per_seconds", "not_here", "only a default rule has an interval");
        }
    }
    let name = body
        .name
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| name_of(&trigger));
    if name.chars().count() > 60 {
        faults.add("name", "too_long", "name must be at most 60 characters");
    }
    faults.check()?;
    Ok(Draft {
        name,
        enabled: body.enabled.unwrap_or(true),
        what: What {
            trigger,
            answers: body.answers,
            send: body.send.unwrap_or_default(),
            hours: body.hours,
            once_per_seconds: body.once_per_seconds,
        },
    })
}

/// Tidies a trigger and notes what is wrong with it.
pub fn check_trigger(mut trigger: Trigger, faults: &mut Faults) -> Trigger {
    let kind = trigger.kind;
    let misplaced = [
        ("trigger.match", trigger.matching.is_some() && kind != TriggerKind::Keyword),
        ("trigger.words", !trigger.words.is_empty() && kind != TriggerKind::Keyword),
        ("trigger.follow", trigger.follow.is_some() && kind != TriggerKind::Follow),
        ("trigger.message_kinds", !trigger.message_kinds.is_empty() && kind != TriggerKind::Default),
    ];
    for (field, _) in misplaced.iter().filter(|(_, wrong)| *wrong) {
        faults.add(*field, "not_here", format!("a {} rule has none", kind.as_str()));
    }
    if kind != TriggerKind::Keyword {
        return trigger;
    }
    let matching = *trigger.matching.get_or_insert(Matching::Exact);
    trigger.words = trigger.words.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
    let mut seen = std::collections::HashSet::new();
    trigger.words.retain(|word| seen.insert(super::fold::fold(word)));
    if trigger.words.is_empty() {
        faults.add("trigger.words", "empty", "a keyword rule needs a word");
    }
    if trigger.words.len() > MOST_WORDS {
        faults.add("trigger.words", "too_many", format!("at most {MOST_WORDS} words"));
    }
    let longest = if matching == Matching::Regex { 200 } else { 60 };
    for (n, word) in trigger.words.iter().enumerate() {
        if word.chars().count() > longest {
            faults.add(format!("trigger.words[{n}]"), "too_long", format!("a word has at most {longest} characters"));
        } else if matching == Matching::Regex
            && let Err(why) = decide::pattern(word)
        {
            faults.add(format!("trigger.words[{n}]"), "regex", why);
        }
    }
    trigger
}

fn check_answers(answers: &[Answer], faults: &mut Faults) {
    if answers.is_empty() {
        faults.add("answers", "empty", "a rule needs an answer, if only \"no reply\"");
    }
    if answers.len() > MOST_ANSWERS {
        faults.add(
            "answers",
            "too_many",
            format!("at most {MOST_ANSWERS}: one in the answer itself and five within WeChat's allowance"),
        );
    }
    if answers.len() > 1 && answers.iter().any(|answer| matches!(answer, Answer::None(_))) {
        faults.add("answers", "no_reply", "\"no reply\" stands alone");
    }
    for (n, answer) in answers.iter().enumerate() {
        if let Answer::Content(content) = answer {
            check_content(content, &format!("answers[{n}]"), faults);
        }
    }
}

/// A rule without a name is called by what sets it off.
fn name_of(trigger: &Trigger) -> String {
    match trigger.kind {
        TriggerKind::Keyword => {
            trigger.words.iter().take(3).cloned().collect::<Vec<_>>().join(" / ").chars().take(60).collect()
        }
        kind => kind.as_str().to_owned(),
    }
}
