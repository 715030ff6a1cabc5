//! Running cases go over to another version of the pack: tried first, then done in batches, each by an
//! entry of its own.

use super::carry::{act_of, record_event};
use super::world::{facts, world};
use crate::effects::reason_of;
use crate::method_packs::loaded;
use crate::{County, Error, Result, Work};
use jiff::SignedDuration;
use method::decide::{self, Decision, Form, WhyNot, World};
use method::definition::Pack;
use model::access::{Actor, Operation};
use model::cases::{CaseState, Choice, FieldValue};
use model::journal::{Event, Link, Moved};
use model::{CaseId, PostId};
use rowdb::Tx;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::cases::{Case, CaseFilter, Cursor};

/// So many running cases are tried; a county with more is told that there are more.
const MOST: usize = 20_000;
/// So many of those that cannot go are named.
const NAMED: usize = 200;
/// So many cases of the last month are decided again.
const DECIDED: usize = 2000;
/// So many examples of one difference are named.
const EXAMPLES: usize = 5;
/// So long a month is.
const MONTH: SignedDuration = SignedDuration::from_hours(24 * 30);
/// So many are read at once.
const PAGE: usize = 200;
/// So many go over in one transaction.
const BATCH: usize = 50;

/// What would become of the cases under another version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Running cases by procedure and state.
    pub counts: Vec<TrialCount>,
    /// Those that cannot go, with why; at most two hundred.
    pub cannot: Vec<CannotMove>,
    /// Whether there are more running cases than were tried.
    pub cut: bool,
    /// The cases opened within the last thirty days.
    pub month: MonthTrial,
}

/// Running cases in one state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrialCount {
    /// The procedure and its title.
    pub procedure: (String, String),
    /// The state and its title.
    pub state: (String, String),
    /// How many can go.
    pub can: usize,
    /// How many cannot.
    pub cannot: usize,
}

/// A case that cannot go over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannotMove {
    /// The case.
    pub case: CaseId,
    /// Its number; none of a sensitive one.
    pub number: Option<String>,
    /// Its procedure.
    pub procedure: String,
    /// Its state.
    pub state: String,
    /// Why not.
    pub why: WhyNot,
}

/// What the last month's cases would have got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthTrial {
    /// How many cases were looked at.
    pub cases: usize,
    /// Whether there were more.
    pub cut: bool,
    /// How many states they came into, each with its owner.
    pub owners: usize,
    /// How many of those would be the same.
    pub same: usize,
    /// The others, the most frequent first.
    pub differences: Vec<Difference>,
}

/// Owners that would be others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The procedure and its title.
    pub procedure: (String, String),
    /// The state and its title.
    pub state: (String, String),
    /// Role that got it.
    pub got: String,
    /// Role that would get it; none where the state is gone.
    pub would: Option<String>,
    /// How often.
    pub count: usize,
    /// Some of them.
    pub examples: Vec<Example>,
}

/// A case that would have gone to somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The case.
    pub case: CaseId,
    /// Its number; none of a sensitive one.
    pub number: Option<String>,
    /// Title of the post that got it.
    pub got: String,
    /// Title of the post that would get it.
    pub would: Option<String>,
}

/// Tries a version: which running cases can go over to it (those of version `from`, else of all others),
/// and who would have got the last month's.
pub async fn try_moves(
    tx: &mut Tx,
    work: &Work,
    (hash, from): (&str, Option<&str>),
) -> Result<Trial> {
    work.may(Operation::MoveCases)?;
    let new = loaded(work, hash)?;
    let mut trial = Trial::default();
    let mut counts: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    let mut pages = Pages::running();
    let mut tried = 0;
    while let Some(cases) = pages.next(tx).await? {
        for case in cases.iter().filter(|it| concerned(it, &new, from)) {
            if tried == MOST {
                trial.cut = true;
                break;
            }
            tried += 1;
            let key = (case.state.procedure.to_string(), case.state.state.to_string());
            let (can, cannot) = counts.entry(key).or_default();
            match moved(tx, work, case, &new).await? {
                Ok(_) => *can += 1,
                Err(why) => {
                    *cannot += 1;
                    if trial.cannot.len() < NAMED {
                        trial.cannot.push(refused(case, why));
                    }
                }
            }
        }
        if trial.cut {
            break;
        }
    }
    trial.counts = counts.into_iter().map(|(key, n)| counted(work, &new, key, n)).collect();
    trial.month = month(tx, work, (&new, from)).await?;
    Ok(trial)
}

