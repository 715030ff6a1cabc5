//! The binary: command line, keys, wiring, shutdown. The only `main`; everything it does is a use
//! case of `app`.

mod cli;
mod commands;
mod files;
mod jobs;
mod keeper;
mod keys;
mod opened;
mod rim;
mod services;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(cli.log()))
        .with_writer(std::io::stderr)
        .init();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(commands::run(cli.command)));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("jinlin: {error:#}");
            ExitCode::FAILURE
        }
    }
}
