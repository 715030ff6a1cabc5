//! Words in both languages, and looking up by words: what somebody types, found in codes and names as
//! it stands there.

use serde::{Deserialize, Serialize};

/// Words in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InWords {
    /// For a Chinese reader.
    pub chinese: String,
    /// For an English reader.
    pub english: String,
}

impl InWords {
    pub(crate) fn new(chinese: String, english: String) -> Self {
        Self { chinese, english }
    }
}

/// Words that must all be found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(Vec<String>);

impl Words {
    /// The words of a text, set apart by spaces; none fit everything.
    pub(crate) fn of(text: Option<&str>) -> Self {
        Self(text.unwrap_or_default().split_whitespace().map(str::to_lowercase).collect())
    }

    /// Whether no word is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each word stands in one of these texts.
    pub(crate) fn fit<'t>(&self, texts: impl IntoIterator<Item = &'t str> + Clone) -> bool {
        if self.is_empty() {
            return true;
        }
        let texts: Vec<String> = texts.into_iter().map(str::to_lowercase).collect();
        self.0.iter().all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_stand_somewhere_in_any_case() {
        let fits = |words| Words::of(words).fit(["Urban_Management", "城市管理局"]);
        assert!(fits(None) && fits(Some(" ")) && fits(Some("管理")) && fits(Some("urban 城市")));
        assert!(!fits(Some("urban 教育")));
    }
}
