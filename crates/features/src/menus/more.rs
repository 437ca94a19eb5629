//! The doors beside the draft: menus for some fans, the clock, what a certain fan sees, and the numbers.

use axum::{Json, extract::State, http::StatusCode};
use entities::{
    accounts::{self, Function, tokens::Keeper},
    customers, fans, tags,
};
use kit::{
    AccountId, Allowed, Body, ConditionalMenuId, Ctx, CustomerId, Error, MenuScheduleId, MenuVersionId, Millis, Params,
    PathId, Work, capability::can, http::Faults,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::api::menu::try_match_menu::{Request, TryMatchMenu};

use super::{
    check,
    conditionals::{self, NewConditional},
    decide, import, links,
    model::{Button, ConditionalState, Platform, ScheduleState, VersionState},
    numbers::{self, Period, TapReport},
    publish, schedules, store,
    view::{self, MenuView},
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(schedule_menu))
        .routes(routes!(cancel_menu_schedule))
        .routes(routes!(create_conditional_menu))
        .routes(routes!(delete_conditional_menu))
        .routes(routes!(see_menu_as))
        .routes(routes!(get_menu_taps))
}

/// What the clock is to publish.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScheduleBody {
    /// An earlier version; the draft as it is now when absent.
    #[serde(default)]
    version_id: Option<MenuVersionId>,
    starts_at: Millis,
    /// When what was live before comes back; it stays when absent.
    #[serde(default)]
    ends_at: Option<Millis>,
    /// Every day at the same times by the company's clock; needs `ends_at` within a day of `starts_at`.
    #[serde(default)]
    daily: bool,
}

const DAY_MS: Millis = 86_400_000;

/// Publish a menu at a time, and take it back at another.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/menu/schedule", operation_id = "schedule_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")), request_body = ScheduleBody,
    responses((status = 201, description = "The menus, with their schedules.", body = MenuView)))]
async fn schedule_menu(
    mut work: Allowed<can::MenusWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(body): Body<ScheduleBody>,
) -> Result<(StatusCode, Json<MenuView>), Error> {
    let account = publish::account(&mut work, account).await?;
    let buttons = match body.version_id {
        Some(id) => store::version(&mut work, account.id, id).await?.buttons,
        None => store::draft(&mut work, account.id).await?.buttons,
    };
    let mut faults = Faults::default();
    check::check(&buttons, &publish::own_host(work.ctx()), &mut faults);
    if body.starts_at <= work.now() {
        faults.add("starts_at", "past", "this time has passed");
    }
    match body.ends_at {
        Some(end) if end <= body.starts_at => faults.add("ends_at", "order", "it must end after it begins"),
        Some(end) if body.daily && end - body.starts_at >= DAY_MS => {
            faults.add("ends_at", "range", "what comes every day lasts less than one");
        }
        None if body.daily => faults.add("ends_at", "required", "what comes every day has an end"),
        _ => {}
    }
    faults.check()?;
    schedules::add(&mut work, account.id, &buttons, (body.starts_at, body.ends_at, body.daily)).await?;
    publish::tell(&mut work, account.id);
    let view = view::view(&mut work, &account).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Give a schedule up. What it has published already stays.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/menu/schedules/{schedule}", operation_id = "cancel_menu_schedule", tag = "menus",
    params(("account" = AccountId, Path, description = "The account."), ("schedule" = MenuScheduleId, Path, description = "The schedule.")),
    responses((status = 204, description = "Given up.")))]
async fn cancel_menu_schedule(
    mut work: Allowed<can::MenusWrite>,
    PathId((account, id)): PathId<(AccountId, MenuScheduleId)>,
) -> Result<StatusCode, Error> {
    schedules::find(&mut work, account, id).await?;
    schedules::set_state(&mut work, id, ScheduleState::Cancelled, None).await?;
    publish::tell(&mut work, account);
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A menu for some fans.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConditionalBody {
    /// For people here; fans do not see it. At most 60 characters.
    name: String,
    /// The buttons get ids of their own, so that their taps are counted apart.
    buttons: Vec<Button>,
    /// For fans with this tag of WeChat's, by WeChat's number.
    #[serde(default)]
    wechat_tag_id: Option<i64>,
    /// For fans with this kind of phone. With a tag, both must fit.
    #[serde(default)]
    platform: Option<Platform>,
}

/// Add a menu that only some fans see. The newest that fits a fan is shown.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/menu/conditional", operation_id = "create_conditional_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")), request_body = ConditionalBody,
    responses((status = 202, description = "The menus; the new one is `adding`.", body = MenuView),
        (status = 409, description = "`menu_no_default`: there must be a menu for all first. `menu_busy`.")))]
