//! Backing up and verifying the county while it is served: asked for here, done behind, watched here.

use super::runs::{Kind, Outcome, Run};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Api;
use app::journal as act;
use app::journal::{Difference, Keeper, VerifyReport};
use app::{Error, Work};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::access::{Actor, Operation};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// So many differences are told; the command line tells all.
const MOST: usize = 50;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(make_backup, list_backups))
        .routes(routes!(verify_journal, list_verifications))
}

/// What was begun.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// Its id in the list.
    id: Uuid,
}

/// How far something is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RunState {
    /// It goes on.
    Running,
    /// It came to its end.
    Done,
    /// It could not be done.
    Failed,
}

/// A backup in a folder of the server.
#[derive(Serialize, ToSchema)]
struct BackupLine {
    /// Its id.
    id: Uuid,
    /// When it was made, or begun.
    made_at: Timestamp,
    /// Who asked for it.
    by: Option<String>,
    /// How far it is.
    #[schema(inline)]
    state: RunState,
    /// Entries of the journal in it.
    #[schema(example = 130_018)]
    entries: u64,
    /// Its size in bytes.
    bytes: u64,
    /// Its SHA-256, hex.
    sha256: Option<String>,
    /// Its name in the folder.
    #[schema(example = "jinlin-20260302-090000.backup")]
    file: Option<String>,
    /// Why it could not be made.
    problem: Option<String>,
}

/// A comparison of every table with what follows from the journal.
#[derive(Serialize, ToSchema)]
struct VerificationLine {
    /// Its id.
    id: Uuid,
    /// When it began.
    started_at: Timestamp,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// How far it is.
    #[schema(inline)]
    state: RunState,
    /// Entries replayed.
    entries: u64,
    /// What does not agree, or why it could not be said; at most fifty.
    problems: Vec<String>,
}

/// Write a backup into a folder of the server; it is never sent over HTTP.
#[utoipa::path(post, path = "/backups", tag = "journal",
    responses((status = ACCEPTED, body = Begun)))]
async fn make_backup(
    State(api): State<Api>,
    caller: Caller,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let (keeper, actor, begun) = api.begin(&caller, Operation::MakeBackup, Kind::Backup).await?;
    if let (id, true) = begun {
        go_on(async move {
            let outcome = match back_up(&api, keeper, actor, id).await {
                Ok(()) => Outcome::Kept,
                Err(why) => Outcome::Failed(why),
            };
            api.runs.end(id, outcome, api.county().now());
        });
    }
    Ok((StatusCode::ACCEPTED, Json(Begun { id: begun.0 })))
}

async fn back_up(api: &Api, keeper: Arc<dyn Keeper>, actor: Actor, id: Uuid) -> Result<(), String> {
    let watching = api.clone();
    let done = move |entries| watching.runs.done(id, entries);
    let stored = keeper.back_up(api.county(), &done).await.map_err(|error| error.to_string())?;
    let noted = api.county().run(actor, move |tx, mut work| {
        let stored = stored.clone();
        Box::pin(async move { act::note_backup(tx, &mut work, &stored).await })
    });
    noted.await.map(drop).map_err(|error| error.to_string())
}

/// Backups made, and what is under way; the newest first.
#[utoipa::path(get, path = "/backups", tag = "journal",
    responses((status = OK, body = [BackupLine])))]
