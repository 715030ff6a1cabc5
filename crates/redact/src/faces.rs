//! Finds where faces are, and never whose: what the model says of a face beyond its place is
//! thrown away.
//!
//! The model is looked through twice: once large, for faces far away, and once small, for a face
//! that fills the picture. A face that either sees counts.

use crate::Refusal;
use image::RgbImage;
use image::imageops::{self, FilterType};
use rten::{Model, RunOptions, ThreadPool};
use rten_tensor::{AsView, Layout, NdTensor};
use std::sync::{Arc, OnceLock};

/// Longer sides of the picture as the model sees it, in pixels.
const LOOKS: [u32; 2] = [1280, 416];

/// How sure the model must be. Low: a wall hidden by mistake is the lesser harm.
const SURE: f32 = 0.25;

/// Two finds that share more than this part of what they cover are one face.
const SAME: f32 = 0.3;

/// Pixels of the picture to one cell of the model's answer.
const CELL: f32 = 4.0;

/// What the model's picture must be a multiple of.
const STRIDE: u32 = 32;

static MODEL: &[u8] = include_bytes!("../model/centerface.onnx");

/// Where a face is, in pixels of the picture; without hair and ears, and perhaps beyond the edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// How sure the model is, 0 to 1.
    pub sure: f32,
}

/// Finds the faces in a picture, the surest first; [`Refusal::Unseen`] if it could not look.
pub fn find_faces(picture: &RgbImage) -> Result<Vec<Face>, Refusal> {
    let mut found = Vec::new();
    for long in LOOKS {
        found.extend(look(picture, long).ok_or(Refusal::Unseen)?);
    }
    Ok(each_once(found))
}

/// The loaded model, and one thread: other requests need the other processors.
fn model() -> Option<&'static (Model, Arc<ThreadPool>)> {
    static LOADED: OnceLock<Option<(Model, Arc<ThreadPool>)>> = OnceLock::new();
    let load = || Some((Model::load_static_slice(MODEL).ok()?, ThreadPool::with_num_threads(1)));
    LOADED.get_or_init(|| load().map(|(model, pool)| (model, Arc::new(pool)))).as_ref()
}

fn look(picture: &RgbImage, long: u32) -> Option<Vec<Face>> {
    let (model, pool) = model()?;
    let seen = fitted(picture, long);
    let outputs = ["537", "538", "539"].map(|name| model.node_id(name).ok());
    let [Some(sure), Some(size), Some(middle)] = outputs else { return None };
    let input = (*model.input_ids().first()?, tensor(&seen).into());
    let options = RunOptions::default().with_thread_pool(Some(pool.clone()));
    let answer = model.run_n(vec![input], [sure, size, middle], Some(options)).ok()?;
    let [sure, size, middle] = answer.map(|it| NdTensor::<f32, 4>::try_from(it).ok());
    let answer = Answer { sure: sure?, size: size?, middle: middle? };
    let scale = |of: u32, to: u32| of as f32 / to as f32;
    let scales = (scale(picture.width(), seen.width()), scale(picture.height(), seen.height()));
    Some(answer.faces(scales))
}

/// The picture with a longer side of about `long`, both sides multiples of what the model needs.
fn fitted(picture: &RgbImage, long: u32) -> RgbImage {
    let longer = picture.width().max(picture.height());
    // Looking closer than twice shows nothing more.
    let scale = long.min(longer.saturating_mul(2)) as f32 / longer as f32;
    let side = |pixels: u32| {
        let cells = (pixels as f32 * scale / STRIDE as f32).round() as u32;
        cells.max(1) * STRIDE
    };
    imageops::resize(picture, side(picture.width()), side(picture.height()), FilterType::Triangle)
}

fn tensor(picture: &RgbImage) -> NdTensor<f32, 4> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let plane = |channel: usize| picture.iter().skip(channel).step_by(3).map(|it| f32::from(*it));
    let planes = plane(0).chain(plane(1)).chain(plane(2)).collect::<Vec<_>>();
    NdTensor::from_data([1, 3, height, width], planes)
}

/// What the model answers, cell by cell.
struct Answer {
    sure: NdTensor<f32, 4>,
    size: NdTensor<f32, 4>,
    middle: NdTensor<f32, 4>,
}

impl Answer {
    fn faces(&self, scales: (f32, f32)) -> Vec<Face> {
        let [_, _, rows, columns] = self.sure.shape();
        let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        cells.filter_map(|cell| self.face(cell, scales)).collect()
    }

    fn face(&self, (row, column): (usize, usize), (across, down): (f32, f32)) -> Option<Face> {
        let at = |tensor: &NdTensor<f32, 4>, k| tensor.get([0, k, row, column]).copied();
        let sure = at(&self.sure, 0).filter(|sure| *sure > SURE)?;
        let (h, w) = (at(&self.size, 0)?.exp() * CELL, at(&self.size, 1)?.exp() * CELL);
        let y = (row as f32 + at(&self.middle, 0)? + 0.5) * CELL - h / 2.0;
        let x = (column as f32 + at(&self.middle, 1)? + 0.5) * CELL - w / 2.0;
        Some(Face { x: x * across, y: y * down, w: w * across, h: h * down, sure })
    }
}

/// The surest of those that cover each other.
fn each_once(mut found: Vec<Face>) -> Vec<Face> {
    found.sort_by(|a, b| b.sure.total_cmp(&a.sure));
    let mut faces: Vec<Face> = Vec::new();
    for face in found {
        if faces.iter().all(|other| face.shared(other) <= SAME) {
            faces.push(face);
        }
    }
    faces
}

impl Face {
    /// What two faces cover together, as a part of what either covers.
    pub fn shared(&self, other: &Self) -> f32 {
        let along =
            |a: f32, long: f32, b: f32, other: f32| ((a + long).min(b + other) - a.max(b)).max(0.0);
        let both =
            along(self.x, self.w, other.x, other.w) * along(self.y, self.h, other.y, other.h);
        both / (self.w * self.h + other.w * other.h - both)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x: f32, sure: f32) -> Face {
        Face { x, y: 0.0, w: 10.0, h: 10.0, sure }
    }

    #[test]
    fn a_face_seen_twice_is_one_and_the_surest_stays() {
        let faces = each_once(vec![face(0.0, 0.4), face(1.0, 0.9), face(30.0, 0.3)]);
        assert_eq!(faces, [face(1.0, 0.9), face(30.0, 0.3)]);
    }

    #[test]
    fn a_picture_without_faces_has_none_at_any_shape() {
        for (width, height) in [(1, 1), (1, 3000), (640, 480), (33, 31)] {
            let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb([(x ^ y) as u8; 3]));
            assert_eq!(find_faces(&picture), Ok(Vec::new()), "{width} x {height}");
        }
    }
}
