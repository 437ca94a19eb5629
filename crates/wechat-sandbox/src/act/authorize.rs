//! The authorisation page: who scans it, what they tick, and what follows.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Authorization_Process_Technical_Description.html>

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ActError, not_found};
use crate::clock::SECOND;
use crate::push::component::{ComponentJob, document};
use crate::sandbox::Sandbox;
use crate::world::account::Authorization;
use crate::world::component::{AUTH_CODE_MS, EXCLUSIVE, PLATFORMS, PreAuth};
use crate::world::tokens::Bearer;
use crate::world::{World, component::SETS};
use crate::wx::new_refresh_token;

/// Who holds the phone that scans the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Administrator,
    /// May use the console, may not authorise.
    Operator,
}

/// When the push comes, seen from the browser's way back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PushOrder {
    /// It has been answered before the browser is sent back.
    Before,
    /// At the same time.
    #[default]
    Meanwhile,
    /// A second later.
    After,
    /// It is lost.
    Never,
}

/// The page as it was opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opened {
    pub component_appid: String,
    pub pre_auth_code: String,
    pub redirect_uri: String,
    pub auth_type: Option<u8>,
    pub biz_appid: String,
    pub category_ids: Vec<u16>,
}

/// The code, if it can still be used.
pub(crate) fn live_code<'w>(world: &'w World, code: &str) -> Result<&'w PreAuth, ActError> {
    let pre_auth = world.component.pre_auths.get(code).ok_or_else(|| not_found("pre_auth_code"))?;
    if pre_auth.used {
        return Err(ActError::Conflict("the pre_auth_code has been used".to_owned()));
    }
    if world.now_ms() >= pre_auth.expires_ms {
        return Err(ActError::Conflict("the pre_auth_code has expired".to_owned()));
    }
    Ok(pre_auth)
}

/// Whether a host or an address with one is the launch host, written with its port or without.
fn is_on(host: &str, url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    let bare = url.host_str().unwrap_or_default();
    let with_port = url.port().map_or_else(|| bare.to_owned(), |port| format!("{bare}:{port}"));
    host == bare || host == with_port
}

impl Sandbox {
    /// The page is opened; `Err` is what WeChat's error page would say.
    pub(crate) fn open_page(&self, opened: Opened, referer: Option<&str>) -> Result<(), ActError> {
        let mut world = self.world();
        let component = &world.component;
        if opened.component_appid != component.appid {
            return Err(ActError::Invalid("component_appid 不存在".to_owned()));
        }
        let host = &component.launch_host;
        if !host.is_empty() {
            if !referer.is_some_and(|referer| is_on(host, referer)) {
                return Err(ActError::Invalid(format!(
                    "请确认授权入口页所在域名，与授权后回调页所在域名相同，并且，此两者都必须是 {host}（入口页 {}）",
                    referer.unwrap_or("没有 Referer")
                )));
            }
            if !is_on(host, &opened.redirect_uri) {
                return Err(ActError::Invalid(format!("授权后回调页所在域名必须是 {host}：{}", opened.redirect_uri)));
            }
        }
        if opened.auth_type.is_some() && !opened.biz_appid.is_empty() {
            return Err(ActError::Invalid("auth_type 与 biz_appid 互斥".to_owned()));
        }
        url::Url::parse(&opened.redirect_uri).map_err(|_| ActError::Invalid("redirect_uri 不是一个地址".to_owned()))?;
        live_code(&world, &opened.pre_auth_code)?;
        world.dirty.whole();
        if let Some(pre_auth) = world.component.pre_auths.get_mut(&opened.pre_auth_code) {
            pre_auth.redirect_uri = opened.redirect_uri;
            pre_auth.auth_type = opened.auth_type.unwrap_or(3);
            pre_auth.biz_appid = opened.biz_appid;
            pre_auth.category_ids = opened.category_ids;
        }
        Ok(())
    }

