//! Which files rules name. Every statement stays inside the caller's tenant.

use kit::{AccountId, ArticleId, BroadcastId, Error, MediaId, QrcodeId, RuleId, Work, sql};
use serde::Serialize;
use store::FromRow;
use utoipa::ToSchema;

/// The bodies of the account's rules, which name files.
pub async fn rule_bodies(work: &mut Work, account: AccountId) -> Result<Vec<String>, Error> {
    let query =
        sql("select body from reply_rules where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account);
    work.scalars(query).await
}

/// The menus of the account that fans see or will see, which name files.
pub async fn menu_bodies(work: &mut Work, account: AccountId) -> Result<Vec<String>, Error> {
    let query = sql("select buttons from menu_versions where tenant_id = ? and account_id = ? and state in ('publishing', 'live')
         union all select buttons from conditional_menus where tenant_id = ? and account_id = ? and state in ('adding', 'live')
         union all select buttons from menu_schedules where tenant_id = ? and account_id = ? and state in ('waiting', 'on')")
        .bind(work.tenant())
        .bind(account)
        .bind(work.tenant())
        .bind(account)
        .bind(work.tenant())
        .bind(account);
    work.scalars(query).await
}

/// The files that the answers of the account's QR codes name, each list as JSON.
pub async fn code_files(work: &mut Work, account: AccountId) -> Result<Vec<String>, Error> {
    let query = sql("select distinct files from qrcodes where tenant_id = ? and account_id = ? and files is not null and archived_at is null")
        .bind(work.tenant())
        .bind(account);
    work.scalars(query).await
}

/// A menu that names a file, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MenuUse {
    pub account_id: AccountId,
}

/// The accounts whose menus name this file: drafts too.
pub async fn menus(work: &mut Work, id: MediaId) -> Result<Vec<MenuUse>, Error> {
    #[derive(FromRow)]
    struct Row {
        account_id: i64,
        buttons: String,
    }
    let query = sql("select account_id, buttons from menu_drafts where tenant_id = ?
         union all select account_id, buttons from menu_versions where tenant_id = ? and state in ('publishing', 'live')
         union all select account_id, buttons from conditional_menus where tenant_id = ? and state in ('adding', 'live')
         union all select account_id, buttons from menu_schedules where tenant_id = ? and state in ('waiting', 'on')")
    .bind(work.tenant())
    .bind(work.tenant())
    .bind(work.tenant())
    .bind(work.tenant());
    let rows: Vec<Row> = work.all(query).await?;
    let mut found: Vec<i64> =
        rows.into_iter().filter(|row| files_in(&row.buttons).contains(&id)).map(|row| row.account_id).collect();
    found.sort_unstable();
    found.dedup();
    Ok(found.into_iter().map(|account| MenuUse { account_id: AccountId(account) }).collect())
}

/// A rule that names a file, and where it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Use {
    pub rule_id: RuleId,
    pub account_id: AccountId,
    /// The rule's name; may be empty.
    pub name: String,
    /// `follow`, `keyword` or `default`.
    pub kind: String,
}

/// A QR code that needs a file, for an answer or as its logo.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CodeUse {
    pub qrcode_id: QrcodeId,
    pub account_id: AccountId,
    pub name: String,
}

/// An article that shows a file, or has it for its cover.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleUse {
    pub article_id: ArticleId,
    pub account_id: AccountId,
    /// Of its first item.
    pub title: String,
}

/// A broadcast that is still to say something with a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BroadcastUse {
    pub broadcast_id: BroadcastId,
    pub account_id: AccountId,
    pub name: String,
}

/// The rules that name this file, of every account.
pub async fn uses(work: &mut Work, id: MediaId) -> Result<Vec<Use>, Error> {
    #[derive(FromRow)]
    struct Row {
        id: i64,
        account_id: i64,
        name: String,
        kind: String,
        body: String,
    }
    let query = sql("select id, account_id, name, kind, body from reply_rules where tenant_id = ? order by account_id, position, id")
        .bind(work.tenant());
    let rows: Vec<Row> = work.all(query).await?;
    let using = rows.into_iter().filter(|row| files_in(&row.body).contains(&id));
    Ok(using
        .map(|row| Use {
            rule_id: RuleId(row.id),
            account_id: AccountId(row.account_id),
            name: row.name,
            kind: row.kind,
        })
        .collect())
}

/// How many messages with this file wait to be sent, or for a person's word.
pub async fn waiting(work: &mut Work, id: MediaId) -> Result<i64, Error> {
    // By account and state, which are indexed: the ledger of a tenant is long.
    let query = sql("select count(*) from accounts a join sends s on s.tenant_id = a.tenant_id and s.account_id = a.id and s.state in ('queued', 'held')
         where a.tenant_id = ? and s.message like ?")
        .bind(work.tenant())
        .bind(format!("%media_id\":\"{id}\"%"));
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// Every account that WeChat holds files for, of every tenant: the renewal looks at them all.
pub async fn holders(tx: &kit::Tx) -> Result<Vec<(i64, i64)>, Error> {
    #[derive(FromRow)]
    struct Holder {
        tenant_id: i64,
        account_id: i64,
    }
    let rows: Vec<Holder> = tx.all(sql("select distinct tenant_id, account_id from wechat_media")).await?;
    Ok(rows.into_iter().map(|row| (row.tenant_id, row.account_id)).collect())
}

/// The files a rule's body names.
pub fn files_in(body: &str) -> Vec<MediaId> {
    fn walk(value: &serde_json::Value, out: &mut Vec<MediaId>) {
        match value {
            serde_json::Value::Object(fields) => {
                for (name, value) in fields {
                    if matches!(name.as_str(), "media_id" | "thumb_media_id")
                        && let Some(id) = value.as_str().and_then(|id| id.parse().ok())
                    {
                        out.push(MediaId(id));
                    }
                    walk(value, out);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    if let Ok(value) = serde_json::from_str(body) {
        walk(&value, &mut out);
    }
    out
}
