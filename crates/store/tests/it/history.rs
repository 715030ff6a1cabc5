//! Invented histories of a county, drawn step by step: what is recorded, and what each case must be
//! in the end. Also sealing, as the program does it.

use crate::world::*;
use jiff::{SignedDuration, Timestamp};
use model::cases::{CaseState, Count, End, FieldValue, Promise, StageClock, Verdict};
use model::journal::{Event, Link, Opening};
use model::trees::diff;
use model::{CaseId, PlaceId};
use proptest::prelude::*;
use rowdb::Tx;
use serde_json::{Value, json};
use store::journal::Draft;
use store::tallies::Sums;
use uuid::Uuid;

pub const GRID: PlaceId = PlaceId(Uuid::from_u128(0xA4));

/// Where cases happen, each with the place at each level.
pub const PATHS: [&[Option<PlaceId>]; 5] = [
    &[Some(COUNTY), Some(STREET), Some(VILLAGE), Some(GRID)],
    &[Some(COUNTY), Some(STREET), Some(VILLAGE)],
    &[Some(COUNTY), Some(STREET), Some(OTHER_VILLAGE)],
    &[Some(COUNTY), Some(STREET)],
    &[Some(COUNTY), None, Some(OTHER_VILLAGE)],
];

/// A case as it must be in the end.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: CaseId,
    pub entry: model::EntryId,
    pub revision: i64,
    pub procedure: &'static str,
    pub sensitive: bool,
    pub path: Vec<Option<PlaceId>>,
    pub link: Option<(CaseId, Link)>,
    pub state: CaseState,
    pub title: bool,
}

/// What was recorded, and what must have come of it.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub drafts: Vec<Draft>,
    pub cases: Vec<Known>,
}

/// A step: what, with which case, how.
pub type Step = (u8, u8, u8);

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0u8..16, any::<u8>(), any::<u8>()), 0..40)
}

impl History {
    /// The county, and all that these steps make happen in it.
    pub fn of(steps: &[Step]) -> Self {
        let mut history = Self { drafts: county(), cases: Vec::new() };
        history.drafts.push(draft(20, place(GRID, Some(VILLAGE), 3, "350405001201001")));
        for (n, step) in steps.iter().enumerate() {
            history.step(n as i64, *step);
        }
        history
    }

    fn step(&mut self, n: i64, (what, which, how): Step) {
        let which = usize::from(which) % self.cases.len().max(1);
        let Some(case) = self.cases.get(which).cloned().filter(|_| what > 3) else {
            return self.open(n, how);
        };
        match what {
            4 => self.unjoin(n, which),
            5 => self.erase(n, which),
            6 => self.relocate(n, which, PATHS[usize::from(how) % PATHS.len()]),
            _ => {
                let after = changed(case.state, moment(n), what, how);
                self.act(n, which, after, None);
            }
        }
    }

    fn open(&mut self, n: i64, how: u8) {
        let path = PATHS[usize::from(how) % PATHS.len()].to_vec();
        let first = self.cases.first().map(|it| it.id);
        let link = match how % 7 {
            0 => Some(Link::Joined),
            1 => Some(Link::Child),
            2 => Some(Link::Link),
            _ => None,
        };
        let known = Known {
            id: CaseId(Uuid::from_u128(0x5_0000 + (n * 7919 % 1000) as u128 * 1000 + n as u128)),
            entry: entry(1000 + n),
            revision: 1,
            procedure: ["appeal", "whistle"][usize::from(how % 2)],
            sensitive: how.is_multiple_of(6),
            link: first.zip(link),
            state: first_state(n, how, &path),
            path,
            title: true,
        };
        self.drafts.push(opening(n, &known));
        self.cases.push(known);
    }

    fn act(&mut self, n: i64, which: usize, after: CaseState, path: Option<Vec<Option<PlaceId>>>) {
        let known = &mut self.cases[which];
        known.revision += 1;
        let change = diff(&value(&known.state), &value(&after)).unwrap_or_else(|| json!({}));
        let mut acted = acted(1000 + n, known.id, known.revision, &change);
        acted.at = moment(n);
        if let (Event::CaseActed { act }, Some(path)) = (&mut acted.event, &path) {
            act.path = Some(path.clone());
        }
        known.path = path.unwrap_or_else(|| known.path.clone());
        known.state = after;
        self.drafts.push(acted);
    }

    fn relocate(&mut self, n: i64, which: usize, path: &[Option<PlaceId>]) {
        let mut after = self.cases[which].state.clone();
        after.place = path.last().copied().flatten().unwrap();
        self.act(n, which, after, Some(path.to_vec()));
    }

    fn unjoin(&mut self, n: i64, which: usize) {
        let known = &mut self.cases[which];
        let Some((from, Link::Joined)) = known.link else { return };
        known.link = None;
        known.revision += 1;
        let unjoined = draft(1000 + n, Event::CaseUnjoined { case: known.id, from });
        self.drafts.push(about(unjoined, known.id, known.revision));
    }

