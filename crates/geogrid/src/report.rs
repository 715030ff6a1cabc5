//! What is wrong with a layer of cells: overlaps, gaps and what lies outside its outline.
//! Areas are true to 1e-6; borders count as equal within two centimetres.

use rstar::RTree;

use crate::{
    area,
    layer::boxed,
    overlay::{Fill, combine},
    polygon::Polygon,
    shape::{Shape, ShapeError},
};

/// Pieces smaller than this in square metres are taken for rounding.
const LEAST_AREA: f64 = 1.0;
/// Pieces thinner than this in metres on average are taken for rounding, however long.
const LEAST_WIDTH: f64 = 0.02;

/// Everything that keeps cells from being one network.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerReport<Id> {
    /// Pairs of cells that cover the same ground, in the order of the cells.
    pub overlaps: Vec<Overlap<Id>>,
    /// Connected pieces of the outline that no cell covers; without an outline, holes among cells.
    pub gaps: Vec<Piece>,
    /// Cells that reach over the outline; empty without an outline.
    pub outside: Vec<Outside<Id>>,
}

/// A piece of ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Where it is.
    pub shape: Shape,
    /// Its area in square metres.
    pub square_metres: f64,
}

/// Two cells that cover the same ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap<Id> {
    /// The cell given first.
    pub first: Id,
    /// The cell given later.
    pub second: Id,
    /// The ground that both cover.
    pub piece: Piece,
}

/// A cell that reaches over the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Outside<Id> {
    /// The cell.
    pub cell: Id,
    /// What of it lies outside.
    pub piece: Piece,
}

impl<Id> LayerReport<Id> {
    /// Whether the cells cover the outline once and nothing else.
    pub fn is_clean(&self) -> bool {
        self.overlaps.is_empty() && self.gaps.is_empty() && self.outside.is_empty()
    }
}

/// Compares cells with each other and with the outline they should fill; `TooWide` if all together
/// span more than 107 degrees. Pieces below 1 m² or on average thinner than 2 cm do not count.
pub fn check_layer<Id: Clone>(
    cells: &[(Id, Shape)],
    outline: Option<&Shape>,
) -> Result<LayerReport<Id>, ShapeError> {
    let everything: Vec<_> = cells.iter().flat_map(|(_, shape)| shape.polygons()).collect();
    let Some(outline) = outline else {
        let union = combine(&everything, &[], Fill::Above)?;
        let holes: Vec<_> = union.into_iter().flat_map(enclosed).collect();
        // A cell may stand alone in the hole of others.
        let gaps = combine(&holes.iter().collect::<Vec<_>>(), &everything, Fill::FirstOnly)?;
        let gaps = pieces(gaps);
        return Ok(LayerReport { overlaps: overlaps(cells)?, gaps, outside: Vec::new() });
    };
    let border: Vec<_> = outline.polygons().iter().collect();
    Ok(LayerReport {
        overlaps: overlaps(cells)?,
        gaps: pieces(combine(&border, &everything, Fill::FirstOnly)?),
        outside: outside(cells, pieces(combine(&everything, &border, Fill::FirstOnly)?))?,
    })
}

fn overlaps<Id: Clone>(cells: &[(Id, Shape)]) -> Result<Vec<Overlap<Id>>, ShapeError> {
    let boxes = cells.iter().enumerate().map(|(index, (_, shape))| boxed(shape, index));
    let tree = RTree::bulk_load(boxes.collect());
    let mut pairs: Vec<_> = tree
        .intersection_candidates_with_other_tree(&tree)
        .map(|(first, second)| (first.data, second.data))
        .filter(|(first, second)| first < second)
        .collect();
    pairs.sort_unstable();
    let mut found = Vec::new();
    for (first, second) in pairs {
        let (Some((a, shape)), Some((b, other))) = (cells.get(first), cells.get(second)) else {
            continue;
        };
        if let Some(piece) = common(shape, other)? {
            found.push(Overlap { first: a.clone(), second: b.clone(), piece });
        }
    }
    Ok(found)
}

fn outside<Id: Clone>(
    cells: &[(Id, Shape)],
    beyond: Vec<Piece>,
) -> Result<Vec<Outside<Id>>, ShapeError> {
    let beyond = beyond.into_iter().flat_map(|piece| piece.shape.polygons().to_vec());
    let Some(beyond) = Shape::trusted(beyond.collect()) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (id, shape) in cells {
        if let Some(piece) = common(shape, &beyond)? {
            found.push(Outside { cell: id.clone(), piece });
        }
    }
    Ok(found)
}

/// The ground that two shapes share, rounding left aside.
fn common(one: &Shape, other: &Shape) -> Result<Option<Piece>, ShapeError> {
    let (one, other): (Vec<_>, Vec<_>) =
        (one.polygons().iter().collect(), other.polygons().iter().collect());
    let mut shared = combine(&one, &other, Fill::Both)?;
    shared.retain(is_real);
    Ok(Shape::trusted(shared).map(Piece::of))
}

/// The holes of a polygon as polygons.
fn enclosed(polygon: Polygon) -> impl Iterator<Item = Polygon> {
    polygon.holes.into_iter().map(|mut outer| {
        outer.reverse();
        Polygon { outer, holes: Vec::new() }
    })
}

