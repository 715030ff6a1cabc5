//! `jinlin grid convert`: map files from one format and frame to another.

use super::maps;
use crate::cli::GridConvert;
use anyhow::{Context, Result, bail};
use geogrid::{Frame, Local, Zone, write_map};
use sheet::{Format, Table};
use std::path::Path;

pub fn run(convert: &GridConvert) -> Result<()> {
    let from = match (&convert.control, convert.from) {
        (Some(path), Some(Frame::Zone(base))) => Some(Frame::Local(fitted(path, base)?)),
        (Some(_), _) => {
            bail!("--control 需以 --from 指明投影带 / needs a zone as --from, as gk:117")
        }
        (None, from) => from,
    };
    let format = maps::format(&convert.output).with_context(|| {
        let name = convert.output.display();
        format!("{name}: the name ends in none of .geojson, .json, .kml, .zip")
    })?;
    let entries = maps::sound(&convert.input, from, convert.skip_bad_rows)?;
    let written = write_map(&entries, format, &convert.to)?;
    std::fs::write(&convert.output, written.bytes)
        .with_context(|| format!("cannot write {}", convert.output.display()))?;
    for (old, new) in &written.renamed {
        println!("字段 {old} 在文件里名为 {new} / {old} is called {new} in the file");
    }
    println!("{0} 行，{1} / {0} rows, in {1}", entries.len(), convert.to);
    Ok(())
}

/// The plane that control points lay on a zone, told with what is left at each.
fn fitted(path: &Path, base: Zone) -> Result<Local> {
    let fit = Local::fit(base, &pairs(path)?)?;
    let Local { shift: [east, north], rotation, scale, .. } = fit.local;
    println!(
        "平移 shift {east:.3} {north:.3} m，旋转 rotation {rotation:.4}″，尺度 scale {scale:.3} ppm，中误差 rms {:.3} m",
        fit.rms
    );
    for (index, [x, y]) in fit.residuals.iter().enumerate() {
        println!("  点 {0} 残差 / point {0} is off by {x:+.3} {y:+.3} m", index + 1);
    }
    Ok(fit.local)
}

/// A point in the plane and in the zone, east and north in metres.
type Pair = ([f64; 2], [f64; 2]);

fn pairs(path: &Path) -> Result<Vec<Pair>> {
    let doing = || format!("cannot read {}", path.display());
    let bytes = std::fs::read(path).with_context(doing)?;
    let mut table = Table::read(&bytes, Format::sniff(&bytes)).with_context(doing)?;
    let rows = table.rows().with_context(doing)?;
    rows.map(|row| {
        let row = row.with_context(doing)?;
        let number = |name: &str| -> Result<f64> {
            let text = row.get(name).with_context(|| format!("there is no column {name}"))?;
            let wrong = || format!("row {}, {name}: {text:?} is no number", row.number());
            text.trim().parse().with_context(wrong)
        };
        Ok(([number("x")?, number("y")?], [number("east")?, number("north")?]))
    })
    .collect()
}
