//! Masked calls: a resident or a colleague is connected with whoever holds a post, and neither sees
//! the other's number. That somebody asked for it is an entry; numbers never are.

use crate::access::bound;
use crate::{County, Error, Result, Work};
use jiff::Timestamp;
use model::access::{Actor, Operation};
use model::journal::Event;
use model::{EntryId, PersonId, PostId};
use rowdb::{BoxFuture, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Calls a day of one person.
const A_DAY: i64 = 20;

/// Two telephones to be connected.
#[derive(Clone)]
pub struct Pair {
    /// The number that will call.
    pub caller: String,
    /// The number that will ring.
    pub called: String,
}

/// A number that connects them for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// To be called from the caller's own telephone.
    pub number: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Connects telephones by a number of its own; implemented by a channel.
pub trait Switchboard: Send + Sync {
    /// A line for a pair; or, for the log, why there is none.
    fn connect<'a>(&'a self, pair: &'a Pair) -> BoxFuture<'a, std::result::Result<Line, String>>;
}

/// Somebody asked to be connected with a person, as the person is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The entry.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// The post that called; none of a resident, who is not named.
    pub by: Option<PostId>,
    /// The post that was called.
    pub post: PostId,
}

impl County {
    /// Connects the caller with whoever holds a post.
    pub async fn call(
        self: &Arc<Self>,
        switchboard: Option<&dyn Switchboard>,
        (actor, post): (Actor, PostId),
    ) -> Result<Line> {
        self.look(actor.clone(), |_, work| Box::pin(async move { work.may(Operation::CallPost) }))
            .await?;
        let switchboard = switchboard.ok_or_else(|| {
            let (zh, en) = ("本区县没有开通隐私号,请按网页上的电话联系", "no switchboard here");
            Error::rule("no_switchboard", zh, en)
        })?;
        let pair = self
            .run(actor, move |tx, mut work| {
                Box::pin(async move { pair(tx, &mut work, post).await })
            })
            .await?;
        switchboard.connect(&pair).await.map_err(|reason| {
            tracing::warn!(reason, "two telephones could not be connected");
            let (zh, en) = ("暂时接不通,请稍后再试", "cannot be connected at present; try later");
            Error::rule("not_connected", zh, en)
        })
    }
}

async fn pair(tx: &mut Tx, work: &mut Work, post: PostId) -> Result<Pair> {
    work.may(Operation::CallPost)?;
    let caller = work.actor.person().ok_or(Error::Unauthenticated)?;
    let person = work.shelf.network.person(post, work.today());
    let person = person.ok_or_else(|| Error::not_found("post", post))?;
    let called = phone(tx, person).await?.ok_or_else(|| Error::not_found("phone of", post))?;
    let own = phone(tx, caller).await?.ok_or_else(|| {
        let (zh, en) = ("请先登记您自己的手机号", "your own number is not registered");
        Error::rule("no_own_phone", zh, en)
    })?;
    bound(tx, work, &format!("calls/{caller}"), A_DAY).await?;
    work.record(tx, person.0, Event::Called { post, person }).await?;
    Ok(Pair { caller: own, called })
}

async fn phone(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    Ok(store::people::contact(tx, person).await?.phone)
}

/// The newest calls to a person.
pub(crate) async fn calls_to(tx: &mut Tx, person: PersonId) -> Result<Vec<Called>> {
    let found = store::audit::calls_to(tx, person).await?.into_iter();
    let called = found.filter_map(|it| match it.event {
        Event::Called { post, .. } => {
            Some(Called { entry: it.id, at: it.at, by: it.actor.post(), post })
        }
        _ => None,
    });
    Ok(called.collect())
}
