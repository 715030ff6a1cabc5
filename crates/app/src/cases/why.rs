//! Why a case is whose it is: each change of owner with the rule that chose, where was looked and who
//! was there, told from what the entry kept, and found again from it.

use super::PlaceName;
use super::act::visible;
use super::history::actor_title;
use super::sight::{Sight, sight};
use super::suggest::{catalogue, conditions, titled};
use super::titles::{action_title, names, place_name, post_title};
use crate::{Error, InWords, Result, Work};
use jiff::Timestamp;
use method::decide;
use method::definition::{Pack, Procedure, Route};
use method::tell::Teller;
use model::access::Operation;
use model::cases::{CaseState, Choice, Fit, Look, RouteRead, Tried};
use model::effects::Columns;
use model::journal::Event;
use model::{CaseId, Entry, EntryId, OrgId, PostId};
use rowdb::Tx;
use serde_json::Value;

/// A post with its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitledPost {
    /// The post.
    pub post: PostId,
    /// Its organisation or place and its role.
    pub title: String,
}

/// One change of owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerChange {
    /// The entry.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// The action and its title.
    pub action: (String, String),
    /// `asker`, `system`, or the title of the post that did it.
    pub by: String,
    /// The state after it and its title.
    pub state: (String, String),
    /// The owner after it; none at an end.
    pub owner: Option<TitledPost>,
    /// The rule that chose; none at an end, where a joined request followed another, and where the
    /// entry kept none.
    pub rule: Option<Rule>,
    /// Whether what was kept leads to the same owner again.
    pub recomputed: Recomputed,
    /// Whom the same rule names by today's posts.
    pub today: Option<TitledPost>,
}

/// What came of computing again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recomputed {
    /// The same owner.
    Same,
    /// Another one: the entry, or the pack it names, is not what decided.
    Different,
    /// Nothing was kept to compute from: the case ended, followed another, or came from elsewhere.
    NotKept,
}

/// The rule that chose an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// WHO of the pack.
    pub who: String,
    /// The same in words.
    pub words: InWords,
    /// Version of the network that was looked at.
    pub network: i64,
    /// How the matter's route named the unit; none where no unit was named.
    pub route: Option<RouteView>,
    /// Where was looked, in order; nothing for the asker.
    pub looks: Vec<LookView>,
    /// What the guard read from registers (`item.status`), with the value.
    pub facts: Columns,
}

/// How the route of a matter was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteView {
    /// The matter.
    pub matter: String,
    /// Its title.
    pub title: InWords,
    /// Each line of the route up to the one that matched, in order.
    pub lines: Vec<LineView>,
    /// The unit that the rule named.
    pub unit: Option<UnitView>,
    /// Whether it was sent there; else whoever acted named another.
    pub taken: bool,
}

/// A line of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineView {
    /// On what it depends.
    pub words: InWords,
    /// Whether it is the one that matched.
    pub matched: bool,
    /// Why not, else nothing.
    pub missed: Option<InWords>,
}

/// A unit by id and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitView {
    /// The unit.
    pub id: OrgId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// One look for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookView {
    /// Where: a place, a unit, a post that is named, or the last resort.
    pub at: InWords,
    /// The place.
    pub place: Option<PlaceName>,
    /// The unit.
    pub unit: Option<UnitView>,
    /// Whether it is the last resort.
    pub resort: bool,
    /// Posts that were looked at; none where the role has none there.
    pub posts: Vec<TriedView>,
}

/// A post that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedView {
    /// The post.
    pub post: TitledPost,
    /// Whether it could answer.
    pub fit: Fit,
    /// Whether it was chosen.
    pub chosen: bool,
    /// In words: chosen, a deputy stands in, or why not.
    pub words: InWords,
}

/// What was done, and with what kept beside it.
struct Done {
    action: String,
    choice: Option<Choice>,
    facts: Columns,
}

