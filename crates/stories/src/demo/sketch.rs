//! The demo county as a plan only, to be simulated: its places, posts and requests, nothing stored.

use super::ground::Ground;
use super::names::Registry;
use super::recipe::Book;
use super::staff::{Chair, Staff};
use crate::county::{Builder, Holder, week};
use crate::shipped;
use anyhow::{Context, Result};
use jiff::civil::date;
use method::definition::Pack;
use method::simulate::Stream;
use std::sync::Arc;

/// Adds places, organisations and posts of a pack's demo; gives the requests that come in it.
pub(crate) fn sketch(pack: &Pack, builder: &mut Builder<'_>) -> Result<Stream> {
    let files = shipped::packs(&pack.id).context("the pack is not shipped")?;
    let book = Book::read(Arc::new(pack.clone()), &files, 1)?;
    let from = date(2000, 1, 1);
    let ground = Ground::plan(&book, from)?;
    let mut registry = Registry::new(&book.names, book.recipe.seed);
    let staff = Staff::plan(&book, &ground, &mut registry, from);
    for place in ground.upper.places.iter().chain(&ground.lower.places) {
        let code = place.code.as_deref().unwrap_or_default();
        builder.place(place.parent.as_deref(), &place.level, (code, &place.name));
    }
    for org in &staff.orgs {
        builder.org((&org.code, &org.name), &org.kind, &org.place);
    }
    for Chair { seat, principal, .. } in &staff.chairs {
        let holder = principal.map_or(Holder::Nobody, Holder::Known);
        builder.post(&seat.role, (seat.org.as_deref(), seat.place.as_deref()), holder);
    }
    Ok(requests(&book))
}

/// As many a day as in the demo's months, each matter and each hour as heavy as there.
fn requests(book: &Book) -> Stream {
    let recipe = &book.recipe;
    let mut hours = [0.0; 24];
    for habit in recipe.matters.values() {
        let own = recipe.hours.get(&habit.hours).map_or(&[][..], Vec::as_slice);
        let sum: f64 = own.iter().map(|it| f64::from(*it)).sum();
        for (hour, weight) in hours.iter_mut().zip(own) {
            *hour += f64::from(habit.weight) * f64::from(*weight) / sum;
        }
    }
    let days = f64::from(recipe.months) * 365.0 / 12.0;
    Stream {
        procedure: super::PROCEDURE.to_owned(),
        per_day: recipe.requests.total as f64 / days,
        week: week(&hours),
        matters: recipe.matters.iter().map(|(id, it)| (id.clone(), f64::from(it.weight))).collect(),
    }
}
