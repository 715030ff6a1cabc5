//! Organisations, posts, persons and who holds what: their projection, loading them into the
//! network, names and telephones. Counting visits and posts is `people::counts`.

pub mod counts;

use crate::Result;
use crate::columns::{date, date_if_any, day, meaning, rows, word};
use crate::settings::{self, NETWORK};
use crate::statements::sql;
use jiff::civil::Date;
use model::journal::{Entry, Event};
use model::people::{Absence, Holding, Org, Post};
use model::{EntryId, Network, OrgId, PersonId, PlaceId, PostId};
use rowdb::{Tx, Value, params};
use std::collections::BTreeMap;
use uuid::Uuid;

sql! {
    ADD_ORG = "INSERT INTO org (id, code, name, kind, place, from_day, until_day, successor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    DISSOLVE_ORG = "UPDATE org SET until_day = $2, successor = $3 WHERE id = $1";
    ADD_POST = "INSERT INTO post (id, role, org, place, from_day, until_day)
        VALUES ($1, $2, $3, $4, $5, $6)";
    END_POST = "UPDATE post SET until_day = $2 WHERE id = $1";
    ADD_PERSON = "INSERT INTO person (id, entry) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
    REACH_BY = "UPDATE person SET entry = $2 WHERE id = $1";
    APPOINT = "INSERT INTO holding (post, person, rank, selection, from_day, until_day)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (post, person, from_day) DO UPDATE SET
            rank = excluded.rank, selection = excluded.selection, until_day = excluded.until_day";
    DISMISS = "UPDATE holding SET until_day = $3
        WHERE post = $1 AND person = $2 AND (until_day IS NULL OR until_day > $3)";
    SET_ABSENCE = "INSERT INTO absence (person, from_day, until_day) VALUES ($1, $2, $3)
        ON CONFLICT (person, from_day) DO UPDATE SET until_day = excluded.until_day";
    ORGS = "SELECT id, code, name, kind, place, from_day, until_day, successor FROM org
        ORDER BY code";
    POSTS = "SELECT id, role, org, place, from_day, until_day FROM post ORDER BY id";
    HOLDINGS = "SELECT post, person, rank, selection, from_day, until_day FROM holding
        ORDER BY post, rank, from_day, person";
    ABSENCES = "SELECT person, from_day, until_day FROM absence ORDER BY person, from_day";
    PERSON_ENTRY = "SELECT entry FROM person WHERE id = $1";
    NAMES = "SELECT j.subject, v.value FROM journal j
        JOIN private v ON v.entry = j.id AND v.field = 'name'
        WHERE j.revision IS NULL AND j.kind = 'person_added' AND j.subject IS NOT NULL
        ORDER BY v.value, j.subject";
    CONTACTS = "SELECT p.id, v.field, v.value FROM person p
        JOIN private v ON v.entry = p.entry AND v.field IN ('name', 'phone')
        WHERE p.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
            $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)";
}

/// How many persons one statement looks up.
const BATCH: usize = 32;

/// What a person is called and reached by; none where it was never given or is erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
}

/// Projects the events of this area.
pub(crate) async fn project(tx: &mut Tx, entry: &Entry) -> Result<()> {
    match &entry.event {
        Event::OrgAdded { org } => add_org(tx, org).await?,
        Event::OrgDissolved { org, until, successor } => {
            tx.execute(DISSOLVE_ORG, &params![org.0, day(*until), successor.0]).await?;
        }
        Event::PostCreated { post } => add_post(tx, post).await?,
        Event::PostEnded { post, until } => {
            tx.execute(END_POST, &params![post.0, day(*until)]).await?;
        }
        Event::Appointed { holding } => appoint(tx, holding).await?,
        Event::Dismissed { post, person, until } => {
            tx.execute(DISMISS, &params![post.0, person.0, day(*until)]).await?;
        }
        Event::AbsenceSet { absence: Absence { person, from, until } } => {
            tx.execute(SET_ABSENCE, &params![person.0, day(*from), day(*until)]).await?;
        }
        Event::PersonAdded { person } => return add_person(tx, *person, entry.id).await,
        Event::VisitRecorded { visit } => return counts::visited(tx, visit).await,
        _ => return Ok(()),
    }
    settings::changed(tx, NETWORK).await
}

async fn add_org(tx: &mut Tx, org: &Org) -> Result<()> {
    let Org { id, code, name, kind, place, from, until, successor } = org;
    let (from, until) = (day(*from), until.map(day));
    let successor = successor.map(|it| it.0);
    let values = params![id.0, code, name, kind, place.0, from, until, successor];
    tx.execute(ADD_ORG, &values).await?;
    Ok(())
}

async fn add_post(tx: &mut Tx, post: &Post) -> Result<()> {
    let Post { id, role, org, place, from, until } = post;
    let (org, place) = (org.map(|it| it.0), place.map(|it| it.0));
    let values = params![id.0, role, org, place, day(*from), until.map(day)];
    tx.execute(ADD_POST, &values).await?;
    Ok(())
}