    /// Somebody confirms. Comes back with where the browser goes.
    pub(crate) async fn confirm(
        &self,
        code: &str,
        appid: &str,
        role: Role,
        sets: Vec<u16>,
        redirect_uri: Option<String>,
        order: PushOrder,
    ) -> Result<String, ActError> {
        if role != Role::Administrator {
            return Err(ActError::Forbidden("只有管理员可以授权".to_owned()));
        }
        let (redirect, job) = {
            let mut world = self.world();
            let pre_auth = live_code(&world, code)?.clone();
            if !pre_auth.biz_appid.is_empty() && pre_auth.biz_appid != appid {
                return Err(ActError::Forbidden("只能授权指定的公众号".to_owned()));
            }
            let sets = askable(&world, &pre_auth, sets)?;
            let (auth_code, what) = grant_component(&mut world, appid, sets)?;
            let now_ms = world.now_ms();
            if let Some(pre_auth) = world.component.pre_auths.get_mut(code) {
                pre_auth.used = true;
            }
            let redirect = redirect_uri.filter(|uri| !uri.is_empty()).unwrap_or(pre_auth.redirect_uri);
            // The push carries a code of its own for the same authorisation.
            let pushed = world.component.issue_auth_code(appid, now_ms);
            let job = what.map(|what| authorized(&world, what, appid, &pushed, code, now_ms));
            (way_back(&redirect, &auth_code)?, job)
        };
        self.tell_account(appid);
        if let Some(job) = job {
            let sandbox = self.clone();
            match order {
                PushOrder::Before => {
                    crate::push::component::push(self, &job).await;
                }
                PushOrder::Meanwhile | PushOrder::After => {
                    let wait = std::time::Duration::from_millis(if order == PushOrder::After { 1000 } else { 0 });
                    tokio::spawn(async move {
                        tokio::time::sleep(wait).await;
                        crate::push::component::push(&sandbox, &job).await
                    });
                }
                PushOrder::Never => {}
            }
        }
        Ok(redirect)
    }

    /// The owner takes back what a platform was given.
    pub fn unauthorize(&self, appid: &str, component_appid: Option<&str>) -> Result<(), ActError> {
        let job = {
            let mut world = self.world();
            let now_ms = world.now_ms();
            let own = world.component.appid.clone();
            let component_appid = component_appid.unwrap_or(&own).to_owned();
            world.dirty.account(appid);
            let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
            account.authorization(&component_appid).ok_or_else(|| not_found("authorisation"))?;
            // Its tokens are good for nothing now: calls with them are answered 61003.
            account.authorizations.retain(|held| held.component_appid != component_appid);
            let mut fields = document(&own, now_ms, "unauthorized");
            fields.push_text("AuthorizerAppid", appid.to_owned());
            (component_appid == own).then(|| ComponentJob {
                what: "unauthorized",
                appid: appid.to_owned(),
                document: fields,
            })
        };
        self.tell_account(appid);
        if let Some(job) = job {
            let sandbox = self.clone();
            tokio::spawn(async move { crate::push::component::push(&sandbox, &job).await });
        }
        Ok(())
    }

    /// The owner authorises another supplier's platform, which takes exclusive sets away from ours.
    pub fn authorize_other(
        &self,
        appid: &str,
        component_appid: &str,
        name: &str,
        sets: Vec<u16>,
    ) -> Result<(), ActError> {
        let mut world = self.world();
        if component_appid == world.component.appid {
            return Err(ActError::Invalid("the sandbox's own platform is authorised on its page".to_owned()));
        }
        grant(&mut world, appid, component_appid, name, sets)?;
        drop(world);
        self.tell_account(appid);
        Ok(())
    }
}

/// The sets the page offers, in the platform's order.
pub(crate) fn offered(world: &World, pre_auth: &PreAuth) -> Vec<u16> {
    let asked = |set: &u16| pre_auth.category_ids.is_empty() || pre_auth.category_ids.contains(set);
    world.component.sets.iter().copied().filter(asked).collect()
}

fn askable(world: &World, pre_auth: &PreAuth, sets: Vec<u16>) -> Result<Vec<u16>, ActError> {
    let offered = offered(world, pre_auth);
    match sets.iter().find(|set| !offered.contains(set)) {
        Some(set) => Err(ActError::Invalid(format!("set {set} was not asked for"))),
        None => Ok(offered.into_iter().filter(|set| sets.contains(set)).collect()),
    }
}

