//! Files made by hand: pictures with metadata, archives, containers written byte by byte.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A picture whose four corners differ.
pub fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (right, low) = (x * 2 >= width, y * 2 >= height);
        Rgb([200 * u8::from(right), 200 * u8::from(low), (x % 7 + y % 5) as u8 * 4])
    })
}

pub fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture.clone()).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    bytes
}

pub fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// Puts a segment behind the start of a JPEG.
pub fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let long = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &long, content, &jpeg[2..]].concat()
}

/// A JPEG with EXIF in front of everything else.
pub fn with_exif(jpeg: &[u8], tiff: &[u8]) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", tiff].concat())
}

/// A field of an EXIF directory: tag, type, count, and its four bytes or what they point at.
pub struct Field(pub u16, pub u16, pub u32, pub Vec<u8>);

pub fn ascii(tag: u16, text: &str) -> Field {
    Field(tag, 2, text.len() as u32 + 1, [text.as_bytes(), b"\0"].concat())
}

pub fn degrees(tag: u16, parts: [(u32, u32); 3]) -> Field {
    let numbers = parts.into_iter().flat_map(|(top, bottom)| [top, bottom]);
    Field(tag, 5, 3, numbers.flat_map(u32::to_le_bytes).collect())
}

pub fn short(tag: u16, value: u16) -> Field {
    Field(tag, 3, 1, value.to_le_bytes().to_vec())
}

/// A TIFF block with orientation and such, EXIF fields and GPS fields.
pub fn tiff(main: Vec<Field>, camera: Vec<Field>, gps: Vec<Field>) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    let long = |fields: &[Field]| {
        6 + 12 * fields.len()
            + fields.iter().map(|it| it.3.len().next_multiple_of(4)).sum::<usize>()
    };
    let pointer = |tag: u16, at: usize| Field(tag, 4, 1, (at as u32).to_le_bytes().to_vec());
    let mut main = main;
    let first = 8 + long(&main) + 2 * (12 + 4);
    let second = first + long(&camera);
    main.push(pointer(0x8769, first));
    main.push(pointer(0x8825, second));
    for fields in [main, camera, gps] {
        directory(&mut block, fields);
    }
    block
}

fn directory(block: &mut Vec<u8>, fields: Vec<Field>) {
    let mut behind = block.len() + 6 + 12 * fields.len();
    let mut values = Vec::new();
    block.extend((fields.len() as u16).to_le_bytes());
    for Field(tag, kind, count, mut value) in fields {
        block.extend(tag.to_le_bytes());
        block.extend(kind.to_le_bytes());
        block.extend(count.to_le_bytes());
        value.resize(value.len().next_multiple_of(4), 0);
        let fits = value.len() == 4;
        let here = if fits { value.clone() } else { (behind as u32).to_le_bytes().to_vec() };
        block.extend(here);
        behind += value.len();
        values.extend(value);
    }
    block.extend([0; 4]);
    block.extend(values);
}

/// A PNG of `width` × `height` 8-bit grey pixels, all zero: a few KiB however large.
pub fn flat_png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(&mut png, b"IHDR", &[&size[..], &[8, 0, 0, 0, 0]].concat());
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let row = vec![0; width as usize + 1];
    (0..height).for_each(|_| packed.write_all(&row).unwrap());
    chunk(&mut png, b"IDAT", &packed.finish().unwrap());
    chunk(&mut png, b"IEND", &[]);
    png
}

pub fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(content);
    png.extend((content.len() as u32).to_be_bytes());
    png.extend(kind);
    png.extend(content);
    png.extend(crc.sum().to_be_bytes());
}

/// A zip archive of these parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const MAIN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"#;

/// A Word document with further parts.
pub fn word(more: &[(&str, &[u8])]) -> Vec<u8> {
    let parts = [("[Content_Types].xml", MAIN.as_bytes()), ("word/document.xml", b"<document/>")];
    archive(&[&parts, more].concat())
}
