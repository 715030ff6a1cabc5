//! A county rebuilt from its journal equals the live one, row by row, on either engine; and the list
//! of tables forgets none.

use crate::history::{History, live, long, seal_all, steps};
use crate::on_each_engine;
use crate::world::*;
use proptest::prelude::*;
use rowdb::{Db, Engine, Error, Options, Tx, Value, params, testing};
use std::collections::{BTreeMap, BTreeSet};
use store::backup::{self, Sealed};
use store::snapshot::{self, Kind, Part, Table, tables};

type Rows = Vec<Vec<Value>>;

/// All that follows from the journal, and the journal itself, by table.
async fn whole(db: &Db) -> BTreeMap<String, Rows> {
    let read = db.read(|tx| {
        Box::pin(async move {
            let mut found = BTreeMap::new();
            for table in tables() {
                if matches!(table.part, Part::Source | Part::Projection) {
                    found.insert(
                        table.name.clone(),
                        snapshot::rows(tx, &table, None, 1_000_000).await?,
                    );
                }
            }
            Ok::<_, store::Error>(found)
        })
    });
    read.await.unwrap()
}

/// The sealed entries, read in small pages.
async fn sealed(db: &Db) -> Vec<Sealed> {
    let read = db.read(|tx| {
        Box::pin(async move {
            let mut found: Vec<Sealed> = Vec::new();
            loop {
                let page = backup::page(tx, found.len() as u64, 7).await?;
                if page.is_empty() {
                    return Ok::<_, store::Error>(found);
                }
                found.extend(page);
            }
        })
    });
    read.await.unwrap()
}

/// A fresh county at a place, made of sealed entries alone.
async fn rebuilt(place: &testing::Place, entries: Vec<Sealed>) -> Db {
    let db = place.open(Options::default()).await.unwrap();
    db.migrate(store::MIGRATIONS).await.unwrap();
    for chunk in entries.chunks(9) {
        let chunk = chunk.to_vec();
        db.command(move |tx| {
            let chunk = chunk.clone();
            Box::pin(async move { backup::restore(tx, &chunk).await })
        })
        .await
        .unwrap();
    }
    db
}

fn differing(one: &BTreeMap<String, Rows>, other: &BTreeMap<String, Rows>) -> Vec<String> {
    let tables = one.iter().filter(|(name, rows)| other.get(*name) != Some(rows));
    tables.map(|(name, rows)| format!("{name}: {rows:?} and {:?}", other.get(name))).collect()
}

