//! Promises about sweeping uploads: what a case ever named stays, everything else goes after seven days,
//! whenever the program is killed.

use crate::filled::*;
use crate::journal::{clean, verified};
use crate::testkit::*;
use app::cases::{OpenCase, open};
use app::exchange::{Files, NewFile, Swept, hash, sweep_uploads, upload};
use app::{BoxFuture, Error};
use jiff::{SignedDuration, Timestamp};
use model::access::Actor;
use model::cases::Hiding;
use model::journal::Event;
use model::{CaseId, FileId};
use serde_json::json;
use std::io;

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

fn new(bytes: &[u8], sealed: Option<&[u8]>) -> NewFile {
    NewFile {
        sha256: hash(bytes),
        bytes: 5,
        media: "image/jpeg",
        hidden: 0,
        sealed: sealed.map(hash),
    }
}

/// Takes a photo in as the interface does: its bytes, then its row.
async fn sent(kit: &Kit, files: &Memory, (bytes, sealed): (&[u8], Option<&[u8]>)) -> FileId {
    for bytes in [Some(bytes), sealed].into_iter().flatten() {
        files.put(&hash(bytes), bytes).await.unwrap();
    }
    act!(kit, Actor::Visitor, upload, new(bytes, sealed)).unwrap().id
}

fn with_photos(photos: &[FileId]) -> OpenCase {
    let photos: Vec<String> = photos.iter().map(ToString::to_string).collect();
    let form = json!({ "title": "路灯不亮", "body": "坏了三天", "photos": photos });
    OpenCase {
        procedure: "appeal".to_owned(),
        form: serde_json::from_value(form).unwrap(),
        place: Some(GRID.to_owned()),
        hiding: Hiding::Anonymous,
        ..OpenCase::default()
    }
}

async fn case_with(kit: &Kit, photos: &[FileId]) -> Result<CaseId, Error> {
    act!(kit, Actor::Visitor, open, with_photos(photos)).map(|it| it.case.id)
}

async fn row(kit: &Kit, id: FileId) -> bool {
    let read = kit.county.db().read(move |tx| Box::pin(store::exchange::file(tx, id)));
    read.await.unwrap().is_some()
}

fn kept(files: &Memory) -> usize {
    files.0.lock().unwrap().len()
}

