//! Deleting an account: what goes, what stays, and that it can only be done to an unbound one (R17 to R20).

use entities::{
    accounts::{self, Account, Status, secrets},
    fans,
};
use kit::{AccountId, Error, Work};

use super::{direct::still_bound, model::Deletion, store};

/// What deleting will do, in numbers, so that nobody deletes in the dark.
pub async fn preview(work: &mut Work, id: AccountId) -> Result<Deletion, Error> {
    accounts::find(work, id).await?;
    Ok(Deletion {
        customers_kept: store::count_customers(work, id).await?,
        fans_frozen: store::count_unfrozen(work, id).await?,
        events_kept: store::count_events(work, id).await?,
        replies_deleted: store::count_replies(work, id).await?,
        tags_kept: store::count_tags(work).await?,
        pending_sends: store::count_waiting_sends(work, id).await?,
        date: work.now(),
    })
}

/// Deletes the account. Its customers and their stories stay; their follow states become history, until today.
pub async fn delete(work: &mut Work, id: AccountId, confirm: &str) -> Result<Account, Error> {
    let account = accounts::find(work, id).await?;
    let status: Status = account.status.delete().map_err(|_| still_bound(&account))?;
    if confirm.trim() != account.nick_name.trim() {
        return Err(Error::field("confirm", "mismatch", "confirm must be the account's name, as shown"));
    }
    // First, as everywhere: who works for the account in the background holds its import before its row.
    store::remove_import(work, id).await?;
    accounts::set_status(work, id, status).await?;
    secrets::remove_all(work, id).await?;
    accounts::remove_token(work, id).await?;
    store::cancel_sends(work, id).await?;
    store::remove_replies(work, id).await?;
    store::remove_reply_notes(work, id).await?;
    store::remove_unmatched(work, id).await?;
    store::remove_wechat_tags(work, id).await?;
    store::remove_wechat_media(work, id).await?;
    let now = work.now();
    fans::freeze(work, id, now).await?;
    accounts::tell(work, id);
    Ok(account)
}
