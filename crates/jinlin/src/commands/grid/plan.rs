//! `jinlin grid plan`: the proposal as a map, and in words how good it is beside k-means.

use super::buildings::{self, Buildings};
use super::maps;
use crate::cli::GridPlan;
use anyhow::{Context, Result, bail};
use geogrid::{
    Attributes, Barrier, BarrierKind, Datum, Entry, Figures, Frame, Geometry, MapFormat, Proposal,
    Shape, Violation, Wish, by_means, draw, merge, propose, write_map,
};
use serde_json::json;
use std::path::Path;

/// How many violations are told one by one.
const TOLD: usize = 20;

pub fn run(plan: &GridPlan) -> Result<()> {
    let buildings = buildings::read(&plan.buildings, plan.frame, plan.skip_bad_rows)?;
    let mut barriers = barriers(plan, plan.streets.as_deref(), BarrierKind::Street)?;
    barriers.extend(self::barriers(plan, plan.walls.as_deref(), BarrierKind::Wall)?);
    let outline = plan.outline.as_deref().map(|path| outline(plan, path)).transpose()?;
    if let Some(outline) = &outline {
        inside(plan, &buildings, outline)?;
    }
    let (least, most) = plan.size;
    let wish = Wish { least, most, cells: plan.cells, seed: plan.seed };
    let proposal = propose(&buildings.list, &barriers, &wish)?;
    let plain = by_means(&buildings.list, &barriers, &wish)?;
    print(&proposal, &plain, &buildings);
    let shapes = draw(&proposal, &buildings.list, outline.as_ref())?;
    keep(&plan.out, &proposal, shapes, &buildings)
}

fn barriers(plan: &GridPlan, path: Option<&Path>, kind: BarrierKind) -> Result<Vec<Barrier>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let entries = maps::sound(path, plan.frame, plan.skip_bad_rows)?;
    // Points and areas among streets (crossings, squares) part nothing.
    let lines = entries.into_iter().filter_map(|entry| match entry.geometry {
        Geometry::Lines(lines) => Some(lines),
        Geometry::Point(_) | Geometry::Area(_) => None,
    });
    Ok(lines.flatten().map(|line| Barrier { line, kind }).collect())
}

fn outline(plan: &GridPlan, path: &Path) -> Result<Shape> {
    let entries = maps::sound(path, plan.frame, plan.skip_bad_rows)?;
    let areas = entries.into_iter().filter_map(|entry| match entry.geometry {
        Geometry::Area(shape) => Some(shape),
        Geometry::Point(_) | Geometry::Lines(_) => None,
    });
    merge(&areas.collect::<Vec<_>>())
        .with_context(|| format!("{} 里没有面 / holds no area", path.display()))
}

/// Stops where buildings lie outside the outline: their cells could not be drawn around them.
fn inside(plan: &GridPlan, buildings: &Buildings, outline: &Shape) -> Result<()> {
    let numbered = buildings.rows.iter().zip(&buildings.list);
    let outside = numbered.filter(|(_, building)| !outline.contains(building.at));
    let told: Vec<_> = outside
        .map(|(row, building)| {
            let at = building.at;
            format!("第 {row} 行在范围之外 / row {row} is outside the outline: {at}")
        })
        .collect();
    maps::tell(&plan.buildings, &told, false)
}

