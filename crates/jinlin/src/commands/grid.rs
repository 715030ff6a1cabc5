//! `jinlin grid`: plans of grids and converted map files. Reads files and writes one; what a plan
//! becomes is decided in the console.

mod buildings;
mod convert;
mod maps;
mod plan;

use crate::cli::Grid;
use anyhow::Result;

pub fn run(grid: Grid) -> Result<()> {
    match grid {
        Grid::Plan(plan) => plan::run(&plan),
        Grid::Convert(convert) => convert::run(&convert),
    }
}
