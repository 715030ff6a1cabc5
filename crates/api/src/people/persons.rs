//! Persons by name, and giving the posts of one who moves to others.

use crate::auth::Caller;
use crate::extract::{Body, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::people as act;
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use model::access::Operation;
use model::{PersonId, PostId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(hand_over_posts))
}

/// Which persons.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Words of the name.
    #[param(example = "林岚")]
    q: Option<String>,
    /// At most so many: 50, or up to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A person who works here, did or will.
#[derive(Serialize, ToSchema)]
pub(super) struct Person {
    /// The person.
    id: Uuid,
    /// The name.
    #[schema(example = "林岚")]
    name: String,
    /// Posts held today or later, by their first day.
    posts: Vec<HeldPost>,
}

/// A post and for how long.
#[derive(Serialize, ToSchema)]
struct HeldPost {
    /// The post.
    post: Uuid,
    /// Its title with unit or place.
    #[schema(example = "桥头社区网格员")]
    title: String,
    /// 0 for the principal, then the deputies in order.
    rank: u32,
    /// First day.
    from: Date,
    /// First day after; none while open.
    until: Option<Date>,
}

/// Persons by name, with the posts they hold and will hold.
#[utoipa::path(get, path = "/people", tag = "people", params(Which),
    responses((status = OK, body = [Person])))]
pub(super) async fn list_people(
    State(api): State<Api>,
    caller: Caller,
    Params(Which { q, limit }): Params<Which>,
) -> Result<Json<Vec<Person>>, Problem> {
    let query = act::PersonQuery { words: q, limit };
    let found = api
        .look((&caller, Operation::ListPeople), query, |tx, work, query| {
            Box::pin(act::list_people(tx, work, query))
        })
        .await?;
    Ok(Json(found.into_iter().map(person).collect()))
}

fn person(it: act::PersonView) -> Person {
    let posts = it.posts.into_iter().map(|it| HeldPost {
        post: it.post.0,
        title: it.title,
        rank: it.rank,
        from: it.from,
        until: it.until,
    });
    Person { id: it.id.0, name: it.name, posts: posts.collect() }
}

/// Posts that somebody gives up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PostsHandOver {
    /// First day on which the successors hold the posts.
    on: Date,
    /// Which post goes to whom.
    moves: Vec<Move>,
}

/// A post and who takes it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    /// The post.
    post: Uuid,
    /// The successor.
    to: Uuid,
}

/// What was handed over.
#[derive(Serialize, ToSchema)]
struct HandedOver {
    /// The posts, in the order of the request.
    posts: Vec<HandedPost>,
}

/// A post that was handed over.
#[derive(Serialize, ToSchema)]
struct HandedPost {
    /// The post.
    post: Uuid,
    /// Its title with unit or place.
    #[schema(example = "城市管理局承办员")]
    title: String,
    /// Open cases that it owns; they keep their clocks.
    #[schema(example = 12)]
    open: usize,
}

/// Give posts of somebody who moves to others, all or none; open cases stay with their posts.
#[utoipa::path(post, path = "/people/{person}/hand-over", tag = "people", request_body = PostsHandOver,
    params(("person" = Uuid, Path, description = "Who moves")),
    responses((status = OK, body = HandedOver)))]
async fn hand_over_posts(
    State(api): State<Api>,
    caller: Caller,
    Segments(person): Segments<Uuid>,
    body: Body<PostsHandOver>,
) -> Result<Json<HandedOver>, Problem> {
    let step = |it: Move| act::Move { post: PostId(it.post), to: PersonId(it.to) };
    let moves = body.value.moves.into_iter().map(step).collect();
    let request = act::HandOver { person: PersonId(person), on: body.value.on, moves };
    let done = api
        .reshape((&caller, Operation::HandOverPosts), (body.hash, request), |tx, work, request| {
            Box::pin(act::hand_over(tx, work, request))
        })
        .await?;
    let post = |it: act::HandedOver| HandedPost { post: it.post.0, title: it.title, open: it.open };
    Ok(Json(HandedOver { posts: done.into_iter().map(post).collect() }))
}
