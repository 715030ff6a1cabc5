//! What a new version of a pack changes, sorted by what it means: words only, limits, or what is done
//! at all. Two flattened texts are compared, key by key; a table that is new or gone is one change.

use crate::read::tree::{Node, Value};
use crate::{schema, tell};
use calendar::Span;
use serde::Serialize;

/// What a change means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// What is done, by whom, in which states.
    Structure,
    /// How long and how often.
    Limits,
    /// What people read.
    Words,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it means.
    pub sort: Sort,
    /// Where it stands: `procedures`, `matters`, `roles`, `texts`, `registers`, … or `pack`.
    pub area: String,
    /// The procedure, catalogue, role, register, …; none of the pack itself.
    pub subject: Option<String>,
    /// Keys from the root, joined by dots (`procedures.appeal.state.received.limit`).
    pub path: String,
    /// What stood there, as the pack writes it; none if it is new.
    pub old: Option<String>,
    /// What stands there; none if it is gone.
    pub new: Option<String>,
    /// In Chinese and in English.
    pub words: [String; 2],
}

/// Everything in which two flattened packs differ: structure, limits, words, each in the order of the
/// new pack. Errors where a text is no JSON.
pub fn diff(old: &str, new: &str) -> Result<Vec<Change>, serde_json::Error> {
    let (old, new): (Node, Node) = (serde_json::from_str(old)?, serde_json::from_str(new)?);
    let mut changes = Vec::new();
    let mut walk = Walk { roots: [&old, &new], trail: Vec::new(), changes: &mut changes };
    walk.compare(Some(&old), Some(&new));
    changes.sort_by_key(|it| it.sort);
    Ok(changes)
}

struct Walk<'a, 'b> {
    roots: [&'a Node; 2],
    trail: Vec<&'a str>,
    changes: &'b mut Vec<Change>,
}

impl<'a> Walk<'a, '_> {
    fn compare(&mut self, old: Option<&'a Node>, new: Option<&'a Node>) {
        if old == new {
            return;
        }
        let (Some(before), Some(after)) = (old.and_then(Node::table), new.and_then(Node::table))
        else {
            let change = self.change(old, new);
            self.changes.push(change);
            return;
        };
        let gone = before.keys().filter(|key| !after.contains_key(*key));
        for key in after.keys().chain(gone) {
            self.trail.push(key);
            self.compare(before.get(key), after.get(key));
            self.trail.pop();
        }
    }

    fn change(&self, old: Option<&Node>, new: Option<&Node>) -> Change {
        let sort = self.sort(old, new);
        let [chinese, english] = self.place();
        let told = [old, new].map(|it| it.map(text));
        let spans = told.clone().map(|it| it.map(|it| in_chinese(&it, sort)));
        let (area, subject) = match self.trail.as_slice() {
            [area, subject, ..] => ((*area).to_owned(), Some((*subject).to_owned())),
            _ => ("pack".to_owned(), None),
        };
        let words = [
            format!("{chinese}:{}", went(&spans, ["新增", "删去"])),
            format!("{english}: {}", went(&told, ["added", "removed"])),
        ];
        let [old, new] = told;
        Change { sort, area, subject, path: self.trail.join("."), old, new, words }
    }

    fn sort(&self, old: Option<&Node>, new: Option<&Node>) -> Sort {
        let both = old.is_some() && new.is_some();
        let within = |key: &str| self.trail.iter().rev().skip(1).any(|it| *it == key);
        match (self.trail.first().copied(), self.trail.last().copied().unwrap_or_default()) {
            (Some("texts" | "phrases" | "services" | "version" | "extends"), _) => Sort::Words,
            _ if within("choices") && both => Sort::Words,
            (_, key) if WORDS.contains(&key) => Sort::Words,
            (_, key) if LIMITS.contains(&key) || within("limits") => Sort::Limits,
            (_, "approval") if approver(old) == approver(new) => Sort::Limits,
            _ => Sort::Structure,
        }
    }

    /// Where it stands, in the pack's own titles and in its ids.
    fn place(&self) -> [String; 2] {
        let (mut chinese, mut english) = (Vec::new(), Vec::new());
        for (depth, key) in self.trail.iter().enumerate() {
            let upto = self.trail.get(..=depth).unwrap_or_default();
            if let Some([zh, en]) = container(key) {
                chinese.push(zh.to_owned());
                english.push(en.to_owned());
            } else if let Some(title) = self.title(upto) {
                let kind = chinese.pop().unwrap_or_default();
                let word = english.pop().unwrap_or_default();
                chinese.push(format!("{kind}“{title}”"));
                english.push(format!("{word} {key}").trim_start().to_owned());
            } else {
                let label = schema::label(self.table(depth), key);
                chinese.push(label.unwrap_or(key).to_owned());
                english.push((*key).to_owned());
            }
        }
        [chinese.join("·"), english.join(", ")]
    }

    /// Title of what a path leads to, in the new version, else in the old one.
    fn title(&self, path: &[&str]) -> Option<&str> {
        self.roots.iter().rev().find_map(|it| it.get(path)?.get(&["title"])?.text())
    }

    /// In which kind of table a key stands that is `depth` deep.
    fn table(&self, depth: usize) -> &str {
        let above = depth.checked_sub(2).and_then(|it| self.trail.get(it));
        above.copied().unwrap_or_default()
    }
}

