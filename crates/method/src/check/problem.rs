//! A problem as it is told, and the collector that every reader and check writes to.

use super::wording::Check;
use crate::guard::Fault;
use crate::read::tree::Mark;
use serde::Serialize;
use std::sync::{Mutex, PoisonError};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The pack does not load.
    Error,
    /// The pack loads; somebody should look.
    Warning,
    /// What the pack means, for whoever signs it.
    Report,
}

/// The languages problems are told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    Chinese,
    /// English.
    English,
}

/// Something to know about a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Name of the check (packs.md §10).
    pub check: &'static str,
    /// `PACK/path/in/the/pack.toml`; empty for what no file says.
    pub file: String,
    /// From 1; 0 for what no file says.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// What is wrong, in Chinese and in English.
    pub message: [String; 2],
    /// What to do, in Chinese and in English.
    pub advice: [&'static str; 2],
}

impl Problem {
    /// What is wrong, in one language.
    pub fn message(&self, language: Language) -> &str {
        let [chinese, english] = &self.message;
        if language == Language::Chinese { chinese } else { english }
    }

    /// What to do, in one language.
    pub fn advice(&self, language: Language) -> &'static str {
        let [chinese, english] = self.advice;
        if language == Language::Chinese { chinese } else { english }
    }
}

/// Collects problems; files are numbered from 1 in the order of reading.
#[derive(Debug, Default)]
pub(crate) struct Found {
    files: Vec<String>,
    list: Mutex<Vec<Problem>>,
}

impl Found {
    /// Numbers a file.
    pub fn file(&mut self, path: &str) -> u32 {
        self.files.push(path.to_owned());
        u32::try_from(self.files.len()).unwrap_or(0)
    }

    /// The path of a numbered file.
    pub fn path(&self, file: u32) -> &str {
        let index = usize::try_from(file).unwrap_or(0).wrapping_sub(1);
        self.files.get(index).map_or("", String::as_str)
    }

    /// Adds a problem; `{0}`, `{1}` of its wording are `args`.
    pub fn add(&self, check: Check, at: Mark, args: &[&str]) {
        self.push(check, at, [args, args]);
    }

    /// Adds what is wrong with a guard.
    pub fn add_fault(&self, at: Mark, fault: &Fault) {
        let (chinese, english) = fault.wrong.told();
        let place = (fault.at + 1).to_string();
        let check = Check::GuardType;
        self.push(check, at, [&[&place, &*chinese], &[&place, &*english]]);
    }

    fn push(&self, check: Check, at: Mark, args: [&[&str]; 2]) {
        let wording = check.wording();
        let [chinese, english] = wording.message;
        let [zh, en] = args;
        self.list.lock().unwrap_or_else(PoisonError::into_inner).push(Problem {
            severity: wording.severity,
            check: wording.name,
            file: self.path(at.file).to_owned(),
            line: at.line,
            column: at.column,
            message: [filled(chinese, zh), filled(english, en)],
            advice: wording.advice,
        });
    }

    /// All problems by place, each once.
    pub fn sorted(self) -> Vec<Problem> {
        let mut list = self.list.into_inner().unwrap_or_else(PoisonError::into_inner);
        list.sort_by(|a, b| {
            let key = |it: &Problem| (it.file.clone(), it.line, it.column, it.severity, it.check);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        list.dedup();
        list
    }
}

fn filled(template: &str, args: &[&str]) -> String {
    let slots = args.iter().enumerate();
    slots.fold(template.to_owned(), |text, (slot, arg)| text.replace(&format!("{{{slot}}}"), arg))
}
