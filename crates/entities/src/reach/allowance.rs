//! How much may be said to a fan unasked, and until when (R3). Pure.

use kit::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wechat::message::Interaction;

use crate::accounts::Allowance;

const MINUTE: Millis = 60_000;
const HOURS_48: Millis = 48 * 60 * MINUTE;

/// Something that opens the window for customer-service messages, or uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The fan did this.
    Did(Interaction),
    /// A message went out, or may have.
    Said,
    /// WeChat says that nothing is left (45047).
    UsedUp,
    /// WeChat says that it is over (45015).
    Closed,
}

/// What opened a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    Message,
    MenuTap,
    Follow,
    Scan,
}

impl From<Interaction> for Opening {
    fn from(interaction: Interaction) -> Self {
        match interaction {
            Interaction::Message => Self::Message,
            Interaction::MenuTap => Self::MenuTap,
            Interaction::Follow => Self::Follow,
            Interaction::Scan => Self::Scan,
        }
    }
}

impl From<Opening> for Interaction {
    fn from(opening: Opening) -> Self {
        match opening {
            Opening::Message => Self::Message,
            Opening::MenuTap => Self::MenuTap,
            Opening::Follow => Self::Follow,
            Opening::Scan => Self::Scan,
        }
    }
}

/// The time in which WeChat takes customer-service messages to a fan, as far as we know: somebody else may speak for
/// the account as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Window {
    /// What the fan did last that counts.
    #[schema(inline)]
    pub opened_by: Opening,
    pub opened_at: Millis,
    /// Not from this instant on.
    pub until: Millis,
    /// So many messages more; absent when WeChat does not count.
    pub left: Option<u32>,
}

/// The window at `now`, from acts in whatever order. Nothing when none is open.
///
/// An interaction renews the window and does not add to it: of two that overlap, the larger count and the later end hold.
pub fn window(table: Allowance, acts: &[(Millis, Act)], now: Millis) -> Option<Window> {
    let mut acts: Vec<(Millis, Act)> = acts.iter().copied().filter(|(at, _)| *at <= now).collect();
    // Within one instant, what the fan did comes before what we said to it.
    acts.sort_by_key(|(at, act)| (*at, !matches!(act, Act::Did(_))));
    let mut open: Option<Window> = None;
    for (at, act) in acts {
        open = open.filter(|window| at < window.until);
        match act {
            Act::Did(interaction) => open = Some(renewed(table, open, interaction, at)),
            Act::Said => {
                if let Some(Window { left: Some(left), .. }) = &mut open {
                    *left = left.saturating_sub(1);
                }
            }
            Act::UsedUp => {
                if let Some(window) = &mut open {
                    window.left = Some(0);
                }
            }
            Act::Closed => open = None,
        }
    }
    open.filter(|window| now < window.until)
}

/// How long the window lasts that this opens, in milliseconds.
pub fn lasts(table: Allowance, interaction: Interaction) -> Millis {
    grants(table, interaction).1
}

fn grants(table: Allowance, interaction: Interaction) -> (Option<u32>, Millis) {
    match (table, interaction) {
        (Allowance::Classic, _) => (None, HOURS_48),
        (Allowance::June2023, Interaction::Message) => (Some(5), HOURS_48),
        (Allowance::June2023, _) => (Some(3), MINUTE),
    }
}