fn print(proposal: &Proposal, plain: &Figures, buildings: &Buildings) {
    let own = &proposal.figures;
    println!("{0} 栋/址分为 {1} 格 / {0} buildings in {1} grids", buildings.list.len(), own.cells);
    println!("{:>12}  {:>12}", "方案 plan", "k-means");
    let line = |words: &str, own: f64, plain: f64| println!("{own:>12.3}  {plain:>12.3}  {words}");
    let count = |words: &str, own: u64, plain: u64| println!("{own:>12}  {plain:>12}  {words}");
    line("户数变异系数 / variation of households", own.households_cv, plain.households_cv);
    line("在办变异系数 / variation of open work", own.open_work_cv, plain.open_work_cv);
    line("平均户数 / households of a grid", own.households, plain.households);
    count("最少户数 / fewest households", own.range.0, plain.range.0);
    count("最多户数 / most households", own.range.1, plain.range.1);
    let sizes = (own.out_of_size as u64, plain.out_of_size as u64);
    count("规模不合 / grids out of size", sizes.0, sizes.1);
    count("不连片 / grids in pieces", own.torn as u64, plain.torn as u64);
    let over = (own.over_streets as u64, plain.over_streets as u64);
    count("同格隔街相邻 / neighbours over a street", over.0, over.1);
    line("到格心米数 / metres to the middle", own.metres, plain.metres);
    let it = &proposal.objective;
    println!(
        "目标值 / objective {:.3} = 户数 households {:.3} + 在办 open work {:.3} + 规模 size {:.3} + \
         远近 spread {:.3} + 边界 borders {:.3}",
        it.total(),
        it.households,
        it.open_work,
        it.bounds,
        it.spread,
        it.borders
    );
    println!("未尽之处 / violations: {}", proposal.violations.len());
    let told = proposal.violations.iter().take(TOLD);
    told.for_each(|violation| println!("  {}", words(violation, buildings)));
}

/// The code of a proposed grid; none of the county's own.
fn code(cell: usize) -> String {
    format!("P{:04}", cell + 1)
}

fn words(violation: &Violation, buildings: &Buildings) -> String {
    match *violation {
        Violation::TooSmall { cell, households } => {
            format!("{}：只有 {households} 户 / only {households} households", code(cell))
        }
        Violation::TooLarge { cell, households, one_building: true } => format!(
            "{}：{households} 户，一栋已超上限 / {households} households, as one building has too many",
            code(cell)
        ),
        Violation::TooLarge { cell, households, .. } => {
            format!("{}：多达 {households} 户 / as many as {households} households", code(cell))
        }
        Violation::OverWall { cell, between: (one, other) } => {
            let row = |building: usize| buildings.rows.get(building).copied().unwrap_or_default();
            let (one, other) = (row(one), row(other));
            format!(
                "{}：第 {one} 行与第 {other} 行之间越过阻隔 / reaches over a wall between rows {one} and {other}",
                code(cell)
            )
        }
    }
}

fn keep(
    path: &Path,
    proposal: &Proposal,
    shapes: Vec<Option<Shape>>,
    buildings: &Buildings,
) -> Result<()> {
    let Some(format) = maps::format(path) else {
        bail!("{}: the name ends in none of .geojson, .json, .kml, .zip", path.display());
    };
    let mut entries = Vec::new();
    for (index, (cell, shape)) in proposal.cells.iter().zip(shapes).enumerate() {
        let code = code(index);
        let shape = shape.with_context(|| format!("{code} has no ground of its own"))?;
        let rows: Vec<_> = cell.buildings.iter().filter_map(|&it| buildings.rows.get(it)).collect();
        let mut attributes = Attributes::new();
        attributes.insert("code".to_owned(), json!(code));
        attributes.insert("households".to_owned(), json!(cell.households));
        attributes.insert("open_work".to_owned(), json!(cell.open_work));
        attributes.insert("buildings".to_owned(), json!(rows.len()));
        // A table's cells are too short for lists.
        if format != MapFormat::Shapefile {
            attributes.insert("rows".to_owned(), json!(rows));
        }
        entries.push(Entry { row: index + 1, attributes, geometry: Geometry::Area(shape) });
    }
    let written = write_map(&entries, format, &Frame::Degrees(Datum::Cgcs2000))?;
    std::fs::write(path, written.bytes)
        .with_context(|| format!("cannot write {}", path.display()))?;
    let name = path.display();
    println!(
        "已写入 {name}，只是方案，未改动任何网格 / wrote {name}: a plan, nothing is changed by it"
    );
    Ok(())
}
