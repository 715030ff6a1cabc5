//! Meetings and ballots: their minutes and votes.

use super::CaseRef;
use crate::auth::Caller;
use crate::cases::{Ask, Fact, Line, ask, fact};
use crate::extract::{Body, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::effects as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::access::Operation;
use model::{CaseId, GatheringId, HouseholdId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_gatherings))
        .routes(routes!(show_gathering))
        .routes(routes!(keep_minutes))
        .routes(routes!(cast_vote))
}

/// A meeting or a ballot.
#[derive(Serialize, ToSchema)]
struct Gathering {
    /// Its id.
    id: Uuid,
    /// Gathering of the pack.
    #[schema(example = "council")]
    gathering: String,
    /// Its title.
    #[schema(example = "议事会")]
    title: String,
    /// `meeting`, `ballot`, `course`, `patrol`, `shift` or `booking`.
    #[schema(example = "meeting")]
    kind: String,
    /// Whose affair it is.
    place: Option<PlaceRef>,
    /// The case that called it; none for one that a cycle called.
    case: Option<CaseRef>,
    /// When it is held, or opens.
    at: Timestamp,
    /// When a ballot closes.
    closes: Option<Timestamp>,
    /// Posts that are invited.
    posts: Vec<Invited>,
    /// How the ballot stands; none of a meeting.
    ballot: Option<BallotNow>,
    /// What the meeting came to, once its minutes are kept.
    minutes: Option<Minutes>,
    /// The form of its minutes, for whoever may keep them now.
    asks: Option<Vec<Ask>>,
    /// What it talks about; none in lists, and where its pack names no query.
    agenda: Option<Agenda>,
}

/// The cases on an agenda: those that the query of the pack finds until minutes are kept, then those
/// that stood there.
#[derive(Serialize, ToSchema)]
struct Agenda {
    /// Those that the reader sees, the most urgent first.
    items: Vec<Line>,
    /// How many more there are.
    unseen: usize,
}

/// A post that is invited.
#[derive(Serialize, ToSchema)]
struct Invited {
    /// The post.
    post: Uuid,
    /// Its title.
    #[schema(example = "桥头社区网格长")]
    title: String,
}

/// How a ballot stands.
#[derive(Serialize, ToSchema)]
struct BallotNow {
    /// What may be chosen.
    #[schema(example = json!(["同意", "反对", "弃权"]))]
    choices: Vec<String>,
    /// Whether choices are shown to nobody.
    secret: bool,
    /// Whether households vote; else posts do.
    households: bool,
    /// Whether votes are taken now.
    open: bool,
    /// How many may vote.
    called: u32,
    /// How many have.
    cast: u32,
    /// Votes by the position of the choice; none while it is open.
    votes: Option<Vec<u32>>,
    /// Whether the acting post may cast a vote now: a household's, or its own.
    may_vote: bool,
    /// Whether the acting post has cast its own.
    voted: bool,
}

/// What a meeting came to.
#[derive(Serialize, ToSchema)]
struct Minutes {
    /// The form as it was filled.
    facts: Vec<Fact>,
    /// When it was kept.
    at: Timestamp,
}

impl From<act::GatheringView> for Gathering {
    fn from(it: act::GatheringView) -> Self {
        let invited = |(post, title): (model::PostId, String)| Invited { post: post.0, title };
        Self {
            id: it.id.0,
            gathering: it.gathering,
            title: it.title,
            kind: it.kind,
            place: it.place.map(Into::into),
            case: it.case.map(Into::into),
            at: it.at,
            closes: it.closes,
            posts: it.posts.into_iter().map(invited).collect(),
            ballot: it.ballot.map(Into::into),
            minutes: it
                .minutes
                .map(|it| Minutes { facts: it.facts.into_iter().map(fact).collect(), at: it.at }),
            asks: it.asks.map(|asks| asks.into_iter().map(ask).collect()),
            agenda: it.agenda.map(|it| Agenda {
                items: it.items.into_iter().map(Into::into).collect(),
                unseen: it.unseen,
            }),
        }
    }
}

