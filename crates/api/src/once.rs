//! How a handler reaches a use case: who asks is found out in the use case's own transaction, a
//! repeated POST gets the answer it got before, and a read can wait for an entry.

use crate::auth::Caller;
use crate::language::Language;
use crate::problem::Problem;
use crate::state::Api;
use app::access::authenticate;
use app::exchange::{answered, keep};
use app::{BoxFuture, Engine, Error, Once, Tx, Work};
use jiff::Timestamp;
use model::access::{Actor, Operation};
use model::{Draw, EntryId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// What a use case answers.
type Answer<'a, T> = BoxFuture<'a, app::Result<T>>;

impl Api {
    /// Asks a use case that only reads.
    pub(crate) async fn look<I, T, F>(
        &self,
        (caller, operation): (&Caller, Operation),
        input: I,
        f: F,
    ) -> Result<T, Problem>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx, &'a mut Work, &'a I) -> Answer<'a, T> + Send + Sync + 'static,
    {
        if let Some(entry) = caller.seen {
            self.wait_for(entry).await;
        }
        let actor = self.claimant(caller).await?;
        let job = Arc::new((caller.clone(), input, f));
        let found = self.county().look(actor, move |tx, mut work| {
            let job = job.clone();
            Box::pin(async move {
                let (caller, input, f) = &*job;
                if caller.language == Language::English {
                    work.shelf = work.shelf.told_in_english();
                }
                let entered = enter(tx, &mut work, (caller, operation)).await;
                let answer = match entered {
                    Ok(renewed) => f(tx, &mut work, input).await.map(|it| (it, renewed)),
                    Err(error) => Err(error),
                };
                caller.meter.note(tx.statements(), &work);
                answer
            })
        });
        let (answer, renewed) = found.await?;
        self.renew((caller, operation), renewed).await;
        Ok(answer)
    }

    /// Asks a use case that writes; with an `Idempotency-Key`, once. `hash` is the request's.
    pub(crate) async fn command<I, T, F>(
        &self,
        (caller, operation): (&Caller, Operation),
        (hash, input): ([u8; 32], I),
        f: F,
    ) -> Result<T, Problem>
    where
        I: Send + Sync + 'static,
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: for<'a> Fn(&'a mut Tx, &'a mut Work, &'a I) -> Answer<'a, T> + Send + Sync + 'static,
    {
        let actor = self.claimant(caller).await?;
        let job = Arc::new((caller.clone(), input, f));
        let done = self.county().run(actor, move |tx, mut work| {
            let job = job.clone();
            Box::pin(async move {
                let (caller, input, f) = &*job;
                let renewed = enter(tx, &mut work, (caller, operation)).await?;
                let once = caller.key.as_ref().map(|key| once(&work, operation, key, &hash));
                let answer = once_only(tx, &mut work, (once, input), f).await;
                caller.meter.note(tx.statements(), &work);
                Ok((answer?, renewed))
            })
        });
        let (answer, renewed) = done.await?;
        self.renew((caller, operation), renewed).await;
        Ok(answer)
    }

    /// Asks a use case that changes who answers for what, then asks all open cases again whose they
    /// are and when they are due.
    pub(crate) async fn reshape<I, T, F>(
        &self,
        by: (&Caller, Operation),
        input: ([u8; 32], I),
        f: F,
    ) -> Result<T, Problem>
    where
        I: Send + Sync + 'static,
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: for<'a> Fn(&'a mut Tx, &'a mut Work, &'a I) -> Answer<'a, T> + Send + Sync + 'static,
    {
        let answer = self.command(by, input, f).await?;
        app::cases::renew_all(self.county()).await?;
        Ok(answer)
    }

    /// The actor that a claim code or a message's link stands for; without one, somebody yet unknown.
    async fn claimant(&self, caller: &Caller) -> Result<Actor, Problem> {
        let (county, address) = (self.county(), caller.address);
        match (&caller.link, &caller.claim) {
            (Some(code), _) => Ok(county.authenticate_verdict(code.clone(), address).await?.1),
            (None, Some(code)) => Ok(county.authenticate_claim(code.clone(), address).await?),
            (None, None) => Ok(Actor::Visitor),
        }
    }

    /// The actor of a request, for use cases that run their own transactions.
    pub(crate) async fn actor(
        &self,
        (caller, operation): (&Caller, Operation),
    ) -> Result<Actor, Problem> {
        match &caller.ticket {
            Some(ticket) => Ok(self.county().authenticate(ticket.clone(), operation).await?),
            None => Err(Error::Unauthenticated.into()),
        }
    }

    /// The key of a POST that runs its own transactions.
    pub(crate) async fn once(
        &self,
        (caller, operation): (&Caller, Operation),
        actor: &Actor,
        hash: &[u8; 32],
    ) -> Result<Option<Once>, Problem> {
        let Some(key) = &caller.key else { return Ok(None) };
        let draw = Draw::new(self.county().now(), [0; 32]);
        let work = self.county().work(actor.clone(), draw).await?;
        Ok(Some(once(&work, operation, key, hash)))
    }

    /// Notes that a session is in use, now and then.
    async fn renew(&self, (caller, operation): (&Caller, Operation), renewed: Option<Timestamp>) {
        if let (Some(_), Some(ticket), false) = (renewed, &caller.ticket, caller.passive) {
            // Only the session's end is at stake, and the next request tries again.
            let _ = self.county().authenticate(ticket.clone(), operation).await;
        }
    }

    /// Waits until an entry is sealed, or as long as is sensible: PostgreSQL seals a little later.
    async fn wait_for(&self, entry: EntryId) {
        if self.county().db().engine() == Engine::Sqlite {
            return;
        }
        let sealed = async {
            while !self.is_sealed(entry).await {
                let _ =
                    tokio::time::timeout(Duration::from_millis(50), self.county().moved()).await;
            }
        };
        let _ = tokio::time::timeout(self.setup.limits.seen, sealed).await;
    }

    async fn is_sealed(&self, entry: EntryId) -> bool {
        let proof = self.county().look(Actor::Visitor, move |tx, mut work| {
            Box::pin(async move { app::journal::proof(tx, &mut work, entry).await })
        });
        !matches!(proof.await, Err(Error::NotFound { .. }))
    }

    /// The claim code of a case; it is derived, and kept nowhere.
    pub(crate) async fn claim_code(&self, case: model::CaseId) -> Result<String, Problem> {
        let draw = Draw::new(self.county().now(), [0; 32]);
        Ok(self.county().work(Actor::Visitor, draw).await?.claim_code(case))
    }
}

