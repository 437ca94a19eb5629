//! PostgreSQL, by sqlx: a pool of connections, each of which keeps its prepared statements.

use std::{sync::Arc, time::Duration};

use sqlx::{
    AssertSqlSafe, Column as _, Connection as _, Executor as _, Postgres, Row as _, Transaction as Inner, TypeInfo,
    ValueRef,
    postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow},
};
use tokio::sync::Mutex;

use crate::{Error, Value, row::Row, sql::Argument, value::Kind};

/// What is in line is all there is when a campaign begins and nothing when it is over. The server, which counted once meanwhile,
/// would walk through all that was sent to find the next; not told, it takes every state for a rare one, as those that are looked
/// for are.
pub(crate) const NOT_COUNTED: &str = "alter table sends alter column state set statistics 0";

/// A process that stands still in the middle of a transaction does not go on with it: others count on what was begun
/// so long ago being over, one way or the other. Less than the followers of logs leave time for.
///
/// And no statement of ours is worth the milliseconds of compiling it.
const SESSION: &str = "set idle_in_transaction_session_timeout = '8s'; set jit = off";

/// A connection that was used so lately is taken to be there still.
const ASKED_LATELY: Duration = Duration::from_secs(1);

pub(crate) async fn connect(url: &str, connections: u32) -> Result<PgPool, Error> {
    let options: PgConnectOptions = url.parse().map_err(Error::from)?;
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(20))
        // A question to the server for each transaction, unless the last answer is a moment old.
        .test_before_acquire(false)
        .before_acquire(|connection, of| {
            Box::pin(async move {
                if of.idle_for > ASKED_LATELY {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| Box::pin(async move { connection.execute(SESSION).await.map(|_| ()) }))
        .connect_with(options.statement_cache_capacity(300))
        .await;
    pool.map_err(|error| Error::Away(error.to_string()))
}

pub(crate) async fn begin(pool: &PgPool, begin: &'static str) -> Result<Transaction, Error> {
    // Nothing has been asked yet: whatever is wrong, it is not the statement.
    let inner = pool.begin_with(begin).await.map_err(|error| Error::Away(error.to_string()))?;
    Ok(Transaction { inner: Mutex::new(inner) })
}

/// An open transaction. Its statements run one after the other.
pub(crate) struct Transaction {
    inner: Mutex<Inner<'static, Postgres>>,
}

impl Transaction {
    pub(crate) async fn execute(&self, text: String, given: Vec<Argument>) -> Result<u64, Error> {
        let mut connection = self.inner.lock().await;
        let query = sqlx::query_with(AssertSqlSafe(text), arguments(given)?);
        Ok(query.execute(&mut **connection).await?.rows_affected())
    }

    pub(crate) async fn rows(&self, text: String, given: Vec<Argument>) -> Result<Vec<Row>, Error> {
        self.fetch(text, arguments(given)?).await
    }

    /// Rows whose values stand one after the other, as one array a column.
    pub(crate) async fn each(&self, text: String, width: usize, values: Vec<Value>) -> Result<(u64, Vec<Row>), Error> {
        let rows = values.len() / width;
        let kinds = kinds(&values, width);
        let mut columns: Vec<Array> = kinds.iter().map(|kind| Array::new(*kind, rows)).collect();
        for (n, value) in values.into_iter().enumerate() {
            columns[n % width].push(value)?;
        }
        let mut arguments = PgArguments::default();
        for column in columns {
            column.bind(&mut arguments)?;
        }
        if text.contains(" returning ") {
            let rows = self.fetch(text, arguments).await?;
            return Ok((rows.len() as u64, rows));
        }
        let mut connection = self.inner.lock().await;
        let query = sqlx::query_with(AssertSqlSafe(text), arguments);
        Ok((query.execute(&mut **connection).await?.rows_affected(), Vec::new()))
    }

    async fn fetch(&self, text: String, arguments: PgArguments) -> Result<Vec<Row>, Error> {
        let mut connection = self.inner.lock().await;
        let rows = sqlx::query_with(AssertSqlSafe(text), arguments).fetch_all(&mut **connection).await?;
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let names: Arc<[Box<str>]> = first.columns().iter().map(|column| column.name().into()).collect();
        rows.iter().map(|row| Ok(Row { names: names.clone(), values: values(row)? })).collect()
    }

    pub(crate) async fn script(&self, text: String) -> Result<(), Error> {
        let mut connection = self.inner.lock().await;
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **connection).await?;
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        Ok(self.inner.into_inner().commit().await?)
    }
}

/// What each column of rows that stand one after the other holds.
pub(crate) fn kinds(values: &[Value], width: usize) -> Vec<Kind> {
    values.iter().take(width).map(Value::kind).collect()
}

/// As PostgreSQL calls an array of them.
pub(crate) fn array_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "boolean[]",
        Kind::Int => "bigint[]",
        Kind::Real => "double precision[]",
        Kind::Text => "text[]",
        Kind::Blob => "bytea[]",
    }
}

