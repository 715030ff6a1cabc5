//! Forms: each value checked against its field, all problems at once; personal text set apart.

use super::{Refusal, Step, World};
use crate::definition::{Ask, Field, Kind, Register};
use calendar::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use model::Name;
use model::cases::{FieldValue, Pending};
use model::ids::EntryId;
use serde_json::Value;
use std::collections::BTreeMap;

/// A form as it came: field → JSON value.
pub type Form = serde_json::Map<String, Value>;

/// Longest text a field takes, in characters.
pub const MAX_TEXT: usize = 4000;
/// Longest title and contact, in characters.
pub const MAX_LINE: usize = 100;
/// Longest words for everybody, in characters.
pub const MAX_SUMMARY: usize = 200;
/// Most values of a field with `many`.
pub const MAX_MANY: usize = 30;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field.
    pub field: String,
    /// A stable code: `missing`, `unknown`, `wrong_type`, `too_long`, `out_of_range`, `not_found`,
    /// `personal`.
    pub code: &'static str,
    /// Chinese advice.
    pub chinese: String,
    /// English advice.
    pub english: String,
}

impl FieldProblem {
    fn new(field: &str, code: &'static str, chinese: &str, english: &str) -> Self {
        Self {
            field: field.to_owned(),
            code,
            chinese: chinese.to_owned(),
            english: english.to_owned(),
        }
    }
}

/// A form that passed.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Values by field; personal text only as a pointer to its entry.
    pub values: BTreeMap<Name, FieldValue>,
    /// Personal text by field.
    pub private: BTreeMap<String, String>,
}

impl Read {
    /// The form an approval was asked with.
    pub(super) fn given(pending: Option<&Pending>) -> Self {
        let values = pending.map(|it| it.form.clone()).unwrap_or_default();
        Self { values, private: BTreeMap::new() }
    }
}

/// Reads a form against what an action asks.
pub(super) fn read(step: &Step<'_>, form: &Form, entry: EntryId) -> Result<Read, Refusal> {
    let world = step.world;
    let paper = Paper { world, matters: step.procedure.matters.as_deref(), entry };
    paper.read(&step.action.asks, form)
}

/// Reads a form that belongs to no procedure: the minutes of a gathering, a row of a register.
pub fn read_asks(
    world: &World<'_>,
    asks: &[Ask],
    form: &Form,
    entry: EntryId,
) -> Result<Read, Refusal> {
    Paper { world, matters: None, entry }.read(asks, form)
}

/// Reads the columns of a row that are given; any may be left out.
pub fn read_row(
    world: &World<'_>,
    register: &Register,
    form: &Form,
    entry: EntryId,
) -> Result<Read, Refusal> {
    let ask = |field: &String| Ask { field: field.clone(), optional: true };
    read_asks(world, &register.fields.iter().map(ask).collect::<Vec<_>>(), form, entry)
}

/// What every field of a form is read with.
struct Paper<'a> {
    world: &'a World<'a>,
    /// The catalogue that `matter` is chosen from.
    matters: Option<&'a str>,
    entry: EntryId,
}

impl Paper<'_> {
    fn read(&self, asks: &[Ask], form: &Form) -> Result<Read, Refusal> {
        let mut read = Read::default();
        let mut problems: Vec<FieldProblem> = form
            .keys()
            .filter(|key| !asks.iter().any(|ask| ask.field == **key))
            .map(|key| {
                FieldProblem::new(key, "unknown", "表单没有这一项", "the form has no such field")
            })
            .collect();
        for ask in asks {
            match self.one(ask, form.get(&ask.field)) {
                Ok(None) => {}
                Ok(Some((value, text))) => {
                    read.values.insert(ask.field.as_str().into(), value);
                    read.private.extend(text.map(|text| (ask.field.clone(), text)));
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(read) } else { Err(Refusal::Form(problems)) }
    }

    fn one(&self, ask: &Ask, value: Option<&Value>) -> Result<Found, FieldProblem> {
        let blank = value.is_none_or(is_blank);
        let Some(field) = self.world.pack.fields.get(&ask.field) else {
            return Err(FieldProblem::new(&ask.field, "unknown", "没有这一项", "no such field"));
        };
        let Some(value) = value.filter(|_| !blank) else {
            if ask.optional {
                return Ok(None);
            }
            let (chinese, english) = ("请填写此项", "please fill this in");
            return Err(FieldProblem::new(&ask.field, "missing", chinese, english));
        };
        let reader = Reader { paper: self, world: self.world, field, id: &ask.field };
        if field.many {
            return reader.many(value);
        }
        reader.one(value).map(Some)
    }
}

type Found = Option<(FieldValue, Option<String>)>;

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

struct Reader<'a> {
    paper: &'a Paper<'a>,
    world: &'a World<'a>,
    field: &'a Field,
    id: &'a str,
}

