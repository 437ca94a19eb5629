//! Migrations: SQL files in order, one text for both databases, each in a transaction of its own.
//!
//! They run on one connection that is closed before the pool opens, because a pooled SQLite
//! connection may go on with a schema it has cached.

use sqlx::PgPool;

use crate::{
    Engine, Error, Tx, open, postgres, search, sql,
    sqlite::{Connections, Durable, Where, plans},
    tx::Inner,
};

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
    5 "0005_merges",
    6 "0006_jobs",
    7 "0007_reply_notes",
    8 "0008_reach",
    9 "0009_ledger",
    10 "0010_menus",
    11 "0011_qrcodes",
    12 "0012_inbox",
    13 "0013_broadcasts",
    14 "0014_articles",
    15 "0015_templates",
    16 "0016_reach",
    17 "0017_indexes",
    18 "0018_sends_indexes",
    19 "0019_conservation",
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
    let door = Door::open(url).await?;
    let engine = door.engine();
    let first = door.begin().await?;
    first
        .script("create table if not exists schema_migrations (version bigint primary key, name text not null, applied_at bigint not null)")
        .await?;
    first.commit().await?;
    let mut names = Vec::new();
    for migration in MIGRATIONS {
        let tx = door.begin().await?;
        if engine == Engine::Postgres {
            // Two nodes starting together migrate one after the other.
            tx.script("lock table schema_migrations in exclusive mode").await?;
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
        tx.script(&dialect(migration.text, engine)).await?;
        if migration.version == 3 {
            tx.script(search::schema(engine)).await?;
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
    if !names.is_empty() {
        let tx = door.begin().await?;
        match engine {
            Engine::Sqlite => plans::settle(&tx).await?,
            Engine::Postgres => tx.script(postgres::NOT_COUNTED).await?,
        }
        tx.commit().await?;
    }
    door.close().await;
    Ok(Applied { names })
}

/// The one connection that migrations run on.
enum Door {
    Sqlite(Connections),
    Postgres(PgPool),
}

impl Door {
    async fn open(url: &str) -> Result<Self, Error> {
        if Engine::of(url)? == Engine::Postgres {
            return Ok(Self::Postgres(postgres::connect(url, 1).await?));
        }
        let file = open::sqlite_file(url)
            .ok_or_else(|| Error::Unfit("database.url must name a file: sqlite://path/to/file".into()))?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| Error::Unfit(format!("cannot make the folder {}: {error}", folder.display())))?;
        }
        Ok(Self::Sqlite(open::open(&file, 1, 8_000, Durable::Committed).await?))
    }

    fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    async fn begin(&self) -> Result<Tx, Error> {
        Ok(Tx::new(match self {
            Self::Sqlite(connection) => Inner::Sqlite(connection.begin("begin immediate", Where::There).await?),
            Self::Postgres(pool) => Inner::Postgres(postgres::begin(pool, "begin").await?),
        }))
    }

    async fn close(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
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
