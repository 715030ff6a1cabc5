//! The requests of a year, planned: when, about what, where, by whom, through which channel, and
//! what becomes of them. Nothing here is decided: the course is a wish, the procedure decides.

use super::course::{Aim, Move, Twists, course};
use super::dice::{Dice, apportion};
use super::names::Registry;
use super::recipe::{Book, Habit, Shares};
use super::texts::{Saying, Scribe, local, spoken};
use super::{Span, ground::Ground, recipe};
use anyhow::{Context, Result, ensure};
use geogrid::Shape;
use jiff::{SignedDuration, Timestamp};
use model::cases::{Hiding, Source};
use model::territory::Point;
use std::collections::{BTreeMap, HashMap};

/// A request that is to end has at least so long.
const LEAST: SignedDuration = SignedDuration::from_hours(30);
/// With less time left than this, it is answered at once.
const SHORT: SignedDuration = SignedDuration::from_hours(24 * 3);
/// Days that a plain course takes.
const PLAIN: i64 = 10;
/// Days more where a matter has weeks.
const LONG: i64 = 25;
/// Days more until the clock gives up calling, holidays included.
const SILENCE: i64 = 20;
/// Working days since an overdue request was opened.
const OVERDUE: i32 = 6;
/// On days off, so much of a workday's requests.
const WEEKEND: f64 = 0.6;

/// Somebody who asks.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    pub name: String,
    pub phone: String,
    /// Code of the micro-grid or village.
    pub home: String,
}

/// The way by which a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// By the resident's own telephone.
    App,
    /// A city's work order.
    City,
    /// Called in.
    Desk,
    /// Told to the grid worker.
    GridWorker,
    /// At the street's counter.
    Counter,
}

/// A neighbour's joining.
#[derive(Clone, Debug)]
pub(super) struct Joiner {
    pub asker: usize,
    pub said: Saying,
}

/// A request and what becomes of it.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub at: Timestamp,
    pub matter: String,
    pub place: String,
    pub point: Option<Point>,
    pub channel: Channel,
    pub hiding: Hiding,
    pub asker: usize,
    pub source: Option<Source>,
    pub said: Saying,
    /// Texts of its answers, in order; `{unit}` is filled when played.
    pub answers: Vec<String>,
    /// What is remarked on the way, by kind of remark.
    pub remarks: BTreeMap<&'static str, String>,
    pub joiner: Option<Joiner>,
    pub course: Vec<Move>,
}

impl Request {
    /// Whether a claim code is the only way back.
    pub fn is_claimable(&self) -> bool {
        self.channel == Channel::App && self.hiding == Hiding::Anonymous
    }
}

/// All requests in the order in which they are opened, and who asks.
pub(super) struct Requests {
    pub askers: Vec<Asker>,
    pub requests: Vec<Request>,
}

impl Requests {
    /// Plans the requests of a span of time.
    pub fn plan(
        book: &Book,
        ground: &Ground,
        registry: &mut Registry<'_>,
        span: Span,
    ) -> Result<Self> {
        let askers = askers(book, ground, registry);
        let mut drafts = closed(book, span)?;
        drafts.extend(open(book, span)?);
        drafts.sort_by_key(|draft| (draft.at, draft.n));
        let planner = Planner::new(book, ground, &askers);
        let mut scribe = Scribe::new(book);
        let requests = drafts.into_iter().map(|draft| planner.request(draft, &mut scribe));
        let mut requests = requests.collect::<Result<Vec<_>>>()?;
        number(book, &mut requests);
        Ok(Self { askers, requests })
    }
}

/// A request of which only this is known.
struct Draft {
    n: usize,
    at: Timestamp,
    matter: String,
    aim: Aim,
    twists: Twists,
    /// Asked by the demo's resident, of the demo's unit.
    first: bool,
}

