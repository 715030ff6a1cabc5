//! Somebody moves: posts go to others in one act. The open cases stay with their posts, with their clocks.

use super::desk::{self, Leave};
use super::holdings::{Appoint, Dismiss, check_leaver, seat};
use super::post_title;
use crate::{Error, Result, Work};
use jiff::civil::Date;
use model::access::Operation;
use model::journal::Event;
use model::people::Holding;
use model::{PersonId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most posts in one act.
const MOST: usize = 200;

/// Posts that somebody gives up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HandOver {
    /// Who moves.
    pub person: PersonId,
    /// First day on which the successors hold the posts.
    pub on: Date,
    /// Which post goes to whom.
    pub moves: Vec<Move>,
}

/// A post and who takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The post.
    pub post: PostId,
    /// The successor.
    pub to: PersonId,
}

/// A post that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// The post.
    pub post: PostId,
    /// Its title with unit or place.
    pub title: String,
    /// Open cases it owns now.
    pub open: usize,
}

/// Hands posts over, all or none; rank and way of selection pass on. Follow with renewal of the open cases.
pub async fn hand_over(
    tx: &mut Tx,
    work: &mut Work,
    request: &HandOver,
) -> Result<Vec<HandedOver>> {
    work.may(Operation::HandOverPosts)?;
    check(request)?;
    let mut done = Vec::with_capacity(request.moves.len());
    for step in &request.moves {
        pass(tx, work, request, *step).await?;
        let (post, title) = (step.post, post_title(work, step.post));
        let open = store::cases::owned_by(tx, &[post]).await?;
        done.push(HandedOver { post, title, open: open.len() });
    }
    Ok(done)
}

fn check(request: &HandOver) -> Result<()> {
    let posts: BTreeSet<PostId> = request.moves.iter().map(|it| it.post).collect();
    let wrong = |code, chinese, english| Err(Error::field("moves", code, chinese, english));
    match request.moves.len() {
        0 => wrong("required", "请选择要交接的岗位", "choose the posts"),
        n if n > MOST => wrong("too_many", "一次最多交接200个岗位", "at most 200 posts"),
        n if n > posts.len() => wrong("twice", "同一岗位只能交给一人", "a post goes to one person"),
        _ if request.moves.iter().any(|it| it.to == request.person) => {
            wrong("same_person", "接替人不能是本人", "the successor is another person")
        }
        _ => Ok(()),
    }
}

async fn pass(tx: &mut Tx, work: &mut Work, request: &HandOver, step: Move) -> Result<()> {
    let (HandOver { person, on, .. }, Move { post, to }) = (request, step);
    let (person, on) = (*person, *on);
    check_leaver(work, &Dismiss { post, person, until: on })?;
    keep_desk(work, (post, person), (to, on))?;
    let held = held(work, post, person, on)?;
    work.record(tx, post.0, Event::Dismissed { post, person, until: on }).await?;
    let Holding { rank, selection, .. } = held;
    let appoint = Appoint { post, person: to, rank, selection, from: Some(on), until: None };
    seat(tx, work, &appoint, Some(person)).await
}

/// The desk is kept by the successor, unless that one will be away.
fn keep_desk(
    work: &Work,
    (post, person): (PostId, PersonId),
    (to, on): (PersonId, Date),
) -> Result<()> {
    let leave = Leave { posts: &[post], person: Some(person), from: on, until: None };
    let present = leave.days().all(|day| !work.shelf.network.away(to, day));
    if present { Ok(()) } else { desk::keep(work, &leave) }
}

fn held(work: &Work, post: PostId, person: PersonId, on: Date) -> Result<Holding> {
    let network = &work.shelf.network;
    let mut days = [on].into_iter().chain(on.yesterday()).chain([work.today()]);
    let found = days.find_map(|day| network.holders(post, day).find(|it| it.person == person));
    found.cloned().ok_or_else(|| Error::not_found("post", post))
}
