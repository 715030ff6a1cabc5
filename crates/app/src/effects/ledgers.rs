//! Ledgers (账): what an act books, within the bounds that the pack sets to each account; accounts with
//! what they have, and bookings.

use super::{cut, page_size};
use crate::cases::{Sight, sight};
use crate::people::mask_name;
use crate::{Error, Result, Work};
use jiff::Timestamp;
use method::decide::{HeldBy, ToBook};
use method::definition::{AccountOf, Ledger};
use model::access::Operation;
use model::effects::{Account, Booking};
use model::journal::Event;
use model::{CaseId, EntryId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use store::cases::Case;
use store::effects::ledgers::{self, Booked, Of};
use uuid::Uuid;

/// Moves an amount; refused when an account would have less or more than it may.
pub(super) async fn book(tx: &mut Tx, work: &mut Work, case: &Case, it: &ToBook) -> Result<()> {
    let shelf = work.shelf.clone();
    let ledger = shelf.pinned(&case.state.pack)?.ledgers.get(&it.ledger);
    let ledger = ledger.ok_or_else(|| Error::internal(format!("no ledger {}", it.ledger)))?;
    let account = |(name, holder): &(String, HeldBy)| {
        let holder = match holder {
            HeldBy::County => None,
            HeldBy::Case => Some(case.id.0),
            HeldBy::Id(id) => Some(*id),
        };
        Account { account: name.clone(), holder }
    };
    let (from, to) = (account(&it.from), account(&it.to));
    if from != to {
        within_bounds(tx, (&it.ledger, ledger), &from, it.amount.saturating_neg()).await?;
        within_bounds(tx, (&it.ledger, ledger), &to, it.amount).await?;
    }
    let (amount, case) = (it.amount, case.id);
    let booking = Booking { ledger: it.ledger.clone(), from, to, amount, case };
    work.record(tx, case.0, Event::Booked { booking }).await?;
    Ok(())
}

async fn within_bounds(
    tx: &mut Tx,
    (id, ledger): (&str, &Ledger),
    account: &Account,
    change: i64,
) -> Result<()> {
    let bounds = ledger.accounts.get(&account.account);
    let has = ledgers::balance(tx, id, account).await?;
    let will = has.checked_add(change);
    if change < 0 && bounds.and_then(|it| it.min).is_some_and(|min| will < Some(min)) {
        let (zh, en) = ("账户余额不足,不能办理", "the account has not enough");
        return Err(Error::rule("overdrawn", zh, en));
    }
    let most = bounds.and_then(|it| it.max).unwrap_or(i64::MAX);
    if change > 0 && will.is_none_or(|will| will > most) {
        let (zh, en) = ("超出账户上限,不能办理", "more than the account may hold");
        return Err(Error::rule("too_much", zh, en));
    }
    Ok(())
}

/// A ledger of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is counted: `half_hour`, `fen`, `point`, `piece`.
    pub unit: String,
    /// Its accounts by name, each with who has one: `person`, `org`, `place`, `case`, `pack`.
    pub accounts: Vec<(String, String)>,
}

/// Whose account it is, as far as the reader may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderView {
    /// Account of the ledger.
    pub account: String,
    /// The person, organisation, place or case; none for an account of the county.
    pub holder: Option<Uuid>,
    /// Its name; a person's is masked, a case's is its number.
    pub name: String,
}

/// An account with what it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Whose.
    pub of: HolderView,
    /// In the ledger's unit; below zero where more left than came.
    pub balance: i64,
    /// When it changed last.
    pub at: Timestamp,
}

/// Which accounts.
#[derive(Clone, Debug, Default)]
pub struct AccountQuery {
    /// The ledger.
    pub ledger: String,
    /// Only those behind this one: the `next` of the page before.
    pub after: Option<Account>,
    /// At most so many, up to 100.
    pub limit: Option<usize>,
}

/// A page of accounts, by name and holder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// The accounts.
    pub items: Vec<AccountView>,
    /// Where the next page begins.
    pub next: Option<Account>,
}

/// A booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingView {
    /// The entry that made it.
    pub id: EntryId,
    /// Whence.
    pub from: HolderView,
    /// Whither.
    pub to: HolderView,
    /// In the ledger's unit.
    pub amount: i64,
    /// The case by which it was booked, and its number where the reader sees it.
    pub case: (CaseId, String),
    /// When.
    pub at: Timestamp,
}

/// Which bookings.
#[derive(Clone, Debug, Default)]
pub struct BookingQuery {
    /// The ledger.
    pub ledger: String,
    /// Only into and out of this account.
    pub account: Option<Account>,
    /// Only those made before this one: the `next` of the page before.
    pub after: Option<EntryId>,
    /// At most so many, up to 100.
    pub limit: Option<usize>,
}

