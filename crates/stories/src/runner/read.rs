//! Reads stories and their worlds, and tells everything that is wrong with them at once, each fault
//! with its file and key. Playing them is not done here.

use super::gathered::BESIDE;
use super::imports;
use super::story::{
    BalanceTruth, CaseTruth, CountTruth, GatheringTruth, ImportedTruth, PublicationTruth,
    RateTruth, RecordTruth, ServiceTruth, ShiftTruth, Step, Story, TallyTruth, Truth, World,
};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;
use toml::{Table, Value};

/// The world at the true scale of its source; every other is a file.
pub const DEMO: &str = "demo";

/// What is wrong with a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, below the root.
    pub file: String,
    /// The key, as in `step 3 · then 1`.
    pub key: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}: {}", self.file, self.key, self.what)
    }
}

/// What does things to the program, not to a case.
pub const OPERATIONS: [&str; 15] = [
    "hand_over_shift",
    "take_shift",
    "import_cases",
    "fill_record",
    "appoint",
    "dismiss",
    "set_absence",
    "add_place",
    "draw_place",
    "close_place",
    "record_visit",
    "register_households",
    "list_cases",
    "load_pack",
    "move_cases",
];

/// What a truth may ask.
const QUESTIONS: [&str; 11] = [
    "shift",
    "case",
    "rate",
    "count",
    "service_people",
    "record",
    "balance",
    "gathering",
    "publication",
    "tally",
    "imported",
];

/// All stories of all packs below a root, in the order of their files.
pub fn stories(root: &Path) -> Result<Vec<Story>, Vec<Fault>> {
    let mut files = story_files(root).map_err(|error| vec![fault("packs", "", &error)])?;
    files.sort();
    let (mut sound, mut faults) = (Vec::new(), Vec::new());
    for file in files {
        match of_file(root, &file) {
            Ok(story) => sound.push(story),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(sound) } else { Err(faults) }
}

/// The story of a file below a root, which holds packs side by side.
pub fn of_file(root: &Path, file: &str) -> Result<Story, Vec<Fault>> {
    let path = root.join(file);
    let text = fs::read_to_string(&path).map_err(|it| vec![fault(file, "", &it)])?;
    let folder = path.parent().unwrap_or(root);
    let mut story = story(&worlds(folder), file, &text)?;
    for name in story.steps.iter().flat_map(imports::names) {
        let bytes = fs::read(folder.join(name)).map_err(|it| vec![fault(file, name, &it)])?;
        story.files.insert(name.to_owned(), bytes);
    }
    Ok(story)
}

/// Finds a world: among a pack's stories, beside the pack in `base`, else the one that is carried.
fn worlds(stories: &Path) -> impl Fn(&str) -> Option<String> {
    let own = stories.join("worlds");
    let base = stories.join("../../base/stories/worlds");
    move |name| {
        let file = format!("{name}.toml");
        let read = |folder: &Path| fs::read_to_string(folder.join(&file)).ok();
        let carried = || {
            let path = format!("stories/worlds/{file}");
            crate::shipped::packs("base")?.into_iter().find(|it| it.0 == path).map(|it| it.1)
        };
        read(&own).or_else(|| read(&base)).or_else(carried)
    }
}

fn story_files(root: &Path) -> std::io::Result<Vec<String>> {
    let mut files = Vec::new();
    for pack in fs::read_dir(root.join("packs"))? {
        let pack = pack?.file_name().to_string_lossy().into_owned();
        let folder = format!("packs/{pack}/stories");
        let Ok(entries) = fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".toml") {
                files.push(format!("{folder}/{name}"));
            }
        }
    }
    Ok(files)
}

/// Finds the text of a world by its name.
pub type Worlds<'a> = &'a dyn Fn(&str) -> Option<String>;

/// One story with its world.
pub fn story(worlds: Worlds<'_>, file: &str, text: &str) -> Result<Story, Vec<Fault>> {
    let mut reading = Reading { file, faults: Vec::new() };
    let table = match text.parse::<Table>() {
        Ok(table) => table,
        Err(error) => return Err(vec![fault(file, "", &error)]),
    };
    let story = reading.story(table);
    let story = story.map(|mut story| {
        reading.add_world(worlds, &mut story);
        reading.check(&story);
        story
    });
    match story {
        Some(story) if reading.faults.is_empty() => Ok(story),
        _ => Err(reading.faults),
    }
}

fn fault(file: &str, key: &str, what: &dyn fmt::Display) -> Fault {
    Fault { file: file.to_owned(), key: key.to_owned(), what: what.to_string().trim().to_owned() }
}

