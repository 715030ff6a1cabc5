//! Reads stories and their worlds, and tells everything that is wrong with them at once, each fault
//! with its file and key. Playing them is not done here.

use super::story::{CaseTruth, CountTruth, RateTruth, ServiceTruth, Step, Story, Truth, World};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;
use toml::{Table, Value};

/// The world at the true scale of its source; every other is a file.
pub const DEMO: &str = "demo";

/// Where the worlds are that stories share.
const WORLDS: &str = "packs/base/stories/worlds";

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
pub const OPERATIONS: [&str; 9] = [
    "appoint",
    "dismiss",
    "set_absence",
    "add_place",
    "draw_place",
    "close_place",
    "record_visit",
    "register_households",
    "list_cases",
];

/// All stories of all packs below a root, in the order of their files.
pub fn stories(root: &Path) -> Result<Vec<Story>, Vec<Fault>> {
    let mut files = story_files(root).map_err(|error| vec![fault("packs", "", &error)])?;
    files.sort();
    let (mut sound, mut faults) = (Vec::new(), Vec::new());
    for file in files {
        let read = fs::read_to_string(root.join(&file)).map_err(|it| vec![fault(&file, "", &it)]);
        match read.and_then(|text| story(root, &file, &text)) {
            Ok(story) => sound.push(story),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(sound) } else { Err(faults) }
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

/// One story; its world is read from below the root.
pub fn story(root: &Path, file: &str, text: &str) -> Result<Story, Vec<Fault>> {
    let mut reading = Reading { file, faults: Vec::new() };
    let table = match text.parse::<Table>() {
        Ok(table) => table,
        Err(error) => return Err(vec![fault(file, "", &error)]),
    };
    let story = reading.story(table);
    let story = story.map(|mut story| {
        reading.add_world(root, &mut story);
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
        Some(Story { file: self.file.to_owned(), head: head?, world: world?, steps, then })
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
        let asked = ["case", "rate", "count", "service_people"];
        let asked: Vec<&str> = asked.into_iter().filter(|it| table.contains_key(*it)).collect();
        match asked.as_slice() {
            ["case"] => self.typed::<CaseTruth>(key, table).map(|it| Truth::Case(Box::new(it))),
            ["rate"] => self.typed::<RateTruth>(key, table).map(Truth::Rate),
            ["count"] => self.typed::<CountTruth>(key, table).map(Truth::Count),
            ["service_people"] => self.typed::<ServiceTruth>(key, table).map(Truth::Service),
            _ => {
                self.wrong(key, &"ask one question: case, rate, count or service_people");
                None
            }
        }
    }

    fn add_world(&mut self, root: &Path, story: &mut Story) {
        let name = &story.head.world;
        if name == DEMO {
            return;
        }
        let file = format!("{WORLDS}/{name}.toml");
        let shared = fs::read_to_string(root.join(&file)).map_err(|error| error.to_string());
        match shared.and_then(|text| toml::from_str::<World>(&text).map_err(|it| it.to_string())) {
            Ok(shared) => {
                let own = std::mem::replace(&mut story.world, shared);
                story.world.people.extend(own.people);
                story.world.place.extend(own.place);
                story.world.org.extend(own.org);
                story.world.post.extend(own.post);
            }
            Err(error) => self.wrong("world", &format!("{file}: {error}")),
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
            Some(_) if operation => Some("an operation of the program has no case"),
            None if step.names_a_case() => Some("give the case a name"),
            None if !operation => Some("without a case this is none of the operations"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            self.wrong(key, &format!("does = `{}`: {wrong}", step.does));
        }
        if step.procedure.is_some() && step.does != "open" {
            self.wrong(key, &"only `open` names a procedure");
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
                Truth::Rate(_) | Truth::Service(_) => {}
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
        let told = story(&root(), "x.toml", text).err().unwrap_or_default();
        told.iter().map(|it| format!("{}: {}", it.key, it.what)).collect()
    }

    #[test]
    fn a_story_is_read_with_its_world() {
        let story = story(&root(), "x.toml", SOUND).unwrap();
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
