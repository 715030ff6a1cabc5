//! Office files, honest and hostile.

use crate::kit::{archive, word};
use redact::{Medium, Refusal, Wishes, inspect, make_safe};
use rstest::rstest;

fn link(kind: &str, mode: &str) -> String {
    format!(
        "<Relationships><Relationship Id=\"r1\" Target=\"http://x.example/\" TargetMode=\"{mode}\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\"/>\
         </Relationships>"
    )
}

#[test]
fn an_honest_document_is_kept_as_it_came() {
    let links = link("hyperlink", "External");
    let sent = word(&[("word/_rels/document.xml.rels", links.as_bytes())]);
    assert_eq!(inspect(&sent), Ok(Medium::Word));
    let safe = make_safe(&sent, &Wishes::default()).unwrap();
    assert_eq!(safe.bytes, sent);
    assert_eq!(safe.media, Medium::Word.media());
}

#[rstest]
#[case::macros("word/vbaProject.bin", "x")]
#[case::controls("word/activeX/activeX1.bin", "x")]
#[case::objects("word/embeddings/oleObject1.bin", "x")]
#[case::entities(
    "word/_rels/document.xml.rels",
    "<!DOCTYPE x [<!ENTITY a \"b\">]><Relationships/>"
)]
fn what_acts_by_itself_is_refused(#[case] name: &str, #[case] content: &str) {
    assert_eq!(inspect(&word(&[(name, content.as_bytes())])), Err(Refusal::Active));
}

#[rstest]
#[case("attachedTemplate", "External")]
#[case("image", "External")]
#[case("image", "Exter&#110;al")]
#[case("oleObject", "External")]
fn a_link_that_loads_by_itself_is_refused(#[case] kind: &str, #[case] mode: &str) {
    let links = link(kind, mode);
    let sent = word(&[("word/_rels/settings.xml.rels", links.as_bytes())]);
    assert_eq!(inspect(&sent), Err(Refusal::Active));
    let inside = link(kind, "Internal");
    assert!(inspect(&word(&[("word/_rels/settings.xml.rels", inside.as_bytes())])).is_ok());
}

#[test]
fn links_in_another_encoding_are_refused() {
    let utf16: Vec<u8> =
        link("image", "External").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let sent = word(&[("word/_rels/settings.xml.rels", &utf16)]);
    assert_eq!(inspect(&sent), Err(Refusal::Broken));
}

#[test]
fn a_document_with_macros_by_its_own_word_is_refused() {
    let contents = "<Types><Override PartName=\"/word/document.xml\" \
        ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>";
    let sent =
        archive(&[("[Content_Types].xml", contents.as_bytes()), ("word/document.xml", b"<d/>")]);
    assert_eq!(inspect(&sent), Err(Refusal::Active));
}

#[test]
fn any_other_archive_is_refused() {
    assert_eq!(inspect(&archive(&[("evil.exe", b"MZ")])), Err(Refusal::Media));
    let jar = archive(&[("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0")]);
    assert_eq!(inspect(&jar), Err(Refusal::Media));
    let bare = word(&[]);
    assert_eq!(inspect(&bare[..bare.len() - 30]), Err(Refusal::Broken));
    assert_eq!(inspect(b"PK\x03\x04"), Err(Refusal::Broken));
    let old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old or encrypted one";
    assert_eq!(inspect(old), Err(Refusal::OldOffice));
}

#[test]
fn a_bomb_is_refused_by_what_it_declares_and_by_what_it_is() {
    let zeros = vec![0; 129 << 20];
    let bomb = word(&[("word/media/image1.png", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(inspect(&bomb), Err(Refusal::Bomb));
    // The same, saying in both of its headers that it is small.
    let mut liar = word(&[("word/media/image1.png", &zeros[..64 << 20])]);
    let real = (64_u32 << 20).to_le_bytes();
    let places: Vec<usize> =
        liar.windows(4).enumerate().filter(|(_, it)| *it == real).map(|(at, _)| at).collect();
    assert!(places.len() >= 2);
    for at in places {
        liar[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    assert!(matches!(inspect(&liar), Err(Refusal::Bomb | Refusal::Broken)));
}

#[test]
fn something_behind_or_before_the_archive_is_refused() {
    let mut sent = word(&[]);
    sent.extend(b"<html><script>alert(1)</script>");
    assert!(matches!(inspect(&sent), Err(Refusal::Mixed | Refusal::Broken)));
    let before = [b"PK\x03\x04<html>", &word(&[])[..]].concat();
    assert!(matches!(inspect(&before), Err(Refusal::Mixed | Refusal::Broken)));
}
