//! Registers (台账): rows that acts write and offices fill by hand, each with its history.

use super::ledgers::number;
use super::{cut, page_size};
use crate::cases::{AskView, Fact, ask_view, copy_texts, facts};
use crate::{Error, Result, Work, people};
use jiff::Timestamp;
use method::decide::{self, FieldProblem, Form, Refusal, ToWrite};
use method::definition::{Ask, Pack, Register};
use model::access::{Actor, Operation};
use model::cases::FieldValue;
use model::effects::{Columns, Record};
use model::journal::Event;
use model::{CaseId, EntryId, PostId, RecordId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::cases::Case;
use store::effects::records::{self, Page, Written};

/// A register of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it rests on.
    pub why: String,
    /// Who owns the truth, in words.
    pub source: Option<String>,
    /// The column that tells one row from another.
    pub key: String,
    /// How many rows it has.
    pub rows: i64,
    /// Whether the acting post fills it by hand.
    pub may_fill: bool,
    /// The form of a row.
    pub asks: Vec<AskView>,
}

/// A row as it stands, as far as the reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// Its id.
    pub id: RecordId,
    /// Its register.
    pub register: String,
    /// The columns in the order of the register; texts are their own value.
    pub columns: Vec<Fact>,
    /// The case that wrote it first, and its number where the reader sees it.
    pub case: Option<(CaseId, String)>,
    /// For `If-Match`.
    pub revision: i64,
    /// When it was written last.
    pub at: Timestamp,
    /// Whether the acting post may change it by hand.
    pub may_fill: bool,
    /// Every writing of it, the oldest first; only where one row is shown.
    pub history: Vec<RecordChange>,
}

/// One writing of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordChange {
    /// Its entry.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// Title of the post that did it; none where the program did.
    pub post: Option<String>,
    /// The columns that it changed.
    pub changed: Vec<String>,
}

/// Which rows.
#[derive(Clone, Debug, Default)]
pub struct RecordQuery {
    /// The register.
    pub register: String,
    /// Whose key holds these words.
    pub search: Option<String>,
    /// Only those behind this one: the `next` of the page before.
    pub after: Option<String>,
    /// At most so many, up to 100.
    pub limit: Option<usize>,
}

/// A page of rows, in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// The rows.
    pub items: Vec<RecordView>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A row about to be written.
struct Row<'a> {
    pack: &'a Pack,
    register: &'a str,
    /// The row as it stands; none of a new one.
    before: Option<Written>,
    /// Columns of the row before that stay where the form leaves them out.
    kept: Columns,
    form: Form,
    case: Option<CaseId>,
}

/// Writes the row an act names, else the one its case wrote before, else a new one.
pub(super) async fn write(tx: &mut Tx, work: &mut Work, case: &Case, it: &ToWrite) -> Result<()> {
    let shelf = work.shelf.clone();
    let before = match it.row {
        Some(id) => Some(existing(tx, id).await?),
        None => records::of_case(tx, case.id, &it.register).await?,
    };
    let kept = before.as_ref().map(|it| it.record.columns.clone()).unwrap_or_default();
    let row = Row {
        pack: shelf.pinned(&case.state.pack)?,
        register: &it.register,
        before,
        kept,
        form: copy_texts(tx, it.set.clone()).await?,
        case: Some(case.id),
    };
    put(tx, work, row).await?;
    Ok(())
}

async fn put(tx: &mut Tx, work: &mut Work, row: Row<'_>) -> Result<RecordId> {
    let Row { pack, register, before, mut kept, form, case } = row;
    let defined = register_of(pack, register)?;
    if case.is_none() {
        // By hand; what a case passes on may have been erased since.
        crate::cases::must_be_there(tx, work, (pack, &form)).await?;
    }
    let shelf = work.shelf.clone();
    let entry = work.draw.entry();
    let read = decide::read_row(&shelf.world(pack, work.now()), defined, &form, entry)?;
    kept.extend(read.values);
    let was = before.as_ref().map(|it| it.record.key.as_str());
    let key = key_of(defined, &kept, (read.private.get(&defined.key), was))?;
    let id = before.as_ref().map_or_else(|| work.draw.id(), |it| it.record.id);
    if records::by_key(tx, register, &key).await?.is_some_and(|it| it.record.id != id) {
        let (zh, en) = ("台账里已经有这一条", "the register has this row already");
        return Err(Error::rule("duplicate_key", zh, en));
    }
    let case = before.map_or(case, |it| it.record.case);
    let record = Record { id, register: register.to_owned(), key, case, columns: kept };
    work.private = read.private;
    let about = (Some(id.0), None, work.now());
    work.record_as(tx, entry, about, Event::RecordWritten { record }).await?;
    Ok(id)
}

