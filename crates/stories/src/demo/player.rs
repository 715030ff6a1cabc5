//! Plays the planned history in time order: requests are opened, acts follow as fast as the stage
//! allows, visits are recorded, and in between the clock does what is due, at the moment it is due.
//! Every act is a use case under a moved clock; what it is refused is an error of the plan.

use super::course::Move;
use super::dice::Dice;
use super::forms;
use super::load::Cast;
use super::pace::{Next, Timing};
use super::requests::{Channel, Request, Requests};
use super::visits::Visit;
use super::{PROCEDURE, Span};
use app::cases::{self, OpenCase};
use app::{Error, Result, Tx, Work};
use jiff::Timestamp;
use model::access::Actor;
use model::cases::Hiding;
use model::journal::Link;
use model::{CaseId, PersonId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use store::cases::Case;

/// What is played.
pub(super) struct Score {
    pub requests: Requests,
    pub visits: Vec<Visit>,
    pub span: Span,
    pub timing: Timing,
    pub cast: Cast,
    pub stars: BTreeMap<String, f64>,
    pub uncontacted: f64,
    pub seed: u64,
}

/// A request that is under way.
#[derive(Clone, Debug)]
pub(super) struct Running {
    case: CaseId,
    /// How many moves of its course are done.
    done: usize,
    /// How many answers were given.
    pub answers: usize,
    /// The child or joined case that the next moves are about.
    pub child: Option<CaseId>,
    joined: Option<CaseId>,
}

/// How far the history is played. A clone plays on from the same point.
#[derive(Clone)]
pub(super) struct Player {
    score: Arc<Score>,
    now: Timestamp,
    opened: usize,
    visited: usize,
    running: HashMap<usize, Running>,
    /// When which request goes on.
    agenda: BTreeSet<(Timestamp, usize)>,
    residents: HashMap<usize, PersonId>,
}

/// What comes next.
enum Cue {
    Open(usize),
    Visit(usize),
    Move(usize),
}

impl Player {
    /// At the beginning.
    pub fn new(score: Arc<Score>) -> Self {
        Self {
            now: score.span.from,
            score,
            opened: 0,
            visited: 0,
            running: HashMap::new(),
            agenda: BTreeSet::new(),
            residents: HashMap::new(),
        }
    }

    /// How much is played: openings and visits, of all.
    pub fn progress(&self) -> (usize, usize) {
        let score = &self.score;
        (self.opened + self.visited, score.requests.requests.len() + score.visits.len())
    }

    /// Plays at most so many cues; false when the history has come to its end.
    pub async fn play(&mut self, tx: &mut Tx, work: &mut Work, most: usize) -> Result<bool> {
        for _ in 0..most {
            let Some((at, cue)) = self.next() else {
                self.ring(tx, work, self.score.span.until).await?;
                return Ok(false);
            };
            self.ring(tx, work, at).await?;
            self.move_to(work, at);
            match cue {
                Cue::Open(n) => self.open(tx, work, n).await?,
                Cue::Visit(n) => self.visit(tx, work, n).await?,
                Cue::Move(n) => self.go_on(tx, work, n).await?,
            }
        }
        Ok(true)
    }

    fn next(&mut self) -> Option<(Timestamp, Cue)> {
        let score = self.score.clone();
        let open = score.requests.requests.get(self.opened).map(|it| it.at);
        let visit = score.visits.get(self.visited).map(|it| it.at);
        let moves = self.agenda.first().map(|(at, _)| *at);
        let earliest = [open, visit, moves].into_iter().flatten().min()?;
        if moves == Some(earliest) {
            let (at, n) = self.agenda.pop_first()?;
            return Some((at, Cue::Move(n)));
        }
        if open == Some(earliest) {
            self.opened += 1;
            return Some((earliest, Cue::Open(self.opened - 1)));
        }
        self.visited += 1;
        Some((earliest, Cue::Visit(self.visited - 1)))
    }

    fn move_to(&mut self, work: &mut Work, at: Timestamp) {
        self.now = self.now.max(at);
        work.draw.now = self.now;
    }

    /// Lets the clock do what is due until an instant, each at its moment.
    async fn ring(&mut self, tx: &mut Tx, work: &mut Work, until: Timestamp) -> Result<()> {
        loop {
            work.draw.now = until;
            let Some(id) = cases::due(tx, work, 1).await?.first().copied() else { return Ok(()) };
            let case = wanted(tx, id).await?;
            let timer = case.state.clock.map_or(until, |clock| clock.timer_at);
            self.move_to(work, timer);
            work.actor = Actor::system("clock");
            if !cases::tick(tx, work, id).await? {
                return Err(wrong(format!("the clock rings for {id} and does nothing")));
            }
        }
    }

    async fn visit(&mut self, tx: &mut Tx, work: &mut Work, n: usize) -> Result<()> {
        let score = self.score.clone();
        let Some(visit) = score.visits.get(n) else { return Ok(()) };
        let post = score.cast.post(&visit.seat);
        let post = post.ok_or_else(|| wrong(format!("nobody is {:?}", visit.seat)))?;
        work.actor = score.cast.staff(work, post)?;
        let request = app::people::NewVisit {
            place: visit.place.clone(),
            kind: visit.kind.clone(),
            day: None,
            people: 1,
        };
        app::people::record_visit(tx, work, &request).await
    }

    async fn open(&mut self, tx: &mut Tx, work: &mut Work, n: usize) -> Result<()> {
        let score = self.score.clone();
        let Some(request) = score.requests.requests.get(n) else { return Ok(()) };
        work.actor = self.opener(tx, work, request).await?;
        let asker = score.requests.askers.get(request.asker);
        let wish = OpenCase {
            procedure: PROCEDURE.to_owned(),
            matter: Some(request.matter.clone()),
            form: forms::opening(request, asker),
            location: request.point.clone(),
            place: Some(request.place.clone()),
            hiding: request.hiding,
            about: Vec::new(),
            source: request.source.clone(),
            channel: forms::channel(request).to_owned(),
        };
        let (case, _) = cases::do_open(tx, work, &wish).await?;
        let running = Running { case: case.id, done: 0, answers: 0, child: None, joined: None };
        self.plan_next(n, running, &case, None);
        Ok(())
    }

    /// Who opens: the resident, nobody known, or whoever takes it down.
    async fn opener(&mut self, tx: &mut Tx, work: &mut Work, request: &Request) -> Result<Actor> {
        let network = work.shelf.network.clone();
        let place = network.place_by_code(&request.place).map(|place| place.id);
        let place = place.ok_or_else(|| wrong(format!("no place {}", request.place)))?;
        let (none, today) = (Default::default(), work.today());
        let post = match request.channel {
            Channel::App if request.hiding == Hiding::Anonymous => return Ok(Actor::Visitor),
            Channel::App => return self.resident(tx, work, request.asker).await,
            Channel::City | Channel::Desk => network.nearest("desk", place, &none, today),
            Channel::GridWorker => network.nearest("grid_worker", place, &none, today),
            Channel::Counter => network
                .level("street")
                .and_then(|street| network.nearest_at("clerk", street, place, &none, today)),
        };
        let post = post.ok_or_else(|| wrong("nobody takes requests down"))?;
        self.score.cast.staff(work, post)
    }

    /// The resident, registered at the first time.
    pub(super) async fn resident(
        &mut self,
        tx: &mut Tx,
        work: &mut Work,
        asker: usize,
    ) -> Result<Actor> {
        if let Some(person) = self.residents.get(&asker) {
            return Ok(Actor::Resident { person: *person });
        }
        let score = self.score.clone();
        let phone = score.requests.askers.get(asker).map_or("", |it| it.phone.as_str());
        work.actor = Actor::system("demo");
        let person = app::access::register_resident(tx, work, phone).await?;
        self.residents.insert(asker, person);
        Ok(Actor::Resident { person })
    }

    /// Plays the next move of a request.
    async fn go_on(&mut self, tx: &mut Tx, work: &mut Work, n: usize) -> Result<()> {
        let score = self.score.clone();
        let Some(request) = score.requests.requests.get(n) else { return Ok(()) };
        let Some(mut running) = self.running.remove(&n) else { return Ok(()) };
        let Some(next) = request.course.get(running.done).copied() else { return Ok(()) };
        let done = self.perform(tx, work, (n, request), next, &mut running).await;
        let (case, child_due) = done.map_err(|error| match error {
            // Whoever runs the command knows how to go on after these.
            Error::NoNumbers { .. } | Error::Stale | Error::Store(_) => error,
            error => wrong(format!("{next:?} of {} at {}: {error}", running.case, work.now())),
        })?;
        running.done += 1;
        self.plan_next(n, running, &case, child_due);
        Ok(())
    }

    /// One move; gives the case after it, and when its child is due.
    async fn perform(
        &mut self,
        tx: &mut Tx,
        work: &mut Work,
        (n, request): (usize, &Request),
        next: Move,
        running: &mut Running,
    ) -> Result<(Case, Option<Timestamp>)> {
        let case = wanted(tx, running.case).await?;
        let mut dice = Dice::of(self.score.seed, "move", n * 64 + running.done);
        let about = match next {
            Move::Grant | Move::Deliver | Move::Accept => running.child,
            Move::JoinedVerdict => running.joined,
            _ => Some(case.id),
        };
        let about = about.ok_or_else(|| wrong("there is no such case"))?;
        work.actor = self.actor(tx, work, (request, &case), next, (&*running, &mut dice)).await?;
        let form = self.form(work, (request, &case), next, (&mut *running, &mut dice));
        let after = if next == Move::Join {
            running.joined = Some(cases::join(tx, work, case.id, &form).await?.id);
            case
        } else {
            let after = cases::do_act(tx, work, (about, None), (next.action(), &form)).await?;
            if about == case.id { after } else { wanted(tx, case.id).await? }
        };
        let child_due = follow(tx, next, &after, running).await?;
        Ok((after, child_due))
    }

    /// Puts the next move of a request on the agenda.
    fn plan_next(&mut self, n: usize, running: Running, case: &Case, child_due: Option<Timestamp>) {
        let score = self.score.clone();
        let Some(request) = score.requests.requests.get(n) else { return };
        let Some(next) = request.course.get(running.done).copied() else { return };
        let mut dice = Dice::of(score.seed, "pace", n * 64 + running.done);
        let after = request.course.len() - running.done - 1;
        let at = score.timing.at(self.now, &Next { case, child_due, next, after }, &mut dice);
        self.agenda.insert((at, n));
        self.running.insert(n, running);
    }

    pub(super) fn cast(&self) -> &Cast {
        &self.score.cast
    }

    pub(super) fn stars(&self) -> &BTreeMap<String, f64> {
        &self.score.stars
    }

    pub(super) fn uncontacted(&self) -> f64 {
        self.score.uncontacted
    }
}

/// Notes the child that a move has opened; says when the child is due that the next move is about.
async fn follow(
    tx: &mut Tx,
    next: Move,
    after: &Case,
    running: &mut Running,
) -> Result<Option<Timestamp>> {
    match next {
        Move::Extend | Move::Shelve | Move::Conclude => {
            running.child = after.state.pending.as_ref().map(|pending| pending.request);
        }
        // A second dispatch asks those again who helped at the first.
        Move::Sign if after.state.children.is_empty() => return Ok(None),
        Move::Enlist | Move::Sign => {
            let children = store::cases::children(tx, after.id).await?;
            let helps = |it: &&Case| it.state.end.is_none() && it.link == Some(Link::Child);
            running.child = children.iter().rfind(helps).map(|it| it.id);
        }
        Move::Deliver => {}
        _ => return Ok(None),
    }
    let child = running.child.ok_or_else(|| wrong("no child was opened"))?;
    Ok(wanted(tx, child).await?.state.clock.map(|clock| clock.due_at))
}

/// A case that must be there.
pub(super) async fn wanted(tx: &mut Tx, id: CaseId) -> Result<Case> {
    let case = store::cases::get(tx, id).await?;
    case.ok_or_else(|| wrong(format!("case {id} is gone")))
}

/// The plan and the county do not fit together.
pub(super) fn wrong(what: impl Into<String>) -> Error {
    Error::Internal(what.into())
}
