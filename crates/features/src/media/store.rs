//! Which files rules name. Every statement stays inside the caller's tenant.

use kit::{AccountId, Error, MediaId, Work, sql};

/// The bodies of the account's rules, which name files.
pub async fn rule_bodies(work: &mut Work, account: Option<AccountId>) -> Result<Vec<String>, Error> {
    let mut query = sql("select body from reply_rules where tenant_id = ?").bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    work.scalars(query).await
}

/// Every account that WeChat holds files for, of every tenant: the renewal looks at them all.
pub async fn holders(tx: &kit::Tx) -> Result<Vec<(i64, i64)>, Error> {
    #[derive(store::FromRow)]
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
