//! `locate`: which of 970 cells holds a point. A million look-ups a second on one core are asked for.

use crate::figure::{Figure, Report, per_second};
use crate::ground::{outline, scatter};
use crate::stopwatch::{median, timed};
use anyhow::Result;
use geogrid::{Layer, divide};
use std::hint::black_box;

const CELLS: usize = 970;
const LOOKUPS: usize = 2_000_000;

/// Measures it.
pub fn run(report: &mut Report) -> Result<()> {
    let county = outline()?;
    let (cells, took) = timed(|| divide(&county, &[1; CELLS]));
    let cells = cells?.into_iter().enumerate().collect();
    report.add(Figure::new("locate: planning 970 cells", took.as_secs_f64() * 1e3, "ms"));
    let (layer, points) = (Layer::build(cells), scatter(&county, 100_000));
    let rates = (0..5).map(|_| {
        let turns = points.iter().cycle().take(LOOKUPS);
        let (found, took) =
            timed(|| turns.filter(|point| layer.locate(black_box(**point)).is_some()).count());
        per_second(found, took)
    });
    let rate = median(rates.collect());
    let figure = Figure::new("locate: point to one of 970 cells", rate, "/s");
    report.add(figure.target("≥ 1,000,000 /s on one core", rate >= 1e6));
    Ok(())
}
