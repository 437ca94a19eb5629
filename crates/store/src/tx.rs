use serde::de::DeserializeOwned;

use crate::{Bulk, Engine, Error, Sql, Value, postgres, row::Row, sqlite};

/// An open transaction. Dropped without [`Tx::commit`], it never was.
pub struct Tx(Inner);

pub(crate) enum Inner {
    Sqlite(sqlite::Transaction),
    Postgres(postgres::Transaction),
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
        Ok(self.write(bulk, None).await?.0)
    }

    /// Writes many rows and gives back `returning` (a list of columns) of those really written.
    pub async fn bulk_returning<T: DeserializeOwned>(
        &self,
        bulk: Bulk,
        returning: &'static str,
    ) -> Result<Vec<T>, Error> {
        self.write(bulk, Some(returning)).await?.1.into_iter().map(Row::read).collect()
    }

    async fn write(&self, bulk: Bulk, returning: Option<&'static str>) -> Result<(u64, Vec<Row>), Error> {
        if bulk.is_empty() {
            return Ok((0, Vec::new()));
        }
        let width = bulk.width();
        let (text, values) = match &self.0 {
            Inner::Sqlite(_) => bulk.for_sqlite(returning),
            Inner::Postgres(_) => bulk.for_postgres(returning),
        };
        self.each(text, width, values).await
    }

    /// Runs text for each `width` values: on SQLite for one row after the other, on PostgreSQL once, with an array a column.
    pub(crate) async fn each(
        &self,
        text: impl Into<String>,
        width: usize,
        values: Vec<Value>,
    ) -> Result<(u64, Vec<Row>), Error> {
        if values.is_empty() {
            return Ok((0, Vec::new()));
        }
        match &self.0 {
            Inner::Sqlite(tx) => tx.each(text.into(), width, values).await,
            Inner::Postgres(tx) => tx.each(text.into(), width, values).await,
        }
    }

    pub async fn commit(self) -> Result<(), Error> {
        match self.0 {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        }
    }

    /// Text that differs between the databases or holds several statements. For this crate only.
    pub(crate) async fn script(&self, text: &str) -> Result<(), Error> {
        match &self.0 {
            Inner::Sqlite(tx) => tx.script(text.to_owned()).await,
            Inner::Postgres(tx) => tx.script(text.to_owned()).await,
        }
    }
}
