//! Places as they are shown: names, ancestors, children, outlines.

use super::{find, outline};
use crate::words::Words;
use crate::{Result, Work};
use jiff::civil::Date;
use model::PlaceId;
use model::access::Operation;
use model::territory::Place;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a place is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceName {
    /// Stable id.
    pub id: PlaceId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Id of its level in the pack.
    pub level: String,
}

/// A place with what surrounds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceView {
    /// Itself.
    #[serde(flatten)]
    pub name: PlaceName,
    /// Chinese name of its level.
    pub level_title: String,
    /// First day on which it exists.
    pub from: Date,
    /// First day on which it no longer exists.
    pub until: Option<Date>,
    /// What contains it, the widest first.
    pub ancestors: Vec<PlaceName>,
    /// How many places lie directly in it today.
    pub children: usize,
}

impl PlaceName {
    /// The name of a place that there is.
    pub fn of(work: &Work, id: PlaceId) -> Option<Self> {
        work.shelf.network.place(id).map(|place| Self::from_place(work, place))
    }

    pub(super) fn from_place(work: &Work, place: &Place) -> Self {
        let level = work.shelf.network.levels().get(place.level);
        Self {
            id: place.id,
            code: place.code.clone(),
            name: place.name.clone(),
            level: level.map(|it| it.id.clone()).unwrap_or_default(),
        }
    }
}

/// A place by code, alias or id.
pub async fn show_place(_: &mut Tx, work: &Work, key: &str) -> Result<PlaceView> {
    work.may(Operation::ShowPlace)?;
    Ok(view(work, find(work, key)?))
}

/// The places that lie directly in a place today, in the order of their codes; the root for none.
pub async fn list_places(_: &mut Tx, work: &Work, parent: Option<&str>) -> Result<Vec<PlaceView>> {
    work.may(Operation::ListPlaces)?;
    let Some(parent) = parent else {
        return Ok(work.shelf.network.root().map(|root| view(work, root)).into_iter().collect());
    };
    let parent = find(work, parent)?.id;
    Ok(living(work, parent).map(|place| view(work, place)).collect())
}

/// Places of today by words of name, code or alias, the widest first, then by code; within a place if
/// one is named.
pub async fn find_places(
    _: &mut Tx,
    work: &Work,
    (words, within): (&str, Option<&str>),
    limit: usize,
) -> Result<Vec<PlaceView>> {
    work.may(Operation::ListPlaces)?;
    let within = within.map(|key| find(work, key)).transpose()?.map(|it| it.id);
    let (words, network, today) = (Words::of(Some(words)), &work.shelf.network, work.today());
    let fits = |(code, place): &(&str, &Place)| words.fit([*code, place.name.as_str()]);
    let here = |place: &&Place| {
        place.exists_on(today) && within.is_none_or(|it| network.within(place.id, it))
    };
    let mut found: Vec<&Place> = network.codes().filter(fits).map(|it| it.1).filter(here).collect();
    found.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
    found.dedup_by_key(|place| place.id);
    Ok(found.into_iter().take(limit.clamp(1, 200)).map(|place| view(work, place)).collect())
}

/// Outlines, as GeoJSON geometries in CGCS2000, of the places directly in a place today.
pub async fn list_outlines(
    tx: &mut Tx,
    work: &Work,
    parent: &str,
) -> Result<Vec<(PlaceName, Value)>> {
    work.may(Operation::ListPlaces)?;
    let parent = find(work, parent)?;
    let drawn = work.atlas.drawn(tx, work).await?;
    let outlined = living(work, parent.id).filter_map(|place| {
        drawn.shape(place.id).map(|shape| (PlaceName::from_place(work, place), shape))
    });
    outlined.map(|(name, shape)| Ok((name, outline::to_geojson(shape)?))).collect()
}

fn living(work: &Work, parent: PlaceId) -> impl Iterator<Item = &Place> {
    let today = work.today();
    let below = work.shelf.network.children(parent).into_iter();
    below.filter(move |place| place.exists_on(today))
}

fn view(work: &Work, place: &Place) -> PlaceView {
    let network = &work.shelf.network;
    let mut ancestors: Vec<_> =
        network.up(place.id).skip(1).map(|it| PlaceName::from_place(work, it)).collect();
    ancestors.reverse();
    let level = work.shelf.current.as_ref().and_then(|it| it.levels.get(place.level));
    PlaceView {
        name: PlaceName::from_place(work, place),
        level_title: level.map(|it| it.title.clone()).unwrap_or_default(),
        from: place.from,
        until: place.until,
        ancestors,
        children: living(work, place.id).count(),
    }
}