fn askers(book: &Book, ground: &Ground, registry: &mut Registry<'_>) -> Vec<Asker> {
    let mut dice = Dice::of(book.recipe.seed, "askers", 0);
    let mut home = |n: usize| {
        let urban = n == 0 || dice.chance(book.recipe.requests.urban);
        let places = if urban { &ground.micro_grids } else { &ground.villages };
        let place = if n == 0 { places.first() } else { dice.pick(places) };
        place.map_or_else(|| ground.root.clone(), |(code, _)| code.clone())
    };
    let asker = |n| Asker { name: registry.name(), phone: registry.phone(), home: home(n) };
    (0..book.recipe.requests.askers.max(1)).map(asker).collect()
}

/// Requests that end.
fn closed(book: &Book, span: Span) -> Result<Vec<Draft>> {
    let mut dice = Dice::of(book.recipe.seed, "openings", 0);
    let habits = &book.recipe.matters;
    let weights: Vec<f64> = habits.values().map(|it| f64::from(it.weight)).collect();
    let seasons = Seasons::new(book, span)?;
    let mut drafts = Vec::new();
    for ((matter, habit), n) in habits.iter().zip(apportion(book.recipe.requests.closed, &weights))
    {
        for _ in 0..n {
            let soon = habit.now > 0.0;
            let latest = span.until - if soon { LEAST } else { SHORT };
            let at = seasons.throw(habit, latest, &mut dice)?;
            let matter = matter.clone();
            let (n, twists) = (drafts.len(), Twists::default());
            drafts.push(Draft { n, at, matter, aim: Aim::Solved, twists, first: false });
        }
    }
    aim(book, &mut drafts, span);
    Ok(drafts)
}

/// Says how each ends: the rarer ends first, where there is time enough for them.
fn aim(book: &Book, drafts: &mut [Draft], span: Span) {
    let mut dice = Dice::of(book.recipe.seed, "ends", 0);
    let left = |draft: &Draft| draft.at.duration_until(span.until);
    for draft in &mut *drafts {
        let at_once = book.recipe.matters.get(&draft.matter).map_or(0.0, |it| it.now);
        if dice.chance(at_once) || left(draft) < SHORT {
            draft.aim = Aim::Now;
        }
    }
    let ends = &book.recipe.requests.ends;
    let parts = apportion(drafts.len(), &ends.values().copied().collect::<Vec<_>>());
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    dice.shuffle(&mut order);
    let mut order = order.into_iter();
    for (end, n) in ends.keys().zip(parts) {
        let (aim, days) = match end.as_str() {
            "unreached" => (Aim::Unreached, PLAIN + LONG + SILENCE),
            "unsolved" => (Aim::Unsolved, PLAIN + 2 * LONG + SILENCE),
            _ => continue,
        };
        let mut wanted = n;
        while wanted > 0
            && let Some(draft) = order.next().and_then(|at| drafts.get_mut(at))
        {
            if draft.aim == Aim::Solved && left(draft).as_hours() > 24 * days {
                draft.aim = aim.clone();
                wanted -= 1;
            }
        }
    }
    for draft in drafts {
        draft.twists = twists(book, draft, left(draft).as_hours() / 24, &mut dice);
    }
}

/// What else happens to a request, if there is time for it.
fn twists(book: &Book, draft: &Draft, days_left: i64, dice: &mut Dice) -> Twists {
    let shares = &book.recipe.course;
    let mut twists = Twists::throw(shares, dice);
    let Some(matter) = book.matter(&draft.matter) else { return Twists::default() };
    let on_site = matter.columns.get("on_site").and_then(serde_json::Value::as_bool);
    twists.verified = dice.chance(shares.verified) && on_site == Some(true);
    twists.joined = dice.chance(book.recipe.requests.joins / 0.75) && !matter.sensitive;
    let ordinary = matter.limits.is_empty();
    // Where hours count, nothing is put off, and sensitive matters take the shortest way.
    if !ordinary {
        let Twists { reworked, urged, unsatisfied, joined, .. } = twists;
        twists = Twists { reworked, urged, unsatisfied, joined, ..Twists::default() };
    }
    if matter.sensitive || draft.aim == Aim::Now {
        return Twists::default();
    }
    let usual = PLAIN + if ordinary { 0 } else { LONG };
    if twists.days() + usual > days_left { Twists::default() } else { twists }
}

