//! Every order in which two processes, WeChat and the clock can act on one send, tried to the end.
//!
//! A process may die or stand still at any point, another may take over what it began, an answer may be lost, and WeChat
//! may carry a call out or not without saying which. WeChat knows a template message by its id for ten minutes.

use std::collections::{HashSet, VecDeque};

use wechat::errcode::{ErrCode, ErrorBody};
use wechat_client::{Failure, Next, Refusal};

use super::*;

const MINUTE: Millis = 60_000;
/// WeChat's memory of a template message.
const WECHAT_KNOWS: Millis = 10 * MINUTE;
/// Longer than anything here remembers.
const END: Millis = 14 * MINUTE;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Line {
    Queued,
    Sending,
    Retrying(Millis),
    Sent,
    Refused,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Answer {
    Done,
    Refused,
    Busy,
    Lost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Process {
    Idle,
    /// It has claimed this attempt and not looked at the clock again.
    Claimed {
        attempt: i64,
        doubt: bool,
        at: Millis,
    },
    /// It has looked, and the bytes are about to leave.
    Leaving {
        attempt: i64,
        doubt: bool,
        at: Millis,
    },
    Answered {
        attempt: i64,
        doubt: bool,
        answer: Answer,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct World {
    now: Millis,
    line: Line,
    attempts: i64,
    first_at: Millis,
    sending_at: Millis,
    processes: [Process; 2],
    executions: u8,
    executed_at: Millis,
}

/// What is explored: the service, how long a process may stand still between its last look and the bytes, and whether the
/// program is the broken one that queues again what a dead process had begun.
#[derive(Clone, Copy)]
struct Rules {
    service: Service,
    longest_freeze: Millis,
    broken: bool,
}

impl World {
    fn clock(&self) -> Clock {
        Clock { now: self.now, doubtful: false }
    }

    fn tried(&self, service: Service, attempt: i64, doubt: bool) -> Tried {
        Tried { service, first_at: self.first_at, attempts: attempt, doubt }
    }

    fn is(&self, attempt: i64) -> bool {
        self.line == Line::Sending && self.attempts == attempt
    }

    fn take(mut self, step: &Step) -> Self {
        self.line = match step {
            Step::Over(SendState::Sent, _) => Line::Sent,
            Step::Over(SendState::Refused, _) => Line::Refused,
            Step::Over(..) => Line::Unknown,
            Step::Again => Line::Queued,
            Step::Repeat(at) => Line::Retrying(*at),
            Step::Hold(_) => Line::Refused,
        };
        self
    }

    fn with(mut self, n: usize, process: Process) -> Self {
        self.processes[n] = process;
        self
    }

    /// Everything that may happen next.
    fn next(&self, rules: Rules) -> Vec<World> {
        let mut all = Vec::new();
        let service = rules.service;
        if self.now < END {
            all.push(World { now: self.now + MINUTE, ..*self });
        }
        let forgotten = self.now - service.remembered().unwrap_or(0);
        if matches!(self.line, Line::Retrying(_)) && self.first_at <= forgotten {
            all.push(World { line: Line::Unknown, ..*self });
        }
        for n in 0..2 {
            match self.processes[n] {
                Process::Idle => {
                    let claim = |doubt: bool| {
                        let first_at = if doubt { self.first_at } else { self.now };
                        World {
                            line: Line::Sending,
                            attempts: self.attempts + 1,
                            first_at,
                            sending_at: self.now,
                            ..*self
                        }
                        .with(n, Process::Claimed { attempt: self.attempts + 1, doubt, at: self.now })
                    };
                    match self.line {
                        Line::Queued => all.push(claim(false)),
                        Line::Retrying(due) if due <= self.now && self.first_at > forgotten => all.push(claim(true)),
                        // The other is thought dead: its sign of life has run out.
                        Line::Sending if self.now > self.sending_at => {
                            let step = if rules.broken {
                                Step::Again
                            } else {
                                interrupted(self.tried(service, self.attempts, false), self.clock(), "process_died")
                            };
                            all.push(self.take(&step));
                        }
                        _ => {}
                    }
                }
                Process::Claimed { attempt, doubt, at } => {
                    all.push(self.with(n, Process::Idle));
                    if self.now == at {
                        all.push(self.with(n, Process::Leaving { attempt, doubt, at }));
                    } else {
                        let step = given_back(self.tried(service, attempt, doubt), self.clock());
                        let back = self.with(n, Process::Idle);
                        all.push(if self.is(attempt) { back.take(&step) } else { back });
                    }
                }
                Process::Leaving { attempt, doubt, at } => {
                    all.push(self.with(n, Process::Idle));
                    if self.now - at <= rules.longest_freeze {
                        all.extend(self.called(rules, n, attempt, doubt));
                    }
                }
                Process::Answered { attempt, doubt, answer } => {
                    all.push(self.with(n, Process::Idle));
                    all.push(self.written(service, n, attempt, doubt, answer));
                }
            }
        }
        all
    }

    /// What WeChat may make of a call.
    fn called(&self, rules: Rules, n: usize, attempt: i64, doubt: bool) -> Vec<World> {
        let knows =
            rules.service.remembered().is_some() && self.executions > 0 && self.now - self.executed_at < WECHAT_KNOWS;
        let done =
            if knows { *self } else { World { executions: self.executions + 1, executed_at: self.now, ..*self } };
        let with = |world: World, answer| world.with(n, Process::Answered { attempt, doubt, answer });
        vec![
            with(done, Answer::Done),
            with(done, Answer::Lost),
            with(done, Answer::Busy),
            with(*self, Answer::Lost),
            with(*self, Answer::Busy),
            with(*self, Answer::Refused),
        ]
    }

    /// The answer is written down, if the line is still about this attempt.
    fn written(&self, service: Service, n: usize, attempt: i64, doubt: bool, answer: Answer) -> World {
        let refused = |code: i64| {
            let body = ErrorBody::new(ErrCode(code), String::new());
            Failure::Refused(Refusal { next: Next::of(body.errcode), body })
        };
        let failure = match answer {
            Answer::Done => None,
            Answer::Refused => Some(refused(43004)),
            Answer::Busy => Some(refused(-1)),
            Answer::Lost => Some(Failure::Unclear("cut".into())),
        };
        let outcome = failure.as_ref().map_or(Ok(()), Err);
        let (step, _) = after(self.tried(service, attempt, doubt), outcome, self.clock());
        let idle = self.with(n, Process::Idle);
        if self.is(attempt) {
            return idle.take(&step);
        }
        // An answer that comes after hope was given up.
        let late = self.line == Line::Unknown && self.attempts == attempt;
        match step {
            Step::Over(SendState::Sent, _) if late => idle.take(&step),
            Step::Over(SendState::Refused, _) if late && !doubt => idle.take(&step),
            _ => idle,
        }
    }

    fn fault(&self) -> Option<String> {
        let wrong = match self.line {
            Line::Queued | Line::Refused => self.executions != 0,
            Line::Sent => self.executions != 1,
            Line::Sending | Line::Retrying(_) | Line::Unknown => self.executions > 1,
        };
        wrong.then(|| format!("{self:?}"))
    }
}

/// Walks through everything. How many worlds there are, and the first that ought not to be.
fn explore(rules: Rules) -> (usize, Option<String>) {
    let start = World {
        now: 0,
        line: Line::Queued,
        attempts: 0,
        first_at: 0,
        sending_at: 0,
        processes: [Process::Idle; 2],
        executions: 0,
        executed_at: 0,
    };
    let (mut seen, mut ahead) = (HashSet::from([start]), VecDeque::from([start]));
    while let Some(world) = ahead.pop_front() {
        if let Some(fault) = world.fault() {
            return (seen.len(), Some(fault));
        }
        // More attempts than eight minutes hold tell nothing new.
        for next in world.next(rules).into_iter().filter(|next| next.attempts <= 4) {
            if seen.insert(next) {
                ahead.push_back(next);
            }
        }
    }
    (seen.len(), None)
}

#[test]
fn p1_p2_p22_in_no_order_of_events_is_a_send_carried_out_twice() {
    for service in [Service::Custom, Service::Template, Service::Notice] {
        let (worlds, fault) = explore(Rules { service, longest_freeze: 0, broken: false });
        assert_eq!(fault, None, "{service:?}");
        assert!(worlds > 500, "{service:?}: only {worlds} worlds");
    }
}

#[test]
fn p22_a_process_frozen_just_before_its_bytes_leave_does_no_harm_within_wechats_memory() {
    let rules = Rules { service: Service::Template, longest_freeze: MINUTE, broken: false };
    assert_eq!(explore(rules).1, None);
    // This is what is not promised: frozen for longer than that, and thawed after WeChat has forgotten.
    assert!(explore(Rules { longest_freeze: END, ..rules }).1.is_some());
}

#[test]
fn p5_the_walk_finds_a_program_that_queues_again_what_a_dead_process_began() {
    for service in [Service::Custom, Service::Template, Service::Notice] {
        let fault = explore(Rules { service, longest_freeze: 0, broken: true }).1;
        assert!(fault.is_some(), "{service:?}: a walk that finds nothing wrong here finds nothing anywhere");
    }
}
