//! `plan`: 970 micro-grids from a county of 49,000 households, beside k-means on the same buildings.
//! Half a minute on one core is asked for, and households spread more evenly than by k-means.

use crate::figure::{Figure, Report, count};
use crate::ground::outline;
use crate::stopwatch::timed;
use anyhow::Result;
use fastrand::Rng;
use geogrid::{
    Barrier, BarrierKind, Building, Figures, LngLat, Shape, Wish, by_means, check_layer, draw,
    propose,
};

const HOUSEHOLDS: u32 = 49_000;
const CELLS: usize = 970;
const TOWNS: usize = 12;
const VILLAGES: usize = 160;
/// Between two streets of a town, in 1e-7 degree: about 150 m.
const BLOCK: i32 = 14_000;

/// Measures it.
pub fn run(report: &mut Report) -> Result<()> {
    let outline = outline()?;
    let (buildings, streets) = county(&outline, &mut Rng::with_seed(7))?;
    let wish = Wish { least: 30, most: 100, cells: Some(CELLS), seed: 1 };
    let (proposal, took) = timed(|| propose(&buildings, &streets, &wish));
    let proposal = proposal?;
    let seconds = took.as_secs_f64();
    let words = format!("{} buildings, {} streets", buildings.len(), streets.len());
    let figure = Figure::new("plan: 49,000 households in 970 cells", seconds, "s").note(words);
    report.add(figure.target("≤ 30 s on one core", seconds <= 30.0));
    let plain = by_means(&buildings, &streets, &wish)?;
    let (own, other) = (proposal.figures.households_cv, plain.households_cv);
    let words = format!("k-means {other:.3}");
    let figure = Figure::new("plan: variation of households", own, "").note(words);
    report.add(figure.target("below k-means", own < other));
    compare(report, &proposal.figures, &plain);
    let (shapes, took) = timed(|| draw(&proposal, &buildings, Some(&outline)));
    let shapes: Vec<_> = shapes?.into_iter().flatten().enumerate().collect();
    report.add(Figure::new("plan: drawing 970 cells", took.as_secs_f64() * 1e3, "ms"));
    let layer = check_layer(&shapes, Some(&outline))?;
    let wrong = layer.overlaps.len() + layer.gaps.len() + layer.outside.len();
    let figure = Figure::new("plan: overlaps, gaps, ground outside", count(wrong), "");
    report.add(figure.target("none", wrong == 0 && shapes.len() == CELLS));
    Ok(())
}

fn compare(report: &mut Report, own: &Figures, plain: &Figures) {
    let mut beside = |name: &str, own: f64, plain: f64, unit| {
        let figure = Figure::new(format!("plan: {name}"), own, unit);
        report.add(figure.note(format!("k-means {plain:.3}")));
    };
    beside("variation of open work", own.open_work_cv, plain.open_work_cv, "");
    beside("cells out of size", count(own.out_of_size), count(plain.out_of_size), "");
    beside("cells in pieces", count(own.torn), count(plain.torn), "");
    let streets = (count(own.over_streets), count(plain.over_streets));
    beside("neighbours over a street", streets.0, streets.1, "");
    beside("building to the middle of its cell", own.metres, plain.metres, "m");
}

/// Towns with streets and blocks of flats, villages of houses; all inside the outline.
fn county(outline: &Shape, chance: &mut Rng) -> Result<(Vec<Building>, Vec<Barrier>)> {
    let mut middles = Vec::new();
    while middles.len() < TOWNS + VILLAGES {
        middles.extend(anywhere(outline, chance)?);
    }
    let (towns, villages) = middles.split_at(TOWNS);
    let mut streets = Vec::new();
    for town in towns {
        streets.extend(grid(*town)?);
    }
    let (mut buildings, mut left) = (Vec::new(), HOUSEHOLDS);
    while left > 0 {
        let kind = chance.f64();
        let (middles, width, households) = match kind {
            _ if kind < 0.05 => (towns, 40_000, 20..72),
            _ if kind < 0.55 => (towns, 60_000, 1..6),
            _ => (villages, 25_000, 1..6),
        };
        let Some(middle) = chance.choice(middles) else { break };
        let at = near(*middle, width, chance)?;
        if outline.contains(at) {
            let households = chance.u32(households).min(left);
            left -= households;
            let open_work = (0..households).map(|_| u32::from(chance.u8(..) < 15)).sum();
            buildings.push(Building { at, footprint: None, households, open_work });
        }
    }
    Ok((buildings, streets))
}

/// A place in the outline, if the one drawn by lot is.
fn anywhere(outline: &Shape, chance: &mut Rng) -> Result<Option<LngLat>> {
    let (low, high) = (outline.bounds().south_west, outline.bounds().north_east);
    let lng = chance.i32(low.lng_e7()..=high.lng_e7());
    let lat = chance.i32(low.lat_e7()..=high.lat_e7());
    Ok(Some(LngLat::from_e7(lng, lat)?).filter(|&at| outline.contains(at)))
}

/// A place around another, the likelier the nearer.
fn near(middle: LngLat, width: i32, chance: &mut Rng) -> Result<LngLat> {
    let mut off = || chance.i32(-width..=width) / 2 + chance.i32(-width..=width) / 2;
    Ok(LngLat::from_e7(middle.lng_e7() + off(), middle.lat_e7() + off())?)
}

/// The streets of a town: nine each way.
fn grid(town: LngLat) -> Result<Vec<Barrier>> {
    let at = |x: i32, y: i32| LngLat::from_e7(town.lng_e7() + x, town.lat_e7() + y);
    let mut streets = Vec::new();
    for off in (-4..=4).map(|k| k * BLOCK) {
        let end = 4 * BLOCK;
        for line in [vec![at(off, -end)?, at(off, end)?], vec![at(-end, off)?, at(end, off)?]] {
            streets.push(Barrier { line, kind: BarrierKind::Street });
        }
    }
    Ok(streets)
}
