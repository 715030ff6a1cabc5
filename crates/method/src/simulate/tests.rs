//! A queue against its closed form, and what must hold of every run.

use super::*;
use crate::decide::tests::{BASE, CALENDAR, TOWN, at};
use calendar::Span;
use jiff::civil::Date;
use model::people::{Holding, Post, Selection};
use model::territory::Place;
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

/// One counter: who comes waits until somebody is free, and is served once.
const COUNTER: [(&str, &str); 4] = [
    (
        "pack.toml",
        "title = '窗口'\nversion = '2026.11.1'\nfallback = 'window@county'\n\
         levels = [{ id = 'county', title = '区县' }]",
    ),
    ("roles.toml", "window = { title = '窗口', of = 'place', levels = ['county'] }"),
    (
        "procedures/every.toml",
        "title = '通用'\nwhy = '制度'\n[state]\ndecided = { title = '已办', end = 'decided' }\n[action]\n\
         remind = { title = '提醒', from = '*', by = 'clock', then = [{ notify = 'owner' }] }",
    ),
    (
        "procedures/visit.toml",
        "title = '办事'\nwhy = '制度'\nasker = 'none'\nverdict = 'none'\n[state]\n\
         queued = { title = '排队', owner = 'window@county', limit = '1 y' }\n[action]\n\
         open = { title = '取号', by = 'clock', to = 'queued' }\n\
         serve = { title = '办理', from = 'queued', to = 'decided' }",
    ),
];

fn counter() -> Setting {
    let own = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
    let loaded =
        crate::read::load("counter", &|id| (id == "counter").then(|| COUNTER.map(own).to_vec()));
    let pack = loaded.pack.unwrap_or_else(|| panic!("{:#?}", loaded.problems));
    let from: Date = "2020-01-01".parse().unwrap();
    let id = Uuid::from_u128;
    let mut network = Network::new(1, pack.levels.clone(), "window@county");
    let (code, name, until) = ("990100".to_owned(), "县".to_owned(), None);
    let (place, post) = (PlaceId(id(1)), id(2).into());
    network.add_place(Place { id: place, parent: None, level: 0, code, name, from, until });
    network.add_post(Post {
        id: post,
        role: "window".into(),
        org: None,
        place: Some(place),
        from,
        until,
    });
    let (person, selection) = (id(3).into(), Selection::Appointed);
    network.add_holding(Holding { post, person, rank: 0, selection, from, until });
    let mut setting = Setting::new(pack, network, Calendar::shipped());
    setting.habits.round_the_clock.insert("window".to_owned());
    setting
}

/// The mean wait in a queue for `c` servers by Erlang's C formula, in service times.
fn erlang(c: u32, offered: f64) -> f64 {
    let mut term = 1.0;
    let mut below = 0.0;
    for n in 0..c {
        below += term;
        term *= offered / f64::from(n + 1);
    }
    let all = term / (1.0 - offered / f64::from(c));
    all / (below + all) / (f64::from(c) - offered)
}

/// Arrivals by chance, exponential service, `c` servers of one queue, nobody sleeps.
fn queue(c: u32, load: f64, cases: u64, seed: u64) -> Outcome {
    const MEAN: f64 = 10.0;
    let mut setting = counter();
    let (procedure, per_day) = ("visit".to_owned(), load * f64::from(c) * 24.0 * 60.0 / MEAN);
    setting.streams = vec![Stream { procedure, per_day, week: Week::even(), matters: vec![] }];
    setting.habits.staff.insert("window".to_owned(), c);
    let [procedure, state, action] = ["visit", "queued", "serve"].map(str::to_owned);
    let time = Time::Exponential { mean: MEAN };
    setting.habits.times.insert(Spot { procedure, state, action }, time);
    let run = Run { seed, from: at("2026-01-01T00:00"), extent: Extent::Cases(cases), grace: 1 };
    simulate(&setting, &run)
}

