//! Makes what strangers send fit to be kept and shown: tells what bytes really are, and gives back
//! a version without what nobody meant to send. No files, no network, no clock.
//!
//! A photo is decoded under limits and written anew as JPEG, whatever it came as: what is no pixel
//! (EXIF, XMP, profiles, thumbnails, second frames, trailing bytes) cannot come through, since
//! nothing but pixels is carried over. Copying the file without its metadata would keep a little
//! more sharpness, but each format has more corners to hide something in than one can list.
//! Everything else is checked and kept as it is: an office's own document must stay what it was.

mod audio;
mod exif;
mod faces;
mod kind;
mod office;
mod pdf;
mod photo;
mod refusal;
mod region;

pub use exif::{Moment, Taken};
pub use faces::{Face, find_faces};
pub use kind::Medium;
pub use photo::{LONGEST_SIDE, MARGIN, MOST_PIXELS, QUALITY};
pub use refusal::Refusal;
pub use region::Region;

use std::borrow::Cow;

/// Largest photo taken in, in bytes.
pub const LARGEST_PHOTO: usize = 10 * 1024 * 1024;

/// Largest document or sound taken in, in bytes.
pub const LARGEST_OTHER: usize = 20 * 1024 * 1024;

/// What the sender wishes for a photo.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wishes {
    /// Regions to hide, on the photo as it is shown upright.
    pub hide: Vec<Region>,
    /// Whether place and time are read before they are removed.
    pub read_place: bool,
}

/// Bytes fit to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Safe<'a> {
    /// Their media type: of a photo always `image/jpeg`.
    pub media: &'static str,
    /// The bytes; those that were sent unless it is a photo.
    pub bytes: Cow<'a, [u8]>,
    /// How many regions were hidden: faces that were found and regions that the sender named.
    pub hidden: usize,
    /// Where and when a photo was taken, if that was wished and it said so.
    pub taken: Taken,
}

/// Tells what bytes are, and whether they may be taken in; a photo is not decoded yet.
pub fn inspect(bytes: &[u8]) -> Result<Medium, Refusal> {
    let medium = Medium::of(bytes)?;
    let most = if medium.is_photo() { LARGEST_PHOTO } else { LARGEST_OTHER };
    if bytes.len() > most {
        return Err(Refusal::TooLarge { most });
    }
    match medium {
        Medium::Pdf => pdf::check(bytes)?,
        Medium::Word | Medium::Sheet | Medium::Slides => office::check(bytes)?,
        _ => {}
    }
    Ok(medium)
}

/// Makes bytes fit to be kept. Of a photo this keeps one processor busy: not for a thread that answers.
pub fn make_safe<'a>(bytes: &'a [u8], wishes: &Wishes) -> Result<Safe<'a>, Refusal> {
    let medium = inspect(bytes)?;
    if !medium.is_photo() {
        let (media, taken) = (medium.media(), Taken::default());
        return Ok(Safe { media, bytes: Cow::Borrowed(bytes), hidden: 0, taken });
    }
    let photo::Redacted { jpeg, hidden, taken } = photo::redact(bytes, medium, wishes)?;
    Ok(Safe { media: Medium::Jpeg.media(), bytes: Cow::Owned(jpeg), hidden, taken })
}
