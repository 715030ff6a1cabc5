//! The county that is measured on: founded through the use cases with the general pack, the ground of
//! `ground`, units, posts and an account at the duty desk. It holds nobody's data.

use crate::ground::{Ground, ROOT, Scale, repository};
use crate::rim::{Seeds, SystemClock};
use anyhow::{Context, Result};
use app::access::NewAccount;
use app::access::password::Hashing;
use app::foundation::Foundation;
use app::method_packs::{PackFiles, check_pack};
use app::people::{
    Appoint, NewOrg, NewPerson, NewPost, add_orgs, add_people, appoint, create_posts,
};
use app::territory::{DrawnPlace, draw_places, place_at};
use app::{BoxFuture, County, Error, Setup, Tx, Work};
use geogrid::LngLat;
use method::definition::Pack;
use method::read::{Files, Loaded};
use model::access::Actor;
use model::people::Selection;
use model::territory::Point;
use model::{PersonId, PlaceId, PostId};
use rowdb::Options;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The pack that belongs to no county.
const PACK: &str = "base";
/// The county's key and pepper; it keeps no secret.
const KEY: [u8; 32] = [42; 32];
/// Origin line of its log.
const ORIGIN: &str = "jinlin.bench/county";
/// The account that sees the whole county.
pub const DESK: &str = "bench-desk";
/// Its password.
pub const PASSWORD: &str = "Bench-2026-county";
/// Things made in one command.
const CHUNK: usize = 200;

/// Opens a county, founded or not.
pub async fn open(url: &str, options: Options) -> Result<Arc<County>> {
    let setup = Setup {
        clock: Arc::new(SystemClock),
        chance: Arc::new(Seeds::new()),
        origin: ORIGIN.to_owned(),
        seal_key: Some(KEY),
        pepper: KEY,
        // Residents log in with `000000`.
        hashing: Hashing::SAFE,
        demo: true,
    };
    County::open(url, options, setup).await.with_context(|| format!("cannot open {url}"))
}

/// Closes a county, so that its file can be copied or opened by another process.
pub async fn close(county: Arc<County>) {
    county.db().clone().close().await;
}

/// Founds a county at a scale.
pub async fn found(county: &Arc<County>, scale: Scale) -> Result<()> {
    let ground = Ground::plan(scale)?;
    let pack = pack()?;
    let units = units(pack.pack.as_ref().context("the pack is not sound")?);
    let named = |level: &str| -> Vec<String> {
        let places = ground.places.iter().filter(|it| it.level == level);
        places.filter_map(|it| it.code.clone()).collect()
    };
    let (communities, grids) = (named("community"), named("grid"));
    let first = county.found(Foundation { pack, places: ground.places }).await.map_err(told)?;
    draw(county, ground.drawings).await?;
    add_units(county, &units).await?;
    let at = |role: &str, place: &String| NewPost {
        role: role.to_owned(),
        place: Some(place.clone()),
        ..NewPost::default()
    };
    let of = |role: &str, org: &String| NewPost {
        role: role.to_owned(),
        org: Some(org.clone()),
        ..NewPost::default()
    };
    let root = ROOT.to_owned();
    let mut posts: Vec<NewPost> =
        ["dispatcher", "supervisor", "leader"].iter().map(|it| at(it, &root)).collect();
    posts.extend(units.iter().flat_map(|unit| [of("clerk", unit), of("head", unit)]));
    posts.extend(communities.iter().chain(&grids).map(|place| at("grid_worker", place)));
    man(county, posts).await?;
    let desk = first.iter().find(|it| it.name == "desk").context("nobody is at the desk")?;
    open_account(county, DESK, deputy(county, desk.post).await?).await
}

/// A deputy at the desk, with a password of our own: the principal's works once.
async fn deputy(county: &Arc<County>, post: PostId) -> Result<PersonId> {
    let added = county.run(Actor::system("bench"), move |tx, mut work| {
        Box::pin(async move {
            let new = NewPerson { name: "值班".to_owned(), phone: None };
            let people = add_people(tx, &mut work, &[new]).await?;
            for person in people.iter().copied() {
                let selection = Selection::Appointed;
                let request = Appoint { post, person, rank: 1, selection, from: None, until: None };
                appoint(tx, &mut work, &request).await?;
            }
            Ok(people)
        })
    });
    added.await.map_err(told)?.first().copied().context("nobody was added")
}

/// The general pack as the repository has it.
pub fn pack() -> Result<Loaded> {
    let mut files = Files::new();
    let folder = repository().join("packs").join(PACK);
    read_folder(&folder, &folder, &mut files)?;
    Ok(check_pack(PACK, &PackFiles::from([(PACK.to_owned(), files)]))?)
}

