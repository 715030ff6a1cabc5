//! What stands on boards (公示栏).

use super::{from_text, to_text};
use crate::Result;
use crate::columns::{instant, rows};
use crate::statements::sql;
use jiff::Timestamp;
use model::effects::Publication;
use model::journal::Entry;
use model::{CaseId, EntryId, PlaceId, PostId, PublicationId};
use rowdb::{Row, Tx, params};
use uuid::Uuid;

/// The columns of a [`Published`], in the order in which [`read`] wants them.
macro_rules! columns {
    () => {
        "p.id, p.entry, p.board, p.pack, p.case_id, p.place, p.columns, p.post, p.at, p.until, \
         p.withdrawn_at FROM publication p "
    };
}

sql! {
    PUBLISH = "INSERT INTO publication (id, entry, board, pack, case_id, place, columns, post, at, until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    WITHDRAW = "UPDATE publication SET withdrawn_at = $2 WHERE id = $1";
    LIST = "INSERT INTO publication_place (board, place, publication)
        WITH RECURSIVE up (id, parent) AS (
            SELECT id, parent FROM place WHERE id = $2
            UNION ALL SELECT p.id, p.parent FROM place p JOIN up ON p.id = up.parent)
        SELECT $1, id, $3 FROM up";
    GET = concat!("SELECT ", columns!(), "WHERE p.id = $1");
    AT = concat!("SELECT ", columns!(), "WHERE p.board = $1 AND p.place = $2 AND p.id < $3
        AND p.withdrawn_at IS NULL AND (p.until IS NULL OR p.until > $4)
        ORDER BY p.id DESC LIMIT $5");
    WITHIN = concat!("SELECT ", columns!(), "JOIN publication_place l ON l.publication = p.id
        WHERE l.board = $1 AND l.place = $2 AND l.publication < $3
        AND p.withdrawn_at IS NULL AND (p.until IS NULL OR p.until > $4)
        ORDER BY l.publication DESC LIMIT $5");
    OF_CASE = concat!("SELECT ", columns!(), "WHERE p.case_id = $1 ORDER BY p.id DESC LIMIT $2");
}

/// A publication as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// What was published.
    pub publication: Publication,
    /// The entry that published it.
    pub entry: EntryId,
    /// By which post; none where the clock did.
    pub post: Option<PostId>,
    /// When.
    pub at: Timestamp,
    /// When it was taken off its board.
    pub withdrawn_at: Option<Timestamp>,
}

pub(super) async fn published(tx: &mut Tx, entry: &Entry, it: &Publication) -> Result<()> {
    let Publication { id, board, pack, case, place, columns, until } = it;
    let post = entry.actor.post().map(|it| it.0);
    let (at, until) = (entry.at.as_microsecond(), until.map(Timestamp::as_microsecond));
    let columns = to_text(columns)?;
    let row = params![id.0, entry.id.0, board, pack, case.0, place.0, columns, post, at, until];
    tx.execute(PUBLISH, &row).await?;
    tx.execute(LIST, &params![board, place.0, id.0]).await?;
    Ok(())
}

pub(super) async fn withdrawn(tx: &mut Tx, entry: &Entry, id: PublicationId) -> Result<()> {
    tx.execute(WITHDRAW, &params![id.0, entry.at.as_microsecond()]).await?;
    Ok(())
}

/// A publication by id, also one that is no longer shown.
pub async fn get(tx: &mut Tx, id: PublicationId) -> Result<Option<Published>> {
    tx.query_opt(GET, &params![id.0]).await?.as_ref().map(read).transpose()
}

/// Whose board.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// Exactly this place's.
    At(PlaceId),
    /// This place's, and those of all places below it.
    Within(PlaceId),
}

/// At most `limit` publications that a board shows at `now`, the newest first, from before a
/// publication on.
pub async fn shown(
    tx: &mut Tx,
    (board, of): (&str, Of),
    now: Timestamp,
    (before, limit): (Option<PublicationId>, i64),
) -> Result<Vec<Published>> {
    let before = before.map_or(Uuid::max(), |it| it.0);
    let (text, place) = match of {
        Of::At(place) => (AT, place),
        Of::Within(place) => (WITHIN, place),
    };
    let values = params![board, place.0, before, now.as_microsecond(), limit];
    rows(&tx.query(text, &values).await?, read)
}

/// At most `limit` publications about a case, the newest first, also those no longer shown.
pub async fn of_case(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Published>> {
    rows(&tx.query(OF_CASE, &params![case.0, limit]).await?, read)
}

fn read(row: &Row) -> Result<Published> {
    let when = |index| row.get::<Option<i64>>(index)?.map(instant).transpose();
    let publication = Publication {
        id: PublicationId(row.get(0)?),
        board: row.get(2)?,
        pack: row.get(3)?,
        case: CaseId(row.get(4)?),
        place: PlaceId(row.get(5)?),
        columns: from_text(&row.get::<String>(6)?)?,
        until: when(9)?,
    };
    Ok(Published {
        publication,
        entry: EntryId(row.get(1)?),
        post: row.get::<Option<Uuid>>(7)?.map(PostId),
        at: instant(row.get(8)?)?,
        withdrawn_at: when(10)?,
    })
}
