//! A demo county made smaller, on both engines: its figures are what the program computes from what
//! was done, every ended request ended honestly, and the journal verifies.

use anyhow::{Context, Result, ensure};
use app::access::password::Hashing;
use app::cases::ListCases;
use app::people::VisitQuery;
use app::territory::{LayerCheck, RoleCensus};
use app::{County, Period, Setup};
use jiff::Timestamp;
use model::access::Actor;
use model::cases::{CaseState, End};
use model::{Chance, Clock};
use rowdb::{Options, Synchronous};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use store::cases::Case;
use stories::demo::{Demo, Order, Scale};
use stories::shipped;

struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Chance that the history must not depend on.
struct Seed(u8, AtomicU8);

impl Chance for Seed {
    fn seed(&self) -> [u8; 32] {
        let mut seed = [self.0; 32];
        seed[0] = self.1.fetch_add(1, Ordering::Relaxed);
        seed
    }
}

async fn county(url: &str, chance: u8) -> Result<Arc<County>> {
    let setup = Setup {
        clock: Arc::new(At("2026-11-20T09:00:00+08:00".parse()?)),
        chance: Arc::new(Seed(chance, AtomicU8::new(0))),
        origin: "jinlin.test/demo".to_owned(),
        seal_key: Some([7; 32]),
        pepper: [7; 32],
        hashing: Hashing::LEAST,
        demo: true,
    };
    let options = Options { synchronous: Synchronous::Off, ..Options::default() };
    Ok(County::open(url, options, setup).await?)
}

fn place() -> String {
    shipped::demo_places().remove(0).id
}

async fn load(county: &Arc<County>, factor: usize) -> Result<Demo> {
    let (place, scale) = (place(), Scale::smaller(factor));
    let order = Order { place: &place, password: "a demo password", scale, progress: &|_| {} };
    stories::demo::load(county, &order).await
}

/// What `demo.toml` says under these keys.
fn recipe(keys: &[&str]) -> toml::Value {
    let files = shipped::packs(&place()).unwrap();
    let text = files.into_iter().find(|(path, _)| path == "demo.toml").unwrap().1;
    let root: toml::Value = toml::from_str(&text).unwrap();
    keys.iter().fold(root, |value, key| value[*key].clone())
}

macro_rules! look {
    ($county:expr, $tx:ident, $work:ident, $do:expr) => {
        look!($county, $tx, $work, [], $do)
    };
    ($county:expr, $tx:ident, $work:ident, [$($held:ident),*], $do:expr) => {{
        $(let $held = $held.clone();)*
        $county
            .look(Actor::system("test"), move |$tx, mut $work| {
                $(let $held = $held.clone();)*
                Box::pin(async move {
                    let _ = &mut $work;
                    Ok($do)
                })
            })
            .await?
    }};
}

#[tokio::test]
async fn a_small_demo_has_its_figures_and_verifies_on_both_engines() -> Result<()> {
    for place in rowdb::testing::places() {
        println!("on {:?}", place.engine);
        let county = county(&place.url, 1).await?;
        let demo = load(&county, 50).await?;
        let cases = all_requests(&county).await?;
        figures(&county, &cases).await?;
        cases.iter().try_for_each(ended_honestly)?;
        one_network(&county).await?;
        people(&county).await?;
        texts_differ(&county, &cases).await?;
        tried(&county, &demo).await?;
        let folder = tempfile::tempdir()?;
        let scratch = format!("sqlite:{}", folder.path().join("scratch.db").display());
        let report = app::journal::verify(&county, &scratch, &mut |_| {}).await?;
        ensure!(report.is_clean(), "{:#?}", report.differences.first());
        county.db().clone().close().await;
    }
    Ok(())
}

async fn all_requests(county: &Arc<County>) -> Result<Vec<Case>> {
    let (mut cases, mut after) = (Vec::new(), None);
    loop {
        let wanted = ListCases {
            procedure: Some("appeal".to_owned()),
            limit: Some(200),
            after: after.take(),
            ..ListCases::default()
        };
        let (page, next) = county
            .look(Actor::system("test"), move |tx, mut work| {
                let wanted = wanted.clone();
                Box::pin(async move {
                    let listed = app::cases::list(tx, &mut work, &wanted).await?;
                    let mut page = Vec::new();
                    for line in &listed.items {
                        page.extend(store::cases::get(tx, line.id).await?);
                    }
                    Ok((page, listed.next))
                })
            })
            .await?;
        cases.extend(page);
        after = next;
        if after.is_none() {
            return Ok(cases);
        }
    }
}

