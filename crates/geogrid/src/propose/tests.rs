//! Proposals of any town: whole buildings, one piece a cell, nobody left out.

use proptest::prelude::*;

use super::*;
use crate::{
    check_layer,
    polygon::{Side, doubled_area_of, side_of},
    samples::{at, border, county, rectangle, scatter},
};

/// A house ten metres square for each unit of `x` and `y`.
fn house(x: i32, y: i32, households: u32) -> Building {
    Building {
        at: at(x * 1_000, y * 1_000),
        footprint: None,
        households,
        open_work: households / 3,
    }
}

fn street(points: &[(i32, i32)], kind: BarrierKind) -> Barrier {
    Barrier { line: points.iter().map(|&(x, y)| at(x, y)).collect(), kind }
}

fn wish(least: u32, most: u32, cells: usize) -> Wish {
    Wish { least, most, cells: Some(cells), seed: 1 }
}

/// Hamlets all over a county, each a cluster of houses around a few blocks of flats.
fn hamlets(outline: &Shape, hamlets: u64, houses: u64) -> Vec<Building> {
    let places: Vec<_> = scatter(outline, 4 * hamlets).filter(|&p| outline.contains(p)).collect();
    let around = |(index, place): (usize, &LngLat)| {
        let block = rectangle(-20_000, -20_000, 20_000, 20_000);
        let origin = place.wide();
        let near = scatter(&block, houses + index as u64 % 7).enumerate();
        let houses = near.map(move |(k, spot)| {
            let (x, y) = spot.minus(at(0, 0));
            let at = LngLat::clamped(origin.0 + x, origin.1 + y);
            let households = if k % 11 == 0 { 24 } else { 1 + (k as u32 * 7 + index as u32) % 5 };
            Building { at, footprint: None, households, open_work: households / 4 }
        });
        houses.collect::<Vec<_>>()
    };
    let all = places.iter().take(hamlets as usize).enumerate().flat_map(around);
    all.filter(|building| outline.contains(building.at)).collect()
}

/// Every building stands in exactly one cell, no cell is torn, sums are right.
fn assert_sound(proposal: &Proposal, buildings: &[Building]) {
    let mut placed: Vec<_> = proposal.cells.iter().flat_map(|it| it.buildings.clone()).collect();
    placed.sort_unstable();
    assert_eq!(placed, (0..buildings.len()).collect::<Vec<_>>());
    assert_eq!(proposal.figures.torn, 0);
    assert_eq!(proposal.figures.cells, proposal.cells.len());
    for cell in &proposal.cells {
        let sum: u64 = cell.buildings.iter().map(|&it| u64::from(buildings[it].households)).sum();
        assert_eq!(cell.households, sum);
    }
}

/// The cells drawn tile the outline, and each holds its buildings.
fn assert_tiles(proposal: &Proposal, buildings: &[Building], outline: &Shape) {
    let shapes = draw(proposal, buildings, Some(outline)).unwrap();
    let cells: Vec<_> =
        shapes.into_iter().enumerate().filter_map(|(i, it)| Some((i, it?))).collect();
    let report = check_layer(&cells, Some(outline)).unwrap();
    assert!(report.is_clean(), "{report:?}");
    let sum: i128 = cells.iter().map(|(_, cell)| doubled_area_of(cell.polygons())).sum();
    let lost = sum - doubled_area_of(outline.polygons());
    assert!((lost as f64).abs() < 2.0 * border(outline), "{lost}");
    for (cell, shape) in &cells {
        for &building in &proposal.cells[*cell].buildings {
            assert!(
                shape.contains(buildings[building].at) || !outline.contains(buildings[building].at)
            );
        }
    }
}

#[test]
fn a_county_of_hamlets_is_more_even_than_by_k_means_and_drawn_without_gap() {
    let outline = county();
    let buildings = hamlets(&outline, 40, 30);
    let households: u32 = buildings.iter().map(|it| it.households).sum();
    let wish = Wish { least: 30, most: 100, cells: None, seed: 1 };
    let proposal = propose(&buildings, &[], &wish).unwrap();
    assert_eq!(proposal.cells.len(), (f64::from(households) / 65.0).round() as usize);
    assert_sound(&proposal, &buildings);
    assert_tiles(&proposal, &buildings, &outline);
    let plain = by_means(&buildings, &[], &wish).unwrap();
    assert!(proposal.figures.households_cv < 0.15, "{:?}", proposal.figures);
    assert!(proposal.figures.households_cv < plain.households_cv / 2.0, "{plain:?}");
    assert_eq!(proposal.violations, []);
}

