//! What the callback door needs of an account, kept in memory for a moment.
//!
//! A door is read again after three seconds, or at once after [`forget`]; inside its own transaction the
//! callback asks [`super::door_state`], which is never stale.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kit::{AccountId, Ctx, Error, Millis, TenantId, Work};
use moka::future::Cache;
use wechat::{
    Secret,
    crypto::{EncodingAesKey, MsgCipher},
};

use super::{
    Account, Encryption, Mode, Status, platform,
    secrets::{self, Field},
    store,
};

/// All it takes to prove, open and seal callbacks of one account.
#[derive(Debug)]
pub struct Door {
    pub tenant: TenantId,
    pub account: AccountId,
    /// Stands inside the ciphers: the account's AppID, or the platform's.
    pub app_id: String,
    /// The account's AppID.
    pub authorizer: String,
    pub callback_key: String,
    /// Whom callbacks are addressed to, once we know.
    pub original_id: Option<String>,
    pub encryption: Encryption,
    /// Signs callbacks.
    pub token: Secret,
    pub cipher: MsgCipher,
    pub status: Status,
    pub listen_only: bool,
    pub version: i64,
    pub platform: bool,
}

/// How long a door may lag behind its row: cancelled authorisations are seen within five seconds (P8).
const LAG: Duration = Duration::from_secs(3);
/// Unknown addresses are remembered too, so that strangers cannot fill the memory, nor ask the database each time.
const DOORS: u64 = 10_000;

type Found = Option<Arc<Door>>;

#[derive(Clone)]
struct Doors {
    by_key: Cache<String, Found>,
    by_app: Cache<String, Found>,
    /// The last known door of every address and AppID that has one. Only for the time the database is away: a
    /// callback then goes to the spool, and is looked at again when it comes out (P13).
    last: Arc<Mutex<HashMap<String, Arc<Door>>>>,
}

impl Default for Doors {
    fn default() -> Self {
        let cache = || Cache::builder().max_capacity(DOORS).time_to_live(LAG).build();
        Self { by_key: cache(), by_app: cache(), last: Arc::default() }
    }
}

impl Doors {
    /// From memory, or by `find`: once, however many ask at the same moment.
    async fn look<F: Future<Output = Result<Found, Error>> + Send>(
        &self,
        cache: &Cache<String, Found>,
        name: &str,
        find: impl FnOnce() -> F + Send,
    ) -> Result<Found, Error> {
        if let Some(found) = cache.get(name).await {
            return Ok(found);
        }
        // Apart, so that the future of every callback does not have room for this one.
        Box::pin(self.fetch(cache, name, find)).await
    }

    async fn fetch<F: Future<Output = Result<Found, Error>> + Send>(
        &self,
        cache: &Cache<String, Found>,
        name: &str,
        find: impl FnOnce() -> F + Send,
    ) -> Result<Found, Error> {
        let fetch = async {
            let found = find().await?;
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            match &found {
                Some(door) => drop(last.insert(name.to_owned(), door.clone())),
                None => drop(last.remove(name)),
            }
            Ok::<_, Error>(found)
        };
        match cache.try_get_with(name.to_owned(), fetch).await {
            Ok(found) => Ok(found),
            Err(error) => match &*error {
                Error::Away(why) => {
                    let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
                    last.map(Some).ok_or_else(|| Error::Away(why.clone()))
                }
                other => Err(Error::internal(other)),
            },
        }
    }
}

/// The door of a callback address.
pub async fn door_by_key(ctx: &Ctx, callback_key: &str) -> Result<Found, Error> {
    let doors = ctx.slot::<Doors>();
    doors
        .look(&doors.by_key, callback_key, || async {
            let tx = ctx.store().read().await?;
            let owner = store::owner_of_key(&tx, callback_key).await?;
            drop(tx);
            read(ctx, owner).await
        })
        .await
}

/// The door of an account by its AppID.
pub async fn door_by_app(ctx: &Ctx, app_id: &str) -> Result<Found, Error> {
    let doors = ctx.slot::<Doors>();
    doors
        .look(&doors.by_app, app_id, || async {
            let tx = ctx.store().read().await?;
            let owner = store::owner_of_app(&tx, app_id).await?;
            drop(tx);
            read(ctx, owner).await
        })
        .await
}

/// Something the door must see was changed and committed.
pub async fn forget(ctx: &Ctx, account: &Account) {
    let doors = ctx.slot::<Doors>();
    doors.by_key.invalidate(&account.callback_key).await;
    doors.by_app.invalidate(&account.app_id).await;
}

async fn read(ctx: &Ctx, owner: Option<(TenantId, AccountId)>) -> Result<Found, Error> {
    let Some((tenant, id)) = owner else { return Ok(None) };
    let mut work = Work::reading(ctx, tenant);
    let account = match store::find(&mut work, id).await {
        Ok(account) => account,
        // Deleted between the two reads.
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let platform = account.mode == Mode::Platform;
    let (app_id, token, cipher) = if platform {
        let Some(keys) = platform::keys(ctx) else { return Ok(None) };
        (keys.app_id.clone(), keys.token.clone(), keys.cipher.clone())
    } else {
        let token = secrets::current(&mut work, id, Field::Token)
            .await?
            .ok_or_else(|| Error::broken("account_secrets", id.0, "no token"))?;
        (account.app_id.clone(), token, cipher(&mut work, &account).await?)
    };
    Ok(Some(Arc::new(Door {
        tenant,
        account: id,
        app_id,
        authorizer: account.app_id,
        callback_key: account.callback_key,
        original_id: account.original_id,
        encryption: if platform { Encryption::Safe } else { account.encryption },
        token,
        cipher,
        status: account.status,
        listen_only: account.listen_only,
        version: account.version,
        platform,
    })))
}

async fn cipher(work: &mut Work, account: &Account) -> Result<MsgCipher, Error> {
    let mut keys = secrets::of(work, account.id, Field::EncodingAesKey).await?.into_iter().map(|key| {
        EncodingAesKey::parse(key.expose()).map_err(|error| Error::broken("account_secrets", account.id.0, error))
    });
    let current = keys.next().ok_or_else(|| Error::broken("account_secrets", account.id.0, "no EncodingAESKey"))??;
    Ok(MsgCipher::new(&account.app_id, current, keys.next().transpose()?))
}

/// When each account was last heard, as far as this process wrote it down.
#[derive(Default)]
struct Heard(Mutex<HashMap<AccountId, Millis>>);

const MINUTE: Millis = 60_000;

/// A callback came. Written at most once a minute for each account.
pub async fn heard_callback(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let (now, heard) = (work.now(), work.ctx().slot::<Heard>());
    let written = heard.0.lock().unwrap_or_else(PoisonError::into_inner).get(&account).copied();
    if written.is_some_and(|at| now < at + MINUTE) {
        return Ok(());
    }
    store::set_last_callback(work, account).await?;
    heard.0.lock().unwrap_or_else(PoisonError::into_inner).insert(account, now);
    Ok(())
}