fn concerned(case: &Case, new: &Pack, from: Option<&str>) -> bool {
    case.state.pack != new.hash && from.is_none_or(|from| case.state.pack == from)
}

fn refused(case: &Case, why: WhyNot) -> CannotMove {
    CannotMove {
        case: case.id,
        number: number(case),
        procedure: case.state.procedure.to_string(),
        state: case.state.state.to_string(),
        why,
    }
}

fn number(case: &Case) -> Option<String> {
    Some(case.number.clone()).filter(|_| !case.sensitive)
}

fn counted(
    work: &Work,
    new: &Pack,
    (procedure, state): (String, String),
    (can, cannot): (usize, usize),
) -> TrialCount {
    let (procedure, state) = titled(work, new, procedure, state);
    TrialCount { procedure, state, can, cannot }
}

/// Ids with their titles in the new version, else in whichever version has them.
fn titled(
    work: &Work,
    new: &Pack,
    procedure: String,
    state: String,
) -> ((String, String), (String, String)) {
    let others = work.shelf.packs.values().map(|it| &**it);
    let all: Vec<_> = [new].into_iter().chain(others).collect();
    let defined = || all.iter().filter_map(|pack| pack.procedures.get(&procedure));
    let title = defined().next().map(|it| it.title.clone()).unwrap_or_default();
    let of_state = defined().find_map(|it| Some(it.states.get(&state)?.title.clone()));
    ((procedure, title), (state, of_state.unwrap_or_default()))
}

/// What going over would do to a case, or why it cannot go.
async fn moved(
    tx: &mut Tx,
    work: &Work,
    case: &Case,
    new: &Pack,
) -> Result<std::result::Result<Decision, WhyNot>> {
    if case.link == Some(Link::Joined) {
        return Ok(Err(WhyNot::Joined));
    }
    let shelf = work.shelf.clone();
    let facts = facts(tx, &shelf, case, &Form::new()).await?;
    let world = world(tx, work, (&shelf, &facts), case).await?;
    Ok(decide::move_case(world.pack, new, &case.state, &world))
}

/// Who would have got the last month's cases. The owner of each state that a case came into is found by
/// the rule that gave it and by the new one, both by today's posts: what differs is the version's doing.
async fn month(tx: &mut Tx, work: &Work, (new, from): (&Pack, Option<&str>)) -> Result<MonthTrial> {
    let since = work.now() - MONTH;
    let mut month = MonthTrial::default();
    let mut found: BTreeMap<[String; 4], Difference> = BTreeMap::new();
    let mut pages = Pages::all();
    'all: while let Some(cases) = pages.next(tx).await? {
        for case in &cases {
            if case.state.opened_at < since {
                break 'all;
            }
            if !concerned(case, new, from) || case.link == Some(Link::Joined) {
                continue;
            }
            if month.cases == DECIDED {
                month.cut = true;
                break 'all;
            }
            month.cases += 1;
            again(tx, work, (case, new), (&mut month, &mut found)).await?;
        }
    }
    month.differences = found.into_values().collect();
    month.differences.sort_by_key(|it| std::cmp::Reverse(it.count));
    Ok(month)
}

/// One case decided again, owner by owner.
async fn again(
    tx: &mut Tx,
    work: &Work,
    (case, new): (&Case, &Pack),
    (month, found): (&mut MonthTrial, &mut BTreeMap<[String; 4], Difference>),
) -> Result<()> {
    let mut memory = serde_json::Value::Null;
    let mut before: Option<CaseState> = None;
    for entry in store::journal::of_case(tx, case.id.0).await? {
        let choice = match &entry.event {
            Event::CaseOpened { opening } => {
                memory = opening.state.clone();
                &opening.choice
            }
            Event::CaseActed { act } | Event::CaseMoved { act, .. } => {
                model::trees::patch(&mut memory, &act.change);
                &act.choice
            }
            _ => continue,
        };
        let after: CaseState = serde_json::from_value(memory.clone()).map_err(Error::internal)?;
        let same = |it: &CaseState| it.state == after.state && it.owner == after.owner;
        if let Some(got) = after.owner.filter(|_| !before.as_ref().is_some_and(same)) {
            let had = before.as_ref().and_then(|it| it.owner);
            let asked = CaseState { owner: had, ..after.clone() };
            month.owners += 1;
            match other_owner(work, new, &asked, choice.as_ref())? {
                None => month.same += 1,
                Some(would) => note(work, (case, &after, new), (got, would), found),
            }
        }
        before = Some(after);
    }
    Ok(())
}

