//! The text index: it follows the log within a second, so that no one waits for it.

use crate::{County, Error, Result};
use model::access::Actor;
use model::journal::Event;
use model::{CaseId, EntryId};
use rowdb::{Engine, Tx};
use std::sync::Arc;

const CHUNK: u32 = 200;

/// Indexes the cases opened since the last time; says how many entries of the log were followed.
pub async fn index_new(county: &Arc<County>) -> Result<u64> {
    let mut followed = 0;
    loop {
        let behind = county
            .look(Actor::system("index"), |tx, _| {
                Box::pin(async move {
                    Ok(store::seal::size(tx).await? > store::search::position(tx).await?)
                })
            })
            .await?;
        if !behind {
            return Ok(followed);
        }
        followed += county
            .run(Actor::system("index"), |tx, _| Box::pin(async move { chunk(tx).await }))
            .await?;
    }
}

async fn chunk(tx: &mut Tx) -> Result<u64> {
    let from = store::search::position(tx).await?;
    let entries = store::seal::page(tx, from, i64::from(CHUNK)).await?;
    let read = u64::try_from(entries.len()).unwrap_or(0);
    for (_, id, body) in entries {
        let entry: model::Entry = serde_json::from_str(&body).map_err(Error::internal)?;
        if let Event::CaseOpened { opening } = &entry.event
            && !opening.sensitive
        {
            index(tx, opening.case, id).await?;
        }
    }
    store::search::keep_position(tx, from + read).await?;
    Ok(read)
}

/// What is searched: title and body of the opening. Erased texts are not there any more.
async fn index(tx: &mut Tx, case: CaseId, entry: EntryId) -> Result<()> {
    let texts = store::journal::private(tx, entry).await?;
    let words: Vec<&str> =
        ["title", "body"].iter().filter_map(|it| texts.get(*it)).map(String::as_str).collect();
    let terms = zhtext::Terms::of(&words.join(" "));
    let document = match tx.engine() {
        Engine::Sqlite => terms.fts5(),
        Engine::Postgres => terms.tsvector(),
    };
    Ok(store::search::index(tx, case, &document).await?)
}
