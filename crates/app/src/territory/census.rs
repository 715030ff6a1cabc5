//! The census of a place: places by level, households, posts with their holders and vacancies.

use super::{PlaceName, find};
use crate::people::{role_title, selection_word};
use crate::{Result, Work};
use jiff::civil::Date;
use model::access::Operation;
use model::people::Post;
use model::{OrgId, PlaceId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What there is in a place and all below it today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// The place.
    pub place: PlaceName,
    /// The day it holds for.
    pub on: Date,
    /// Places by level, the place itself among them.
    pub places: BTreeMap<String, i64>,
    /// Households.
    pub households: i64,
    /// The narrowest level that is drawn up here, which coverage is measured by.
    pub innermost: String,
    /// Posts by role, in the pack's order.
    pub roles: Vec<RoleCensus>,
}

/// Posts of one role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCensus {
    /// The role.
    pub role: String,
    /// Its title.
    pub title: String,
    /// Posts.
    pub posts: i64,
    /// Posts that somebody holds, who may be away.
    pub filled: i64,
    /// Posts that nobody holds: the next one up the tree answers.
    pub vacant: i64,
    /// Filled posts by the way in which the principal was found.
    pub by_selection: BTreeMap<String, i64>,
    /// Innermost places with a filled post of their own.
    pub covered: i64,
    /// Units whose posts these are.
    pub units: i64,
}

/// Counts a place.
pub async fn census(tx: &mut Tx, work: &Work, key: &str) -> Result<Census> {
    work.may(Operation::ShowCensus)?;
    let (network, today) = (&work.shelf.network, work.today());
    let place = find(work, key)?;
    let lives = |id: PlaceId| network.within(id, place.id);
    let below = network.places().filter(|it| it.exists_on(today) && lives(it.id));
    let mut places: BTreeMap<usize, i64> = BTreeMap::new();
    below.for_each(|it| *places.entry(it.level).or_default() += 1);
    let innermost = places.keys().next_back().copied().unwrap_or(place.level);
    let level_id =
        |level: usize| network.levels().get(level).map(|it| it.id.clone()).unwrap_or_default();
    Ok(Census {
        place: PlaceName::from_place(work, place),
        on: today,
        households: store::territory::count_households(tx, place.id).await?,
        innermost: level_id(innermost),
        roles: roles(work, place.id, innermost),
        places: places.into_iter().map(|(level, n)| (level_id(level), n)).collect(),
    })
}

/// What is gathered of a role before it is counted.
#[derive(Default)]
struct Tally {
    census: RoleCensus,
    covered: BTreeSet<PlaceId>,
    units: BTreeSet<OrgId>,
}

fn roles(work: &Work, within: PlaceId, innermost: usize) -> Vec<RoleCensus> {
    let (network, today) = (&work.shelf.network, work.today());
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for post in network.posts().filter(|post| exists(post, today)) {
        let org = post.org.and_then(|org| network.org(org));
        let place = post.place.or(org.map(|org| org.place));
        if !place.is_some_and(|place| network.within(place, within)) {
            continue;
        }
        let tally = tallies.entry(&post.role).or_default();
        tally.census.posts += 1;
        let Some(principal) = network.holders(post.id, today).next() else {
            tally.census.vacant += 1;
            continue;
        };
        tally.census.filled += 1;
        let way = selection_word(principal.selection).to_owned();
        *tally.census.by_selection.entry(way).or_default() += 1;
        tally.units.extend(post.org);
        let here =
            post.place.filter(|id| network.place(*id).is_some_and(|it| it.level == innermost));
        tally.covered.extend(here);
    }
    let counted = tallies.into_iter().map(|(role, tally)| RoleCensus {
        role: role.to_owned(),
        title: role_title(work, role),
        covered: count(&tally.covered),
        units: count(&tally.units),
        ..tally.census
    });
    let mut counted: Vec<_> = counted.collect();
    let order = |role: &str| {
        let pack = work.shelf.current.as_ref();
        pack.and_then(|pack| pack.roles.get_index_of(role)).unwrap_or(usize::MAX)
    };
    counted.sort_by_key(|it| order(&it.role));
    counted
}

fn exists(post: &Post, day: Date) -> bool {
    post.from <= day && post.until.is_none_or(|until| day < until)
}

fn count<T>(set: &BTreeSet<T>) -> i64 {
    i64::try_from(set.len()).unwrap_or(i64::MAX)
}
