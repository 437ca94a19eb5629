use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use store::Engine;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A migrated database that nobody else uses.
pub struct TestDb {
    pub url: String,
    pub engine: Engine,
    /// A folder of this test's own, gone afterwards; SQLite's file is in it.
    pub folder: TempDir,
}

static NEXT: AtomicU32 = AtomicU32::new(0);
static SQLITE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES: OnceCell<String> = OnceCell::const_new();

/// One of each kind there is here.
pub async fn databases() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    if let Some(server) = server() {
        all.push(postgres(&server).await);
    }
    all
}

#[expect(clippy::disallowed_methods, reason = "how the test runner names the server")]
fn server() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("hongyan-test").tempdir().expect("a temporary folder")
}

async fn sqlite() -> TestDb {
    let template = SQLITE
        .get_or_init(|| async {
            let file = folder().keep().join("template.db");
            store::migrate(&format!("sqlite://{}", file.display()), 0).await.expect("the template migrates");
            file
        })
        .await;
    let folder = folder();
    let file = folder.path().join("hongyan.db");
    std::fs::copy(template, &file).expect("the template is copied");
    TestDb { url: format!("sqlite://{}", file.display()), engine: Engine::Sqlite, folder }
}

async fn postgres(server: &str) -> TestDb {
    let pid = std::process::id();
    let template = POSTGRES
        .get_or_init(|| async {
            let name = format!("hy_template_{pid}");
            create(server, &name, None).await;
            store::migrate(&at(server, &name), 0).await.expect("the template migrates");
            name
        })
        .await;
    let name = format!("hy_{pid}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    create(server, &name, Some(template)).await;
    TestDb { url: at(server, &name), engine: Engine::Postgres, folder: folder() }
}

/// `postgres://user@host/database?options` with another database.
fn at(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let (base, _) = base.rsplit_once('/').expect("the server's URL names a database");
    match query {
        Some(query) => format!("{base}/{name}?{query}"),
        None => format!("{base}/{name}"),
    }
}

async fn create(server: &str, name: &str, template: Option<&str>) {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let mut connection = sqlx::PgConnection::connect(server).await.expect("the test server answers");
    let text = match template {
        Some(template) => format!("create database {name} template {template}"),
        None => format!("create database {name}"),
    };
    // Two copies of one template at once are refused; the other is done in a moment.
    for _ in 0..200 {
        match connection.execute(AssertSqlSafe(text.clone())).await {
            Ok(_) => return connection.close().await.expect("the connection closes"),
            Err(error) if error.to_string().contains("being accessed by other users") => {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await
            }
            Err(error) => panic!("{text}: {error}"),
        }
    }
    panic!("{text}: the template is never free");
}
