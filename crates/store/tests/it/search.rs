//! The text index: what is found, where, and what never is.

use crate::history::{GRID, History, live, seal_all};
use crate::promise;
use crate::world::*;
use model::{CaseId, Event};
use rowdb::{Engine, Options, Tx, testing};
use store::cases::{CaseFilter, page};
use store::journal::record;
use store::search;

/// A document of these terms, or an expression that wants them all, as the engine writes it.
fn written(tx: &Tx, terms: &[&str], and: [&str; 2]) -> String {
    let (quote, and) = match tx.engine() {
        Engine::Sqlite => ('"', and[0]),
        Engine::Postgres => ('\'', and[1]),
    };
    let terms: Vec<String> = terms.iter().map(|term| format!("{quote}{term}{quote}")).collect();
    terms.join(and)
}

async fn index(tx: &mut Tx, case: CaseId, terms: &[&str]) -> store::Result<()> {
    let document = written(tx, terms, [" ", " "]);
    search::index(tx, case, &document).await
}

async fn found(tx: &mut Tx, filter: CaseFilter, terms: &[&str]) -> store::Result<Vec<CaseId>> {
    let filter = filter.matching(&written(tx, terms, [" AND ", " & "]));
    Ok(page(tx, &filter, 50).await?.items.into_iter().map(|it| it.case.id).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_the_cases_that_hold_all_its_terms() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, vec![opened(1, CASE, None), opened(2, JOINED, None)]).await?;
            seal_all(tx).await?;
            index(tx, CASE, &["路灯", "灯不", "不亮", "wifi"]).await?;
            index(tx, JOINED, &["路灯", "灯坏"]).await?;
            let all = CaseFilter::new;
            assert_eq!(found(tx, all(), &["路灯"]).await?, [JOINED, CASE]);
            assert_eq!(found(tx, all(), &["路灯", "不亮"]).await?, [CASE]);
            assert_eq!(found(tx, all(), &["wifi"]).await?, [CASE]);
            assert!(found(tx, all(), &["漏水"]).await?.is_empty());
            assert!(found(tx, all().ended(), &["路灯"]).await?.is_empty());
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_indexed_anew_is_found_by_its_new_terms_only() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, vec![opened(1, CASE, None)]).await?;
            seal_all(tx).await?;
            index(tx, CASE, &["路灯"]).await?;
            index(tx, CASE, &["漏水"]).await?;
            assert!(found(tx, CaseFilter::new(), &["路灯"]).await?.is_empty());
            assert_eq!(found(tx, CaseFilter::new(), &["漏水"]).await?, [CASE]);
            search::remove(tx, CASE).await?;
            assert!(found(tx, CaseFilter::new(), &["漏水"]).await?.is_empty());
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_in_a_place_is_not_crowded_out_by_others() {
    promise(|tx| {
        Box::pin(async move {
            // One case in the grid, the oldest; then more than a search looks at elsewhere.
            let mut steps = vec![(0, 0, 15)];
            steps.extend(std::iter::repeat_n((0, 0, 3), search::LIMIT + 1));
            let history = History::of(&steps);
            live(tx, &history).await?;
            let place = "00000000000000000000000000000000";
            for known in &history.cases {
                index(tx, known.id, &["路灯", place]).await?;
            }
            let inside = CaseFilter::new().at(3, GRID);
            assert_eq!(found(tx, inside.clone(), &["路灯"]).await?, [history.cases[0].id]);
            assert!(found(tx, inside, &["漏水"]).await?.is_empty());
            let everywhere = found(tx, CaseFilter::new(), &["路灯"]).await?;
            assert_eq!(everywhere.len(), 50);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sensitive_case_is_found_by_nobody() {
    promise(|tx| {
        Box::pin(async move {
            let mut sensitive = opened(1, CASE, None);
            if let Event::CaseOpened { opening } = &mut sensitive.event {
                opening.sensitive = true;
            }
            record(tx, sensitive).await?;
            seal_all(tx).await?;
            index(tx, CASE, &["家暴"]).await?;
            assert!(found(tx, CaseFilter::new().with_sensitive(), &["家暴"]).await?.is_empty());
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_text_of_a_case_takes_its_terms_along() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, vec![opened(1, CASE, None), opened(2, JOINED, None)]).await?;
            record(tx, acted(3, CASE, 2, &serde_json::json!({"state": "handling"}))).await?;
            seal_all(tx).await?;
            index(tx, CASE, &["路灯"]).await?;
            index(tx, JOINED, &["路灯"]).await?;
            // A text that came with a later entry of the case.
            let values = vec![(entry(3), "note".to_owned())];
            record(
                tx,
                draft(
                    4,
                    Event::Erased { person: None, values, files: vec![], reason: String::new() },
                ),
            )
            .await?;
            assert_eq!(found(tx, CaseFilter::new(), &["路灯"]).await?, [JOINED]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_not_sealed_yet_cannot_be_indexed() {
    promise(|tx| {
        Box::pin(async move {
            record(tx, opened(1, CASE, None)).await?;
            let early = index(tx, CASE, &["路灯"]).await;
            assert!(matches!(early, Err(store::Error::Missing { .. })), "{early:?}");
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_remembers_how_far_it_has_followed() {
    promise(|tx| {
        Box::pin(async move {
            assert_eq!(search::position(tx).await?, 0);
            search::keep_position(tx, 3).await?;
            search::keep_position(tx, 7).await?;
            assert_eq!(search::position(tx).await?, 7);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_grew_since_the_last_search_is_not_called_broken() {
    let place = testing::sqlite();
    let db = place.open(Options { readers: 1, ..Options::default() }).await.unwrap();
    db.migrate(store::MIGRATIONS).await.unwrap();
    let begun = db.command(|tx| {
        Box::pin(async move {
            record_all(tx, vec![opened(1, CASE, None)]).await?;
            seal_all(tx).await
        })
    });
    begun.await.unwrap();
    // So often that the index merges its parts and drops those that the search below has seen.
    for n in 0..64 {
        db.command(|tx| Box::pin(index(tx, CASE, &["路灯"]))).await.unwrap();
        if n == 2 {
            let read = db.read(|tx| Box::pin(found(tx, CaseFilter::new(), &["路灯"])));
            assert_eq!(read.await.unwrap(), [CASE]);
        }
    }
    let broken = db.read(|tx| Box::pin(store::audit::indexes(tx))).await.unwrap();
    assert!(broken.is_empty(), "{broken:?}");
}
