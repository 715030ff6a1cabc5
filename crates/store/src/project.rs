//! From an entry to the tables: the only code that writes them, used alike when an act is recorded,
//! when a backup is restored and when `verify` rebuilds everything to compare.

use crate::statements::sql;
use crate::tallies::Deltas;
use crate::{
    Result, access, cases, desk, effects, exchange, notices, people, search, settings, territory,
};
use model::EntryId;
use model::journal::{Entry, Event};
use rowdb::{Tx, params};

sql! {
    ERASE = "DELETE FROM private WHERE entry = $1 AND field = $2";
}

/// What an entry adds to the counters.
pub type Change = Deltas;

/// Carries an entry into the tables and says what it adds to the counters. Private values must lie
/// beside it already, unless they were erased. `case` is what an act is on, when it was read before.
pub async fn project(
    tx: &mut Tx,
    entry: &Entry,
    case: Option<&cases::Case>,
) -> Result<Option<Change>> {
    exchange::name_files(tx, entry).await?;
    match &entry.event {
        Event::CaseOpened { opening } => return cases::opened(tx, entry, opening).await,
        Event::CaseActed { act } | Event::CaseMoved { act, .. } => {
            return cases::acted(tx, entry, act, case).await;
        }
        Event::CaseUnjoined { case, from } => {
            return cases::unjoined(tx, entry, *case, *from).await;
        }
        Event::Founded { .. } | Event::KeyRotated { .. } | Event::EpochBegun { .. } => {}
        Event::Imported { .. }
        | Event::Exported { .. }
        | Event::BackedUp { .. }
        | Event::CredentialsChanged { .. }
        | Event::Called { .. }
        | Event::MessageFailed { .. }
        | Event::DisplayOpened { .. }
        | Event::DisplayEnded { .. } => {}
        Event::PackLoaded { id, version, hash, flat } => {
            settings::load_pack(tx, entry, [id, version, hash, flat]).await?;
        }
        Event::CalendarSet { calendar } => {
            settings::set(tx, settings::CALENDAR, &model::trees::canonical(calendar)).await?;
        }
        Event::PlaceAdded { .. }
        | Event::PlaceClosed { .. }
        | Event::PlaceRenamed { .. }
        | Event::AliasAdded { .. }
        | Event::PlaceDrawn { .. }
        | Event::HouseholdsRegistered { .. } => territory::project(tx, entry).await?,
        Event::OrgAdded { .. }
        | Event::OrgDissolved { .. }
        | Event::PostCreated { .. }
        | Event::PostEnded { .. }
        | Event::PersonAdded { .. }
        | Event::Appointed { .. }
        | Event::Dismissed { .. }
        | Event::AbsenceSet { .. }
        | Event::VisitRecorded { .. } => people::project(tx, entry).await?,
        Event::AccountOpened { .. }
        | Event::AccountClosed { .. }
        | Event::ResidentRegistered { .. }
        | Event::ResidentVerified { .. }
        | Event::PhoneChanged { .. }
        | Event::WeChatBound { .. }
        | Event::WeChatUnbound { .. } => access::project(tx, entry).await?,
        Event::Revealed { case, .. } => cases::looked(tx, entry, *case).await?,
        Event::PhraseSet { .. }
        | Event::PhraseDropped { .. }
        | Event::ShiftHandedOver { .. }
        | Event::ShiftTaken { .. } => desk::project(tx, entry).await?,
        Event::NoticePublished { .. }
        | Event::NoticeWithdrawn { .. }
        | Event::NoticeRead { .. } => notices::project(tx, entry).await?,
        Event::RecordWritten { .. }
        | Event::Booked { .. }
        | Event::GatheringCalled { .. }
        | Event::MinutesKept { .. }
        | Event::VoteCast { .. }
        | Event::Published { .. }
        | Event::PublicationWithdrawn { .. }
        | Event::CycleRan { .. } => effects::project(tx, entry).await?,
        Event::Uploaded { .. } => exchange::project(tx, entry).await?,
        Event::Erased { person, values, files, .. } => {
            erase(tx, values).await?;
            if let Some(person) = person {
                access::wechat::unbind(tx, *person).await?;
            }
            exchange::drop_files(tx, files).await?;
        }
    }
    Ok(None)
}

async fn erase(tx: &mut Tx, values: &[(EntryId, String)]) -> Result<()> {
    for (entry, field) in values {
        tx.execute(ERASE, &params![entry.0, field]).await?;
        search::erased(tx, *entry).await?;
    }
    Ok(())
}
