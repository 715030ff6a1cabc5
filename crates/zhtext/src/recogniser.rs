//! Which matters a text speaks of, by the words that each matter lists. The words are the reason given;
//! nothing is learnt or guessed.

use crate::fold::fold;

/// Matters with the words that tell of them, made once and asked often.
#[derive(Clone, Debug)]
pub struct Recogniser<Id> {
    matters: Vec<(Id, Vec<Word>)>,
}

#[derive(Clone, Debug)]
struct Word {
    written: String,
    folded: String,
}

/// A matter that a text may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion<'r, Id> {
    /// The matter.
    pub id: &'r Id,
    /// The characters of the matched words together: longer words tell more.
    pub score: usize,
    /// The words found, as the matter writes them: the reason.
    pub words: Vec<&'r str>,
}

impl<Id> Recogniser<Id> {
    /// A recogniser of these matters; words without a letter and repeated ones are left out.
    pub fn new(
        matters: impl IntoIterator<Item = (Id, impl IntoIterator<Item: AsRef<str>>)>,
    ) -> Self {
        let matters = matters.into_iter().map(|(id, words)| (id, distinct(words))).collect();
        Self { matters }
    }

    /// The matters whose words occur, best first, those of equal score in the order given.
    pub fn suggest(&self, text: &str) -> Vec<Suggestion<'_, Id>> {
        let text = fold(text);
        let mut suggestions: Vec<_> = self
            .matters
            .iter()
            .map(|(id, words)| (id, telling(words, &text)))
            .filter(|(_, words)| !words.is_empty())
            .map(|(id, words)| Suggestion {
                id,
                score: words.iter().map(|word| word.folded.chars().count()).sum(),
                words: words.iter().map(|word| word.written.as_str()).collect(),
            })
            .collect();
        suggestions.sort_by_key(|suggestion| std::cmp::Reverse(suggestion.score));
        suggestions
    }
}

fn distinct(words: impl IntoIterator<Item: AsRef<str>>) -> Vec<Word> {
    let mut distinct: Vec<Word> = Vec::new();
    for word in words {
        let (written, folded) = (word.as_ref().to_owned(), fold(word.as_ref()));
        if !folded.is_empty() && distinct.iter().all(|known| known.folded != folded) {
            distinct.push(Word { written, folded });
        }
    }
    distinct
}

/// The words that occur, without those inside a longer one: 施工 adds nothing to 夜间施工.
fn telling<'r>(words: &'r [Word], text: &str) -> Vec<&'r Word> {
    let found: Vec<&Word> = words.iter().filter(|word| text.contains(&word.folded)).collect();
    let within = |a: &Word, b: &Word| a.folded != b.folded && b.folded.contains(&a.folded);
    found.iter().filter(|a| !found.iter().any(|b| within(a, b))).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county() -> Recogniser<&'static str> {
        Recogniser::new([
            ("build-noise", vec!["夜间施工", "施工", "打桩", "噪音"]),
            ("food-smoke", vec!["油烟", "烧烤", "噪音"]),
            ("network", vec!["WiFi", "wifi", "!", ""]),
        ])
    }

    fn told(text: &str) -> Vec<(&'static str, usize, Vec<String>)> {
        let own = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
        county().suggest(text).into_iter().map(|s| (*s.id, s.score, own(s.words))).collect()
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn the_matter_with_most_matched_characters_comes_first_with_its_reason() {
        assert_eq!(
            told("工地夜间施工打桩,噪音很大"),
            [
                ("build-noise", 8, words(&["夜间施工", "打桩", "噪音"])),
                ("food-smoke", 2, words(&["噪音"]))
            ]
        );
    }

    #[test]
    fn a_word_inside_a_longer_found_one_counts_once() {
        assert_eq!(told("夜间施工"), [("build-noise", 4, words(&["夜间施工"]))]);
        assert_eq!(told("白天施工"), [("build-noise", 2, words(&["施工"]))]);
    }

    #[test]
    fn equal_scores_keep_the_order_given() {
        assert_eq!(
            told("噪音").iter().map(|s| s.0).collect::<Vec<_>>(),
            ["build-noise", "food-smoke"]
        );
    }

    #[test]
    fn width_and_case_do_not_matter_and_empty_words_match_nothing() {
        assert_eq!(told("ＷＩＦＩ坏了"), [("network", 4, words(&["WiFi"]))]);
        assert_eq!(told("路灯坏了!"), []);
        assert_eq!(told(""), []);
    }

    #[test]
    fn a_word_does_not_reach_across_punctuation() {
        assert_eq!(told("正在打,桩没打"), []);
    }
}
