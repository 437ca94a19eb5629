//! Official accounts: what they are, what they may do, their secrets, and the tokens we act with.
//!
//! Slices get in by [`find`] and [`list`] and ask [`Account::may`]; the callback door by [`door_by_key`] and
//! [`door_by_app`]; every call to WeChat for an account is made with a [`tokens::Keeper`]. Binding itself is a slice.

mod model;

pub mod matrix;

mod store;

pub mod secrets;

mod door;

pub mod tokens;

pub mod platform;

#[cfg(test)]
mod tests;

use kit::{AccountId, Error, Topic, Work};

pub use door::{Door, door_by_app, door_by_key, forget, heard_callback};
pub(crate) use model::words;

pub use matrix::{ASKED_SETS, Denied, DeniedCode, Function, functions_of};
pub use model::{Account, Allowance, Encryption, Mode, NewAccount, Profile, Status, VerificationSource, WrongStatus};
pub use store::{
    DoorState, bump, callback_verified, clear_problem, door_state, find, find_by_app, hold, insert, learn_original_id,
    list, owner_of_app, remove_token, set_permission_sets, set_problem, set_profile, set_settings, set_status, taken,
    token_expires_at,
};

/// Tells the tenant's consoles to look at the account again.
pub fn tell(work: &mut Work, account: AccountId) {
    work.tell(Topic::Account, &serde_json::json!({ "id": account }));
}

/// WeChat no longer lets us act for the account: it is unbound, and what waits to be sent is held, in this one
/// transaction (R17, P8). Nothing else is touched. Hearing it twice changes nothing.
pub async fn lost(work: &mut Work, account: AccountId, why: &str) -> Result<(), Error> {
    if !unbind(work, account).await? {
        return Ok(());
    }
    set_problem(work, account, why, None).await?;
    tracing::warn!(account.id = account.0, why, "an account was lost");
    Ok(())
}

/// Unbinds the account and holds its sends. False when it was not bound.
pub async fn unbind(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let found = find(work, account).await?;
    if !found.is_bound() {
        return Ok(false);
    }
    set_status(work, account, found.status.unbind()?).await?;
    remove_token(work, account).await?;
    store::hold_sends(work, account).await?;
    store::doubt_sends(work, account).await?;
    store::hold_broadcasts(work, account).await?;
    tell(work, account);
    Ok(true)
}
