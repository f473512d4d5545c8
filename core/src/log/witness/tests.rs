#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::log::{
    Checkpoint, Plan, SigningKey, cosignature,
    fixture::{ORIGIN, leaf, leaves, log_key, reader, root, signed, vkey, witness_key},
    note::SignatureType,
};

/// What a log sends that grew from `old` to these leaves.
fn request(old: u64, leaves: &[Hash]) -> AddCheckpoint {
    let size = u64::try_from(leaves.len()).unwrap();
    let plan = Plan::consistency(old.min(size), size).unwrap();
    AddCheckpoint {
        old,
        proof: plan.read(reader(leaves)).unwrap(),
        checkpoint: signed(leaves),
    }
}

fn remembered(leaves: &[Hash]) -> Remembered {
    Remembered {
        size: leaves.len().try_into().unwrap(),
        root: root(leaves),
    }
}

#[test]
fn a_log_that_grows_is_signed_for() {
    let mut known = Remembered::default();
    for (old, new) in [(0, 0), (0, 3), (3, 3), (3, 4), (4, 300)] {
        let request = request(old, &leaves(new));
        let again: AddCheckpoint = request.to_string().parse().unwrap();
        assert_eq!(again, request);
        assert_eq!(authenticate(&again, [&vkey(&log_key())]), Ok(()));
        known = judge(&again, &known).unwrap();
        assert_eq!(known, remembered(&leaves(new)));
    }
}

#[test]
fn each_refusal_has_its_status() {
    let known = remembered(&leaves(5));
    let status = |request: &AddCheckpoint| judge(request, &known).map_err(|r| r.status());
    assert_eq!(status(&request(6, &leaves(5))), Err(400));
    assert_eq!(
        judge(&request(0, &leaves(9)), &known),
        Err(Refusal::OtherSize { size: 5 })
    );
    assert_eq!(status(&request(3, &leaves(4))), Err(409), "a smaller tree");
    let mut fork = leaves(5);
    fork[4] = leaf(1, 4);
    let refused = judge(&request(5, &fork), &known).unwrap_err();
    assert_eq!(
        (
            refused.status(),
            matches!(refused, Refusal::Fork { size: 5, .. })
        ),
        (409, true)
    );
    let mut forked = leaves(9);
    forked[2] = leaf(1, 2);
    assert_eq!(status(&request(5, &forked)), Err(422), "another history");
    let mut wrong = request(5, &leaves(9));
    wrong.proof.pop();
    assert_eq!(status(&wrong), Err(422));
    let mut needless = request(5, &leaves(5));
    needless.proof.push(Hash::EMPTY);
    assert_eq!(status(&needless), Err(422));
    let nothing = Checkpoint::new(ORIGIN, 0, leaf(0, 0)).unwrap();
    let nothing = AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: SignedCheckpoint::sign(nothing, &log_key()).unwrap(),
    };
    let first = judge(&nothing, &Remembered::default()).unwrap_err();
    assert_eq!(first.status(), 422);
}

#[test]
fn only_the_logs_own_key_counts() {
    let request = request(0, &leaves(3));
    let other_log = SigningKey::from_seed(
        "other.example".parse().unwrap(),
        SignatureType::Ed25519,
        &[1; 32],
    );
    let other_key =
        SigningKey::from_seed(ORIGIN.parse().unwrap(), SignatureType::Ed25519, &[2; 32]);
    let (other_log, other_key) = (vkey(&other_log.unwrap()), vkey(&other_key.unwrap()));
    let status = |keys: &[&VerifierKey]| {
        authenticate(&request, keys.iter().copied()).map_err(|refusal| refusal.status())
    };
    assert_eq!(status(&[]), Err(404));
    assert_eq!(status(&[&other_log]), Err(404));
    assert_eq!(status(&[&other_key]), Err(403));
    assert_eq!(status(&[&other_key, &other_log, &vkey(&log_key())]), Ok(()));
    let forged = request
        .to_string()
        .replace("\n3\n", "\n4\n")
        .parse()
        .unwrap();
    let refused = authenticate(&forged, [&vkey(&log_key())]).unwrap_err();
    assert_eq!(refused.status(), 403);
}

