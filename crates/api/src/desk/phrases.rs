//! Words that are ready for an answer, a call or a letter.

use crate::auth::Caller;
use crate::extract::{Body, Params, Segments};
use crate::language::{Language, Words};
use crate::problem::Problem;
use crate::state::Api;
use app::desk as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::PhraseId;
use model::access::Operation;
use model::desk::Purpose;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_phrases, keep_phrase))
        .routes(routes!(change_phrase, drop_phrase))
}

/// What ready words are for.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Use {
    /// An answer to the asker.
    Answer,
    /// What is said in a call.
    Script,
    /// A letter of supervision.
    Letter,
}

impl From<Use> for Purpose {
    fn from(it: Use) -> Self {
        match it {
            Use::Answer => Self::Answer,
            Use::Script => Self::Script,
            Use::Letter => Self::Letter,
        }
    }
}

impl From<Purpose> for Use {
    fn from(it: Purpose) -> Self {
        match it {
            Purpose::Answer => Self::Answer,
            Purpose::Script => Self::Script,
            Purpose::Letter => Self::Letter,
        }
    }
}

/// Which words.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// For this purpose only.
    #[serde(rename = "use")]
    #[param(inline, rename = "use", example = "answer")]
    purpose: Option<Use>,
    /// What fits cases of this procedure.
    #[param(example = "appeal")]
    procedure: Option<String>,
    /// What fits cases of this matter.
    #[param(example = "street_lights")]
    matter: Option<String>,
}

/// Words to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPhrase {
    /// What they are for.
    #[serde(rename = "use")]
    purpose: Use,
    /// Title, up to 50 characters.
    #[schema(example = "路灯已修复")]
    title: String,
    /// The words, up to 2000 characters; `{number}`, `{title}`, `{place}`, `{unit}`, `{asker}`, `{due}`,
    /// `{today}` and `{matter}` are filled in by whoever uses them.
    #[schema(example = "您反映的“{title}”,我们已于{today}修复。")]
    words: String,
    /// Only for cases of this procedure.
    #[schema(example = "appeal")]
    procedure: Option<String>,
    /// Only for cases of this matter.
    #[schema(example = "street_lights")]
    matter: Option<String>,
}

impl From<NewPhrase> for act::NewPhrase {
    fn from(it: NewPhrase) -> Self {
        let NewPhrase { purpose, title, words, procedure, matter } = it;
        Self { purpose: purpose.into(), title, words, procedure, matter }
    }
}

/// Words that are ready.
#[derive(Serialize, ToSchema)]
struct Phrase {
    /// The pack's id, or the office's.
    #[schema(example = "call_back")]
    id: String,
    /// What they are for.
    #[serde(rename = "use")]
    purpose: Use,
    /// Title.
    #[schema(example = "回访话术")]
    title: String,
    /// The words, with slots such as `{number}`.
    #[schema(example = "您反映的“{title}”解决了没有?")]
    words: String,
    /// Only for cases of this procedure.
    #[schema(example = "appeal")]
    procedure: Option<String>,
    /// Only for cases of this matter.
    matter: Option<String>,
    /// Whether the acting post's office keeps them and may change them; the pack's are nobody's.
    mine: bool,
}

fn phrase(it: act::PhraseView, language: Language) -> Phrase {
    Phrase {
        id: it.id,
        purpose: it.purpose.into(),
        title: Words::from(it.title).read(language),
        words: it.words,
        procedure: it.procedure,
        matter: it.matter,
        mine: it.mine,
    }
}

/// Words that are ready: those of the matter first, then of the procedure, then the rest; of each the
/// own office's before the pack's.
#[utoipa::path(get, path = "/phrases", tag = "desk", params(Which),
    responses((status = OK, body = [Phrase])))]
async fn list_phrases(
    State(api): State<Api>,
    caller: Caller,
    language: Language,
    Params(Which { purpose, procedure, matter }): Params<Which>,
) -> Result<Json<Vec<Phrase>>, Problem> {
    let purpose = purpose.map(Into::into);
    let query = act::PhraseQuery { purpose, procedure, matter };
    let found = api
        .look((&caller, Operation::ListPhrases), query, |tx, work, query| {
            Box::pin(act::list_phrases(tx, work, query))
        })
        .await?;
    Ok(Json(found.into_iter().map(|it| phrase(it, language)).collect()))
}

/// Keep words for the acting post's office: its organisation, or else all posts of its role and place.
#[utoipa::path(post, path = "/phrases", tag = "desk", operation_id = "keep_phrases",
    request_body = NewPhrase, responses((status = CREATED, body = Phrase)))]
async fn keep_phrase(
    State(api): State<Api>,
    caller: Caller,
    language: Language,
    body: Body<NewPhrase>,
) -> Result<(StatusCode, Json<Phrase>), Problem> {
    let input = (body.hash, act::NewPhrase::from(body.value));
    let kept = api
        .command((&caller, Operation::KeepPhrases), input, |tx, work, new| {
            Box::pin(act::keep_phrase(tx, work, new))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(phrase(kept, language))))
}

/// Change words of the acting post's office.
#[utoipa::path(put, path = "/phrases/{id}", tag = "desk", operation_id = "keep_phrases.change",
    request_body = NewPhrase, params(("id" = Uuid, Path, description = "The words")),
    responses((status = OK, body = Phrase)))]
async fn change_phrase(
    State(api): State<Api>,
    caller: Caller,
    language: Language,
    Segments(id): Segments<Uuid>,
    body: Body<NewPhrase>,
) -> Result<Json<Phrase>, Problem> {
    // To set the same words again changes nothing: no key is needed.
    let caller = Caller { key: None, ..caller };
    let input = (body.hash, (PhraseId(id), act::NewPhrase::from(body.value)));
    let kept = api
        .command((&caller, Operation::KeepPhrases), input, |tx, work, (id, new)| {
            Box::pin(act::change_phrase(tx, work, (*id, new)))
        })
        .await?;
    Ok(Json(phrase(kept, language)))
}

/// Drop words of the acting post's office.
#[utoipa::path(delete, path = "/phrases/{id}", tag = "desk", operation_id = "keep_phrases.drop",
    params(("id" = Uuid, Path, description = "The words")),
    responses((status = NO_CONTENT, description = "Dropped")))]
async fn drop_phrase(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<StatusCode, Problem> {
    // What is gone cannot be dropped again: no key is needed.
    let caller = Caller { key: None, ..caller };
    let input = ([0; 32], PhraseId(id));
    api.command((&caller, Operation::KeepPhrases), input, |tx, work, id| {
        Box::pin(act::drop_phrase(tx, work, *id))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
