//! Places, outlines and households as the journal says, and the network loaded from them.

use crate::promise;
use crate::world::*;
use model::journal::Event;
use model::people::Absence;
use model::territory::Level;
use rowdb::Tx;
use serde_json::json;
use store::territory::{self, Household};

fn levels() -> Vec<Level> {
    let level = |id: &str| Level { id: id.into(), title: id.into() };
    ["county", "street", "village"].map(level).into()
}

async fn network(tx: &mut Tx) -> store::Result<model::Network> {
    territory::network(tx, levels(), "desk@county").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_is_loaded_as_it_was_recorded() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, one_of_each()).await?;
            let before = tx.statements();
            let network = network(tx).await?;
            assert_eq!(tx.statements() - before, 7);
            assert_eq!(network.path(VILLAGE), [Some(COUNTY), Some(STREET), Some(VILLAGE)]);
            let village = network.place_by_code("350405001202-old").unwrap();
            assert_eq!((village.id, village.name.as_str()), (VILLAGE, "新村"));
            let other = network.place(OTHER_VILLAGE).unwrap();
            assert!(other.exists_on(day("2026-06-30")) && !other.exists_on(day("2026-07-01")));
            let successor = network.living_org(OFFICE, day("2026-09-01")).unwrap();
            assert_eq!(successor.id, BUREAU);
            assert_eq!(network.person(LEADER, day("2026-09-30")), Some(LIN));
            assert_eq!(network.person(LEADER, day("2026-10-07")), None, "away");
            assert_eq!(network.person(DESK, day("2026-08-31")), Some(CHEN));
            assert_eq!(network.person(DESK, day("2026-09-01")), None, "dismissed");
            assert_eq!(network.post(CLERK).unwrap().until, Some(day("2026-09-01")));
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_has_a_new_version_after_each_change_and_no_other_entry() {
    promise(|tx| {
        Box::pin(async move {
            assert_eq!(territory::network_version(tx).await?, 0);
            record_all(tx, county()).await?;
            let version = territory::network_version(tx).await?;
            assert_eq!(version, 9);
            assert_eq!(network(tx).await?.version, version);
            let outline = json!([[[0, 0], [1, 0], [1, 1]]]);
            let drawn = Event::PlaceDrawn { place: VILLAGE, outline };
            record_all(tx, vec![opened(20, CASE, None), draft(21, drawn)]).await?;
            assert_eq!(territory::network_version(tx).await?, version);
            let settings = store::settings(tx).await?;
            assert_eq!(settings.get(store::settings::OUTLINES).map(String::as_str), Some("1"));
            let absence =
                Absence { person: LIN, from: day("2026-01-01"), until: day("2026-01-02") };
            record_all(tx, vec![draft(22, Event::AbsenceSet { absence })]).await?;
            assert_eq!(territory::network_version(tx).await?, version + 1);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_drawn_again_has_its_new_outline_and_levels_do_not_mix() {
    promise(|tx| {
        Box::pin(async move {
            let drawn = |n, place, x| {
                draft(n, Event::PlaceDrawn { place, outline: json!([[[x, 0], [x, 1], [1, 1]]]) })
            };
            record_all(tx, county()).await?;
            let drawings = vec![
                drawn(20, OTHER_VILLAGE, 3),
                drawn(21, VILLAGE, 1),
                drawn(22, VILLAGE, 2),
                drawn(23, STREET, 4),
            ];
            record_all(tx, drawings).await?;
            let villages = territory::outlines(tx, 2).await?;
            let shape = |x| json!([[[x, 0], [x, 1], [1, 1]]]);
            assert_eq!(villages, [(VILLAGE, shape(2)), (OTHER_VILLAGE, shape(3))]);
            assert_eq!(territory::outline(tx, STREET).await?, Some(shape(4)));
            assert_eq!(territory::outline(tx, COUNTY).await?, None);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_given_once() {
    crate::on_each_engine(|db| async move {
        let twice = db.command(|tx| {
            Box::pin(async move {
                let again = draft(20, place(OTHER_VILLAGE, Some(STREET), 2, "350405001"));
                record_all(tx, county().into_iter().take(3).chain([again]).collect()).await
            })
        });
        let constraint = "place(code)".to_owned();
        let expected = rowdb::Error::Unique { constraint };
        assert!(matches!(twice.await, Err(store::Error::Db(error)) if error == expected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_shows_its_address_until_it_is_erased() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, one_of_each()).await?;
            let [first, second] = HOUSEHOLDS;
            let expected = |id, n, address: Option<&str>, wish: Option<&str>| Household {
                id,
                place: VILLAGE,
                n,
                entry: entry(124),
                address: address.map(str::to_owned),
                wish: wish.map(str::to_owned),
            };
            let both = [
                expected(first, 0, Some("村口路1号"), None),
                expected(second, 1, Some("村口路2号"), Some("请晚上来")),
            ];
            assert_eq!(territory::households(tx, VILLAGE).await?, both);
            let values = vec![(entry(124), "address.1".to_owned())];
            let reason = "moved away".to_owned();
            let erased = Event::Erased { person: None, values, files: vec![], reason };
            record_all(tx, vec![draft(300, erased)]).await?;
            let left = territory::household(tx, second).await?;
            assert_eq!(left, Some(expected(second, 1, None, Some("请晚上来"))));
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn households_are_counted_in_a_place_and_all_below() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, one_of_each()).await?;
            for (place, expected) in [(COUNTY, 2), (STREET, 2), (VILLAGE, 2), (OTHER_VILLAGE, 0)] {
                assert_eq!(territory::count_households(tx, place).await?, expected);
            }
            assert_eq!(territory::households(tx, STREET).await?, [], "directly in it");
            Ok(())
        })
    })
    .await;
}
