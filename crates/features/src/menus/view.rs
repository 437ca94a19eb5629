//! An account's menus as the console sees them, all at once.

use entities::accounts::Account;
use kit::{AccountId, Error, FieldError, MenuVersionId, Millis, Work, http::Faults};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    check, conditionals,
    decide::{self, Change},
    model::{Conditional, Draft, Schedule, Version, VersionState},
    publish, schedules, store,
};

/// How long a publication can be taken back with one press.
pub const UNDO_MS: Millis = 24 * 3_600_000;

/// What publishing can be taken back to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Undo {
    /// The version that was live before; absent when there was no menu.
    pub version_id: Option<MenuVersionId>,
    pub number: Option<i64>,
    pub until_at: Millis,
}

/// The menus of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MenuView {
    pub account_id: AccountId,
    pub draft: Draft,
    /// What keeps the draft from being published.
    pub faults: Vec<FieldError>,
    /// What publishing the draft would change.
    pub changes: Vec<Change>,
    /// What fans see, as far as we know; absent before the first publication or import.
    pub live: Option<Version>,
    /// What is on its way to WeChat.
    pub publishing: Option<Version>,
    /// The last try, when it failed and nothing was published since.
    pub failed: Option<Version>,
    pub undo: Option<Undo>,
    /// Newest first: the order in which WeChat tries them.
    pub conditional: Vec<Conditional>,
    pub schedules: Vec<Schedule>,
    /// The host of counted links, one of the three that a menu may lead to.
    pub link_host: String,
}

pub async fn view(work: &mut Work, account: &Account) -> Result<MenuView, Error> {
    let id = account.id;
    let draft = store::draft(work, id).await?;
    let live = store::in_state(work, id, VersionState::Live).await?;
    let publishing = store::in_state(work, id, VersionState::Publishing).await?;
    let newest = live.as_ref().map_or(0, |live| live.number);
    let failed = store::in_state(work, id, VersionState::Failed).await?.filter(|failed| failed.number > newest);
    let link_host = publish::own_host(work.ctx());
    let mut faults = Faults::default();
    check::check(&draft.buttons, &link_host, &mut faults);
    publish::files_exist(work, &draft.buttons, &mut faults).await?;
    let changes = decide::changes(live.as_ref().map_or(&[], |live| &live.buttons), &draft.buttons);
    let undo = undo(work, live.as_ref()).await?;
    Ok(MenuView {
        account_id: id,
        draft,
        faults: faults.into_list(),
        changes,
        live,
        publishing,
        failed,
        undo,
        conditional: conditionals::list(work, id).await?,
        schedules: schedules::list(work, id).await?,
        link_host,
    })
}

async fn undo(work: &mut Work, live: Option<&Version>) -> Result<Option<Undo>, Error> {
    use super::model::VersionSource::{Import, Schedule};
    let Some(live) = live.filter(|live| !matches!(live.source, Import | Schedule)) else { return Ok(None) };
    let until_at = live.published_at.unwrap_or(live.made_at) + UNDO_MS;
    if until_at <= work.now() {
        return Ok(None);
    }
    let before = store::in_state(work, live.account, VersionState::Replaced).await?;
    let before = before.filter(|before| !before.buttons.is_empty());
    // Nothing before and nothing now: there is nothing to take back.
    if before.is_none() && live.buttons.is_empty() {
        return Ok(None);
    }
    Ok(Some(Undo {
        version_id: before.as_ref().map(|before| before.id),
        number: before.as_ref().map(|before| before.number),
        until_at,
    }))
}
