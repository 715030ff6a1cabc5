//! The ground of each proposed cell: everything nearer to its buildings than to any other, within an
//! outline. Which building belongs to which cell is decided before.
//!
//! Borders lie midway between buildings (Voronoi). Their corners are rounded once to whole units, so
//! that neighbours share them exactly; only where they meet the outline are both bent by a unit.

use rstar::{AABB, RTree, primitives::Rectangle};
use spade::{Point2, Triangulation, handles::VoronoiVertex};

use super::{
    Building, Proposal,
    ground::{Plane, Site, net, sites, units},
};
use crate::{
    overlay::{Fill, combine},
    point::{Bounds, LngLat},
    polygon::{Polygon, Ring, Side, doubled_area, side_of},
    rejoin::rejoined,
    shape::{Shape, ShapeError},
};

/// Points far outside, so that the surroundings of every building are bounded.
const GHOSTS: [[f64; 2]; 8] = [
    [1.0, 0.0],
    [0.7, 0.7],
    [0.0, 1.0],
    [-0.7, 0.7],
    [-1.0, 0.0],
    [-0.7, -0.7],
    [0.0, -1.0],
    [0.7, -0.7],
];
/// How far the ghosts are from the middle, in extents of the ground.
const GHOST_REACH: f64 = 8.0;
/// How far the ground reaches beyond the buildings if no outline is given, in 1e-7 degree: 200 m.
const MARGIN: i64 = 20_000;

/// The shapes of a proposal's cells, in their order; together they tile the outline (or else the box
/// around the buildings) without overlap or gap. None for a cell all of whose buildings are outside.
pub fn draw(
    proposal: &Proposal,
    buildings: &[Building],
    outline: Option<&Shape>,
) -> Result<Vec<Option<Shape>>, ShapeError> {
    let boxed = surroundings(buildings);
    let Some(outline) = outline.or(boxed.as_ref()) else { return Ok(Vec::new()) };
    let homes = homes(proposal, buildings.len());
    let mut cells: Vec<Vec<Polygon>> = vec![Vec::new(); proposal.cells.len()];
    for (building, surroundings) in grounds(buildings, outline) {
        let cell = homes.get(building).and_then(|&home| cells.get_mut(home));
        cell.into_iter().for_each(|cell| cell.push(surroundings.clone()));
    }
    let clip = Clip::of(outline);
    let cells: Vec<_> = cells.iter().map(|cell| clip.within(cell)).collect::<Result<_, _>>()?;
    // A bay may part a cell; a piece without buildings goes to the neighbour that it borders on.
    let lives_in = |cell: usize, piece: &Polygon| {
        let homes = proposal.cells.get(cell).into_iter().flat_map(|it| &it.buildings);
        let mut places = homes.filter_map(|&home| Some(buildings.get(home)?.at));
        places.any(|at| side_of(piece.edges(), at) != Side::Outside)
    };
    Ok(rejoined(cells, lives_in).into_iter().map(Shape::trusted).collect())
}

/// The cell of each building.
fn homes(proposal: &Proposal, buildings: usize) -> Vec<usize> {
    let mut homes = vec![usize::MAX; buildings];
    for (cell, it) in proposal.cells.iter().enumerate() {
        for &building in &it.buildings {
            homes.get_mut(building).into_iter().for_each(|home| *home = cell);
        }
    }
    homes
}

/// A box around all buildings, with a margin.
fn surroundings(buildings: &[Building]) -> Option<Shape> {
    let footprints = buildings.iter().filter_map(|it| it.footprint.as_ref()).map(Shape::bounds);
    let corners = footprints.flat_map(|bounds| [bounds.south_west, bounds.north_east]);
    let bounds = Bounds::around(buildings.iter().map(|it| it.at).chain(corners))?;
    let (west, south) = bounds.south_west.wide();
    let (east, north) = bounds.north_east.wide();
    let (west, south) = (west - MARGIN, south - MARGIN);
    let (east, north) = (east + MARGIN, north + MARGIN);
    let corners = [(west, south), (east, south), (east, north), (west, north)];
    let outer = corners.map(|(x, y)| LngLat::clamped(x, y)).to_vec();
    Shape::trusted(vec![Polygon { outer, holes: Vec::new() }])
}

