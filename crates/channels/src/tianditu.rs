//! Tiles of the national map service 天地图, fetched with the county's key, which stays here: clients
//! ask us, and what several ask for is fetched once.

use crate::web::{Address, Answer, Web};
use app::BoxFuture;
use app::territory::{Tile, TileLayer, TileName, Tiles};
use hyper::StatusCode;
use jiff::{SignedDuration, Timestamp};
use model::Clock;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A tile that is slower than this is not worth waiting for.
const PATIENCE: Duration = Duration::from_secs(8);
/// Largest tile in bytes; sound ones have up to a tenth of it.
const LARGEST: usize = 512 * 1024;
/// What all tiles kept in memory may weigh, in bytes.
const KEPT: u64 = 48 * 1024 * 1024;
/// How long a tile is taken for true: maps change a few times a year.
const FRESH: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Tiles fetched at once.
const AT_ONCE: usize = 16;
/// Pictures that browsers draw and that hold no script.
const PICTURES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

/// The national map service.
pub struct Tianditu {
    web: Web,
    key: String,
    clock: Arc<dyn Clock>,
    kept: Cache<TileName, Arc<Kept>, ByBytes>,
    seats: Semaphore,
}

/// A tile, or that there is none, as it was answered at a time.
struct Kept {
    tile: Option<Tile>,
    at: Timestamp,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<TileName, Arc<Kept>> for ByBytes {
    fn weight(&self, _: &TileName, kept: &Arc<Kept>) -> u64 {
        // An empty one weighs too, or they would be without number.
        let bytes = kept.tile.as_ref().map_or(0, |it| it.bytes.len());
        bytes.saturating_add(128).try_into().unwrap_or(u64::MAX)
    }
}

impl Tianditu {
    /// Where the service stands.
    pub const ADDRESS: &str = "https://t0.tianditu.gov.cn";

    /// The service at an address, by the key of the county (of the kind for servers, 服务端).
    pub fn new(address: Address, key: &str, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let sound = !key.is_empty() && key.bytes().all(|it| it.is_ascii_alphanumeric());
        if !sound {
            return Err(io::Error::other("a key of 天地图 is made of letters and digits only"));
        }
        Ok(Self {
            web: Web::new(address, (PATIENCE, LARGEST))?,
            key: key.to_owned(),
            clock,
            kept: Cache::with_weighter(4_096, KEPT, ByBytes),
            seats: Semaphore::new(AT_ONCE),
        })
    }

    async fn tile(&self, name: TileName) -> Result<Option<Tile>, String> {
        let now = self.clock.now();
        if self.kept.get(&name).is_some_and(|it| it.at + FRESH < now) {
            self.kept.remove(&name);
        }
        let kept = self.kept.get_or_insert_async(&name, async {
            let tile = self.ask(name).await?;
            Ok::<_, String>(Arc::new(Kept { tile, at: now }))
        });
        Ok(kept.await?.tile.clone())
    }

    async fn ask(&self, name: TileName) -> Result<Option<Tile>, String> {
        // Closed never: there is a seat, or there will be.
        let _seat = self.seats.acquire().await;
        let answer = self.web.get(&self.rest(name)).await.map_err(|error| error.to_string())?;
        read(answer)
    }

    /// Path and query of a tile as OGC's WMTS has them.
    fn rest(&self, name: TileName) -> String {
        let (layer, (zoom, column, row)) = (name.layer().as_str(), name.at());
        format!(
            "/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default\
             &TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={zoom}&TILEROW={row}&TILECOL={column}&tk={}",
            self.key
        )
    }
}

/// A key that is wrong, spent or bound to another address is told in words, with any status.
fn read(answer: Answer) -> Result<Option<Tile>, String> {
    let media = answer.media();
    match (answer.status, PICTURES.into_iter().find(|it| *it == media)) {
        (StatusCode::OK, Some(media)) => Ok(Some(Tile { media, bytes: answer.body.into() })),
        (StatusCode::NOT_FOUND, _) => Ok(None),
        (status, _) => Err(format!("answered {status} with `{media:.40}`")),
    }
}

impl Tiles for Tianditu {
    fn layers(&self) -> &[TileLayer] {
        &TileLayer::ALL
    }

    fn fetch(&self, name: TileName) -> BoxFuture<'_, Result<Option<Tile>, String>> {
        Box::pin(self.tile(name))
    }
}
