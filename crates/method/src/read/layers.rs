//! A pack's files and those of the packs it inherits from, as one raw tree each: `roles`,
//! `fields`, `procedures`, `matters`, `services`, `phrases`, `texts` beside the keys of `pack.toml`.

use super::source;
use super::tree::{Mark, Node, Table, Value};
use crate::check::{Check, Found};

/// A pack's own files: paths inside its folder, and texts.
pub type Files = Vec<(String, String)>;

/// Finds the files of a pack by the name of its folder.
pub type Find<'a> = &'a dyn Fn(&str) -> Option<Files>;

/// One pack before inheritance.
pub(super) struct Layer {
    pub id: String,
    pub root: Node,
}

/// Fields that every case has; the deepest layer of all.
const BUILT_IN: &str = include_str!("built_in.toml");

/// Files that hold one table each.
const TABLES: [&str; 10] = [
    "roles",
    "fields",
    "services",
    "phrases",
    "registers",
    "ledgers",
    "gatherings",
    "cycles",
    "indicators",
    "boards",
];

/// The pack and its parents, the pack first, the built-in fields last.
pub(super) fn layers(id: &str, find: Find<'_>, found: &mut Found) -> Vec<Layer> {
    let mut layers = Vec::new();
    let mut next = Some((id.to_owned(), None, Mark::default()));
    while let Some((id, version, at)) = next.take() {
        if layers.iter().any(|layer: &Layer| layer.id == id) {
            found.add(Check::ExtendsLoop, at, &[&id]);
            break;
        }
        if layers.len() == 3 {
            found.add(Check::ParentVersion, at, &[&id]);
            break;
        }
        let Some(files) = find(&id) else {
            found.add(Check::UnknownRef, at, &[&id]);
            break;
        };
        let layer = layer(id, files, found);
        check_version(&layer, version.as_deref(), at, found);
        next = parent(&layer.root, found);
        layers.push(layer);
    }
    let file = found.file("built_in.toml");
    let fields = source::toml(file, BUILT_IN, found);
    let root = Value::Table([("fields".to_owned(), fields)].into_iter().collect());
    layers.push(Layer { id: String::new(), root: Node::new(Mark::default(), root) });
    layers
}

fn parent(root: &Node, found: &Found) -> Option<(String, Option<String>, Mark)> {
    let node = root.get(&["extends"])?;
    let Some((id, version)) = node.text().and_then(|text| text.split_once('@')) else {
        found.add(Check::WrongType, node.at, &["extends", "\"base@2026.11\""]);
        return None;
    };
    Some((id.to_owned(), Some(version.to_owned()), node.at))
}

fn check_version(layer: &Layer, wanted: Option<&str>, at: Mark, found: &Found) {
    let (Some(wanted), Some(version)) =
        (wanted, layer.root.get(&["version"]).and_then(|it| it.text()))
    else {
        return;
    };
    let fits = version.strip_prefix(wanted).is_some_and(|it| it.is_empty() || it.starts_with('.'));
    if !fits {
        found.add(Check::ParentVersion, at, &[&format!("{}@{version}", layer.id)]);
    }
}

fn layer(id: String, mut files: Files, found: &mut Found) -> Layer {
    files.sort();
    let mut root = Node::new(Mark::default(), Value::Table(Table::default()));
    let mut has_pack = false;
    for (path, text) in &files {
        let Some(place) = place(path) else { continue };
        let file = found.file(&format!("{id}/{path}"));
        let start = Mark { file, line: 1, column: 1 };
        match place {
            Place::Pack => {
                has_pack = true;
                root.at = start;
                if let (Value::Table(own), Some(table)) =
                    (source::toml(file, text, found).value, root.table_at(&[]))
                {
                    table.extend(own);
                }
            }
            Place::Table(area, stem) => {
                let node = if path.ends_with(".csv") {
                    source::csv(file, text, found)
                } else {
                    source::toml(file, text, found)
                };
                put(&mut root, area, stem, node);
            }
            Place::Unknown => found.add(Check::UnknownKey, start, &[path]),
        }
    }
    if !has_pack {
        let file = found.file(&format!("{id}/pack.toml"));
        found.add(Check::MissingKey, Mark { file, line: 1, column: 1 }, &["pack.toml"]);
    }
    Layer { id, root }
}

fn put(root: &mut Node, area: &str, stem: Option<&str>, node: Node) {
    let at = node.at;
    match (stem, root.table_at(&[])) {
        (None, Some(table)) => {
            table.insert(area.to_owned(), node);
        }
        (Some(stem), Some(table)) => {
            let folder = table
                .entry(area.to_owned())
                .or_insert_with(|| Node::new(at, Value::Table(Table::default())));
            if let Value::Table(folder) = &mut folder.value {
                folder.insert(stem.to_owned(), node);
            }
        }
        (_, None) => {}
    }
}

enum Place<'a> {
    Pack,
    /// An area, and the id a file of its folder gives.
    Table(&'static str, Option<&'a str>),
    Unknown,
}

/// Where a file belongs; `None` for what is no part of the method (stories, the demo, notes).
fn place(path: &str) -> Option<Place<'_>> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
    let top = path.split('/').next().unwrap_or_default();
    Some(match (folder, stem, kind) {
        _ if top == "stories" || top == "demo" || stem == "demo" || kind == "md" => return None,
        ("", "pack", "toml") => Place::Pack,
        ("procedures", id, "toml") => Place::Table("procedures", Some(id)),
        ("matters", id, "toml" | "csv") => Place::Table("matters", Some(id)),
        ("texts", language, "toml") => Place::Table("texts", Some(language)),
        ("", _, "toml") => match TABLES.into_iter().find(|table| *table == stem) {
            Some(table) => Place::Table(table, None),
            None => Place::Unknown,
        },
        _ => Place::Unknown,
    })
}
