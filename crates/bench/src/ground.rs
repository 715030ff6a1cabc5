//! The ground of the county that is measured on: real divisions tiled inside their outline, urban
//! communities divided into grids and micro-grids, at true scale or small.

use crate::figure::count;
use anyhow::{Context, Result};
use app::territory::{DrawnPlace, NewPlace, Root, read_divisions};
use geogrid::{Feature, LngLat, Shape, divide};
use jiff::civil::{Date, date};
use serde::de::IgnoredAny;
use std::path::{Path, PathBuf};

/// The division whose ground is used.
pub const ROOT: &str = "350405";

/// How finely a county is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Communities that are divided, the first of all.
    pub communities: usize,
    /// Grids in all of them.
    pub grids: usize,
    /// Micro-grids in all grids.
    pub micro_grids: usize,
}

impl Scale {
    /// As a county of 250,000 people has it.
    pub const TRUE: Self = Self { communities: 17, grids: 110, micro_grids: 970 };
    /// Enough to work in.
    pub const SMALL: Self = Self { communities: 2, grids: 4, micro_grids: 8 };
}

/// Places and their outlines.
pub struct Ground {
    /// All places, each after the one that contains it; the first is the root.
    pub places: Vec<NewPlace>,
    /// An outline for each.
    pub drawings: Vec<DrawnPlace>,
}

/// The repository's folder: this program runs in it.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The outline of the county.
pub fn outline() -> Result<Shape> {
    let path = repository().join(format!("data/outlines/{ROOT}.geojson"));
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str::<Feature<IgnoredAny>>(&text)?.geometry)
}

/// Since when all places exist.
fn begin() -> Date {
    date(2020, 1, 1)
}

impl Ground {
    /// Plans the county.
    pub fn plan(scale: Scale) -> Result<Self> {
        let path = repository().join(format!("data/divisions/{ROOT}.csv"));
        let csv = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let root = Root { code: ROOT.to_owned(), name: None, from: begin() };
        let places = read_divisions(&csv, &root)?;
        let mut ground = Self { places, drawings: Vec::new() };
        let county = outline()?;
        let communities = ground.tile(&county)?;
        ground.drawings.push(DrawnPlace { place: ROOT.to_owned(), shape: county });
        ground
            .divide(scale, communities.get(..scale.communities).context("too few communities")?)?;
        Ok(ground)
    }

    /// Draws streets and communities as equal parts; gives the communities.
    fn tile(&mut self, county: &Shape) -> Result<Vec<(String, Shape)>> {
        let children = |parent: &str| -> Vec<String> {
            let inside = self.places.iter().filter(|it| it.parent.as_deref() == Some(parent));
            inside.filter_map(|it| it.code.clone()).collect()
        };
        let streets = children(ROOT);
        let below: Vec<Vec<String>> = streets.iter().map(|street| children(street)).collect();
        let weights: Vec<u32> =
            below.iter().map(|it| u32::try_from(it.len())).collect::<Result<_, _>>()?;
        let mut communities = Vec::new();
        for ((street, codes), shape) in streets.iter().zip(below).zip(divide(county, &weights)?) {
            let cells = divide(&shape, &vec![1; codes.len()])?;
            self.drawings.push(DrawnPlace { place: street.clone(), shape });
            communities.extend(codes.into_iter().zip(cells));
        }
        let drawn = communities.iter().map(|(place, shape)| drawn(place, shape));
        self.drawings.extend(drawn);
        Ok(communities)
    }

    fn divide(&mut self, scale: Scale, communities: &[(String, Shape)]) -> Result<()> {
        let mut sizes = evenly(scale.micro_grids, scale.grids);
        let grids = evenly(scale.grids, communities.len());
        for ((community, shape), n_grids) in communities.iter().zip(grids) {
            let sizes: Vec<usize> = sizes.by_ref().take(n_grids).collect();
            for ((grid, shape), size) in
                self.cut(community, "grid", shape, n_grids)?.iter().zip(sizes)
            {
                self.cut(grid, "micro_grid", shape, size)?;
            }
        }
        Ok(())
    }

    /// Divides a place into `n` equal parts of a level.
    fn cut(
        &mut self,
        parent: &str,
        level: &str,
        shape: &Shape,
        n: usize,
    ) -> Result<Vec<(String, Shape)>> {
        let cells = divide(shape, &vec![1; n])?;
        let numbered = cells.into_iter().zip(1..);
        let parts: Vec<_> =
            numbered.map(|(cell, n): (_, u32)| (format!("{parent}{n:03}"), cell)).collect();
        for (code, cell) in &parts {
            self.places.push(NewPlace {
                parent: Some(parent.to_owned()),
                level: level.to_owned(),
                code: Some(code.clone()),
                name: code.clone(),
                from: Some(begin()),
                aliases: Vec::new(),
            });
            self.drawings.push(drawn(code, cell));
        }
        Ok(parts)
    }
}

fn drawn(place: &str, shape: &Shape) -> DrawnPlace {
    DrawnPlace { place: place.to_owned(), shape: shape.clone() }
}

/// `total` in `parts` that differ by one at most.
fn evenly(total: usize, parts: usize) -> impl Iterator<Item = usize> {
    (0..parts).map(move |part| (part + 1) * total / parts - part * total / parts)
}

/// `n` points all over a shape, in no local order.
pub fn scatter(area: &Shape, n: usize) -> Vec<LngLat> {
    let (from, to) = (area.bounds().south_west, area.bounds().north_east);
    let between = |low: f64, high: f64, part: f64| low + (high - low) * part.fract();
    let points = (0..).map(count).filter_map(|k| {
        let lng = between(from.lng(), to.lng(), k * 0.754_877_666_2);
        LngLat::from_degrees(lng, between(from.lat(), to.lat(), k * 0.569_840_290_9)).ok()
    });
    points.filter(|point| area.contains(*point)).take(n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_county_has_as_many_cells_as_its_scale_says() {
        let ground = Ground::plan(Scale::SMALL).unwrap();
        let of = |level: &str| ground.places.iter().filter(|it| it.level == level).count();
        assert_eq!((of("county"), of("grid"), of("micro_grid")), (1, 4, 8));
        assert_eq!(ground.drawings.len(), ground.places.len());
    }

    #[test]
    fn shares_differ_by_one_at_most_and_add_up() {
        let sizes: Vec<_> = evenly(970, 110).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 970);
        assert!(sizes.iter().all(|it| (8..=9).contains(it)));
    }
}
