//! What to do so that two sides agree again. Pure.

use std::collections::HashMap;

use entities::tags::{DOOMED, WechatTag};
use kit::TagId;

use super::model::{fits_wechat, is_wechats_own};

/// A tag as WeChat lists it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theirs {
    pub wechat_id: i64,
    pub name: String,
    pub fans: i64,
}

/// One thing to do about the tags themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Write down what WeChat has; both sides agree.
    Keep(WechatTag),
    /// WeChat has a tag we do not know: it stands for ours of that name, which is made if need be.
    Link { theirs: Theirs, tag: Option<TagId> },
    /// WeChat renamed it.
    RenameOurs { tag: TagId, theirs: Theirs },
    /// We renamed it.
    RenameTheirs { wechat_id: i64, tag: TagId, name: String, fans: i64 },
    /// WeChat has deleted it. Ours stays, and stands alone.
    Forget { wechat_id: i64 },
    /// We have deleted it, or WeChat is not to have it any more.
    DeleteTheirs { wechat_id: i64 },
    /// WeChat is to have it.
    Create { tag: TagId, name: String },
    /// WeChat takes no such name.
    Refuse { tag: TagId },
}

/// Compares the tags of an account: `agreed` is what both sides last agreed on, `ours` the names of our tags.
pub fn steps(agreed: &[WechatTag], ours: &HashMap<TagId, String>, theirs: &[Theirs]) -> Vec<Step> {
    let mut steps = Vec::new();
    for theirs in theirs {
        let known = agreed.iter().find(|known| known.wechat_id == theirs.wechat_id);
        steps.push(step(known, ours, theirs, agreed));
    }
    let exists = |wechat_id: i64| theirs.iter().any(|theirs| theirs.wechat_id == wechat_id);
    for known in agreed.iter().filter(|known| !exists(known.wechat_id)) {
        let wanted = known.tag.filter(|_| known.wechat_id < 0).and_then(|tag| Some((tag, ours.get(&tag)?)));
        match wanted {
            // Made at WeChat meanwhile under the same name: linked above.
            Some((tag, _))
                if steps.iter().any(|step| matches!(step, Step::Link { tag: Some(linked), .. } if *linked == tag)) =>
            {
                steps.push(Step::Forget { wechat_id: known.wechat_id });
            }
            Some((tag, name)) if fits_wechat(name) => steps.push(Step::Create { tag, name: name.clone() }),
            Some((tag, _)) => steps.push(Step::Refuse { tag }),
            None => steps.push(Step::Forget { wechat_id: known.wechat_id }),
        }
    }
    steps
}

fn step(known: Option<&WechatTag>, ours: &HashMap<TagId, String>, theirs: &Theirs, agreed: &[WechatTag]) -> Step {
    let keep =
        |tag| Step::Keep(WechatTag { wechat_id: theirs.wechat_id, name: theirs.name.clone(), fans: theirs.fans, tag });
    if is_wechats_own(theirs.wechat_id) {
        return keep(None);
    }
    let Some((known, tag)) = known.and_then(|known| Some((known, known.tag?))) else {
        // Two of WeChat's cannot stand for one of ours at one account.
        let free = |tag: &TagId| !agreed.iter().any(|known| known.wechat_id >= 0 && known.tag == Some(*tag));
        let same_name = ours.iter().find(|(tag, name)| **name == theirs.name && free(tag)).map(|(tag, _)| *tag);
        return Step::Link { theirs: theirs.clone(), tag: same_name };
    };
    let Some(name) = ours.get(&tag).filter(|_| tag != DOOMED) else {
        return Step::DeleteTheirs { wechat_id: theirs.wechat_id };
    };
    if *name == theirs.name {
        keep(Some(tag))
    } else if *name == known.name && !ours.values().any(|other| *other == theirs.name) {
        Step::RenameOurs { tag, theirs: theirs.clone() }
    } else if fits_wechat(name) {
        Step::RenameTheirs { wechat_id: theirs.wechat_id, tag, name: name.clone(), fans: theirs.fans }
    } else {
        Step::Refuse { tag }
    }
}

/// What is in the one sorted list and not in the other: (only in `now`, only in `before`).
pub fn difference<'a>(before: &'a [String], now: &'a [String]) -> (Vec<&'a str>, Vec<&'a str>) {
    let only = |list: &'a [String], other: &[String]| {
        list.iter().filter(|item| other.binary_search(item).is_err()).map(String::as_str).collect()
    };
    (only(now, before), only(before, now))
}
