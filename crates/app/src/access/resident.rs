//! Residents: a code sent to a telephone number logs in, and registers at first. The number is found
//! by its keyed hash; in the clear it is a private value only.

use super::code::{CodeUse, Typed, is_right, normal_phone, phone_key, wrong_code};
use super::log_in::{LoggedIn, open_session};
use super::phone;
use crate::{County, Error, Result, Work};
use core::net::IpAddr;
use jiff::{SignedDuration, Timestamp};
use model::PersonId;
use model::access::{Actor, Operation, Standing};
use model::journal::Event;
use rowdb::Tx;
use std::sync::Arc;

/// A log-in proves the number again when the last proof is this old.
const PROOF_WORTH_NOTING: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A log-in by code.
#[derive(Clone)]
pub struct CodeLogIn {
    /// The number, as typed.
    pub phone: String,
    /// The six digits.
    pub code: String,
    /// Where the request comes from.
    pub address: IpAddr,
}

/// Logs in by code; none when it is wrong, which is counted.
async fn try_code(tx: &mut Tx, work: &mut Work, request: &CodeLogIn) -> Result<Option<LoggedIn>> {
    work.may(Operation::LogInResident)?;
    let CodeLogIn { phone, code, address } = request.clone();
    let typed = Typed { phone: normal_phone(&phone)?, code, address };
    if !is_right(tx, work, &typed, CodeUse::LogIn).await? {
        return Ok(None);
    }
    let (person, proven) = resident_of(tx, work, typed.phone).await?;
    enter(tx, work, (person, proven)).await.map(Some)
}

/// Begins a session of a resident whose number was proven then.
pub(super) async fn enter(
    tx: &mut Tx,
    work: &mut Work,
    (person, proven): (PersonId, Timestamp),
) -> Result<LoggedIn> {
    let (token, expires_at) = open_session(tx, work, (None, person), Some(proven)).await?;
    Ok(LoggedIn { token, expires_at, must: Vec::new() })
}

/// The resident of a number that was proven now, registered if new; and when the number was last
/// noted as proven.
pub(super) async fn resident_of(
    tx: &mut Tx,
    work: &mut Work,
    phone: String,
) -> Result<(PersonId, Timestamp)> {
    let key = phone_key(work, &phone);
    let known = store::access::resident_by_key(tx, &key).await?;
    let Some(known) = known else {
        return Ok((register(tx, work, key, phone).await?, work.now()));
    };
    let person = known.person;
    if store::people::contact(tx, person).await?.phone.is_none() {
        // It was erased, and is given anew.
        work.actor = Actor::Resident { person };
        phone::record(tx, work, (person, phone, key)).await?;
        return Ok((person, work.now()));
    }
    if known.verified_at.duration_until(work.now()) < PROOF_WORTH_NOTING {
        return Ok((person, known.verified_at));
    }
    work.actor = Actor::Resident { person };
    work.record(tx, person.0, Event::ResidentVerified { person }).await?;
    Ok((person, work.now()))
}

/// The resident of a number, registered if new, without a log-in: for the program, which enters what
/// happened before.
pub async fn register_resident(tx: &mut Tx, work: &mut Work, phone: &str) -> Result<PersonId> {
    if work.standing() != Standing::System {
        return Err(Error::Forbidden { operation: Operation::LogInResident });
    }
    let phone = normal_phone(phone)?;
    let key = phone_key(work, &phone);
    match store::access::resident_by_key(tx, &key).await? {
        Some(known) => Ok(known.person),
        None => register(tx, work, key, phone).await,
    }
}

async fn register(tx: &mut Tx, work: &mut Work, key: String, phone: String) -> Result<PersonId> {
    let person: PersonId = work.draw.id();
    work.actor = Actor::Resident { person };
    work.private.insert("phone".to_owned(), phone);
    work.record(tx, person.0, Event::ResidentRegistered { person, key }).await?;
    Ok(person)
}

impl County {
    /// Logs a resident in by code, registering the number at first.
    pub async fn log_in_resident(self: &Arc<Self>, request: CodeLogIn) -> Result<LoggedIn> {
        let logged_in = self
            .run(Actor::Visitor, move |tx, mut work| {
                let request = request.clone();
                Box::pin(async move { try_code(tx, &mut work, &request).await })
            })
            .await?;
        logged_in.ok_or_else(wrong_code)
    }
}
