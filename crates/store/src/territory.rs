//! Places, their aliases and outlines, and households; loading the network that the program holds
//! in memory. Organisations and posts are written by `people`.

use crate::columns::{date, date_if_any, day, rows};
use crate::settings::{self, NETWORK, OUTLINES};
use crate::statements::sql;
use crate::{Error, Result, people};
use model::journal::{Entry, Event};
use model::territory::{Level, Place};
use model::trees::canonical;
use model::{EntryId, HouseholdId, Network, PlaceId};
use rowdb::{Row, Tx, params};
use serde_json::Value;

sql! {
    ADD = "INSERT INTO place (id, parent, level, code, name, from_day, until_day)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CLOSE = "UPDATE place SET until_day = $2 WHERE id = $1";
    RENAME = "UPDATE place SET name = $2 WHERE id = $1";
    ADD_ALIAS = "INSERT INTO place_alias (code, place) VALUES ($1, $2)";
    DRAW = "INSERT INTO place_outline (place, outline) VALUES ($1, $2)
        ON CONFLICT (place) DO UPDATE SET outline = excluded.outline";
    ADD_HOUSEHOLD = "INSERT INTO household (id, place, n, entry) VALUES ($1, $2, $3, $4)";
    VERSION = "SELECT value FROM setting WHERE name = 'network'";
    PLACES = "SELECT id, parent, level, code, name, from_day, until_day FROM place
        ORDER BY level, code";
    ALIASES = "SELECT code, place FROM place_alias ORDER BY code";
    OUTLINES_OF_LEVEL = "SELECT o.place, o.outline FROM place p
        JOIN place_outline o ON o.place = p.id WHERE p.level = $1 ORDER BY p.code";
    OUTLINE = "SELECT outline FROM place_outline WHERE place = $1";
    HOUSEHOLD = "SELECT h.id, h.place, h.n, h.entry, a.value, w.value FROM household h
        LEFT JOIN private a ON a.entry = h.entry AND a.field = 'address.' || CAST(h.n AS TEXT)
        LEFT JOIN private w ON w.entry = h.entry AND w.field = 'wish.' || CAST(h.n AS TEXT)
        WHERE h.id = $1";
    HOUSEHOLDS = "SELECT h.id, h.place, h.n, h.entry, a.value, w.value FROM household h
        LEFT JOIN private a ON a.entry = h.entry AND a.field = 'address.' || CAST(h.n AS TEXT)
        LEFT JOIN private w ON w.entry = h.entry AND w.field = 'wish.' || CAST(h.n AS TEXT)
        WHERE h.place = $1 ORDER BY h.n, h.id";
    COUNT_HOUSEHOLDS = "WITH RECURSIVE below (id) AS (
            SELECT id FROM place WHERE id = $1
            UNION ALL SELECT p.id FROM place p JOIN below b ON p.parent = b.id)
        SELECT CAST(COALESCE(SUM((SELECT COUNT(*) FROM household h WHERE h.place = b.id)), 0)
            AS BIGINT) FROM below b";
}

/// One door: its address and how its people wish to be reached are private values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// Stable id.
    pub id: HouseholdId,
    /// The place in which it lies.
    pub place: PlaceId,
    /// Its number in the entry that registered it: `address.N` and `wish.N` there.
    pub n: i64,
    /// The entry that registered it.
    pub entry: EntryId,
    /// The address line, unless erased.
    pub address: Option<String>,
    /// How its people wish to be reached, if they said so.
    pub wish: Option<String>,
}

/// Projects the events of this area.
pub(crate) async fn project(tx: &mut Tx, entry: &Entry) -> Result<()> {
    match &entry.event {
        Event::PlaceAdded { place } => add(tx, place).await?,
        Event::PlaceClosed { place, until } => {
            tx.execute(CLOSE, &params![place.0, day(*until)]).await?;
        }
        Event::PlaceRenamed { place, name } => {
            tx.execute(RENAME, &params![place.0, name]).await?;
        }
        Event::AliasAdded { place, code } => {
            tx.execute(ADD_ALIAS, &params![code, place.0]).await?;
        }
        Event::PlaceDrawn { place, outline } => {
            tx.execute(DRAW, &params![place.0, canonical(outline)]).await?;
            return settings::changed(tx, OUTLINES).await;
        }
        Event::HouseholdsRegistered { place, households } => {
            return register(tx, entry.id, *place, households).await;
        }
        _ => return Ok(()),
    }
    settings::changed(tx, NETWORK).await
}

