//! Taking over what WeChat has: the menu that is in force, also when it was made in WeChat's own console, and the menus
//! of some fans.

use std::collections::HashMap;

use entities::accounts::{self, Account, tokens::Keeper};
use kit::{Ctx, Error, TenantId, Work};
use serde::Serialize;
use utoipa::ToSchema;
use wechat::api::{
    Nothing,
    menu::{
        get_menu,
        get_selfmenu_info::{self, GetSelfmenuInfo},
    },
};
use wechat_client::{Failure, Next};

use super::{
    conditionals::{self, NewConditional},
    decide,
    model::{Button, ButtonKind, ConditionalState, Platform, VersionSource, VersionState, each},
    publish,
    store::{self, NewVersion},
    sync,
};

/// Where a menu was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Made through the API.
    Api,
    /// Made in WeChat's console.
    Console,
    /// There is none.
    None,
}

/// What WeChat has.
pub struct AtWechat {
    api: Option<get_menu::Response>,
    in_force: get_selfmenu_info::Response,
}

/// Asks WeChat. Nothing of ours is held meanwhile.
pub async fn look(ctx: &Ctx, tenant: TenantId, account: &Account) -> Result<AtWechat, Error> {
    let keeper = Keeper::new(ctx, tenant, account.id);
    let api = sync::read(ctx, &keeper).await.map_err(refusal)?;
    let in_force = ctx.wechat().call_as::<GetSelfmenuInfo>(&keeper, &Nothing {}).await.map_err(refusal)?;
    Ok(AtWechat { api, in_force })
}

/// A failed call, in the caller's terms.
pub fn refusal(failure: Failure) -> Error {
    match failure.next() {
        Next::Unclear | Next::FreshToken => Error::WeChatAway(failure.to_string()),
        _ => Error::WeChatRefused { errcode: failure.errcode().map_or(0, |code| code.0), errmsg: failure.to_string() },
    }
}

impl AtWechat {
    /// The menu that fans see: with kinds that the API cannot set, it was made in the console.
    fn menu(&self) -> (Found, Vec<Button>) {
        let console = decide::from_console(&self.in_force.selfmenu_info.button);
        let is_open = self.in_force.is_menu_open == 1 && !console.is_empty();
        let is_console = is_open && each(&console).any(|button| button.kind == Some(ButtonKind::Console));
        match &self.api {
            Some(api) if !is_console => (Found::Api, decide::from_wechat(&api.menu.button)),
            _ if is_open => (Found::Console, console),
            _ => (Found::None, Vec::new()),
        }
    }
}

/// Writes down what was found: as the version that is live when we thought otherwise, as the draft when that is wished.
pub async fn take_over(work: &mut Work, account: &Account, at: AtWechat, into_draft: bool) -> Result<Found, Error> {
    publish::idle(work, account.id).await?;
    let live = store::in_state(work, account.id, VersionState::Live).await?;
    let draft = store::draft(work, account.id).await?;
    let (found, mut buttons) = at.menu();
    if let Some(live) = &live {
        let sent = live.sent.iter().flat_map(|button| std::iter::once(button).chain(button.items()));
        let links: HashMap<String, String> = each(&live.buttons)
            .zip(sent)
            .filter_map(|(button, sent)| Some((button.id.clone(), sent.url.clone()?)))
            .collect();
        decide::recognise(&mut buttons, &live.buttons, &links);
    }
    decide::recognise(&mut buttons, &draft.buttons, &HashMap::new());
    let ctx = work.ctx().clone();
    decide::name_buttons(&mut buttons, &mut || ctx.new_id().to_string());
    let sent = match (&at.api, found) {
        (Some(api), Found::Api) => api.menu.button.clone(),
        _ => decide::to_wechat(&buttons, &HashMap::new()),
    };
    let is_known = match &live {
        Some(live) => decide::same(&live.sent, &sent),
        None => found == Found::None,
    };
    if !is_known {
        store::replace_live(work, account.id).await?;
        let new =
            NewVersion { buttons: &buttons, sent: &sent, source: VersionSource::Import, state: VersionState::Live };
        store::add(work, account.id, &new).await?;
    }
    if into_draft && draft.buttons != buttons {
        store::set_draft(work, account.id, &buttons, draft.revision).await?;
    }
    let some = at.api.map(|api| api.conditionalmenu).unwrap_or_default();
    take_over_some(work, account, some).await?;
    accounts::bump(work, account.id).await?;
    publish::tell(work, account.id);
    Ok(found)
}

/// The menus of some fans: those we do not know are new, those that WeChat does not have are gone.
async fn take_over_some(work: &mut Work, account: &Account, found: Vec<get_menu::Menu>) -> Result<(), Error> {
    let known = conditionals::list(work, account.id).await?;
    let ids: Vec<String> = found.iter().filter_map(|menu| Some(menu.menuid?.to_string())).collect();
    for menu in known.iter().filter(|menu| menu.state == ConditionalState::Live) {
        if menu.wechat_menu_id.as_ref().is_none_or(|id| !ids.contains(id)) {
            conditionals::set_state(work, menu.id, ConditionalState::Gone, None, None).await?;
        }
    }
    let ctx = work.ctx().clone();
    // WeChat lists the newest first; the newest of ours is the one written last.
    for menu in found.iter().rev() {
        let Some(id) = menu.menuid.map(|id| id.to_string()) else { continue };
        if known.iter().any(|one| one.wechat_menu_id.as_ref() == Some(&id)) {
            continue;
        }
        let mut buttons = decide::from_wechat(&menu.button);
        decide::name_buttons(&mut buttons, &mut || ctx.new_id().to_string());
        let rule = menu.matchrule.clone().unwrap_or_default();
        let new = NewConditional {
            name: "",
            buttons: &buttons,
            sent: &menu.button,
            wechat_tag_id: rule.tag_id.parse().ok(),
            platform: Platform::of_number(&rule.client_platform_type),
            found: Some(&id),
        };
        conditionals::add(work, account.id, &new).await?;
    }
    Ok(())
}
