//! The auditor's listing of the journal, and what people are told of their own data: what is held,
//! and who looked at it. The journal holds no personal text, so nothing here needs a mask.

use crate::people::Called;
use crate::{Error, Result, Work};
use calendar::start_of_day;
use jiff::Timestamp;
use jiff::civil::Date;
use model::access::{Actor, Operation};
use model::journal::Event;
use model::{CaseId, Entry, EntryId, PersonId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::cases::CaseFilter;
use uuid::Uuid;

/// Entries looked at for one page; a rare kind is found by turning pages.
const WINDOW: u64 = 2_000;
/// The most a page holds.
const MOST: usize = 200;

/// Which entries; without conditions, all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFilter {
    /// Only of this kind (`case_acted`).
    pub kind: Option<String>,
    /// Only acts of this person.
    pub person: Option<PersonId>,
    /// Only about this case, place, person, …
    pub subject: Option<Uuid>,
    /// Only from this local day on.
    pub from: Option<Date>,
    /// Only before this local day.
    pub until: Option<Date>,
    /// Only before this position: the `next` of the page before.
    pub before: Option<u64>,
    /// At most so many, up to 200.
    pub limit: Option<usize>,
}

/// An entry in the listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// Its position in the log.
    pub position: u64,
    /// Its id.
    pub id: EntryId,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// Who did it, with the post.
    pub actor: Actor,
    /// The case, place, person, … it is about.
    pub subject: Option<Uuid>,
    /// The case's revision after it.
    pub revision: Option<i64>,
    /// The action, the purpose of a look, the reason of an erasure.
    pub what: Option<String>,
    /// Names of the private values kept beside it.
    pub private: Vec<String>,
}

/// A page of the listing, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// The entries.
    pub items: Vec<Listed>,
    /// Where the next page begins; none when all was looked at.
    pub next: Option<u64>,
}

/// Entries of the journal for the audit administrator.
pub async fn entries(tx: &mut Tx, work: &mut Work, filter: &EntryFilter) -> Result<Listing> {
    work.may(Operation::ListEntries)?;
    let limit = filter.limit.unwrap_or(50).clamp(1, MOST);
    let size = store::seal::size(tx).await?;
    let first = match filter.from {
        Some(day) => position_at(tx, size, start_of_day(day)).await?,
        None => 0,
    };
    let last = match filter.until {
        Some(day) => position_at(tx, size, start_of_day(day)).await?,
        None => size,
    };
    let end = filter.before.unwrap_or(u64::MAX).min(last);
    let start = end.saturating_sub(WINDOW).max(first.min(end));
    let window = store::seal::page(tx, start, i64::try_from(end - start).unwrap_or(0)).await?;
    let mut listing = Listing::default();
    for (position, _, body) in window.iter().rev() {
        let entry: Entry = serde_json::from_str(body).map_err(Error::internal)?;
        if admits(filter, &entry) {
            listing.items.push(listed(*position, entry));
        }
        if listing.items.len() == limit {
            listing.next = Some(*position).filter(|it| *it > first);
            return Ok(listing);
        }
    }
    listing.next = Some(start).filter(|it| *it > first);
    Ok(listing)
}