impl From<act::BallotView> for BallotNow {
    fn from(it: act::BallotView) -> Self {
        let act::BallotView {
            choices,
            secret,
            households,
            open,
            called,
            cast,
            votes,
            may_vote,
            voted,
        } = it;
        Self { choices, secret, households, open, called, cast, votes, may_vote, voted }
    }
}

/// A page of gatherings, the latest first.
#[derive(Serialize, ToSchema)]
struct Gatherings {
    /// The gatherings.
    items: Vec<Gathering>,
    /// `after` of the next page; none on the last.
    next: Option<Uuid>,
}

/// Which gatherings: of a case, of a place, else those the acting post is invited to.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct GatheringsOf {
    /// Called by this case.
    case: Option<Uuid>,
    /// Of exactly this place, by code or id; the acting post stands over it.
    #[param(example = "350405001001001")]
    place: Option<String>,
    /// Only those held before this one: `next` of the page before.
    after: Option<Uuid>,
    /// At most so many, 20 when unsaid, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Meetings and ballots, the latest first.
#[utoipa::path(get, path = "/gatherings", tag = "gatherings", params(GatheringsOf),
    responses((status = OK, body = Gatherings)))]
async fn list_gatherings(
    State(api): State<Api>,
    caller: Caller,
    Params(GatheringsOf { case, place, after, limit }): Params<GatheringsOf>,
) -> Result<Json<Gatherings>, Problem> {
    let (case, after) = (case.map(CaseId), after.map(GatheringId));
    let query = act::GatheringQuery { place, case, after, limit };
    let found = api
        .look((&caller, Operation::ListGatherings), query, |tx, work, query| {
            Box::pin(act::list_gatherings(tx, work, query))
        })
        .await?;
    let items = found.items.into_iter().map(Into::into).collect();
    Ok(Json(Gatherings { items, next: found.next.map(|it| it.0) }))
}

/// One meeting or ballot.
#[utoipa::path(get, path = "/gatherings/{id}", tag = "gatherings",
    operation_id = "list_gatherings.one",
    params(("id" = Uuid, Path, description = "The gathering")),
    responses((status = OK, body = Gathering)))]
async fn show_gathering(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<Json<Gathering>, Problem> {
    let found = api
        .look((&caller, Operation::ListGatherings), GatheringId(id), |tx, work, id| {
            Box::pin(act::show_gathering(tx, work, *id))
        })
        .await?;
    Ok(Json(found.into()))
}

/// Keep the minutes of a meeting, once, by whoever is invited or owns its case; the body is their form.
#[utoipa::path(post, path = "/gatherings/{id}/minutes", tag = "gatherings",
    params(("id" = Uuid, Path, description = "The gathering")),
    request_body(content = BTreeMap<String, Value>, example = json!({ "words": "同意加装车棚" })),
    responses((status = OK, body = Gathering)))]
async fn keep_minutes(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<app::Form>,
) -> Result<Json<Gathering>, Problem> {
    let input = (body.hash, (GatheringId(id), body.value));
    let kept = api
        .command((&caller, Operation::KeepMinutes), input, |tx, work, (id, form)| {
            Box::pin(act::keep_minutes(tx, work, (*id, form)))
        })
        .await?;
    Ok(Json(kept.into()))
}

/// A vote.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVote {
    /// The household whose vote it is; none where the acting post votes for itself.
    household: Option<Uuid>,
    /// One of the ballot's choices.
    #[schema(example = "同意")]
    choice: String,
}

/// Cast a vote: a household's at its door, by the owner of the case, or the acting post's own.
///
/// A later vote replaces an earlier one until the ballot closes.
#[utoipa::path(post, path = "/gatherings/{id}/votes", tag = "gatherings", request_body = NewVote,
    params(("id" = Uuid, Path, description = "The ballot")),
    responses((status = OK, body = Gathering)))]
async fn cast_vote(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<NewVote>,
) -> Result<Json<Gathering>, Problem> {
    let NewVote { household, choice } = body.value;
    let vote = act::CastVote { household: household.map(HouseholdId), choice };
    let input = (body.hash, (GatheringId(id), vote));
    let cast = api
        .command((&caller, Operation::CastVote), input, |tx, work, (id, vote)| {
            Box::pin(act::cast_vote(tx, work, (*id, vote)))
        })
        .await?;
    Ok(Json(cast.into()))
}
