//! Promises about backing a county up and restoring it.

use crate::filled::*;
use crate::journal::{rows, tables, verified};
use crate::testkit::*;
use app::access::password::Hashing;
use app::journal::{BackupError, backup, restore};
use app::{County, Setup};
use model::access::Actor;
use model::journal::Event;
use rowdb::{Options, testing};
use std::io::{Cursor, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::snapshot::Part;

const ORIGIN: &str = "test.jinlin.example/990100";

async fn saved(kit: &Kit, files: &Memory) -> Vec<u8> {
    let mut out = Vec::new();
    let report = backup(&kit.county, files, &mut out, &mut |_| {}).await.unwrap();
    assert_eq!(report.lost, Vec::<String>::new());
    out
}

async fn restored(kit: &Kit, files: &Memory, from: &[u8]) -> Result<u64, BackupError> {
    let from = Cursor::new(from.to_vec());
    let report = restore(&kit.county, files, from, &mut |_| {}).await?;
    seal(kit).await;
    Ok(report.entries)
}

/// A county without anything, under a key.
async fn empty(place: testing::Place, key: u8, origin: &str) -> Kit {
    // No two counties draw the same ids: one may be restored into the other.
    static COUNTIES: AtomicU64 = AtomicU64::new(1);
    let (clock, chance) = parts(COUNTIES.fetch_add(1, Ordering::Relaxed) << 32);
    let setup = Setup {
        clock: clock.clone(),
        chance,
        origin: origin.to_owned(),
        seal_key: Some([key; 32]),
        pepper: [9; 32],
        hashing: Hashing::LEAST,
        demo: false,
    };
    let options = Options { readers: 2, connections: 4, ..Options::default() };
    let county: Arc<County> = County::open(&place.url, options, setup).await.unwrap();
    Kit { county, clock, _place: place }
}

/// A filled county on SQLite with its uploads.
async fn filled() -> (Kit, Filled, Memory) {
    let kit = found(testing::sqlite(), false).await;
    let filled = fill(&kit).await;
    let files = Memory::default();
    let kept = UPLOAD.map(|bytes| (app::exchange::hash(bytes), bytes.to_vec()));
    files.0.lock().unwrap().extend(kept);
    (kit, filled, files)
}

/// Everything that follows from the journal, and what is kept beside it; the log's own tables grow
/// with the entry of the restoring.
async fn contents(kit: &Kit) -> Vec<(String, String)> {
    let lasting = store::snapshot::tables().into_iter().filter(|it| it.part == Part::Lasting);
    let projected = tables().into_iter().filter(|it| it.part == Part::Projection);
    let private = tables().into_iter().filter(|it| it.name == "private");
    let mut found = Vec::new();
    for table in lasting.chain(projected).chain(private) {
        found.push((table.name.clone(), format!("{:?}", rows(kit, &table).await)));
    }
    found
}

#[tokio::test]
async fn a_county_moves_to_the_other_engine_and_back_and_is_the_same() {
    let (first, filled, files) = filled().await;
    let case = filled.case;
    first
        .county
        .db()
        .command(move |tx| {
            Box::pin(async move { store::access::secrets::keep_claim(tx, &[5; 32], case).await })
        })
        .await
        .unwrap();
    let places = [testing::postgres(), Some(testing::sqlite())];
    let (mut backup, mut size) = (saved(&first, &files).await, None);
    for place in places.into_iter().flatten() {
        println!("to {:?}", place.engine);
        let (next, uploads) = (empty(place, 7, ORIGIN).await, Memory::default());
        let entries = restored(&next, &uploads, &backup).await.unwrap();
        assert!(size.is_none_or(|size| entries == size + 1), "one entry a restoring");
        size = Some(entries);
        assert_eq!(contents(&next).await, contents(&first).await);
        assert_eq!(*uploads.0.lock().unwrap(), *files.0.lock().unwrap());
        let report = verified(&next).await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.differences);
        assert_eq!(report.entries, entries + 1);
        backup = saved(&next, &uploads).await;
    }
}

#[tokio::test]
async fn a_restored_county_goes_on_where_it_was() {
    let (first, filled, files) = filled().await;
    let backup = saved(&first, &files).await;
    let next = empty(testing::sqlite(), 7, ORIGIN).await;
    restored(&next, &files, &backup).await.unwrap();
    let (person, key) = (filled.resident, "again".to_owned());
    record(&next, Event::ResidentRegistered { person, key }, &[("phone", "13900002222")]).await;
    let number = next.county.run(init(), |tx, work| Box::pin(async move { work.number(tx).await }));
    let earlier =
        first.county.run(init(), |tx, work| Box::pin(async move { work.number(tx).await }));
    assert_eq!(number.await.unwrap(), earlier.await.unwrap(), "no number is given twice");
    assert!(verified(&next).await.unwrap().is_clean());
}

#[tokio::test]
async fn restoring_under_another_key_names_it_in_the_journal() {
    let (first, _, files) = filled().await;
    let backup = saved(&first, &files).await;
    let next = empty(testing::sqlite(), 8, ORIGIN).await;
    let entries = restored(&next, &files, &backup).await.unwrap();
    let report = verified(&next).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
    assert_eq!(report.entries, entries + 2, "the epoch and the new key");
    assert_eq!(report.key, Some(next.county.sealer().unwrap().verifier().to_string()));
}