#[tokio::test]
async fn what_no_case_named_within_a_week_goes_and_what_one_named_stays() {
    for_each_county(|kit| async move {
        let files = Memory::default();
        let named = sent(&kit, &files, (b"named", Some(b"sealed"))).await;
        let same = sent(&kit, &files, (b"named", Some(b"sealed"))).await;
        let unused = sent(&kit, &files, (b"unused", Some(b"its original"))).await;
        // A photo whose bytes are those of a sealed original.
        let crossed = sent(&kit, &files, (b"sealed", None)).await;
        case_with(&kit, &[named]).await.unwrap();
        kit.clock.forward(WEEK);
        let young = sent(&kit, &files, (b"young", None)).await;
        let swept = sweep_uploads(&kit.county, &files).await.unwrap();
        assert_eq!(swept, Swept::default(), "a week is not over yet");
        kit.clock.forward(SignedDuration::from_secs(1));
        let swept = sweep_uploads(&kit.county, &files).await.unwrap();
        assert_eq!(swept, Swept { uploads: 3, bytes: 2 });
        for (id, there) in
            [(named, true), (same, false), (unused, false), (crossed, false), (young, true)]
        {
            assert_eq!(row(&kit, id).await, there, "{id}");
        }
        for bytes in [&b"named"[..], b"sealed", b"young"] {
            assert!(files.get(&hash(bytes)).await.unwrap().is_some());
        }
        assert_eq!(kept(&files), 3);
        let again = sweep_uploads(&kit.county, &files).await.unwrap();
        assert_eq!(again, Swept::default());
        seal(&kit).await;
        clean(&verified(&kit).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_a_case_named_before_and_an_approval_waits_for_stays() {
    for_each_county(|kit| async move {
        let files = Memory::default();
        let [first, second, asked, formal] = [
            sent(&kit, &files, (b"first", None)).await,
            sent(&kit, &files, (b"second", None)).await,
            sent(&kit, &files, (b"asked", None)).await,
            sent(&kit, &files, (b"formal", None)).await,
        ];
        let case = case_with(&kit, &[first]).await.unwrap();
        // The act replaces the photos, asks for an approval with one and says another in its form.
        let act = json!({
            "case": case, "action": "answer", "form": { "photos": [formal] },
            "change": {
                "fields": { "photos": [second] },
                "pending": { "action": "answer", "request": case, "by": case,
                    "form": { "photos": [asked] } },
            },
        });
        let recorded = kit.county.run(init(), move |tx, mut work| {
            let act = serde_json::from_value(act.clone());
            Box::pin(async move {
                let event = Event::CaseActed { act: act.unwrap() };
                let (id, at) = (work.draw.entry(), work.now());
                work.record_as(tx, id, (Some(case.0), Some(2), at), event).await
            })
        });
        recorded.await.unwrap();
        let rest = [&b"row"[..], b"minutes", b"board"];
        let mut named = vec![first, second, asked, formal];
        for (n, bytes) in rest.into_iter().enumerate() {
            let id = sent(&kit, &files, (bytes, None)).await;
            record(&kit, naming(n, (case, id)), &[]).await;
            named.push(id);
        }
        kit.clock.forward(WEEK * 2);
        let swept = sweep_uploads(&kit.county, &files).await.unwrap();
        assert_eq!((swept, kept(&files)), (Swept::default(), 7));
        for id in named {
            assert!(row(&kit, id).await);
        }
    })
    .await;
}

/// A row of a register, minutes, words on a board that name a file.
fn naming(n: usize, (case, file): (CaseId, FileId)) -> Event {
    let columns = json!({ "photos": [file], "n": 1 });
    let id = uuid::Uuid::from_u128(7);
    serde_json::from_value(match n {
        0 => json!({ "event": "record_written", "record": {
            "id": id, "register": "r", "key": "k", "columns": columns } }),
        1 => json!({ "event": "minutes_kept", "gathering": id, "form": columns }),
        _ => json!({ "event": "published", "publication": {
            "id": id, "board": "b", "pack": "p", "case": case, "place": id, "columns": columns } }),
    })
    .unwrap()
}

#[tokio::test]
async fn a_report_that_comes_too_late_for_its_photo_is_told_so_and_not_sent_without_it() {
    for_each_county(|kit| async move {
        let files = Memory::default();
        let late = sent(&kit, &files, (b"late", None)).await;
        kit.clock.forward(WEEK + SignedDuration::from_secs(1));
        sweep_uploads(&kit.county, &files).await.unwrap();
        let refused = case_with(&kit, &[late]).await.unwrap_err();
        let said = format!("{refused:?}");
        assert!(said.contains("photos") && said.contains("not_found"), "{said}");
        let again = sent(&kit, &files, (b"late", None)).await;
        case_with(&kit, &[again]).await.unwrap();
    })
    .await;
}

/// A disk in front of which the program is killed.
struct Killed;

impl Killed {
    fn gone<'a, T: 'a>() -> BoxFuture<'a, io::Result<T>> {
        Box::pin(async { Err(io::Error::other("killed")) })
    }
}

impl Files for Killed {
    fn put<'a>(&'a self, _: &'a str, _: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        Self::gone()
    }

    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, io::Result<Option<Vec<u8>>>> {
        Self::gone()
    }

    fn remove<'a>(&'a self, _: &'a str) -> BoxFuture<'a, io::Result<()>> {
        Self::gone()
    }

    fn stale(&self, _: u8, _: Timestamp) -> BoxFuture<'_, io::Result<Vec<String>>> {
        Self::gone()
    }

    fn remove_stale<'a>(&'a self, _: &'a str, _: Timestamp) -> BoxFuture<'a, io::Result<bool>> {
        Self::gone()
    }
}

#[tokio::test]
async fn killed_between_bytes_and_rows_nothing_is_wrong_and_the_next_sweep_ends_it() {
    for_each_county(|kit| async move {
        let files = Memory::default();
        let swept = sent(&kit, &files, (b"swept", None)).await;
        // Killed after the bytes were put and before their row.
        files.put(&hash(b"orphan"), b"orphan").await.unwrap();
        kit.clock.forward(WEEK + SignedDuration::from_secs(1));
        // Killed after the rows went and before the bytes.
        assert!(sweep_uploads(&kit.county, &Killed).await.is_err());
        assert!(!row(&kit, swept).await);
        assert_eq!(kept(&files), 2, "no row names them, and nobody misses them");
        seal(&kit).await;
        clean(&verified(&kit).await.unwrap());
        let ended = sweep_uploads(&kit.county, &files).await.unwrap();
        assert_eq!((ended, kept(&files)), (Swept { uploads: 0, bytes: 2 }, 0));
    })
    .await;
}

#[tokio::test]
async fn what_went_is_an_entry_that_the_auditor_can_read() {
    for_each_county(|kit| async move {
        let files = Memory::default();
        let unused = sent(&kit, &files, (b"unused", None)).await;
        kit.clock.forward(WEEK + SignedDuration::from_secs(1));
        sweep_uploads(&kit.county, &files).await.unwrap();
        let read = kit.county.db().read(|tx| Box::pin(store::journal::of_kind(tx, "erased", 9)));
        let entries = read.await.unwrap();
        assert_eq!(entries.len(), 1);
        let Event::Erased { person, values, files, reason } = &entries[0].event else {
            panic!("{entries:?}")
        };
        assert_eq!((person, values.len(), files.as_slice()), (&None, 0, &[unused][..]));
        assert_eq!((reason.as_str(), entries[0].subject), ("七天内没有诉求用到", None));
    })
    .await;
}
