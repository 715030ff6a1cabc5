//! Inheritance: tables merge by key, scalars and lists are replaced, `drop` removes. The result is
//! one tree in which every value still knows the file that said it.

use super::layers::Layer;
use super::tree::{Mark, Node, Table, Value};
use crate::check::{Check, Found};

/// The procedure all others inherit.
const ROOT: &str = "every";

/// The pack with everything it inherits; `every` itself is gone into the others.
pub(super) fn resolve(layers: &[Layer], found: &Found) -> Node {
    let mut root = Node::new(Mark::default(), Value::Table(Table::default()));
    for layer in layers.iter().rev() {
        let mut own = layer.root.clone();
        if let Some(table) = own.table_at(&[]) {
            table.shift_remove("procedures");
        }
        sealed(&root, &own, found);
        outdated(&mut root, layer);
        merge(&mut root, own);
    }
    let procedures = Procedures { layers, found };
    if let Some(table) = root.table_at(&["procedures"]) {
        for id in procedures.ids() {
            if let Some(node) = procedures.resolve(&id, 0, &mut Vec::new()) {
                table.insert(id, node);
            }
        }
    }
    if let Some(table) = root.table_at(&[]) {
        let id = layers.first().map(|layer| layer.id.clone()).unwrap_or_default();
        table.insert("id".into(), Node::new(Mark::default(), Value::Text(id)));
    }
    root
}

/// `over` laid on `under`.
pub(super) fn merge(under: &mut Node, over: Node) {
    match (&mut under.value, over.value) {
        (Value::Table(under), Value::Table(over)) => {
            for (key, node) in over {
                match under.get_mut(&key) {
                    Some(below) => merge(below, node),
                    None => {
                        under.insert(key, node);
                    }
                }
            }
        }
        (value, over) => *value = over,
    }
    if over.at.file != 0 {
        under.at = over.at;
    }
}

/// Translated words of guards that a layer writes anew are no longer true.
fn outdated(root: &mut Node, layer: &Layer) {
    let Some(Value::Table(languages)) = root.get_mut(&["texts"]).map(|it| &mut it.value) else {
        return;
    };
    let procedures = layer.root.get(&["procedures"]).and_then(Node::table);
    for texts in languages.values_mut() {
        for (id, procedure) in procedures.into_iter().flatten() {
            texts.get_mut(&["procedures", id]).into_iter().for_each(|it| unsay(it, procedure));
        }
    }
}

/// Takes away what was said of guards that `own` writes anew.
fn unsay(base: &mut Node, own: &Node) {
    let actions = own.get(&["action"]).and_then(Node::table);
    for (id, _) in actions.into_iter().flatten().filter(|(_, it)| it.get(&["when"]).is_some()) {
        if let Some(Value::Table(action)) = base.get_mut(&["action", id]).map(|it| &mut it.value) {
            action.shift_remove("says");
        }
    }
}

/// Privacy may be narrowed on the way down, never widened.
fn sealed(under: &Node, over: &Node, found: &Found) {
    let Some(fields) = over.get(&["fields"]).and_then(Node::table) else { return };
    for (id, field) in fields {
        let Some(parent) = under.get(&["fields", id]) else { continue };
        let open = |node: &Node| {
            matches!(node.get(&["public"]), Some(Node { value: Value::Bool(true), .. }))
        };
        if open(field) && !open(parent) {
            found.add(Check::MaskWidened, field.at, &[id]);
        }
        if let (Some(mine), Some(theirs)) = (field.get(&["seen_by"]), parent.get(&["seen_by"]))
            && !names(mine).iter().all(|it| names(theirs).contains(it))
        {
            found.add(Check::MaskWidened, mine.at, &[id]);
        }
    }
}

fn names(node: &Node) -> Vec<&str> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(Node::text).collect(),
        Value::Text(text) => vec![text],
        _ => Vec::new(),
    }
}

struct Procedures<'a> {
    layers: &'a [Layer],
    found: &'a Found,
}

