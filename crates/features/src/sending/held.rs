//! What is held when an authorisation ends, and a person's word on it (P8).

use entities::{
    accounts::{self, Function},
    events,
    messages::sends::{self, Held, SendState, Settled},
};
use kit::{AccountId, Error, Work};

use super::decide;

/// How much is held.
pub async fn look(work: &mut Work, account: AccountId) -> Result<Held, Error> {
    accounts::find(work, account).await?;
    sends::held(work, account).await
}

/// Lets it go out. Only for an account that may speak again; what is too late is refused by the sender, each with its
/// reason. How many messages.
pub async fn release(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    accounts::find(work, account).await?.may(Function::CustomMessage)?;
    let released = sends::release(work, account).await?;
    tracing::info!(account.id = account.0, released, "held messages were released");
    accounts::tell(work, account);
    Ok(released)
}

/// Drops it, in the name of `by`; every fan's story says so. How many messages.
pub async fn cancel(work: &mut Work, account: AccountId, by: &str) -> Result<u64, Error> {
    accounts::find(work, account).await?;
    let word = decide::Word { reason: Some("cancelled_by_person"), errcode: None };
    let settled = Settled {
        state: SendState::Cancelled,
        reason: Some("cancelled_by_person"),
        errcode: None,
        evidence: Some(format!("cancelled by {by}")),
    };
    let mut cancelled = 0;
    loop {
        let some = sends::cancel_some(work, account, &settled).await?;
        if some.is_empty() {
            break;
        }
        cancelled += some.len() as u64;
        let at = work.now();
        events::record(
            work,
            some.iter().map(|send| decide::told(send, send.message.as_ref(), SendState::Cancelled, word, at)).collect(),
        )
        .await?;
    }
    tracing::info!(account.id = account.0, cancelled, "held messages were cancelled");
    accounts::tell(work, account);
    Ok(cancelled)
}
