//! Counts about people: service visits per ancestor of the place visited, and the census of places,
//! posts and vacancies. Who was visited is nowhere kept.

use crate::columns::{day, rows};
use crate::statements::sql;
use crate::{Result, territory};
use jiff::civil::Date;
use model::PlaceId;
use model::journal::Visit;
use rowdb::{Tx, params};
use std::collections::BTreeMap;

sql! {
    VISITED = "WITH RECURSIVE up (id, parent) AS (
            SELECT id, parent FROM place WHERE id = $1
            UNION ALL SELECT p.id, p.parent FROM place p JOIN up u ON p.id = u.parent)
        INSERT INTO visit_count (place, kind, day, visits, people)
        SELECT id, CAST($2 AS TEXT), CAST($3 AS TEXT), 1, CAST($4 AS BIGINT) FROM up WHERE TRUE
        ON CONFLICT (place, kind, day) DO UPDATE SET
            visits = visit_count.visits + 1, people = visit_count.people + excluded.people";
    VISITS = "SELECT kind, CAST(SUM(visits) AS BIGINT), CAST(SUM(people) AS BIGINT)
        FROM visit_count WHERE place = $1 AND day >= $2 AND day < $3 GROUP BY kind ORDER BY kind";
    PLACES = "WITH RECURSIVE below (id, level, from_day, until_day) AS (
            SELECT id, level, from_day, until_day FROM place WHERE id = $1
            UNION ALL SELECT p.id, p.level, p.from_day, p.until_day
                FROM place p JOIN below b ON p.parent = b.id)
        SELECT level, COUNT(*) FROM below
        WHERE from_day <= $2 AND COALESCE(until_day, '9999-12-31') > $2
        GROUP BY level ORDER BY level";
    POSTS = "WITH RECURSIVE below (id) AS (
            SELECT id FROM place WHERE id = $1
            UNION ALL SELECT p.id FROM place p JOIN below b ON p.parent = b.id)
        SELECT p.role, COUNT(*), CAST(SUM(CASE WHEN EXISTS (
                SELECT 1 FROM holding h WHERE h.post = p.id
                AND h.from_day <= $2 AND COALESCE(h.until_day, '9999-12-31') > $2)
            THEN 1 ELSE 0 END) AS BIGINT)
        FROM post p LEFT JOIN org o ON o.id = p.org
        JOIN below b ON b.id = COALESCE(p.place, o.place)
        WHERE p.from_day <= $2 AND COALESCE(p.until_day, '9999-12-31') > $2
        GROUP BY p.role ORDER BY p.role";
}

/// How often a kind of service was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visits {
    /// Visits.
    pub visits: i64,
    /// People who took part, counted each time (人次).
    pub people: i64,
}

/// What there is on one day in a place and all below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Census {
    /// Places by level, the place itself among them.
    pub places: BTreeMap<usize, i64>,
    /// Posts by role; a post without a place of its own lies where its organisation does.
    pub posts: BTreeMap<String, Manning>,
    /// Households.
    pub households: i64,
}

/// How many posts of a role there are, and how many somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manning {
    /// Posts.
    pub posts: i64,
    /// Of these, held by somebody, who may be away; the others are vacant.
    pub held: i64,
}

/// Counts a visit for its place and all above it.
pub(crate) async fn visited(tx: &mut Tx, visit: &Visit) -> Result<()> {
    let values = params![visit.place.0, &visit.kind, day(visit.day), visit.people];
    tx.execute(VISITED, &values).await?;
    Ok(())
}

/// Service visits in a place and all below it from day `from` to before `until`, by kind.
pub async fn visits(
    tx: &mut Tx,
    place: PlaceId,
    from: Date,
    until: Date,
) -> Result<BTreeMap<String, Visits>> {
    let found = tx.query(VISITS, &params![place.0, day(from), day(until)]).await?;
    rows(&found, |row| Ok((row.get(0)?, Visits { visits: row.get(1)?, people: row.get(2)? })))
}

/// The census of a place on a day, in three statements.
pub async fn census(tx: &mut Tx, place: PlaceId, on: Date) -> Result<Census> {
    let places = tx.query(PLACES, &params![place.0, day(on)]).await?;
    let posts = tx.query(POSTS, &params![place.0, day(on)]).await?;
    Ok(Census {
        places: rows(&places, |row| Ok((row.get(0)?, row.get(1)?)))?,
        posts: rows(&posts, |row| {
            Ok((row.get(0)?, Manning { posts: row.get(1)?, held: row.get(2)? }))
        })?,
        households: territory::count_households(tx, place).await?,
    })
}
