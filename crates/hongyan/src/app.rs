//! Starting and stopping a hub. Everything that a process holds is made here and handed on in the [`Ctx`].

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use ::jobs::Runner;
use axum::{ServiceExt, extract::Request};
use entities::{
    accounts::platform::{self, PlatformConfig},
    people::{Email, Language, PersonName, TenantName},
};
use features::team::{Authenticator, NewTenant, found_tenant, words};
use kit::{Ctx, CtxParts, Error, Keyring, Public, TenantId, sql};
use store::{Engine, Store};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    Config, background,
    background::Stop,
    callback::{self, Callbacks},
    clock::{Clock, machine_clock},
    health,
    ids::id_maker,
    jobs, key_file, routes,
};

/// What tests and the demo bring along instead of the machine's own.
#[derive(Clone, Default)]
pub struct Overrides {
    pub clock: Option<Clock>,
    pub new_id: Option<Arc<dyn Fn() -> i64 + Send + Sync>>,
    pub new_event_id: Option<Arc<dyn Fn() -> i64 + Send + Sync>>,
    /// Serve from a database that may lose what it acknowledged.
    pub allow_unsafe_database: bool,
    /// How long WeChat's answer is waited for.
    pub wechat_timeout: Option<Duration>,
}

/// Why a hub did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{0}")]
    Config(String),
    #[error("the database: {0}")]
    Store(#[from] store::Error),
    #[error("{what}: {why}")]
    Io { what: String, why: std::io::Error },
    #[error("{0}")]
    Inside(#[from] Error),
}

/// The hub.
pub struct App;

/// A hub that runs.
pub struct Running {
    addr: SocketAddr,
    ctx: Ctx,
    runner: Runner,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// What a new owner signs in with.
#[derive(Debug, Clone)]
pub struct Login {
    pub email: String,
    pub password: String,
}

/// How long a stop waits for what is under way.
const PATIENCE: Duration = Duration::from_secs(20);

impl App {
    /// Starts a hub: migrates, opens, listens. Comes back when it answers.
    pub async fn start(config: Config, overrides: Overrides) -> Result<Running, StartError> {
        health::start_counting();
        let clock = overrides.clock.clone().unwrap_or_else(machine_clock);
        let data = &config.server.data;
        let store = open_store(&config, clock(), overrides.allow_unsafe_database).await?;
        let may_make = sealed_values(&store).await? == 0;
        let keyring = key_file::keyring(&config.key_file(), may_make).map_err(StartError::Config)?;
        let listener = TcpListener::bind(&config.server.listen)
            .await
            .map_err(|why| StartError::Io { what: format!("cannot listen at {}", config.server.listen), why })?;
        let addr = listener.local_addr().map_err(|why| StartError::Io { what: "no address".into(), why })?;
        let ctx = context(&config, &overrides, clock, store, keyring, addr).await?;
        configure_platform(&ctx, &config)?;

        let holder = format!("{}-{}", config.server.node, words::random_word(6));
        let (stop, stopped) = Stop::new();
        let mut tasks = JoinSet::new();
        let alone = ctx.store().engine() == Engine::Sqlite;
        background::start(&ctx, &holder, alone, data, &mut tasks, &stopped).await?;
        let callbacks = Callbacks::start(&ctx, &callback::Options { folder: data.clone() }, &mut tasks)
            .map_err(|why| StartError::Io { what: "the spool of callbacks".into(), why })?;
        let runner = jobs::runner(&ctx, &holder, &config.jobs);
        tasks.spawn(runner.clone().run(stopped.clone().wait()));
        tasks.spawn(jobs::keep_schedules(ctx.clone(), holder, stopped.clone()));
        let service = routes::service(&ctx, &config, callbacks, stopped.clone());
        tasks.spawn(serve(listener, service, stopped));
        Ok(Running { addr, ctx, runner, stop, tasks })
    }
}

impl Running {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// Adds a tenant with an owner, and a password for them to begin with.
    pub async fn add_tenant(&self, name: &str, email: &str) -> Result<Login, Error> {
        add_tenant(&self.ctx, name, email).await
    }

    /// Runs what is due and waits for what is under way, until nothing is.
    pub async fn run_jobs(&self) -> Result<(), Error> {
        loop {
            let ran = self.runner.run_due().await;
            let running: Option<i64> = self
                .ctx
                .store()
                .read()
                .await?
                .scalar(sql("select count(*) from jobs where tenant_id is not null and state = 'running'"))
                .await?;
            match (ran, running.unwrap_or(0)) {
                (0, 0) => return Ok(()),
                _ => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }

    /// Takes no more, finishes what is under way, writes everything down.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!(
                "some work was still under way after {} s and is left to the next start",
                PATIENCE.as_secs()
            );
        }
    }

    /// Drops everything at once, as `kill -9` would.
    pub fn kill(&mut self) {
        self.tasks.abort_all();
    }
}

/// The data folder holds customers: only its owner looks in.
fn make_folder(folder: &Path) -> Result<(), StartError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|why| StartError::Io { what: format!("the data folder {}", folder.display()), why })
}

/// Migrates and opens the database of a configuration.
pub(crate) async fn open_store(config: &Config, now: i64, allow_unsafe: bool) -> Result<Store, StartError> {
    make_folder(&config.server.data)?;
    let url = config.database_url();
    let applied = store::migrate(&url, now).await?;
    if !applied.names.is_empty() {
        tracing::info!(steps = applied.names.join(", "), "the database was brought to this program's schema");
    }
    Ok(Store::open(&url, &store::Options { connections: config.database.connections, allow_unsafe }).await?)
}

