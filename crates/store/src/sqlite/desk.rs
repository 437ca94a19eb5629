//! A connection and the state of its transaction: statements in, values out.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use rusqlite::{
    CachedStatement, Connection, ToSql,
    types::{ToSqlOutput, ValueRef},
};

use crate::{Error, Value, row::Row, value::Kind};

pub(super) struct Desk {
    /// None once it is closed.
    connection: Option<Connection>,
    /// Whom it is lent to. What others still ask, who have gone, is not done.
    session: u64,
    /// Why the transaction that was begun is none (any more).
    broken: Option<Error>,
    began: bool,
}

pub(super) fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection: Some(connection), session: 0, broken: None, began: false }
    }

    pub(super) fn close(&mut self) -> Option<Connection> {
        self.connection.take()
    }

    /// Begins a session; what the one before left open is rolled back.
    pub(super) fn open(&mut self, session: u64) {
        self.end();
        self.session = session;
    }

    pub(super) fn begin(&mut self, session: u64, text: &str) {
        self.open(session);
        self.began = true;
        self.broken = match &self.connection {
            Some(connection) => step(connection, text).err().map(Error::from),
            None => Some(super::gone()),
        };
    }

    /// Does something. SQLite ends a transaction by itself after some errors (a full disk, say); what follows
    /// must not run outside of it.
    pub(super) fn inside<T>(
        &mut self,
        session: u64,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        if session != self.session {
            return Err(super::gone());
        }
        if let Some(why) = &self.broken {
            return Err(why.clone());
        }
        let connection = self.connection.as_ref().ok_or_else(super::gone)?;
        work(connection).map_err(|error| {
            let error = Error::from(error);
            if self.began && connection.is_autocommit() {
                self.broken = Some(error.clone());
            }
            error
        })
    }

    pub(super) fn commit(&mut self, session: u64) -> Result<(), Error> {
        let began = Instant::now();
        let outcome = self.inside(session, |connection| step(connection, "commit"));
        metrics::histogram!("hongyan_sqlite_commit_seconds").record(began.elapsed());
        self.rollback(session);
        outcome
    }

    pub(super) fn rollback(&mut self, session: u64) {
        if session == self.session {
            self.end();
        }
    }

    fn end(&mut self) {
        self.began = false;
        self.broken = None;
        if let Some(connection) = &self.connection
            && !connection.is_autocommit()
            && let Err(error) = step(connection, "rollback")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
}

/// Which of the values of a row are wanted back, when the row was written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Back {
    names: Arc<[Box<str>]>,
    places: Vec<usize>,
}

impl Back {
    pub(crate) fn new(names: &[&str], places: Vec<usize>) -> Self {
        Self { names: names.iter().map(|name| Box::from(*name)).collect(), places }
    }
}

fn step(connection: &Connection, text: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(text)?.raw_execute().map(drop)
}

pub(super) fn execute(connection: &Connection, text: &str, values: &[Value]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(text)?;
    bind(&mut statement, values)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    drop(rows);
    Ok(connection.changes())
}

pub(super) fn rows(connection: &Connection, text: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(text)?;
    bind(&mut statement, values)?;
    let width = statement.column_count();
    let names: Arc<[Box<str>]> = statement.column_names().into_iter().map(Box::from).collect();
    let mut out = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let values = (0..width).map(|n| row.get_ref(n).and_then(value)).collect::<rusqlite::Result<_>>()?;
        out.push(Row { names: names.clone(), values });
    }
    Ok(out)
}

pub(super) fn each(
    connection: &Connection,
    text: &str,
    width: usize,
    mut values: Vec<Value>,
    back: &Back,
) -> rusqlite::Result<(u64, Vec<Row>)> {
    let mut statement = connection.prepare_cached(text)?;
    let mut changed = 0;
    let mut out = Vec::new();
    for row in values.chunks_exact_mut(width) {
        bind(&mut statement, row)?;
        statement.raw_execute()?;
        let written = connection.changes();
        changed += written;
        if written > 0 && !back.places.is_empty() {
            let taken = |n: &usize| std::mem::replace(&mut row[*n], Value::Null(Kind::Int));
            out.push(Row { names: back.names.clone(), values: back.places.iter().map(taken).collect() });
        }
    }
    Ok((changed, out))
}

fn bind(statement: &mut CachedStatement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for (n, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(n + 1, value)?;
    }
    Ok(())
}

fn value(value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        // Which kind of null it is, nobody asks of a row.
        ValueRef::Null => Value::Null(Kind::Text),
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(_) => Value::Text(value.as_str()?.to_owned()),
        ValueRef::Blob(value) => Value::Blob(value.to_vec()),
    })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null(_) => ValueRef::Null,
            Self::Bool(value) => ValueRef::Integer((*value).into()),
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}
