//! Displays: a wall that shows the screen for months, while sessions of staff end within hours. Who
//! may see the screen opens one and carries its code there; it then may look at the screen and at
//! nothing else. It looks as the post that opened it: when whoever opened it holds that post no more,
//! it ends.

use super::log_in::{LoggedIn, Token};
use super::session::{Authenticated, Ticket, hash};
use super::throttle::Gate;
use crate::territory::{PlaceName, find};
use crate::work::code_of;
use crate::{County, Error, Result, Work};
use core::net::IpAddr;
use jiff::{SignedDuration, Timestamp};
use model::access::{Actor, Operation};
use model::journal::Event;
use model::{AccountId, DisplayId, PersonId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::access::displays::{self, Display};

/// A code is typed within so long.
const CODE_GOOD: SignedDuration = SignedDuration::from_mins(15);
/// A display ends so long after it was opened or last renewed.
const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);
/// That it is used is noted so often.
const NOTED: SignedDuration = SignedDuration::from_hours(1);
/// Displays of one account at once.
const MOST: usize = 20;
/// The longest name, in characters.
const LONGEST_NAME: usize = 40;

/// A wish for a display.
#[derive(Clone, Debug)]
pub struct OpenDisplay {
    /// What the wall is called.
    pub name: String,
    /// Code or id of the place it shows; the root when unsaid.
    pub place: Option<String>,
}

/// A display that waits for its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedDisplay {
    /// Its id.
    pub id: DisplayId,
    /// To be typed at the wall; told this once.
    pub code: String,
    /// Until when the code may be typed.
    pub code_until: Timestamp,
    /// Until when the wall may then show the screen.
    pub until: Timestamp,
}

/// A display of the acting post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayView {
    /// Its id.
    pub id: DisplayId,
    /// What the wall is called.
    pub name: String,
    /// The place it shows.
    pub place: Option<PlaceName>,
    /// Whether its code was typed.
    pub entered: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was last used, to the hour.
    pub seen_at: Timestamp,
    /// When it ends.
    pub until: Timestamp,
}

/// Opens a display and gives the code to be typed at the wall.
pub async fn open_display(
    tx: &mut Tx,
    work: &mut Work,
    request: &OpenDisplay,
) -> Result<OpenedDisplay> {
    work.may(Operation::OpenDisplay)?;
    let (account, person, post) = opener(work)?;
    let name = name_of(&request.name)?;
    let place = match &request.place {
        Some(key) => find(work, key)?.id,
        None => work.shelf.network.root().ok_or_else(|| Error::not_found("place", "root"))?.id,
    };
    let open = displays::all(tx, work.now()).await?;
    if open.iter().filter(|it| it.account == account).count() >= MOST {
        let (zh, en) = ("您已开了二十块大屏,请先关掉几块", "twenty displays are open: end some");
        return Err(Error::rule("displays_full", zh, en));
    }
    let (id, now): (DisplayId, _) = (work.draw.id(), work.now());
    let (code_until, until) = (now + CODE_GOOD, now + LONGEST);
    let code = code_of(&work.draw.bytes());
    let display = Display {
        id,
        entered: false,
        name: name.clone(),
        place,
        post,
        account,
        person,
        opened_at: now,
        seen_at: now,
        expires_at: code_until,
        until,
    };
    displays::open(tx, &code_hash(work, &code), &display).await?;
    work.private.insert("name".to_owned(), name);
    work.record(tx, id.0, Event::DisplayOpened { display: id, place, until }).await?;
    Ok(OpenedDisplay { id, code, code_until, until })
}

fn opener(work: &Work) -> Result<(AccountId, PersonId, PostId)> {
    match work.actor {
        Actor::Staff { account, person, post } => Ok((account, person, post)),
        _ => Err(Error::Forbidden { operation: Operation::OpenDisplay }),
    }
}

