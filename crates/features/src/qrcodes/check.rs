//! From bodies to values that cannot be wrong; everything that is, at once, at its field.

use std::{collections::HashSet, fmt::Display};

use entities::messages::{Content, check_content};
use kit::{Error, TagId, http::Faults};

use super::model::{
    CodeBody, CodeName, Draft, FolderName, MOST_ANSWERS, MOST_DAYS, MOST_TAGS, Note, OnScan, SourceName,
};

const DAY_S: i64 = 86_400;
/// As tags have it.
pub const LONGEST_TAG: usize = 30;

pub fn check(body: CodeBody) -> Result<Draft, Error> {
    let mut faults = Faults::default();
    let name = faults.take("name", "length", CodeName::try_from(body.name)).map(CodeName::into_string);
    let draft = Draft {
        name: name.unwrap_or_default(),
        source: optional::<SourceName>("source", body.source, &mut faults),
        folder: optional::<FolderName>("folder", body.folder, &mut faults),
        note: optional::<Note>("note", body.note, &mut faults),
        life: life(body.permanent, body.days, &mut faults),
        tag_names: tag_names(body.tag_names, &mut faults),
        tag_ids: tag_ids(body.tag_ids, &mut faults),
        on_scan: on_scan(body.on_scan.unwrap_or_default(), &mut faults),
        logo: body.logo_media_id,
    };
    faults.check()?;
    Ok(draft)
}

/// A text that may be left out; an empty one is left out.
pub fn optional<T>(field: &str, text: Option<String>, faults: &mut Faults) -> Option<String>
where
    T: TryFrom<String, Error: Display> + Display,
{
    let text = text.filter(|text| !text.trim().is_empty())?;
    faults.take(field, "length", T::try_from(text)).map(|text| text.to_string())
}

/// Seconds that a code lives; none for ever.
pub fn life(permanent: bool, days: Option<i64>, faults: &mut Faults) -> Option<i64> {
    match (permanent, days) {
        (true, None) => None,
        (true, Some(_)) => {
            faults.add("days", "not_here", "a permanent code has no days");
            None
        }
        (false, days) => {
            let days = days.unwrap_or(MOST_DAYS);
            if !(1..=MOST_DAYS).contains(&days) {
                faults.add("days", "range", format!("days must be 1 to {MOST_DAYS}"));
            }
            Some(days * DAY_S)
        }
    }
}

pub fn tag_ids(ids: Vec<TagId>, faults: &mut Faults) -> Vec<TagId> {
    let mut seen = HashSet::new();
    let ids: Vec<TagId> = ids.into_iter().filter(|id| seen.insert(*id)).collect();
    if ids.len() > MOST_TAGS {
        faults.add("tag_ids", "too_many", format!("at most {MOST_TAGS} tags"));
    }
    ids
}

pub fn tag_names(names: Vec<String>, faults: &mut Faults) -> Vec<String> {
    let mut seen = HashSet::new();
    let names: Vec<String> = names
        .into_iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && seen.insert(name.clone()))
        .collect();
    if names.len() > MOST_TAGS {
        faults.add("tag_names", "too_many", format!("at most {MOST_TAGS} tags"));
    }
    if names.iter().any(|name| name.chars().count() > LONGEST_TAG) {
        faults.add("tag_names", "length", format!("a tag's name has at most {LONGEST_TAG} characters"));
    }
    names
}

pub fn on_scan(on_scan: OnScan, faults: &mut Faults) -> OnScan {
    answers("on_scan.new_fans", on_scan.new_fans.as_deref().unwrap_or_default(), faults);
    answers("on_scan.following", &on_scan.following, faults);
    on_scan
}

fn answers(field: &str, contents: &[Content], faults: &mut Faults) {
    if contents.len() > MOST_ANSWERS {
        let why = format!("at most {MOST_ANSWERS}: one in the answer itself and three within WeChat's minute");
        faults.add(field, "too_many", why);
    }
    for (n, content) in contents.iter().enumerate() {
        check_content(content, &format!("{field}[{n}]"), faults);
    }
}
