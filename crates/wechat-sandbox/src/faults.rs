//! Things that go wrong on purpose.
//!
//! A fault says where (a path, an account), what, and how often or how likely.
//! Faults of calls are drawn by the gate, faults of pushes by the push engine.

use crate::chance;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The call waits `ms` before it is carried out.
    Latency,
    /// Refused with `errcode`, not carried out.
    Errcode,
    /// The connection is closed; not carried out.
    DropBefore,
    /// Carried out, then the connection is closed without an answer.
    DropAfter,
    /// Carried out; half of the answer arrives and the connection is closed.
    Truncate,
    /// A page of HTML with status 200; not carried out.
    Html,
    /// `status` (503) without carrying it out.
    Status,
    /// Carried out, then `status` (502).
    #[serde(rename = "http_5xx")]
    Http5xx,
    /// Status 200 with nothing in it; not carried out.
    Empty,
    /// Status 200 with JSON that no call answers with; not carried out.
    OtherJson,
    /// Sent on to the same address (307); not carried out.
    Redirect,
    /// No answer for `ms` (60,000), then the connection is closed; not carried out.
    Silence,
    /// The push is delivered twice.
    DuplicatePush,
    /// The push comes `ms` late and is overtaken by those behind it.
    LatePush,
    /// The push changes places with the fan's next one, or comes after `ms` (2000) if there is none.
    ReorderPush,
    /// Somebody else takes a new token just before the call; the caller's is dead.
    StealToken,
}

impl FaultKind {
    pub fn is_push(self) -> bool {
        matches!(self, FaultKind::DuplicatePush | FaultKind::LatePush | FaultKind::ReorderPush)
    }

    /// Its name as the control API spells it.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// Where a fault strikes: everywhere what is not said.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Where {
    pub path: Option<String>,
    pub appid: Option<String>,
}

/// What it does there.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct What {
    pub kind: FaultKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errcode: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether the call is carried out all the same, where that is not as its kind says. What is refused and carried out
    /// is a lie that WeChat has not been caught at; a test may want to know what comes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executed: Option<bool>,
}

impl What {
    /// Whether the call is carried out before this is done to its answer.
    pub(crate) fn is_carried_out(&self) -> bool {
        let by_kind = !matches!(
            self.kind,
            FaultKind::Errcode
                | FaultKind::DropBefore
                | FaultKind::Html
                | FaultKind::Status
                | FaultKind::Empty
                | FaultKind::OtherJson
                | FaultKind::Redirect
                | FaultKind::Silence
        );
        self.executed.unwrap_or(by_kind)
    }
}

/// A fault as it is asked for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    #[serde(default, rename = "where")]
    pub place: Where,
    pub what: What,
    /// So many calls that it would strike pass before it does.
    #[serde(default)]
    pub after: u32,
    /// How often; without it, until it is removed.
    #[serde(default)]
    pub times: Option<u32>,
    /// 0 to 1; without it, always.
    #[serde(default)]
    pub probability: Option<f64>,
}

/// A fault that is lying in wait.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Fault {
    pub id: u64,
    #[serde(rename = "where")]
    pub place: Where,
    pub what: What,
    /// So many calls pass before it strikes.
    pub after: u32,
    pub times: Option<u32>,
    pub left: Option<u32>,
    pub hits: u64,
    pub probability: Option<f64>,
}

#[derive(Default)]
pub(crate) struct Faults {
    pub list: Vec<Fault>,
    last_id: u64,
}

impl Faults {
    pub fn add(&mut self, new: NewFault) -> u64 {
        self.last_id += 1;
        let NewFault { place, what, after, times, probability } = new;
        self.list.push(Fault { id: self.last_id, place, what, after, times, left: times, hits: 0, probability });
        self.last_id
    }

    /// The faults that strike here and now; each is used up by one.
    pub fn draw(&mut self, push: bool, path: &str, appid: Option<&str>) -> Vec<What> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let mut drawn = Vec::new();
        for fault in &mut self.list {
            let here = fault.what.kind.is_push() == push
                && fault.place.path.as_deref().is_none_or(|wanted| wanted == path)
                && fault.place.appid.as_deref().is_none_or(|wanted| Some(wanted) == appid)
                && fault.left != Some(0);
            if here && fault.after > 0 {
                fault.after -= 1;
            } else if here && fault.probability.is_none_or(chance::happens) {
                fault.hits += 1;
                fault.left = fault.left.map(|left| left - 1);
                drawn.push(fault.what.clone());
            }
        }
        drawn
    }
}