/// What tells the row from others. Its words stand in the journal: a text that is a key is public,
/// as the pack's check sees to.
fn key_of(
    defined: &Register,
    columns: &Columns,
    (text, was): (Option<&String>, Option<&str>),
) -> Result<String> {
    let key = match columns.get(defined.key.as_str()) {
        Some(FieldValue::Private { .. }) => text.cloned().or_else(|| was.map(str::to_owned)),
        Some(FieldValue::Text(text)) => Some(text.clone()),
        Some(FieldValue::Int(n)) => Some(n.to_string()),
        Some(FieldValue::Bool(yes)) => Some(yes.to_string()),
        Some(FieldValue::List(_)) | None => None,
    };
    key.ok_or_else(|| {
        let problem = FieldProblem {
            field: defined.key.clone(),
            code: "missing",
            chinese: "请填写此项".to_owned(),
            english: "please fill this in".to_owned(),
        };
        Refusal::Form(vec![problem]).into()
    })
}

fn register_of<'a>(pack: &'a Pack, id: &str) -> Result<&'a Register> {
    pack.registers.get(id).ok_or_else(|| Error::not_found("register", id))
}

async fn existing(tx: &mut Tx, id: RecordId) -> Result<Written> {
    records::get(tx, id).await?.ok_or_else(|| Error::not_found("record", id))
}

/// The registers of the current pack.
pub async fn list_registers(tx: &mut Tx, work: &mut Work) -> Result<Vec<RegisterView>> {
    work.may(Operation::ListRegisters)?;
    let pack = work.shelf.pack()?.clone();
    let mut views = Vec::with_capacity(pack.registers.len());
    for (id, it) in &pack.registers {
        let mut asks = Vec::with_capacity(it.fields.len());
        for field in &it.fields {
            let ask = Ask { field: field.clone(), optional: *field != it.key };
            asks.push(ask_view(tx, work, (&pack, None), (&ask, None)).await?);
        }
        views.push(RegisterView {
            id: id.clone(),
            title: it.title.clone(),
            why: it.why.clone(),
            source: it.source.clone(),
            key: it.key.clone(),
            rows: records::count(tx, id).await?,
            may_fill: may_fill(work, &pack, it),
            asks,
        });
    }
    Ok(views)
}

/// Rows of a register.
pub async fn list_records(tx: &mut Tx, work: &mut Work, query: &RecordQuery) -> Result<Records> {
    work.may(Operation::ListRegisters)?;
    let pack = work.shelf.pack()?.clone();
    let defined = register_of(&pack, &query.register)?;
    let (limit, wanted) = page_size(query.limit);
    let search = query.search.as_deref().map(str::trim).unwrap_or_default();
    let after = query.after.as_deref().unwrap_or_default();
    let page = Page { after, holding: search, limit: wanted };
    let mut found = records::page(tx, &query.register, page).await?;
    let next = cut(&mut found, limit, |it| it.record.key.clone());
    let mut items = Vec::with_capacity(found.len());
    for it in found {
        items.push(view(tx, work, (&pack, defined), it).await?);
    }
    Ok(Records { items, next })
}

/// One row with its history.
pub async fn show_record(tx: &mut Tx, work: &mut Work, id: RecordId) -> Result<RecordView> {
    work.may(Operation::ListRegisters)?;
    shown(tx, work, id).await
}

async fn shown(tx: &mut Tx, work: &Work, id: RecordId) -> Result<RecordView> {
    let found = existing(tx, id).await?;
    let pack = work.shelf.pack()?.clone();
    let defined = register_of(&pack, &found.record.register)?;
    let mut view = view(tx, work, (&pack, defined), found).await?;
    view.history = history(tx, work, (&pack, defined), id).await?;
    Ok(view)
}

/// Adds a row by hand.
pub async fn fill_record(
    tx: &mut Tx,
    work: &mut Work,
    (register, form): (&str, &Form),
) -> Result<RecordView> {
    work.may(Operation::FillRegister)?;
    let pack = fillable(work, register)?;
    let (before, kept, case) = (None, Columns::new(), None);
    let row = Row { pack: &pack, register, before, kept, form: form.clone(), case };
    let id = put(tx, work, row).await?;
    shown(tx, work, id).await
}

