//! What buttons of the kinds `media_id` and `view_limited` show: permanent material. Files of ours are handed up once for
//! each account and remembered; what WeChat has besides is asked for when somebody looks.

use std::collections::HashMap;

use axum::{Json, extract::State};
use entities::{
    accounts::{self, Account, Function, tokens::Keeper},
    articles::{self, PURPOSE_COVER, PURPOSE_MATERIAL},
    media::{self, Media, MediaKind},
};
use kit::{
    AccountId, Allowed, Body, Ctx, Error, MediaId, Millis, Page, Params, PathId, TenantId, Work, capability::can,
};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::api::{
    Upload,
    material::{
        MAX_PAGE,
        add_material::{self, AddMaterial, Description},
        batch_get_materials::{self, BatchGetMaterials},
    },
};

use super::{
    import,
    model::{Button, each},
};

/// WeChat takes so many characters as the title of a film.
const MOST_TITLE: usize = 30;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(list_menu_materials, add_menu_material)).routes(routes!(list_wechat_materials))
}

/// A file of the library that WeChat keeps for an account for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
struct MenuMaterial {
    /// WeChat's id, as a button names it.
    material: String,
    media_id: MediaId,
    kind: MediaKind,
    file_name: String,
}

impl MenuMaterial {
    fn of(file: Media, material: String) -> Self {
        Self { material, media_id: file.id, kind: file.kind, file_name: file.file_name }
    }
}

/// Covers of articles are permanent material too: a picture is handed up once for both.
fn purpose(kind: MediaKind) -> &'static str {
    if kind == MediaKind::Image { PURPOSE_COVER } else { PURPOSE_MATERIAL }
}

async fn known(work: &mut Work, account: AccountId) -> Result<HashMap<MediaId, String>, Error> {
    let mut known = HashMap::new();
    for purpose in [PURPOSE_COVER, PURPOSE_MATERIAL] {
        let given = articles::given(work, account, purpose).await?;
        known.extend(given.into_iter().map(|one| (MediaId(one.media_id), one.given)));
    }
    Ok(known)
}

/// Which material.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MaterialOf {
    /// WeChat's id, as a button names it.
    material: String,
}

/// Which file of the library a button shows.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/menu/materials", operation_id = "list_menu_materials", tag = "menus",
    params(("account" = AccountId, Path, description = "The account."), MaterialOf),
    responses((status = 200, description = "The file; nothing when it was not handed up from here.", body = Page<MenuMaterial>)))]
async fn list_menu_materials(
    mut work: Allowed<can::MenusRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(query): Params<MaterialOf>,
) -> Result<Json<Page<MenuMaterial>>, Error> {
    accounts::find(&mut work, account).await?;
    let file = match articles::media_behind(&mut work, account, &query.material).await? {
        Some(id) => Some(media::find(&mut work, id).await?),
        None => None,
    };
    Ok(Json(Page::whole(file.into_iter().map(|file| MenuMaterial::of(file, query.material.clone())).collect())))
}

/// Which file a button is to show.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MaterialBody {
    /// A picture, a voice or a film of the library. A film's title at WeChat is its name here.
    media_id: MediaId,
}

/// Have WeChat keep a file for good, so that a button can show it. One that it keeps already is not handed up again.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/menu/materials", operation_id = "add_menu_material", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")), request_body = MaterialBody,
    responses((status = 200, description = "The file and WeChat's id of it.", body = MenuMaterial),
        (status = 409, description = "`function_not_allowed`."), (status = 502, description = "`wechat_refused`.")))]
async fn add_menu_material(
    State(ctx): State<Ctx>,
    work: Allowed<can::MenusWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(body): Body<MaterialBody>,
) -> Result<Json<MenuMaterial>, Error> {
    let tenant = work.tenant();
    drop(work);
    let mut look = Work::reading(&ctx, tenant);
    let account = accounts::find(&mut look, account).await?;
    account.may(Function::Materials)?;
    let file = match media::find(&mut look, body.media_id).await {
        Err(Error::NotFound) => return Err(Error::field("media_id", "not_found", "there is no such file")),
        found => found?,
    };
    if file.kind == MediaKind::Thumb {
        return Err(Error::field("media_id", "kind", "a button shows a picture, a voice or a film"));
    }
    let known = known(&mut look, account.id).await?.remove(&file.id);
    drop(look);
    let material = match known {
        Some(material) => material,
        None => hand_up(&ctx, tenant, &account, &file).await?,
    };
    Ok(Json(MenuMaterial::of(file, material)))
}

