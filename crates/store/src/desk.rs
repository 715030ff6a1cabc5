//! Words kept ready by offices, and the records of shifts. Their texts are private values of the entry
//! that set them.

use crate::Result;
use crate::columns::{instant, meaning, rows, word};
use crate::statements::sql;
use jiff::Timestamp;
use model::desk::{Office, Phrase, Purpose, Shift};
use model::journal::{Entry, Event};
use model::{CaseId, EntryId, PersonId, PhraseId, PostId, ShiftId};
use rowdb::{Row, Tx, Value, params};
use uuid::Uuid;

sql! {
    SET_PHRASE = "INSERT INTO phrase (id, entry, office, purpose, procedure, matter)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET entry = excluded.entry, purpose = excluded.purpose,
            procedure = excluded.procedure, matter = excluded.matter";
    DROP_PHRASE = "DELETE FROM phrase WHERE id = $1";
    PHRASES = "SELECT p.id, p.purpose, p.procedure, p.matter, t.value, w.value FROM phrase p
        LEFT JOIN private t ON t.entry = p.entry AND t.field = 'title'
        LEFT JOIN private w ON w.entry = p.entry AND w.field = 'words'
        WHERE p.office = $1 ORDER BY p.id";
    HAND_OVER = "INSERT INTO shift (id, entry, desk, post, person, at, open, late)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    MIND = "INSERT INTO shift_case (shift, n, case_id) VALUES ($1, $2, $3)";
    TAKE = "UPDATE shift SET taken_by = $2, taken_at = $3 WHERE id = $1";
    SHIFTS = "SELECT id, entry, post, person, at, open, late, taken_by, taken_at FROM shift
        WHERE desk = $1 ORDER BY at DESC, id DESC LIMIT $2";
    SHIFT = "SELECT id, entry, post, person, at, open, late, taken_by, taken_at FROM shift
        WHERE id = $1 AND desk = $2";
    CASES = "SELECT case_id FROM shift_case WHERE shift = $1 ORDER BY n";
}

/// Words kept ready by an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its id.
    pub id: PhraseId,
    /// What it is for.
    pub purpose: Purpose,
    /// Only for cases of this procedure.
    pub procedure: Option<String>,
    /// Only for cases of this matter.
    pub matter: Option<String>,
    /// Its title, unless erased.
    pub title: Option<String>,
    /// The words, unless erased.
    pub words: Option<String>,
}

/// A shift that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// Its id.
    pub id: ShiftId,
    /// The entry that holds `note`, and `note.N` of the `N`-th case.
    pub entry: EntryId,
    /// The post that handed over.
    pub post: Option<PostId>,
    /// The person.
    pub person: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// How many open cases the desk owned.
    pub open: i64,
    /// How many of them were late.
    pub late: i64,
    /// Who took over, and when.
    pub taken: Option<(PersonId, Timestamp)>,
}

/// Projects the events of this area.
pub(crate) async fn project(tx: &mut Tx, entry: &Entry) -> Result<()> {
    match &entry.event {
        Event::PhraseSet { phrase } => set_phrase(tx, entry.id, phrase).await?,
        Event::PhraseDropped { phrase } => {
            tx.execute(DROP_PHRASE, &params![phrase.0]).await?;
        }
        Event::ShiftHandedOver { shift } => hand_over(tx, entry, shift).await?,
        Event::ShiftTaken { shift } => {
            let (by, at) = (entry.actor.person().map(|it| it.0), entry.at.as_microsecond());
            tx.execute(TAKE, &params![shift.0, by, at]).await?;
        }
        _ => {}
    }
    Ok(())
}

async fn set_phrase(tx: &mut Tx, entry: EntryId, phrase: &Phrase) -> Result<()> {
    let Phrase { id, office, purpose, procedure, matter } = phrase;
    let (office, purpose) = (office.to_string(), word(purpose)?);
    let values = params![id.0, entry.0, office, purpose, procedure.as_ref(), matter.as_ref()];
    tx.execute(SET_PHRASE, &values).await?;
    Ok(())
}

async fn hand_over(tx: &mut Tx, entry: &Entry, shift: &Shift) -> Result<()> {
    let post = entry.actor.post().map(|it| it.0);
    let person = entry.actor.person().map(|it| it.0);
    let (desk, at) = (shift.desk.to_string(), entry.at.as_microsecond());
    let values = params![shift.id.0, entry.id.0, desk, post, person, at, shift.open, shift.late];
    tx.execute(HAND_OVER, &values).await?;
    let row = |(n, case): (i64, &CaseId)| params![shift.id.0, n, case.0].into();
    let rows: Vec<Vec<Value>> = (0..).zip(&shift.cases).map(row).collect();
    tx.execute_all(MIND, &rows).await?;
    Ok(())
}

/// The words an office keeps ready, the oldest first.
pub async fn phrases(tx: &mut Tx, office: &Office) -> Result<Vec<Ready>> {
    rows(&tx.query(PHRASES, &params![office.to_string()]).await?, |row| {
        Ok(Ready {
            id: PhraseId(row.get(0)?),
            purpose: meaning(row.get(1)?)?,
            procedure: row.get(2)?,
            matter: row.get(3)?,
            title: row.get(4)?,
            words: row.get(5)?,
        })
    })
}

/// At most `limit` shifts of a desk, the newest first.
pub async fn shifts(tx: &mut Tx, desk: &Office, limit: i64) -> Result<Vec<HandedOver>> {
    rows(&tx.query(SHIFTS, &params![desk.to_string(), limit]).await?, handed_over)
}

/// A shift of a desk.
pub async fn shift(tx: &mut Tx, id: ShiftId, desk: &Office) -> Result<Option<HandedOver>> {
    let row = tx.query_opt(SHIFT, &params![id.0, desk.to_string()]).await?;
    row.as_ref().map(handed_over).transpose()
}

fn handed_over(row: &Row) -> Result<HandedOver> {
    let taken: (Option<Uuid>, Option<i64>) = (row.get(7)?, row.get(8)?);
    let taken =
        taken.0.zip(taken.1).map(|(by, at)| Ok::<_, crate::Error>((PersonId(by), instant(at)?)));
    Ok(HandedOver {
        id: ShiftId(row.get(0)?),
        entry: EntryId(row.get(1)?),
        post: row.get::<Option<Uuid>>(2)?.map(PostId),
        person: row.get::<Option<Uuid>>(3)?.map(PersonId),
        at: instant(row.get(4)?)?,
        open: row.get(5)?,
        late: row.get(6)?,
        taken: taken.transpose()?,
    })
}

/// The cases that a shift gave the next one to mind, in order.
pub async fn minded(tx: &mut Tx, shift: ShiftId) -> Result<Vec<CaseId>> {
    rows(&tx.query(CASES, &params![shift.0]).await?, |row| Ok(CaseId(row.get(0)?)))
}
