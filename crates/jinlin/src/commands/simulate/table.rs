//! What came of a simulation, for whoever signs the pack: Chinese first, English beside.

use method::simulate::{Outcome, ProcedureOutcome, RoleOutcome, Setting};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A row: Chinese, English, and the value of one run.
type Row<T> = (&'static str, &'static str, fn(&T) -> f64, Unit);

/// How a value is written.
#[derive(Clone, Copy)]
enum Unit {
    Count,
    Percent,
    Hours,
    Length,
}

const PROCEDURE: [Row<ProcedureOutcome>; 17] = [
    ("收件", "opened", |it| it.opened as f64, Unit::Count),
    ("办结", "ended", |it| it.ended as f64, Unit::Count),
    ("未结", "still open", |it| it.open as f64, Unit::Count),
    ("超期占比", "late", |it| share(it.late, it.opened), Unit::Percent),
    ("退单", "returned", |it| it.returned as f64, Unit::Count),
    ("反映未解决", "said not solved", |it| it.rejected as f64, Unit::Count),
    ("再次反映", "reopened", |it| it.reopened as f64, Unit::Count),
    ("被规则拒绝", "refused by a rule", |it| it.refused as f64, Unit::Count),
    ("办结用时 平均", "to the end, mean", |it| it.to_end.mean, Unit::Hours),
    ("办结用时 半数以内", "to the end, half within", |it| it.to_end.p50, Unit::Hours),
    ("办结用时 九成以内", "to the end, 90 % within", |it| it.to_end.p90, Unit::Hours),
    ("办结用时 百分之九十九以内", "to the end, 99 % within", |it| it.to_end.p99, Unit::Hours),
    ("等人动手 平均", "waiting for a hand, mean", |it| it.wait.mean, Unit::Hours),
    ("等人动手 半数以内", "waiting, half within", |it| it.wait.p50, Unit::Hours),
    ("等人动手 九成以内", "waiting, 90 % within", |it| it.wait.p90, Unit::Hours),
    ("等人动手 百分之九十九以内", "waiting, 99 % within", |it| it.wait.p99, Unit::Hours),
    ("等人动手 最长", "waiting, the longest", |it| it.wait.most, Unit::Hours),
];

const ROLE: [Row<RoleOutcome>; 5] = [
    ("有事的岗位", "posts with work", |it| it.worked as f64, Unit::Count),
    ("平均负荷", "mean load", |it| it.load, Unit::Percent),
    ("最忙岗位负荷", "load of the busiest", |it| it.most_load, Unit::Percent),
    ("平均积压", "mean queue, all posts", |it| it.queue, Unit::Length),
    ("最长积压", "longest queue", |it| it.longest as f64, Unit::Count),
];

/// Width of the names of rows and of a column.
const WIDE: usize = 58;
const COLUMN: usize = 26;

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Everything, as text: runs as things are, and with the changes where there are any.
pub fn told(setting: &Setting, now: &[Outcome], then: Option<&[Outcome]>) -> String {
    let mut text = head(setting, now);
    let columns: Vec<&[Outcome]> = std::iter::once(now).chain(then).collect();
    let pack = &setting.pack;
    for id in keys(&columns, |it| it.procedures.keys()) {
        let title = pack.procedures.get(id).map_or(id, |it| it.title.as_str());
        section(&mut text, (title, id), &columns);
        rows(&mut text, &PROCEDURE, &columns, |run| run.procedures.get(id));
        overdue(&mut text, setting, id, &columns);
    }
    for id in keys(&columns, |it| it.roles.keys()) {
        let title = pack.roles.get(id).map_or(id, |it| it.title.as_str());
        let posts = now.first().and_then(|it| it.roles.get(id)).map_or(0, |it| it.posts);
        section(&mut text, (&format!("岗位:{title}(在岗 {posts})"), id), &columns);
        rows(&mut text, &ROLE, &columns, |run| run.roles.get(id));
    }
    text
}

fn head(setting: &Setting, now: &[Outcome]) -> String {
    let per_day: f64 = setting.streams.iter().map(|stream| stream.per_day).sum();
    let titles = setting.streams.iter().filter_map(|it| setting.pack.procedures.get(&it.procedure));
    let titles: Vec<&str> = titles.map(|it| it.title.as_str()).collect();
    let Some(run) = now.first() else { return String::new() };
    let hours = run.last.duration_since(run.from).as_secs_f64() / 3600.0;
    let (days, seeds) = (hours / 24.0, now.len());
    let title = &setting.pack.title;
    format!(
        "{title}:{},每天 {per_day:.1} 件,收件 {days:.1} 天,其后 30 天只办不收;{seeds} 次模拟取平均,括号内为最小–最大\n\
         {per_day:.1} cases a day for {days:.1} days, then 30 days to end; mean of {seeds} runs (least–most)\n",
        titles.join("、")
    )
}

