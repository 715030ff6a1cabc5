//! Why it went there: the same search as `who::resolve` and the same reading of a route, with every
//! place that was looked at on the way. Asked when an owner is recorded, never while deciding.

use super::actions::{matches_place, matches_time, unit};
use super::{World, clock, procedure, state_of, who};
use crate::definition::{At, Pack, Procedure, Route, Who};
use jiff::Timestamp;
use model::cases::{CaseState, Choice, FieldValue, Look, RouteRead, found};
use model::ids::{OrgId, PlaceId, PostId};
use model::network::About;

/// How the owner that an act or an opening gave a case was found; none where it gave none. `before`
/// is the case before it, `action` what was done.
pub fn choice(
    world: &World<'_>,
    before: Option<&CaseState>,
    after: &CaseState,
    action: &str,
) -> Option<Choice> {
    let owner = after.owner?;
    let same = |it: &CaseState| it.owner == Some(owner) && it.dispatches == after.dispatches;
    if before.is_some_and(same) {
        return None;
    }
    let procedure = procedure(world, after).ok()?;
    let who = state_of(procedure, after)?.owner.as_ref()?;
    // `owner` and `@owner` mean whoever had it until now.
    let asked = CaseState { owner: before.and_then(|it| it.owner), ..after.clone() };
    Some(Choice {
        who: who.to_string(),
        at: world.now,
        network: world.network.version,
        looks: looks(world, &asked, who),
        route: read_route(world, procedure, after, action),
    })
}

/// Whether the pack and what was kept still lead to the owner a case got.
pub fn found_again(pack: &Pack, after: &CaseState, kept: &Choice) -> bool {
    let procedure = pack.procedures.get(after.procedure.as_str());
    let who = procedure.and_then(|it| state_of(it, after)?.owner.as_ref());
    who.is_some_and(|it| it.to_string() == kept.who)
        && kept.found() == after.owner
        && kept
            .route
            .as_ref()
            .is_none_or(|it| line_again(pack, procedure, (it, kept.at)) == it.line)
}

pub(super) fn looks(world: &World<'_>, case: &CaseState, who: &Who) -> Vec<Look> {
    let mut looks = match who {
        Who::Asker | Who::Owner | Who::Field(_) => named(world, case, who),
        Who::Role { role, at } => until_found(role_at(world, case, role, at)),
    };
    if found(&looks).is_none() {
        looks.extend(resort(world, case));
    }
    looks
}

/// Looks up to and with the first at which somebody was fit.
fn until_found(all: impl Iterator<Item = Look>) -> Vec<Look> {
    let mut looks = Vec::new();
    for look in all {
        let done = look.found().is_some();
        looks.push(look);
        if done {
            break;
        }
    }
    looks
}

fn named(world: &World<'_>, case: &CaseState, who: &Who) -> Vec<Look> {
    let nobody = About::new();
    let tried = |post: PostId| {
        // Who is named is named for themselves: only the post may not be what the case is about.
        let about = if case.about.contains(&post.0) { &case.about } else { &nobody };
        world.network.tried(post, about, world.today())
    };
    let posts = who::exactly(world, case, who).map(tried).into_iter().collect();
    vec![Look { place: None, org: None, resort: false, posts }]
}

type Looks<'a> = Box<dyn Iterator<Item = Look> + 'a>;

fn role_at<'a>(world: &'a World<'a>, case: &'a CaseState, role: &'a str, at: &'a At) -> Looks<'a> {
    let up = |below| at_places(world, case, (role, below), |_| true);
    match at {
        At::Nearest => up(case.place),
        At::Level(level) => match world.network.level(level) {
            Some(level) => at_places(world, case, (role, case.place), move |it| it <= level),
            None => Box::new(std::iter::empty()),
        },
        At::Kind(kind) => Box::new(
            who::orgs_near(world, case.place, kind)
                .flat_map(move |org| in_org(world, case, role, org))
                .filter(|look| !look.posts.is_empty()),
        ),
        At::Field(_) | At::Owner | At::Asker => match who::seat(world, case, at) {
            Some((org, place)) => {
                let there = org.into_iter().flat_map(move |it| in_org(world, case, role, it));
                Box::new(there.chain(place.into_iter().flat_map(up)))
            }
            None => Box::new(std::iter::empty()),
        },
    }
}

