//! Reading another system's cases from a table: every row becomes a case to be recorded, or a list
//! of what is wrong with it. Pure; recording is `import`.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use method::decide::{FieldProblem, Form, Refusal, World, read_asks};
use method::definition::{Ask, Kind, Matter, Pack, Procedure};
use model::Name;
use model::cases::{Asker, CaseState, End, FieldValue, Hiding, Source};
use model::territory::Place;
use model::{EntryId, Network, PlaceId};
use sheet::{CellProblem, HeaderProblem, Headers, Mapping, Row};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// The fields a mapping may fill. Needed are `system`, `number`, `title`, `body`, `opened_on`.
///
/// `procedure` (default `appeal`), `matter`, `place` (code, or a name that only one place bears;
/// empty: the root, flagged), `where` (the place in words), `channel`, `nature`, `anonymous` and
/// `sensitive` (`yes`, `no`), `ended_on` (a day) or `days` (from opening to end), `reply`,
/// `redispatches` (empty: unknown). Beside them any field of the pack that holds a text, a number, a day,
/// a choice, yes or no, an organisation, a post or a place (these three by code).
pub const FIELDS: &[&str] = &[
    "system",
    "number",
    "title",
    "body",
    "opened_on",
    "procedure",
    "matter",
    "place",
    "where",
    "channel",
    "nature",
    "anonymous",
    "sensitive",
    "ended_on",
    "days",
    "reply",
    "redispatches",
];

const NEEDED: &[&str] = &["system", "number", "title", "body", "opened_on"];

/// Why a mapping does not fit the import of cases.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingProblem {
    /// Take the field out, or correct its name.
    #[error("the mapping fills `{0}`, which no imported case has")]
    Unknown(String),
    /// Take the field out: another system cannot know what it points at.
    #[error("the mapping fills `{0}`, which points at something that a table cannot name")]
    Pointer(String),
    /// Say which column holds it.
    #[error("the mapping does not say where `{0}` comes from")]
    Missing(&'static str),
}

/// All that is wrong with a mapping.
pub(super) fn check(pack: &Pack, mapping: &Mapping) -> Vec<MappingProblem> {
    let fields: BTreeSet<&str> = mapping.fields().collect();
    let unfit = own(mapping).filter_map(|it| match pack.fields.get(it).map(|it| it.kind) {
        None => Some(MappingProblem::Unknown(it.to_owned())),
        Some(
            Kind::Person | Kind::Case | Kind::Photo | Kind::File | Kind::Record | Kind::Household,
        ) => Some(MappingProblem::Pointer(it.to_owned())),
        Some(_) => None,
    });
    let missing = NEEDED.iter().filter(|it| !fields.contains(**it));
    unfit.chain(missing.map(|it| MappingProblem::Missing(it))).collect()
}

/// What a mapping fills of the pack's own fields.
fn own(mapping: &Mapping) -> impl Iterator<Item = &str> {
    mapping.fields().filter(|it| !FIELDS.contains(it))
}

/// A row fit to be recorded.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    /// Its row in the file.
    pub row: u32,
    /// Its number in the other system.
    pub source: Source,
    /// Where it lies.
    pub place: PlaceId,
    /// Whether it lies at the root because nothing says where.
    pub unplaced: bool,
    /// Hidden from all but named posts.
    pub sensitive: bool,
    /// How the asker is shown.
    pub hiding: Hiding,
    /// Channel by which it came to the other system.
    pub channel: String,
    /// Its private texts by field.
    pub texts: BTreeMap<String, String>,
    /// What the pack's own fields hold that is not private.
    values: BTreeMap<Name, FieldValue>,
    facts: Facts,
}

/// What its state is made of.
#[derive(Clone, Debug)]
struct Facts {
    procedure: String,
    state: String,
    pack: String,
    matter: Option<String>,
    sensitive: bool,
    nature: Option<String>,
    opened: Date,
    ended: Option<Date>,
    redispatches: Option<u32>,
}