fn renewed(table: Allowance, open: Option<Window>, interaction: Interaction, at: Millis) -> Window {
    let (left, lasts) = grants(table, interaction);
    let fresh = Window { opened_by: interaction.into(), opened_at: at, until: at + lasts, left };
    match open {
        None => fresh,
        Some(old) => Window {
            left: old.left.zip(fresh.left).map(|(old, fresh)| old.max(fresh)),
            until: old.until.max(fresh.until),
            ..fresh
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(table: Allowance, acts: &[(Millis, Act)], now: Millis) -> Option<(Option<u32>, Millis)> {
        window(table, acts, now).map(|window| (window.left, window.until))
    }

    #[test]
    fn r3_five_in_48_hours_after_a_message_and_three_in_a_minute_after_the_rest() {
        let table = Allowance::June2023;
        let message = [(0, Act::Did(Interaction::Message))];
        assert_eq!(left(table, &message, 0), Some((Some(5), HOURS_48)));
        assert_eq!(left(table, &message, HOURS_48 - 1), Some((Some(5), HOURS_48)));
        assert_eq!(left(table, &message, HOURS_48), None);
        for interaction in [Interaction::Follow, Interaction::MenuTap, Interaction::Scan] {
            let acts = [(0, Act::Did(interaction)), (1, Act::Said), (2, Act::Said)];
            assert_eq!(left(table, &acts, 2), Some((Some(1), MINUTE)), "{interaction:?}");
            assert_eq!(left(table, &acts, MINUTE), None, "{interaction:?}");
        }
        assert_eq!(left(table, &[], 0), None);
    }

    #[test]
    fn r3_the_classic_table_counts_nothing_for_48_hours_after_anything() {
        for interaction in [Interaction::Message, Interaction::Follow, Interaction::MenuTap, Interaction::Scan] {
            let acts: Vec<_> =
                [(0, Act::Did(interaction))].into_iter().chain((1..40).map(|n| (n, Act::Said))).collect();
            assert_eq!(left(Allowance::Classic, &acts, 50), Some((None, HOURS_48)), "{interaction:?}");
            assert_eq!(left(Allowance::Classic, &acts, HOURS_48), None, "{interaction:?}");
        }
    }

    #[test]
    fn r3_interactions_renew_and_do_not_add_up() {
        let table = Allowance::June2023;
        let said = |n: Millis| (10 + n, Act::Said);
        let used = [(0, Act::Did(Interaction::Message)), said(0), said(1), said(2), said(3)];
        assert_eq!(left(table, &used, 20), Some((Some(1), HOURS_48)));
        let again = [&used[..], &[(30, Act::Did(Interaction::Message))]].concat();
        assert_eq!(left(table, &again, 30), Some((Some(5), HOURS_48 + 30)));
        // A tap gives back up to three, and the longer time stays.
        let tapped = [&used[..], &[(30, Act::Did(Interaction::MenuTap))]].concat();
        assert_eq!(left(table, &tapped, 30), Some((Some(3), HOURS_48)));
        let opened = window(table, &tapped, 30).unwrap();
        assert_eq!((opened.opened_by, opened.opened_at), (Opening::MenuTap, 30));
    }

    #[test]
    fn r3_more_than_allowed_is_none_left_and_wechats_word_stands() {
        let table = Allowance::June2023;
        let did = (0, Act::Did(Interaction::Follow));
        let five: Vec<_> = [did].into_iter().chain((1..6).map(|n| (n, Act::Said))).collect();
        assert_eq!(left(table, &five, 10), Some((Some(0), MINUTE)));
        assert_eq!(left(table, &[did, (5, Act::UsedUp)], 10), Some((Some(0), MINUTE)));
        assert_eq!(left(Allowance::Classic, &[did, (5, Act::UsedUp)], 10), Some((Some(0), HOURS_48)));
        assert_eq!(left(table, &[did, (5, Act::Closed)], 10), None);
        assert_eq!(left(table, &[(5, Act::Closed), (7, Act::Did(Interaction::Scan))], 10), Some((Some(3), MINUTE + 7)));
    }

    #[test]
    fn r3_the_order_in_which_acts_are_told_does_not_matter() {
        let acts =
            [(9, Act::Said), (0, Act::Did(Interaction::Message)), (3, Act::Said), (3, Act::Did(Interaction::Message))];
        assert_eq!(left(Allowance::June2023, &acts, 10), Some((Some(3), HOURS_48 + 3)));
        assert_eq!(
            left(Allowance::June2023, &acts, 5),
            Some((Some(4), HOURS_48 + 3)),
            "what is yet to come does not count"
        );
    }
}
