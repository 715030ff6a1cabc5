//! How many faces are hidden: prints recall for sizes, turns and light on made scenes of 30 real
//! faces, on the pictures as they are, and on a folder of one's own; then how fast a photo is done.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made ends")]

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use redact::{Face, MARGIN, Wishes, find_faces, make_safe};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// A scene has the size of a photo as it is kept.
const SCENE: (u32, u32) = (1920, 1440);

/// How much of a face must be covered to count as hidden.
const COVERED: f32 = 0.75;

/// What is shown around a face, as a multiple of it.
const AROUND: f32 = 2.2;

/// Where a face is.
type Square = [f32; 4];

/// How faces are put into a scene: how large in pixels, how far turned, how bright.
#[derive(Clone, Copy)]
struct How {
    size: u32,
    turned: f32,
    light: f32,
}

const PLAIN: How = How { size: 64, turned: 0.0, light: 1.0 };

/// Faces hidden, faces in all, and what was hidden besides.
#[derive(Default)]
struct Tally {
    hidden: usize,
    faces: usize,
    besides: usize,
}

fn main() {
    let shipped = labelled(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faces"));
    println!("hidden = at least {COVERED} of the labelled face is covered; scenes of {SCENE:?}\n");
    for size in [16, 20, 24, 32, 48, 64, 128, 256, 512] {
        scenes(&format!("{size} px high"), &shipped, How { size, ..PLAIN });
    }
    for turned in [-15.0, 30.0, 45.0, 90.0, 180.0] {
        scenes(&format!("64 px, turned by {turned}°"), &shipped, How { turned, ..PLAIN });
    }
    for light in [0.15, 0.35, 1.8] {
        scenes(&format!("64 px, light × {light}"), &shipped, How { light, ..PLAIN });
    }
    as_they_are("the shipped pictures", &shipped);
    if let Some(folder) = std::env::args().nth(1) {
        as_they_are("the folder", &labelled(Path::new(&folder)));
    }
    speed();
}

/// Pictures with the faces in them.
fn labelled(folder: &Path) -> Vec<(RgbImage, Vec<Square>)> {
    let text = std::fs::read_to_string(folder.join("labels.csv")).unwrap();
    let mut files: BTreeMap<&str, Vec<Square>> = BTreeMap::new();
    for line in text.lines() {
        let mut cells = line.split(',');
        let file = cells.next().unwrap();
        let square: Vec<f32> = cells.map(|cell| cell.trim().parse().unwrap()).collect();
        files.entry(file).or_default().push(square.try_into().unwrap());
    }
    let open = |file: &str| image::open(folder.join(file)).unwrap().into_rgb8();
    files.into_iter().map(|(file, squares)| (open(file), squares)).collect()
}

fn scenes(name: &str, pictures: &[(RgbImage, Vec<Square>)], how: How) {
    let faces: Vec<RgbImage> =
        pictures.iter().flat_map(|(from, at)| at.iter().map(|it| cut(from, *it, how))).collect();
    let cell = (how.size as f32 * AROUND).ceil() as u32 + 8;
    let (across, down) = (SCENE.0 / cell, SCENE.1 / cell);
    let mut tally = Tally::default();
    for some in faces.chunks((across * down) as usize) {
        let mut scene = ground();
        let squares = some.iter().zip(0..).map(|(face, n)| {
            let (x, y) = (n % across * cell, n / across * cell);
            imageops::replace(&mut scene, face, i64::from(x), i64::from(y));
            let (size, inside) = (how.size as f32, (face.width() - how.size) as f32 / 2.0);
            [x as f32 + inside, y as f32 + inside, size, size]
        });
        let squares = squares.collect::<Vec<_>>();
        tally.add(&find_faces(&sent(&scene)).unwrap(), &squares);
    }
    tally.print(name);
}

/// A face with what is around it, as large, turned and bright as it shall be.
fn cut(from: &RgbImage, [x, y, w, h]: Square, how: How) -> RgbImage {
    let scale = how.size as f32 / w.max(h);
    let long = (how.size as f32 * AROUND).ceil() as u32;
    let (wide, high) = (from.width() as f32 * scale, from.height() as f32 * scale);
    let scaled = imageops::resize(from, wide as u32, high as u32, FilterType::Triangle);
    let middle = ((x + w / 2.0) * scale, (y + h / 2.0) * scale);
    let (sin, cos) = how.turned.to_radians().sin_cos();
    let half = long as f32 / 2.0;
    RgbImage::from_fn(long, long, |x, y| {
        let (x, y) = (x as f32 - half, y as f32 - half);
        let from = (middle.0 + x * cos + y * sin, middle.1 - x * sin + y * cos);
        let edge = |at: f32, long: u32| at.clamp(0.0, long as f32 - 1.0);
        let (x, y) = (edge(from.0, scaled.width()), edge(from.1, scaled.height()));
        let Rgb(pixel) = imageops::interpolate_bilinear(&scaled, x, y).unwrap();
        Rgb(pixel.map(|it| (f32::from(it) * how.light).min(255.0) as u8))
    })
}

/// A ground that is no flat colour: light from above, a wall of stones, grain.
fn ground() -> RgbImage {
    RgbImage::from_fn(SCENE.0, SCENE.1, |x, y| {
        let stone = (x / 90 * 31 + y / 40 * 17) % 40;
        let grain = (x * 7919 + y * 104_729) % 23;
        let light = 60 + y * 90 / SCENE.1 + stone + grain;
        Rgb([light as u8, (light * 9 / 10) as u8, (light * 8 / 10) as u8])
    })
}

/// The scene as a phone would send it.
fn sent(scene: &RgbImage) -> RgbImage {
    image::load_from_memory(&jpeg(scene)).unwrap().into_rgb8()
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 85)).unwrap();
    bytes
}

fn as_they_are(name: &str, pictures: &[(RgbImage, Vec<Square>)]) {
    let mut tally = Tally::default();
    for (picture, squares) in pictures {
        tally.add(&find_faces(picture).unwrap(), squares);
    }
    tally.print(name);
}

impl Tally {
    fn add(&mut self, found: &[Face], squares: &[Square]) {
        self.faces += squares.len();
        self.hidden +=
            squares.iter().filter(|it| found.iter().any(|face| covers(face, it))).count();
        let besides = |face: &&Face| squares.iter().all(|it| !covers(face, it));
        self.besides += found.iter().filter(besides).count();
    }

    fn print(&self, name: &str) {
        let Self { hidden, faces, besides } = self;
        let recall = 100.0 * *hidden as f32 / *faces as f32;
        println!("{name:<24} {hidden:>3} of {faces:>3} hidden ({recall:.0} %), {besides} besides");
    }
}

fn covers(face: &Face, [x, y, w, h]: &Square) -> bool {
    let along = |at: f32, long: f32, of: f32, size: f32| {
        let (from, to) = (at - long * MARGIN, at + long * (1.0 + MARGIN));
        (to.min(of + size) - from.max(of)).max(0.0) / size
    };
    along(face.x, face.w, *x, *w) * along(face.y, face.h, *y, *h) >= COVERED
}

#[expect(clippy::disallowed_methods, reason = "this is what measures")]
fn speed() {
    let photo = imageops::resize(&ground(), 4000, 3000, FilterType::Triangle);
    let photo = jpeg(&photo);
    let times = (0..3).map(|_| {
        let began = Instant::now();
        make_safe(&photo, &Wishes::default()).unwrap();
        began.elapsed()
    });
    let best = times.min().unwrap();
    println!("\na photo of 12 megapixels ({} KiB) is done in {best:.1?}", photo.len() / 1024);
}
