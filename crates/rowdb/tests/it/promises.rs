//! What commands and reads promise on both engines.

use std::{
    sync::{Arc, Barrier, mpsc},
    time::Duration,
};

use rowdb::{Db, Engine, Error, Options, params, testing::for_each_engine};

use crate::{insert, numbers, with_notes, write};

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_succeeds_is_kept_and_one_that_fails_leaves_no_trace() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        let refused: Result<(), Error> = db
            .command(|tx| {
                Box::pin(async move {
                    insert(tx, 1).await?;
                    Err(Error::Refused("by hand".into()))
                })
            })
            .await;
        assert_eq!(refused, Err(Error::Refused("by hand".into())));
        assert_eq!(write(&db, 2).await, Ok(()));
        assert_eq!(numbers(&db).await, [2]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_undoes_its_own_command_only() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        let panicking = db.command(|tx| {
            Box::pin(async move {
                insert(tx, 1).await?;
                if tx.statements() > 0 {
                    panic!("on purpose");
                }
                Ok(())
            })
        });
        let (panicked, written) = tokio::join!(panicking, write(&db, 2));
        assert_eq!((panicked, written), (Err(Error::Panicked), Ok(())));
        let reading: Result<(), Error> = db.read(|_| panic!("on purpose")).await;
        assert_eq!(reading, Err(Error::Panicked));
        assert_eq!(numbers(&db).await, [2]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_awaits_something_else_is_undone() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        let pending: Result<(), Error> = db
            .command(|tx| {
                Box::pin(async move {
                    insert(tx, 1).await?;
                    tokio::task::yield_now().await;
                    Ok(())
                })
            })
            .await;
        assert_eq!(pending, Err(Error::Pending));
        assert_eq!(write(&db, 2).await, Ok(()));
        assert_eq!(numbers(&db).await, [2]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_goes_on_after_a_failed_statement_is_undone() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        let swallowing: Result<(), Error> = db
            .command(|tx| {
                Box::pin(async move {
                    insert(tx, 1).await?;
                    let _swallowed = insert(tx, 1).await;
                    assert_eq!(insert(tx, 2).await, Err(Error::Aborted));
                    Ok(())
                })
            })
            .await;
        assert_eq!(swallowing, Err(Error::Aborted));
        assert_eq!(numbers(&db).await, [0; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_caller_does_not_cancel_the_command() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        for number in 0..20 {
            let write = write(&db, number);
            tokio::select! {
                biased;
                _ = write => {}
                () = tokio::task::yield_now() => {}
            }
        }
        while numbers(&db).await.len() < 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_sees_one_moment() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        assert_eq!(write(&db, 1).await, Ok(()));
        let (reading, started) = mpsc::channel();
        let written = Arc::new(Barrier::new(2));
        let (reader, at_barrier) = (db.clone(), written.clone());
        let counts = tokio::spawn(async move {
            reader
                .read(move |tx| {
                    let (reading, at_barrier) = (reading.clone(), at_barrier.clone());
                    Box::pin(async move {
                        const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM note";
                        let before: i64 = tx.query_one(COUNT, &[]).await?.get(0)?;
                        reading.send(()).expect("a listener");
                        at_barrier.wait();
                        let after: i64 = tx.query_one(COUNT, &[]).await?.get(0)?;
                        Ok::<_, Error>((before, after))
                    })
                })
                .await
        });
        tokio::task::spawn_blocking(move || started.recv()).await.expect("joined").expect("begun");
        assert_eq!(write(&db, 2).await, Ok(()));
        tokio::task::spawn_blocking(move || written.wait()).await.expect("joined");
        assert_eq!(counts.await.expect("joined"), Ok((1, 1)));
        assert_eq!(numbers(&db).await, [1, 2]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_may_not_write() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        let written = db.read(|tx| Box::pin(async move { insert(tx, 1).await })).await;
        assert_eq!(written, Err(Error::ReadOnly));
        assert_eq!(numbers(&db).await, [0; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_counted_per_command() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        let count = |notes: i64| {
            db.command(move |tx| {
                Box::pin(async move {
                    for number in 0..notes {
                        insert(tx, notes * 100 + number).await?;
                    }
                    Ok::<_, Error>(tx.statements())
                })
            })
        };
        assert_eq!(tokio::join!(count(3), count(1)), (Ok(3), Ok(1)));
        let read = db.read(|tx| {
            Box::pin(async move {
                tx.query("SELECT 1", &[]).await?;
                Ok::<_, Error>(tx.statements())
            })
        });
        assert_eq!(read.await, Ok(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_constraints_are_told_alike() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        run(&db, "CREATE TABLE pair (a {int}, b {int}, UNIQUE (a, b)) {strict}").await.unwrap();
        run(&db, "CREATE TABLE leaf (note {int} REFERENCES note (number)) {strict}").await.unwrap();
        run(&db, REFUSING_TRIGGER).await.unwrap();
        write(&db, 1).await.unwrap();
        run(&db, "INSERT INTO pair VALUES (1, 2)").await.unwrap();

        let unique = |constraint: &str| Err(Error::Unique { constraint: constraint.into() });
        assert_eq!(write(&db, 1).await, unique("note(number)"));
        assert_eq!(run(&db, "INSERT INTO note VALUES (7, 'note 1')").await, unique("note(name)"));
        assert_eq!(run(&db, "INSERT INTO pair VALUES (1, 2)").await, unique("pair(a, b)"));
        assert_eq!(run(&db, "INSERT INTO leaf VALUES (9)").await, Err(Error::ForeignKey));
        let refused = Err(Error::Refused("notes stay".into()));
        assert_eq!(run(&db, "DELETE FROM note").await, refused);
        let wrong = run(&db, "SELECT nothing FROM nowhere").await;
        assert!(matches!(wrong, Err(Error::Sql { .. })), "{wrong:?}");
    })
    .await;
}

const REFUSING_TRIGGER: &str = "
-- sqlite:
CREATE TRIGGER keep BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'notes stay'); END;
-- postgres:
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'notes stay'; END $$;
CREATE TRIGGER keep BEFORE DELETE ON note FOR EACH ROW EXECUTE FUNCTION keep();";

async fn run(db: &Db, text: &'static str) -> Result<(), Error> {
    db.command(move |tx| Box::pin(async move { tx.batch(&rowdb::render(text, tx.engine())).await }))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_constraint_put_off_to_the_end_refuses_only_its_own_command() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        run(
            &db,
            "CREATE TABLE leaf (
                note {int} REFERENCES note (number) DEFERRABLE INITIALLY DEFERRED) {strict}",
        )
        .await
        .unwrap();
        let orphan = run(&db, "INSERT INTO leaf VALUES (9)");
        let (orphan, written) = tokio::join!(orphan, write(&db, 1));
        assert_eq!((orphan, written), (Err(Error::ForeignKey), Ok(())));
        assert_eq!(numbers(&db).await, [1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_may_not_end_the_transaction_it_shares() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        for text in ["COMMIT", " rollback;", "SAVEPOINT mine", "Begin"] {
            let result = run(&db, text).await;
            assert!(matches!(result, Err(Error::Sql { .. })), "{text}: {result:?}");
        }
        assert_eq!(write(&db, 1).await, Ok(()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_waiting_is_busy_and_not_lost() {
    let options = Options { queue: 1, group: 1, connections: 1, ..Options::default() };
    for_each_engine(options, |db| async move {
        with_notes(&db).await;
        let gate = Arc::new(Barrier::new(2));
        let (at_gate, blocked) = (gate.clone(), db.clone());
        let (begun, begins) = mpsc::channel();
        let blocking = tokio::spawn(async move {
            blocked
                .command(move |tx| {
                    let (at_gate, begun) = (at_gate.clone(), begun.clone());
                    Box::pin(async move {
                        insert(tx, 100).await?;
                        begun.send(()).expect("a listener");
                        at_gate.wait();
                        Ok::<_, Error>(())
                    })
                })
                .await
        });
        tokio::task::spawn_blocking(move || begins.recv()).await.expect("joined").expect("begun");
        // One is at work and one may wait: of three more, two are turned away.
        let waiting: Vec<_> = (0..3)
            .map(|number| {
                let db = db.clone();
                tokio::spawn(async move { write(&db, number).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        tokio::task::spawn_blocking(move || gate.wait()).await.expect("joined");
        assert_eq!(blocking.await.expect("joined"), Ok(()));
        let mut busy = 0;
        for answer in waiting {
            match answer.await.expect("joined") {
                Ok(()) => {}
                Err(Error::Busy { retry_after_ms: 1_000 }) => busy += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((busy, numbers(&db).await.len()), (2, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_finishes_what_is_waiting_and_lets_no_more_in() {
    for place in rowdb::testing::places() {
        let db = place.open(Options::default()).await.unwrap();
        db.migrate(&[]).await.unwrap();
        with_notes(&db).await;
        let writes: Vec<_> = (0..50)
            .map(|number| {
                let db = db.clone();
                tokio::spawn(async move { write(&db, number).await })
            })
            .collect();
        db.clone().close().await;
        let mut kept = 0;
        for answer in writes {
            match answer.await.expect("joined") {
                Ok(()) => kept += 1,
                Err(error) => assert_eq!(error, Error::Unavailable { in_doubt: false }),
            }
        }
        let late = write(&db, 100).await;
        assert_eq!(late, Err(Error::Unavailable { in_doubt: false }));
        let again = place.open(Options::default()).await.unwrap();
        assert_eq!(numbers(&again).await.len(), kept);
        again.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn preparing_tells_a_good_statement_from_a_bad_one() {
    for_each_engine(Options::default(), |db| async move {
        with_notes(&db).await;
        let prepare =
            |sql: &'static str| db.read(move |tx| Box::pin(async move { tx.prepare(sql).await }));
        assert_eq!(prepare("SELECT name FROM note WHERE number = $1").await, Ok(()));
        assert_eq!(prepare("INSERT INTO note VALUES ($1, $2)").await, Ok(()));
        assert!(prepare("SELECT name FROM nowhere").await.is_err());
        assert!(prepare("SELECT \"no_such_column\" FROM note").await.is_err());
        if db.engine() == Engine::Postgres {
            let sum = prepare("SELECT SUM(number) AS total FROM note").await;
            assert!(sum.unwrap_err().to_string().contains("column total is numeric"));
        }
        let params = params![1];
        let missing = db.read(move |tx| {
            let params = params.clone();
            Box::pin(async move { tx.query("SELECT name FROM note", &params).await })
        });
        assert!(matches!(missing.await, Err(Error::Sql { .. })));
    })
    .await;
}