async fn list_backups(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<BackupLine>>, Problem> {
    let made = api
        .look((&caller, Operation::ListBackups), (), |tx, work, ()| {
            Box::pin(act::list_backups(tx, work))
        })
        .await?;
    let under_way = api.runs.of(Kind::Backup).into_iter().filter_map(unmade);
    Ok(Json(under_way.chain(made.into_iter().map(made_line)).collect()))
}

/// A job that a request began: its answer does not wait for it.
#[expect(clippy::disallowed_methods, reason = "this is a job; what it writes is a command")]
pub(crate) fn go_on(job: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(job);
}

/// A backup of which no entry tells.
fn unmade(run: Run) -> Option<BackupLine> {
    let (state, problem) = match run.outcome {
        Outcome::Running => (RunState::Running, None),
        Outcome::Failed(why) => (RunState::Failed, Some(why)),
        _ => return None,
    };
    let (id, made_at, by, entries) = (run.id, run.started_at, run.by, run.entries);
    Some(BackupLine {
        id,
        made_at,
        by,
        state,
        entries,
        bytes: 0,
        sha256: None,
        file: None,
        problem,
    })
}

fn made_line(it: act::MadeBackup) -> BackupLine {
    BackupLine {
        id: it.entry.0,
        made_at: it.at,
        by: it.by,
        state: RunState::Done,
        entries: it.stored.entries,
        bytes: it.stored.bytes,
        sha256: Some(it.stored.sha256),
        file: Some(it.stored.file),
        problem: None,
    }
}

/// Compare every table with what follows from the journal; needs a quiet quarter of an hour.
#[utoipa::path(post, path = "/journal/verifications", tag = "journal",
    responses((status = ACCEPTED, body = Begun)))]
async fn verify_journal(
    State(api): State<Api>,
    caller: Caller,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let (keeper, _, begun) =
        api.begin(&caller, Operation::VerifyJournal, Kind::Verification).await?;
    if let (id, true) = begun {
        go_on(async move {
            let watching = api.clone();
            let done = move |entries| watching.runs.done(id, entries);
            let outcome = match keeper.verify(api.county(), &done).await {
                Ok(report) => Outcome::Compared(told(&report)),
                Err(error) => Outcome::Failed(error.to_string()),
            };
            api.runs.end(id, outcome, api.county().now());
        });
    }
    Ok((StatusCode::ACCEPTED, Json(Begun { id: begun.0 })))
}

fn told(report: &VerifyReport) -> Vec<String> {
    let line = |it: &Difference| format!("{} {} {}: {:?}", it.table, it.key, it.column, it.problem);
    report.differences.iter().take(MOST).map(line).collect()
}

/// Comparisons since the server was started, the newest first.
#[utoipa::path(get, path = "/journal/verifications", tag = "journal",
    operation_id = "verify_journal.list", responses((status = OK, body = [VerificationLine])))]
async fn list_verifications(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<VerificationLine>>, Problem> {
    let operation = Operation::VerifyJournal;
    api.look((&caller, operation), (), |_, work, ()| {
        let allowed = work.may(Operation::VerifyJournal);
        Box::pin(async move { allowed })
    })
    .await?;
    Ok(Json(api.runs.of(Kind::Verification).into_iter().map(verification).collect()))
}

fn verification(run: Run) -> VerificationLine {
    let (state, problems) = match run.outcome {
        Outcome::Compared(problems) => (RunState::Done, problems),
        Outcome::Failed(why) => (RunState::Failed, vec![why]),
        _ => (RunState::Running, Vec::new()),
    };
    let (started_at, ended_at, entries) = (run.started_at, run.ended_at, run.entries);
    VerificationLine { id: run.id, started_at, ended_at, state, entries, problems }
}

impl Api {
    /// Begins long work, if the caller may and the server has room for it.
    async fn begin(
        &self,
        caller: &Caller,
        operation: Operation,
        kind: Kind,
    ) -> Result<(Arc<dyn Keeper>, Actor, (Uuid, bool)), Problem> {
        let (actor, by, id) = self
            .look((caller, operation), operation, |tx, work, operation| {
                Box::pin(async move { who(tx, work, *operation).await })
            })
            .await?;
        let (zh, en) = ("本服务没有可存放的地方", "this server has no room for it");
        let none = || Error::rule("no_keeper", zh, en);
        let keeper = self.setup.keeper.clone().ok_or_else(none)?;
        let run = Run::new((id, kind), (caller, by), self.county().now());
        let begun = self.runs.begin(run)?;
        Ok((keeper, actor, begun))
    }
}

async fn who(
    tx: &mut app::Tx,
    work: &mut Work,
    operation: Operation,
) -> app::Result<(Actor, Option<String>, Uuid)> {
    work.may(operation)?;
    Ok((work.actor.clone(), act::name_of(tx, &work.actor).await?, work.draw.entry().0))
}
