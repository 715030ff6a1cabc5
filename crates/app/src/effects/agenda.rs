//! What a meeting talks about: the open cases of its place that its pack's query finds. Once minutes
//! are kept, the cases that stood there then.

use super::gatherings::Known;
use crate::cases::{Line, Sight, line, sight};
use crate::{Result, Work};
use method::decide::holds;
use method::definition::Agenda as Query;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use store::cases::{CaseFilter, Listed, Order};

/// The most cases that are looked through; the most urgent come first.
const MOST: usize = 500;

/// The cases on an agenda.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    /// Those that the reader sees, the most urgent first.
    pub items: Vec<Line>,
    /// How many more there are.
    pub unseen: usize,
}

/// The agenda as the actor sees it; none of a gathering without a query.
pub(super) async fn agenda(tx: &mut Tx, work: &Work, known: &Known) -> Result<Option<Agenda>> {
    if known.defined()?.agenda.is_none() {
        return Ok(None);
    }
    let all = match &known.called.minutes {
        Some(minutes) => store::cases::listed_of(tx, &minutes.agenda).await?,
        None => on_it(tx, work, known).await?,
    };
    let count = all.len();
    let seen = all.into_iter().filter(|it| sight(work, &it.case) != Sight::None);
    let items: Vec<Line> = seen.map(|it| line(work, it)).collect::<Result<_>>()?;
    Ok(Some(Agenda { unseen: count - items.len(), items }))
}

/// The cases that stand on it now.
pub(super) async fn on_it(tx: &mut Tx, work: &Work, known: &Known) -> Result<Vec<Listed>> {
    let Some(Query { of, only }) = &known.defined()?.agenda else { return Ok(Vec::new()) };
    let Some(procedure) = known.pack.procedures.get(of) else { return Ok(Vec::new()) };
    let (shelf, place) = (&work.shelf, known.called.gathering.place);
    let filter = CaseFilter::new().procedure(of).open().order(Order::Due);
    let filter = match shelf.network.place(place) {
        Some(it) => filter.at(it.level, place),
        None => filter,
    };
    let world = shelf.world(&known.pack, work.now());
    let fits = |it: &Listed| {
        only.as_ref().is_none_or(|guard| holds(&world, procedure, &it.case.state, guard))
    };
    let page = store::cases::page(tx, &filter, MOST).await?;
    Ok(page.items.into_iter().filter(fits).collect())
}
