//! Households with the last case about each: who was visited, and what came of it.

use super::{Case, WIDTH, columns, read};
use crate::Result;
use crate::columns::rows;
use crate::statements::sql;
use model::{HouseholdId, PlaceId};
use rowdb::{Row, Tx, params};
use uuid::Uuid;

sql! {
    DOORS = concat!("WITH RECURSIVE below (id) AS (
            SELECT id FROM place WHERE id = $1
            UNION ALL SELECT p.id FROM place p JOIN below b ON p.parent = b.id)
        SELECT ", columns!(), ", h.id, h.place, a.value, w.value
        FROM below b JOIN household h ON h.place = b.id
        LEFT JOIN private a ON a.entry = h.entry AND a.field = 'address.' || CAST(h.n AS TEXT)
        LEFT JOIN private w ON w.entry = h.entry AND w.field = 'wish.' || CAST(h.n AS TEXT)
        LEFT JOIN cases c ON c.id = (SELECT v.id FROM cases v
            WHERE v.door = h.id AND v.procedure = $2 ORDER BY v.opened_at DESC, v.id DESC LIMIT 1)
        ORDER BY h.place, h.n, h.id LIMIT $3");
}

/// A household, and the last case of a procedure about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Stable id.
    pub id: HouseholdId,
    /// The place in which it lies.
    pub place: PlaceId,
    /// The address line, unless erased.
    pub address: Option<String>,
    /// How its people wish to be reached, if they said so.
    pub wish: Option<String>,
    /// The last case about it.
    pub last: Option<Case>,
}

/// At most `limit` households in a place and all below it, each with the last case of a procedure.
pub async fn doors(
    tx: &mut Tx,
    place: PlaceId,
    (procedure, limit): (&str, i64),
) -> Result<Vec<Door>> {
    rows(&tx.query(DOORS, &params![place.0, procedure, limit]).await?, door)
}

fn door(row: &Row) -> Result<Door> {
    let visited = row.get::<Option<Uuid>>(0)?.is_some();
    Ok(Door {
        id: HouseholdId(row.get(WIDTH)?),
        place: PlaceId(row.get(WIDTH + 1)?),
        address: row.get(WIDTH + 2)?,
        wish: row.get(WIDTH + 3)?,
        last: if visited { Some(read(row)?) } else { None },
    })
}
