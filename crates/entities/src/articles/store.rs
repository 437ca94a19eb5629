//! The rows of articles and of the pictures WeChat has for them. Every statement stays inside the caller's tenant.

use kit::{AccountId, ArticleId, Error, MediaId, Millis, Page, PageQuery, Sql, Work, sql};
use serde::{Serialize, de::DeserializeOwned};
use store::FromRow;

use super::{Article, ArticleState, Item, Wish};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    items: String,
    revision: i64,
    media_id: Option<String>,
    old_media_id: Option<String>,
    base: Option<String>,
    synced_revision: Option<i64>,
    synced_at: Option<i64>,
    wechat_updated_s: Option<i64>,
    seen_at: Option<i64>,
    theirs: Option<String>,
    gone_at: Option<i64>,
    wish: Option<String>,
    called_at: Option<i64>,
    problem: Option<String>,
    errcode: Option<i64>,
    problem_item: Option<i64>,
    made_by: Option<String>,
    updated_by: Option<String>,
    created_at: i64,
    updated_at: i64,
}

fn articles() -> Sql {
    sql("select id, account_id, items, revision, media_id, old_media_id, base, synced_revision, synced_at, wechat_updated_s, seen_at, theirs, gone_at,
         wish, called_at, problem, errcode, problem_item, made_by, updated_by, created_at, updated_at from articles where tenant_id = ?")
}

pub async fn find(work: &mut Work, id: ArticleId) -> Result<Article, Error> {
    let query = articles().bind(work.tenant()).push(" and id = ?").bind(id);
    work.one::<Row>(query).await?.map(Article::try_from).transpose()?.ok_or(Error::NotFound)
}

/// The article whose draft this is.
pub async fn by_draft(work: &mut Work, account: AccountId, media_id: &str) -> Result<Option<Article>, Error> {
    let query =
        articles().bind(work.tenant()).push(" and account_id = ? and media_id = ?").bind(account).bind(media_id);
    work.one::<Row>(query).await?.map(Article::try_from).transpose()
}

/// Which articles.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub account: Option<AccountId>,
    /// Words of a title.
    pub query: Option<String>,
    pub state: Option<ArticleState>,
}

/// Last changed first.
pub async fn list(work: &mut Work, filter: &Filter, page: &PageQuery) -> Result<Page<Article>, Error> {
    let limit = page.limit()?;
    let mut query = articles().bind(work.tenant());
    if let Some(account) = filter.account {
        query = query.push(" and account_id = ?").bind(account);
    }
    if let Some(words) = filter.query.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        query = query.push(" and lower(titles) like ? escape '!'").bind(like(words));
    }
    query = match filter.state {
        None => query,
        Some(ArticleState::Conflict) => query.push(" and theirs is not null"),
        Some(ArticleState::Draft) => query.push(" and media_id is null and gone_at is null"),
        Some(ArticleState::Gone) => query.push(" and media_id is null and gone_at is not null"),
        Some(ArticleState::Synced) => {
            query.push(" and media_id is not null and theirs is null and synced_revision = revision")
        }
        Some(ArticleState::Changed) => query.push(
            " and media_id is not null and theirs is null and (synced_revision is null or synced_revision <> revision)",
        ),
    };
    if let Some((at, id)) = page.after::<(i64, i64)>()? {
        query = query.push(" and (updated_at, id) < (?, ?)").bind(at).bind(id);
    }
    query = query.push(" order by updated_at desc, id desc limit ?").bind(limit as i64 + 1);
    let found = work.all::<Row>(query).await?.into_iter().map(Article::try_from).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |article: &Article| (article.updated_at, article.id.0)))
}

