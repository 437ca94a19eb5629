//! The templates' rows, and what is known of the last comparison.

use kit::{AccountId, Error, Millis, Sql, TemplateId, Work, sql};
use store::FromRow;

use super::model::{Found, Synced, Template, TemplateKind};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    kind: String,
    wechat_id: String,
    title: String,
    content: String,
    example: String,
    industry: Option<String>,
    lasting: bool,
    seen_at: i64,
    changed_at: Option<i64>,
    gone_at: Option<i64>,
}

fn select() -> Sql {
    sql(
        "select id, account_id, kind, wechat_id, title, content, example, industry, lasting, seen_at, changed_at, gone_at from templates",
    )
}

/// The account's, those that WeChat has first, by title.
pub async fn list(work: &mut Work, account: AccountId) -> Result<Vec<Template>, Error> {
    let query = select()
        .push(" where tenant_id = ? and account_id = ? order by case when gone_at is null then 0 else 1 end, kind desc, title, id")
        .bind(work.tenant())
        .bind(account);
    work.all::<Row>(query).await?.into_iter().map(Template::try_from).collect()
}

pub async fn find(work: &mut Work, account: AccountId, id: TemplateId) -> Result<Template, Error> {
    let query =
        select().push(" where tenant_id = ? and account_id = ? and id = ?").bind(work.tenant()).bind(account).bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// By WeChat's name for it.
pub async fn find_wechat(
    work: &mut Work,
    account: AccountId,
    kind: TemplateKind,
    wechat_id: &str,
) -> Result<Option<Template>, Error> {
    let query = select()
        .push(" where tenant_id = ? and account_id = ? and kind = ? and wechat_id = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(kind.as_str())
        .bind(wechat_id);
    work.one::<Row>(query).await?.map(Template::try_from).transpose()
}

pub(super) async fn add(work: &mut Work, account: AccountId, kind: TemplateKind, found: &Found) -> Result<(), Error> {
    let query = sql("insert into templates (tenant_id, id, account_id, kind, wechat_id, title, content, example, industry, lasting, seen_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (tenant_id, account_id, kind, wechat_id) do update set title = excluded.title, content = excluded.content, example = excluded.example")
        .bind(work.tenant())
        .bind(work.new_id())
        .bind(account)
        .bind(kind.as_str())
        .bind(found.wechat_id.as_str())
        .bind(found.title.as_str())
        .bind(found.content.as_str())
        .bind(found.example.as_str())
        .bind(found.industry.as_deref())
        .bind(found.lasting)
        .bind(work.now());
    work.execute(query).await?;
    Ok(())
}

pub(super) async fn change(work: &mut Work, template: &Template, found: &Found, other_text: bool) -> Result<(), Error> {
    let changed_at = if other_text { Some(work.now()) } else { template.changed_at };
    let query = sql("update templates set title = ?, content = ?, example = ?, industry = ?, lasting = ?, changed_at = ?, gone_at = null
         where tenant_id = ? and id = ?")
        .bind(found.title.as_str())
        .bind(found.content.as_str())
        .bind(found.example.as_str())
        .bind(found.industry.as_deref())
        .bind(found.lasting)
        .bind(changed_at)
        .bind(work.tenant())
        .bind(template.id);
    work.execute(query).await?;
    Ok(())
}

pub(super) async fn vanish(work: &mut Work, template: &Template) -> Result<(), Error> {
    let query = sql("update templates set gone_at = ? where tenant_id = ? and id = ? and gone_at is null")
        .bind(work.now())
        .bind(work.tenant())
        .bind(template.id);
    work.execute(query).await?;
    Ok(())
}

/// What is gone at WeChat is kept while a campaign names it.
pub(super) async fn forget_unnamed(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let query = sql("delete from templates where tenant_id = ? and account_id = ? and gone_at is not null
         and not exists (select 1 from campaigns c where c.tenant_id = templates.tenant_id and c.account_id = templates.account_id and c.template_id = templates.wechat_id)")
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await?;
    Ok(())
}

/// WeChat has it no more, by our own wish.
pub async fn remove(work: &mut Work, template: &Template) -> Result<(), Error> {
    vanish(work, template).await?;
    forget_unnamed(work, template.account).await
}

#[derive(FromRow)]
struct SyncRow {
    primary_industry: Option<String>,
    secondary_industry: Option<String>,
    industries_set_at: Option<i64>,
    categories: String,
    asked_at: Option<i64>,
    synced_at: Option<i64>,
    problem: Option<String>,
    errcode: Option<i64>,
}

/// What WeChat said besides; nothing before it was asked.
pub async fn synced(work: &mut Work, account: AccountId) -> Result<Synced, Error> {
    let query = sql("select primary_industry, secondary_industry, industries_set_at, categories, asked_at, synced_at, problem, errcode
         from template_syncs where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    let Some(row) = work.one::<SyncRow>(query).await? else { return Ok(Synced::default()) };
    let categories = serde_json::from_str(&row.categories)
        .map_err(|_| Error::broken("template_syncs", account.0, "unreadable categories"))?;
    Ok(Synced {
        primary_industry: row.primary_industry,
        secondary_industry: row.secondary_industry,
        industries_set_at: row.industries_set_at,
        categories,
        asked_at: row.asked_at,
        synced_at: row.synced_at,
        problem: row.problem,
        errcode: row.errcode,
    })
}

/// A comparison is wanted.
pub async fn ask(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let query = sql("insert into template_syncs (tenant_id, account_id, categories, asked_at) values (?, ?, '[]', ?)
         on conflict (tenant_id, account_id) do update set asked_at = excluded.asked_at")
    .bind(work.tenant())
    .bind(account)
    .bind(work.now());
    work.execute(query).await?;
    Ok(())
}

/// The comparison is done; what WeChat said besides.
pub async fn synced_now(work: &mut Work, account: AccountId, said: &Synced) -> Result<(), Error> {
    let query = sql("insert into template_syncs (tenant_id, account_id, primary_industry, secondary_industry, categories, synced_at, problem, errcode)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (tenant_id, account_id) do update set primary_industry = excluded.primary_industry,
           secondary_industry = excluded.secondary_industry, categories = excluded.categories, synced_at = excluded.synced_at,
           problem = excluded.problem, errcode = excluded.errcode, asked_at = null")
        .bind(work.tenant())
        .bind(account)
        .bind(said.primary_industry.as_deref())
        .bind(said.secondary_industry.as_deref())
        .bind(serde_json::to_string(&said.categories).map_err(Error::internal)?)
        .bind(work.now())
        .bind(said.problem.as_deref())
        .bind(said.errcode);
    work.execute(query).await?;
    Ok(())
}

/// The comparison could not be made.
pub async fn sync_failed(
    work: &mut Work,
    account: AccountId,
    problem: &str,
    errcode: Option<i64>,
    over: bool,
) -> Result<(), Error> {
    let query = sql(
        "insert into template_syncs (tenant_id, account_id, categories, problem, errcode) values (?, ?, '[]', ?, ?)
         on conflict (tenant_id, account_id) do update set problem = excluded.problem, errcode = excluded.errcode,
           asked_at = case when ? then null else template_syncs.asked_at end",
    )
    .bind(work.tenant())
    .bind(account)
    .bind(problem)
    .bind(errcode)
    .bind(over);
    work.execute(query).await?;
    Ok(())
}

/// When we set the industries.
pub async fn industries_set(work: &mut Work, account: AccountId) -> Result<Option<Millis>, Error> {
    Ok(synced(work, account).await?.industries_set_at)
}

/// The industries were set by us.
pub async fn set_industries(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let query =
        sql("insert into template_syncs (tenant_id, account_id, categories, industries_set_at) values (?, ?, '[]', ?)
         on conflict (tenant_id, account_id) do update set industries_set_at = excluded.industries_set_at")
        .bind(work.tenant())
        .bind(account)
        .bind(work.now());
    work.execute(query).await?;
    Ok(())
}

impl TryFrom<Row> for Template {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: TemplateId(row.id),
            account: AccountId(row.account_id),
            kind: TemplateKind::parse(&row.kind).ok_or_else(|| Error::broken("templates", row.id, "unknown kind"))?,
            wechat_id: row.wechat_id,
            title: row.title,
            content: row.content,
            example: row.example,
            industry: row.industry,
            lasting: row.lasting,
            seen_at: row.seen_at,
            changed_at: row.changed_at,
            gone_at: row.gone_at,
        })
    }
}
