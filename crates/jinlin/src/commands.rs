//! What each command does. Exit code 1 for failure; wrong use is clap's, with 2.

mod demo;
mod grid;
mod import;
mod init;
mod journal;
mod mini_program;
mod pack;
mod pack_test;
mod pack_versions;
mod serve;
mod simulate;

use crate::cli::Command;
use anyhow::Result;
use std::process::ExitCode;

/// Does a command.
pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Init(init) => init::run(init).await?,
        Command::Serve(serve) => serve::run(serve).await?,
        Command::Demo(demo) => demo::run(demo).await?,
        Command::Pack(pack) => return pack::run(pack).await,
        Command::Import(import) => return import::run(import).await,
        Command::Grid(grid) => grid::run(grid)?,
        Command::Backup(backup) => journal::backup(backup).await?,
        Command::Restore(restore) => journal::restore(restore).await?,
        Command::Verify(verify) => return journal::verify(verify).await,
        Command::VerifyReceipt(receipt) => return journal::verify_receipt(&receipt),
        Command::MiniProgram(command) => mini_program::run(&command)?,
        Command::Openapi => println!("{}", serde_json::to_string_pretty(&api::openapi())?),
    }
    Ok(ExitCode::SUCCESS)
}
