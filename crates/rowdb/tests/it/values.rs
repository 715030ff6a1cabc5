//! What is written is read back, whatever it is and wherever it stands in the text.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use rowdb::{Db, Error, Options, Value, params, testing::for_each_engine};
use uuid::Uuid;

async fn with_samples(db: &Db) {
    db.command(|tx| {
        Box::pin(async move {
            let text = "CREATE TABLE sample (
                number {int}, truth {bool}, words {text}, raw {bytes}, name {id}) {strict}";
            tx.batch(&rowdb::render(text, tx.engine())).await
        })
    })
    .await
    .expect("a table");
}

type Sample = (Option<i64>, Option<bool>, Option<String>, Option<Vec<u8>>, Option<Uuid>);

async fn there_and_back(db: &Db, sample: Sample) -> Result<Sample, Error> {
    db.command(move |tx| {
        let (number, truth, words, raw, name) = sample.clone();
        Box::pin(async move {
            let row = tx
                .query_one(
                    "INSERT INTO sample (number, truth, words, raw, name)
                     VALUES ($1, $2, $3, $4, $5) RETURNING number, truth, words, raw, name",
                    &params![number, truth, words, raw, name],
                )
                .await?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_comes_back_as_it_was() {
    let text = "[^\0]{0,20}";
    let any_sample = (
        proptest::option::of(prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX)]),
        proptest::option::of(any::<bool>()),
        proptest::option::of(prop_oneof![text, Just("县𠀀🏞".to_owned()), Just(String::new())]),
        proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40)),
        proptest::option::of(any::<u128>().prop_map(Uuid::from_u128)),
    );
    for_each_engine(Options::default(), |db| {
        let any_sample = &any_sample;
        async move {
            with_samples(&db).await;
            let mut runner = TestRunner::deterministic();
            for _ in 0..150 {
                let sample = any_sample.new_tree(&mut runner).expect("a sample").current();
                let back = there_and_back(&db, sample.clone()).await;
                assert_eq!(back, Ok(sample));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_with_nul_is_refused() {
    for_each_engine(Options::default(), |db| async move {
        with_samples(&db).await;
        let sample = (None, None, Some("a\0b".to_owned()), None, None);
        let refused = there_and_back(&db, sample).await;
        assert!(matches!(refused, Err(Error::Sql { .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_the_wrong_kind_is_refused() {
    for_each_engine(Options::default(), |db| async move {
        with_samples(&db).await;
        let refused = db.command(|tx| {
            Box::pin(async move {
                let params = params!["seven"];
                tx.execute("INSERT INTO sample (number) VALUES ($1)", &params).await
            })
        });
        let refused = refused.await;
        assert!(matches!(refused, Err(Error::Sql { .. })), "{refused:?}");
    })
    .await;
}

/// The values of the only row that a statement with these parameters finds.
async fn found(db: &Db, sql: &'static str, params: Vec<Value>) -> Result<Vec<Value>, Error> {
    db.read(move |tx| {
        let params = params.clone();
        Box::pin(async move { Ok(tx.query_one(sql, &params).await?.into_values()) })
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_may_stand_in_any_order_and_more_than_once() {
    for_each_engine(Options::default(), |db| async move {
        let two = || params!["first", "second"].to_vec();
        let swapped = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT)";
        assert_eq!(found(&db, swapped, two()).await, Ok(params!["second", "first"].to_vec()));
        let twice = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)";
        let expected = params!["second", "first", "second"].to_vec();
        assert_eq!(found(&db, twice, two()).await, Ok(expected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_and_values_must_match_in_number() {
    for_each_engine(Options::default(), |db| async move {
        let cases = [
            ("SELECT CAST($1 AS TEXT)", params!["a", "b"].to_vec()),
            ("SELECT CAST($1 AS TEXT), CAST($2 AS TEXT)", params!["a"].to_vec()),
            ("SELECT CAST($1 AS TEXT), CAST($3 AS TEXT)", params!["a", "b"].to_vec()),
            ("SELECT CAST($0 AS TEXT)", params!["a"].to_vec()),
            ("SELECT ?", params!["a"].to_vec()),
        ];
        for (sql, params) in cases {
            let answer = found(&db, sql, params).await;
            assert!(matches!(answer, Err(Error::Sql { .. })), "{sql}: {answer:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_for_one_row_refuses_none_and_two() {
    for_each_engine(Options::default(), |db| async move {
        let one = |sql: &'static str| {
            db.read(move |tx| Box::pin(async move { tx.query_opt(sql, &[]).await }))
        };
        assert!(one("SELECT 1 WHERE 1 = 2").await.unwrap().is_none());
        assert_eq!(one("SELECT 1").await.unwrap().unwrap().get::<i64>(0), Ok(1));
        let two = one("SELECT 1 UNION ALL SELECT 2").await;
        assert!(matches!(two, Err(Error::Inconsistent(_))), "{two:?}");
        let none = found(&db, "SELECT 1 WHERE 1 = 2", Vec::new()).await;
        assert!(matches!(none, Err(Error::Inconsistent(_))), "{none:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_changed_rows_is_answered() {
    for_each_engine(Options::default(), |db| async move {
        with_samples(&db).await;
        let counts = db.command(|tx| {
            Box::pin(async move {
                Ok::<_, Error>([
                    tx.execute("INSERT INTO sample (number) VALUES (1), (2), (3)", &[]).await?,
                    tx.execute("UPDATE sample SET number = 9 WHERE number > 1", &[]).await?,
                    tx.execute("DELETE FROM sample WHERE number = 9 RETURNING number", &[]).await?,
                    tx.execute("UPDATE sample SET number = 8 WHERE number = 7", &[]).await?,
                ])
            })
        });
        assert_eq!(counts.await, Ok([3, 2, 2, 0]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_sorts_by_its_bytes() {
    for_each_engine(Options::default(), |db| async move {
        let sorted = "SELECT string_agg(name, ' ') FROM (SELECT name FROM (
            SELECT 'b' AS name UNION ALL SELECT 'B' UNION ALL SELECT 'a' UNION ALL SELECT '乡'
        ) AS names ORDER BY name) AS sorted";
        assert_eq!(found(&db, sorted, Vec::new()).await, Ok(params!["B a b 乡"].to_vec()));
    })
    .await;
}
