//! Service visits: counted by place, kind and day. Who was visited, and where exactly, is not kept.

use crate::territory::{find, must_stand_over};
use crate::{Error, Result, Work};
use jiff::civil::Date;
use model::access::Operation;
use model::journal::{Event, Visit};
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// A visit is noted within so many days.
const NOTED_WITHIN: i32 = 31;

/// A visit to be recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewVisit {
    /// Code of the micro-grid or community visited.
    pub place: String,
    /// Kind of service (`home`, `safety`, …).
    pub kind: String,
    /// The day; today when none is given.
    pub day: Option<Date>,
    /// How many people took part.
    pub people: u32,
}

/// Which visits to count.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VisitQuery {
    /// Code of the place; what lies in it is counted too.
    pub place: String,
    /// First day.
    pub from: Date,
    /// First day after.
    pub until: Date,
}

/// Visits of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitCount {
    /// Kind of service.
    pub kind: String,
    /// Visits.
    pub visits: i64,
    /// 人次.
    pub people: i64,
}

/// Records a visit in the area of the acting post.
pub async fn record_visit(tx: &mut Tx, work: &mut Work, request: &NewVisit) -> Result<()> {
    work.may(Operation::RecordVisit)?;
    let post = work.actor.post().ok_or(Error::Forbidden { operation: Operation::RecordVisit })?;
    let place = find(work, &request.place)?.id;
    must_stand_over(work, place)?;
    let day = request.day.unwrap_or(work.today());
    let ago = day.until(work.today()).map_or(-1, |span| span.get_days());
    if !(0..=NOTED_WITHIN).contains(&ago) {
        let chinese = "只能补记31天内的走访";
        return Err(Error::field("day", "out_of_range", chinese, "within the last 31 days"));
    }
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    if !(1..=20).contains(&request.kind.len()) || !request.kind.chars().all(word) {
        return Err(Error::field("kind", "wrong_form", "请选择服务类型", "choose a kind"));
    }
    if !(1..=1000).contains(&request.people) {
        return Err(Error::field("people", "out_of_range", "人次为1至1000", "1 to 1000"));
    }
    let visit = Visit { post, place, kind: request.kind.clone(), day, people: request.people };
    work.record(tx, place.0, Event::VisitRecorded { visit }).await?;
    Ok(())
}

/// Counts visits by kind.
pub async fn count_visits(tx: &mut Tx, work: &Work, query: &VisitQuery) -> Result<Vec<VisitCount>> {
    work.may(Operation::CountVisits)?;
    let place = find(work, &query.place)?.id;
    let counts = store::people::counts::visits(tx, place, query.from, query.until).await?;
    let count = |(kind, it): (String, store::people::counts::Visits)| VisitCount {
        kind,
        visits: it.visits,
        people: it.people,
    };
    Ok(counts.into_iter().map(count).collect())
}
