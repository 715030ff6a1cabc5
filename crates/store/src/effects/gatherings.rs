//! Meetings and ballots: when they are, who is invited, what came of them. No query gives a choice
//! together with whose it was.

use super::{from_text, to_text};
use crate::columns::{instant, rows};
use crate::statements::sql;
use crate::{Error, Result};
use jiff::Timestamp;
use model::effects::{Columns, Gathering, Tally, Vote};
use model::journal::Entry;
use model::{CaseId, EntryId, GatheringId, PlaceId, PostId};
use rowdb::{Row, Tx, Value, params};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The columns of a [`Called`], in the order in which [`read`] wants them.
macro_rules! columns {
    () => {
        "g.id, g.entry, g.kind, g.pack, g.case_id, g.place, g.at, g.closes, g.called, \
         g.minutes, g.minutes_entry, g.minutes_at, g.agenda FROM gathering g "
    };
}

sql! {
    CALL = "INSERT INTO gathering (id, entry, kind, pack, case_id, place, at, closes, called)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INVITE = "INSERT INTO gathering_post (gathering, post) VALUES ($1, $2)
        ON CONFLICT (gathering, post) DO NOTHING";
    MINUTE = "UPDATE gathering SET minutes = $2, minutes_entry = $3, minutes_at = $4, agenda = $5
        WHERE id = $1";
    CAST = "INSERT INTO vote (gathering, voter, entry, choice) VALUES ($1, $2, $3, $4)
        ON CONFLICT (gathering, voter) DO UPDATE SET
            entry = excluded.entry, choice = excluded.choice";
    GET = concat!("SELECT ", columns!(), "WHERE g.id = $1");
    INVITED = "SELECT post FROM gathering_post WHERE gathering = $1 ORDER BY post";
    BY_TIME = concat!("SELECT ", columns!(), "WHERE (g.at, g.id) < ($1, $2)
        ORDER BY g.at DESC, g.id DESC LIMIT $3");
    OF_PLACE = concat!("SELECT ", columns!(), "WHERE g.place = $4 AND (g.at, g.id) < ($1, $2)
        ORDER BY g.at DESC, g.id DESC LIMIT $3");
    OF_CASE = concat!("SELECT ", columns!(), "WHERE g.case_id = $4 AND (g.at, g.id) < ($1, $2)
        ORDER BY g.at DESC, g.id DESC LIMIT $3");
    OF_POST = concat!("SELECT ", columns!(), "JOIN gathering_post p ON p.gathering = g.id
        WHERE p.post = $4 AND (g.at, g.id) < ($1, $2) ORDER BY g.at DESC, g.id DESC LIMIT $3");
    LAST_BALLOT = concat!("SELECT ", columns!(), "WHERE g.case_id = $1 AND g.closes IS NOT NULL
        ORDER BY g.at DESC, g.id DESC LIMIT 1");
    HAS_VOTED = "SELECT 1 FROM vote WHERE gathering = $1 AND voter = $2";
    TALLY = "SELECT v.choice, p.value, COUNT(*) FROM vote v
        LEFT JOIN private p ON p.entry = v.entry AND p.field = 'choice'
        WHERE v.gathering = $1 GROUP BY v.choice, p.value";
}

/// A gathering as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// What was called.
    pub gathering: Gathering,
    /// The entry that called it.
    pub entry: EntryId,
    /// Its minutes, once they are kept.
    pub minutes: Option<Minutes>,
}

/// What a meeting came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// The form; its texts lie beside the entry.
    pub form: Columns,
    /// The entry that kept them.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// The cases it talked about.
    pub agenda: Vec<CaseId>,
}

/// Which gatherings.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// All of the county.
    County,
    /// Of exactly this place.
    Place(PlaceId),
    /// Called by a case.
    Case(CaseId),
    /// To which a post is invited.
    Post(PostId),
}

pub(super) async fn called(tx: &mut Tx, entry: &Entry, gathering: &Gathering) -> Result<()> {
    let Gathering { id, kind, pack, case, place, at, closes, posts, called } = gathering;
    let (at, closes) = (at.as_microsecond(), closes.map(Timestamp::as_microsecond));
    let case = case.map(|it| it.0);
    let row = params![id.0, entry.id.0, kind, pack, case, place.0, at, closes, *called];
    tx.execute(CALL, &row).await?;
    let invited: Vec<Vec<Value>> = posts.iter().map(|it| params![id.0, it.0].into()).collect();
    tx.execute_all(INVITE, &invited).await?;
    Ok(())
}

pub(super) async fn minuted(
    tx: &mut Tx,
    entry: &Entry,
    id: GatheringId,
    (form, agenda): (&Columns, &[CaseId]),
) -> Result<()> {
    let agenda = to_text(&agenda)?;
    let row = params![id.0, to_text(form)?, entry.id.0, entry.at.as_microsecond(), agenda];
    tx.execute(MINUTE, &row).await?;
    Ok(())
}

pub(super) async fn cast(tx: &mut Tx, entry: &Entry, vote: &Vote) -> Result<()> {
    let row = params![vote.gathering.0, vote.voter, entry.id.0, vote.choice];
    tx.execute(CAST, &row).await?;
    Ok(())
}

/// A gathering by id.
pub async fn get(tx: &mut Tx, id: GatheringId) -> Result<Option<Called>> {
    let row = tx.query_opt(GET, &params![id.0]).await?;
    one(tx, row).await
}

/// The ballot that a case called last, open or closed.
pub async fn last_ballot(tx: &mut Tx, case: CaseId) -> Result<Option<Called>> {
    let row = tx.query_opt(LAST_BALLOT, &params![case.0]).await?;
    one(tx, row).await
}

async fn one(tx: &mut Tx, row: Option<Row>) -> Result<Option<Called>> {
    let Some(row) = row else { return Ok(None) };
    let mut called = read(&row)?;
    called.gathering.posts = invited(tx, called.gathering.id).await?;
    Ok(Some(called))
}

/// At most `limit` gatherings held before one of them, the latest first.
pub async fn page(
    tx: &mut Tx,
    of: Of,
    before: Option<(Timestamp, GatheringId)>,
    limit: i64,
) -> Result<Vec<Called>> {
    let (at, id) = before.map_or((i64::MAX, Uuid::max()), |(at, id)| (at.as_microsecond(), id.0));
    let mut values = params![at, id, limit].to_vec();
    let (text, whose) = match of {
        Of::County => (BY_TIME, None),
        Of::Place(place) => (OF_PLACE, Some(place.0)),
        Of::Case(case) => (OF_CASE, Some(case.0)),
        Of::Post(post) => (OF_POST, Some(post.0)),
    };
    values.extend(whose.map(Value::from));
    let mut found: Vec<Called> = rows(&tx.query(text, &values).await?, read)?;
    for it in &mut found {
        it.gathering.posts = invited(tx, it.gathering.id).await?;
    }
    Ok(found)
}

async fn invited(tx: &mut Tx, id: GatheringId) -> Result<Vec<PostId>> {
    rows(&tx.query(INVITED, &params![id.0]).await?, |row| Ok(PostId(row.get(0)?)))
}

/// Whether a household or post has voted.
pub async fn has_voted(tx: &mut Tx, id: GatheringId, voter: Uuid) -> Result<bool> {
    Ok(tx.query_opt(HAS_VOTED, &params![id.0, voter]).await?.is_some())
}

/// What has come of a ballot so far, with a number for each of `choices` positions; a secret vote
/// that was erased is cast for none.
pub async fn tally(tx: &mut Tx, ballot: &Gathering, choices: usize) -> Result<Tally> {
    let mut by_choice: BTreeMap<usize, u32> = BTreeMap::new();
    let mut cast = 0;
    for row in tx.query(TALLY, &params![ballot.id.0]).await? {
        let (open, secret): (Option<usize>, Option<String>) = (row.get(0)?, row.get(1)?);
        let n: u32 = row.get(2)?;
        cast += n;
        if let Some(choice) = open.map(Ok).or_else(|| secret.map(|it| position(&it))).transpose()? {
            *by_choice.entry(choice).or_default() += n;
        }
    }
    let votes = (0..choices).map(|it| by_choice.get(&it).copied().unwrap_or(0)).collect();
    Ok(Tally { called: ballot.called, cast, votes })
}

fn position(choice: &str) -> Result<usize> {
    choice.parse().map_err(|error| Error::inconsistent("a secret vote", error))
}

fn read(row: &Row) -> Result<Called> {
    let closes: Option<i64> = row.get(7)?;
    let gathering = Gathering {
        id: GatheringId(row.get(0)?),
        kind: row.get(2)?,
        pack: row.get(3)?,
        case: row.get::<Option<Uuid>>(4)?.map(CaseId),
        place: PlaceId(row.get(5)?),
        at: instant(row.get(6)?)?,
        closes: closes.map(instant).transpose()?,
        posts: Vec::new(),
        called: row.get(8)?,
    };
    Ok(Called { gathering, entry: EntryId(row.get(1)?), minutes: read_minutes(row)? })
}

fn read_minutes(row: &Row) -> Result<Option<Minutes>> {
    let Some(form) = row.get::<Option<String>>(9)? else { return Ok(None) };
    let (form, entry) = (from_text(&form)?, EntryId(row.get(10)?));
    let agenda = from_text(&row.get::<String>(12)?)?;
    Ok(Some(Minutes { form, entry, at: instant(row.get(11)?)?, agenda }))
}
