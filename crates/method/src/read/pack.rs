//! The pack around its procedures: roles, fields, matters, services, phrases, texts.

use super::areas;
use super::keys::Keys;
use super::procedure;
use super::tree::{Node, Value};
use super::words::{Vocabulary, literal};
use crate::check::{Check, Found};
use crate::definition::{At, Field, Kind, Matter, Named, Pack, Route, Who};
use model::people::{Role, RoleOf};
use model::territory::{Level, MAX_LEVELS};

const KEYS: [&str; 20] = [
    "id",
    "extends",
    "title",
    "version",
    "fallback",
    "levels",
    "moves",
    "roles",
    "fields",
    "procedures",
    "matters",
    "services",
    "phrases",
    "registers",
    "ledgers",
    "gatherings",
    "cycles",
    "indicators",
    "boards",
    "texts",
];

/// The pack as far as it can be read; what cannot stands in `found`.
pub(super) fn pack(root: &Node, hash: String, found: &Found) -> Pack {
    let keys = Keys::new(root, &KEYS, found);
    let at = |key| root.get(&[key]);
    let levels = levels(&keys);
    let roles = at("roles").map(|node| roles(node, &levels, found)).unwrap_or_default();
    let words = vocabulary(root, levels, roles, found);
    let matters = at("matters").map(|node| catalogues(node, &words, found)).unwrap_or_default();
    let procedures = procedure::all(at("procedures"), &words, &matters, found);
    let phrases = at("phrases").map(|node| super::phrase::all(node, found)).unwrap_or_default();
    let mut pack = Pack {
        id: keys.text("id").unwrap_or_default().to_owned(),
        title: keys.title(),
        version: version(&keys),
        hash,
        fallback: fallback(&keys, &words),
        services: services(at("services"), &words, found),
        phrases,
        texts: texts(at("texts"), found),
        moves: moves(&keys),
        cycles: Named::default(),
        indicators: Named::default(),
        levels: words.levels.clone(),
        roles: words.roles.clone(),
        fields: words.fields.clone(),
        registers: words.registers.clone(),
        ledgers: words.ledgers.clone(),
        gatherings: words.gatherings.clone(),
        boards: words.boards.clone(),
        procedures,
        matters,
    };
    super::rounds::all(root, &words, &mut pack, found);
    pack
}

/// What procedures may name beside themselves.
fn vocabulary(root: &Node, levels: Vec<Level>, roles: Named<Role>, found: &Found) -> Vocabulary {
    let at = |key| root.get(&[key]);
    let mut words = Vocabulary { levels, roles, ..Vocabulary::default() };
    words.fields = at("fields").map(|node| fields(node, &words, found)).unwrap_or_default();
    seen_by(at("fields"), &mut words, found);
    words.registers =
        at("registers").map(|node| areas::registers(node, &words, found)).unwrap_or_default();
    of_registers(root, &words, found);
    words.ledgers = at("ledgers").map(|node| areas::ledgers(node, found)).unwrap_or_default();
    words.gatherings =
        at("gatherings").map(|node| areas::gatherings(node, &words, found)).unwrap_or_default();
    words.boards = at("boards").map(|node| areas::boards(node, &words, found)).unwrap_or_default();
    words
}

/// A field of type record names its register.
fn of_registers(root: &Node, words: &Vocabulary, found: &Found) {
    for (id, field) in words.fields.iter().filter(|(_, field)| field.kind == Kind::Record) {
        let known = field.of.as_ref().is_some_and(|it| words.registers.contains_key(it));
        if !known {
            let of = field.of.as_deref().unwrap_or("of");
            found.add(Check::UnknownRef, root.mark(&["fields", id, "of"]), &[of]);
        }
    }
}

/// `[moves.PROCEDURE]`: state → successor.
fn moves(keys: &Keys<'_>) -> Named<Named<String>> {
    let Some(node) = keys.get("moves") else { return Named::default() };
    let keys = Keys::open(node, keys.found);
    let states = |id: &str| keys.map(id, "\"STATE\"", |node| node.text().map(str::to_owned));
    keys.entries().map(|(id, _)| (id.to_owned(), states(id))).collect()
}

