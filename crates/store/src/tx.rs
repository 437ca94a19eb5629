use serde::de::DeserializeOwned;

use crate::{Bulk, Engine, Error, Sql, Value, postgres, row::Row, sqlite};

/// An open transaction. Dropped without [`Tx::commit`], it never was.
pub struct Tx(Inner);

pub(crate) enum Inner {
    Sqlite(sqlite::Transaction),
    Postgres(postgres::Transaction),
}

/// A transaction that others see already.
#[must_use = "nobody may be told before it lasts"]
pub struct Committed(Option<sqlite::Flushing>);

impl Committed {
    /// Returns when it would survive a power cut.
    pub async fn lasting(self) -> Result<(), Error> {
        match self.0 {
            Some(flushing) => flushing.wait().await,
            None => Ok(()),
        }
    }
}

impl Tx {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(inner)
    }

    pub fn engine(&self) -> Engine {
        match &self.0 {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; how many rows it changed.
    pub async fn execute(&self, sql: Sql) -> Result<u64, Error> {
        match &self.0 {
            Inner::Sqlite(tx) => {
                let (text, values) = sql.for_sqlite();
                tx.execute(text, values).await
            }
            Inner::Postgres(tx) => {
                let (text, values) = sql.for_postgres();
                tx.execute(text, values).await
            }
        }
    }

    async fn rows(&self, sql: Sql) -> Result<Vec<Row>, Error> {
        match &self.0 {
            Inner::Sqlite(tx) => {
                let (text, values) = sql.for_sqlite();
                tx.rows(text, values).await
            }
            Inner::Postgres(tx) => {
                let (text, values) = sql.for_postgres();
                tx.rows(text, values).await
            }
        }
    }

    /// The first row, if there is one.
    pub async fn one<T: DeserializeOwned>(&self, sql: Sql) -> Result<Option<T>, Error> {
        self.rows(sql).await?.into_iter().next().map(Row::read).transpose()
    }

    pub async fn all<T: DeserializeOwned>(&self, sql: Sql) -> Result<Vec<T>, Error> {
        self.rows(sql).await?.into_iter().map(Row::read).collect()
    }

    /// The first column of the first row.
    pub async fn scalar<T: DeserializeOwned>(&self, sql: Sql) -> Result<Option<T>, Error> {
        self.rows(sql).await?.into_iter().next().map(Row::scalar).transpose()
    }

    /// The first column of every row.
    pub async fn scalars<T: DeserializeOwned>(&self, sql: Sql) -> Result<Vec<T>, Error> {
        self.rows(sql).await?.into_iter().map(Row::scalar).collect()
    }

    /// Writes many rows; how many were written.
    pub async fn bulk(&self, bulk: Bulk) -> Result<u64, Error> {
        Ok(self.write(bulk, &[]).await?.0)
    }

    /// Writes many rows and gives back `columns` of those really written.
    pub async fn bulk_returning<T: DeserializeOwned>(
        &self,
        bulk: Bulk,
        columns: &[&'static str],
    ) -> Result<Vec<T>, Error> {
        self.write(bulk, columns).await?.1.into_iter().map(Row::read).collect()
    }

    async fn write(&self, bulk: Bulk, returning: &[&'static str]) -> Result<(u64, Vec<Row>), Error> {
        if bulk.is_empty() {
            return Ok((0, Vec::new()));
        }
        let width = bulk.width();
        match &self.0 {
            Inner::Sqlite(tx) => {
                // SQLite would make a table for what a statement returns, once for each row. We know what we gave.
                let back = bulk.places(returning);
                let (text, values) = bulk.for_sqlite();
                tx.each(text, width, values, sqlite::Back::new(returning, back)).await
            }
            Inner::Postgres(tx) => {
                let (text, values) = bulk.for_postgres(returning);
                tx.each(text, width, values).await
            }
        }
    }

    /// Raises a column of many rows to the values given, each found by its key; one that is as high already stays.
    /// `rows` hold the keys' values and the new one. How many were raised.
    ///
    /// Said as one `update … from`, SQLite would rather read the whole table than look up a few thousand rows.
    pub async fn raise<const N: usize>(
        &self,
        table: &'static str,
        keys: &'static [&'static str],
        column: &'static str,
        rows: Vec<[Value; N]>,
    ) -> Result<u64, Error> {
        assert_eq!(N, keys.len() + 1, "a row for {table} has the wrong number of values");
        let text = match self.engine() {
            Engine::Sqlite => {
                let found: Vec<String> =
                    keys.iter().enumerate().map(|(n, key)| format!("{key} = ?{}", n + 1)).collect();
                format!("update {table} set {column} = ?{N} where {} and {column} < ?{N}", found.join(" and "))
            }
            Engine::Postgres => {
                let kinds = rows.first().map(|row| row.each_ref().map(|value| postgres::array_of(value.kind())));
                let arrays: Vec<String> =
                    kinds.iter().flatten().enumerate().map(|(n, kind)| format!("${}::{kind}", n + 1)).collect();
                let found: Vec<String> = keys.iter().map(|key| format!("{table}.{key} = given.{key}")).collect();
                format!(
                    "update {table} set {column} = given.raised from unnest({}) as given ({}, raised)
                     where {} and {table}.{column} < given.raised",
                    arrays.join(", "),
                    keys.join(", "),
                    found.join(" and ")
                )
            }
        };
        self.each(&text, N, rows.into_iter().flatten().collect()).await
    }

    /// Writes columns of many rows, each found by its key, as long as the row still is as `only` says; `rows` hold the
    /// keys' values and then the new ones. How many were changed.
    pub async fn amend<const N: usize>(
        &self,
        table: &'static str,
        keys: &'static [&'static str],
        columns: &'static [&'static str],
        only: Option<&'static str>,
        rows: Vec<[Value; N]>,
    ) -> Result<u64, Error> {
        assert_eq!(N, keys.len() + columns.len(), "a row for {table} has the wrong number of values");
        if rows.is_empty() {
            return Ok(0);
        }
        let values: Vec<Value> = rows.into_iter().flatten().collect();
        let only = only.map(|only| format!(" and {only}")).unwrap_or_default();
        let text = match self.engine() {
            Engine::Sqlite => {
                let set: Vec<String> =
                    columns.iter().enumerate().map(|(n, name)| format!("{name} = ?{}", keys.len() + n + 1)).collect();
                let found: Vec<String> =
                    keys.iter().enumerate().map(|(n, key)| format!("{key} = ?{}", n + 1)).collect();
                format!("update {table} set {} where {}{only}", set.join(", "), found.join(" and "))
            }
            Engine::Postgres => {
                let arrays: Vec<String> = postgres::kinds(&values, N)
                    .into_iter()
                    .enumerate()
                    .map(|(n, kind)| format!("${}::{}", n + 1, postgres::array_of(kind)))
                    .collect();
                let set: Vec<String> = columns.iter().map(|name| format!("{name} = given.new_{name}")).collect();
                let found: Vec<String> = keys.iter().map(|key| format!("{table}.{key} = given.old_{key}")).collect();
                let named: Vec<String> = keys
                    .iter()
                    .map(|key| format!("old_{key}"))
                    .chain(columns.iter().map(|name| format!("new_{name}")))
                    .collect();
                format!(
                    "update {table} set {} from unnest({}) as given ({}) where {}{only}",
                    set.join(", "),
                    arrays.join(", "),
                    named.join(", "),
                    found.join(" and ")
                )
            }
        };
        self.each(&text, N, values).await
    }

    /// Runs text for each `width` values: on SQLite for one row after the other, on PostgreSQL once, with an array a
    /// column. For this crate only.
    pub(crate) async fn each(&self, text: &str, width: usize, values: Vec<Value>) -> Result<u64, Error> {
        if values.is_empty() {
            return Ok(0);
        }
        Ok(match &self.0 {
            Inner::Sqlite(tx) => tx.each(text.to_owned(), width, values, sqlite::Back::default()).await?.0,
            Inner::Postgres(tx) => tx.each(text.to_owned(), width, values).await?.0,
        })
    }

    /// Makes everything true at once, and returns when it would survive a power cut.
    pub async fn commit(self) -> Result<(), Error> {
        self.commit_ahead().await?.lasting().await
    }

    /// Makes everything true at once, but does not wait until it would survive a power cut: nobody may be told of it
    /// before [`Committed::lasting`] returns. On PostgreSQL it lasts already.
    pub async fn commit_ahead(self) -> Result<Committed, Error> {
        Ok(Committed(match self.0 {
            Inner::Sqlite(tx) => tx.commit_ahead().await?,
            Inner::Postgres(tx) => {
                tx.commit().await?;
                None
            }
        }))
    }

    /// Text that differs between the databases or holds several statements. For this crate only.
    pub(crate) async fn script(&self, text: &str) -> Result<(), Error> {
        match &self.0 {
            Inner::Sqlite(tx) => tx.script(text.to_owned()).await,
            Inner::Postgres(tx) => tx.script(text.to_owned()).await,
        }
    }
}
