//! The codes. Every statement stays inside the caller's tenant.

use ::store::FromRow;
use entities::messages::Content;
use kit::{AccountId, Bulk, Error, MediaId, Millis, QrcodeBatchId, QrcodeId, Sql, Work, sql};

use super::{
    model::{Code, CodeQuery, CodeSort, CodeState, Folder, NewCode, OnScan},
    tagged,
};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    scene: String,
    name: String,
    source: Option<String>,
    folder: Option<String>,
    note: Option<String>,
    permanent: bool,
    url: Option<String>,
    expires_at: Option<i64>,
    on_scan: String,
    logo_media_id: Option<i64>,
    batch_id: Option<i64>,
    problem: Option<String>,
    errcode: Option<i64>,
    said_by: Option<String>,
    scans: i64,
    follows: i64,
    lost: i64,
    last_scan_at: Option<i64>,
    archived_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

const COLUMNS: &[&str] = &[
    "tenant_id",
    "id",
    "account_id",
    "scene",
    "name",
    "source",
    "folder",
    "note",
    "permanent",
    "life",
    "on_scan",
    "files",
    "logo_media_id",
    "batch_id",
    "line",
    "said_by",
    "scans",
    "follows",
    "lost",
    "created_at",
    "updated_at",
];

fn select() -> Sql {
    sql("select id, account_id, scene, name, source, folder, note, permanent, url, expires_at, on_scan, logo_media_id, batch_id, problem, errcode,
           said_by, scans, follows, lost, last_scan_at, archived_at, created_at, updated_at from qrcodes")
}

/// Adds codes that WeChat is still to make.
pub async fn add(work: &mut Work, account: AccountId, codes: &[NewCode]) -> Result<(), Error> {
    let (tenant, now) = (work.tenant(), work.now());
    let by = work.caller().map(|caller| caller.name().to_owned());
    let mut bulk = Bulk::into("qrcodes", COLUMNS);
    bulk.reserve(codes.len());
    for code in codes {
        bulk.row([
            tenant.into(),
            code.id.into(),
            account.into(),
            code.scene.as_str().into(),
            code.name.as_str().into(),
            code.source.clone().into(),
            code.folder.clone().into(),
            code.note.clone().into(),
            code.life.is_none().into(),
            code.life.into(),
            on_scan_text(&code.on_scan)?.into(),
            files_text(&code.on_scan).into(),
            code.logo.map(|logo| logo.0).into(),
            code.batch.map(|(batch, _)| batch.0).into(),
            code.batch.map(|(_, line)| line).into(),
            by.clone().into(),
            0i64.into(),
            0i64.into(),
            0i64.into(),
            now.into(),
            now.into(),
        ]);
    }
    work.bulk(bulk).await?;
    Ok(())
}

/// Takes a code away that WeChat never made.
pub async fn remove(work: &mut Work, id: QrcodeId) -> Result<u64, Error> {
    let query = sql("delete from qrcodes where tenant_id = ? and id = ? and url is null").bind(work.tenant()).bind(id);
    work.execute(query).await
}

/// WeChat has made a code. False when it had been made already.
pub async fn made(
    work: &mut Work,
    id: QrcodeId,
    url: &str,
    expires_at: Option<Millis>,
    again: bool,
) -> Result<bool, Error> {
    let query = sql("update qrcodes set url = ?, made_at = ?, expires_at = ?, problem = null, errcode = null where tenant_id = ? and id = ? and (url is null or ?)")
        .bind(url)
        .bind(work.now())
        .bind(expires_at)
        .bind(work.tenant())
        .bind(id)
        .bind(again);
    Ok(work.execute(query).await? == 1)
}

/// WeChat will not make a code, or was silent. False when it had been made already.
pub async fn not_made(work: &mut Work, id: QrcodeId, problem: &str, errcode: Option<i64>) -> Result<bool, Error> {
    let query = sql("update qrcodes set problem = ?, errcode = ? where tenant_id = ? and id = ? and url is null and problem is null")
        .bind(problem)
        .bind(errcode)
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// What has to be known to make a code.
#[derive(Debug, Clone, FromRow)]
pub struct ToMake {
    pub id: i64,
    pub scene: String,
    pub life: Option<i64>,
    pub url: Option<String>,
}

/// A code as WeChat is to make it.
pub async fn to_make(work: &mut Work, account: AccountId, id: QrcodeId) -> Result<ToMake, Error> {
    let query = sql("select id, scene, life, url from qrcodes where tenant_id = ? and account_id = ? and id = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(id);
    work.one(query).await?.ok_or(Error::NotFound)
}

/// How long a temporary code is to live from now on.
pub async fn set_life(work: &mut Work, id: QrcodeId, life: i64) -> Result<u64, Error> {
    let query = sql("update qrcodes set life = ?, updated_at = ? where tenant_id = ? and id = ?")
        .bind(life)
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await
}

/// A code of this account; another tenant's is as absent as one never made.
pub async fn find(work: &mut Work, account: AccountId, id: QrcodeId) -> Result<Code, Error> {
    let query =
        select().push(" where tenant_id = ? and account_id = ? and id = ?").bind(work.tenant()).bind(account).bind(id);
    let now = work.now();
    let row: Row = work.one(query).await?.ok_or(Error::NotFound)?;
    let mut codes = vec![code(row, now)?];
    put_tags(work, &mut codes).await?;
    codes.pop().ok_or(Error::NotFound)
}

/// Codes of an account, `limit` of them after the cursor: by creation or by scans, then by id.
pub async fn list(
    work: &mut Work,
    account: AccountId,
    query: &CodeQuery,
    after: Option<(i64, i64)>,
    limit: u64,
) -> Result<Vec<Code>, Error> {
    let now = work.now();
    let mut text = select().push(" where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account);
    text = match query.state {
        None => text.push(" and archived_at is null"),
        Some(CodeState::Archived) => text.push(" and archived_at is not null"),
        Some(CodeState::Making) => text.push(" and archived_at is null and url is null"),
        Some(CodeState::Live) => text
            .push(" and archived_at is null and url is not null and (expires_at is null or expires_at > ?)")
            .bind(now),
        Some(CodeState::Expired) => {
            text.push(" and archived_at is null and url is not null and expires_at <= ?").bind(now)
        }
    };
    if let Some(folder) = &query.folder {
        text = text.push(" and folder = ?").bind(folder.as_str());
    }
    if let Some(batch) = query.batch {
        text = text.push(" and batch_id = ?").bind(batch);
    }
    if let Some(words) = query.query.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        let like = format!("%{}%", words.to_lowercase().replace(['%', '_'], ""));
        text = text
            .push(" and (lower(name) like ? or lower(coalesce(source, '')) like ? or lower(coalesce(note, '')) like ? or scene = ?)")
            .bind(like.as_str())
            .bind(like.as_str())
            .bind(like.as_str())
            .bind(words);
    }
    text = match (query.sort.unwrap_or_default(), after) {
        (CodeSort::Created, None) => text.push(" order by created_at desc, id desc limit ?"),
        (CodeSort::Created, Some((at, id))) => {
            text.push(" and (created_at, id) < (?, ?) order by created_at desc, id desc limit ?").bind(at).bind(id)
        }
        (CodeSort::Scans, None) => text.push(" order by scans desc, id desc limit ?"),
        (CodeSort::Scans, Some((scans, id))) => {
            text.push(" and (scans, id) < (?, ?) order by scans desc, id desc limit ?").bind(scans).bind(id)
        }
    };
    let rows: Vec<Row> = work.all(text.bind(limit as i64)).await?;
    let mut codes = rows.into_iter().map(|row| code(row, now)).collect::<Result<Vec<_>, _>>()?;
    put_tags(work, &mut codes).await?;
    Ok(codes)
}

/// Writes what a person may change.
pub async fn change(work: &mut Work, code: &Code) -> Result<(), Error> {
    let query = sql("update qrcodes set name = ?, source = ?, folder = ?, note = ?, on_scan = ?, files = ?, logo_media_id = ?, archived_at = ?, updated_at = ?
         where tenant_id = ? and id = ?")
        .bind(code.name.as_str())
        .bind(code.source.clone())
        .bind(code.folder.clone())
        .bind(code.note.clone())
        .bind(on_scan_text(&code.on_scan)?)
        .bind(files_text(&code.on_scan))
        .bind(code.logo_media_id.map(|logo| logo.0))
        .bind(code.archived_at)
        .bind(work.now())
        .bind(work.tenant())
        .bind(code.id);
    if work.execute(query).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// How many permanent codes were made here, put away or not: WeChat takes none back.
pub async fn permanent(work: &mut Work, account: AccountId) -> Result<i64, Error> {
    let query = sql("select count(*) from qrcodes where tenant_id = ? and account_id = ? and permanent")
        .bind(work.tenant())
        .bind(account);
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// Whether the account has a code at all.
pub async fn any(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let query =
        sql("select 1 from qrcodes where tenant_id = ? and account_id = ? limit 1").bind(work.tenant()).bind(account);
    Ok(work.scalar::<i64>(query).await?.is_some())
}

/// Folders of codes that are not put away.
pub async fn folders(work: &mut Work, account: AccountId) -> Result<Vec<Folder>, Error> {
    #[derive(FromRow)]
    struct Row {
        folder: String,
        codes: i64,
    }
    let query = sql("select folder, count(*) as codes from qrcodes where tenant_id = ? and account_id = ? and archived_at is null and folder is not null
         group by folder order by folder")
        .bind(work.tenant())
        .bind(account);
    let rows: Vec<Row> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| Folder { name: row.folder, codes: row.codes }).collect())
}

/// Sources in use, at most two hundred.
pub async fn sources(work: &mut Work, account: AccountId) -> Result<Vec<String>, Error> {
    let query = sql("select distinct source from qrcodes where tenant_id = ? and account_id = ? and source is not null order by source limit 200")
        .bind(work.tenant())
        .bind(account);
    work.scalars(query).await
}

/// The code of a table's line that was made, for a ZIP: in the order of the table.
#[derive(Debug, Clone, FromRow)]
pub struct Packed {
    pub name: String,
    pub source: Option<String>,
    pub url: String,
    pub logo_media_id: Option<i64>,
}

pub async fn packed(work: &mut Work, batch: QrcodeBatchId) -> Result<Vec<Packed>, Error> {
    let query = sql("select name, source, url, logo_media_id from qrcodes where tenant_id = ? and batch_id = ? and url is not null order by line")
        .bind(work.tenant())
        .bind(batch);
    work.all(query).await
}

/// What the callback door needs of a code.
#[derive(Debug, Clone, FromRow)]
pub struct Scannable {
    pub id: i64,
    pub scene: String,
    pub name: String,
    pub source: Option<String>,
    pub expires_at: Option<i64>,
    pub archived_at: Option<i64>,
    pub on_scan: String,
}

/// The codes behind these scenes.
pub async fn scanned(work: &mut Work, account: AccountId, scenes: &[&str]) -> Result<Vec<Scannable>, Error> {
    let query = sql("select id, scene, name, source, expires_at, archived_at, on_scan from qrcodes where tenant_id = ? and account_id = ? and scene in ")
        .bind(work.tenant())
        .bind(account)
        .list(scenes.iter().copied());
    work.all(query).await
}

async fn put_tags(work: &mut Work, codes: &mut [Code]) -> Result<(), Error> {
    let ids: Vec<QrcodeId> = codes.iter().map(|code| code.id).collect();
    let mut tags = tagged::of(work, &ids).await?;
    for code in codes {
        code.tags = tags.remove(&code.id).unwrap_or_default();
    }
    Ok(())
}

fn on_scan_text(on_scan: &OnScan) -> Result<String, Error> {
    serde_json::to_string(on_scan).map_err(Error::internal)
}

/// The files that answers need.
pub fn files(on_scan: &OnScan) -> Vec<MediaId> {
    on_scan.new_fans.iter().flatten().chain(&on_scan.following).filter_map(Content::media).collect()
}

fn files_text(on_scan: &OnScan) -> Option<String> {
    let files = files(on_scan);
    (!files.is_empty()).then(|| serde_json::json!(files).to_string())
}

/// What is said on a scan, as it is kept.
pub fn on_scan(id: i64, text: &str) -> Result<OnScan, Error> {
    serde_json::from_str(text).map_err(|error| Error::broken("qrcodes", id, error))
}

fn code(row: Row, now: Millis) -> Result<Code, Error> {
    let state = match (row.archived_at, &row.url, row.expires_at) {
        (Some(_), ..) => CodeState::Archived,
        (None, None, _) => CodeState::Making,
        (None, Some(_), Some(at)) if at <= now => CodeState::Expired,
        _ => CodeState::Live,
    };
    Ok(Code {
        on_scan: on_scan(row.id, &row.on_scan)?,
        id: QrcodeId(row.id),
        account_id: AccountId(row.account_id),
        state,
        name: row.name,
        source: row.source,
        folder: row.folder,
        note: row.note,
        permanent: row.permanent,
        expires_at: row.expires_at,
        scene: row.scene,
        url: row.url,
        tags: Vec::new(),
        logo_media_id: row.logo_media_id.map(MediaId),
        batch_id: row.batch_id.map(QrcodeBatchId),
        problem: row.problem,
        errcode: row.errcode,
        scans: row.scans,
        follows: row.follows,
        lost: row.lost,
        last_scan_at: row.last_scan_at,
        by: row.said_by,
        archived_at: row.archived_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
