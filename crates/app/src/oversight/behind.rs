//! The cases behind a rate: exactly those that were counted, told apart by the same rule that counts
//! them, as far as the acting post may see them.

use crate::cases::{Line, Sight, line, sight};
use crate::{Error, Result, Work};
use model::PlaceId;
use model::access::Operation;
use model::rates::{Basis, CountedAs, Part, part};
use rowdb::Tx;
use store::cases::{Based, Cursor, by_basis};
use store::tallies::Period;

/// A page looks at no more cases than this; it may be short, and yet not the last.
const LOOKED_AT: usize = 2_000;
/// So many are read at a time.
const READ: usize = 200;

/// Which cases of which rate.
#[derive(Clone, Debug)]
pub struct ListRateCases {
    /// Name of the rate, as `rates` has it.
    pub rate: String,
    /// The place.
    pub place: PlaceId,
    /// The days.
    pub period: Period,
    /// Which of them.
    pub part: Part,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many, 50 unless said otherwise, at most 200.
    pub limit: Option<usize>,
}

/// Some of the cases behind a rate.
#[derive(Clone, Debug, Default)]
pub struct RateCases {
    /// Those that the acting post may see.
    pub items: Vec<Line>,
    /// How many of this stretch it may not see.
    pub hidden: usize,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// The cases behind a rate, the newest first by the day on which it counts them.
pub async fn rate_cases(tx: &mut Tx, work: &mut Work, wanted: &ListRateCases) -> Result<RateCases> {
    work.may(Operation::ListRateCases)?;
    let basis = Basis::of(&wanted.rate).ok_or_else(|| Error::not_found("rate", &wanted.rate))?;
    let level = work.shelf.network.place(wanted.place).map_or(0, |it| it.level);
    let place = (level, wanted.place);
    let which = Based { basis, place, period: wanted.period, ended: ended(wanted) };
    let limit = wanted.limit.unwrap_or(50).clamp(1, 200);
    let days = wanted.period.from..wanted.period.until;
    let (mut page, mut looked_at) = (RateCases { next: wanted.after, ..RateCases::default() }, 0);
    loop {
        let read = i64::try_from(READ).unwrap_or(i64::MAX);
        let found = by_basis(tx, &which, page.next, read).await?;
        let last = found.len() < READ;
        looked_at += found.len();
        for (it, cursor) in found {
            if page.items.len() == limit {
                return Ok(page);
            }
            page.next = Some(cursor);
            let counted = CountedAs::of(it.case.link);
            if part(&it.case.state, counted, &days, &wanted.rate) != Some(wanted.part) {
                continue;
            }
            match sight(work, &it.case) {
                Sight::None => page.hidden += 1,
                _ => page.items.push(line(work, it)?),
            }
        }
        if last {
            page.next = None;
            return Ok(page);
        }
        if looked_at >= LOOKED_AT {
            return Ok(page);
        }
    }
}

/// Of the rate of ended cases it is known in advance which part has ended.
fn ended(wanted: &ListRateCases) -> Option<bool> {
    (wanted.rate == "closed").then_some(wanted.part != Part::Rest)
}
