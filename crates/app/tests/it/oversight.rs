//! Promises about figures, and about the stream of what happened.

use crate::filled::*;
use crate::testkit::*;
use app::oversight::{By, Durations, Feed, Figures, Rates, durations, feed, rates, tallies};
use app::{Error, Period};
use jiff::civil::date;
use model::PlaceId;
use model::access::Actor;

async fn place(kit: &Kit, code: &str) -> PlaceId {
    kit.county.shelf().await.unwrap().network.place_by_code(code).unwrap().id
}

async fn rates_of(kit: &Kit, actor: Actor, at: (&str, Period)) -> Rates {
    let (place, period) = (place(kit, at.0).await, at.1);
    let found = kit.county.look(actor, move |tx, mut work| {
        Box::pin(async move { rates(tx, &mut work, (place, period)).await })
    });
    found.await.unwrap()
}

async fn durations_of(kit: &Kit, actor: Actor, at: (&str, Period)) -> Durations {
    let (place, period) = (place(kit, at.0).await, at.1);
    let found = kit.county.look(actor, move |tx, mut work| {
        Box::pin(async move { durations(tx, &mut work, (place, period)).await })
    });
    found.await.unwrap()
}

async fn tallies_of(kit: &Kit, actor: Actor, (code, by): (&str, By)) -> Result<Figures, Error> {
    let place = place(kit, code).await;
    let found = kit.county.look(actor, move |tx, mut work| {
        Box::pin(async move { tallies(tx, &mut work, (place, by, Period::ALL)).await })
    });
    found.await
}

#[tokio::test]
async fn the_figures_of_an_imported_file_are_computed() {
    for_each_filled(|kit, filled| async move {
        let worker = filled.worker.actor();
        let all = rates_of(&kit, worker.clone(), (COUNTY, Period::ALL)).await;
        let again = all.rates["redispatched"];
        // The resident's own case was dispatched once.
        assert_eq!((again.numerator, again.denominator), (Some(12), Some(33)));
        let closed = all.rates["closed"];
        assert_eq!((closed.numerator, closed.denominator), (Some(0), Some(0)));
        assert_eq!((closed.excluded, closed.basis_points), (Some(41), None));

        // Those opened before 2026; numpy says 6, 10.5, 18, 25.5, 45 of the 31 whose days are known.
        let past = Period { from: date(2000, 1, 1), until: date(2026, 1, 1) };
        let took = durations_of(&kit, worker, (COUNTY, past)).await;
        assert_eq!(took.count, Some(31));
        let found = [took.p50, took.p75, took.p90, took.p95, took.max];
        assert_eq!(found, [600, 1050, 1800, 2550, 4500].map(Some));
    })
    .await;
}

#[tokio::test]
async fn counts_by_place_are_of_the_places_directly_below() {
    for_each_filled(|kit, filled| async move {
        let worker = filled.worker.actor();
        let streets = tallies_of(&kit, worker.clone(), (COUNTY, By::Place)).await.unwrap();
        let asked = |figures: &Figures| -> Vec<(String, Option<i64>)> {
            figures.rows.iter().map(|row| (row.key.clone(), row.counts["asked"])).collect()
        };
        assert_eq!(asked(&streets), [(STREET.to_owned(), Some(33))]);
        assert_eq!(streets.rows[0].title, "桥头街道");
        let grids = tallies_of(&kit, worker, (COMMUNITY, By::Place)).await.unwrap();
        let expected = [(GRID.to_owned(), Some(10)), (OTHER_GRID.to_owned(), Some(9))];
        assert_eq!(asked(&grids), expected);
    })
    .await;
}

#[tokio::test]
async fn the_public_sees_no_cell_under_five() {
    for_each_filled(|kit, filled| async move {
        for actor in [Actor::Visitor, Actor::Resident { person: filled.resident }] {
            let all = rates_of(&kit, actor.clone(), (GRID, Period::ALL)).await;
            let staff = rates_of(&kit, filled.worker.actor(), (GRID, Period::ALL)).await;
            let shown = |rates: &Rates| rates.rates["redispatched"].numerator;
            assert!(shown(&staff).is_some_and(|n| n > 0 && n < 5), "{staff:?}");
            assert_eq!(shown(&all), None);

            let grids = tallies_of(&kit, actor, (COMMUNITY, By::Place)).await.unwrap();
            for row in &grids.rows {
                assert!(row.counts.values().flatten().all(|n| *n == 0 || *n >= 5), "{row:?}");
                assert!(row.counts["asked"].is_some());
            }
        }
        let lone = Period { from: date(2026, 3, 1), until: date(2026, 4, 1) };
        let public = durations_of(&kit, Actor::Visitor, (GRID, lone)).await;
        assert_eq!((public.count, public.p50), (None, None));
        let staff = durations_of(&kit, filled.worker.actor(), (GRID, lone)).await;
        assert_eq!((staff.count, staff.p50), (Some(1), Some(0)));
    })
    .await;
}

#[tokio::test]
async fn each_post_is_told_of_what_it_may_see_and_of_nothing_else() {
    for_each_filled(|kit, filled| async move {
        let told = |actor: Actor, from: u64| {
            kit.county.look(actor, move |tx, mut work| {
                Box::pin(async move { feed(tx, &mut work, (from, 1_000)).await })
            })
        };
        let own: Feed = told(Actor::Resident { person: filled.resident }, 0).await.unwrap();
        let actions: Vec<_> = own.items.iter().map(|it| it.action.as_str()).collect();
        assert_eq!(actions, ["open", "withdraw"]);
        assert!(own.items.iter().all(|it| it.case == filled.case && it.state == "withdrawn"));
        assert_eq!(
            told(Actor::Resident { person: filled.resident }, own.next).await.unwrap().items,
            []
        );

        let elsewhere = kit.seat("grid_worker", OTHER_GRID, "网格乙").await;
        let there = told(elsewhere.actor(), 0).await.unwrap();
        assert!(!there.items.is_empty() && there.items.iter().all(|it| it.case != filled.case));
        // Of the nine requests of that grid, those that are 举报 stay with named posts.
        assert!(there.items.len() < 9);
        assert_eq!(code(told(Actor::Visitor, 0).await), "unauthenticated");
    })
    .await;
}
