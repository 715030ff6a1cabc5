//! Promises about verifying, erasing, proofs and receipts.

use crate::filled::*;
use crate::testkit::*;
use app::Engine;
use app::journal::{
    Difference, Problem, Receipt, ReceiptError, VerifyReport, consistency, erase_person, proof,
    receipt, verify, verify_receipt,
};
use model::access::Actor;
use model::journal::Event;
use model::{EntryId, PersonId};
use rowdb::Value;
use store::snapshot::{Part, Table};
use tlog::{Checkpoint, Head, verify_consistency, verify_inclusion};

/// Verifies in a folder of its own.
pub async fn verified(kit: &Kit) -> Result<VerifyReport, app::Error> {
    let folder = tempfile::tempdir().unwrap();
    let scratch = format!("sqlite:{}", folder.path().join("scratch.db").display());
    verify(&kit.county, &scratch, &mut |_| {}).await
}

#[track_caller]
pub fn clean(report: &VerifyReport) {
    assert!(report.is_clean(), "{:#?}", report.differences);
}

#[tokio::test]
async fn a_county_that_was_only_written_by_acts_verifies() {
    for_each_filled(|kit, _| async move {
        let mut steps = Vec::new();
        let folder = tempfile::tempdir().unwrap();
        let scratch = format!("sqlite:{}", folder.path().join("scratch.db").display());
        let report = verify(&kit.county, &scratch, &mut |step| steps.push(step)).await.unwrap();
        clean(&report);
        assert!(report.entries > 60 && report.rows > 200, "{report:?}");
        assert_eq!(report.key, Some(kit.county.sealer().unwrap().verifier().to_string()));
        assert!(steps.len() > report.tables);
    })
    .await;
}

#[tokio::test]
async fn every_table_that_follows_from_the_journal_has_a_row_to_be_tampered_with() {
    for_each_filled(|kit, _| async move {
        for table in tables() {
            assert!(first(&kit, &table).await.is_some(), "{} is empty", table.name);
        }
    })
    .await;
}

#[tokio::test]
async fn a_byte_changed_in_any_column_of_any_table_is_found() {
    for_each_filled(|kit, _| async move {
        unlock(&kit).await;
        for table in tables() {
            // All columns on the embedded engine; one a table shows that the other is no different.
            let most = match kit.county.db().engine() {
                Engine::Sqlite => usize::MAX,
                Engine::Postgres => 1,
            };
            for column in (0..table.columns.len()).rev().take(most) {
                tampered(&kit, &table, column).await;
            }
        }
        clean(&verified(&kit).await.unwrap());
    })
    .await;
}

/// Changes a value, expects it to be found where it is, and puts it back.
async fn tampered(kit: &Kit, table: &Table, column: usize) {
    let row = first(kit, table).await.unwrap();
    let before = row[column].clone();
    let after = store::testing::altered(table.columns[column].kind, &before);
    let mut changed = row.clone();
    changed[column] = after.clone();
    set(kit, table, (&row, column, &after)).await;
    let name = format!("{}.{}", table.name, table.columns[column].name);
    match verified(kit).await {
        Ok(report) => {
            let found = report.differences.iter().any(|it| names(it, table, column));
            assert!(found, "{name}: {:#?}", report.differences);
        }
        // A position that is gone, or one too many, also shows as a log that will not stand still.
        Err(error) => panic!("{name}: {error}"),
    }
    set(kit, table, (&changed, column, &before)).await;
}

/// Whether a difference points at the table, or at the log that no longer fits it.
fn names(found: &Difference, table: &Table, column: usize) -> bool {
    let log = ["journal", "seal", "checkpoint"];
    let here = found.table == table.name
        && (found.column.is_empty() || found.column == table.columns[column].name);
    here || (log.contains(&table.name.as_str()) && log.contains(&found.table.as_str()))
}

