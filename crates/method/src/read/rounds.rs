//! Cycles, agendas and figures: what looks at procedures from outside.

use super::effects::Effects;
use super::guards::{GuardNames, compile};
use super::keys::Keys;
use super::tree::Node;
use super::words::Vocabulary;
use crate::check::{Check, Found};
use crate::definition::{Agenda, Cycle, Every, Indicator, Named, On, Pack};
use crate::guard::Guard;
use jiff::civil::{Time, Weekday};

/// Reads them into a pack whose procedures are known.
pub(super) fn all(root: &Node, words: &Vocabulary, pack: &mut Pack, found: &Found) {
    let ids: Vec<String> = pack.procedures.keys().cloned().collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let effects = Effects { words, found, ids: &ids };
    if let Some(node) = root.get(&["cycles"]) {
        pack.cycles = cycles(node, &effects, found);
    }
    let cases = Cases { pack, ids: &ids, found };
    let agendas = root.get(&["gatherings"]).map(|node| cases.agendas(node)).unwrap_or_default();
    let indicators = root.get(&["indicators"]).map(|node| cases.indicators(node));
    pack.indicators = indicators.unwrap_or_default();
    for (id, agenda) in agendas {
        if let Some(gathering) = pack.gatherings.get_mut(&id) {
            gathering.agenda = Some(agenda);
        }
    }
}

pub(super) const CYCLE: [&str; 4] = ["title", "every", "on", "then"];

fn cycles(node: &Node, effects: &Effects<'_>, found: &Found) -> Named<Cycle> {
    let one = |(id, node): (&str, &Node)| {
        let keys = Keys::new(node, &CYCLE, found);
        for key in ["every", "on", "then"].into_iter().filter(|key| !keys.has(key)) {
            found.add(Check::MissingKey, node.at, &[key]);
        }
        let every = keys.word("every", &Every::WORDS).unwrap_or(Every::Year);
        let moment = keys.text("on").and_then(on).filter(|it| fits(every, *it));
        if keys.has("on") && moment.is_none() {
            let forms = "\"19:30\" · \"fri\" · \"wd 1\" · \"day 25\" · \"12-01\"";
            found.add(Check::WrongType, keys.mark("on"), &["on", forms]);
        }
        let on = moment.unwrap_or(On::Time(Time::midnight()));
        (id.to_owned(), Cycle { title: keys.title(), every, on, then: effects.read(&keys) })
    };
    Keys::open(node, found).entries().map(one).collect()
}

fn on(text: &str) -> Option<On> {
    let day = |days: &str, most| days.parse::<u8>().ok().filter(|it| (1..=most).contains(it));
    if let Some(n) = text.strip_prefix("wd ") {
        return day(n, 23).map(On::Workday);
    }
    if let Some(n) = text.strip_prefix("day ") {
        return day(n, 31).map(On::Day);
    }
    let week = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
    if let Some((_, weekday)) = week.into_iter().find(|(word, _)| *word == text) {
        return Some(On::Weekday(weekday));
    }
    if let Some((month, day)) = text.split_once('-') {
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // 29 February comes only every fourth year.
        jiff::civil::Date::new(2025, month, day).ok()?;
        return Some(On::Date(month, day));
    }
    (text.len() == 5).then(|| text.parse().ok().map(On::Time)).flatten()
}

/// Whether a moment lies once in every period of its kind.
fn fits(every: Every, on: On) -> bool {
    match on {
        On::Time(_) => every == Every::Day,
        On::Weekday(_) => every == Every::Week,
        On::Workday(n) => match every {
            Every::Day => false,
            Every::Week => n <= 1,
            // The shortest month of holidays has fifteen working days.
            _ => n <= 15,
        },
        On::Day(_) => !matches!(every, Every::Day | Every::Week),
        On::Date(..) => every == Every::Year,
    }
}

/// Guards over the cases of procedures.
struct Cases<'a> {
    pack: &'a Pack,
    ids: &'a [&'a str],
    found: &'a Found,
}

impl Cases<'_> {
    fn guard(&self, keys: &Keys<'_>, key: &str, of: &str) -> Option<Guard> {
        let procedure = self.pack.procedures.get(of)?;
        let names = GuardNames::cases(self.pack, procedure, self.ids);
        compile(keys.text(key)?, &names, keys.mark(key), self.found)
    }

    /// The procedures a key names, known or not.
    fn procedures(&self, keys: &Keys<'_>) -> Vec<String> {
        for (of, at) in keys.names("of") {
            if !self.ids.contains(&of) {
                self.found.add(Check::UnknownRef, at, &[of]);
            }
        }
        keys.strings("of")
    }

    fn agendas(&self, node: &Node) -> Vec<(String, Agenda)> {
        let one = |(id, node): (&str, &Node)| {
            let keys = Keys::new(node.get(&["agenda"])?, &["of", "where"], self.found);
            let of = self.procedures(&keys).into_iter().next()?;
            let only = self.guard(&keys, "where", &of);
            Some((id.to_owned(), Agenda { of, only }))
        };
        Keys::open(node, self.found).entries().filter_map(one).collect()
    }

    fn indicators(&self, node: &Node) -> Named<Indicator> {
        let one = |(id, node): (&str, &Node)| {
            let known = ["title", "of", "is", "where", "except", "by"];
            let keys = Keys::new(node, &known, self.found);
            for key in ["of", "is"].into_iter().filter(|key| !keys.has(key)) {
                self.found.add(Check::MissingKey, node.at, &[key]);
            }
            let of = self.procedures(&keys);
            // Every procedure that is counted must understand the guard; the first one's is kept.
            let guard = |key| {
                let all: Vec<_> = of.iter().map(|it| self.guard(&keys, key, it)).collect();
                all.into_iter().next().flatten()
            };
            let (is, among, except) = (guard("is"), guard("where"), guard("except"));
            let by = keys.text("by").map(str::to_owned);
            Some((id.to_owned(), Indicator { title: keys.title(), of, is: is?, among, except, by }))
        };
        Keys::open(node, self.found).entries().filter_map(one).collect()
    }
}
