//! to be replaced
#[derive(Debug, clap::Args)]
pub struct Arguments {}
pub async fn run(_: Arguments) -> Result<(), crate::cli::Failure> { Ok(()) }
