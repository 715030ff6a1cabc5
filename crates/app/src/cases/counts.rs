//! How many open cases a list holds: by state, by colour, and how many wait. They are counted by the
//! database as far as it can tell; only those that may have turned yellow, or that not everybody who
//! stands over their place may see, are read.

use super::scope::{ListCases, Scope, end_of, scopes};
use super::urgency::{Reader, Urgency, urgency};
use crate::{Error, Result, Work};
use calendar::Colour;
use jiff::Timestamp;
use method::definition::{Pack, Procedure, State};
use model::access::{Actor, Operation};
use model::cases::CaseState;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::cases::{CaseFilter, Due, Group, Order};

/// So many cases are read one by one at most.
const READ: usize = 20_000;

/// How many open cases a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All of them.
    pub total: i64,
    /// By state, in the order of the pack.
    pub states: Vec<StateCount>,
    /// With time enough.
    pub green: i64,
    /// In the last working day or quarter.
    pub yellow: i64,
    /// Overdue.
    pub red: i64,
    /// Whose clock stands.
    pub waiting: i64,
}

/// How many cases are in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateCount {
    /// The procedure and its title.
    pub procedure: (String, String),
    /// The state and its title, as in the list.
    pub state: (String, String),
    /// How many.
    pub count: i64,
}

/// Counts the open cases of a list; what has ended is counted by the tallies.
pub async fn counts(tx: &mut Tx, work: &mut Work, wanted: &ListCases) -> Result<Counts> {
    work.may(Operation::ListCases)?;
    let ends = wanted.state.as_deref().is_some_and(|it| end_of(work, it).is_some());
    if wanted.open == Some(false) || ends {
        let (zh, en) = ("这里只数未办结的;已办结的见统计", "only open cases; see the tallies");
        return Err(Error::field("open", "not_open", zh, en));
    }
    let wanted = ListCases { open: Some(true), ..wanted.clone() };
    let mut sum = Sum::default();
    for scope in scopes(tx.engine(), work, &wanted)? {
        if at_once(work, &scope, &wanted) {
            sum.together(tx, work, &scope).await?;
        } else {
            sum.each(tx, work, (&scope, scope.filter.clone())).await?;
        }
    }
    Ok(sum.counts(work))
}

/// Whether all cases of a range are the actor's to see, but for those about somebody.
fn at_once(work: &Work, scope: &Scope, wanted: &ListCases) -> bool {
    let Actor::Staff { post, .. } = &work.actor else { return false };
    let role = work.shelf.network.post(*post).map_or("", |it| it.role.as_str());
    let known = work.shelf.current.as_ref().and_then(|pack| pack.roles.get(role));
    let sees_all = role != "guardian" && !known.is_some_and(|it| it.voluntary);
    scope.by.is_some() || (wanted.parent.is_none() && sees_all)
}

/// What was counted so far.
#[derive(Default)]
struct Sum {
    states: BTreeMap<(String, String), i64>,
    yellow: i64,
    red: i64,
}

impl Sum {
    /// A range that is the actor's to see.
    async fn together(&mut self, tx: &mut Tx, work: &Work, scope: &Scope) -> Result<()> {
        let (now, all) = (work.now(), scope.filter.clone().not_about());
        for Group { procedure, state, due, n } in
            store::cases::count(tx, &all, (now, soon(work))).await?
        {
            *self.states.entry((procedure, state)).or_default() += n;
            self.red += if due == Due::Past { n } else { 0 };
        }
        let near = all.due_within(now, soon(work)).order(Order::Due);
        let most = i64::try_from(READ).unwrap_or(i64::MAX);
        for state in store::cases::states(tx, &near, most).await? {
            self.yellow += i64::from(seen(work, &state).colour == Colour::Yellow);
        }
        self.each(tx, work, (scope, scope.filter.clone().about())).await
    }

    /// Cases of which each is asked whether the actor may see it.
    async fn each(
        &mut self,
        tx: &mut Tx,
        work: &Work,
        (scope, filter): (&Scope, CaseFilter),
    ) -> Result<()> {
        let page = store::cases::page(tx, &filter, READ).await?;
        for it in page.items.iter().map(|it| &it.case).filter(|it| scope.shows(work, it)) {
            let key = (it.state.procedure.to_string(), it.state.state.to_string());
            *self.states.entry(key).or_default() += 1;
            let colour = seen(work, &it.state).colour;
            self.yellow += i64::from(colour == Colour::Yellow);
            self.red += i64::from(colour == Colour::Red);
        }
        Ok(())
    }

    fn counts(self, work: &Work) -> Counts {
        let mut counts = Counts { yellow: self.yellow, red: self.red, ..Counts::default() };
        let mut states = Vec::new();
        for ((procedure, state), count) in self.states {
            let known = Known::find(work, &procedure, &state);
            counts.total += count;
            counts.waiting += if known.as_ref().is_some_and(Known::waits) { count } else { 0 };
            let place = known.as_ref().map(|it| it.place);
            let titles = known.map(|it| (it.procedure.title.clone(), title(work, it.state)));
            let (of, title) = titles.unwrap_or_default();
            let (procedure, state) = ((procedure, of), (state, title));
            states.push((place, StateCount { procedure, state, count }));
        }
        states.sort_by_key(|(place, _)| *place);
        counts.states = states.into_iter().map(|(_, it)| it).collect();
        counts.green = counts.total - counts.yellow - counts.red;
        counts
    }
}

fn seen(work: &Work, state: &CaseState) -> Urgency {
    let resident = matches!(work.actor, Actor::Resident { .. });
    urgency(work, state, if resident { Reader::Asker } else { Reader::Staff })
}

/// The last instant at which something can be due that has turned yellow by now.
fn soon(work: &Work) -> Timestamp {
    calendar::end_of_day(work.shelf.calendar.workday_after(work.today(), 1))
}

/// A state in the newest pack that knows it.
struct Known<'w> {
    /// Its place in the order of that pack.
    place: (usize, usize),
    procedure: &'w Procedure,
    state: &'w State,
}

impl<'w> Known<'w> {
    fn find(work: &'w Work, procedure: &str, state: &str) -> Option<Self> {
        let find = |pack: &'w Pack| {
            let (n, _, procedure) = pack.procedures.get_full(procedure)?;
            let (m, _, state) = procedure.states.get_full(state)?;
            Some(Self { place: (n, m), procedure, state })
        };
        let mut packs = work.shelf.current.iter().chain(work.shelf.packs.values());
        packs.find_map(|pack| find(pack))
    }

    fn waits(&self) -> bool {
        !self.state.waits.is_empty()
    }
}

fn title(work: &Work, state: &State) -> String {
    let resident = matches!(work.actor, Actor::Resident { .. });
    let shown = state.shown.clone().filter(|_| resident);
    shown.unwrap_or_else(|| state.title.clone())
}
