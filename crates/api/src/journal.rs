//! The journal seen from outside: checkpoint, proofs, the auditor's listing, one's own data.

mod keeping;
pub(crate) mod runs;

pub(crate) use keeping::go_on;

use crate::auth::Caller;
use crate::extract::{Body, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::journal as act;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::Timestamp;
use jiff::civil::Date;
use model::access::{Actor, Operation};
use model::{EntryId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(show_checkpoint))
        .routes(routes!(show_proof))
        .routes(routes!(show_consistency))
        .routes(routes!(list_entries))
        .routes(routes!(show_my_data))
        .routes(routes!(erase_person))
        .merge(keeping::routes())
}

/// The newest signed checkpoint, a signed note: pin it, and nobody can rewrite what lies before.
#[utoipa::path(get, path = "/journal/checkpoint", tag = "journal",
    responses((status = OK, body = String, content_type = "text/plain")))]
async fn show_checkpoint(
    State(api): State<Api>,
    caller: Caller,
) -> Result<impl IntoResponse, Problem> {
    let note = api
        .look((&caller, Operation::ShowCheckpoint), (), |tx, work, ()| {
            Box::pin(act::checkpoint(tx, work))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note))
}

/// That an entry stands in the log.
#[derive(Serialize, ToSchema)]
struct Proof {
    /// Its position, from zero.
    position: u64,
    /// Size of the log whose root the proof leads to.
    size: u64,
    /// SHA-256(0x00 ‖ text of the entry), hex.
    leaf: String,
    /// The siblings on the way to the root, lowest first (RFC 6962), hex.
    hashes: Vec<String>,
}

/// Proof that an entry is in the log; not found while it waits to be sealed.
#[utoipa::path(get, path = "/journal/{entry}/proof", tag = "journal",
    params(("entry" = Uuid, Path, description = "The entry")),
    responses((status = OK, body = Proof)))]
async fn show_proof(
    State(api): State<Api>,
    caller: Caller,
    Segments(entry): Segments<Uuid>,
) -> Result<Json<Proof>, Problem> {
    let it = api
        .look((&caller, Operation::ShowProof), EntryId(entry), |tx, work, entry| {
            Box::pin(act::proof(tx, work, *entry))
        })
        .await?;
    Ok(Json(Proof {
        position: it.position,
        size: it.size,
        leaf: it.leaf.to_string(),
        hashes: it.hashes.iter().map(ToString::to_string).collect(),
    }))
}

/// Two sizes of the log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Sizes {
    /// Size of the earlier log.
    from: u64,
    /// Size of the later log.
    to: u64,
}

/// That a later log continues an earlier one.
#[derive(Serialize, ToSchema)]
struct Consistency {
    /// Size of the earlier log.
    from: u64,
    /// Size of the later log.
    to: u64,
    /// The proof (RFC 6962), hex.
    hashes: Vec<String>,
}

/// Proof that a later log continues an earlier one.
#[utoipa::path(get, path = "/journal/consistency", tag = "journal", params(Sizes),
    responses((status = OK, body = Consistency)))]
async fn show_consistency(
    State(api): State<Api>,
    caller: Caller,
    Params(Sizes { from, to }): Params<Sizes>,
) -> Result<Json<Consistency>, Problem> {
    let hashes = api
        .look((&caller, Operation::ShowConsistency), (from, to), |tx, work, sizes| {
            Box::pin(act::consistency(tx, work, *sizes))
        })
        .await?;
    let hashes = hashes.iter().map(ToString::to_string).collect();
    Ok(Json(Consistency { from, to, hashes }))
}

/// Which entries; without conditions, all.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Only of this kind.
    #[param(example = "revealed")]
    kind: Option<String>,
    /// Only acts of this person.
    person: Option<Uuid>,
    /// Only about this case, place, person, …
    subject: Option<Uuid>,
    /// Only from this local day on.
    from: Option<Date>,
    /// Only to this local day.
    to: Option<Date>,
    /// The `next` of the page before.
    after: Option<u64>,
    /// At most so many: 50, or up to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A page of entries, the newest first.
#[derive(Serialize, ToSchema)]
struct Entries {
    /// The entries.
    items: Vec<Entry>,
    /// `after` of the next page; null when all was looked at. A page may be short before that.
    next: Option<u64>,
}

/// An entry; the journal holds no personal text.
#[derive(Serialize, ToSchema)]
struct Entry {
    /// Its position in the log.
    position: u64,
    /// Its id.
    id: Uuid,
    /// When.
    at: Timestamp,
    /// What happened.
    #[schema(example = "case_acted")]
    kind: String,
    /// Who did it.
    actor: Who,
    /// The case, place, person, … it is about.
    subject: Option<Uuid>,
    /// The case's revision after it.
    revision: Option<i64>,
    /// The action, the purpose of a look, the reason of an erasure.
    #[schema(example = "dispatch")]
    what: Option<String>,
    /// Names of the private values kept beside it.
    private: Vec<String>,
}

/// Who did something.
#[derive(Serialize, ToSchema)]
struct Who {
    /// `staff`, `resident`, `claimant`, `display`, `visitor` or `system`.
    #[schema(example = "staff")]
    kind: &'static str,
    /// The person, if known.
    person: Option<Uuid>,
    /// The post in which it was done.
    post: Option<Uuid>,
    /// The program's job.
    job: Option<String>,
}

