//! The rows of codes' tags. Every statement stays inside the caller's tenant.

use std::collections::HashMap;

use ::store::FromRow;
use kit::{Bulk, Error, OnConflict, QrcodeId, TagId, Work, sql};

use super::model::CodeTag;

/// The tags of these codes.
pub async fn of(work: &mut Work, codes: &[QrcodeId]) -> Result<HashMap<QrcodeId, Vec<CodeTag>>, Error> {
    #[derive(FromRow)]
    struct Row {
        qrcode_id: i64,
        id: i64,
        name: String,
        colour: String,
    }
    let mut out: HashMap<QrcodeId, Vec<CodeTag>> = HashMap::new();
    if codes.is_empty() {
        return Ok(out);
    }
    let query = sql("select q.qrcode_id, t.id, t.name, t.colour from qrcode_tags q join tags t on t.tenant_id = q.tenant_id and t.id = q.tag_id
         where q.tenant_id = ? and q.qrcode_id in ")
    .bind(work.tenant())
    .list(codes.iter().copied())
    .push(" order by t.name, t.id");
    let rows: Vec<Row> = work.all(query).await?;
    for row in rows {
        let tag = CodeTag { id: TagId(row.id), name: row.name, colour: row.colour };
        out.entry(QrcodeId(row.qrcode_id)).or_default().push(tag);
    }
    Ok(out)
}

/// Gives codes their tags. What is there stays.
pub async fn add(work: &mut Work, tags: &[(QrcodeId, TagId)]) -> Result<u64, Error> {
    let tenant = work.tenant();
    let mut bulk = Bulk::into("qrcode_tags", &["tenant_id", "qrcode_id", "tag_id"]).on_conflict(OnConflict::Nothing);
    bulk.reserve(tags.len());
    for (code, tag) in tags {
        bulk.row([tenant.into(), (*code).into(), (*tag).into()]);
    }
    work.bulk(bulk).await
}

/// Takes every tag off a code.
pub async fn clear(work: &mut Work, code: QrcodeId) -> Result<u64, Error> {
    let query = sql("delete from qrcode_tags where tenant_id = ? and qrcode_id = ?").bind(work.tenant()).bind(code);
    work.execute(query).await
}

/// Our tags of these names.
pub async fn named(work: &mut Work, names: &[&str]) -> Result<HashMap<String, TagId>, Error> {
    #[derive(FromRow)]
    struct Row {
        id: i64,
        name: String,
    }
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let query = sql("select id, name from tags where tenant_id = ? and name in ")
        .bind(work.tenant())
        .list(names.iter().copied());
    let rows: Vec<Row> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| (row.name, TagId(row.id))).collect())
}

/// Those of these tags that there are.
pub async fn there(work: &mut Work, ids: &[TagId]) -> Result<Vec<TagId>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = sql("select id from tags where tenant_id = ? and id in ").bind(work.tenant()).list(ids.iter().copied());
    Ok(work.scalars::<i64>(query).await?.into_iter().map(TagId).collect())
}