/// Requests still open, a few in each state; the first of each is the demo unit's.
fn open(book: &Book, span: Span) -> Result<Vec<Draft>> {
    let mut dice = Dice::of(book.recipe.seed, "open", 0);
    let clerk = book.recipe.accounts.iter().find(|it| it.post.role == "clerk");
    let unit = clerk.and_then(|it| it.post.org.clone());
    let mut drafts = Vec::new();
    for (state, n) in &book.recipe.requests.open {
        for nth in 0..*n {
            let fits = |id: &&String| {
                book.matter(id).is_some_and(|matter| {
                    let on_site = matter.columns.contains_key("on_site");
                    let ours = nth > 0 || matter.route.last().map(|it| &it.unit) == unit.as_ref();
                    let ordinary = matter.limits.is_empty() && !matter.sensitive;
                    ordinary && ours && (on_site || state != "verifying")
                })
            };
            let matters: Vec<&String> = book.recipe.matters.keys().filter(fits).collect();
            let matter = dice.pick(&matters).with_context(|| format!("no matter to be {state}"))?;
            let ago = ago(state, &mut dice);
            let overdue = state == "handling" && n - nth <= book.recipe.requests.overdue;
            drafts.push(Draft {
                n: usize::MAX - drafts.len(),
                at: if overdue { long_ago(span.until, ago) } else { span.until - ago },
                matter: (*matter).clone(),
                aim: Aim::Open(state.clone()),
                twists: Twists::default(),
                first: nth == 0,
            });
        }
    }
    Ok(drafts)
}

/// How long ago a request was opened that is in this state now.
fn ago(state: &str, dice: &mut Dice) -> SignedDuration {
    let minutes = match state {
        "received" => [6.0, 45.0],
        "verifying" => [60.0, 150.0],
        "dispatched" => [90.0, 240.0],
        "handling" => [900.0, 1_600.0],
        "reviewing" | "answered" => [1_500.0, 2_400.0],
        "waiting" => [2_900.0, 4_300.0],
        "shelved" => [8_000.0, 11_000.0],
        _ => [17_000.0, 22_000.0],
    };
    SignedDuration::from_secs((dice.between(minutes) * 60.0) as i64)
}

/// So many working days before, and a little more: whatever day it is, no promise reaches that far.
fn long_ago(until: Timestamp, more: SignedDuration) -> Timestamp {
    let calendar = calendar::Calendar::shipped();
    let mut day = local(until).date();
    let mut left = OVERDUE;
    while left > 0
        && let Ok(before) = day.yesterday()
    {
        day = before;
        left -= i32::from(calendar.is_workday(day));
    }
    calendar::start_of_day(day) + SignedDuration::from_hours(9) + more / 10
}

/// When what is asked: days weighted by season and weekday, hours by habit.
struct Seasons<'a> {
    book: &'a Book,
    span: Span,
    /// Weights of the days of the span, by season.
    days: BTreeMap<&'a str, Vec<f64>>,
}

impl<'a> Seasons<'a> {
    fn new(book: &'a Book, span: Span) -> Result<Self> {
        let calendar = calendar::Calendar::shipped();
        let mut days = BTreeMap::new();
        for (season, months) in &book.recipe.seasons {
            ensure!(months.len() == 12, "season {season} has not twelve months");
            let weight = |day: jiff::civil::Date| {
                let month = usize::try_from(day.month() - 1).ok().and_then(|at| months.get(at));
                let share = if calendar.is_workday(day) { 1.0 } else { WEEKEND };
                f64::from(month.copied().unwrap_or(0)) * share
            };
            days.insert(season.as_str(), span.days().map(weight).collect());
        }
        Ok(Self { book, span, days })
    }