fn version(keys: &Keys<'_>) -> String {
    if !keys.has("version") {
        keys.found.add(Check::MissingKey, keys.at, &["version"]);
    }
    keys.text("version").unwrap_or_default().to_owned()
}

fn levels(keys: &Keys<'_>) -> Vec<Level> {
    let level = |node| {
        let keys = Keys::new(node, &["id", "title"], keys.found);
        Some(Level { id: keys.text("id")?.to_owned(), title: keys.title() })
    };
    let levels: Vec<_> = keys.tables("levels").iter().filter_map(level).collect();
    if levels.is_empty() || levels.len() > MAX_LEVELS {
        keys.found.add(Check::WrongType, keys.mark("levels"), &["levels", "1 … 8"]);
    }
    levels
}

fn fallback(keys: &Keys<'_>, words: &Vocabulary) -> Who {
    let text = keys.text("fallback").unwrap_or_default();
    if text.is_empty() {
        keys.found.add(Check::MissingKey, keys.at, &["fallback"]);
    } else {
        match words.who(text) {
            Ok(who @ Who::Role { at: At::Nearest | At::Level(_), .. }) => return who,
            _ => keys.found.add(Check::UnknownRef, keys.mark("fallback"), &[text]),
        }
    }
    Who::Role { role: String::new(), at: At::Nearest }
}

pub(super) const ROLE: [&str; 4] = ["title", "of", "levels", "voluntary"];

fn roles(node: &Node, levels: &[Level], found: &Found) -> Named<Role> {
    let role = |(id, node): (&str, &Node)| {
        let keys = Keys::new(node, &ROLE, found);
        let of = keys.word("of", &[("place", RoleOf::Place), ("org", RoleOf::Org)]);
        if !keys.has("of") {
            found.add(Check::MissingKey, keys.at, &["of"]);
        }
        for (level, at) in keys.names("levels") {
            if !levels.iter().any(|it| it.id == level) {
                found.add(Check::UnknownRef, at, &[level]);
            }
        }
        let role = Role {
            id: id.to_owned(),
            title: keys.title(),
            of: of.unwrap_or(RoleOf::Place),
            levels: keys.strings("levels"),
            voluntary: keys.flag("voluntary"),
        };
        (id.to_owned(), role)
    };
    Keys::open(node, found).entries().map(role).collect()
}

pub(super) const FIELD: [&str; 12] = [
    "title", "type", "of", "choices", "min", "max", "many", "sum", "public", "seen_by", "why",
    "keep",
];

fn fields(node: &Node, words: &Vocabulary, found: &Found) -> Named<Field> {
    let field = |(id, node): (&str, &Node)| {
        let keys = Keys::new(node, &FIELD, found);
        if words.roles.contains_key(id) || ["asker", "owner"].contains(&id) {
            found.add(Check::NameClash, node.at, &[id]);
        }
        if !keys.has("type") {
            found.add(Check::MissingKey, node.at, &["type"]);
        }
        let kind = keys.word("type", &Kind::WORDS).unwrap_or(Kind::Text);
        bounds(&keys, kind);
        of_field(id, &keys, kind, words);
        let field = Field {
            title: keys.title(),
            kind,
            of: keys.text("of").map(str::to_owned),
            choices: keys.map("choices", "\"…\"", |node| node.text().map(str::to_owned)),
            min: keys.get("min").and_then(|node| stored(node, kind)),
            max: keys.get("max").and_then(|node| stored(node, kind)),
            max_span: keys.get("max").and_then(Node::text).and_then(|it| it.parse().ok()),
            many: keys.flag("many"),
            sum: keys.flag("sum"),
            public: keys.flag("public"),
            seen_by: Vec::new(),
            why: keys.text("why").map(str::to_owned),
        };
        (id.to_owned(), field)
    };
    Keys::open(node, found).entries().map(field).collect()
}