#[tokio::test]
async fn an_erased_person_stays_erased_in_a_restored_county() {
    let (first, filled, files) = filled().await;
    let person = filled.resident;
    first
        .county
        .run(Actor::Resident { person }, move |tx, mut work| {
            Box::pin(async move {
                app::journal::erase_person(tx, &mut work, (person, "本人要求")).await
            })
        })
        .await
        .unwrap();
    let next = empty(testing::sqlite(), 7, ORIGIN).await;
    restored(&next, &files, &saved(&first, &files).await).await.unwrap();
    assert_eq!(contents(&next).await, contents(&first).await);
    assert!(verified(&next).await.unwrap().is_clean());
}

#[tokio::test]
async fn a_backup_cut_off_anywhere_is_refused_and_nothing_is_written() {
    let (first, _, files) = filled().await;
    let whole = saved(&first, &files).await;
    let next = empty(testing::sqlite(), 7, ORIGIN).await;
    let steps = whole.len() / 40;
    for end in (0..whole.len()).step_by(steps).chain([whole.len() - 1]) {
        let refused = restored(&next, &files, &whole[..end]).await.unwrap_err();
        assert!(matches!(refused, BackupError::Truncated), "{end}: {refused}");
    }
    for table in tables() {
        assert_eq!(rows(&next, &table).await.len(), 0, "{}", table.name);
    }
    restored(&next, &files, &whole).await.unwrap();
}

fn unzipped(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn zipped(text: &str) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    gz.finish().unwrap()
}

/// The file with a change, and the sum in its last line put right again, as a forger would.
fn forged(text: &str, from: &str, to: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let changed = text.replacen(from, to, 1);
    assert_ne!(changed, text, "{from} is not there");
    let end = changed.rfind("{\"line\":\"end\"").unwrap();
    let sum = hex::encode(Sha256::digest(&changed.as_bytes()[..end]));
    let at = changed.rfind("\"sha256\":\"").unwrap() + 10;
    let (head, tail) = changed.split_at(at);
    zipped(&format!("{head}{sum}{}", tail.split_at(64).1))
}

#[tokio::test]
async fn an_altered_backup_is_refused_even_with_its_sums_put_right() {
    let (first, _, files) = filled().await;
    let whole = saved(&first, &files).await;
    let text = unzipped(&whole);
    let next = empty(testing::sqlite(), 7, ORIGIN).await;
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let second_entry = text.lines().nth(2).unwrap().to_owned() + "\n";
    let altered = [
        ("a byte", flipped),
        ("bytes behind its end", [&whole[..], b"x"].concat()),
        ("a line behind its end", zipped(&(text.clone() + "{}\n"))),
        ("without its sums put right", zipped(&text.replacen("路灯不亮", "路灯很亮", 1))),
        ("a private value", forged(&text, "路灯不亮", "路灯很亮")),
        ("an entry", forged(&text, "withdraw", "withdrew")),
        ("an entry taken out", forged(&text, &second_entry, "")),
        ("an entry twice", forged(&text, &second_entry, &second_entry.repeat(2))),
        ("a private value taken out", forged(&text, "\"title\":[\"", "\"tutle\":[\"")),
        ("an upload", forged(&text, "\"bytes\":\"JVBER", "\"bytes\":\"JVBES")),
        (
            "its signature",
            forged(&text, "test.jinlin.example/990100\\n", "test.jinlin.example/1\\n"),
        ),
    ];
    for (what, bytes) in altered {
        let refused = restored(&next, &files, &bytes).await.unwrap_err();
        assert!(matches!(refused, BackupError::Altered(_)), "{what}: {refused}");
    }
    let none = restored(&next, &files, b"PK\x03\x04 no backup").await.unwrap_err();
    assert!(!matches!(none, BackupError::County(_)), "{none}");
    restored(&next, &files, &whole).await.unwrap();
}

#[tokio::test]
async fn a_backup_is_restored_only_into_an_empty_database_of_the_same_log() {
    let (first, _, files) = filled().await;
    let whole = saved(&first, &files).await;
    let refused = restored(&first, &files, &whole).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotEmpty), "{refused}");
    let other = empty(testing::sqlite(), 7, "test.jinlin.example/990200").await;
    let refused = restored(&other, &files, &whole).await.unwrap_err();
    assert!(matches!(refused, BackupError::OtherCounty { .. }), "{refused}");
}

#[tokio::test]
async fn a_backup_holds_no_keys_and_says_which_uploads_are_lost() {
    let (kit, filled, files) = filled().await;
    let text = unzipped(&saved(&kit, &files).await);
    for key in [[7; 32], [9; 32]] {
        assert!(!text.contains(&hex::encode(key)));
    }
    let mut out = Vec::new();
    let lost = backup(&kit.county, &Memory::default(), &mut out, &mut |_| {}).await.unwrap().lost;
    assert_eq!(lost, [filled.upload, app::exchange::hash(UPLOAD[1])]);
}
