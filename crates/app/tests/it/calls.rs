//! Promises about masked calls.

use crate::testkit::*;
use app::BoxFuture;
use app::access::register_resident;
use app::journal::my_data;
use app::people::{Line, Pair, Switchboard};
use jiff::SignedDuration;
use model::access::Actor;
use std::sync::Mutex;

/// A switchboard that connects, or is out of order, and keeps whom it was to connect.
#[derive(Default)]
struct Fake {
    broken: bool,
    pairs: Mutex<Vec<(String, String)>>,
}

impl Switchboard for Fake {
    fn connect<'a>(&'a self, pair: &'a Pair) -> BoxFuture<'a, Result<Line, String>> {
        self.pairs.lock().unwrap().push((pair.caller.clone(), pair.called.clone()));
        let broken = self.broken;
        Box::pin(async move {
            match broken {
                true => Err("answered 500".to_owned()),
                false => Ok(Line {
                    number: "17000001234".to_owned(),
                    expires_at: START.parse().unwrap(),
                }),
            }
        })
    }
}

async fn resident(kit: &Kit, phone: &str) -> Actor {
    let phone = phone.to_owned();
    let registered = kit.county.run(init(), move |tx, mut work| {
        let phone = phone.clone();
        Box::pin(async move { register_resident(tx, &mut work, &phone).await })
    });
    Actor::Resident { person: registered.await.unwrap() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_is_connected_with_a_post_and_whoever_holds_it_can_read_that() {
    for_each_county(async |kit| {
        let worker = kit.seat("grid_worker", GRID, "苏网格").await;
        let lin = resident(&kit, "13900001234").await;
        let fake = Fake::default();
        let line = kit.county.call(Some(&fake), (lin, worker.post)).await.unwrap();
        assert_eq!(line.number, "17000001234");
        let pair = ("13900001234".to_owned(), "13812341234".to_owned());
        assert_eq!(*fake.pairs.lock().unwrap(), [pair]);
        let held = see!(kit, worker.actor(), |tx, work| my_data(tx, &mut { work })).unwrap();
        assert_eq!((held.calls[0].post, held.calls[0].by), (worker.post, None));
        let body = see!(kit, init(), |tx, _work| async move {
            let found = store::journal::of_kind(tx, "called", 9).await?;
            Ok::<_, app::Error>(found[0].text().unwrap())
        });
        let body = body.unwrap();
        assert!(!body.contains("139") && !body.contains("138"), "{body}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_line_without_a_switchboard_a_number_or_a_holder() {
    for_each_county(async |kit| {
        let worker = kit.seat("grid_worker", GRID, "苏网格").await;
        let lin = resident(&kit, "13900001234").await;
        let fake = Fake { broken: true, ..Fake::default() };
        let call = async |switchboard: Option<&dyn Switchboard>, actor: &Actor, post| {
            code(kit.county.call(switchboard, (actor.clone(), post)).await)
        };
        assert_eq!(call(None, &lin, worker.post).await, "no_switchboard");
        assert_eq!(call(Some(&fake), &lin, worker.post).await, "not_connected");
        assert_eq!(call(Some(&fake), &Actor::Visitor, worker.post).await, "unauthenticated");
        let vacant = kit.post("grid_worker", OTHER_GRID).await;
        assert_eq!(call(Some(&fake), &lin, vacant).await, "not_found");
        let silent = kit.person("陈网格", None).await;
        kit.appoint(vacant, silent, 0).await;
        assert_eq!(call(Some(&fake), &lin, vacant).await, "not_found");
        let silent = Seat { post: vacant, person: silent };
        assert_eq!(call(Some(&fake), &silent.actor(), worker.post).await, "no_own_phone");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_calls_more_than_twenty_times_a_day() {
    for_each_county(async |kit| {
        let worker = kit.seat("grid_worker", GRID, "苏网格").await;
        let lin = resident(&kit, "13900001234").await;
        let fake = Fake::default();
        for _ in 0..20 {
            kit.county.call(Some(&fake), (lin.clone(), worker.post)).await.unwrap();
        }
        let more = kit.county.call(Some(&fake), (lin.clone(), worker.post)).await;
        assert_eq!(code(more), "too_many");
        kit.clock.forward(SignedDuration::from_hours(24));
        kit.county.call(Some(&fake), (lin, worker.post)).await.unwrap();
    })
    .await;
}
