//! The templates of the mini program, through the compiler of WeChat's own makers.

use anyhow::Context;
use glass_easel_template_compiler::parse::{ParseErrorLevel, parse};
use std::fs;
use std::path::{Path, PathBuf};

/// Every mistake in every template below a folder, as `file:line: words`.
fn mistakes(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for path in templates(root)? {
        let text = fs::read_to_string(&path)?;
        let (_, state) = parse(&path.to_string_lossy(), &text);
        let wrong = state.warnings().filter(|it| it.level() >= ParseErrorLevel::Warn);
        found.extend(wrong.map(ToString::to_string));
    }
    Ok(found)
}

fn templates(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(templates(&path)?);
        } else if path.extension().is_some_and(|it| it == "wxml") {
            found.push(path);
        }
    }
    Ok(found)
}

#[test]
fn every_template_of_the_mini_program_compiles() {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist/mp-weixin");
    assert!(!templates(&built).unwrap().is_empty(), "no templates: run make ui");
    assert_eq!(mistakes(&built).unwrap(), Vec::<String>::new());
}

#[test]
fn a_broken_template_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("good.wxml", "<view wx:if=\"{{ a }}\">{{ b }}</view>");
    assert_eq!(mistakes(folder.path()).unwrap(), Vec::<String>::new());
    write("pages/bad.wxml", "<view>\n<text>{{ a + }}</text></view>");
    let found = mistakes(folder.path()).unwrap();
    assert!(found.iter().any(|it| it.contains("bad.wxml:2")), "{found:?}");
    write("pages/bad.wxml", "<view><text></view>");
    assert_eq!(mistakes(folder.path()).unwrap().len(), 1, "a tag that is never closed");
}
