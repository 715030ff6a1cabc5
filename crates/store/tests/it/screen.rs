//! What a screen shows is what a recount gives: open and late cells, days, months, the newest steps.

use crate::history::{GRID, History, Known, PATHS, live, long, moment};
use crate::promise;
use crate::world::*;
use model::PlaceId;
use model::journal::Event;
use model::rates::{ByDay, CountedAs, Measure, contributions, local_day};
use rowdb::Engine;
use std::collections::BTreeMap;
use store::cases::{CellCount, open_by_cell, steps};
use store::tallies::{self, Period};

fn cells(history: &History, path: &[Option<PlaceId>], level: usize) -> Vec<CellCount> {
    let now = moment(60);
    let mut counts: BTreeMap<Option<PlaceId>, (i64, i64)> = BTreeMap::new();
    let open = history.cases.iter().filter(|it| it.state.end.is_none());
    for known in open.filter(|it| it.path.starts_with(path)) {
        let slot = counts.entry(known.path.get(level).copied().flatten()).or_default();
        slot.0 += 1;
        slot.1 += i64::from(known.state.clock.as_ref().is_some_and(|it| it.due_at < now));
    }
    counts.into_iter().map(|(cell, (open, late))| CellCount { cell, open, late }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn open_cases_are_counted_cell_by_cell() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            assert!(
                cells(&history, &[Some(COUNTY)], 2)
                    .iter()
                    .any(|it| 0 < it.late && it.late < it.open)
            );
            for path in PATHS {
                for depth in 1..=path.len() {
                    for level in 0..8 {
                        let path = &path[..depth];
                        let found = open_by_cell(tx, path, level, moment(60)).await?;
                        assert_eq!(found, cells(&history, path, level), "{path:?} {level}");
                    }
                }
            }
            Ok(())
        })
    })
    .await;
}

fn days(history: &History, place: PlaceId) -> ByDay {
    let mut sum = ByDay::new();
    for known in history.cases.iter().filter(|it| it.path.contains(&Some(place))) {
        for (day, counters) in contributions(&known.state, counted_as(known)) {
            let slot = sum.entry(day).or_default();
            slot.0.iter_mut().zip(counters.0).for_each(|(to, n)| *to += n);
        }
    }
    sum.retain(|_, counters| !counters.is_zero());
    sum
}

fn counted_as(known: &Known) -> CountedAs {
    CountedAs::of(known.link.map(|it| it.1))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_day_and_each_cell_is_counted() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            let all = days(&history, COUNTY);
            assert!(all.values().any(|it| it.get(Measure::Ended) > 0));
            assert_eq!(tallies::daily(tx, COUNTY, Period::ALL).await?, all);
            let period = Period {
                from: local_day(moment(20)).first_of_month(),
                until: local_day(moment(130)),
            };
            let within = |day: &jiff::civil::Date| period.from <= *day && *day < period.until;
            let mut some = days(&history, VILLAGE);
            some.retain(|day, _| within(day));
            assert_eq!(tallies::daily(tx, VILLAGE, period).await?, some);
            for (level, places) in
                [(1, vec![STREET]), (2, vec![VILLAGE, OTHER_VILLAGE]), (3, vec![GRID])]
            {
                let opened = |place: &PlaceId| -> i64 {
                    let days = days(&history, *place).into_iter().filter(|it| within(&it.0));
                    days.map(|it| it.1.get(Measure::Opened)).sum()
                };
                let wanted = places.iter().map(|it| (*it, opened(it))).collect();
                assert_eq!(tallies::opened(tx, level, period).await?, wanted);
            }
            Ok(())
        })
    })
    .await;
}

/// Entries about cases at a place that are not sensitive, the newest first.
fn told(history: &History, level: usize, place: PlaceId) -> Vec<model::EntryId> {
    let here = |id| {
        let known = history.cases.iter().find(|it| it.id == id).unwrap();
        !known.sensitive && known.path.get(level) == Some(&Some(place))
    };
    let about = history.drafts.iter().rev().filter(|it| match &it.event {
        Event::CaseOpened { opening } => here(opening.case),
        Event::CaseActed { act } => here(act.case),
        Event::CaseUnjoined { case, .. } => here(*case),
        _ => false,
    });
    about.map(|it| it.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_steps_of_a_place_are_told_and_none_of_sensitive_cases() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            assert!(history.cases.iter().any(|it| it.sensitive));
            for (level, place) in [(0, COUNTY), (2, VILLAGE), (3, GRID)] {
                let wanted = told(&history, level, place);
                for limit in [5, 1_000] {
                    let found = steps(tx, (level, place), 0, limit).await?;
                    let found: Vec<_> = found.iter().map(|it| it.entry.id).collect();
                    let most = wanted.len().min(usize::try_from(limit).unwrap());
                    assert_eq!(found, wanted[..most], "{level}");
                }
            }
            let all = steps(tx, (0, COUNTY), 0, 1_000).await?;
            let newer = steps(tx, (0, COUNTY), all[3].position, 1_000).await?;
            assert_eq!(newer.len(), 4);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_are_counted_in_an_index_alone_and_the_log_is_read_backwards() {
    let place = rowdb::testing::sqlite();
    let db = place.open(rowdb::Options::default()).await.unwrap();
    db.migrate(store::MIGRATIONS).await.unwrap();
    for (name, text) in store::statements(Engine::Sqlite) {
        let Some(name) = name.strip_prefix("store::cases::screen::") else { continue };
        let plan = crate::statements::plan(&db, &text).await;
        let by = if name.starts_with("CELLS") {
            "USING COVERING INDEX cases_open_path"
        } else {
            "SEARCH s"
        };
        assert!(plan[0].contains(by), "{name}: {plan:?}");
        assert!(!plan.iter().any(|it| it.contains("TEMP B-TREE")), "{name}: {plan:?}");
    }
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cases_behind_a_rate_are_found_by_their_day() {
    let place = rowdb::testing::sqlite();
    let db = place.open(rowdb::Options::default()).await.unwrap();
    db.migrate(store::MIGRATIONS).await.unwrap();
    for (name, text) in store::statements(Engine::Sqlite) {
        let Some(name) = name.strip_prefix("store::cases::basis::BASIS ") else { continue };
        let plan = crate::statements::plan(&db, &text).await;
        let index = match name.split(' ').next().unwrap() {
            "Promised" => "INDEX cases_promise",
            "Judged" => "INDEX cases_verdict",
            _ => "INDEX cases_",
        };
        assert!(plan[0].contains(index), "{name}: {plan:?}");
        assert!(!plan.iter().any(|it| it.contains("TEMP B-TREE")), "{name}: {plan:?}");
    }
    db.close().await;
}
