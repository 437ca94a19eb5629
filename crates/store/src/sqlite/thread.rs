//! The thread that owns a connection: takes what is asked in order, and answers.

use std::{borrow::Cow, sync::mpsc::Receiver};

use rusqlite::{
    CachedStatement, Connection, ToSql,
    types::{ToSqlOutput, ValueRef},
};
use tokio::sync::oneshot::Sender;

use crate::{Error, Value, row::Row, value::Kind};

pub(crate) type Text = Cow<'static, str>;

type Reply<T> = Sender<Result<T, Error>>;

pub(super) enum Ask {
    Begin(&'static str),
    Execute { text: Text, values: Vec<Value>, reply: Reply<u64> },
    Rows { text: Text, values: Vec<Value>, reply: Reply<Vec<Row>> },
    Each { text: String, width: usize, values: Vec<Value>, reply: Reply<(u64, Vec<Row>)> },
    Script { text: String, reply: Reply<()> },
    Commit(Reply<()>),
    Rollback,
    Close(Sender<()>),
}

pub(super) fn serve(connection: Connection, asks: Receiver<Ask>) {
    let mut desk = Desk { connection, broken: None, began: false };
    let mut told = None;
    while let Ok(ask) = asks.recv() {
        match ask {
            Ask::Begin(text) => desk.begin(text),
            Ask::Execute { text, values, reply } => drop(reply.send(desk.inside(|c| execute(c, &text, &values)))),
            Ask::Rows { text, values, reply } => drop(reply.send(desk.inside(|c| rows(c, &text, &values)))),
            Ask::Each { text, width, values, reply } => {
                drop(reply.send(desk.inside(|c| each(c, &text, width, &values))));
            }
            Ask::Script { text, reply } => drop(reply.send(desk.inside(|c| c.execute_batch(&text)))),
            Ask::Commit(reply) => drop(reply.send(desk.commit())),
            Ask::Rollback => desk.rollback(),
            Ask::Close(reply) => {
                told = Some(reply);
                break;
            }
        }
    }
    drop(desk);
    if let Some(reply) = told {
        let _ = reply.send(());
    }
}

struct Desk {
    connection: Connection,
    /// Why the transaction that was begun is none (any more).
    broken: Option<Error>,
    began: bool,
}

impl Desk {
    fn begin(&mut self, text: &str) {
        self.began = true;
        self.broken = step(&self.connection, text).err().map(Error::from);
    }

    /// Runs one statement. SQLite ends a transaction by itself after some errors (a full disk, say); what follows
    /// must not run outside of it.
    fn inside<T>(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        if let Some(why) = &self.broken {
            return Err(why.clone());
        }
        work(&self.connection).map_err(|error| {
            let error = Error::from(error);
            if self.began && self.connection.is_autocommit() {
                self.broken = Some(error.clone());
            }
            error
        })
    }

    fn commit(&mut self) -> Result<(), Error> {
        let outcome = self.inside(|connection| step(connection, "commit"));
        self.rollback();
        outcome
    }

    fn rollback(&mut self) {
        self.began = false;
        self.broken = None;
        if !self.connection.is_autocommit()
            && let Err(error) = step(&self.connection, "rollback")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
}

fn step(connection: &Connection, text: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(text)?.raw_execute().map(drop)
}

fn execute(connection: &Connection, text: &str, values: &[Value]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(text)?;
    bind(&mut statement, values)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    drop(rows);
    Ok(connection.changes())
}

fn rows(connection: &Connection, text: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(text)?;
    bind(&mut statement, values)?;
    let mut out = Vec::new();
    collect(&mut statement, &mut out)?;
    Ok(out)
}

fn each(connection: &Connection, text: &str, width: usize, values: &[Value]) -> rusqlite::Result<(u64, Vec<Row>)> {
    let mut statement = connection.prepare_cached(text)?;
    let mut changed = 0;
    let mut out = Vec::new();
    for row in values.chunks_exact(width) {
        bind(&mut statement, row)?;
        collect(&mut statement, &mut out)?;
        changed += connection.changes();
    }
    Ok((changed, out))
}

fn bind(statement: &mut CachedStatement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for (n, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(n + 1, value)?;
    }
    Ok(())
}

fn collect(statement: &mut CachedStatement<'_>, out: &mut Vec<Row>) -> rusqlite::Result<()> {
    let width = statement.column_count();
    let names = match out.last() {
        Some(row) => row.names.clone(),
        None => statement.column_names().into_iter().map(Box::from).collect(),
    };
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let values = (0..width).map(|n| row.get_ref(n).and_then(value)).collect::<rusqlite::Result<_>>()?;
        out.push(Row { names: names.clone(), values });
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
