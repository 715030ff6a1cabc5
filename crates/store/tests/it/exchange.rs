//! Answers to repeated requests, and files.

use crate::world::*;
use crate::{on_each_engine, promise};
use model::FileId;
use model::journal::Event;
use rowdb::Tx;
use store::exchange::{self, Kept};
use uuid::Uuid;

fn answer(text: &str) -> Kept {
    Kept { body: vec![1; 32], status: 201, answer: text.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_finds_the_answer_of_its_own_scope() {
    promise(|tx| {
        Box::pin(async move {
            exchange::keep(tx, "lin open_case", "k", &answer("{}"), at(0)).await?;
            let kept = exchange::kept(tx, "lin open_case", "k").await?;
            assert_eq!(kept, Some(answer("{}")));
            assert_eq!(exchange::kept(tx, "chen open_case", "k").await?, None);
            assert_eq!(exchange::kept(tx, "lin open_case", "l").await?, None);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_once_kept_is_never_replaced() {
    on_each_engine(|db| async move {
        db.command(|tx| Box::pin(keep(tx, "first"))).await.unwrap();
        let second = db.command(|tx| Box::pin(keep(tx, "second"))).await;
        assert!(matches!(second, Err(store::Error::Db(rowdb::Error::Unique { .. }))));
        let kept = db.read(|tx| Box::pin(exchange::kept(tx, "scope", "key"))).await.unwrap();
        assert_eq!(kept, Some(answer("first")));
    })
    .await;
}

async fn keep(tx: &mut Tx, text: &str) -> store::Result<()> {
    exchange::keep(tx, "scope", "key", &answer(text), at(0)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_forgotten_when_their_time_is_over() {
    promise(|tx| {
        Box::pin(async move {
            exchange::keep(tx, "scope", "old", &answer("{}"), at(0)).await?;
            exchange::keep(tx, "scope", "new", &answer("{}"), at(1)).await?;
            assert_eq!(exchange::sweep(tx, at(1)).await?, 1);
            assert_eq!(exchange::kept(tx, "scope", "old").await?, None);
            assert!(exchange::kept(tx, "scope", "new").await?.is_some());
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paging_through_files_meets_each_once() {
    promise(|tx| {
        Box::pin(async move {
            let id = |n: i64| FileId(Uuid::from_u128(0x2_0000 + n as u128));
            let uploads = (0..5).map(|n| {
                let (sha256, media) = ("00".repeat(32), "image/png".to_owned());
                let (file, hidden, sealed) = (id(n), n, (n == 3).then(|| "33".repeat(32)));
                draft(n, Event::Uploaded { file, sha256, bytes: n, media, hidden, sealed })
            });
            record_all(tx, uploads.collect()).await?;
            let (mut met, mut after) = (Vec::new(), None);
            loop {
                let page = exchange::files(tx, after, 2).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                met.extend(page.iter().map(|it| (it.id, it.bytes, it.entry)));
            }
            assert_eq!(met, (0..5).map(|n| (id(n), n, entry(n))).collect::<Vec<_>>());
            let third = exchange::file(tx, id(3)).await?.unwrap();
            assert_eq!((&*third.media, third.hidden), ("image/png", 3));
            assert_eq!(exchange::file(tx, id(9)).await?, None);
            let original = third.sealed.unwrap();
            assert_eq!(exchange::of_bytes(tx, &original).await?, [id(3)]);
            assert_eq!(exchange::of_bytes(tx, &third.sha256).await?.len(), 5);
            assert_eq!(exchange::unnamed(tx, at(3), 2).await?, [id(0), id(1)]);
            assert_eq!(exchange::unnamed(tx, at(3), 9).await?, [id(0), id(1), id(2)]);
            let both: Vec<_> = exchange::hashes(tx, ("00", "34")).await?.into_iter().collect();
            assert_eq!(both, ["00".repeat(32), "33".repeat(32)]);
            assert_eq!(exchange::hashes(tx, ("01", "33")).await?.len(), 0);
            let (person, values, files) = (None, Vec::new(), vec![id(3)]);
            let erased = Event::Erased { person, values, files, reason: String::new() };
            record_all(tx, vec![draft(9, erased)]).await?;
            assert_eq!(exchange::file(tx, id(3)).await?, None);
            assert_eq!(exchange::of_bytes(tx, &original).await?, []);
            Ok(())
        })
    })
    .await;
}