#[test]
fn the_same_seed_gives_the_same_cells_and_another_seed_others() {
    let buildings = hamlets(&county(), 12, 25);
    let cells = |seed| propose(&buildings, &[], &Wish { seed, ..wish(30, 100, 20) }).unwrap().cells;
    assert_eq!(cells(1), cells(1));
    assert_ne!(cells(1), cells(2));
}

#[test]
fn cells_end_at_a_street_where_they_can() {
    // Six rows of ten houses; alone, the cut in halves would fall in the middle, west from east.
    let buildings: Vec<_> = (0..10).flat_map(|x| (0..6).map(move |y| house(x, y, 5))).collect();
    let wish = wish(100, 200, 2);
    let south = |cell: &ProposedCell| cell.buildings.iter().filter(|&&it| it % 6 < 3).count();
    let plain = propose(&buildings, &[], &wish).unwrap();
    assert!(plain.cells.iter().all(|cell| south(cell) == 15), "{:?}", plain.cells);
    let street = street(&[(-5_000, 2_500), (4_000, 2_400), (15_000, 2_500)], BarrierKind::Street);
    let parted = propose(&buildings, &[street], &wish).unwrap();
    let mut souths: Vec<_> = parted.cells.iter().map(south).collect();
    souths.sort_unstable();
    assert_eq!((souths, parted.figures.over_streets), (vec![0, 30], 0));
}

#[test]
fn no_cell_reaches_over_a_wall_but_for_a_side_too_small_for_one() {
    let mut buildings: Vec<_> = (0..12).flat_map(|x| (0..4).map(move |y| house(x, y, 5))).collect();
    let river = street(&[(6_500, -9_000), (6_500, 9_000)], BarrierKind::Wall);
    let parted = propose(&buildings, std::slice::from_ref(&river), &wish(30, 100, 4)).unwrap();
    let sides = |cell: &ProposedCell| {
        let east = cell.buildings.iter().filter(|&&it| buildings[it].at > at(6_500, 0)).count();
        east == 0 || east == cell.buildings.len()
    };
    assert!(parted.cells.iter().all(sides));
    assert_eq!((parted.figures.over_streets, &parted.violations[..]), (0, &[][..]));
    // One house on the far side of another river has to go with its neighbours across.
    buildings.push(house(30, 1, 6));
    let far = street(&[(20_000, -9_000), (20_000, 9_000)], BarrierKind::Wall);
    let joined = propose(&buildings, &[river, far], &wish(30, 100, 4)).unwrap();
    assert_sound(&joined, &buildings);
    let [Violation::OverWall { between: (one, other), .. }] = joined.violations[..] else {
        panic!("{:?}", joined.violations)
    };
    assert_eq!(one.max(other), 48);
}

#[test]
fn a_house_larger_than_a_cell_may_be_is_told_apart_from_a_bad_plan() {
    let mut buildings: Vec<_> = (0..6).map(|x| house(x, x % 2, 40)).collect();
    buildings[3].households = 150;
    let proposal = propose(&buildings, &[], &wish(30, 100, 4)).unwrap();
    let large = proposal.violations.iter().find_map(|it| match it {
        Violation::TooLarge { cell, one_building, .. } => Some((*cell, *one_building)),
        _ => None,
    });
    let (cell, one_building) = large.unwrap();
    assert!(one_building && proposal.cells[cell].buildings.contains(&3));
}

#[test]
fn stairwells_of_one_place_stay_together() {
    let buildings: Vec<_> = (0..30).map(|k| house(k / 5, 0, 10)).collect();
    let proposal = propose(&buildings, &[], &wish(30, 100, 3)).unwrap();
    assert_sound(&proposal, &buildings);
    for cell in &proposal.cells {
        assert_eq!(cell.households, 100);
        assert!(cell.buildings.chunks(5).all(|block| block[0] / 5 == block[4] / 5));
    }
}

