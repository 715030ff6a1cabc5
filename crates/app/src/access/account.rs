//! Accounts of staff: opened and closed by the security administrator; passwords changed by their
//! owners and given anew when lost. Secrets are set beside the entry, never in it.

use super::log_in::{begin_try, wrong_credentials};
use super::password::{self, Hashed};
use super::session::{Ticket, hash as hash_of};
use super::throttle::Gate;
use crate::{County, Error, Once, Result, Work};
use model::access::{Actor, Operation};
use model::journal::Event;
use model::{AccountId, PersonId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::access::{Account, secrets, sessions};

/// An account to be opened.
#[derive(Clone)]
pub struct NewAccount {
    /// Whose it is.
    pub person: PersonId,
    /// The name to log in by: small letters, digits, `.`, `-`, `_`; never used before.
    pub name: String,
    /// The first password, told to the person by whoever opens the account.
    pub password: String,
    /// Whether it must be changed at the first log-in; false only in a demo.
    pub must_change: bool,
}

/// An account just opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its id.
    pub account: AccountId,
}

/// A change of one's own password.
#[derive(Clone)]
pub struct ChangePassword {
    /// The session in which it is changed: the only one that goes on.
    pub ticket: Ticket,
    /// The present password.
    pub present: String,
    /// The new one.
    pub new: String,
}

/// Opens an account with a password hashed before.
pub async fn open_account(
    tx: &mut Tx,
    work: &mut Work,
    request: &NewAccount,
    hashed: &Hashed,
) -> Result<Opened> {
    work.may(Operation::OpenAccount)?;
    check_name(&request.name)?;
    if store::access::account_by_name(tx, &request.name).await?.is_some() {
        return Err(Error::field("name", "taken", "账号名已被使用", "this name was used before"));
    }
    if store::people::entry_of(tx, request.person).await?.is_none() {
        return Err(Error::not_found("person", request.person));
    }
    let open = store::access::accounts_of(tx, request.person).await?;
    if open.iter().any(|account| !account.closed) {
        return Err(Error::rule("has_account", "此人已有账号", "this person has an account"));
    }
    let account: AccountId = work.draw.id();
    let (person, name) = (request.person, request.name.clone());
    work.record(tx, account.0, Event::AccountOpened { account, person, name }).await?;
    let must_change = request.must_change || !work.demo;
    secrets::set_password(tx, account, hashed.as_str(), must_change, work.now()).await?;
    Ok(Opened { account })
}

fn check_name(name: &str) -> Result<()> {
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    if starts && (3..=32).contains(&name.len()) && name.chars().all(sound) {
        return Ok(());
    }
    Err(Error::field(
        "name",
        "wrong_form",
        "账号名用3至32个小写字母、数字或 . - _,以字母开头",
        "3 to 32 small letters, digits or . - _, a letter first",
    ))
}

/// Closes an account for good and ends its sessions; not one's own.
pub async fn close_account(tx: &mut Tx, work: &mut Work, account: AccountId) -> Result<()> {
    work.may(Operation::CloseAccount)?;
    let account = others(tx, work, account).await?.id;
    work.record(tx, account.0, Event::AccountClosed { account }).await?;
    Ok(())
}

/// Takes away a lost second factor: the next log-in sets up another.
pub async fn reset_totp(tx: &mut Tx, work: &mut Work, account: AccountId) -> Result<()> {
    work.may(Operation::OpenAccount)?;
    let account = others(tx, work, account).await?.id;
    secrets::set_totp(tx, account, None, work.now()).await?;
    sessions::close_all(tx, account).await?;
    record_change(tx, work, account, "totp_reset").await
}

/// An open account that is not the actor's own.
async fn others(tx: &mut Tx, work: &Work, id: AccountId) -> Result<Account> {
    if matches!(work.actor, Actor::Staff { account, .. } if account == id) {
        return Err(Error::rule("own_account", "不能处理自己的账号", "not on your own account"));
    }
    let found = store::access::account(tx, id).await?.filter(|account| !account.closed);
    found.ok_or_else(|| Error::not_found("account", id))
}

