//! The two languages problems are told in, and which of them a client reads.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use std::convert::Infallible;

/// A language problems are told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese, for whoever does not say otherwise.
    Chinese,
    /// English.
    English,
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// For a Chinese reader.
    pub chinese: String,
    /// For an English reader.
    pub english: String,
}

impl Words {
    /// The sentence in one language.
    pub fn read(self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese,
            Language::English => self.english,
        }
    }
}

impl From<(&str, &str)> for Words {
    fn from((chinese, english): (&str, &str)) -> Self {
        Self { chinese: chinese.to_owned(), english: english.to_owned() }
    }
}

impl From<app::InWords> for Words {
    fn from(it: app::InWords) -> Self {
        Self { chinese: it.chinese, english: it.english }
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

impl Language {
    /// The first language of `Accept-Language` that is ours, by weight.
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok()).unwrap_or("");
        let ours = accepted.split(',').filter_map(weighed).filter(|(weight, _)| *weight > 0.0);
        // Of equal weights the first one counts, and `max_by` answers the last.
        let best = ours.rev().max_by(|(a, _), (b, _)| a.total_cmp(b));
        best.map_or(Self::Chinese, |(_, language)| language)
    }
}

fn weighed(range: &str) -> Option<(f32, Language)> {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
    let language = match primary.as_str() {
        "zh" | "*" => Language::Chinese,
        "en" => Language::English,
        _ => return None,
    };
    let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |it| it.parse().ok())?;
    Some((weight, language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_heaviest_language_of_ours_is_read() {
        let read = |accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
            Language::of(&headers)
        };
        for chinese in ["zh-CN,zh;q=0.9,en;q=0.8", "fr", "*", "", "en;q=0", "en;q=x", "zh,en"] {
            assert_eq!(read(chinese), Language::Chinese, "{chinese}");
        }
        for english in ["en", "EN-gb", "fr, en;q=0.5", "zh;q=0.1, en;q=0.2", "en,zh"] {
            assert_eq!(read(english), Language::English, "{english}");
        }
        assert_eq!(Language::of(&HeaderMap::new()), Language::Chinese);
    }
}
