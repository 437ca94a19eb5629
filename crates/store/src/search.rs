//! Full-text search by each database's own inverted index: FTS5 in SQLite, GIN over `tsvector` in PostgreSQL.
//!
//! Callers hand over *terms* they have cut themselves (words, and pairs of Chinese characters); the
//! tenant is part of every term, so that one tenant's search cannot meet another's documents. The index
//! holds terms and numbers only, and is filled behind the writers (see the event follower in `entities`).

use crate::{Engine, Error, Tx, sql};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// A customer's name and contacts; the document's number is the customer id.
    Profiles,
    /// A text a fan said; the document's number is the event id.
    Messages,
}

/// One document, ready to be put in.
pub struct Document {
    id: i64,
    terms: String,
}

impl Document {
    /// One of `tenant`, with its number and its terms.
    pub fn new(tenant: i64, id: i64, terms: &[String]) -> Self {
        let terms: Vec<String> = terms.iter().map(|term| tenant_term(tenant, term)).collect();
        Self { id, terms: terms.join(" ") }
    }
}

pub(crate) fn schema(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "create virtual table search_profiles using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\");
             create virtual table search_messages using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\");"
        }
        Engine::Postgres => {
            "create table search_profiles (id bigint primary key, terms tsvector not null);
             create index search_profiles_terms on search_profiles using gin (terms);
             create table search_messages (id bigint primary key, terms tsvector not null);
             create index search_messages_terms on search_messages using gin (terms);"
        }
    }
}

/// Puts documents in, replacing those of the same numbers.
pub async fn put(tx: &Tx, index: Index, documents: Vec<Document>) -> Result<(), Error> {
    let values = documents.into_iter().flat_map(|document| [document.id.into(), document.terms.into()]).collect();
    tx.each(put_text(tx.engine(), index), 2, values).await?;
    Ok(())
}

fn put_text(engine: Engine, index: Index) -> &'static str {
    match (engine, index) {
        (Engine::Sqlite, Index::Profiles) => "insert or replace into search_profiles (rowid, terms) values (?, ?)",
        // What was said is said once, and its place in the log moves with it: there is nothing to replace.
        (Engine::Sqlite, Index::Messages) => "insert into search_messages (rowid, terms) values (?, ?)",
        (Engine::Postgres, Index::Profiles) => {
            "insert into search_profiles (id, terms)
             select given.id, array_to_tsvector(string_to_array(given.terms, ' ')) from unnest($1::bigint[], $2::text[]) as given (id, terms)
             on conflict (id) do update set terms = excluded.terms"
        }
        (Engine::Postgres, Index::Messages) => {
            "insert into search_messages (id, terms)
             select given.id, array_to_tsvector(string_to_array(given.terms, ' ')) from unnest($1::bigint[], $2::text[]) as given (id, terms)
             on conflict (id) do update set terms = excluded.terms"
        }
    }
}

/// The newest documents that hold every one of `terms`; a last term may be only begun (`prefix`).
pub async fn find(
    tx: &Tx,
    index: Index,
    tenant: i64,
    terms: &[String],
    prefix: bool,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<i64>, Error> {
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let before = before.unwrap_or(i64::MAX);
    let last = terms.len() - 1;
    let term = |(n, term): (usize, &String)| match (tx.engine(), prefix && n == last) {
        (Engine::Sqlite, true) => format!("\"{}\"*", tenant_term(tenant, term)),
        (Engine::Sqlite, false) => format!("\"{}\"", tenant_term(tenant, term)),
        (Engine::Postgres, true) => format!("'{}':*", tenant_term(tenant, term)),
        (Engine::Postgres, false) => format!("'{}'", tenant_term(tenant, term)),
    };
    let limit = limit as i64;
    let sql = match tx.engine() {
        Engine::Sqlite => {
            let query = terms.iter().enumerate().map(term).collect::<Vec<_>>().join(" AND ");
            match index {
                Index::Profiles => sql("select rowid from search_profiles where search_profiles match ? and rowid < ? order by rowid desc limit ?"),
                Index::Messages => sql("select rowid from search_messages where search_messages match ? and rowid < ? order by rowid desc limit ?"),
            }
            .bind(query)
        }
        Engine::Postgres => {
            let query = terms.iter().enumerate().map(term).collect::<Vec<_>>().join(" & ");
            match index {
                Index::Profiles => sql("select id from search_profiles where terms @@ cast(? as tsquery) and id < ? order by id desc limit ?"),
                Index::Messages => {
                    let newest = among_newest(tx, &query, before, limit).await?;
                    if newest.len() as i64 == limit {
                        return Ok(newest);
                    }
                    // Without it, the server forgets which rows of a page it wants, and reads them all again.
                    tx.execute(sql("select set_config('work_mem', '32MB', true)")).await?;
                    sql("with found as materialized (select id from search_messages where terms @@ cast(? as tsquery)) select id from found where id < ? order by id desc limit ?")
                }
            }
            .bind(query)
        }
    };
    tx.scalars(sql.bind(before).bind(limit)).await
}

/// Looks through the newest twenty thousand without the index. What is said often is found there in milliseconds.
/// PostgreSQL takes a phrase for rare, since it thinks that its terms have nothing to do with each other, and would
/// gather and sort all that hold it.
async fn among_newest(tx: &Tx, query: &str, before: i64, limit: i64) -> Result<Vec<i64>, Error> {
    let query = sql(
        "select id from (select id, terms from search_messages where id < ? order by id desc limit 20000) as newest
         where terms @@ cast(? as tsquery) order by id desc limit ?",
    )
    .bind(before)
    .bind(query)
    .bind(limit);
    tx.scalars(query).await
}

/// `t5_价格`: letters, digits and `_` only, whatever the term held, so that a term cannot be read as query syntax.
fn tenant_term(tenant: i64, term: &str) -> String {
    let clean: String = term.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    format!("t{tenant:x}_{clean}")
}