/// What is nearest to each site, with the building that the site is of.
fn grounds(buildings: &[Building], outline: &Shape) -> Vec<(usize, Polygon)> {
    let units = units(buildings);
    let reach = outline.bounds();
    let ends = [reach.south_west, reach.north_east];
    let points = units.iter().map(|unit| unit.at).chain(ends);
    let Some(plane) = Plane::around(points.clone()) else { return Vec::new() };
    let mut sites = sites(&units, buildings, plane);
    sites.extend(ghosts(plane, points, units.len()));
    let net = net(sites);
    let surroundings = net.vertices().filter_map(|vertex| {
        let unit = units.get(vertex.data().unit)?;
        let edges = vertex.as_voronoi_face().adjacent_edges();
        let corners = edges.filter_map(|edge| match edge.from() {
            VoronoiVertex::Inner(face) => Some(face.circumcenter()),
            VoronoiVertex::Outer(_) => None,
        });
        let ring = ring(corners.map(|Point2 { x, y }| plane.point([x, y])));
        Some((*unit.members.first()?, Polygon { outer: ring?, holes: Vec::new() }))
    });
    surroundings.collect()
}

/// A counter-clockwise ring; none if rounding left nothing of it.
fn ring(corners: impl Iterator<Item = LngLat>) -> Option<Ring> {
    let mut ring: Ring = corners.collect();
    ring.dedup();
    if doubled_area(&ring) < 0 {
        ring.reverse();
    }
    (doubled_area(&ring) > 0).then_some(ring)
}

fn ghosts(plane: Plane, points: impl Iterator<Item = LngLat>, unit: usize) -> Vec<Site> {
    let spots: Vec<_> = points.map(|point| plane.spot(point)).collect();
    let far = |axis: fn(&[f64; 2]) -> f64| spots.iter().map(axis).fold(1_000.0, f64::max);
    let (width, height) = (far(|spot| spot[0]), far(|spot| spot[1]));
    let reach = GHOST_REACH * width.max(height);
    let ghost = |[x, y]: [f64; 2]| {
        let spot = [width / 2.0 + x * reach, height / 2.0 + y * reach];
        Site { spot: Point2::new(spot[0], spot[1]), at: plane.point(spot), unit }
    };
    GHOSTS.into_iter().map(ghost).collect()
}

/// An outline that cells are clipped to.
struct Clip<'a> {
    outline: &'a Shape,
    edges: RTree<Rectangle<[i64; 2]>>,
}

impl<'a> Clip<'a> {
    fn of(outline: &'a Shape) -> Self {
        let boxed =
            |(a, b): (LngLat, LngLat)| Rectangle::from_corners(a.wide().into(), b.wide().into());
        Self { outline, edges: RTree::bulk_load(outline.edges().map(boxed).collect()) }
    }

    /// What of the surroundings of a cell's buildings lies within the outline, as one.
    fn within(&self, surroundings: &[Polygon]) -> Result<Vec<Polygon>, ShapeError> {
        let cell = combine(&surroundings.iter().collect::<Vec<_>>(), &[], Fill::Above)?;
        if self.holds(&cell) {
            return Ok(cell);
        }
        let outline: Vec<_> = self.outline.polygons().iter().collect();
        combine(&cell.iter().collect::<Vec<_>>(), &outline, Fill::Both)
    }

    /// Whether a cell is so far inside that no edge of the outline comes near it.
    fn holds(&self, cell: &[Polygon]) -> bool {
        let corners = cell.iter().flat_map(|polygon| polygon.outer.iter().copied());
        let Some(bounds) = Bounds::around(corners) else { return true };
        let (south_west, north_east) = (bounds.south_west.wide(), bounds.north_east.wide());
        let bounds_box = AABB::from_corners(south_west.into(), north_east.into());
        self.edges.locate_in_envelope_intersecting(bounds_box).next().is_none()
            && self.outline.side(bounds.south_west) == Side::Inside
    }
}
