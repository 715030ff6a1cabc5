//! WHO: which post it is now, and whether a doer is one of them.

use super::{Doer, Step, World};
use crate::definition::{At, By, Who};
use model::cases::{Asker, CaseState, FieldValue};
use model::ids::{OrgId, PlaceId, PostId};

/// The one post a WHO means for a case today; the fallback when nobody holds it. `None` only in a
/// county without a duty desk.
pub fn resolve(world: &World<'_>, case: &CaseState, who: &Who) -> Option<PostId> {
    let day = world.today();
    exactly(world, case, who)
        .filter(|post| world.network.manned(*post, day) && !case.about.contains(&post.0))
        .or_else(|| world.network.last_resort(case.place, &case.about, day))
}

/// The posts a WHO means, if they are held: each member of a field with several counts.
pub(crate) fn each(world: &World<'_>, case: &CaseState, who: &Who) -> Vec<PostId> {
    match alone(case, who) {
        Some(alone) => alone.iter().filter_map(|case| exactly(world, case, who)).collect(),
        None => exactly(world, case, who).into_iter().collect(),
    }
}

/// Where a WHO rests on a field with several members: the case with each of them alone.
fn alone(case: &CaseState, who: &Who) -> Option<Vec<CaseState>> {
    let (Who::Field(field) | Who::Role { at: At::Field(field), .. }) = who else { return None };
    let Some(FieldValue::List(list)) = case.fields.get(field.as_str()) else { return None };
    let one = |value: &FieldValue| {
        let mut alone = case.clone();
        alone.fields.insert(field.as_str().into(), value.clone());
        alone
    };
    Some(list.iter().map(one).collect())
}

/// Every held post of a role below a place, at the level or kind of organisation that is named.
pub(crate) fn all<'a>(
    world: &'a World<'a>,
    below: PlaceId,
    who: &'a Who,
) -> impl Iterator<Item = PostId> + 'a {
    let (network, day) = (world.network, world.today());
    let fits = move |post: &model::people::Post| {
        let Who::Role { role, at } = who else { return false };
        let place = post.place.or_else(|| network.org(post.org?).map(|it| it.place));
        let level = place.and_then(|it| network.place(it)).map(|it| it.level);
        let there = match at {
            At::Level(at) => network.level(at) == level,
            At::Kind(kind) => {
                post.org.and_then(|it| network.org(it)).is_some_and(|it| it.kind == *kind)
            }
            _ => true,
        };
        post.role == *role && there && place.is_some_and(|it| network.within(it, below))
    };
    let mut posts: Vec<PostId> = network
        .posts()
        .filter(|it| fits(it) && network.manned(it.id, day))
        .map(|it| it.id)
        .collect();
    posts.sort();
    posts.into_iter()
}

/// The post a WHO means, if it is held.
pub(super) fn exactly(world: &World<'_>, case: &CaseState, who: &Who) -> Option<PostId> {
    match who {
        Who::Asker => match case.asker {
            Asker::Post { post } => Some(post),
            _ => None,
        },
        Who::Owner => case.owner,
        Who::Field(field) => post_in(case, field),
        Who::Role { role, at } => role_at(world, case, role, at),
    }
}

fn role_at(world: &World<'_>, case: &CaseState, role: &str, at: &At) -> Option<PostId> {
    let (network, day, about) = (world.network, world.today(), &case.about);
    match at {
        At::Nearest => network.nearest(role, case.place, about, day),
        At::Level(level) => network.nearest_at(role, network.level(level)?, case.place, about, day),
        At::Kind(kind) => orgs_near(world, case.place, kind)
            .find_map(|org| network.at_org(role, org, case.place, about, day)),
        At::Field(_) | At::Owner | At::Asker => {
            let (org, place) = seat(world, case, at)?;
            let there = org.and_then(|org| network.at_org(role, org, case.place, about, day));
            there.or_else(|| network.nearest(role, place?, about, day))
        }
    }
}

/// The organisation or the place that `@field`, `@owner`, `@asker` names.
pub(super) fn seat(
    world: &World<'_>,
    case: &CaseState,
    at: &At,
) -> Option<(Option<OrgId>, Option<PlaceId>)> {
    let of_post = |post: PostId| world.network.post(post).map(|it| (it.org, it.place));
    match at {
        At::Owner => of_post(case.owner?),
        At::Asker => match case.asker {
            Asker::Post { post } => of_post(post),
            Asker::Unit { org } => Some((Some(org), None)),
            _ => None,
        },
        At::Field(field) => match org_in(world, case, field) {
            Some(org) => Some((Some(org), None)),
            None => match place_in(world, case, field) {
                Some(place) => Some((None, Some(place))),
                None => of_post(post_in(case, field)?),
            },
        },
        _ => None,
    }
}

