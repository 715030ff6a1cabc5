//! Posts and who holds them. Organisations stand in `people/orgs.rs`, absences and service visits in
//! `people/work.rs`.

mod calls;
mod orgs;
mod persons;
mod work;

use crate::auth::Caller;
use crate::extract::{Body, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::people as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use model::access::Operation;
use model::{PersonId, PostId, people::Selection};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_posts, create_posts))
        .routes(routes!(end_post))
        .routes(routes!(persons::list_people, add_people))
        .routes(routes!(appoint))
        .routes(routes!(dismiss))
        .merge(calls::routes())
        .merge(orgs::routes())
        .merge(persons::routes())
        .merge(work::routes())
}

/// Ids of what was made, in the order of the request.
#[derive(Serialize, ToSchema)]
struct Made {
    /// The ids.
    ids: Vec<Uuid>,
}

/// Which posts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Code or id of the place they belong to, themselves or by their organisation.
    #[param(example = "990100001001")]
    place: Option<String>,
    /// Code or id of their organisation.
    org: Option<String>,
    /// Their role.
    role: Option<String>,
    /// Words of the role's title, the organisation or the place, or their codes.
    #[param(example = "城管 承办")]
    q: Option<String>,
    /// At most so many, up to 500.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// A post today.
#[derive(Serialize, ToSchema)]
struct Post {
    /// The post.
    post: Uuid,
    /// Its role in the pack.
    #[schema(example = "micro_grid_leader")]
    role: String,
    /// Title of the role.
    #[schema(example = "微网格长")]
    title: String,
    /// Its place.
    place: Option<PlaceRef>,
    /// Name of its organisation.
    org: Option<String>,
    /// Its holders, the principal first.
    holders: Vec<Holder>,
    /// Whether nobody holds it.
    vacant: bool,
    /// Who answers instead while nobody present holds it.
    answered_by: Option<Uuid>,
}

/// Somebody who holds a post.
#[derive(Serialize, ToSchema)]
struct Holder {
    /// The person.
    person: Uuid,
    /// The name, for colleagues.
    name: Option<String>,
    /// 0 for the principal, then the deputies in order.
    rank: u32,
    /// How the person was found.
    selection: Found,
    /// Since when.
    from: Date,
    /// Whether the person is away today.
    away: bool,
}

/// How a holder came to a post.
#[derive(Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Found {
    /// 个人自荐.
    SelfNominated,
    /// 社区推荐.
    Recommended,
    /// 组织委派.
    #[default]
    Appointed,
    /// 公开招募.
    Recruited,
}

impl From<Selection> for Found {
    fn from(it: Selection) -> Self {
        match it {
            Selection::SelfNominated => Self::SelfNominated,
            Selection::Recommended => Self::Recommended,
            Selection::Appointed => Self::Appointed,
            Selection::Recruited => Self::Recruited,
        }
    }
}

impl From<Found> for Selection {
    fn from(it: Found) -> Self {
        match it {
            Found::SelfNominated => Self::SelfNominated,
            Found::Recommended => Self::Recommended,
            Found::Appointed => Self::Appointed,
            Found::Recruited => Self::Recruited,
        }
    }
}

/// Posts of a place or an organisation with their holders; at most 500.
#[utoipa::path(get, path = "/posts", tag = "people", params(Which),
    responses((status = OK, body = [Post])))]
async fn list_posts(
    State(api): State<Api>,
    caller: Caller,
    Params(Which { place, org, role, q, limit }): Params<Which>,
) -> Result<Json<Vec<Post>>, Problem> {
    let query = act::PostQuery { place, org, role, words: q, limit };
    let posts = api
        .look((&caller, Operation::ListPosts), query, |tx, work, query| {
            Box::pin(act::list_posts(tx, work, query))
        })
        .await?;
    Ok(Json(posts.into_iter().map(post).collect()))
}

fn post(it: act::PostView) -> Post {
    let holders = it.holders.into_iter().map(|it| Holder {
        person: it.person.0,
        name: it.name,
        rank: it.rank,
        selection: it.selection.into(),
        from: it.from,
        away: it.away,
    });
    Post {
        post: it.post.0,
        role: it.role,
        title: it.title,
        place: it.place.map(Into::into),
        org: it.org,
        holders: holders.collect(),
        vacant: it.vacant,
        answered_by: it.answered_by.map(|post| post.0),
    }
}

/// A post to be created.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPost {
    /// Its role in the pack.
    #[schema(example = "micro_grid_leader")]
    role: String,
    /// Code or id of its organisation.
    org: Option<String>,
    /// Code or id of its place.
    #[schema(example = "990100001001001001")]
    place: Option<String>,
    /// First day; today when unsaid.
    from: Option<Date>,
}

