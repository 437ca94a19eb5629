//! What may happen to a send, from values to values.
//!
//! The one place that says what follows from an answer, from no answer, and from the death of a process. A send
//! goes forward only. It goes back in line when WeChat has certainly done nothing; it is said a second time only under
//! the same id, where WeChat knows messages by their ids, and only while WeChat still remembers it. All else in which it may
//! have been said is `unknown`. [`explore`] tries every order in which two processes, WeChat and the clock can act.

#[cfg(test)]
mod explore;

use kit::{
    Millis,
    drill::{self, Mistake},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wechat_client::{Failure, Next, TokenError};

use super::{gates::Closing, sends::SendState};
use crate::calendar;

/// WeChat's clocks turn not all at once.
const AFTER_MIDNIGHT: Millis = 30_000;

/// Which of WeChat's services carries a send to one fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// A customer-service message. WeChat knows none of them again.
    Custom,
    /// A template message: WeChat knows it by `client_msg_id` for ten minutes.
    Template,
    /// A subscription notice. WeChat knows none of them again.
    Notice,
    /// A broadcast: no line of this ledger, but its way is closed by the same gates (see [`crate::broadcasts`]).
    Broadcast,
}

impl Service {
    pub const ALL: [Self; 4] = [Self::Custom, Self::Template, Self::Notice, Self::Broadcast];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "custom",
            Self::Template => "template",
            Self::Notice => "notice",
            Self::Broadcast => "broadcast",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.as_str() == text)
    }

    /// How long after the first attempt the same may be said again under the same id. WeChat documents ten minutes and
    /// nothing beyond; two are kept for clocks and for the way there.
    pub fn remembered(self) -> Option<Millis> {
        match self {
            Self::Template => Some(8 * 60_000),
            Self::Custom | Self::Notice | Self::Broadcast => None,
        }
    }
}

/// What is known of a send that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    pub service: Service,
    /// When the intent was written for the first time.
    pub first_at: Millis,
    /// How often it was written.
    pub attempts: i64,
    /// An earlier attempt may have been carried out.
    pub doubt: bool,
}

