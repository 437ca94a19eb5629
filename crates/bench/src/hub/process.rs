use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    Result,
    machine::{Child, Cost, Database, free_address},
};

/// Which database, and which program.
#[derive(Debug, Clone, clap::Args)]
pub struct Choice {
    /// Where the hub keeps everything.
    #[arg(long, value_enum, default_value = "sqlite")]
    pub database: Kind,
    /// The PostgreSQL server; a database of the run's own is made in it and taken away after.
    #[arg(long, env = "BENCH_POSTGRES_URL", default_value = "postgres://postgres@127.0.0.1:5432/postgres")]
    pub postgres: String,
    /// The hub's program; the one beside this program when absent.
    #[arg(long, env = "BENCH_HUB")]
    pub hub: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Where a hub lives: a folder, an address, a database. It stays when the process is killed.
pub struct Place {
    pub folder: TempDir,
    pub address: SocketAddr,
    pub database: Database,
    program: PathBuf,
    config: PathBuf,
    wechat: String,
}

/// A hub that runs.
pub struct Hub {
    child: Child,
    /// From the start of the process until it was ready.
    pub ready_after: Duration,
}

const PATIENCE: Duration = Duration::from_secs(60);

impl Place {
    /// An empty installation that takes `wechat` (a sandbox's address) for WeChat.
    pub async fn new(choice: &Choice, wechat: &str) -> Result<Self> {
        let program = program(choice)?;
        let folder = tempfile::Builder::new().prefix("hongyan-bench").tempdir()?;
        let address = free_address()?;
        let database = match choice.database {
            Kind::Sqlite => Database::sqlite(folder.path()),
            Kind::Postgres => Database::postgres(&choice.postgres).await?,
        };
        let config = folder.path().join("hongyan.toml");
        fs::write(&config, settings(folder.path(), address, &database.url, wechat, 0))?;
        Ok(Self { folder, address, database, program, config, wechat: wechat.to_owned() })
    }

    /// Another place on the same database, for a hub beside the first.
    pub fn beside(&self) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("hongyan-bench").tempdir()?;
        // What is sealed in the database is opened with one key.
        fs::copy(self.folder.path().join("master.key"), folder.path().join("master.key"))?;
        let (address, config) = (free_address()?, folder.path().join("hongyan.toml"));
        fs::write(&config, settings(folder.path(), address, &self.database.url, &self.wechat, 1))?;
        let (database, program) = (self.database.borrowed(), self.program.clone());
        Ok(Self { folder, address, database, program, config, wechat: self.wechat.clone() })
    }

    /// From now on this is WeChat.
    pub fn set_wechat(&mut self, wechat: &str) -> Result {
        self.wechat = wechat.to_owned();
        Ok(fs::write(&self.config, settings(self.folder.path(), self.address, &self.database.url, wechat, 0))?)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts the process and does not wait for it.
    pub fn start(&self) -> Result<Child> {
        self.start_drilled(None)
    }

    /// The same for a process that is to die at a place of its own code (see `kit::drill`).
    pub fn start_drilled(&self, drill: Option<&str>) -> Result<Child> {
        let mut command = Command::new(&self.program);
        command.arg("serve").arg("--config").arg(&self.config);
        if let Some(drill) = drill {
            command.env("HONGYAN_DRILL", drill);
        }
        Child::start("hub", &mut command, self.folder.path())
    }

    /// Starts the process and waits until it is ready.
    pub async fn serve(&self) -> Result<Hub> {
        let mut child = self.start()?;
        let ready_after = child.ready(self.address, "/readyz", PATIENCE).await?;
        Ok(Hub { child, ready_after })
    }
}

impl Hub {
    pub fn child(&self) -> &Child {
        &self.child
    }

    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    pub fn cost(&self) -> Cost {
        self.child.cost()
    }

    /// Tells it to end, and waits until it has.
    pub async fn stop(self) -> Result {
        self.child.stop().await?;
        Ok(())
    }
}

fn settings(folder: &Path, address: SocketAddr, database: &str, wechat: &str, node: u16) -> String {
    let data = folder.display();
    format!(
        "[server]\nlisten = \"{address}\"\npublic_url = \"http://{address}\"\ndata = \"{data}\"\nnode = {node}\n\n\
         [database]\nurl = \"{database}\"\n\n\
         [wechat]\napi_base = \"{wechat}\"\nmp_base = \"{wechat}\"\nopen_base = \"{wechat}\"\npicture_hosts = \"{wechat}\"\n"
    )
}

/// The hub's program. Under `cargo run` it is built first, so that what is measured is what is in the tree.
#[expect(clippy::disallowed_methods, reason = "cargo says where it is")]
fn program(choice: &Choice) -> Result<PathBuf> {
    if let Some(program) = &choice.hub {
        return Ok(program.clone());
    }
    let own = std::env::current_exe()?;
    let program = own.with_file_name("hongyan");
    if let Some(cargo) = std::env::var_os("CARGO") {
        let mut command = Command::new(cargo);
        command.args(["build", "--quiet", "--package", "hongyan", "--bin", "hongyan"]);
        if own.parent().is_some_and(|folder| folder.ends_with("release")) {
            command.arg("--release");
        }
        if !command.status()?.success() {
            return Err("the hub does not build".into());
        }
    }
    if program.exists() {
        Ok(program)
    } else {
        Err(format!("there is no {}: build it with `cargo build --release -p hongyan`", program.display()).into())
    }
}
