//! An account's secrets: sealed where they lie, and the ones before them kept.
//!
//! A secret is sealed for `account_secrets|tenant|account|field`, so that copied to another row it does not
//! open. An empty value never replaces one (P17). Slot 0 is in use; higher slots are older.

use kit::{AccountId, Bulk, Error, Work, sql};
use store::FromRow;
use wechat::Secret;

use super::model::words;

words! {
    /// Which secret.
    Field {
        AppSecret = "app_secret",
        /// Signs callbacks.
        Token = "token",
        /// Messages under way when it is changed still use the one before.
        EncodingAesKey = "encoding_aes_key",
        /// The right to get tokens for an account that authorised our platform.
        RefreshToken = "refresh_token",
    }
}

impl Field {
    /// How many are kept, the one in use among them.
    fn kept(self) -> usize {
        match self {
            Self::AppSecret => 1,
            Self::Token | Self::EncodingAesKey => 2,
            Self::RefreshToken => 3,
        }
    }
}

#[derive(FromRow)]
struct Row {
    sealed: Vec<u8>,
    created_at: i64,
}

fn place(work: &Work, account: AccountId, field: Field) -> String {
    format!("account_secrets|{}|{account}|{}", work.tenant(), field.as_str())
}

/// The secrets of one field, the one in use first.
pub async fn of(work: &mut Work, account: AccountId, field: Field) -> Result<Vec<Secret>, Error> {
    let place = place(work, account, field);
    let rows = rows(work, account, field).await?;
    let keyring = work.ctx().keyring().clone();
    rows.iter()
        .map(|row| {
            keyring
                .open(&place, &row.sealed)
                .map_err(|error| Error::broken("account_secrets", account.0, format!("{}: {error}", field.as_str())))
        })
        .collect()
}

/// The secret in use.
pub async fn current(work: &mut Work, account: AccountId, field: Field) -> Result<Option<Secret>, Error> {
    Ok(of(work, account, field).await?.into_iter().next())
}

/// Puts a secret into use and keeps the ones before it. An empty one, or the one in use, changes nothing.
pub async fn put(work: &mut Work, account: AccountId, field: Field, secret: &Secret) -> Result<bool, Error> {
    if secret.is_empty() || current(work, account, field).await?.as_ref() == Some(secret) {
        return Ok(false);
    }
    let sealed = work.ctx().keyring().seal(&place(work, account, field), secret.expose());
    let mut rows = rows(work, account, field).await?;
    rows.insert(0, Row { sealed, created_at: work.now() });
    rows.truncate(field.kept());
    remove(work, account, field).await?;
    let tenant = work.tenant();
    let mut bulk = Bulk::into("account_secrets", &["tenant_id", "account_id", "field", "slot", "sealed", "created_at"]);
    for (slot, row) in (0i64..).zip(rows) {
        bulk.row([
            tenant.into(),
            account.into(),
            field.as_str().into(),
            slot.into(),
            row.sealed.into(),
            row.created_at.into(),
        ]);
    }
    work.bulk(bulk).await?;
    Ok(true)
}

/// Forgets every secret of an account that goes.
pub async fn remove_all(work: &mut Work, account: AccountId) -> Result<(), Error> {
    work.execute(
        sql("delete from account_secrets where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account),
    )
    .await?;
    Ok(())
}

async fn rows(work: &mut Work, account: AccountId, field: Field) -> Result<Vec<Row>, Error> {
    let query = sql("select sealed, created_at from account_secrets where tenant_id = ? and account_id = ? and field = ? order by slot")
        .bind(work.tenant())
        .bind(account)
        .bind(field.as_str());
    work.all(query).await
}

async fn remove(work: &mut Work, account: AccountId, field: Field) -> Result<(), Error> {
    let query = sql("delete from account_secrets where tenant_id = ? and account_id = ? and field = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(field.as_str());
    work.execute(query).await?;
    Ok(())
}