impl Reader<'_> {
    fn problem(&self, code: &'static str, chinese: &str, english: &str) -> FieldProblem {
        FieldProblem::new(self.id, code, chinese, english)
    }

    fn many(&self, value: &Value) -> Result<Found, FieldProblem> {
        let single = std::slice::from_ref(value);
        let list = value.as_array().map_or(single, Vec::as_slice);
        if list.len() > MAX_MANY {
            return Err(self.problem("too_long", "最多 30 项", "at most 30 values"));
        }
        let read: Result<Vec<_>, _> = list.iter().map(|it| self.one(it).map(|it| it.0)).collect();
        Ok(Some((FieldValue::List(read?), None)))
    }

    fn one(&self, value: &Value) -> Result<(FieldValue, Option<String>), FieldProblem> {
        let plain = |value: FieldValue| Ok((value, None));
        match self.field.kind {
            Kind::Text | Kind::Point => self.text(value),
            Kind::Int | Kind::Stars => plain(self.int(value, 1)?),
            Kind::Money => plain(self.int(value, 100)?),
            Kind::Hours => plain(self.int(value, 2)?),
            Kind::YesNo => plain(FieldValue::Bool(value.as_bool().ok_or_else(|| {
                self.problem("wrong_type", "请选“是”或“否”", "yes or no is wanted")
            })?)),
            Kind::Date => plain(self.date(value)?),
            Kind::Time => plain(self.time(value)?),
            Kind::Choice => plain(self.choice(value)?),
            Kind::Org | Kind::Post | Kind::Place => plain(self.found(value)?),
            Kind::Person
            | Kind::Case
            | Kind::Photo
            | Kind::File
            | Kind::Record
            | Kind::Household => plain(self.id(value)?),
        }
    }

    fn str<'v>(&self, value: &'v Value) -> Result<&'v str, FieldProblem> {
        let text = value.as_str().map(str::trim);
        text.ok_or_else(|| self.problem("wrong_type", "应为文字", "text is wanted"))
    }

    fn text(&self, value: &Value) -> Result<(FieldValue, Option<String>), FieldProblem> {
        let text = self.str(value)?;
        let max = match self.id {
            "title" | "contact" => MAX_LINE,
            "summary" => MAX_SUMMARY,
            _ => MAX_TEXT,
        };
        if text.chars().count() > max || text.contains('\0') {
            let english = format!("at most {max} characters");
            return Err(self.problem("too_long", &format!("最多 {max} 字"), &english));
        }
        if self.id == "summary" && names_a_number(text) {
            let chinese = "对外摘要里不能有电话号码、证件号码等个人信息";
            return Err(self.problem("personal", chinese, "no telephone or identity numbers here"));
        }
        Ok((FieldValue::Private { private: self.paper.entry }, Some(text.to_owned())))
    }

    /// A number in units of `1 / scale`: exact, from a JSON number or a decimal text.
    fn int(&self, value: &Value, scale: i64) -> Result<FieldValue, FieldProblem> {
        let text = match value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            _ => String::new(),
        };
        let found = scaled(&text, scale)
            .ok_or_else(|| self.problem("wrong_type", "应为数字", "a number is wanted"))?;
        let (least, most) = match self.field.kind {
            Kind::Stars => (Some(1), Some(5)),
            _ => (self.field.min, self.field.max),
        };
        if least.is_some_and(|it| found < it) || most.is_some_and(|it| found > it) {
            return Err(self.problem("out_of_range", "数值超出范围", "out of range"));
        }
        Ok(FieldValue::Int(found))
    }

    fn date(&self, value: &Value) -> Result<FieldValue, FieldProblem> {
        let date: Date = self.str(value)?.parse().map_err(|_| {
            self.problem("wrong_type", "日期应如 2026-11-22", "a date like 2026-11-22 is wanted")
        })?;
        self.in_window(calendar::end_of_day(date))?;
        Ok(FieldValue::Text(date.to_string()))
    }

    fn time(&self, value: &Value) -> Result<FieldValue, FieldProblem> {
        let at: Timestamp = self.str(value)?.parse().map_err(|_| {
            self.problem(
                "wrong_type",
                "时间应如 2026-11-22T09:00:00+08:00",
                "a time like 2026-11-22T09:00:00+08:00 is wanted",
            )
        })?;
        self.in_window(at)?;
        Ok(FieldValue::Text(at.to_string()))
    }

    fn in_window(&self, at: Timestamp) -> Result<(), FieldProblem> {
        let Some(max) = self.field.max_span else { return Ok(()) };
        let latest: Span = max;
        if at < self.world.now || at > self.world.calendar.due(self.world.now, latest).at {
            let chinese = format!("应在今后 {latest} 之内");
            return Err(self.problem(
                "out_of_range",
                &chinese,
                &format!("within {latest} from now"),
            ));
        }
        Ok(())
    }

    fn choice(&self, value: &Value) -> Result<FieldValue, FieldProblem> {
        let id = self.str(value)?;
        if self.id == "matter" {
            return self.matter(id);
        }
        if self.field.choices.contains_key(id) {
            return Ok(FieldValue::Text(id.to_owned()));
        }
        let known: Vec<&str> = self.field.choices.keys().map(String::as_str).collect();
        let english = format!("one of {}", known.join(", "));
        Err(self.problem("not_found", "请从选项中选择", &english))
    }

    /// A matter of the procedure's catalogue.
    fn matter(&self, id: &str) -> Result<FieldValue, FieldProblem> {
        let known = self.paper.matters.and_then(|it| self.world.pack.matters.get(it));
        if known.is_some_and(|it| it.contains_key(id)) {
            return Ok(FieldValue::Text(id.to_owned()));
        }
        Err(self.problem("not_found", "事项目录中没有这一项", "the catalogue has no such matter"))
    }

    /// An organisation, post or place by id or code, kept by id.
    fn found(&self, value: &Value) -> Result<FieldValue, FieldProblem> {
        let key = self.str(value)?;
        let (network, day) = (self.world.network, self.world.today());
        let id = match self.field.kind {
            Kind::Org => {
                let org = key.parse().ok().and_then(|id| network.org(id));
                let org = org.or_else(|| network.org_by_code(key));
                org.and_then(|org| network.living_org(org.id, day)).map(|org| org.id.0)
            }
            Kind::Post => {
                let post = key.parse().ok().and_then(|id| network.post(id));
                let right =
                    post.filter(|it| self.field.of.as_ref().is_none_or(|of| *of == it.role));
                right.map(|post| post.id.0)
            }
            _ => {
                let place = key.parse().ok().and_then(|id| network.place(id));
                let place = place.or_else(|| network.place_by_code(key));
                place.filter(|it| it.exists_on(day)).map(|it| it.id.0)
            }
        };
        let id = id.ok_or_else(|| self.problem("not_found", "没有找到,请重新选择", "not found"))?;
        Ok(FieldValue::Text(id.to_string()))
    }

    fn id(&self, value: &Value) -> Result<FieldValue, FieldProblem> {
        let id: uuid::Uuid = self
            .str(value)?
            .parse()
            .map_err(|_| self.problem("wrong_type", "编号有误", "an id is wanted"))?;
        Ok(FieldValue::Text(id.to_string()))
    }
}

