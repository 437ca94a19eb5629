//! Drills: a program that was built for it dies at a named place of its code, or makes a known mistake, so that it is
//! seen that nothing is lost by the one and that the tests notice the other.
//!
//! `HONGYAN_DRILL` says what: `die=<place>:<n>`, when the place is reached for the n-th time, or `mistake=<name>`. Only
//! programs with debug assertions look at it, and there is no way to build a release that does: there, a place is
//! nothing and no mistake is made.

/// A mistake that tests must notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// What a dead process began is put back in line.
    ResendOnRestart,
    /// The call is made before its intent lasts.
    CallBeforeIntent,
    /// A message that WeChat does not know again is repeated after a lost answer.
    RetryWhatIsUnclear,
    /// Each attempt has an id of its own.
    AnotherIdEachTime,
    /// WeChat is answered before its callback lasts.
    AnswerBeforeCommit,
    /// A callback that comes again is taken again.
    TakeRepeats,
    /// A quota that is used up closes nothing.
    IgnoreGates,
    /// A claim that is too old is called all the same, and a stopped campaign goes on.
    CallLate,
    /// As many tokens are fetched as anybody asks for.
    FetchTokensAtWill,
}

impl Mistake {
    pub const ALL: [Self; 9] = [
        Self::ResendOnRestart,
        Self::CallBeforeIntent,
        Self::RetryWhatIsUnclear,
        Self::AnotherIdEachTime,
        Self::AnswerBeforeCommit,
        Self::TakeRepeats,
        Self::IgnoreGates,
        Self::CallLate,
        Self::FetchTokensAtWill,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResendOnRestart => "resend_on_restart",
            Self::CallBeforeIntent => "call_before_intent",
            Self::RetryWhatIsUnclear => "retry_what_is_unclear",
            Self::AnotherIdEachTime => "another_id_each_time",
            Self::AnswerBeforeCommit => "answer_before_commit",
            Self::TakeRepeats => "take_repeats",
            Self::IgnoreGates => "ignore_gates",
            Self::CallLate => "call_late",
            Self::FetchTokensAtWill => "fetch_tokens_at_will",
        }
    }
}

#[cfg(not(debug_assertions))]
mod program {
    use super::Mistake;

    #[inline(always)]
    pub fn place(_: &'static str) {}

    #[inline(always)]
    pub fn is_made(_: Mistake) -> bool {
        false
    }

    /// Never comes back.
    #[inline(always)]
    pub async fn in_the_middle(_: &'static str) {
        std::future::pending().await
    }
}

#[cfg(debug_assertions)]
mod program {
    use std::{
        sync::{
            LazyLock,
            atomic::{AtomicU64, Ordering},
        },
        time::Duration,
    };

    use super::Mistake;

    enum Drill {
        None,
        Die { place: String, left: AtomicU64 },
        Mistake(Mistake),
    }

    #[expect(clippy::disallowed_methods, reason = "no configuration may ask for it, and no release looks at it")]
    static DRILL: LazyLock<Drill> = LazyLock::new(|| read(&std::env::var("HONGYAN_DRILL").unwrap_or_default()));

    fn read(text: &str) -> Drill {
        match text.split_once('=') {
            Some(("die", place)) => {
                let (place, nth) = place.split_once(':').unwrap_or((place, "1"));
                Drill::Die { place: place.to_owned(), left: AtomicU64::new(nth.parse().unwrap_or(1)) }
            }
            Some(("mistake", name)) => {
                Mistake::ALL.into_iter().find(|mistake| mistake.as_str() == name).map_or(Drill::None, Drill::Mistake)
            }
            _ => Drill::None,
        }
    }

    fn dies_at(reached: &str) -> bool {
        match &*DRILL {
            Drill::Die { place, left } if place == reached => left.fetch_sub(1, Ordering::Relaxed) == 1,
            _ => false,
        }
    }

    /// Dies here, if it is to.
    pub fn place(name: &'static str) {
        if dies_at(name) {
            eprintln!("a drill: this process dies at {name}");
            std::process::abort();
        }
    }

    /// Whether this mistake is to be made.
    pub fn is_made(mistake: Mistake) -> bool {
        matches!(&*DRILL, Drill::Mistake(wanted) if *wanted == mistake)
    }

    /// Beside something that takes a while: dies in the middle of it, if it is to. Never comes back.
    pub async fn in_the_middle(name: &'static str) {
        if dies_at(name) {
            tokio::time::sleep(Duration::from_millis(10)).await;
            eprintln!("a drill: this process dies at {name}");
            std::process::abort();
        }
        std::future::pending().await
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_drill_is_a_place_and_how_often_it_is_passed_or_a_mistake() {
            assert!(
                matches!(read("die=send.claim.lasting:3"), Drill::Die { place, left } if place == "send.claim.lasting" && left.load(Ordering::Relaxed) == 3)
            );
            for mistake in Mistake::ALL {
                assert!(
                    matches!(read(&format!("mistake={}", mistake.as_str())), Drill::Mistake(found) if found == mistake)
                );
            }
            for nothing in ["", "mistake=another", "live=here"] {
                assert!(matches!(read(nothing), Drill::None), "{nothing}");
            }
        }
    }
}

pub use program::{in_the_middle, is_made, place};
