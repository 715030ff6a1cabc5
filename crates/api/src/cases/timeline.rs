//! What happened to a case and what may be done with it, as clients read it.

use super::view::{Fact, fact, value};
use app::cases as seen;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// One line of a case's timeline.
#[derive(Serialize, ToSchema)]
pub(crate) struct Moment {
    /// The entry.
    entry: Uuid,
    /// When.
    at: Timestamp,
    /// `asker`, `system`, or the post's title.
    #[schema(example = "桥头街道派单员")]
    by: String,
    /// The action.
    #[schema(example = "dispatch")]
    action: String,
    /// Its title.
    #[schema(example = "派单")]
    action_title: String,
    /// Whose words another hand wrote.
    voice: Option<String>,
    /// The state after it.
    #[schema(example = "dispatched")]
    state: String,
    /// Its title.
    #[schema(example = "待签收")]
    state_title: String,
    /// What was written, as far as the caller may read it, by field.
    texts: BTreeMap<String, String>,
    /// When the stage was due after it.
    due_at: Option<Timestamp>,
    /// The promise after it.
    promise_at: Option<Timestamp>,
    /// Whether the clock ran after it.
    running: bool,
    /// Whom or what the case waited for after it.
    reason: Option<String>,
    /// Latest end of that wait.
    paused_until: Option<Timestamp>,
    /// What it changed that is not text, in words.
    facts: Vec<Fact>,
    /// For staff: seconds of office time of the state's budget used when the next moment came, or now.
    #[schema(example = 9000)]
    spent: Option<i64>,
    /// For staff: seconds of office time from the beginning of that budget until it was due.
    #[schema(example = 14400)]
    budget: Option<i64>,
}

impl From<seen::Moment> for Moment {
    fn from(it: seen::Moment) -> Self {
        let ((action, action_title), (state, state_title)) = (it.action, it.state);
        Self {
            entry: it.entry.0,
            at: it.at,
            by: it.by,
            action,
            action_title,
            voice: it.voice,
            state,
            state_title,
            texts: it.texts,
            due_at: it.due_at,
            promise_at: it.promise_at,
            running: it.running,
            reason: it.reason,
            paused_until: it.paused_until,
            facts: it.facts.into_iter().map(fact).collect(),
            spent: it.budget.map(|it| it.spent),
            budget: it.budget.map(|it| it.whole),
        }
    }
}

/// An action the caller has a right to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Action {
    /// Its id: `POST /cases/{id}/actions/{action}`.
    #[schema(example = "sign")]
    id: String,
    /// Its title.
    #[schema(example = "签收")]
    title: String,
    /// The state it leads to.
    to: Option<String>,
    /// Its title.
    #[schema(example = "办理中")]
    to_title: Option<String>,
    /// Whether the case ends by it.
    ends: bool,
    /// Its form.
    asks: Vec<Ask>,
    /// Whether another post must approve.
    approval: bool,
    /// Why it is refused now; none when it can be done.
    refused: Option<Refused>,
}

/// A field of a form.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ask {
    /// The field.
    #[schema(example = "note")]
    field: String,
    /// Its title.
    #[schema(example = "说明")]
    title: String,
    /// Its type in the words of the packs' grammar.
    #[schema(example = "text")]
    kind: String,
    /// Whether it may stay empty.
    optional: bool,
    /// Whether several values may be given.
    many: bool,
    /// Choices: id → title.
    choices: BTreeMap<String, String>,
    /// What is known already and need not be typed.
    #[schema(value_type = Option<Value>)]
    filled: Option<Value>,
    /// The same in words.
    #[schema(example = "城市管理局")]
    filled_text: Option<String>,
    /// The smallest number or the earliest date, as the form takes it.
    #[schema(example = "1")]
    min: Option<String>,
    /// The largest number or the latest date, as the form takes it.
    #[schema(example = "10")]
    max: Option<String>,
    /// Who will read it: `house` (whoever handles the case), `asker` (the asker too) or `public`.
    #[schema(example = "house")]
    audience: &'static str,
}

/// Why an action is refused now.
#[derive(Serialize, ToSchema)]
struct Refused {
    /// The code of the problem it would be answered with.
    #[schema(example = "too_early")]
    code: String,
    /// In Chinese.
    chinese: String,
    /// In English.
    english: String,
}

impl From<seen::ActionView> for Action {
    fn from(it: seen::ActionView) -> Self {
        let refused = it.refused;
        let (to, to_title) = it.to.unzip();
        Self {
            id: it.id,
            title: it.title,
            to,
            to_title,
            ends: it.ends,
            asks: it.asks.into_iter().map(ask).collect(),
            approval: it.approval,
            refused: refused.map(|(code, chinese, english)| Refused { code, chinese, english }),
        }
    }
}

pub(crate) fn ask(it: seen::AskView) -> Ask {
    Ask {
        field: it.field,
        title: it.title,
        kind: it.kind,
        optional: it.optional,
        many: it.many,
        choices: it.choices,
        filled: it.filled.map(value),
        filled_text: it.filled_text,
        min: it.min,
        max: it.max,
        audience: match it.audience {
            seen::Audience::House => "house",
            seen::Audience::Asker => "asker",
            seen::Audience::Public => "public",
        },
    }
}
