//! Regions of a picture, and hiding what is in them.

use image::{Rgb, RgbImage};

/// A region of a picture in thousandths of its width and height, from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Left edge, 0 to 999.
    pub x: u16,
    /// Upper edge, 0 to 999.
    pub y: u16,
    /// Width, 1 to 1000.
    pub w: u16,
    /// Height, 1 to 1000.
    pub h: u16,
}

impl Region {
    /// A region inside the picture; none if it is empty or leaves it.
    pub fn new([x, y, w, h]: [u16; 4]) -> Option<Self> {
        let fits = |at: u16, long: u16| long > 0 && at.saturating_add(long) <= 1000;
        (fits(x, w) && fits(y, h)).then_some(Self { x, y, w, h })
    }

    /// The pixels that it touches in a picture of `size`.
    pub(crate) fn pixels(self, (width, height): (u32, u32)) -> Pixels {
        let (left, right) = span(self.x, self.w, width);
        let (top, bottom) = span(self.y, self.h, height);
        Pixels { left, top, right, bottom }
    }
}

/// The first pixel touched, and the one behind the last.
fn span(at: u16, long: u16, pixels: u32) -> (u32, u32) {
    let scaled = |thousandths: u32| u64::from(thousandths) * u64::from(pixels);
    let from = scaled(u32::from(at)) / 1000;
    let to = scaled(u32::from(at) + u32::from(long)).div_ceil(1000);
    let whole = |it: u64| u32::try_from(it).unwrap_or(pixels).min(pixels);
    (whole(from), whole(to))
}

/// Pixels of a picture, from the upper left one to before the lower right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl Pixels {
    fn each(self) -> impl Iterator<Item = (u32, u32)> {
        (self.top..self.bottom).flat_map(move |y| (self.left..self.right).map(move |x| (x, y)))
    }
}

/// Paints a region over with one colour, its mean in steps of 32. A blur or a fine mosaic can be
/// guessed back from what is left of it; of one coarse colour nothing is left to be guessed.
pub(crate) fn hide(picture: &mut RgbImage, region: Pixels) {
    let colour = mean(picture, region);
    for (x, y) in region.each() {
        picture.put_pixel(x, y, colour);
    }
}

fn mean(picture: &RgbImage, region: Pixels) -> Rgb<u8> {
    let (mut sums, mut n) = ([0_u64; 3], 0);
    for (x, y) in region.each() {
        let Rgb(channels) = picture.get_pixel(x, y);
        sums.iter_mut().zip(channels).for_each(|(sum, channel)| *sum += u64::from(*channel));
        n += 1;
    }
    Rgb(sums.map(|sum| (sum.checked_div(n).unwrap_or_default() / 32 * 32 + 16) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_lies_inside_the_picture_or_is_none() {
        assert!(Region::new([0, 0, 1000, 1000]).is_some());
        for wrong in
            [[0, 0, 0, 5], [0, 0, 5, 0], [999, 0, 2, 5], [0, 500, 5, 501], [65_535, 0, 65_535, 1]]
        {
            assert_eq!(Region::new(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_region_covers_every_pixel_it_touches() {
        let pixels = Region::new([1, 0, 1, 1000]).unwrap().pixels((100, 7));
        assert_eq!(pixels, Pixels { left: 0, top: 0, right: 1, bottom: 7 });
        let pixels = Region::new([500, 500, 500, 500]).unwrap().pixels((3, 3));
        assert_eq!(pixels, Pixels { left: 1, top: 1, right: 3, bottom: 3 });
    }

    #[test]
    fn what_is_hidden_is_one_colour_and_the_rest_is_untouched() {
        let mut picture = RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8, y as u8, (x * y) as u8]));
        let before = picture.clone();
        let region = Pixels { left: 10, top: 5, right: 20, bottom: 15 };
        hide(&mut picture, region);
        let colour = *picture.get_pixel(10, 5);
        assert!(region.each().all(|(x, y)| *picture.get_pixel(x, y) == colour));
        for (x, y, pixel) in picture.enumerate_pixels() {
            let inside = (10..20).contains(&x) && (5..15).contains(&y);
            assert!(inside || pixel == before.get_pixel(x, y), "{x} {y}");
        }
    }
}
