//! The plain pages' words and shapes: what a template is given, in the reader's language.

use crate::language::Language;
use crate::problem::Problem;
use app::territory::PlaceView;
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, COOKIE};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use std::collections::BTreeMap;
use std::convert::Infallible;
use uuid::Uuid;

/// A plain page loads its own style and sends its own forms, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// The reader's language: as chosen on the page, else as the browser says.
#[derive(Clone, Copy)]
pub(super) struct Say(pub Language);

impl<S: Sync> FromRequestParts<S> for Say {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut pairs =
            cookies.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
        let chosen = pairs.find(|(name, _)| *name == "lang").map(|(_, value)| value);
        Ok(Self(match chosen {
            Some("en") => Language::English,
            Some("zh") => Language::Chinese,
            _ => Language::of(&parts.headers),
        }))
    }
}

impl Say {
    /// The sentence in the reader's language.
    pub(super) fn of<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        match self.0 {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    fn tag(&self) -> &'static str {
        self.of("zh-CN", "en")
    }

    /// Where the other language is chosen.
    fn other(&self) -> &'static str {
        self.of("/lite/?lang=en", "/lite/?lang=zh")
    }
}

/// A page, or what went wrong as a page.
pub(super) fn told<T: Template>(say: Say, page: Result<T, Problem>) -> Response {
    let (status, html) = match page {
        Ok(page) => (StatusCode::OK, page.render()),
        Err(problem) => {
            let (status, wrong) = (problem.status, wrong(say, &problem));
            let detail = problem.detail.read(say.0);
            (status, Trouble { say, detail, wrong }.render())
        }
    };
    match html {
        Ok(html) => (status, [(CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a plain page could not be written");
            Problem::internal().into_response()
        }
    }
}

/// What is to be mended, one sentence a field; the problem's own where it names none.
pub(super) fn wrong(say: Say, problem: &Problem) -> Vec<String> {
    if problem.fields.is_empty() {
        return vec![problem.detail.clone().read(say.0)];
    }
    problem.fields.iter().map(|it| it.detail.clone().read(say.0)).collect()
}

/// `11月22日 14:05`, or `22 Nov 14:05`.
pub(super) fn moment(say: Say, at: Timestamp) -> String {
    let local = at.to_zoned(TimeZone::fixed(offset(8)));
    local.strftime(say.of("%-m月%-d日 %H:%M", "%-d %b %H:%M")).to_string()
}

/// A text's lines, without the empty ones.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// A place as it is named on a page.
pub(super) struct Spot {
    pub code: String,
    pub name: String,
    /// The places it lies in, without the county.
    pub within: Option<String>,
    /// Whether no place lies in it.
    pub narrowest: bool,
}

impl From<PlaceView> for Spot {
    fn from(it: PlaceView) -> Self {
        let above: Vec<&str> = it.ancestors.iter().skip(1).map(|it| it.name.as_str()).collect();
        let within = (!above.is_empty()).then(|| above.join(" "));
        Self { code: it.name.code, name: it.name.name, within, narrowest: it.children == 0 }
    }
}

#[derive(Template)]
#[template(path = "lite/trouble.html")]
struct Trouble {
    say: Say,
    detail: String,
    wrong: Vec<String>,
}

#[derive(Template)]
#[template(path = "lite/home.html")]
pub(super) struct Home {
    pub say: Say,
    pub county: String,
}

#[derive(Template)]
#[template(path = "lite/places.html")]
pub(super) struct Places {
    pub say: Say,
    pub title: &'static str,
    pub here: &'static str,
    pub words: String,
    pub asked: bool,
    pub places: Vec<Spot>,
}

#[derive(Template)]
#[template(path = "lite/report.html")]
pub(super) struct Report {
    pub say: Say,
    pub place: Spot,
    pub wrong: Vec<String>,
    pub key: String,
    pub body: String,
    pub contact: String,
    pub asker: String,
}

#[derive(Template)]
#[template(path = "lite/sent.html")]
pub(super) struct Sent {
    pub say: Say,
    pub number: String,
    pub code: String,
    pub promise: Option<String>,
}

#[derive(Template)]
#[template(path = "lite/track.html")]
pub(super) struct Track {
    pub say: Say,
    pub wrong: Vec<String>,
}

/// A case as its asker reads it.
pub(super) struct Told {
    pub number: String,
    pub state: String,
    pub title: Option<String>,
    pub place: String,
    pub owner: Option<String>,
    pub promise: Option<String>,
    pub paused: Option<String>,
    pub revision: i64,
}

/// An action with its form.
pub(super) struct Possible {
    pub id: String,
    pub title: String,
    pub key: String,
    pub asks: Vec<Asked>,
}

/// A field of a form.
pub(super) struct Asked {
    pub field: String,
    pub title: String,
    pub kind: String,
    pub optional: bool,
    pub choices: BTreeMap<String, String>,
    /// What was typed before, when the form comes back.
    pub value: String,
}

impl Asked {
    /// The id that ties a label to its field.
    fn id(&self, action: &str) -> String {
        format!("{action}-{}", self.field)
    }
}

/// Something that happened.
pub(super) struct Past {
    pub at: String,
    pub title: String,
    pub by: Option<String>,
    pub words: Vec<String>,
}

#[derive(Template)]
#[template(path = "lite/case.html")]
pub(super) struct CasePage {
    pub say: Say,
    /// What its forms call the code.
    pub by: &'static str,
    pub code: String,
    pub wrong: Vec<String>,
    pub case: Told,
    pub actions: Vec<Possible>,
    pub history: Vec<Past>,
}

/// A notice.
pub(super) struct Notice {
    pub title: String,
    pub by: String,
    pub at: String,
    pub lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "lite/notices.html")]
pub(super) struct Notices {
    pub say: Say,
    pub place: Spot,
    pub notices: Vec<Notice>,
    pub next: Option<Uuid>,
}

/// Somebody who serves.
pub(super) struct Served {
    pub title: String,
    pub name: String,
    pub from: Option<String>,
}

#[derive(Template)]
#[template(path = "lite/people.html")]
pub(super) struct People {
    pub say: Say,
    pub place: Spot,
    pub people: Vec<Served>,
}
