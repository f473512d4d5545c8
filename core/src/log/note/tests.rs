#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::ed25519::KeyError;
use crate::log::{
    cosignature::{self, CosignatureError},
    fixture::{leaves, log_key, signed, vkey, witness_key},
};

fn key(seed: u8) -> SigningKey {
    let name = format!("key.example/{seed}").parse().unwrap();
    SigningKey::from_seed(name, SignatureType::Ed25519, &[seed; 32]).unwrap()
}

#[test]
fn a_note_may_hold_empty_lines_and_many_signatures() {
    let text = "first\n\n\u{2014} not a signature\n\nlast\n";
    let keys: Vec<SigningKey> = (1..=16).map(key).collect();
    let note = SignedNote::sign(text, &keys.iter().collect::<Vec<_>>()).unwrap();
    let again: SignedNote = note.to_string().parse().unwrap();
    assert_eq!((again.text(), again.signatures().len()), (text, 16));
    let known: Vec<VerifierKey> = keys.iter().map(vkey).collect();
    assert_eq!(again.verify(&known).unwrap().len(), 16);
    // A key that signed twice counts once.
    let line = again.signatures()[0].to_string();
    let twice: SignedNote = format!("{note}{line}\n").parse().unwrap();
    assert_eq!(twice.verify(&known).unwrap().len(), 16);
}

#[test]
fn signatures_of_unknown_keys_are_passed_over_even_when_they_share_a_name_or_an_id() {
    let (one, other) = (key(1), key(2));
    let note = SignedNote::sign("text\n", &[&one, &other]).unwrap();
    let [first, second] = note.signatures() else {
        unreachable!()
    };
    let stranger = |name: &KeyName, id| {
        let mut changed = SignedNote::sign("text\n", &[&one]).unwrap();
        changed.add(Signature::new(name.clone(), id, vec![7; 64]));
        changed
    };
    let known = [vkey(&one)];
    for note in [
        stranger(first.name(), second.id()),
        stranger(second.name(), first.id()),
        stranger(second.name(), second.id()),
    ] {
        assert_eq!(note.verify(&known).unwrap().len(), 1);
    }
    let mut forged = SignedNote::sign("text\n", &[&other]).unwrap();
    forged.add(Signature::new(
        first.name().clone(),
        first.id(),
        vec![7; 64],
    ));
    // One right signature does not save a note that carries a wrong one of another known key.
    assert_eq!(
        forged.verify(&[vkey(&one), vkey(&other)]),
        Err(SignatureError::Forged {
            name: first.name().clone(),
            id: first.id()
        })
    );
    assert_eq!(forged.verify(&[vkey(&other)]).unwrap().len(), 1);
    assert!(matches!(
        note.verify(&[] as &[VerifierKey]),
        Err(SignatureError::NoneKnown { .. })
    ));
}

#[test]
fn what_is_wrong_with_a_note_is_said_with_its_line() {
    let good = SignedNote::sign("text\n", &[&key(1)]).unwrap().to_string();
    let line = good.lines().last().unwrap();
    for (note, said) in [
        ("", "the last line does not end with a newline"),
        ("text", "the last line does not end with a newline"),
        ("text\n", "there is no empty line"),
        ("text\n\n", "there is no signature below the empty line"),
        ("te\rxt\n\nx\n", "line 1 holds the control character U+000D"),
        ("text\n\n\tx\n", "line 3 holds the control character U+0009"),
        (
            "text\n\nsigned\n",
            "line 3: \"signed\" is not a signature line",
        ),
        (
            "text\n\n- key AAAA\n",
            "line 3: \"- key AAAA\" is not a signature line",
        ),
        ("text\n\n\u{2014} key\n", "is not a signature line"),
        (
            "text\n\n\u{2014}  AAAAAAA=\n",
            "line 3: the name of a key is empty",
        ),
        (
            "text\n\n\u{2014} a+b AAAAAAA=\n",
            "line 3: the name of a key holds a +",
        ),
        (
            "text\n\n\u{2014} a\u{a0}b AAAAAAA=\n",
            "line 3: the name of a key holds U+00A0",
        ),
        (
            "text\n\n\u{2014} key AAAAAAA\n",
            "line 3: the signature of key is not base64",
        ),
        (
            "text\n\n\u{2014} key AAAAAAB=\n",
            "line 3: the signature of key is not base64",
        ),
        (
            "text\n\n\u{2014} key AAAAAAA= \n",
            "line 3: the signature of key is not base64",
        ),
        (
            "text\n\n\u{2014} key AAAAAA==\n",
            "line 3: the signature of key has 4 bytes",
        ),
        (
            &format!("{good}{line}"),
            "the last line does not end with a newline",
        ),
    ] {
        let error = note.parse::<SignedNote>().unwrap_err().to_string();
        assert!(error.contains(said), "{note:?}: {error}");
    }
    let many = format!("text\n\n{}", format!("{line}\n").repeat(101));
    assert_eq!(many.parse::<SignedNote>(), Err(NoteError::TooMany(101)));
    assert_eq!(SignedNote::sign("text", &[]), Err(NoteError::Unterminated));
}

