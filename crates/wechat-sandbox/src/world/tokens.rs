//! Access tokens of every kind, and how long each one lives beside its successor.
//!
//! A slot holds the newest token of one space (an account's plain one, its
//! stable one, an authorisation's, the component's). What was handed out before
//! is remembered by its text, so that a late call is told apart: superseded
//! (40001) or expired (42001).
//!
//! <https://developers.weixin.qq.com/doc/service/guide/dev/api/>

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::chance;
use crate::clock::{MINUTE, SECOND};
use crate::permute::url_letters;
use crate::wx::Refusal;

pub(crate) const LIFE_MS: i64 = 7200 * SECOND;
/// Old and new work together for so long after a refresh.
pub(crate) const GRACE_MS: i64 = 5 * MINUTE;
/// Two forced refreshes closer than this are one.
const FORCE_GAP_MS: i64 = 30 * SECOND;
const FORCES_A_DAY: u32 = 20;
/// A dead token is remembered for so long.
const MEMORY_MS: i64 = 24 * 3600 * SECOND;

/// What a token lets one do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Bearer {
    Account {
        appid: String,
    },
    /// A component acting for an account.
    Authorizer {
        appid: String,
        component: String,
    },
    Component,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Known {
    bearer: Bearer,
    expires_ms: i64,
    /// When a successor made it invalid.
    dies_ms: Option<i64>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Slot {
    current: Option<(String, i64)>,
}

impl Slot {
    pub fn current(&self) -> Option<&str> {
        self.current.as_ref().map(|(token, _)| token.as_str())
    }
}

/// How often an account has forced its stable token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Forces {
    day: i32,
    count: u32,
    last_ms: i64,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Tokens {
    known: HashMap<String, Known>,
}

impl Tokens {
    /// A new token in the slot; the former dies at `dies_ms`.
    pub fn mint(&mut self, slot: &mut Slot, bearer: Bearer, now_ms: i64, dies_ms: i64) -> (String, i64) {
        self.supersede(slot, dies_ms);
        if self.known.len() > 4096 {
            self.known.retain(|_, known| known.expires_ms + MEMORY_MS > now_ms);
        }
        let token = format!("{}_{}", 60 + now_ms / SECOND % 40, url_letters(chance::any(), 136));
        let expires_ms = now_ms + LIFE_MS;
        self.known.insert(token.clone(), Known { bearer, expires_ms, dies_ms: None });
        slot.current = Some((token.clone(), expires_ms));
        (token, LIFE_MS / SECOND)
    }

    /// The slot's token dies at that instant.
    pub fn supersede(&mut self, slot: &mut Slot, dies_ms: i64) {
        if let Some((old, _)) = slot.current.take()
            && let Some(known) = self.known.get_mut(&old)
        {
            known.dies_ms = Some(known.dies_ms.map_or(dies_ms, |before| before.min(dies_ms)));
        }
    }

    /// All tokens of a bearer die now.
    pub fn kill(&mut self, bearer: &Bearer, now_ms: i64) {
        for known in self.known.values_mut().filter(|known| known.bearer == *bearer) {
            known.dies_ms = Some(now_ms);
        }
    }

    /// What the stable call answers: the same token until its last five minutes, then the next,
    /// unless it is forced.
    pub fn stable(
        &mut self,
        slot: &mut Slot,
        forces: &mut Forces,
        bearer: Bearer,
        now_ms: i64,
        force: bool,
    ) -> Result<(String, i64), Refusal> {
        let current = slot.current.clone().filter(|(_, expires_ms)| *expires_ms > now_ms);
        if force {
            let day = crate::clock::day(now_ms);
            if forces.day != day {
                *forces = Forces { day, count: 0, last_ms: forces.last_ms };
            }
            let too_soon = forces.last_ms > 0 && now_ms - forces.last_ms < FORCE_GAP_MS;
            match &current {
                Some((token, expires_ms)) if too_soon => return Ok((token.clone(), (expires_ms - now_ms) / SECOND)),
                _ => {}
            }
            if forces.count >= FORCES_A_DAY {
                return Err(Refusal::DAILY_QUOTA);
            }
            forces.count += 1;
            forces.last_ms = now_ms;
            return Ok(self.mint(slot, bearer, now_ms, now_ms));
        }
        match current {
            Some((token, expires_ms)) if expires_ms - now_ms > GRACE_MS => Ok((token, (expires_ms - now_ms) / SECOND)),
            // The old one lives on until it expires, five minutes at most.
            Some((_, expires_ms)) => Ok(self.mint(slot, bearer, now_ms, expires_ms)),
            None => Ok(self.mint(slot, bearer, now_ms, now_ms)),
        }
    }

    /// Whose token it is, if it is good now.
    pub fn check(&self, token: &str, now_ms: i64) -> Result<&Bearer, Refusal> {
        let Some(known) = self.known.get(token) else {
            return Err(if well_formed(token) { Refusal::INVALID_CREDENTIAL } else { Refusal::INVALID_TOKEN });
        };
        if known.dies_ms.is_some_and(|dies_ms| dies_ms <= now_ms && dies_ms < known.expires_ms) {
            return Err(Refusal::INVALID_CREDENTIAL);
        }
        if known.expires_ms <= now_ms {
            return Err(match known.bearer {
                Bearer::Component => Refusal::EXPIRED_COMPONENT_TOKEN,
                _ => Refusal::EXPIRED_TOKEN,
            });
        }
        Ok(&known.bearer)
    }

    /// Whose token it is or was.
    pub fn bearer(&self, token: &str) -> Option<&Bearer> {
        self.known.get(token).map(|known| &known.bearer)
    }
}

/// Looks like a token: digits, an underscore, many letters.
fn well_formed(token: &str) -> bool {
    let Some((version, rest)) = token.split_once('_') else { return false };
    !version.is_empty()
        && version.bytes().all(|b| b.is_ascii_digit())
        && rest.len() >= 64
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
