//! Tiles of a map service beneath the county's own outlines: which there are, and the port through
//! which one is fetched. What they show is no business of the county's.

use crate::{Result, Work};
use model::access::Operation;
use rowdb::BoxFuture;

/// What a tile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TileLayer {
    /// Streets, water, buildings (矢量底图).
    Vec,
    /// Names to lay over them (矢量注记).
    Cva,
    /// Pictures from above (影像底图).
    Img,
    /// Names to lay over these (影像注记).
    Cia,
}

impl TileLayer {
    /// All layers.
    pub const ALL: [Self; 4] = [Self::Vec, Self::Cva, Self::Img, Self::Cia];

    /// Its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vec => "vec",
            Self::Cva => "cva",
            Self::Img => "img",
            Self::Cia => "cia",
        }
    }
}

/// The deepest zoom that is fetched.
const DEEPEST: u8 = 18;

/// A tile: of a layer, at a zoom from 1 to 18, by column from the west and row from the north (Web
/// Mercator, 2ᶻ by 2ᶻ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileName {
    layer: TileLayer,
    zoom: u8,
    column: u32,
    row: u32,
}

impl TileName {
    /// The name of a tile; none for what is not on the map.
    pub fn new(layer: TileLayer, (zoom, column, row): (u8, u32, u32)) -> Option<Self> {
        let on_map = (1..=DEEPEST).contains(&zoom) && column.max(row) < 1 << zoom;
        on_map.then_some(Self { layer, zoom, column, row })
    }

    /// What it shows.
    pub fn layer(&self) -> TileLayer {
        self.layer
    }

    /// Zoom, column, row.
    pub fn at(&self) -> (u8, u32, u32) {
        (self.zoom, self.column, self.row)
    }
}

/// A tile as a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Its media type: PNG, JPEG or WebP.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Where tiles come from; implemented by a channel.
pub trait Tiles: Send + Sync {
    /// The layers it offers.
    fn layers(&self) -> &[TileLayer];

    /// A tile; none where the map has none; or, for the log, why it could not be fetched.
    fn fetch(&self, name: TileName) -> BoxFuture<'_, std::result::Result<Option<Tile>, String>>;
}

/// Whether tiles are for this actor; fetching one waits for the world and is no part of a
/// transaction.
pub fn may_see_tiles(work: &Work) -> Result<()> {
    work.may(Operation::ShowTile)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case((1, 1, 1), true)]
    #[case((18, (1 << 18) - 1, 0), true)]
    #[case((0, 0, 0), false)]
    #[case((19, 0, 0), false)]
    #[case((1, 2, 0), false)]
    #[case((1, 0, 2), false)]
    #[case((255, 0, 0), false)]
    #[case((18, u32::MAX, 0), false)]
    fn only_what_is_on_the_map_has_a_name(#[case] at: (u8, u32, u32), #[case] named: bool) {
        assert_eq!(TileName::new(TileLayer::Vec, at).is_some(), named);
    }
}