/// Nothing of ours is held while WeChat is spoken to.
async fn hand_up(ctx: &Ctx, tenant: TenantId, account: &Account, file: &Media) -> Result<String, Error> {
    let bytes = media::bytes(&mut Work::reading(ctx, tenant), file.id).await?;
    let request = match file.kind {
        MediaKind::Video => add_material::Request::video(&Description { title: title(file), ..Description::default() }),
        kind => add_material::Request::of_kind(kind.as_str()),
    };
    let upload = Upload { filename: file.file_name.clone(), content_type: file.content_type.clone(), bytes };
    let keeper = Keeper::new(ctx, tenant, account.id);
    let given = ctx.wechat().upload_as::<AddMaterial>(&keeper, &request, &upload).await.map_err(import::refusal)?;
    let mut work = Work::begin(ctx, tenant);
    articles::remember_given(&mut work, account.id, file.id, purpose(file.kind), &given.media_id).await?;
    work.commit().await?;
    Ok(given.media_id)
}

/// The name without its ending.
fn title(file: &Media) -> String {
    let stem = file.file_name.rsplit_once('.').map_or(file.file_name.as_str(), |(stem, _)| stem);
    stem.chars().take(MOST_TITLE).collect()
}

/// WeChat does not have material any more that these buttons name: a file chosen again is handed up anew.
pub async fn forget(work: &mut Work, account: AccountId, buttons: &[Button]) -> Result<(), Error> {
    let known = known(work, account).await?;
    for (id, _) in known.iter().filter(|(_, given)| each(buttons).any(|one| one.material.as_ref() == Some(given))) {
        for purpose in [PURPOSE_COVER, PURPOSE_MATERIAL] {
            articles::forget_given(work, account, *id, purpose).await?;
        }
    }
    Ok(())
}

/// What kind of material WeChat is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MaterialKind {
    Image,
    Voice,
    Video,
    /// Articles from before there were drafts; the only ones that `view_limited` takes.
    News,
}

impl MaterialKind {
    fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::News => "news",
        }
    }
}

/// Which material.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MaterialQuery {
    #[param(inline)]
    kind: MaterialKind,
    /// So many are left out: the `next_offset` of the page before.
    #[serde(default)]
    offset: u64,
}

/// Permanent material as WeChat lists it.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct WechatMaterials {
    items: Vec<WechatMaterial>,
    /// Of this kind, in all.
    total: u64,
    /// Where the next page begins; absent on the last.
    next_offset: Option<u64>,
}

/// One of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct WechatMaterial {
    material: String,
    /// The file's name, or the title of the first article.
    name: String,
    /// Where the console gets the picture, or the first article's cover: through the hub.
    picture_url: Option<String>,
    /// The file of the library that it is a copy of.
    media_id: Option<MediaId>,
    updated_at: Millis,
}

/// The account's permanent material, as WeChat lists it now: also what was put there elsewhere.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/menu/materials/at_wechat", operation_id = "list_wechat_materials", tag = "menus",
    params(("account" = AccountId, Path, description = "The account."), MaterialQuery),
    responses((status = 200, description = "Twenty at a time, newest first.", body = WechatMaterials)))]
async fn list_wechat_materials(
    State(ctx): State<Ctx>,
    work: Allowed<can::MenusRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(query): Params<MaterialQuery>,
) -> Result<Json<WechatMaterials>, Error> {
    let tenant = work.tenant();
    drop(work);
    let mut look = Work::reading(&ctx, tenant);
    accounts::find(&mut look, account).await?.may(Function::Materials)?;
    let ours: HashMap<String, MediaId> = known(&mut look, account).await?.into_iter().map(|(id, g)| (g, id)).collect();
    drop(look);
    let keeper = Keeper::new(&ctx, tenant, account);
    let request = batch_get_materials::Request {
        kind: query.kind.word().to_owned(),
        offset: query.offset,
        count: MAX_PAGE as u64,
    };
    let page = ctx.wechat().call_as::<BatchGetMaterials>(&keeper, &request).await.map_err(import::refusal)?;
    let seen = query.offset + page.item.len() as u64;
    let next_offset = (!page.item.is_empty() && seen < page.total_count).then_some(seen);
    let items = page.item.into_iter().map(|item| listed(account, item, &ours)).collect();
    Ok(Json(WechatMaterials { items, total: page.total_count, next_offset }))
}

fn listed(account: AccountId, item: batch_get_materials::Item, ours: &HashMap<String, MediaId>) -> WechatMaterial {
    let first = item.content.and_then(|content| content.news_item.into_iter().next());
    let (title, cover) = first.map(|one| (one.title, one.thumb_url)).unwrap_or_default();
    WechatMaterial {
        media_id: ours.get(&item.media_id).copied(),
        material: item.media_id,
        name: item.name.filter(|name| !name.is_empty()).unwrap_or(title),
        picture_url: item.url.or(cover).filter(|url| !url.is_empty()).map(|url| through_us(account, &url)),
        updated_at: item.update_time * 1000,
    }
}

/// Pages load nothing from WeChat themselves.
fn through_us(account: AccountId, address: &str) -> String {
    let query: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    format!("/api/v1/accounts/{account}/wechat_picture?address={query}")
}