fn bounds(keys: &Keys<'_>, kind: Kind) {
    for key in ["min", "max"] {
        let Some(node) = keys.get(key) else { continue };
        let fits = match kind {
            Kind::Int | Kind::Money | Kind::Hours => stored(node, kind).is_some(),
            Kind::Date | Kind::Time => {
                key == "max" && node.text().is_some_and(|it| it.parse::<calendar::Span>().is_ok())
            }
            _ => false,
        };
        if !fits {
            keys.found.add(Check::WrongType, node.at, &[key, "1 · 0.5 · \"30 d\""]);
        }
    }
    let (low, high) = (keys.get("min"), keys.get("max"));
    if let (Some(low), Some(high)) =
        (low.and_then(|it| stored(it, kind)), high.and_then(|it| stored(it, kind)))
        && low > high
    {
        keys.found.add(Check::WrongType, keys.mark("max"), &["max", "min ≤ max"]);
    }
}

fn of_field(id: &str, keys: &Keys<'_>, kind: Kind, words: &Vocabulary) {
    if let Some(role) = keys.text("of").filter(|it| !words.roles.contains_key(*it))
        && kind != Kind::Record
    {
        keys.found.add(Check::UnknownRef, keys.mark("of"), &[role]);
    }
    let chosen = keys.get("choices").and_then(Node::table).is_some_and(|it| !it.is_empty());
    // The one choice without a list is the built-in `matter`: its list is the catalogue.
    let catalogue = id == "matter";
    if (kind == Kind::Choice) != chosen && !catalogue {
        keys.found.add(Check::WrongType, keys.at, &["choices", "type = \"choice\""]);
    }
    if kind == Kind::Person && !keys.has("why") {
        keys.found.add(Check::PersonWithoutWhy, keys.at, &[]);
    }
}

/// A bound in the units the field is stored in: fen, half-hours, else whole numbers.
pub(super) fn stored(node: &Node, kind: Kind) -> Option<i64> {
    let scale = match kind {
        Kind::Money => 100,
        Kind::Hours => 2,
        Kind::Int | Kind::Stars => 1,
        _ => return None,
    };
    match &node.value {
        Value::Int(it) => it.checked_mul(scale),
        Value::Decimal(it) => decimal(it, scale),
        _ => None,
    }
}

/// `text` × `scale`, if that is a whole number.
fn decimal(text: &str, scale: i64) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    let tenths = 10_i64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let number: i64 = format!("{whole}{part}").parse().ok()?;
    let scaled = number.checked_mul(scale)?;
    (scaled % tenths == 0).then(|| scaled / tenths)
}

fn seen_by(node: Option<&Node>, words: &mut Vocabulary, found: &Found) {
    for (id, node) in node.and_then(Node::table).into_iter().flatten() {
        let mut seen = Vec::new();
        for (text, at) in Keys::open(node, found).names("seen_by") {
            match words.who(text) {
                Ok(who) => seen.push(who),
                Err(part) => found.add(Check::UnknownRef, at, &[&part]),
            }
        }
        if let Some(field) = words.fields.get_mut(id) {
            field.seen_by = seen;
        }
    }
}

type Catalogues = Named<Named<Matter>>;

fn catalogues(node: &Node, words: &Vocabulary, found: &Found) -> Catalogues {
    let catalogue = |(id, node): (&str, &Node)| {
        let matters = Keys::open(node, found);
        let matters =
            matters.entries().map(|(id, node)| (id.to_owned(), matter(node, words, found)));
        (id.to_owned(), matters.collect())
    };
    Keys::open(node, found).entries().map(catalogue).collect()
}

