//! What may happen to one call of a broadcast, from values to values.
//!
//! It goes forward only: back in line when WeChat has certainly done nothing; said again under the same id, with the same
//! bytes, at least a minute later, while WeChat still knows the id; and otherwise `unknown`. An answer of 0, and the word
//! that it was there already, mean that WeChat took the job: what became of it is reported later. [`explore`] tries every
//! order in which two processes, WeChat and the clock can act.

#[cfg(test)]
mod explore;

use kit::Millis;
use wechat_client::{Failure, Next, TokenError};

use super::Way;
use crate::{calendar, messages::gates::Closing};

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
/// WeChat knows an id for 24 hours. One is kept for clocks and for the way there.
pub const REMEMBERED_MS: Millis = 23 * HOUR;
/// Within a minute WeChat only says that it was too soon.
const AT_LEAST: Millis = MINUTE + 1_000;
/// WeChat's clocks turn not all at once.
const AFTER_MIDNIGHT: Millis = 30_000;

/// What is known of a call that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    pub way: Way,
    /// A service account: its months count, a subscription account's days.
    pub is_service: bool,
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

/// WeChat took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub msg_id: i64,
    pub msg_data_id: Option<i64>,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// WeChat took it. When it only said that it had, it is asked how the job stands.
    Submitted { taken: Taken, known_before: bool },
    /// Nothing was done, nor will be: a stable word for why.
    Refused(&'static str),
    /// Nothing was done. Back in line, not before this instant.
    Again { at: Millis, reason: Option<&'static str> },
    /// It may have been done. Said again under the same id at this instant.
    Repeat(Millis),
    /// It may have been done, and WeChat no longer knows the id.
    Unknown(&'static str),
    /// Nothing was done; the account is lost.
    Lost,
}

/// What follows from what a call came back with, and whether the way is closed to what comes after it.
pub fn after(tried: Tried, outcome: Result<Taken, &Failure>, clock: Clock) -> (Step, Option<Closing>) {
    let failure = match outcome {
        Ok(taken) => return (Step::Submitted { taken, known_before: false }, None),
        Err(failure) => failure,
    };
    let closing = closing(tried, failure, clock.now);
    let again = |reason| Step::Again { at: clock.now, reason };
    let step = match failure {
        Failure::Refused(refusal) if refusal.next == Next::AlreadyDone => match refusal.body.msg_id {
            Some(msg_id) => {
                let taken = Taken { msg_id: msg_id.cast_signed(), msg_data_id: None };
                Step::Submitted { taken, known_before: true }
            }
            None => unclear(tried, clock, "answer_lost"),
        },
        Failure::Refused(refusal) if matches!(refusal.next, Next::Unclear | Next::SameIdTooSoon) => {
            unclear(tried, clock, "wechat_busy")
        }
        Failure::Unclear(_) => unclear(tried, clock, "answer_lost"),
        // What WeChat says of this attempt it does not say of the one before.
        _ if tried.doubt => unclear(tried, clock, "answer_lost"),
        Failure::NotSent(_) => again(None),
        Failure::NoToken(TokenError::Unauthorized) => Step::Lost,
        Failure::NoToken(_) => again(None),
        Failure::Refused(refusal) => match refusal.next {
            Next::Unauthorized => Step::Lost,
            // Only what goes to everybody uses the month's four; lists and tags may still go.
            Next::WaitDay if refusal.body.errcode.0 == 45028 && tried.is_service => {
                Step::Again { at: calendar::next_month(clock.now) + AFTER_MIDNIGHT, reason: Some("month_quota") }
            }
            Next::WaitDay => again(Some("day_quota")),
            Next::WaitMonth => again(Some("month_quota")),
            Next::WaitMinute | Next::FreshToken | Next::TellPerson => again(None),
            Next::NotAllowed => again(Some("not_allowed")),
            Next::GiveUpRecipient => Step::Refused("recipient"),
            Next::FixRequest => Step::Refused("content"),
            Next::AlreadyDone | Next::Unclear | Next::SameIdTooSoon => unclear(tried, clock, "wechat_busy"),
        },
    };
    (step, closing)
}

/// What follows when the process that was making the call is gone, or no longer knows of it.
pub fn interrupted(tried: Tried, clock: Clock) -> Step {
    unclear(tried, clock, "process_died")
}

/// What follows when it was begun and no byte has left: too long ago for the call to begin now.
pub fn given_back(tried: Tried, clock: Clock) -> Step {
    if tried.doubt { unclear(tried, clock, "answer_lost") } else { Step::Again { at: clock.now, reason: None } }
}

fn unclear(tried: Tried, clock: Clock, reason: &'static str) -> Step {
    let at = clock.now + pause(tried.attempts);
    // A clock that went back may do so again, and then nobody knows how long ago the first attempt was.
    if !clock.doubtful && clock.now >= tried.first_at && at < tried.first_at + REMEMBERED_MS {
        Step::Repeat(at)
    } else {
        Step::Unknown(reason)
    }
}

/// Before the same is said again: a minute at least, then more and more, an hour at most. A day has a hundred calls.
fn pause(attempts: i64) -> Millis {
    match attempts {
        ..=2 => AT_LEAST,
        3 => 3 * MINUTE,
        4 => 10 * MINUTE,
        5 | 6 => 30 * MINUTE,
        _ => HOUR,
    }
}

/// No call for broadcasts of this account is made for a while after these, by any process (P7).
fn closing(tried: Tried, failure: &Failure, now: Millis) -> Option<Closing> {
    const SECOND: Millis = 1000;
    let until = |reason, at| Some(Closing { reason, opens_at: Some(at) });
    match failure {
        Failure::NotSent(_) => until("unreachable", now + 10 * SECOND),
        Failure::NoToken(TokenError::Unauthorized) | Failure::Unclear(_) => None,
        Failure::NoToken(TokenError::Stopped { until_ms }) => until("no_token", (*until_ms).max(now + SECOND)),
        Failure::NoToken(_) => until("no_token", now + MINUTE),
        Failure::Refused(refusal) => match refusal.next {
            Next::WaitMinute => until("minute_quota", now + MINUTE),
            Next::WaitDay if refusal.body.errcode.0 == 45028 && tried.is_service => None,
            Next::WaitDay => until("day_quota", calendar::next_day(now) + AFTER_MIDNIGHT),
            Next::WaitMonth => until("month_quota", calendar::next_month(now) + AFTER_MIDNIGHT),
            // One refused token is replaced and nobody has to wait.
            Next::FreshToken if tried.attempts < 3 => None,
            Next::FreshToken | Next::TellPerson => until("no_token", now + MINUTE),
            Next::NotAllowed => Some(Closing { reason: "not_allowed", opens_at: None }),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use wechat::errcode::{ErrCode, ErrorBody};
    use wechat_client::Refusal;

    use super::*;

    fn refused(code: i64, msg_id: Option<u64>) -> Failure {
        let mut body = ErrorBody::new(ErrCode(code), String::new());
        body.msg_id = msg_id;
        Failure::Refused(Refusal { next: Next::of(body.errcode), body })
    }

    fn tried(attempts: i64, doubt: bool) -> Tried {
        Tried { way: Way::All, is_service: true, first_at: 1_000, attempts, doubt }
    }

    #[test]
    fn p2_a_first_45065_is_success_and_45066_waits_a_minute_with_the_same_id() {
        let clock = Clock { now: 2_000, doubtful: false };
        let (step, closing) = after(tried(1, false), Err(&refused(45065, Some(7))), clock);
        let taken = Taken { msg_id: 7, msg_data_id: None };
        assert_eq!((step, closing), (Step::Submitted { taken, known_before: true }, None));
        assert_eq!(after(tried(1, false), Err(&refused(45066, None)), clock).0, Step::Repeat(63_000));
        assert_eq!(after(tried(1, false), Err(&refused(45065, None)), clock).0, Step::Repeat(63_000));
        assert_eq!(after(tried(1, false), Err(&refused(45067, None)), clock).0, Step::Refused("content"));
        // A refusal of a repetition says nothing of the first.
        assert_eq!(after(tried(2, true), Err(&refused(45028, None)), clock).0, Step::Repeat(63_000));
        let late = Clock { now: 1_000 + REMEMBERED_MS, doubtful: false };
        assert_eq!(after(tried(2, true), Err(&refused(45066, None)), late).0, Step::Unknown("wechat_busy"));
        let back = Clock { now: 2_000, doubtful: true };
        assert_eq!(after(tried(1, false), Err(&Failure::Unclear("cut".into())), back).0, Step::Unknown("answer_lost"));
    }

    #[test]
    fn p7_the_months_quota_of_a_service_account_closes_only_what_goes_to_all() {
        let clock = Clock { now: 1_795_449_540_000, doubtful: false };
        let (step, closing) = after(tried(1, false), Err(&refused(45028, None)), clock);
        let next_month = calendar::next_month(clock.now) + AFTER_MIDNIGHT;
        assert_eq!((step, closing), (Step::Again { at: next_month, reason: Some("month_quota") }, None));
        let subscription = Tried { is_service: false, ..tried(1, false) };
        let (_, closing) = after(subscription, Err(&refused(45028, None)), clock);
        assert_eq!(closing.and_then(|closing| closing.opens_at), Some(calendar::next_day(clock.now) + AFTER_MIDNIGHT));
        let (_, closing) = after(tried(1, false), Err(&refused(48003, None)), clock);
        assert_eq!(closing, Some(Closing { reason: "not_allowed", opens_at: None }));
    }
}
