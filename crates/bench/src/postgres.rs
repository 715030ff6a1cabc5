//! PostgreSQL to measure on: the server that is named, or a throw-away one of our own.

use anyhow::{Context, Result};
use std::sync::atomic::{AtomicU64, Ordering};

/// A server and the schemas made on it.
pub struct Cluster {
    url: String,
    own: Option<rowdb::testing::Cluster>,
    schemas: AtomicU64,
}

impl Cluster {
    /// The server at `url`, else a new one.
    pub fn named_or_own(url: Option<&str>) -> Result<Self> {
        let schemas = AtomicU64::new(1);
        if let Some(url) = url {
            return Ok(Self { url: url.to_owned(), own: None, schemas });
        }
        let own = rowdb::testing::Cluster::start().context("PostgreSQL does not start")?;
        Ok(Self { url: own.url(), own: Some(own), schemas })
    }

    /// The address of a schema where nothing is yet.
    pub fn fresh(&self) -> String {
        let (process, n) = (std::process::id(), self.schemas.fetch_add(1, Ordering::Relaxed));
        let mark = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{mark}schema=bench_{process}_{n}", self.url)
    }

    /// What must be known to read a figure of it.
    pub fn note(&self) -> &'static str {
        match self.own {
            Some(_) => "on a throw-away server, which does not wait for the disk:",
            None => "on the server that was named:",
        }
    }
}
