//! Reading plans and local days from files that people made: all problems at once, each with its line.
//! Takes text; opening files and decoding them is the caller's.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::plan::{DayKind, PlanProblem, YearPlan};

/// One thing wrong in an imported file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct ImportProblem {
    /// Counted from 1.
    pub line: usize,
    /// What to mend there.
    pub what: RowProblem,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowProblem {
    /// Write the row as `date,kind`.
    #[error("`{0}` is no row of `date,kind`")]
    Row(String),
    /// Write a date that exists, as `2027-01-01` or `2027/1/1`.
    #[error("`{0}` is no date such as 2027-01-01")]
    Date(String),
    /// Write `off` or `work`.
    #[error("`{0}` is neither off (休) nor work (班)")]
    Kind(String),
    /// Mend the syntax or shape of the file.
    #[error("no plan of a year: {0}")]
    Json(String),
    /// Mend the plan itself.
    #[error(transparent)]
    Plan(#[from] PlanProblem),
}

impl YearPlan {
    /// Reads the plan of `year` from rows of `date,kind` (kind `off`/`休` or `work`/`班`; a header, a
    /// byte-order mark and empty lines are passed over), or gives every problem in order of lines.
    pub fn from_csv(year: i16, text: &str) -> Result<Self, Vec<ImportProblem>> {
        Self::from_rows(year, csv_rows(text))
    }

    /// Reads `{"year", "off": [dates], "work": [dates]}`, or the year file of the project holiday-cn
    /// (`"days": [{"date", "isOffDay"}]`), or gives every problem.
    pub fn from_json(text: &str) -> Result<Self, Vec<ImportProblem>> {
        let text = text.trim_start_matches('\u{feff}');
        let file: JsonPlan = serde_json::from_str(text)
            .map_err(|e| vec![problem(e.line(), RowProblem::Json(e.to_string()))])?;
        Self::from_rows(file.year, file.rows(text))
    }

    fn from_rows(year: i16, rows: Vec<Row>) -> Result<Self, Vec<ImportProblem>> {
        let mut plan = Self::blank(year).map_err(|e| vec![problem(1, e)])?;
        let last_line = rows.last().map_or(1, |row| row.line);
        let mut problems = Vec::new();
        for row in rows {
            let named = row.day.and_then(|(date, kind)| Ok(plan.name(date, kind)?));
            problems.extend(named.err().map(|what| problem(row.line, what)));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        plan.complete().map_err(|e| vec![problem(last_line, e)])
    }
}

/// Reads a county's own days from rows of `date,kind` as [`YearPlan::from_csv`] does, of any years.
pub fn local_days_from_csv(text: &str) -> Result<BTreeMap<Date, DayKind>, Vec<ImportProblem>> {
    let mut days = BTreeMap::new();
    let mut problems = Vec::new();
    for Row { line, day } in csv_rows(text) {
        match day {
            Ok((date, kind)) if days.insert(date, kind).is_none() => {}
            Ok((date, _)) => problems.push(problem(line, PlanProblem::NamedTwice(date))),
            Err(what) => problems.push(problem(line, what)),
        }
    }
    if problems.is_empty() { Ok(days) } else { Err(problems) }
}

fn problem(line: usize, what: impl Into<RowProblem>) -> ImportProblem {
    ImportProblem { line, what: what.into() }
}

/// A line that should name a day.
struct Row {
    line: usize,
    day: Result<(Date, DayKind), RowProblem>,
}

fn csv_rows(text: &str) -> Vec<Row> {
    let numbered = text.trim_start_matches('\u{feff}').lines().enumerate();
    let is_header = |n: usize, line: &str| n == 0 && line.eq_ignore_ascii_case("date,kind");
    numbered
        .map(|(n, line)| (n, line.trim()))
        .filter(|&(n, line)| !line.is_empty() && !is_header(n, line))
        .map(|(n, line)| Row { line: n + 1, day: csv_row(line) })
        .collect()
}

fn csv_row(line: &str) -> Result<(Date, DayKind), RowProblem> {
    let (date, kind) = line.split_once(',').ok_or_else(|| RowProblem::Row(line.to_owned()))?;
    let kind = match kind.trim() {
        "off" | "休" => DayKind::Off,
        "work" | "班" => DayKind::Work,
        other => return Err(RowProblem::Kind(other.to_owned())),
    };
    Ok((read_date(date.trim())?, kind))
}

fn read_date(text: &str) -> Result<Date, RowProblem> {
    // Spreadsheets in Chinese write 2027/1/1.
    Date::strptime("%Y-%m-%d", text.replace('/', "-"))
        .map_err(|_| RowProblem::Date(text.to_owned()))
}

/// Both known shapes of a year; dates stay raw, so that each one's place in the text is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonPlan<'a> {
    year: i16,
    #[serde(borrow, default)]
    off: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    work: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    days: Vec<JsonDay<'a>>,
    #[serde(default, rename = "$schema")]
    _schema: IgnoredAny,
    #[serde(default, rename = "$id")]
    _id: IgnoredAny,
    #[serde(default, rename = "papers")]
    _papers: IgnoredAny,
}

#[derive(Deserialize)]
struct JsonDay<'a> {
    #[serde(borrow)]
    date: &'a RawValue,
    #[serde(rename = "isOffDay")]
    is_off_day: bool,
}

