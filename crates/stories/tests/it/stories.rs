//! Every story of every pack, each in a county of its own on each engine. What went as told is
//! written for `cargo xtask rows`.

use crate::grounds::{ground, in_a_demo, make_ahead};
use crate::{all_stories, pack, untold};
use ::stories::runner::story::Story;
use ::stories::runner::{Failure, Passed, play, word, write};
use rowdb::Engine;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// So many stories at once: the machines that test have two cores.
const AT_ONCE: usize = 3;

/// Where what is proven is written; set by `cargo xtask rows`.
const PROVEN: &str = "JINLIN_PROVEN";
/// Only stories whose file holds this are played; for whoever writes one.
const ONLY: &str = "JINLIN_STORY";

#[expect(clippy::disallowed_methods, reason = "a test program has no command line of ours")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_story_goes_as_told_on_both_engines() {
    // What the database's server says reaches no client, but whoever reads a failed test needs it.
    tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_test_writer().init();
    let only = setting(ONLY).unwrap_or_default();
    let stories: Vec<Story> =
        all_stories().into_iter().filter(|it| it.file.contains(&only)).collect();
    let (mut passed, mut failed) = (Vec::new(), Vec::new());
    for (engine, outcome) in play_all(&stories).await {
        match outcome {
            Ok(it) => passed.push((engine, it)),
            Err(failure) => failed.push(format!("on {}: {failure}", word(engine))),
        }
    }
    if let Some(path) = setting(PROVEN) {
        write(Path::new(&path), &passed).unwrap();
    }
    failed.sort();
    assert!(failed.is_empty(), "{} failed\n\n{}", failed.len(), failed.join("\n"));
    if only.is_empty() {
        untold::compare(&passed.iter().flat_map(|(_, it)| it.told.clone()).collect());
    }
}

async fn play_all(stories: &[Story]) -> Vec<(Engine, Result<Passed, Failure>)> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut playing = JoinSet::new();
    let (in_demo, others): (Vec<&Story>, Vec<&Story>) =
        stories.iter().partition(|it| in_a_demo(it));
    // A demo takes one core for minutes: both are begun now and played in when the others are done.
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(first) = in_demo.first().map(|it| (*it).clone()) else { break };
        playing.spawn(async move {
            make_ahead(engine, &first).await;
            None
        });
    }
    for story in others.into_iter().chain(in_demo) {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let (turns, story) = (turns.clone(), story.clone());
            playing.spawn(async move {
                let _turn = turns.acquire().await.unwrap();
                let ground = ground(engine, &story).await?;
                let pack = pack(&story.head.pack);
                let outcome = play(&story, &ground.database, pack).await;
                let engine = ground.engine;
                ground.clear().await;
                Some((engine, outcome))
            });
        }
    }
    playing.join_all().await.into_iter().flatten().collect()
}
