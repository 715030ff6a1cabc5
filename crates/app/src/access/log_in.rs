//! Logging in by account and password: count the try, verify off the writer, open the session.

use super::second_factor::Factors;
use super::session::{self, Ticket};
use super::throttle::Gate;
use super::{password, session::ends};
use crate::{County, Error, Result, Work};
use core::net::IpAddr;
use jiff::Timestamp;
use model::access::{ADMINISTRATORS, Actor, Operation};
use model::{AccountId, PersonId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use store::access::secrets;
use store::access::sessions::{self, Session};

/// A log-in by account and password.
#[derive(Clone)]
pub struct LogIn {
    /// The account's name.
    pub account: String,
    /// Its password.
    pub password: String,
    /// The second factor's six digits, where one is set up.
    pub totp: Option<String>,
    /// Where the request comes from.
    pub address: IpAddr,
}

/// The secret by which a session is found; only its hash is kept.
#[derive(Clone)]
pub struct Token(pub String);

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token")
    }
}

/// Somebody who has just logged in.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// The session's token, told this once.
    pub token: Token,
    /// When the session ends if it is not used.
    pub expires_at: Timestamp,
    /// What must be done before anything else.
    pub must: Vec<Must>,
}

/// What must be done before anything else, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// The password was given by somebody else.
    ChangePassword,
    /// An administrator needs a second factor.
    SetTotp,
}

/// One answer for a wrong name, password or code, so that none of them is learnt.
pub(super) fn wrong_credentials() -> Error {
    Error::rule(
        "wrong_credentials",
        "账号、密码或验证码不正确",
        "account, password or code is not right",
    )
}

/// What must be done before an account may be used. A demo asks nobody for a second factor.
pub(super) async fn musts(
    tx: &mut Tx,
    work: &Work,
    account: AccountId,
    person: PersonId,
) -> Result<Vec<Must>> {
    let kept = secrets::credential(tx, account).await?.ok_or(Error::Unauthenticated)?;
    let has_factor = Factors::parse(kept.totp.as_deref()).live.is_some();
    let needs_factor = !work.demo && !has_factor && is_administrator(work, person);
    let musts = [(kept.must_change, Must::ChangePassword), (needs_factor, Must::SetTotp)];
    Ok(musts.into_iter().filter(|(holds, _)| *holds).map(|(_, must)| must).collect())
}

/// Whether a person holds the post of an administrator today.
fn is_administrator(work: &Work, person: PersonId) -> bool {
    let network = &work.shelf.network;
    let held = network.posts_of(person, work.today());
    let mut roles = held.iter().filter_map(|post| network.post(*post)).map(|it| it.role.as_str());
    roles.any(|role| ADMINISTRATORS.contains(&role))
}

/// Begins a session and gives its token.
pub(super) async fn open_session(
    tx: &mut Tx,
    work: &mut Work,
    (account, person): (Option<AccountId>, PersonId),
    proven: Option<Timestamp>,
) -> Result<(Token, Timestamp)> {
    let (now, token) = (work.now(), hex::encode(work.draw.bytes()));
    let mut session = Session { account, person, created_at: now, seen_at: now, expires_at: now };
    session.expires_at = ends(&session, now, proven);
    sessions::open(tx, &session::hash(&token), &session).await?;
    Ok((Token(token), session.expires_at))
}

/// Lets a try through, counted as failed until it has succeeded: tries at once count like tries one
/// after another. Gives the account and its password's hash.
pub(super) async fn begin_try(
    tx: &mut Tx,
    work: &Work,
    name: &str,
    address: Option<IpAddr>,
) -> Result<Option<(AccountId, String)>> {
    if let Some(address) = address {
        Gate::address(address).pass(tx, work.now()).await?;
    }
    let gate = Gate::account(name);
    gate.pass(tx, work.now()).await?;
    gate.failed(tx, work.now()).await?;
    let found = store::access::account_by_name(tx, name).await?.filter(|it| !it.closed);
    let Some(account) = found else { return Ok(None) };
    let kept = secrets::credential(tx, account.id).await?;
    Ok(kept.map(|kept| (account.id, kept.password)))
}

/// What a try with the right password comes to.
enum Outcome {
    In(LoggedIn),
    CodeMissing,
    Wrong,
}

async fn finish(tx: &mut Tx, work: &mut Work, request: &LogIn, id: AccountId) -> Result<Outcome> {
    let account = store::access::account(tx, id).await?.filter(|it| !it.closed);
    let (Some(account), Some(kept)) = (account, secrets::credential(tx, id).await?) else {
        return Ok(Outcome::Wrong);
    };
    let factors = Factors::parse(kept.totp.as_deref());
    match (&factors.live, &request.totp) {
        (Some(_), None) => return Ok(Outcome::CodeMissing),
        (Some(_), Some(code)) if !factors.accepts(tx, work, id, code).await? => {
            return Ok(Outcome::Wrong);
        }
        _ => {}
    }
    Gate::account(&request.account).succeeded(tx).await?;
    let (token, expires_at) = open_session(tx, work, (Some(id), account.person), None).await?;
    let must = musts(tx, work, id, account.person).await?;
    Ok(Outcome::In(LoggedIn { token, expires_at, must }))
}

impl County {
    /// Logs a member of staff in. Wrong names, passwords and codes get one answer in one time.
    pub async fn log_in(self: &Arc<Self>, request: LogIn) -> Result<LoggedIn> {
        let (name, address) = (request.account.clone(), request.address);
        let known = self
            .run(Actor::Visitor, move |tx, work| {
                let name = name.clone();
                Box::pin(async move {
                    work.may(Operation::LogIn)?;
                    begin_try(tx, &work, &name, Some(address)).await
                })
            })
            .await?;
        let (account, hashed) = known.unzip();
        let right = password::verify(&request.password, hashed).await?;
        let outcome = self
            .run(Actor::Visitor, move |tx, mut work| {
                let request = request.clone();
                let account = account.filter(|_| right);
                Box::pin(async move {
                    let outcome = match account {
                        Some(account) => finish(tx, &mut work, &request, account).await?,
                        None => Outcome::Wrong,
                    };
                    if matches!(outcome, Outcome::Wrong) {
                        Gate::address(request.address).failed(tx, work.now()).await?;
                    }
                    Ok(outcome)
                })
            })
            .await?;
        match outcome {
            Outcome::In(logged_in) => Ok(logged_in),
            Outcome::CodeMissing => {
                Err(Error::rule("totp_required", "请输入动态验证码", "give the six digits too"))
            }
            Outcome::Wrong => Err(wrong_credentials()),
        }
    }

    /// Ends the session of a token, whoever it is.
    pub async fn log_out(self: &Arc<Self>, ticket: Ticket) -> Result<()> {
        let actor = self.authenticate(ticket.clone(), Operation::LogOut).await?;
        self.run(actor, move |tx, mut work| {
            let ticket = ticket.clone();
            Box::pin(async move { session::log_out(tx, &mut work, &ticket.token).await })
        })
        .await
    }
}
