//! Sounds, by how they begin. Nothing in them is changed; words that their recorder put in (a
//! title, on some phones a place) stay.

use crate::Medium;

/// What sound bytes are, if any of those we take.
pub(crate) fn kind(bytes: &[u8]) -> Option<Medium> {
    match bytes {
        [b'#', b'!', b'A', b'M', b'R', b'\n', ..] => Some(Medium::Amr),
        [b'#', b'!', b'A', b'M', b'R', b'-', b'W', b'B', b'\n', ..] => Some(Medium::Amr),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Medium::Wav),
        [b'O', b'g', b'g', b'S', ..] => speaks(bytes).then_some(Medium::Ogg),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => only_sound(bytes).then_some(Medium::M4a),
        [b'I', b'D', b'3', 2..=4, ..] => Some(Medium::Mp3),
        [0xFF, second, third, ..] => frame(*second, *third),
        _ => None,
    }
}

/// A first frame of MPEG sound: eleven bits of ones, then version, layer, rates that exist.
fn frame(second: u8, third: u8) -> Option<Medium> {
    if second & 0xF6 == 0xF0 {
        return ((third >> 2) & 0xF < 13).then_some(Medium::Aac);
    }
    let version = second & 0x18 != 0x08;
    let layer3 = second & 0xE6 == 0xE2;
    let rates = !matches!(third >> 4, 0 | 15) && third & 0x0C != 0x0C;
    (version && layer3 && rates).then_some(Medium::Mp3)
}

/// Whether the first page of an Ogg file opens a stream of sound.
fn speaks(bytes: &[u8]) -> bool {
    let head = bytes.get(..64).unwrap_or(bytes);
    [&b"OpusHead"[..], b"\x01vorbis", b"Speex   "].iter().any(|codec| holds(head, codec))
}

/// Whether all tracks of an MPEG-4 file are sound: their handlers say what they are.
fn only_sound(bytes: &[u8]) -> bool {
    let handlers = || bytes.windows(16).filter(|it| it.starts_with(b"hdlr"));
    let track = |kind: &[u8]| handlers().any(|it| it.ends_with(kind));
    track(b"soun") && !track(b"vide")
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|it| it == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn mp4(handlers: &[&[u8]]) -> Vec<u8> {
        let mut bytes = b"\0\0\0\x1Cftypisom\0\0\0\0".to_vec();
        for handler in handlers {
            bytes.extend(b"\0\0\0\x20hdlr\0\0\0\0\0\0\0\0");
            bytes.extend(*handler);
        }
        bytes
    }

    #[rstest]
    #[case(b"#!AMR\n\x3C", Some(Medium::Amr))]
    #[case(b"#!AMR-WB\n\x3C", Some(Medium::Amr))]
    #[case(b"RIFF\x24\0\0\0WAVEfmt ", Some(Medium::Wav))]
    #[case(b"ID3\x03\0\0\0\0\0\0", Some(Medium::Mp3))]
    #[case(b"\xFF\xFB\x90\x64", Some(Medium::Mp3))]
    #[case(b"\xFF\xF1\x50\x80", Some(Medium::Aac))]
    #[case(b"OggS\0\x02\0\0\0\0\0\0\0\0abcd\0\0\0\0efgh\x01\x13OpusHead", Some(Medium::Ogg))]
    #[case(b"OggS\0\x02\0\0\0\0\0\0\0\0abcd\0\0\0\0efgh\x01\x2A\x80theora", None)]
    #[case(b"\xFF\xFB\xF0\x64", None)]
    #[case(b"\xFF\xD9", None)]
    #[case(b"#!/bin/sh\n", None)]
    fn a_sound_is_told_by_how_it_begins(#[case] bytes: &[u8], #[case] kind: Option<Medium>) {
        assert_eq!(super::kind(bytes), kind);
    }

    #[test]
    fn a_film_is_no_sound() {
        assert_eq!(kind(&mp4(&[b"soun"])), Some(Medium::M4a));
        assert_eq!(kind(&mp4(&[b"soun", b"vide"])), None);
        assert_eq!(kind(&mp4(&[])), None);
    }
}