#[tokio::test]
async fn rows_taken_away_or_without_an_entry_are_found() {
    for_each_filled(|kit, filled| async move {
        let place = tables().into_iter().find(|it| it.name == "place").unwrap();
        let row = first(&kit, &place).await.unwrap();
        delete(&kit, &place, &place.key_of(&row)).await;
        let found = verified(&kit).await.unwrap().differences;
        assert_eq!((found[0].table.as_str(), &found[0].problem), ("place", &Problem::Missing));

        put(&kit, &place, row.clone()).await;
        let mut another = row;
        another[0] = Value::Id(uuid::Uuid::from_u128(1));
        another[3] = Value::Text("990100999".to_owned());
        put(&kit, &place, another).await;
        let found = verified(&kit).await.unwrap().differences;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].problem, Problem::Extra);
        drop(filled);
    })
    .await;
}

#[tokio::test]
async fn a_private_value_may_be_missing_only_with_an_entry_that_says_so() {
    for_each_filled(|kit, filled| async move {
        let private = tables().into_iter().find(|it| it.name == "private").unwrap();
        let key = [Value::Id(filled.entries[0].0), Value::Text("contact".to_owned())];
        delete(&kit, &private, &key).await;
        let found = verified(&kit).await.unwrap().differences;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!((found[0].table.as_str(), &found[0].problem), ("private", &Problem::Missing));
        let key = format!("{}/contact", filled.entries[0]);
        assert_eq!(found[0].key, key);
    })
    .await;
}

pub async fn erase(
    kit: &Kit,
    actor: Actor,
    person: PersonId,
) -> Result<app::journal::Erasure, app::Error> {
    let erased = kit.county.run(actor, move |tx, mut work| {
        Box::pin(async move { erase_person(tx, &mut work, (person, "本人要求")).await })
    });
    let erased = erased.await;
    seal(kit).await;
    erased
}

async fn texts(kit: &Kit, entry: EntryId) -> usize {
    let read = kit.county.db().read(move |tx| Box::pin(store::journal::private(tx, entry)));
    read.await.unwrap().len()
}

#[tokio::test]
async fn erasing_a_person_leaves_no_word_of_theirs_and_a_journal_that_verifies() {
    for_each_filled(|kit, filled| async move {
        app::cases::index_new(&kit.county).await.unwrap();
        seal(&kit).await;
        assert_eq!(hits(&kit, &filled, "路灯").await, 1);
        let own = Actor::Resident { person: filled.resident };
        // The telephone; title, text and contact; the reason.
        assert_eq!(erase(&kit, own.clone(), filled.resident).await.unwrap().values, 5);
        for entry in filled.entries {
            assert_eq!(texts(&kit, entry).await, 0);
        }
        assert_eq!(hits(&kit, &filled, "路灯").await, 0);
        clean(&verified(&kit).await.unwrap());

        let again = erase(&kit, own, filled.resident).await.unwrap();
        assert_eq!((again.entry, again.values), (None, 0));
    })
    .await;
}

/// How many of a search's finds are the resident's case.
async fn hits(kit: &Kit, filled: &Filled, words: &str) -> usize {
    let words = Some(words.to_owned());
    let listed = kit.county.look(filled.worker.actor(), move |tx, mut work| {
        let filter = app::cases::ListCases { words: words.clone(), ..Default::default() };
        Box::pin(async move { app::cases::list(tx, &mut work, &filter).await })
    });
    listed.await.unwrap().items.iter().filter(|line| line.id == filled.case).count()
}

#[tokio::test]
async fn an_erased_value_put_back_by_hand_is_found() {
    for_each_filled(|kit, filled| async move {
        let private = tables().into_iter().find(|it| it.name == "private").unwrap();
        let key = [Value::Id(filled.entries[0].0), Value::Text("title".to_owned())];
        let kept = row(&kit, &private, &key).await.unwrap();
        erase(&kit, filled.security.actor(), filled.resident).await.unwrap();
        put(&kit, &private, kept).await;
        let found = verified(&kit).await.unwrap().differences;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!((found[0].table.as_str(), &found[0].problem), ("private", &Problem::Extra));
    })
    .await;
}

