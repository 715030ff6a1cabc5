//! Notices, and who has read them.

use crate::Result;
use crate::columns::{date_if_any, day, instant, rows};
use crate::statements::sql;
use jiff::Timestamp;
use jiff::civil::Date;
use model::journal::{Entry, Event};
use model::notices::Notice;
use model::{NoticeId, PersonId, PlaceId, PostId};
use rowdb::{Row, Tx, params};
use uuid::Uuid;

/// The columns of a [`Published`] notice with where they lie, in the order in which [`read`] wants them.
macro_rules! columns {
    () => {
        "n.id, n.place, n.post, n.at, n.until_day, t.value, b.value, \
         (SELECT COUNT(*) FROM notice_read r WHERE r.notice = n.id) \
         FROM notice n \
         LEFT JOIN private t ON t.entry = n.entry AND t.field = 'title' \
         LEFT JOIN private b ON b.entry = n.entry AND b.field = 'body' "
    };
}

sql! {
    PUBLISH = "INSERT INTO notice (id, entry, place, post, at, until_day)
        VALUES ($1, $2, $3, $4, $5, $6)";
    WITHDRAW = "UPDATE notice SET withdrawn_at = $2 WHERE id = $1";
    NOTE_READ = "INSERT INTO notice_read (notice, person, at) VALUES ($1, $2, $3)
        ON CONFLICT (notice, person) DO NOTHING";
    GET = concat!("SELECT ", columns!(), "WHERE n.id = $1 AND n.withdrawn_at IS NULL");
    OF_PLACE = concat!("SELECT ", columns!(), "WHERE n.place = $1 AND n.id < $2 AND n.withdrawn_at IS NULL
        AND (n.until_day IS NULL OR n.until_day >= $3) ORDER BY n.id DESC LIMIT $4");
    HAS_READ = "SELECT 1 FROM notice_read WHERE notice = $1 AND person = $2";
}

/// A notice that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// What was published.
    pub notice: Notice,
    /// By which post.
    pub post: Option<PostId>,
    /// When.
    pub at: Timestamp,
    /// Its title, unless erased.
    pub title: Option<String>,
    /// Its words, unless erased.
    pub body: Option<String>,
    /// How many residents said that they read it.
    pub readers: i64,
}

/// Projects the events of this area.
pub(crate) async fn project(tx: &mut Tx, entry: &Entry) -> Result<()> {
    let at = entry.at.as_microsecond();
    match &entry.event {
        Event::NoticePublished { notice } => {
            let Notice { id, place, until } = notice;
            let post = entry.actor.post().map(|it| it.0);
            let values = params![id.0, entry.id.0, place.0, post, at, until.map(day)];
            tx.execute(PUBLISH, &values).await?;
        }
        Event::NoticeWithdrawn { notice } => {
            tx.execute(WITHDRAW, &params![notice.0, at]).await?;
        }
        Event::NoticeRead { notice, person } => {
            tx.execute(NOTE_READ, &params![notice.0, person.0, at]).await?;
        }
        _ => {}
    }
    Ok(())
}

/// A notice that was not withdrawn; an expired one can still be read by whoever has its address.
pub async fn get(tx: &mut Tx, id: NoticeId) -> Result<Option<Published>> {
    tx.query_opt(GET, &params![id.0]).await?.as_ref().map(read).transpose()
}

/// At most `limit` notices of exactly this place that are shown on a day, the newest first, from
/// before a notice on.
pub async fn of_place(
    tx: &mut Tx,
    place: PlaceId,
    (before, today, limit): (NoticeId, Date, i64),
) -> Result<Vec<Published>> {
    let values = params![place.0, before.0, day(today), limit];
    rows(&tx.query(OF_PLACE, &values).await?, read)
}

/// Whether a resident said that they read it.
pub async fn has_read(tx: &mut Tx, id: NoticeId, person: PersonId) -> Result<bool> {
    Ok(tx.query_opt(HAS_READ, &params![id.0, person.0]).await?.is_some())
}

fn read(row: &Row) -> Result<Published> {
    let post: Option<Uuid> = row.get(2)?;
    Ok(Published {
        notice: Notice {
            id: NoticeId(row.get(0)?),
            place: PlaceId(row.get(1)?),
            until: date_if_any(row, 4)?,
        },
        post: post.map(PostId),
        at: instant(row.get(3)?)?,
        title: row.get(5)?,
        body: row.get(6)?,
        readers: row.get(7)?,
    })
}
