use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// What a statement can come back with, sorted by what the caller does next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique constraint said no. The text names the constraint (PostgreSQL) or its columns (SQLite).
    #[error("a unique constraint refused the row: {0}")]
    Unique(String),
    /// A row that must exist does not, or one that is still needed was to go.
    #[error("a foreign key refused the row: {0}")]
    ForeignKey(String),
    /// The database cannot be reached, or it did not answer in time. Nothing is known of an open commit.
    #[error("the database is away: {0}")]
    Away(String),
    #[error("the database refused: {0}")]
    Refused(String),
    /// The database is not fit for what we promise, or not one of ours.
    #[error("{0}")]
    Unfit(String),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(what)) => return Self::Unique(what),
            Some(SqlErr::ForeignKeyConstraintViolation(what)) => return Self::ForeignKey(what),
            _ => {}
        }
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Away(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(ref sqlx)) | DbErr::Query(RuntimeErr::SqlxError(ref sqlx)) => {
                if is_away(sqlx) { Self::Away(error.to_string()) } else { Self::Refused(error.to_string()) }
            }
            _ => Self::Refused(error.to_string()),
        }
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
        sqlx::Error::Database(db) => {
            db.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08") || code == "53300")
        }
        _ => false,
    }
}
