//! One spelling for what readers take as the same text. Where words begin is not known here.

use unicode_normalization::UnicodeNormalization;

/// Only so many characters of a text are read, by everything in this crate.
pub const LONGEST: usize = 10_000;

/// The text in compatibility form (NFKC: full-width and circled forms become plain ones), in lower
/// case, with one space for whatever is neither letter, digit nor Chinese character.
pub fn fold(text: &str) -> String {
    let visible = text.chars().take(LONGEST).filter(|c| !is_invisible(*c));
    let mut folded = String::with_capacity(text.len());
    for c in visible.nfkc() {
        if is_han(c) {
            folded.push(c);
        } else if c.is_alphanumeric() {
            // The lower case of İ has a dot of its own, which is no letter.
            folded.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Chinese characters: the ideograph blocks, planes 2 and 3 whole, 々〇 and the like, and private use,
/// where names of places and persons keep characters that Unicode had not yet.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}' | '々' | '〇' | '\u{3021}'..='\u{3029}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Characters that stand within a word without being seen: soft hyphen, joiners, marks of direction,
/// selectors of a variant glyph.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", "")]
    #[case(" 。,\n", "")]
    #[case("３号楼ＷｉＦｉ坏了!", "3号楼wifi坏了")]
    #[case("漏水,,,请  处理。", "漏水 请 处理")]
    #[case("(一)虬江街道【新】", "一 虬江街道 新")]
    #[case("①号⼀路", "1号一路")]
    #[case("𡐓村\u{E170}组", "𡐓村\u{E170}组")]
    #[case("葛\u{E0100}家\u{200B}村", "葛家村")]
    #[case("E\u{301}cole ÉCOLE", "école école")]
    #[case("İZMİR", "izmir")]
    #[case("12-3室😀78㎡", "12 3室 78m2")]
    fn spellings_become_one(#[case] text: &str, #[case] folded: &str) {
        assert_eq!(fold(text), folded);
    }

    #[test]
    fn a_text_is_read_up_to_its_limit() {
        assert_eq!(fold(&"水".repeat(LONGEST + 1)).chars().count(), LONGEST);
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in "(\\PC|[\u{3000}-\u{30FF}\u{4E00}-\u{4E20}\u{FE00}-\u{FF5E}]){0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
