/// What a statement can come back with, sorted by what the caller does next.
#[derive(Debug, Clone, thiserror::Error)]
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
    /// Two transactions stood in each other's way, and this one was undone for it: nothing of it was written, and it may
    /// be done once more.
    #[error("another transaction stood in the way: {0}")]
    Collided(String),
    #[error("the database refused: {0}")]
    Refused(String),
    /// The database is not fit for what we promise, or not one of ours.
    #[error("{0}")]
    Unfit(String),
}
