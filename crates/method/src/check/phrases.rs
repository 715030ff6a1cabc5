//! Phrases: what they are for exists.

use super::{Check, Found};
use crate::definition::Pack;
use crate::read::tree::Node;

pub(super) fn check(pack: &Pack, root: &Node, found: &Found) {
    for (id, phrase) in &pack.phrases {
        let (procedure, matter) = (phrase.procedure.as_deref(), phrase.matter.as_deref());
        let Some(key) = pack.unknown_subject(procedure, matter) else { continue };
        let named = if key == "procedure" { procedure } else { matter };
        found.add(
            Check::UnknownRef,
            root.mark(&["phrases", id, key]),
            &[named.unwrap_or_default()],
        );
    }
}
