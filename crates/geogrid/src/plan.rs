//! Planning cells: a shape is tiled by cells of given weights, in rows like lines of writing.
//! The cuts themselves are made in `cut`; pieces that a cut leaves alone are rejoined in `rejoin`.

use crate::{
    cut::{Heading, before, halves},
    point::Bounds,
    polygon::{Polygon, doubled_area_of},
    rejoin::rejoined,
    shape::Shape,
};

/// Why a shape cannot be divided as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Ask for at least one cell, and give each a weight of one or more.
    #[error("a plan needs at least one cell, and each cell a weight of one or more")]
    NoWeight,
    /// Ask for fewer cells or a larger shape.
    #[error("the shape is too small for so many cells")]
    TooSmall,
}

/// Tiles a shape with one cell a weight, numbered row by row from north to south and within a row
/// from west to east; cell k's area follows weight k (within a few percent inside a county, as
/// areas are compared in the lng/lat plane), save where a cell takes over a neighbour's detached
/// piece. Borders are meridians and parallels between units of 1e-7 degree; neighbours share them
/// exactly. Islands stay with the cell whose row they fall into.
pub fn divide(shape: &Shape, weights: &[u32]) -> Result<Vec<Shape>, PlanError> {
    if weights.is_empty() || weights.contains(&0) {
        return Err(PlanError::NoWeight);
    }
    let mut rest = shape.polygons().to_vec();
    let mut unplaced = weights;
    let mut cells = Vec::with_capacity(weights.len());
    while !unplaced.is_empty() {
        let (row, after) = unplaced.split_at(row_length(&rest, unplaced));
        // The last row is never cut: bending edges could leave a scrap below it.
        let (strip, below) = match after {
            [] => (rest, Vec::new()),
            after => parted(&rest, Heading::South, total(row), total(after)),
        };
        cells.extend(sliced(&strip, Heading::East, row)?);
        (rest, unplaced) = (below, after);
    }
    Ok(rejoined(cells, |_, _| false).into_iter().filter_map(Shape::trusted).collect())
}

/// How many of the cells to place in the northernmost row, so that they are about as high as wide.
fn row_length(polygons: &[Polygon], weights: &[u32]) -> usize {
    let corners = polygons.iter().flat_map(|polygon| polygon.outer.iter().copied());
    let Some(bounds) = Bounds::around(corners) else { return weights.len() };
    let (area, (_, height)) = (doubled_area_of(polygons) as f64 / 2.0, bounds.extent());
    // In degrees a square on the ground is wider than high, the more so the farther north.
    let side = (area / weights.len() as f64 * bounds.shrinking()).sqrt();
    let rows = (height as f64 / side).round();
    if rows < 2.0 {
        return weights.len();
    }
    let end = Heading::South.along(bounds.north_east) + (height as f64 / rows) as i64;
    let passed = doubled_area_of(&before(polygons, Heading::South, end)) as f64 / 2.0 / area;
    nearest_length(weights, (passed * total(weights) as f64) as u64)
}

/// How many weights from the front come nearest to a share.
fn nearest_length(weights: &[u32], share: u64) -> usize {
    let sums = weights.iter().scan(0, |sum, &weight| {
        *sum += u64::from(weight);
        Some(*sum)
    });
    let nearest = sums.enumerate().min_by_key(|(_, sum)| sum.abs_diff(share));
    nearest.map_or(1, |(index, _)| index + 1)
}

fn total(weights: &[u32]) -> u64 {
    weights.iter().copied().map(u64::from).sum()
}

/// Polygons in slices across the heading, areas as the weights, by halving the weights.
fn sliced(
    polygons: &[Polygon],
    heading: Heading,
    weights: &[u32],
) -> Result<Vec<Vec<Polygon>>, PlanError> {
    if polygons.is_empty() {
        return Err(PlanError::TooSmall);
    }
    if weights.len() <= 1 {
        return Ok(vec![polygons.to_vec()]);
    }
    let (front, back) = weights.split_at(weights.len() / 2);
    let (first, second) = parted(polygons, heading, total(front), total(back));
    let mut slices = sliced(&first, heading, front)?;
    slices.extend(sliced(&second, heading, back)?);
    Ok(slices)
}

