//! Actions: forms, bounds, guards, approvals, effects.

use super::keys::Keys;
use super::procedure::{Catalogues, Reader};
use super::tree::{Mark, Node};
use super::words::{Vocabulary, value, window};
use crate::check::{Check, Found};
use crate::definition::{Action, Ask, By, Effect, Field, Procedure};
use crate::guard::{Guard, Names};
use indexmap::IndexMap;

const ACTION: [&str; 17] = [
    "title", "from", "to", "by", "voice", "asks", "fill", "at_most", "per", "after", "within",
    "when", "approval", "not_by", "all", "becomes", "then",
];

const NOT_BUILT: [&str; 6] = ["book", "publish", "hold", "write", "appoint", "dismiss"];

impl Reader<'_> {
    pub(super) fn action(&self, id: &str, node: &Node) -> Action {
        let keys = Keys::new(node, &ACTION, self.found);
        if id != "open" && !keys.has("from") {
            self.found.add(Check::MissingKey, node.at, &["from"]);
        }
        for key in ["by", "to"] {
            if id == "open" && !keys.has(key) {
                self.found.add(Check::MissingKey, node.at, &[key]);
            }
        }
        if id == "open" && keys.has("from") {
            self.found.add(Check::UnknownKey, keys.mark("from"), &["from"]);
        }
        Action {
            title: keys.title(),
            from: keys.strings("from"),
            to: keys.text("to").map(str::to_owned),
            by: self.by(&keys),
            voice: self.who(&keys, "voice").into_iter().next(),
            asks: self.asks(&keys),
            fill: keys.map("fill", "\"matter.unit\"", |node| node.text().map(str::to_owned)),
            at_most: keys.count("at_most"),
            per_stay: keys.word("per", &[("case", false), ("stay", true)]).unwrap_or(false),
            after: keys.map("after", "1 … 1000", count),
            within: self.within(&keys),
            when: None,
            approval: self.approval(&keys),
            not_by: keys.strings("not_by"),
            all: keys.flag("all"),
            becomes: keys.text("becomes").map(str::to_owned),
            then: self.effects(&keys),
        }
    }

    fn by(&self, keys: &Keys<'_>) -> Vec<By> {
        if keys.get("by").and_then(Node::text) == Some("clock") {
            return vec![By::Clock];
        }
        self.who(keys, "by").into_iter().map(By::Who).collect()
    }

    fn asks(&self, keys: &Keys<'_>) -> Vec<Ask> {
        let mut asks: Vec<Ask> = Vec::new();
        for (text, at) in keys.names("asks") {
            let (field, optional) =
                text.strip_suffix('?').map_or((text, false), |field| (field, true));
            if !self.words.fields.contains_key(field) {
                self.found.add(Check::UnknownRef, at, &[field]);
            } else if asks.iter().any(|ask| ask.field == field) {
                self.found.add(Check::WrongType, at, &["asks", "≠"]);
            } else {
                asks.push(Ask { field: field.to_owned(), optional });
            }
        }
        asks
    }

    fn within(&self, keys: &Keys<'_>) -> Option<(calendar::Span, Option<String>)> {
        let window = window(keys.text("within")?);
        if window.is_none() {
            let forms = "2 wd · 2 wd from STATE";
            self.found.add(Check::WrongType, keys.mark("within"), &["within", forms]);
        }
        window
    }

    fn approval(&self, keys: &Keys<'_>) -> Option<(crate::definition::Who, calendar::Span)> {
        match self.words.approval(keys.text("approval")?) {
            Ok(approval) => Some(approval),
            Err(part) => {
                let forms = format!("WHO within 2 wd ({part})");
                self.found.add(Check::WrongType, keys.mark("approval"), &["approval", &forms]);
                None
            }
        }
    }

    pub(super) fn effects(&self, keys: &Keys<'_>) -> Vec<Effect> {
        keys.tables("then").iter().filter_map(|node| self.effect(node)).collect()
    }

    fn effect(&self, node: &Node) -> Option<Effect> {
        let verb = node.table()?.keys().next()?.as_str();
        if NOT_BUILT.contains(&verb) {
            self.found.add(Check::AreaNotBuilt, node.at, &[verb]);
            return None;
        }
        match verb {
            "notify" => {
                let keys = Keys::new(node, &["notify"], self.found);
                Some(Effect::Notify(self.who(&keys, "notify")))
            }
            "open" => self.opening(node),
            "release" => {
                let keys = Keys::new(node, &["release"], self.found);
                Some(Effect::Release(self.procedure_named(&keys, "release")?))
            }
            "extend" => {
                let keys = Keys::new(node, &["extend"], self.found);
                Some(Effect::Extend(keys.text("extend")?.to_owned()))
            }
            _ => {
                self.found.add(Check::UnknownKey, node.at, &[verb]);
                None
            }
        }
    }

    fn opening(&self, node: &Node) -> Option<Effect> {
        let keys = Keys::new(node, &["open", "each", "for", "as", "with"], self.found);
        let asker = self.who(&keys, "for").into_iter().next();
        Some(Effect::Open {
            procedure: self.procedure_named(&keys, "open")?,
            each: keys.text("each").map(str::to_owned),
            asker,
            child: keys.word("as", &[("child", true), ("link", false)]).unwrap_or(true),
            with: keys.map("with", "1 · \"…\" · $FIELD · $each", value),
        })
    }

    fn procedure_named(&self, keys: &Keys<'_>, key: &str) -> Option<String> {
        let id = keys.text(key)?;
        if !self.ids.contains(&id) {
            self.found.add(Check::UnknownRef, keys.mark(key), &[id]);
        }
        Some(id.to_owned())
    }
}