fn read_folder(root: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    for file in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = file?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// The narrowest places that hold these points.
pub async fn places_of(county: &Arc<County>, points: &[LngLat]) -> Result<Vec<PlaceId>> {
    let point = |it: &LngLat| Point {
        lng_e7: it.lng_e7(),
        lat_e7: it.lat_e7(),
        datum: "cgcs2000".to_owned(),
    };
    let points: Arc<[Point]> = points.iter().map(point).collect();
    run(county, move |tx, work| {
        let points = points.clone();
        Box::pin(async move {
            let mut places = Vec::new();
            for point in points.iter() {
                places.extend(place_at(tx, &work, point).await?);
            }
            Ok(places)
        })
    })
    .await
}

/// Codes of the units to which the pack's matters go.
fn units(pack: &Pack) -> Vec<String> {
    let routes = pack.matters.values().flat_map(|it| it.values()).flat_map(|it| &it.route);
    let named: BTreeSet<&str> =
        routes.map(|it| it.unit.as_str()).filter(|unit| !unit.contains('@')).collect();
    named.into_iter().map(str::to_owned).collect()
}

/// Runs a use case as the program.
async fn run<T, F>(county: &Arc<County>, f: F) -> Result<T>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a mut Tx, Work) -> BoxFuture<'a, Result<T, Error>> + Send + Sync + 'static,
{
    county.run(Actor::system("bench"), f).await.map_err(told)
}

/// An error with all the problems it tells of.
fn told(error: Error) -> anyhow::Error {
    match &error {
        Error::Invalid(problems) => anyhow::anyhow!("{error}: {problems:?}"),
        _ => error.into(),
    }
}

async fn draw(county: &Arc<County>, drawings: Vec<DrawnPlace>) -> Result<()> {
    for chunk in drawings.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        run(county, move |tx, mut work| {
            let chunk = chunk.clone();
            Box::pin(async move { draw_places(tx, &mut work, &chunk).await })
        })
        .await?;
    }
    Ok(())
}

async fn add_units(county: &Arc<County>, units: &[String]) -> Result<()> {
    let org = |code: &String| NewOrg {
        code: code.clone(),
        name: code.clone(),
        kind: "department".to_owned(),
        place: ROOT.to_owned(),
        from: None,
    };
    let orgs: Vec<NewOrg> = units.iter().map(org).collect();
    run(county, move |tx, mut work| {
        let orgs = orgs.clone();
        Box::pin(async move { add_orgs(tx, &mut work, &orgs).await })
    })
    .await?;
    Ok(())
}

/// Creates posts and appoints an invented person to each.
async fn man(county: &Arc<County>, posts: Vec<NewPost>) -> Result<()> {
    let mut made = Vec::new();
    for (chunk, first) in posts.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
        let chunk = chunk.to_vec();
        made.extend(
            run(county, move |tx, mut work| {
                let chunk = chunk.clone();
                Box::pin(async move { create(tx, &mut work, (chunk, first)).await })
            })
            .await?,
        );
    }
    for chunk in made.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        run(county, move |tx, mut work| {
            let chunk = chunk.clone();
            Box::pin(async move { seat(tx, &mut work, &chunk).await })
        })
        .await?;
    }
    Ok(())
}

async fn create(
    tx: &mut Tx,
    work: &mut Work,
    (posts, first): (Vec<NewPost>, usize),
) -> Result<Vec<(PostId, PersonId)>, Error> {
    let people = (first..).take(posts.len());
    let people: Vec<NewPerson> =
        people.map(|n| NewPerson { name: format!("甲{n}"), phone: None }).collect();
    let posts = create_posts(tx, work, &posts).await?;
    Ok(posts.into_iter().zip(add_people(tx, work, &people).await?).collect())
}

async fn seat(tx: &mut Tx, work: &mut Work, seats: &[(PostId, PersonId)]) -> Result<(), Error> {
    for (post, person) in seats.iter().copied() {
        let selection = Selection::Appointed;
        let request = Appoint { post, person, rank: 0, selection, from: None, until: None };
        appoint(tx, work, &request).await?;
    }
    Ok(())
}

async fn open_account(county: &Arc<County>, name: &str, person: PersonId) -> Result<()> {
    let account = NewAccount {
        person,
        name: name.to_owned(),
        password: PASSWORD.to_owned(),
        must_change: false,
    };
    county.open_account(Actor::system("bench"), None, account).await.map_err(told)?;
    Ok(())
}