#[tokio::test]
async fn only_the_person_and_the_security_administrator_erase_and_nobody_in_office() {
    for_each_filled(|kit, filled| async move {
        let stranger = Actor::Resident { person: uuid::Uuid::from_u128(0x99).into() };
        assert_eq!(code(erase(&kit, stranger, filled.resident).await), "not_found");
        let worker = filled.worker.actor();
        assert_eq!(code(erase(&kit, worker, filled.resident).await), "forbidden");
        let security = filled.security.actor();
        assert_eq!(code(erase(&kit, security.clone(), filled.worker.person).await), "holds_post");
        let unknown = uuid::Uuid::from_u128(0x98).into();
        assert_eq!(code(erase(&kit, security, unknown).await), "not_found");
    })
    .await;
}

async fn receipt_of(kit: &Kit, actor: Actor, entry: EntryId) -> Result<Receipt, app::Error> {
    let key = kit.county.sealer().unwrap().verifier().clone();
    let made = kit.county.look(actor, move |tx, mut work| {
        let key = key.clone();
        Box::pin(async move { receipt(tx, &mut work, (entry, &key)).await })
    });
    made.await
}

#[tokio::test]
async fn a_receipt_is_checked_without_asking_anybody() {
    for_each_filled(|kit, filled| async move {
        let asker = Actor::Resident { person: filled.resident };
        let made = receipt_of(&kit, asker, filled.entries[1]).await.unwrap();
        let (document, key) = (made.text().unwrap(), made.key.clone());
        let proven = verify_receipt(document.as_bytes(), Some(&key)).unwrap();
        assert_eq!(proven.entry.id, filled.entries[1]);
        assert_eq!((proven.origin.as_str(), proven.trusted), ("test.jinlin.example/990100", true));
        assert!(matches!(proven.entry.event, Event::CaseActed { act } if act.action == "withdraw"));
        assert!(!verify_receipt(document.as_bytes(), None).unwrap().trusted);

        let other = tlog::Signer::new(&proven.origin, &[8; 32]).unwrap().verifier().to_string();
        let refused = verify_receipt(document.as_bytes(), Some(&other)).unwrap_err();
        assert!(matches!(refused, ReceiptError::OtherKey { .. }), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_receipt_with_any_byte_changed_is_refused() {
    let place = rowdb::testing::sqlite();
    let kit = found(place, false).await;
    let filled = fill(&kit).await;
    let made = receipt_of(&kit, filled.worker.actor(), filled.entries[0]).await.unwrap();
    let document = made.text().unwrap().into_bytes();
    for idx in 0..document.len() {
        for change in [1, 0x20] {
            let mut changed = document.clone();
            changed[idx] ^= change;
            assert!(verify_receipt(&changed, Some(&made.key)).is_err(), "byte {idx}");
            assert!(verify_receipt(&changed, None).is_err(), "byte {idx}, without a key");
        }
        let (before, after) = (&document[..idx], &document[idx + 1..]);
        assert!(verify_receipt(&[before, after].concat(), None).is_err(), "without byte {idx}");
    }
    let longer = [&document[..], b" "].concat();
    assert!(verify_receipt(&longer, Some(&made.key)).is_err());
}

#[tokio::test]
async fn a_receipt_is_for_those_who_see_the_case() {
    for_each_filled(|kit, filled| async move {
        let stranger = Actor::Resident { person: uuid::Uuid::from_u128(0x99).into() };
        assert_eq!(code(receipt_of(&kit, stranger, filled.entries[0]).await), "not_found");
        let visitor = receipt_of(&kit, Actor::Visitor, filled.entries[0]).await;
        assert_eq!(code(visitor), "unauthenticated");
        // The look is about the case, but no step of it.
        let look = receipt_of(&kit, filled.worker.actor(), filled.look).await;
        assert_eq!(code(look), "not_found");
    })
    .await;
}

async fn head(kit: &Kit) -> Head {
    let note = kit.county.look(Actor::Visitor, |tx, mut work| {
        Box::pin(async move { app::journal::checkpoint(tx, &mut work).await })
    });
    let verifier = kit.county.sealer().unwrap().verifier();
    Checkpoint::open(&note.await.unwrap(), verifier, &[]).unwrap().0.head
}

#[tokio::test]
async fn proofs_lead_to_the_signed_root_and_a_later_log_continues_an_earlier_one() {
    for_each_filled(|kit, filled| async move {
        let earlier = head(&kit).await;
        let entry = filled.entries[0];
        let proven = kit.county.look(Actor::Visitor, move |tx, mut work| {
            Box::pin(async move { proof(tx, &mut work, entry).await })
        });
        let proven = proven.await.unwrap();
        verify_inclusion(proven.leaf, proven.position, earlier, &proven.hashes).unwrap();

        let key = "again".to_owned();
        record(&kit, Event::ResidentRegistered { person: filled.resident, key }, &[]).await;
        let later = head(&kit).await;
        assert_eq!(later.size, earlier.size + 1);
        let sizes = (earlier.size, later.size);
        let hashes = between(&kit, sizes).await.unwrap();
        verify_consistency(earlier, later, &hashes).unwrap();
        assert_eq!(code(between(&kit, (1, later.size + 1)).await), "out_of_log");
        assert_eq!(code(between(&kit, (3, 2)).await), "out_of_log");
    })
    .await;
}

async fn between(kit: &Kit, sizes: (u64, u64)) -> Result<Vec<tlog::Hash>, app::Error> {
    let hashes = kit.county.look(Actor::Visitor, move |tx, mut work| {
        Box::pin(async move { consistency(tx, &mut work, sizes).await })
    });
    hashes.await
}

/// The tables that a verification compares.
pub fn tables() -> Vec<Table> {
    let all = store::snapshot::tables().into_iter();
    all.filter(|it| matches!(it.part, Part::Source | Part::Projection)).collect()
}

/// All rows of a table.
pub async fn rows(kit: &Kit, table: &Table) -> Vec<Vec<Value>> {
    let table = table.clone();
    let read = kit.county.db().read(move |tx| {
        let table = table.clone();
        Box::pin(async move { store::snapshot::rows(tx, &table, None, 100_000).await })
    });
    read.await.unwrap()
}

async fn first(kit: &Kit, table: &Table) -> Option<Vec<Value>> {
    rows(kit, table).await.into_iter().next()
}

async fn row(kit: &Kit, table: &Table, key: &[Value]) -> Option<Vec<Value>> {
    rows(kit, table).await.into_iter().find(|row| table.key_of(row) == key)
}

async fn unlock(kit: &Kit) {
    kit.county.db().command(|tx| Box::pin(store::testing::unlock(tx))).await.unwrap();
}

async fn set(kit: &Kit, table: &Table, (row, column, value): (&[Value], usize, &Value)) {
    let (table, key, value) = (table.clone(), table.key_of(row), value.clone());
    let changed = kit.county.db().command(move |tx| {
        let (table, key, value) = (table.clone(), key.clone(), value.clone());
        Box::pin(async move { store::testing::set(tx, &table, &key, (column, &value)).await })
    });
    assert_eq!(changed.await.unwrap(), 1);
}

async fn delete(kit: &Kit, table: &Table, key: &[Value]) {
    let (table, key) = (table.clone(), key.to_vec());
    let deleted = kit.county.db().command(move |tx| {
        let (table, key) = (table.clone(), key.clone());
        Box::pin(async move { store::testing::delete(tx, &table, &key).await })
    });
    assert_eq!(deleted.await.unwrap(), 1);
}

async fn put(kit: &Kit, table: &Table, row: Vec<Value>) {
    let table = table.clone();
    let put = kit.county.db().command(move |tx| {
        let (table, row) = (table.clone(), row.clone());
        Box::pin(async move { store::backup::put(tx, &table, &[row]).await })
    });
    put.await.unwrap();
}