/// What people read.
const WORDS: [&str; 8] = ["title", "shown", "why", "words", "source", "stage", "stages", "version"];

/// How long, how often, how many.
const LIMITS: [&str; 14] = [
    "limit", "again", "within", "promise", "keep", "expires", "at_most", "per", "min", "max",
    "every", "on", "quorum", "passes",
];

fn container(key: &str) -> Option<[&'static str; 2]> {
    Some(match key {
        "procedures" => ["流程", "procedure"],
        "state" => ["状态", "state"],
        "action" => ["动作", "action"],
        "matters" => ["事项目录", "matters"],
        "roles" => ["岗位", "role"],
        "fields" => ["字段", "field"],
        "registers" => ["台账", "register"],
        "ledgers" => ["账本", "ledger"],
        "account" => ["账户", "account"],
        "gatherings" => ["会议或表决", "gathering"],
        "cycles" => ["周期", "cycle"],
        "indicators" => ["指标", "figure"],
        "boards" => ["公示栏", "board"],
        "limits" => ["时限", "limit"],
        "phrases" => ["常用语", "phrase"],
        "services" => ["服务", "service"],
        "moves" => ["接续", "successor"],
        "texts" => ["译文", "translation"],
        _ => return None,
    })
}

/// WHO of `"WHO within DURATION"`.
fn approver(node: Option<&Node>) -> Option<&str> {
    Some(node?.text()?.split(" within ").next().unwrap_or_default())
}

/// Longer values are told by their beginning: who wants more reads the path.
const LONGEST: usize = 200;

/// A value as the pack writes it.
fn text(node: &Node) -> String {
    match &node.value {
        Value::Text(it) | Value::Decimal(it) => it.clone(),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::List(list) if list.iter().all(|it| it.text().is_some()) => {
            list.iter().filter_map(Node::text).collect::<Vec<_>>().join(", ")
        }
        Value::List(_) | Value::Table(_) => {
            let whole = serde_json::to_string(node).unwrap_or_default();
            let short: String = whole.chars().take(LONGEST).collect();
            if short.len() < whole.len() { format!("{short}…") } else { short }
        }
    }
}

/// A duration in words, else the value as it is.
fn in_chinese(text: &str, sort: Sort) -> String {
    let span = (sort == Sort::Limits).then(|| text.parse::<Span>().ok()).flatten();
    span.map_or_else(|| text.to_owned(), tell::span)
}

fn went(told: &[Option<String>; 2], words: [&str; 2]) -> String {
    let [added, removed] = words;
    match told {
        [Some(old), Some(new)] => format!("{old} → {new}"),
        [None, Some(new)] => format!("{added} {new}"),
        [Some(old), None] => format!("{removed} {old}"),
        [None, None] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{load, tests::small};

    fn flat(change: impl Fn(&str) -> String) -> String {
        let find = |id: &str| {
            let files = small(id)?.into_iter();
            Some(files.map(|(name, text)| (name, change(&text))).collect())
        };
        load("small", &find).flat
    }

    #[test]
    fn changes_are_sorted_and_told_in_the_packs_titles() {
        let old = flat(str::to_owned);
        assert!(diff(&old, &old).unwrap().is_empty());
        let new = flat(|text| {
            let text = text.replace("title = \"搁置\", waits", "title = \"挂起\", waits");
            let text = text.replace(
                "at_most = 1, approval = \"leader@county within 2 wd\" }",
                "approval = \"leader@county within 3 wd\" }",
            );
            text.replace(
                "limit = \"until due\", late = \"resume\"",
                "limit = \"10 d\", late = \"resume\"",
            )
        });
        let changes = diff(&old, &new).unwrap();
        let told: Vec<_> = changes.iter().map(|it| (it.sort, it.path.as_str())).collect();
        assert_eq!(
            told,
            [
                (Sort::Limits, "procedures.wish.state.shelved.limit"),
                (Sort::Limits, "procedures.wish.action.shelve.approval"),
                (Sort::Limits, "procedures.wish.action.shelve.at_most"),
                (Sort::Words, "procedures.wish.state.shelved.title"),
            ]
        );
        let limit = &changes[0];
        assert_eq!((limit.area.as_str(), limit.subject.as_deref()), ("procedures", Some("wish")));
        assert_eq!(limit.words[0], "流程“心愿”·状态“挂起”·时限:until due → 10 天");
        assert_eq!(limit.words[1], "procedure wish, state shelved, limit: until due → 10 d");
        assert_eq!(changes[2].new, None);
        assert!(changes[2].words[0].ends_with("删去 1"), "{}", changes[2].words[0]);
    }

    #[test]
    fn a_state_that_is_new_is_one_change_of_structure() {
        let old = flat(str::to_owned);
        let new = flat(|text| text.replace("shelved", "parked"));
        let changes = diff(&old, &new).unwrap();
        let added = changes.iter().find(|it| it.path == "procedures.wish.state.parked").unwrap();
        assert_eq!((added.sort, added.old.as_ref()), (Sort::Structure, None));
        assert!(added.words[0].starts_with("流程“心愿”·状态“搁置”:新增"));
        let gone = changes.iter().find(|it| it.path == "procedures.wish.state.shelved").unwrap();
        assert_eq!((gone.sort, gone.new.as_ref()), (Sort::Structure, None));
        assert!(changes.iter().all(|it| it.words.iter().all(|it| !it.is_empty())));
    }
}
