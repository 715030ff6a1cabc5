//! Ledgers: bookings that move an amount from one account to another, and what each account has by
//! them. Both change in one transaction, so that all balances of a ledger are zero together.

use crate::Result;
use crate::columns::{instant, rows};
use crate::statements::sql;
use jiff::Timestamp;
use model::effects::{Account, Booking};
use model::journal::Entry;
use model::{CaseId, EntryId};
use rowdb::{Row, Tx, Value, params};
use uuid::Uuid;

/// The columns of a [`Booked`], in the order in which [`read_booked`] wants them.
macro_rules! columns {
    () => {
        "entry, ledger, from_account, from_holder, to_account, to_holder, amount, case_id, at \
         FROM booking "
    };
}

sql! {
    BOOK = "INSERT INTO booking (entry, ledger, from_account, from_holder, to_account, to_holder,
        amount, case_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    MOVE = "INSERT INTO balance (ledger, account, holder, amount, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (ledger, account, holder) DO UPDATE SET
            amount = balance.amount + excluded.amount, at = excluded.at";
    BALANCE = "SELECT amount FROM balance WHERE ledger = $1 AND account = $2 AND holder = $3";
    BALANCES = "SELECT account, holder, amount, at FROM balance
        WHERE ledger = $1 AND (account, holder) > ($2, $3) ORDER BY account, holder LIMIT $4";
    OF_LEDGER = concat!("SELECT ", columns!(), "WHERE ledger = $1 AND entry < $2
        ORDER BY entry DESC LIMIT $3");
    OF_CASE = concat!("SELECT ", columns!(), "WHERE case_id = $1 AND entry < $2
        ORDER BY entry DESC LIMIT $3");
    // Each half stops early by its own index.
    OF_ACCOUNT = concat!("SELECT * FROM (SELECT * FROM (SELECT ", columns!(),
        "WHERE ledger = $1 AND from_account = $2 AND from_holder = $3 AND entry < $4
         ORDER BY entry DESC LIMIT $5) f UNION SELECT * FROM (SELECT ", columns!(),
        "WHERE ledger = $1 AND to_account = $2 AND to_holder = $3 AND entry < $4
         ORDER BY entry DESC LIMIT $5) t) b ORDER BY entry DESC LIMIT $5");
}

/// A booking as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The entry that made it.
    pub entry: EntryId,
    /// What was moved.
    pub booking: Booking,
    /// When.
    pub at: Timestamp,
}

/// What an account has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The account.
    pub account: Account,
    /// In the ledger's unit; below zero where more left than came.
    pub amount: i64,
    /// When it changed last.
    pub at: Timestamp,
}

/// Whose bookings.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// A ledger's.
    Ledger(&'a str),
    /// An account's in a ledger: out of it and into it.
    Account(&'a str, &'a Account),
    /// A case's.
    Case(CaseId),
}

pub(super) async fn booked(tx: &mut Tx, entry: &Entry, booking: &Booking) -> Result<()> {
    let Booking { ledger, from, to, amount, case } = booking;
    let at = entry.at.as_microsecond();
    let ((from_account, from_holder), (to_account, to_holder)) = (parts(from), parts(to));
    let row = params![
        entry.id.0,
        ledger,
        from_account,
        from_holder,
        to_account,
        to_holder,
        *amount,
        case.0,
        at
    ];
    tx.execute(BOOK, &row).await?;
    let moved = |(account, holder), amount: i64| -> Vec<Value> {
        params![ledger, account, holder, amount, at].into()
    };
    tx.execute_all(MOVE, &[moved(parts(from), -amount), moved(parts(to), *amount)]).await?;
    Ok(())
}

/// An account as it lies in columns.
fn parts(account: &Account) -> (&str, Uuid) {
    (&account.account, account.holder.unwrap_or_default())
}

fn account(name: String, holder: Uuid) -> Account {
    Account { account: name, holder: Some(holder).filter(|it| !it.is_nil()) }
}

/// What an account has; zero of one that was never booked.
pub async fn balance(tx: &mut Tx, ledger: &str, account: &Account) -> Result<i64> {
    let (name, holder) = parts(account);
    let row = tx.query_opt(BALANCE, &params![ledger, name, holder]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?.unwrap_or(0))
}

/// At most `limit` accounts of a ledger with what they have, behind an account, by name and holder.
pub async fn balances(
    tx: &mut Tx,
    ledger: &str,
    after: Option<&Account>,
    limit: i64,
) -> Result<Vec<Balance>> {
    let (name, holder) = after.map_or(("", Uuid::nil()), parts);
    let found = tx.query(BALANCES, &params![ledger, name, holder, limit]).await?;
    rows(&found, |row| {
        let account = account(row.get(0)?, row.get(1)?);
        Ok(Balance { account, amount: row.get(2)?, at: instant(row.get(3)?)? })
    })
}

/// At most `limit` bookings made before an entry, the newest first.
pub async fn bookings(
    tx: &mut Tx,
    of: Of<'_>,
    before: Option<EntryId>,
    limit: i64,
) -> Result<Vec<Booked>> {
    let before = before.map_or(Uuid::max(), |it| it.0);
    let found = match of {
        Of::Ledger(ledger) => tx.query(OF_LEDGER, &params![ledger, before, limit]).await?,
        Of::Case(case) => tx.query(OF_CASE, &params![case.0, before, limit]).await?,
        Of::Account(ledger, account) => {
            let (name, holder) = parts(account);
            tx.query(OF_ACCOUNT, &params![ledger, name, holder, before, limit]).await?
        }
    };
    rows(&found, read_booked)
}

fn read_booked(row: &Row) -> Result<Booked> {
    let booking = Booking {
        ledger: row.get(1)?,
        from: account(row.get(2)?, row.get(3)?),
        to: account(row.get(4)?, row.get(5)?),
        amount: row.get(6)?,
        case: CaseId(row.get(7)?),
    };
    Ok(Booked { entry: EntryId(row.get(0)?), booking, at: instant(row.get(8)?)? })
}
