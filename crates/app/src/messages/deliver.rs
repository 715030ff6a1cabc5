//! Sending what is queued. A message is taken in one transaction, handed to the gateway in none, and
//! settled in another: whoever is killed between them sends it once more later, and never loses it.

use super::gateway::{Gateway, NotSent, ShortMessage};
use super::queue::phone_of;
use super::verdict;
use super::words::{Told, Tongue, purpose};
use crate::access::{bound, phone_key};
use crate::{County, Error, Result, Work};
use jiff::{SignedDuration, Timestamp};
use model::access::Actor;
use model::cases::{Asker, Hiding};
use model::journal::Event;
use model::messages::Delivery;
use rowdb::Tx;
use std::sync::Arc;
use store::cases::Case;
use store::messages::{self, Message};

/// Minutes until the next try after the first, the second, …
const PAUSES: [i64; 5] = [1, 5, 15, 60, 240];
/// … of so many more tries; then it is given up.
const MOST: i64 = 5;
/// Messages a day to one number, codes aside.
const A_DAY: i64 = 10;
/// From ten in the evening until seven nobody is told anything.
const QUIET: (i64, i64) = (22, 7);
/// Messages taken at a time.
const AT_ONCE: i64 = 20;
/// What was settled is kept for so long, to be looked up.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Who sends, and what every message has in common.
#[derive(Clone)]
pub struct Sender {
    /// The gateway.
    pub gateway: Arc<dyn Gateway>,
    /// The address at which residents reach us (`https://jinlin.example.cn`), for links; without it
    /// messages have none.
    pub public: Option<String>,
    /// The language.
    pub tongue: Tongue,
}

/// Sends every message that is due and says how many were tried. A failure of one does not stop the
/// others.
pub async fn deliver(county: &Arc<County>, sender: &Sender) -> Result<usize> {
    let due = county
        .look(Actor::system("messages"), |tx, work| {
            Box::pin(async move { Ok(messages::due(tx, work.now(), AT_ONCE).await?) })
        })
        .await?;
    let mut tried = 0;
    for message in due {
        match deliver_one(county, sender, message).await {
            Ok(sent) => tried += usize::from(sent),
            Err(error) => tracing::error!(%error, "a short message could not be dealt with"),
        }
    }
    Ok(tried)
}

async fn deliver_one(county: &Arc<County>, sender: &Sender, message: Message) -> Result<bool> {
    let (taken, sent_by) = (message.clone(), sender.clone());
    let ready = county
        .run(Actor::system("messages"), move |tx, mut work| {
            let (message, sender) = (taken.clone(), sent_by.clone());
            Box::pin(async move { take(tx, &mut work, (&message, &sender)).await })
        })
        .await?;
    let Some((ready, again)) = ready else { return Ok(false) };
    // Due again then, unless it is settled now.
    let message = Message { due_at: Some(again), ..message };
    let answer = sender.gateway.send(&ready).await;
    if let Err(not_sent) = &answer {
        let (NotSent::Refused(reason) | NotSent::Later(reason, _)) = not_sent;
        tracing::warn!(message = %ready.id, reason, "a short message was not taken");
    }
    county
        .run(Actor::system("messages"), move |tx, mut work| {
            let (message, answer) = (message.clone(), answer.clone());
            Box::pin(async move { settle(tx, &mut work, (&message, &answer)).await })
        })
        .await?;
    Ok(true)
}

/// Takes a message to be sent now; none when it is night, when there is nobody to send it to, when the
/// number was told enough today, or when somebody else has it.
async fn take(
    tx: &mut Tx,
    work: &mut Work,
    (message, sender): (&Message, &Sender),
) -> Result<Option<(ShortMessage, Timestamp)>> {
    let now = work.now();
    if let Some(morning) = morning_after(now) {
        messages::put_off(tx, message, (morning, now)).await?;
        return Ok(None);
    }
    let case = store::cases::get(tx, message.case).await?;
    let phone = match &case {
        Some(case) => phone_of(tx, case).await?,
        None => None,
    };
    let Some((case, phone)) = case.zip(phone) else {
        messages::settle(tx, message.id, Delivery::Void, now).await?;
        return Ok(None);
    };
    let again = now + pause(message.tries);
    if !messages::take(tx, message, (again, now)).await? {
        return Ok(None);
    }
    if message.tries == 0 && !within_bound(tx, work, &phone).await? {
        give_up(tx, work, message).await?;
        return Ok(None);
    }
    let ready = compose(work, (message, sender), (&case, phone))?;
    Ok(Some((ready, again)))
}

