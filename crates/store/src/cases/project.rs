//! From entries about cases to their rows, to alerts and to looks: the only code that writes them.

use super::counted::{Counted, deltas};
use super::{Case, get};
use crate::columns::word;
use crate::project::Change;
use crate::statements::sql;
use crate::{Error, Result, search};
use jiff::Timestamp;
use model::cases::{Asker, CaseState, End, FieldValue};
use model::journal::{Act, Entry, Opening};
use model::territory::MAX_LEVELS;
use model::{CaseId, PlaceId};
use rowdb::{Tx, Value, params};
use std::borrow::Cow;
use uuid::Uuid;

sql! {
    INSERT = "INSERT INTO cases (id, number, entry, revision, changed_at, procedure, hiding,
        sensitive, channel, parent, link, source_system, source_number, lng_e7, lat_e7, datum,
        simhash, opened_at, matter, state, ended_as, ended_at, owner, unit, due_at, timer_at, done,
        asker_person, promise_at, verdict_at, summary, door, memory, p0, p1, p2, p3, p4, p5, p6, p7)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36,
        $37, $38, $39, $40, $41)";
    UPDATE = "UPDATE cases SET revision = $2, changed_at = $3, matter = $4, state = $5,
        ended_as = $6, ended_at = $7, owner = $8, unit = $9, due_at = $10, timer_at = $11,
        done = $12, asker_person = $13, promise_at = $14, verdict_at = $15, summary = $16,
        door = $17, memory = $18
        WHERE id = $1";
    MOVE = "UPDATE cases SET p0 = $2, p1 = $3, p2 = $4, p3 = $5, p4 = $6, p5 = $7, p6 = $8,
        p7 = $9 WHERE id = $1";
    HUSH = "UPDATE cases SET sensitive = TRUE, simhash = NULL WHERE id = $1";
    UNJOIN = "UPDATE cases SET parent = NULL, link = NULL, revision = $2, changed_at = $3
        WHERE id = $1 AND parent = $4 AND link = 'joined'";
    ALERT = "INSERT INTO alert (entry, recipient, case_id, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (recipient, at, entry) DO NOTHING";
    LOOK = "INSERT INTO look (entry, case_id, person, post, at) VALUES ($1, $2, $3, $4, $5)";
}

/// Projects an opening.
pub(crate) async fn opened(
    tx: &mut Tx,
    entry: &Entry,
    opening: &Opening,
) -> Result<Option<Change>> {
    let state: CaseState = serde_json::from_value(opening.state.clone())
        .map_err(|error| Error::inconsistent("journal", error))?;
    let mut values = fixed(entry, opening, &state)?;
    values.extend(derived(&state)?);
    values.extend(levels(&opening.path));
    tx.execute(INSERT, &values).await?;
    let path: Vec<PlaceId> = opening.path.iter().flatten().copied().collect();
    let link = opening.link.map(|(_, link)| link);
    Ok(deltas(None, Counted { state: &state, path: &path, link }))
}

/// The columns that an opening sets for good.
fn fixed(entry: &Entry, opening: &Opening, state: &CaseState) -> Result<Vec<Value>> {
    let (source, point) = (opening.source.as_ref(), opening.point.as_ref());
    Ok(params![
        opening.case.0,
        &opening.number,
        entry.id.0,
        entry.revision.unwrap_or(1),
        entry.at.as_microsecond(),
        state.procedure.as_str(),
        word(&opening.hiding)?,
        opening.sensitive,
        &opening.channel,
        opening.link.map(|(parent, _)| parent.0),
        opening.link.map(|(_, link)| word(&link)).transpose()?,
        source.map(|it| &it.system),
        source.map(|it| &it.number),
        point.map(|it| it.lng_e7),
        point.map(|it| it.lat_e7),
        point.map(|it| &it.datum),
        opening.simhash,
        state.opened_at.as_microsecond()
    ]
    .into())
}

/// The columns that follow from the state, in the order of both statements.
fn derived(state: &CaseState) -> Result<Vec<Value>> {
    let memory =
        serde_json::to_value(state).map_err(|error| Error::inconsistent("cases", error))?;
    Ok(params![
        state.matter.as_deref(),
        state.state.as_str(),
        state.end.map(End::as_str),
        state.ended_at.map(Timestamp::as_microsecond),
        state.owner.map(|it| it.0),
        state.org("unit").map(|it| it.0),
        state.clock.as_ref().map(|it| it.due_at.as_microsecond()),
        state.clock.as_ref().map(|it| it.timer_at.as_microsecond()),
        done(state),
        asker(state),
        state.promise.as_ref().map(|it| it.at.as_microsecond()),
        state.verdict.map(|it| it.at.as_microsecond()),
        summary(state),
        door(state),
        model::trees::canonical(&memory)
    ]
    .into())
}