/// Finds out who asks. Answers the session's new end when that is worth a write.
async fn enter(
    tx: &mut Tx,
    work: &mut Work,
    (caller, operation): (&Caller, Operation),
) -> app::Result<Option<Timestamp>> {
    match &caller.ticket {
        Some(ticket) if caller.claim.is_none() => {
            let known = authenticate(tx, work, ticket, operation).await?;
            work.actor = known.actor;
            Ok(known.renewed)
        }
        _ => Ok(None),
    }
}

async fn once_only<I, T, F>(
    tx: &mut Tx,
    work: &mut Work,
    (once, input): (Option<Once>, &I),
    f: &F,
) -> app::Result<T>
where
    T: Serialize + DeserializeOwned + Sync,
    F: for<'a> Fn(&'a mut Tx, &'a mut Work, &'a I) -> Answer<'a, T>,
{
    let Some(once) = once else { return f(tx, work, input).await };
    if let Some(answer) = answered(tx, &once).await? {
        return Ok(answer);
    }
    let answer = f(tx, work, input).await?;
    keep(tx, &once, &answer, work.now()).await?;
    Ok(answer)
}

/// The scope of a key is account and operation. The hash is keyed: bodies may hold passwords.
fn once(work: &Work, operation: Operation, key: &str, hash: &[u8; 32]) -> Once {
    let who = match &work.actor {
        Actor::Staff { account, .. } => account.to_string(),
        Actor::Resident { person } => person.to_string(),
        Actor::Claimant { case } => case.to_string(),
        Actor::Display { display, .. } => display.to_string(),
        Actor::Visitor => "visitor".to_owned(),
        Actor::System { job } => job.clone(),
    };
    Once {
        scope: format!("{who}/{}", operation.as_str()),
        key: key.to_owned(),
        body: work.keyed(b"once", hash).to_vec(),
    }
}
