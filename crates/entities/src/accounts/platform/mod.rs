//! The third-party platform: the machine operator's, not a tenant's. Its keys, its ticket, its token.
//!
//! [`configure`] once at start; then [`keys`] for the callback door, [`keep_ticket`] for pushes, and
//! [`Component`] as the source of tokens for calls that speak for the platform itself.

mod component;
mod store;

use std::sync::{Arc, OnceLock};

use kit::{Ctx, Error, Millis};
use serde::Serialize;
use utoipa::ToSchema;
use wechat::{
    Secret,
    crypto::{EncodingAesKey, MsgCipher},
};

pub use component::{Component, find_refresh_token, keep_ticket, watch_ticket};
pub(super) use store::{lease, release};

/// What the operator registered at WeChat's Open Platform.
#[derive(Debug, Clone)]
pub struct PlatformConfig {
    pub component_app_id: String,
    pub component_app_secret: Secret,
    /// Signs pushes.
    pub token: Secret,
    /// 43 characters.
    pub encoding_aes_key: Secret,
}

/// All it takes to prove, open and seal what WeChat pushes to the platform.
#[derive(Debug)]
pub struct Keys {
    pub app_id: String,
    pub app_secret: Secret,
    pub token: Secret,
    pub cipher: MsgCipher,
}

#[derive(Default)]
struct Configured(OnceLock<Arc<Keys>>);

/// Says that this hub has a platform. Once, at start.
pub fn configure(ctx: &Ctx, config: PlatformConfig) -> Result<(), Error> {
    let key = EncodingAesKey::parse(config.encoding_aes_key.expose())
        .map_err(|_| Error::internal("platform.encoding_aes_key must be 43 letters and digits"))?;
    let cipher = MsgCipher::new(&config.component_app_id, key, None);
    let keys =
        Keys { app_id: config.component_app_id, app_secret: config.component_app_secret, token: config.token, cipher };
    ctx.slot::<Configured>().0.set(Arc::new(keys)).map_err(|_| Error::internal("the platform was configured twice"))
}

/// The platform's keys; none when this hub has no platform.
pub fn keys(ctx: &Ctx) -> Option<Arc<Keys>> {
    ctx.slot::<Configured>().0.get().cloned()
}

/// A ticket comes every ten minutes; after this long WeChat is asked to push again.
pub const TICKET_LATE_MS: Millis = 30 * 60_000;
/// So long is a ticket good for.
pub const TICKET_LIFE_MS: Millis = 12 * 3_600_000;

/// How the platform is, for the settings page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlatformStatus {
    pub configured: bool,
    pub component_app_id: Option<String>,
    /// When the newest ticket was issued.
    pub ticket_at: Option<Millis>,
    pub token_expires_at: Option<Millis>,
    /// To be entered at WeChat as the address of authorisation events.
    pub event_url: String,
    /// To be entered at WeChat as the address of messages and events.
    pub message_url: String,
    /// To be entered at WeChat as the host that links to its authorisation page.
    pub launch_host: String,
    /// `not_configured`, `ticket_missing`, `ticket_late`, `ticket_expired`, or nothing.
    pub problem: Option<String>,
}

/// How the platform is.
pub async fn status(ctx: &Ctx) -> Result<PlatformStatus, Error> {
    let url = &ctx.public().url;
    let keys = keys(ctx);
    let (ticket_at, token_expires_at) = match &keys {
        Some(keys) => {
            let tx = ctx.store().read().await?;
            let ticket = store::find(&tx, &keys.app_id, store::TICKET, 0).await?;
            let token = store::find(&tx, &keys.app_id, store::TOKEN, 0).await?;
            (ticket.map(|row| row.issued_at), token.and_then(|row| row.expires_at).filter(|at| *at > 0))
        }
        None => (None, None),
    };
    let age = ticket_at.map(|at| ctx.now() - at);
    let problem = match (&keys, age) {
        (None, _) => Some("not_configured"),
        (_, None) => Some("ticket_missing"),
        (_, Some(age)) if age >= TICKET_LIFE_MS => Some("ticket_expired"),
        (_, Some(age)) if age >= TICKET_LATE_MS => Some("ticket_late"),
        _ => None,
    };
    Ok(PlatformStatus {
        configured: keys.is_some(),
        component_app_id: keys.map(|keys| keys.app_id.clone()),
        ticket_at,
        token_expires_at,
        event_url: format!("{url}/wx/platform/events"),
        message_url: format!("{url}/wx/platform/$APPID$/callback"),
        launch_host: host(url).to_owned(),
        problem: problem.map(str::to_owned),
    })
}

/// The host of an address, without scheme, port and path.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => rest,
    }
}