/// Why the case went where it went: every change of its owner, the oldest first.
pub async fn why(tx: &mut Tx, work: &Work, id: CaseId) -> Result<Vec<OwnerChange>> {
    work.may(Operation::ShowHistory)?;
    let case = visible(tx, work, id).await?;
    let seen = sight(work, &case);
    let (mut memory, mut before) = (Value::Null, None::<CaseState>);
    let mut changes = Vec::new();
    for entry in store::journal::of_case(tx, id.0).await? {
        let Some(done) = done(&entry.event, &mut memory) else { continue };
        let after: CaseState = serde_json::from_value(memory.clone()).map_err(Error::internal)?;
        let moved = before.as_ref().is_none_or(|it| it.owner != after.owner);
        if moved || done.choice.is_some() {
            let pack = work.shelf.pinned(&after.pack)?.clone();
            let told = Told { work, pack: &pack, before: before.as_ref(), after: &after, seen };
            changes.push(told.change(&entry, done));
        }
        before = Some(after);
    }
    Ok(changes)
}

fn done(event: &Event, memory: &mut Value) -> Option<Done> {
    match event {
        Event::CaseOpened { opening } => {
            *memory = opening.state.clone();
            let (choice, facts) = (opening.choice.clone(), opening.facts.clone());
            Some(Done { action: "open".to_owned(), choice, facts })
        }
        Event::CaseActed { act } | Event::CaseMoved { act, .. } => {
            model::trees::patch(memory, &act.change);
            let (action, choice) = (act.action.clone(), act.choice.clone());
            Some(Done { action, choice, facts: act.facts.clone() })
        }
        _ => None,
    }
}

/// A change that is told to somebody.
struct Told<'a> {
    work: &'a Work,
    pack: &'a Pack,
    before: Option<&'a CaseState>,
    after: &'a CaseState,
    seen: Sight,
}

impl Told<'_> {
    fn change(&self, entry: &Entry, done: Done) -> OwnerChange {
        let Self { work, pack, after, seen, .. } = *self;
        let procedure = pack.procedures.get(after.procedure.as_str());
        let title = action_title(work, procedure, &done.action);
        let recomputed = match &done.choice {
            Some(kept) if decide::found_again(pack, after, kept) => Recomputed::Same,
            Some(_) => Recomputed::Different,
            None => Recomputed::NotKept,
        };
        let rule = done.choice.as_ref().zip(procedure);
        let today = rule.and_then(|_| self.today());
        OwnerChange {
            entry: entry.id,
            at: entry.at,
            by: actor_title(work, pack, &entry.actor),
            action: (done.action, title),
            state: (after.state.to_string(), names(procedure, pack, after, seen).state),
            owner: after.owner.map(|it| self.post(it)),
            rule: rule.and_then(|(kept, it)| self.rule(kept, it, done.facts)),
            recomputed,
            today,
        }
    }

    /// Whom the rule names by today's posts.
    fn today(&self) -> Option<TitledPost> {
        let world = self.work.shelf.world(self.pack, self.work.now());
        let asked = CaseState { owner: self.before.and_then(|it| it.owner), ..self.after.clone() };
        decide::owner_of(&world, &asked).map(|it| self.post(it))
    }

    fn rule(&self, kept: &Choice, procedure: &Procedure, facts: Columns) -> Option<Rule> {
        let who = procedure.states.get(self.after.state.as_str())?.owner.as_ref()?;
        let teller = Teller { pack: self.pack, procedure };
        let asker = self.seen == Sight::Asker;
        let looks = kept.looks.iter().filter(|_| !asker);
        Some(Rule {
            who: kept.who.clone(),
            words: InWords::new(teller.who(who), teller.who_in_english(who)),
            network: kept.network,
            route: kept.route.as_ref().and_then(|it| self.route(it, kept.at)),
            looks: looks.map(|it| self.look(it, kept.found())).collect(),
            facts: if asker { Columns::new() } else { facts },
        })
    }

    fn route(&self, read: &RouteRead, at: Timestamp) -> Option<RouteView> {
        let of = catalogue(self.pack, self.after)?;
        let lines = &self.pack.matters.get(of)?.get(&read.matter)?.route;
        let upto = read.line.map_or(lines.len(), |it| it + 1);
        let lines = lines.iter().zip(&read.here).enumerate().take(upto);
        let line = |(n, (line, here)): (usize, (&Route, &bool))| {
            let matched = read.line == Some(n);
            let missed = (!matched).then(|| missed(line, *here, (read.workday, at)));
            LineView { words: self.line(n, line), matched, missed }
        };
        Some(RouteView {
            matter: read.matter.clone(),
            title: titled(self.pack, of, &read.matter),
            lines: lines.map(line).collect(),
            unit: read.unit.and_then(|it| self.unit(it)),
            taken: decide::as_ruled(self.after, read),
        })
    }

    fn line(&self, n: usize, line: &Route) -> InWords {
        let [chinese, english] = conditions(self.work, line);
        let n = n + 1;
        InWords::new(format!("第{n}条{chinese}"), format!("rule {n}{english}"))
    }

    fn look(&self, it: &Look, found: Option<PostId>) -> LookView {
        let place = it.place.and_then(|it| place_name(self.work, it));
        let unit = it.org.and_then(|it| self.unit(it));
        let at = match (it.resort, &unit, &place) {
            (true, _, Some(place)) => {
                [format!("兜底岗位({})", place.name), format!("last resort in {}", place.name)]
            }
            (_, Some(unit), Some(place)) => {
                [format!("{}({})", unit.name, place.name), format!("{}, {}", unit.name, place.name)]
            }
            (_, Some(unit), None) => [unit.name.clone(), unit.name.clone()],
            (_, None, Some(place)) => [place.name.clone(), place.name.clone()],
            (_, None, None) => ["指名的岗位".to_owned(), "the post that is named".to_owned()],
        };
        let [chinese, english] = at;
        let chosen = it.found().filter(|it| Some(*it) == found);
        let tried = |tried: &Tried| TriedView {
            post: self.post(tried.post),
            fit: tried.fit,
            chosen: chosen == Some(tried.post),
            words: fit_in_words(tried, chosen == Some(tried.post)),
        };
        LookView {
            at: InWords::new(chinese, english),
            place,
            unit,
            resort: it.resort,
            posts: it.posts.iter().map(tried).collect(),
        }
    }

    fn post(&self, post: PostId) -> TitledPost {
        TitledPost { post, title: post_title(self.work, self.pack, post) }
    }

    fn unit(&self, id: OrgId) -> Option<UnitView> {
        let org = self.work.shelf.network.org(id)?;
        Some(UnitView { id, code: org.code.clone(), name: org.name.clone() })
    }
}

