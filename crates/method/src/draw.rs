//! A pack shown: each procedure as a table of transitions, as a Mermaid diagram and as a picture,
//! the whole as TOML. The table is a snapshot in tests, so that a change of process is a changed line.

mod svg;

pub use svg::svg;

use crate::definition::{Action, By, Limit, Pack, Procedure};
use crate::read::FlatError;
use std::fmt::{self, Display, Formatter};

/// `state --(action, who)--> state`, one line a transition; rights that stay where they are name
/// no target.
pub fn table(procedure: &Procedure) -> String {
    let open = procedure.actions.get("open").map(|it| line("", "open", it));
    let moves = procedure.states.keys().flat_map(|state| {
        let here = procedure.actions.iter().filter(move |(_, it)| it.from.contains(state));
        here.map(move |(id, action)| line(state, id, action))
    });
    open.into_iter().chain(moves).collect()
}

fn line(state: &str, id: &str, action: &Action) -> String {
    let from = if state.is_empty() { "●" } else { state };
    let to = action.to.as_deref().unwrap_or("↺");
    format!("{from} --({id}, {})--> {to}\n", doers(action))
}

fn doers(action: &Action) -> String {
    let by: Vec<String> = action.by.iter().map(ToString::to_string).collect();
    let joint = if action.all { " + " } else { " | " };
    match &action.approval {
        Some((approver, _)) => format!("{}, approved by {approver}", by.join(joint)),
        None => by.join(joint),
    }
}

/// A Mermaid state diagram with the pack's Chinese titles. A move that all open states share
/// is a note at its target, and ends that nothing leads to are left out.
pub fn mermaid(procedure: &Procedure) -> String {
    let open: Vec<&String> =
        procedure.states.iter().filter(|(_, it)| it.end.is_none()).map(|(id, _)| id).collect();
    let mut text = "stateDiagram-v2\n  direction LR\n".to_owned();
    let entered = |id: &String| procedure.actions.values().any(|it| it.to.as_ref() == Some(id));
    let drawn = || procedure.states.iter().filter(|(id, it)| it.end.is_none() || entered(id));
    for (id, state) in drawn() {
        let stage = state.stage.as_ref().map(|it| format!("{it} · ")).unwrap_or_default();
        text += &format!("  {id} : {stage}{}\n", label(&state.title));
    }
    for (id, action) in &procedure.actions {
        let Some(to) = &action.to else { continue };
        let title = label(&action.title);
        if id == "open" {
            text += &format!("  [*] --> {to} : {title}\n");
        } else if open.len() > 1 && open.iter().all(|state| action.from.contains(state)) {
            text += &format!("  note left of {to} : {title} (*)\n");
        } else {
            for from in &action.from {
                text += &format!("  {from} --> {to} : {title}\n");
            }
        }
    }
    for (id, _) in drawn().filter(|(_, it)| it.end.is_some()) {
        text += &format!("  {id} --> [*]\n");
    }
    text
}

/// Colons and line ends would break a line of Mermaid.
fn label(title: &str) -> String {
    title.replace([':', ';', '\n'], " ")
}

/// All procedures of a pack as Mermaid diagrams.
pub fn mermaids(pack: &Pack) -> String {
    pack.procedures.values().map(mermaid).collect::<Vec<_>>().join("\n")
}

/// A page that shows the pictures of all procedures, as files beside it.
pub fn page(pack: &Pack) -> String {
    let one = |it: &Procedure| {
        let Procedure { id, title, why, .. } = it;
        format!("\n## {title} · `{id}`\n\n{why}\n\n![{title}]({id}.svg)\n")
    };
    let head = format!("# {}\n\n`jinlin pack draw {} --svg FOLDER`\n", pack.title, pack.id);
    head + &pack.procedures.values().map(one).collect::<String>()
}

/// All procedures of a pack as tables, each under its title.
pub fn tables(pack: &Pack) -> String {
    let one = |it: &Procedure| format!("{} {}\n{}", it.id, it.title, table(it));
    pack.procedures.values().map(one).collect::<Vec<_>>().join("\n")
}

/// A flattened text as TOML, for reading.
pub fn toml(flat: &str) -> Result<String, FlatError> {
    crate::read::to_toml(flat)
}

impl Display for By {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Who(who) => who.fmt(f),
            Self::Clock => f.write_str("clock"),
        }
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (what, from) = match self {
            Self::Span(span, from) => (span.to_string(), from.as_ref()),
            Self::Named(name, from) => (name.clone(), from.as_ref()),
            Self::Until(field) => (format!("until {field}"), None),
            Self::Parent => ("parent".to_owned(), None),
        };
        f.write_str(&what)?;
        from.map_or(Ok(()), |from| write!(f, " from {from}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{load, tests::small};

    #[test]
    fn a_procedure_is_a_table_of_moves() {
        let loaded = load("small", &small);
        insta::assert_snapshot!(tables(&loaded.pack.unwrap()));
    }

    #[test]
    fn a_procedure_is_a_diagram() {
        let pack = load("small", &small).pack.unwrap();
        insta::assert_snapshot!(mermaid(&pack.procedures["wish"]));
    }

    #[test]
    fn a_flattened_pack_can_be_read_as_toml() {
        let shown = toml(&load("small", &small).flat).unwrap();
        let read: ::toml::Table = shown.parse().unwrap();
        assert_eq!(
            read["procedures"]["wish"]["state"]["doing"]["owner"].as_str(),
            Some("clerk@unit")
        );
        assert!(read["procedures"].get("every").is_none());
    }
}
