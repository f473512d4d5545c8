//! Vectors that nobody here made: of RFC 6962, of C2SP's specifications and of the programs that were there first.
#![allow(clippy::unwrap_used)]

use data_encoding::HEXLOWER;

use super::{
    Checkpoint, Hash, Plan, Replay, SignedCheckpoint, SigningKey, VerifierKey,
    fixture::{consistency, leaves, path, range, reader, root},
    note::{SignatureError, SignedNote},
    verify_consistency, verify_inclusion,
};

/// The entries and roots that implementations of RFC 6962 share.
const ENTRIES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(hex: &str) -> Hash {
    Hash::from_slice(&HEXLOWER.decode(hex.as_bytes()).unwrap()).unwrap()
}

fn entries() -> Vec<Hash> {
    ENTRIES
        .iter()
        .map(|hex| Hash::leaf(&HEXLOWER.decode(hex.as_bytes()).unwrap()))
        .collect()
}

#[test]
fn the_nine_roots_of_rfc_6962() {
    let leaves = entries();
    for (size, wanted) in ROOTS.iter().enumerate() {
        let leaves = &leaves[..size];
        assert_eq!(root(leaves), hash(wanted));
        assert_eq!(range(leaves).root(), hash(wanted), "{size}");
        let mut replay = Replay::new();
        leaves.iter().for_each(|leaf| replay.leaf(*leaf));
        assert_eq!(replay.root(), hash(wanted));
        let plan = Plan::root(size.try_into().unwrap()).unwrap();
        assert_eq!(plan.read(reader(leaves)), Ok(vec![hash(wanted)]));
    }
    assert_eq!(Hash::EMPTY, hash(ROOTS[0]));
}

#[test]
fn the_proofs_of_rfc_6962() {
    // Section 2.1.3 names the nodes of a tree of seven: a to g the leaves, h i j above them, k and l above those.
    let leaves = leaves(7);
    let h = root(&leaves[0..2]);
    let i = root(&leaves[2..4]);
    let j = root(&leaves[4..6]);
    let k = root(&leaves[0..4]);
    let l = root(&leaves[4..7]);
    for (index, wanted) in [
        (0, vec![leaves[1], i, l]),
        (3, vec![leaves[2], h, l]),
        (4, vec![leaves[5], leaves[6], k]),
        (6, vec![j, k]),
    ] {
        assert_eq!(path(index, &leaves), wanted);
        let index = index.try_into().unwrap();
        let plan = Plan::inclusion(index, 7).unwrap();
        assert_eq!(plan.read(reader(&leaves)), Ok(wanted.clone()));
        let leaf = leaves[usize::try_from(index).unwrap()];
        assert_eq!(
            verify_inclusion(&leaf, index, 7, &wanted, &root(&leaves)),
            Ok(())
        );
    }
    for (old, wanted) in [
        (3, vec![leaves[2], leaves[3], h, l]),
        (4, vec![l]),
        (6, vec![j, leaves[6], k]),
    ] {
        assert_eq!(consistency(old, &leaves), wanted);
        let size = old.try_into().unwrap();
        let plan = Plan::consistency(size, 7).unwrap();
        assert_eq!(plan.read(reader(&leaves)), Ok(wanted.clone()));
        let (from, to) = (root(&leaves[..old]), root(&leaves));
        assert_eq!(verify_consistency((size, &from), (7, &to), &wanted), Ok(()));
    }
}

/// The example of c2sp.org/signed-note.
const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

#[test]
fn the_example_of_signed_note() {
    let key: VerifierKey = EXAMPLE_KEY.parse().unwrap();
    assert_eq!(key.to_string(), EXAMPLE_KEY);
    assert_eq!(key.id().to_string(), "530d903a");
    let note: SignedNote = EXAMPLE.parse().unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), EXAMPLE);
    let verified = note.verify([&key]).unwrap();
    assert_eq!((verified.len(), verified[0].time), (1, None));
    let other: SignedNote = EXAMPLE.replace("message", "massage").parse().unwrap();
    assert!(matches!(
        other.verify([&key]),
        Err(SignatureError::Forged { .. })
    ));
}

/// The keys and the note of the Go package `sumdb/note`, which the format comes from.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETERS_SECRET: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const BY_PETER: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const BY_ENOCH: &str = "\u{2014} EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

#[test]
fn the_note_of_the_first_implementation() {
    let peter: VerifierKey = PETER.parse().unwrap();
    let enoch: VerifierKey = ENOCH.parse().unwrap();
    let both: SignedNote = format!("{TEXT}\n{BY_PETER}{BY_ENOCH}").parse().unwrap();
    assert_eq!(both.verify([&peter]).unwrap().len(), 1);
    assert_eq!(both.verify([&peter, &enoch]).unwrap().len(), 2);
    let example: VerifierKey = EXAMPLE_KEY.parse().unwrap();
    let unknown = both.verify([&example]).unwrap_err().to_string();
    assert_eq!(
        unknown,
        "no signature is of a known key; signed by are PeterNeumann c74f20a3, EnochRoot af0cfe78, known is example.com/foo 530d903a"
    );

    let secret = SigningKey::parse(PETERS_SECRET).unwrap();
    assert_eq!(secret.verifier(), &peter);
    assert_eq!(*secret.secret(), PETERS_SECRET);
    let signed = SignedNote::sign(TEXT, &[&secret]).unwrap();
    assert_eq!(signed.to_string(), format!("{TEXT}\n{BY_PETER}"));
}

#[test]
fn the_key_pair_that_tessera_tests_with() {
    let secret = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";
    let public = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    let key = SigningKey::parse(secret).unwrap();
    assert_eq!(key.verifier().to_string(), public);
    let checkpoint = Checkpoint::new("example.com/log/testdata", 0, Hash::EMPTY).unwrap();
    let signed = SignedCheckpoint::sign(checkpoint, &key).unwrap();
    assert!(signed.verify_log([key.verifier()]).is_ok());
}

#[test]
fn the_examples_of_checkpoint_and_cosignature_keep_their_bytes() {
    // c2sp.org/tlog-cosignature shows both lines; whose keys they are it does not say.
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let signed: SignedCheckpoint = text.parse().unwrap();
    assert_eq!(signed.to_string(), text);
    let checkpoint = signed.checkpoint();
    assert_eq!(checkpoint.origin(), "example.com/behind-the-sofa");
    assert_eq!(checkpoint.size(), 20_852_163);
    let [_, witness] = signed.note().signatures() else {
        unreachable!()
    };
    // The specification's text gives this time for it.
    let (time, over) = super::cosignature::split(witness.bytes()).unwrap();
    assert_eq!((time, over.len()), (1_679_315_147, 64));
    let message = String::from_utf8(super::cosignature::message(time, signed.note().text()));
    assert_eq!(
        message.unwrap(),
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    );
}