/// The morning until which a message waits at night.
fn morning_after(now: Timestamp) -> Option<Timestamp> {
    let midnight = calendar::start_of_day(calendar::local_date(now));
    let morning = midnight + SignedDuration::from_hours(QUIET.1);
    match midnight.duration_until(now).as_hours() {
        hour if hour >= QUIET.0 => Some(morning + SignedDuration::from_hours(24)),
        hour if hour < QUIET.1 => Some(morning),
        _ => None,
    }
}

/// How long after try number `tries + 1` the next one is due.
fn pause(tries: i64) -> SignedDuration {
    let nth = usize::try_from(tries).unwrap_or(0);
    let minutes = PAUSES.get(nth).or(PAUSES.last()).copied().unwrap_or(60);
    SignedDuration::from_mins(minutes)
}

async fn within_bound(tx: &mut Tx, work: &Work, phone: &str) -> Result<bool> {
    let key = format!("messages/{}", phone_key(work, phone));
    match bound(tx, work, &key, A_DAY).await {
        Ok(()) => Ok(true),
        Err(Error::TooMany { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn compose(
    work: &Work,
    (message, sender): (&Message, &Sender),
    (case, phone): (&Case, String),
) -> Result<ShortMessage> {
    let wait = case.state.waiting().and(case.state.clock.as_ref()).map(|clock| clock.due_at);
    let promise = case.state.promise.as_ref().map(|it| it.at);
    let link = sender.public.as_ref().zip(verdict::code(work, case));
    let told = Told {
        county: work.county_name(),
        number: case.number.clone(),
        matter: shown_matter(work, case)?,
        by: wait.or(promise),
        link: link.map(|(public, code)| format!("{public}/lite/v/{code}")),
    };
    let (text, parts) = told.text(message.kind, sender.tongue);
    Ok(ShortMessage { id: message.id, phone, purpose: purpose(message.kind), text, parts })
}

/// The matter, where nothing about the case is to be hidden from whoever sees the telephone.
fn shown_matter(work: &Work, case: &Case) -> Result<Option<String>> {
    let named = matches!(case.state.asker, Asker::Resident { hiding: Hiding::Named, .. });
    if case.sensitive || !named {
        return Ok(None);
    }
    let pack = work.shelf.pinned(&case.state.pack)?;
    let catalogue =
        pack.procedures.get(case.state.procedure.as_str()).and_then(|it| it.matters.as_ref());
    let matter = catalogue.and_then(|it| pack.matters.get(it)).zip(case.state.matter.as_ref());
    Ok(matter.and_then(|(all, id)| all.get(id.as_str())).map(|it| it.title.clone()))
}

/// Settles a message by what the gateway said; what it will not take now stays due, until it is given
/// up.
async fn settle(
    tx: &mut Tx,
    work: &mut Work,
    (message, answer): (&Message, &std::result::Result<(), NotSent>),
) -> Result<()> {
    let now = work.now();
    match answer {
        Ok(()) => {
            messages::settle(tx, message.id, Delivery::Sent, now).await?;
        }
        Err(NotSent::Later(_, after)) if message.tries < MOST => {
            let pause = pause(message.tries).max(after.unwrap_or_default());
            messages::put_off(tx, message, (now + pause, now)).await?;
        }
        Err(_) => give_up(tx, work, message).await?,
    }
    Ok(())
}

/// Gives a message up, with an entry for whoever calls the asker instead.
async fn give_up(tx: &mut Tx, work: &mut Work, message: &Message) -> Result<()> {
    if messages::settle(tx, message.id, Delivery::Failed, work.now()).await? {
        let (case, told) = (message.case, message.kind.as_str().to_owned());
        work.record(tx, case.0, Event::MessageFailed { case, told }).await?;
    }
    Ok(())
}

/// Forgets messages settled long ago, and codes that are over; says how many.
pub async fn sweep(tx: &mut Tx, work: &Work) -> Result<u64> {
    Ok(messages::sweep(tx, work.now(), work.now() - KEPT).await?)
}
