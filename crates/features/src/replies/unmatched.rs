//! What fans asked and no keyword caught, grouped by spelling, ready to become rules. The store of it.

use std::collections::HashMap;

use ::store::FromRow;
use kit::{AccountId, Bulk, Error, Millis, OnConflict, Page, PageQuery, UnmatchedId, Work, sql};
use serde::Serialize;
use utoipa::ToSchema;

use super::fold::gist;

/// A group of texts that ask the same: width, case, space and the marks at the end do not count.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Unmatched {
    pub id: UnmatchedId,
    /// As it was last written.
    pub text: String,
    /// How often.
    pub count: i64,
    pub first_at: Millis,
    pub last_at: Millis,
    /// Up to five spellings.
    pub examples: Vec<String>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    text: String,
    examples: String,
    times: i64,
    first_at: i64,
    last_at: i64,
}

#[derive(FromRow)]
struct Known {
    folded: String,
    examples: String,
}

const MOST_EXAMPLES: usize = 5;
/// Longer texts are letters, not questions; they are cut for the list and kept whole on the timeline.
const LONGEST: usize = 200;

/// Adds texts, each folded and as written.
pub async fn add(work: &mut Work, account: AccountId, texts: &[(String, String)]) -> Result<(), Error> {
    let mut groups: HashMap<String, (Vec<String>, i64)> = HashMap::new();
    for (folded, text) in texts {
        let cut = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let group = groups.entry(cut(&gist(folded))).or_default();
        group.0.push(cut(text));
        group.1 += 1;
    }
    let folded: Vec<&str> = groups.keys().map(String::as_str).collect();
    let known: HashMap<String, Vec<String>> = known(work, account, &folded)
        .await?
        .into_iter()
        .map(|row| (row.folded, serde_json::from_str(&row.examples).unwrap_or_default()))
        .collect();

    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into(
        "unmatched_texts",
        &["tenant_id", "account_id", "id", "folded", "text", "examples", "times", "first_at", "last_at"],
    )
    .on_conflict(OnConflict::Do(
        "(tenant_id, account_id, folded) do update set text = excluded.text, examples = excluded.examples,
         times = unmatched_texts.times + excluded.times, last_at = excluded.last_at, dismissed_at = null",
    ));
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort();
    for (folded, (texts, times)) in groups {
        let mut examples = known.get(&folded).cloned().unwrap_or_default();
        for text in &texts {
            if examples.len() < MOST_EXAMPLES && !examples.contains(text) {
                examples.push(text.clone());
            }
        }
        let last = texts.last().cloned().unwrap_or_default();
        bulk.row([
            tenant.into(),
            account.into(),
            work.new_id().into(),
            folded.into(),
            last.into(),
            serde_json::json!(examples).to_string().into(),
            times.into(),
            now.into(),
            now.into(),
        ]);
    }
    work.bulk(bulk).await?;
    Ok(())
}

async fn known(work: &mut Work, account: AccountId, folded: &[&str]) -> Result<Vec<Known>, Error> {
    let query =
        sql("select folded, examples from unmatched_texts where tenant_id = ? and account_id = ? and folded in ")
            .bind(work.tenant())
            .bind(account)
            .list(folded.iter().copied());
    work.all(query).await
}

/// The most frequent first.
pub async fn list(work: &mut Work, account: AccountId, page: &PageQuery) -> Result<Page<Unmatched>, Error> {
    let limit = page.limit()?;
    let after = page.after::<(i64, i64)>()?.unwrap_or((i64::MAX, i64::MAX));
    let query = sql("select id, text, examples, times, first_at, last_at from unmatched_texts
         where tenant_id = ? and account_id = ? and dismissed_at is null and (times, id) < (?, ?) order by times desc, id desc limit ?")
        .bind(work.tenant())
        .bind(account)
        .bind(after.0)
        .bind(after.1)
        .bind(limit as i64 + 1);
    let rows: Vec<Row> = work.all(query).await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let examples =
                serde_json::from_str(&row.examples).map_err(|error| Error::broken("unmatched_texts", row.id, error))?;
            Ok(Unmatched {
                id: UnmatchedId(row.id),
                text: row.text,
                count: row.times,
                first_at: row.first_at,
                last_at: row.last_at,
                examples,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(Page::cut(items, limit, |item| (item.count, item.id.0)))
}

/// How many groups wait, of all accounts or of one.
pub async fn count(work: &mut Work, account: Option<AccountId>) -> Result<i64, Error> {
    let mut query =
        sql("select count(*) from unmatched_texts where tenant_id = ? and dismissed_at is null").bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// Puts a group away until it is asked again.
pub async fn dismiss(work: &mut Work, account: AccountId, id: UnmatchedId) -> Result<(), Error> {
    let query = sql("update unmatched_texts set dismissed_at = ? where tenant_id = ? and account_id = ? and id = ? and dismissed_at is null")
        .bind(work.now())
        .bind(work.tenant())
        .bind(account)
        .bind(id);
    if work.execute(query).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}
