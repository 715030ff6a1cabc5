//! Small numbers kept from the public: a cell under five could point at a person, and so could one
//! that is found by subtraction.

use model::access::Standing;
use model::rates::Rate;
use serde::{Deserialize, Serialize};

/// Cells below this are not for the public; nought is no secret.
const FEWEST: i64 = 5;

/// A count; none when it is too small for the public.
pub type Cell = Option<i64>;

/// Whether figures are for the public and small cells are withheld.
pub(super) fn for_public(standing: Standing) -> bool {
    matches!(standing, Standing::Visitor | Standing::Claimant | Standing::Resident)
}

/// A rate as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateCells {
    /// What is counted.
    pub numerator: Cell,
    /// Out of what.
    pub denominator: Cell,
    /// What left the denominator.
    pub excluded: Cell,
    /// Hundredths of a percent; none for an empty denominator, or when a cell is withheld.
    pub basis_points: Cell,
}

impl RateCells {
    /// All cells.
    pub(crate) fn whole(rate: Rate) -> Self {
        Self {
            numerator: Some(rate.numerator),
            denominator: Some(rate.denominator),
            excluded: Some(rate.excluded),
            basis_points: rate.basis_points(),
        }
    }

    /// The cells that may be shown to the public: the counted ones and the rest both have to be large
    /// enough, or none of the rate is shown.
    pub(super) fn masked(rate: Rate) -> Self {
        let rest = rate.denominator - rate.numerator;
        let shown = !small(rate.numerator) && !small(rest) && !small(rate.denominator);
        let whole = Self::whole(rate);
        Self {
            numerator: whole.numerator.filter(|_| shown),
            denominator: whole.denominator.filter(|_| shown),
            excluded: whole.excluded.filter(|n| !small(*n)),
            basis_points: whole.basis_points.filter(|_| shown),
        }
    }
}

pub(super) fn small(n: i64) -> bool {
    n > 0 && n < FEWEST
}

/// Withholds small cells of one column whose sum is known; where that leaves a single one, which the
/// sum would betray, the smallest of the others goes too.
pub(super) fn mask_column(column: &mut [&mut Cell]) {
    let withheld = column.iter().filter(|cell| cell.is_some_and(small)).count();
    for cell in column.iter_mut() {
        **cell = cell.filter(|n| !small(*n));
    }
    if withheld != 1 {
        return;
    }
    let others = column.iter_mut().filter(|cell| cell.is_some_and(|n| n > 0));
    if let Some(smallest) = others.min_by_key(|cell| ***cell) {
        **smallest = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(numerator: i64, denominator: i64, excluded: i64) -> Rate {
        Rate { numerator, denominator, excluded }
    }

    #[test]
    fn a_rate_of_few_cases_is_withheld_whole() {
        let none = (None, None, None);
        for (numerator, denominator) in [(3, 4), (4, 40), (38, 40)] {
            let cells = RateCells::masked(rate(numerator, denominator, 0));
            assert_eq!((cells.numerator, cells.denominator, cells.basis_points), none);
            assert_eq!(cells.excluded, Some(0));
        }
    }

    #[test]
    fn a_rate_of_many_nought_and_all_are_shown() {
        let cells = RateCells::masked(rate(13_880, 13_900, 4));
        assert_eq!((cells.numerator, cells.basis_points), (Some(13_880), Some(9_986)));
        assert_eq!(cells.excluded, None);
        assert_eq!(RateCells::masked(rate(0, 0, 0)), RateCells::whole(rate(0, 0, 0)));
        assert_eq!(RateCells::masked(rate(40, 40, 0)).basis_points, Some(10_000));
    }

    #[test]
    fn one_small_cell_takes_the_smallest_other_with_it() {
        let masked = |column: &[i64]| {
            let mut cells: Vec<Cell> = column.iter().copied().map(Some).collect();
            mask_column(&mut cells.iter_mut().collect::<Vec<_>>());
            cells
        };
        assert_eq!(masked(&[100, 3, 20, 0]), [Some(100), None, None, Some(0)]);
        assert_eq!(masked(&[100, 3, 2, 20]), [Some(100), None, None, Some(20)]);
        assert_eq!(masked(&[100, 5, 20]), [Some(100), Some(5), Some(20)]);
        assert_eq!(masked(&[4]), [None]);
    }
}
