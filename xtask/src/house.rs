//! The repository as it lies on disk: every text file, and every Rust file cut into tokens.
//! Nothing here judges; the checks do.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::source::Source;

/// Folders that hold what was built or loaded, never what was written.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", "demo-data"];

/// One text file of the repository.
pub struct File {
    /// Path below the root, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Everything that was written, read once.
pub struct House {
    root: PathBuf,
    paths: Vec<String>,
    files: Vec<File>,
    sources: Vec<Source>,
}

impl House {
    /// Reads the repository that the current folder lies in, so that a build shared by two clones
    /// looks at the right one.
    pub fn open() -> Result<Self> {
        let here = std::env::current_dir()?;
        let root = here.ancestors().find(|folder| folder.join("xtask/rows.tsv").is_file());
        Self::open_at(root.context("this is no folder of the repository")?)
    }

    /// Reads the repository below `root`.
    pub fn open_at(root: &Path) -> Result<Self> {
        let mut paths = Vec::new();
        list(root, root, &mut paths)?;
        paths.sort();
        // What is not text (pictures, archives) has no rule to break.
        let text = |path: &String| fs::read_to_string(root.join(path)).ok();
        let files =
            paths.iter().filter_map(|path| Some(File { path: path.clone(), text: text(path)? }));
        let files: Vec<File> = files.collect();
        let rust = files.iter().filter(|file| file.path.ends_with(".rs"));
        let sources = rust.map(|file| Source::read(&file.path, &file.text));
        let mut sources = sources.collect::<Result<Vec<_>>>()?;
        mark_tests(&mut sources);
        Ok(Self { root: root.to_owned(), paths, files, sources })
    }

    /// The folder that everything lies below.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a file or folder lies at `path`, text or not.
    pub fn holds(&self, path: &str) -> bool {
        let below = |known: &String| known.strip_prefix(path).is_some_and(|it| it.starts_with('/'));
        path.is_empty() || self.paths.iter().any(|known| known == path || below(known))
    }

    /// All text files, by path.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// All Rust files, by path.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The text of the file at `path`, if there is one.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }
}

/// Tells files that they are tests, which only the file above them knows.
fn mark_tests(sources: &mut [Source]) {
    let modules: Vec<String> = sources.iter().flat_map(Source::test_modules).collect();
    let is_below = |path: &str, module: &String| {
        path.strip_prefix(module.as_str()).is_some_and(|it| it == ".rs" || it.starts_with('/'))
    };
    for source in sources {
        if modules.iter().any(|module| is_below(&source.path, module)) {
            source.make_test();
        }
    }
}

fn list(root: &Path, folder: &Path, paths: &mut Vec<String>) -> Result<()> {
    let doing = || format!("failed to read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(doing)? {
        let entry = entry.with_context(doing)?;
        if NOT_OURS.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type().with_context(doing)?.is_dir() {
            list(root, &entry.path(), paths)?;
        } else {
            let path = entry.path();
            paths.push(path.strip_prefix(root)?.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

#[cfg(test)]
pub mod testing {
    //! Houses that exist only for one test.

    use super::*;

    /// A house of the given files, each a path and its text.
    pub fn house(files: &[(&str, &str)]) -> House {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        House::open_at(folder.path()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::house;

    #[test]
    fn a_file_is_a_test_when_the_file_above_says_so() {
        let house = house(&[
            ("a/src/lib.rs", "#[cfg(test)]\nmod samples;\nmod cases;"),
            ("a/src/samples.rs", ""),
            ("a/src/samples/more.rs", ""),
            ("a/src/samples_of_none.rs", ""),
        ]);
        let tests = house.sources().iter().filter(|source| source.is_test(9));
        let paths: Vec<_> = tests.map(|source| source.path.as_str()).collect();
        assert_eq!(paths, ["a/src/samples.rs", "a/src/samples/more.rs"]);
    }

    #[test]
    fn what_was_built_or_is_no_text_is_left_out() {
        let house = house(&[("a/b.rs", "fn b() {}"), ("target/c.rs", "?"), (".git/d", "?")]);
        let paths: Vec<_> = house.files().iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a/b.rs"]);
        assert_eq!(house.text("a/b.rs"), Some("fn b() {}"));
        assert_eq!(house.text("target/c.rs"), None);
        assert!(house.holds("a") && house.holds("a/b.rs") && !house.holds("a/b"));
    }
}