    /// An instant before `latest`.
    fn throw(&self, habit: &Habit, latest: Timestamp, dice: &mut Dice) -> Result<Timestamp> {
        let days = self.days.get(habit.season.as_str());
        let days = days.with_context(|| format!("no season {}", habit.season))?;
        let hours = self.book.recipe.hours.get(&habit.hours);
        let hours = hours.with_context(|| format!("no hours {}", habit.hours))?;
        for _ in 0..200 {
            let day = dice.weighted(days.iter().copied());
            let hour = dice.weighted(hours.iter().map(|it| f64::from(*it)));
            let second = i64::try_from(hour * 3600 + dice.below(3600))?;
            let Some(date) = self.span.days().nth(day) else { continue };
            let at = calendar::start_of_day(date) + SignedDuration::from_secs(second);
            if self.span.from <= at && at < latest {
                return Ok(at);
            }
        }
        anyhow::bail!("no instant for the season {}", habit.season)
    }
}

/// Gives drafts their place, asker, channel and words.
struct Planner<'a> {
    book: &'a Book,
    askers: &'a [Asker],
    /// Askers by home.
    neighbours: HashMap<&'a str, Vec<usize>>,
    shapes: HashMap<&'a str, &'a Shape>,
    spoken: HashMap<&'a str, String>,
    root: &'a str,
}

impl<'a> Planner<'a> {
    fn new(book: &'a Book, ground: &'a Ground, askers: &'a [Asker]) -> Self {
        let mut neighbours: HashMap<&str, Vec<usize>> = HashMap::new();
        for (n, asker) in askers.iter().enumerate() {
            neighbours.entry(community(&asker.home)).or_default().push(n);
        }
        let places = ground.micro_grids.iter().chain(&ground.villages);
        Self {
            book,
            askers,
            neighbours,
            shapes: ground.drawings.iter().map(|it| (it.place.as_str(), &it.shape)).collect(),
            spoken: places.map(|(code, name)| (code.as_str(), spoken(name))).collect(),
            root: &ground.root,
        }
    }

    fn request(&self, draft: Draft, scribe: &mut Scribe<'_>) -> Result<Request> {
        let mut dice = Dice::of(self.book.recipe.seed, "request", draft.n);
        let asker = if draft.first { 0 } else { dice.below(self.askers.len()) };
        let place = self.askers.get(asker).map_or(self.root, |it| it.home.as_str());
        let said = scribe.request(&draft.matter, self.called(place), draft.at)?;
        let (channel, hiding) =
            if draft.first { (Channel::App, Hiding::Named) } else { way(self.book, &mut dice) };
        let joiner = self.joiner(&draft, (asker, place), scribe, &mut dice)?;
        // Only who has a hand of his own can urge.
        let urged = draft.twists.urged && channel == Channel::App;
        let twists = Twists { joined: joiner.is_some(), urged, ..draft.twists };
        let course = course(&draft.aim, &twists)?;
        let answers = course.iter().filter(|it| it.answers());
        let answers =
            answers.map(|_| scribe.answer(&draft.matter, "{unit}", &said, draft.at)).collect();
        let remarks = course.iter().filter_map(|it| it.remark());
        let remarks = remarks.map(|kind| (kind, scribe.remark(kind, &said))).collect();
        Ok(Request {
            at: draft.at,
            point: self.point(place, &mut dice),
            place: place.to_owned(),
            source: None,
            matter: draft.matter,
            channel,
            hiding,
            asker,
            said,
            answers,
            remarks,
            joiner,
            course,
        })
    }

    fn called(&self, place: &str) -> &str {
        self.spoken.get(place).map_or("", String::as_str)
    }

