//! Lists and figures as workbooks that leave the house: who took what, with which filter and why, is
//! told on the sheet and in the journal.

mod burden;
mod columns;

pub use burden::{ExportBurden, export_burden};

use crate::cases::{Line, ListCases, list_up_to};
use crate::oversight::{By, RateCells, Row, rates, tallies};
use crate::people::post_title;
use crate::{Error, Result, Work};
use columns::{CASES, MEASURES, RATES, local, share};
use jiff::Timestamp;
use jiff::civil::Date;
use model::PlaceId;
use model::access::Operation;
use model::journal::Event;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use sheet::{Column, Content, Export, Exporter, WriteError};
use std::io::Cursor as InMemory;
use store::cases::Cursor;
use store::tallies::Period;
use uuid::Uuid;

/// Rows of one export; narrow the filter for more.
pub const MOST: usize = 100_000;

/// Cases read at a time.
const PAGE: usize = 1_000;

/// Which cases are wanted, and why.
#[derive(Clone, Debug, Default)]
pub struct ExportCases {
    /// The filter of lists.
    pub filter: ListCases,
    /// Opened on these days.
    pub opened: Option<Period>,
    /// Overdue ones only.
    pub late: bool,
    /// Why they leave the house.
    pub reason: String,
}

/// A table ready to be written: its head and its rows, all text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    title: String,
    conditions: String,
    made_at: Timestamp,
    columns: Vec<(String, u32)>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The workbook's bytes; takes a while with many rows.
    pub fn write(&self) -> Result<Vec<u8>> {
        let failed = |error: WriteError| Error::internal(error);
        let columns = self.columns.iter().map(|(title, width)| Column {
            title: title.clone(),
            width: f64::from(*width),
            content: Content::Text,
        });
        let export = Export {
            title: self.title.clone(),
            exported_at: local(self.made_at),
            conditions: self.conditions.clone(),
            columns: columns.collect(),
            signatures: Vec::new(),
        };
        let mut exporter = Exporter::new(export).map_err(failed)?;
        for row in &self.rows {
            exporter.row(row.iter().map(String::as_str)).map_err(failed)?;
        }
        let mut book = InMemory::new(Vec::new());
        exporter.finish(&mut book).map_err(failed)?;
        Ok(book.into_inner())
    }
}

/// Some of the cases to export, and where to go on.
#[derive(Clone, Debug, Default)]
pub struct Stretch {
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Where the next stretch begins; none after the last.
    pub next: Option<Cursor>,
}

/// Some of the cases to export as the acting post sees them in lists. Each stretch is a transaction
/// of its own, so that a long export keeps nobody waiting.
pub async fn export_stretch(
    tx: &mut Tx,
    work: &mut Work,
    (wanted, after): (&ExportCases, Option<Cursor>),
) -> Result<Stretch> {
    work.may(Operation::ExportCases)?;
    said(&wanted.reason)?;
    let mut filter = ListCases { after: after.or_else(|| begin(wanted)), ..wanted.filter.clone() };
    if wanted.late {
        let now = work.now();
        filter.due_before = Some(filter.due_before.map_or(now, |at| at.min(now)));
    }
    let listed = list_up_to(tx, work, &filter, PAGE).await?;
    let first = wanted.opened.map(|it| calendar::start_of_day(it.from));
    let newest_first = wanted.filter.owner.is_none();
    let older = |it: &Line| newest_first && first.is_some_and(|first| it.opened_at < first);
    let done = listed.items.last().is_some_and(older);
    let rows =
        listed.items.into_iter().filter(|it| opened_in(it, wanted.opened)).map(|it| row(&it));
    Ok(Stretch { rows: rows.collect(), next: listed.next.filter(|_| !done) })
}

/// Lists of the newest begin behind the last day that is asked for.
fn begin(wanted: &ExportCases) -> Option<Cursor> {
    let until = wanted.opened.filter(|_| wanted.filter.owner.is_none())?.until;
    let ends = until < Period::ALL.until;
    ends.then(|| Cursor { at: calendar::start_of_day(until), id: model::CaseId(Uuid::nil()) })
}

fn opened_in(line: &Line, period: Option<Period>) -> bool {
    let day = calendar::local_date(line.opened_at);
    period.is_none_or(|it| it.from <= day && day < it.until)
}