/// The time, and whether it can be trusted to measure by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    pub now: Millis,
    /// It was seen to go back.
    pub doubtful: bool,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is over: sent, refused or unknown, and a stable word for why.
    Over(SendState, Option<&'static str>),
    /// Nothing was done. Back in line.
    Again,
    /// It may have been done. Said again under the same id at this instant.
    Repeat(Millis),
    /// Nothing was done, and nothing will be until a person has seen to it.
    Hold(&'static str),
}

/// What follows from what a call came back with, and whether the way is closed to what comes after it.
pub fn after(tried: Tried, outcome: Result<(), &Failure>, clock: Clock) -> (Step, Option<Closing>) {
    let Err(failure) = outcome else { return (Step::Over(SendState::Sent, None), None) };
    let closing = closing(failure, clock.now);
    let step = match failure {
        Failure::Unclear(_) => unclear(tried, clock, "answer_lost"),
        Failure::Refused(refusal) if refusal.next == Next::Unclear => unclear(tried, clock, "wechat_busy"),
        // What WeChat says of this attempt it does not say of the one before.
        _ if tried.doubt => unclear(tried, clock, "answer_lost"),
        Failure::NotSent(_) => Step::Again,
        Failure::NoToken(TokenError::Unauthorized) => Step::Hold("unauthorized"),
        Failure::NoToken(_) => Step::Again,
        Failure::Refused(refusal) => {
            let code = refusal.body.errcode.0;
            match refusal.next {
                Next::WaitMinute | Next::WaitDay | Next::WaitMonth | Next::FreshToken | Next::TellPerson => Step::Again,
                Next::Unauthorized => Step::Hold("unauthorized"),
                Next::NotAllowed if closing.is_some() => Step::Again,
                Next::NotAllowed => Step::Over(SendState::Refused, Some("not_allowed")),
                Next::GiveUpRecipient => Step::Over(SendState::Refused, Some(recipient(code))),
                Next::FixRequest => Step::Over(SendState::Refused, Some("content")),
                Next::AlreadyDone => Step::Over(SendState::Sent, None),
                Next::Unclear | Next::SameIdTooSoon => unclear(tried, clock, "wechat_busy"),
            }
        }
    };
    (step, closing)
}

/// A report of WeChat's names the fan: only while one message to them is under way does it say which it was.
pub fn one_at_a_time(service: Service) -> bool {
    service != Service::Custom
}

/// What follows when the process that was sending it is gone, or no longer knows of it.
pub fn interrupted(tried: Tried, clock: Clock, reason: &'static str) -> Step {
    unclear(tried, clock, reason)
}

/// What is known, for people, of one that is given back and may have been carried out before.
pub const GIVEN_BACK: &str = "the answer to an earlier attempt was lost, and this one could not begin in time";

/// What follows when it was begun and no byte has left: too long ago for the call to begin now.
pub fn given_back(tried: Tried, clock: Clock) -> Step {
    if tried.doubt { unclear(tried, clock, "answer_lost") } else { Step::Again }
}

fn unclear(tried: Tried, clock: Clock, reason: &'static str) -> Step {
    if drill::is_made(Mistake::RetryWhatIsUnclear) {
        return Step::Again;
    }
    let at = clock.now + pause(tried.attempts);
    match tried.service.remembered() {
        // A clock that went back may do so again, and then nobody knows how long ago the first attempt was.
        Some(remembered) if !clock.doubtful && clock.now >= tried.first_at && at < tried.first_at + remembered => {
            Step::Repeat(at)
        }
        _ => Step::Over(SendState::Unknown, Some(reason)),
    }
}

/// Before the same is said again: 2, 8, 32 seconds, then a minute.
fn pause(attempts: i64) -> Millis {
    (2_000 << (2 * (attempts - 1).clamp(0, 5))).min(60_000)
}

/// A stable word for why this fan cannot be reached.
fn recipient(code: i64) -> &'static str {
    match code {
        45015 => "window_closed",
        45047 => "allowance_used",
        43004 | 50005 => "not_following",
        43019 => "blacklisted",
        48002 => "muted",
        43101 => "no_consent",
        _ => "recipient",
    }
}

/// No call is made for a while after these, by any process.
fn closing(failure: &Failure, now: Millis) -> Option<Closing> {
    const SECOND: Millis = 1000;
    let until = |reason, at| Some(Closing { reason, opens_at: Some(at) });
    match failure {
        Failure::NotSent(_) => until("unreachable", now + 10 * SECOND),
        Failure::NoToken(TokenError::Unauthorized) | Failure::Unclear(_) => None,
        Failure::NoToken(TokenError::Stopped { until_ms }) => until("no_token", (*until_ms).max(now + SECOND)),
        Failure::NoToken(_) => until("no_token", now + 60 * SECOND),
        Failure::Refused(refusal) => match refusal.next {
            Next::WaitMinute => until("minute_quota", now + 60 * SECOND),
            Next::WaitDay => until("day_quota", calendar::next_day(now) + AFTER_MIDNIGHT),
            Next::WaitMonth => until("month_quota", calendar::next_month(now) + AFTER_MIDNIGHT),
            Next::FreshToken | Next::TellPerson => until("no_token", now + 60 * SECOND),
            // The whole service is not ours to use; other refusals of this kind are about one message.
            Next::NotAllowed
                if matches!(
                    refusal.body.errcode.0,
                    48001 | 48004 | 50001 | 61007 | 61016 | 61017 | 45087 | 45103 | 43104 | 43106 | 43107
                ) =>
            {
                Some(Closing { reason: "not_allowed", opens_at: None })
            }
            _ => None,
        },
    }
}
