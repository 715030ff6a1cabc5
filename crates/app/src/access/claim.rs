//! Claim codes: the only way back to a case that was opened without an account.

use super::throttle::Gate;
use crate::{County, Error, Result};
use core::net::IpAddr;
use model::access::Actor;
use std::sync::Arc;
use store::access::secrets;

impl County {
    /// The actor a claim code stands for. Wrong ones are counted by address; there are 2⁵⁰ codes.
    pub async fn authenticate_claim(
        self: &Arc<Self>,
        code: String,
        address: IpAddr,
    ) -> Result<Actor> {
        let gate = Gate::address(address);
        let door = gate.clone();
        let found = self
            .look(Actor::Visitor, move |tx, work| {
                let (code, gate) = (code.clone(), door.clone());
                Box::pin(async move {
                    gate.pass(tx, work.now()).await?;
                    Ok(secrets::claimed(tx, &work.claim_hash(&code)).await?)
                })
            })
            .await?;
        if let Some(case) = found {
            return Ok(Actor::Claimant { case });
        }
        self.run(Actor::Visitor, move |tx, work| {
            let gate = gate.clone();
            Box::pin(async move { gate.failed(tx, work.now()).await })
        })
        .await?;
        Err(Error::rule("wrong_claim_code", "查询码不正确", "there is no such claim code"))
    }
}
