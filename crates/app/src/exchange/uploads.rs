//! Uploads: what may be sent in, what of it is kept, and who may fetch it. Their bytes lie behind
//! the port [`Files`](super::Files), named by their hash; here is only what is known of them.

use super::Vault;
use crate::cases::{Sight, sight, visible};
use crate::{Error, Result, Work};
use jiff::Timestamp;
use jiff::tz::Offset;
use model::access::Operation;
use model::cases::{CaseState, FieldValue};
use model::journal::Event;
use model::{CaseId, EntryId, FileId};
use redact::{Moment, Refusal, Region, Safe, make_safe};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use store::cases::Case;
use store::exchange::File;

/// Most regions that a sender may name.
const REGIONS: usize = 50;

/// The county's own zone.
const EAST: Offset = jiff::tz::offset(8);

/// Largest upload in bytes.
pub const LARGEST: usize = redact::LARGEST_OTHER;

/// What the sender of a photo wishes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Regions to hide: left, top, width, height in thousandths of the upright photo.
    pub hide: Vec<[u16; 4]>,
    /// Whether place and time are read from the photo before they are removed.
    pub read_place: bool,
    /// Whether a sealed original is kept, as evidence.
    pub evidence: bool,
}

/// A file found fit to be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// SHA-256 of its bytes, hex: its name behind [`Files`](super::Files).
    pub sha256: String,
    /// Its size.
    pub bytes: i64,
    /// Its media type, by its content.
    pub media: &'static str,
    /// How many regions were hidden.
    pub hidden: i64,
    /// SHA-256 of the sealed original, hex.
    pub sealed: Option<String>,
}

/// What was made of what was sent.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What is known of it.
    pub new: NewFile,
    /// Its bytes: of a photo, without what nobody meant to send.
    pub bytes: Vec<u8>,
    /// The sealed original's bytes.
    pub sealed: Option<Vec<u8>>,
    /// Where a photo was taken, if that was wished: longitude and latitude, WGS 84. It is told to
    /// the sender and kept nowhere.
    pub point: Option<[f64; 2]>,
    /// When it was taken, likewise.
    pub taken_at: Option<Timestamp>,
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
    /// How many regions were hidden.
    pub hidden: i64,
    /// Whether a sealed original is kept.
    pub sealed: bool,
    /// The entry that took it in.
    pub entry: EntryId,
}

/// Where a sealed original lies, and which file it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// SHA-256 of it as it lies, hex.
    pub sealed: String,
    /// SHA-256 of the file that is shown, hex.
    pub sha256: String,
}

/// Tells what bytes are, whatever their sender calls them, and makes them fit to be kept. Takes
/// about a second of one processor for a photo: not for a thread that others wait for.
pub fn prepare(sent: &[u8], wishes: &Wishes, vault: &Vault) -> Result<Prepared> {
    let hide = regions(&wishes.hide)?;
    let asked = redact::Wishes { hide, read_place: wishes.read_place };
    let Safe { media, bytes, hidden, taken } =
        make_safe(sent, &asked).map_err(|refusal| refused(refusal, "file"))?;
    let sha256 = hash(&bytes);
    // What is kept as it came needs no second copy.
    let evidence = wishes.evidence && bytes != sent;
    let sealed = evidence.then(|| vault.seal(sent, &sha256)).transpose()?;
    let new = NewFile {
        bytes: i64::try_from(bytes.len()).map_err(Error::internal)?,
        hidden: i64::try_from(hidden).map_err(Error::internal)?,
        sealed: sealed.as_deref().map(hash),
        sha256,
        media,
    };
    let taken_at = taken.at.and_then(instant);
    Ok(Prepared { new, bytes: bytes.into_owned(), sealed, point: taken.place, taken_at })
}

/// What an original is, by its bytes.
pub fn media_of(original: &[u8]) -> Result<&'static str> {
    redact::inspect(original).map(redact::Medium::media).map_err(Error::internal)
}

