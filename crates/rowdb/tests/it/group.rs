//! Group commit on SQLite: who shares a commit, and who pays for whom.

use std::sync::{
    Arc, Barrier,
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

use rowdb::{BeforeCommit, Db, Error, Options, params, testing};

use crate::{insert, numbers, with_notes, write};

/// Holds the writer in a command until the returned gate is passed, so that what is asked meanwhile
/// makes one group.
async fn hold(db: &Db) -> Arc<Barrier> {
    let gate = Arc::new(Barrier::new(2));
    let (at_gate, db) = (gate.clone(), db.clone());
    let (begun, begins) = mpsc::channel();
    tokio::spawn(async move {
        db.command(move |_| {
            begun.send(()).expect("a listener");
            at_gate.wait();
            Box::pin(async { Ok::<_, Error>(()) })
        })
        .await
    });
    tokio::task::spawn_blocking(move || begins.recv()).await.expect("joined").expect("begun");
    gate
}

/// Opens the gate; awaited after the commands in one `join!`, it comes when they are in the queue.
async fn release(gate: Arc<Barrier>) {
    tokio::task::spawn_blocking(move || gate.wait()).await.expect("joined");
}

fn options(hook: BeforeCommit) -> Options {
    Options { before_commit: Some(hook), ..Options::default() }
}

/// A hook that notes how many commands each group had.
fn counting() -> (BeforeCommit, Arc<std::sync::Mutex<Vec<usize>>>) {
    let groups = Arc::new(std::sync::Mutex::new(Vec::new()));
    let noted = groups.clone();
    let hook: BeforeCommit = Arc::new(move |_, commands| {
        noted.lock().expect("no panic").push(commands);
        Box::pin(async { Ok(()) })
    });
    (hook, groups)
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_wait_together_share_one_commit() {
    let (hook, groups) = counting();
    let place = testing::sqlite();
    let db = place.open(options(hook)).await.unwrap();
    with_notes(&db).await;
    let gate = hold(&db).await;
    let (first, again, other) = (write(&db, 1), write(&db, 1), write(&db, 2));
    let together = async { tokio::join!(biased; first, again, other) };
    let (answers, ()) = tokio::join!(biased; together, release(gate));
    let twice = Err(Error::Unique { constraint: "note(number)".into() });
    assert_eq!(answers, (Ok(()), twice, Ok(())));
    // The table, the held one, and then the two of three that succeeded.
    assert_eq!(*groups.lock().unwrap(), [1, 1, 2]);
    assert_eq!(numbers(&db).await, [1, 2]);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hook_is_not_called_when_nothing_succeeded() {
    let (hook, groups) = counting();
    let place = testing::sqlite();
    let db = place.open(options(hook)).await.unwrap();
    let failed: Result<(), Error> =
        db.command(|_| Box::pin(async { Err(Error::Refused("no".into())) })).await;
    assert!(failed.is_err());
    assert_eq!(db.migrate(&[]).await, Ok(0));
    assert!(groups.lock().unwrap().is_empty());
    db.close().await;
}

/// A hook that refuses groups which hold note 13, and otherwise writes how many notes there are.
fn superstitious() -> BeforeCommit {
    Arc::new(|tx, _| {
        Box::pin(async move {
            const COUNT: &str = "SELECT COUNT(*), COUNT(CASE WHEN number = 13 THEN 1 END) \
                 FROM note WHERE number > 0";
            let counts = tx.query_one(COUNT, &[]).await?;
            if counts.get::<i64>(1)? > 0 {
                return Err(Error::Refused("thirteen".into()));
            }
            let total = -counts.get::<i64>(0)?;
            tx.execute("DELETE FROM note WHERE number < 0", &[]).await?;
            tx.execute("INSERT INTO note VALUES ($1, 'total')", &params![total]).await?;
            Ok(())
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_hook_fails_only_the_command_that_makes_it_fail() {
    let place = testing::sqlite();
    let db = place.open(Options::default()).await.unwrap();
    with_notes(&db).await;
    db.close().await;
    let db = place.open(options(superstitious())).await.unwrap();
    write(&db, 5).await.unwrap();
    let gate = hold(&db).await;
    let together = async { tokio::join!(biased; write(&db, 1), write(&db, 13), write(&db, 2)) };
    let (answers, ()) = tokio::join!(biased; together, release(gate));
    assert_eq!(answers, (Ok(()), Err(Error::Refused("thirteen".into())), Ok(())));
    assert_eq!(numbers(&db).await, [-3, 1, 2, 5]);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_panics_or_awaits_fails_the_group_and_not_the_writer() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let hook: BeforeCommit = Arc::new(move |tx, _| {
        let call = counted.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            tx.query("SELECT 1", &[]).await?;
            match call {
                1 => panic!("on purpose"),
                2 => std::future::pending().await,
                _ => Ok(()),
            }
        })
    });
    let place = testing::sqlite();
    let db = place.open(options(hook)).await.unwrap();
    with_notes(&db).await;
    assert_eq!(write(&db, 1).await, Err(Error::Panicked));
    assert_eq!(write(&db, 2).await, Err(Error::Pending));
    assert_eq!(write(&db, 3).await, Ok(()));
    assert_eq!(numbers(&db).await, [3]);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_ended_by_sqlite_is_done_over_without_its_culprit() {
    let place = testing::sqlite();
    let db = place.open(Options::default()).await.unwrap();
    with_notes(&db).await;
    // As when the disk is full, the whole transaction goes, with the neighbours' work in it.
    db.command(|tx| {
        Box::pin(async move {
            tx.batch(
                "CREATE TRIGGER fatal BEFORE INSERT ON note WHEN NEW.number = 13
                 BEGIN SELECT RAISE(ROLLBACK, 'thirteen'); END",
            )
            .await
        })
    })
    .await
    .unwrap();
    let gate = hold(&db).await;
    let swallowing = db.command(|tx| {
        Box::pin(async move {
            let _swallowed = insert(tx, 13).await;
            Ok::<_, Error>(())
        })
    });
    let together =
        async { tokio::join!(biased; write(&db, 1), write(&db, 13), swallowing, write(&db, 2)) };
    let (answers, ()) = tokio::join!(biased; together, release(gate));
    let refused = Err(Error::Refused("thirteen".into()));
    assert_eq!(answers, (Ok(()), refused, Err(Error::Aborted), Ok(())));
    assert_eq!(numbers(&db).await, [1, 2]);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_unavailable_and_spares_what_was_kept() {
    let place = testing::sqlite();
    let db = place.open(Options::default()).await.unwrap();
    with_notes(&db).await;
    write(&db, 1).await.unwrap();
    db.command(|tx| Box::pin(async move { tx.batch("PRAGMA max_page_count = 1").await }))
        .await
        .unwrap();
    let large = |number: i64| {
        db.command(move |tx| {
            let name = "x".repeat(100_000);
            Box::pin(async move {
                let params = params![number, name];
                tx.execute("INSERT INTO note VALUES ($1, $2)", &params).await
            })
        })
    };
    let full = large(2).await;
    assert_eq!(full, Err(Error::Unavailable { in_doubt: false }));
    assert_eq!(write(&db, 3).await, Ok(()));
    assert_eq!(numbers(&db).await, [1, 3]);
    db.close().await;
}

#[test]
fn a_commit_that_fails_is_in_doubt_for_the_whole_group() {
    // A disk that takes no more: files may not grow, and the signal about it is not heeded.
    const LIMITED: &str = r#"trap '' XFSZ; ulimit -f 300; exec "$0" "$@""#;
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", LIMITED])
        .arg(program)
        .args(["--ignored", "--exact", "group::commit_where_files_may_not_grow"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the promise above, under a limit on the size of files"]
async fn commit_where_files_may_not_grow() {
    let place = testing::sqlite();
    let db = place.open(Options::default()).await.unwrap();
    with_notes(&db).await;
    let gate = hold(&db).await;
    let large = db.command(|tx| {
        Box::pin(async move {
            let params = params![2, "x".repeat(1_000_000)];
            tx.execute("INSERT INTO note VALUES ($1, $2)", &params).await.map(drop)
        })
    });
    let together = async { tokio::join!(biased; write(&db, 1), large, write(&db, 1)) };
    let (answers, ()) = tokio::join!(biased; together, release(gate));
    let in_doubt = || Err(Error::Unavailable { in_doubt: true });
    assert_eq!(answers, (in_doubt(), in_doubt(), in_doubt()));
    assert_eq!(numbers(&db).await, [0; 0]);
    assert_eq!(write(&db, 1).await, Ok(()));
    assert_eq!(numbers(&db).await, [1]);
    db.close().await;
}