/// The closed rate, how many are open in which state, and that shares are not lost.
async fn figures(county: &Arc<County>, cases: &[Case]) -> Result<()> {
    let closed = recipe(&["requests", "closed"]).as_integer().context("closed")?;
    let closed = (closed + 49) / 50;
    let rates = look!(county, tx, work, {
        let root = app::oversight::place_of(&work, None)?;
        app::oversight::rates(tx, &mut work, (root, Period::ALL)).await?
    });
    let rate = rates.rates["closed"];
    assert_eq!((rate.numerator, rate.denominator), (Some(closed), Some(closed + 20)));
    assert_eq!(rate.excluded, Some(0));
    for (name, least) in
        [("on_time", 9_000), ("solved", 9_000), ("satisfied", 9_000), ("response", 9_000)]
    {
        let rate = rates.rates[name].basis_points.unwrap();
        assert!((least..=10_000).contains(&rate), "{name}: {rate}");
    }
    let mut open: BTreeMap<&str, i64> = BTreeMap::new();
    let asked = cases.iter().filter(|it| it.link.is_none() && it.state.end.is_none());
    asked.for_each(|it| *open.entry(&it.state.state).or_default() += 1);
    for (state, n) in recipe(&["requests", "open"]).as_table().unwrap() {
        assert_eq!(open.get(state.as_str()).copied(), n.as_integer(), "{state}");
    }
    assert_eq!(open.values().sum::<i64>(), 20);
    let rung = |it: &&Case| it.state.clock.as_ref().is_some_and(|clock| clock.rung > 0);
    let late = cases.iter().filter(|it| it.state.state == "handling").filter(rung).count();
    let overdue = recipe(&["requests", "overdue"]).as_integer().context("overdue")?;
    assert!(i64::try_from(late)? >= overdue, "{late} are overdue");
    let done = |action: &str| cases.iter().filter(|it| it.state.count(action).case > 0).count();
    for action in ["answer_now", "verify", "return", "sign", "approve", "urge", "rework"] {
        assert!(done(action) > 0, "no request with {action}");
    }
    Ok(())
}

/// Promise 2: solved by the asker's word, or one of the ends that count as not solved.
fn ended_honestly(case: &Case) -> Result<()> {
    let CaseState { end: Some(end), .. } = &case.state else { return Ok(()) };
    let said = case.state.verdict.map(|verdict| verdict.solved);
    let honest = match end {
        End::Solved => said == Some(true),
        End::Unreached => {
            case.state.count("attempt").stay == 3 || case.state.count("attempt").case >= 3
        }
        End::Unsolved => said == Some(false) && case.state.count("conclude").case == 1,
        _ => false,
    };
    ensure!(honest, "{} ended {end:?} after {:?}", case.number, case.state.counts);
    ensure!(case.state.owner.is_none() && case.state.clock.is_none(), "{}", case.number);
    Ok(())
}

async fn one_network(county: &Arc<County>) -> Result<()> {
    let root = recipe(&["root"]).as_str().context("root")?.to_owned();
    let street =
        recipe(&["territory", "gridded"])[0]["street"].as_str().context("street")?.to_owned();
    let clean =
        |it: &LayerCheck| it.overlaps.is_empty() && it.outside.is_empty() && it.undrawn.is_empty();
    let (whole, grids, cells) = look!(county, tx, work, [street, root], {
        let check = app::territory::check_layer;
        let first = format!("{street}001");
        (
            check(tx, &work, &root, "community").await?,
            check(tx, &work, &first, "grid").await?,
            check(tx, &work, &first, "micro_grid").await?,
        )
    });
    for layer in [whole, grids, cells] {
        assert!(clean(&layer) && layer.gaps.is_empty() && layer.cells > 0, "{layer:?}");
    }
    Ok(())
}

