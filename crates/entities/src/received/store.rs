//! The received_files table. Every statement stays inside the caller's tenant.

use jobs::NewJob;
use kit::{AccountId, Bulk, Error, OnConflict, ReceivedFileId, Work, sql};
use store::FromRow;

use super::{Expected, FileKind, FileState, ReceivedFile};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    openid: String,
    wechat_media_id: String,
    kind: String,
    state: String,
    problem: Option<String>,
    content_type: Option<String>,
    size: Option<i64>,
    sent_at: i64,
}

const COLUMNS: &[&str] = &["tenant_id", "id", "account_id", "openid", "wechat_media_id", "kind", "state", "sent_at"];

/// Fans sent these: they are to be fetched. Those expected already are left as they are.
pub async fn expect(work: &mut Work, account: AccountId, files: &[Expected]) -> Result<(), Error> {
    let tenant = work.tenant();
    for Expected { openid, wechat_media_id, kind, sent_at } in files {
        let id = ReceivedFileId(work.new_id());
        let mut bulk = Bulk::into("received_files", COLUMNS).on_conflict(OnConflict::Nothing);
        bulk.row([
            tenant.into(),
            id.into(),
            account.into(),
            openid.as_str().into(),
            wechat_media_id.as_str().into(),
            kind.as_str().into(),
            FileState::Waiting.as_str().into(),
            (*sent_at).into(),
        ]);
        if work.bulk(bulk).await? == 0 {
            continue;
        }
        let (payload, run_at) = (serde_json::json!({ "file": id }), work.now());
        work.enqueue(NewJob { name: "fetch_received_file", payload, run_at, dedupe_key: Some(id.to_string()) }).await?;
    }
    Ok(())
}

pub async fn find(work: &mut Work, id: ReceivedFileId) -> Result<ReceivedFile, Error> {
    let query = sql("select id, account_id, openid, wechat_media_id, kind, state, problem, content_type, size, sent_at from received_files where tenant_id = ? and id = ?")
        .bind(work.tenant())
        .bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// Those of these that are known, by WeChat's ids.
pub async fn of_messages(work: &mut Work, account: AccountId, media: &[&str]) -> Result<Vec<ReceivedFile>, Error> {
    if media.is_empty() {
        return Ok(Vec::new());
    }
    let query = sql("select id, account_id, openid, wechat_media_id, kind, state, problem, content_type, size, sent_at from received_files where tenant_id = ? and account_id = ? and wechat_media_id in ")
        .bind(work.tenant())
        .bind(account)
        .list(media.iter().copied());
    work.all::<Row>(query).await?.into_iter().map(ReceivedFile::try_from).collect()
}

/// The bytes of one that is kept.
pub async fn bytes(work: &mut Work, id: ReceivedFileId) -> Result<Vec<u8>, Error> {
    let query = sql("select bytes from received_files where tenant_id = ? and id = ? and state = 'kept'")
        .bind(work.tenant())
        .bind(id);
    work.scalar(query).await?.ok_or(Error::NotFound)
}

/// It has been fetched.
pub async fn keep(work: &mut Work, id: ReceivedFileId, content_type: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let query = sql("update received_files set state = 'kept', problem = null, content_type = ?, size = ?, settled_at = ?, bytes = ?
         where tenant_id = ? and id = ?")
        .bind(content_type)
        .bind(bytes.len() as i64)
        .bind(work.now())
        .bind(bytes)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// It will not be fetched any more.
pub async fn lose(work: &mut Work, id: ReceivedFileId, problem: &str) -> Result<(), Error> {
    let query = sql("update received_files set state = 'gone', problem = ?, settled_at = ? where tenant_id = ? and id = ? and state = 'waiting'")
        .bind(problem)
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

impl TryFrom<Row> for ReceivedFile {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("received_files", row.id, why);
        let state = FileState::parse(&row.state).ok_or_else(|| broken("unknown state"))?;
        Ok(Self {
            id: ReceivedFileId(row.id),
            account: AccountId(row.account_id),
            kind: FileKind::parse(&row.kind).ok_or_else(|| broken("unknown kind"))?,
            url: (state == FileState::Kept).then(|| format!("/api/v1/received_files/{}", row.id)),
            state,
            openid: row.openid,
            wechat_media_id: row.wechat_media_id,
            problem: row.problem,
            content_type: row.content_type,
            size: row.size,
            sent_at: row.sent_at,
        })
    }
}
