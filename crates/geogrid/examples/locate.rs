//! Prints how fast cells are planned, checked and looked up, on a real outline and 970 micro-grids.
//! Run with `cargo run --release -p geogrid --example locate`.

use std::{
    error::Error,
    hint::black_box,
    time::{Duration, Instant},
};

use geogrid::{Feature, Layer, LngLat, Shape, check_layer, divide, merge};
use serde::de::IgnoredAny;

const COUNTY: &str = include_str!("../../../data/outlines/350405.geojson");
const LOOKUPS: u32 = 5_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let county: Feature<IgnoredAny> = serde_json::from_str(COUNTY)?;
    let county = county.geometry;
    println!("county: {:.1} km²", county.square_metres() / 1e6);
    let (planned, took) = timed(|| plan(&county));
    let (villages, micro) = planned?;
    println!("planned {} villages, {} micro-grids in {took:?}", villages.len(), micro.len());
    let (report, took) = timed(|| check_layer(&numbered(&villages), Some(&county)));
    println!("villages against the outline: clean {} in {took:?}", report?.is_clean());
    let town = merge(&micro)?;
    let (report, took) = timed(|| check_layer(&numbered(&micro), Some(&town)));
    println!("micro-grids against the town: clean {} in {took:?}", report?.is_clean());
    let whole = divide(&county, &[1; 970])?;
    rate("970 cells over the county", &county, &Layer::build(numbered(&whole)));
    rate("970 micro-grids of the town", &town, &Layer::build(numbered(&micro)));
    rate("one cell of 50,000 points", &round()?, &Layer::build(vec![(0, round()?)]));
    Ok(())
}

type Planned = (Vec<Shape>, Vec<Shape>);

/// 15 towns of 13 villages; the first 17 villages make 110 grids and 970 micro-grids.
fn plan(county: &Shape) -> Result<Planned, Box<dyn Error>> {
    let mut villages = Vec::new();
    for town in divide(county, &[13; 15])? {
        villages.extend(divide(&town, &[1; 13])?);
    }
    let mut grids = Vec::new();
    for (index, village) in villages.iter().take(17).enumerate() {
        grids.extend(divide(village, &vec![1; if index < 8 { 7 } else { 6 }])?);
    }
    let mut micro = Vec::new();
    for (index, grid) in grids.iter().enumerate() {
        micro.extend(divide(grid, &vec![1; if index < 90 { 9 } else { 8 }])?);
    }
    Ok((villages, micro))
}

fn numbered(cells: &[Shape]) -> Vec<(usize, Shape)> {
    cells.iter().cloned().enumerate().collect()
}

/// A circle of five degrees with as many points as a shape may have.
fn round() -> Result<Shape, Box<dyn Error>> {
    let corner = |k: u32| {
        let (sine, cosine) = (f64::from(k) / 50_000.0 * std::f64::consts::TAU).sin_cos();
        LngLat::from_degrees(110.0 + 5.0 * cosine, 30.0 + 5.0 * sine)
    };
    Ok(Shape::new(vec![vec![(0..50_000).map(corner).collect::<Result<_, _>>()?]])?)
}

fn rate(name: &str, area: &Shape, layer: &Layer<usize>) {
    let points = scatter(area);
    let (found, took) = timed(|| {
        let turns = (0..LOOKUPS).zip(points.iter().cycle());
        turns.filter(|(_, point)| layer.locate(black_box(**point)).is_some()).count()
    });
    let million = f64::from(LOOKUPS) / took.as_secs_f64() / 1e6;
    println!("{name}: {million:.2} million look-ups a second, {found} of {LOOKUPS} found");
}

/// A hundred thousand points all over the box of a shape, in no local order.
fn scatter(area: &Shape) -> Vec<LngLat> {
    let (from, to) = (area.bounds().south_west, area.bounds().north_east);
    let between = |low: f64, high: f64, part: f64| low + (high - low) * part.fract();
    (0..100_000)
        .map(f64::from)
        .filter_map(|k| {
            let lng = between(from.lng(), to.lng(), k * 0.754_877_666_2);
            LngLat::from_degrees(lng, between(from.lat(), to.lat(), k * 0.569_840_290_9)).ok()
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}