/// Words to be found anywhere, whatever marks they hold.
fn like(words: &str) -> String {
    let escaped = words.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

pub async fn add(work: &mut Work, article: &Article) -> Result<(), Error> {
    let query = sql("insert into articles (tenant_id, id, account_id, items, titles, revision, made_by, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(article.id)
        .bind(article.account)
        .bind(write(&article.items)?)
        .bind(article.titles().join("\n"))
        .bind(article.revision)
        .bind(article.made_by.clone())
        .bind(article.created_at)
        .bind(article.updated_at);
    work.execute(query).await?;
    put(work, article).await
}

/// Writes what a person has written, if it still is at `revision`. Its new revision is one more.
pub async fn rewrite(
    work: &mut Work,
    id: ArticleId,
    items: &[Item],
    revision: i64,
    by: Option<String>,
) -> Result<bool, Error> {
    let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
    let query = sql("update articles set items = ?, titles = ?, revision = revision + 1, updated_at = ?, updated_by = ? where tenant_id = ? and id = ? and revision = ?")
        .bind(write(items)?)
        .bind(titles.join("\n"))
        .bind(work.now())
        .bind(by)
        .bind(work.tenant())
        .bind(id)
        .bind(revision);
    Ok(work.execute(query).await? == 1)
}

/// Writes everything but the items, which [`rewrite`] changes.
pub async fn put(work: &mut Work, article: &Article) -> Result<(), Error> {
    let query = sql("update articles set media_id = ?, old_media_id = ?, base = ?, synced_revision = ?, synced_at = ?, wechat_updated_s = ?, seen_at = ?,
         theirs = ?, gone_at = ?, wish = ?, called_at = ?, problem = ?, errcode = ?, problem_item = ? where tenant_id = ? and id = ?")
        .bind(article.media_id.clone())
        .bind(article.old_media_id.clone())
        .bind(article.base.as_ref().map(write).transpose()?)
        .bind(article.synced_revision)
        .bind(article.synced_at)
        .bind(article.wechat_updated_s)
        .bind(article.seen_at)
        .bind(article.theirs.as_ref().map(write).transpose()?)
        .bind(article.gone_at)
        .bind(article.wish.map(Wish::as_str))
        .bind(article.called_at)
        .bind(article.problem.clone())
        .bind(article.errcode)
        .bind(article.problem_item)
        .bind(work.tenant())
        .bind(article.id);
    work.execute(query).await?;
    Ok(())
}

pub async fn remove(work: &mut Work, id: ArticleId) -> Result<(), Error> {
    let query = sql("delete from articles where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.execute(query).await?;
    Ok(())
}

/// The account's articles that a job is at.
pub async fn with_wish(work: &mut Work, account: AccountId) -> Result<Vec<ArticleId>, Error> {
    let query = sql("select id from articles where tenant_id = ? and account_id = ? and wish is not null")
        .bind(work.tenant())
        .bind(account);
    Ok(work.scalars::<i64>(query).await?.into_iter().map(ArticleId).collect())
}

/// Whether a draft of this account may be in the box whose id we do not know yet.
pub async fn being_added(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let query = sql("select count(*) from articles where tenant_id = ? and account_id = ? and wish is not null and called_at is not null")
        .bind(work.tenant())
        .bind(account);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// The ids of drafts that are known to be of articles here, those that are being replaced included.
pub async fn known_drafts(work: &mut Work, account: AccountId) -> Result<Vec<String>, Error> {
    let query = sql("select media_id from articles where tenant_id = ? and account_id = ? and media_id is not null
         union all select old_media_id from articles where tenant_id = ? and account_id = ? and old_media_id is not null")
        .bind(work.tenant())
        .bind(account)
        .bind(work.tenant())
        .bind(account);
    work.scalars(query).await
}

/// The articles that need a file, in a body or as a cover: id, account and first title. At most fifty.
pub async fn uses_of_file(work: &mut Work, id: MediaId) -> Result<Vec<(ArticleId, AccountId, String)>, Error> {
    #[derive(FromRow)]
    struct Use {
        id: i64,
        account_id: i64,
        titles: String,
    }
    let query = sql("select id, account_id, titles from articles where tenant_id = ? and (items like ? or items like ?) order by updated_at desc, id limit 50")
        .bind(work.tenant())
        .bind(format!("%/api/v1/media/{id}/file%"))
        .bind(format!("%\"cover_media_id\":\"{id}\"%"));
    let rows: Vec<Use> = work.all(query).await?;
    let first = |titles: &str| titles.lines().next().unwrap_or_default().to_owned();
    Ok(rows.into_iter().map(|row| (ArticleId(row.id), AccountId(row.account_id), first(&row.titles))).collect())
}

pub const PURPOSE_BODY: &str = "body";
pub const PURPOSE_COVER: &str = "cover";
/// A voice or a film as permanent material. Pictures are permanent material as covers.
pub const PURPOSE_MATERIAL: &str = "material";

/// A picture of ours that WeChat has.
#[derive(Debug, Clone, FromRow)]
pub struct Given {
    pub media_id: i64,
    pub given: String,
}

/// What WeChat gave for pictures of ours, for this purpose.
pub async fn given(work: &mut Work, account: AccountId, purpose: &'static str) -> Result<Vec<Given>, Error> {
    let query =
        sql("select media_id, given from article_pictures where tenant_id = ? and account_id = ? and purpose = ?")
            .bind(work.tenant())
            .bind(account)
            .bind(purpose);
    work.all(query).await
}

/// The picture of ours behind what WeChat gave.
pub async fn media_behind(work: &mut Work, account: AccountId, given: &str) -> Result<Option<MediaId>, Error> {
    let query = sql("select media_id from article_pictures where tenant_id = ? and account_id = ? and given = ? order by uploaded_at desc, media_id limit 1")
        .bind(work.tenant())
        .bind(account)
        .bind(given);
    Ok(work.scalar::<i64>(query).await?.map(MediaId))
}

pub async fn remember_given(
    work: &mut Work,
    account: AccountId,
    media: MediaId,
    purpose: &'static str,
    given: &str,
) -> Result<(), Error> {
    let now: Millis = work.now();
    let query = sql("insert into article_pictures (tenant_id, account_id, media_id, purpose, given, uploaded_at) values (?, ?, ?, ?, ?, ?)
         on conflict (tenant_id, account_id, media_id, purpose) do update set given = excluded.given, uploaded_at = excluded.uploaded_at")
        .bind(work.tenant())
        .bind(account)
        .bind(media)
        .bind(purpose)
        .bind(given)
        .bind(now);
    work.execute(query).await?;
    Ok(())
}

/// Forgets what WeChat gave for this picture: it does not have it any more.
pub async fn forget_given(
    work: &mut Work,
    account: AccountId,
    media: MediaId,
    purpose: &'static str,
) -> Result<(), Error> {
    let query =
        sql("delete from article_pictures where tenant_id = ? and account_id = ? and media_id = ? and purpose = ?")
            .bind(work.tenant())
            .bind(account)
            .bind(media)
            .bind(purpose);
    work.execute(query).await?;
    Ok(())
}

/// Articles of the account for which a draft may be in the box that nobody has connected with them.
pub async fn unconnected(work: &mut Work, account: AccountId) -> Result<Vec<Article>, Error> {
    let query = articles()
        .bind(work.tenant())
        .push(" and account_id = ? and media_id is null and called_at is not null")
        .bind(account);
    work.all::<Row>(query).await?.into_iter().map(Article::try_from).collect()
}

/// The account's articles that the box should have.
pub async fn in_box(work: &mut Work, account: AccountId) -> Result<Vec<Article>, Error> {
    let query = articles().bind(work.tenant()).push(" and account_id = ? and media_id is not null").bind(account);
    work.all::<Row>(query).await?.into_iter().map(Article::try_from).collect()
}

pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::internal)
}

pub(super) fn read<T: DeserializeOwned>(table: &'static str, id: i64, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::broken(table, id, error))
}

impl TryFrom<Row> for Article {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let wish = row
            .wish
            .as_deref()
            .map(|wish| Wish::parse(wish).ok_or_else(|| Error::broken("articles", row.id, "unknown wish")));
        Ok(Self {
            id: ArticleId(row.id),
            account: AccountId(row.account_id),
            items: read("articles", row.id, &row.items)?,
            revision: row.revision,
            media_id: row.media_id,
            old_media_id: row.old_media_id,
            base: row.base.as_deref().map(|text| read("articles", row.id, text)).transpose()?,
            synced_revision: row.synced_revision,
            synced_at: row.synced_at,
            wechat_updated_s: row.wechat_updated_s,
            seen_at: row.seen_at,
            theirs: row.theirs.as_deref().map(|text| read("articles", row.id, text)).transpose()?,
            gone_at: row.gone_at,
            wish: wish.transpose()?,
            called_at: row.called_at,
            problem: row.problem,
            errcode: row.errcode,
            problem_item: row.problem_item,
            made_by: row.made_by,
            updated_by: row.updated_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
