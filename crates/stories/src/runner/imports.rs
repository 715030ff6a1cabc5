//! Steps that take in a file of another system, as `jinlin import cases` does, and what became of it.

use super::play::Play;
use super::story::{Imports, Step};
use super::truths::Differences;
use anyhow::{Context, Result, bail, ensure};
use app::exchange::{ImportFile, import_cases};
use model::Actor;
use sheet::{Format, Mapping};

/// What a step that takes in a file names: the table, and which column is what.
const FILES: [&str; 2] = ["file", "mapping"];

/// The files that a step takes in.
pub(super) fn names(step: &Step) -> impl Iterator<Item = &str> {
    let said = FILES.into_iter().filter(|_| step.does == "import_cases");
    said.filter_map(|key| step.with.get(key)?.as_str())
}

impl Play {
    /// Takes in a file; one with wrong rows is refused whole with `problems`.
    pub(super) async fn import(&mut self, step: &Step) -> Result<()> {
        let named: Vec<&str> = names(step).collect();
        let [name, mapping] = named.as_slice() else {
            bail!("import_cases: name file and mapping")
        };
        let bytes = |name: &str| self.files.get(name).with_context(|| format!("no file {name}"));
        let mapping = Mapping::parse(std::str::from_utf8(bytes(mapping)?)?)?;
        let (_, extension) = name.rsplit_once('.').unwrap_or_default();
        let bytes = bytes(name)?;
        let format = Format::from_name(extension).unwrap_or_else(|| Format::sniff(bytes));
        let file = ImportFile { name, bytes, format, mapping: &mapping, dry_run: false };
        let system = Actor::system("import");
        let report = import_cases(&self.stage.county, system, file, &mut |_| {}).await?;
        let wrong: Vec<String> = report.problems.iter().take(3).map(ToString::to_string).collect();
        let refused = (!wrong.is_empty()).then_some("problems");
        let told = wrong.join("; ");
        ensure!(refused == step.refused.as_deref(), "{name}: {} rows, {told}", report.rows);
        self.imported = Some(report);
        self.stage.keep_up().await
    }

    pub(super) fn imported_truth(&self, it: &Imports, found: &mut Differences) -> Result<()> {
        let report = self.imported.as_ref().context("nothing was taken in")?;
        for (what, should, is) in [
            ("rows", it.rows, report.rows),
            ("recorded rows", it.recorded, report.recorded),
            ("rows that were there", it.already, report.already),
            ("repeated texts", it.duplicates, report.duplicates.len()),
            ("rows without a place", it.unplaced, report.unplaced.len()),
            ("problems", it.problems, report.problems.len()),
        ] {
            if let Some(should) = should {
                found.equal(&format!("the number of {what}"), &should, &is);
            }
        }
        Ok(())
    }
}
