//! Statements of the import. Every one stays inside the caller's tenant.

use std::collections::HashSet;

use entities::fans::{Fan, FanStatus};
use kit::{AccountId, Bulk, Ctx, CustomerId, Error, Millis, OnConflict, TagId, TenantId, Work, sql};
use store::FromRow;

/// Whether the same official account lived here before, under another id (R20).
pub async fn has_former_life(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let query = sql("select count(*) from accounts a join accounts b on b.tenant_id = a.tenant_id and b.app_id = a.app_id and b.id <> a.id
         where a.tenant_id = ? and a.id = ?")
        .bind(work.tenant())
        .bind(account);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// Which of these customers are fans of the account already.
pub async fn fans_here(
    work: &mut Work,
    account: AccountId,
    customers: &[CustomerId],
) -> Result<HashSet<CustomerId>, Error> {
    let query = sql("select distinct customer_id from fans where tenant_id = ? and account_id = ? and customer_id in ")
        .bind(work.tenant())
        .bind(account)
        .list(customers.iter().copied());
    Ok(work.scalars::<i64>(query).await?.into_iter().map(CustomerId).collect())
}

/// Writes fans that are there anew.
pub async fn write_fans(work: &mut Work, account: AccountId, fans: &[Fan]) -> Result<u64, Error> {
    let (tenant, now) = (work.tenant(), work.now());
    let columns = &[
        "tenant_id",
        "account_id",
        "openid",
        "customer_id",
        "status",
        "status_at",
        "subscribed_at",
        "scene",
        "qr_scene",
        "remark",
        "unionid",
        "wechat_tags",
        "info_at",
        "created_at",
    ];
    let mut bulk = Bulk::into("fans", columns).on_conflict(OnConflict::Do(
        "(tenant_id, account_id, openid) do update set status = excluded.status, status_at = excluded.status_at, subscribed_at = excluded.subscribed_at,
         scene = excluded.scene, qr_scene = excluded.qr_scene, remark = excluded.remark, unionid = excluded.unionid, wechat_tags = excluded.wechat_tags,
         info_at = excluded.info_at",
    ));
    for fan in fans {
        bulk.row([
            tenant.into(),
            account.into(),
            fan.openid.as_str().into(),
            fan.customer.into(),
            fan.status.as_str().into(),
            fan.status_at.into(),
            fan.subscribed_at.into(),
            fan.scene.clone().into(),
            fan.qr_scene.clone().into(),
            fan.remark.clone().into(),
            fan.unionid.clone().into(),
            serde_json::json!(fan.wechat_tags).to_string().into(),
            fan.info_at.into(),
            now.into(),
        ]);
    }
    work.bulk(bulk).await
}

/// Puts tags on customers who are new, and of whom the import event says it all.
pub async fn put_tags(work: &mut Work, tags: &[(TagId, CustomerId)]) -> Result<u64, Error> {
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("customer_tags", &["tenant_id", "tag_id", "customer_id", "source", "created_at"])
        .on_conflict(OnConflict::Nothing);
    for (tag, customer) in tags {
        bulk.row([tenant.into(), (*tag).into(), (*customer).into(), "wechat".into(), now.into()]);
    }
    work.bulk(bulk).await
}

/// A line of the timeline about a fan who was found, or found missing, when WeChat was asked.
#[derive(Debug)]
pub struct Seen {
    pub customer: CustomerId,
    pub following: bool,
    pub subscribed_at: Option<Millis>,
    pub scene: Option<String>,
    pub at: Millis,
}

/// Appends import events. Nobody is told of each: an import tells of itself, and twenty thousand a second would
/// drown the consoles.
pub async fn append_seen(work: &mut Work, account: AccountId, seen: &[Seen]) -> Result<u64, Error> {
    work.tx().await?;
    let tenant = work.tenant();
    let mut bulk =
        Bulk::into("events", &["tenant_id", "id", "customer_id", "account_id", "at", "kind", "channel", "properties"]);
    bulk.reserve(seen.len());
    for seen in seen {
        let id = work.ctx().new_event_id();
        bulk.row([
            tenant.into(),
            id.into(),
            seen.customer.into(),
            account.into(),
            seen.at.into(),
            "import".into(),
            "wechat".into(),
            properties(seen).into(),
        ]);
    }
    work.bulk(bulk).await
}

fn properties(seen: &Seen) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(96);
    out.push_str(if seen.following { r#"{"following":true"# } else { r#"{"following":false"# });
    if let Some(at) = seen.subscribed_at {
        // Writing to a String does not fail.
        let _ = write!(out, r#","subscribed_at":{at}"#);
    }
    // WeChat's words are plain; anything else would need escaping and says nothing.
    if let Some(scene) =
        seen.scene.as_deref().filter(|scene| scene.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
    {
        let _ = write!(out, r#","scene":"{scene}""#);
    }
    out.push('}');
    out
}

#[derive(Debug, FromRow)]
pub struct Follower {
    pub openid: String,
    pub status_at: i64,
}

/// Fans who follow as far as we know, in the database's order of openids.
pub async fn followers(work: &mut Work, account: AccountId, after: &str, limit: i64) -> Result<Vec<Follower>, Error> {
    let query = sql("select openid, status_at from fans
         where tenant_id = ? and account_id = ? and openid > ? and status = 'following' order by openid limit ?")
    .bind(work.tenant())
    .bind(account)
    .bind(after)
    .bind(limit);
    work.all(query).await
}

/// These fans have left, at an unknown time before `as_of`; those who did something since are left alone.
pub async fn mark_left(
    work: &mut Work,
    account: AccountId,
    openids: &[&str],
    as_of: Millis,
) -> Result<Vec<CustomerId>, Error> {
    let query = sql("update fans set status = ?, status_at = ? where tenant_id = ? and account_id = ? and status = 'following' and status_at < ? and openid in ")
        .bind(FanStatus::Left.as_str())
        .bind(as_of)
        .bind(work.tenant())
        .bind(account)
        .bind(as_of)
        .list(openids.iter().copied())
        .push(" returning customer_id");
    Ok(work.scalars::<i64>(query).await?.into_iter().map(CustomerId).collect())
}

/// Fans of whom WeChat has told us nothing yet: they came by themselves.
pub async fn unasked(work: &mut Work, account: AccountId, limit: i64) -> Result<Vec<String>, Error> {
    let query = sql(
        "select openid from fans where tenant_id = ? and account_id = ? and info_at is null order by openid limit ?",
    )
    .bind(work.tenant())
    .bind(account)
    .bind(limit);
    work.scalars(query).await
}

/// WeChat was asked about these fans, whatever it said.
pub async fn mark_asked(work: &mut Work, account: AccountId, openids: &[String], at: Millis) -> Result<u64, Error> {
    let query =
        sql("update fans set info_at = ? where tenant_id = ? and account_id = ? and info_at is null and openid in ")
            .bind(at)
            .bind(work.tenant())
            .bind(account)
            .list(openids.iter().map(String::as_str));
    work.execute(query).await
}

#[derive(FromRow)]
struct Place {
    tenant_id: i64,
    account_id: i64,
}

/// The bound accounts of all tenants that have fans nobody has asked about.
pub async fn accounts_with_unasked(ctx: &Ctx) -> Result<Vec<(TenantId, AccountId)>, Error> {
    let query = sql("select distinct f.tenant_id, f.account_id from fans f
         join accounts a on a.tenant_id = f.tenant_id and a.id = f.account_id where f.info_at is null and a.status = 'bound'");
    let rows: Vec<Place> = ctx.store().read().await?.all(query).await?;
    Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), AccountId(row.account_id))).collect())
}
