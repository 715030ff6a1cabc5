//! What acts leave beside their cases: rows of registers, bookings in ledgers, gatherings with their
//! votes, words on boards, and the periods that cycles have run for.

pub mod boards;
pub mod cycles;
pub mod gatherings;
pub mod ledgers;
pub mod records;

use crate::{Error, Result, journal};
use model::cases::FieldValue;
use model::effects::Columns;
use model::journal::{Entry, Event};
use rowdb::Tx;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// Projects the events of this area.
pub(crate) async fn project(tx: &mut Tx, entry: &Entry) -> Result<()> {
    match &entry.event {
        Event::RecordWritten { record } => records::written(tx, entry, record).await,
        Event::Booked { booking } => ledgers::booked(tx, entry, booking).await,
        Event::GatheringCalled { gathering } => gatherings::called(tx, entry, gathering).await,
        Event::MinutesKept { gathering, form, agenda } => {
            gatherings::minuted(tx, entry, *gathering, (form, agenda)).await
        }
        Event::VoteCast { vote } => gatherings::cast(tx, entry, vote).await,
        Event::Published { publication } => boards::published(tx, entry, publication).await,
        Event::PublicationWithdrawn { publication } => {
            boards::withdrawn(tx, entry, *publication).await
        }
        Event::CycleRan { cycle, period } => cycles::ran(tx, entry, cycle, period).await,
        _ => Ok(()),
    }
}

/// The private texts of columns that were not erased, by column.
pub async fn texts(tx: &mut Tx, columns: &Columns) -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for (column, value) in columns {
        let FieldValue::Private { private } = value else { continue };
        if let Some(text) = journal::private_value(tx, *private, column).await? {
            texts.insert(column.to_string(), text);
        }
    }
    Ok(texts)
}

fn to_text(columns: &impl Serialize) -> Result<String> {
    serde_json::to_string(columns).map_err(|error| Error::inconsistent("columns", error))
}

fn from_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::inconsistent("columns", error))
}