    fn erase(&mut self, n: i64, which: usize) {
        let known = &mut self.cases[which];
        known.title = false;
        let values = vec![(known.entry, "title".to_owned())];
        let reason = "asked by the person".to_owned();
        self.drafts
            .push(draft(1000 + n, Event::Erased { person: None, values, files: vec![], reason }));
    }
}

/// The `n`-th step's instant: some share one, and years pass.
pub fn moment(n: i64) -> Timestamp {
    at(0) + SignedDuration::from_hours(n / 3 * 24 * 17)
}

fn first_state(n: i64, how: u8, path: &[Option<PlaceId>]) -> CaseState {
    let mut first = state(n);
    first.opened_at = moment(n);
    first.since = moment(n);
    first.procedure = ["appeal", "whistle"][usize::from(how % 2)].into();
    first.matter = (!how.is_multiple_of(4)).then(|| format!("matter{}", how % 4).into());
    first.place = path.last().copied().flatten().unwrap();
    first.clock = clock(n, how);
    first.owner = Some([DESK, LEADER][usize::from(how / 2 % 2)]);
    if how.is_multiple_of(5) {
        first.about = [BUREAU.0].into();
    }
    if how.is_multiple_of(3) {
        first.asker = model::cases::Asker::None;
    }
    first
}

fn clock(n: i64, how: u8) -> Option<StageClock> {
    let due_at = moment(n) + SignedDuration::from_hours(i64::from(how % 5) * 24);
    Some(StageClock { due_at, running: true, estimated: false, timer_at: due_at, rung: 0 })
}

fn changed(mut state: CaseState, now: Timestamp, what: u8, how: u8) -> CaseState {
    match what {
        7 => {
            let end = End::ALL[usize::from(how) % End::ALL.len()];
            state.end = Some(end);
            // Imported cases end nobody knows when.
            state.ended_at = (end != End::Imported).then_some(now);
            state.state = "closed".into();
            (state.owner, state.clock) = (None, None);
        }
        8 => {
            (state.end, state.ended_at) = (None, None);
            (state.owner, state.clock) = (Some(LEADER), clock(0, how));
            state.state = "handling".into();
        }
        9 => {
            let matter = || format!("matter{}", how % 4).into();
            state.matter = (!how.is_multiple_of(4)).then(matter);
        }
        10 => {
            let unit = FieldValue::Text([OFFICE, BUREAU][usize::from(how % 2)].to_string());
            state.fields.insert("unit".into(), unit);
            state.dispatches += 1;
        }
        11 => state.promise = Some(Promise { at: now, since: now, estimated: false }),
        12 => state.answered_at = Some(now),
        13 => state.contacted = Some(how.is_multiple_of(2)),
        14 => {
            let action = ["urge", "return", "supervise"][usize::from(how) % 3];
            let Count { case, stay } = state.count(action);
            state.counts.insert(action.into(), Count { case: case + 1, stay: stay + 1 });
        }
        _ => {
            let stars = (!how.is_multiple_of(3)).then_some(how % 5 + 1);
            state.verdict = Some(Verdict { at: now, solved: how.is_multiple_of(2), stars });
        }
    }
    state
}

fn value(state: &CaseState) -> Value {
    serde_json::to_value(state).unwrap()
}

fn opening(n: i64, known: &Known) -> Draft {
    let mut draft = opened(1000 + n, known.id, known.link);
    draft.at = moment(n);
    if let Event::CaseOpened { opening } = &mut draft.event {
        let Opening { path, sensitive, state, .. } = opening;
        (*path, *sensitive, *state) = (known.path.clone(), known.sensitive, value(&known.state));
    }
    draft
}

/// Seals what waits as the program does, with records that are only marks.
pub async fn seal_all(tx: &mut Tx) -> store::Result<()> {
    let mut sums = Sums::default();
    let size = store::seal::size(tx).await?;
    for (waiting, position) in store::seal::waiting(tx, 10_000).await?.into_iter().zip(size..) {
        store::seal::insert(tx, [(position, waiting.entry, vec![position as u8; 32])]).await?;
        waiting.counts.iter().for_each(|counts| sums.add(counts));
        store::seal::done(tx, &[waiting.n]).await?;
    }
    sums.apply(tx).await
}

/// Records a history and seals it, in several groups as life has it.
pub async fn live(tx: &mut Tx, history: &History) -> store::Result<()> {
    for (n, draft) in history.drafts.iter().enumerate() {
        store::journal::record(tx, draft.clone()).await?;
        if n % 5 == 0 {
            seal_all(tx).await?;
        }
    }
    seal_all(tx).await
}

/// A history long enough that everything happens in it.
pub fn long() -> History {
    let mut seed = 7u64;
    let mut dice = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u8
    };
    let steps: Vec<Step> = (0..400).map(|_| (dice() % 16, dice(), dice())).collect();
    History::of(&steps)
}
