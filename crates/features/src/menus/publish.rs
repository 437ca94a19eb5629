//! Making a version: checked, its links made, and the job set going that brings it to WeChat.

use entities::accounts::{self, Account, Function};
use jobs::NewJob;
use kit::{AccountId, Ctx, Error, MenuVersionId, Topic, Work, http::Faults};
use serde_json::json;
use url::Url;

use super::{
    check, conditionals, decide, links,
    model::{Button, VersionSource, VersionState, each},
    store::{self, NewVersion},
};

/// The host of counted links.
pub fn own_host(ctx: &Ctx) -> String {
    Url::parse(&ctx.public().url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Puts these buttons on their way to WeChat. Refused when the account may not, when another menu of it is on its way,
/// and when WeChat would refuse them.
pub async fn begin(
    work: &mut Work,
    account: &Account,
    buttons: &[Button],
    source: VersionSource,
) -> Result<MenuVersionId, Error> {
    account.may(Function::Menu)?;
    idle(work, account.id).await?;
    if source != VersionSource::Deletion {
        let mut faults = Faults::default();
        check::check(buttons, &own_host(work.ctx()), &mut faults);
        files_exist(work, buttons, &mut faults).await?;
        faults.check()?;
    }
    let links = links::make(work, account.id, buttons).await?;
    let sent = decide::to_wechat(buttons, &links);
    let new = NewVersion { buttons, sent: &sent, source, state: VersionState::Publishing };
    let id = store::add(work, account.id, &new).await?;
    start(work, account.id).await?;
    if each(buttons).any(|button| button.answer.as_ref().is_some_and(|answer| answer.media().is_some())) {
        hand_up(work, account.id).await?;
    }
    Ok(id)
}

/// One thing at a time: what WeChat shows in the end would otherwise be a matter of luck.
pub async fn idle(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let publishing = store::in_state(work, account, VersionState::Publishing).await?.is_some();
    if publishing || conditionals::open(work, account).await?.is_some() {
        return Err(Error::conflict("menu_busy", "a change of this account's menu is on its way to WeChat"));
    }
    Ok(())
}

/// Sets the job going, and tells the consoles.
pub async fn start(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let run_at = work.now();
    work.enqueue(NewJob {
        name: "menu_sync",
        payload: json!({ "account": account }),
        run_at,
        dedupe_key: Some(account.to_string()),
    })
    .await?;
    tell(work, account);
    Ok(())
}

pub fn tell(work: &mut Work, account: AccountId) {
    work.tell(Topic::Menu, &json!({ "account_id": account }));
}

/// WeChat must have the files by the time somebody taps.
pub async fn hand_up(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let run_at = work.now();
    let payload = json!({ "account": account });
    work.enqueue(NewJob { name: "upload_media", payload, run_at, dedupe_key: Some(account.to_string()) }).await?;
    Ok(())
}

/// Every file that an answer names is one of the tenant's.
pub async fn files_exist(work: &mut Work, buttons: &[Button], faults: &mut Faults) -> Result<(), Error> {
    for (place, button) in placed(buttons) {
        let Some(id) = button.answer.as_ref().and_then(|answer| answer.media()) else { continue };
        match entities::media::find(work, id).await {
            Err(Error::NotFound) => {
                faults.add(format!("{place}.answer.media_id"), "not_found", "there is no such file")
            }
            found => drop(found?),
        }
    }
    Ok(())
}

/// Every button with its path in the body.
fn placed(buttons: &[Button]) -> impl Iterator<Item = (String, &Button)> {
    buttons.iter().enumerate().flat_map(|(i, button)| {
        let below = button.buttons.iter().enumerate();
        std::iter::once((format!("buttons[{i}]"), button))
            .chain(below.map(move |(j, button)| (format!("buttons[{i}].buttons[{j}]"), button)))
    })
}

/// The account, if it could have a menu at all: drafts can be written while it is unbound.
pub async fn account(work: &mut Work, id: AccountId) -> Result<Account, Error> {
    let account = accounts::find(work, id).await?;
    account.could(Function::Menu)?;
    Ok(account)
}