/// Whether a text holds seven digits or more in a row, as numbers of telephones, cards and cars' owners
/// do; blanks and dashes between them do not hide them.
#[must_use]
pub fn names_a_number(text: &str) -> bool {
    let tight = text.chars().filter(|it| !it.is_whitespace() && *it != '-');
    let mut run = 0;
    tight.fold(false, |found, it| {
        run = if it.is_numeric() { run + 1 } else { 0 };
        found || run >= 7
    })
}

/// `"12.5"` × 100 = 1250; `None` for anything that is not exactly a multiple of `1 / scale`.
fn scaled(text: &str, scale: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let negative = whole.starts_with('-');
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let all = |text: &str| text.chars().all(|it| it.is_ascii_digit());
    if digits.is_empty() || !all(digits) || !all(fraction) || fraction.len() > 6 {
        return None;
    }
    let tens = 10_i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let part: i64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let scaled = digits.parse::<i64>().ok()?.checked_mul(tens)?.checked_add(part)?;
    let scaled = scaled.checked_mul(scale)?;
    let exact = (scaled % tens == 0).then_some(scaled / tens)?;
    Some(if negative { -exact } else { exact })
}

#[cfg(test)]
mod tests {
    use super::{names_a_number, scaled};

    #[test]
    fn a_telephone_number_is_seen_however_it_is_written() {
        for text in [
            "请打13800001234",
            "138-0000-1234 找我",
            "１３８００００１２３４",
            "350405 19900101 1234",
        ] {
            assert!(names_a_number(text), "{text}");
        }
        assert!(!names_a_number("2026年11月,5幢3单元 201 室旁路灯第 3 次不亮"));
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        assert_eq!(scaled("12.5", 100), Some(1250));
        assert_eq!(scaled("12.505", 100), None);
        assert_eq!(scaled("0.5", 2), Some(1));
        assert_eq!(scaled("-3", 1), Some(-3));
        assert_eq!(scaled("1e3", 1), None);
        assert_eq!(scaled("", 1), None);
        assert_eq!(scaled("99999999999999999999", 1), None);
    }
}