/// What any of the runs knows, in order.
fn keys<'a, K: Iterator<Item = &'a String>>(
    columns: &[&'a [Outcome]],
    of: impl Fn(&'a Outcome) -> K,
) -> BTreeSet<&'a str> {
    let runs = columns.iter().flat_map(|runs| runs.iter());
    runs.flat_map(of).map(String::as_str).collect()
}

fn section(text: &mut String, (title, id): (&str, &str), columns: &[&[Outcome]]) {
    let named = format!("{title} / {id}");
    let _ = write!(text, "\n{}", padded(&named, WIDE));
    if columns.len() > 1 {
        let _ = write!(text, "{}{}", left("现状 now", COLUMN), left("调整后 changed", COLUMN));
    }
    text.push('\n');
}

fn rows<'a, T: Default + 'a>(
    text: &mut String,
    rows: &[Row<T>],
    columns: &[&'a [Outcome]],
    of: impl Fn(&'a Outcome) -> Option<&'a T>,
) {
    for (chinese, english, value, unit) in rows {
        let cell = |runs: &&'a [Outcome]| {
            let values = runs.iter().map(|run| of(run).map_or(0.0, value));
            left(&spread(&values.collect::<Vec<f64>>(), *unit), COLUMN)
        };
        line(text, &format!("  {chinese} / {english}"), columns.iter().map(cell));
    }
}

/// States whose limit ran out in any run.
fn overdue(text: &mut String, setting: &Setting, id: &str, columns: &[&[Outcome]]) {
    let Some(procedure) = setting.pack.procedures.get(id) else { return };
    for (state, defined) in procedure.states.iter().filter(|(_, it)| it.end.is_none()) {
        let of = |run: &Outcome| {
            let state = run.procedures.get(id).and_then(|it| it.states.get(state));
            state
                .map_or(0.0, |it| share(it.overdue, it.stays + it.overdue.saturating_sub(it.stays)))
        };
        let values: Vec<Vec<f64>> =
            columns.iter().map(|runs| runs.iter().map(of).collect()).collect();
        if values.iter().flatten().any(|value| *value > 0.0) {
            let name = format!("  环节超时:{} / overdue in {state}", defined.title);
            line(text, &name, values.iter().map(|it| left(&spread(it, Unit::Percent), COLUMN)));
        }
    }
}

fn line(text: &mut String, name: &str, cells: impl Iterator<Item = String>) {
    let cells: String = cells.collect();
    let _ = writeln!(text, "{}{cells}", padded(name, WIDE));
}

/// The mean of all runs, and the least and most where they differ.
fn spread(values: &[f64], unit: Unit) -> String {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let least = written(values.iter().copied().fold(f64::INFINITY, f64::min), unit);
    let most = written(values.iter().copied().fold(0.0, f64::max), unit);
    if least == most { most } else { format!("{} ({least}–{most})", written(mean, unit)) }
}

fn written(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count => format!("{value:.0}"),
        Unit::Percent => format!("{:.1} %", value * 100.0),
        Unit::Length => format!("{value:.2}"),
        Unit::Hours if value >= 48.0 => format!("{:.1} d", value / 24.0),
        Unit::Hours if value >= 1.0 => format!("{value:.1} h"),
        Unit::Hours => format!("{:.0} min", value * 60.0),
    }
}

/// How wide a text stands: Chinese letters and signs take two places.
fn width(text: &str) -> usize {
    text.chars().map(|it| if u32::from(it) >= 0x2e80 { 2 } else { 1 }).sum()
}

fn padded(text: &str, wide: usize) -> String {
    format!("{text}{}", " ".repeat(wide.saturating_sub(width(text)).max(1)))
}

fn left(text: &str, wide: usize) -> String {
    format!("{}{text}", " ".repeat(wide.saturating_sub(width(text)).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_as_people_say_it() {
        assert_eq!(spread(&[10.0, 12.0], Unit::Count), "11 (10–12)");
        assert_eq!(spread(&[0.5, 0.5], Unit::Percent), "50.0 %");
        assert_eq!(spread(&[0.25, 1.75], Unit::Hours), "1.0 h (15 min–1.8 h)");
        assert_eq!(spread(&[72.0], Unit::Hours), "3.0 d");
        assert_eq!(width("等人动手 p50"), 12);
    }
}
