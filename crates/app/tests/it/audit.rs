//! Promises about the auditor's listing and about what people are told of their own data.

use crate::filled::*;
use crate::testkit::*;
use app::journal::{EntryFilter, Listing, entries, my_data, who_looked};
use jiff::SignedDuration;
use jiff::civil::date;
use model::access::Actor;
use model::journal::Event;

async fn list(kit: &Kit, actor: Actor, filter: EntryFilter) -> Result<Listing, app::Error> {
    let listed = kit.county.look(actor, move |tx, mut work| {
        let filter = filter.clone();
        Box::pin(async move { entries(tx, &mut work, &filter).await })
    });
    listed.await
}

#[tokio::test]
async fn the_auditor_alone_reads_the_journal_and_finds_no_personal_text_in_it() {
    for_each_filled(|kit, filled| async move {
        let all = EntryFilter { limit: Some(200), ..EntryFilter::default() };
        let listing = list(&kit, filled.auditor.actor(), all.clone()).await.unwrap();
        let text = serde_json::to_string(&listing).unwrap();
        for personal in ["路灯不亮", "13900001111", "网格甲", "一号楼"] {
            assert!(!text.contains(personal), "{personal}");
        }
        assert!(listing.items.iter().any(|it| it.private.contains(&"contact".to_owned())));
        for other in [filled.worker.actor(), filled.security.actor()] {
            assert_eq!(code(list(&kit, other, all.clone()).await), "forbidden");
        }
    })
    .await;
}

#[tokio::test]
async fn the_listing_turns_pages_newest_first_and_misses_none() {
    for_each_filled(|kit, filled| async move {
        let mut filter = EntryFilter { limit: Some(7), ..EntryFilter::default() };
        let mut positions = Vec::new();
        loop {
            let page = list(&kit, filled.auditor.actor(), filter.clone()).await.unwrap();
            positions.extend(page.items.iter().map(|it| it.position));
            filter.before = page.next;
            if page.next.is_none() {
                break;
            }
        }
        let size = positions.len() as u64;
        assert!(size > 60);
        assert_eq!(positions, (0..size).rev().collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn the_listing_is_narrowed_by_kind_person_subject_and_day() {
    for_each_filled(|kit, filled| async move {
        let one = |filter: EntryFilter| {
            let (kit, auditor) = (&kit, filled.auditor.actor());
            async move { list(kit, auditor, filter).await.unwrap().items }
        };
        let kind = Some("revealed".to_owned());
        let found = one(EntryFilter { kind, ..EntryFilter::default() }).await;
        assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [filled.look]);
        assert_eq!(found[0].what.as_deref(), Some("回访"));

        let person = Some(filled.resident);
        let found = one(EntryFilter { person, ..EntryFilter::default() }).await;
        let ids: Vec<_> = found.iter().map(|it| it.id).collect();
        assert_eq!(ids, [filled.entries[1], filled.entries[0]]);

        let subject = Some(filled.case.0);
        assert_eq!(one(EntryFilter { subject, ..EntryFilter::default() }).await.len(), 2);

        kit.clock.forward(SignedDuration::from_hours(24));
        let key = "tomorrow".to_owned();
        let event = Event::ResidentRegistered { person: filled.resident, key };
        let tomorrow = record(&kit, event, &[]).await;
        let from = Some(date(2026, 3, 3));
        let found = one(EntryFilter { from, ..EntryFilter::default() }).await;
        assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [tomorrow]);
        let until = from;
        let found = one(EntryFilter { until, limit: Some(200), ..EntryFilter::default() }).await;
        assert!(found.len() > 60 && found.iter().all(|it| it.id != tomorrow));
        let from = Some(date(2026, 3, 4));
        assert!(one(EntryFilter { from, ..EntryFilter::default() }).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn people_see_what_is_held_of_them_and_who_looked_and_what_for() {
    for_each_filled(|kit, filled| async move {
        let (own, person) = (Actor::Resident { person: filled.resident }, filled.resident);
        let held = kit.county.look(own.clone(), |tx, mut work| {
            Box::pin(async move { my_data(tx, &mut work).await })
        });
        let held = held.await.unwrap();
        assert_eq!(held.cases, [filled.case]);
        assert_eq!(held.values, ["phone".to_owned()].into());
        let looks = |actor: Actor| {
            kit.county.look(actor, move |tx, mut work| {
                Box::pin(async move { who_looked(tx, &mut work, person).await })
            })
        };
        let seen = looks(own).await.unwrap();
        assert_eq!(seen, held.looks);
        assert_eq!(seen[0].entry, filled.look);
        assert_eq!((seen[0].post, seen[0].purpose.as_str()), (Some(filled.worker.post), "回访"));
        assert_eq!(looks(filled.auditor.actor()).await.unwrap(), seen);
        let stranger = Actor::Resident { person: uuid::Uuid::from_u128(0x99).into() };
        assert_eq!(code(looks(stranger).await), "forbidden");
        assert_eq!(code(looks(filled.worker.actor()).await), "forbidden");
    })
    .await;
}
