//! What a version of the pack changes, and running cases going over to it: tried, begun, watched.

use crate::auth::Caller;
use crate::extract::{Body, Params, Segments};
use crate::journal::runs::{Kind, Outcome, Run};
use crate::language::{Language, Words};
use crate::problem::Problem;
use crate::state::Api;
use app::cases as moving;
use app::method_packs as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::CaseId;
use model::access::{Actor, Operation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_pack_changes))
        .routes(routes!(try_moves, move_cases))
        .routes(routes!(list_moves))
}

/// Against which version.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Since {
    /// Hash of the other version.
    from: Option<String>,
}

/// A version of a pack.
#[derive(Serialize, ToSchema)]
struct PackVersion {
    /// Its id.
    #[schema(example = "base")]
    id: String,
    /// Its version.
    #[schema(example = "2026.11.1")]
    version: String,
    /// SHA-256 of its flattened text.
    hash: String,
}

impl From<act::LoadedPack> for PackVersion {
    fn from(it: act::LoadedPack) -> Self {
        Self { id: it.id, version: it.version, hash: it.hash }
    }
}

/// What a version changes.
#[derive(Serialize, ToSchema)]
struct PackChanges {
    /// The version compared with.
    from: PackVersion,
    /// The version looked at.
    to: PackVersion,
    /// Structure first, then limits, then words.
    changes: Vec<PackChange>,
    /// Open states that are gone without a successor: cases in them cannot go over.
    problems: Vec<PackProblem>,
}

/// One change.
#[derive(Serialize, ToSchema)]
struct PackChange {
    /// `structure`: what is done, by whom, in which states; `limits`: how long and how often; `words`:
    /// what people read.
    #[schema(example = "limits")]
    sort: &'static str,
    /// `procedures`, `matters`, `roles`, `fields`, `registers`, `ledgers`, `gatherings`, `cycles`,
    /// `boards`, `indicators`, `texts`, … or `pack`.
    #[schema(example = "procedures")]
    area: String,
    /// The procedure, catalogue, role, …; none of the pack itself.
    #[schema(example = "appeal")]
    subject: Option<String>,
    /// Keys from the root of the pack.
    #[schema(example = "procedures.appeal.limits.sign")]
    path: String,
    /// What stood there; none if it is new.
    #[schema(example = "1 wd")]
    old: Option<String>,
    /// What stands there; none if it is gone.
    #[schema(example = "2 wd")]
    new: Option<String>,
    /// In the caller's language.
    #[schema(example = "流程“群众诉求”·时限·sign:1 个工作日 → 2 个工作日")]
    text: String,
}

/// What a version owes the cases that run on the other one.
#[derive(Serialize, ToSchema)]
struct PackProblem {
    /// The check that says so.
    #[schema(example = "moves_missing")]
    check: &'static str,
    /// What is wrong.
    text: String,
    /// What to do.
    advice: String,
}

/// What a version of the pack changes against another; against the current one unless said otherwise.
#[utoipa::path(get, path = "/packs/{hash}/changes", tag = "method",
    operation_id = "list_packs.changes",
    params(("hash" = String, Path, description = "Hash of the version"), Since),
    responses((status = OK, body = PackChanges)))]
async fn list_pack_changes(
    State(api): State<Api>,
    caller: Caller,
    language: Language,
    Segments(hash): Segments<String>,
    Params(Since { from }): Params<Since>,
) -> Result<Json<PackChanges>, Problem> {
    let found = api
        .look((&caller, Operation::ListPacks), (hash, from), |tx, work, (hash, from)| {
            Box::pin(async move { act::changes(tx, work, (hash, from.as_deref())).await })
        })
        .await?;
    let problem = |it: act::Problem| PackProblem {
        check: it.check,
        text: two(language, it.message),
        advice: two(language, it.advice.map(str::to_owned)),
    };
    Ok(Json(PackChanges {
        from: found.from.into(),
        to: found.to.into(),
        changes: found.changes.into_iter().map(|it| change(language, it)).collect(),
        problems: found.problems.into_iter().map(problem).collect(),
    }))
}

fn two(language: Language, [chinese, english]: [String; 2]) -> String {
    Words { chinese, english }.read(language)
}

fn change(language: Language, it: act::Change) -> PackChange {
    PackChange {
        sort: match it.sort {
            act::Sort::Structure => "structure",
            act::Sort::Limits => "limits",
            act::Sort::Words => "words",
        },
        area: it.area,
        subject: it.subject,
        path: it.path,
        old: it.old,
        new: it.new,
        text: two(language, it.words),
    }
}

/// What would become of the cases under a version.
#[derive(Serialize, ToSchema)]
struct MovesTrial {
    /// Running cases of other versions by procedure and state.
    counts: Vec<TrialCount>,
    /// Those that cannot go over, with why; at most two hundred.
    cannot: Vec<CannotMove>,
    /// Whether there are more running cases than the 20,000 that were tried.
    cut: bool,
    /// The cases opened within the last thirty days: who would have got them.
    month: MonthTrial,
}