fn row(it: &Line) -> Vec<String> {
    let at = |at: Option<Timestamp>| at.map(written).unwrap_or_default();
    vec![
        it.number.clone(),
        it.title.clone().unwrap_or_default(),
        it.procedure.1.clone(),
        it.matter.as_ref().map(|it| it.1.clone()).unwrap_or_default(),
        it.state.1.clone(),
        it.place.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
        it.owner.as_ref().map(|it| it.1.clone()).unwrap_or_default(),
        written(it.opened_at),
        at(it.due_at),
        at(it.promise_at),
        at(it.ended_at),
        if it.colour == "red" { "是" } else { "" }.to_owned(),
    ]
}

fn written(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Puts the sheet together, and the entry that says that it left the house into the journal.
pub async fn export_cases(
    tx: &mut Tx,
    work: &mut Work,
    (wanted, rows): (&ExportCases, usize),
) -> Result<Sheet> {
    work.may(Operation::ExportCases)?;
    said(&wanted.reason)?;
    let conditions = conditions(work, wanted);
    if let Some(words) = &wanted.filter.words {
        work.private.insert("words".to_owned(), words.clone());
    }
    record(tx, work, ("cases", &conditions, &wanted.reason), rows).await?;
    let told = wanted.filter.words.as_ref().map(|it| format!("，含“{it}”")).unwrap_or_default();
    let head = (format!("{conditions}{told}"), wanted.reason.as_str(), rows);
    Ok(Sheet { columns: titles(&CASES), ..headed(tx, work, "办件清单", head).await? })
}

impl Sheet {
    /// With these rows.
    #[must_use]
    pub fn with(self, rows: Vec<Vec<String>>) -> Self {
        Self { rows, ..self }
    }
}

/// Which figures are wanted, and why.
#[derive(Clone, Debug)]
pub struct ExportFigures {
    /// Of which place.
    pub place: PlaceId,
    /// Of which days.
    pub period: Period,
    /// Told apart by what.
    pub by: By,
    /// Why they leave the house.
    pub reason: String,
}

/// The counts and rates of a place and of what it is told apart by, one row each; matters and units
/// are counted by whole months. Says in the journal that they left the house.
pub async fn export_figures(tx: &mut Tx, work: &mut Work, wanted: &ExportFigures) -> Result<Sheet> {
    work.may(Operation::ExportFigures)?;
    said(&wanted.reason)?;
    let whole = rates(tx, work, (wanted.place, wanted.period)).await?;
    let sum = store::tallies::sum(tx, wanted.place, wanted.period).await?;
    let place = work.shelf.network.place(wanted.place);
    let (code, name) = place.map(|it| (it.code.clone(), it.name.clone())).unwrap_or_default();
    let first =
        figures(code, format!("{name}（合计）"), &sum, |name| whole.rates.get(name).copied());
    let parts = tallies(tx, work, (wanted.place, wanted.by, wanted.period)).await?;
    let rest = parts.rows.into_iter().map(part);
    let rows: Vec<_> = std::iter::once(first).chain(rest).collect();
    let conditions = figures_of(&name, wanted);
    record(tx, work, ("figures", &conditions, &wanted.reason), rows.len()).await?;
    let head = (conditions, wanted.reason.as_str(), rows.len());
    let sheet = headed(tx, work, "统计表", head).await?;
    Ok(Sheet { columns: figure_titles(), rows, ..sheet })
}

fn part(it: Row) -> Vec<String> {
    let mut counters = model::rates::Counters::default();
    for (slot, (name, _)) in counters.0.iter_mut().zip(MEASURES) {
        *slot = it.counts.get(name).copied().flatten().unwrap_or(0);
    }
    let rates = model::rates::rates(&counters);
    let rate = |name: &str| rates.iter().find(|it| it.0 == name).map(|it| RateCells::whole(it.1));
    figures(it.key, it.title, &counters, rate)
}

/// One row: code, name, counts, then each rate with its parts.
fn figures(
    code: String,
    name: String,
    counts: &model::rates::Counters,
    rate: impl Fn(&str) -> Option<RateCells>,
) -> Vec<String> {
    let text = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let mut row = vec![code, name];
    row.extend(counts.0.iter().map(ToString::to_string));
    for (id, _) in RATES {
        let it = rate(id);
        row.push(it.and_then(|it| it.basis_points).map(share).unwrap_or_default());
        row.extend([
            text(it.and_then(|it| it.numerator)),
            text(it.and_then(|it| it.denominator)),
            text(it.and_then(|it| it.excluded)),
        ]);
    }
    row
}

fn figure_titles() -> Vec<(String, u32)> {
    let mut found = titles(&[("编码", 18), ("名称", 20)]);
    found.extend(MEASURES.iter().map(|(_, title)| ((*title).to_owned(), 12)));
    for (_, title) in RATES {
        let parts = ["", "（分子）", "（分母）", "（不计入）"];
        found.extend(parts.iter().map(|part| (format!("{title}{part}"), 12)));
    }
    found
}

fn titles(columns: &[(&str, u32)]) -> Vec<(String, u32)> {
    columns.iter().map(|(title, width)| ((*title).to_owned(), *width)).collect()
}

/// Refuses an export nobody gives a reason for.
fn said(reason: &str) -> Result<()> {
    match reason.trim().chars().count() {
        1..=200 => Ok(()),
        0 => Err(Error::field("reason", "missing", "请写明导出事由", "say why it is exported")),
        _ => Err(Error::field("reason", "too_long", "不超过 200 字", "200 characters at most")),
    }
}

async fn record(
    tx: &mut Tx,
    work: &mut Work,
    (what, filter, reason): (&str, &str, &str),
    rows: usize,
) -> Result<()> {
    let event = Event::Exported {
        what: what.to_owned(),
        filter: filter.to_owned(),
        rows: i64::try_from(rows).unwrap_or(i64::MAX),
        reason: reason.trim().to_owned(),
    };
    work.record(tx, Uuid::nil(), event).await?;
    Ok(())
}

/// The head of a sheet: county, filter, reader, reason, rows.
async fn headed(
    tx: &mut Tx,
    work: &Work,
    title: &str,
    (conditions, reason, rows): (String, &str, usize),
) -> Result<Sheet> {
    let county = work.shelf.network.root().map(|it| it.name.clone()).unwrap_or_default();
    let name = match work.actor.person() {
        Some(person) => store::people::contact(tx, person).await?.name.unwrap_or_default(),
        None => String::new(),
    };
    let post = work.actor.post().map(|post| post_title(work, post)).unwrap_or_default();
    let reason = reason.trim();
    Ok(Sheet {
        title: format!("{county}{title}"),
        conditions: format!(
            "{conditions}    导出人：{name}（{post}）    事由：{reason}    共 {rows} 行"
        ),
        made_at: work.now(),
        ..Sheet::default()
    })
}

/// A filter in words, without the words that were searched for.
fn conditions(work: &Work, wanted: &ExportCases) -> String {
    let ListCases { place, procedure, state, matter, owner, open, due_before, .. } = &wanted.filter;
    let named =
        |title: &str, value: &Option<String>| value.as_ref().map(|it| format!("{title} {it}"));
    let open = open.map(|open| if open { "未办结" } else { "已办结" }.to_owned());
    let all = [
        place.as_deref().map(|key| format!("地点 {}", place_in_words(work, key))),
        named("流程", procedure),
        named("状态", state),
        named("事项", matter),
        owner.map(|_| "本人责任".to_owned()),
        open,
        wanted.late.then(|| "已超期".to_owned()),
        due_before.map(|at| format!("{} 前到期", written(at))),
        wanted.opened.map(|it| format!("提交日期 {}", days(it))),
    ];
    let said: Vec<String> = all.into_iter().flatten().collect();
    if said.is_empty() { "全部可见办件".to_owned() } else { said.join("，") }
}

fn place_in_words(work: &Work, key: &str) -> String {
    crate::territory::find(work, key).map_or_else(|_| key.to_owned(), |it| it.name.clone())
}

fn figures_of(place: &str, wanted: &ExportFigures) -> String {
    let by = match wanted.by {
        By::Place => "按下级地点",
        By::Matter => "按事项（整月）",
        By::Unit => "按承办单位（整月）",
    };
    format!("{place}，{}，{by}", days(wanted.period))
}

fn days(period: Period) -> String {
    let last = period.until.yesterday().unwrap_or(period.until);
    let day = |day: Date, open: Date| if day == open { String::new() } else { day.to_string() };
    let from = day(period.from, Period::ALL.from);
    let to = day(last, Period::ALL.until.yesterday().unwrap_or(Period::ALL.until));
    format!("{from}至{to}")
}