impl From<Actor> for Who {
    fn from(actor: Actor) -> Self {
        let (person, post) = (actor.person().map(|it| it.0), actor.post().map(|it| it.0));
        let (kind, job) = match actor {
            Actor::Staff { .. } => ("staff", None),
            Actor::Resident { .. } => ("resident", None),
            Actor::Claimant { .. } => ("claimant", None),
            Actor::Display { .. } => ("display", None),
            Actor::Visitor => ("visitor", None),
            Actor::System { job } => ("system", Some(job)),
        };
        Self { kind, person, post, job }
    }
}

/// Entries of the journal, for the audit administrator.
#[utoipa::path(get, path = "/journal/entries", tag = "journal", params(Filter),
    responses((status = OK, body = Entries)))]
async fn list_entries(
    State(api): State<Api>,
    caller: Caller,
    Params(filter): Params<Filter>,
) -> Result<Json<Entries>, Problem> {
    let until = filter.to.map(|to| crate::oversight::day_after(to, "to")).transpose()?;
    let wanted = act::EntryFilter {
        kind: filter.kind,
        person: filter.person.map(PersonId),
        subject: filter.subject,
        from: filter.from,
        until,
        before: filter.after,
        limit: filter.limit,
    };
    let page = api
        .look((&caller, Operation::ListEntries), wanted, |tx, work, wanted| {
            Box::pin(act::entries(tx, work, wanted))
        })
        .await?;
    let items = page.items.into_iter().map(|it| Entry {
        position: it.position,
        id: it.id.0,
        at: it.at,
        kind: it.kind,
        actor: it.actor.into(),
        subject: it.subject,
        revision: it.revision,
        what: it.what,
        private: it.private,
    });
    Ok(Json(Entries { items: items.collect(), next: page.next }))
}

/// What is held about the caller.
#[derive(Serialize, ToSchema)]
struct MyData {
    /// One's cases, the newest first.
    cases: Vec<Uuid>,
    /// Names of the personal values held.
    #[schema(example = json!(["phone"]))]
    values: Vec<String>,
    /// Who asked to be connected with one's telephone, the newest first.
    calls: Vec<CallMade>,
    /// Who looked at masked ones.
    looks: Vec<Looked>,
}

/// Somebody asked for a masked call.
#[derive(Serialize, ToSchema)]
struct CallMade {
    /// The entry.
    entry: Uuid,
    /// When.
    at: Timestamp,
    /// The post that called; null of a resident, who is not named.
    by: Option<Uuid>,
    /// One's post that was called.
    post: Uuid,
}

/// A look at masked values.
#[derive(Serialize, ToSchema)]
struct Looked {
    /// The entry of the look.
    entry: Uuid,
    /// In which case.
    case: Uuid,
    /// When.
    at: Timestamp,
    /// The post that looked.
    post: Option<Uuid>,
    /// Which values.
    fields: Vec<String>,
    /// What for.
    purpose: String,
}

/// What is held about me, and who looked at it.
#[utoipa::path(get, path = "/me/data", tag = "journal", responses((status = OK, body = MyData)))]
async fn show_my_data(State(api): State<Api>, caller: Caller) -> Result<Json<MyData>, Problem> {
    let held = api
        .look((&caller, Operation::ShowMyData), (), |tx, work, ()| Box::pin(act::my_data(tx, work)))
        .await?;
    let looks = held.looks.into_iter().map(|it| Looked {
        entry: it.entry.0,
        case: it.case.0,
        at: it.at,
        post: it.post.map(|post| post.0),
        fields: it.fields,
        purpose: it.purpose,
    });
    let calls = held.calls.into_iter().map(|it| CallMade {
        entry: it.entry.0,
        at: it.at,
        by: it.by.map(|post| post.0),
        post: it.post.0,
    });
    Ok(Json(MyData {
        cases: held.cases.into_iter().map(|it| it.0).collect(),
        values: held.values.into_iter().collect(),
        calls: calls.collect(),
        looks: looks.collect(),
    }))
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// Why; it stands in the journal.
    #[schema(example = "本人申请注销")]
    reason: String,
}

/// What was erased.
#[derive(Serialize, ToSchema)]
struct Erasure {
    /// The entry that says so; null when nothing was left.
    entry: Option<Uuid>,
    /// How many values went.
    values: usize,
    /// How many photos and files went.
    files: usize,
}

/// Erase a person's private values and the photos and files they sent: one's own, or by the security
/// administrator. Entries stay, and one more says what went.
#[utoipa::path(post, path = "/people/{person}/erase", tag = "journal", request_body = Reason,
    params(("person" = Uuid, Path, description = "The person")),
    responses((status = OK, body = Erasure)))]
async fn erase_person(
    State(api): State<Api>,
    caller: Caller,
    Segments(person): Segments<Uuid>,
    body: Body<Reason>,
) -> Result<Json<Erasure>, Problem> {
    let reason = body.value.reason.trim().to_owned();
    if !(2..=200).contains(&reason.chars().count()) {
        let words = ("请写明原因(2–200 字)", "say why, in 2 to 200 characters");
        return Err(Problem::field("reason", "wrong_form", words));
    }
    let input = (body.hash, (PersonId(person), reason));
    let erased = api
        .command((&caller, Operation::ErasePerson), input, |tx, work, (person, reason)| {
            Box::pin(act::erase_person(tx, work, (*person, reason)))
        })
        .await?;
    for hash in &erased.unnamed {
        if let Err(error) = api.setup.files.remove(hash).await {
            tracing::error!(%error, hash, "an erased upload's bytes are still there");
        }
    }
    let act::Erasure { entry, values, files, .. } = erased;
    Ok(Json(Erasure { entry: entry.map(|it| it.0), values, files }))
}
