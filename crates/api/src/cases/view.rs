//! Cases as clients read them.

use crate::territory::PlaceRef;
use app::cases as seen;
use jiff::Timestamp;
use model::cases::FieldValue;
use model::journal::Link;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A case as the caller sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Case {
    /// Its id.
    id: Uuid,
    /// The number people use; unique in the county.
    #[schema(example = "2026092100017")]
    number: String,
    /// The procedure it moves through.
    #[schema(example = "appeal")]
    procedure: String,
    /// Title of the procedure.
    #[schema(example = "群众诉求")]
    procedure_title: String,
    /// The matter, once it is known.
    #[schema(example = "street_lights")]
    matter: Option<String>,
    /// Title of the matter.
    #[schema(example = "路灯不亮")]
    matter_title: Option<String>,
    /// The state it is in.
    #[schema(example = "dispatched")]
    state: String,
    /// Title of the state; for the asker, in the asker's words.
    #[schema(example = "已转交承办单位")]
    state_title: String,
    /// Public stage.
    #[schema(example = "办理")]
    stage: Option<String>,
    /// All public stages of its procedure, in order.
    #[schema(example = json!(["受理", "办理", "回访", "办结"]))]
    stages: Vec<String>,
    /// How it ended.
    #[schema(example = json!(null))]
    end: Option<String>,
    /// Code of the narrowest place.
    #[schema(example = "990100001001")]
    place: Option<String>,
    /// Places, the widest first.
    path: Vec<PlaceRef>,
    /// Where the asker pointed, if the case came with a point.
    location: Option<Spot>,
    /// The accountable post; none after the end.
    owner: Option<Owner>,
    /// The clock.
    clock: Clock,
    /// Title.
    #[schema(example = "桥头路路灯不亮")]
    title: Option<String>,
    /// What was written.
    body: Option<String>,
    /// How the asker can be reached, masked.
    #[schema(example = "138****1234")]
    contact: Option<String>,
    /// Further words of the form, by field.
    texts: BTreeMap<String, String>,
    /// Further values of the form, by field.
    #[schema(value_type = BTreeMap<String, Value>)]
    fields: BTreeMap<String, Value>,
    /// The same with titles and in words, in the order of the pack.
    facts: Vec<Fact>,
    /// `named`, `confidential` or `anonymous`.
    #[schema(example = "named")]
    asker: String,
    /// The case it hangs on.
    parent: Option<Parent>,
    /// Open work below it, by procedure.
    children: BTreeMap<String, u32>,
    /// The action that waits for approval.
    pending: Option<String>,
    /// When it was opened.
    opened_at: Timestamp,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// For `If-Match`; also the `ETag`.
    #[schema(example = 3)]
    pub(super) revision: i64,
    /// Its last entry, for receipts and `?seen=`.
    entry: Uuid,
    /// The only way back to a case opened without a log-in; told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "7K2M9QXR4T")]
    pub(super) claim_code: Option<String>,
}

/// A point in degrees, CGCS2000.
#[derive(Serialize, ToSchema)]
struct Spot {
    /// Longitude.
    #[schema(example = 117.789_012)]
    lng: f64,
    /// Latitude.
    #[schema(example = 26.397_541)]
    lat: f64,
}

/// A value of the form with what it is called.
#[derive(Serialize, ToSchema)]
pub(crate) struct Fact {
    /// The field.
    #[schema(example = "unit")]
    field: String,
    /// Its title.
    #[schema(example = "承办单位")]
    title: String,
    /// Its type in the words of the packs' grammar.
    #[schema(example = "org")]
    kind: String,
    /// The value.
    value: Value,
    /// The value in words; empty where it has none (photos, files).
    #[schema(example = "城市管理局")]
    text: String,
}

pub(crate) fn fact(it: seen::Fact) -> Fact {
    Fact { field: it.field, title: it.title, kind: it.kind, value: value(it.value), text: it.text }
}

/// The accountable post.
#[derive(Serialize, ToSchema)]
struct Owner {
    /// The post.
    post: Uuid,
    /// Its role in the pack.
    #[schema(example = "clerk")]
    role: String,
    /// Its title with organisation or place.
    #[schema(example = "城市管理局承办员")]
    title: String,
    /// Code of its place.
    place: Option<String>,
    /// Name of its organisation.
    org: Option<String>,
    /// Who does the work today; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
}

/// The clock of a case.
#[derive(Serialize, ToSchema)]
struct Clock {
    /// When the stage, or the wait, is due; the stages' own dates are not the asker's to see.
    due_at: Option<Timestamp>,
    /// The date the asker was promised.
    promise_at: Option<Timestamp>,
    /// False while the case waits.
    running: bool,
    /// Latest end of the wait.
    paused_until: Option<Timestamp>,
    /// Whom or what it waits for.
    reason: Option<String>,
    /// Whether holidays of a year not yet published were guessed.
    estimated: bool,
    /// `green`, `yellow` or `red`: by the stage for staff, by the promise for the asker.
    #[schema(example = "green")]
    colour: String,
    /// When it turns yellow; none where nothing is due.
    yellow_at: Option<Timestamp>,
}

/// How a case hangs on another.
#[derive(Serialize, ToSchema)]
struct Parent {
    /// The other case.
    case: Uuid,
    /// `child`, `link` or `joined`.
    #[schema(example = "joined")]
    link: &'static str,
}

