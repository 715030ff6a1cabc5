//! A county's own plane: a zone shifted, turned and scaled. Given by its numbers, or fitted from
//! control points that are known in both.

use super::{FrameError, Zone};
use crate::point::LngLat;

/// A plane laid on a zone: `zone = shift + scale · turn(rotation) · local`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// The zone it is laid on.
    pub base: Zone,
    /// Where its origin is in the zone: east and north in metres.
    pub shift: [f64; 2],
    /// How far it is turned, counter-clockwise, in seconds of arc.
    pub rotation: f64,
    /// How much longer a metre of it is, in parts of a million.
    pub scale: f64,
}

/// A plane fitted to control points, and how well.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The plane.
    pub local: Local,
    /// What is left at each pair, in the order given: metres east and north in the zone.
    pub residuals: Vec<[f64; 2]>,
    /// The root mean square of what is left, in metres; 0 for two pairs, which any fit meets.
    pub rms: f64,
}

/// Why no plane can be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Give two or more pairs.
    #[error("{pairs} control points; two are needed, and a third to see whether they are right")]
    TooFew {
        /// How many were given.
        pairs: usize,
    },
    /// Give points apart from each other.
    #[error("the control points are all in one place")]
    OnePlace,
    /// Mend the pair.
    #[error("a control point's coordinate is no number")]
    NotANumber,
}

impl Local {
    /// East and north in the zone of a point of this plane, all in metres.
    pub(super) fn to_base(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [a, b] = self.factors();
        [self.shift[0] + a * x - b * y, self.shift[1] + b * x + a * y]
    }

    fn factors(self) -> [f64; 2] {
        let (sine, cosine) = (self.rotation / 3_600.0).to_radians().sin_cos();
        let scale = 1.0 + self.scale * 1e-6;
        [scale * cosine, scale * sine]
    }

    /// East and north of a place in this plane, in metres.
    pub fn metres(self, place: LngLat) -> [f64; 2] {
        let [east, north] = self.base.metres(place);
        let ([a, b], x, y) = (self.factors(), east - self.shift[0], north - self.shift[1]);
        let squared = a * a + b * b;
        [(a * x + b * y) / squared, (a * y - b * x) / squared]
    }

    /// The place of a point of this plane, to the nearest unit.
    pub fn place(self, local: [f64; 2]) -> Result<LngLat, FrameError> {
        self.base.place(self.to_base(local))
    }

    /// The plane that takes local points nearest to their places in the zone (least squares).
    /// Each pair is a point in the plane and in the zone, east and north in metres.
    pub fn fit(base: Zone, pairs: &[([f64; 2], [f64; 2])]) -> Result<Fit, FitError> {
        if pairs.len() < 2 {
            return Err(FitError::TooFew { pairs: pairs.len() });
        }
        if pairs.iter().any(|(from, to)| !from.iter().chain(to).all(|it| it.is_finite())) {
            return Err(FitError::NotANumber);
        }
        let (from, to) =
            (middle(&pairs.iter().map(|it| it.0)), middle(&pairs.iter().map(|it| it.1)));
        let (mut along, mut across, mut square) = (0.0, 0.0, 0.0);
        for ([x, y], [east, north]) in pairs {
            let (x, y, u, v) = (x - from[0], y - from[1], east - to[0], north - to[1]);
            along += x * u + y * v;
            across += x * v - y * u;
            square += x * x + y * y;
        }
        // Points within a millimetre of each other say nothing about turn and scale.
        if square < 1e-6 || along.hypot(across) < 1e-6 {
            return Err(FitError::OnePlace);
        }
        let (a, b) = (along / square, across / square);
        let shift = [to[0] - a * from[0] + b * from[1], to[1] - b * from[0] - a * from[1]];
        let rotation = b.atan2(a).to_degrees() * 3_600.0;
        let local = Self { base, shift, rotation, scale: (a.hypot(b) - 1.0) * 1e6 };
        Ok(local.judged(pairs))
    }

    fn judged(self, pairs: &[([f64; 2], [f64; 2])]) -> Fit {
        let left = |&(from, to): &([f64; 2], [f64; 2])| {
            let [east, north] = self.to_base(from);
            [to[0] - east, to[1] - north]
        };
        let residuals: Vec<_> = pairs.iter().map(left).collect();
        let sum: f64 = residuals.iter().map(|[x, y]| x * x + y * y).sum();
        Fit { local: self, rms: (sum / pairs.len() as f64).sqrt(), residuals }
    }
}

fn middle(points: &(impl Iterator<Item = [f64; 2]> + Clone)) -> [f64; 2] {
    let count = points.clone().count() as f64;
    let sum = |axis: fn([f64; 2]) -> f64| points.clone().map(axis).sum::<f64>() / count;
    [sum(|it| it[0]), sum(|it| it[1])]
}