/// The owner that the new version would find, if it is another than the old one finds.
fn other_owner(
    work: &Work,
    new: &Pack,
    asked: &CaseState,
    kept: Option<&Choice>,
) -> Result<Option<Option<PostId>>> {
    let old = work.shelf.pinned(&asked.pack)?;
    let was = work.shelf.world(old, work.now());
    let is = World { pack: new, ..was };
    let by_old = decide::owner_of(&was, asked);
    let by_new = decide::renamed(new, asked).and_then(|mut asked| {
        // Where the rule named the unit, the new rule names it: at the hour it was asked then, since a
        // route may depend on the hour and only what the version changes is to differ.
        let ruled = kept.and_then(|it| Some((it.route.as_ref()?, it.at)));
        if let Some((read, at)) = ruled.filter(|(read, _)| decide::as_ruled(&asked, read)) {
            let then = World { now: at, ..is };
            let unit = new.procedures.get(asked.procedure.as_str());
            let unit = unit.and_then(|it| decide::routed(&then, it, &asked));
            let unit = unit.map(FieldValue::Text);
            asked.fields.extend(unit.map(|it| (read.field.as_str().into(), it)));
        }
        decide::owner_of(&is, &asked)
    });
    Ok((by_old != by_new).then_some(by_new))
}

fn note(
    work: &Work,
    (case, after, new): (&Case, &CaseState, &Pack),
    (got, would): (PostId, Option<PostId>),
    found: &mut BTreeMap<[String; 4], Difference>,
) {
    let role = |post: PostId| work.shelf.network.post(post).map(|it| it.role.clone());
    let title = |post: PostId| crate::people::post_title(work, post);
    let (had, has) = (role(got).unwrap_or_default(), would.and_then(role));
    let key = [
        after.procedure.to_string(),
        after.state.to_string(),
        had.clone(),
        has.clone().unwrap_or_default(),
    ];
    let difference = found.entry(key).or_insert_with(|| {
        let (procedure, state) =
            titled(work, new, after.procedure.to_string(), after.state.to_string());
        Difference { procedure, state, got: had, would: has, count: 0, examples: Vec::new() }
    });
    difference.count += 1;
    if difference.examples.len() < EXAMPLES {
        let (got, would) = (title(got), would.map(title));
        difference.examples.push(Example { case: case.id, number: number(case), got, would });
    }
}

/// Cases page by page, the newest first, those that ended and sensitive ones too.
struct Pages {
    filter: CaseFilter,
    after: Option<Option<Cursor>>,
}

impl Pages {
    fn all() -> Self {
        Self { filter: CaseFilter::new().with_sensitive(), after: Some(None) }
    }

    fn running() -> Self {
        Self { filter: CaseFilter::new().with_sensitive().open(), after: Some(None) }
    }

    /// The next page; none after the last.
    async fn next(&mut self, tx: &mut Tx) -> Result<Option<Vec<Case>>> {
        let Some(after) = self.after else { return Ok(None) };
        let filter = match after {
            Some(cursor) => self.filter.clone().after(cursor),
            None => self.filter.clone(),
        };
        let page = store::cases::page(tx, &filter, PAGE).await?;
        self.after = page.next.map(Some);
        Ok(Some(page.items.into_iter().map(|it| it.case).collect()))
    }
}

