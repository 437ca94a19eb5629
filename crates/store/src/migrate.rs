//! Migrations: SQL files in order, one text for both databases, each in a transaction of its own.
//!
//! They run on one connection that is closed before the pool opens, because a pooled SQLite
//! connection may go on with a schema it has cached.

use sea_orm::{ConnectionTrait, Database, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use crate::{Engine, Error, Tx, open, search, sql};

/// One step of the schema.
pub struct Migration {
    pub version: i64,
    pub name: &'static str,
    text: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Migration { version: $version, name: $name, text: include_str!(concat!("../migrations/", $name, ".sql")) }),*]
    };
}

const MIGRATIONS: &[Migration] = migrations![
    1 "0001_base",
    2 "0002_accounts",
    3 "0003_customers",
    4 "0004_messages",
];

/// Every step, in order.
pub fn migrations() -> &'static [Migration] {
    MIGRATIONS
}

/// What [`migrate`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The steps that ran now.
    pub names: Vec<&'static str>,
}

/// Brings the database at `url` to the newest schema. A database newer than this program is refused.
pub async fn migrate(url: &str, now_ms: i64) -> Result<Applied, Error> {
    let engine = Engine::of(url)?;
    if let Some(folder) = open::sqlite_file(url).as_deref().and_then(std::path::Path::parent) {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Unfit(format!("cannot make the folder {}: {error}", folder.display())))?;
    }
    let options = match engine {
        Engine::Sqlite => open::sqlite(url, 1, false),
        Engine::Postgres => open::postgres(url, 1),
    };
    let connection = Database::connect(options).await?;
    let mut names = Vec::new();
    connection
        .execute_unprepared("create table if not exists schema_migrations (version bigint primary key, name text not null, applied_at bigint not null)")
        .await?;
    for migration in MIGRATIONS {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let tx = Tx::new(connection.begin_with_options(immediate).await?, engine);
        if engine == Engine::Postgres {
            // Two nodes starting together migrate one after the other.
            tx.run_text("lock table schema_migrations in exclusive mode").await?;
        }
        let newest: Option<i64> = tx.scalar(sql("select max(version) from schema_migrations")).await?.flatten();
        let newest = newest.unwrap_or(0);
        let known = MIGRATIONS.last().map_or(0, |last| last.version);
        if newest > known {
            return Err(Error::Unfit(format!(
                "the database is at schema {newest}, newer than this program ({known}); start the newer program"
            )));
        }
        if newest >= migration.version {
            continue;
        }
        tx.run_text(&dialect(migration.text, engine)).await?;
        if migration.version == 3 {
            tx.run_text(search::schema(engine)).await?;
        }
        tx.execute(
            sql("insert into schema_migrations (version, name, applied_at) values (?, ?, ?)")
                .bind(migration.version)
                .bind(migration.name)
                .bind(now_ms),
        )
        .await?;
        tx.commit().await?;
        names.push(migration.name);
    }
    connection.close().await?;
    Ok(Applied { names })
}

/// The words in braces are all that differs between the databases.
fn dialect(text: &str, engine: Engine) -> String {
    let (blob, clustered, bytewise) = match engine {
        Engine::Sqlite => ("blob", " without rowid", ""),
        // Ordered as bytes whatever the server's locale: an import in openid order appends, and a prefix is a range.
        Engine::Postgres => ("bytea", "", " collate \"C\""),
    };
    text.replace("{blob}", blob).replace("{clustered}", clustered).replace("{bytewise}", bytewise)
}
