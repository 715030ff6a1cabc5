//! The code in the message that a request is answered: it leads to saying whether it is solved, and
//! to nothing else. Derived from case and answer, so that it is kept nowhere but as a hash.

use crate::access::throttle::Gate;
use crate::work::code_of;
use crate::{County, Error, Result, Work};
use core::net::IpAddr;
use jiff::SignedDuration;
use model::CaseId;
use model::access::Actor;
use rowdb::Tx;
use std::sync::Arc;
use store::cases::Case;

/// A code is good for so long after the answer, or until the next one.
const GOOD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The code of a case's answer; none while it is not answered.
pub(super) fn code(work: &Work, case: &Case) -> Option<String> {
    let answered = case.state.answered_at?.as_microsecond().to_be_bytes();
    let of = [case.id.0.as_bytes().as_slice(), &answered].concat();
    Some(code_of(&work.keyed(b"verdict", &of)))
}

fn hash(work: &Work, code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    work.keyed(b"verdict hash", plain.to_ascii_uppercase().as_bytes())
}

/// Lets the code of a case's answer open it.
pub(super) async fn keep(tx: &mut Tx, work: &Work, case: &Case) -> Result<()> {
    let Some(code) = code(work, case) else { return Ok(()) };
    let (hash, until) = (hash(work, &code), work.now() + GOOD);
    Ok(store::messages::keep_link(tx, &hash, case.id, until).await?)
}

impl County {
    /// The case whose asker a verdict link's code stands for, with the actor to read its answer and to
    /// record the verdict as. Only the pages of that link may use it: who holds the code proved no
    /// more than to have read a message. Wrong ones are counted by address.
    pub async fn authenticate_verdict(
        self: &Arc<Self>,
        code: String,
        address: IpAddr,
    ) -> Result<(CaseId, Actor)> {
        let found = self
            .run(Actor::Visitor, move |tx, work| {
                let code = code.clone();
                Box::pin(async move {
                    let gate = Gate::address(address);
                    gate.pass(tx, work.now()).await?;
                    let found =
                        store::messages::linked(tx, &hash(&work, &code), work.now()).await?;
                    if found.is_none() {
                        gate.failed(tx, work.now()).await?;
                    }
                    Ok(found)
                })
            })
            .await?;
        let case = found.ok_or_else(|| {
            let (zh, en) = ("链接不正确或已过期", "this link is wrong or over");
            Error::rule("wrong_claim_code", zh, en)
        })?;
        Ok((case, Actor::Claimant { case }))
    }
}
