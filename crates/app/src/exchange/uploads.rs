//! Uploads: what may be sent in, and who may fetch it. Their bytes lie behind the port [`Files`],
//! named by their hash; here is only what is known of them.

use crate::cases::{Sight, sight};
use crate::{Error, Result, Work};
use model::access::Operation;
use model::cases::{CaseState, FieldValue};
use model::journal::Event;
use model::{CaseId, EntryId, FileId};
use rowdb::{BoxFuture, Tx};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io;
use store::exchange::File;

/// Where the bytes of uploads lie, by their SHA-256 in hex. Putting the same bytes twice is
/// harmless, and bytes nobody names may be swept away.
pub trait Files: Send + Sync {
    /// Keeps bytes for good before it answers.
    fn put<'a>(&'a self, sha256: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>>;
    /// The bytes, if they are there.
    fn get<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, io::Result<Option<Vec<u8>>>>;
}

/// A kind of file that may be sent in: its media type, how its bytes begin, its largest size.
struct Medium {
    media: &'static str,
    begins: fn(&[u8]) -> bool,
    most: usize,
}

const MIB: usize = 1024 * 1024;

const MEDIA: &[Medium] = &[
    Medium {
        media: "image/jpeg",
        begins: |bytes| bytes.starts_with(&[0xFF, 0xD8, 0xFF]),
        most: 10 * MIB,
    },
    Medium {
        media: "image/png",
        begins: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        most: 10 * MIB,
    },
    Medium {
        media: "image/webp",
        begins: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        most: 10 * MIB,
    },
    Medium {
        media: "application/pdf",
        begins: |bytes| bytes.starts_with(b"%PDF-"),
        most: 20 * MIB,
    },
];

/// A file found fit to be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// SHA-256 of its bytes, hex: its name behind [`Files`].
    pub sha256: String,
    /// Its size.
    pub bytes: i64,
    /// Its media type, by its content.
    pub media: &'static str,
}

/// A file that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// Its id, for the form of a case.
    pub id: FileId,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Its size.
    pub bytes: i64,
    /// Its media type.
    pub media: String,
    /// The entry that took it in.
    pub entry: EntryId,
}

/// Tells what bytes are, whatever their sender calls them, and whether they may be sent in.
pub fn inspect(bytes: &[u8]) -> Result<NewFile> {
    let medium = MEDIA.iter().find(|medium| (medium.begins)(bytes)).ok_or_else(|| {
        let (zh, en) = ("只接受 JPEG、PNG、WebP 图片和 PDF", "only JPEG, PNG, WebP and PDF");
        Error::field("file", "media", zh, en)
    })?;
    if bytes.len() > medium.most {
        let mib = medium.most / MIB;
        let (zh, en) = (format!("文件不能超过 {mib} MB"), format!("at most {mib} MiB"));
        return Err(Error::field("file", "too_large", &zh, &en));
    }
    let sha256 = hex::encode(Sha256::digest(bytes));
    let bytes = i64::try_from(bytes.len()).map_err(Error::internal)?;
    Ok(NewFile { sha256, bytes, media: medium.media })
}

/// Records that a file was taken in; its bytes must have been put already.
pub async fn upload(tx: &mut Tx, work: &mut Work, new: &NewFile) -> Result<Uploaded> {
    work.may(Operation::Upload)?;
    let id: FileId = work.draw.id();
    let NewFile { sha256, bytes, media } = new.clone();
    let media = media.to_owned();
    let event = Event::Uploaded { file: id, sha256: sha256.clone(), bytes, media: media.clone() };
    let entry = work.record(tx, id.0, event).await?.id;
    Ok(Uploaded { id, sha256, bytes, media, entry })
}

/// A file of a case, for whoever sees the case; its bytes are behind [`Files`].
pub async fn show_upload(
    tx: &mut Tx,
    work: &mut Work,
    (case, id): (CaseId, FileId),
) -> Result<File> {
    work.may(Operation::ShowUpload)?;
    let case = store::cases::get(tx, case).await?;
    let seen = case.filter(|case| sight(work, case) != Sight::None && holds(&case.state, id));
    let file = match seen {
        Some(_) => store::exchange::file(tx, id).await?,
        None => None,
    };
    file.ok_or_else(|| Error::not_found("upload", id))
}

fn holds(state: &CaseState, id: FileId) -> bool {
    let id = id.to_string();
    state.fields.values().any(|value| names(value, &id))
}

fn names(value: &FieldValue, id: &str) -> bool {
    match value {
        FieldValue::Text(text) => text == id,
        FieldValue::List(list) => list.iter().any(|it| names(it, id)),
        FieldValue::Bool(_) | FieldValue::Int(_) | FieldValue::Private { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> &'static str {
        match inspect(bytes).unwrap_err() {
            Error::Invalid(problems) => problems[0].code,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let jpeg = inspect(&[0xFF, 0xD8, 0xFF, 0xE0, 1]).unwrap();
        assert_eq!((jpeg.media, jpeg.bytes), ("image/jpeg", 5));
        assert_eq!(inspect(b"%PDF-1.7").unwrap().media, "application/pdf");
        assert_eq!(inspect(b"RIFF\0\0\0\0WEBPVP8 ").unwrap().media, "image/webp");
        assert_eq!(inspect(b"\x89PNG\r\n\x1a\n").unwrap().media, "image/png");
    }

    #[test]
    fn programs_pages_and_unknown_files_are_refused() {
        for bytes in [&b"MZ\x90\0"[..], b"<html>", b"", b"RIFF\0\0\0\0WAVE", b"\xFF\xD8"] {
            assert_eq!(refused(bytes), "media");
        }
    }

    #[test]
    fn a_photo_of_ten_mebibytes_is_the_largest() {
        let mut photo = vec![0; 10 * MIB];
        photo[..3].copy_from_slice(&[0xFF, 0xD8, 0xFF]);
        assert!(inspect(&photo).is_ok());
        photo.push(0);
        assert_eq!(refused(&photo), "too_large");
    }
}