/// The first position whose entry is not older than an instant. Entries lie almost in the order of
/// their times: an entry's time is never before the last one of its case.
async fn position_at(tx: &mut Tx, size: u64, at: Timestamp) -> Result<u64> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = low.midpoint(high);
        let page = store::seal::page(tx, middle, 1).await?;
        let entry = page.first().map(|(_, _, body)| serde_json::from_str::<Entry>(body));
        match entry.transpose().map_err(Error::internal)? {
            Some(entry) if entry.at < at => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

fn admits(filter: &EntryFilter, entry: &Entry) -> bool {
    filter.kind.as_deref().is_none_or(|kind| kind == entry.event.kind())
        && filter.person.is_none_or(|person| entry.actor.person() == Some(person))
        && filter.subject.is_none_or(|subject| entry.subject == Some(subject))
}

fn listed(position: u64, entry: Entry) -> Listed {
    let what = match &entry.event {
        Event::CaseActed { act } | Event::CaseMoved { act, .. } => Some(act.action.clone()),
        Event::Revealed { purpose, .. } => Some(purpose.clone()),
        Event::Erased { reason, .. } => Some(reason.clone()),
        Event::CredentialsChanged { what, .. } => Some(what.clone()),
        Event::Imported { name, .. } => Some(name.clone()),
        Event::BackedUp { file, .. } => Some(file.clone()),
        Event::MessageFailed { told, .. } => Some(told.clone()),
        Event::Exported { reason, .. } => Some(reason.clone()),
        _ => None,
    };
    Listed {
        position,
        id: entry.id,
        at: entry.at,
        kind: entry.event.kind().to_owned(),
        subject: entry.subject,
        revision: entry.revision,
        what,
        private: entry.private.into_keys().collect(),
        actor: entry.actor,
    }
}

/// A look at masked values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// The entry of the look.
    pub entry: EntryId,
    /// Whose case.
    pub case: CaseId,
    /// When.
    pub at: Timestamp,
    /// The post that looked; the name behind it is not told.
    pub post: Option<PostId>,
    /// Which values.
    pub fields: Vec<String>,
    /// What for.
    pub purpose: String,
}

/// What is held about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Their cases.
    pub cases: Vec<CaseId>,
    /// Names of the private values of their own entries (`name`, `phone`).
    pub values: BTreeSet<String>,
    /// Who asked to be connected with them.
    pub calls: Vec<Called>,
    /// Who looked at the masked ones.
    pub looks: Vec<Looked>,
}

/// What is held about whoever asks, and who looked at it.
pub async fn my_data(tx: &mut Tx, work: &mut Work) -> Result<Held> {
    work.may(Operation::ShowMyData)?;
    let person = work.actor.person().ok_or(Error::Unauthenticated)?;
    let mut held = Held { cases: cases_of(tx, person).await?, ..Held::default() };
    for entry in store::audit::of_person(tx, person).await? {
        held.values.extend(store::journal::private(tx, entry).await?.into_keys());
    }
    held.calls = crate::people::calls_to(tx, person).await?;
    held.looks = looks(tx, &held.cases).await?;
    Ok(held)
}

/// Who looked at masked values of a person's cases; for the audit administrator, and for the person.
pub async fn who_looked(tx: &mut Tx, work: &mut Work, person: PersonId) -> Result<Vec<Looked>> {
    let own = work.actor.person() == Some(person);
    work.may(if own { Operation::ShowMyData } else { Operation::ListEntries })?;
    let cases = cases_of(tx, person).await?;
    looks(tx, &cases).await
}

/// The cases a person asked for, sensitive ones too, the newest first.
pub(super) async fn cases_of(tx: &mut Tx, person: PersonId) -> Result<Vec<CaseId>> {
    let mut filter = CaseFilter::new().asker(person).with_sensitive();
    let mut cases = Vec::new();
    loop {
        let page = store::cases::page(tx, &filter, 200).await?;
        cases.extend(page.items.iter().map(|it| it.case.id));
        let Some(next) = page.next else { return Ok(cases) };
        filter = filter.after(next);
    }
}

async fn looks(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Looked>> {
    let mut looks = Vec::new();
    for case in cases {
        for look in store::cases::looks(tx, *case).await? {
            let entry = store::journal::get(tx, look.entry).await?;
            if let Some(Event::Revealed { fields, purpose, .. }) = entry.map(|it| it.event) {
                let (entry, case) = (look.entry, *case);
                looks.push(Looked { entry, case, at: look.at, post: look.post, fields, purpose });
            }
        }
    }
    looks.sort_by_key(|look| std::cmp::Reverse((look.at, look.entry)));
    Ok(looks)
}