/// Organisations of a kind, the ones of the nearest place first.
pub(super) fn orgs_near<'a>(
    world: &'a World<'_>,
    place: PlaceId,
    kind: &'a str,
) -> impl Iterator<Item = OrgId> + 'a {
    let up: Vec<PlaceId> = world.network.up(place).map(|it| it.id).collect();
    up.into_iter().flat_map(move |place| {
        let mut here: Vec<OrgId> = world
            .network
            .orgs()
            .filter(|org| org.kind == kind && org.place == place)
            .map(|org| org.id)
            .collect();
        here.sort();
        here
    })
}

fn text<'a>(case: &'a CaseState, field: &str) -> Option<&'a str> {
    match case.fields.get(field)? {
        FieldValue::Text(text) => Some(text),
        _ => None,
    }
}

fn post_in(case: &CaseState, field: &str) -> Option<PostId> {
    text(case, field)?.parse().ok()
}

fn place_in(world: &World<'_>, case: &CaseState, field: &str) -> Option<PlaceId> {
    let id = text(case, field)?.parse().ok()?;
    world.network.place(id).map(|place| place.id)
}

fn org_in(world: &World<'_>, case: &CaseState, field: &str) -> Option<OrgId> {
    let id: OrgId = text(case, field)?.parse().ok()?;
    world.network.living_org(id, world.today()).map(|org| org.id)
}

/// Whether a doer is one of those a WHO means.
pub(super) fn is(world: &World<'_>, case: &CaseState, who: &Who, by: Doer) -> bool {
    let post = match by {
        Doer::Asker => return *who == Who::Asker,
        Doer::Post(post) => post,
        Doer::Clock | Doer::Granted { .. } => return false,
    };
    let Some(held) = world.network.post(post) else { return false };
    if case.about.contains(&post.0) || held.org.is_some_and(|org| case.about.contains(&org.0)) {
        return false;
    }
    if let Some(alone) = alone(case, who) {
        return alone.iter().any(|case| is(world, case, who, by));
    }
    match who {
        Who::Asker => match case.asker {
            Asker::Post { post: asker } => asker == post,
            Asker::Unit { org } => held.org == Some(org),
            Asker::Resident { .. } | Asker::None => false,
        },
        Who::Owner => case.owner == Some(post),
        Who::Field(field) => {
            post_in(case, field) == Some(post)
                || (held.org.is_some() && org_in(world, case, field) == held.org)
        }
        Who::Role { role, at } => held.role == *role && stands(world, case, post, at),
    }
}

/// Whether a post is one of those a WHO means where it stands, outside any case: whoever fills a
/// register.
pub fn belongs(world: &World<'_>, who: &Who, post: PostId) -> bool {
    let network = world.network;
    let held = network.post(post);
    let of_org = || network.org(held?.org?).map(|org| org.place);
    let Some(place) = held.and_then(|it| it.place).or_else(of_org) else { return false };
    is(world, &CaseState::blank("".into(), place, world.now), who, Doer::Post(post))
}

/// Whether a post of the right role stands where AT says.
fn stands(world: &World<'_>, case: &CaseState, post: PostId, at: &At) -> bool {
    let network = world.network;
    let Some(held) = network.post(post) else { return false };
    let over = |place: Option<PlaceId>| place.is_some_and(|it| network.within(case.place, it));
    match at {
        At::Nearest => over(held.place) || held.place.is_none(),
        At::Level(level) => {
            let top = held.place.and_then(|it| network.place(it)).map(|it| it.level);
            over(held.place) && network.level(level).is_some_and(|level| top <= Some(level))
        }
        At::Kind(kind) => held.org.and_then(|org| network.org(org)).is_some_and(|org| {
            org.kind == *kind && over(Some(org.place)) && (held.place.is_none() || over(held.place))
        }),
        At::Field(_) | At::Owner | At::Asker => match seat(world, case, at) {
            Some((Some(org), _)) => held.org == Some(org),
            Some((None, Some(place))) => held.place.is_some_and(|mine| network.within(place, mine)),
            _ => false,
        },
    }
}

/// How many different doers an action with `all` waits for: each member of a field with several
/// counts, and each other WHO once.
pub(super) fn parties(step: &Step<'_>, case: &CaseState) -> usize {
    let members = |field: &str| match case.fields.get(field) {
        Some(FieldValue::List(list)) => list.len(),
        Some(_) => 1,
        None => 0,
    };
    let of = |by: &By| match by {
        By::Clock => 0,
        By::Who(Who::Field(field) | Who::Role { at: At::Field(field), .. }) => members(field),
        By::Who(_) => 1,
    };
    step.action.by.iter().map(of).sum()
}