/// A place and all above it whose level fits.
fn at_places<'a>(
    world: &'a World<'a>,
    case: &'a CaseState,
    (role, below): (&'a str, PlaceId),
    fits: impl Fn(usize) -> bool + 'a,
) -> Looks<'a> {
    let places = world.network.up(below).filter(move |it| fits(it.level)).map(|it| it.id);
    Box::new(places.map(move |place| at_place(world, (role, place), &case.about)))
}

fn at_place(world: &World<'_>, (role, place): (&str, PlaceId), about: &About) -> Look {
    let posts = world.network.posts_at(role, place).iter();
    let posts = posts.map(|it| world.network.tried(*it, about, world.today())).collect();
    Look { place: Some(place), org: None, resort: false, posts }
}

/// The posts of an organisation, those first whose place is nearest above the case's.
fn in_org(world: &World<'_>, case: &CaseState, role: &str, org: OrgId) -> Vec<Look> {
    let (network, day) = (world.network, world.today());
    let Some(org) = network.living_org(org, day).map(|it| it.id) else { return Vec::new() };
    let near = network.up(case.place).map(|it| Some(it.id)).chain([None]);
    let look = |place: Option<PlaceId>| {
        let of = |id: &&PostId| network.post(**id).is_some_and(|it| it.place == place);
        let posts = network.posts_in(role, org).iter().filter(of);
        let posts = posts.map(|it| network.tried(*it, &case.about, day)).collect();
        Look { place, org: Some(org), resort: false, posts }
    };
    let mut looks: Vec<Look> = near.map(look).collect();
    looks.retain(|it| !it.posts.is_empty() || it.place.is_none());
    looks
}

/// Whoever holds the pack's `fallback` up the tree, in the end even where the case is about it.
fn resort(world: &World<'_>, case: &CaseState) -> Vec<Look> {
    let role = world.network.fallback().split('@').next().unwrap_or_default();
    let nobody = About::new();
    let both = [&case.about, &nobody].into_iter();
    let all = both.flat_map(|about| {
        let places = world.network.up(case.place);
        places.map(move |it| at_place(world, (role, it.id), about))
    });
    until_found(all.map(|look| Look { resort: true, ..look }))
}

/// How the route of the matter was read, where the act's form is filled from it.
fn read_route(
    world: &World<'_>,
    procedure: &Procedure,
    case: &CaseState,
    action: &str,
) -> Option<RouteRead> {
    let fill = &procedure.actions.get(action)?.fill;
    let (field, _) = fill.iter().find(|(_, path)| *path == "matter.unit")?;
    let matter = clock::matter(world, procedure, case)?;
    let workday = world.calendar.is_workday(world.today());
    let here: Vec<bool> = matter.route.iter().map(|it| matches_place(world, it, case)).collect();
    let line = first_line(&matter.route, &here, (workday, world.now));
    Some(RouteRead {
        matter: case.matter.clone()?.to_string(),
        field: field.clone(),
        workday,
        here,
        line,
        unit: line.and_then(|it| unit(world, matter.route.get(it)?, case)),
    })
}

fn line_again(
    pack: &Pack,
    procedure: Option<&Procedure>,
    (read, at): (&RouteRead, Timestamp),
) -> Option<usize> {
    let catalogue = pack.matters.get(procedure?.matters.as_ref()?)?;
    first_line(&catalogue.get(&read.matter)?.route, &read.here, (read.workday, at))
}

fn first_line(route: &[Route], here: &[bool], (workday, at): (bool, Timestamp)) -> Option<usize> {
    let mut lines = route.iter().zip(here);
    lines.position(|(line, here)| *here && matches_time(line, workday, at))
}

/// Whether the unit that a case was sent to is the one that the rule named.
pub fn as_ruled(after: &CaseState, read: &RouteRead) -> bool {
    match (after.fields.get(read.field.as_str()), read.unit) {
        (Some(FieldValue::Text(named)), Some(unit)) => *named == unit.to_string(),
        _ => false,
    }
}
