//! Office files: zip archives whose list of contents names a Word document, a workbook or a
//! presentation. Every part is inflated once into nothing, counting, because the sizes that an
//! archive declares may lie.
//!
//! Refused are macros, ActiveX and other programs' objects, and links that load by themselves when
//! the file is opened; a link that somebody must click may stay. The file is kept as it came,
//! names of its authors and all.

use crate::{Medium, Refusal};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Most bytes of all parts together.
const MOST: u64 = 128 * 1024 * 1024;

/// Most parts.
const PARTS: usize = 10_000;

/// Most bytes of a part that is read.
const READ: u64 = 4 * 1024 * 1024;

const CONTENTS: &str = "[Content_Types].xml";

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// What an Office file is, by its main part.
pub(crate) fn kind(bytes: &[u8]) -> Result<Medium, Refusal> {
    let mut archive = open(bytes)?;
    let contents = part(&mut archive, CONTENTS)?.ok_or(Refusal::Media)?;
    let types = elements(&contents, "Override", ["ContentType", "PartName"])?;
    let defaults = elements(&contents, "Default", ["ContentType", "Extension"])?;
    let active = |it: &[String; 2]| it.iter().any(|said| is_macro(said));
    if types.iter().chain(&defaults).any(active) {
        return Err(Refusal::Active);
    }
    let main = types.iter().find_map(|[kind, name]| Some((main(kind)?, name)));
    let (medium, name) = main.ok_or(Refusal::Media)?;
    let there = archive.index_for_name(name.trim_start_matches('/')).is_some();
    there.then_some(medium).ok_or(Refusal::Media)
}

fn open(bytes: &[u8]) -> Result<Archive<'_>, Refusal> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Broken)?;
    if archive.len() > PARTS {
        return Err(Refusal::Bomb);
    }
    Ok(archive)
}

fn main(content_type: &str) -> Option<Medium> {
    let kind = content_type.strip_prefix("application/vnd.openxmlformats-officedocument.")?;
    match kind {
        "wordprocessingml.document.main+xml" => Some(Medium::Word),
        "spreadsheetml.sheet.main+xml" => Some(Medium::Sheet),
        "presentationml.presentation.main+xml" => Some(Medium::Slides),
        _ => None,
    }
}

fn is_macro(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    ["macroenabled", "vbaproject", "activex", "oleobject"].iter().any(|it| said.contains(it))
}

/// Refuses what is no plain archive, grows too large, or acts by itself.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = open(bytes)?;
    // The mark of the end, without a comment behind it, is the end of the file.
    let tail = bytes.len().checked_sub(22).and_then(|at| bytes.get(at..)).unwrap_or_default();
    if archive.offset() != 0 || !tail.starts_with(b"PK\x05\x06") {
        return Err(Refusal::Mixed);
    }
    let mut left = MOST;
    for index in 0..archive.len() {
        left = left.checked_sub(declared(&mut archive, index)?).ok_or(Refusal::Bomb)?;
    }
    archive.validate_header_consistency().map_err(|_| Refusal::Broken)?;
    (0..archive.len()).try_for_each(|index| inflate(&mut archive, index))
}

/// How large a part says it will be; refused by its name or its lock before it is opened.
fn declared(archive: &mut Archive<'_>, index: usize) -> Result<u64, Refusal> {
    let part = archive.by_index_raw(index).map_err(|_| Refusal::Broken)?;
    if part.encrypted() {
        return Err(Refusal::Encrypted);
    }
    let name = part.name().map_err(|_| Refusal::Broken)?;
    if is_macro(&name) {
        return Err(Refusal::Active);
    }
    Ok(part.size())
}

fn inflate(archive: &mut Archive<'_>, index: usize) -> Result<(), Refusal> {
    let mut part = archive.by_index(index).map_err(|_| Refusal::Broken)?;
    let declared = part.size();
    let links = part.name().is_ok_and(|name| name.ends_with(".rels"));
    let mut text = Vec::new();
    let mut limited = part.by_ref().take(declared + 1);
    let size = if links {
        if declared > READ {
            return Err(Refusal::Bomb);
        }
        limited.read_to_end(&mut text).map(|it| it as u64)
    } else {
        std::io::copy(&mut limited, &mut std::io::sink())
    };
    match size {
        Ok(size) if size == declared => still(&text),
        // More than it said it would be.
        Ok(_) => Err(Refusal::Bomb),
        Err(_) => Err(Refusal::Broken),
    }
}

/// Refuses a link to elsewhere that is followed without a click.
fn still(links: &[u8]) -> Result<(), Refusal> {
    let links = elements(links, "Relationship", ["TargetMode", "Type"])?;
    let loads = |[mode, kind]: &[String; 2]| mode == "External" && !kind.ends_with("/hyperlink");
    if links.iter().any(loads) { Err(Refusal::Active) } else { Ok(()) }
}

fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let Ok(part) = archive.by_name(name) else { return Ok(None) };
    let mut bytes = Vec::new();
    match part.take(READ + 1).read_to_end(&mut bytes) {
        Ok(read) if read as u64 > READ => Err(Refusal::Bomb),
        Ok(_) => Ok(Some(bytes)),
        Err(_) => Err(Refusal::Broken),
    }
}

/// Some attributes of each element of a name; empty where it has none.
fn elements<const N: usize>(
    xml: &[u8],
    name: &str,
    attributes: [&str; N],
) -> Result<Vec<[String; N]>, Refusal> {
    // What is written in another way than UTF-8 would be read by others and not by us.
    let xml = std::str::from_utf8(xml).ok().filter(|it| !it.contains('\0'));
    let mut reader = Reader::from_str(xml.ok_or(Refusal::Broken)?);
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(|_| Refusal::Broken)? {
            Event::Start(it) | Event::Empty(it) if it.local_name().as_ref() == name => {
                let said = said(&it)?;
                found.push(attributes.map(|name| said.get(name).cloned().unwrap_or_default()));
            }
            // A document type can define entities, and no Office program writes one.
            Event::DocType(_) => return Err(Refusal::Active),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn said(element: &BytesStart<'_>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut said = BTreeMap::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| Refusal::Broken)?;
        let value = unescape(&attribute.value).map_err(|_| Refusal::Broken)?.into_owned();
        said.insert(attribute.key.local_name().as_ref().to_owned(), value);
    }
    Ok(said)
}