impl Ready {
    /// The state in which the case comes into the world: ended, as another system ended it.
    pub fn state(&self, entry: EntryId) -> CaseState {
        let Facts { procedure, state, pack, matter, opened, ended, redispatches, .. } =
            self.facts.clone();
        let opened_at = calendar::start_of_day(opened);
        let ended_at = ended.map(calendar::start_of_day);
        let since = ended_at.unwrap_or(opened_at);
        CaseState {
            procedure: procedure.into(),
            matter: matter.map(Into::into),
            asker: Asker::Resident { person: None, hiding: self.hiding },
            entered: [(state.as_str().into(), since)].into(),
            since,
            state: state.into(),
            end: Some(End::Imported),
            ended_at,
            fields: self.fields(entry),
            answered_at: self.answered_at(),
            dispatches: redispatches.map_or(0, |again| again.saturating_add(1)),
            ..CaseState::blank(pack.into(), self.place, opened_at)
        }
    }

    fn answered_at(&self) -> Option<Timestamp> {
        let answered = self.facts.ended.filter(|_| self.texts.contains_key("words"));
        answered.map(calendar::start_of_day)
    }

    fn fields(&self, entry: EntryId) -> BTreeMap<Name, FieldValue> {
        let private =
            |field: &String| (field.as_str().into(), FieldValue::Private { private: entry });
        let mut fields: BTreeMap<_, _> = self.texts.keys().map(private).collect();
        fields.extend(self.values.clone());
        if let Some(nature) = &self.facts.nature {
            fields.insert("nature".into(), FieldValue::Text(nature.clone()));
        }
        if self.unplaced {
            fields.insert("unplaced".into(), FieldValue::Bool(true));
        }
        fields
    }
}

/// Reads rows one after another, remembering what must not come twice.
pub(super) struct Reader<'a> {
    pack: &'a Pack,
    world: World<'a>,
    own: Vec<Ask>,
    mapping: &'a Mapping,
    network: &'a Network,
    root: PlaceId,
    names: BTreeMap<&'a str, Vec<&'a Place>>,
    numbers: BTreeMap<(String, String), u32>,
}

type Fields = BTreeMap<String, String>;

impl<'a> Reader<'a> {
    /// A reader for a county; none when its tree has no root.
    pub fn new(world: World<'a>, mapping: &'a Mapping) -> Option<Self> {
        let World { pack, network, .. } = world;
        let mut names: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
        for place in network.places() {
            names.entry(place.name.as_str()).or_default().push(place);
        }
        let root = network.root()?.id;
        let ask = |field: &str| Ask { field: field.to_owned(), optional: true };
        let own = own(mapping).map(ask).collect();
        Some(Self { pack, world, own, mapping, network, root, names, numbers: BTreeMap::new() })
    }

    /// Columns the mapping needs and the table does not have, or has twice.
    pub fn check(&self, headers: &Headers) -> Vec<HeaderProblem> {
        self.mapping.check(headers)
    }

    /// A row as a case, or everything that is wrong with it.
    pub fn read(&mut self, row: &Row) -> Result<Ready, Vec<CellProblem>> {
        let mapping = self.mapping;
        let fields = mapping.apply(row)?;
        let mut problems = Problems { row: row.number(), mapping, found: Vec::new() };
        let ready = self.ready(&fields, &mut problems);
        match ready {
            Some(ready) if problems.found.is_empty() => Ok(ready),
            _ => Err(problems.found),
        }
    }

    fn ready(&mut self, fields: &Fields, problems: &mut Problems<'_>) -> Option<Ready> {
        let source = self.source(fields, problems);
        let place = self.place(fields, problems);
        let facts = self.facts(fields, problems);
        let mut texts = texts(fields, problems);
        let values = self.values(fields, &mut texts, problems);
        let anonymous = yes(fields, "anonymous", problems);
        let sensitive = yes(fields, "sensitive", problems);
        let (place, facts) = (place?, facts?);
        Some(Ready {
            row: problems.row,
            source: source?,
            place: place.unwrap_or(self.root),
            unplaced: place.is_none(),
            sensitive: sensitive || facts.sensitive,
            hiding: if anonymous { Hiding::Anonymous } else { Hiding::Named },
            channel: fields.get("channel").cloned().unwrap_or_else(|| "import".to_owned()),
            texts,
            values,
            facts,
        })
    }