/// How names of files of a media type end.
pub fn extension(media: &str) -> &'static str {
    redact::Medium::ALL.iter().find(|it| it.media() == media).map_or("bin", |it| it.extension())
}

/// SHA-256 in hex.
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn regions(named: &[[u16; 4]]) -> Result<Vec<Region>> {
    let wrong = || {
        let zh = "应为至多 50 个 [左, 上, 宽, 高], 单位为千分之一";
        let en = "at most 50 of [left, top, width, height] in thousandths, inside the photo";
        Error::field("hide", "wrong_form", zh, en)
    };
    let regions: Option<Vec<_>> = named.iter().map(|it| Region::new(*it)).collect();
    regions.filter(|it| it.len() <= REGIONS).ok_or_else(wrong)
}

/// A camera that does not say its zone shows the county's time.
fn instant(moment: Moment) -> Option<Timestamp> {
    moment.offset.unwrap_or(EAST).to_timestamp(moment.clock).ok()
}

fn refused(refusal: Refusal, field: &str) -> Error {
    let mib = |bytes: usize| bytes / (1024 * 1024);
    let (zh, en) = match refusal {
        Refusal::Media => (
            "只接受 JPEG、PNG、WebP 图片,PDF,docx、xlsx、pptx 文件和 mp3、m4a、aac、amr、wav、ogg 录音",
            "only JPEG, PNG, WebP, PDF, docx, xlsx, pptx, mp3, m4a, aac, amr, wav and ogg",
        ),
        Refusal::OldOffice => (
            "旧版或加密的 Office 文件打不开,请另存为 docx、xlsx 或 pptx 后再传",
            "an old or encrypted Office file: save it as docx, xlsx or pptx without a password",
        ),
        Refusal::TooLarge { most } => {
            let (zh, en) =
                (format!("不能超过 {} MB", mib(most)), format!("at most {} MiB", mib(most)));
            return Error::field(field, refusal.code(), &zh, &en);
        }
        Refusal::Bomb => ("打开后过大", "grows too large when opened"),
        Refusal::Broken => {
            ("文件不完整或已损坏,请重新拍摄或导出", "broken or cut off: make it anew")
        }
        Refusal::Active => (
            "含有宏、脚本、嵌入文件或自动加载的链接,请去掉后再传",
            "holds macros, scripts, embedded files or links that load by themselves: remove them",
        ),
        Refusal::Encrypted => ("文件有密码,请去掉密码后再传", "remove its password first"),
        Refusal::Mixed => ("文件前后带有其他内容", "something else stands before or behind it"),
        Refusal::Unseen => return Error::internal(refusal),
    };
    Error::field(field, refusal.code(), zh, en)
}

/// Records that a file was taken in; its bytes must have been put already.
pub async fn upload(tx: &mut Tx, work: &mut Work, new: &NewFile) -> Result<Uploaded> {
    work.may(Operation::Upload)?;
    let id: FileId = work.draw.id();
    let NewFile { sha256, bytes, media, hidden, sealed } = new.clone();
    let (media, kept) = (media.to_owned(), sealed.is_some());
    let (hash, kind) = (sha256.clone(), media.clone());
    let event = Event::Uploaded { file: id, sha256: hash, bytes, media: kind, hidden, sealed };
    let entry = work.record(tx, id.0, event).await?.id;
    Ok(Uploaded { id, sha256, bytes, media, hidden, sealed: kept, entry })
}

/// A file of a case, for whoever sees the case; its bytes are behind [`Files`](super::Files).
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

/// What is known of the files of a case, for whoever sees the case; those that were erased are
/// left out.
pub async fn list_uploads(tx: &mut Tx, work: &mut Work, case: CaseId) -> Result<Vec<File>> {
    work.may(Operation::ShowUpload)?;
    let case = visible(tx, work, case).await?;
    let mut files = Vec::new();
    for id in named(&case) {
        files.extend(store::exchange::file(tx, id).await?);
    }
    Ok(files)
}

