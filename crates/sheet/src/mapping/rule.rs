//! One field's rule: its column and the steps from a cell's text to a value.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::{DateTime, Time, date};
use jiff::fmt::strtime;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::problems::CellProblem;
use crate::read::{Damage, Row};

/// The column a field comes from and what is done to its text, in the order of the members.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rule {
    pub column: Option<String>,
    trim: bool,
    required: bool,
    default: Option<String>,
    split: Option<String>,
    step: Step,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Step {
    #[default]
    Keep,
    Words(BTreeMap<String, String>),
    Date(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongForm {
    column: Option<String>,
    #[serde(default)]
    trim: bool,
    #[serde(default)]
    required: bool,
    default: Option<String>,
    split: Option<String>,
    map: Option<BTreeMap<String, String>>,
    date: Option<Formats>,
}

impl Rule {
    pub fn apply(&self, row: &Row) -> Result<Option<String>, CellProblem> {
        let column = self.column.as_deref().unwrap_or_default();
        let shown = row.get(column).unwrap_or_default();
        let value = if self.trim { shown.trim() } else { shown };
        let problem = |advice: String| CellProblem {
            row: row.number(),
            column: column.to_owned(),
            value: shown.to_owned(),
            advice,
        };
        match row.damage(column) {
            Some(damage) => Err(problem(damage_advice(damage))),
            None if !value.is_empty() => self.value(value).map(Some).map_err(problem),
            None if self.default.is_some() => Ok(self.default.clone()),
            None if self.required => Err(problem("必填，不能为空".to_owned())),
            None => Ok(None),
        }
    }

    fn value(&self, text: &str) -> Result<String, String> {
        let Some(separator) = &self.split else { return self.step.take(text) };
        let pieces = text.split(separator.as_str()).map(str::trim).filter(|p| !p.is_empty());
        let values: Result<Vec<_>, _> = pieces.map(|piece| self.step.take(piece)).collect();
        Ok(values?.join("\n"))
    }
}

impl Step {
    fn take(&self, text: &str) -> Result<String, String> {
        match self {
            Self::Keep => Ok(text.to_owned()),
            Self::Words(words) => words.get(text.trim()).cloned().ok_or_else(|| {
                let known: Vec<_> = words.keys().map(String::as_str).collect();
                format!("“{}”不在可选范围内，请填：{}", text.trim(), known.join("、"))
            }),
            Self::Date(formats) => iso(text.trim(), formats)
                .ok_or_else(|| format!("不是有效的日期，请填成 {} 的样子", samples(formats))),
        }
    }
}

/// ISO dates are always understood, because that is how the dates of a workbook are read.
fn iso(text: &str, formats: &[String]) -> Option<String> {
    let moment = text.parse::<DateTime>().ok().or_else(|| {
        formats.iter().find_map(|format| {
            let parsed = strtime::parse(format, text).ok()?;
            let time = parsed.to_time().unwrap_or(Time::midnight());
            Some(parsed.to_date().ok()?.to_datetime(time))
        })
    })?;
    let day_only = moment.time() == Time::midnight();
    Some(if day_only { moment.date().to_string() } else { moment.to_string() })
}

fn samples(formats: &[String]) -> String {
    let sample = date(2026, 3, 1).at(9, 30, 0, 0);
    let samples = formats.iter().filter_map(|format| strtime::format(format, sample).ok());
    samples.collect::<Vec<_>>().join(" 或 ")
}

fn damage_advice(damage: Damage) -> String {
    match damage {
        Damage::DigitsLost => {
            "数字太长，表格软件已丢掉末尾几位；请把该列设为“文本”格式后按原件重新填写"
        }
        Damage::FormulaError => "公式出错，请改填具体内容",
    }
    .to_owned()
}

impl TryFrom<LongForm> for Rule {
    type Error = &'static str;

    fn try_from(form: LongForm) -> Result<Self, Self::Error> {
        if form.column.is_none() && form.default.is_none() {
            return Err("a field needs a `column` or a `default`");
        }
        if form.required && form.default.is_some() {
            return Err("a field with a `default` is never empty, so `required` means nothing");
        }
        if form.split.as_deref() == Some("") {
            return Err("`split` needs a separator");
        }
        let step = match (form.map, form.date) {
            (Some(_), Some(_)) => return Err("a field has either a `map` or a `date`, not both"),
            (Some(words), None) => Step::Words(words),
            (None, Some(formats)) => Step::Date(formats.0),
            (None, None) => Step::Keep,
        };
        let LongForm { column, trim, required, default, split, .. } = form;
        Ok(Self { column, trim, required, default, split, step })
    }
}

// Written by hand rather than as an untagged enum, which would lose the place of a mistake.
impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ShortOrLong;
        impl<'de> Visitor<'de> for ShortOrLong {
            type Value = Rule;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column's name or a table with `column`")
            }

            fn visit_str<E>(self, column: &str) -> Result<Rule, E> {
                Ok(Rule { column: Some(column.to_owned()), ..Rule::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rule, A::Error> {
                LongForm::deserialize(MapAccessDeserializer::new(map))?
                    .try_into()
                    .map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(ShortOrLong)
    }
}

/// One date format or several, each tried out when the mapping is read.
struct Formats(Vec<String>);

impl<'de> Deserialize<'de> for Formats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Vec<String>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date format such as \"%Y-%m-%d\", or a list of them")
            }

            fn visit_str<E>(self, format: &str) -> Result<Vec<String>, E> {
                Ok(vec![format.to_owned()])
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Vec<String>, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq))
            }
        }
        let formats = deserializer.deserialize_any(OneOrMore)?;
        let sample = date(2026, 3, 1).at(9, 30, 0, 0);
        let reads_its_own = |format: &&String| {
            let written = strtime::format(format, sample);
            written
                .is_ok_and(|text| strtime::parse(format, text).is_ok_and(|d| d.to_date().is_ok()))
        };
        match formats.iter().find(|format| !reads_its_own(format)) {
            Some(format) => Err(D::Error::custom(format!("{format:?} is no date format"))),
            None if formats.is_empty() => Err(D::Error::custom("`date` needs a format")),
            None => Ok(Self(formats)),
        }
    }
}
