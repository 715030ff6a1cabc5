//! What posts and askers do: who has something to do about a case, what they choose, and when it is done.

use super::book::Way;
use super::desk::{Desk, Task};
use super::habits::Order;
use super::play::Play;
use super::sample::Sampler;
use super::slab::{Case, Event, Ref};
use crate::decide::{self, Command, Doer, World, offers};
use crate::definition::By;
use model::cases::Asker;
use model::ids::{EntryId, PostId};

/// No text lies anywhere: one entry stands for all.
pub(super) const ENTRY: EntryId = EntryId(uuid::Uuid::nil());

impl<'a> Play<'a> {
    /// Lays a case before everybody who has something to do about it and does not know yet.
    pub fn plan(&mut self, at: Ref) {
        let Some(case) = self.cases.get(at) else { return };
        let world = self.world(case.parent.map(|(parent, _)| parent));
        let doers = self.doers(&world, case);
        for doer in doers {
            match doer {
                Doer::Post(post) => self.lay(at, post),
                _ => self.ask(at),
            }
        }
    }

    /// The owner and the asker; where neither can do anything, whoever else can. Of those who must all
    /// agree, each.
    fn doers(&self, world: &World<'a>, case: &Case) -> Vec<Doer> {
        let asker = match case.state.asker {
            Asker::Post { post } => Some(Doer::Post(post)),
            Asker::Resident { .. } | Asker::Unit { .. } => Some(Doer::Asker),
            Asker::None => None,
        };
        let near = case.state.owner.map(Doer::Post).into_iter().chain(asker);
        let able = |doer: &Doer| self.ways(world, case, *doer).next().is_some();
        let mut doers: Vec<Doer> = near.filter(able).collect();
        let stay = self.book.stay(&case.state.procedure, &case.state.state);
        let ways = stay.into_iter().flat_map(|stay| &stay.ways);
        for way in ways {
            if !way.action.all && !doers.is_empty() {
                continue;
            }
            let who = way.action.by.iter().filter_map(|by| match by {
                By::Who(who) => Some(who),
                By::Clock => None,
            });
            let posts = who.flat_map(|who| decide::each(world, &case.state, who));
            let able =
                |post: &PostId| offers(world, &case.state, (way.id, way.action), Doer::Post(*post));
            let other: Vec<PostId> = posts.filter(able).collect();
            let wanted = if way.action.all { other.len() } else { 1 };
            doers.extend(other.into_iter().take(wanted).map(Doer::Post));
        }
        doers.sort_by_key(|doer| match doer {
            Doer::Post(post) => Some(*post),
            _ => None,
        });
        doers.dedup();
        doers.retain(|doer| !case.lies_before(*doer));
        doers
    }