    fn joiner(
        &self,
        draft: &Draft,
        (asker, place): (usize, &str),
        scribe: &mut Scribe<'_>,
        dice: &mut Dice,
    ) -> Result<Option<Joiner>> {
        let neighbours = self.neighbours.get(community(place)).filter(|_| draft.twists.joined);
        let others = neighbours.into_iter().flatten().copied().filter(|it| *it != asker);
        let others: Vec<usize> = others.collect();
        let Some(other) = dice.pick(&others) else { return Ok(None) };
        let said = scribe.request(&draft.matter, self.called(place), draft.at)?;
        Ok(Some(Joiner { asker: *other, said }))
    }

    /// A point in the place, for most requests.
    fn point(&self, place: &str, dice: &mut Dice) -> Option<Point> {
        let shape = self.shapes.get(place).filter(|_| dice.chance(0.7))?;
        let (low, high) = (shape.bounds().south_west, shape.bounds().north_east);
        let mut inside = |low: i32, high: i32| {
            let wide = usize::try_from(high - low).unwrap_or(0);
            low.saturating_add(i32::try_from(dice.below(wide)).unwrap_or(0))
        };
        let thrown = (0..20).find_map(|_| {
            let (lng, lat) =
                (inside(low.lng_e7(), high.lng_e7()), inside(low.lat_e7(), high.lat_e7()));
            let point = geogrid::LngLat::from_e7(lng, lat).ok()?;
            shape.contains(point).then_some(point)
        });
        let point = thrown.unwrap_or_else(|| shape.label_point());
        let (lng_e7, lat_e7) = (point.lng_e7(), point.lat_e7());
        Some(Point { lng_e7, lat_e7, datum: "cgcs2000".to_owned() })
    }
}

/// The community of a code.
fn community(code: &str) -> &str {
    code.get(..12).unwrap_or(code)
}

/// Channel and hiding; who stays unnamed comes by telephone without logging in.
fn way(book: &Book, dice: &mut Dice) -> (Channel, Hiding) {
    let recipe::Requests { hiding, channels, .. } = &book.recipe.requests;
    let hiding = match word(hiding, dice) {
        "confidential" => Hiding::Confidential,
        "anonymous" => return (Channel::App, Hiding::Anonymous),
        _ => Hiding::Named,
    };
    let channel = match word(channels, dice) {
        "city_12345" => Channel::City,
        "desk" => Channel::Desk,
        "grid_worker" => Channel::GridWorker,
        "counter" => Channel::Counter,
        _ => Channel::App,
    };
    (channel, hiding)
}

/// One of these words, each as often as its share says.
fn word<'a>(shares: &'a Shares, dice: &mut Dice) -> &'a str {
    let at = dice.weighted(shares.values().copied());
    shares.keys().nth(at).map_or("", String::as_str)
}

/// Gives a city's work orders their numbers and dates.
fn number(book: &Book, requests: &mut [Request]) {
    let source = &book.recipe.requests.source;
    let calendar = calendar::Calendar::shipped();
    let due: Option<calendar::Span> = source.due.parse().ok();
    let orders = requests.iter_mut().filter(|it| it.channel == Channel::City);
    for (seq, request) in (1..).zip(orders) {
        let day = local(request.at).strftime("%Y%m%d").to_string();
        let number = source.number.replace("{yyyymmdd}", &day);
        request.source = Some(Source {
            system: source.system.clone(),
            number: number.replace("{seq:5}", &format!("{seq:05}")),
            due_at: due.map(|due| calendar.due(request.at, due).at),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overdue_request_is_overdue_on_whatever_day_the_history_ends() {
        let calendar = calendar::Calendar::shipped();
        let first = "2026-01-01T00:30:00+08:00".parse::<Timestamp>().unwrap();
        for day in 0..365 {
            let until = first + SignedDuration::from_hours(24 * day);
            let opened = long_ago(until, SignedDuration::from_hours(26));
            assert!(calendar.due(opened, "4 wd".parse().unwrap()).at < until, "{until}");
        }
    }
}
