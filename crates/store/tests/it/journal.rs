//! The journal only grows, its entries read back, and each kind of entry reaches its table.

use crate::world::*;
use crate::{on_each_engine, promise};
use model::EntryId;
use model::journal::Event;
use rowdb::{Db, Engine, Tx};
use std::collections::BTreeSet;
use store::journal;

/// The kinds that the vocabulary names.
fn kinds() -> BTreeSet<String> {
    let vocabulary = include_str!("../../../model/src/journal.rs");
    let arms = vocabulary.lines().filter_map(|line| line.trim().strip_prefix("Self::"));
    arms.filter_map(|arm| arm.split('"').nth(1)).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_every_kind_is_recorded_and_reads_back() {
    let recorded: BTreeSet<String> =
        one_of_each().iter().map(|it| it.event.kind().to_owned()).collect();
    assert_eq!(recorded, kinds());
    promise(|tx| {
        Box::pin(async move {
            for draft in one_of_each() {
                let (id, private) = (draft.id, draft.private.clone());
                let entry = journal::record(tx, draft).await?;
                assert_eq!(journal::get(tx, id).await?.as_ref(), Some(&entry));
                assert_eq!(journal::text(tx, id).await?, entry.text().ok());
                let hashes = private.iter().map(|(field, it)| (field.clone(), it.hash()));
                assert_eq!(entry.private, hashes.collect());
            }
            assert_eq!(store::seal::waiting(tx, 1_000).await?.len(), one_of_each().len());
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_recorded_once() {
    on_each_engine(|db| async move {
        for fresh in [true, false] {
            let recorded = db.command(|tx| Box::pin(found(tx))).await;
            let refused = matches!(recorded, Err(store::Error::Db(rowdb::Error::Unique { .. })));
            assert_eq!((recorded.is_ok(), refused), (fresh, !fresh));
        }
    })
    .await;
}

async fn found(tx: &mut Tx) -> store::Result<()> {
    let founded = Event::Founded { key: "k".into(), origin: "county".into() };
    journal::record(tx, draft(0, founded)).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_refuses_to_be_changed_or_cut() {
    on_each_engine(|db| async move {
        db.command(|tx| Box::pin(found(tx))).await.unwrap();
        let before = body(&db).await;
        let mut attempts = vec!["UPDATE journal SET body = 'x'", "DELETE FROM journal"];
        if db.engine() == Engine::Postgres {
            attempts.push("TRUNCATE journal");
        }
        for attempt in attempts {
            let refused: Result<u64, rowdb::Error> =
                db.command(move |tx| Box::pin(tx.execute(attempt, &[]))).await;
            let refused = refused.unwrap_err();
            assert_eq!(
                refused,
                rowdb::Error::Refused("the journal only grows".into()),
                "{attempt}"
            );
        }
        assert_eq!(body(&db).await, before);
    })
    .await;
}

async fn body(db: &Db) -> Option<String> {
    db.read(|tx| Box::pin(journal::text(tx, entry(0)))).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entries_of_a_case_come_in_the_order_of_its_revisions() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, one_of_each()).await?;
            let ids = |entries: Vec<model::Entry>| entries.iter().map(|it| it.id).collect();
            let history: Vec<EntryId> = ids(journal::of_case(tx, CASE.0).await?);
            assert_eq!(history, [entry(150), entry(152)]);
            let joined: Vec<EntryId> = ids(journal::of_case(tx, JOINED.0).await?);
            assert_eq!(joined, [entry(151), entry(153), entry(178)]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_takes_the_value_and_leaves_the_entry_as_it_was_sealed() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, vec![opened(0, CASE, None)]).await?;
            let sealed = journal::text(tx, entry(0)).await?;
            let values = vec![(entry(0), "body".to_owned())];
            let reason = "asked by the person".to_owned();
            let erased = Event::Erased { person: None, values, files: vec![], reason };
            record_all(tx, vec![draft(1, erased)]).await?;
            assert_eq!(journal::private_value(tx, entry(0), "body").await?, None);
            let left = journal::private(tx, entry(0)).await?;
            assert_eq!(left.keys().collect::<Vec<_>>(), ["title"]);
            assert_eq!(journal::text(tx, entry(0)).await?, sealed);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_an_unknown_case_is_refused() {
    on_each_engine(|db| async move {
        let acted = db.command(|tx| {
            Box::pin(async move {
                record_all(tx, vec![acted(0, CASE, 2, &serde_json::json!({"state": "x"}))]).await
            })
        });
        assert!(matches!(acted.await, Err(store::Error::Missing { .. })));
        assert_eq!(body(&db).await, None, "nothing of it is kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_pack_loaded_is_the_current_one_and_earlier_ones_stay() {
    promise(|tx| {
        Box::pin(async move {
            let events =
                [pack_loaded("11", "1.0"), pack_loaded("22", "1.1"), pack_loaded("11", "1.0")];
            let drafts = events.into_iter().zip(0..).map(|(event, n)| draft(n, event));
            record_all(tx, drafts.collect()).await?;
            let settings = store::settings(tx).await?;
            assert_eq!(settings.get(store::settings::PACK).map(String::as_str), Some("11"));
            let packs = store::packs(tx).await?;
            let loaded: Vec<_> = packs.iter().map(|it| (it.hash.as_str(), it.loaded_at)).collect();
            assert_eq!(loaded, [("11", at(0)), ("22", at(1))]);
            assert_eq!(store::pack_flat(tx, "22").await?.as_deref(), Some("{\"v\":\"1.1\"}"));
            assert_eq!(store::pack_flat(tx, "33").await?, None);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_is_kept_as_its_canonical_text() {
    promise(|tx| {
        Box::pin(async move {
            let calendar = serde_json::json!({"years": [2026], "hours": {"b": 2, "a": 1}});
            record_all(tx, vec![draft(0, Event::CalendarSet { calendar })]).await?;
            let settings = store::settings(tx).await?;
            let text = settings.get(store::settings::CALENDAR).map(String::as_str);
            assert_eq!(text, Some("{\"hours\":{\"a\":1,\"b\":2},\"years\":[2026]}"));
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_entries_leave_the_queue_and_lie_at_their_position() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, county()).await?;
            let first = store::seal::waiting(tx, 2).await?;
            let ids: Vec<_> = first.iter().map(|it| it.entry).collect();
            assert_eq!(ids, [entry(0), entry(1)]);
            for (position, waiting) in (0..).zip(&first) {
                assert_eq!(Some(&waiting.body), journal::text(tx, waiting.entry).await?.as_ref());
                store::seal::insert(tx, [(position, waiting.entry, vec![position as u8])]).await?;
            }
            let queued: Vec<i64> = first.iter().map(|it| it.n).collect();
            store::seal::done(tx, &queued).await?;
            assert_eq!(store::seal::size(tx).await?, 2);
            assert_eq!(store::seal::position(tx, entry(1)).await?, Some(1));
            assert_eq!(store::seal::position(tx, entry(2)).await?, None);
            assert_eq!(store::seal::waiting(tx, 1).await?.first().unwrap().entry, entry(2));
            let records = store::seal::records(tx, &[1, 5]).await?;
            assert_eq!(records, [(1, vec![1])].into_iter().collect());
            let page = store::seal::page(tx, 1, 9).await?;
            assert_eq!(page.iter().map(|it| (it.0, it.1)).collect::<Vec<_>>(), [(1, entry(1))]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_newest_checkpoint_is_kept() {
    promise(|tx| {
        Box::pin(async move {
            assert_eq!(store::seal::checkpoint(tx).await?, None);
            store::seal::keep_checkpoint(tx, 1, "one").await?;
            store::seal::keep_checkpoint(tx, 2, "two").await?;
            assert_eq!(store::seal::checkpoint(tx).await?, Some((2, "two".into())));
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_to_seal_changes_hands_only_when_it_has_run_out_and_the_fence_grows() {
    promise(|tx| {
        Box::pin(async move {
            let take = store::seal::take_lease;
            assert_eq!(take(tx, "a", 0, 10).await?, Some(1));
            assert_eq!(take(tx, "a", 5, 15).await?, Some(1), "renewed");
            assert_eq!(take(tx, "b", 15, 25).await?, None, "still held");
            assert_eq!(take(tx, "b", 16, 26).await?, Some(2));
            assert_eq!(take(tx, "a", 20, 30).await?, None);
            Ok(())
        })
    })
    .await;
}
