//! Files made to do harm.

use crate::kit::{chunk, encoded, flat_png, jpeg, picture, with_exif, with_segment};
use image::ImageFormat;
use redact::{LARGEST_PHOTO, Medium, Refusal, Wishes, inspect, make_safe};
use rstest::rstest;

fn refused(bytes: &[u8]) -> Refusal {
    make_safe(bytes, &Wishes { read_place: true, ..Wishes::default() }).unwrap_err()
}

#[test]
fn a_png_of_two_and_a_half_gigapixels_in_few_kilobytes_is_refused_at_once() {
    // 50,000 × 50,000 as its header says; the rows are never looked at.
    let mut bomb = flat_png(50_000, 20);
    bomb[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    let head = bomb[12..29].to_vec();
    let mut crc = flate2::Crc::new();
    crc.update(&head);
    bomb[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    assert!(bomb.len() < 8 * 1024);
    assert_eq!(refused(&bomb), Refusal::Bomb);
}

#[test]
fn a_jpeg_that_claims_another_size_is_refused() {
    let mut photo = jpeg(&picture(64, 64));
    let frame = photo.windows(2).position(|it| it == [0xFF, 0xC0]).unwrap();
    photo[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(refused(&photo), Refusal::Bomb);
    photo[frame + 5..frame + 9].copy_from_slice(&[0; 4]);
    assert_eq!(refused(&photo), Refusal::Broken);
}

#[rstest]
#[case(ImageFormat::Jpeg)]
#[case(ImageFormat::Png)]
#[case(ImageFormat::WebP)]
fn what_was_cut_off_is_refused_wherever_it_was_cut(#[case] format: ImageFormat) {
    let noise = image::RgbImage::from_fn(48, 48, |x, y| {
        image::Rgb([(x * 7919 + y * 104_729) as u8, (x * y * 31) as u8, (x ^ y) as u8])
    });
    let whole = encoded(&noise, format);
    // The last bytes of a PNG are a mark that its decoder does not wait for.
    for cut in [16, whole.len() / 4, whole.len() / 2, whole.len() - 40] {
        assert!(make_safe(&whole[..cut], &Wishes::default()).is_err(), "{format:?} {cut}");
    }
}

#[rstest]
#[case::gif(b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\x04\0")]
#[case::svg(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")]
#[case::page(b"<!doctype html><script>alert(1)</script>")]
#[case::program(b"MZ\x90\0\x03\0\0\0")]
#[case::elf(b"\x7FELF\x02\x01\x01\0")]
#[case::shell(b"#!/bin/sh\nrm -rf /")]
#[case::tiff(b"II*\0\x08\0\0\0\0\0")]
#[case::bitmap(b"BM\x46\0\0\0\0\0\0\0")]
#[case::rar(b"Rar!\x1A\x07\0")]
#[case::empty(b"")]
#[case::one(b"\xFF")]
#[case::riff(b"RIFF\x04\0\0\0AVI LIST")]
fn what_is_none_of_ours_is_refused(#[case] bytes: &[u8]) {
    assert_eq!(inspect(bytes), Err(Refusal::Media));
}

#[test]
fn a_page_that_begins_like_a_photo_is_no_photo() {
    let mut page = vec![0xFF, 0xD8, 0xFF, 0xE0];
    page.extend(b"<html><script>alert(1)</script></html>");
    assert_eq!(refused(&page), Refusal::Broken);
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n<html>"), Refusal::Broken);
    assert_eq!(refused(b"RIFF\x40\0\0\0WEBPVP8 <script>"), Refusal::Broken);
}

#[test]
fn a_photo_with_a_page_inside_comes_out_without_it() {
    let page = b"<script>alert(document.cookie)</script>";
    let mut photo = with_segment(&jpeg(&picture(40, 40)), 0xFE, page);
    photo.extend(page);
    let safe = make_safe(&photo, &Wishes::default()).unwrap();
    assert!(!safe.bytes.windows(7).any(|it| it == b"<script"));
}

#[test]
fn exif_that_points_nowhere_or_at_itself_harms_nothing() {
    let photo = jpeg(&picture(16, 16));
    let directory =
        |entry: &[u8], next: u32| [b"II*\0\x08\0\0\0\x01\0", entry, &next.to_le_bytes()].concat();
    let far = b"\x12\x01\x03\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F";
    let own = b"\x69\x87\x04\0\x01\0\0\0\x08\0\0\0";
    for exif in [
        directory(far, 0),
        directory(own, 8),
        directory(own, u32::MAX),
        b"II*\0\xFF\xFF\xFF\xFF".to_vec(),
        b"MM\0*\0\0\0\x08\xFF\xFF".to_vec(),
        b"II".to_vec(),
        Vec::new(),
    ] {
        let sent = with_exif(&photo, &exif);
        let wishes = Wishes { read_place: true, ..Wishes::default() };
        assert_eq!(make_safe(&sent, &wishes).unwrap().taken, redact::Taken::default());
    }
}

#[test]
fn packed_text_of_a_png_is_not_blown_up() {
    let plain = encoded(&picture(16, 16), ImageFormat::Png);
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, &vec![b'x'; 200 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    for (kind, head) in [(b"zTXt", &b"Comment\0\0"[..]), (b"iCCP", b"profile\0\0")] {
        let mut bomb = plain[..33].to_vec();
        chunk(&mut bomb, kind, &[head, &packed].concat());
        bomb.extend(&plain[33..]);
        let safe = make_safe(&bomb, &Wishes::default()).unwrap();
        assert!(safe.bytes.len() < 4096);
    }
}

#[test]
fn a_moving_picture_keeps_its_first_frame_only() {
    // An animated PNG whose second frame is of another colour.
    let first = encoded(&picture(24, 24), ImageFormat::Png);
    let mut moving = first[..33].to_vec();
    chunk(&mut moving, b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    let frame = |n: u8| {
        let size = [[0, 0, 0, 24], [0, 0, 0, 24], [0; 4], [0; 4]].concat();
        [&[0, 0, 0, n][..], &size, &[0, 1, 0, 10, 0, 0]].concat()
    };
    chunk(&mut moving, b"fcTL", &frame(0));
    moving.extend(&first[33..first.len() - 12]);
    chunk(&mut moving, b"fcTL", &frame(1));
    chunk(&mut moving, b"fdAT", &[&[0, 0, 0, 2][..], b"SecretFrame"].concat());
    moving.extend(&first[first.len() - 12..]);
    let safe = make_safe(&moving, &Wishes::default()).unwrap();
    assert_eq!(crate::kit::decoded(&safe.bytes).dimensions(), (24, 24));
    assert!(!safe.bytes.windows(6).any(|it| it == b"Secret"));
}

#[test]
fn a_photo_of_ten_mebibytes_is_the_largest() {
    let mut photo = jpeg(&picture(16, 16));
    photo.resize(LARGEST_PHOTO, 0);
    assert_eq!(inspect(&photo), Ok(Medium::Jpeg));
    photo.push(0);
    assert_eq!(inspect(&photo), Err(Refusal::TooLarge { most: LARGEST_PHOTO }));
}