    /// What the pack's own fields hold, read as a form is; personal text goes to the other texts.
    fn values(
        &self,
        fields: &Fields,
        texts: &mut Fields,
        problems: &mut Problems<'_>,
    ) -> BTreeMap<Name, FieldValue> {
        let cell = |ask: &Ask| Some((ask.field.clone(), self.cell(ask, fields.get(&ask.field)?)));
        let form: Form = self.own.iter().filter_map(cell).collect();
        match read_asks(&self.world, &self.own, &form, EntryId(uuid::Uuid::nil())) {
            Ok(read) => {
                let plain =
                    |(field, _): &(Name, FieldValue)| !read.private.contains_key(field.as_str());
                let values = read.values.clone().into_iter().filter(plain).collect();
                texts.extend(read.private);
                values
            }
            Err(Refusal::Form(found)) => {
                for FieldProblem { field, chinese, .. } in found {
                    let value = fields.get(&field).map_or("", String::as_str);
                    problems.add(&field, value, &chinese);
                }
                BTreeMap::new()
            }
            Err(refusal) => {
                problems.add("", "", &format!("{refusal:?}"));
                BTreeMap::new()
            }
        }
    }

    /// A cell as a form would say it.
    fn cell(&self, ask: &Ask, text: &str) -> serde_json::Value {
        match (self.pack.fields.get(&ask.field).map(|it| it.kind), text.trim()) {
            (Some(Kind::YesNo), "yes") => true.into(),
            (Some(Kind::YesNo), "no") => false.into(),
            (_, text) => text.into(),
        }
    }

    fn source(&mut self, fields: &Fields, problems: &mut Problems<'_>) -> Option<Source> {
        let system = needed(fields, "system", problems);
        let number = needed(fields, "number", problems);
        let (system, number) = (system?, number?);
        match self.numbers.entry((system.clone(), number.clone())) {
            Entry::Occupied(first) => {
                let advice = format!("编号与第 {} 行重复", first.get());
                problems.add("number", &number, &advice);
                None
            }
            Entry::Vacant(free) => {
                free.insert(problems.row);
                Some(Source { system, number, due_at: None })
            }
        }
    }

    /// `Some(None)` for a row that says nothing of its place.
    fn place(&self, fields: &Fields, problems: &mut Problems<'_>) -> Option<Option<PlaceId>> {
        let Some(key) = fields.get("place").map(|it| it.trim()).filter(|it| !it.is_empty()) else {
            return Some(None);
        };
        if let Some(place) = self.network.place_by_code(key) {
            return Some(Some(place.id));
        }
        let found = self.names.get(key).map(Vec::as_slice).unwrap_or_default();
        // Wider places win: a district's name may be a village's too.
        let widest = found.iter().map(|place| place.level).min();
        let mut widest = found.iter().filter(|place| Some(place.level) == widest);
        match (widest.next(), widest.next()) {
            (Some(place), None) => Some(Some(place.id)),
            (None, _) => {
                problems.add("place", key, "没有这个地点，请填地点名称或代码");
                None
            }
            (Some(_), Some(_)) => {
                problems.add("place", key, "同名的地点不止一个，请改填代码");
                None
            }
        }
    }

    fn facts(&self, fields: &Fields, problems: &mut Problems<'_>) -> Option<Facts> {
        let procedure = fields.get("procedure").map_or("appeal", String::as_str);
        let known = self.pack.procedures.get(procedure);
        let state = known.and_then(imported_state);
        if state.is_none() {
            problems.add("procedure", procedure, "办法包里没有可以接收已办结办件的这个流程");
        }
        let matter = fields.get("matter").cloned();
        let known_matter = known.zip(matter.as_ref()).map(|(it, id)| self.matter(it, id));
        if let (Some(None), Some(matter)) = (known_matter, &matter) {
            problems.add("matter", matter, "没有这个事项");
        }
        let opened = day(fields, "opened_on", problems);
        let ended = opened.and_then(|opened| ended(fields, opened, problems));
        let redispatches = number(fields, "redispatches", problems);
        Some(Facts {
            procedure: procedure.to_owned(),
            state: state?.to_owned(),
            pack: self.pack.hash.clone(),
            matter,
            sensitive: known_matter.flatten().is_some_and(|it| it.sensitive),
            nature: fields.get("nature").cloned(),
            opened: opened?,
            ended: ended?,
            redispatches,
        })
    }

