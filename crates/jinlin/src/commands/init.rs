//! `jinlin init`: a county or a city, made from a pack and a list of divisions.

use super::pack;
use crate::cli::Init;
use crate::keys::Keys;
use crate::opened::{How, county, key_file};
use crate::rim::{SystemChance, SystemClock};
use anyhow::{Context, Result};
use app::foundation::{FirstAccount, Foundation};
use app::territory::{Root, read_divisions};
use model::Clock;

pub async fn run(init: Init) -> Result<()> {
    let divisions = std::fs::read(&init.divisions)
        .with_context(|| format!("cannot read {}", init.divisions.display()))?;
    let from = calendar::local_date(SystemClock.now());
    let root = Root { code: init.root.clone(), name: init.name.clone(), from };
    let places = read_divisions(&divisions, &root).map_err(told)?;
    let pack = pack::sound(&init.pack)?;
    let path = key_file(&init.database);
    let keys = if path.exists() {
        Keys::read(&path)?
    } else {
        let keys = Keys::new(&format!("jinlin/{}", init.root), &SystemChance);
        keys.write(&path)?;
        keys
    };
    let county = county(&init.database.database, &keys, How::default()).await?;
    let n_places = places.len();
    let accounts = county.found(Foundation { pack, places }).await.map_err(told)?;
    if init.json {
        println!("{}", serde_json::to_string_pretty(&json(&accounts, n_places))?);
    } else {
        println!("{n_places} places. The key lies in {}: keep a copy elsewhere.", path.display());
        println!("First accounts; each password works once and must then be changed:");
        for it in &accounts {
            println!("  {:<16} {:<20} {}", it.name, it.password, it.role);
        }
    }
    county.db().clone().close().await;
    Ok(())
}

fn json(accounts: &[FirstAccount], places: usize) -> serde_json::Value {
    let account = |it: &FirstAccount| serde_json::json!({ "name": it.name, "password": it.password, "role": it.role });
    serde_json::json!({ "places": places, "accounts": accounts.iter().map(account).collect::<Vec<_>>() })
}

/// All problems of a refused request, a line each.
pub fn told(error: app::Error) -> anyhow::Error {
    let app::Error::Invalid(problems) = &error else { return error.into() };
    let lines: Vec<String> =
        problems.iter().take(20).map(|it| format!("  {}: {}", it.field, it.english)).collect();
    anyhow::anyhow!("{} problems:\n{}", problems.len(), lines.join("\n"))
}
