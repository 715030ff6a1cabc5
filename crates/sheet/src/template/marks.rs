//! Marks in the text of a cell: `{{field}}` and `{{item.field}}`.

/// A stretch of a cell's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Stays as it is.
    Text(String),
    /// Becomes a field given once.
    Field(String),
    /// Becomes a field of the item in turn.
    Item(String),
}

/// The pieces of a text; braces that do not close or hold nothing are text.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let (mut pieces, mut rest, mut plain) = (Vec::new(), text, String::new());
    while let Some((before, mark, after)) = next_mark(rest) {
        plain.push_str(before);
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(match mark.strip_prefix("item.") {
            Some(name) => Piece::Item(name.to_owned()),
            None => Piece::Field(mark.to_owned()),
        });
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

/// The text before the first mark, the mark's name, and the text behind it.
fn next_mark(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some((before, inner)) = text.get(from..)?.split_once("{{") {
        let (name, after) = inner.split_once("}}")?;
        let is_name = !name.trim().is_empty() && !name.contains(['{', '}', '\n']);
        if is_name {
            return Some((text.get(..from + before.len())?, name.trim(), after));
        }
        from += before.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Piece::{Field, Item, Text};
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("", vec![])]
    #[case("编号", vec![Text("编号".into())])]
    #[case("{{ 单位 }}", vec![Field("单位".into())])]
    #[case("{{item.number}}", vec![Item("number".into())])]
    #[case("致{{to}}：{{item.a}}。", vec![
        Text("致".into()), Field("to".into()), Text("：".into()), Item("a".into()), Text("。".into()),
    ])]
    #[case("{{ }}和{{a", vec![Text("{{ }}和{{a".into())])]
    #[case("{{{a}}", vec![Text("{".into()), Field("a".into())])]
    fn marks_are_found_and_everything_else_is_text(#[case] text: &str, #[case] found: Vec<Piece>) {
        assert_eq!(pieces(text), found);
    }
}
