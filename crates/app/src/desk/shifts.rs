//! Handing a desk over from one shift to the next: what is open and late at that moment, what to mind,
//! and who took over. A record can be added to by no one.

use super::acting;
use crate::cases::visible;
use crate::people::post_title;
use crate::{Error, FieldProblem, Result, Work};
use jiff::Timestamp;
use model::access::Operation;
use model::desk::{Office, Shift};
use model::journal::Event;
use model::{CaseId, PersonId, PostId, ShiftId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::cases::{CaseFilter, Due, Order};
use store::desk::HandedOver;

/// Cases to mind in one record.
const CASES: usize = 50;
/// Characters of the note.
const NOTE: usize = 2_000;
/// Characters of the note on a case.
const NOTE_ON_CASE: usize = 500;

/// A desk to be handed over.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// What the next shift should know.
    pub note: String,
    /// Cases to mind, each with a note.
    pub cases: Vec<(CaseId, String)>,
}

/// The record of a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftView {
    /// Its id.
    pub id: ShiftId,
    /// Title of the post that handed over.
    pub post_title: String,
    /// Who handed over.
    pub from: Option<String>,
    /// When.
    pub at: Timestamp,
    /// How many open cases the desk owned then.
    pub open: i64,
    /// How many of them were late.
    pub late: i64,
    /// What the next shift should know.
    pub note: String,
    /// Cases to mind, as far as the reader sees them.
    pub items: Vec<Minded>,
    /// Who took over, and when.
    pub taken: Option<(Option<String>, Timestamp)>,
    /// Whether the reader handed it over.
    pub mine: bool,
}

/// A case that the next shift should mind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minded {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Its title, unless erased.
    pub title: Option<String>,
    /// What about it.
    pub note: String,
}

/// At most `limit` records of the acting post's desk, the newest first.
pub async fn list_shifts(tx: &mut Tx, work: &mut Work, limit: i64) -> Result<Vec<ShiftView>> {
    work.may(Operation::ListShifts)?;
    let desk = Office::desk_of(acting(work, Operation::ListShifts)?);
    let mut views = Vec::new();
    for shift in store::desk::shifts(tx, &desk, limit).await? {
        views.push(view(tx, work, shift).await?);
    }
    Ok(views)
}

/// Hands the acting post's desk over.
pub async fn hand_over_shift(
    tx: &mut Tx,
    work: &mut Work,
    request: &HandOver,
) -> Result<ShiftView> {
    work.may(Operation::HandOverShift)?;
    let desk = Office::desk_of(acting(work, Operation::HandOverShift)?);
    check(tx, work, request).await?;
    let (open, late) = held(tx, work, &desk).await?;
    let id = work.draw.id::<ShiftId>();
    let notes = request.cases.iter().zip(0..).map(|((_, note), n)| (format!("note.{n}"), note));
    let texts = notes.chain([("note".to_owned(), &request.note)]);
    let texts = texts.map(|(field, text)| (field, text.trim().to_owned()));
    work.private = texts.filter(|(_, text)| !text.is_empty()).collect();
    let cases = request.cases.iter().map(|(case, _)| *case).collect();
    let shift = Shift { id, desk: desk.clone(), open, late, cases };
    work.record(tx, id.0, Event::ShiftHandedOver { shift }).await?;
    record_of(tx, work, id, &desk).await
}

/// Takes over what another person of the acting post's desk handed over.
pub async fn take_shift(tx: &mut Tx, work: &mut Work, id: ShiftId) -> Result<ShiftView> {
    work.may(Operation::HandOverShift)?;
    let desk = Office::desk_of(acting(work, Operation::HandOverShift)?);
    let shift = store::desk::shift(tx, id, &desk).await?;
    let shift = shift.ok_or_else(|| Error::not_found("shift", id))?;
    if shift.taken.is_some() {
        return Err(Error::rule("taken_already", "这一班已有人接班", "it was taken over already"));
    }
    if shift.person == work.actor.person() {
        let (zh, en) = ("交班人不能自己接班", "whoever handed over cannot take over");
        return Err(Error::rule("own_shift", zh, en));
    }
    work.record(tx, id.0, Event::ShiftTaken { shift: id }).await?;
    record_of(tx, work, id, &desk).await
}

