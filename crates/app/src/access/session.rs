//! Sessions: a request's token becomes the actor it stands for, acting as exactly one post.

use super::display;
use super::log_in::{Must, musts};
use crate::{County, Error, Result, Work};
use jiff::{SignedDuration, Timestamp};
use model::PostId;
use model::access::{Actor, Operation};
use rowdb::Tx;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::access::displays;
use store::access::sessions::{self, Session, TokenHash};

/// A session of staff ends after so long without use …
const STAFF_IDLE: SignedDuration = SignedDuration::from_mins(30);
/// … and in any case so long after the log-in.
const STAFF_LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// A resident's ends after so long without use.
const RESIDENT_IDLE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// A telephone number counts as proven for so long (it may get a new owner).
pub(super) const PROVEN: SignedDuration = SignedDuration::from_hours(24 * 365);

/// What a request brings to say who it is.
#[derive(Clone)]
pub struct Ticket {
    /// The session's token.
    pub token: String,
    /// The post to act as; the only or first one when none is named.
    pub post: Option<PostId>,
}

/// A request's actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// Who acts.
    pub actor: Actor,
    /// Until when the session shall now last, when that is worth a write.
    pub renewed: Option<Timestamp>,
}

/// What is kept of a token.
pub(super) fn hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// When a session that is used at `now` ends by itself.
pub(super) fn ends(session: &Session, now: Timestamp, proven: Option<Timestamp>) -> Timestamp {
    let (idle, longest) = match session.account {
        Some(_) => (STAFF_IDLE, session.created_at + STAFF_LONGEST),
        None => (RESIDENT_IDLE, proven.unwrap_or(session.created_at) + PROVEN),
    };
    (now + idle).min(longest)
}

/// The actor of a token. Whoever must first change a password or set up a second factor may do
/// nothing else; a post not held today is refused.
pub async fn authenticate(
    tx: &mut Tx,
    work: &Work,
    ticket: &Ticket,
    operation: Operation,
) -> Result<Authenticated> {
    let found = sessions::get(tx, &hash(&ticket.token), work.now()).await?;
    let Some(session) = found else {
        return display::authenticate(tx, work, (ticket, operation)).await;
    };
    let Some(account) = session.account else {
        let actor = Actor::Resident { person: session.person };
        return Ok(Authenticated { actor, renewed: renewal(tx, work, &session).await? });
    };
    let must = musts(tx, work, account, session.person).await?;
    if let Some(first) = must.first().filter(|must| !must.is_met_by(operation)) {
        return Err(first.refusal());
    }
    let post = post_of(work, &session, ticket.post)?;
    let actor = Actor::Staff { account, person: session.person, post };
    Ok(Authenticated { actor, renewed: renewal(tx, work, &session).await? })
}

impl Must {
    pub(super) fn is_met_by(self, operation: Operation) -> bool {
        use Operation::{ChangePassword, LogOut, SetTotp, ShowMe};
        let meets = match self {
            Self::ChangePassword => ChangePassword,
            Self::SetTotp => SetTotp,
        };
        operation == meets || matches!(operation, LogOut | ShowMe)
    }

    fn refusal(self) -> Error {
        match self {
            Self::ChangePassword => {
                Error::rule("change_password", "请先修改初始密码", "change your password first")
            }
            Self::SetTotp => Error::rule(
                "set_totp",
                "管理员须先设置动态验证码",
                "administrators must set up a second factor first",
            ),
        }
    }
}

fn post_of(work: &Work, session: &Session, wanted: Option<PostId>) -> Result<PostId> {
    let held = work.shelf.network.posts_of(session.person, work.today());
    match (wanted, held.first()) {
        (Some(post), _) if held.contains(&post) => Ok(post),
        (None, Some(first)) => Ok(*first),
        (Some(_), _) => Err(Error::rule(
            "post_not_held",
            "您今天不担任这个岗位",
            "you do not hold this post today",
        )),
        (None, None) => Err(Error::rule("no_post", "您今天没有任何岗位", "you hold no post today")),
    }
}

