//! References to cells, and where they point once a row has become several.

/// A row that is repeated: `added` rows are put in right below `row`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Growth {
    pub row: u32,
    pub added: u32,
}

impl Growth {
    /// Where a row comes to stand.
    pub fn moved(self, row: u32) -> u32 {
        if row > self.row { row.saturating_add(self.added) } else { row }
    }

    /// Several references, parted by spaces, each moved or widened.
    pub fn references(self, references: &str) -> String {
        let moved = references.split_ascii_whitespace().map(|one| self.reference(one));
        moved.collect::<Vec<_>>().join(" ")
    }

    /// A cell or a range: what lies below moves, what touches the repeated row takes in its copies.
    pub fn reference(self, reference: &str) -> String {
        let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
        match (split(first), split(last)) {
            (Some((from, top)), Some((to, bottom))) => {
                let top = self.moved(top);
                let bottom =
                    if bottom >= self.row { bottom.saturating_add(self.added) } else { bottom };
                range((from, top), (to, bottom))
            }
            // Whole columns have no rows to move.
            _ => reference.to_owned(),
        }
    }

    /// A merged range: one within the repeated row is repeated with it.
    pub fn merged(self, reference: &str) -> Vec<String> {
        let ends = reference.split_once(':').map(|(a, b)| (split(a), split(b)));
        match ends {
            Some((Some((from, top)), Some((to, bottom)))) if top == self.row && bottom == top => {
                (top..=top.saturating_add(self.added)).map(|r| range((from, r), (to, r))).collect()
            }
            _ => vec![self.reference(reference)],
        }
    }
}

/// `$B$12` as `$B$` and 12.
pub(super) fn split(cell: &str) -> Option<(&str, u32)> {
    let (column, row) = cell.split_at_checked(cell.find(|c: char| c.is_ascii_digit())?)?;
    Some((column, row.parse().ok()?))
}

/// The column of a reference to a cell, counted from 0.
pub(super) fn column(cell: &str) -> Option<usize> {
    let (letters, _) = split(cell)?;
    let value = letters.bytes().try_fold(0usize, |sum, letter| {
        let digit = letter.checked_sub(b'A').filter(|digit| *digit < 26)?;
        sum.checked_mul(26)?.checked_add(usize::from(digit) + 1)
    })?;
    value.checked_sub(1)
}

fn range(first: (&str, u32), last: (&str, u32)) -> String {
    if first == last {
        format!("{}{}", first.0, first.1)
    } else {
        format!("{}{}:{}{}", first.0, first.1, last.0, last.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const GROWTH: Growth = Growth { row: 5, added: 2 };

    #[rstest]
    #[case("A4", "A4")]
    #[case("A5", "A5:A7")]
    #[case("A6", "A8")]
    #[case("A1:F4", "A1:F4")]
    #[case("A1:F5", "A1:F7")]
    #[case("$A$1:$F$20", "$A$1:$F$22")]
    #[case("A5:C9", "A5:C11")]
    #[case("A:C", "A:C")]
    fn a_reference_follows_its_rows(#[case] before: &str, #[case] after: &str) {
        assert_eq!(GROWTH.reference(before), after);
    }

    #[test]
    fn a_list_of_references_is_moved_one_by_one() {
        assert_eq!(GROWTH.references("A1:A3 B5 C6:C7"), "A1:A3 B5:B7 C8:C9");
    }

    #[test]
    fn a_merge_within_the_row_is_repeated_and_any_other_is_moved() {
        assert_eq!(GROWTH.merged("B5:C5"), ["B5:C5", "B6:C6", "B7:C7"]);
        assert_eq!(GROWTH.merged("A6:F6"), ["A8:F8"]);
        assert_eq!(GROWTH.merged("A4:A5"), ["A4:A7"]);
    }

    #[rstest]
    #[case("A1", Some(0))]
    #[case("AA10", Some(26))]
    #[case("XFD1", Some(16_383))]
    #[case("12", None)]
    #[case("a1", None)]
    fn letters_tell_the_column(#[case] cell: &str, #[case] index: Option<usize>) {
        assert_eq!(column(cell), index);
    }
}