impl Procedures<'_> {
    /// Ids in the order of the deepest layer first.
    fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for layer in self.layers.iter().rev() {
            let own = layer.root.get(&["procedures"]).and_then(Node::table);
            for id in own.into_iter().flat_map(Table::keys) {
                if id != ROOT && !ids.contains(id) {
                    ids.push(id.clone());
                }
            }
        }
        ids
    }

    /// The procedure as the layers from `depth` down say it, with what it inherits.
    fn resolve(&self, id: &str, depth: usize, on_way: &mut Vec<(String, usize)>) -> Option<Node> {
        let (at, own) = self
            .layers
            .iter()
            .enumerate()
            .skip(depth)
            .find_map(|(at, layer)| Some((at, layer.root.get(&["procedures", id])?)))?;
        if on_way.contains(&(id.to_owned(), at)) {
            self.found.add(Check::ExtendsLoop, own.at, &[id]);
            return None;
        }
        on_way.push((id.to_owned(), at));
        let extends = own.get(&["extends"]);
        let parent = match extends.and_then(Node::text) {
            Some(other) if other != id => self.resolve(other, 0, on_way).or_else(|| {
                self.found.add(Check::UnknownRef, own.mark(&["extends"]), &[other]);
                None
            }),
            _ => self.resolve(id, at + 1, on_way).or_else(|| match id {
                ROOT => None,
                _ => self.resolve(ROOT, 0, on_way).map(|root| common(root, own)),
            }),
        };
        on_way.pop();
        Some(self.laid_on(parent, own.clone()))
    }

    fn laid_on(&self, parent: Option<Node>, mut own: Node) -> Node {
        let dropped = own.table_at(&[]).and_then(|table| {
            table.shift_remove("extends");
            table.shift_remove("drop")
        });
        let Some(mut base) = parent else {
            if let Some(dropped) = dropped {
                self.found.add(Check::DropUnknown, dropped.at, &["drop"]);
            }
            return own;
        };
        if let Some(dropped) = dropped {
            self.drop_paths(&mut base, &dropped);
        }
        self.kept_hidden(&base, &own);
        self.fragments(&base, &own);
        unsay(&mut base, &own);
        merge(&mut base, own);
        base
    }

    fn drop_paths(&self, base: &mut Node, dropped: &Node) {
        for path in names(dropped) {
            let mut keys: Vec<&str> = path.split('.').collect();
            let last = keys.pop().unwrap_or_default();
            let there =
                base.get(&keys).and_then(Node::table).is_some_and(|it| it.contains_key(last));
            match base.table_at(if there { &keys } else { &[] }) {
                Some(table) if there => {
                    table.shift_remove(last);
                }
                _ => self.found.add(Check::DropUnknown, dropped.at, &[path]),
            }
        }
    }

    /// Half an entry can only mean to change one that is there.
    fn fragments(&self, base: &Node, own: &Node) {
        for list in ["state", "action"] {
            for (id, node) in own.get(&[list]).and_then(Node::table).into_iter().flatten() {
                if node.get(&["title"]).is_none() && base.get(&[list, id]).is_none() {
                    self.found.add(Check::OverridesNothing, node.at, &[id]);
                }
            }
        }
    }

    /// What an asker may hide in the parent may be hidden in the child.
    fn kept_hidden(&self, base: &Node, own: &Node) {
        if let (Some(theirs), Some(mine)) = (base.get(&["hides"]), own.get(&["hides"]))
            && !names(theirs).iter().all(|it| names(mine).contains(it))
        {
            self.found.add(Check::MaskWidened, mine.at, &["hides"]);
        }
    }
}

/// What `every` gives a procedure: no title and no basis, and where nobody asks nothing that is the
/// asker's, unless the procedure names it.
fn common(mut root: Node, own: &Node) -> Node {
    if let Some(table) = root.table_at(&[]) {
        table.shift_remove("title");
        table.shift_remove("why");
    }
    let unasked = own.get(&["asker"]).and_then(Node::text) == Some("none");
    if let Some(actions) = root.table_at(&["action"]).filter(|_| unasked) {
        actions.retain(|id, action| own.get(&["action", id]).is_some() || !is_askers(action));
    }
    root
}

/// Done by the asker alone, or only to tell the asker something.
fn is_askers(action: &Node) -> bool {
    let by = action.get(&["by"]).map(names).unwrap_or_default();
    let told = match action.get(&["then"]).map(|it| &it.value) {
        Some(Value::List(effects)) => {
            effects.iter().filter_map(|it| it.get(&["notify"])).flat_map(names).collect()
        }
        _ => Vec::new(),
    };
    by == ["asker"] || told == ["asker"]
}
