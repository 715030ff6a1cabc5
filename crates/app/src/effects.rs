//! What acts leave beside their cases, carried out in the act's own transaction: rows of registers,
//! bookings, gatherings, words on boards, appointments; what comes round by itself; and what staff do
//! with them by hand.

mod agenda;
mod beside;
mod boards;
mod cycles;
mod gatherings;
mod ledgers;
mod records;

pub use agenda::Agenda;
pub use beside::{Beside, Part, PartState, beside};
pub use boards::{
    BoardView, PublicationQuery, PublicationView, Publications, list_boards, list_publications,
    withdraw_publication,
};
pub use cycles::{CycleView, list_cycles, run_cycles};
pub use gatherings::{
    BallotView, CastVote, GatheringQuery, GatheringView, Gatherings, MinutesView, cast_vote,
    keep_minutes, list_gatherings, show_gathering,
};
pub use ledgers::{
    AccountQuery, AccountView, Accounts, BookingQuery, BookingView, Bookings, HolderView,
    LedgerView, list_accounts, list_bookings, list_ledgers,
};
pub use records::{
    RecordChange, RecordQuery, RecordView, Records, RegisterView, change_record, fill_record,
    list_records, list_registers, show_record,
};

use crate::{Error, Result, Work, people};
use method::decide::Effect;
use rowdb::Tx;
use store::cases::Case;

/// Most of anything on one page.
const MOST: usize = 100;

/// Carries out one effect of an act whose entry is written. What it refuses refuses the act.
pub(crate) async fn carry_out(
    tx: &mut Tx,
    work: &mut Work,
    case: &Case,
    effect: &Effect,
) -> Result<()> {
    match effect {
        // Part of the act's own entry, or done with the cases it opens and ends.
        Effect::Tell { .. } | Effect::Open(_) | Effect::Release(_) => Ok(()),
        Effect::Book(it) => ledgers::book(tx, work, case, it).await,
        Effect::Publish { board, show, until } => {
            boards::publish(tx, work, case, (board, show, *until)).await
        }
        Effect::Call(it) => {
            let from = (case.state.pack.as_str(), Some(case.id));
            gatherings::call(tx, work, from, it).await
        }
        Effect::Write(it) => records::write(tx, work, case, it).await,
        Effect::Appoint { person, post } => {
            people::appoint_by_act(tx, work, (*post, *person)).await
        }
        Effect::Dismiss(post) => people::dismiss_by_act(tx, work, *post).await,
    }
}

/// How many things a page holds, and how many are asked of the store to know whether more follow.
fn page_size(limit: Option<usize>) -> (usize, i64) {
    let limit = limit.unwrap_or(20).clamp(1, MOST);
    (limit, i64::try_from(limit + 1).unwrap_or(i64::MAX))
}

/// Cuts a list that was asked for one too many; where the next page begins, if there is one.
fn cut<T, N>(found: &mut Vec<T>, limit: usize, name: impl Fn(&T) -> N) -> Option<N> {
    let more = found.len() > limit;
    found.truncate(limit);
    found.last().filter(|_| more).map(name)
}

/// Why something is done, in words that stay in the journal.
pub(crate) fn reason_of(said: &str) -> Result<String> {
    let said = said.trim();
    if (2..=200).contains(&said.chars().count()) {
        return Ok(said.to_owned());
    }
    let (zh, en) = ("请写明原因(2–200字)", "say why, in 2 to 200 characters");
    Err(Error::field("reason", "missing", zh, en))
}
