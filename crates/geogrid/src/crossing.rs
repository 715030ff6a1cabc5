//! Finds two edges that cross, with a bound on the work that hostile outlines may cause.
//! What else makes a shape unsound is checked in `shape`.

use rstar::{RTree, RTreeObject, primitives::Rectangle};

use crate::{
    point::{LngLat, turn},
    polygon::Edge,
    shape::ShapeError,
};

/// Pairs of edges with touching boxes that are looked at before an outline counts as tangled;
/// an honest outline has a few for each of its points.
const MAX_PAIRS: usize = 2_000_000;

type EdgeBox = Rectangle<[i64; 2]>;

struct Boxed(Edge);

impl RTreeObject for Boxed {
    type Envelope = <EdgeBox as RTreeObject>::Envelope;

    fn envelope(&self) -> Self::Envelope {
        let (a, b) = (self.0.0.wide(), self.0.1.wide());
        EdgeBox::from_corners([a.0, a.1], [b.0, b.1]).envelope()
    }
}

/// An error if any two edges cross properly (touching is no crossing), or if that is too costly to
/// find out.
pub(crate) fn find(edges: impl Iterator<Item = Edge>) -> Result<(), ShapeError> {
    let tree = RTree::bulk_load(edges.map(Boxed).collect());
    let pairs = tree.intersection_candidates_with_other_tree(&tree);
    for (seen, (first, second)) in pairs.enumerate() {
        if seen == MAX_PAIRS {
            return Err(ShapeError::Tangled);
        }
        if cross(first.0, second.0) {
            return Err(ShapeError::Crossing { near: nearest_end(first.0, second.0) });
        }
    }
    Ok(())
}

fn cross((a, b): Edge, (c, d): Edge) -> bool {
    let opposite = |left: std::cmp::Ordering, right: std::cmp::Ordering| {
        left.is_ne() && right.is_ne() && left != right
    };
    opposite(turn(a, b, c), turn(a, b, d)) && opposite(turn(c, d, a), turn(c, d, b))
}

/// The end of the first edge that is nearer to the second.
fn nearest_end((a, b): Edge, (c, d): Edge) -> LngLat {
    let away = |point: LngLat| {
        let ((ux, uy), (vx, vy)) = (d.minus(c), point.minus(c));
        (i128::from(ux) * i128::from(vy) - i128::from(uy) * i128::from(vx)).abs()
    };
    if away(a) <= away(b) { a } else { b }
}
