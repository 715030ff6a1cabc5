//! What clients send about cases: a new request, a filter, a cursor.

use crate::problem::Problem;
use app::Cursor;
use app::cases::{ListCases, OpenCase, Whose};
use jiff::Timestamp;
use model::CaseId;
use model::cases::{Hiding, Source};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A request.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCase {
    /// The procedure.
    #[schema(example = "appeal")]
    procedure: String,
    /// The matter, if known; else the desk finds it.
    #[schema(example = "street_lights")]
    matter: Option<String>,
    /// A few words.
    #[schema(example = "桥头路路灯不亮")]
    title: Option<String>,
    /// What it is about.
    #[schema(example = "桥头路12号门口的路灯坏了三天")]
    body: Option<String>,
    /// Where exactly; finds the place.
    location: Option<Location>,
    /// Code or id of the place; goes before the location.
    #[schema(example = "990100001001")]
    place: Option<String>,
    /// Ids of uploads.
    #[serde(default)]
    attachments: Vec<Uuid>,
    /// How the asker can be reached.
    #[schema(example = "13800001234")]
    contact: Option<String>,
    /// What a resident chooses to show.
    #[serde(default)]
    asker: Showing,
    /// Posts and organisations it is about, by id or code: they will never own it.
    #[serde(default)]
    about: Vec<String>,
    /// Another office's work order.
    source: Option<NewSource>,
    /// Channel by which it came (`phone`, `app`, `desk`); found out when unsaid.
    #[serde(default)]
    #[schema(example = "phone")]
    channel: String,
    /// Whatever else the procedure's form asks.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    fields: Map<String, Value>,
}

/// A point with the datum it was measured in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Location {
    /// Longitude in degrees.
    #[schema(example = 117.789_012)]
    lng: f64,
    /// Latitude in degrees.
    #[schema(example = 26.397_541)]
    lat: f64,
    /// `cgcs2000`, `wgs84`, `gcj02` (WeChat, 高德, 腾讯) or `bd09` (百度).
    #[serde(default = "ours")]
    #[schema(example = "gcj02")]
    datum: String,
}

fn ours() -> String {
    "cgcs2000".to_owned()
}

/// What a resident chooses to show.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Showing {
    /// Known to everyone who handles the case.
    #[default]
    Named,
    /// Hidden from the handling unit.
    Confidential,
    /// Neither account nor contact is kept.
    Anonymous,
}

/// Another office's work order.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSource {
    /// The other system.
    #[schema(example = "12345")]
    system: String,
    /// The number there.
    #[schema(example = "FZ26092100001")]
    number: String,
    /// When that office wants the answer; wins over our own date.
    due_at: Option<Timestamp>,
}

impl NewCase {
    /// The request in the words of the use case.
    pub(crate) fn read(self) -> Result<OpenCase, Problem> {
        let location = match &self.location {
            Some(it) => Some(app::territory::point(it.lng, it.lat, &it.datum)?),
            None => None,
        };
        let photos: Vec<_> = self.attachments.iter().map(Uuid::to_string).collect();
        let photos = (!photos.is_empty()).then(|| Value::from(photos));
        let texts = [("title", self.title), ("body", self.body), ("contact", self.contact)];
        let texts = texts.into_iter().map(|(field, text)| (field, text.map(Value::from)));
        let mut form = self.fields;
        for (field, value) in texts.chain([("photos", photos)]) {
            if let Some(value) = value {
                form.insert(field.to_owned(), value);
            }
        }
        Ok(OpenCase {
            procedure: self.procedure,
            matter: self.matter,
            form,
            location,
            place: self.place,
            hiding: match self.asker {
                Showing::Named => Hiding::Named,
                Showing::Confidential => Hiding::Confidential,
                Showing::Anonymous => Hiding::Anonymous,
            },
            about: self.about,
            source: self.source.map(|it| {
                let NewSource { system, number, due_at } = it;
                Source { system, number, due_at }
            }),
            channel: self.channel,
        })
    }
}

