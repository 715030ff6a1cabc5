//! Accounts and residents as the journal made them. Secrets, sessions and what throttles them,
//! which never enter the journal, are `access::secrets` and `access::sessions`.

pub mod displays;
pub mod secrets;
pub mod sessions;
pub mod wechat;

use crate::columns::{instant, rows};
use crate::statements::sql;
use crate::{Result, people};
use jiff::Timestamp;
use model::journal::{Entry, Event};
use model::{AccountId, PersonId};
use rowdb::{Row, Tx, params};

sql! {
    OPEN_ACCOUNT = "INSERT INTO account (id, name, person, closed) VALUES ($1, $2, $3, $4)";
    CLOSE_ACCOUNT = "UPDATE account SET closed = $2 WHERE id = $1";
    FREE_KEY = "DELETE FROM resident WHERE key = $1 AND person <> $2";
    REGISTER = "INSERT INTO resident (person, key, verified_at) VALUES ($1, $2, $3)
        ON CONFLICT (person) DO UPDATE SET key = excluded.key, verified_at = excluded.verified_at";
    VERIFY = "UPDATE resident SET verified_at = $2 WHERE person = $1";
    ACCOUNT = "SELECT id, name, person, closed FROM account WHERE id = $1";
    ACCOUNT_BY_NAME = "SELECT id, name, person, closed FROM account WHERE name = $1";
    ACCOUNTS_OF = "SELECT id, name, person, closed FROM account WHERE person = $1 ORDER BY id";
    ACCOUNTS = "SELECT id, name, person, closed FROM account ORDER BY name";
    RESIDENT = "SELECT person, verified_at FROM resident WHERE person = $1";
    RESIDENT_BY_KEY = "SELECT person, verified_at FROM resident WHERE key = $1";
}

/// An account of a member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The name one logs in by; unique.
    pub name: String,
    /// Whose it is.
    pub person: PersonId,
    /// Whether it was closed.
    pub closed: bool,
}

/// A resident who logs in by telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Who it is.
    pub person: PersonId,
    /// When the number was last proven.
    pub verified_at: Timestamp,
}

/// Projects the events of this area. Closing an account ends its sessions and displays; a number belongs to
/// whoever registered it last.
pub(crate) async fn project(tx: &mut Tx, entry: &Entry) -> Result<()> {
    let at = entry.at.as_microsecond();
    match &entry.event {
        Event::AccountOpened { account, person, name } => {
            tx.execute(OPEN_ACCOUNT, &params![account.0, name, person.0, false]).await?;
        }
        Event::AccountClosed { account } => {
            tx.execute(CLOSE_ACCOUNT, &params![account.0, true]).await?;
            sessions::close_all(tx, *account).await?;
            displays::end_all(tx, *account).await?;
        }
        Event::ResidentRegistered { person, key } => {
            people::add_person(tx, *person, entry.id).await?;
            tx.execute(FREE_KEY, &params![key, person.0]).await?;
            tx.execute(REGISTER, &params![person.0, key, at]).await?;
        }
        Event::ResidentVerified { person } => {
            tx.execute(VERIFY, &params![person.0, at]).await?;
        }
        Event::PhoneChanged { person, key } => {
            people::reach_by(tx, *person, entry.id).await?;
            tx.execute(REGISTER, &params![person.0, key, at]).await?;
        }
        Event::WeChatBound { person, key } => wechat::bind(tx, *person, key).await?,
        Event::WeChatUnbound { person } => wechat::unbind(tx, *person).await?,
        _ => {}
    }
    Ok(())
}

/// An account by id.
pub async fn account(tx: &mut Tx, id: AccountId) -> Result<Option<Account>> {
    tx.query_opt(ACCOUNT, &params![id.0]).await?.as_ref().map(read_account).transpose()
}

/// An account by the name one logs in by.
pub async fn account_by_name(tx: &mut Tx, name: &str) -> Result<Option<Account>> {
    tx.query_opt(ACCOUNT_BY_NAME, &params![name]).await?.as_ref().map(read_account).transpose()
}

/// The accounts of a person, the oldest first.
pub async fn accounts_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Account>> {
    rows(&tx.query(ACCOUNTS_OF, &params![person.0]).await?, read_account)
}

/// All accounts in the order of their names.
pub async fn accounts(tx: &mut Tx) -> Result<Vec<Account>> {
    rows(&tx.query(ACCOUNTS, &[]).await?, read_account)
}

/// A resident by person.
pub async fn resident(tx: &mut Tx, person: PersonId) -> Result<Option<Resident>> {
    tx.query_opt(RESIDENT, &params![person.0]).await?.as_ref().map(read_resident).transpose()
}

/// A resident by the keyed hash of the telephone number.
pub async fn resident_by_key(tx: &mut Tx, key: &str) -> Result<Option<Resident>> {
    tx.query_opt(RESIDENT_BY_KEY, &params![key]).await?.as_ref().map(read_resident).transpose()
}

fn read_account(row: &Row) -> Result<Account> {
    Ok(Account {
        id: AccountId(row.get(0)?),
        name: row.get(1)?,
        person: PersonId(row.get(2)?),
        closed: row.get(3)?,
    })
}

pub(crate) fn read_resident(row: &Row) -> Result<Resident> {
    Ok(Resident { person: PersonId(row.get(0)?), verified_at: instant(row.get(1)?)? })
}
