//! The cases that are open, and those events that are still to come.

use super::dice::Dice;
use crate::decide::Doer;
use jiff::Timestamp;
use model::cases::CaseState;
use model::ids::{CaseId, PostId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A case by its place here; one that is gone is not mistaken for the next that lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ref {
    slot: u32,
    generation: u32,
}

/// A case.
pub(super) struct Case {
    pub id: CaseId,
    pub state: CaseState,
    pub dice: Dice,
    /// What opened it, and whether that waits for it.
    pub parent: Option<(Ref, bool)>,
    pub children: Vec<Ref>,
    /// Counts stays, so that what was begun in an earlier one is known to be over.
    pub stay: u32,
    /// What was laid before posts in this stay and is not done; and whether it was begun.
    pub tasks: Vec<(PostId, u32, bool)>,
    /// Whether the asker was asked in this stay.
    pub asked: bool,
    /// Actions that were refused on submission in this stay.
    pub refused: Vec<String>,
    /// The timer that is set.
    pub timer: Option<Timestamp>,
    pub late: bool,
}

#[derive(Default)]
struct Slot {
    generation: u32,
    case: Option<Box<Case>>,
}

/// Cases, open or soon to be reopened.
#[derive(Default)]
pub(super) struct Cases {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

impl Cases {
    pub fn add(&mut self, case: Case) -> Ref {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        let Some(place) = self.slots.get_mut(slot as usize) else {
            return Ref { slot, generation: u32::MAX };
        };
        place.case = Some(Box::new(case));
        Ref { slot, generation: place.generation }
    }

    pub fn get(&self, at: Ref) -> Option<&Case> {
        let slot = self.slots.get(at.slot as usize)?;
        slot.case.as_deref().filter(|_| slot.generation == at.generation)
    }

    pub fn get_mut(&mut self, at: Ref) -> Option<&mut Case> {
        let slot = self.slots.get_mut(at.slot as usize)?;
        slot.case.as_deref_mut().filter(|_| slot.generation == at.generation)
    }

    pub fn remove(&mut self, at: Ref) -> Option<Case> {
        let slot = self.slots.get_mut(at.slot as usize)?;
        if slot.generation != at.generation {
            return None;
        }
        let case = slot.case.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(at.slot);
        Some(*case)
    }

    pub fn all(&self) -> impl Iterator<Item = &Case> {
        self.slots.iter().filter_map(|slot| slot.case.as_deref())
    }
}

/// Something that will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// A case comes from outside, by a stream.
    Arrival(usize),
    /// Nothing comes from outside any more.
    Rest,
    /// Somebody at a desk is done: the way chosen of the state's.
    Done { desk: u32, who: u32, way: u16 },
    /// A desk's office opens.
    Opens(u32),
    /// A case's clock rings.
    Timer(Ref),
    /// The asker answers in this stay.
    Asker(Ref, u32),
    /// A meeting of a case was held: the gathering by its position in the pack.
    Held(Ref, u32),
}

/// What is to come, in order; of two at one instant what was planned first.
#[derive(Default)]
pub(super) struct Events {
    heap: BinaryHeap<Reverse<(Timestamp, u64, Event)>>,
    number: u64,
}

impl Events {
    /// A number greater than all before.
    pub fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    pub fn add(&mut self, at: Timestamp, event: Event) {
        let number = self.number();
        self.heap.push(Reverse((at, number, event)));
    }

    pub fn next(&mut self) -> Option<(Timestamp, Event)> {
        self.heap.pop().map(|Reverse((at, _, event))| (at, event))
    }
}

impl Case {
    pub fn new(id: CaseId, state: CaseState, dice: Dice, parent: Option<(Ref, bool)>) -> Self {
        Self {
            id,
            state,
            dice,
            parent,
            children: Vec::new(),
            stay: 0,
            tasks: Vec::new(),
            asked: false,
            refused: Vec::new(),
            timer: None,
            late: false,
        }
    }

    /// Forgets what belonged to the stay that is over; gives what still lay before posts.
    pub fn leave(&mut self) -> Vec<u32> {
        self.stay += 1;
        self.asked = false;
        self.refused.clear();
        let laid = std::mem::take(&mut self.tasks);
        laid.into_iter().filter(|(_, _, begun)| !begun).map(|(_, desk, _)| desk).collect()
    }

    /// Whether something lies before this post already.
    pub fn lies_before(&self, doer: Doer) -> bool {
        match doer {
            Doer::Post(post) => self.tasks.iter().any(|(at, _, _)| *at == post),
            _ => self.asked,
        }
    }
}
