//! The texts that a reader must find: each is there, says what it must, and its links lead somewhere.
//! How well they are written no program can tell.

use anyhow::Result;

use crate::house::File;
use crate::{House, Problem};

/// Each text with words that must stand in it; those after `# ` must stand in a heading.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "README.md",
        &["make demo", "make test", "README.zh-CN.md", "LICENSE-APACHE", "LICENSE-MULAN"],
    ),
    (
        "README.zh-CN.md",
        &["make demo", "make test", "README.md", "LICENSE-APACHE", "LICENSE-MULAN"],
    ),
    (
        "ARCHITECTURE.md",
        &["# bird's eye", "# code map", "# walls", "# invariants", "# one operation"],
    ),
    ("CHANGELOG.md", &["# unreleased"]),
    ("docs/glossary.md", &["# nouns", "# ends", "# clocks", "# words on screen", "# roles"]),
    ("docs/style.md", &["# names", "# errors", "# tests"]),
    ("LICENSE-APACHE", &["Apache License"]),
    ("LICENSE-MULAN", &["木兰宽松许可证", "Mulan PSL v2"]),
];

/// A reader sees the program at work before having to scroll.
const FIRST_SCREEN: usize = 60;

/// Checks the texts of [`TEXTS`], the openings of the READMEs and all links inside the house.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    let mut problems: Vec<Problem> = TEXTS
        .iter()
        .flat_map(|(path, words)| match house.text(path) {
            Some(text) => missing(path, text, words),
            None => vec![Problem::new(*path, "is not there")],
        })
        .collect();
    problems.extend(["README.md", "README.zh-CN.md"].iter().filter_map(|path| {
        let shown = house.text(path).is_none_or(shows_the_program);
        (!shown).then(|| Problem::new(*path, "opens with no transcript or picture of it working"))
    }));
    let texts = house.files().iter().filter(|file| file.path.ends_with(".md"));
    problems.extend(texts.flat_map(|file| dead_links(house, file)));
    Ok(problems)
}

fn missing(path: &str, text: &str, words: &[&str]) -> Vec<Problem> {
    let headings: Vec<String> =
        text.lines().filter(|line| line.starts_with('#')).map(str::to_lowercase).collect();
    let absent = words.iter().filter(|words| match words.strip_prefix("# ") {
        Some(heading) => !headings.iter().any(|line| line.contains(heading)),
        None => !text.contains(*words),
    });
    absent.map(|words| Problem::new(path, format!("lacks `{words}`"))).collect()
}

fn shows_the_program(text: &str) -> bool {
    text.lines().take(FIRST_SCREEN).any(|line| line.starts_with("```") || line.starts_with("!["))
}

fn dead_links(house: &House, file: &File) -> Vec<Problem> {
    let lines = (1..).zip(file.text.lines());
    let links = lines.flat_map(|(line, text)| links(text).map(move |link| (line, link)));
    let dead =
        links.filter(|(_, link)| !target(&file.path, link).is_some_and(|path| house.holds(&path)));
    dead.map(|(line, link)| Problem::on_line(&file.path, line, format!("`{link}` is not there")))
        .collect()
}

/// The targets of `[words](target)` that point into the house, without their anchors.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let paths = targets.filter_map(|target| target.split('#').next());
    paths.filter(|path| !path.is_empty() && !path.contains(':'))
}

/// The path below the root that a link in `from` means; nothing when it leads out of the house.
fn target(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()?),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::testing::house;

    #[test]
    fn a_text_without_its_words_or_headings_is_reported() {
        let text = "# Jinlin\n## Code map\nWalls\n";
        assert_eq!(missing("a.md", text, &["# code map", "Walls"]), []);
        assert_eq!(missing("a.md", text, &["# walls", "Roof"]).len(), 2);
    }

    #[test]
    fn a_reader_sees_it_working_on_the_first_screen() {
        let below = "\n".repeat(FIRST_SCREEN) + "```\n";
        assert!(!shows_the_program(&below));
        assert!(shows_the_program("# Jinlin\n```\n$ make demo\n```\n"));
    }

    #[test]
    fn a_house_without_texts_is_told_each() {
        let problems = check(&house(&[])).unwrap();
        assert_eq!(problems.len(), TEXTS.len());
    }

    #[test]
    fn links_lead_to_files_of_the_house() {
        let text = "[a](b.md#x) [up](../README.md) [out](../../x) [web](http://x/y) [here](#z)\n[no](c.md)";
        let house = house(&[("docs/a.md", text), ("docs/b.md", ""), ("README.md", "")]);
        let dead: Vec<_> = check(&house)
            .unwrap()
            .into_iter()
            .filter(|problem| problem.at.starts_with("docs/a.md"))
            .map(|problem| problem.says)
            .collect();
        assert_eq!(dead, ["`../../x` is not there", "`c.md` is not there"]);
    }
}
