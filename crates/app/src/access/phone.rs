//! Changing the number by which one logs in: proven by a code that was sent to the new one. The
//! account, its cases and whatever is bound to it stay; sessions elsewhere end.

use super::code::{CodeUse, Typed, is_right, normal_phone, phone_key, wrong_code};
use super::session::{Ticket, hash};
use crate::{County, Error, Result, Work};
use core::net::IpAddr;
use model::PersonId;
use model::access::{Actor, Operation};
use model::journal::Event;
use rowdb::Tx;
use std::sync::Arc;
use store::access::sessions;

/// A change of one's number.
#[derive(Clone)]
pub struct ChangePhone {
    /// The session that asks, which stays.
    pub ticket: Ticket,
    /// The new number, as typed.
    pub phone: String,
    /// The six digits that were sent to it.
    pub code: String,
    /// Where the request comes from.
    pub address: IpAddr,
}

/// Changes the number; false when the code is wrong, which is counted.
async fn change_phone(tx: &mut Tx, work: &mut Work, request: &ChangePhone) -> Result<bool> {
    work.may(Operation::ChangePhone)?;
    let Actor::Resident { person } = work.actor else { return Err(Error::Unauthenticated) };
    let ChangePhone { ticket, phone, code, address } = request.clone();
    let typed = Typed { phone: normal_phone(&phone)?, code, address };
    let key = phone_key(work, &typed.phone);
    let holder = store::access::resident_by_key(tx, &key).await?.map(|it| it.person);
    if holder == Some(person) {
        let (zh, en) = ("这就是您现在的手机号", "this is your number already");
        return Err(Error::field("phone", "same", zh, en));
    }
    if !is_right(tx, work, &typed, CodeUse::NewPhone).await? {
        return Ok(false);
    }
    // Told to nobody who has not proven the number.
    if holder.is_some() {
        return Err(taken());
    }
    record(tx, work, (person, typed.phone, key)).await?;
    sessions::close_others_of(tx, person, &hash(&ticket.token)).await?;
    Ok(true)
}

/// Records the number by which a person is reached from now on.
pub(super) async fn record(
    tx: &mut Tx,
    work: &mut Work,
    (person, phone, key): (PersonId, String, String),
) -> Result<()> {
    work.private.insert("phone".to_owned(), phone);
    work.record(tx, person.0, Event::PhoneChanged { person, key }).await?;
    Ok(())
}

fn taken() -> Error {
    Error::rule(
        "phone_taken",
        "这个手机号已有账号,不能换成它;可用它直接登录那个账号",
        "another account has this number: log in by it, or give another number",
    )
}

impl County {
    /// Changes the number by which a resident logs in.
    pub async fn change_phone(self: &Arc<Self>, request: ChangePhone) -> Result<()> {
        let actor = self.authenticate(request.ticket.clone(), Operation::ChangePhone).await?;
        let right = self.run(actor, move |tx, mut work| {
            let request = request.clone();
            Box::pin(async move { change_phone(tx, &mut work, &request).await })
        });
        if right.await? { Ok(()) } else { Err(wrong_code()) }
    }
}
