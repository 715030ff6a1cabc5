//! Counters are what a recount of all cases gives, whatever happened to them on the way.

use crate::history::{GRID, History, Known, live, long, moment, steps};
use crate::promise;
use crate::world::*;
use jiff::civil::Date;
use model::PlaceId;
use model::rates::{ByDay, CountedAs, Counters, Measure, contributions, local_day};
use proptest::prelude::*;
use rowdb::{Options, Tx, testing};
use std::collections::BTreeMap;
use store::tallies::{self, Histogram, Period};

const PLACES: [PlaceId; 5] = [COUNTY, STREET, VILLAGE, OTHER_VILLAGE, GRID];

fn counted_as(known: &Known) -> CountedAs {
    CountedAs::of(known.link.map(|it| it.1))
}

fn is_in(known: &Known, place: PlaceId) -> bool {
    known.path.contains(&Some(place))
}

fn requests(history: &History, place: PlaceId) -> impl Iterator<Item = &Known> {
    let here = history.cases.iter().filter(move |it| is_in(it, place));
    here.filter(|it| counted_as(it) == CountedAs::Request)
}

fn add(sum: &mut Counters, days: &ByDay, period: Period) {
    let within = |day: Date| period.from <= day && day < period.until;
    for (_, counters) in days.iter().filter(|(day, _)| within(**day)) {
        sum.0.iter_mut().zip(counters.0).for_each(|(to, n)| *to += n);
    }
}

fn total(history: &History, place: PlaceId, period: Period) -> Counters {
    let mut sum = Counters::default();
    for known in history.cases.iter().filter(|it| is_in(it, place)) {
        add(&mut sum, &contributions(&known.state, counted_as(known)), period);
    }
    sum
}

fn by(
    history: &History,
    place: PlaceId,
    period: Period,
    key: fn(&Known) -> Option<String>,
) -> BTreeMap<String, Counters> {
    let mut sums = BTreeMap::new();
    for known in requests(history, place) {
        if let Some(key) = key(known) {
            let days = contributions(&known.state, CountedAs::Request);
            add(sums.entry(key).or_default(), &days, period);
        }
    }
    without_zeros(sums)
}

fn took(history: &History, place: PlaceId, period: Period) -> Histogram {
    let mut found = Histogram::default();
    for known in requests(history, place) {
        let opened = local_day(known.state.opened_at);
        if let (Some(end), true) =
            (known.state.ended_at, period.from <= opened && opened < period.until)
        {
            let days = (local_day(end) - opened).get_days().into();
            *found.0.entry(days).or_default() += 1;
        }
    }
    found
}

fn without_zeros<K: Ord>(mut sums: BTreeMap<K, Counters>) -> BTreeMap<K, Counters> {
    sums.retain(|_, counters| !counters.is_zero());
    sums
}

/// Compares all that can be read with a recount.
async fn recount(tx: &mut Tx, history: &History, period: Period) -> store::Result<()> {
    let months = Period {
        from: period.from.first_of_month(),
        until: (period.until.yesterday().unwrap().last_of_month()).tomorrow().unwrap(),
    };
    for place in PLACES {
        assert_eq!(tallies::sum(tx, place, period).await?, total(history, place, period));
        let matters = without_zeros(tallies::by_matter(tx, place, period).await?);
        assert_eq!(
            matters,
            by(history, place, months, |it| it.state.matter.clone().map(Into::into))
        );
        let units = without_zeros(tallies::by_unit(tx, place, period).await?);
        let units = units.into_iter().map(|(org, it)| (org.to_string(), it)).collect();
        let unit = |it: &Known| it.state.org("unit").map(|org| org.to_string());
        assert_eq!(by(history, place, months, unit), units);
        let mut durations = tallies::durations(tx, place, period).await?;
        durations.0.retain(|_, n| *n != 0);
        assert_eq!(durations, took(history, place, months));
    }
    let below = without_zeros(tallies::by_place(tx, STREET, period).await?);
    let villages = [VILLAGE, OTHER_VILLAGE].map(|it| (it, total(history, it, period)));
    assert_eq!(below, without_zeros(villages.into()));
    let below = without_zeros(tallies::by_place(tx, VILLAGE, period).await?);
    assert_eq!(below, without_zeros([(GRID, total(history, GRID, period))].into()));
    Ok(())
}

fn periods() -> impl Strategy<Value = Period> {
    (0i64..160, 0i64..160).prop_map(|(from, days)| Period {
        from: local_day(moment(from)),
        until: local_day(moment(from + days)).tomorrow().unwrap(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn counters_are_what_a_recount_gives(steps in steps(), period in periods()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = testing::sqlite();
            let db = place.open(Options::default()).await.unwrap();
            db.migrate(store::MIGRATIONS).await.unwrap();
            let history = History::of(&steps);
            let counted = db.command(move |tx| {
                let history = history.clone();
                Box::pin(async move {
                    live(tx, &history).await?;
                    recount(tx, &history, Period::ALL).await?;
                    recount(tx, &history, period).await
                })
            });
            counted.await.unwrap();
            db.close().await;
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_is_counted_alike_on_both_engines() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            let joined = history.cases.iter().filter(|it| counted_as(it) == CountedAs::Joined);
            assert!(joined.count() > 1, "some are joined to others");
            for (from, until) in [(0, 0), (5, 90), (44, 45), (70, 220)] {
                let [from, until] = [from, until].map(|n| local_day(moment(n)));
                recount(tx, &history, Period { from, until: until.tomorrow().unwrap() }).await?;
            }
            recount(tx, &history, Period::ALL).await
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_case_is_no_longer_counted_as_ended() {
    promise(|tx| {
        Box::pin(async move {
            let mut history = History::of(&[(0, 0, 3), (7, 0, 0)]);
            let ended = history.cases[0].state.end;
            assert_eq!(ended, Some(model::cases::End::Solved));
            live(tx, &history).await?;
            let sum = tallies::sum(tx, COUNTY, Period::ALL).await?;
            assert_eq!((sum.get(Measure::Opened), sum.get(Measure::Solved)), (1, 1));
            assert_eq!(tallies::durations(tx, COUNTY, Period::ALL).await?.count(), 1);
            history = History::of(&[(0, 0, 3), (7, 0, 0), (8, 0, 0)]);
            let reopening = history.drafts.pop().unwrap();
            store::journal::record(tx, reopening).await?;
            crate::history::seal_all(tx).await?;
            let sum = tallies::sum(tx, COUNTY, Period::ALL).await?;
            assert_eq!((sum.get(Measure::Opened), sum.get(Measure::Solved)), (1, 0));
            assert_eq!(tallies::durations(tx, COUNTY, Period::ALL).await?.count(), 0);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_unknown_counts_nothing() {
    promise(|tx| {
        Box::pin(async move {
            let nowhere = PlaceId(uuid::Uuid::nil());
            assert!(tallies::sum(tx, nowhere, Period::ALL).await?.is_zero());
            assert!(tallies::by_place(tx, nowhere, Period::ALL).await?.is_empty());
            assert_eq!(tallies::durations(tx, nowhere, Period::ALL).await?.quantile(500), None);
            Ok(())
        })
    })
    .await;
}
