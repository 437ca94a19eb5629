use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kit::{Ctx, Error, Millis};
use wechat::{
    Secret,
    api::component::{
        get_authorizer_list::{self, GetAuthorizerList},
        get_component_token::{self, GetComponentToken},
        start_push_ticket::{self, StartPushTicket},
    },
};
use wechat_client::{Failure, Token, TokenError, TokenSource};

use super::{
    Keys, TICKET_LATE_MS, TICKET_LIFE_MS, keys,
    store::{self, Row, TICKET, TOKEN, lease, release},
};
use crate::accounts::tokens::{FETCH_LEASE_MS, LIMIT_WINDOW_MS, MARGIN_MS, PATIENCE, PAUSE, away, sealed_away};

fn place(app_id: &str, field: &str) -> String {
    format!("platform_credentials|{app_id}|{field}")
}

/// A ticket was pushed. Pushes come twice and late, so the largest `CreateTime` wins; the one before is kept.
/// It is durable when this returns.
pub async fn keep_ticket(ctx: &Ctx, ticket: &Secret, create_time: i64) -> Result<(), Error> {
    let Some(keys) = keys(ctx) else { return Ok(()) };
    if ticket.is_empty() {
        return Ok(());
    }
    let issued_at = create_time.saturating_mul(1000);
    let sealed = ctx.keyring().seal(&place(&keys.app_id, TICKET), ticket.expose());
    let row = Row { sealed, issued_at, expires_at: Some(issued_at.saturating_add(TICKET_LIFE_MS)), version: 0 };
    let tx = ctx.store().write().await?;
    let newest = store::find(&tx, &keys.app_id, TICKET, 0).await?;
    match newest {
        Some(newest) if newest.issued_at >= issued_at => {
            let before = store::find(&tx, &keys.app_id, TICKET, 1).await?;
            if newest.issued_at > issued_at && before.is_none_or(|before| before.issued_at < issued_at) {
                store::put(&tx, &keys.app_id, TICKET, 1, row).await?;
            }
        }
        newest => {
            if let Some(newest) = newest {
                store::put(&tx, &keys.app_id, TICKET, 1, newest).await?;
            }
            store::put(&tx, &keys.app_id, TICKET, 0, row).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The tickets that may still work, newest first.
async fn tickets(ctx: &Ctx, keys: &Keys) -> Result<Vec<Secret>, TokenError> {
    let read = async {
        let tx = ctx.store().read().await?;
        Ok::<_, Error>([
            store::find(&tx, &keys.app_id, TICKET, 0).await?,
            store::find(&tx, &keys.app_id, TICKET, 1).await?,
        ])
    };
    let rows = read.await.map_err(away)?;
    rows.into_iter()
        .flatten()
        .map(|row| ctx.keyring().open(&place(&keys.app_id, TICKET), &row.sealed).map_err(sealed_away))
        .collect()
}

#[derive(Default)]
struct Pacing {
    one_at_a_time: tokio::sync::Mutex<()>,
    asked_for_tickets_at: Mutex<Option<Millis>>,
}

/// Looks after the ticket: when none came for long, WeChat is asked to push again. For the schedule, every few minutes.
pub async fn watch_ticket(ctx: &Ctx) -> Result<(), Error> {
    let Some(keys) = keys(ctx) else { return Ok(()) };
    let tx = ctx.store().read().await?;
    let newest = store::find(&tx, &keys.app_id, TICKET, 0).await?;
    drop(tx);
    if newest.is_none_or(|newest| ctx.now() - newest.issued_at >= TICKET_LATE_MS) {
        ask_for_tickets(ctx, &keys).await;
    }
    Ok(())
}

async fn ask_for_tickets(ctx: &Ctx, keys: &Keys) {
    let pacing = ctx.slot::<Pacing>();
    let now = ctx.now();
    {
        let mut asked = pacing.asked_for_tickets_at.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.is_some_and(|at| now < at + LIMIT_WINDOW_MS) {
            return;
        }
        *asked = Some(now);
    }
    let request =
        start_push_ticket::Request { component_appid: keys.app_id.clone(), component_secret: keys.app_secret.clone() };
    match ctx.wechat().call::<StartPushTicket>(None, &request).await {
        Ok(_) => tracing::info!("WeChat was asked to push tickets again"),
        Err(failure) => tracing::warn!(%failure, "WeChat did not take the wish for tickets"),
    }
}

/// The source of the platform's own token.
#[derive(Clone)]
pub struct Component {
    ctx: Ctx,
    keys: Arc<Keys>,
}

const LEASE: &str = "token:platform";

impl Component {
    /// None when this hub has no platform.
    pub fn of(ctx: &Ctx) -> Option<Self> {
        Some(Self { ctx: ctx.clone(), keys: keys(ctx)? })
    }

    pub fn app_id(&self) -> &str {
        &self.keys.app_id
    }

    async fn stored(&self) -> Result<Option<Row>, Error> {
        store::find(&self.ctx.store().read().await?, &self.keys.app_id, TOKEN, 0).await
    }

    fn opened(&self, row: &Row) -> Result<Token, TokenError> {
        let secret = self.ctx.keyring().open(&place(&self.keys.app_id, TOKEN), &row.sealed).map_err(sealed_away)?;
        Ok(Token { secret, version: row.version })
    }

    fn is_fresh(&self, row: &Row, margin: Millis) -> bool {
        row.expires_at.is_some_and(|at| at > self.ctx.now() + margin)
    }

    /// Takes the right to fetch, or finds that somebody has fetched.
    async fn begin(&self, holder: &str) -> Result<Begun, TokenError> {
        let now = self.ctx.now();
        let tx = self.ctx.store().write().await.map_err(|error| away(error.into()))?;
        let row = store::find(&tx, &self.keys.app_id, TOKEN, 0).await.map_err(away)?;
        if let Some(row) = row.as_ref().filter(|row| self.is_fresh(row, MARGIN_MS)) {
            return Ok(Begun::Ready(self.opened(row)?));
        }
        let usable = row.as_ref().filter(|row| self.is_fresh(row, 0)).map(|row| self.opened(row)).transpose()?;
        let before = store::find(&tx, &self.keys.app_id, TOKEN, 1).await.map_err(away)?;
        if let Some(until_ms) = before.map(|before| before.issued_at + LIMIT_WINDOW_MS).filter(|until| now < *until) {
            return usable.map(Begun::Ready).ok_or(TokenError::Stopped { until_ms });
        }
        if !lease(&tx, LEASE, holder, now, now + FETCH_LEASE_MS).await.map_err(away)? {
            return Ok(usable.map_or(Begun::Wait, Begun::Ready));
        }
        tx.commit().await.map_err(|error| away(error.into()))?;
        Ok(Begun::Fetch(row.map_or(0, |row| row.version)))
    }

    async fn fetch(&self) -> Result<get_component_token::Response, TokenError> {
        let mut refused = None;
        for ticket in tickets(&self.ctx, &self.keys).await? {
            let request = get_component_token::Request {
                component_appid: self.keys.app_id.clone(),
                component_appsecret: self.keys.app_secret.clone(),
                component_verify_ticket: ticket,
            };
            match self.ctx.wechat().call::<GetComponentToken>(None, &request).await {
                Ok(response) => return Ok(response),
                Err(Failure::Refused(refusal)) => {
                    let body = refusal.body;
                    let of_the_ticket = body.errcode.0 == 61005 || body.errcode.0 == 61006;
                    refused = Some(TokenError::Refused { errcode: body.errcode.0, errmsg: body.errmsg });
                    if !of_the_ticket {
                        break;
                    }
                }
                Err(failure) => return Err(TokenError::Away(failure.to_string())),
            }
        }
        if refused.as_ref().is_none_or(|error| matches!(error, TokenError::Refused { errcode: 61005 | 61006, .. })) {
            ask_for_tickets(&self.ctx, &self.keys).await;
        }
        Err(refused.unwrap_or_else(|| TokenError::Away("WeChat has not pushed a ticket yet".into())))
    }

    /// Writes the new token over the version that was seen, keeps the one before, and gives the lease back.
    async fn end(
        &self,
        holder: &str,
        seen: i64,
        fetched: Option<&get_component_token::Response>,
    ) -> Result<Option<Row>, Error> {
        let now = self.ctx.now();
        let tx = self.ctx.store().write().await?;
        if let Some(fetched) = fetched {
            let current = store::find(&tx, &self.keys.app_id, TOKEN, 0).await?;
            if current.as_ref().map_or(0, |row| row.version) == seen {
                let sealed =
                    self.ctx.keyring().seal(&place(&self.keys.app_id, TOKEN), fetched.component_access_token.expose());
                let row = Row {
                    sealed,
                    issued_at: now,
                    expires_at: Some(now + fetched.expires_in * 1000),
                    version: seen + 1,
                };
                if let Some(current) = current {
                    store::put(&tx, &self.keys.app_id, TOKEN, 1, current).await?;
                }
                store::put(&tx, &self.keys.app_id, TOKEN, 0, row).await?;
            }
        }
        release(&tx, LEASE, holder).await?;
        let row = store::find(&tx, &self.keys.app_id, TOKEN, 0).await?;
        tx.commit().await?;
        Ok(row)
    }
}

enum Begun {
    Ready(Token),
    /// Another node is fetching.
    Wait,
    /// Ours to fetch, over this version.
    Fetch(i64),
}

impl TokenSource for Component {
    async fn token(&self) -> Result<Token, TokenError> {
        if let Some(row) = self.stored().await.map_err(away)?.filter(|row| self.is_fresh(row, MARGIN_MS)) {
            return self.opened(&row);
        }
        let pacing = self.ctx.slot::<Pacing>();
        let _alone = pacing.one_at_a_time.lock().await;
        let holder = self.ctx.new_id().to_string();
        for _ in 0..PATIENCE {
            match self.begin(&holder).await? {
                Begun::Ready(token) => return Ok(token),
                Begun::Wait => tokio::time::sleep(PAUSE).await,
                Begun::Fetch(seen) => {
                    let fetched = self.fetch().await;
                    let row = self.end(&holder, seen, fetched.as_ref().ok()).await.map_err(away)?;
                    fetched?;
                    let row =
                        row.ok_or_else(|| TokenError::Away("the platform's token was written and is gone".into()))?;
                    return self.opened(&row);
                }
            }
        }
        Err(TokenError::Away("another node is fetching the platform's token and does not come to an end".into()))
    }

    async fn refused(&self, version: i64) -> Result<(), TokenError> {
        let write = async {
            let tx = self.ctx.store().write().await?;
            store::expire(&tx, &self.keys.app_id, TOKEN, version).await?;
            Ok::<_, Error>(tx.commit().await?)
        };
        write.await.map_err(away)
    }
}

/// WeChat's list holds this many accounts a page at most.
const PAGE: i64 = 500;

/// The refresh token of an account as WeChat's list of our authorisations gives it: the way back when ours was
/// lost. None when the account does not authorise us.
pub async fn find_refresh_token(component: &Component, app_id: &str) -> Result<Option<Secret>, Failure> {
    let mut offset = 0;
    loop {
        let request =
            get_authorizer_list::Request { component_appid: component.app_id().to_owned(), offset, count: PAGE };
        let page = component.ctx.wechat().call_as::<GetAuthorizerList>(component, &request).await?;
        let found = page.list.len() as i64;
        if let Some(entry) = page.list.into_iter().find(|entry| entry.authorizer_appid == app_id) {
            return Ok(entry.refresh_token.filter(|token| !token.is_empty()));
        }
        offset += found;
        if found == 0 || offset >= page.total_count {
            return Ok(None);
        }
        // The list is read rarely, and must not crowd out what is urgent.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