/// A context for the command line: the same as the hub's, without listening.
pub(crate) async fn offline(config: &Config) -> Result<Ctx, StartError> {
    let clock = machine_clock();
    let store = open_store(config, clock(), false).await?;
    let may_make = sealed_values(&store).await? == 0;
    let keyring = key_file::keyring(&config.key_file(), may_make).map_err(StartError::Config)?;
    let addr = config.server.listen.parse().unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 8080)));
    let ctx = context(config, &Overrides::default(), clock, store, keyring, addr).await?;
    configure_platform(&ctx, config)?;
    Ok(ctx)
}

/// Adds a tenant with an owner and a password to begin with.
pub(crate) async fn add_tenant(ctx: &Ctx, name: &str, email: &str) -> Result<Login, Error> {
    let new = NewTenant {
        tenant_name: TenantName::try_from(name.to_owned()).map_err(|why| Error::field("name", "length", &why))?,
        name: PersonName::try_from(email.split('@').next().unwrap_or(email).chars().take(60).collect::<String>())
            .map_err(|why| Error::field("email", "shape", &why))?,
        email: Email::try_from(email.to_owned()).map_err(|why| Error::field("email", "shape", &why))?,
        password: words::Password::random(),
        language: Language::Chinese,
        first: false,
    };
    let (work, _) = found_tenant(ctx, &new).await?;
    work.commit().await?;
    Ok(Login { email: new.email.as_str().to_owned(), password: new.password.expose().to_owned() })
}

async fn context(
    config: &Config,
    overrides: &Overrides,
    clock: Clock,
    store: Store,
    keyring: Keyring,
    addr: SocketAddr,
) -> Result<Ctx, StartError> {
    if config.server.node > 1023 {
        return Err(StartError::Config("server.node must be 0 to 1023".into()));
    }
    let mut options = wechat_client::Options::new(&config.wechat.api_base);
    options.timeout = overrides.wechat_timeout.unwrap_or(options.timeout);
    options.clock = Some(clock.clone());
    let wechat = wechat_client::Client::new(&options).map_err(StartError::Config)?;
    let pictures = wechat_client::Pictures::new(&config.wechat.picture_hosts)
        .map_err(|why| StartError::Config(format!("wechat.picture_hosts: {why}")))?;
    let made = id_maker(clock.clone(), config.server.node, largest_event(&store).await?);
    let url = config
        .server
        .public_url
        .clone()
        .map_or_else(|| format!("http://{}", reachable(addr)), |url| url.trim_end_matches('/').to_owned());
    let public = Public {
        secure_cookies: url.starts_with("https://"),
        url,
        mp_base: config.wechat.mp_base.trim_end_matches('/').to_owned(),
        sandbox_url: config.wechat.sandbox_url.clone(),
        demo: config.wechat.sandbox_url.is_some(),
    };
    let ctx = Ctx::new(CtxParts {
        store,
        clock,
        new_id: overrides.new_id.clone().unwrap_or_else(|| made.clone()),
        new_event_id: overrides.new_event_id.clone().unwrap_or(made),
        keyring,
        wechat,
        pictures,
        public,
    });
    ctx.set_authenticate(Arc::new(Authenticator));
    Ok(ctx)
}

/// Listening everywhere is reached here.
fn reachable(addr: SocketAddr) -> SocketAddr {
    if addr.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], addr.port())) } else { addr }
}

fn configure_platform(ctx: &Ctx, config: &Config) -> Result<(), StartError> {
    let given = &config.platform;
    match (&given.app_id, &given.app_secret, &given.token, &given.encoding_aes_key) {
        (None, None, None, None) => Ok(()),
        (Some(app_id), Some(secret), Some(token), Some(key)) => {
            let (component_app_id, component_app_secret, token, encoding_aes_key) =
                (app_id.clone(), secret.clone(), token.clone(), key.clone());
            platform::configure(
                ctx,
                PlatformConfig { component_app_id, component_app_secret, token, encoding_aes_key },
            )?;
            Ok(())
        }
        _ => Err(StartError::Config(
            "section [platform] needs all four: app_id, app_secret, token, encoding_aes_key".into(),
        )),
    }
}

/// How many values in the database only the key file opens.
async fn sealed_values(store: &Store) -> Result<i64, StartError> {
    let tx = store.read().await?;
    let accounts: Option<i64> =
        tx.scalar(sql("select count(*) from account_secrets where tenant_id is not null")).await?;
    let platform: Option<i64> = tx.scalar(sql("select count(*) from platform_credentials")).await?;
    Ok(accounts.unwrap_or(0) + platform.unwrap_or(0))
}

/// Where the event log ends, so that ids go on above it.
async fn largest_event(store: &Store) -> Result<i64, StartError> {
    let tx = store.read().await?;
    let tenants: Vec<i64> = tx.scalars(sql("select id from tenants")).await?;
    let mut largest = 0;
    for tenant in tenants.into_iter().map(TenantId) {
        let last: Option<Option<i64>> =
            tx.scalar(sql("select max(id) from events where tenant_id = ?").bind(tenant)).await?;
        largest = largest.max(last.flatten().unwrap_or(0));
    }
    Ok(largest)
}

async fn serve(listener: TcpListener, router: axum::Router, stop: Stop) {
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(router);
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stop.wait()).await {
        tracing::error!(%error, "the hub stopped listening");
    }
}