/// The session's new end, when its last use was noted long enough ago.
async fn renewal(tx: &mut Tx, work: &Work, session: &Session) -> Result<Option<Timestamp>> {
    let noted = session.seen_at.duration_until(work.now());
    let staff = session.account.is_some();
    let worth = SignedDuration::from_hours(24);
    if noted < if staff { SignedDuration::from_mins(1) } else { worth } {
        return Ok(None);
    }
    let proven = match staff {
        true => None,
        false => store::access::resident(tx, session.person).await?.map(|it| it.verified_at),
    };
    Ok(Some(ends(session, work.now(), proven)))
}

/// Ends a session.
pub async fn log_out(tx: &mut Tx, work: &mut Work, token: &str) -> Result<()> {
    work.may(Operation::LogOut)?;
    if let Actor::Display { display, .. } = work.actor {
        return display::end(tx, work, display).await;
    }
    Ok(sessions::close(tx, &hash(token)).await?)
}

/// Forgets sessions, codes and counts of failures that are over; a job's daily work.
pub async fn sweep(tx: &mut Tx, work: &Work) -> Result<u64> {
    let day_ago = work.now() - SignedDuration::from_hours(24);
    let ended = sessions::sweep(tx, work.now()).await? + displays::sweep(tx, work.now()).await?;
    let ended = ended + store::access::wechat::sweep(tx, work.now()).await?;
    Ok(ended + store::access::secrets::sweep(tx, work.now(), day_ago).await?)
}

impl County {
    /// The actor of a request; notes now and then that the session is in use.
    pub async fn authenticate(
        self: &Arc<Self>,
        ticket: Ticket,
        operation: Operation,
    ) -> Result<Actor> {
        let token = hash(&ticket.token);
        let found = self
            .look(Actor::Visitor, move |tx, work| {
                let ticket = ticket.clone();
                Box::pin(async move { authenticate(tx, &work, &ticket, operation).await })
            })
            .await?;
        if let Some(until) = found.renewed {
            let display = matches!(found.actor, Actor::Display { .. });
            self.run(Actor::Visitor, move |tx, work| {
                Box::pin(async move {
                    match display {
                        true => Ok(displays::seen(tx, &token, work.now()).await?),
                        false => Ok(sessions::seen(tx, &token, work.now(), until).await?),
                    }
                })
            })
            .await?;
        }
        Ok(found.actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{AccountId, PersonId};
    use uuid::Uuid;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn session(account: bool) -> Session {
        let began = at("2026-03-02T08:00:00+08:00");
        Session {
            account: account.then_some(AccountId(Uuid::nil())),
            person: PersonId(Uuid::nil()),
            created_at: began,
            seen_at: began,
            expires_at: began,
        }
    }

    #[test]
    fn a_session_of_staff_ends_after_half_an_hour_idle_and_twelve_hours_at_most() {
        let noon = ends(&session(true), at("2026-03-02T12:00:00+08:00"), None);
        assert_eq!(noon, at("2026-03-02T12:30:00+08:00"));
        let evening = ends(&session(true), at("2026-03-02T19:50:00+08:00"), None);
        assert_eq!(evening, at("2026-03-02T20:00:00+08:00"));
    }

    #[test]
    fn a_residents_session_ends_after_a_month_idle_and_a_year_after_the_number_was_proven() {
        let later = ends(&session(false), at("2026-03-03T08:00:00+08:00"), None);
        assert_eq!(later, at("2026-04-02T08:00:00+08:00"));
        let proven = Some(at("2025-03-10T08:00:00+08:00"));
        let soon = ends(&session(false), at("2026-03-03T08:00:00+08:00"), proven);
        assert_eq!(soon, at("2026-03-10T08:00:00+08:00"));
    }

    #[test]
    fn who_must_change_the_password_may_do_that_and_leave() {
        assert!(Must::ChangePassword.is_met_by(Operation::ChangePassword));
        assert!(Must::ChangePassword.is_met_by(Operation::LogOut));
        assert!(!Must::ChangePassword.is_met_by(Operation::SetTotp));
        assert!(!Must::SetTotp.is_met_by(Operation::Appoint));
    }
}