async fn create_conditional_menu(
    mut work: Allowed<can::MenusWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(mut body): Body<ConditionalBody>,
) -> Result<(StatusCode, Json<MenuView>), Error> {
    let account = accounts::find(&mut work, account).await?;
    account.may(Function::Menu)?;
    let mut faults = Faults::default();
    check::check_shape(&body.buttons, &mut faults);
    check::check(&body.buttons, &publish::own_host(work.ctx()), &mut faults);
    publish::files_exist(&mut work, &body.buttons, &mut faults).await?;
    if body.name.trim().is_empty() || body.name.chars().count() > 60 {
        faults.add("name", "length", "name must be 1 to 60 characters");
    }
    if body.wechat_tag_id.is_none() && body.platform.is_none() {
        faults.add("wechat_tag_id", "required", "say which fans see it: by tag, by phone, or both");
    }
    if let Some(tag) = body.wechat_tag_id
        && !tags::wechat_tags(&mut work, account.id).await?.iter().any(|known| known.wechat_id == tag && tag >= 0)
    {
        faults.add("wechat_tag_id", "not_found", "WeChat has no such tag for this account");
    }
    faults.check()?;
    publish::idle(&mut work, account.id).await?;
    let live = store::in_state(&mut work, account.id, VersionState::Live).await?;
    if live.is_none_or(|live| live.buttons.is_empty()) {
        return Err(Error::conflict("menu_no_default", "publish a menu for all fans first"));
    }
    let ctx = work.ctx().clone();
    forget_ids(&mut body.buttons);
    decide::name_buttons(&mut body.buttons, &mut || ctx.new_id().to_string());
    let links = links::make(&mut work, account.id, &body.buttons).await?;
    let new = NewConditional {
        name: body.name.trim(),
        buttons: &body.buttons,
        sent: &decide::to_wechat(&body.buttons, &links),
        wechat_tag_id: body.wechat_tag_id,
        platform: body.platform,
        found: None,
    };
    conditionals::add(&mut work, account.id, &new).await?;
    publish::hand_up(&mut work, account.id).await?;
    publish::start(&mut work, account.id).await?;
    let view = view::view(&mut work, &account).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

fn forget_ids(buttons: &mut [Button]) {
    for button in buttons {
        button.id.clear();
        // One that the hub made from the id is made anew.
        button.key = button.key.take().filter(|key| !key.starts_with(super::model::KEY));
        forget_ids(&mut button.buttons);
    }
}

/// Take a menu of some fans away.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/menu/conditional/{menu}", operation_id = "delete_conditional_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account."), ("menu" = ConditionalMenuId, Path, description = "The menu.")),
    responses((status = 202, description = "The menus; this one is `removing`.", body = MenuView)))]
async fn delete_conditional_menu(
    mut work: Allowed<can::MenusWrite>,
    PathId((account, id)): PathId<(AccountId, ConditionalMenuId)>,
) -> Result<(StatusCode, Json<MenuView>), Error> {
    let account = accounts::find(&mut work, account).await?;
    let menu = conditionals::find(&mut work, account.id, id).await?;
    if menu.state == ConditionalState::Failed {
        conditionals::set_state(&mut work, id, ConditionalState::Gone, None, None).await?;
        publish::tell(&mut work, account.id);
    } else {
        account.may(Function::Menu)?;
        publish::idle(&mut work, account.id).await?;
        conditionals::set_state(&mut work, id, ConditionalState::Removing, None, None).await?;
        publish::start(&mut work, account.id).await?;
    }
    let view = view::view(&mut work, &account).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// Whose phone to look at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeeAsBody {
    customer_id: CustomerId,
}

/// What WeChat shows a fan.
#[derive(Serialize, ToSchema)]
struct Seen {
    buttons: Vec<Button>,
    /// The menu of some fans that it is; absent for the one for all, and for one that is not ours.
    conditional_id: Option<ConditionalMenuId>,
    /// It is the menu for all.
    is_default: bool,
}

/// Ask WeChat which menu a customer sees.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/menu/see_as", operation_id = "see_menu_as", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")), request_body = SeeAsBody,
    responses((status = 200, description = "The menu.", body = Seen),
        (status = 409, description = "`not_a_fan`: the customer is no fan of this account.")))]
async fn see_menu_as(
    State(ctx): State<Ctx>,
    work: Allowed<can::MenusRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(body): Body<SeeAsBody>,
) -> Result<Json<Seen>, Error> {
    let tenant = work.tenant();
    drop(work);
    let mut look = Work::reading(&ctx, tenant);
    let account = accounts::find(&mut look, account).await?;
    let customer = customers::canonical(&mut look, body.customer_id).await?;
    let group = customers::group(&mut look, customer).await?;
    let fans = fans::of_customers(&mut look, &group).await?;
    let live = store::in_state(&mut look, account.id, VersionState::Live).await?;
    let some = conditionals::list(&mut look, account.id).await?;
    drop(look);
    account.may(Function::Menu)?;
    let fan = fans
        .into_iter()
        .find(|fan| fan.account == account.id)
        .ok_or_else(|| Error::conflict("not_a_fan", "this customer is no fan of the account"))?;
    let keeper = Keeper::new(&ctx, tenant, account.id);
    let request = Request { user_id: fan.openid };
    let answer = ctx.wechat().call_as::<TryMatchMenu>(&keeper, &request).await.map_err(import::refusal)?;
    let shown = answer.buttons();
    if let Some(menu) = some.iter().find(|menu| decide::same(&menu.sent, shown)) {
        return Ok(Json(Seen { buttons: menu.buttons.clone(), conditional_id: Some(menu.id), is_default: false }));
    }
    Ok(Json(match live {
        Some(live) if decide::same(&live.sent, shown) => {
            Seen { buttons: live.buttons, conditional_id: None, is_default: true }
        }
        _ => Seen { buttons: decide::from_wechat(shown), conditional_id: None, is_default: false },
    }))
}

/// How often each button was tapped.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/menu/taps", operation_id = "get_menu_taps", tag = "menus",
    params(("account" = AccountId, Path, description = "The account."), Period),
    responses((status = 200, description = "Taps by button, day and version.", body = TapReport)))]
async fn get_menu_taps(
    mut work: Allowed<can::MenusRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(period): Params<Period>,
) -> Result<Json<TapReport>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(numbers::report(&mut work, account, &period).await?))
}
