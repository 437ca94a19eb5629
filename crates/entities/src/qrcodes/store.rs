//! Looking codes up from outside. Every statement stays inside the caller's tenant.

use std::collections::HashMap;

use kit::{AccountId, Error, MediaId, QrcodeId, Work, sql};
use serde::Serialize;
use store::FromRow;
use utoipa::ToSchema;

/// The code by which a fan came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FanSource {
    pub qrcode_id: QrcodeId,
    /// The code's name.
    pub name: String,
    /// Where its people come from, when the code says so.
    pub source: Option<String>,
}

/// The codes of an account behind these scenes. Scenes of codes made elsewhere are absent.
pub async fn sources(
    work: &mut Work,
    account: AccountId,
    scenes: &[&str],
) -> Result<HashMap<String, FanSource>, Error> {
    #[derive(FromRow)]
    struct Row {
        id: i64,
        scene: String,
        name: String,
        source: Option<String>,
    }
    if scenes.is_empty() {
        return Ok(HashMap::new());
    }
    let query = sql("select id, scene, name, source from qrcodes where tenant_id = ? and account_id = ? and scene in ")
        .bind(work.tenant())
        .bind(account)
        .list(scenes.iter().copied());
    let rows: Vec<Row> = work.all(query).await?;
    let source = |row: Row| (row.scene, FanSource { qrcode_id: QrcodeId(row.id), name: row.name, source: row.source });
    Ok(rows.into_iter().map(source).collect())
}

/// The codes that need a file, for an answer or as their logo: id, account and name, newest first. At most fifty.
pub async fn uses_of_file(work: &mut Work, id: MediaId) -> Result<Vec<(QrcodeId, AccountId, String)>, Error> {
    #[derive(FromRow)]
    struct Row {
        id: i64,
        account_id: i64,
        name: String,
    }
    let query = sql("select id, account_id, name from qrcodes
         where tenant_id = ? and archived_at is null and (logo_media_id = ? or files like ?) order by created_at desc, id limit 50")
        .bind(work.tenant())
        .bind(id)
        .bind(format!("%\"{id}\"%"));
    let rows: Vec<Row> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| (QrcodeId(row.id), AccountId(row.account_id), row.name)).collect())
}
