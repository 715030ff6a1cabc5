//! Cases from outside: where, about what, by whom.

use super::dice::Dice;
use super::play::Play;
use super::sample::Sampler;
use super::work::ENTRY;
use crate::decide::{self, Doer, Opening, World};
use crate::definition::{AskerOf, By, Procedure, Who};
use model::cases::{Asker, CaseState, Hiding};
use model::ids::{PlaceId, PostId};
use std::collections::{BTreeMap, BTreeSet};

impl Play<'_> {
    /// A case comes by a stream.
    pub fn arrive(&mut self, stream: usize) {
        let seed = self.seed();
        let (Some(defined), Some((_, came))) =
            (self.setting.streams.get(stream), self.coming.get_mut(stream))
        else {
            return;
        };
        *came += 1;
        let mut dice = Dice::of(seed, &[stream as u64, *came]);
        let places = &self.setting.places;
        let place = dice.weighted(places.iter().map(|(_, weight)| *weight));
        let place = place.and_then(|it| places.get(it)).map(|(place, _)| *place);
        let matter = dice.weighted(defined.matters.iter().map(|(_, weight)| *weight));
        let matter = matter.and_then(|it| defined.matters.get(it)).map(|(id, _)| id.clone());
        let (Some(place), id) = (place, &defined.procedure) else { return };
        match self.opening(id, (place, matter), &mut dice) {
            Some(opening) => self.open(&opening, None, dice),
            None => self.tallies.refused(id, "open", "nobody"),
        }
    }

    /// An opening from outside: by the asker where it may, else by the first post that may.
    fn opening(
        &self,
        id: &str,
        (place, matter): (PlaceId, Option<String>),
        dice: &mut Dice,
    ) -> Option<Opening> {
        let world = self.world(None);
        let procedure = world.pack.procedures.get(id)?;
        let action = procedure.actions.get("open")?;
        let sampler = Sampler {
            world,
            orgs: &self.orgs,
            place,
            matter: matter.as_deref(),
            case: None,
            catalogue: procedure.matters.as_deref(),
        };
        let (asker, by) = self.asker(&world, procedure, (place, dice))?;
        let form = sampler.form(("open", action), dice);
        Some(Opening {
            procedure: id.to_owned(),
            matter,
            place,
            asker,
            by,
            about: BTreeSet::new(),
            parent: None,
            limits: BTreeMap::new(),
            source_due: None,
            form,
            entry: ENTRY,
        })
    }

    fn asker(
        &self,
        world: &World<'_>,
        procedure: &Procedure,
        (place, dice): (PlaceId, &mut Dice),
    ) -> Option<(Asker, Doer)> {
        let by = &procedure.actions.get("open")?.by;
        let own = by.contains(&By::Who(Who::Asker));
        let post = || first_post(world, by, place);
        Some(match procedure.asker {
            AskerOf::Resident => {
                let asker =
                    Asker::Resident { person: Some(dice.id().into()), hiding: Hiding::Named };
                (asker, if own { Doer::Asker } else { Doer::Post(post()?) })
            }
            AskerOf::Unit => {
                let org = *dice.pick(&self.orgs)?;
                (Asker::Unit { org }, if own { Doer::Asker } else { Doer::Clock })
            }
            AskerOf::Post | AskerOf::Parent => {
                let fallback = || world.network.last_resort(place, &BTreeSet::new(), world.today());
                let post = post().or_else(fallback)?;
                (Asker::Post { post }, Doer::Post(post))
            }
            AskerOf::None => (Asker::None, Doer::Clock),
        })
    }
}

/// The first post that one of these means at a place.
fn first_post(world: &World<'_>, by: &[By], place: PlaceId) -> Option<PostId> {
    let blank = CaseState::blank("".into(), place, world.now);
    let who = by.iter().filter_map(|by| match by {
        By::Who(who) => Some(who),
        By::Clock => None,
    });
    who.flat_map(|who| decide::each(world, &blank, who)).next()
}