/// Create posts, all or none.
#[utoipa::path(post, path = "/posts", tag = "people", operation_id = "create_post",
    request_body = Vec<NewPost>, responses((status = CREATED, body = Made)))]
async fn create_posts(
    State(api): State<Api>,
    caller: Caller,
    body: Body<Vec<NewPost>>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let posts = body.value.into_iter().map(|it| act::NewPost {
        role: it.role,
        org: it.org,
        place: it.place,
        from: it.from,
    });
    let input = (body.hash, posts.collect::<Vec<_>>());
    let made = api
        .reshape((&caller, Operation::CreatePost), input, |tx, work, posts| {
            Box::pin(act::create_posts(tx, work, posts))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Made { ids: made.into_iter().map(|id| id.0).collect() })))
}

/// The end of a post or of somebody's holding of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Until {
    /// First day on which it is over.
    until: Date,
}

/// End a post.
#[utoipa::path(post, path = "/posts/{post}/end", tag = "people", operation_id = "create_post.end",
    request_body = Until, params(("post" = Uuid, Path, description = "The post")),
    responses((status = NO_CONTENT, description = "Ended")))]
async fn end_post(
    State(api): State<Api>,
    caller: Caller,
    Segments(post): Segments<Uuid>,
    body: Body<Until>,
) -> Result<StatusCode, Problem> {
    let input = (body.hash, act::EndPost { post: PostId(post), until: body.value.until });
    api.reshape((&caller, Operation::CreatePost), input, |tx, work, request| {
        Box::pin(act::end_post(tx, work, request))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A person to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    /// The name.
    #[schema(example = "林岚")]
    name: String,
    /// The number by which the person is reached at work.
    #[schema(example = "13800001234")]
    phone: Option<String>,
}

/// Add persons, to be appointed.
#[utoipa::path(post, path = "/people", tag = "people", operation_id = "appoint.people",
    request_body = Vec<NewPerson>, responses((status = CREATED, body = Made)))]
async fn add_people(
    State(api): State<Api>,
    caller: Caller,
    body: Body<Vec<NewPerson>>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let people = body.value.into_iter();
    let people = people.map(|it| act::NewPerson { name: it.name, phone: it.phone });
    let input = (body.hash, people.collect::<Vec<_>>());
    let made = api
        .command((&caller, Operation::Appoint), input, |tx, work, people| {
            Box::pin(act::add_people(tx, work, people))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Made { ids: made.into_iter().map(|id| id.0).collect() })))
}

/// An appointment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Appointment {
    /// The person.
    person: Uuid,
    /// 0 (unsaid) for the principal, then the deputies in order.
    #[serde(default)]
    rank: u32,
    /// How the person was found.
    #[serde(default)]
    selection: Found,
    /// First day; today when unsaid.
    from: Option<Date>,
    /// First day after; none while open.
    until: Option<Date>,
}

/// Appoint a person to a post.
#[utoipa::path(post, path = "/posts/{post}/holders", tag = "people", request_body = Appointment,
    params(("post" = Uuid, Path, description = "The post")),
    responses((status = NO_CONTENT, description = "Appointed")))]
async fn appoint(
    State(api): State<Api>,
    caller: Caller,
    Segments(post): Segments<Uuid>,
    body: Body<Appointment>,
) -> Result<StatusCode, Problem> {
    let Appointment { person, rank, selection, from, until } = body.value;
    let (post, person, selection) = (PostId(post), PersonId(person), selection.into());
    let input = (body.hash, act::Appoint { post, person, rank, selection, from, until });
    api.reshape((&caller, Operation::Appoint), input, |tx, work, request| {
        Box::pin(act::appoint(tx, work, request))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End somebody's holding of a post; never the duty desk's last.
#[utoipa::path(post, path = "/posts/{post}/holders/{person}/dismiss", tag = "people",
    request_body = Until,
    params(
        ("post" = Uuid, Path, description = "The post"),
        ("person" = Uuid, Path, description = "The person"),
    ),
    responses((status = NO_CONTENT, description = "Dismissed")))]
async fn dismiss(
    State(api): State<Api>,
    caller: Caller,
    Segments((post, person)): Segments<(Uuid, Uuid)>,
    body: Body<Until>,
) -> Result<StatusCode, Problem> {
    let (post, person) = (PostId(post), PersonId(person));
    let input = (body.hash, act::Dismiss { post, person, until: body.value.until });
    api.reshape((&caller, Operation::Dismiss), input, |tx, work, request| {
        Box::pin(act::dismiss(tx, work, request))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
