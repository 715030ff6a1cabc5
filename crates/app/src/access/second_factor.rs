//! The second factor (TOTP, RFC 6238). No secret of it is kept: it is derived from the county's
//! pepper and a nonce, so a copy of the database gives no codes.

use super::log_in::wrong_credentials;
use super::throttle::Gate;
use crate::{County, Error, Result, Work};
use model::AccountId;
use model::access::{Actor, Operation};
use model::journal::Event;
use rowdb::Tx;
use std::sync::Arc;
use store::access::secrets;
use totp_rs::{Builder, Secret, Totp};

/// The nonces of an account's second factor: the one in use and one that waits to be confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Factors {
    pub live: Option<String>,
    pub waiting: Option<String>,
}

/// What an authenticator app is given, once.
#[derive(Clone)]
pub struct Setup {
    /// `otpauth://…`, to be shown as a QR code.
    pub url: String,
    /// The secret in Base32, to be typed where no camera is at hand.
    pub secret: String,
}

impl Factors {
    /// From `LIVE`, `LIVE?WAITING` or `?WAITING`.
    pub fn parse(text: Option<&str>) -> Self {
        let text = text.unwrap_or_default();
        let (live, waiting) = text.split_once('?').unwrap_or((text, ""));
        let some = |nonce: &str| (!nonce.is_empty()).then(|| nonce.to_owned());
        Self { live: some(live), waiting: some(waiting) }
    }

    fn text(&self) -> String {
        let live = self.live.as_deref().unwrap_or_default();
        self.waiting.as_ref().map_or(live.to_owned(), |waiting| format!("{live}?{waiting}"))
    }

    /// Whether the factor in use gives this code now, for the first time.
    pub async fn accepts(
        &self,
        tx: &mut Tx,
        work: &Work,
        account: AccountId,
        code: &str,
    ) -> Result<bool> {
        let Some(nonce) = &self.live else { return Ok(false) };
        match step(&totp(work, account, nonce)?, work, code) {
            Some(step) => Ok(secrets::use_totp(tx, account, step).await?),
            None => Ok(false),
        }
    }
}

fn totp(work: &Work, account: AccountId, nonce: &str) -> Result<Totp> {
    let seed = format!("{account}/{nonce}");
    let secret: Vec<u8> = work.keyed(b"totp", seed.as_bytes()).into_iter().take(20).collect();
    Builder::new().with_secret(Secret::from(secret)).build().map_err(Error::internal)
}

/// The time step whose code this is, one step early or late allowed.
fn step(totp: &Totp, work: &Work, code: &str) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let now = u64::try_from(work.now().as_second()).ok()?;
    totp.check(&code, now).and_then(|step| i64::try_from(step).ok())
}

fn own_account(work: &Work) -> Result<AccountId> {
    match work.actor {
        Actor::Staff { account, .. } => Ok(account),
        _ => Err(Error::Forbidden { operation: Operation::SetTotp }),
    }
}

/// Prepares a new second factor; the one in use stays until the new one is confirmed, and its code
/// is asked. None when that code is wrong, which is counted.
async fn prepare(tx: &mut Tx, work: &mut Work, code: Option<&str>) -> Result<Option<Setup>> {
    work.may(Operation::SetTotp)?;
    let id = own_account(work)?;
    let account = store::access::account(tx, id).await?.ok_or(Error::Unauthenticated)?;
    let kept = secrets::credential(tx, id).await?.ok_or(Error::Unauthenticated)?;
    let mut factors = Factors::parse(kept.totp.as_deref());
    let gate = Gate::account(&account.name);
    gate.pass(tx, work.now()).await?;
    if factors.live.is_some() && !factors.accepts(tx, work, id, code.unwrap_or_default()).await? {
        gate.failed(tx, work.now()).await?;
        return Ok(None);
    }
    let nonce = hex::encode(work.draw.salt());
    let secret = totp(work, id, &nonce)?.secret().to_base32();
    factors.waiting = Some(nonce);
    keep(tx, work, id, &factors).await?;
    let name = &account.name;
    let url = format!("otpauth://totp/Jinlin:{name}?secret={secret}&issuer=Jinlin");
    Ok(Some(Setup { url, secret }))
}

async fn keep(tx: &mut Tx, work: &Work, account: AccountId, factors: &Factors) -> Result<()> {
    Ok(secrets::set_totp(tx, account, Some(&factors.text()), work.now()).await?)
}

/// Puts the prepared second factor into use: its first code proves that the app has it.
pub async fn confirm_totp(tx: &mut Tx, work: &mut Work, code: &str) -> Result<()> {
    work.may(Operation::SetTotp)?;
    let account = own_account(work)?;
    let kept = secrets::credential(tx, account).await?.ok_or(Error::Unauthenticated)?;
    let factors = Factors::parse(kept.totp.as_deref());
    let wrong = || Error::field("code", "wrong", "验证码不正确", "not the code of this app");
    let nonce = factors.waiting.ok_or_else(wrong)?;
    let step = step(&totp(work, account, &nonce)?, work, code).ok_or_else(wrong)?;
    keep(tx, work, account, &Factors { live: Some(nonce), waiting: None }).await?;
    secrets::use_totp(tx, account, step).await?;
    let event = Event::CredentialsChanged { account, what: "totp".to_owned() };
    work.record(tx, account.0, event).await?;
    Ok(())
}

impl County {
    /// Prepares a new second factor for the actor's own account; `code` is the present one's.
    pub async fn prepare_totp(
        self: &Arc<Self>,
        actor: Actor,
        code: Option<String>,
    ) -> Result<Setup> {
        let setup = self
            .run(actor, move |tx, mut work| {
                let code = code.clone();
                Box::pin(async move { prepare(tx, &mut work, code.as_deref()).await })
            })
            .await?;
        setup.ok_or_else(wrong_credentials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_in_use_stays_while_another_waits() {
        for text in ["", "aa", "?bb", "aa?bb"] {
            assert_eq!(Factors::parse(Some(text)).text(), text);
        }
        assert_eq!(Factors::parse(None), Factors::default());
        assert_eq!(Factors::parse(Some("aa?bb")).live.as_deref(), Some("aa"));
        assert_eq!(Factors::parse(Some("?bb")).live, None);
    }
}