async fn record_live(db: &Db, history: History) {
    db.command(move |tx| {
        let history = history.clone();
        Box::pin(async move { live(tx, &history).await })
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rebuilt_on_either_engine_equals_what_lives_on_either() {
    on_each_engine(|db| async move {
        let mut history = long();
        // Entries of all kinds, beside the cases of the long history.
        let county = history.drafts.split_off(history.drafts.len().min(county().len()));
        history.drafts = one_of_each();
        history.drafts.extend(county);
        record_live(&db, history).await;
        let (live, entries) = (whole(&db).await, sealed(&db).await);
        let empty: Vec<&String> = live.iter().filter(|it| it.1.is_empty()).map(|it| it.0).collect();
        assert_eq!(empty, ["checkpoint"], "every table has rows to compare");
        for place in testing::places() {
            let again = rebuilt(&place, entries.clone()).await;
            let differing = differing(&live, &whole(&again).await);
            assert!(differing.is_empty(), "{:?} on {:?}: {differing:?}", db.engine(), place.engine);
            assert_eq!(sealed(&again).await, entries);
            again.close().await;
        }
    })
    .await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_history_is_rebuilt_as_it_was(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let differing = runtime.block_on(async {
            let (one, other) = (testing::sqlite(), testing::sqlite());
            let db = one.open(Options::default()).await.unwrap();
            db.migrate(store::MIGRATIONS).await.unwrap();
            record_live(&db, History::of(&steps)).await;
            let again = rebuilt(&other, sealed(&db).await).await;
            let differing = differing(&whole(&db).await, &whole(&again).await);
            db.close().await;
            again.close().await;
            differing
        });
        prop_assert!(differing.is_empty(), "{:?}", differing);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_row_is_seen() {
    on_each_engine(|db| async move {
        record_live(&db, History::of(&[(0, 0, 3)])).await;
        let before = whole(&db).await;
        db.command(|tx| {
            Box::pin(async move {
                let changed = tx.execute("UPDATE cases SET hiding = $1", &params!["x"]).await?;
                assert_eq!(changed, 1);
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
        assert_eq!(differing(&before, &whole(&db).await).len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_under_another_id_is_not_restored() {
    on_each_engine(|db| async move {
        record_live(&db, History::of(&[])).await;
        let mut entries = sealed(&db).await;
        entries[0].entry = entry(77);
        let place = testing::sqlite();
        let again = place.open(Options::default()).await.unwrap();
        again.migrate(store::MIGRATIONS).await.unwrap();
        let refused = again.command(move |tx| {
            let entries = entries.clone();
            Box::pin(async move { backup::restore(tx, &entries).await })
        });
        assert!(matches!(refused.await, Err(store::Error::Inconsistent { .. })));
        again.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_read_in_chunks_of_any_size_alike() {
    on_each_engine(|db| async move {
        record_live(&db, long()).await;
        let read = db.read(|tx| {
            Box::pin(async move {
                for table in tables() {
                    let all = snapshot::rows(tx, &table, None, 1_000_000).await?;
                    for limit in [3, 50] {
                        assert_eq!(in_chunks(tx, &table, limit).await?, all, "{}", table.name);
                    }
                }
                Ok::<_, store::Error>(())
            })
        });
        read.await.unwrap();
    })
    .await;
}

async fn in_chunks(tx: &mut Tx, table: &Table, limit: i64) -> store::Result<Rows> {
    let mut found: Rows = Vec::new();
    loop {
        let after = found.last().map(|row| table.key_of(row));
        let chunk = snapshot::rows(tx, table, after.as_deref(), limit).await?;
        if chunk.is_empty() {
            return Ok(found);
        }
        found.extend(chunk);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_beside_the_journal_moves_to_the_other_engine() {
    on_each_engine(|db| async move {
        db.command(|tx| {
            Box::pin(async move {
                let (secrets, on) = (store::access::secrets::keep_claim, day("2026-11-22"));
                record_all(tx, one_of_each()).await?;
                store::access::secrets::set_password(tx, ACCOUNT, "hash", true, at(1)).await?;
                secrets(tx, &[9; 32], CASE).await?;
                store::access::secrets::reserve_numbers(tx, on, 5).await?;
                seal_all(tx).await
            })
        })
        .await
        .unwrap();
        let kept = lasting(&db).await;
        assert!(kept.iter().all(|(_, rows)| rows.len() == 1), "{kept:?}");
        for place in testing::places() {
            let other = rebuilt(&place, sealed(&db).await).await;
            let put = kept.clone();
            let command = other.command(move |tx| {
                let put = put.clone();
                Box::pin(async move {
                    for (table, rows) in &put {
                        backup::put(tx, table, rows).await?;
                    }
                    Ok::<_, store::Error>(())
                })
            });
            command.await.unwrap();
            assert_eq!(lasting(&other).await, kept);
            other.close().await;
        }
    })
    .await;
}

async fn lasting(db: &Db) -> Vec<(Table, Rows)> {
    let read = db.read(|tx| {
        Box::pin(async move {
            let mut found = Vec::new();
            for table in tables().into_iter().filter(|it| it.part == Part::Lasting) {
                let rows = snapshot::rows(tx, &table, None, 100).await?;
                found.push((table, rows));
            }
            Ok::<_, store::Error>(found)
        })
    });
    read.await.unwrap()
}

/// What the engine says of each column: its table, name and whether it belongs to the key.
fn catalogue(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT m.name, c.name, c.pk > 0 FROM sqlite_schema m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table'"
        }
        Engine::Postgres => {
            "SELECT c.table_name::text, c.column_name::text, EXISTS (
                SELECT FROM information_schema.key_column_usage k
                JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name)
                WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema
                AND k.table_name = c.table_name AND k.column_name = c.column_name)
             FROM information_schema.columns c WHERE c.table_schema = current_schema()"
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_tables_is_the_catalogue_of_both_engines() {
    on_each_engine(|db| async move {
        let text = catalogue(db.engine());
        let read = db.read(move |tx| {
            Box::pin(async move {
                let rows = tx.query(text, &[]).await?;
                let column = |row: &rowdb::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
                rows.iter().map(column).collect::<Result<BTreeSet<(String, String, bool)>, Error>>()
            })
        });
        let mut found = read.await.unwrap();
        // Each engine's own words, its own tables, and the migrations'.
        let other = |name: &str| {
            ["unsealed", "search", "sqlite_", "rowdb_"].iter().any(|it| name.starts_with(it))
        };
        assert!(
            found.iter().any(|it| it.0 == "unsealed") && found.iter().any(|it| it.0 == "search")
        );
        found.retain(|(table, ..)| !other(table));
        let listed = tables().into_iter().flat_map(|table| {
            let columns = table.columns.iter().enumerate();
            let columns = columns.map(|(index, column)| {
                (table.name.clone(), column.name.clone(), table.key.contains(&index))
            });
            columns.collect::<Vec<_>>()
        });
        assert_eq!(listed.collect::<BTreeSet<_>>(), found);
        assert!(tables().iter().flat_map(|it| &it.columns).any(|it| it.kind == Kind::Bool));
    })
    .await;
}
