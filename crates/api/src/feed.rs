//! The stream of what happened (server-sent events), as the acting post or the resident may see it.
//! It is read from the log: whoever comes back with `Last-Event-ID` misses nothing.

use crate::auth::Caller;
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use app::Engine;
use app::oversight as act;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, Stream, StreamExt};
use jiff::Timestamp;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Entries read at a time.
const PAGE: u32 = 200;
/// Acts that follow one another closely are read together.
const GATHER: Duration = Duration::from_millis(100);
/// Proxies close connections that are silent for longer than about a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(read_feed))
}

/// Where to begin.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct From {
    /// Position in the log to begin at, 0 for the very beginning; what happens from now on when
    /// unsaid. `Last-Event-ID` goes before it.
    from: Option<u64>,
}

/// Something that happened to a case.
#[derive(Serialize, ToSchema)]
struct Happened {
    /// Its position in the log: `Last-Event-ID`.
    position: u64,
    /// The entry.
    entry: Uuid,
    /// When.
    at: Timestamp,
    /// The case.
    case: Uuid,
    /// Its number.
    #[schema(example = "2026092100017")]
    number: String,
    /// `open`, the action of the procedure, or a built-in one.
    #[schema(example = "dispatch")]
    action: String,
    /// The case's state now.
    #[schema(example = "dispatched")]
    state: String,
    /// The case's revision after it.
    revision: i64,
    /// Whether the acting post owns the case now.
    mine: bool,
}

/// The stream of what happened, filtered for the acting post (`?as=` where headers cannot be set).
#[utoipa::path(get, path = "/feed", tag = "oversight",
    params(From, ("Last-Event-ID" = Option<u64>, Header, description = "Position to go on behind")),
    responses((status = OK, body = Happened, content_type = "text/event-stream")))]
async fn read_feed(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    Params(from): Params<From>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    // An open stream is no use of the session: who is away is logged out all the same.
    let caller = Caller { passive: true, ..caller };
    let last = headers.get("last-event-id").and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
    let from = match last.map(|last| last.saturating_add(1)).or(from.from) {
        Some(from) => from,
        None => size(&api, &caller).await?,
    };
    let full = || Problem::wait(StatusCode::SERVICE_UNAVAILABLE, "busy", 30);
    let seat = api.feeds.clone().try_acquire_owned().map_err(|_| full())?;
    let (closing, heard) = (api.closing.subscribe(), listen(&api).await);
    let mut reader = Reader { api, caller, next: from, heard, closing, _seat: seat };
    // Whoever may not read it is told so before the stream begins.
    let first = reader.read().await?;
    let rest = stream::unfold(reader, |mut reader| async move {
        let events = reader.wait_and_read().await?;
        Some((events, reader))
    });
    let events = stream::iter([first]).chain(rest).flat_map(stream::iter).map(Ok);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// How many entries are sealed now.
async fn size(api: &Api, caller: &Caller) -> Result<u64, Problem> {
    let note = api.look((caller, Operation::ReadFeed), (), |tx, work, ()| {
        Box::pin(app::journal::checkpoint(tx, work))
    });
    let note = match note.await {
        Ok(note) => note,
        Err(problem) if problem.status == StatusCode::NOT_FOUND => return Ok(0),
        Err(problem) => return Err(problem),
    };
    // The second line of a checkpoint is the size of its log.
    Ok(note.lines().nth(1).and_then(|it| it.parse().ok()).unwrap_or(0))
}

struct Reader {
    api: Api,
    caller: Caller,
    next: u64,
    heard: BoxFuture<'static, ()>,
    closing: watch::Receiver<bool>,
    _seat: OwnedSemaphorePermit,
}

impl Reader {
    /// Waits for something to happen; none when the stream ends.
    async fn wait_and_read(&mut self) -> Option<Vec<Event>> {
        loop {
            tokio::select! {
                () = something(&self.api, &mut self.heard) => {}
                _ = self.closing.wait_for(|closing| *closing) => return None,
            }
            self.heard = listen(&self.api).await;
            // Whoever is refused now, or meets a failure, comes back and is told why.
            let events = self.read().await.ok()?;
            if !events.is_empty() {
                return Some(events);
            }
        }
    }

    /// All that happened meanwhile, as far as the caller sees it.
    async fn read(&mut self) -> Result<Vec<Event>, Problem> {
        let mut events = Vec::new();
        let begun = self.next;
        loop {
            let by = (&self.caller, Operation::ReadFeed);
            let page = self
                .api
                .look(by, self.next, |tx, work, from| Box::pin(act::feed(tx, work, (*from, PAGE))));
            let page = page.await?;
            events.extend(page.items.into_iter().filter_map(event));
            let read = page.next.saturating_sub(self.next);
            self.next = page.next;
            if read < u64::from(PAGE) {
                break;
            }
        }
        if events.is_empty() && self.next >= begun + u64::from(PAGE) {
            // Only an id: nothing to see, but the client need not come back so far.
            events.push(Event::default().id(self.next.saturating_sub(1).to_string()));
        }
        Ok(events)
    }
}

/// Begins to listen for commands: whoever listens before reading misses none that comes after.
async fn listen(api: &Api) -> BoxFuture<'static, ()> {
    let county = api.county().clone();
    let mut heard = async move { county.moved().await }.boxed();
    // Polled once, it counts from now on.
    match futures::poll!(&mut heard) {
        Poll::Pending => heard,
        Poll::Ready(()) => async {}.boxed(),
    }
}

/// Waits until a command was carried out, or as long as another process may seal unheard.
async fn something(api: &Api, heard: &mut BoxFuture<'static, ()>) {
    let patience = match api.county().db().engine() {
        Engine::Sqlite => HEARTBEAT,
        Engine::Postgres => Duration::from_secs(1),
    };
    if tokio::time::timeout(patience, heard).await.is_ok() {
        #[expect(clippy::disallowed_methods, reason = "no fact waits for it: reading less often")]
        tokio::time::sleep(GATHER).await;
    }
}

fn event(it: act::Happened) -> Option<Event> {
    let happened = Happened {
        position: it.position,
        entry: it.entry.0,
        at: it.at,
        case: it.case.0,
        number: it.number,
        action: it.action,
        state: it.state,
        revision: it.revision,
        mine: it.mine,
    };
    let event = Event::default().event("case").id(it.position.to_string());
    event.json_data(&happened).ok()
}