impl JsonPlan<'_> {
    fn rows(&self, text: &str) -> Vec<Row> {
        let off = self.off.iter().map(|&date| (date, DayKind::Off));
        let work = self.work.iter().map(|&date| (date, DayKind::Work));
        let days = self.days.iter().map(JsonDay::named);
        let mut rows: Vec<Row> = off
            .chain(work)
            .chain(days)
            .map(|(date, kind)| Row { line: line_of(date, text), day: json_row(date, kind) })
            .collect();
        rows.sort_by_key(|row| row.line);
        rows
    }
}

impl<'a> JsonDay<'a> {
    fn named(&self) -> (&'a RawValue, DayKind) {
        (self.date, if self.is_off_day { DayKind::Off } else { DayKind::Work })
    }
}

fn json_row(date: &RawValue, kind: DayKind) -> Result<(Date, DayKind), RowProblem> {
    Ok((read_date(date.get().trim_matches('"'))?, kind))
}

/// A raw value is borrowed from the text, so its distance from the start tells its line.
fn line_of(value: &RawValue, text: &str) -> usize {
    let before = value.get().as_ptr().addr() - text.as_ptr().addr();
    1 + text.bytes().take(before).filter(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn plan() -> YearPlan {
        YearPlan::new(2027, [date(2027, 1, 1)], [date(2026, 12, 27)]).unwrap()
    }

    fn said(problems: &[ImportProblem]) -> Vec<String> {
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rows_of_date_and_kind_make_a_plan() {
        let text = "\u{feff}date,kind\r\n2027-01-01,off\r\n\r\n2026-12-27,work\r\n";
        assert_eq!(YearPlan::from_csv(2027, text), Ok(plan()));
        assert_eq!(YearPlan::from_csv(2027, "2027/1/1, 休\n2026/12/27 ,班"), Ok(plan()));
    }

    #[test]
    fn every_bad_row_is_reported_with_its_line() {
        let text = "date,kind\n2027-01-01,off\n2027-02-30,off\nsoon\n2027-01-01,work\n\
                    2027-05-01,holiday\n2025-12-31,off\n";
        let problems = YearPlan::from_csv(2027, text).unwrap_err();
        let expected = [
            "line 3: `2027-02-30` is no date such as 2027-01-01",
            "line 4: `soon` is no row of `date,kind`",
            "line 5: 2027-01-01 is named twice",
            "line 6: `holiday` is neither off (休) nor work (班)",
            "line 7: 2025-12-31 lies neither in 2027 nor in the December before it",
        ];
        assert_eq!(said(&problems), expected);
    }

    #[test]
    fn a_file_without_new_year_is_refused() {
        let problems = YearPlan::from_csv(2027, "2027-05-01,off\n2027-05-02,off").unwrap_err();
        let missing = RowProblem::Plan(PlanProblem::NoNewYear(2027));
        assert_eq!(problems, [ImportProblem { line: 2, what: missing }]);
        assert!(YearPlan::from_csv(2027, "").is_err());
        assert!(YearPlan::from_csv(1066, "1066-01-01,off").is_err());
    }

    #[test]
    fn both_json_shapes_make_the_same_plan() {
        let ours = r#"{"year": 2027, "off": ["2027-01-01"], "work": ["2026-12-27"]}"#;
        let theirs = r#"{"$schema": "s", "$id": "i", "year": 2027, "papers": [], "days": [
            {"name": "元旦", "date": "2026-12-27", "isOffDay": false},
            {"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}"#;
        assert_eq!(YearPlan::from_json(ours), Ok(plan()));
        assert_eq!(YearPlan::from_json(theirs), Ok(plan()));
    }

    #[test]
    fn json_problems_name_the_line_of_the_very_date() {
        let text = "{\"year\": 2027, \"work\": [\n\"2027-01-01\",\n7],\n\"off\": [\n\
                    \"2027-01-01\",\n\"2027-13-01\"]}";
        let expected = [
            "line 3: `7` is no date such as 2027-01-01",
            "line 5: 2027-01-01 is named twice",
            "line 6: `2027-13-01` is no date such as 2027-01-01",
        ];
        assert_eq!(said(&YearPlan::from_json(text).unwrap_err()), expected);
    }

    #[test]
    fn an_unpublished_year_of_holiday_cn_stays_unpublished() {
        let text = r#"{"year": 2027, "papers": [], "days": []}"#;
        assert_eq!(
            said(&YearPlan::from_json(text).unwrap_err()),
            ["line 1: 1 January 2027 is missing among the days off, so the list cannot be whole"]
        );
    }

    #[test]
    fn broken_json_and_unknown_keys_name_their_line() {
        for text in ["{\n\"year\": 2027,\n", "{\n\n\"yaer\": 2027}", "\n\n[]"] {
            let problems = YearPlan::from_json(text).unwrap_err();
            assert!(matches!(&problems[..], [p] if p.line == 3), "{problems:?}");
        }
    }

    #[test]
    fn local_days_may_lie_in_any_years_but_only_once() {
        let days = local_days_from_csv("2026-11-23,off\n2027-11-23,off").unwrap();
        assert_eq!(days.get(&date(2027, 11, 23)), Some(&DayKind::Off));
        let problems = local_days_from_csv("2026-11-23,off\n2026-11-23,work\nx").unwrap_err();
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [2, 3]);
    }
}
