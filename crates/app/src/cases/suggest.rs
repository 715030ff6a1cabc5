//! Which unit a case may go to and which matter it may be of, each with what speaks for it. A person
//! decides.

use super::act::visible;
use super::scope::{Awaiting, waiting_states};
use super::world::world;
use crate::{Error, InWords, Result, Work};
use jiff::SignedDuration;
use method::decide;
use method::definition::{Pack, Route};
use model::access::Operation;
use model::cases::CaseState;
use model::journal::Event;
use model::{CaseId, EntryId, OrgId};
use rowdb::Tx;
use store::cases::Case;
use zhtext::Recogniser;

/// So many are told of each.
const MOST: usize = 5;
/// What was handled counts for so long …
const BACK: SignedDuration = SignedDuration::from_hours(24 * 365);
/// … of so many cases at most, …
const LOOKED_AT: i64 = 500;
/// … and a place with fewer of them is too small to tell anything.
const TELLING: i64 = 3;

/// What may be done with a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// Units it may go to, the best first.
    pub units: Vec<SuggestedUnit>,
    /// Matters that its words speak of rather than its own, the best first.
    pub matters: Vec<SuggestedMatter>,
}

/// A unit that a case may go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedUnit {
    /// The unit.
    pub id: OrgId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What speaks for it, or against.
    pub reasons: Vec<InWords>,
    /// How often it returned this case.
    pub returned: usize,
}

/// A matter that a case may be of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedMatter {
    /// Its id.
    pub matter: String,
    /// Its title.
    pub title: InWords,
    /// What speaks for it.
    pub reason: InWords,
}

