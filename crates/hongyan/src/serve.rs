//! `hongyan serve`: a hub until it is asked to end.

use crate::{
    App, Config, Overrides,
    cli::{self, Failure},
};

pub async fn run(config: Config) -> Result<(), Failure> {
    cli::start_logs(&config.log)?;
    let running = App::start(config, Overrides::default()).await?;
    println!("Hongyan is at {}", running.ctx().public().url);
    cli::asked_to_end().await;
    tracing::info!("ending: what is under way is finished first");
    running.shutdown().await;
    Ok(())
}
