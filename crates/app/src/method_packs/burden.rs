//! 减负合规自检: what the county's forms ask, how often they were filled in, and what that took.

use crate::{Result, Work};
use jiff::{SignedDuration, Timestamp};
use method::burden::{AskCost, FormCost, forms};
use method::definition::Pack;
use model::access::Operation;
use rowdb::Tx;
use std::collections::BTreeMap;

/// How many entries are gone through at most.
const MOST: i64 = 50_000;

/// The forms of the current pack with their use.
#[derive(Clone, Debug)]
pub struct BurdenView {
    /// Since when uses are counted: as far back as was asked, or as the newest 50,000 entries reach.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The forms, the costliest first.
    pub forms: Vec<FormView>,
    /// Figures of the pack, none of which counts a trace: such a pack does not load.
    pub figures: Vec<(String, String)>,
}

/// A form with its use.
#[derive(Clone, Debug)]
pub struct FormView {
    /// The procedure and its title.
    pub procedure: (String, String),
    /// The action and its title.
    pub action: (String, String),
    /// What it rests on.
    pub why: String,
    /// What it asks, with titles.
    pub asked: Vec<(AskCost, String)>,
    /// Whether the house fills it in.
    pub staff: bool,
    /// What filling it in once takes, in seconds.
    pub seconds: u32,
    /// How often it was filled in.
    pub uses: u64,
}

/// What the forms of the current pack cost in the last `days`.
pub async fn burden(tx: &mut Tx, work: &mut Work, days: u16) -> Result<BurdenView> {
    work.may(Operation::ShowBurden)?;
    let shelf = work.shelf.clone();
    let pack = shelf.pack()?;
    let until = work.now();
    let asked = until - SignedDuration::from_hours(24 * i64::from(days.clamp(1, 366)));
    let used = store::journal::uses(tx, asked, MOST).await?;
    let mut uses: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (procedure, action) in &used.acts {
        *uses.entry((procedure, action)).or_default() += 1;
    }
    let mut views: Vec<FormView> = forms(pack)
        .into_iter()
        .map(|form| {
            let key = (form.procedure.as_str(), form.action.as_str());
            let uses = uses.get(&key).copied().unwrap_or(0);
            view(pack, form, uses)
        })
        .collect();
    views.sort_by_key(|it| std::cmp::Reverse(it.uses * u64::from(it.seconds)));
    let figures = pack.indicators.iter().map(|(id, it)| (id.clone(), it.title.clone()));
    let since = used.since.filter(|_| used.cut).unwrap_or(asked);
    Ok(BurdenView { since, until, forms: views, figures: figures.collect() })
}

fn view(pack: &Pack, form: FormCost, uses: u64) -> FormView {
    let procedure = pack.procedures.get(&form.procedure);
    let action = procedure.and_then(|it| it.actions.get(&form.action));
    let field = |ask: AskCost| {
        let title = pack.fields.get(&ask.field).map(|it| it.title.clone()).unwrap_or_default();
        (ask, title)
    };
    FormView {
        procedure: (form.procedure, procedure.map(|it| it.title.clone()).unwrap_or_default()),
        action: (form.action, action.map(|it| it.title.clone()).unwrap_or_default()),
        why: procedure.map(|it| it.why.clone()).unwrap_or_default(),
        asked: form.asked.into_iter().map(field).collect(),
        staff: form.staff,
        seconds: form.seconds,
        uses,
    }
}