/// Which cases; without conditions, all that the acting post or the resident sees.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    /// Code or id of a place: the stored one of ended cases, the current one of open ones.
    #[param(example = "990100001")]
    place: Option<String>,
    /// Procedure.
    procedure: Option<String>,
    /// State.
    state: Option<String>,
    /// Matter.
    matter: Option<String>,
    /// `me`: only what the acting post owns; `mine`: what any post that the person holds today owns;
    /// the most urgent first.
    #[param(inline, example = "me")]
    owner: Option<Me>,
    /// Only what hangs on this case, as far as the caller sees it.
    parent: Option<Uuid>,
    /// Only open (`true`) or only ended (`false`) ones.
    open: Option<bool>,
    /// Only what is due before.
    due_before: Option<Timestamp>,
    /// `true`: only what is open and overdue by now, the most urgent first.
    late: Option<bool>,
    /// Only what is open and on which this action was done at least once, the most urgent first.
    #[param(example = "urge")]
    done: Option<String>,
    /// Only what is open and waits for a unit to be named (`dispatch`), or for the asker's word that a
    /// post may record (`verdict`); the most urgent first.
    #[param(inline, example = "dispatch")]
    awaiting: Option<Awaiting>,
    /// Words of title and text.
    #[param(example = "路灯")]
    q: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// At most so many: 50, or up to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// The caller.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Me {
    /// The acting post.
    Me,
    /// All posts of the person.
    Mine,
}

impl From<Me> for Whose {
    fn from(it: Me) -> Self {
        match it {
            Me::Me => Self::Acting,
            Me::Mine => Self::Person,
        }
    }
}

/// What a case can wait for.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Awaiting {
    /// A unit.
    Dispatch,
    /// The asker's verdict.
    Verdict,
}

impl From<Awaiting> for app::cases::Awaiting {
    fn from(it: Awaiting) -> Self {
        match it {
            Awaiting::Dispatch => Self::Dispatch,
            Awaiting::Verdict => Self::Verdict,
        }
    }
}

impl Filter {
    /// The filter in the words of the use case.
    pub(crate) fn read(self) -> Result<ListCases, Problem> {
        let (after, limit) = page(self.after.as_deref(), self.limit)?;
        Ok(ListCases {
            place: self.place,
            procedure: self.procedure,
            state: self.state,
            matter: self.matter,
            owner: self.owner.map(Into::into),
            parent: self.parent.map(CaseId),
            open: self.open,
            due_before: self.due_before,
            late: self.late.unwrap_or_default(),
            done: self.done,
            awaiting: self.awaiting.map(Into::into),
            words: self.q,
            after,
            limit,
        })
    }
}

/// Where a page begins and how long it may be.
pub(crate) fn page(
    after: Option<&str>,
    limit: Option<usize>,
) -> Result<(Option<Cursor>, Option<usize>), Problem> {
    if limit.is_some_and(|limit| !(1..=200).contains(&limit)) {
        let words = ("应为 1 至 200", "1 to 200");
        return Err(Problem::field("limit", "out_of_range", words));
    }
    let wrong = || {
        let words = ("不是上一页给出的 next", "not the `next` of a page");
        Problem::field("after", "wrong_form", words)
    };
    let after = after.map(|text| read_cursor(text).ok_or_else(wrong)).transpose()?;
    Ok((after, limit))
}

/// A cursor as text that clients do not read.
pub(crate) fn write_cursor(cursor: Cursor) -> String {
    format!("{:x}-{}", cursor.at.as_microsecond(), cursor.id.0.simple())
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (at, id) = text.split_once('-')?;
    let at = Timestamp::from_microsecond(i64::from_str_radix(at, 16).ok()?).ok()?;
    Some(Cursor { at, id: CaseId(id.parse().ok()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is() {
        let at = Timestamp::from_microsecond(1_790_000_000_000_123).unwrap();
        let cursor = Cursor { at, id: CaseId(Uuid::from_u128(7)) };
        assert_eq!(read_cursor(&write_cursor(cursor)), Some(cursor));
        for other in ["", "x", "12", "zz-1", "-5", "7fffffffffffffff-1", "1-xyz"] {
            assert_eq!(read_cursor(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_named_in_the_body_goes_before_what_stands_in_fields() {
        let json = serde_json::json!({
            "procedure": "appeal", "title": "a", "fields": { "title": "b", "unit": "c" },
            "attachments": [Uuid::nil()],
        });
        let case: NewCase = serde_json::from_value(json).unwrap();
        let form = case.read().ok().unwrap().form;
        assert_eq!(form["title"], "a");
        assert_eq!(form["unit"], "c");
        assert_eq!(form["photos"][0], Uuid::nil().to_string());
    }
}
