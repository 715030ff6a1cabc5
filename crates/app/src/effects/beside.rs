//! What a case made beside itself: words on boards, bookings, rows of registers, gatherings. Each part
//! is told only to whoever may read it in its own area.

use super::boards::may_read;
use super::gatherings::is_open;
use super::records::sees;
use crate::cases::visible;
use crate::{Result, Work};
use jiff::Timestamp;
use method::definition::{Kind, Pack};
use model::CaseId;
use model::access::Operation;
use model::cases::FieldValue;
use rowdb::Tx;
use store::cases::Case;
use store::effects::{boards, gatherings, ledgers, records};
use uuid::Uuid;

/// So many of each kind are told, the newest first.
const MOST: i64 = 100;

/// What a case made beside itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Words on boards.
    pub publications: Vec<Part>,
    /// Bookings in ledgers.
    pub bookings: Vec<Part>,
    /// Rows of registers that it wrote first.
    pub records: Vec<Part>,
    /// Meetings and ballots.
    pub gatherings: Vec<Part>,
}

/// One thing beside a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The publication, the entry of the booking, the row, or the gathering.
    pub id: Uuid,
    /// The board, ledger, register or gathering of the pack.
    pub of: String,
    /// Its title.
    pub title: String,
    /// What tells it from others of its kind: the key of a row; empty else.
    pub text: String,
    /// What was booked, in the ledger's unit; only of bookings.
    pub amount: Option<(i64, &'static str)>,
    /// When it was published, booked, written last, or is held.
    pub at: Timestamp,
    /// Until when it is shown, or votes are taken.
    pub until: Option<Timestamp>,
    /// How it stands.
    pub state: PartState,
}

/// How something beside a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    /// On its board.
    Shown,
    /// Its time on the board is over.
    Expired,
    /// Taken off its board.
    Withdrawn,
    /// Booked.
    Booked,
    /// Written once.
    Written,
    /// Written again since.
    Changed,
    /// Called, not held yet.
    Called,
    /// Its time has come; minutes are not kept yet.
    Held,
    /// Minutes are kept.
    Minuted,
    /// Votes are taken.
    Open,
    /// Votes are no longer taken.
    Closed,
}

impl PartState {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Booked => "booked",
            Self::Written => "written",
            Self::Changed => "changed",
            Self::Called => "called",
            Self::Held => "held",
            Self::Minuted => "minuted",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// What a case made beside itself, as far as the actor may read it.
pub async fn beside(tx: &mut Tx, work: &Work, id: CaseId) -> Result<Beside> {
    work.may(Operation::ShowCase)?;
    let case = visible(tx, work, id).await?;
    let may = |operation| work.may(operation).is_ok();
    let mut beside = Beside::default();
    if may(Operation::ListBoards) {
        beside.publications = published(tx, work, &case).await?;
    }
    if may(Operation::ListLedgers) {
        beside.bookings = booked(tx, work, &case).await?;
    }
    if may(Operation::ListRegisters) {
        beside.records = written(tx, work, &case).await?;
    }
    if may(Operation::ListGatherings) {
        beside.gatherings = called(tx, work, &case).await?;
    }
    Ok(beside)
}

async fn published(tx: &mut Tx, work: &Work, case: &Case) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for it in boards::of_case(tx, case.id, MOST).await? {
        let pack = work.shelf.pinned(&it.publication.pack)?;
        let board = pack.boards.get(&it.publication.board).filter(|it| may_read(work, it));
        let Some(board) = board else { continue };
        let until = it.publication.until;
        let state = match (it.withdrawn_at, until) {
            (Some(_), _) => PartState::Withdrawn,
            (None, Some(until)) if until <= work.now() => PartState::Expired,
            _ => PartState::Shown,
        };
        parts.push(Part {
            id: it.publication.id.0,
            of: it.publication.board,
            title: board.title.clone(),
            text: String::new(),
            amount: None,
            at: it.at,
            until,
            state,
        });
    }
    Ok(parts)
}

async fn booked(tx: &mut Tx, work: &Work, case: &Case) -> Result<Vec<Part>> {
    let pack = work.shelf.pinned(&case.state.pack)?;
    let found = ledgers::bookings(tx, ledgers::Of::Case(case.id), None, MOST).await?;
    let part = |it: ledgers::Booked| {
        let ledger = pack.ledgers.get(&it.booking.ledger)?;
        Some(Part {
            id: it.entry.0,
            title: ledger.title.clone(),
            of: it.booking.ledger,
            text: String::new(),
            amount: Some((it.booking.amount, ledger.unit.as_str())),
            at: it.at,
            until: None,
            state: PartState::Booked,
        })
    };
    Ok(found.into_iter().filter_map(part).collect())
}

async fn written(tx: &mut Tx, work: &Work, case: &Case) -> Result<Vec<Part>> {
    let pack = work.shelf.pinned(&case.state.pack)?;
    let mut parts = Vec::new();
    for it in records::all_of_case(tx, case.id, MOST).await? {
        let Some(register) = pack.registers.get(&it.record.register) else { continue };
        let named = sees(work, pack, &register.key);
        let key = it.record.columns.get(register.key.as_str());
        let text = match named {
            true => key_in_words(tx, work, (pack, &register.key, key), &it.record.key).await?,
            false => String::new(),
        };
        parts.push(Part {
            id: it.record.id.0,
            of: it.record.register,
            title: register.title.clone(),
            text,
            amount: None,
            at: it.at,
            until: None,
            state: if it.revision > 1 { PartState::Changed } else { PartState::Written },
        });
    }
    Ok(parts)
}

/// The key of a row: names for ids, and a person's masked.
async fn key_in_words(
    tx: &mut Tx,
    work: &Work,
    (pack, column, value): (&Pack, &str, Option<&FieldValue>),
    key: &str,
) -> Result<String> {
    let kind = pack.fields.get(column).map(|it| it.kind);
    match (kind, value) {
        (Some(Kind::Text | Kind::Int | Kind::Choice), _) | (_, None) => Ok(key.to_owned()),
        (Some(_), Some(value)) => {
            let columns = [(column.into(), value.clone())].into();
            let told = crate::cases::facts(tx, work, pack, &columns).await?;
            Ok(told.into_iter().next().map(|it| it.text).unwrap_or_default())
        }
        (None, Some(_)) => Ok(String::new()),
    }
}

async fn called(tx: &mut Tx, work: &Work, case: &Case) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for it in gatherings::page(tx, gatherings::Of::Case(case.id), None, MOST).await? {
        let pack = work.shelf.pinned(&it.gathering.pack)?;
        let Some(defined) = pack.gatherings.get(&it.gathering.kind) else { continue };
        let taken = is_open(&it.gathering, Some(case), work.now());
        let state = match (it.gathering.closes, &it.minutes) {
            (Some(_), _) if taken => PartState::Open,
            (Some(_), _) if it.gathering.at > work.now() => PartState::Called,
            (Some(_), _) => PartState::Closed,
            (None, Some(_)) => PartState::Minuted,
            (None, None) if it.gathering.at <= work.now() => PartState::Held,
            (None, None) => PartState::Called,
        };
        parts.push(Part {
            id: it.gathering.id.0,
            of: it.gathering.kind.clone(),
            title: defined.title.clone(),
            text: String::new(),
            amount: None,
            at: it.gathering.at,
            until: it.gathering.closes,
            state,
        });
    }
    Ok(parts)
}