#[rstest]
#[case(1, 0.5)]
#[case(1, 0.7)]
#[case(3, 0.7)]
#[case(8, 0.8)]
fn a_queue_is_as_long_as_the_closed_form_says(#[case] c: u32, #[case] load: f64) {
    const N: u64 = 400_000;
    let outcome = queue(c, load, N, 1);
    let post = &outcome.posts[0];
    let wait = erlang(c, load * f64::from(c)) * 10.0 / 60.0;
    let per_hour = load * f64::from(c) * 6.0;
    let near = |found: f64, wanted: f64| (found / wanted - 1.0).abs();
    eprintln!(
        "c {c}, load {load}: wait {:.4} h against {wait:.4}, queue {:.4} against {:.4}, load {:.4}",
        post.wait.mean,
        post.queue.mean,
        wait * per_hour,
        post.load
    );
    let visits = &outcome.procedures["visit"];
    assert_eq!((visits.opened, visits.ended, visits.wait.n, post.holders), (N, N, N, c));
    assert!(near(post.wait.mean, wait) < 0.02, "wait {} against {wait}", post.wait.mean);
    assert!(near(post.queue.mean, wait * per_hour) < 0.02, "queue {}", post.queue.mean);
    assert!(near(post.load, load) < 0.02, "load {}", post.load);
}

/// The county of the tests of `decide`, in which appeals come.
fn county(per_day: f64) -> Setting {
    let mut setting = Setting::new(BASE.clone(), TOWN.clone(), CALENDAR.clone());
    let matters = BASE.matters["appeal"].iter().filter(|(_, matter)| !matter.sensitive);
    let matters = matters.map(|(id, _)| (id.clone(), 1.0)).collect();
    let (procedure, week) = ("appeal".to_owned(), Week::usual());
    setting.streams = vec![Stream { procedure, per_day, week, matters }];
    setting
}

fn month(seed: u64) -> Run {
    Run { seed, from: at("2026-03-02T00:00"), extent: Extent::Days(30), grace: 30 }
}

fn weight(setting: &mut Setting, spot: [&str; 2], weight: f64) {
    let [state, action] = spot.map(str::to_owned);
    let spot = Spot { procedure: "appeal".to_owned(), state, action };
    setting.habits.weights.insert(spot, weight);
}

/// Things happen on the way that do not lead forward.
fn lively(per_day: f64) -> Setting {
    let mut setting = county(per_day);
    for (spot, share) in [
        (["received", "answer_now"], 0.2),
        (["received", "exclude"], 0.1),
        (["dispatched", "return"], 0.1),
        (["handling", "return"], 0.1),
        (["handling", "extend"], 0.1),
        (["handling", "pause"], 0.1),
        (["handling", "shelve"], 0.1),
        (["handling", "enlist"], 0.1),
        (["answered", "unsatisfied"], 0.2),
        (["answered", "attempt"], 0.3),
        (["solved", "reopen"], 0.1),
    ] {
        weight(&mut setting, spot, share);
    }
    setting
}

#[test]
fn a_lively_month_has_everything_in_it() {
    let outcome = simulate(&lively(12.0), &month(1));
    let appeals = &outcome.procedures["appeal"];
    assert!((300..450).contains(&appeals.opened), "{}", appeals.opened);
    let seen = [appeals.returned, appeals.rejected, appeals.reopened, appeals.late];
    assert!(seen.iter().all(|times| *times > 0), "{seen:?}");
    assert!(["solved", "excluded"].iter().all(|end| appeals.ends.contains_key(end)));
    assert!(appeals.states["waiting"].stays > 0 && appeals.states["shelved"].stays > 0);
    assert!(outcome.procedures["approval"].ended > 0 && outcome.procedures["assist"].ended > 0);
    let (desk, clerk) = (&outcome.roles["desk"], &outcome.roles["clerk"]);
    assert!(desk.load > 0.3 && desk.load < 1.0 && clerk.worked == 2, "{desk:?}");
    assert!(outcome.posts.iter().all(|post| post.load <= 1.0));
}

#[test]
fn one_seed_gives_one_outcome_and_another_seed_another() {
    let setting = lively(6.0);
    let outcome = simulate(&setting, &month(7));
    assert_eq!(simulate(&setting, &month(7)), outcome);
    assert_ne!(simulate(&setting, &month(8)).procedures, outcome.procedures);
}

#[test]
fn what_comes_on_saturday_lies_until_offices_open() {
    let mut setting = county(5.0);
    let mut hours = [0; HOURS];
    hours[5 * 24 + 10] = 1;
    setting.streams[0].week = Week::counted(&hours);
    // No day of these two weeks is adjusted.
    let run = Run { seed: 3, from: at("2026-03-09T00:00"), extent: Extent::Days(6), grace: 0 };
    let outcome = simulate(&setting, &run);
    let appeals = &outcome.procedures["appeal"];
    assert!(appeals.wait.n == 0 && appeals.open > 5, "on Saturday nobody is in");
    let run = Run { grace: 3, ..run };
    let received = simulate(&setting, &run).procedures["appeal"].states["received"].clone();
    assert!(received.wait.p50 >= 45.5 && received.wait.most < 72.0, "{:?}", received.wait);
}