#[test]
fn what_is_wrong_with_a_request_is_said_with_its_line() {
    let good = request(5, &leaves(9)).to_string();
    let (head, checkpoint) = good.split_once("\n\n").unwrap();
    let hash = head.lines().nth(1).unwrap();
    for (body, said) in [
        ("", "line 1 is \"\""),
        ("old 5\n", "there is no empty line behind the proof"),
        ("old 05\n\n", "line 1 is \"old 05\""),
        ("old -1\n\n", "line 1 is \"old -1\""),
        (
            "old 9223372036854775808\n\n",
            "line 1 is \"old 9223372036854775808\"",
        ),
        ("size 5\n\n", "line 1 is \"size 5\""),
        ("old 5\n\n", "there is no empty line behind the proof"),
        (
            &format!("old 5\n{hash}\nAAAA\n\n{checkpoint}"),
            "line 3: 3 bytes are no SHA-256 hash",
        ),
        (&format!("old 5\n{hash} \n\n{checkpoint}"), "line 2: \""),
        (&format!("old 5\n\n{}", &checkpoint[1..]), ""),
        (
            &format!("old 5\n\n{ORIGIN}\n1\n"),
            "the checkpoint, which begins in line 3: there is no empty line",
        ),
        (
            &good.replace("\n9\n", "\n09\n"),
            "line 2 of the checkpoint: \"09\" is not the size of a tree",
        ),
        (
            &good.replace("\n9\n", "\n9\nmore\n"),
            "line 3 of the checkpoint: 3 bytes are no SHA-256 hash",
        ),
        (
            &good.replace(&format!("\n{ORIGIN}\n"), "\n"),
            "a checkpoint has at least three lines",
        ),
        (
            &format!("old 5\n{}\n{checkpoint}", format!("{hash}\n").repeat(64)),
            "the proof has 64 hashes",
        ),
    ] {
        let read = body.parse::<AddCheckpoint>();
        match said {
            "" => assert!(read.is_ok(), "{body}"),
            said => {
                let error = read.unwrap_err().to_string();
                assert!(error.contains(said), "{body:?}: {error}");
            }
        }
    }
}

#[test]
fn of_an_answer_only_what_is_right_is_taken() {
    let mut checkpoint = signed(&leaves(5));
    let before = checkpoint.clone();
    let of = |number: u8, leaves: &[Hash]| {
        let key = witness_key(number);
        cosignature::sign(&signed(leaves), &key, 1_790_000_000).unwrap()
    };
    let known = [vkey(&witness_key(1)), vkey(&log_key())];
    let own = before.note().signatures()[0].clone();
    for useless in [
        format!("{}\n", of(2, &leaves(5))),
        format!("{}\n", of(1, &leaves(4))),
        format!("{own}\n"),
    ] {
        let taken = take_answer(&mut checkpoint, &useless, &known);
        assert_eq!(taken, Err(AnswerError::NoneRight));
    }
    assert!(matches!(
        take_answer(&mut checkpoint, "no\n", &known),
        Err(AnswerError::Lines(_))
    ));
    assert_eq!(checkpoint, before);
    let mixed = format!("{}\n{}\n", of(2, &leaves(5)), of(1, &leaves(5)));
    assert_eq!(take_answer(&mut checkpoint, &mixed, &known), Ok(()));
    assert_eq!(checkpoint.note().verify(&known).unwrap().len(), 2);
    assert_eq!(checkpoint.note().signatures().len(), 2);
    for (body, size) in [("5\n", Some(5)), ("5", None), ("05\n", None), ("\n", None)] {
        assert_eq!(conflicting_size(body), size);
    }
}

#[test]
fn a_log_is_found_by_the_hash_of_its_origin() {
    // printf 'log.example/2026' | sha256sum
    assert_eq!(
        origin_hash(ORIGIN),
        data_encoding::HEXLOWER.encode(&Sha256::digest(b"log.example/2026"))
    );
    assert_eq!(origin_hash("").len(), 64);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_two_histories_are_ever_signed(old in 1_u64..60, more in 0_u64..60, at in any::<prop::sample::Index>()) {
        let known = remembered(&leaves(old));
        let mut other = leaves(old + more);
        other[at.index(usize::try_from(old).unwrap())] = leaf(1, 0);
        // With its own honest proof, and with that of the history that was signed.
        prop_assert!(judge(&request(old, &other), &known).is_err());
        let mut borrowed = request(old, &other);
        borrowed.proof = request(old, &leaves(old + more)).proof;
        prop_assert!(judge(&borrowed, &known).is_err());
        prop_assert_eq!(judge(&request(old, &leaves(old + more)), &known), Ok(remembered(&leaves(old + more))));
    }

    #[test]
    fn never_panics(body in any::<String>(), other in "old [0-9]{0,3}\n([A-Za-z0-9+/]{43}=\n){0,2}\n?[a-z]{0,3}\n") {
        let _ = body.parse::<AddCheckpoint>();
        let _ = other.parse::<AddCheckpoint>();
    }
}