async fn add(tx: &mut Tx, place: &Place) -> Result<()> {
    let level = i64::try_from(place.level).unwrap_or(i64::MAX);
    let Place { id, parent, code, name, from, until, .. } = place;
    let parent = parent.map(|it| it.0);
    let (from, until) = (day(*from), until.map(day));
    tx.execute(ADD, &params![id.0, parent, level, code, name, from, until]).await?;
    Ok(())
}

async fn register(
    tx: &mut Tx,
    entry: EntryId,
    place: PlaceId,
    households: &[HouseholdId],
) -> Result<()> {
    let row = |(n, household): (i64, &HouseholdId)| params![household.0, place.0, n, entry.0];
    let rows: Vec<Vec<rowdb::Value>> = (0..).zip(households).map(|it| row(it).into()).collect();
    tx.execute_all(ADD_HOUSEHOLD, &rows).await?;
    Ok(())
}

/// The version of the network: a copy with another version is old.
pub async fn network_version(tx: &mut Tx) -> Result<i64> {
    let Some(row) = tx.query_opt(VERSION, &[]).await? else { return Ok(0) };
    let text: String = row.get(0)?;
    text.parse().map_err(|error| Error::inconsistent("setting", error))
}

/// The network with its past and future: places, aliases, organisations, posts, holdings and
/// absences, in seven statements.
pub async fn network(tx: &mut Tx, levels: Vec<Level>, fallback: &str) -> Result<Network> {
    let mut network = Network::new(network_version(tx).await?, levels, fallback);
    for place in places(tx).await? {
        network.add_place(place);
    }
    for row in tx.query(ALIASES, &[]).await? {
        network.add_alias(row.get(0)?, PlaceId(row.get(1)?));
    }
    people::load(tx, &mut network).await?;
    Ok(network)
}

/// All places ever, the widest level first, then in the order of their codes.
pub async fn places(tx: &mut Tx) -> Result<Vec<Place>> {
    rows(&tx.query(PLACES, &[]).await?, |row| {
        Ok(Place {
            id: PlaceId(row.get(0)?),
            parent: row.get::<Option<uuid::Uuid>>(1)?.map(PlaceId),
            level: row.get(2)?,
            code: row.get(3)?,
            name: row.get(4)?,
            from: date(row, 5)?,
            until: date_if_any(row, 6)?,
        })
    })
}

/// The outlines of all places of a level, closed ones too, in the order of their codes: GeoJSON
/// coordinates in ten-millionths of a degree.
pub async fn outlines(tx: &mut Tx, level: usize) -> Result<Vec<(PlaceId, Value)>> {
    let level = i64::try_from(level).unwrap_or(i64::MAX);
    let found = tx.query(OUTLINES_OF_LEVEL, &params![level]).await?;
    rows(&found, |row| Ok((PlaceId(row.get(0)?), outline_of(row, 1)?)))
}

/// The outline of a place, if it was drawn.
pub async fn outline(tx: &mut Tx, place: PlaceId) -> Result<Option<Value>> {
    let row = tx.query_opt(OUTLINE, &params![place.0]).await?;
    row.map(|row| outline_of(&row, 0)).transpose()
}

fn outline_of(row: &Row, index: usize) -> Result<Value> {
    let text: String = row.get(index)?;
    serde_json::from_str(&text).map_err(|error| Error::inconsistent("place_outline", error))
}

/// A household by id.
pub async fn household(tx: &mut Tx, id: HouseholdId) -> Result<Option<Household>> {
    tx.query_opt(HOUSEHOLD, &params![id.0]).await?.as_ref().map(read_household).transpose()
}

/// The households that lie directly in a place, in the order in which they were registered.
pub async fn households(tx: &mut Tx, place: PlaceId) -> Result<Vec<Household>> {
    rows(&tx.query(HOUSEHOLDS, &params![place.0]).await?, read_household)
}

/// How many households lie in a place and all below it.
pub async fn count_households(tx: &mut Tx, place: PlaceId) -> Result<i64> {
    Ok(tx.query_one(COUNT_HOUSEHOLDS, &params![place.0]).await?.get(0)?)
}

fn read_household(row: &Row) -> Result<Household> {
    Ok(Household {
        id: HouseholdId(row.get(0)?),
        place: PlaceId(row.get(1)?),
        n: row.get(2)?,
        entry: EntryId(row.get(3)?),
        address: row.get(4)?,
        wish: row.get(5)?,
    })
}