/// Running cases in one state.
#[derive(Serialize, ToSchema)]
struct TrialCount {
    /// The procedure.
    #[schema(example = "appeal")]
    procedure: String,
    /// Its title.
    #[schema(example = "群众诉求")]
    procedure_title: String,
    /// The state.
    #[schema(example = "handling")]
    state: String,
    /// Its title.
    #[schema(example = "办理中")]
    state_title: String,
    /// How many can go over.
    can: usize,
    /// How many cannot.
    cannot: usize,
}

/// A case that cannot go over.
#[derive(Serialize, ToSchema)]
struct CannotMove {
    /// The case.
    case: Uuid,
    /// Its number; none of a sensitive one.
    number: Option<String>,
    /// Its procedure.
    procedure: String,
    /// Its state.
    state: String,
    /// Why not: `joined`, `no_procedure`, `no_state`, `no_matter`, `unset`, `other_type`, `waits`,
    /// `ballot`, `pending`, `no_owner` or `late`.
    #[schema(example = "no_state")]
    code: &'static str,
    /// The same in the caller's language.
    text: String,
}

/// Who would have got the last month's cases.
#[derive(Serialize, ToSchema)]
struct MonthTrial {
    /// How many cases were looked at.
    cases: usize,
    /// Whether there were more than the 2,000 that are looked at.
    cut: bool,
    /// How many states they came into, each with its owner.
    owners: usize,
    /// How many of those would be the same.
    same: usize,
    /// The others, the most frequent first.
    differences: Vec<OwnerDifference>,
}

/// Owners that would be others: what differs is the version's doing, both rules being asked by today's
/// posts.
#[derive(Serialize, ToSchema)]
struct OwnerDifference {
    /// The procedure.
    procedure: String,
    /// Its title.
    procedure_title: String,
    /// The state.
    state: String,
    /// Its title.
    state_title: String,
    /// Role that got it.
    #[schema(example = "clerk")]
    got: String,
    /// Role that would get it; none where the state is gone.
    #[schema(example = "grid_leader")]
    would: Option<String>,
    /// How often.
    count: usize,
    /// Some of them.
    examples: Vec<MoveExample>,
}

/// A case that would have gone to somebody else.
#[derive(Serialize, ToSchema)]
struct MoveExample {
    /// The case.
    case: Uuid,
    /// Its number; none of a sensitive one.
    number: Option<String>,
    /// Title of the post that got it.
    #[schema(example = "城市管理局承办")]
    got: String,
    /// Title of the post that would get it.
    would: Option<String>,
}

/// Try a version: which running cases can go over to it, and who would have got the last month's.
/// Nothing is changed.
#[utoipa::path(get, path = "/packs/{hash}/moves", tag = "method", operation_id = "move_cases.try",
    params(("hash" = String, Path, description = "Hash of the version"), Since),
    responses((status = OK, body = MovesTrial)))]
async fn try_moves(
    State(api): State<Api>,
    caller: Caller,
    language: Language,
    Segments(hash): Segments<String>,
    Params(Since { from }): Params<Since>,
) -> Result<Json<MovesTrial>, Problem> {
    let found = api
        .look((&caller, Operation::MoveCases), (hash, from), |tx, work, (hash, from)| {
            Box::pin(async move { moving::try_moves(tx, work, (hash, from.as_deref())).await })
        })
        .await?;
    let cannot = |it: moving::CannotMove| CannotMove {
        case: it.case.0,
        number: it.number,
        procedure: it.procedure,
        state: it.state,
        code: it.why.code(),
        text: two(language, [it.why.chinese(), it.why.to_string()]),
    };
    Ok(Json(MovesTrial {
        counts: found.counts.into_iter().map(Into::into).collect(),
        cannot: found.cannot.into_iter().map(cannot).collect(),
        cut: found.cut,
        month: MonthTrial {
            cases: found.month.cases,
            cut: found.month.cut,
            owners: found.month.owners,
            same: found.month.same,
            differences: found.month.differences.into_iter().map(Into::into).collect(),
        },
    }))
}

impl From<moving::TrialCount> for TrialCount {
    fn from(it: moving::TrialCount) -> Self {
        let ((procedure, procedure_title), (state, state_title)) = (it.procedure, it.state);
        let (can, cannot) = (it.can, it.cannot);
        Self { procedure, procedure_title, state, state_title, can, cannot }
    }
}

