//! The fans table. Every statement stays inside the caller's tenant.

use std::collections::HashMap;

use kit::{AccountId, Bulk, CustomerId, Error, Millis, OnConflict, Sql, Work, sql};
use store::FromRow;

use super::{Fan, FanStatus, NewFan};

#[derive(FromRow)]
struct Row {
    account_id: i64,
    openid: String,
    customer_id: i64,
    status: String,
    status_at: i64,
    subscribed_at: Option<i64>,
    scene: Option<String>,
    qr_scene: Option<String>,
    remark: Option<String>,
    unionid: Option<String>,
    wechat_tags: String,
    info_at: Option<i64>,
}

const COLUMNS: &[&str] = &[
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

fn select() -> Sql {
    sql(
        "select account_id, openid, customer_id, status, status_at, subscribed_at, scene, qr_scene, remark, unionid, wechat_tags, info_at from fans",
    )
}

#[derive(FromRow)]
struct Pair {
    openid: String,
    customer_id: i64,
}

/// A fan we know.
#[derive(Debug, Clone, Copy)]
pub struct Met {
    pub customer: CustomerId,
    /// We think that they left, or do not know; should they write, they do follow (see [`spoke`]).
    pub is_thought_gone: bool,
}

/// Which customers these fans are. Openids we have never met are absent.
pub async fn customers_of(
    work: &mut Work,
    account: AccountId,
    openids: &[&str],
) -> Result<HashMap<String, Met>, Error> {
    #[derive(FromRow)]
    struct Row {
        openid: String,
        customer_id: i64,
        is_thought_gone: bool,
    }
    let query = sql("select openid, customer_id, status in ('left', 'unknown') as is_thought_gone from fans where tenant_id = ? and account_id = ? and openid in ")
        .bind(work.tenant())
        .bind(account)
        .list(openids.iter().copied());
    let rows: Vec<Row> = work.all(query).await?;
    let met =
        |row: Row| (row.openid, Met { customer: CustomerId(row.customer_id), is_thought_gone: row.is_thought_gone });
    Ok(rows.into_iter().map(met).collect())
}

/// Which customers these openids were under an earlier life of the same official account here (it was
/// deleted and bound again). Their follow states stay where they were.
pub async fn former_customers_of(
    work: &mut Work,
    account: AccountId,
    openids: &[&str],
) -> Result<HashMap<String, CustomerId>, Error> {
    let tenant = work.tenant();
    let query = sql("select f.openid, f.customer_id from fans f
         join accounts former on former.tenant_id = f.tenant_id and former.id = f.account_id
         join accounts now on now.tenant_id = former.tenant_id and now.app_id = former.app_id
         where f.tenant_id = ? and now.tenant_id = ? and now.id = ? and former.id <> now.id and f.openid in ")
    .bind(tenant)
    .bind(tenant)
    .bind(account)
    .list(openids.iter().copied());
    let pairs: Vec<Pair> = work.all(query).await?;
    Ok(pairs.into_iter().map(|pair| (pair.openid, CustomerId(pair.customer_id))).collect())
}

pub async fn find(work: &mut Work, account: AccountId, openid: &str) -> Result<Option<Fan>, Error> {
    let query = select()
        .push(" where tenant_id = ? and account_id = ? and openid = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(openid);
    work.one::<Row>(query).await?.map(Fan::try_from).transpose()
}

pub async fn find_many(work: &mut Work, account: AccountId, openids: &[&str]) -> Result<Vec<Fan>, Error> {
    let query = select()
        .push(" where tenant_id = ? and account_id = ? and openid in ")
        .bind(work.tenant())
        .bind(account)
        .list(openids.iter().copied());
    work.all::<Row>(query).await?.into_iter().map(Fan::try_from).collect()
}

/// The fans that these customers are, of all accounts.
pub async fn of_customers(work: &mut Work, customers: &[CustomerId]) -> Result<Vec<Fan>, Error> {
    let query = select()
        .push(" where tenant_id = ? and customer_id in ")
        .bind(work.tenant())
        .list(customers.iter().copied())
        .push(" order by created_at, openid");
    work.all::<Row>(query).await?.into_iter().map(Fan::try_from).collect()
}

/// Adds fans; those there already are left as they were. Give them in openid order: the rows then append.
pub async fn insert_many(work: &mut Work, account: AccountId, fans: &[NewFan]) -> Result<u64, Error> {
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("fans", COLUMNS).on_conflict(OnConflict::Nothing);
    bulk.reserve(fans.len());
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
            tags_text(&fan.wechat_tags).into(),
            fan.info_at.into(),
            now.into(),
        ]);
    }
    work.bulk(bulk).await
}

/// Writes the status that [`super::later`] chose.
pub(super) async fn set_status(work: &mut Work, fan: &Fan) -> Result<(), Error> {
    let query = sql("update fans set status = ?, status_at = ?, subscribed_at = ?, scene = ?, qr_scene = ?, wechat_tags = ?, info_at = ?
         where tenant_id = ? and account_id = ? and openid = ?")
        .bind(fan.status.as_str())
        .bind(fan.status_at)
        .bind(fan.subscribed_at)
        .bind(fan.scene.clone())
        .bind(fan.qr_scene.clone())
        .bind(tags_text(&fan.wechat_tags))
        .bind(fan.info_at)
        .bind(work.tenant())
        .bind(fan.account)
        .bind(fan.openid.as_str());
    work.execute(query).await?;
    Ok(())
}

/// These fans wrote at `at`, so they follow; unless they have left since. How many were thought gone.
pub async fn spoke(work: &mut Work, account: AccountId, openids: &[&str], at: Millis) -> Result<u64, Error> {
    if openids.is_empty() {
        return Ok(0);
    }
    let query = sql("update fans set status = 'following', status_at = ? where tenant_id = ? and account_id = ? and status in ('left', 'unknown') and status_at < ? and openid in ")
        .bind(at)
        .bind(work.tenant())
        .bind(account)
        .bind(at)
        .list(openids.iter().copied());
    work.execute(query).await
}

/// The account is deleted here: every follow state becomes history, until this day. How many there were.
pub async fn freeze(work: &mut Work, account: AccountId, at: Millis) -> Result<u64, Error> {
    let query = sql("update fans set status = 'frozen', status_at = ? where tenant_id = ? and account_id = ? and status <> 'frozen'")
        .bind(at)
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await
}

/// Most fans have no tags, and this is the import's hot path.
fn tags_text(tags: &[i64]) -> String {
    if tags.is_empty() { "[]".to_owned() } else { serde_json::json!(tags).to_string() }
}

impl TryFrom<Row> for Fan {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("fans", row.account_id, why);
        Ok(Self {
            account: AccountId(row.account_id),
            customer: CustomerId(row.customer_id),
            status: FanStatus::parse(&row.status).ok_or_else(|| broken("unknown status"))?,
            status_at: row.status_at,
            subscribed_at: row.subscribed_at,
            wechat_tags: serde_json::from_str(&row.wechat_tags)
                .map_err(|_| broken("wechat_tags is no list of numbers"))?,
            openid: row.openid,
            scene: row.scene,
            qr_scene: row.qr_scene,
            remark: row.remark,
            unionid: row.unionid,
            info_at: row.info_at,
        })
    }
}