/// A page of bookings, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookings {
    /// The bookings.
    pub items: Vec<BookingView>,
    /// Where the next page begins.
    pub next: Option<EntryId>,
}

/// The ledgers of the current pack.
pub async fn list_ledgers(_: &mut Tx, work: &mut Work) -> Result<Vec<LedgerView>> {
    work.may(Operation::ListLedgers)?;
    let ledgers = work.shelf.pack()?.ledgers.iter().map(|(id, it)| LedgerView {
        id: id.clone(),
        title: it.title.clone(),
        unit: it.unit.as_str().to_owned(),
        accounts: it.accounts.iter().map(|(name, it)| (name.clone(), word(it.of))).collect(),
    });
    Ok(ledgers.collect())
}

fn word(of: AccountOf) -> String {
    let word = AccountOf::WORDS.iter().find(|(_, it)| *it == of);
    word.map(|(word, _)| *word).unwrap_or_default().to_owned()
}

fn ledger<'a>(work: &'a Work, id: &str) -> Result<&'a Ledger> {
    work.shelf.pack()?.ledgers.get(id).ok_or_else(|| Error::not_found("ledger", id))
}

/// Accounts of a ledger with what they have.
pub async fn list_accounts(tx: &mut Tx, work: &mut Work, query: &AccountQuery) -> Result<Accounts> {
    work.may(Operation::ListLedgers)?;
    ledger(work, &query.ledger)?;
    let (limit, wanted) = page_size(query.limit);
    let after = query.after.as_ref();
    let mut found = ledgers::balances(tx, &query.ledger, after, wanted).await?;
    let next = cut(&mut found, limit, |it| it.account.clone());
    let mut items = Vec::with_capacity(found.len());
    for it in found {
        let of = holder(tx, work, (&query.ledger, it.account)).await?;
        items.push(AccountView { of, balance: it.amount, at: it.at });
    }
    Ok(Accounts { items, next })
}

/// Bookings of a ledger, or of one of its accounts.
pub async fn list_bookings(tx: &mut Tx, work: &mut Work, query: &BookingQuery) -> Result<Bookings> {
    work.may(Operation::ListLedgers)?;
    ledger(work, &query.ledger)?;
    let (limit, wanted) = page_size(query.limit);
    let of = match &query.account {
        Some(account) => Of::Account(&query.ledger, account),
        None => Of::Ledger(&query.ledger),
    };
    let mut found = ledgers::bookings(tx, of, query.after, wanted).await?;
    let next = cut(&mut found, limit, |it| it.entry);
    let mut items = Vec::with_capacity(found.len());
    for it in found {
        items.push(told(tx, work, it).await?);
    }
    Ok(Bookings { items, next })
}

async fn told(tx: &mut Tx, work: &Work, it: Booked) -> Result<BookingView> {
    let Booked { entry, booking: Booking { ledger, from, to, amount, case }, at } = it;
    Ok(BookingView {
        id: entry,
        from: holder(tx, work, (&ledger, from)).await?,
        to: holder(tx, work, (&ledger, to)).await?,
        amount,
        case: (case, number(tx, work, case).await?),
        at,
    })
}

async fn holder(
    tx: &mut Tx,
    work: &Work,
    (ledger, account): (&str, Account),
) -> Result<HolderView> {
    let name = match account.holder {
        None => String::new(),
        Some(id) => name(tx, work, (kind(work, ledger, &account), id)).await?,
    };
    Ok(HolderView { account: account.account, holder: account.holder, name })
}

/// Who has such an account; an older pack may have had one that the current one has not.
fn kind(work: &Work, ledger: &str, account: &Account) -> Option<AccountOf> {
    let pack = work.shelf.current.as_ref()?;
    Some(pack.ledgers.get(ledger)?.accounts.get(&account.account)?.of)
}

async fn name(tx: &mut Tx, work: &Work, (of, id): (Option<AccountOf>, Uuid)) -> Result<String> {
    let network = &work.shelf.network;
    Ok(match of {
        Some(AccountOf::Person) => {
            let name = store::people::contact(tx, id.into()).await?.name;
            name.map(|it| mask_name(&it)).unwrap_or_default()
        }
        Some(AccountOf::Org) => {
            network.org(id.into()).map(|it| it.name.clone()).unwrap_or_default()
        }
        Some(AccountOf::Place) => {
            network.place(id.into()).map(|it| it.name.clone()).unwrap_or_default()
        }
        Some(AccountOf::Case) => number(tx, work, id.into()).await?,
        Some(AccountOf::Pack) | None => String::new(),
    })
}

/// A case's number, for whoever may know of it.
pub(super) async fn number(tx: &mut Tx, work: &Work, id: CaseId) -> Result<String> {
    let case = store::cases::get(tx, id).await?;
    let seen = case.filter(|it| sight(work, it) != Sight::None);
    Ok(seen.map(|it| it.number).unwrap_or_default())
}