/// A file being read and what is wrong with it so far.
struct Reading<'a> {
    file: &'a str,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn wrong(&mut self, key: &str, what: &dyn fmt::Display) {
        self.faults.push(fault(self.file, key, what));
    }

    fn typed<T: DeserializeOwned>(&mut self, key: &str, value: Table) -> Option<T> {
        match Value::Table(value).try_into() {
            Ok(typed) => Some(typed),
            Err(error) => {
                self.wrong(key, &error);
                None
            }
        }
    }

    fn story(&mut self, mut table: Table) -> Option<Story> {
        let steps = self.list("", table.remove("step"));
        let then = self.list("", table.remove("then"));
        let mut world = Table::new();
        for key in ["people", "place", "org", "post"] {
            world.extend(table.remove(key).map(|value| (key.to_owned(), value)));
        }
        let (head, world) = (self.typed("head", table), self.typed("world", world));
        let steps: Vec<Step> =
            (1..).zip(steps).filter_map(|(n, it)| self.step(&format!("step {n}"), it)).collect();
        let then = self.truths("", then);
        let (file, files) = (self.file.to_owned(), BTreeMap::new());
        Some(Story { file, head: head?, world: world?, steps, then, files })
    }

    fn step(&mut self, key: &str, mut table: Table) -> Option<Step> {
        let then = self.list(key, table.remove("then"));
        let then = self.truths(&format!("{key} · "), then);
        let step: Step = self.typed(key, table)?;
        Some(Step { then, ..step })
    }

    fn list(&mut self, key: &str, value: Option<Value>) -> Vec<Table> {
        let Some(value) = value else { return Vec::new() };
        let tables = value.as_array().map(|all| all.iter().map(|it| it.as_table().cloned()));
        let tables: Option<Vec<Table>> = tables.and_then(Iterator::collect);
        tables.unwrap_or_else(|| {
            self.wrong(key, &"steps and truths are lists of tables: [[step]], [[step.then]]");
            Vec::new()
        })
    }

    fn truths(&mut self, key: &str, tables: Vec<Table>) -> Vec<Truth> {
        let numbered = (1..).zip(tables);
        numbered.filter_map(|(n, it)| self.truth(&format!("{key}then {n}"), it)).collect()
    }

    fn truth(&mut self, key: &str, table: Table) -> Option<Truth> {
        let asked: Vec<&str> = QUESTIONS.into_iter().filter(|it| table.contains_key(*it)).collect();
        match asked.as_slice() {
            ["case"] => self.typed::<CaseTruth>(key, table).map(|it| Truth::Case(Box::new(it))),
            ["rate"] => self.typed::<RateTruth>(key, table).map(Truth::Rate),
            ["count"] => self.typed::<CountTruth>(key, table).map(Truth::Count),
            ["service_people"] => self.typed::<ServiceTruth>(key, table).map(Truth::Service),
            ["record"] => self.typed::<RecordTruth>(key, table).map(Truth::Record),
            ["balance"] => self.typed::<BalanceTruth>(key, table).map(Truth::Balance),
            ["gathering"] => self.typed::<GatheringTruth>(key, table).map(Truth::Gathering),
            ["publication"] => self.typed::<PublicationTruth>(key, table).map(Truth::Publication),
            ["tally"] => self.typed::<TallyTruth>(key, table).map(Truth::Tally),
            ["shift"] => self.typed::<ShiftTruth>(key, table).map(Truth::Shift),
            ["imported"] => self.typed::<ImportedTruth>(key, table).map(Truth::Imported),
            _ => {
                self.wrong(key, &format!("ask one question: {}", QUESTIONS.join(", ")));
                None
            }
        }
    }

    fn add_world(&mut self, worlds: Worlds<'_>, story: &mut Story) {
        let name = &story.head.world;
        if name == DEMO {
            return;
        }
        let shared = worlds(name).ok_or_else(|| "no such world".to_owned());
        match shared.and_then(|text| toml::from_str::<World>(&text).map_err(|it| it.to_string())) {
            Ok(shared) => {
                let own = std::mem::replace(&mut story.world, shared);
                story.world.people.extend(own.people);
                story.world.place.extend(own.place);
                story.world.org.extend(own.org);
                story.world.post.extend(own.post);
            }
            Err(error) => self.wrong("world", &format!("{name}: {error}")),
        }
    }

    /// What each piece by itself cannot know.
    fn check(&mut self, story: &Story) {
        if story.head.title.trim().is_empty() {
            self.wrong("title", &"say what is promised");
        }
        if story.steps.is_empty() {
            self.wrong("step", &"nothing happens");
        }
        let mut cases = BTreeSet::new();
        for (n, step) in (1..).zip(&story.steps) {
            let key = format!("step {n}");
            self.check_does(&key, step);
            self.check_person(&key, story, step.who.as_deref());
            match &step.case {
                Some(case) if !step.names_a_case() => self.check_case(&key, &cases, case),
                Some(case) if !cases.insert(case.clone()) => {
                    self.wrong(&key, &format!("the case `{case}` was opened before"));
                }
                Some(_) | None => {}
            }
            self.check_truths((&format!("{key} · "), &step.then), story, &cases);
        }
        self.check_truths(("", &story.then), story, &cases);
    }

    fn check_does(&mut self, key: &str, step: &Step) {
        let operation = OPERATIONS.contains(&step.does.as_str());
        let wrong = match &step.case {
            _ if step.does == "wait" => None,
            _ if BESIDE.contains(&step.does.as_str()) => None,
            Some(_) if operation => Some("an operation of the program has no case"),
            None if step.names_a_case() => Some("give the case a name"),
            None if !operation => Some("without a case this is none of the operations"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            self.wrong(key, &format!("does = `{}`: {wrong}", step.does));
        }
        if step.procedure.is_some() && !["open", "find"].contains(&step.does.as_str()) {
            self.wrong(key, &"only `open` and `find` name a procedure");
        }
    }

    fn check_person(&mut self, key: &str, story: &Story, who: Option<&str>) {
        let Some(who) = who else { return };
        let known = ["claim", "public"].contains(&who) || story.world.people.contains_key(who);
        // The accounts and posts of a demo are known when it is loaded.
        if !known && story.head.world != DEMO {
            self.wrong(key, &format!("nobody is called `{who}`"));
        }
    }

    fn check_case(&mut self, key: &str, cases: &BTreeSet<String>, path: &str) {
        let name = path.split('/').next().unwrap_or_default();
        if !cases.contains(name) {
            self.wrong(key, &format!("no case `{name}` was opened before"));
        }
    }

    fn check_truths(
        &mut self,
        (key, truths): (&str, &[Truth]),
        story: &Story,
        cases: &BTreeSet<String>,
    ) {
        for (n, truth) in (1..).zip(truths) {
            let key = format!("{key}then {n}");
            match truth {
                Truth::Case(it) => {
                    self.check_case(&key, cases, &it.case);
                    let all = [&it.sees, &it.does_not_see, &it.asker_hidden_from];
                    let people = all.into_iter().flatten();
                    people.for_each(|who| self.check_person(&key, story, Some(who)));
                }
                Truth::Count(it) => self.check_person(&key, story, it.count.who.as_deref()),
                Truth::Shift(it) => self.check_person(&key, story, Some(&it.shift.who)),
                Truth::Record(it) => self.check_person(&key, story, it.record.who.as_deref()),
                Truth::Gathering(it) => {
                    self.check_person(&key, story, it.gathering.who.as_deref());
                    let case = it.gathering.case.as_deref();
                    case.into_iter().for_each(|case| self.check_case(&key, cases, case));
                }
                Truth::Publication(it) => {
                    self.check_person(&key, story, it.publication.who.as_deref());
                }
                Truth::Rate(_)
                | Truth::Service(_)
                | Truth::Balance(_)
                | Truth::Tally(_)
                | Truth::Imported(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
        title = "路灯修好了"
        rows = [14]
        pack = "base"
        world = "town"
        start = "2026-09-18T09:00"
        [[step]]
        who = "lin"
        does = "open"
        case = "lamp"
        with = { title = "路灯" }
        [[step.then]]
        case = "lamp"
        owner = ""
        [[then]]
        count = { of = "cases", is = "+1" }
    "#;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn faults(text: &str) -> Vec<String> {
        let told = story(&worlds(&root().join("packs/base/stories")), "x.toml", text)
            .err()
            .unwrap_or_default();
        told.iter().map(|it| format!("{}: {}", it.key, it.what)).collect()
    }

    #[test]
    fn a_story_is_read_with_its_world() {
        let story = story(&worlds(&root().join("packs/base/stories")), "x.toml", SOUND).unwrap();
        assert_eq!((story.head.rows.as_slice(), story.steps.len()), (&[14][..], 1));
        assert!(story.world.people.contains_key("wang"));
        assert!(matches!(story.steps[0].then[0], Truth::Case(_)));
    }

    #[test]
    fn all_faults_are_told_with_their_keys() {
        let text = SOUND
            .replace("rows = [14]", "row = [14]")
            .replace("owner", "ower")
            .replace("of = \"cases\"", "of = \"case\"")
            .replace("with =", "whit =");
        let told = faults(&text);
        assert_eq!(told.len(), 4, "{told:#?}");
        for (key, word) in [
            ("head: ", "`row`"),
            ("step 1: ", "`whit`"),
            ("step 1 · then 1: ", "`ower`"),
            ("then 1: ", "`case`"),
        ] {
            assert!(told.iter().any(|it| it.starts_with(key) && it.contains(word)), "{told:#?}");
        }
    }

    #[test]
    fn what_a_step_cannot_mean_is_told() {
        for (from, to, told) in [
            ("\"lin\"", "\"nobody\"", "step 1: nobody is called `nobody`"),
            ("\"open\"", "\"sign\"", "step 1: no case `lamp` was opened before"),
            (
                "case = \"lamp\"\n        with",
                "with",
                "step 1: does = `open`: give the case a name",
            ),
            ("case = \"lamp\"\n        owner", "owner", "step 1 · then 1: ask one question"),
            ("\"open\"", "\"appoint\"", "step 1: does = `appoint`: an operation of the program"),
        ] {
            let found = faults(&SOUND.replacen(from, to, 1));
            assert!(found.iter().any(|it| it.starts_with(told)), "{told}: {found:#?}");
        }
    }

    #[test]
    fn every_story_of_the_packs_can_be_read() {
        let read = stories(&root());
        assert!(read.as_ref().is_ok_and(|all| all.len() > 20), "{:#?}", read.err());
    }
}