#[test]
fn a_footprint_keeps_its_ground() {
    // The middle of the long house is farther from its far end than the small house beside that.
    let long = Building { footprint: Some(rectangle(0, 0, 30_000, 2_000)), ..house(1, 1, 50) };
    let buildings = [long, house(31, 4, 50)];
    let proposal = propose(&buildings, &[], &wish(30, 100, 2)).unwrap();
    let shapes = draw(&proposal, &buildings, None).unwrap();
    let home = proposal.cells.iter().position(|cell| cell.buildings == [0]).unwrap();
    assert!(shapes[home].as_ref().unwrap().contains(at(29_000, 1_000)));
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    let houses: Vec<_> = (0..4).map(|x| house(x, 0, 10)).collect();
    let refusal = |buildings: &[Building], wish| propose(buildings, &[], &wish).unwrap_err();
    assert_eq!(refusal(&[], wish(1, 2, 1)), ProposeError::Nobody);
    assert_eq!(refusal(&[house(0, 0, 0)], wish(1, 2, 1)), ProposeError::Nobody);
    assert_eq!(refusal(&houses, wish(9, 8, 1)), ProposeError::Size { least: 9, most: 8 });
    let few = ProposeError::TooFewBuildings { cells: 5, buildings: 4 };
    assert_eq!(refusal(&houses, wish(1, 9, 5)), few);
    assert_eq!(refusal(&houses, wish(1, 9, 0)), ProposeError::NoCells);
    let many = vec![house(0, 0, 1); MAX_BUILDINGS + 1];
    assert_eq!(refusal(&many, wish(1, 9, 1)), ProposeError::TooMany { buildings: many.len() });
    let river = street(&[(1_500, -9_000), (1_500, 9_000)], BarrierKind::Wall);
    let parted = propose(&houses, &[river], &wish(10, 90, 1)).unwrap_err();
    assert_eq!(parted, ProposeError::TooFewCells { cells: 1, parts: 2 });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_buildings_are_placed_once_in_whole_cells_that_tile_the_ground(
        places in prop::collection::vec((0..60i32, 0..40i32, 0..40u32), 1..120),
        streets in prop::collection::vec(((-5_000..65_000i32, -5_000..45_000i32), (-5_000..65_000i32, -5_000..45_000i32), any::<bool>()), 0..6),
        cells in 1..9usize,
    ) {
        let buildings: Vec<_> = places.iter().map(|&(x, y, n)| house(x, y, n)).collect();
        let barriers: Vec<_> = streets.iter().map(|&(a, b, wall)| {
            street(&[a, b], if wall { BarrierKind::Wall } else { BarrierKind::Street })
        }).collect();
        match propose(&buildings, &barriers, &wish(10, 400, cells)) {
            Ok(proposal) => {
                prop_assert_eq!(proposal.cells.len(), cells);
                assert_sound(&proposal, &buildings);
                let ground = rectangle(-3_000, -3_000, 70_000, 50_000);
                assert_tiles(&proposal, &buildings, &ground);
            }
            Err(ProposeError::Nobody) => prop_assert!(places.iter().all(|it| it.2 == 0)),
            Err(ProposeError::TooFewBuildings { buildings: places, .. }) => prop_assert!(places < cells),
            Err(ProposeError::TooFewCells { parts, .. }) => prop_assert!(parts > cells),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

#[test]
fn every_drawn_cell_has_its_buildings_inside_and_no_piece_without_any() {
    let outline = county();
    let buildings = hamlets(&outline, 30, 12);
    let proposal = propose(&buildings, &[], &wish(1, 100, 30)).unwrap();
    let shapes = draw(&proposal, &buildings, Some(&outline)).unwrap();
    for (cell, shape) in proposal.cells.iter().zip(&shapes) {
        for piece in shape.as_ref().unwrap().polygons() {
            let lives = |&it: &usize| side_of(piece.edges(), buildings[it].at) != Side::Outside;
            assert!(cell.buildings.iter().any(lives));
        }
    }
}
