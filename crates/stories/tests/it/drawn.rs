//! The pictures of `base` in the documentation are those that the program draws.

use crate::{pack, root};
use method::draw::{page, svg};
use std::path::Path;

#[test]
fn the_pictures_of_base_are_drawn_anew_when_it_changes() {
    let base = pack("base").pack.unwrap();
    let folder = root().join("docs/packs/procedures");
    let mut old = stale(&folder, "README.md", &page(&base));
    for (id, procedure) in &base.procedures {
        old.extend(stale(&folder, &format!("{id}.svg"), &svg(&base, procedure)));
    }
    let files = std::fs::read_dir(&folder).unwrap().count();
    assert!(
        old.is_empty() && files == base.procedures.len() + 1,
        "run `jinlin pack draw packs/base --svg docs/packs/procedures` in an empty folder: {old:?}"
    );
}

fn stale(folder: &Path, name: &str, drawn: &str) -> Vec<String> {
    let kept = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    (kept != drawn).then(|| name.to_owned()).into_iter().collect()
}
