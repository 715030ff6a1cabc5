//! What Cargo knows about our packages and those we depend on. Never asks the network.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The answer of `cargo metadata`.
#[derive(Deserialize)]
pub struct Metadata {
    /// All packages in the lock file, for every platform.
    pub packages: Vec<Package>,
    /// Where Cargo builds.
    pub target_directory: PathBuf,
}

/// A package, ours or not.
#[derive(Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its licence as an SPDX expression.
    pub license: Option<String>,
    /// Where it was downloaded from; nothing for our own.
    pub source: Option<String>,
    /// What it names as dependencies.
    pub dependencies: Vec<Dependency>,
}

/// A dependency as a package names it.
#[derive(Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// `dev` or `build`; nothing for an ordinary one.
    pub kind: Option<String>,
    /// The folder, when it is one of ours.
    pub path: Option<PathBuf>,
}

impl Metadata {
    /// Our own packages.
    pub fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }
}

impl Package {
    /// What ships with it: all dependencies but those of its tests.
    pub fn shipped(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev"))
    }
}

/// Asks Cargo about our own packages only.
pub fn ours(root: &Path) -> Result<Metadata> {
    ask(root, &["--no-deps"])
}

/// Asks Cargo about all packages of the lock file, which must have been fetched.
pub fn all(root: &Path) -> Result<Metadata> {
    ask(root, &[]).context("run `cargo fetch` once, so that the packages of all platforms are here")
}

fn ask(root: &Path, more: &[&str]) -> Result<Metadata> {
    let mut command = Command::new("cargo");
    command.args(["metadata", "--format-version", "1", "--offline"]).args(more).current_dir(root);
    let output = command.output().context("failed to run cargo")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("failed to read the answer of cargo metadata")
}
