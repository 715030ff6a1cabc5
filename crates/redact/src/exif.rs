//! Where and when a photo says it was taken. Nothing else of its EXIF is ever looked at.

use exif::{DateTime, Exif, In, Reader, Tag, Value};
use jiff::civil;
use jiff::tz::Offset;

/// What a photo says of itself; each only if it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Taken {
    /// Longitude and latitude in degrees, WGS 84.
    pub place: Option<[f64; 2]>,
    /// When.
    pub at: Option<Moment>,
}

/// A time as a camera writes it: by its own clock, and only newer ones say by which zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What the clock showed.
    pub clock: civil::DateTime,
    /// How far that is from UTC.
    pub offset: Option<Offset>,
}

/// Reads a photo's EXIF, as far as it can be read.
pub(crate) fn read(exif: Vec<u8>) -> Taken {
    let read = Reader::new().continue_on_error(true).read_raw(exif);
    let read = read.or_else(|error| error.distill_partial_result(|_| {}));
    read.map(|exif| Taken { place: place(&exif), at: moment(&exif) }).unwrap_or_default()
}

fn place(exif: &Exif) -> Option<[f64; 2]> {
    let lng = degrees(exif, Tag::GPSLongitude, (Tag::GPSLongitudeRef, b"W"), 180.0)?;
    let lat = degrees(exif, Tag::GPSLatitude, (Tag::GPSLatitudeRef, b"S"), 90.0)?;
    // A camera without a fix writes zeros.
    (lng != 0.0 || lat != 0.0).then_some([lng, lat])
}

fn degrees(exif: &Exif, tag: Tag, (side, negative): (Tag, &[u8]), most: f64) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.as_slice() else { return None };
    let sum = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    let sign = if ascii(exif, side)?.eq_ignore_ascii_case(negative) { -1.0 } else { 1.0 };
    (sum.is_finite() && sum <= most).then_some(sign * sum)
}

fn moment(exif: &Exif) -> Option<Moment> {
    let mut at = DateTime::from_ascii(ascii(exif, Tag::DateTimeOriginal)?).ok()?;
    if let Some(offset) = ascii(exif, Tag::OffsetTimeOriginal) {
        // One that cannot be read counts as none.
        let _ = at.parse_offset(offset);
    }
    let small = |it: u8| i8::try_from(it).ok();
    let clock = civil::DateTime::new(
        i16::try_from(at.year).ok()?,
        small(at.month)?,
        small(at.day)?,
        small(at.hour)?,
        small(at.minute)?,
        small(at.second)?,
        0,
    );
    let offset = at.offset.and_then(|minutes| Offset::from_seconds(i32::from(minutes) * 60).ok());
    Some(Moment { clock: clock.ok()?, offset })
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}