/// The first condition that did not hold.
fn missed(line: &Route, here: bool, (workday, at): (bool, Timestamp)) -> InWords {
    let day = line.days.as_ref().is_some_and(|days| workday != (days == "workday"));
    let (chinese, english) = match (here, day) {
        (false, _) => ("地点不在其中".to_owned(), "it lay elsewhere".to_owned()),
        (true, true) if workday => ("当天是工作日".to_owned(), "it was a workday".to_owned()),
        (true, true) => ("当天是休息日".to_owned(), "it was a day off".to_owned()),
        (true, false) => {
            let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
            let time = at.to_zoned(zone).strftime("%H:%M").to_string();
            (format!("当时是{time}"), format!("it was {time}"))
        }
    };
    InWords::new(chinese, english)
}

fn fit_in_words(tried: &Tried, chosen: bool) -> InWords {
    let (chinese, english) = match (tried.fit, chosen, tried.rank) {
        (Fit::Fit, true, 0) => ("负责人在岗,由其承担", "its holder was there: chosen"),
        (Fit::Fit, true, _) => ("负责人不在岗,由副手代行", "a deputy stood in: chosen"),
        (Fit::Fit, false, _) => ("在岗,但另有任职更久的", "there, but another was held longer"),
        (Fit::About, ..) => ("事涉本岗位或本单位,回避", "the case is about it: passed over"),
        (Fit::Ended, ..) => ("岗位当时不存在", "the post did not exist then"),
        (Fit::Vacant, ..) => ("岗位空缺", "nobody held it"),
        (Fit::Away, ..) => ("任职人员均不在岗", "all its holders were away"),
    };
    InWords::new(chinese.to_owned(), english.to_owned())
}
