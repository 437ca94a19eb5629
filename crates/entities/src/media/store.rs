//! The media tables. Every statement stays inside the caller's tenant.

use kit::{AccountId, Error, MediaId, Millis, Sql, Work, sql};
use serde::Serialize;
use store::FromRow;
use utoipa::ToSchema;

use super::{Media, MediaKind, NewMedia, WechatMedia};

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    file_name: String,
    content_type: String,
    folder: String,
    size: i64,
    duration_ms: Option<i64>,
    created_at: i64,
}

fn files() -> Sql {
    sql(
        "select id, kind, file_name, content_type, folder, size, duration_ms, created_at from media where tenant_id = ?",
    )
}

#[derive(FromRow)]
struct WechatRow {
    media_id: i64,
    wechat_media_id: String,
    expires_at: i64,
}

/// Keeps a file.
pub async fn add(work: &mut Work, new: NewMedia) -> Result<Media, Error> {
    let row = Row {
        id: work.new_id(),
        kind: new.kind.as_str().to_owned(),
        file_name: new.file_name,
        content_type: new.content_type,
        folder: new.folder,
        size: new.bytes.len() as i64,
        duration_ms: new.duration_ms,
        created_at: work.now(),
    };
    let query = sql("insert into media (tenant_id, id, kind, file_name, content_type, folder, size, duration_ms, bytes, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(row.id)
        .bind(row.kind.as_str())
        .bind(row.file_name.as_str())
        .bind(row.content_type.as_str())
        .bind(row.folder.as_str())
        .bind(row.size)
        .bind(row.duration_ms)
        .bind(new.bytes)
        .bind(row.created_at);
    work.execute(query).await?;
    Media::try_from(row)
}

pub async fn find(work: &mut Work, id: MediaId) -> Result<Media, Error> {
    let query = files().bind(work.tenant()).push(" and id = ?").bind(id);
    work.one::<Row>(query).await?.map(Media::try_from).transpose()?.ok_or(Error::NotFound)
}

/// Which files.
#[derive(Debug, Clone, Default)]
pub struct MediaFilter {
    pub kind: Option<MediaKind>,
    /// Exactly this one; empty: those in none.
    pub folder: Option<String>,
    /// A part of the name.
    pub query: Option<String>,
}

/// Newest first.
pub async fn list(
    work: &mut Work,
    filter: &MediaFilter,
    before: Option<MediaId>,
    limit: u64,
) -> Result<Vec<Media>, Error> {
    let mut query = files().bind(work.tenant());
    if let Some(kind) = filter.kind {
        query = query.push(" and kind = ?").bind(kind.as_str());
    }
    if let Some(folder) = &filter.folder {
        query = query.push(" and folder = ?").bind(folder.as_str());
    }
    if let Some(words) = filter.query.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        let escaped = words.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        query = query.push(" and lower(file_name) like ? escape '!'").bind(format!("%{escaped}%"));
    }
    if let Some(before) = before {
        query = query.push(" and id < ?").bind(before);
    }
    query = query.push(" order by id desc limit ?").bind(limit as i64);
    work.all::<Row>(query).await?.into_iter().map(Media::try_from).collect()
}

/// Names a file anew and puts it elsewhere.
pub async fn update(work: &mut Work, id: MediaId, file_name: &str, folder: &str) -> Result<(), Error> {
    let query = sql("update media set file_name = ?, folder = ? where tenant_id = ? and id = ?")
        .bind(file_name)
        .bind(folder)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// A folder of the library and how many files it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, FromRow)]
#[schema(as = MediaFolder)]
pub struct Folder {
    pub folder: String,
    pub files: i64,
}

pub async fn folders(work: &mut Work) -> Result<Vec<Folder>, Error> {
    let query = sql("select folder, count(*) as files from media where tenant_id = ? and folder <> '' group by folder order by folder")
        .bind(work.tenant());
    work.all(query).await
}

/// WeChat's temporary copy of a file, for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MediaCopy)]
pub struct Copy {
    pub account_id: AccountId,
    /// When WeChat forgets it. It is handed up again before, where it is needed.
    pub expires_at: Millis,
}

/// The copies that WeChat has of a file.
pub async fn copies(work: &mut Work, id: MediaId) -> Result<Vec<Copy>, Error> {
    #[derive(FromRow)]
    struct CopyRow {
        account_id: i64,
        expires_at: i64,
    }
    let query = sql("select account_id, expires_at from wechat_media where tenant_id = ? and media_id = ? and expires_at > ? order by account_id")
        .bind(work.tenant())
        .bind(id)
        .bind(work.now());
    let rows: Vec<CopyRow> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| Copy { account_id: AccountId(row.account_id), expires_at: row.expires_at }).collect())
}

pub async fn bytes(work: &mut Work, id: MediaId) -> Result<Vec<u8>, Error> {
    let query = sql("select bytes from media where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.scalar(query).await?.ok_or(Error::NotFound)
}

pub async fn remove(work: &mut Work, id: MediaId) -> Result<(), Error> {
    let query = sql("delete from media where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    if work.execute(query).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// What WeChat calls the tenant's files for this account, of those it will still know at `at`.
pub async fn wechat_ids(work: &mut Work, account: AccountId, at: Millis) -> Result<Vec<WechatMedia>, Error> {
    let query = sql("select media_id, wechat_media_id, expires_at from wechat_media where tenant_id = ? and account_id = ? and expires_at > ?")
        .bind(work.tenant())
        .bind(account)
        .bind(at);
    let rows: Vec<WechatRow> = work.all(query).await?;
    Ok(rows
        .into_iter()
        .map(|row| WechatMedia {
            media: MediaId(row.media_id),
            wechat_media_id: row.wechat_media_id,
            expires_at: row.expires_at,
        })
        .collect())
}

/// Files of this account whose id at WeChat ends before `at`.
pub async fn renewable(work: &mut Work, account: AccountId, at: Millis) -> Result<Vec<MediaId>, Error> {
    let query = sql("select media_id from wechat_media where tenant_id = ? and account_id = ? and expires_at <= ?")
        .bind(work.tenant())
        .bind(account)
        .bind(at);
    Ok(work.scalars::<i64>(query).await?.into_iter().map(MediaId).collect())
}

/// Keeps the id that WeChat gave.
pub async fn remember(work: &mut Work, account: AccountId, given: &WechatMedia) -> Result<(), Error> {
    let query = sql("insert into wechat_media (tenant_id, account_id, media_id, wechat_media_id, expires_at) values (?, ?, ?, ?, ?)
         on conflict (tenant_id, account_id, media_id) do update set wechat_media_id = excluded.wechat_media_id, expires_at = excluded.expires_at")
        .bind(work.tenant())
        .bind(account)
        .bind(given.media)
        .bind(given.wechat_media_id.as_str())
        .bind(given.expires_at);
    work.execute(query).await?;
    Ok(())
}

impl TryFrom<Row> for Media {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let kind = MediaKind::parse(&row.kind).ok_or_else(|| Error::broken("media", row.id, "unknown kind"))?;
        Ok(Self {
            id: MediaId(row.id),
            kind,
            file_name: row.file_name,
            content_type: row.content_type,
            folder: row.folder,
            size: row.size,
            duration_ms: row.duration_ms,
            url: format!("/api/v1/media/{}/file", row.id),
            created_at: row.created_at,
        })
    }
}
