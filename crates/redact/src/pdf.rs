//! PDF files: whole, without a password, and without what acts by itself.
//!
//! Looked through are the file as it stands and its object streams, inflated. Not looked into are
//! other compressed streams (pages, pictures, fonts): the names below have no meaning there. What
//! a reader makes of a broken file is not guessed; the file is kept as it came, authors and all.

use crate::Refusal;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// Names of what acts by itself: scripts, programs started, forms sent, other files and films.
const ACTIVE: &[&[u8]] = &[
    b"/JavaScript",
    b"/Launch",
    b"/EmbeddedFile",
    b"/RichMedia",
    b"/Rendition",
    b"/SubmitForm",
    b"/ImportData",
    b"/GoToE",
    b"/XFA",
];

/// Most bytes of all object streams together.
const MOST: u64 = 64 * 1024 * 1024;

/// Refuses what is cut off or followed by something else, encrypted, or acts by itself.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    ended(bytes)?;
    passive(bytes)?;
    let mut left = MOST;
    for stream in object_streams(bytes) {
        let objects = inflate(stream, left)?;
        left -= objects.len() as u64;
        passive(&objects)?;
    }
    Ok(())
}

/// The last line is the end mark; only blanks may follow, and zeros, with which some writers fill
/// the last block.
fn ended(bytes: &[u8]) -> Result<(), Refusal> {
    let blank = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let end = bytes.iter().rposition(|byte| !blank(byte)).map_or(0, |at| at + 1);
    if bytes.get(..end).unwrap_or_default().ends_with(b"%%EOF") {
        return Ok(());
    }
    let any = find(bytes, b"%%EOF").is_some();
    Err(if any { Refusal::Mixed } else { Refusal::Broken })
}

fn passive(bytes: &[u8]) -> Result<(), Refusal> {
    let plain = unescaped(bytes);
    if find(&plain, b"/Encrypt").is_some() {
        return Err(Refusal::Encrypted);
    }
    let active = ACTIVE.iter().any(|name| find(&plain, name).is_some());
    if active { Err(Refusal::Active) } else { Ok(()) }
}

/// Any character of a name may be written as `#` and two hexadecimal digits.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, behind @ ..] = rest {
        let escaped = match rest {
            [b'#', high, low, ..] => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        plain.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { rest.get(3..).unwrap_or_default() } else { behind };
    }
    plain
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok())
}

/// What stands behind `stream` of each object stream.
fn object_streams(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let at = find(rest, b"/ObjStm")?;
        rest = rest.get(at + 7..)?;
        let begins = find(rest, b"stream")?;
        let stream = rest.get(begins + 6..)?;
        Some(stream.strip_prefix(b"\r\n").or(stream.strip_prefix(b"\n")).unwrap_or(stream))
    })
}

/// An object stream as it was before compression; refused if it cannot be read, since a reader of
/// PDF that knows more ways than we do would find objects in it.
fn inflate(stream: &[u8], most: u64) -> Result<Vec<u8>, Refusal> {
    let mut objects = Vec::new();
    let read = ZlibDecoder::new(stream).take(most + 1).read_to_end(&mut objects);
    match read {
        Ok(read) if read as u64 > most => Err(Refusal::Bomb),
        Ok(_) => Ok(objects),
        Err(_) => Err(Refusal::Broken),
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|it| it == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use rstest::rstest;
    use std::io::Write;

    fn pdf(objects: &[u8]) -> Vec<u8> {
        [b"%PDF-1.7\n", objects, b"\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"].concat()
    }

    fn packed(objects: &[u8]) -> Vec<u8> {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(objects).unwrap();
        let head = b"4 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\r\n";
        [&head[..], &packed.finish().unwrap(), b"\nendstream\nendobj"].concat()
    }

    #[rstest]
    #[case::plain(b"1 0 obj << /Type /Catalog >> endobj", Ok(()))]
    #[case::script(
        b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
        Err(Refusal::Active)
    )]
    #[case::spelt(b"<< /S /J#61va#53cript /JS (x) >>", Err(Refusal::Active))]
    #[case::program(b"<< /S/Launch /F (cmd.exe) >>", Err(Refusal::Active))]
    #[case::files(b"<< /Names << /EmbeddedFiles 3 0 R >> >>", Err(Refusal::Active))]
    #[case::password(b"<< /Encrypt 5 0 R >>", Err(Refusal::Encrypted))]
    fn what_acts_by_itself_is_refused(
        #[case] objects: &[u8],
        #[case] outcome: Result<(), Refusal>,
    ) {
        assert_eq!(check(&pdf(objects)), outcome);
        assert_eq!(check(&pdf(&packed(objects))), outcome);
    }

    #[test]
    fn an_object_stream_that_cannot_be_read_or_has_no_end_is_refused() {
        let odd = b"4 0 obj << /Type /ObjStm /Filter /LZWDecode >> stream\nabc\nendstream endobj";
        assert_eq!(check(&pdf(odd)), Err(Refusal::Broken));
        assert_eq!(check(&pdf(&packed(&vec![b' '; MOST as usize + 1]))), Err(Refusal::Bomb));
    }

    #[test]
    fn a_pdf_has_an_end_and_nothing_behind_it() {
        let whole = pdf(b"1 0 obj << >> endobj");
        assert_eq!(check(&[&whole[..], b"\r\n\0\0\0"].concat()), Ok(()));
        assert_eq!(check(&whole[..whole.len() - 20]), Err(Refusal::Broken));
        assert_eq!(check(&[&whole[..], b"<html><script>"].concat()), Err(Refusal::Mixed));
        assert_eq!(check(&[&whole[..], b"PK\x05\x06"].concat()), Err(Refusal::Mixed));
    }
}