fn arguments(given: Vec<Argument>) -> Result<PgArguments, Error> {
    let mut arguments = PgArguments::default();
    for argument in given {
        match argument {
            Argument::Many(values) => {
                let mut array = Array::new(values.first().map_or(Kind::Text, Value::kind), values.len());
                values.into_iter().try_for_each(|value| array.push(value))?;
                array.bind(&mut arguments)
            }
            Argument::One(Value::Null(Kind::Bool)) => add(&mut arguments, None::<bool>),
            Argument::One(Value::Null(Kind::Int)) => add(&mut arguments, None::<i64>),
            Argument::One(Value::Null(Kind::Real)) => add(&mut arguments, None::<f64>),
            Argument::One(Value::Null(Kind::Text)) => add(&mut arguments, None::<String>),
            Argument::One(Value::Null(Kind::Blob)) => add(&mut arguments, None::<Vec<u8>>),
            Argument::One(Value::Bool(value)) => add(&mut arguments, value),
            Argument::One(Value::Int(value)) => add(&mut arguments, value),
            Argument::One(Value::Real(value)) => add(&mut arguments, value),
            Argument::One(Value::Text(value)) => add(&mut arguments, value),
            Argument::One(Value::Blob(value)) => add(&mut arguments, value),
        }?;
    }
    Ok(arguments)
}

fn add<'q, T: sqlx::Encode<'q, Postgres> + sqlx::Type<Postgres> + 'q>(
    arguments: &mut PgArguments,
    value: T,
) -> Result<(), Error> {
    sqlx::Arguments::add(arguments, value).map_err(|error| Error::Refused(format!("a value cannot be sent: {error}")))
}

/// The values of one column of many rows.
enum Array {
    Bool(Vec<Option<bool>>),
    Int(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Text(Vec<Option<String>>),
    Blob(Vec<Option<Vec<u8>>>),
}

impl Array {
    fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Bool => Self::Bool(Vec::with_capacity(rows)),
            Kind::Int => Self::Int(Vec::with_capacity(rows)),
            Kind::Real => Self::Real(Vec::with_capacity(rows)),
            Kind::Text => Self::Text(Vec::with_capacity(rows)),
            Kind::Blob => Self::Blob(Vec::with_capacity(rows)),
        }
    }

    fn push(&mut self, value: Value) -> Result<(), Error> {
        match (self, value) {
            (Self::Bool(all), Value::Bool(value)) => all.push(Some(value)),
            (Self::Int(all), Value::Int(value)) => all.push(Some(value)),
            (Self::Real(all), Value::Real(value)) => all.push(Some(value)),
            (Self::Text(all), Value::Text(value)) => all.push(Some(value)),
            (Self::Blob(all), Value::Blob(value)) => all.push(Some(value)),
            (Self::Bool(all), Value::Null(_)) => all.push(None),
            (Self::Int(all), Value::Null(_)) => all.push(None),
            (Self::Real(all), Value::Null(_)) => all.push(None),
            (Self::Text(all), Value::Null(_)) => all.push(None),
            (Self::Blob(all), Value::Null(_)) => all.push(None),
            (_, odd) => return Err(Error::Refused(format!("rows of one statement differ in type: {:?}", odd.kind()))),
        }
        Ok(())
    }

    fn bind(self, arguments: &mut PgArguments) -> Result<(), Error> {
        match self {
            Self::Bool(all) => add(arguments, all),
            Self::Int(all) => add(arguments, all),
            Self::Real(all) => add(arguments, all),
            Self::Text(all) => add(arguments, all),
            Self::Blob(all) => add(arguments, all),
        }
    }
}

fn values(row: &PgRow) -> Result<Vec<Value>, Error> {
    (0..row.len()).map(|n| value(row, n)).collect()
}

fn value(row: &PgRow, n: usize) -> Result<Value, Error> {
    let raw = row.try_get_raw(n)?;
    if raw.is_null() {
        return Ok(Value::Null(Kind::Text));
    }
    let kind = raw.type_info();
    Ok(match kind.name() {
        "INT8" => Value::Int(row.try_get(n)?),
        "INT4" => Value::Int(row.try_get::<i32, _>(n)?.into()),
        "INT2" => Value::Int(row.try_get::<i16, _>(n)?.into()),
        "BOOL" => Value::Bool(row.try_get(n)?),
        "FLOAT8" => Value::Real(row.try_get(n)?),
        "FLOAT4" => Value::Real(row.try_get::<f32, _>(n)?.into()),
        "BYTEA" => Value::Blob(row.try_get(n)?),
        "TEXT" | "VARCHAR" | "NAME" | "\"CHAR\"" | "CHAR" => Value::Text(row.try_get(n)?),
        other => return Err(Error::Refused(format!("column {} is of type {other}; cast it", row.column(n).name()))),
    })
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            let named = || database.constraint().map_or_else(|| database.message().to_owned(), str::to_owned);
            if database.is_unique_violation() {
                return Self::Unique(named());
            }
            if database.is_foreign_key_violation() {
                return Self::ForeignKey(named());
            }
            // A deadlock, or a view that could not be kept consistent.
            if database.code().is_some_and(|code| code == "40P01" || code == "40001") {
                return Self::Collided(database.message().to_owned());
            }
        }
        if is_away(&error) { Self::Away(error.to_string()) } else { Self::Refused(error.to_string()) }
    }
}

fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // 57P01..57P03: the server is going down or not up yet; 08xxx: connection trouble; 53300: too many connections.
        sqlx::Error::Database(database) => {
            database.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08") || code == "53300")
        }
        _ => false,
    }
}
