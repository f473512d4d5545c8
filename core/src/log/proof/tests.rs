#![allow(clippy::unwrap_used)]

use super::*;
use crate::log::{
    cosignature,
    fixture::{leaf, leaves, log_key, reader, signed, vkey, witness_key},
};

/// A proof of entry `index` with the signatures of the log and of two witnesses, and the policy that wants them.
fn receipt(leaves: &[Hash], index: u64) -> (TlogProof, Policy) {
    let mut checkpoint = signed(leaves);
    let mut file = format!("log {}\n", vkey(&log_key()));
    for number in [1, 2] {
        let key = witness_key(number);
        file.push_str(&format!("witness w{number} {}\n", key.verifier()));
        let signature = cosignature::sign(&checkpoint, &key, 1_790_000_000).unwrap();
        checkpoint.add(signature);
    }
    let plan = Plan::inclusion(index, leaves.len().try_into().unwrap()).unwrap();
    let proof = TlogProof {
        extra: None,
        index,
        hashes: plan.read(reader(leaves)).unwrap(),
        checkpoint,
    };
    let policy = Policy::parse(format!("{file}group both all w1 w2\nquorum both\n").as_bytes());
    (proof, policy.unwrap())
}

#[test]
fn a_receipt_is_checked_offline_and_any_changed_byte_of_it_is_noticed() {
    let leaves = leaves(11);
    let (proof, policy) = receipt(&leaves, 6);
    let text = proof.to_string();
    assert_eq!(text.parse(), Ok(proof.clone()));
    assert_eq!(
        proof.verify(&leaves[6], &policy).unwrap().witnesses().len(),
        2
    );
    assert!(proof.verify(&leaves[5], &policy).is_err());
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let changed = String::from_utf8(bytes).ok();
            let changed = changed.and_then(|text| text.parse::<TlogProof>().ok());
            let accepted = changed.is_some_and(|proof| proof.verify(&leaves[6], &policy).is_ok());
            assert!(!accepted, "byte {at}, bit {bit}");
        }
        let cut = text[..]
            .get(..at)
            .and_then(|text| text.parse::<TlogProof>().ok());
        assert!(
            cut.is_none_or(|proof| proof.verify(&leaves[6], &policy).is_err()),
            "cut at {at}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_receipt_is_said_with_its_line() {
    let (proof, policy) = receipt(&leaves(11), 6);
    let good = proof.to_string();
    let with_extra = TlogProof {
        extra: Some(b"anything".to_vec()),
        ..proof.clone()
    };
    assert_eq!(with_extra.to_string().parse(), Ok(with_extra.clone()));
    assert_eq!(
        with_extra.to_string().lines().nth(1),
        Some("extra YW55dGhpbmc=")
    );
    let hash = good.lines().nth(2).unwrap();
    for (text, said) in [
        (
            String::new(),
            "line 1 is \"\"; a proof begins with the line c2sp.org/tlog-proof@v1",
        ),
        (
            good.replace("@v1", "@v2"),
            "line 1 is \"c2sp.org/tlog-proof@v2\"",
        ),
        (
            good.replace("index 6", "index 06"),
            "line 2 is \"index 06\"; here belongs \"index \"",
        ),
        (
            good.replace("index 6", "extra !\nindex 6"),
            "line 2: what follows \"extra \" is not base64",
        ),
        (good.replace("index 6", "extra AAAA"), "line 3 is \""),
        (
            good.replacen(hash, "AAAA", 1),
            "line 3: 3 bytes are no SHA-256 hash",
        ),
        (
            good.replacen(&format!("{hash}\n"), "", 1),
            "the proof has 3 hashes where 4 belong",
        ),
        (
            good.replace("index 6", "index 11"),
            "there is no entry 11 in a tree of 11",
        ),
        (
            good.split_once("\n\n").unwrap().0.to_owned(),
            "there is no empty line behind the hashes",
        ),
        (
            good.replace("\n11\n", "\n011\n"),
            "the checkpoint, which begins in line 8: line 2 of the checkpoint: \"011\"",
        ),
    ] {
        let error = text.parse::<TlogProof>().unwrap_err().to_string();
        assert!(error.starts_with(said), "{error}\n{said}");
    }
    let few = Policy::parse(
        format!(
            "log {}\nwitness w3 {}\nquorum w3",
            vkey(&log_key()),
            vkey(&witness_key(3))
        )
        .as_bytes(),
    );
    let few = proof.verify(&leaf(0, 6), &few.unwrap()).unwrap_err();
    assert_eq!(few.to_string(), "witness w3 has not signed");
    assert!(proof.verify(&leaf(0, 6), &policy).is_ok());
}
