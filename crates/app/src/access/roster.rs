//! Who has an account and who is logged in, for the security administrator.

use crate::people::post_title;
use crate::words::Words;
use crate::{Error, Result, Work};
use jiff::Timestamp;
use model::access::Operation;
use model::journal::Event;
use model::{AccountId, DisplayId, PersonId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::access::displays::{self, Display};
use store::access::sessions::{self, TokenHash};
use store::access::{Account, secrets};
use store::people::contacts;
use uuid::Uuid;

/// The most a page holds.
const MOST: usize = 200;

/// Which accounts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AccountQuery {
    /// Words of the account's or the person's name.
    pub words: Option<String>,
    /// Only names after this one: the `next` of the page before.
    pub after: Option<String>,
    /// At most so many, up to 200.
    pub limit: Option<usize>,
}

/// An account with whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// The name one logs in by.
    pub name: String,
    /// Whose it is.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// Whether it was closed.
    pub closed: bool,
    /// Whether a second factor is set up.
    pub second_factor: bool,
    /// Whether the password was given by somebody else.
    pub must_change: bool,
    /// Titles of the posts held today.
    pub posts: Vec<String>,
    /// When the newest session was last used, of those that have not ended.
    pub seen_at: Option<Timestamp>,
}

/// A page of accounts by name, and the name after which the next begins.
pub async fn list_accounts(
    tx: &mut Tx,
    work: &Work,
    query: &AccountQuery,
) -> Result<(Vec<AccountView>, Option<String>)> {
    work.may(Operation::ListAccounts)?;
    let names: BTreeMap<_, _> = store::people::names(tx).await?.into_iter().collect();
    let words = Words::of(query.words.as_deref());
    let name_of = |it: &Account| names.get(&it.person).map_or("", String::as_str);
    let mut found = store::access::accounts(tx).await?;
    found.retain(|it| {
        let later = query.after.as_ref().is_none_or(|after| it.name > *after);
        later && words.fit([it.name.as_str(), name_of(it)])
    });
    let limit = query.limit.unwrap_or(50).clamp(1, MOST);
    let more = found.len() > limit;
    found.truncate(limit);
    let seen = last_seen(tx, work).await?;
    let mut views = Vec::with_capacity(found.len());
    for account in found {
        let name = name_of(&account).to_owned();
        views.push(view(tx, work, account, name, &seen).await?);
    }
    let next = views.last().filter(|_| more).map(|it| it.name.clone());
    Ok((views, next))
}

async fn last_seen(tx: &mut Tx, work: &Work) -> Result<BTreeMap<AccountId, Timestamp>> {
    let sessions = sessions::of_staff(tx, work.now()).await?;
    // The last used comes first, so it must be put in last.
    let newest = sessions.iter().rev().filter_map(|(_, it)| Some((it.account?, it.seen_at)));
    Ok(newest.collect())
}

async fn view(
    tx: &mut Tx,
    work: &Work,
    account: Account,
    person_name: String,
    seen: &BTreeMap<AccountId, Timestamp>,
) -> Result<AccountView> {
    let Account { id, name, person, closed } = account;
    let credential = secrets::credential(tx, id).await?;
    let held = work.shelf.network.posts_of(person, work.today());
    Ok(AccountView {
        id,
        name,
        person,
        person_name,
        closed,
        second_factor: credential.as_ref().is_some_and(|it| it.totp.is_some()),
        must_change: credential.is_some_and(|it| it.must_change),
        posts: held.into_iter().map(|post| post_title(work, post)).collect(),
        seen_at: seen.get(&id).copied(),
    })
}

/// Somebody who is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// What names it here; says nothing of its token.
    pub id: Uuid,
    /// What the wall is called, for one that shows the screen by itself.
    pub display: Option<String>,
    /// Name of the account.
    pub account: String,
    /// The person's name.
    pub person: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// Whether it is one of the reader's own account.
    pub mine: bool,
}

/// The first half of a hash of 256 random bits: as good a name as any.
fn session_id(token: &TokenHash) -> Uuid {
    let [head @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *token;
    Uuid::from_bytes(head)
}

/// Sessions of staff, the last used first, then the displays that staff opened.
pub async fn list_sessions(tx: &mut Tx, work: &Work) -> Result<Vec<SessionView>> {
    work.may(Operation::ListSessions)?;
    let open = sessions::of_staff(tx, work.now()).await?;
    let displays = displays::all(tx, work.now()).await?;
    let persons = open.iter().map(|(_, it)| it.person);
    let persons: Vec<PersonId> = persons.chain(displays.iter().map(|it| it.person)).collect();
    let names = contacts(tx, &persons).await?;
    let accounts = store::access::accounts(tx).await?.into_iter();
    let accounts: BTreeMap<_, _> = accounts.map(|it| (it.id, it.name)).collect();
    let name_of = |it| names.get(&it).and_then(|it| it.name.clone()).unwrap_or_default();
    let account_of = |it: Option<_>| it.and_then(|it| accounts.get(&it).cloned());
    let session = |(token, it): &(TokenHash, sessions::Session)| SessionView {
        id: session_id(token),
        display: None,
        account: account_of(it.account).unwrap_or_default(),
        person: name_of(it.person),
        created_at: it.created_at,
        seen_at: it.seen_at,
        mine: work.actor.person() == Some(it.person),
    };
    let display = |it: &Display| SessionView {
        id: it.id.0,
        display: Some(it.name.clone()),
        account: account_of(Some(it.account)).unwrap_or_default(),
        person: name_of(it.person),
        created_at: it.opened_at,
        seen_at: it.seen_at,
        mine: false,
    };
    Ok(open.iter().map(session).chain(displays.iter().map(display)).collect())
}

/// Ends a session of staff, or a display that staff opened; that it happened is an entry.
pub async fn end_session(tx: &mut Tx, work: &mut Work, id: &Uuid) -> Result<()> {
    work.may(Operation::EndSession)?;
    let displays = displays::all(tx, work.now()).await?;
    if displays.iter().any(|it| it.id.0 == *id) {
        return super::display::end(tx, work, DisplayId(*id)).await;
    }
    let open = sessions::of_staff(tx, work.now()).await?;
    let found = open.into_iter().find(|(token, _)| session_id(token) == *id);
    let (token, session) = found.ok_or_else(|| Error::not_found("session", id))?;
    let account = session.account.ok_or_else(|| Error::not_found("session", id))?;
    sessions::close(tx, &token).await?;
    let event = Event::CredentialsChanged { account, what: "session_ended".to_owned() };
    work.record(tx, account.0, event).await?;
    Ok(())
}