async fn record_of(tx: &mut Tx, work: &Work, id: ShiftId, desk: &Office) -> Result<ShiftView> {
    let shift = store::desk::shift(tx, id, desk).await?;
    view(tx, work, shift.ok_or_else(|| Error::not_found("shift", id))?).await
}

/// All that is wrong with a record to be made.
async fn check(tx: &mut Tx, work: &Work, request: &HandOver) -> Result<()> {
    let mut found = Vec::new();
    let mut add = |field: String, code, chinese: String, english: &str| {
        found.push(FieldProblem { field, code, chinese, english: english.to_owned() });
    };
    if request.note.chars().count() > NOTE {
        add("note".to_owned(), "too_long", format!("最多{NOTE}字"), "too long");
    }
    if request.cases.len() > CASES {
        add("cases".to_owned(), "too_many", format!("最多{CASES}件"), "too many");
    }
    let mut known = BTreeSet::new();
    for (n, (case, note)) in request.cases.iter().take(CASES).enumerate() {
        let field = |key: &str| format!("cases.{n}.{key}");
        if note.chars().count() > NOTE_ON_CASE {
            add(field("note"), "too_long", format!("最多{NOTE_ON_CASE}字"), "too long");
        }
        if !known.insert(*case) {
            add(field("case"), "twice", "同一办件只列一次".to_owned(), "it stands here twice");
        }
        match visible(tx, work, *case).await {
            Err(Error::NotFound { .. }) => {
                add(field("case"), "not_found", "没有这一办件".to_owned(), "no such case");
            }
            other => drop(other?),
        }
    }
    if found.is_empty() { Ok(()) } else { Err(Error::Invalid(found)) }
}

/// How many open cases the posts of a desk own now, and how many of them are late.
async fn held(tx: &mut Tx, work: &Work, desk: &Office) -> Result<(i64, i64)> {
    let posts = work.shelf.network.posts().filter(|it| Office::desk_of(it) == *desk);
    let posts: Vec<PostId> = posts.map(|it| it.id).collect();
    let (mut open, mut late) = (0, 0);
    for post in posts {
        let owned = CaseFilter::new().with_sensitive().owner(post).order(Order::Due);
        for group in store::cases::count(tx, &owned, (work.now(), work.now())).await? {
            open += group.n;
            late += if group.due == Due::Past { group.n } else { 0 };
        }
    }
    Ok((open, late))
}

async fn view(tx: &mut Tx, work: &Work, shift: HandedOver) -> Result<ShiftView> {
    let mut notes = store::journal::private(tx, shift.entry).await?;
    let title = shift.post.map(|post| post_title(work, post));
    let taken = match shift.taken {
        Some((by, at)) => Some((name(tx, by).await?, at)),
        None => None,
    };
    let from = match shift.person {
        Some(person) => name(tx, person).await?,
        None => None,
    };
    Ok(ShiftView {
        id: shift.id,
        post_title: title.unwrap_or_default(),
        from,
        at: shift.at,
        open: shift.open,
        late: shift.late,
        note: notes.remove("note").unwrap_or_default(),
        items: items(tx, work, shift.id, notes).await?,
        taken,
        mine: shift.person.is_some() && shift.person == work.actor.person(),
    })
}

async fn name(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    Ok(store::people::contact(tx, person).await?.name)
}

/// The cases to mind that the reader sees.
async fn items(
    tx: &mut Tx,
    work: &Work,
    shift: ShiftId,
    mut notes: BTreeMap<String, String>,
) -> Result<Vec<Minded>> {
    let mut items = Vec::new();
    for (n, id) in store::desk::minded(tx, shift).await?.into_iter().enumerate() {
        let note = notes.remove(&format!("note.{n}")).unwrap_or_default();
        let case = match visible(tx, work, id).await {
            Err(Error::NotFound { .. }) => continue,
            case => case?,
        };
        let title = store::journal::private_value(tx, case.entry, "title").await?;
        items.push(Minded { case: id, number: case.number, title, note });
    }
    Ok(items)
}
