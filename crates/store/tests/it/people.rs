//! Holders, names and telephones, service visits and the census.

use crate::promise;
use crate::world::*;
use model::PersonId;
use model::journal::{Event, Visit};
use model::people::Absence;
use store::people::counts::{self, Manning, Visits};
use store::people::{self, Contact};
use uuid::Uuid;

fn contact(name: Option<&str>, phone: Option<&str>) -> Contact {
    Contact { name: name.map(str::to_owned), phone: phone.map(str::to_owned) }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_telephones_are_found_for_many_persons_at_once() {
    promise(|tx| {
        Box::pin(async move {
            let person = |n: i64| PersonId(Uuid::from_u128(0x3_0000 + n as u128));
            let added = (0..40).map(|n| {
                let draft = draft(n, Event::PersonAdded { person: person(n) });
                with(with(draft, "name", &format!("人{n}")), "phone", &format!("1380000{n:04}"))
            });
            record_all(tx, added.collect()).await?;
            let asked: Vec<_> = (0..41).map(person).collect();
            let before = tx.statements();
            let found = people::contacts(tx, &asked).await?;
            assert_eq!(tx.statements() - before, 2);
            assert_eq!(found.len(), 40, "the last is unknown");
            assert_eq!(found[&person(39)], contact(Some("人39"), Some("13800000039")));
            assert_eq!(people::contact(tx, person(40)).await?, Contact::default());
            assert!(people::contacts(tx, &[]).await?.is_empty());
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_name_is_gone_and_the_telephone_stays() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, one_of_each()).await?;
            let of_lin = people::entry_of(tx, LIN).await?.unwrap();
            let values = vec![(of_lin, "name".to_owned())];
            let erased =
                Event::Erased { person: Some(LIN), values, files: vec![], reason: "asked".into() };
            record_all(tx, vec![draft(300, erased)]).await?;
            assert_eq!(people::contact(tx, LIN).await?, contact(None, Some("13800000000")));
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_is_reached_by_the_telephone_given_last() {
    promise(|tx| {
        Box::pin(async move {
            let registered = Event::ResidentRegistered { person: RESIDENT, key: "key".into() };
            let registered = with(draft(1, registered), "phone", "13900000000");
            record_all(tx, vec![registered]).await?;
            assert_eq!(people::contact(tx, RESIDENT).await?, contact(None, Some("13900000000")));
            let changed = Event::PhoneChanged { person: RESIDENT, key: "other".into() };
            let changed = with(draft(2, changed), "phone", "13700000000");
            record_all(tx, vec![changed]).await?;
            assert_eq!(people::contact(tx, RESIDENT).await?, contact(None, Some("13700000000")));
            let of = async |tx: &mut rowdb::Tx, key| store::access::resident_by_key(tx, key).await;
            assert!(of(tx, "key").await?.is_none());
            assert_eq!(of(tx, "other").await?.map(|it| it.person), Some(RESIDENT));
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_appointed_again_on_the_day_of_dismissal_holds_the_post() {
    promise(|tx| {
        Box::pin(async move {
            let until = day("2026-03-01");
            let dismissed = Event::Dismissed { post: DESK, person: LIN, until };
            let steps = [
                appointed(DESK, LIN, "2026-01-01"),
                dismissed.clone(),
                appointed(DESK, LIN, "2026-03-01"),
                dismissed,
                appointed(DESK, LIN, "2026-03-01"),
            ];
            let drafts = steps.into_iter().zip(0..).map(|(event, n)| draft(n, event));
            record_all(tx, drafts.collect()).await?;
            let spans: Vec<_> =
                people::holdings(tx).await?.iter().map(|it| (it.from, it.until)).collect();
            assert_eq!(spans, [(day("2026-01-01"), Some(until)), (until, None)]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dismissal_shortens_and_never_lengthens() {
    promise(|tx| {
        Box::pin(async move {
            let dismissed = |n, until: &str| {
                let until = day(until);
                draft(n, Event::Dismissed { post: DESK, person: LIN, until })
            };
            let steps = vec![
                draft(0, appointed(DESK, LIN, "2026-01-01")),
                dismissed(1, "2026-03-01"),
                dismissed(2, "2026-05-01"),
            ];
            record_all(tx, steps).await?;
            assert_eq!(people::holdings(tx).await?[0].until, Some(day("2026-03-01")));
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_said_again_has_its_new_end() {
    promise(|tx| {
        Box::pin(async move {
            let away = |n, until: &str| {
                let absence = Absence { person: LIN, from: day("2026-05-01"), until: day(until) };
                draft(n, Event::AbsenceSet { absence })
            };
            record_all(tx, vec![away(0, "2026-05-08"), away(1, "2026-05-03")]).await?;
            let absences = people::absences(tx).await?;
            assert_eq!(absences.iter().map(|it| it.until).collect::<Vec<_>>(), [day("2026-05-03")]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_counts_for_its_place_and_all_above_it_on_its_day() {
    promise(|tx| {
        Box::pin(async move {
            let visit = |n, place, kind: &str, on: &str, people| {
                let (kind, day) = (kind.to_owned(), day(on));
                let visit = Visit { post: LEADER, place, kind, day, people };
                draft(n, Event::VisitRecorded { visit })
            };
            record_all(tx, county()).await?;
            let visits = vec![
                visit(20, VILLAGE, "care", "2026-09-01", 3),
                visit(21, VILLAGE, "care", "2026-09-01", 2),
                visit(22, OTHER_VILLAGE, "care", "2026-09-02", 1),
                visit(23, VILLAGE, "safety", "2026-09-03", 1),
                visit(24, VILLAGE, "care", "2026-10-01", 9),
            ];
            record_all(tx, visits).await?;
            let september = (day("2026-09-01"), day("2026-10-01"));
            let of = |visits, people| Visits { visits, people };
            let county = counts::visits(tx, COUNTY, september.0, september.1).await?;
            let expected = [("care".to_owned(), of(3, 6)), ("safety".to_owned(), of(1, 1))];
            assert_eq!(county, expected.into());
            let other = counts::visits(tx, OTHER_VILLAGE, september.0, september.1).await?;
            assert_eq!(other, [("care".to_owned(), of(1, 1))].into());
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_census_counts_what_there_is_on_the_day() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, one_of_each()).await?;
            let manning = |posts, held| Manning { posts, held };
            let june = counts::census(tx, COUNTY, day("2026-06-01")).await?;
            assert_eq!(june.places, [(0, 1), (1, 1), (2, 2)].into());
            let posts =
                [("clerk", manning(1, 0)), ("desk", manning(1, 1)), ("leader", manning(1, 1))];
            assert_eq!(june.posts, posts.map(|(role, it)| (role.to_owned(), it)).into());
            assert_eq!(june.households, 2);
            let september = counts::census(tx, COUNTY, day("2026-09-01")).await?;
            assert_eq!(september.places, [(0, 1), (1, 1), (2, 1)].into());
            let posts = [("desk", manning(1, 0)), ("leader", manning(1, 1))];
            assert_eq!(september.posts, posts.map(|(role, it)| (role.to_owned(), it)).into());
            let street = counts::census(tx, STREET, day("2026-09-01")).await?;
            assert_eq!(street.posts.keys().collect::<Vec<_>>(), ["leader"]);
            Ok(())
        })
    })
    .await;
}