fn pieces(polygons: Vec<Polygon>) -> Vec<Piece> {
    polygons
        .into_iter()
        .filter(is_real)
        .filter_map(|polygon| Shape::trusted(vec![polygon]).map(Piece::of))
        .collect()
}

impl Piece {
    fn of(shape: Shape) -> Self {
        let square_metres = shape.square_metres();
        Self { shape, square_metres }
    }
}

fn is_real(polygon: &Polygon) -> bool {
    let area = area::square_metres(polygon);
    area >= LEAST_AREA && area >= LEAST_WIDTH * area::border_metres(polygon) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        divide, merge,
        samples::{at, corners, county, rectangle, ring},
    };

    /// One unit is 1.0 cm east and 1.1 cm north here: the area of so many squares of 1000 units.
    const SQUARE: f64 = 9.9778 * 11.0790;

    fn near(found: f64, squares: f64) -> bool {
        (found / (squares * SQUARE) - 1.0).abs() < 1e-3
    }

    #[test]
    fn an_overlap_is_reported_with_both_cells_and_its_area() {
        let cells = [
            ("a", rectangle(0, 0, 10_000, 10_000)),
            ("b", rectangle(8_000, 7_000, 20_000, 10_000)),
        ];
        let report = check_layer(&cells, None).unwrap();
        let [overlap] = report.overlaps.as_slice() else { panic!("{report:?}") };
        assert_eq!((overlap.first, overlap.second), ("a", "b"));
        assert!(near(overlap.piece.square_metres, 6.0), "{}", overlap.piece.square_metres);
        assert!(overlap.piece.shape.contains(at(9_000, 8_000)));
        assert!(report.gaps.is_empty() && !report.is_clean());
    }

    #[test]
    fn a_gap_and_ground_outside_are_reported_against_the_outline() {
        let cells = [(1, rectangle(0, 0, 4_000, 10_000)), (2, rectangle(6_000, 0, 11_000, 10_000))];
        let outline = rectangle(0, 0, 10_000, 10_000);
        let report = check_layer(&cells, Some(&outline)).unwrap();
        let [gap] = report.gaps.as_slice() else { panic!("{report:?}") };
        assert!(near(gap.square_metres, 20.0), "{}", gap.square_metres);
        let [outside] = report.outside.as_slice() else { panic!("{report:?}") };
        assert_eq!(outside.cell, 2);
        assert!(near(outside.piece.square_metres, 10.0));
    }

    #[test]
    fn without_an_outline_a_hole_among_cells_is_a_gap_less_the_cell_inside_it() {
        let around = Shape::new(vec![vec![
            ring(&corners(0, 0, 30_000, 30_000)),
            ring(&corners(10_000, 10_000, 20_000, 20_000)),
        ]]);
        let around = ("around", around.unwrap());
        let inside = ("inside", rectangle(10_000, 10_000, 20_000, 20_000));
        let small = ("small", rectangle(12_000, 12_000, 14_000, 14_000));
        assert!(check_layer(&[around.clone(), inside], None).unwrap().is_clean());
        let report = check_layer(&[around, small], None).unwrap();
        assert!(near(report.gaps[0].square_metres, 96.0), "{report:?}");
    }

    #[test]
    fn slivers_of_a_centimetre_and_less_than_a_square_metre_are_rounding() {
        let long = [(1, rectangle(0, 0, 100, 9_000_000)), (2, rectangle(101, 0, 200, 9_000_000))];
        let outline = rectangle(0, 0, 200, 9_000_000);
        assert!(check_layer(&long, Some(&outline)).unwrap().is_clean());
        let speck = [(1, rectangle(0, 0, 1_000, 1_000)), (2, rectangle(910, 910, 2_000, 2_000))];
        assert!(check_layer(&speck, None).unwrap().overlaps.is_empty());
        let wide = [(1, rectangle(0, 0, 1_000, 1_000)), (2, rectangle(890, 890, 2_000, 2_000))];
        assert_eq!(check_layer(&wide, None).unwrap().overlaps.len(), 1);
    }

    #[test]
    fn no_cells_leave_the_whole_outline_as_a_gap() {
        let outline = county();
        let report = check_layer::<u8>(&[], Some(&outline)).unwrap();
        assert!((report.gaps[0].square_metres / outline.square_metres() - 1.0).abs() < 1e-9);
        assert!(check_layer::<u8>(&[], None).unwrap().is_clean());
    }

    #[test]
    fn a_planned_county_is_clean_and_one_shifted_cell_is_not() {
        let outline = county();
        let cells = divide(&outline, &[1; 40]).unwrap();
        let mut cells: Vec<_> = cells.into_iter().enumerate().collect();
        assert!(check_layer(&cells, Some(&outline)).unwrap().is_clean());
        let (_, taken) = cells.remove(17);
        let report = check_layer(&cells, Some(&outline)).unwrap();
        assert!((report.gaps[0].square_metres / taken.square_metres() - 1.0).abs() < 1e-6);
        let grown = merge(&[taken, cells[3].1.clone()]).unwrap();
        cells.push((17, grown));
        let report = check_layer(&cells, Some(&outline)).unwrap();
        assert_eq!((report.overlaps.len(), report.gaps.len()), (1, 0));
        assert_eq!((report.overlaps[0].first, report.overlaps[0].second), (3, 17));
    }
}
