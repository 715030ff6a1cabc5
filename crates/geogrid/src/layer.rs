//! A layer of cells and the look-up "which cell holds this point", exact and fast.
//! Whether the cells overlap or leave gaps is asked in `report`.

use rstar::{RTree, primitives::GeomWithData, primitives::Rectangle};

use crate::{
    point::LngLat,
    polygon::{Edge, Side, side_of},
    shape::Shape,
};

/// Cells that answer for points; a point on a shared border belongs to the cell given first.
#[derive(Debug)]
pub struct Layer<Id> {
    cells: Vec<Cell<Id>>,
    boxes: RTree<GeomWithData<Rectangle<[i64; 2]>, usize>>,
}

#[derive(Debug)]
struct Cell<Id> {
    id: Id,
    shape: Shape,
    bands: Bands,
}

impl<Id> Layer<Id> {
    /// Indexes the cells, in the order in which they win points on shared borders.
    pub fn build(cells: Vec<(Id, Shape)>) -> Self {
        let cells: Vec<_> = cells
            .into_iter()
            .map(|(id, shape)| Cell { id, bands: Bands::of(&shape), shape })
            .collect();
        let boxes = cells.iter().enumerate().map(|(index, cell)| boxed(&cell.shape, index));
        let boxes = RTree::bulk_load(boxes.collect());
        Self { cells, boxes }
    }

    /// The first cell that holds the point, borders included; none outside all cells.
    pub fn locate(&self, point: LngLat) -> Option<&Id> {
        let (x, y) = point.wide();
        let near = self.boxes.locate_all_at_point([x, y]).map(|entry| entry.data);
        let holds = |index: &usize| self.cells.get(*index).is_some_and(|c| c.bands.holds(point));
        self.cells.get(near.filter(holds).min()?).map(|cell| &cell.id)
    }

    /// The cells in the order given.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = (&Id, &Shape)> {
        self.cells.iter().map(|cell| (&cell.id, &cell.shape))
    }
}

/// A shape's box with the shape's index.
pub(crate) fn boxed(shape: &Shape, index: usize) -> GeomWithData<Rectangle<[i64; 2]>, usize> {
    let bounds = shape.bounds();
    let ((west, south), (east, north)) = (bounds.south_west.wide(), bounds.north_east.wide());
    GeomWithData::new(Rectangle::from_corners([west, south], [east, north]), index)
}

/// The edges of a shape by bands of latitude, so that a look-up reads only those beside the point.
#[derive(Debug)]
struct Bands {
    south: i64,
    height: i64,
    bands: Vec<Box<[Edge]>>,
}

impl Bands {
    fn of(shape: &Shape) -> Self {
        let edges: Vec<Edge> = shape.edges().collect();
        let south = shape.bounds().south_west.wide().1;
        // As many bands as the root of the edges: short lists without many copies of long edges.
        let count = edges.len().isqrt().max(1);
        let height = shape.bounds().extent().1 / count as i64 + 1;
        let band = |index: i64| {
            let (low, high) = (south + index * height, south + (index + 1) * height);
            let beside = |edge: &&Edge| {
                let (a, b) = (edge.0.wide().1, edge.1.wide().1);
                a.min(b) < high && a.max(b) >= low
            };
            edges.iter().filter(beside).copied().collect()
        };
        Self { south, height, bands: (0..count as i64).map(band).collect() }
    }

    fn holds(&self, point: LngLat) -> bool {
        let band = usize::try_from((point.wide().1 - self.south).div_euclid(self.height));
        let edges = band.ok().and_then(|band| self.bands.get(band));
        edges.is_some_and(|edges| side_of(edges.iter().copied(), point) != Side::Outside)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        divide,
        samples::{at, county, outline, rectangle, scatter, shape},
    };

    #[test]
    fn a_point_on_a_shared_border_belongs_to_the_cell_given_first() {
        let (west, east) = (rectangle(0, 0, 10, 10), rectangle(10, 0, 20, 10));
        let layer = Layer::build(vec![("west", west.clone()), ("east", east.clone())]);
        assert_eq!(layer.locate(at(10, 5)), Some(&"west"));
        assert_eq!(layer.locate(at(11, 5)), Some(&"east"));
        let turned = Layer::build(vec![("east", east), ("west", west)]);
        assert_eq!(turned.locate(at(10, 5)), Some(&"east"));
        assert_eq!(turned.cells().map(|(id, _)| *id).collect::<Vec<_>>(), ["east", "west"]);
    }

    #[test]
    fn the_outer_border_and_slanted_borders_belong_to_a_cell() {
        let lower = shape(&[(0, 0), (30, 0), (30, 20)]);
        let upper = shape(&[(0, 0), (30, 20), (0, 20)]);
        let layer = Layer::build(vec![(1, lower), (2, upper)]);
        for corner in [at(0, 0), at(30, 0), at(30, 20), at(15, 10), at(3, 2)] {
            assert_eq!(layer.locate(corner), Some(&1));
        }
        assert_eq!(layer.locate(at(0, 20)), Some(&2));
        assert_eq!(layer.locate(at(-1, 0)), None);
        assert_eq!(layer.locate(at(31, 20)), None);
    }

    #[test]
    fn an_empty_layer_holds_nothing() {
        assert_eq!(Layer::<u8>::build(Vec::new()).locate(at(0, 0)), None);
    }

    #[test]
    fn the_index_agrees_with_asking_every_cell() {
        let outline = county();
        let cells: Vec<_> = divide(&outline, &[3; 60]).unwrap().into_iter().enumerate().collect();
        let layer = Layer::build(cells.clone());
        for point in scatter(&outline, 5_000) {
            let first = cells.iter().find(|(_, shape)| shape.contains(point)).map(|(id, _)| id);
            assert_eq!(layer.locate(point), first, "{point}");
        }
    }

    proptest! {
        #[test]
        fn every_corner_and_every_row_of_a_cell_is_found(outline in outline()) {
            let layer = Layer::build(vec![((), outline.clone())]);
            for (corner, _) in outline.edges() {
                prop_assert!(layer.locate(corner).is_some());
            }
            for point in scatter(&outline, 500) {
                prop_assert_eq!(layer.locate(point).is_some(), outline.contains(point));
            }
        }
    }
}
