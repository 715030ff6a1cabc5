//! `jinlin demo`: a county with invented people, made once into a folder and served from there.

use super::serve::{Outside, bind, until_stopped};
use crate::cli;
use crate::files::Folder;
use crate::keeper::House;
use crate::keys::Keys;
use crate::opened::{How, county};
use crate::rim::SystemChance;
use crate::services;
use anyhow::{Context, Result, bail};
use channels::ConsoleGateway;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use stories::demo::{self, Demo, Order, Progress, Scale, Stage};

pub async fn run(demo: cli::Demo) -> Result<()> {
    if !demo.listen.ip().is_loopback() {
        bail!("a demo listens on loopback only, since anybody can log in to it");
    }
    if !stories::shipped::demo_places().iter().any(|it| it.id == demo.place) {
        let known = stories::shipped::demo_places();
        let known: Vec<&str> = known.iter().map(|it| it.id.as_str()).collect();
        bail!("no demo of `{}`; there are: {}", demo.place, known.join(", "));
    }
    let channels = services::channels(&demo.services)?;
    let listener = if demo.make_only { None } else { Some(bind(demo.listen).await?) };
    let folder = demo.data.clone().unwrap_or_else(|| Path::new("demo-data").join(&demo.place));
    if !folder.join(DATABASE).exists() {
        make(&demo, &folder).await?;
    }
    let how = How { demo: true, ..How::default() };
    let keys = Keys::read(&folder.join(KEY))?;
    let county = county(&text(&folder.join(DATABASE))?, &keys, how).await?;
    let shown = demo::show(&county, &demo.place).await?;
    let Some(listener) = listener else {
        println!("made in {}", folder.display());
        return Ok(());
    };
    print(&shown, listener.local_addr()?, &demo.password);
    let house = House { files: Folder::new(folder.join("files")), backups: folder.join("backups") };
    let mut services = demo.services.clone();
    let here = format!("http://{}", listener.local_addr()?).parse().ok();
    services.public_url = services.public_url.or(here);
    let gateway = channels.gateway.clone().unwrap_or_else(|| Arc::new(ConsoleGateway));
    let sender = services::sender(&services, Some(gateway));
    let outside = Outside { channels, sender, trusted_proxies: Vec::new() };
    until_stopped(county, house, listener, outside).await
}

const DATABASE: &str = "county.db";
const KEY: &str = "county.key";

/// Makes the county aside and moves it into place, so that a half-made one is never served.
async fn make(order: &cli::Demo, folder: &Path) -> Result<()> {
    let part = folder.with_extension("part");
    if part.exists() {
        std::fs::remove_dir_all(&part)?;
    }
    std::fs::create_dir_all(&part).with_context(|| format!("cannot make {}", part.display()))?;
    let keys = Keys::new(&format!("jinlin/demo/{}", order.place), &SystemChance);
    keys.write(&part.join(KEY))?;
    let how = How { demo: true, fast: true, ..How::default() };
    let county = county(&text(&part.join(DATABASE))?, &keys, how).await?;
    let told = Mutex::new(None);
    let progress = |it| tell(&told, it);
    let scale = Scale::TRUE;
    let place = order.place.as_str();
    demo::load(&county, &Order { place, password: &order.password, scale, progress: &progress })
        .await?;
    eprintln!();
    county.db().clone().close().await;
    if folder.exists() {
        std::fs::remove_dir(folder)
            .with_context(|| format!("{} holds files that are no demo county", folder.display()))?;
    }
    std::fs::rename(&part, folder).context("cannot move the new county into place")
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("{} is no text", path.display()))
}

/// Progress on standard error: a line that counts on a terminal, a line a stage elsewhere.
fn tell(told: &Mutex<Option<(Stage, usize)>>, at: Progress) {
    let percent = (at.done * 100).checked_div(at.of).unwrap_or(100);
    let now = Some((at.stage, percent));
    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
    let new_stage = told.is_none_or(|(stage, _)| stage != at.stage);
    if *told == now || (!std::io::stderr().is_terminal() && !new_stage) {
        return;
    }
    let title = match at.stage {
        Stage::Territory => "places and grids",
        Stage::Households => "households",
        Stage::People => "units, posts and people",
        Stage::History => "a year of requests",
        Stage::Index => "the index of their words",
    };
    if new_stage && told.is_some() {
        eprintln!();
    }
    eprint!("\rmaking {title} … {percent} %");
    // Progress that cannot be shown is no reason to stop.
    let _ = std::io::stderr().flush();
    *told = now;
}

fn print(demo: &Demo, at: SocketAddr, password: &str) {
    println!("serving at http://{at}  (OpenAPI document: http://{at}/openapi.json)\n");
    println!("accounts, all with the password `{password}`:");
    for it in &demo.accounts {
        println!("  {:<18} {} {}", it.name, it.of, it.role);
    }
    println!(
        "residents log in by telephone with the code {}, for example {}\n",
        demo.code, demo.phone
    );
    println!("open requests, one in each state:");
    for it in &demo.samples {
        println!("  {}  {:<10} {}", it.number, it.state.1, it.title);
    }
    let phone = &demo.phone;
    let code = &demo.code;
    println!(
        r#"
try the loop (each line is one request; jq is optional):
  A=http://{at}/api/v1
  R=$(curl -s $A/resident-sessions -H 'content-type: application/json' -d '{{"phone":"{phone}","code":"{code}"}}' | sed 's/.*"token":"\([^"]*\)".*/\1/')
  curl -s $A/cases -H "authorization: Bearer $R" -H 'content-type: application/json' -d '{{"procedure":"appeal","matter":"street_lights","title":"路灯不亮","body":"楼下路灯坏了三天","location":{{"lng":117.79,"lat":26.40,"datum":"wgs84"}},"asker":"named"}}'
  D=$(curl -s $A/sessions -H 'content-type: application/json' -d '{{"account":"duty-desk","password":"{password}"}}' | sed 's/.*"token":"\([^"]*\)".*/\1/')
  curl -s "$A/cases?owner=me" -H "authorization: Bearer $D"
  curl -s "$A/rates"
"#
    );
}
