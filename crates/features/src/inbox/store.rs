//! The canned answers, and the names of rules. Every statement stays inside the caller's tenant.

use ::store::FromRow;
use kit::{CannedAnswerId, Error, RuleId, Work, sql};

use super::model::CannedAnswer;

#[derive(FromRow)]
struct Row {
    id: i64,
    shortcut: String,
    text: String,
    updated_at: i64,
}

impl From<Row> for CannedAnswer {
    fn from(row: Row) -> Self {
        Self { id: CannedAnswerId(row.id), shortcut: row.shortcut, text: row.text, updated_at: row.updated_at }
    }
}

/// All of them, by shortcut.
pub async fn canned(work: &mut Work) -> Result<Vec<CannedAnswer>, Error> {
    let query =
        sql("select id, shortcut, text, updated_at from canned_answers where tenant_id = ? order by shortcut, id")
            .bind(work.tenant());
    Ok(work.all::<Row>(query).await?.into_iter().map(CannedAnswer::from).collect())
}

/// Adds one, or changes the one of this id. Another of the same shortcut is a conflict.
pub async fn put_canned(
    work: &mut Work,
    id: CannedAnswerId,
    shortcut: &str,
    text: &str,
) -> Result<CannedAnswer, Error> {
    let now = work.now();
    let query = sql("insert into canned_answers (tenant_id, id, shortcut, text, created_at, updated_at) values (?, ?, ?, ?, ?, ?)
         on conflict (tenant_id, id) do update set shortcut = excluded.shortcut, text = excluded.text, updated_at = excluded.updated_at")
        .bind(work.tenant())
        .bind(id)
        .bind(shortcut)
        .bind(text)
        .bind(now)
        .bind(now);
    match work.tx().await?.execute(query).await {
        Ok(_) => Ok(CannedAnswer { id, shortcut: shortcut.to_owned(), text: text.to_owned(), updated_at: now }),
        Err(::store::Error::Unique(_)) => {
            Err(Error::conflict("shortcut_taken", "another answer has this shortcut already"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether there is one of this id.
pub async fn find_canned(work: &mut Work, id: CannedAnswerId) -> Result<(), Error> {
    let query = sql("select id from canned_answers where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.scalar::<i64>(query).await?.map(|_| ()).ok_or(Error::NotFound)
}

pub async fn remove_canned(work: &mut Work, id: CannedAnswerId) -> Result<(), Error> {
    let query = sql("delete from canned_answers where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    if work.execute(query).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// What these rules are called.
pub async fn rule_names(work: &mut Work, ids: &[RuleId]) -> Result<Vec<(RuleId, String)>, Error> {
    #[derive(FromRow)]
    struct Named {
        id: i64,
        name: String,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = sql("select id, name from reply_rules where tenant_id = ? and id in ")
        .bind(work.tenant())
        .list(ids.iter().copied());
    Ok(work.all::<Named>(query).await?.into_iter().map(|row| (RuleId(row.id), row.name)).collect())
}
