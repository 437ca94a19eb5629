//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{Config, app, config, demo, doctor, sandbox, serve};

/// Hongyan (鸿雁): a self-hosted marketing hub for WeChat Official Accounts.
#[derive(Debug, Parser)]
#[command(name = "hongyan", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a hub and a sandbox beside it, filled with accounts and fans to try things on.
    Demo(demo::Arguments),
    /// Start a sandbox: a WeChat of one's own.
    Sandbox(sandbox::Arguments),
    /// Start a hub.
    Serve(ConfigArgument),
    /// Bring the database to this program's schema, and stop.
    Migrate(ConfigArgument),
    /// Look whether everything a hub needs is in place.
    Doctor(ConfigArgument),
    /// Tenants of this installation.
    #[command(subcommand)]
    Tenant(Tenant),
    /// The configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the API's description (OpenAPI 3.1).
    Openapi,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ConfigArgument {
    /// The configuration file. Without it: the defaults and the environment.
    #[arg(long)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Tenant {
    /// Add a tenant with an owner, and print a password for them to begin with.
    Add {
        #[command(flatten)]
        config: ConfigArgument,
        /// What the tenant is called.
        #[arg(long)]
        name: String,
        /// The owner's e-mail.
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print a commented sample.
    Sample,
}

/// Something went wrong, in words for whoever typed the command.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

impl ConfigArgument {
    #[expect(clippy::disallowed_methods, reason = "the environment is read here, into the configuration")]
    pub(crate) fn load(&self) -> Result<Config, Failure> {
        Ok(Config::load(self.config.as_deref(), std::env::vars())?)
    }
}

/// Runs what was typed.
pub async fn run() -> ExitCode {
    match dispatch(Cli::parse().command).await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("hongyan: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Demo(arguments) => demo::run(arguments).await?,
        Command::Sandbox(arguments) => sandbox::run(arguments).await?,
        Command::Serve(config) => serve::run(config.load()?).await?,
        Command::Migrate(config) => {
            let config = config.load()?;
            start_logs(&config.log)?;
            app::open_store(&config, crate::clock::machine_clock()(), false).await?;
            println!("the database is at this program's schema");
        }
        Command::Doctor(config) => return doctor::run(&config.load()?).await,
        Command::Tenant(Tenant::Add { config, name, email }) => {
            let config = config.load()?;
            start_logs(&config::Log { level: "warn".into(), ..config.log.clone() })?;
            let login = app::add_tenant(&app::offline(&config).await?, &name, &email).await?;
            println!(
                "e-mail:   {}\npassword: {}\nThe password is shown this once; change it after signing in.",
                login.email, login.password
            );
        }
        Command::Config(ConfigCommand::Sample) => print!("{}", config::sample()),
        Command::Openapi => print!("{}", crate::document_text()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Begins to log to standard error. Once a process.
pub(crate) fn start_logs(log: &config::Log) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&log.level).map_err(|error| format!("log.level: {error}"))?;
    let registry = tracing_subscriber::registry().with(filter);
    if log.json {
        registry.with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr)).init();
    } else {
        registry.with(fmt::layer().with_target(false).with_writer(std::io::stderr)).init();
    }
    Ok(())
}

/// Resolves when the process is asked to end.
pub(crate) async fn asked_to_end() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "Ctrl-C cannot be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
