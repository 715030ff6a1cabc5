//! Why a case went where it went.

use crate::auth::Caller;
use crate::extract::Segments;
use crate::language::{Language, Words};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::cases as seen;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::CaseId;
use model::access::Operation;
use model::cases::Fit;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show_why))
}

/// One change of a case's owner.
#[derive(Serialize, ToSchema)]
struct OwnerChange {
    /// The entry.
    entry: Uuid,
    /// When.
    at: Timestamp,
    /// The action.
    #[schema(example = "dispatch")]
    action: String,
    /// Its title.
    #[schema(example = "派单")]
    action_title: String,
    /// `asker`, `system`, or the title of the post that did it.
    #[schema(example = "近邻县值班")]
    by: String,
    /// The state after it.
    #[schema(example = "dispatched")]
    state: String,
    /// Its title.
    #[schema(example = "待签收")]
    state_title: String,
    /// The owner after it; none at an end.
    owner: Option<WhyPost>,
    /// The rule that chose; none at an end, where a joined request followed another, and where nothing
    /// was kept.
    rule: Option<WhyRule>,
    /// `same` where what the entry kept leads to the same owner when it is computed again now,
    /// `different` where it does not, `not_kept` where there is nothing to compute from.
    #[schema(example = "same")]
    recomputed: &'static str,
    /// Whom the same rule names by today's posts.
    today: Option<WhyPost>,
}

/// A post with its title.
#[derive(Serialize, ToSchema)]
struct WhyPost {
    /// The post.
    post: Uuid,
    /// Its organisation or place and its role.
    #[schema(example = "城市管理局承办")]
    title: String,
}

/// The rule that chose an owner.
#[derive(Serialize, ToSchema)]
struct WhyRule {
    /// WHO as the pack writes it.
    #[schema(example = "clerk@unit")]
    who: String,
    /// The same in words.
    #[schema(example = "承办单位的承办")]
    words: String,
    /// Version of the network of places and posts that was looked at.
    #[schema(example = 42)]
    network: i64,
    /// How the matter's route named the unit; none where no unit was named.
    route: Option<WhyRoute>,
    /// Where was looked, in order, until somebody was found; nothing for the asker.
    looks: Vec<WhyLook>,
    /// What the guard read from registers, by `field.column`; nothing for the asker.
    #[schema(value_type = BTreeMap<String, Value>)]
    facts: BTreeMap<String, Value>,
}

/// How the route of a matter was read.
#[derive(Serialize, ToSchema)]
struct WhyRoute {
    /// The matter.
    #[schema(example = "street_lights")]
    matter: String,
    /// Its title.
    #[schema(example = "路灯不亮")]
    title: String,
    /// The lines of the route up to the one that matched, in order.
    lines: Vec<WhyLine>,
    /// The unit that the rule named; none where no line matched.
    unit: Option<WhyUnit>,
    /// Whether it was sent there; else whoever acted named another unit.
    taken: bool,
}

/// A line of a route.
#[derive(Serialize, ToSchema)]
struct WhyLine {
    /// Which one it is, and on what it depends.
    #[schema(example = "第1条(地点在桥头街道)")]
    words: String,
    /// Whether it matched.
    matched: bool,
    /// Why it did not.
    #[schema(example = "地点不在其中")]
    missed: Option<String>,
}

/// A unit by code and name.
#[derive(Serialize, ToSchema)]
struct WhyUnit {
    /// The unit.
    id: Uuid,
    /// Its code.
    #[schema(example = "urban_management")]
    code: String,
    /// Its name.
    #[schema(example = "城市管理局")]
    name: String,
}

/// One look for somebody.
#[derive(Serialize, ToSchema)]
struct WhyLook {
    /// Where.
    #[schema(example = "桥头社区")]
    at: String,
    /// The place.
    place: Option<PlaceRef>,
    /// The unit.
    unit: Option<WhyUnit>,
    /// Whether it is the last resort, where nobody else was found.
    resort: bool,
    /// The posts that were looked at; none where the role has none there.
    posts: Vec<WhyTried>,
}

