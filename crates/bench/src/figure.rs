//! Figures: a name, a value with its unit, p50 and p99 where it is a time, and the target it is held
//! against. Printed as they come, or all at the end as JSON.

use crate::stopwatch::Samples;
use serde::Serialize;
use std::time::Duration;

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// Experiment and what was measured.
    pub name: String,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Half of the samples took no longer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<f64>,
    /// 99 of 100 samples took no longer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<f64>,
    /// What was asked for, and whether it was met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// What else must be known to read it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What was asked for.
#[derive(Clone, Debug, Serialize)]
pub struct Target {
    /// In words.
    pub asked: String,
    /// Whether it was met.
    pub met: bool,
}

impl Figure {
    /// A plain value.
    pub fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        let (name, note) = (name.into(), String::new());
        Self { name, value, unit, p50_ms: None, p99_ms: None, target: None, note }
    }

    /// A time by its samples; the value is their median in milliseconds.
    pub fn times(name: impl Into<String>, samples: &Samples) -> Self {
        let median = millis(samples.hundredth(50));
        Self::new(name, median, "ms").with_times(samples).note(format!("{} samples", samples.len()))
    }

    /// How many a second.
    pub fn rate(name: impl Into<String>, done: usize, within: Duration) -> Self {
        Self::new(name, per_second(done, within), "/s")
    }

    /// Adds the quantiles of samples.
    pub fn with_times(mut self, samples: &Samples) -> Self {
        self.p50_ms = Some(millis(samples.hundredth(50)));
        self.p99_ms = Some(millis(samples.hundredth(99)));
        self
    }

    /// Holds it against a target.
    pub fn target(mut self, asked: impl Into<String>, met: bool) -> Self {
        self.target = Some(Target { asked: asked.into(), met });
        self
    }

    /// Adds a note.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn line(&self) -> String {
        let quantile = |name, value: Option<f64>| {
            value.map_or_else(String::new, |it| format!("  {name} {it:.3} ms"))
        };
        let target = self.target.as_ref().map_or_else(String::new, |it| {
            format!("  [{}: {}]", it.asked, if it.met { "met" } else { "NOT MET" })
        });
        let value = format!("{:>13} {:<5}", amount(self.value), self.unit);
        let times = quantile("p50", self.p50_ms) + &quantile("p99", self.p99_ms);
        let note = if self.note.is_empty() { String::new() } else { format!("  ({})", self.note) };
        format!("{:<44}{value}{times}{target}{note}", self.name)
    }
}

/// What an experiment tells its figures to.
#[derive(Debug, Default)]
pub struct Report {
    json: bool,
    figures: Vec<Figure>,
}

impl Report {
    /// A report that prints lines as figures come, or JSON at the end.
    pub fn new(json: bool) -> Self {
        Self { json, figures: Vec::new() }
    }

    /// Takes a figure.
    pub fn add(&mut self, figure: Figure) {
        if !self.json {
            println!("{}", figure.line());
        }
        self.figures.push(figure);
    }

    /// Says something that is no figure; not in JSON.
    pub fn say(&self, words: &str) {
        if !self.json {
            println!("{words}");
        }
    }

    /// Prints what was not printed yet; says whether all targets were met.
    pub fn finish(self) -> anyhow::Result<bool> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(&self.figures)?);
        }
        Ok(self.figures.iter().filter_map(|it| it.target.as_ref()).all(|it| it.met))
    }
}

/// A duration in milliseconds.
pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// A count as a float; counts here stay far below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
pub fn count(n: usize) -> f64 {
    n as f64
}

/// How many a second.
pub fn per_second(done: usize, within: Duration) -> f64 {
    count(done) / within.as_secs_f64().max(f64::EPSILON)
}

/// Three digits after the point for small numbers, groups of three digits for large ones.
fn amount(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.3}");
    }
    let digits = format!("{value:.0}");
    let grouped: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    let groups = grouped.into_iter().map(|it| String::from_utf8_lossy(it).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped_and_small_ones_are_exact() {
        assert_eq!(amount(1_234_567.4), "1,234,567");
        assert_eq!(amount(123.0), "123");
        assert_eq!(amount(4.25), "4.250");
    }

    #[test]
    fn a_missed_target_is_told() {
        let mut report = Report::new(true);
        report.add(Figure::new("a", 1.0, "ms").target("≤ 2 ms", true));
        report.add(Figure::new("b", 3.0, "ms").target("≤ 2 ms", false));
        assert!(report.figures[1].line().contains("NOT MET"));
        assert!(!report.finish().unwrap());
    }
}
