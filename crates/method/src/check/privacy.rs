//! What a pack may not collect. The list is `domain.md` §6; it is a pattern, so a person decides.

use super::{Check, Found, On};
use crate::definition::Pack;
use crate::read::tree::Node;

/// Words of subjects that are not held about people.
const FORBIDDEN: [&str; 24] = [
    "重点人员",
    "上访",
    "信访次数",
    "宗教",
    "民族",
    "病史",
    "病情",
    "疾病",
    "精神障碍",
    "残疾等级",
    "吸毒",
    "艾滋",
    "矫正",
    "刑释",
    "前科",
    "罪名",
    "政治面貌",
    "政治倾向",
    "婚育",
    "婚姻状况",
    "指纹",
    "人脸",
    "轨迹",
    "危险等级",
];

pub(super) fn pack(pack: &Pack, root: &Node, found: &Found) {
    for (id, field) in &pack.fields {
        let words = std::iter::once(&field.title).chain(field.choices.values());
        subjects(words, root, &["fields", id], found);
    }
    for (id, role) in &pack.roles {
        subjects(std::iter::once(&role.title), root, &["roles", id], found);
    }
}

fn subjects<'a>(
    words: impl Iterator<Item = &'a String>,
    root: &Node,
    path: &[&str],
    found: &Found,
) {
    for word in words {
        if let Some(subject) = FORBIDDEN.iter().find(|it| word.contains(**it)) {
            found.add(Check::ForbiddenSubject, root.mark(path), &[word, subject]);
        }
    }
}

/// A stage or state of a procedure must not be such a tag either.
pub(super) fn procedure(on: &On<'_>) {
    let titles = on.procedure.states.iter().map(|(id, state)| (id, &state.title));
    for (id, title) in titles {
        subjects(std::iter::once(title), on.node, &["state", id], on.found);
    }
}