fn name_of(said: &str) -> Result<String> {
    let name = said.trim();
    if (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    let (zh, en) = ("应为1至40个字", "give 1 to 40 characters");
    Err(Error::field("name", "wrong_form", zh, en))
}

fn code_hash(work: &Work, code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    work.keyed(b"display code", plain.to_ascii_uppercase().as_bytes())
}

/// The displays of the acting post, the newest first.
pub async fn list_displays(tx: &mut Tx, work: &Work) -> Result<Vec<DisplayView>> {
    work.may(Operation::ListDisplays)?;
    let open = displays::all(tx, work.now()).await?.into_iter();
    Ok(open.filter(|it| Some(it.post) == work.actor.post()).map(|it| view(work, it)).collect())
}

fn view(work: &Work, it: Display) -> DisplayView {
    DisplayView {
        id: it.id,
        place: PlaceName::of(work, it.place),
        name: it.name,
        entered: it.entered,
        opened_at: it.opened_at,
        seen_at: it.seen_at,
        until: it.until,
    }
}

/// Lets a display of the acting post go on for another ninety days.
pub async fn renew_display(tx: &mut Tx, work: &mut Work, id: &DisplayId) -> Result<DisplayView> {
    work.may(Operation::RenewDisplay)?;
    let id = *id;
    let mut display = own(tx, work, id).await?;
    display.until = work.now() + LONGEST;
    displays::renew(tx, id, display.until).await?;
    let (place, until) = (display.place, display.until);
    work.record(tx, id.0, Event::DisplayOpened { display: id, place, until }).await?;
    Ok(view(work, display))
}

/// Ends a display of the acting post.
pub async fn end_display(tx: &mut Tx, work: &mut Work, id: &DisplayId) -> Result<()> {
    work.may(Operation::EndDisplay)?;
    own(tx, work, *id).await?;
    end(tx, work, *id).await
}

async fn own(tx: &mut Tx, work: &Work, id: DisplayId) -> Result<Display> {
    let open = displays::all(tx, work.now()).await?;
    let mut own = open.into_iter().filter(|it| Some(it.post) == work.actor.post());
    own.find(|it| it.id == id).ok_or_else(|| Error::not_found("display", id))
}

/// Ends a display; that it happened is an entry.
pub(super) async fn end(tx: &mut Tx, work: &mut Work, id: DisplayId) -> Result<()> {
    displays::end(tx, id).await?;
    work.record(tx, id.0, Event::DisplayEnded { display: id }).await?;
    Ok(())
}

/// The actor of a display's token.
pub(super) async fn authenticate(
    tx: &mut Tx,
    work: &Work,
    (ticket, operation): (&Ticket, Operation),
) -> Result<Authenticated> {
    let found = displays::get(tx, &hash(&ticket.token), work.now()).await?;
    let Display { id, person, post, place, seen_at, until, .. } =
        found.ok_or(Error::Unauthenticated)?;
    if !work.shelf.network.posts_of(person, work.today()).contains(&post) {
        return Err(Error::Unauthenticated);
    }
    let actor = Actor::Display { display: id, post, place };
    if operation == Operation::LogOut {
        return Ok(Authenticated { actor, renewed: None });
    }
    let worth_noting = seen_at.duration_until(work.now()) >= NOTED;
    Ok(Authenticated { actor, renewed: worth_noting.then_some(until) })
}

async fn try_enter(tx: &mut Tx, work: &mut Work, code: &str) -> Result<Option<LoggedIn>> {
    work.may(Operation::EnterDisplay)?;
    let token = hex::encode(work.draw.bytes());
    let hashes = (&code_hash(work, code), &hash(&token));
    let entered = displays::enter(tx, hashes, work.now()).await?;
    Ok(entered.map(|it| LoggedIn { token: Token(token), expires_at: it.until, must: Vec::new() }))
}

impl County {
    /// Makes a wall a display by the code that was typed at it, once. Wrong ones are counted by
    /// address.
    pub async fn enter_display(
        self: &Arc<Self>,
        code: String,
        address: IpAddr,
    ) -> Result<LoggedIn> {
        let entered = self
            .run(Actor::Visitor, move |tx, mut work| {
                let code = code.clone();
                Box::pin(async move {
                    let gate = Gate::address(address);
                    gate.pass(tx, work.now()).await?;
                    let entered = try_enter(tx, &mut work, &code).await?;
                    if entered.is_none() {
                        gate.failed(tx, work.now()).await?;
                    }
                    Ok(entered)
                })
            })
            .await?;
        entered.ok_or_else(|| {
            let (zh, en) = ("大屏代码不正确或已过期,请重新取", "the code is wrong, used or over");
            Error::rule("wrong_display_code", zh, en)
        })
    }
}