async fn people(county: &Arc<County>) -> Result<()> {
    let root = recipe(&["root"]).as_str().context("root")?.to_owned();
    let census = look!(county, tx, work, [root], app::territory::census(tx, &work, &root).await?);
    let (grids, cells) = (census.places["grid"], census.places["micro_grid"]);
    assert!(grids >= 17 && cells >= 2 * grids, "{grids} grids, {cells} micro-grids");
    assert_eq!(census.households, (49_000 + 49) / 50);
    let role = |id: &str| census.roles.iter().find(|it| it.role == id).unwrap();
    let RoleCensus { posts, filled, vacant, .. } = role("micro_grid_leader");
    assert_eq!((*posts, *filled, *vacant), (cells, cells - 1, 1));
    assert_eq!(role("micro_grid_leader").by_selection.len(), 4);
    let cadre = role("cadre");
    assert_eq!((cadre.posts, cadre.filled, cadre.covered), (cells, cells, cells));
    assert_eq!(cadre.units, cells, "so small a county has a unit for each");
    let all = VisitQuery {
        place: census.place.code.clone(),
        from: "2000-01-01".parse()?,
        until: "2100-01-01".parse()?,
    };
    let visits = county.look(Actor::system("test"), move |tx, work| {
        let all = all.clone();
        Box::pin(async move { app::people::count_visits(tx, &work, &all).await })
    });
    let visits: i64 = visits.await?.iter().map(|it| it.visits).sum();
    let total = recipe(&["visits", "total"]).as_integer().context("visits")?;
    assert_eq!(visits, (total + 49) / 50);
    Ok(())
}

/// No two requests say the same within thirty days, and none is empty.
async fn texts_differ(county: &Arc<County>, cases: &[Case]) -> Result<()> {
    let openings: Vec<_> = cases.iter().map(|it| (it.entry, it.state.opened_at)).collect();
    let texts = county.look(Actor::system("test"), move |tx, _| {
        let openings = openings.clone();
        Box::pin(async move {
            let mut texts = Vec::new();
            for (entry, at) in openings {
                let body = store::journal::private_value(tx, entry, "body").await?;
                texts.push((body.unwrap_or_default(), at));
            }
            Ok(texts)
        })
    });
    let mut last: HashMap<String, Timestamp> = HashMap::new();
    for (text, at) in texts.await? {
        ensure!(text.chars().count() > 8, "`{text}`");
        if let Some(other) = last.insert(text.clone(), at) {
            let days = at.duration_since(other).as_hours().abs() / 24;
            ensure!(days >= 30, "`{text}` twice within {days} days");
        }
    }
    Ok(())
}

/// What the demo prints is there.
async fn tried(county: &Arc<County>, demo: &Demo) -> Result<()> {
    let wanted = [
        "duty-desk",
        "dispatcher",
        "grid-worker",
        "urban-management",
        "supervisor",
        "organisation",
        "system-admin",
        "security-admin",
        "audit-admin",
    ];
    let names: BTreeSet<&str> = demo.accounts.iter().map(|it| it.name.as_str()).collect();
    assert!(wanted.iter().all(|it| names.contains(it)), "{names:?}");
    for name in wanted {
        let log_in = app::access::LogIn {
            account: name.to_owned(),
            password: "a demo password".to_owned(),
            totp: None,
            address: std::net::Ipv4Addr::LOCALHOST.into(),
        };
        county.log_in(log_in).await.with_context(|| name.to_owned())?;
    }
    assert_eq!(demo.samples.len(), 9, "{:?}", demo.samples);
    assert_eq!(stories::demo::show(county, &place()).await?, *demo);
    Ok(())
}

#[tokio::test]
async fn the_same_county_comes_of_the_same_now_whatever_the_countys_own_chance() -> Result<()> {
    let mut roots = BTreeSet::new();
    for chance in [1, 2] {
        let place = rowdb::testing::sqlite();
        let county = county(&place.url, chance).await?;
        load(&county, 200).await?;
        let note = look!(county, tx, work, app::journal::checkpoint(tx, &mut work).await?);
        roots.insert(format!("{note:?}"));
        county.db().clone().close().await;
    }
    assert_eq!(roots.len(), 1);
    Ok(())
}