/// Gives sets to the sandbox's own component. Says which push follows, if one does.
pub(crate) fn grant_component(
    world: &mut World,
    appid: &str,
    sets: Vec<u16>,
) -> Result<(String, Option<&'static str>), ActError> {
    let component = (world.component.appid.clone(), world.component.name.clone());
    let account = world.account(appid).ok_or_else(|| not_found("account"))?;
    if !world.component.released && !world.component.test_list.contains(&account.original_id) {
        return Err(ActError::Forbidden("平台尚未全网发布，只有测试列表里的公众号可以授权".to_owned()));
    }
    let what = match account.authorization(&component.0) {
        None => Some("authorized"),
        // Nothing is pushed when the sets stay as they were.
        Some(held) if same(&held.sets, &sets) => None,
        Some(_) => Some("updateauthorized"),
    };
    grant(world, appid, &component.0, &component.1, sets)?;
    let now_ms = world.now_ms();
    Ok((world.component.issue_auth_code(appid, now_ms), what))
}

fn same(a: &[u16], b: &[u16]) -> bool {
    a.len() == b.len() && a.iter().all(|set| b.contains(set))
}

/// Gives a platform sets, takes exclusive ones from who held them, and voids the former refresh token.
fn grant(world: &mut World, appid: &str, component_appid: &str, name: &str, sets: Vec<u16>) -> Result<(), ActError> {
    if let Some(set) = sets.iter().find(|set| !SETS.iter().any(|(id, ..)| id == *set)) {
        return Err(ActError::Invalid(format!("there is no permission set {set}")));
    }
    let now_ms = world.now_ms();
    world.dirty.account(appid);
    world.dirty.whole();
    let World { tokens, accounts, .. } = world;
    let account = accounts.get_mut(appid).ok_or_else(|| not_found("account"))?;
    if account.authorization(component_appid).is_none() {
        // What was handed out under an authorisation that was taken back does not come to life again.
        let bearer = Bearer::Authorizer { appid: appid.to_owned(), component: component_appid.to_owned() };
        tokens.kill(&bearer, now_ms);
    }
    let taken: Vec<u16> = sets.iter().copied().filter(|set| EXCLUSIVE.contains(set)).collect();
    if account.authorization(component_appid).is_none() && account.authorizations.len() >= PLATFORMS {
        return Err(ActError::Conflict(format!("公众号最多授权 {PLATFORMS} 个平台")));
    }
    for other in account.authorizations.iter_mut().filter(|held| held.component_appid != component_appid) {
        other.sets.retain(|set| !taken.contains(set));
    }
    let refresh_token = new_refresh_token();
    match account.authorization_mut(component_appid) {
        Some(held) => (held.sets, held.refresh_token, held.auth_ms) = (sets, refresh_token, now_ms),
        None => account.authorizations.push(Authorization {
            component_appid: component_appid.to_owned(),
            name: name.to_owned(),
            sets,
            auth_ms: now_ms,
            refresh_token,
            ..Authorization::default()
        }),
    }
    Ok(())
}

/// The push that tells of an authorisation. Its code is good for one exchange.
pub(crate) fn authorized(
    world: &World,
    what: &'static str,
    appid: &str,
    auth_code: &str,
    pre_auth_code: &str,
    now_ms: i64,
) -> ComponentJob {
    let mut fields = document(&world.component.appid, now_ms, what);
    fields.push_text("AuthorizerAppid", appid.to_owned());
    fields.push_text("AuthorizationCode", auth_code.to_owned());
    fields.push_number("AuthorizationCodeExpiredTime", (now_ms + AUTH_CODE_MS) / SECOND);
    fields.push_text("PreAuthCode", pre_auth_code.to_owned());
    ComponentJob { what, appid: appid.to_owned(), document: fields }
}

/// The redirect_uri with the code behind what it has already.
fn way_back(redirect_uri: &str, auth_code: &str) -> Result<String, ActError> {
    let mut url =
        url::Url::parse(redirect_uri).map_err(|_| ActError::Invalid("redirect_uri is not an address".to_owned()))?;
    url.query_pairs_mut()
        .append_pair("auth_code", auth_code)
        .append_pair("expires_in", &(AUTH_CODE_MS / SECOND).to_string());
    Ok(url.into())
}
