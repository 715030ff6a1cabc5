//! What past cases teach: when cases come and about what, what people do in a state, how long it takes.

use super::habits::{HOURS, Habits, Spot, Stream, Time, Week};
use crate::definition::Pack;
use calendar::Calendar;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp};
use model::ids::PostId;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// A case that came from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// Its procedure.
    pub procedure: String,
    /// Its matter.
    pub matter: Option<String>,
    /// When it was opened.
    pub at: Timestamp,
}

/// Something that a person did about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Did {
    /// What, and in which state.
    pub spot: Spot,
    /// Which post; none = the asker.
    pub post: Option<PostId>,
    /// Since when the case was in that state.
    pub since: Timestamp,
    /// When.
    pub at: Timestamp,
}

/// A line of a list of past cases that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct BadLine {
    /// Counted from 1, the header.
    pub line: u64,
    /// What is wrong with it, and what is wanted.
    pub problem: String,
}

#[derive(Deserialize)]
struct Line {
    procedure: String,
    opened_at: String,
    matter: Option<String>,
}

/// Reads past cases from CSV with the columns `procedure`, `opened_at` (`2026-03-02 09:15`, local, or with
/// an offset) and, if there is one, `matter`; others are passed over.
pub fn read_came(csv: &str, pack: &Pack) -> Result<Vec<Came>, Vec<BadLine>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv.as_bytes());
    let (mut came, mut bad) = (Vec::new(), Vec::new());
    for (line, read) in (2..).zip(reader.deserialize::<Line>()) {
        let read = read.map_err(|fault| fault.to_string());
        match read.and_then(|line| line.read(pack)) {
            Ok(one) => came.push(one),
            Err(problem) => bad.push(BadLine { line, problem }),
        }
    }
    if bad.is_empty() { Ok(came) } else { Err(bad) }
}

impl Line {
    fn read(self, pack: &Pack) -> Result<Came, String> {
        let matter = self.matter.filter(|it| !it.is_empty());
        match pack.unknown_subject(Some(&self.procedure), matter.as_deref()) {
            Some("procedure") => {
                let known: Vec<&str> = pack.procedures.keys().map(String::as_str).collect();
                let known = known.join(", ");
                return Err(format!("no procedure `{}`; there are {known}", self.procedure));
            }
            Some(_) => return Err(format!("no matter `{}`", matter.unwrap_or_default())),
            None => {}
        }
        let wanted = || format!("`{}` is no time like 2026-03-02 09:15", self.opened_at);
        let at = instant(&self.opened_at).ok_or_else(wanted)?;
        Ok(Came { procedure: self.procedure, matter, at })
    }
}

fn instant(text: &str) -> Option<Timestamp> {
    let here = || {
        let local: DateTime = text.parse().ok()?;
        local.to_zoned(TimeZone::fixed(offset(8))).ok().map(|it| it.timestamp())
    };
    text.parse().ok().or_else(here)
}

/// What comes, as it came: as many a day, at the same hours of the week, about the same matters.
pub fn streams(came: &[Came]) -> Vec<Stream> {
    let mut by_procedure: BTreeMap<&str, Vec<&Came>> = BTreeMap::new();
    for one in came {
        by_procedure.entry(&one.procedure).or_default().push(one);
    }
    let (first, last) = (came.iter().map(|it| it.at).min(), came.iter().map(|it| it.at).max());
    let day = |at: Option<Timestamp>| at.map(calendar::local_date).unwrap_or_default();
    let days = day(last).duration_since(day(first)).as_hours() / 24 + 1;
    let stream = |(procedure, came): (&str, Vec<&Came>)| {
        let mut hours = vec![0; HOURS];
        let mut matters: BTreeMap<String, f64> = BTreeMap::new();
        for one in &came {
            if let Some(hour) = hours.get_mut(hour_of_week(one.at)) {
                *hour += 1;
            }
            one.matter.iter().for_each(|it| *matters.entry(it.clone()).or_default() += 1.0);
        }
        Stream {
            procedure: procedure.to_owned(),
            per_day: came.len() as f64 / days as f64,
            week: Week::counted(&hours),
            matters: matters.into_iter().collect(),
        }
    };
    by_procedure.into_iter().map(stream).collect()
}

fn hour_of_week(at: Timestamp) -> usize {
    let local = at.to_zoned(TimeZone::fixed(offset(8)));
    let day = local.weekday().to_monday_zero_offset();
    usize::try_from(i32::from(day) * 24 + i32::from(local.hour())).unwrap_or(0)
}

/// Fewer stays in a state, or acts of a kind, teach nothing.
const LEAST: usize = 5;

/// What people do in a state and how long it takes them, as they did. A person is taken to have been at
/// work on a case since it came or since the post's last act, whichever is later: where posts have idle
/// hours this is more than the work itself.
pub fn learn(habits: &mut Habits, did: &[Did], pack: &Pack, calendar: &Calendar) {
    let mut did: Vec<&Did> = did.iter().collect();
    did.sort_by_key(|it| it.at);
    let mut last: HashMap<PostId, Timestamp> = HashMap::new();
    let mut took: BTreeMap<&Spot, Vec<SignedDuration>> = BTreeMap::new();
    for it in did {
        let work = it.post.map(|post| {
            let before = last.insert(post, it.at).unwrap_or(it.since);
            calendar.office_time(before.max(it.since), it.at)
        });
        took.entry(&it.spot).or_default().extend([work.unwrap_or_default()]);
    }
    let mut in_state: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (spot, times) in &took {
        *in_state.entry((&spot.procedure, &spot.state)).or_default() += times.len();
    }
    in_state.retain(|_, acts| *acts >= LEAST);
    for spot in spots(pack).filter(|it| in_state.contains_key(&(&*it.procedure, &*it.state))) {
        let all = in_state.get(&(&*spot.procedure, &*spot.state)).copied().unwrap_or(1);
        let times = took.remove(&spot).unwrap_or_default();
        habits.weights.insert(spot.clone(), times.len() as f64 / all as f64);
        habits.times.extend(spread(times).map(|time| (spot, time)));
    }
}

/// Every action of a pack in every state it is possible in.
fn spots(pack: &Pack) -> impl Iterator<Item = Spot> {
    pack.procedures.iter().flat_map(|(procedure, defined)| {
        defined.actions.iter().flat_map(move |(action, it)| {
            it.from.iter().map(move |state| Spot {
                procedure: procedure.clone(),
                state: state.clone(),
                action: action.clone(),
            })
        })
    })
}

fn spread(mut times: Vec<SignedDuration>) -> Option<Time> {
    times.retain(|time| !time.is_zero());
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).map(|it| it.as_secs_f64() / 60.0);
    let (median, p90) = at(50).zip(at(90)).filter(|_| times.len() >= LEAST)?;
    let median = median.max(1.0);
    Some(Time::Lognormal { median, p90: p90.max(median * 1.01) })
}