/// The actions done so far as words with a space on either side; none once the case has ended.
fn done(state: &CaseState) -> Option<String> {
    let counted = state.counts.iter().filter(|(_, count)| count.case > 0);
    let words: Vec<&str> = counted.map(|(action, _)| action.as_str()).collect();
    (state.is_open() && !words.is_empty()).then(|| format!(" {} ", words.join(" ")))
}

/// The entry that holds what the house wrote of it for everybody.
fn summary(state: &CaseState) -> Option<Uuid> {
    match state.fields.get("summary") {
        Some(FieldValue::Private { private }) => Some(private.0),
        _ => None,
    }
}

/// The household it is about.
fn door(state: &CaseState) -> Option<Uuid> {
    match state.fields.get("door") {
        Some(FieldValue::Text(id)) => id.parse().ok(),
        _ => None,
    }
}

fn asker(state: &CaseState) -> Option<Uuid> {
    match state.asker {
        Asker::Resident { person, .. } => person.map(|it| it.0),
        _ => None,
    }
}

fn levels(path: &[Option<PlaceId>]) -> impl Iterator<Item = Value> {
    (0..MAX_LEVELS).map(|level| path.get(level).copied().flatten().map(|it| it.0).into())
}

/// Projects an act: the state is patched, the columns follow. `read` is the case when it was read
/// before.
pub(crate) async fn acted(
    tx: &mut Tx,
    entry: &Entry,
    act: &Act,
    read: Option<&Case>,
) -> Result<Option<Change>> {
    let is_last = |it: &&Case| it.id == act.case && Some(it.revision + 1) == entry.revision;
    let case = match read.filter(is_last) {
        Some(case) => Cow::Borrowed(case),
        None => Cow::Owned(wanted(tx, act.case).await?),
    };
    let after = patched(&case.state, act)?;
    let mut values: Vec<Value> = revised(entry, &case).into();
    values.extend(derived(&after)?);
    tx.execute(UPDATE, &values).await?;
    if let Some(path) = &act.path {
        let mut values: Vec<Value> = params![case.id.0].into();
        values.extend(levels(path));
        tx.execute(MOVE, &values).await?;
    }
    if act.hushed {
        tx.execute(HUSH, &params![case.id.0]).await?;
        search::erased(tx, case.entry).await?;
    }
    alert(tx, entry, act, &after).await?;
    let moved = act.path.as_ref().map(|path| path.iter().flatten().copied().collect());
    let path: Vec<PlaceId> = moved.unwrap_or_else(|| case.path.clone());
    let before = Counted { state: &case.state, path: &case.path, link: case.link };
    Ok(deltas(Some(before), Counted { state: &after, path: &path, link: case.link }))
}

fn patched(state: &CaseState, act: &Act) -> Result<CaseState> {
    let mut memory =
        serde_json::to_value(state).map_err(|error| Error::inconsistent("cases", error))?;
    model::trees::patch(&mut memory, &act.change);
    serde_json::from_value(memory).map_err(|error| Error::inconsistent("journal", error))
}

async fn wanted(tx: &mut Tx, id: CaseId) -> Result<Case> {
    get(tx, id).await?.ok_or_else(|| Error::Missing { what: format!("case {id}") })
}

/// The id, and the revision and time that an entry leaves.
fn revised(entry: &Entry, case: &Case) -> [Value; 3] {
    params![case.id.0, entry.revision.unwrap_or(case.revision + 1), entry.at.as_microsecond()]
}

async fn alert(tx: &mut Tx, entry: &Entry, act: &Act, state: &CaseState) -> Result<()> {
    let posts = act.notified.iter().map(|post| post.0);
    let asker = asker(state).filter(|_| act.tell_asker);
    let at = entry.at.as_microsecond();
    let row = |recipient| params![entry.id.0, recipient, act.case.0, at].into();
    let rows: Vec<Vec<Value>> = posts.chain(asker).map(row).collect();
    tx.execute_all(ALERT, &rows).await?;
    Ok(())
}

/// Projects taking a joined request out again: from now on it stands alone.
pub(crate) async fn unjoined(
    tx: &mut Tx,
    entry: &Entry,
    id: CaseId,
    from: CaseId,
) -> Result<Option<Change>> {
    let case = wanted(tx, id).await?;
    let mut values: Vec<Value> = revised(entry, &case).into();
    values.push(from.0.into());
    if tx.execute(UNJOIN, &values).await? == 0 {
        return Err(Error::Missing { what: format!("case {id} joined to {from}") });
    }
    let alone = |link| Counted { state: &case.state, path: &case.path, link };
    Ok(deltas(Some(alone(case.link)), alone(None)))
}

/// Projects a look at masked values.
pub(crate) async fn looked(tx: &mut Tx, entry: &Entry, case: CaseId) -> Result<()> {
    let person = entry.actor.person().map(|it| it.0);
    let post = entry.actor.post().map(|it| it.0);
    let at = entry.at.as_microsecond();
    tx.execute(LOOK, &params![entry.id.0, case.0, person, post, at]).await?;
    Ok(())
}
