//! Nothing in the repository points at the machine it was written on, nor at a package registry:
//! a clone must build anywhere, from whatever mirror its owner has set up.

use anyhow::Result;

use crate::house::File;
use crate::{House, Problem};

/// Registries, cut so that this file does not name them itself.
const REGISTRIES: &[(&str, &str)] = &[
    ("crates", "io"),
    ("deb.debian", "org"),
    ("npmjs", "com"),
    ("npmjs", "org"),
    ("npmmirror", "com"),
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("rsproxy", "cn"),
];

/// Lock files are written by their tools and name where each package came from.
const LOCK_FILES: &[&str] = &["Cargo.lock", "package-lock.json"];

/// Where temporary folders are made.
const TEMPORARY_ROOMS: &str = "crates/rowdb/";

/// Looks into every text file but the lock files.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    let written = house
        .files()
        .iter()
        .filter(|file| !LOCK_FILES.iter().any(|name| file.path.rsplit('/').next() == Some(name)));
    Ok(written.flat_map(problems).collect())
}

fn problems(file: &File) -> Vec<Problem> {
    let registries: Vec<String> =
        REGISTRIES.iter().map(|(name, top)| format!("{name}.{top}")).collect();
    let says = |line: &str| {
        if registries.iter().any(|host| line.contains(host)) {
            Some("names a package registry")
        } else if names_this_machine(line) && !file.path.starts_with(TEMPORARY_ROOMS) {
            Some("names a path of one machine")
        } else {
            None
        }
    };
    let lines = (1..).zip(file.text.lines());
    let found = lines.filter_map(|(line, text)| Some((line, says(text)?)));
    found.map(|(line, says)| Problem::on_line(&file.path, line, says)).collect()
}

/// An absolute path below a folder that only one machine has.
fn names_this_machine(line: &str) -> bool {
    let folders = ["work", "root", "tmp", "home"];
    let follows = |(folder, rest): (&str, &str)| match folder {
        "tmp" | "home" => rest.split_once('/').is_some_and(|(name, _)| is_plain(name)),
        _ => true,
    };
    folders.iter().any(|folder| {
        let path = format!("/{folder}/");
        let starts = line.match_indices(&path).filter(|(at, _)| begins_path(line, *at));
        let mut rests = starts.filter_map(|(at, _)| line.get(at + path.len()..));
        rests.any(|rest| follows((folder, rest)))
    })
}

fn begins_path(line: &str, at: usize) -> bool {
    let before = line.get(..at).and_then(|before| before.chars().next_back());
    before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_' | '}' | ')'))
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// `~` stands for the slash, so that these samples are no paths themselves.
    #[rstest]
    #[case("cp ~work~shared~x .", true)]
    #[case("\"~root~.cargo\"", true)]
    #[case("CARGO_TARGET_DIR=~tmp~target-x~debug", true)]
    #[case("~home~zhang~src", true)]
    #[case("~tmp~{name}~x", false)]
    #[case("GET ~api~v1~work~orders", false)]
    #[case("..~work~x", false)]
    #[case("~var~lib~jinlin", false)]
    fn a_path_of_one_machine_is_found(#[case] line: &str, #[case] found: bool) {
        assert_eq!(names_this_machine(&line.replace('~', "/")), found);
    }

    #[test]
    fn a_registry_is_found_and_temporary_folders_are_let_pass() {
        let (name, top) = REGISTRIES.first().unwrap();
        let file = |path: &str, text: String| File { path: path.into(), text };
        assert_eq!(problems(&file("README.md", format!("see {name}.{top}"))).len(), 1);
        let temporary = "~tmp~pg~x".replace('~', "/");
        assert_eq!(problems(&file("crates/app/src/x.rs", temporary.clone())).len(), 1);
        assert_eq!(problems(&file("crates/rowdb/src/x.rs", temporary)), []);
    }
}
