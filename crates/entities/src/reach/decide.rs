//! May we, and if not why. Pure.

use super::{AccountReach, ReachCode, Way, Why, Window, allowance, model::Facts};
use crate::{
    accounts::{Account, Function},
    fans::{Fan, FanStatus},
};

/// Whether this fan can be spoken to.
pub fn reach(account: &Account, fan: &Fan, facts: &Facts) -> AccountReach {
    AccountReach {
        account_id: account.id,
        openid: fan.openid.clone(),
        ways: vec![custom(account, fan, facts), template(account, fan)],
    }
}

fn custom(account: &Account, fan: &Fan, facts: &Facts) -> Way {
    let window = allowance::window(account.allowance, facts.acts, facts.now)
        .map(|window| Window { left: window.left.map(|left| left.saturating_sub(facts.waiting)), ..window });
    let why = match account.may(Function::CustomMessage) {
        Err(denied) => Some(denied.into()),
        // Who has never been seen to follow may well do; WeChat will say.
        Ok(()) if matches!(fan.status, FanStatus::Left | FanStatus::Frozen) => {
            Some(Why::new(ReachCode::NotFollowing, "R3"))
        }
        Ok(()) => match window {
            None => Some(Why::new(ReachCode::WindowClosed, "R3")),
            Some(Window { left: Some(0), .. }) => Some(Why::new(ReachCode::AllowanceUsed, "R3")),
            Some(_) => None,
        },
    };
    Way { function: Function::CustomMessage, may: why.is_none(), why, window }
}

/// Template messages have no window: whoever follows can be told.
fn template(account: &Account, fan: &Fan) -> Way {
    let why = match account.may(Function::Template) {
        Err(denied) => Some(denied.into()),
        Ok(()) if matches!(fan.status, FanStatus::Left | FanStatus::Frozen) => {
            Some(Why::new(ReachCode::NotFollowing, "R4"))
        }
        Ok(()) => None,
    };
    Way { function: Function::Template, may: why.is_none(), why, window: None }
}
