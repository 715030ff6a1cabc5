//! Notes and checkpoints: interoperability with the Go reference, tampering, hostile text.

use proptest::prelude::*;

use crate::{
    Checkpoint, CheckpointError, Frontier, Hash, Head, KeyError, Note, NoteError, Signer, Verifier,
};

/// Key, text and signature published with the Go implementation of signed notes.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173";
const PETER_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn signer(name: &str, secret: u8) -> Signer {
    Signer::new(name, &[secret; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    let mut frontier = Frontier::default();
    (0..5).for_each(|i| drop(frontier.append(Hash::leaf(&[i]))));
    Checkpoint {
        origin: "gov.example/log".to_owned(),
        head: frontier.head(),
        extensions: vec!["第二纪".to_owned()],
    }
}

#[test]
fn a_note_is_signed_byte_for_byte_as_the_reference_signs_it() {
    let mut secret = [0; 32];
    hex::decode_to_slice(PETER_SECRET, &mut secret).unwrap();
    let peter = Signer::new("PeterNeumann", &secret).unwrap();
    assert_eq!(peter.verifier().to_string(), PETER);
    let (text, _) = PETER_NOTE.rsplit_once("\n\n").unwrap();
    let mut note = Note::new(format!("{text}\n")).unwrap();
    note.sign(&peter);
    note.sign(&peter); // replaced, not repeated
    assert_eq!(note.to_string(), PETER_NOTE);
}

#[test]
fn a_note_of_the_reference_verifies_and_prints_back() {
    let note: Note = PETER_NOTE.parse().unwrap();
    let known = [signer("enoch", 1).verifier().clone(), PETER.parse().unwrap()];
    assert_eq!(note.verify(&known).unwrap(), [&known[1]]);
    assert_eq!(note.to_string(), PETER_NOTE);
}

#[test]
fn every_cut_or_changed_verifier_key_is_refused() {
    for start in 0..PETER.len() {
        for end in start..PETER.len() {
            assert!(PETER.get(start..end).unwrap().parse::<Verifier>().is_err());
        }
    }
    for at in 0..PETER.len() {
        let mut key = PETER.as_bytes().to_vec();
        key[at] += 1;
        assert!(String::from_utf8(key).unwrap().parse::<Verifier>().is_err());
    }
}

#[test]
fn a_key_error_says_what_is_wrong() {
    let parse = |text: &str| text.parse::<Verifier>().unwrap_err();
    assert_eq!(parse("name+00000000"), KeyError::Form);
    assert_eq!(parse("name+00000000+?"), KeyError::Form);
    assert_eq!(parse("name+00000000+BAAA"), KeyError::Algorithm(4));
    assert_eq!(parse("name+00000000+AQAA"), KeyError::Point);
    assert_eq!(parse(&PETER.replace("c74f20a3", "c74f20a4")), KeyError::Id("c74f20a3".to_owned()));
    // The neutral element would accept one signature for every text.
    assert_eq!(
        parse("name+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        KeyError::Point
    );
    for name in ["", "a b", "a+b", "a\u{3000}b", "a\nb"] {
        assert_eq!(Signer::new(name, &[1; 32]).err(), Some(KeyError::Name));
    }
}

#[test]
fn a_checkpoint_reads_back_with_its_witnesses() {
    let (log, witness, other) =
        (signer("gov.example/log", 1), signer("press.example", 2), signer("other.example", 3));
    let mut note = checkpoint().sign(&log).unwrap();
    note.sign(&witness);
    let known = [other.verifier().clone(), witness.verifier().clone()];
    let (read, witnesses) = Checkpoint::open(&note.to_string(), log.verifier(), &known).unwrap();
    assert_eq!(read, checkpoint());
    assert_eq!(witnesses, [witness.verifier()]);
}

#[test]
fn the_text_of_a_checkpoint_is_origin_size_root_and_extensions() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let text = format!("example.com/behind-the-sofa\n20852163\n{root}\n");
    let read: Checkpoint = text.parse().unwrap();
    assert_eq!((read.origin.as_str(), read.head.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(read.to_string(), text);
    assert!(checkpoint().to_string().ends_with("=\n第二纪\n"));
}

#[test]
fn any_flipped_bit_of_a_signed_checkpoint_is_noticed() {
    let log = signer("gov.example/log", 1);
    let note = checkpoint().sign(&log).unwrap().to_string();
    for bit in 0..note.len() * 8 {
        let mut bytes = note.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let noticed = String::from_utf8(bytes)
            .map_or(true, |text| Checkpoint::open(&text, log.verifier(), &[]).is_err());
        assert!(noticed, "bit {bit}");
    }
}

#[test]
fn the_log_itself_must_have_signed() {
    let (log, witness) = (signer("gov.example/log", 1), signer("press.example", 2));
    let mut note = Note::new(checkpoint().to_string()).unwrap();
    note.sign(&witness);
    let known = [witness.verifier().clone()];
    let opened = Checkpoint::open(&note.to_string(), log.verifier(), &known);
    assert_eq!(opened, Err(NoteError::Unsigned.into()));
}

#[test]
fn a_forged_signature_of_a_known_witness_spoils_the_note() {
    let (log, witness) = (signer("gov.example/log", 1), signer("press.example", 2));
    let mut signed = checkpoint().sign(&log).unwrap();
    signed.sign(&witness);
    let later = Checkpoint { head: Head { size: 6, ..checkpoint().head }, ..checkpoint() };
    let stolen = signed.to_string().lines().last().unwrap().to_owned();
    let note = format!("{}{stolen}\n", later.sign(&log).unwrap());
    let known = [witness.verifier().clone()];
    let forged = NoteError::Forged("press.example".to_owned());
    assert_eq!(Checkpoint::open(&note, log.verifier(), &known), Err(forged.into()));
    assert!(Checkpoint::open(&note, log.verifier(), &[]).is_ok(), "unknown keys are ignored");
}

#[test]
fn a_checkpoint_of_another_log_is_refused() {
    let other = signer("elsewhere.example/log", 1);
    let refused = CheckpointError::OtherLog {
        origin: "gov.example/log".to_owned(),
        expected: "elsewhere.example/log".to_owned(),
    };
    assert_eq!(checkpoint().sign(&other).unwrap_err(), refused);
    let mut note = Note::new(checkpoint().to_string()).unwrap();
    note.sign(&other);
    assert_eq!(Checkpoint::open(&note.to_string(), other.verifier(), &[]), Err(refused));
}

#[test]
fn lines_cannot_be_smuggled_into_a_checkpoint() {
    let log = signer("gov.example/log", 1);
    for line in ["", "a\nb", "a\n"] {
        let bad = Checkpoint { extensions: vec![line.to_owned()], ..checkpoint() };
        assert_eq!(bad.sign(&log).unwrap_err(), CheckpointError::Line, "{line:?}");
    }
    let control = Checkpoint { extensions: vec!["a\tb".to_owned()], ..checkpoint() };
    assert_eq!(control.sign(&log).unwrap_err(), NoteError::Text.into());
}

#[test]
fn a_malformed_checkpoint_says_which_line() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let parse = |text: &str| text.parse::<Checkpoint>().unwrap_err();
    assert_eq!(parse(""), CheckpointError::Line);
    assert_eq!(parse(&format!("log\n5\n{root}")), CheckpointError::Line);
    assert_eq!(parse("\n"), CheckpointError::Origin);
    assert_eq!(parse(&format!("\n5\n{root}\n")), CheckpointError::Origin);
    for size in ["", "05", "+5", "-5", "5 ", "五", "18446744073709551616"] {
        assert_eq!(parse(&format!("log\n{size}\n{root}\n")), CheckpointError::Size, "{size}");
    }
    assert_eq!(parse("log\n5\n"), CheckpointError::Root);
    for root in ["AAAA", "?", root.trim_end_matches('='), &root.replace("I=", "J=")] {
        assert_eq!(parse(&format!("log\n5\n{root}\n")), CheckpointError::Root, "{root}");
    }
    assert_eq!(parse(&format!("log\n5\n{root}\n\n")), CheckpointError::Line);
}

#[test]
fn a_malformed_note_is_refused() {
    let (text, line) = PETER_NOTE.rsplit_once("\n\n").unwrap();
    let line = line.trim_end();
    let parse = |note: String| note.parse::<Note>().unwrap_err();
    assert_eq!(parse(String::new()), NoteError::Text);
    assert_eq!(parse(format!("{text}\n{line}\n")), NoteError::Text);
    assert_eq!(parse(format!("\u{1}{PETER_NOTE}")), NoteError::Text);
    let lines = [
        "",
        "— Peter Neumann AAAAAAAA",
        "— a+b AAAAAAAA",
        "— a AAAA",
        "— a AAAAAA==",
        "- a AAAAAAAA",
    ];
    for bad in lines {
        let note = format!("{text}\n\n{bad}\n");
        assert_eq!(parse(note), NoteError::SignatureLine(bad.to_owned()), "{bad}");
    }
    assert!(matches!(parse(format!("{text}\n\n{line}")), NoteError::SignatureLine(_)));
    assert!(matches!(parse(format!("{PETER_NOTE}more\n")), NoteError::SignatureLine(_)));
    assert_eq!(parse(format!("{text}\n\n{}", format!("{line}\n").repeat(101))), NoteError::TooLong);
    assert_eq!(parse("a".repeat(300_000)), NoteError::TooLong);
}

#[test]
fn a_text_with_empty_lines_ends_at_the_last() {
    let mut note = Note::new("a\n\nb\n\n".to_owned()).unwrap();
    note.sign(&signer("name", 7));
    let read: Note = note.to_string().parse().unwrap();
    assert_eq!(read.text(), "a\n\nb\n\n");
    assert_eq!(read, note);
}

proptest! {
    #[test]
    fn hostile_text_never_panics(text in "\\PC*|[—a-z0-9+/= \n]{0,200}") {
        let _ = text.parse::<Note>();
        let _ = text.parse::<Checkpoint>();
        let _ = text.parse::<Verifier>();
    }

    #[test]
    fn what_parses_prints_back(lines in "([a-z]{1,3}\n){1,3}\n(— [a-z]{1,3} [A-Za-z]{8}\n){1,3}") {
        if let Ok(note) = lines.parse::<Note>() {
            prop_assert_eq!(note.to_string(), lines);
        }
    }
}