/// Writes a row anew by hand: what the form leaves out is empty afterwards. `revision` is what the
/// actor has read.
pub async fn change_record(
    tx: &mut Tx,
    work: &mut Work,
    (id, revision): (RecordId, Option<i64>),
    form: &Form,
) -> Result<RecordView> {
    work.may(Operation::FillRegister)?;
    let before = existing(tx, id).await?;
    if let Some(expected) = revision.filter(|it| *it != before.revision) {
        return Err(Error::Conflict { expected, found: before.revision });
    }
    let register = before.record.register.clone();
    let pack = fillable(work, &register)?;
    // What the actor cannot see, and so cannot have given, stays.
    let hidden = |column: &str| !sees(work, &pack, column);
    let kept = before.record.columns.clone().into_iter().filter(|(it, _)| hidden(it)).collect();
    let (before, form) = (Some(before), form.clone());
    let row = Row { pack: &pack, register: &register, before, kept, form, case: None };
    put(tx, work, row).await?;
    shown(tx, work, id).await
}

/// The pack, if the acting post fills this register of it.
fn fillable(work: &Work, register: &str) -> Result<Arc<Pack>> {
    let pack = work.shelf.pack()?.clone();
    if may_fill(work, &pack, register_of(&pack, register)?) {
        return Ok(pack);
    }
    let (zh, en) = ("这本台账由其他岗位填写", "another post fills this register");
    Err(Error::rule("not_yours", zh, en))
}

fn may_fill(work: &Work, pack: &Pack, defined: &Register) -> bool {
    let world = work.shelf.world(pack, work.now());
    match (&work.actor, &defined.fills) {
        (Actor::Staff { post, .. }, Some(who)) => decide::belongs(&world, who, *post),
        (Actor::System { .. }, _) => true,
        _ => false,
    }
}

/// Whether the actor sees a column: some are for named posts only.
pub(super) fn sees(work: &Work, pack: &Pack, column: &str) -> bool {
    let Some(field) = pack.fields.get(column) else { return false };
    let world = work.shelf.world(pack, work.now());
    let named = |post: PostId| field.seen_by.iter().any(|who| decide::belongs(&world, who, post));
    match &work.actor {
        _ if field.seen_by.is_empty() => true,
        Actor::Staff { post, .. } => named(*post),
        actor => matches!(actor, Actor::System { .. }),
    }
}

async fn view(
    tx: &mut Tx,
    work: &Work,
    (pack, defined): (&Pack, &Register),
    it: Written,
) -> Result<RecordView> {
    let Record { id, register, case, columns, .. } = it.record;
    let case = match case {
        Some(case) => Some((case, number(tx, work, case).await?)),
        None => None,
    };
    Ok(RecordView {
        id,
        register,
        columns: in_order(tx, work, (pack, &defined.fields), columns).await?,
        case,
        revision: it.revision,
        at: it.at,
        may_fill: may_fill(work, pack, defined),
        history: Vec::new(),
    })
}

/// Columns that the actor sees in words and in this order, private texts among them.
pub(super) async fn in_order(
    tx: &mut Tx,
    work: &Work,
    (pack, order): (&Pack, &[String]),
    mut columns: Columns,
) -> Result<Vec<Fact>> {
    columns.retain(|column, _| sees(work, pack, column));
    let mut texts = store::effects::texts(tx, &columns).await?;
    let told = facts(tx, work, pack, &columns).await?;
    let mut told: BTreeMap<String, Fact> =
        told.into_iter().map(|it| (it.field.clone(), it)).collect();
    for (column, fact) in &mut told {
        if matches!(fact.value, FieldValue::Private { .. }) {
            fact.text = texts.remove(column).unwrap_or_default();
            fact.value = FieldValue::Text(fact.text.clone());
        }
    }
    Ok(order.iter().filter_map(|column| told.remove(column)).collect())
}

async fn history(
    tx: &mut Tx,
    work: &Work,
    (pack, defined): (&Pack, &Register),
    id: RecordId,
) -> Result<Vec<RecordChange>> {
    let (mut before, mut changes) = (Columns::new(), Vec::new());
    for entry in records::history(tx, id).await? {
        let Event::RecordWritten { record } = entry.event else { continue };
        let differs = |it: &&String| {
            before.get(it.as_str()) != record.columns.get(it.as_str()) && sees(work, pack, it)
        };
        let changed = defined.fields.iter().filter(differs).cloned().collect();
        let post = entry.actor.post().map(|it| people::post_title(work, it));
        changes.push(RecordChange { entry: entry.id, at: entry.at, post, changed });
        before = record.columns;
    }
    Ok(changes)
}
