//! Persons, and who holds which post from a day to a day: one principal, deputies in order.

use super::administrators::{check_actor, check_exclusive, exclusive};
use super::desk::{self, Leave};
use super::{lasts, not_past};
use crate::access::normal_phone;
use crate::{Error, Result, Work};
use jiff::civil::Date;
use model::access::{ADMINISTRATORS, Operation};
use model::journal::Event;
use model::people::{Holding, Post, Selection};
use model::{PersonId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most persons or appointments in one request: a command must stay short.
const MOST: usize = 1000;

/// A person to be added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPerson {
    /// The name.
    pub name: String,
    /// The number by which the person is reached at work.
    pub phone: Option<String>,
}

/// An appointment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Appoint {
    /// The post.
    pub post: PostId,
    /// The person.
    pub person: PersonId,
    /// 0 for the principal, then the deputies in order.
    pub rank: u32,
    /// How the person was found.
    pub selection: Selection,
    /// First day; today when none is given.
    pub from: Option<Date>,
    /// First day after; none while open.
    pub until: Option<Date>,
}

/// A dismissal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dismiss {
    /// The post.
    pub post: PostId,
    /// The person.
    pub person: PersonId,
    /// First day on which the person no longer holds it.
    pub until: Date,
}

/// Adds persons; names and numbers are private values.
pub async fn add_people(
    tx: &mut Tx,
    work: &mut Work,
    people: &[NewPerson],
) -> Result<Vec<PersonId>> {
    work.may(Operation::Appoint)?;
    if people.len() > MOST {
        return Err(Error::field("people", "too_many", "一次最多1000人", "at most 1000"));
    }
    let mut added = Vec::with_capacity(people.len());
    for new in people {
        let name = new.name.trim();
        if !(1..=40).contains(&name.chars().count()) {
            return Err(Error::field("name", "wrong_form", "姓名1至40字", "1 to 40 characters"));
        }
        let phone = new.phone.as_deref().map(normal_phone).transpose()?;
        let person: PersonId = work.draw.id();
        work.private.insert("name".to_owned(), name.to_owned());
        work.private.extend(phone.map(|phone| ("phone".to_owned(), phone)));
        work.record(tx, person.0, Event::PersonAdded { person }).await?;
        added.push(person);
    }
    Ok(added)
}

/// Appoints a person to a post. Follow with renewal of the open cases.
pub async fn appoint(tx: &mut Tx, work: &mut Work, request: &Appoint) -> Result<()> {
    seat(tx, work, request, None).await
}

/// Appoints; `leaver` is given up in the same act and counts no more.
pub(super) async fn seat(
    tx: &mut Tx,
    work: &mut Work,
    request: &Appoint,
    leaver: Option<PersonId>,
) -> Result<()> {
    let role = existing(work, request.post)?.role;
    check_actor(work, Operation::Appoint, &role, request.person)?;
    put(tx, work, request, leaver).await
}

/// Appoints somebody for whom the actor was entitled to do so.
async fn put(
    tx: &mut Tx,
    work: &mut Work,
    request: &Appoint,
    leaver: Option<PersonId>,
) -> Result<()> {
    let post = existing(work, request.post)?;
    let from = request.from.unwrap_or(work.today());
    if from < post.from || !lasts(post.until, from) {
        return Err(Error::field("from", "out_of_range", "岗位当日不存在", "no such post then"));
    }
    if request.until.is_some_and(|until| until <= from) {
        return Err(Error::field(
            "until",
            "out_of_range",
            "止日须晚于起日",
            "ends before it begins",
        ));
    }
    if store::people::entry_of(tx, request.person).await?.is_none() {
        return Err(Error::not_found("person", request.person));
    }
    check_exclusive(work, &post.role, request.person, from)?;
    check_seat(work, request, (from, leaver))?;
    let Appoint { post, person, rank, selection, until, .. } = *request;
    let holding = Holding { post, person, rank, selection, from, until };
    work.record(tx, post.0, Event::Appointed { holding }).await?;
    Ok(())
}

/// Appoints as an act of a case says, from today on: whoever may do the act may do this. The three
/// administrators are nobody's but each other's.
pub(crate) async fn appoint_by_act(
    tx: &mut Tx,
    work: &mut Work,
    (post, person): (PostId, PersonId),
) -> Result<()> {
    not_administrator(&existing(work, post)?)?;
    let selection = Selection::Appointed;
    let request = Appoint { post, person, rank: 0, selection, from: None, until: None };
    put(tx, work, &request, None).await
}

