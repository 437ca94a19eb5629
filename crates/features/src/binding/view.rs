use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use entities::{
    accounts::{self, Account, Mode},
    avatars,
    imports::{self, ImportState},
};
use kit::{AccountId, Ctx, Error, Millis, Work};
use tokio::time::Instant;

use super::{
    model::{AccountView, Binding, BindingState, Verification, functions_of_account, health_of, sets_of},
    store::{self, Counts},
};

/// Counting a million fans takes a moment; such a count is good for a while, unless an import went on meanwhile.
#[derive(Default)]
struct Counted(Mutex<HashMap<AccountId, Known>>);

#[derive(Clone, Copy)]
struct Known {
    counts: Counts,
    until: Instant,
    imported: Imported,
}

/// How far the import was, and when it ended: the end puts fans right who left meanwhile.
type Imported = (i64, Option<Millis>);

const SLOW: Duration = Duration::from_millis(40);
const GOOD_FOR: Duration = Duration::from_secs(15);

async fn counts(work: &mut Work, account: AccountId, imported: Imported) -> Result<Counts, Error> {
    let counted = work.ctx().slot::<Counted>();
    let began = Instant::now();
    let known = counted.0.lock().unwrap_or_else(PoisonError::into_inner).get(&account).copied();
    if let Some(known) = known
        && began < known.until
        && known.imported == imported
    {
        return Ok(known.counts);
    }
    let counts = store::counts(work, account).await?;
    let mut known = counted.0.lock().unwrap_or_else(PoisonError::into_inner);
    if began.elapsed() >= SLOW {
        known.insert(account, Known { counts, until: Instant::now() + GOOD_FOR, imported });
    } else {
        known.remove(&account);
    }
    Ok(counts)
}

/// Where WeChat sends the account's callbacks.
pub fn callback_url(ctx: &Ctx, account: &Account) -> String {
    let url = &ctx.public().url;
    match account.mode {
        Mode::Direct => format!("{url}/wx/{}", account.callback_key),
        Mode::Platform => format!("{url}/wx/platform/{}/callback", account.app_id),
    }
}

/// The account as the console shows it.
pub async fn of(work: &mut Work, account: Account) -> Result<AccountView, Error> {
    let import = imports::find(work, account.id).await?;
    let imported = import.as_ref().map_or((0, None), |import| (import.done, import.finished_at));
    let counts = counts(work, account.id, imported).await?;
    let token_expires_at = accounts::token_expires_at(work, account.id).await?;
    Ok(AccountView {
        permission_sets: sets_of(&account),
        functions: functions_of_account(&account),
        health: health_of(&account, token_expires_at),
        callback_url: callback_url(work.ctx(), &account),
        import,
        kind: account.kind().into(),
        verification: if account.is_verified() { Verification::Verified } else { Verification::Unverified },
        following: counts.following,
        customers: counts.customers,
        id: account.id,
        mode: account.mode,
        app_id: account.app_id,
        original_id: account.original_id,
        nick_name: account.nick_name,
        avatar_url: avatars::of_account(account.id, account.avatar_url.as_deref()),
        verify_type: account.verify_type,
        verification_source: account.verification_source,
        alias: account.alias,
        principal_name: account.principal_name,
        status: account.status,
        encryption: account.encryption,
        callback_verified_at: account.callback_verified_at,
        listen_only: account.listen_only,
        allowance: account.allowance,
        bound_at: account.bound_at,
        unbound_at: account.unbound_at,
        created_at: account.created_at,
    })
}

/// The account with this id.
pub async fn find(work: &mut Work, id: AccountId) -> Result<AccountView, Error> {
    let account = accounts::find(work, id).await?;
    of(work, account).await
}

/// Every account of the tenant.
pub async fn list(work: &mut Work) -> Result<Vec<AccountView>, Error> {
    let mut views = Vec::new();
    for account in accounts::list(work).await? {
        views.push(of(work, account).await?);
    }
    Ok(views)
}

/// The binding as it is now: what time and the import make of the row.
pub async fn binding(work: &mut Work, mut binding: Binding) -> Result<Binding, Error> {
    match binding.state {
        BindingState::Waiting if work.now() >= binding.expires_at => binding.state = BindingState::Expired,
        BindingState::Done => {
            if let Some(account) = binding.account_id {
                let import = imports::find(work, account).await?;
                if import.is_some_and(|import| matches!(import.state, ImportState::Listing | ImportState::Running)) {
                    binding.state = BindingState::Importing;
                }
            }
        }
        _ => {}
    }
    Ok(binding)
}