    fn matter(&self, procedure: &Procedure, id: &str) -> Option<&'a Matter> {
        let catalogue = procedure.matters.as_ref()?;
        self.pack.matters.get(catalogue)?.get(id)
    }
}

fn imported_state(procedure: &Procedure) -> Option<&str> {
    let mut states = procedure.states.iter();
    states.find(|(_, state)| state.end == Some(End::Imported)).map(|(id, _)| id.as_str())
}

/// What is wrong with one row, by the field it was meant for.
struct Problems<'a> {
    row: u32,
    mapping: &'a Mapping,
    found: Vec<CellProblem>,
}

impl Problems<'_> {
    fn add(&mut self, field: &str, value: &str, advice: &str) {
        self.found.push(CellProblem {
            row: self.row,
            column: self.mapping.column(field).unwrap_or(field).to_owned(),
            value: value.to_owned(),
            advice: advice.to_owned(),
        });
    }
}

fn needed(fields: &Fields, field: &str, problems: &mut Problems<'_>) -> Option<String> {
    let value = fields.get(field).map(|it| it.trim()).filter(|it| !it.is_empty());
    if value.is_none() {
        problems.add(field, "", "必填，不能为空");
    }
    value.map(str::to_owned)
}

fn yes(fields: &Fields, field: &str, problems: &mut Problems<'_>) -> bool {
    match fields.get(field).map(String::as_str) {
        None | Some("no") => false,
        Some("yes") => true,
        Some(other) => {
            problems.add(field, other, "只能是 yes 或 no");
            false
        }
    }
}

fn day(fields: &Fields, field: &str, problems: &mut Problems<'_>) -> Option<Date> {
    let text = needed(fields, field, problems)?;
    let date = text.parse().ok();
    if date.is_none() {
        problems.add(field, &text, "不是有效的日期");
    }
    date
}

fn number(fields: &Fields, field: &str, problems: &mut Problems<'_>) -> Option<u32> {
    let text = fields.get(field)?.trim();
    // Spreadsheets write whole numbers as `6.0` when a column has gaps.
    let number = text.strip_suffix(".0").unwrap_or(text).parse().ok();
    if number.is_none() {
        problems.add(field, text, "不是有效的数字");
    }
    number
}

/// The day of the end: as said, or so many days after the opening; `Some(None)` when unknown.
fn ended(fields: &Fields, opened: Date, problems: &mut Problems<'_>) -> Option<Option<Date>> {
    let (field, ended) = if fields.contains_key("ended_on") {
        ("ended_on", day(fields, "ended_on", problems)?)
    } else if fields.contains_key("days") {
        let days = i64::from(number(fields, "days", problems)?);
        let span = Span::new().try_days(days).ok();
        let ended = span.and_then(|span| opened.checked_add(span).ok());
        let Some(ended) = ended else {
            problems.add("days", &days.to_string(), "天数过大");
            return None;
        };
        ("days", ended)
    } else {
        return Some(None);
    };
    if ended < opened {
        problems.add(field, &ended.to_string(), "办结日期早于来件日期");
        return None;
    }
    Some(Some(ended))
}

fn texts(fields: &Fields, problems: &mut Problems<'_>) -> Fields {
    for field in ["title", "body"] {
        needed(fields, field, problems);
    }
    let kept = [("title", "title"), ("body", "body"), ("where", "where"), ("reply", "words")];
    let mut texts = Fields::new();
    for (field, kept) in kept {
        let Some(text) = fields.get(field).map(|it| it.trim()).filter(|it| !it.is_empty()) else {
            continue;
        };
        if text.contains('\0') {
            problems.add(field, "", "含有无法保存的字符");
        }
        texts.insert(kept.to_owned(), text.to_owned());
    }
    texts
}
