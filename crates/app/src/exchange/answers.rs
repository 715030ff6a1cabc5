//! Answers for another office: the cases it sent us that were answered in some days, filled into
//! that office's own spreadsheet.

use crate::cases::{Sight, sight};
use crate::{Error, Result, Work};
use calendar::{local_date, start_of_day};
use jiff::Timestamp;
use model::access::Operation;
use model::cases::FieldValue;
use rowdb::Tx;
use sheet::{Limits, Template, TemplateError};
use std::collections::BTreeMap;
use store::cases::Case;
use store::tallies::Period;

/// The answers given to another office's orders, by mark of the template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// `system`, `from`, `until`, `count`.
    pub fields: BTreeMap<String, String>,
    /// One an order, in the order of their numbers there: `index`, `number` (theirs), `our_number`,
    /// `title`, `state`, `end`, `unit`, `opened_on`, `answered_on`, `answer`, `solved`, `stars`.
    pub items: Vec<BTreeMap<String, String>>,
}

impl Answers {
    /// The office's workbook, filled in.
    pub fn fill(&self, template: &[u8]) -> Result<Vec<u8>> {
        let refused = |error: TemplateError| {
            let english = error.to_string();
            Error::field("template", "template", &format!("模板无法使用：{english}"), &english)
        };
        let template = Template::read(template, &Limits::default()).map_err(refused)?;
        template.fill(&self.fields, &self.items).map_err(refused)
    }
}

/// Orders read at a time.
const PAGE: i64 = 200;
/// The most one export holds; choose fewer days for more.
const MOST: usize = 20_000;

/// The answers to a system's orders in a period, as far as the acting post sees the cases; sensitive
/// ones never leave the house this way.
pub async fn export_answers(
    tx: &mut Tx,
    work: &mut Work,
    (system, period): (&str, Period),
) -> Result<Answers> {
    work.may(Operation::ExportAnswers)?;
    let mut answers = Answers::default();
    let (mut after, since) = (String::new(), start_of_day(period.from));
    loop {
        let page = store::audit::of_source(tx, system, (&after, since), PAGE).await?;
        let Some((number, _)) = page.last() else { break };
        after.clone_from(number);
        for (number, id) in &page {
            let case = store::cases::get(tx, *id).await?;
            if let Some(case) = case.filter(|case| belongs(work, case, period)) {
                let index = answers.items.len() + 1;
                let mut item = item(tx, work, &case).await?;
                item.insert("index".to_owned(), index.to_string());
                item.insert("number".to_owned(), number.clone());
                answers.items.push(item);
            }
        }
        if answers.items.len() > MOST {
            let (zh, en) = ("一次导出的办件过多，请缩短日期范围", "too many; choose fewer days");
            return Err(Error::field("from", "too_many", zh, en));
        }
    }
    let (from, until) = (period.from.to_string(), period.until.to_string());
    let count = answers.items.len().to_string();
    let fields = [("system", system), ("from", &from), ("until", &until), ("count", &count)];
    answers.fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Ok(answers)
}

fn belongs(work: &Work, case: &Case, period: Period) -> bool {
    let state = &case.state;
    let answered = state.answered_at.or(state.ended_at);
    !case.sensitive
        && answered.is_some_and(|at| falls_in(at, period))
        && matches!(sight(work, case), Sight::Full | Sight::Blind)
}

fn falls_in(at: Timestamp, period: Period) -> bool {
    let day = local_date(at);
    period.from <= day && day < period.until
}

async fn item(tx: &mut Tx, work: &Work, case: &Case) -> Result<BTreeMap<String, String>> {
    let state = &case.state;
    let pack = work.shelf.pinned(&state.pack)?;
    let known = pack
        .procedures
        .get(state.procedure.as_str())
        .and_then(|it| it.states.get(state.state.as_str()));
    let unit = state.org("unit").and_then(|id| work.shelf.network.org(id));
    let answered = state.answered_at.or(state.ended_at);
    let title = store::journal::private_value(tx, case.entry, "title").await?;
    let answer = match state.fields.get("words") {
        Some(FieldValue::Private { private }) => {
            store::journal::private_value(tx, *private, "words").await?
        }
        _ => None,
    };
    let verdict = state.verdict;
    let item = [
        ("our_number", Some(case.number.clone())),
        ("title", title),
        ("state", known.map(|it| it.title.clone())),
        ("end", state.end.map(|end| end.as_str().to_owned())),
        ("unit", unit.map(|org| org.name.clone())),
        ("opened_on", Some(local_date(state.opened_at).to_string())),
        ("answered_on", answered.map(|at| local_date(at).to_string())),
        ("answer", answer),
        ("solved", verdict.map(|it| if it.solved { "是" } else { "否" }.to_owned())),
        ("stars", verdict.and_then(|it| it.stars).map(|stars| stars.to_string())),
    ];
    let value =
        |(name, value): (&str, Option<String>)| (name.to_owned(), value.unwrap_or_default());
    Ok(item.map(value).into())
}
