//! The run itself: events one after the other.

use super::book::Book;
use super::desk::Desk;
use super::dice::Dice;
use super::outcome::{Outcome, PostOutcome, RoleOutcome, Tallies};
use super::slab::{Case, Cases, Event, Events, Ref};
use super::{Extent, Run, Setting};
use crate::decide::{NO_FACTS, World};
use jiff::{SignedDuration, Timestamp};
use model::ids::{OrgId, PersonId};
use model::network::Network;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A run that lasts.
pub(super) struct Play<'a> {
    pub setting: &'a Setting,
    pub book: Book<'a>,
    pub now: Timestamp,
    pub events: Events,
    pub cases: Cases,
    pub desks: Vec<Desk>,
    pub desk_of: FxHashMap<PersonId, u32>,
    pub tallies: Tallies,
    /// Organisations with somebody in them.
    pub orgs: Vec<OrgId>,
    /// Chance of what comes, by stream, and how much has come.
    pub coming: Vec<(Dice, u64)>,
    run: &'a Run,
    came: u64,
    /// When the last came, and what the posts had done by then.
    rested: Option<(Timestamp, Vec<PostOutcome>)>,
}

impl<'a> Play<'a> {
    pub fn new(setting: &'a Setting, run: &'a Run) -> Self {
        let streams = 0..setting.streams.len();
        Self {
            setting,
            book: Book::new(&setting.pack, &setting.habits),
            now: run.from,
            events: Events::default(),
            cases: Cases::default(),
            desks: Vec::new(),
            desk_of: FxHashMap::default(),
            tallies: Tallies::default(),
            orgs: manned_orgs(&setting.network, run.from),
            coming: streams.map(|n| (Dice::of(run.seed, &[n as u64]), 0)).collect(),
            run,
            came: 0,
            rested: None,
        }
    }

    /// The world at this instant, for a case with that parent.
    pub fn world(&self, parent: Option<Ref>) -> World<'a> {
        let clock = |case: &Case| case.state.clock.as_ref().map(|clock| clock.due_at);
        World {
            pack: &self.setting.pack,
            network: &self.setting.network,
            calendar: &self.setting.calendar,
            now: self.now,
            parent_due: parent.and_then(|it| self.cases.get(it)).and_then(clock),
            facts: &NO_FACTS,
        }
    }

    pub fn seed(&self) -> u64 {
        self.run.seed
    }

    pub fn run(mut self) -> Outcome {
        if let Extent::Days(days) = self.run.extent {
            self.events.add(self.run.from + day(days), Event::Rest);
        }
        (0..self.setting.streams.len()).for_each(|stream| self.expect(stream));
        while let Some((at, event)) = self.events.next() {
            if self.until().is_some_and(|until| at > until) {
                break;
            }
            self.now = at;
            self.happen(event);
        }
        self.close()
    }

    /// When the run is broken off, once that is known.
    fn until(&self) -> Option<Timestamp> {
        self.rested.as_ref().map(|(last, _)| *last + day(self.run.grace))
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrival(stream) if self.rested.is_none() => {
                self.arrive(stream);
                self.came += 1;
                if self.run.extent == Extent::Cases(self.came) {
                    self.rest();
                }
                self.expect(stream);
            }
            Event::Arrival(_) => {}
            Event::Rest => self.rest(),
            Event::Done { desk, who, way } => self.done(desk, who, way),
            Event::Opens(desk) => {
                if let Some(desk) = self.desks.get_mut(desk as usize) {
                    desk.sleeps = false;
                }
                self.serve(desk);
            }
            Event::Timer(case) => self.ring(case),
            Event::Asker(case, stay) => self.asked(case, stay),
            Event::Held(case, gathering) => self.held(case, gathering),
        }
    }

    /// Nothing comes any more: load and queues are measured until here.
    fn rest(&mut self) {
        let (calendar, span) = (&self.setting.calendar, (self.run.from, self.now));
        let network = &self.setting.network;
        let close = |desk: &mut Desk| desk.close(calendar, network, span);
        let mut posts: Vec<PostOutcome> = self.desks.iter_mut().map(close).collect();
        posts.sort_by(|a, b| b.load.total_cmp(&a.load).then(a.post.cmp(&b.post)));
        self.rested = Some((self.now, posts));
    }

    /// Plans the next case of a stream: where its hours come to as much as was thrown.
    fn expect(&mut self, stream: usize) {
        let (Some(defined), Some((dice, _))) =
            (self.setting.streams.get(stream), self.coming.get_mut(stream))
        else {
            return;
        };
        if self.rested.is_some() || defined.per_day <= 0.0 {
            return;
        }
        let at = defined.next(self.now, dice.exponential());
        self.events.add(at, Event::Arrival(stream));
    }

    fn close(mut self) -> Outcome {
        let (last, posts) = self.rested.take().unwrap_or((self.now, Vec::new()));
        let until = last + day(self.run.grace);
        for case in self.cases.all().filter(|case| case.state.end.is_none()) {
            let tally = self.tallies.of(&case.state.procedure);
            tally.outcome.open += 1;
            let promise = case.state.promise.as_ref().filter(|_| case.state.answered_at.is_none());
            let missed = promise.is_some_and(|promise| promise.at < until);
            tally.outcome.late += u64::from(missed && !case.late);
        }
        Outcome {
            seed: self.run.seed,
            from: self.run.from,
            last,
            until,
            roles: roles(&self.setting.network, &posts, self.run.from),
            posts,
            refusals: self.tallies.refusals(),
            decisions: self.tallies.decisions,
            procedures: self.tallies.outcomes(),
        }
    }
}

fn day(n: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(n))
}

/// Organisations with a post that is held, in the order of their ids.
fn manned_orgs(network: &Network, at: Timestamp) -> Vec<OrgId> {
    let day = calendar::local_date(at);
    let held = network.posts().filter(|post| network.manned(post.id, day));
    let mut orgs: Vec<OrgId> = held.filter_map(|post| post.org).collect();
    orgs.sort();
    orgs.dedup();
    orgs
}

/// What the posts of each role had to do.
fn roles(network: &Network, posts: &[PostOutcome], at: Timestamp) -> BTreeMap<String, RoleOutcome> {
    let mut roles: BTreeMap<String, RoleOutcome> = BTreeMap::new();
    for post in posts {
        let role = roles.entry(post.role.clone()).or_default();
        role.worked += 1;
        role.load += post.load;
        role.most_load = role.most_load.max(post.load);
        role.queue += post.queue.mean;
        role.longest = role.longest.max(post.queue.most);
    }
    let day = calendar::local_date(at);
    for post in network.posts().filter(|post| network.manned(post.id, day)) {
        if let Some(role) = roles.get_mut(&post.role) {
            role.posts += 1;
        }
    }
    roles.values_mut().for_each(|role| role.load /= role.worked as f64);
    roles
}
