//! What a use case is given besides its transaction: who acts, when, chance, and the shelf.

use crate::numbers::Numbers;
use crate::shelf::Shelf;
use crate::territory::Atlas;
use crate::{Error, Result};
use jiff::Timestamp;
use model::access::{ADMINISTRATORS, Actor, Operation, Standing};
use model::journal::{Entry, Event, Private};
use model::{Draw, EntryId};
use rowdb::Tx;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::cases::Case;
use store::journal::Draft;
use uuid::Uuid;

/// One piece of work.
#[derive(Clone, Debug)]
pub struct Work {
    /// Who acts.
    pub actor: Actor,
    /// When, and with which chance.
    pub draw: Draw,
    /// What decisions read.
    pub shelf: Arc<Shelf>,
    /// Key of the hashes by which telephones are found.
    pub pepper: [u8; 32],
    /// Whether this is a demo county (`000000` logs residents in).
    pub demo: bool,
    /// Whether askers are told by short messages: somebody sends them.
    pub tells: bool,
    /// Case numbers.
    pub numbers: Arc<Numbers>,
    /// Outlines.
    pub atlas: Arc<Atlas>,
    /// Personal texts of the entry being made, by field.
    pub private: BTreeMap<String, String>,
}

impl Work {
    /// Now.
    pub fn now(&self) -> Timestamp {
        self.draw.now
    }

    /// The local day.
    pub fn today(&self) -> jiff::civil::Date {
        calendar::local_date(self.now())
    }

    /// What kind of actor this is, for the permission table.
    pub fn standing(&self) -> Standing {
        match &self.actor {
            Actor::Display { .. } => Standing::Display,
            Actor::Visitor => Standing::Visitor,
            Actor::Claimant { .. } => Standing::Claimant,
            Actor::Resident { .. } => Standing::Resident,
            Actor::System { .. } => Standing::System,
            Actor::Staff { post, .. } => {
                let role = self.shelf.network.post(*post).map_or("", |post| post.role.as_str());
                match ADMINISTRATORS.iter().position(|it| *it == role) {
                    Some(0) => Standing::SystemAdmin,
                    Some(1) => Standing::SecurityAdmin,
                    Some(_) => Standing::AuditAdmin,
                    None => Standing::Staff,
                }
            }
        }
    }

    /// Refuses an operation that is not for this actor.
    pub fn may(&self, operation: Operation) -> Result<()> {
        if operation.admits(self.standing()) {
            return Ok(());
        }
        match self.actor {
            Actor::Visitor => Err(Error::Unauthenticated),
            _ => Err(Error::Forbidden { operation }),
        }
    }

    /// The county's name; none of a county without places.
    pub fn county_name(&self) -> String {
        self.shelf.network.root().map(|it| it.name.clone()).unwrap_or_default()
    }

    /// The next human case number of the local day: the day and a running number, with gaps.
    pub async fn number(&self, tx: &mut Tx) -> Result<String> {
        let day = self.today();
        let n = match self.demo {
            // A demo's history opens cases of many days in one command; nobody else waits for them.
            true => store::access::secrets::reserve_numbers(tx, day, 1).await?,
            false => self.numbers.take(tx, day).await?,
        };
        Ok(format!("{}{n:05}", day.strftime("%Y%m%d")))
    }

    /// The claim code of a case: derived, so that it is kept nowhere.
    pub fn claim_code(&self, case: model::CaseId) -> String {
        code_of(&self.keyed(b"claim", case.0.as_bytes()))
    }

    /// What is kept of a claim code, however it is spelt.
    pub fn claim_hash(&self, code: &str) -> Vec<u8> {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        self.keyed(b"claim hash", code.to_ascii_uppercase().as_bytes()).to_vec()
    }

    /// HMAC-SHA256 under the county's pepper.
    pub fn keyed(&self, purpose: &[u8], value: &[u8]) -> [u8; 32] {
        use hmac::{Hmac, KeyInit, Mac};
        let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(&self.pepper) else {
            return [0; 32];
        };
        mac.update(purpose);
        mac.update(&[0]);
        mac.update(value);
        mac.finalize().into_bytes().into()
    }

    /// Records an event that is not about a case.
    pub async fn record(&mut self, tx: &mut Tx, subject: Uuid, event: Event) -> Result<Entry> {
        let id = self.draw.entry();
        self.record_as(tx, id, (Some(subject), None, self.now()), event).await
    }

    /// Records an event under a given id, about a subject at a revision, with the private texts
    /// gathered in `private`.
    pub async fn record_as(
        &mut self,
        tx: &mut Tx,
        id: EntryId,
        (subject, revision, at): (Option<Uuid>, Option<i64>, Timestamp),
        event: Event,
    ) -> Result<Entry> {
        let draft = self.draft(id, (subject, revision, at), event);
        Ok(store::journal::record(tx, draft).await?)
    }

    /// Records an event about a case as it was read in this transaction, at its next revision.
    pub async fn record_on(
        &mut self,
        tx: &mut Tx,
        (id, case): (EntryId, &Case),
        at: Timestamp,
        event: Event,
    ) -> Result<Entry> {
        let draft = self.draft(id, (Some(case.id.0), Some(case.revision + 1), at), event);
        Ok(store::journal::record_on(tx, draft, Some(case)).await?)
    }

    fn draft(
        &mut self,
        id: EntryId,
        (subject, revision, at): (Option<Uuid>, Option<i64>, Timestamp),
        event: Event,
    ) -> Draft {
        let private = std::mem::take(&mut self.private);
        let private: BTreeMap<String, Private> = private
            .into_iter()
            .map(|(field, value)| (field, Private { salt: self.draw.salt(), value }))
            .collect();
        let actor = self.actor.clone();
        Draft { id, at, actor, subject, revision, event, private }
    }
}

/// Ten letters and digits of random bytes, none of which is mistaken for another: 2⁵⁰ codes.
pub(crate) fn code_of(bytes: &[u8; 32]) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).map(|it| char::from(*it));
    bytes.iter().take(10).filter_map(letter).collect()
}