impl From<seen::CaseView> for Case {
    fn from(it: seen::CaseView) -> Self {
        let mut texts = it.texts;
        let (procedure, procedure_title) = it.procedure;
        let (matter, matter_title) = it.matter.unzip();
        let (state, state_title) = it.state;
        Self {
            id: it.id.0,
            number: it.number,
            procedure,
            procedure_title,
            matter,
            matter_title,
            state,
            state_title,
            stage: it.stage,
            stages: it.stages,
            end: it.end,
            place: it.path.last().map(|place| place.code.clone()),
            path: it.path.into_iter().map(Into::into).collect(),
            location: it.location.map(spot),
            owner: it.owner.map(owner),
            clock: clock(it.clock),
            title: texts.remove("title"),
            body: texts.remove("body"),
            contact: texts.remove("contact"),
            texts,
            fields: it.fields.into_iter().map(|(field, it)| (field.into(), value(it))).collect(),
            facts: it.facts.into_iter().map(fact).collect(),
            asker: it.hiding,
            parent: it.parent.map(|(case, link)| Parent { case: case.0, link: word(link) }),
            children: it.children,
            pending: it.pending,
            opened_at: it.opened_at,
            ended_at: it.ended_at,
            revision: it.revision,
            entry: it.entry.0,
            claim_code: None,
        }
    }
}

fn spot((lng_e7, lat_e7): (i32, i32)) -> Spot {
    let degrees = |e7: i32| f64::from(e7) / 1e7;
    Spot { lng: degrees(lng_e7), lat: degrees(lat_e7) }
}

fn owner(it: seen::OwnerView) -> Owner {
    Owner {
        post: it.post.0,
        role: it.role,
        title: it.title,
        place: it.place.map(|place| place.code),
        org: it.org,
        person: it.person,
    }
}

fn clock(it: seen::ClockView) -> Clock {
    Clock {
        due_at: it.due_at,
        promise_at: it.promise_at,
        running: it.running,
        paused_until: it.paused_until,
        reason: it.reason,
        estimated: it.estimated,
        colour: it.colour,
        yellow_at: it.yellow_at,
    }
}

fn word(link: Link) -> &'static str {
    match link {
        Link::Child => "child",
        Link::Link => "link",
        Link::Joined => "joined",
    }
}

/// A value of a field; texts stand apart and are only pointed at here.
pub(super) fn value(it: FieldValue) -> Value {
    match it {
        FieldValue::Bool(it) => it.into(),
        FieldValue::Int(it) => it.into(),
        FieldValue::Text(it) => it.into(),
        FieldValue::List(list) => list.into_iter().map(value).collect(),
        FieldValue::Private { .. } => Value::Null,
    }
}

/// Some cases and where the next page begins.
#[derive(Serialize, ToSchema)]
pub(crate) struct Cases {
    /// The cases.
    items: Vec<Line>,
    /// `after` of the next page; null after the last.
    next: Option<String>,
}

/// A case in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Line {
    /// Its id.
    id: Uuid,
    /// The number people use.
    #[schema(example = "2026092100017")]
    number: String,
    /// Title, unless erased.
    title: Option<String>,
    /// The procedure.
    #[schema(example = "appeal")]
    procedure: String,
    /// Its title.
    #[schema(example = "群众诉求")]
    procedure_title: String,
    /// The matter.
    #[schema(example = "street_lights")]
    matter: Option<String>,
    /// Its title.
    #[schema(example = "路灯不亮")]
    matter_title: Option<String>,
    /// The state.
    #[schema(example = "dispatched")]
    state: String,
    /// Title of the state.
    #[schema(example = "待签收")]
    state_title: String,
    /// How it ended.
    end: Option<String>,
    /// Code of the narrowest place.
    #[schema(example = "990100001001")]
    place: Option<String>,
    /// Its name.
    #[schema(example = "桥头社区")]
    place_name: Option<String>,
    /// The accountable post.
    owner: Option<Uuid>,
    /// Its title with organisation or place.
    #[schema(example = "城市管理局承办员")]
    owner_title: Option<String>,
    /// When the stage, or the wait, is due; the stages' own dates are not the asker's to see.
    due_at: Option<Timestamp>,
    /// The promise.
    promise_at: Option<Timestamp>,
    /// Whether the clock runs.
    running: bool,
    /// Latest end of the wait.
    paused_until: Option<Timestamp>,
    /// Whom or what it waits for.
    reason: Option<String>,
    /// `green`, `yellow` or `red`: by the stage for staff, by the promise for the asker.
    #[schema(example = "green")]
    colour: String,
    /// When it turns yellow; none where nothing is due.
    yellow_at: Option<Timestamp>,
    /// When it was opened.
    opened_at: Timestamp,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// How often each action was done, for staff; empty for residents.
    #[schema(example = json!({ "urge": 2 }))]
    done: BTreeMap<String, u32>,
    /// For `If-Match`.
    revision: i64,
}

impl From<seen::Listed> for Cases {
    fn from(page: seen::Listed) -> Self {
        let next = page.next.map(super::form::write_cursor);
        Self { items: page.items.into_iter().map(Into::into).collect(), next }
    }
}

impl From<seen::Line> for Line {
    fn from(it: seen::Line) -> Self {
        let (procedure, procedure_title) = it.procedure;
        let (matter, matter_title) = it.matter.unzip();
        let (state, state_title) = it.state;
        let (place, place_name) = it.place.map(|place| (place.code, place.name)).unzip();
        let (owner, owner_title) = it.owner.map(|(post, title)| (post.0, title)).unzip();
        Self {
            id: it.id.0,
            number: it.number,
            title: it.title,
            procedure,
            procedure_title,
            matter,
            matter_title,
            state,
            state_title,
            end: it.end,
            place,
            place_name,
            owner,
            owner_title,
            due_at: it.due_at,
            promise_at: it.promise_at,
            running: it.running,
            paused_until: it.paused_until,
            reason: it.reason,
            colour: it.colour,
            yellow_at: it.yellow_at,
            opened_at: it.opened_at,
            ended_at: it.ended_at,
            done: it.done,
            revision: it.revision,
        }
    }
}