#[test]
fn with_one_more_at_the_counter_nobody_waits_longer() {
    let waits = [1, 2, 3, 4].map(|c| queue(c, 0.9 / f64::from(c), 5_000, 5).posts[0].wait);
    for pair in waits.windows(2) {
        assert!(pair[1].mean < pair[0].mean && pair[1].most <= pair[0].most, "{waits:?}");
    }
}

fn with(change: &Change) -> Result<Setting, ChangeFault> {
    county(6.0).with(change)
}

#[test]
fn a_change_meets_the_same_cases() {
    let run = month(2);
    let base = simulate(&county(6.0), &run);
    let limit = Change::Limit {
        procedure: "appeal".to_owned(),
        state: "received".to_owned(),
        limit: "5 min".parse::<Span>().unwrap(),
    };
    let short = simulate(&with(&limit).unwrap(), &run);
    let [base, short] = [&base, &short].map(|it| &it.procedures["appeal"]);
    assert_eq!(
        (base.opened, base.to_end),
        (short.opened, short.to_end),
        "only the clock is another"
    );
    assert!(short.states["received"].overdue > base.states["received"].overdue);
    let busy = simulate(&with(&Change::Arrivals { factor: 3.0 }).unwrap(), &run);
    let busy = &busy.procedures["appeal"];
    assert!(busy.opened > 2 * base.opened && busy.wait.mean > base.wait.mean);
    let staff = Change::Staff { role: "desk".to_owned(), holders: 3 };
    let desk = &simulate(&with(&staff).unwrap(), &run).roles["desk"];
    assert!(desk.queue < 3.0, "{desk:?}");
}

