//! The rows of publications. Every statement stays inside the caller's tenant.

use kit::{AccountId, ArticleId, Error, Page, PageQuery, PublicationId, Sql, Work, sql};
use store::FromRow;

use super::{
    Publication, PublicationSource, PublicationState,
    store::{read, write},
};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    article_id: Option<i64>,
    source: String,
    state: String,
    draft_media_id: Option<String>,
    titles: String,
    pages: String,
    publish_id: Option<String>,
    msg_data_id: Option<String>,
    wechat_article_id: Option<String>,
    problem: Option<String>,
    errcode: Option<i64>,
    fail_idx: String,
    made_by: Option<String>,
    created_at: i64,
    called_at: Option<i64>,
    finished_at: Option<i64>,
}

fn publications() -> Sql {
    sql("select id, account_id, article_id, source, state, draft_media_id, titles, pages, publish_id, msg_data_id, wechat_article_id,
         problem, errcode, fail_idx, made_by, created_at, called_at, finished_at from publications where tenant_id = ?")
}

pub async fn publication(work: &mut Work, id: PublicationId) -> Result<Publication, Error> {
    let query = publications().bind(work.tenant()).push(" and id = ?").bind(id);
    work.one::<Row>(query).await?.map(Publication::try_from).transpose()?.ok_or(Error::NotFound)
}

/// The article's newest.
pub async fn newest_publication(work: &mut Work, article: ArticleId) -> Result<Option<Publication>, Error> {
    let query = publications()
        .bind(work.tenant())
        .push(" and article_id = ? order by created_at desc, id desc limit 1")
        .bind(article);
    work.one::<Row>(query).await?.map(Publication::try_from).transpose()
}

/// What WeChat calls by this id.
pub async fn by_wechat_article(work: &mut Work, account: AccountId, id: &str) -> Result<Option<Publication>, Error> {
    let query =
        publications().bind(work.tenant()).push(" and account_id = ? and wechat_article_id = ?").bind(account).bind(id);
    work.one::<Row>(query).await?.map(Publication::try_from).transpose()
}

/// Newest first.
pub async fn list_publications(
    work: &mut Work,
    account: Option<AccountId>,
    page: &PageQuery,
) -> Result<Page<Publication>, Error> {
    let limit = page.limit()?;
    let mut query = publications().bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    if let Some((at, id)) = page.after::<(i64, i64)>()? {
        query = query.push(" and (created_at, id) < (?, ?)").bind(at).bind(id);
    }
    query = query.push(" order by created_at desc, id desc limit ?").bind(limit as i64 + 1);
    let found = work.all::<Row>(query).await?.into_iter().map(Publication::try_from).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |one: &Publication| (one.created_at, one.id.0)))
}

/// Those of an article that are not at their end.
pub async fn open_publications(work: &mut Work, article: ArticleId) -> Result<Vec<Publication>, Error> {
    let query = publications()
        .bind(work.tenant())
        .push(" and article_id = ? and state in ('waiting', 'submitting', 'publishing')")
        .bind(article);
    work.all::<Row>(query).await?.into_iter().map(Publication::try_from).collect()
}

/// Those of an account that are not at their end.
pub async fn open_of_account(work: &mut Work, account: AccountId) -> Result<Vec<Publication>, Error> {
    let query = publications()
        .bind(work.tenant())
        .push(" and account_id = ? and state in ('waiting', 'submitting', 'publishing')")
        .bind(account);
    work.all::<Row>(query).await?.into_iter().map(Publication::try_from).collect()
}

/// Whether an account has a publication that left here and whose name at WeChat is not known.
pub async fn unanswered(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let query = sql("select count(*) from publications where tenant_id = ? and account_id = ? and state in ('waiting', 'submitting', 'publishing')")
        .bind(work.tenant())
        .bind(account);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// One that was not yet.
pub struct NewPublication {
    pub account: AccountId,
    pub article: Option<ArticleId>,
    pub source: PublicationSource,
    pub state: PublicationState,
    pub draft_media_id: Option<String>,
    pub titles: Vec<String>,
    pub made_by: Option<String>,
}

pub async fn add_publication(work: &mut Work, new: NewPublication) -> Result<Publication, Error> {
    let made = Publication {
        id: PublicationId(work.new_id()),
        account_id: new.account,
        article_id: new.article,
        source: new.source,
        state: new.state,
        titles: new.titles,
        pages: Vec::new(),
        wechat_article_id: None,
        msg_data_id: None,
        problem: None,
        errcode: None,
        fail_idx: Vec::new(),
        made_by: new.made_by,
        created_at: work.now(),
        finished_at: None,
        draft_media_id: new.draft_media_id,
        publish_id: None,
        called_at: None,
    };
    let query = sql("insert into publications (tenant_id, id, account_id, article_id, source, state, draft_media_id, titles, pages, fail_idx, made_by, created_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(made.id)
        .bind(made.account_id)
        .bind(made.article_id.map(|id| id.0))
        .bind(made.source.as_str())
        .bind(made.state.as_str())
        .bind(made.draft_media_id.clone())
        .bind(write(&made.titles)?)
        .bind("[]")
        .bind("[]")
        .bind(made.made_by.clone())
        .bind(made.created_at);
    work.execute(query).await?;
    Ok(made)
}

/// Writes how it stands, if it still stands as `before` says.
pub async fn put_publication(work: &mut Work, one: &Publication, before: PublicationState) -> Result<bool, Error> {
    let query = sql("update publications set state = ?, titles = ?, pages = ?, publish_id = ?, msg_data_id = ?, wechat_article_id = ?, problem = ?, errcode = ?,
         fail_idx = ?, called_at = ?, finished_at = ? where tenant_id = ? and id = ? and state = ?")
        .bind(one.state.as_str())
        .bind(write(&one.titles)?)
        .bind(write(&one.pages)?)
        .bind(one.publish_id.clone())
        .bind(one.msg_data_id.clone())
        .bind(one.wechat_article_id.clone())
        .bind(one.problem.clone())
        .bind(one.errcode)
        .bind(write(&one.fail_idx)?)
        .bind(one.called_at)
        .bind(one.finished_at)
        .bind(work.tenant())
        .bind(one.id)
        .bind(before.as_str());
    Ok(work.execute(query).await? == 1)
}

impl TryFrom<Row> for Publication {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("publications", row.id, why);
        Ok(Self {
            id: PublicationId(row.id),
            account_id: AccountId(row.account_id),
            article_id: row.article_id.map(ArticleId),
            source: PublicationSource::parse(&row.source).ok_or_else(|| broken("unknown source"))?,
            state: PublicationState::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
            titles: read("publications", row.id, &row.titles)?,
            pages: read("publications", row.id, &row.pages)?,
            wechat_article_id: row.wechat_article_id,
            msg_data_id: row.msg_data_id,
            problem: row.problem,
            errcode: row.errcode,
            fail_idx: read("publications", row.id, &row.fail_idx)?,
            made_by: row.made_by,
            created_at: row.created_at,
            finished_at: row.finished_at,
            draft_media_id: row.draft_media_id,
            publish_id: row.publish_id,
            called_at: row.called_at,
        })
    }
}