fn matter(node: &Node, words: &Vocabulary, found: &Found) -> Matter {
    let keys = Keys::open(node, found);
    let mut columns = Named::default();
    for (id, node) in keys.entries() {
        if ["title", "words", "limits", "route", "sensitive"].contains(&id) {
            continue;
        }
        match (words.fields.get(id), literal(node)) {
            (None, _) => found.add(Check::UnknownRef, node.at, &[id]),
            (Some(field), Some(value)) if fits(&value, field) => {
                columns.insert(id.to_owned(), value);
            }
            _ => found.add(Check::WrongType, node.at, &[id, "fields.toml"]),
        }
    }
    Matter {
        title: keys.title(),
        words: keys.strings("words"),
        limits: keys.map("limits", "\"5 wd\"", |node| node.text()?.parse().ok()),
        route: routes(&keys),
        sensitive: keys.flag("sensitive"),
        columns,
    }
}

/// Whether a literal can stand in a field.
pub(crate) fn fits(value: &serde_json::Value, field: &Field) -> bool {
    match field.kind {
        _ if value.is_array() => {
            let items = value.as_array().into_iter().flatten();
            let one = Field { many: false, ..field.clone() };
            field.many && items.into_iter().all(|it| fits(it, &one))
        }
        Kind::YesNo => value.is_boolean(),
        Kind::Int | Kind::Money | Kind::Hours | Kind::Stars => value.is_i64(),
        Kind::Choice if !field.choices.is_empty() => {
            value.as_str().is_some_and(|it| field.choices.contains_key(it))
        }
        _ => value.is_string(),
    }
}

fn routes(keys: &Keys<'_>) -> Vec<Route> {
    let tables = keys.tables("route");
    let route = |(position, node)| {
        let line = Keys::new(node, &["place", "hours", "days", "unit"], keys.found);
        let open = !["place", "hours", "days"].iter().any(|it| line.has(it));
        if open != (position + 1 == tables.len()) {
            keys.found.add(Check::RouteOrder, line.at, &[]);
        }
        if line.text("hours").is_some_and(|it| !is_hours(it)) {
            keys.found.add(Check::WrongType, line.mark("hours"), &["hours", "\"08:00-18:00\""]);
        }
        let own = |key| line.text(key).map(str::to_owned);
        line.word("days", &[("workday", ()), ("holiday", ())]);
        if !line.has("unit") {
            keys.found.add(Check::MissingKey, line.at, &["unit"]);
        }
        Some(Route {
            place: own("place"),
            hours: own("hours"),
            days: own("days"),
            unit: own("unit")?,
        })
    };
    tables.iter().enumerate().filter_map(route).collect()
}

fn is_hours(text: &str) -> bool {
    let time = |it: &str| it.len() == 5 && it.parse::<jiff::civil::Time>().is_ok();
    text.split_once('-').is_some_and(|(from, to)| time(from) && time(to) && from != to)
}

fn services(node: Option<&Node>, words: &Vocabulary, found: &Found) -> Named<String> {
    let Some(node) = node else { return Named::default() };
    let keys = Keys::open(node, found);
    for (role, node) in keys.entries().filter(|(role, _)| !words.roles.contains_key(*role)) {
        found.add(Check::UnknownRef, node.at, &[role]);
    }
    keys.entries()
        .filter_map(|(role, _)| Some((role.to_owned(), keys.text(role)?.to_owned())))
        .collect()
}

fn texts(node: Option<&Node>, found: &Found) -> Named<Named<String>> {
    let language = |(language, node): (&str, &Node)| {
        let mut paths = Named::default();
        spread(node, "", &mut paths, found);
        (language.to_owned(), paths)
    };
    node.map(|node| Keys::open(node, found).entries().map(language).collect()).unwrap_or_default()
}

/// Nested tables and lists as dotted paths.
fn spread(node: &Node, path: &str, into: &mut Named<String>, found: &Found) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match &node.value {
        Value::Text(text) => {
            into.insert(path.to_owned(), text.clone());
        }
        Value::Table(table) => {
            table.iter().for_each(|(key, node)| spread(node, &below(key), into, found));
        }
        Value::List(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(at, node)| spread(node, &below(&at.to_string()), into, found));
        }
        _ => found.add(Check::WrongType, node.at, &[path, "\"…\""]),
    }
}