async fn record_change(tx: &mut Tx, work: &mut Work, account: AccountId, what: &str) -> Result<()> {
    let event = Event::CredentialsChanged { account, what: what.to_owned() };
    work.record(tx, account.0, event).await?;
    Ok(())
}

impl County {
    /// Opens an account; the password is hashed before the command.
    pub async fn open_account(
        self: &Arc<Self>,
        actor: Actor,
        once: Option<Once>,
        request: NewAccount,
    ) -> Result<Opened> {
        if !self.is_demo() {
            password::check(&request.password, &request.name)?;
        }
        let hashed =
            password::hash(&request.password, self.salt(&actor).await?, self.hashing()).await?;
        self.run_once(actor, once, move |tx, mut work| {
            let (request, hashed) = (request.clone(), hashed.clone());
            Box::pin(async move { open_account(tx, &mut work, &request, &hashed).await })
        })
        .await
    }

    /// Changes the password of the session's own account and ends its other sessions.
    pub async fn change_password(self: &Arc<Self>, change: ChangePassword) -> Result<()> {
        let actor = self.authenticate(change.ticket.clone(), Operation::ChangePassword).await?;
        let Actor::Staff { account: id, .. } = actor else {
            return Err(Error::Forbidden { operation: Operation::ChangePassword });
        };
        let (account, kept) = self.tried(&actor, id).await?;
        if !password::verify(&change.present, Some(kept)).await? {
            return Err(wrong_credentials());
        }
        password::check(&change.new, &account.name)?;
        if change.new == change.present {
            return Err(Error::field(
                "password",
                "same",
                "新密码不能与原密码相同",
                "the new password is the old one",
            ));
        }
        let hashed = password::hash(&change.new, self.salt(&actor).await?, self.hashing()).await?;
        self.run(actor, move |tx, mut work| {
            let (hashed, name) = (hashed.clone(), account.name.clone());
            let session = hash_of(&change.ticket.token);
            Box::pin(async move {
                Gate::account(&name).succeeded(tx).await?;
                secrets::set_password(tx, id, hashed.as_str(), false, work.now()).await?;
                sessions::close_others(tx, id, &session).await?;
                record_change(tx, &mut work, id, "password").await
            })
        })
        .await
    }

    /// Gives a lost password anew: to be changed at the next log-in, all sessions ended.
    pub async fn reset_password(
        self: &Arc<Self>,
        actor: Actor,
        id: AccountId,
        new: String,
    ) -> Result<()> {
        password::check(&new, "")?;
        let hashed = password::hash(&new, self.salt(&actor).await?, self.hashing()).await?;
        self.run(actor, move |tx, mut work| {
            let hashed = hashed.clone();
            Box::pin(async move {
                work.may(Operation::OpenAccount)?;
                let account = others(tx, &work, id).await?;
                Gate::account(&account.name).succeeded(tx).await?;
                secrets::set_password(tx, id, hashed.as_str(), true, work.now()).await?;
                sessions::close_all(tx, id).await?;
                record_change(tx, &mut work, id, "password_reset").await
            })
        })
        .await
    }

    /// Counts a try at an account's own password; gives the account and the hash.
    async fn tried(self: &Arc<Self>, actor: &Actor, id: AccountId) -> Result<(Account, String)> {
        self.run(actor.clone(), move |tx, work| {
            Box::pin(async move {
                let account = store::access::account(tx, id).await?;
                let account = account.ok_or(Error::Unauthenticated)?;
                let known = begin_try(tx, &work, &account.name, None).await?;
                let (_, hashed) = known.ok_or(Error::Unauthenticated)?;
                Ok((account, hashed))
            })
        })
        .await
    }

    /// A fresh salt.
    async fn salt(self: &Arc<Self>, actor: &Actor) -> Result<[u8; 16]> {
        self.look(actor.clone(), |_, mut work| Box::pin(async move { Ok(work.draw.salt()) })).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accounts_name_is_plain() {
        for sound in ["duty-desk", "zhang.san", "a_1"] {
            assert!(check_name(sound).is_ok(), "{sound}");
        }
        let long = "a".repeat(33);
        for wrong in ["", "ab", "1abc", "Zhang", "张三丰", "a b c", "a/b/c", long.as_str()] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }
}
