//! What bytes are, told by themselves and never by the name their sender gave them.

use crate::{Refusal, audio, office};

/// A kind of file that is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A photo as most phones make it.
    Jpeg,
    /// A picture of a screen, mostly.
    Png,
    /// A photo as some browsers make it.
    Webp,
    /// A document of fixed pages.
    Pdf,
    /// A Word document (`.docx`).
    Word,
    /// A workbook (`.xlsx`).
    Sheet,
    /// A presentation (`.pptx`).
    Slides,
    /// Sound, MPEG layer 3.
    Mp3,
    /// Sound in an MPEG-4 file, without pictures.
    M4a,
    /// Sound, AAC in ADTS frames.
    Aac,
    /// Speech, as older phones record it.
    Amr,
    /// Sound without compression.
    Wav,
    /// Sound in an Ogg file (Opus, Vorbis, Speex).
    Ogg,
}

impl Medium {
    /// All that are taken in.
    pub const ALL: [Self; 13] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Pdf,
        Self::Word,
        Self::Sheet,
        Self::Slides,
        Self::Mp3,
        Self::M4a,
        Self::Aac,
        Self::Amr,
        Self::Wav,
        Self::Ogg,
    ];

    /// What the bytes begin like; for an Office file, what its main part is.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Self::Webp),
            [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Self::Pdf),
            [b'P', b'K', 3, 4, ..] => office::kind(bytes),
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Err(Refusal::OldOffice),
            _ => audio::kind(bytes).ok_or(Refusal::Media),
        }
    }

    /// Whether it is a picture that is decoded and written anew.
    pub fn is_photo(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }

    /// How names of its files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
            Self::Word => "docx",
            Self::Sheet => "xlsx",
            Self::Slides => "pptx",
            Self::Mp3 => "mp3",
            Self::M4a => "m4a",
            Self::Aac => "aac",
            Self::Amr => "amr",
            Self::Wav => "wav",
            Self::Ogg => "ogg",
        }
    }

    /// Its media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Sheet => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Slides => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/mp4",
            Self::Aac => "audio/aac",
            Self::Amr => "audio/amr",
            Self::Wav => "audio/wav",
            Self::Ogg => "audio/ogg",
        }
    }
}
