//! A photo in, pixels out: decoded under limits, turned upright, made smaller, what is to be hidden
//! painted over, and written anew.

use crate::region::{Pixels, hide};
use crate::{Face, Medium, Refusal, Taken, Wishes, exif, find_faces};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageResult, Limits, RgbImage};
use std::io::Cursor;

/// Most pixels of a photo: 50 megapixels, what the sensors of phones give today.
pub const MOST_PIXELS: u64 = 8192 * 6144;

/// Longest side of a photo as it is kept, in pixels: enough for a number plate across a street, and
/// faces that the model would not find any more are too small to be known by.
pub const LONGEST_SIDE: u32 = 1920;

/// Quality of the JPEG that is kept.
pub const QUALITY: u8 = 85;

/// Most bytes of decoded pixels: three for each of the most pixels, and some more.
const MOST_BYTES: u64 = 160 * 1024 * 1024;

/// What is hidden around a face, as a part of its size: hair, ears and chin tell much.
pub const MARGIN: f32 = 0.3;

/// A photo made fit to be kept.
pub(crate) struct Redacted {
    pub jpeg: Vec<u8>,
    pub hidden: usize,
    pub taken: Taken,
}

pub(crate) fn redact(bytes: &[u8], medium: Medium, wishes: &Wishes) -> Result<Redacted, Refusal> {
    let Decoded { mut picture, exif } = decode(bytes, medium)?;
    let taken = exif.filter(|_| wishes.read_place).map(exif::read).unwrap_or_default();
    // Faces are looked for before anything is painted over them.
    let faces = find_faces(&picture)?;
    let size = picture.dimensions();
    let faces = faces.iter().map(|face| with_margin(face, size));
    let regions: Vec<Pixels> =
        faces.chain(wishes.hide.iter().map(|region| region.pixels(size))).collect();
    regions.iter().for_each(|region| hide(&mut picture, *region));
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    picture.write_with_encoder(encoder).map_err(|_| Refusal::Broken)?;
    Ok(Redacted { jpeg, hidden: regions.len(), taken })
}

fn with_margin(face: &Face, (width, height): (u32, u32)) -> Pixels {
    // Of floats to whole numbers, what is below zero becomes zero.
    let from = |at: f32, long: f32| (at - long * MARGIN).floor() as u32;
    let to = |at: f32, long: f32| (at + long * (1.0 + MARGIN)).ceil() as u32;
    Pixels {
        left: from(face.x, face.w).min(width),
        top: from(face.y, face.h).min(height),
        right: to(face.x, face.w).min(width),
        bottom: to(face.y, face.h).min(height),
    }
}

/// Pixels as they are shown, and the photo's EXIF.
struct Decoded {
    picture: RgbImage,
    exif: Option<Vec<u8>>,
}

fn decode(bytes: &[u8], medium: Medium) -> Result<Decoded, Refusal> {
    let cursor = Cursor::new(bytes);
    match medium {
        Medium::Jpeg if !ends(bytes) => Err(Refusal::Broken),
        Medium::Jpeg => read(JpegDecoder::new(cursor)),
        Medium::Png => read(PngDecoder::with_limits(cursor, limits())),
        Medium::Webp => read(WebPDecoder::new(cursor)),
        _ => Err(Refusal::Media),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    limits
}

/// Reads the first picture of a file; of a moving one that is all that is kept.
fn read(decoder: ImageResult<impl ImageDecoder>) -> Result<Decoded, Refusal> {
    let mut decoder = decoder.map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_BYTES {
        return Err(Refusal::Bomb);
    }
    decoder.set_limits(limits()).map_err(|error| refusal(&error))?;
    let exif = decoder.exif_metadata().unwrap_or_default();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    let mut picture = shrunk(picture);
    picture.apply_orientation(orientation);
    Ok(Decoded { picture: on_white(picture), exif })
}

fn refusal(error: &image::ImageError) -> Refusal {
    match error {
        image::ImageError::Limits(_) => Refusal::Bomb,
        _ => Refusal::Broken,
    }
}

fn shrunk(picture: DynamicImage) -> DynamicImage {
    let (width, height) = picture.dimensions();
    if width.max(height) <= LONGEST_SIDE {
        return picture;
    }
    picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE)
}

/// Without transparency: what shone through is white.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let seen = picture.into_rgba8();
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, alpha] = seen.get_pixel(x, y).0.map(u32::from);
        let mix = |channel: u32| ((channel * alpha + 255 * (255 - alpha)) / 255) as u8;
        image::Rgb([red, green, blue].map(mix))
    })
}

/// Whether a JPEG has its end: a decoder would fill what was cut off with grey and say nothing.
fn ends(jpeg: &[u8]) -> bool {
    let scan = scan(jpeg).unwrap_or_default();
    scan.windows(2).any(|it| it == [0xFF, 0xD9])
}

/// What stands behind the first start of scan: within it, an end marker is the end and no part of
/// a preview.
fn scan(jpeg: &[u8]) -> Option<&[u8]> {
    let mut rest = jpeg.get(2..)?;
    loop {
        match rest {
            [0xFF, 0xFF, ..] => rest = rest.get(1..)?,
            [0xFF, 0xDA, scan @ ..] => return Some(scan),
            [0xFF, 0x01 | 0xD0..=0xD8, ..] => rest = rest.get(2..)?,
            [0xFF, _, high, low, ..] => {
                rest = rest.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..)?;
            }
            _ => return None,
        }
    }
}