/// Opens the sealed original of a case's photo for a purpose; the look is an entry that the person
/// can see. For posts that see all of the case or all but who asked, since they handle it.
pub async fn open_original(
    tx: &mut Tx,
    work: &mut Work,
    (case, id): (CaseId, FileId),
    purpose: &str,
) -> Result<Original> {
    work.may(Operation::OpenOriginal)?;
    let seen = visible(tx, work, case).await?;
    let purpose = crate::cases::purpose_of(purpose)?;
    let file = match holds(&seen.state, id) {
        true => store::exchange::file(tx, id).await?,
        false => None,
    };
    let original = file.and_then(|it| Some(Original { sealed: it.sealed?, sha256: it.sha256 }));
    let original = original.ok_or_else(|| Error::not_found("upload", id))?;
    let fields = vec!["original".to_owned()];
    work.record(tx, case.0, Event::Revealed { case, fields, purpose }).await?;
    Ok(original)
}

fn named(case: &Case) -> BTreeSet<FileId> {
    let mut ids = BTreeSet::new();
    case.state.fields.values().for_each(|value| gather(value, &mut ids));
    ids
}

/// The ids in a value, of files or of whatever else.
fn gather(value: &FieldValue, ids: &mut BTreeSet<FileId>) {
    match value {
        FieldValue::Text(text) => ids.extend(text.parse().ok().map(FileId)),
        FieldValue::List(list) => list.iter().for_each(|it| gather(it, ids)),
        FieldValue::Bool(_) | FieldValue::Int(_) | FieldValue::Private { .. } => {}
    }
}

fn holds(state: &CaseState, id: FileId) -> bool {
    let mut ids = BTreeSet::new();
    state.fields.values().for_each(|value| gather(value, &mut ids));
    ids.contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> &'static str {
        let vault = Vault::new(&[1; 32]).unwrap();
        match prepare(bytes, &Wishes::default(), &vault).unwrap_err() {
            Error::Invalid(problems) => problems[0].code,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn programs_pages_and_unknown_files_are_refused() {
        for bytes in [&b"MZ\x90\0"[..], b"<html>", b"", b"RIFF\0\0\0\0AVI "] {
            assert_eq!(refused(bytes), "media");
        }
        assert_eq!(refused(b"%PDF-1.7 cut"), "broken");
        assert_eq!(refused(b"%PDF-1.7 /JavaScript %%EOF"), "active");
    }

    #[test]
    fn a_document_is_kept_as_it_came_and_needs_no_sealed_copy() {
        let (vault, pdf) = (Vault::new(&[1; 32]).unwrap(), b"%PDF-1.7 invented %%EOF");
        let wishes = Wishes { evidence: true, ..Wishes::default() };
        let prepared = prepare(pdf, &wishes, &vault).unwrap();
        assert_eq!(prepared.bytes, pdf);
        assert_eq!((prepared.new.media, prepared.new.sealed), ("application/pdf", None));
    }

    #[test]
    fn a_region_outside_the_photo_and_too_many_are_refused() {
        assert!(regions(&[[0, 0, 1000, 1000]; 50]).is_ok());
        assert!(regions(&[[0, 0, 1, 1]; 51]).is_err());
        assert!(regions(&[[900, 0, 101, 1]]).is_err());
    }

    #[test]
    fn a_camera_without_a_zone_shows_the_countys_time() {
        let clock = jiff::civil::date(2026, 3, 1).at(18, 0, 0, 0);
        let at = |offset| instant(Moment { clock, offset }).unwrap().to_string();
        assert_eq!(at(None), "2026-03-01T10:00:00Z");
        assert_eq!(at(Some(jiff::tz::offset(0))), "2026-03-01T18:00:00Z");
    }
}
