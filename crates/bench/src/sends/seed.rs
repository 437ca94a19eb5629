use store::{Bulk, sql};

use super::Kind;
use crate::{
    Result,
    machine::{Database, now_ms},
};

const COLUMNS: &[&str] = &[
    "tenant_id",
    "id",
    "account_id",
    "customer_id",
    "openid",
    "service",
    "message",
    "state",
    "position",
    "group_id",
    "due_at",
    "campaign_id",
];
const CHUNK: usize = 20_480;
const FIRST: i64 = 1 << 43;
const CAMPAIGN: i64 = 1 << 44;

#[derive(store::FromRow)]
struct Fan {
    openid: String,
    customer_id: i64,
}

/// A message to each fan, in line: by itself, or as a line of one campaign that runs.
pub async fn sends(database: &Database, account: i64, kind: Kind, count: u64) -> Result {
    let store = database.open().await?;
    let tenant: i64 = store
        .read()
        .await?
        .scalar(sql("select tenant_id from accounts where id = ?").bind(account))
        .await?
        .ok_or("there is no such account")?;
    let fans: Vec<Fan> = store
        .read()
        .await?
        .all(
            sql("select openid, customer_id from fans where account_id = ? order by openid limit ?")
                .bind(account)
                .bind(count.cast_signed()),
        )
        .await?;
    let (service, message, campaign) = match kind {
        Kind::Custom => {
            ("custom", r#"{"type":"text","text":"您的订单已经发出，预计三天内送达，请留意快递的电话。"}"#, None)
        }
        Kind::Template => ("template", "", Some(CAMPAIGN)),
    };
    let now = now_ms();
    if campaign.is_some() {
        let said = r#"{"type":"template","template_id":"ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY","data":{"character_string1":"20261128001","thing2":"手工陶瓷杯"}}"#;
        let query = sql("insert into campaigns (tenant_id, id, account_id, name, service, message, audience, state, on_quota, starts_at, grace_ms, filled_at, created_by, created_at, started_at, version)
             values (?, ?, ?, 'bench', 'template', ?, '{\"type\":\"all\"}', 'running', 'wait', ?, 1800000, ?, 'bench', ?, ?, 1)")
        .bind(tenant)
        .bind(CAMPAIGN)
        .bind(account)
        .bind(said)
        .bind(now)
        .bind(now)
        .bind(now)
        .bind(now);
        let tx = store.write().await?;
        tx.execute(query).await?;
        tx.commit().await?;
    }
    let first = FIRST + if kind == Kind::Custom { 0 } else { 1 << 42 };
    for (chunk, fans) in fans.chunks(CHUNK).enumerate() {
        let mut bulk = Bulk::into("sends", COLUMNS);
        for (n, fan) in fans.iter().enumerate() {
            let id = first + (chunk * CHUNK + n) as i64;
            bulk.row([
                tenant.into(),
                id.into(),
                account.into(),
                fan.customer_id.into(),
                fan.openid.as_str().into(),
                service.into(),
                message.into(),
                "queued".into(),
                0i64.into(),
                id.into(),
                now.into(),
                campaign.into(),
            ]);
        }
        let tx = store.write().await?;
        tx.bulk(bulk).await?;
        tx.commit().await?;
    }
    store.learn_sizes().await?;
    Ok(store.close().await?)
}

/// How many of these stand as `sent`, and how many otherwise.
pub async fn counted(database: &Database, kind: Kind) -> Result<(u64, u64)> {
    let store = database.open().await?;
    let service = kind.as_str();
    let count = async |text: &'static str| -> Result<u64> {
        let count: Option<i64> = store.read().await?.scalar(sql(text).bind(service)).await?;
        Ok(count.unwrap_or(0).cast_unsigned())
    };
    let sent = count("select count(*) from sends where service = ? and state = 'sent' and attempts = 1").await?;
    let others =
        count("select count(*) from sends where service = ? and not (state = 'sent' and attempts = 1)").await?;
    store.close().await?;
    Ok((sent, others))
}
