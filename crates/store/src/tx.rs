use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, TryGetable};

use crate::{Bulk, Engine, Error, Sql};

/// An open transaction. Dropped without [`Tx::commit`], it never was.
pub struct Tx {
    inner: DatabaseTransaction,
    engine: Engine,
}

impl Tx {
    pub(crate) fn new(inner: DatabaseTransaction, engine: Engine) -> Self {
        Self { inner, engine }
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs a statement; how many rows it changed.
    pub async fn execute(&self, sql: Sql) -> Result<u64, Error> {
        Ok(self.inner.execute_raw(sql.statement(self.engine.backend())).await?.rows_affected())
    }

    /// The first row, if there is one.
    pub async fn one<T: FromQueryResult>(&self, sql: Sql) -> Result<Option<T>, Error> {
        let row = self.inner.query_one_raw(sql.statement(self.engine.backend())).await?;
        Ok(row.map(|row| T::from_query_result(&row, "")).transpose()?)
    }

    pub async fn all<T: FromQueryResult>(&self, sql: Sql) -> Result<Vec<T>, Error> {
        let rows = self.inner.query_all_raw(sql.statement(self.engine.backend())).await?;
        Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// The first column of the first row.
    pub async fn scalar<T: TryGetable>(&self, sql: Sql) -> Result<Option<T>, Error> {
        let row = self.inner.query_one_raw(sql.statement(self.engine.backend())).await?;
        Ok(row.map(|row| row.try_get_by_index::<T>(0)).transpose()?)
    }

    /// The first column of every row.
    pub async fn scalars<T: TryGetable>(&self, sql: Sql) -> Result<Vec<T>, Error> {
        let rows = self.inner.query_all_raw(sql.statement(self.engine.backend())).await?;
        Ok(rows.iter().map(|row| row.try_get_by_index::<T>(0)).collect::<Result<_, _>>()?)
    }

    /// Writes many rows in few statements; how many were written.
    pub async fn bulk(&self, bulk: Bulk) -> Result<u64, Error> {
        let mut written = 0;
        for sql in bulk.statements() {
            written += self.execute(sql).await?;
        }
        Ok(written)
    }

    /// Writes many rows and gives back `returning` (a list of columns) of those really written.
    pub async fn bulk_returning<T: FromQueryResult>(
        &self,
        bulk: Bulk,
        returning: &'static str,
    ) -> Result<Vec<T>, Error> {
        let mut rows = Vec::new();
        for sql in bulk.statements() {
            rows.extend(self.all(sql.push(" returning ").push(returning)).await?);
        }
        Ok(rows)
    }

    pub async fn commit(self) -> Result<(), Error> {
        Ok(self.inner.commit().await?)
    }

    pub async fn rollback(self) -> Result<(), Error> {
        Ok(self.inner.rollback().await?)
    }

    /// A statement that differs between the databases or cannot be prepared. For this crate only.
    pub(crate) async fn run_text(&self, text: &str) -> Result<(), Error> {
        self.inner.execute_unprepared(text).await?;
        Ok(())
    }
}
