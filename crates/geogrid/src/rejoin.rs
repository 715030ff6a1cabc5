//! Gives pieces that a cut left detached from their cell to the neighbour they adjoin.
//! The tiling stays exact: pieces change owner, never form.

use std::collections::BTreeMap;

use crate::{
    overlay::{Fill, combine},
    point::Bounds,
    polygon::{Edge, Polygon},
};

/// A connected piece of a cell.
struct Piece {
    polygon: Polygon,
    bounds: Option<Bounds>,
    owner: usize,
    settled: bool,
}

/// The cells with each detached piece joined to the cell with which it shares the longest border;
/// a cell keeps its largest piece and those that it `needs`, and islands, which border on no cell,
/// stay where they were.
pub(crate) fn rejoined(
    cells: Vec<Vec<Polygon>>,
    needs: impl Fn(usize, &Polygon) -> bool,
) -> Vec<Vec<Polygon>> {
    let count = cells.len();
    let mut pieces: Vec<Piece> =
        cells.into_iter().enumerate().flat_map(|(owner, cell)| pieces(owner, cell)).collect();
    for piece in &mut pieces {
        piece.settled = piece.settled || needs(piece.owner, &piece.polygon);
    }
    // A piece may only be reached over another detached one, hence rounds until nothing moves.
    while let Some((index, owner)) = next_move(&pieces) {
        if let Some(piece) = pieces.get_mut(index) {
            (piece.owner, piece.settled) = (owner, true);
        }
    }
    let mut cells: Vec<Vec<Polygon>> = (0..count).map(|_| Vec::new()).collect();
    for piece in pieces {
        cells.get_mut(piece.owner).into_iter().for_each(|cell| cell.push(piece.polygon.clone()));
    }
    cells.into_iter().map(dissolved).collect()
}

fn pieces(owner: usize, mut cell: Vec<Polygon>) -> impl Iterator<Item = Piece> {
    cell.sort_by_cached_key(|polygon| std::cmp::Reverse(polygon.doubled_area()));
    cell.into_iter().enumerate().map(move |(rank, polygon)| {
        let bounds = Bounds::around(polygon.outer.iter().copied());
        Piece { polygon, bounds, owner, settled: rank == 0 }
    })
}

/// The first detached piece that adjoins a settled one, with its new owner.
fn next_move(pieces: &[Piece]) -> Option<(usize, usize)> {
    let mut detached = pieces.iter().enumerate().filter(|(_, piece)| !piece.settled);
    detached.find_map(|(index, piece)| Some((index, neighbour(piece, pieces)?)))
}

/// The owner with whose settled pieces this one shares the longest border.
fn neighbour(piece: &Piece, pieces: &[Piece]) -> Option<usize> {
    let mut shared: BTreeMap<usize, i64> = BTreeMap::new();
    for other in pieces.iter().filter(|other| other.settled && touch(piece.bounds, other.bounds)) {
        *shared.entry(other.owner).or_default() += shared_border(&piece.polygon, &other.polygon);
    }
    shared.retain(|_, length| *length > 0);
    shared
        .into_iter()
        .max_by_key(|&(owner, length)| (length, std::cmp::Reverse(owner)))
        .map(|e| e.0)
}

fn touch(one: Option<Bounds>, other: Option<Bounds>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    let (width, height) = one.with(other).extent();
    let ((a, b), (c, d)) = (one.extent(), other.extent());
    width <= a + c && height <= b + d
}

/// The length along meridians, parallels and edges alike in both that two polygons share, in units.
fn shared_border(one: &Polygon, other: &Polygon) -> i64 {
    one.edges().map(|edge| other.edges().map(|facing| overlap(edge, facing)).sum::<i64>()).sum()
}

fn overlap((a, b): Edge, (c, d): Edge) -> i64 {
    let ((ax, ay), (bx, by), (cx, cy), (dx, dy)) = (a.wide(), b.wide(), c.wide(), d.wide());
    let common =
        |a: i64, b: i64, c: i64, d: i64| (a.max(b).min(c.max(d)) - a.min(b).max(c.min(d))).max(0);
    if ax == bx && cx == dx && ax == cx {
        common(ay, by, cy, dy)
    } else if ay == by && cy == dy && ay == cy {
        common(ax, bx, cx, dx)
    } else if (a, b) == (d, c) {
        ((bx - ax).unsigned_abs() + (by - ay).unsigned_abs()) as i64
    } else {
        0
    }
}

/// A cell without borders between its own pieces.
fn dissolved(cell: Vec<Polygon>) -> Vec<Polygon> {
    let several: Vec<_> = cell.iter().collect();
    match several.as_slice() {
        [_] => cell,
        // The pieces stem from one shape, which fits the working area.
        several => combine(several, &[], Fill::Above).unwrap_or_else(|_| cell.clone()),
    }
}
