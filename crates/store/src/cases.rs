//! Cases as they are kept: one case read whole. Their projection from entries is `project`, what
//! they add to the counters `counted`, lists by filter `list`, their sizes `count`, look-ups by other keys
//! `lookup`, households with their last visit `doors`, what a screen shows of them `screen`, by the day on which rates count them
//! `basis`.

mod basis;
mod count;
mod counted;
mod doors;
mod filter;
mod list;
mod lookup;
mod project;
mod screen;

use crate::columns::{instant, meaning};
use crate::statements::sql;
use crate::{Error, Result};
use jiff::Timestamp;
use model::cases::CaseState;
use model::journal::Link;
use model::territory::MAX_LEVELS;
use model::{CaseId, EntryId, PlaceId};
use rowdb::{Row, Tx, params};
use uuid::Uuid;

pub use basis::{Based, by_basis};
pub use count::{Due, Group, MOST, count, states};
pub use doors::{Door, doors};
pub use filter::{CaseFilter, Cursor, Order};
pub use list::{Listed, Page, listed_of, page};
pub use lookup::{
    Alert, Look, Nearby, alerts, around, by_contact, by_number, by_source, children, joined, looks,
    nearby, open_after, owned_by, point, timers, units_of,
};
pub(crate) use project::{acted, looked, opened, unjoined};
pub use screen::{CellCount, Step, open_by_cell, steps};

/// A case as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Human number.
    pub number: String,
    /// The opening entry: `title`, `body`, `contact` are private values there.
    pub entry: EntryId,
    /// Grows by one with each entry about it.
    pub revision: i64,
    /// Time of the last entry.
    pub changed_at: Timestamp,
    /// Hidden from whom.
    pub hiding: String,
    /// Seen by named posts only.
    pub sensitive: bool,
    /// How it hangs on its parent.
    pub link: Option<Link>,
    /// The case it hangs on.
    pub parent: Option<CaseId>,
    /// Its places, the widest first, without the levels at which it has none.
    pub path: Vec<PlaceId>,
    /// The engine's state.
    pub state: CaseState,
}

/// The columns of a [`Case`], in the order in which [`read`] wants them.
macro_rules! columns {
    () => {
        "c.id, c.number, c.entry, c.revision, c.changed_at, c.hiding, c.sensitive, c.link, \
         c.parent, c.memory, c.p0, c.p1, c.p2, c.p3, c.p4, c.p5, c.p6, c.p7"
    };
}
use columns;

/// How many columns a case has.
const WIDTH: usize = 18;
/// The first column of the path.
const PATH: usize = 10;

sql! {
    GET = concat!("SELECT ", columns!(), " FROM cases c WHERE c.id = $1");
}

/// A case by id.
pub async fn get(tx: &mut Tx, id: CaseId) -> Result<Option<Case>> {
    tx.query_opt(GET, &params![id.0]).await?.as_ref().map(read).transpose()
}

/// Every statement of this area that is written down.
pub(crate) fn written() -> Vec<(&'static str, &'static str)> {
    [STATEMENTS, doors::STATEMENTS, list::STATEMENTS, lookup::STATEMENTS, project::STATEMENTS]
        .concat()
}

/// Every statement of this area that is composed from parts.
pub(crate) fn composed(engine: rowdb::Engine) -> Vec<(String, String)> {
    let lists = filter::composed(engine).into_iter().chain(lookup::composed());
    lists
        .chain(count::composed(engine))
        .chain(screen::composed())
        .chain(basis::composed())
        .collect()
}

fn read(row: &Row) -> Result<Case> {
    let link: Option<String> = row.get(7)?;
    let memory: String = row.get(9)?;
    let mut path = Vec::with_capacity(MAX_LEVELS);
    for index in PATH..WIDTH {
        path.extend(row.get::<Option<Uuid>>(index)?.map(PlaceId));
    }
    Ok(Case {
        id: CaseId(row.get(0)?),
        number: row.get(1)?,
        entry: EntryId(row.get(2)?),
        revision: row.get(3)?,
        changed_at: instant(row.get(4)?)?,
        hiding: row.get(5)?,
        sensitive: row.get(6)?,
        link: link.map(meaning).transpose()?,
        parent: row.get::<Option<Uuid>>(8)?.map(CaseId),
        path,
        state: state_of(&memory)?,
    })
}

fn state_of(memory: &str) -> Result<CaseState> {
    serde_json::from_str(memory).map_err(|error| Error::inconsistent("cases", error))
}
