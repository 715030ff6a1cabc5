//! What people write: sentence frames filled with words, never the same text twice within a month;
//! and what units answer.

use super::dice::Dice;
use super::recipe::{Book, Frame};
use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::collections::{BTreeMap, HashMap};

/// No text comes again within so many days.
const APART: i64 = 30 * 24 * 3600;
/// So many fillings are tried.
const TRIES: usize = 400;

/// What a request says, with the words that filled it.
#[derive(Clone, Debug, Default)]
pub(super) struct Saying {
    pub title: String,
    pub body: String,
    /// Words by slot, so that answers speak of the same road.
    pub words: BTreeMap<String, String>,
}

/// Fills frames and remembers when each text was last used.
pub(super) struct Scribe<'a> {
    book: &'a Book,
    dice: Dice,
    used: HashMap<String, Timestamp>,
}

impl<'a> Scribe<'a> {
    /// A scribe that has written nothing yet.
    pub fn new(book: &'a Book) -> Self {
        Self { book, dice: Dice::of(book.recipe.seed, "texts", 0), used: HashMap::new() }
    }

    /// A request about a matter at a place (as people call it), opened at `at`.
    pub fn request(&mut self, matter: &str, place: &str, at: Timestamp) -> Result<Saying> {
        let frames = self.book.frames.get(matter);
        let frames = frames.with_context(|| format!("no sentence frames for {matter}"))?;
        let local = local(at);
        let fit: Vec<&Frame> = frames.iter().filter(|frame| fits(frame, local)).collect();
        for _ in 0..TRIES {
            let frame = self.dice.pick(&fit).with_context(|| {
                format!(
                    "no sentence frame for {matter} in month {} at {}",
                    local.month(),
                    local.hour()
                )
            })?;
            let mut words = BTreeMap::from([("place".to_owned(), place.to_owned())]);
            let title = self.fill(&frame.title, &mut words);
            let body = self.fill(&frame.body, &mut words);
            if self.is_new(&body, at) {
                return Ok(Saying { title, body, words });
            }
        }
        anyhow::bail!("the frames for {matter} are too few: a text would come twice within a month")
    }

    /// A unit's answer to a request: greeting, what was done, closing.
    pub fn answer(&mut self, matter: &str, unit: &str, said: &Saying, at: Timestamp) -> String {
        let mut words = said.words.clone();
        words.insert("unit".to_owned(), unit.to_owned());
        let answers = self.book.answers.answer.get(matter).map_or(&[][..], Vec::as_slice);
        let mut answer = String::new();
        for _ in 0..TRIES {
            let open = self.say("open", &mut words);
            let done = self.dice.pick(answers).cloned().unwrap_or_default();
            let done = self.fill(&done, &mut words);
            answer = format!("{open}关于“{}”,{done}{}", said.title, self.say("close", &mut words));
            if self.is_new(&answer, at) {
                break;
            }
        }
        answer
    }

    /// A short remark of a kind (`found`, `urge` …) about a request.
    pub fn remark(&mut self, kind: &str, said: &Saying) -> String {
        self.say(kind, &mut said.words.clone())
    }

    fn say(&mut self, kind: &str, words: &mut BTreeMap<String, String>) -> String {
        let sayings = self.book.answers.say.get(kind).map_or(&[][..], Vec::as_slice);
        let saying = self.dice.pick(sayings).cloned().unwrap_or_default();
        self.fill(&saying, words)
    }

    fn is_new(&mut self, text: &str, at: Timestamp) -> bool {
        let recent = |last: &Timestamp| at.duration_since(*last).as_secs().abs() < APART;
        if self.used.get(text).is_some_and(recent) {
            return false;
        }
        self.used.insert(text.to_owned(), at);
        true
    }

    /// Puts words into the slots of a frame; a word once chosen stays.
    fn fill(&mut self, frame: &str, words: &mut BTreeMap<String, String>) -> String {
        let mut text = String::new();
        let mut rest = frame;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, behind) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            if !words.contains_key(slot) {
                words.insert(slot.to_owned(), self.word(slot));
            }
            text.extend(words.get(slot).map(String::as_str));
            rest = behind;
        }
        text.push_str(rest);
        text
    }

    fn word(&mut self, slot: &str) -> String {
        if let Some(range) = self.book.slots.range.get(slot) {
            let n = range.from + self.dice.below(range.to - range.from + 1);
            return range.text.replace("{n}", &(n * range.times).to_string());
        }
        let words = self.book.slots.words.get(slot).map_or(&[][..], Vec::as_slice);
        self.dice.pick(words).cloned().unwrap_or_default()
    }
}

fn fits(frame: &Frame, at: DateTime) -> bool {
    let hour = |[first, last]: &[i8; 2]| (*first..=*last).contains(&at.hour());
    frame.months.as_ref().is_none_or(|months| months.contains(&at.month()))
        && frame.hours.as_ref().is_none_or(hour)
}

/// The local time (Asia/Shanghai, +08:00 all year).
pub(super) fn local(at: Timestamp) -> DateTime {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).datetime()
}

/// A community or grid as its people call it: 某某社区, 某某村.
pub(super) fn spoken(name: &str) -> String {
    if let Some(village) = name.strip_suffix("村委会") {
        return format!("{village}村");
    }
    match name.strip_suffix("居委会") {
        Some(it) if it.ends_with("社区") => it.to_owned(),
        Some(it) => format!("{it}社区"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn every_matter_can_be_asked_and_answered_at_any_hour_of_the_year() {
        let book = book(1);
        let mut scribe = Scribe::new(&book);
        for matter in book.recipe.matters.keys() {
            for (month, hour) in (1..=12).flat_map(|month| [0, 9, 20].map(|hour| (month, hour))) {
                let at = at(&format!("2026-{month:02}-15T{hour:02}:30:00+08:00"));
                let said = scribe.request(matter, "东门社区", at).unwrap();
                let all = format!("{}{}", said.title, said.body);
                assert!(!all.contains(['{', '}']) && !said.title.is_empty(), "{all}");
                assert!(said.title.chars().count() <= 100, "{all}");
            }
            assert!(book.answers.answer.contains_key(matter), "no answer for {matter}");
        }
    }

    #[test]
    fn a_text_comes_again_only_after_thirty_days() {
        let book = book(1);
        let mut scribe = Scribe::new(&book);
        assert!(scribe.is_new("x", at("2026-01-01T00:00:00Z")));
        assert!(!scribe.is_new("x", at("2026-01-30T23:00:00Z")));
        assert!(scribe.is_new("x", at("2026-01-31T00:00:00Z")));
    }

    #[test]
    fn a_word_once_chosen_stays_the_same_in_title_body_and_answer() {
        let book = book(1);
        let mut scribe = Scribe::new(&book);
        let mut words = BTreeMap::new();
        let text = scribe.fill("{road}-{road}", &mut words);
        let (one, other) = text.split_once('-').unwrap();
        assert_eq!(one, other);
        assert_eq!(scribe.fill("{road}", &mut words), one);
    }

    #[test]
    fn offices_names_become_the_words_of_their_people() {
        for (name, said) in [
            ("东门居委会", "东门社区"),
            ("金山社区居委会", "金山社区"),
            ("上坪村委会", "上坪村"),
            ("虹桥社区", "虹桥社区"),
        ] {
            assert_eq!(spoken(name), said);
        }
    }
}