async fn appoint(tx: &mut Tx, holding: &Holding) -> Result<()> {
    let Holding { post, person, rank, selection, from, until } = holding;
    let values = params![post.0, person.0, *rank, word(selection)?, day(*from), until.map(day)];
    tx.execute(APPOINT, &values).await?;
    Ok(())
}

/// Adds a person whose name and telephone lie beside `entry`; the first such entry stays.
pub(crate) async fn add_person(tx: &mut Tx, person: PersonId, entry: EntryId) -> Result<()> {
    tx.execute(ADD_PERSON, &params![person.0, entry.0]).await?;
    Ok(())
}

/// From now on a person's telephone lies beside `entry`, and so would a name.
pub(crate) async fn reach_by(tx: &mut Tx, person: PersonId, entry: EntryId) -> Result<()> {
    tx.execute(REACH_BY, &params![person.0, entry.0]).await?;
    Ok(())
}

/// Adds organisations, posts, holdings and absences to a network, in four statements.
pub(crate) async fn load(tx: &mut Tx, network: &mut Network) -> Result<()> {
    for org in orgs(tx).await? {
        network.add_org(org);
    }
    for post in posts(tx).await? {
        network.add_post(post);
    }
    for holding in holdings(tx).await? {
        network.add_holding(holding);
    }
    for absence in absences(tx).await? {
        network.add_absence(absence);
    }
    Ok(())
}

/// All organisations ever, in the order of their codes.
pub async fn orgs(tx: &mut Tx) -> Result<Vec<Org>> {
    rows(&tx.query(ORGS, &[]).await?, |row| {
        Ok(Org {
            id: OrgId(row.get(0)?),
            code: row.get(1)?,
            name: row.get(2)?,
            kind: row.get(3)?,
            place: PlaceId(row.get(4)?),
            from: date(row, 5)?,
            until: date_if_any(row, 6)?,
            successor: row.get::<Option<Uuid>>(7)?.map(OrgId),
        })
    })
}

/// All posts ever.
pub async fn posts(tx: &mut Tx) -> Result<Vec<Post>> {
    rows(&tx.query(POSTS, &[]).await?, |row| {
        Ok(Post {
            id: PostId(row.get(0)?),
            role: row.get(1)?,
            org: row.get::<Option<Uuid>>(2)?.map(OrgId),
            place: row.get::<Option<Uuid>>(3)?.map(PlaceId),
            from: date(row, 4)?,
            until: date_if_any(row, 5)?,
        })
    })
}

/// All holdings ever, by post and rank.
pub async fn holdings(tx: &mut Tx) -> Result<Vec<Holding>> {
    rows(&tx.query(HOLDINGS, &[]).await?, |row| {
        Ok(Holding {
            post: PostId(row.get(0)?),
            person: PersonId(row.get(1)?),
            rank: row.get(2)?,
            selection: meaning(row.get(3)?)?,
            from: date(row, 4)?,
            until: date_if_any(row, 5)?,
        })
    })
}

/// All absences ever, by person.
pub async fn absences(tx: &mut Tx) -> Result<Vec<Absence>> {
    rows(&tx.query(ABSENCES, &[]).await?, |row| {
        let (from, until): (Date, Date) = (date(row, 1)?, date(row, 2)?);
        Ok(Absence { person: PersonId(row.get(0)?), from, until })
    })
}

/// The entry beside which a person's name and telephone lie.
pub async fn entry_of(tx: &mut Tx, person: PersonId) -> Result<Option<EntryId>> {
    let row = tx.query_opt(PERSON_ENTRY, &params![person.0]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?.map(EntryId))
}

/// Names and telephones of these persons, in one statement for every 32 of them; persons of whom
/// nothing is kept are left out.
pub async fn contacts(tx: &mut Tx, persons: &[PersonId]) -> Result<BTreeMap<PersonId, Contact>> {
    let mut found: BTreeMap<PersonId, Contact> = BTreeMap::new();
    for batch in persons.chunks(BATCH) {
        // A short batch repeats its last person, so that one text serves every length.
        let last = batch.last().into_iter().cycle();
        let ids: Vec<Value> = batch.iter().chain(last).take(BATCH).map(|it| it.0.into()).collect();
        for row in tx.query(CONTACTS, &ids).await? {
            let contact = found.entry(PersonId(row.get(0)?)).or_default();
            match row.get::<String>(1)?.as_str() {
                "name" => contact.name = row.get(2)?,
                _ => contact.phone = row.get(2)?,
            }
        }
    }
    Ok(found)
}

/// The names of all persons ever added, in the order of the names; residents are none of them.
pub async fn names(tx: &mut Tx) -> Result<Vec<(PersonId, String)>> {
    rows(&tx.query(NAMES, &[]).await?, |row| Ok((PersonId(row.get(0)?), row.get(1)?)))
}

/// Name and telephone of one person.
pub async fn contact(tx: &mut Tx, person: PersonId) -> Result<Contact> {
    Ok(contacts(tx, &[person]).await?.remove(&person).unwrap_or_default())
}
