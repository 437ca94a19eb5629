//! WeChat's tags as they were when we last looked, and the tags of ours they stand for.
//!
//! A tag that WeChat is still to make stands in the table under a number below zero (our own, negated), so
//! that the wish survives a restart; one that WeChat is to delete stands for [`DOOMED`].

use std::collections::HashMap;

use jobs::NewJob;
use kit::{AccountId, Error, TagId, Work, sql};
use store::FromRow;

/// A tag of an account at WeChat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WechatTag {
    /// WeChat's number; below zero for one it is still to make.
    pub wechat_id: i64,
    /// The name on which both sides last agreed.
    pub name: String,
    pub fans: i64,
    pub tag: Option<TagId>,
}

/// Stands for no tag: WeChat's is to go.
pub const DOOMED: TagId = TagId(0);

#[derive(FromRow)]
struct Row {
    wechat_id: i64,
    name: String,
    fans: i64,
    tag_id: Option<i64>,
}

/// The tags of an account.
pub async fn wechat_tags(work: &mut Work, account: AccountId) -> Result<Vec<WechatTag>, Error> {
    let query = sql("select wechat_id, name, fans, tag_id from wechat_tags where tenant_id = ? and account_id = ? order by wechat_id")
        .bind(work.tenant())
        .bind(account);
    let rows: Vec<Row> = work.all(query).await?;
    Ok(rows
        .into_iter()
        .map(|row| WechatTag { wechat_id: row.wechat_id, name: row.name, fans: row.fans, tag: row.tag_id.map(TagId) })
        .collect())
}

/// Which tag of ours each of WeChat's stands for, of those that do and that WeChat has.
pub async fn links(work: &mut Work, account: AccountId) -> Result<HashMap<i64, TagId>, Error> {
    let tags = wechat_tags(work, account).await?;
    Ok(tags
        .into_iter()
        .filter(|tag| tag.wechat_id >= 0)
        .filter_map(|tag| Some((tag.wechat_id, tag.tag?)))
        .filter(|(_, tag)| *tag != DOOMED)
        .collect())
}

/// The accounts at which WeChat has this tag, or is to have it.
pub async fn mirrored_accounts(work: &mut Work, tag: TagId) -> Result<Vec<AccountId>, Error> {
    let query = sql("select account_id from wechat_tags where tenant_id = ? and tag_id = ? order by account_id")
        .bind(work.tenant())
        .bind(tag);
    Ok(work.scalars::<i64>(query).await?.into_iter().map(AccountId).collect())
}

/// Writes what is known of a tag of WeChat's.
pub async fn set_wechat(work: &mut Work, account: AccountId, tag: &WechatTag) -> Result<(), Error> {
    let query = sql("insert into wechat_tags (tenant_id, account_id, wechat_id, name, fans, tag_id) values (?, ?, ?, ?, ?, ?)
         on conflict (tenant_id, account_id, wechat_id) do update set name = excluded.name, fans = excluded.fans, tag_id = excluded.tag_id")
        .bind(work.tenant())
        .bind(account)
        .bind(tag.wechat_id)
        .bind(tag.name.as_str())
        .bind(tag.fans)
        .bind(tag.tag.map(|tag| tag.0));
    work.execute(query).await?;
    Ok(())
}

/// WeChat is to have this tag too.
pub async fn want(work: &mut Work, account: AccountId, tag: TagId, name: &str) -> Result<(), Error> {
    set_wechat(work, account, &WechatTag { wechat_id: -tag.0, name: name.to_owned(), fans: 0, tag: Some(tag) }).await
}

/// WeChat does not have this tag any more, or is not to make it.
pub async fn forget_wechat(work: &mut Work, account: AccountId, wechat_id: i64) -> Result<(), Error> {
    let query = sql("delete from wechat_tags where tenant_id = ? and account_id = ? and wechat_id = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(wechat_id);
    work.execute(query).await?;
    Ok(())
}

/// WeChat is not to have this tag any more, at this account.
pub async fn doom(work: &mut Work, account: AccountId, tag: TagId) -> Result<(), Error> {
    forget_wechat(work, account, -tag.0).await?;
    let query = sql("update wechat_tags set tag_id = ? where tenant_id = ? and account_id = ? and tag_id = ?")
        .bind(DOOMED)
        .bind(work.tenant())
        .bind(account)
        .bind(tag);
    work.execute(query).await?;
    Ok(())
}

/// Asks the tag mirror of the account to look: at what changed here, or (`full`) at everything WeChat has too.
pub async fn mirror(work: &mut Work, account: AccountId, full: bool) -> Result<(), Error> {
    let payload = serde_json::json!({ "account": account, "full": full });
    let dedupe_key = if full { format!("{account}-full") } else { account.to_string() };
    // What is tagged in one go is mirrored in one go.
    let run_at = work.now() + if full { 0 } else { 1000 };
    work.enqueue(NewJob { name: "tag_mirror", payload, run_at, dedupe_key: Some(dedupe_key) }).await?;
    Ok(())
}