#[test]
fn divided_cells_share_what_came_from_the_whole_and_have_its_posts() {
    let town = with(&Change::Cells { place: None, count: 5 }).unwrap();
    let cells = TOWN.places().map(|place| place.level).max();
    let grids: Vec<_> = town.network.places().filter(|it| Some(it.level) == cells).collect();
    assert_eq!((grids.len(), town.places.len()), (5, 5));
    assert!((town.places.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-9);
    let workers = town.network.posts().filter(|post| post.role == "grid_worker");
    let day = "2026-03-02".parse().unwrap();
    let people: std::collections::BTreeSet<_> =
        workers.filter_map(|post| town.network.person(post.id, day)).collect();
    assert_eq!(people.len(), 5, "each cell has a worker of its own");
    let outcome = simulate(&town, &month(1));
    assert_eq!(outcome.roles["grid_worker"].worked, 5);
}

#[test]
fn a_change_that_cannot_be_made_says_why() {
    let told =
        |change: Change| with(&change).err().map(|fault| fault.to_string()).unwrap_or_default();
    let role = Change::Staff { role: "king".to_owned(), holders: 2 };
    assert!(told(role).contains("clerk, desk, grid_worker, head, leader, supervisor"));
    let none = Change::Staff { role: "desk".to_owned(), holders: 0 };
    assert!(told(none).contains("from 1 on"));
    let limit = "5 wd".parse::<Span>().unwrap();
    for (procedure, state) in [("appeal", "solved"), ("appeal", "nowhere"), ("nothing", "received")]
    {
        let (procedure, state) = (procedure.to_owned(), state.to_owned());
        assert!(told(Change::Limit { procedure, state, limit }).contains("no state"));
    }
    assert!(told(Change::Cells { place: None, count: 0 }).contains("1 cells already"));
    let nowhere = Some("nowhere".to_owned());
    assert!(told(Change::Cells { place: nowhere, count: 3 }).contains("`nowhere`"));
    assert!(told(Change::Arrivals { factor: f64::NAN }).contains("above 0"));
}

#[test]
fn what_came_comes_again_at_the_same_hours() {
    let csv = "procedure, opened_at, matter, words\n\
        appeal, 2026-03-02 09:15, parking, 略\n\
        appeal, 2026-03-03T09:45:00+08:00, parking, 略\n\
        appeal, 2026-03-03 23:00, garbage, 略\n\
        whistle, 2026-03-05 10:00, , 略\n";
    let came = read_came(csv, &BASE).unwrap();
    let streams = streams(&came);
    let [appeal, whistle] = &streams[..] else { panic!("{streams:?}") };
    assert_eq!((appeal.per_day, whistle.per_day), (0.75, 0.25), "in four days");
    assert_eq!(appeal.matters, [("garbage".to_owned(), 1.0), ("parking".to_owned(), 2.0)]);
    let hours = [9, 24 + 9, 24 + 23].map(|hour| appeal.week.at(hour));
    assert_eq!((hours, appeal.week.at(10)), ([HOURS as f64 / 3.0; 3], 0.0));
}

#[test]
fn a_list_of_past_cases_that_cannot_be_read_says_where() {
    let csv = "procedure,opened_at,matter\n\
        nothing,2026-03-02 09:15,\nappeal,yesterday,\nappeal,2026-03-02 09:15,dragons\n";
    let told =
        read_came(csv, &BASE).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(told[0].starts_with("line 2: no procedure `nothing`; there are "), "{told:?}");
    assert!(told[1].starts_with("line 3: `yesterday` is no time"), "{told:?}");
    assert_eq!(told[2], "line 4: no matter `dragons`");
    assert!(read_came("when\n2026-03-02\n", &BASE).is_err());
}

#[test]
fn what_people_did_they_do_again() {
    let spot = |action: &str| Spot {
        procedure: "appeal".to_owned(),
        state: "dispatched".to_owned(),
        action: action.to_owned(),
    };
    let mut now = at("2026-03-02T09:00");
    let mut did = Vec::new();
    for n in 0..20 {
        // Each comes at nine; each takes six minutes after the one before.
        let since = at("2026-03-02T09:00");
        now += jiff::SignedDuration::from_mins(6);
        let action = if n % 4 == 0 { "return" } else { "sign" };
        did.push(Did { spot: spot(action), post: Some(Uuid::from_u128(7).into()), since, at: now });
    }
    let mut habits = Habits::default();
    learn(&mut habits, &did, &BASE, &CALENDAR);
    assert_eq!((habits.weights[&spot("sign")], habits.weights[&spot("return")]), (0.75, 0.25));
    assert_eq!(habits.weights[&spot("recall")], 0.0, "nobody did it");
    let Time::Lognormal { median, .. } = habits.times[&spot("sign")] else { panic!("exponential") };
    assert!((median - 6.0).abs() < 1e-9);
    assert!(!habits.weights.keys().any(|it| it.state == "received"), "nothing is known of it");
}

/// Every procedure of `base` that something outside opens, with what the pack allows at random.
fn everything(weights: &[f64], order: Order) -> Setting {
    let mut setting = county(3.0);
    let ids = BASE.procedures.keys().filter(|id| !["every", "approval"].contains(&id.as_str()));
    setting.streams = ids
        .map(|id| Stream {
            procedure: id.clone(),
            per_day: 2.0,
            week: Week::usual(),
            matters: Vec::new(),
        })
        .collect();
    let mut weights = weights.iter().cycle();
    for (id, procedure) in &BASE.procedures {
        for (action, defined) in &procedure.actions {
            for state in &defined.from {
                let (procedure, state, action) = (id.clone(), state.clone(), action.clone());
                let weight = weights.next().copied().unwrap_or(1.0);
                setting.habits.weights.insert(Spot { procedure, state, action }, weight);
            }
        }
    }
    setting.habits.order = order;
    setting.habits.ballots = 0.5;
    setting
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_no_case_is_lost(
        weights in prop::collection::vec(0.0..1.0f64, 17),
        due in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let setting = everything(&weights, if due { Order::Due } else { Order::First });
        let outcome = simulate(&setting, &Run { extent: Extent::Cases(300), ..month(seed) });
        let mut opened = 0;
        for (id, procedure) in &outcome.procedures {
            prop_assert_eq!(procedure.opened, procedure.ended + procedure.open, "{}", id);
            prop_assert_eq!(procedure.ended, procedure.ends.values().sum::<u64>(), "{}", id);
            prop_assert!(procedure.late <= procedure.opened, "{}", id);
            opened += procedure.opened;
        }
        let refused = outcome.refusals.iter().filter(|it| it.action == "open").map(|it| it.times);
        prop_assert!(opened + refused.sum::<u64>() >= 300);
        prop_assert!(outcome.posts.iter().all(|post| post.load <= 1.0 + 1e-9));
    }
}
