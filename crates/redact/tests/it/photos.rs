//! What comes out of a photo, and what does not.

use crate::kit::{
    Field, ascii, chunk, decoded, degrees, encoded, jpeg, picture, short, tiff, with_exif,
    with_segment,
};
use image::ImageFormat;
use redact::{LONGEST_SIDE, Refusal, Region, Safe, Taken, Wishes, make_safe};
use rstest::rstest;

fn safe(bytes: &[u8]) -> Safe<'_> {
    make_safe(bytes, &Wishes::default()).unwrap()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|it| it == needle)
}

fn full_exif() -> Vec<u8> {
    let camera = vec![ascii(0x9003, "2026:03:01 18:30:05"), ascii(0x9011, "+08:00")];
    let gps = vec![
        ascii(1, "N"),
        degrees(2, [(26, 1), (23, 1), (5112, 100)]),
        ascii(3, "E"),
        degrees(4, [(117, 1), (47, 1), (2040, 100)]),
    ];
    tiff(vec![ascii(0x010F, "SecretCameraMaker")], camera, gps)
}

#[rstest]
#[case(ImageFormat::Jpeg)]
#[case(ImageFormat::Png)]
#[case(ImageFormat::WebP)]
fn every_kind_of_photo_becomes_a_jpeg_of_the_same_pixels(#[case] format: ImageFormat) {
    let before = picture(120, 80);
    let sent = encoded(&before, format);
    let safe = safe(&sent);
    assert_eq!((safe.media, safe.hidden), ("image/jpeg", 0));
    let after = decoded(&safe.bytes);
    assert_eq!(after.dimensions(), (120, 80));
    let apart = before.iter().zip(after.iter()).map(|(a, b)| u64::from(a.abs_diff(*b)));
    assert!(apart.sum::<u64>() / 28_800 < 12, "another picture");
}

#[test]
fn metadata_previews_profiles_and_what_follows_the_end_are_gone() {
    let plain = jpeg(&picture(64, 64));
    let mut sent = with_exif(&plain, &full_exif());
    sent = with_segment(
        &sent,
        0xE1,
        b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SecretOwner</x:xmpmeta>",
    );
    sent = with_segment(&sent, 0xE2, b"ICC_PROFILE\0\x01\x01SecretProfile");
    sent = with_segment(&sent, 0xED, b"Photoshop 3.0\08BIM\x04\x04SecretCaption");
    sent = with_segment(&sent, 0xFE, b"SecretComment");
    sent.extend(b"PK\x03\x04SecretArchive<script>");
    let safe = safe(&sent);
    for word in [&b"Secret"[..], b"Exif", b"xmp", b"ICC_", b"8BIM", b"PK\x03\x04", b"script"] {
        assert!(!holds(&safe.bytes, word), "{}", String::from_utf8_lossy(word));
    }
    assert!(safe.bytes.ends_with(&[0xFF, 0xD9]));
    assert_eq!(safe.taken, Taken::default());
}

#[test]
fn text_of_a_png_is_gone() {
    let plain = encoded(&picture(32, 32), ImageFormat::Png);
    let mut sent = plain[..33].to_vec();
    chunk(&mut sent, b"tEXt", b"Author\0SecretName");
    chunk(&mut sent, b"eXIf", &full_exif());
    sent.extend(&plain[33..]);
    assert!(!holds(&safe(&sent).bytes, b"Secret"));
}

#[test]
fn place_and_time_are_read_only_if_the_sender_agrees() {
    let sent = with_exif(&jpeg(&picture(32, 32)), &full_exif());
    assert_eq!(safe(&sent).taken, Taken::default());
    let wishes = Wishes { read_place: true, ..Wishes::default() };
    let taken = make_safe(&sent, &wishes).unwrap().taken;
    let [lng, lat] = taken.place.unwrap();
    assert!((lng - 117.789).abs() < 1e-4 && (lat - 26.397_533).abs() < 1e-4, "{lng} {lat}");
    let at = taken.at.unwrap();
    assert_eq!(at.clock.to_string(), "2026-03-01T18:30:05");
    assert_eq!(at.offset.unwrap().seconds(), 8 * 3600);
}

#[test]
fn a_place_that_cannot_be_is_none() {
    let wishes = Wishes { read_place: true, ..Wishes::default() };
    let of = |gps: Vec<Field>| {
        let exif = tiff(vec![], vec![ascii(0x9003, "2026:13:45 99:99:99")], gps);
        make_safe(&with_exif(&jpeg(&picture(16, 16)), &exif), &wishes).unwrap().taken
    };
    let at = |lat: [(u32, u32); 3], lng: [(u32, u32); 3]| {
        of(vec![ascii(1, "N"), degrees(2, lat), ascii(3, "E"), degrees(4, lng)])
    };
    let whole = |degrees: u32| [(degrees, 1), (0, 1), (0, 1)];
    assert_eq!(at(whole(26), whole(200)), Taken::default());
    assert_eq!(at(whole(0), whole(0)), Taken::default());
    assert_eq!(at([(26, 0), (0, 0), (0, 0)], whole(117)), Taken::default());
    assert_eq!(of(vec![ascii(2, "N"), ascii(4, "far")]), Taken::default());
    assert!(at(whole(26), whole(117)).place.is_some());
}

#[test]
fn a_photo_is_turned_upright_and_regions_are_those_of_the_upright_photo() {
    // Turned by a quarter: what is shown above left lies below left in the file.
    let exif = tiff(vec![short(0x0112, 6)], vec![], vec![]);
    let sent = with_exif(&jpeg(&picture(80, 40)), &exif);
    let upright = decoded(&safe(&sent).bytes);
    assert_eq!(upright.dimensions(), (40, 80));
    let reddish = |it: &image::Rgb<u8>| it.0[0] > 100;
    assert!(!reddish(upright.get_pixel(5, 5)) && reddish(upright.get_pixel(5, 75)));
    let hide = vec![Region::new([0, 0, 500, 250]).unwrap()];
    let hidden = make_safe(&sent, &Wishes { hide, ..Wishes::default() }).unwrap();
    assert_eq!(hidden.hidden, 1);
    let after = decoded(&hidden.bytes);
    let corner = after.get_pixel(8, 8).0;
    let near = |x, y| after.get_pixel(x, y).0.iter().zip(corner).all(|(a, b)| a.abs_diff(b) < 6);
    assert!((1..15).all(|x| (1..15).all(|y| near(x, y))), "not one colour");
    assert!(!near(35, 75));
}

#[test]
fn a_large_photo_is_made_smaller_and_transparency_becomes_white() {
    let large = jpeg(&picture(3000, 1500));
    assert_eq!(decoded(&safe(&large).bytes).dimensions(), (LONGEST_SIDE, LONGEST_SIDE / 2));
    let clear = image::RgbaImage::from_pixel(20, 20, image::Rgba([9, 9, 9, 0]));
    let mut png = std::io::Cursor::new(Vec::new());
    clear.write_to(&mut png, ImageFormat::Png).unwrap();
    let after = decoded(&safe(png.get_ref()).bytes);
    assert!(after.get_pixel(10, 10).0.iter().all(|it| *it > 250));
}

#[test]
fn a_photo_may_be_one_pixel_and_a_broken_one_is_refused() {
    assert_eq!(decoded(&safe(&jpeg(&picture(1, 1))).bytes).dimensions(), (1, 1));
    assert_eq!(make_safe(&[0xFF, 0xD8, 0xFF], &Wishes::default()), Err(Refusal::Broken));
}
