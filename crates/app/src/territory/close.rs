//! Closing places from a day on, so that history stays where it happened; other names and codes.

use super::add::check_name;
use super::find;
use crate::people::{lasts, not_past};
use crate::{Error, Result, Work};
use jiff::civil::Date;
use model::access::Operation;
use model::journal::Event;
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// A place to be closed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClosePlace {
    /// Its code.
    pub place: String,
    /// First day on which it no longer exists.
    pub until: Date,
}

/// Closes a place from a day on, and with it the posts that are there; what lies in it must have been
/// closed or moved before. Follow with renewal of the open cases.
pub async fn close_place(tx: &mut Tx, work: &mut Work, request: &ClosePlace) -> Result<()> {
    work.may(Operation::ClosePlace)?;
    let shelf = work.shelf.clone();
    let (network, until) = (&shelf.network, request.until);
    let place = find(work, &request.place)?.clone();
    if place.parent.is_none() || !lasts(place.until, until) || until <= place.from {
        return Err(Error::rule("not_open", "这个地点不能撤销", "this place cannot be closed"));
    }
    not_past(work, "until", until)?;
    if network.children(place.id).iter().any(|below| lasts(below.until, until)) {
        let english = "close or move the places in it first";
        return Err(Error::rule("has_places", "请先撤并其下属地点", english));
    }
    let posts = network.posts().filter(|it| it.place == Some(place.id) && lasts(it.until, until));
    let posts: Vec<_> = posts.map(|it| it.id).collect();
    crate::people::keep_desk(work, &posts, until)?;
    for post in posts {
        work.record(tx, post.0, Event::PostEnded { post, until }).await?;
    }
    work.record(tx, place.id.0, Event::PlaceClosed { place: place.id, until }).await?;
    Ok(())
}

/// Gives a place another name.
pub async fn rename(tx: &mut Tx, work: &mut Work, place: &str, name: &str) -> Result<()> {
    work.may(Operation::AddPlace)?;
    check_name(name)
        .map_err(|(field, code, chinese, english)| Error::field(field, code, &chinese, english))?;
    let place = find(work, place)?.id;
    let event = Event::PlaceRenamed { place, name: name.trim().to_owned() };
    work.record(tx, place.0, event).await?;
    Ok(())
}

/// Makes another code lead to a place.
pub async fn add_alias(tx: &mut Tx, work: &mut Work, place: &str, code: &str) -> Result<()> {
    work.may(Operation::AddPlace)?;
    let place = find(work, place)?.id;
    if work.shelf.network.place_by_code(code).is_some() || !(2..=32).contains(&code.len()) {
        return Err(Error::field("code", "taken", "代码不可用", "this code cannot be used"));
    }
    let event = Event::AliasAdded { place, code: code.to_owned() };
    work.record(tx, place.0, event).await?;
    Ok(())
}
