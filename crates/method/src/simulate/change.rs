//! What if: one thing of a county changed, everything else as it is.

use super::Setting;
use crate::definition::Limit;
use calendar::Span;
use jiff::civil::Date;
use model::ids::{PersonId, PlaceId, PostId};
use model::network::Network;
use model::people::{Holding, Post};
use model::territory::Place;
use serde::Serialize;
use uuid::Uuid;

/// A change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// So many work at each post of a role, from one queue.
    Staff {
        /// The role.
        role: String,
        /// How many.
        holders: u32,
    },
    /// A state has another limit, whatever the matter says.
    Limit {
        /// The procedure.
        procedure: String,
        /// The state.
        state: String,
        /// The limit.
        limit: Span,
    },
    /// So many cells at the lowest level: some are divided, each part with posts like the whole had.
    Cells {
        /// Below this place, by its code; none = in the whole county.
        place: Option<String>,
        /// How many.
        count: usize,
    },
    /// So many times as much comes from outside.
    Arrivals {
        /// The factor.
        factor: f64,
    },
}

/// Why a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum ChangeFault {
    #[error("nobody holds a post of the role `{role}`; roles held here: {known}")]
    Role { role: String, known: String },
    #[error("`{procedure}.{state}` is no state with a limit of its own in the pack")]
    State { procedure: String, state: String },
    #[error("no place has the code `{code}`")]
    Place { code: String },
    #[error("there are {cells} cells already; dividing gives more, never fewer")]
    Cells { cells: usize },
    #[error("nobody can work at a post where 0 work; from 1 on")]
    Nobody,
    #[error("the factor must be above 0")]
    Factor,
}

impl Setting {
    /// The county with this changed.
    pub fn with(mut self, change: &Change) -> Result<Self, ChangeFault> {
        match change {
            Change::Staff { role, holders } => self.staff(role, *holders)?,
            Change::Limit { procedure, state, limit } => self.limit(procedure, state, *limit)?,
            Change::Cells { place, count } => self.cells(place.as_deref(), *count)?,
            Change::Arrivals { factor } if factor.is_finite() && *factor > 0.0 => {
                self.streams.iter_mut().for_each(|stream| stream.per_day *= factor);
            }
            Change::Arrivals { .. } => return Err(ChangeFault::Factor),
        }
        Ok(self)
    }

    fn staff(&mut self, role: &str, holders: u32) -> Result<(), ChangeFault> {
        if !self.network.posts().any(|post| post.role == role) {
            let mut known: Vec<&str> =
                self.network.posts().map(|post| post.role.as_str()).collect();
            known.sort_unstable();
            known.dedup();
            return Err(ChangeFault::Role { role: role.to_owned(), known: known.join(", ") });
        }
        if holders == 0 {
            return Err(ChangeFault::Nobody);
        }
        self.habits.staff.insert(role.to_owned(), holders);
        Ok(())
    }

    fn limit(&mut self, procedure: &str, id: &str, limit: Span) -> Result<(), ChangeFault> {
        let unknown =
            || ChangeFault::State { procedure: procedure.to_owned(), state: id.to_owned() };
        let known = self.pack.procedures.get_mut(procedure);
        let state = known.and_then(|it| it.states.get_mut(id)).ok_or_else(unknown)?;
        state.limit = match state.limit.take() {
            Some(Limit::Span(_, from) | Limit::Named(_, from)) => Some(Limit::Span(limit, from)),
            _ => return Err(unknown()),
        };
        Ok(())
    }

    /// Divides cells in turn, the first by their codes first, until there are so many.
    fn cells(&mut self, code: Option<&str>, count: usize) -> Result<(), ChangeFault> {
        let place = |code: &str| {
            let unknown = || ChangeFault::Place { code: code.to_owned() };
            self.network.place_by_code(code).map(|place| place.id).ok_or_else(unknown)
        };
        let below = code.map(place).transpose()?;
        let cells = lowest(&self.network, below);
        if cells.is_empty() || count < cells.len() {
            return Err(ChangeFault::Cells { cells: cells.len() });
        }
        for (position, cell) in cells.iter().enumerate() {
            let more = (count - cells.len()) / cells.len()
                + usize::from(position < (count - cells.len()) % cells.len());
            self.divide(cell, more);
        }
        Ok(())
    }

    /// Divides a cell into itself and so many more; what came from it comes from all alike.
    fn divide(&mut self, cell: &Place, more: usize) {
        let share = |weight: f64| weight / (more + 1) as f64;
        let known = self.places.iter_mut().find(|(place, _)| *place == cell.id);
        let weight = known.map_or(0.0, |(_, weight)| {
            *weight = share(*weight);
            *weight
        });
        let mut posts: Vec<Post> =
            self.network.posts().filter(|post| post.place == Some(cell.id)).cloned().collect();
        posts.sort_by_key(|post| post.id);
        for part in 0..more {
            let id = PlaceId(apart(cell.id.0, part));
            let (code, name) = (format!("{}-{}", cell.code, part + 2), cell.name.clone());
            self.network.add_place(Place { id, code, name, ..cell.clone() });
            self.places.push((id, weight));
            for post in &posts {
                self.staff_like(post, (id, part));
            }
        }
    }

    /// A post like another, at another place, held by somebody new where the other is held.
    fn staff_like(&mut self, post: &Post, (place, part): (PlaceId, usize)) {
        let id = PostId(apart(post.id.0, part));
        // Whoever holds it without an end.
        let held = self.network.holders(post.id, Date::MAX).next().cloned();
        self.network.add_post(Post { id, place: Some(place), ..post.clone() });
        if let Some(held) = held {
            let person = PersonId(apart(held.person.0, part));
            self.network.add_holding(Holding { post: id, person, ..held });
        }
    }
}

/// The places of the lowest level that is there, below a place or anywhere, in the order of their codes.
fn lowest(network: &Network, below: Option<PlaceId>) -> Vec<Place> {
    let inside = |place: &&Place| below.is_none_or(|below| network.within(place.id, below));
    let places: Vec<&Place> = network.places().filter(inside).collect();
    let level = places.iter().map(|place| place.level).max();
    let mut cells: Vec<Place> =
        places.into_iter().filter(|place| Some(place.level) == level).cloned().collect();
    cells.sort_by(|a, b| a.code.cmp(&b.code));
    cells
}

/// Another id that is always the same: the first id's with the part in its last bits turned.
fn apart(id: Uuid, part: usize) -> Uuid {
    let turned = (part as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Uuid::from_u128(id.as_u128() ^ turned)
}