fn count(node: &Node) -> Option<u32> {
    match node.value {
        super::tree::Value::Int(it) => u32::try_from(it).ok().filter(|it| *it > 0),
        _ => None,
    }
}

/// Compiles the guards of a procedure whose actions are all known.
pub(super) fn guards(
    procedure: &mut Procedure,
    node: &Node,
    (words, matters, ids): (&Vocabulary, &Catalogues, &[&str]),
    found: &Found,
) {
    let catalogue = procedure.matters.as_ref().and_then(|id| matters.get(id));
    let names = GuardNames { fields: &words.fields, catalogue, procedure, ids };
    let mut compiled: IndexMap<String, Guard> = IndexMap::new();
    for id in procedure.actions.keys() {
        let keys = node.get(&["action", id]).map(|node| Keys::open(node, found));
        let Some((source, at)) =
            keys.and_then(|keys| Some((keys.text("when")?, keys.mark("when"))))
        else {
            continue;
        };
        match Guard::compile(source, &names) {
            Ok(guard) => {
                certain(&guard, &names, at, found);
                compiled.insert(id.clone(), guard);
            }
            Err(faults) => faults.iter().for_each(|fault| found.add_fault(at, fault)),
        }
    }
    for (id, guard) in compiled {
        if let Some(action) = procedure.actions.get_mut(&id) {
            action.when = Some(guard);
        }
    }
}

fn certain(guard: &Guard, names: &GuardNames<'_>, at: Mark, found: &Found) {
    let outcome = guard.outcome(names);
    if !outcome.holds {
        found.add(Check::GuardNever, at, &[guard.source()]);
    } else if !outcome.fails {
        found.add(Check::GuardAlways, at, &[guard.source()]);
    }
}

struct GuardNames<'a> {
    fields: &'a IndexMap<String, Field>,
    catalogue: Option<&'a IndexMap<String, crate::definition::Matter>>,
    procedure: &'a Procedure,
    ids: &'a [&'a str],
}

impl Names for GuardNames<'_> {
    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }

    fn matter(&self, column: &str) -> Option<(&Field, bool)> {
        let matters = self.catalogue?;
        let filled = matters.values().filter(|it| it.columns.contains_key(column)).count();
        let field = self.fields.get(column).filter(|_| filled > 0)?;
        Some((field, filled == matters.len()))
    }

    fn matters(&self) -> Vec<String> {
        self.catalogue.map(|it| it.keys().cloned().collect()).unwrap_or_default()
    }

    fn action(&self, name: &str) -> Option<Option<u32>> {
        self.procedure.actions.get(name).map(|action| action.at_most)
    }

    fn procedure(&self, name: &str) -> bool {
        self.ids.contains(&name)
    }
}