/// Ends all holdings of a post as an act of a case says; of a vacant one there is nothing to end.
pub(crate) async fn dismiss_by_act(tx: &mut Tx, work: &mut Work, post: PostId) -> Result<()> {
    not_administrator(&existing(work, post)?)?;
    let until = work.today();
    let held = work.shelf.network.holders(post, until).map(|it| it.person);
    let held: Vec<PersonId> = held.collect();
    desk::keep(work, &Leave { posts: &[post], person: None, from: until, until: None })?;
    for person in held {
        work.record(tx, post.0, Event::Dismissed { post, person, until }).await?;
    }
    Ok(())
}

fn not_administrator(post: &Post) -> Result<()> {
    if ADMINISTRATORS.contains(&post.role.as_str()) {
        let (zh, en) =
            ("三员不能由办件任免", "no procedure appoints or dismisses an administrator");
        return Err(Error::rule("by_another", zh, en));
    }
    Ok(())
}

/// One principal at a time, and nobody twice in one post.
fn check_seat(
    work: &Work,
    request: &Appoint,
    (from, leaver): (Date, Option<PersonId>),
) -> Result<()> {
    let network = &work.shelf.network;
    let last = request.until.unwrap_or(Date::MAX);
    let days = from.series(jiff::Span::new().days(1)).take(366).chain([Date::MAX]);
    for day in days.filter(|day| *day < last || last == Date::MAX) {
        for held in network.holders(request.post, day).filter(|it| Some(it.person) != leaver) {
            if held.person == request.person {
                return Err(Error::rule("holds_already", "此人已任此岗", "holds it already"));
            }
            if held.rank == 0 && request.rank == 0 {
                return Err(Error::rule(
                    "has_principal",
                    "此岗已有负责人,请先免去或改任副职",
                    "the post has a principal: dismiss first, or appoint a deputy",
                ));
            }
        }
    }
    Ok(())
}

/// Appoints many, all or none; for setting up and imports.
pub async fn appoint_all(tx: &mut Tx, work: &mut Work, requests: &[Appoint]) -> Result<()> {
    if requests.len() > MOST {
        return Err(Error::field("appoint", "too_many", "一次最多1000人", "at most 1000"));
    }
    let (mut principals, mut administrators) = (BTreeSet::new(), BTreeSet::new());
    for request in requests {
        // The network does not know yet what this request has done.
        if request.rank == 0 && !principals.insert(request.post) {
            return Err(Error::rule("has_principal", "同一岗位两名负责人", "two principals"));
        }
        let role = existing(work, request.post)?.role;
        if ADMINISTRATORS.contains(&role.as_str()) && !administrators.insert(request.person) {
            return Err(exclusive());
        }
        appoint(tx, work, request).await?;
    }
    Ok(())
}

/// Dismisses a person from a post; never the duty desk's last. Follow with renewal of the open cases.
pub async fn dismiss(tx: &mut Tx, work: &mut Work, request: &Dismiss) -> Result<()> {
    let Dismiss { post, person, until } = *request;
    check_leaver(work, request)?;
    desk::keep(work, &Leave { posts: &[post], person: Some(person), from: until, until: None })?;
    work.record(tx, post.0, Event::Dismissed { post, person, until }).await?;
    Ok(())
}

/// That this post is the actor's to take away, and the person's to lose.
pub(super) fn check_leaver(work: &Work, request: &Dismiss) -> Result<()> {
    let Dismiss { post, person, until } = *request;
    let role = existing(work, post)?.role;
    check_actor(work, Operation::Dismiss, &role, person)?;
    not_past(work, "until", until)?;
    let network = &work.shelf.network;
    let mut days = until.yesterday().into_iter().chain([until, work.today()]);
    if days.any(|day| network.holders(post, day).any(|it| it.person == person)) {
        return Ok(());
    }
    Err(Error::rule("not_held", "此人不任此岗", "does not hold this post"))
}

fn existing(work: &Work, post: PostId) -> Result<Post> {
    work.shelf.network.post(post).cloned().ok_or_else(|| Error::not_found("post", post))
}
