//! Places: showing and counting them, finding them by a point, changing the tree, outlines and
//! households. Who works there is `people`.

mod add;
mod atlas;
mod census;
mod check;
mod close;
mod divisions;
mod draw;
mod households;
mod locate;
mod outline;
mod serve;
mod show;
mod tiles;

pub use add::{AddPlaces, AddedPlace, NewPlace, add_places};
pub use atlas::Atlas;
pub use census::{Census, RoleCensus, census};
pub use check::{Flaw, LayerCheck, Spot, check_layer};
pub use close::{ClosePlace, add_alias, close_place, rename};
pub use divisions::{Root, read_divisions};
pub use draw::{DrawnPlace, draw_places};
pub use households::{NewHousehold, RegisterHouseholds, Registered, register_households};
pub use locate::{Located, locate, place_at, point};
pub use serve::{ServicePerson, service_people};
pub use show::{PlaceName, PlaceView, find_places, list_outlines, list_places, show_place};
pub use tiles::{Tile, TileLayer, TileName, Tiles, may_see_tiles};

use crate::{Error, Result, Work};
use model::PlaceId;
use model::access::{Actor, Standing};
use model::territory::Place;

/// A place by code, alias or id; closed ones too, since old codes stay in use on paper.
pub fn find<'w>(work: &'w Work, key: &str) -> Result<&'w Place> {
    let network = &work.shelf.network;
    let by_id = || key.parse().ok().and_then(|id| network.place(id));
    let found = network.place_by_code(key).or_else(by_id);
    found.ok_or_else(|| Error::not_found("place", key))
}

/// Whether the actor's post stands over a place: the system administrator and the program over all.
pub(crate) fn stands_over(work: &Work, place: PlaceId) -> bool {
    let network = &work.shelf.network;
    let Actor::Staff { post, .. } = work.actor else {
        return work.standing() == Standing::System;
    };
    let post = network.post(post);
    let org = post.and_then(|it| it.org).and_then(|it| network.org(it));
    let own = post.and_then(|it| it.place).or(org.map(|it| it.place));
    work.standing() == Standing::SystemAdmin || own.is_some_and(|own| network.within(place, own))
}

/// Refuses a place that the actor's post does not stand over.
pub(crate) fn must_stand_over(work: &Work, place: PlaceId) -> Result<()> {
    if stands_over(work, place) {
        return Ok(());
    }
    Err(Error::rule("other_place", "这个地方不归您的岗位管", "this place is not your post's"))
}