/// The two sides of the first cut at which the front side has its part of the area.
fn parted(
    polygons: &[Polygon],
    heading: Heading,
    front: u64,
    back: u64,
) -> (Vec<Polygon>, Vec<Polygon>) {
    let share = |part: i128| part.saturating_mul(i128::from(front) + i128::from(back));
    let wanted = doubled_area_of(polygons).saturating_mul(i128::from(front));
    let reached = |at| share(doubled_area_of(&before(polygons, heading, at))) >= wanted;
    let distances = || polygons.iter().flat_map(|p| &p.outer).map(|&point| heading.along(point));
    let (mut short, mut enough) = (distances().min().unwrap_or(0), distances().max().unwrap_or(0));
    while enough - short > 1 {
        let middle = short + (enough - short) / 2;
        if reached(middle) { enough = middle } else { short = middle }
    }
    halves(polygons, heading, enough)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use rstest::rstest;

    use super::*;
    use crate::{
        Feature, check_layer, merge,
        samples::{
            at, border, county, outline, rectangle, scatter, shape, strictly_inside, to_border,
        },
    };

    fn assert_tiles(shape: &Shape, cells: &[Shape]) {
        let area =
            |cells: &[Shape]| cells.iter().map(|c| doubled_area_of(c.polygons())).sum::<i128>();
        let (sum, whole) = (area(cells), doubled_area_of(shape.polygons()));
        // Bending an edge moves the border by a unit at most.
        assert!(((sum - whole) as f64).abs() < 2.0 * border(shape), "{sum} of {whole}");
        let numbered: Vec<_> = cells.iter().cloned().enumerate().collect();
        let report = check_layer(&numbered, Some(shape)).unwrap();
        assert!(report.is_clean(), "{report:?}");
        // Exactly as much together as one by one: no two overlap.
        let union = merge(cells).unwrap();
        assert_eq!(doubled_area_of(union.polygons()), sum);
        for point in scatter(shape, 300) {
            let covering = cells.iter().filter(|cell| cell.contains(point)).count();
            let within = cells.iter().filter(|cell| strictly_inside(cell, point)).count();
            if to_border(shape, point) > 1.0 {
                assert_eq!(covering > 0, shape.contains(point), "{point}");
            }
            assert!(within + usize::from(covering > within) <= 1, "{point}: {covering}, {within}");
        }
    }

    #[test]
    fn cells_are_numbered_west_to_east_then_north_to_south() {
        let cells = divide(&rectangle(0, 0, 4_000, 3_500), &[1; 16]).unwrap();
        let centres: Vec<_> = cells.iter().map(Shape::label_point).collect();
        for row in centres.chunks(4) {
            assert!(row.windows(2).all(|pair| pair[0].lng_e7() < pair[1].lng_e7()));
        }
        let rows: Vec<_> = centres.chunks(4).map(|row| row[0].lat_e7()).collect();
        assert!(rows.windows(2).all(|pair| pair[0] > pair[1]), "{rows:?}");
    }

    #[test]
    fn areas_follow_the_weights() {
        let weights = [5, 1, 1, 1, 2, 4, 9, 3, 1, 1];
        let field = rectangle(0, 0, 300_000, 200_000);
        let cells = divide(&field, &weights).unwrap();
        let whole = doubled_area_of(field.polygons()) as f64;
        for (cell, weight) in cells.iter().zip(weights) {
            let part = doubled_area_of(cell.polygons()) as f64 / whole * 28.0;
            assert!((part / f64::from(weight) - 1.0).abs() < 0.001, "{part} for {weight}");
        }
    }

    #[test]
    fn one_cell_is_the_shape_itself() {
        assert_eq!(divide(&county(), &[7]).unwrap(), [county()]);
    }

    #[test]
    fn a_plan_that_cannot_be_is_refused() {
        let field = rectangle(0, 0, 3, 3);
        assert_eq!(divide(&field, &[]), Err(PlanError::NoWeight));
        assert_eq!(divide(&field, &[1, 0]), Err(PlanError::NoWeight));
        assert_eq!(divide(&field, &[1; 10]), Err(PlanError::TooSmall));
        assert_eq!(divide(&field, &[1; 9]).unwrap().len(), 9);
        assert!(divide(&field, &[u32::MAX; 4]).is_ok());
    }

    #[test]
    fn a_cell_gives_its_detached_piece_to_the_neighbour_and_an_island_keeps_its_cell() {
        // A bay from the south parts the lower row; its left arm is narrower than a third of it.
        let bay = shape(&[
            (0, 0),
            (20_000, 0),
            (20_000, 80_000),
            (60_000, 80_000),
            (60_000, 0),
            (180_000, 0),
            (180_000, 120_000),
            (0, 120_000),
        ]);
        let cells = divide(&bay, &[1, 1, 1, 1, 1, 1]).unwrap();
        assert_tiles(&bay, &cells);
        assert!(cells.iter().all(|cell| cell.polygons().len() == 1), "{cells:?}");
        let land = |x: i32| crate::samples::ring(&crate::samples::corners(x, 0, x + 1_000, 1_000));
        let islands =
            Shape::new(vec![vec![land(0)], vec![land(5_000)], vec![land(9_000)]]).unwrap();
        let cells = divide(&islands, &[1, 1]).unwrap();
        assert_tiles(&islands, &cells);
        assert!(cells[0].contains(at(500, 500)) && cells[1].contains(at(9_500, 500)));
    }

    #[test]
    fn a_county_goes_down_to_micro_grids_and_every_level_tiles_it() {
        let county = county();
        let towns = divide(&county, &[17, 14, 9, 21, 18, 12, 16, 11, 19, 15, 22, 20]).unwrap();
        assert!(towns.iter().all(|town| town.polygons().len() == 1));
        let villages: Vec<_> =
            towns.iter().flat_map(|town| divide(town, &[1; 16]).unwrap()).collect();
        let grids: Vec<_> = villages.iter().flat_map(|v| divide(v, &[2, 1, 3]).unwrap()).collect();
        for level in [&towns, &villages, &grids] {
            assert_tiles(&county, level);
            let area: f64 = level.iter().map(Shape::square_metres).sum();
            assert!((area / county.square_metres() - 1.0).abs() < 1e-6);
        }
        let read = |cell: &Shape| {
            serde_json::from_str::<Shape>(&serde_json::to_string(cell).unwrap()).unwrap()
        };
        assert!(grids.iter().all(|cell| read(cell) == *cell), "a planned cell reads back as it is");
    }

    /// Two counties of which earlier plans lost a tip of two square metres below the last row.
    #[rstest]
    #[case::coast_and_islands(include_str!("../../../data/outlines/350122.geojson"))]
    #[case::inland(include_str!("../../../data/outlines/510603.geojson"))]
    fn no_tip_of_a_real_county_is_lost(#[case] outline: &str) {
        let county: Feature<serde::de::IgnoredAny> = serde_json::from_str(outline).unwrap();
        assert_tiles(&county.geometry, &divide(&county.geometry, &[1; 195]).unwrap());
    }

    #[test]
    fn planning_twice_gives_the_same_cells() {
        assert_eq!(divide(&county(), &[3, 1, 4, 1, 5]), divide(&county(), &[3, 1, 4, 1, 5]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn cells_tile_any_outline(
            shape in outline(),
            weights in prop::collection::vec(1..20u32, 1..24),
        ) {
            let cells = divide(&shape, &weights).unwrap();
            prop_assert_eq!(cells.len(), weights.len());
            assert_tiles(&shape, &cells);
        }
    }
}