impl From<moving::Difference> for OwnerDifference {
    fn from(it: moving::Difference) -> Self {
        let ((procedure, procedure_title), (state, state_title)) = (it.procedure, it.state);
        let example = |it: moving::Example| MoveExample {
            case: it.case.0,
            number: it.number,
            got: it.got,
            would: it.would,
        };
        let examples = it.examples.into_iter().map(example).collect();
        let (got, would, count) = (it.got, it.would, it.count);
        Self { procedure, procedure_title, state, state_title, got, would, count, examples }
    }
}

/// Which cases are to go over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMoves {
    /// `"all"`, or the ids of cases.
    #[schema(example = "all")]
    cases: WhichCases,
    /// Why, in 2 to 200 characters; kept with each entry.
    #[schema(example = "新版本缩短了签收时限")]
    reason: String,
}

/// Which cases.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum WhichCases {
    /// Every running case of another version.
    All(All),
    /// These.
    These(Vec<Uuid>),
}

/// Every one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum All {
    /// Every one.
    All,
}

/// What was begun.
#[derive(Serialize, ToSchema)]
struct MovesBegun {
    /// Its id in `GET /pack-moves`.
    id: Uuid,
}

/// Let running cases go over to the current version, each by an entry of its own.
///
/// It goes on behind the request (`GET /pack-moves` tells how far it is). A case that cannot go over
/// stays as it is and is counted with why.
#[utoipa::path(post, path = "/packs/{hash}/moves", tag = "method", request_body = NewMoves,
    params(("hash" = String, Path, description = "Hash of the current version")),
    responses((status = ACCEPTED, body = MovesBegun)))]
async fn move_cases(
    State(api): State<Api>,
    caller: Caller,
    Segments(hash): Segments<String>,
    body: Body<NewMoves>,
) -> Result<(StatusCode, Json<MovesBegun>), Problem> {
    let NewMoves { cases, reason } = body.value;
    let cases = match cases {
        WhichCases::All(All::All) => None,
        WhichCases::These(ids) => Some(ids.into_iter().map(CaseId).collect()),
    };
    let wanted = moving::MoveCases { to: hash, cases, reason };
    let (actor, by, id) = api
        .look((&caller, Operation::MoveCases), wanted.clone(), |tx, work, wanted| {
            Box::pin(async move {
                moving::may_move(tx, work, wanted).await?;
                let by = app::journal::name_of(tx, &work.actor).await?;
                Ok((work.actor.clone(), by, work.draw.entry().0))
            })
        })
        .await?;
    let run = Run::new((id, Kind::Moves), (&caller, by), api.county().now());
    let (id, new) = api.runs.begin(run)?;
    if new {
        crate::journal::go_on(behind(api, actor, wanted, id));
    }
    Ok((StatusCode::ACCEPTED, Json(MovesBegun { id })))
}

async fn behind(api: Api, actor: Actor, wanted: moving::MoveCases, id: Uuid) {
    let watching = api.clone();
    let done = move |cases| watching.runs.done(id, cases);
    let outcome = match moving::move_cases(api.county(), &actor, &wanted, &done).await {
        Ok(moved) => Outcome::Moved(moved),
        Err(error) => Outcome::Failed(error.to_string()),
    };
    api.runs.end(id, outcome, api.county().now());
}

/// Cases going over to another version.
#[derive(Serialize, ToSchema)]
struct MovesLine {
    /// Its id.
    id: Uuid,
    /// When it began.
    started_at: Timestamp,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// Who asked for it.
    by: Option<String>,
    /// `running`, `done` or `failed`.
    #[schema(example = "done")]
    state: &'static str,
    /// Cases gone through.
    cases: u64,
    /// How many of them went over.
    moved: u64,
    /// How many stayed, by the code of why.
    stayed: BTreeMap<&'static str, u64>,
    /// Why it could not go on; what went over until then stays so.
    problem: Option<String>,
}

/// What was begun since the server was started, the newest first.
#[utoipa::path(get, path = "/pack-moves", tag = "method", operation_id = "move_cases.list",
    responses((status = OK, body = [MovesLine])))]
async fn list_moves(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<MovesLine>>, Problem> {
    api.look((&caller, Operation::MoveCases), (), |_, work, ()| {
        let allowed = work.may(Operation::MoveCases);
        Box::pin(async move { allowed })
    })
    .await?;
    Ok(Json(api.runs.of(Kind::Moves).into_iter().map(line).collect()))
}

fn line(run: Run) -> MovesLine {
    let (state, moved, problem) = match run.outcome {
        Outcome::Moved(moved) => ("done", moved, None),
        Outcome::Failed(why) => ("failed", moving::MovedCases::default(), Some(why)),
        _ => ("running", moving::MovedCases::default(), None),
    };
    MovesLine {
        id: run.id,
        started_at: run.started_at,
        ended_at: run.ended_at,
        by: run.by,
        state,
        cases: run.entries,
        moved: moved.moved,
        stayed: moved.stayed,
        problem,
    }
}