/// Which cases are to go over.
#[derive(Clone, Debug)]
pub struct MoveCases {
    /// The version they go over to: the current one.
    pub to: String,
    /// These cases; all that run on another version where none are named.
    pub cases: Option<Vec<CaseId>>,
    /// Why; kept with each entry.
    pub reason: String,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovedCases {
    /// How many went over.
    pub moved: u64,
    /// How many stayed, by the word of why.
    pub stayed: BTreeMap<&'static str, u64>,
}

/// Refuses whoever may not move cases, a version that is not the current one, and a request without a
/// reason, before anything is begun.
pub async fn may_move(_: &mut Tx, work: &Work, wanted: &MoveCases) -> Result<()> {
    work.may(Operation::MoveCases)?;
    loaded(work, &wanted.to)?;
    if work.shelf.pack()?.hash != wanted.to {
        let (zh, en) = ("只能移到正在使用的版本", "cases go over to the current version only");
        return Err(Error::rule("not_current", zh, en));
    }
    reason_of(&wanted.reason).map(drop)
}

/// Moves cases in batches, each case by an entry of its own; `done` is told how many were gone through.
pub async fn move_cases(
    county: &Arc<County>,
    actor: &Actor,
    wanted: &MoveCases,
    done: &(dyn Fn(u64) + Send + Sync),
) -> Result<MovedCases> {
    let ids = match &wanted.cases {
        Some(ids) => ids.clone(),
        None => running(county, actor, &wanted.to).await?,
    };
    let (mut all, mut gone) = (MovedCases::default(), 0);
    for batch in ids.chunks(BATCH) {
        let job = Arc::new((batch.to_vec(), wanted.clone()));
        let part = county.run(actor.clone(), move |tx, mut work| {
            let job = job.clone();
            Box::pin(async move { move_some(tx, &mut work, (&job.0, &job.1)).await })
        });
        let part = part.await?;
        all.moved += part.moved;
        for (why, n) in part.stayed {
            *all.stayed.entry(why).or_default() += n;
        }
        gone += batch.len() as u64;
        done(gone);
    }
    Ok(all)
}

/// Every running case of another version.
async fn running(county: &Arc<County>, actor: &Actor, to: &str) -> Result<Vec<CaseId>> {
    let to = to.to_owned();
    let found = county.look(actor.clone(), move |tx, work| {
        let to = to.clone();
        Box::pin(async move {
            let new = loaded(&work, &to)?;
            let (mut ids, mut pages) = (Vec::new(), Pages::running());
            while let Some(cases) = pages.next(tx).await? {
                let others = cases.iter().filter(|it| concerned(it, &new, None));
                ids.extend(others.map(|it| it.id));
            }
            Ok(ids)
        })
    });
    found.await
}

async fn move_some(
    tx: &mut Tx,
    work: &mut Work,
    (ids, wanted): (&[CaseId], &MoveCases),
) -> Result<MovedCases> {
    may_move(tx, work, wanted).await?;
    let new = loaded(work, &wanted.to)?;
    let reason = reason_of(&wanted.reason)?;
    let mut part = MovedCases::default();
    for id in ids {
        let Some(case) = store::cases::get(tx, *id).await? else {
            *part.stayed.entry("not_found").or_default() += 1;
            continue;
        };
        match moved(tx, work, &case, &new).await? {
            Ok(decision) => {
                record(tx, work, &case, (decision, &reason)).await?;
                part.moved += 1;
            }
            Err(why) => *part.stayed.entry(why.code()).or_default() += 1,
        }
    }
    Ok(part)
}

async fn record(
    tx: &mut Tx,
    work: &mut Work,
    case: &Case,
    (mut decision, reason): (Decision, &str),
) -> Result<()> {
    decision.private.insert("note".to_owned(), reason.to_owned());
    let due = |it: &CaseState| it.clock.as_ref().map(|clock| clock.due_at);
    let moved = Moved {
        from: case.state.pack.to_string(),
        to: decision.state.pack.to_string(),
        state: (case.state.state.to_string(), decision.state.state.to_string()),
        due_at: (due(&case.state), due(&decision.state)),
    };
    let entry = work.draw.entry();
    let act = act_of(work, case, "moved", &decision)?;
    let event = Event::CaseMoved { act, moved };
    let after = record_event(tx, work, case, (entry, event), &decision).await?;
    super::join::follow(tx, work, &after).await
}