#[test]
fn what_is_wrong_with_a_key_is_said() {
    let good = vkey(&key(1)).to_string();
    let (start, encoded) = good.rsplit_once('+').unwrap();
    let weak = {
        let name: KeyName = "weak.example".parse().unwrap();
        let id = KeyId::of(&name, 1, &[0; 32]);
        format!(
            "{name}+{id}+{}",
            data_encoding::BASE64.encode(&[&[1], [0; 32].as_slice()].concat())
        )
    };
    let pq = "pq.example+2f1a24f5+Bg==";
    let secret = key(1).secret();
    for (text, said) in [
        ("", "is not a vkey; one is NAME+KEYID+BASE64"),
        ("name", "is not a vkey"),
        ("+00000000+AQ==", "the name of a key is empty"),
        ("a b+00000000+AQ==", "the name of a key holds a space"),
        ("name+0000000+AQ==", "\"0000000\" is not a key id"),
        ("name+ABCDEF01+AQ==", "\"ABCDEF01\" is not a key id"),
        ("name+00000000+AQ", "is not base64"),
        ("name+00000000+", "is not base64"),
        (
            "name+00000000+AQ==",
            "the key id is 00000000, but this name and key have",
        ),
        (
            &good.replace("key.example", "kex.example"),
            "this name and key have",
        ),
        (
            &format!("{start}+AA{}", &encoded[2..]),
            "this name and key have",
        ),
        (&weak, "this Ed25519 key is weak"),
        (&secret, "this is a private key"),
    ] {
        let error = text.parse::<VerifierKey>().unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
    let id = KeyId::of(&"pq.example".parse().unwrap(), 6, &[]);
    let error = pq
        .replace("2f1a24f5", &id.to_string())
        .parse::<VerifierKey>();
    assert_eq!(
        error.unwrap_err().to_string(),
        "signature type 0x06 (ML-DSA-44 cosignature) is not known here; known are 0x01 (Ed25519, of a log) and 0x04 (Ed25519 cosignature, of a witness)"
    );
}

#[test]
fn what_is_wrong_with_a_private_key_is_said_without_repeating_it() {
    let secret = key(1).secret();
    let again = SigningKey::parse(&secret).unwrap();
    assert_eq!(again.verifier(), key(1).verifier());
    assert!(!format!("{again:?}").contains("PRIVATE"));
    let (start, encoded) = secret.rsplit_once('+').unwrap();
    for (text, wanted) in [
        (encoded.to_owned(), SigningKeyError::Form),
        (start.to_owned(), SigningKeyError::Form),
        (format!("{start}+{encoded}="), SigningKeyError::Form),
        (
            secret.replace("key.example/1", "key.example/2"),
            SigningKeyError::Id,
        ),
        (
            secret.replace("key.example/1", "key example"),
            SigningKeyError::Name(NameError::Character(' ')),
        ),
        (
            format!("{start}+AQ=="),
            SigningKeyError::Key(KeyError::Length(0)),
        ),
        (
            format!("{start}+Ag=="),
            SigningKeyError::Type(UnsupportedType(2)),
        ),
    ] {
        let error = SigningKey::parse(&text).unwrap_err();
        assert_eq!(error, wanted);
        assert!(!error.to_string().contains(encoded));
    }
    // One seed under two types has two ids, so neither is taken for the other.
    let witness = SigningKey::from_seed(
        "key.example/1".parse().unwrap(),
        SignatureType::Cosignature,
        &[1; 32],
    );
    let witness = witness.unwrap();
    assert_eq!(witness.verifier().key(), key(1).verifier().key());
    assert_ne!(witness.verifier().id(), key(1).verifier().id());
    assert_eq!(
        SigningKey::parse(&witness.secret()).unwrap().verifier(),
        witness.verifier()
    );
}

#[test]
fn a_cosignature_says_when_and_holds_for_that_time_only() {
    let checkpoint = signed(&leaves(5));
    let witness = witness_key(1);
    let signature = cosignature::sign(&checkpoint, &witness, 1_790_000_000).unwrap();
    assert_eq!(signature.bytes().len(), 72);
    let known = vkey(&witness);
    let text = checkpoint.note().text();
    assert_eq!(known.verifies(text, &signature), Some(Some(1_790_000_000)));
    assert_eq!(known.verifies("other\n", &signature), None);
    for at in 0..72 {
        let mut bytes = signature.bytes().to_vec();
        bytes[at] ^= 1;
        let changed = Signature::new(signature.name().clone(), signature.id(), bytes);
        assert_eq!(known.verifies(text, &changed), None, "{at}");
    }
    let short = Signature::new(signature.name().clone(), signature.id(), vec![1; 71]);
    assert_eq!(known.verifies(text, &short), None);
    assert_eq!(
        cosignature::sign(&checkpoint, &log_key(), 1),
        Err(CosignatureError::NotAWitness)
    );
    assert_eq!(
        cosignature::sign(&checkpoint, &witness, 1 << 63),
        Err(CosignatureError::Time(1 << 63))
    );
    assert_eq!(
        signature_lines(&format!("{signature}\n")),
        Ok(vec![signature])
    );
    assert_eq!(signature_lines("x"), Err(NoteError::Unterminated));
}

proptest! {
    #[test]
    fn what_is_read_is_what_is_written(note in "([a\n \u{2014}]{0,9}\n)\n(\u{2014} [a-z.]{1,3} (AAAAAA[AQgw]=|[A-Za-z]{8})\n){0,3}") {
        if let Ok(read) = note.parse::<SignedNote>() {
            prop_assert_eq!(read.to_string(), note);
        }
    }

    #[test]
    fn never_panics(text in any::<String>(), other in "[\u{2014} +=A-Za-z0-9\n]{0,60}") {
        for text in [&text, &other] {
            let _ = text.parse::<SignedNote>();
            let _ = text.parse::<VerifierKey>();
            let _ = text.parse::<Signature>();
            let _ = SigningKey::parse(text);
            let _ = SigningKey::parse(&format!("PRIVATE+KEY+{text}"));
        }
    }
}