    /// What a doer may do now, with its position among the ways of the state. Nobody is busy with what
    /// leads nowhere alone, and who has asked for an approval waits for it.
    fn ways<'b>(
        &'b self,
        world: &'b World<'a>,
        case: &'b Case,
        by: Doer,
    ) -> impl Iterator<Item = (usize, &'b Way<'a>)> {
        let stay = self.book.stay(&case.state.procedure, &case.state.state);
        let possible = move |way: &&Way<'_>| {
            let pending = way.action.approval.is_some() && case.state.pending.is_some();
            let refused = case.refused.iter().any(|id| id == way.id);
            !pending && !refused && offers(world, &case.state, (way.id, way.action), by)
        };
        let asked = case.state.pending.as_ref().is_some_and(|it| by == Doer::Post(it.by));
        let ways = stay.filter(|_| !asked).map_or(&[][..], |stay| &stay.ways);
        let leads = ways.iter().filter(|way| way.moves).any(|way| possible(&way));
        let all = ways.iter().enumerate().filter(move |_| leads || by == Doer::Asker);
        all.filter(move |(_, way)| possible(way))
    }

    fn lay(&mut self, at: Ref, post: PostId) {
        let (number, now) = (self.events.number(), self.now);
        let Some(position) = self.desk(post) else { return };
        let order = self.setting.habits.order;
        let (Some(case), Some(desk)) =
            (self.cases.get_mut(at), self.desks.get_mut(position as usize))
        else {
            return;
        };
        let due = case.state.clock.as_ref().map_or(now, |clock| clock.due_at);
        let key = if order == Order::Due { due } else { now };
        case.tasks.push((post, position, false));
        desk.lay(key, number, Task { case: at, stay: case.stay, post, since: now });
        self.serve(position);
    }

    /// The desk at which whoever holds a post today works.
    fn desk(&mut self, post: PostId) -> Option<u32> {
        let person = self.setting.network.person(post, calendar::local_date(self.now))?;
        if let Some(desk) = self.desk_of.get(&person) {
            return Some(*desk);
        }
        let role = &self.setting.network.post(post)?.role;
        let habits = &self.setting.habits;
        let servers = habits.staff.get(role).copied().unwrap_or(1);
        let always = habits.round_the_clock.contains(role);
        let position = u32::try_from(self.desks.len()).ok()?;
        self.desks.push(Desk::new(post, servers, always, self.now));
        self.desk_of.insert(person, position);
        Some(position)
    }

    /// Whoever is free at a desk takes up what lies there.
    pub fn serve(&mut self, position: u32) {
        while let Some(desk) = self.desks.get_mut(position as usize) {
            if !desk.is_free() || desk.is_empty() {
                return;
            }
            let opens = desk.opens(&self.setting.calendar, self.now);
            if opens > self.now {
                if !std::mem::replace(&mut desk.sleeps, true) {
                    self.events.add(opens, Event::Opens(position));
                }
                return;
            }
            if let Some(task) = desk.take() {
                self.take_up(position, task);
            }
        }
    }

    /// Chooses what to do, and begins it; what is over or not possible any more is put away.
    fn take_up(&mut self, position: u32, task: Task) {
        let Some(case) = self.cases.get(task.case).filter(|case| case.stay == task.stay) else {
            return;
        };
        let world = self.world(case.parent.map(|(parent, _)| parent));
        let by = Doer::Post(task.post);
        let ways: Vec<(usize, f64)> =
            self.ways(&world, case, by).map(|(n, way)| (n, way.weight)).collect();
        let Some(case) = self.cases.get_mut(task.case) else { return };
        let chosen = case.dice.weighted(ways.iter().map(|(_, weight)| *weight));
        let chosen = chosen.and_then(|chosen| ways.get(chosen)).map(|(n, _)| *n);
        let stay = self.book.stay(&case.state.procedure, &case.state.state);
        let way = chosen.and_then(|n| Some((n, stay?.ways.get(n)?)));
        let Some(desk) = self.desks.get_mut(position as usize) else { return };
        let Some((n, way)) = way else {
            case.tasks.retain(|(post, _, _)| *post != task.post);
            desk.put_away(self.now);
            return;
        };
        case.tasks
            .iter_mut()
            .filter(|(post, _, _)| *post == task.post)
            .for_each(|(_, _, begun)| *begun = true);
        let work = way.time.draw(&mut case.dice);
        let (done, who) = desk.begin(&self.setting.calendar, (self.now, work), task);
        let wait = self.now.duration_since(task.since);
        self.tallies.of(&case.state.procedure).waited(&case.state.state, wait);
        let way = u16::try_from(n).unwrap_or(u16::MAX);
        self.events.add(done, Event::Done { desk: position, who, way });
    }

    /// Somebody is done with a task; if the case has gone on meanwhile, for nothing.
    pub fn done(&mut self, position: u32, who: u32, way: u16) {
        let desk = self.desks.get_mut(position as usize);
        let Some(task) = desk.and_then(|it| it.finish(who)) else { return };
        if let Some(case) = self.cases.get_mut(task.case).filter(|case| case.stay == task.stay) {
            case.tasks.retain(|(post, _, _)| *post != task.post);
            self.act(task.case, usize::from(way), Doer::Post(task.post));
        }
        self.serve(position);
    }

    /// Asks the asker, once in a stay: sometimes the answer is nothing.
    fn ask(&mut self, at: Ref) {
        let Some(case) = self.cases.get_mut(at) else { return };
        case.asked = true;
        let answers = self.setting.habits.asker.draw(&mut case.dice);
        self.events.add(self.now + answers, Event::Asker(at, case.stay));
    }

    /// The asker answers.
    pub fn asked(&mut self, at: Ref, stay: u32) {
        let Some(case) = self.cases.get(at).filter(|case| case.stay == stay) else { return };
        let world = self.world(case.parent.map(|(parent, _)| parent));
        let ways: Vec<(usize, f64)> =
            self.ways(&world, case, Doer::Asker).map(|(n, way)| (n, way.weight)).collect();
        let nothing = (1.0 - ways.iter().map(|(_, weight)| weight).sum::<f64>()).max(0.0);
        let Some(case) = self.cases.get_mut(at) else { return };
        let weights = ways.iter().map(|(_, weight)| *weight).chain([nothing]);
        let chosen = case.dice.weighted(weights).and_then(|chosen| ways.get(chosen));
        match chosen {
            Some((way, _)) => self.act(at, *way, Doer::Asker),
            None => self.forget(at),
        }
    }

    /// Does what was chosen.
    fn act(&mut self, at: Ref, way: usize, by: Doer) {
        let Some(case) = self.cases.get_mut(at) else { return };
        let stay = self.book.stay(&case.state.procedure, &case.state.state);
        let Some((id, action)) = stay.and_then(|it| it.ways.get(way)).map(|it| (it.id, it.action))
        else {
            return;
        };
        let mut dice = case.dice.apart();
        let Some(case) = self.cases.get(at) else { return };
        let world = self.world(case.parent.map(|(parent, _)| parent));
        let procedure = world.pack.procedures.get(case.state.procedure.as_str());
        let sampler = Sampler {
            world,
            orgs: &self.orgs,
            place: case.state.place,
            matter: case.state.matter.as_deref(),
            case: Some(&case.state),
            catalogue: procedure.and_then(|it| it.matters.as_deref()),
        };
        let form = sampler.form((id, action), &mut dice);
        let command = Command { action: id.to_owned(), by, form, entry: ENTRY };
        self.tallies.decisions += 1;
        match decide::decide(&world, &case.state, &command) {
            Ok(decision) => self.carry(at, decision),
            Err(refusal) => {
                self.tallies.refused(&case.state.procedure, id, refusal.code());
                if let Some(case) = self.cases.get_mut(at) {
                    case.refused.push(id.to_owned());
                }
                self.plan(at);
            }
        }
    }
}
