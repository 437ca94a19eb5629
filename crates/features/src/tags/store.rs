//! Statements of the tag mirror. Every one stays inside the caller's tenant.
//!
//! A fan's `wechat_tags` is what both sides last agreed on, as JSON (`[100,101]`): put between commas, a tag is
//! found in it by `like`.

use std::collections::HashMap;

use kit::{AccountId, Ctx, Error, Millis, Sql, TagId, TenantId, Work, sql};
use store::FromRow;

#[derive(FromRow)]
struct NameRow {
    id: i64,
    name: String,
}

/// The names of our tags.
pub async fn names(work: &mut Work) -> Result<HashMap<TagId, String>, Error> {
    let rows: Vec<NameRow> = work.all(sql("select id, name from tags where tenant_id = ?").bind(work.tenant())).await?;
    Ok(rows.into_iter().map(|row| (TagId(row.id), row.name)).collect())
}

/// Gives a tag the name it has at WeChat.
pub async fn rename(work: &mut Work, tag: TagId, name: &str) -> Result<u64, Error> {
    let query = sql("update tags set name = ? where tenant_id = ? and id = ?").bind(name).bind(work.tenant()).bind(tag);
    work.execute(query).await
}

/// Puts our tag on everybody who has WeChat's already, when the one begins to stand for the other.
pub async fn put_where_wechat_has(
    work: &mut Work,
    account: AccountId,
    wechat_id: i64,
    tag: TagId,
) -> Result<u64, Error> {
    let query = sql("insert into customer_tags (tenant_id, tag_id, customer_id, source, created_at)
         select distinct f.tenant_id, cast(? as bigint), f.customer_id, 'wechat', cast(? as bigint) from fans f
         where f.tenant_id = ? and f.account_id = ? and f.wechat_tags <> '[]'")
    .bind(tag)
    .bind(work.now())
    .bind(work.tenant())
    .bind(account);
    work.execute(agreed_on(query, wechat_id).push(" on conflict do nothing")).await
}

/// Narrows the fans `f` to those of whom both sides agreed that they have the tag.
fn agreed_on(query: Sql, wechat_id: i64) -> Sql {
    query
        .push(" and (',' || substr(f.wechat_tags, 2, length(f.wechat_tags) - 2) || ',') like ?")
        .bind(format!("%,{wechat_id},%"))
}

/// The fans of whom both sides agreed that they have the tag, sorted by byte.
pub async fn agreed(work: &mut Work, account: AccountId, wechat_id: i64) -> Result<Vec<String>, Error> {
    let query = sql("select f.openid from fans f where f.tenant_id = ? and f.account_id = ? and f.wechat_tags <> '[]'")
        .bind(work.tenant())
        .bind(account);
    let mut openids: Vec<String> = work.scalars(agreed_on(query, wechat_id)).await?;
    openids.sort_unstable();
    Ok(openids)
}

/// A fan on whom the sides disagree.
#[derive(Debug, FromRow)]
pub struct Apart {
    pub openid: String,
    pub wechat_tags: String,
}

/// Followers whose customer has our tag, and whom WeChat's is not agreed for.
pub async fn to_tag(
    work: &mut Work,
    account: AccountId,
    wechat_id: i64,
    tag: TagId,
    after: &str,
    limit: i64,
) -> Result<Vec<Apart>, Error> {
    let query = sql("select f.openid, f.wechat_tags from customer_tags t join fans f on f.tenant_id = t.tenant_id and f.customer_id = t.customer_id
         where t.tenant_id = ? and t.tag_id = ? and f.account_id = ? and f.status = 'following' and f.openid > ?
           and (',' || substr(f.wechat_tags, 2, length(f.wechat_tags) - 2) || ',') not like ? order by f.openid limit ?")
        .bind(work.tenant())
        .bind(tag)
        .bind(account)
        .bind(after)
        .bind(format!("%,{wechat_id},%"))
        .bind(limit);
    work.all(query).await
}

/// Followers for whom WeChat's tag is agreed, and whose customer does not have ours any more.
pub async fn to_untag(
    work: &mut Work,
    account: AccountId,
    wechat_id: i64,
    tag: TagId,
    after: &str,
    limit: i64,
) -> Result<Vec<Apart>, Error> {
    let query = sql("select f.openid, f.wechat_tags from fans f
         where f.tenant_id = ? and f.account_id = ? and f.wechat_tags <> '[]' and f.status = 'following' and f.openid > ?
           and not exists (select 1 from customer_tags t where t.tenant_id = f.tenant_id and t.tag_id = ? and t.customer_id = f.customer_id)")
        .bind(work.tenant())
        .bind(account)
        .bind(after)
        .bind(tag);
    work.all(agreed_on(query, wechat_id).push(" order by f.openid limit ?").bind(limit)).await
}

/// Both sides agree on these tags of a fan.
pub async fn agree(work: &mut Work, account: AccountId, openid: &str, wechat_tags: &[i64]) -> Result<u64, Error> {
    let query = sql("update fans set wechat_tags = ? where tenant_id = ? and account_id = ? and openid = ?")
        .bind(serde_json::json!(wechat_tags).to_string())
        .bind(work.tenant())
        .bind(account)
        .bind(openid);
    work.execute(query).await
}

#[derive(FromRow)]
pub struct Synced {
    pub tags_synced_at: Option<Millis>,
    pub tags_problem: Option<String>,
}

/// When the account's tags were last compared, and what was wrong.
pub async fn synced(work: &mut Work, account: AccountId) -> Result<Synced, Error> {
    let query = sql("select tags_synced_at, tags_problem from accounts where tenant_id = ? and id = ?")
        .bind(work.tenant())
        .bind(account);
    work.one(query).await?.ok_or(Error::NotFound)
}

/// The account's tags were compared now.
pub async fn set_synced(work: &mut Work, account: AccountId, problem: Option<&str>) -> Result<u64, Error> {
    let query = sql("update accounts set tags_synced_at = ?, tags_problem = ? where tenant_id = ? and id = ?")
        .bind(work.now())
        .bind(problem.map(str::to_owned))
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await
}

/// The account's tags could not be compared.
pub async fn set_problem(work: &mut Work, account: AccountId, problem: &str) -> Result<u64, Error> {
    let query = sql("update accounts set tags_problem = ? where tenant_id = ? and id = ?")
        .bind(problem)
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await
}

/// Whether the mirror of the account has work to do.
pub async fn is_running(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let query = sql("select count(*) from jobs where tenant_id = ? and name = 'tag_mirror' and state in ('ready', 'running') and dedupe_key in ")
        .bind(work.tenant())
        .list([account.to_string(), format!("{account}-full")]);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

#[derive(FromRow)]
struct Place {
    tenant_id: i64,
    id: i64,
}

/// The bound accounts of all tenants.
pub async fn bound_accounts(ctx: &Ctx) -> Result<Vec<(TenantId, AccountId)>, Error> {
    let rows: Vec<Place> = ctx
        .store()
        .read()
        .await?
        .all(sql("select tenant_id, id from accounts where status = 'bound' order by tenant_id, id"))
        .await?;
    Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), AccountId(row.id))).collect())
}