/// A post that was looked at.
#[derive(Serialize, ToSchema)]
struct WhyTried {
    /// The post.
    post: Uuid,
    /// Its organisation or place and its role.
    #[schema(example = "桥头社区网格长")]
    title: String,
    /// `fit` where it could answer; else `about`, `ended`, `vacant` or `away`.
    #[schema(example = "away")]
    fit: &'static str,
    /// Whether it was chosen.
    chosen: bool,
    /// The same in words.
    #[schema(example = "任职人员均不在岗")]
    words: String,
}

/// Why the case went where it went: every change of its owner, the oldest first, with the rule that
/// chose, where was looked, who was passed over and why; computed again from what the entry kept.
#[utoipa::path(get, path = "/cases/{id}/why", tag = "cases", operation_id = "show_history.why",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = [OwnerChange])))]
async fn show_why(
    State(api): State<Api>,
    caller: Caller,
    language: Language,
    Segments(id): Segments<Uuid>,
) -> Result<Json<Vec<OwnerChange>>, Problem> {
    let changes = api
        .look((&caller, Operation::ShowHistory), CaseId(id), |tx, work, id| {
            Box::pin(async move { seen::why(tx, work, *id).await })
        })
        .await?;
    Ok(Json(changes.into_iter().map(|it| change(language, it)).collect()))
}

fn change(language: Language, it: seen::OwnerChange) -> OwnerChange {
    let ((action, action_title), (state, state_title)) = (it.action, it.state);
    OwnerChange {
        entry: it.entry.0,
        at: it.at,
        action,
        action_title,
        by: it.by,
        state,
        state_title,
        owner: it.owner.map(post),
        rule: it.rule.map(|it| rule(language, it)),
        recomputed: match it.recomputed {
            seen::Recomputed::Same => "same",
            seen::Recomputed::Different => "different",
            seen::Recomputed::NotKept => "not_kept",
        },
        today: it.today.map(post),
    }
}

fn post(it: seen::TitledPost) -> WhyPost {
    WhyPost { post: it.post.0, title: it.title }
}

fn unit(it: seen::UnitView) -> WhyUnit {
    WhyUnit { id: it.id.0, code: it.code, name: it.name }
}

fn read(language: Language, words: app::InWords) -> String {
    Words::from(words).read(language)
}

fn rule(language: Language, it: seen::Rule) -> WhyRule {
    WhyRule {
        who: it.who,
        words: read(language, it.words),
        network: it.network,
        route: it.route.map(|it| route(language, it)),
        looks: it.looks.into_iter().map(|it| look(language, it)).collect(),
        facts: it
            .facts
            .into_iter()
            .map(|(name, it)| (name.into(), crate::cases::view::value(it)))
            .collect(),
    }
}

fn route(language: Language, it: seen::RouteView) -> WhyRoute {
    let line = |it: seen::LineView| WhyLine {
        words: read(language, it.words),
        matched: it.matched,
        missed: it.missed.map(|it| read(language, it)),
    };
    WhyRoute {
        matter: it.matter,
        title: read(language, it.title),
        lines: it.lines.into_iter().map(line).collect(),
        unit: it.unit.map(unit),
        taken: it.taken,
    }
}

fn look(language: Language, it: seen::LookView) -> WhyLook {
    let tried = |it: seen::TriedView| WhyTried {
        post: it.post.post.0,
        title: it.post.title,
        fit: fit_word(it.fit),
        chosen: it.chosen,
        words: read(language, it.words),
    };
    WhyLook {
        at: read(language, it.at),
        place: it.place.map(Into::into),
        unit: it.unit.map(unit),
        resort: it.resort,
        posts: it.posts.into_iter().map(tried).collect(),
    }
}

fn fit_word(fit: Fit) -> &'static str {
    match fit {
        Fit::Fit => "fit",
        Fit::About => "about",
        Fit::Ended => "ended",
        Fit::Vacant => "vacant",
        Fit::Away => "away",
    }
}