/// What is suggested for a case.
pub async fn suggestions(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<Suggestions> {
    work.may(Operation::ListSuggestions)?;
    let case = visible(tx, work, id).await?;
    Ok(Suggestions {
        units: units(tx, work, &case).await?,
        matters: matters(tx, work, &case).await?,
    })
}

/// In this order: whom the rule names, who did most of it, who has it; last whoever returned it.
async fn units(tx: &mut Tx, work: &Work, case: &Case) -> Result<Vec<SuggestedUnit>> {
    let mut found = Vec::new();
    found.extend(by_rule(tx, work, case).await?);
    found.extend(by_custom(tx, work, case).await?);
    if let Some(unit) = case.state.org("unit").filter(|_| case.state.is_open()) {
        let words = ("本件已派过该单位".to_owned(), "it was dispatched there before".to_owned());
        found.push((unit, InWords::new(words.0, words.1)));
    }
    let returns = returns(tx, work, case).await?;
    found.extend(returns.iter().map(|(unit, why)| (*unit, why.clone())));
    let mut units: Vec<SuggestedUnit> = Vec::new();
    for (unit, reason) in found {
        let Some(org) = work.shelf.network.living_org(unit, work.today()) else { continue };
        match units.iter_mut().find(|it| it.id == org.id) {
            Some(known) => known.reasons.push(reason),
            None => units.push(SuggestedUnit {
                id: org.id,
                code: org.code.clone(),
                name: org.name.clone(),
                reasons: vec![reason],
                returned: returns.iter().filter(|it| it.0 == unit).count(),
            }),
        }
    }
    units.retain(|it| !case.state.about.contains(&it.id.0));
    units.sort_by_key(|it| it.returned);
    units.truncate(MOST);
    Ok(units)
}

/// The unit that the matter's rules name, with the line that does.
async fn by_rule(tx: &mut Tx, work: &Work, case: &Case) -> Result<Option<(OrgId, InWords)>> {
    let shelf = work.shelf.clone();
    let world = world(tx, work, (&shelf, &decide::NO_FACTS), case).await?;
    let procedure = world.pack.procedures.get(case.state.procedure.as_str());
    let routed = procedure.and_then(|it| decide::route(&world, it, &case.state));
    let Some((routed, titles)) = routed.zip(matter_in_words(world.pack, &case.state)) else {
        return Ok(None);
    };
    let [chinese, english] = conditions(work, routed.line);
    let n = routed.number;
    let words = InWords::new(
        format!("事项“{}”派单规则第{n}条{chinese}", titles.chinese),
        format!("rule {n} of the matter “{}”{english}", titles.english),
    );
    Ok(Some((routed.unit, words)))
}

/// On what a line of a route depends, in both languages; nothing where it always matches.
pub(super) fn conditions(work: &Work, line: &Route) -> [String; 2] {
    let place = line.place.as_ref().and_then(|code| work.shelf.network.place_by_code(code));
    let place = place.map(|it| [format!("地点在{}", it.name), format!("in {}", it.name)]);
    let hours = line.hours.as_ref().map(|it| [format!("时段{it}"), format!("from {it}")]);
    let days = line.days.as_deref().map(|it| match it {
        "workday" => ["工作日", "on workdays"],
        _ => ["休息日", "on days off"],
    });
    let all = [place, hours, days.map(|it| it.map(str::to_owned))];
    let told: Vec<[String; 2]> = all.into_iter().flatten().collect();
    let joined = |n: usize, between: &str| {
        let words: Vec<&str> = told.iter().filter_map(|it| it.get(n)).map(String::as_str).collect();
        words.join(between)
    };
    match told.is_empty() {
        true => [String::new(), String::new()],
        false => [format!("({})", joined(0, ",")), format!(" ({})", joined(1, ", "))],
    }
}

/// The units that handled most cases of the matter, in the narrowest place that had enough of them.
async fn by_custom(tx: &mut Tx, work: &Work, case: &Case) -> Result<Vec<(OrgId, InWords)>> {
    let Some(matter) = &case.state.matter else { return Ok(Vec::new()) };
    let since = work.now() - BACK;
    let mut found = Vec::new();
    for place in work.shelf.network.up(case.state.place) {
        let (what, here) = ((matter.as_str(), case.id), (place.level, place.id));
        let units = store::cases::units_of(tx, what, here, (since, LOOKED_AT)).await?;
        let enough = units.iter().map(|it| it.1).sum::<i64>() >= TELLING;
        if !units.is_empty() {
            let told = |(unit, n)| (unit, handled(&place.name, n));
            found = units.into_iter().map(told).collect();
        }
        if enough {
            break;
        }
    }
    Ok(found)
}

fn handled(place: &str, n: i64) -> InWords {
    InWords::new(
        format!("近12个月在{place}办理同一事项{n}件"),
        format!("handled {n} of this matter in {place} within 12 months"),
    )
}

/// How often units gave the case back, in order, with what they wrote.
///
/// Whatever the pack calls it, a unit returns a case by an act after which it waits for a unit again.
async fn returns(tx: &mut Tx, work: &Work, case: &Case) -> Result<Vec<(OrgId, InWords)>> {
    let waiting = waiting_states(work, Awaiting::Dispatch);
    let waits = |it: &CaseState| waiting.contains(&(it.procedure.as_str(), it.state.as_str()));
    let mut returns = Vec::new();
    let (mut memory, mut before) = (serde_json::Value::Null, None::<CaseState>);
    for entry in store::journal::of_case(tx, case.id.0).await? {
        match &entry.event {
            Event::CaseOpened { opening } => memory = opening.state.clone(),
            Event::CaseActed { act } | Event::CaseMoved { act, .. } => {
                model::trees::patch(&mut memory, &act.change);
            }
            _ => continue,
        }
        let after: CaseState = serde_json::from_value(memory.clone()).map_err(Error::internal)?;
        let doer = entry.actor.post().and_then(|post| work.shelf.network.post(post)?.org);
        let unit = before.filter(|it| !waits(it) && waits(&after)).and_then(|it| it.org("unit"));
        if let Some(unit) = unit.filter(|unit| doer == Some(*unit)) {
            returns.push((unit, returned(tx, entry.id).await?));
        }
        before = Some(after);
    }
    Ok(returns)
}

async fn returned(tx: &mut Tx, entry: EntryId) -> Result<InWords> {
    let texts = store::journal::private(tx, entry).await?;
    let note = texts.into_values().collect::<Vec<_>>().join(" ");
    Ok(InWords::new(format!("曾退单:{note}"), format!("returned this case: {note}")))
}

/// Matters of the case's catalogue that its words speak of more than of its own.
async fn matters(tx: &mut Tx, work: &Work, case: &Case) -> Result<Vec<SuggestedMatter>> {
    let pack = work.shelf.pinned(&case.state.pack)?;
    let Some(catalogue) = catalogue(pack, &case.state) else { return Ok(Vec::new()) };
    let texts = store::journal::private(tx, case.entry).await?;
    let words: Vec<&str> =
        ["title", "body"].iter().filter_map(|it| texts.get(*it)).map(String::as_str).collect();
    let matters = pack.matters.get(catalogue).into_iter().flatten();
    let recogniser = Recogniser::new(matters.map(|(id, it)| (id.as_str(), &it.words)));
    let text = words.join("\n");
    let found = recogniser.suggest(&text).into_iter();
    let better = found.take_while(|it| Some(*it.id) != case.state.matter.as_deref());
    let told = better.take(MOST).map(|it| SuggestedMatter {
        matter: (*it.id).to_owned(),
        title: titled(pack, catalogue, it.id),
        reason: InWords::new(
            format!("诉求中提到“{}”", it.words.join("”“")),
            format!("the request speaks of “{}”", it.words.join("”, “")),
        ),
    });
    Ok(told.collect())
}

/// The catalogue of a case's procedure.
pub(super) fn catalogue<'p>(pack: &'p Pack, case: &CaseState) -> Option<&'p str> {
    pack.procedures.get(case.procedure.as_str())?.matters.as_deref()
}

fn matter_in_words(pack: &Pack, case: &CaseState) -> Option<InWords> {
    Some(titled(pack, catalogue(pack, case)?, case.matter.as_deref()?))
}

/// The title of a matter; in Chinese for everybody where the pack has no other.
pub(super) fn titled(pack: &Pack, catalogue: &str, id: &str) -> InWords {
    let matter = pack.matters.get(catalogue).and_then(|it| it.get(id));
    let chinese = matter.map(|it| it.title.clone()).unwrap_or_default();
    let path = format!("matters.{catalogue}.{id}.title");
    let english = pack.texts.get("en").and_then(|it| it.get(&path)).cloned();
    InWords { english: english.unwrap_or_else(|| chinese.clone()), chinese }
}
