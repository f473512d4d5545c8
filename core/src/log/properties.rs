//! What holds for every tree.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::{
    Checkpoint, CompactRange, Hash, Node, Plan, ProofError, Replay, Salt, TlogProof,
    fixture::{ORIGIN, consistency, leaves, path, range, reader, root},
    leaf as entry, peaks, verify_consistency, verify_inclusion,
};

fn size_of(leaves: &[Hash]) -> u64 {
    leaves.len().try_into().unwrap()
}

/// A hash with one bit turned.
fn turned(hash: &Hash, bit: u8) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[usize::from(bit / 8)] ^= 1 << (bit % 8);
    Hash::from_bytes(bytes)
}

#[test]
fn every_entry_of_every_small_tree_is_proven_and_no_other() {
    for size in 1..=33 {
        let leaves = leaves(size);
        let root = root(&leaves);
        for (index, leaf) in (0..).zip(&leaves) {
            let proof = Plan::inclusion(index, size)
                .unwrap()
                .read(reader(&leaves))
                .unwrap();
            assert_eq!(proof, path(index.try_into().unwrap(), &leaves));
            for (at, other) in (0..).zip(&leaves) {
                let right = at == index;
                assert_eq!(
                    verify_inclusion(leaf, at, size, &proof, &root).is_ok(),
                    right
                );
                assert_eq!(
                    verify_inclusion(other, index, size, &proof, &root).is_ok(),
                    right
                );
            }
        }
        assert!(Plan::inclusion(size, size).is_err());
    }
}

#[test]
fn every_small_tree_continues_every_smaller_one_and_no_other() {
    for new in 0..=33_u64 {
        let leaves = leaves(new);
        let new_root = root(&leaves);
        let roots: Vec<Hash> = (0..=leaves.len())
            .map(|size| root(&leaves[..size]))
            .collect();
        for (old, old_root) in (0..).zip(&roots) {
            let proof = Plan::consistency(old, new)
                .unwrap()
                .read(reader(&leaves))
                .unwrap();
            assert_eq!(proof, consistency(old.try_into().unwrap(), &leaves));
            for (at, other) in (0..).zip(&roots) {
                let verified = verify_consistency((old, other), (new, &new_root), &proof);
                // Every tree continues the empty one, and the empty one has one root.
                assert_eq!(verified.is_ok(), at == old, "{at} {old} {new}");
                let verified = verify_consistency((at, old_root), (new, &new_root), &proof);
                assert_eq!(verified.is_ok(), at == old, "{at} {old} {new}");
            }
            assert!(
                verify_consistency((new, &new_root), (old, old_root), &[]).is_err() || old == new
            );
        }
    }
}

#[test]
fn a_large_tree_needs_few_hashes_and_no_arithmetic_fails_at_the_end_of_numbers() {
    let largest = super::MAX_SIZE;
    let read = |node: Node| {
        Ok::<_, ()>(Hash::leaf(
            &[&[node.level], node.index.to_be_bytes().as_slice()].concat(),
        ))
    };
    let inclusion = Plan::inclusion(largest - 1, largest).unwrap();
    assert_eq!(inclusion.len(), 62);
    assert_eq!(inclusion.read(read).unwrap().len(), 62);
    assert_eq!(Plan::inclusion(0, largest).unwrap().len(), 63);
    let consistency = Plan::consistency(largest - 1, largest).unwrap();
    assert!(consistency.len() <= super::witness::MOST_HASHES);
    let hashes = consistency.read(read).unwrap();
    assert!(
        verify_consistency(
            (largest - 1, &Hash::EMPTY),
            (largest, &Hash::EMPTY),
            &hashes
        )
        .is_err()
    );
    assert_eq!(peaks(largest).len(), 63);
    assert!(Plan::inclusion(0, largest + 1).is_err());
    assert!(Plan::consistency(0, u64::MAX).is_err());
    assert!(Plan::root(u64::MAX).is_err());
    assert!(CompactRange::from_bytes(u64::MAX, &[0; 64 * 32]).is_err());
    assert!(verify_inclusion(&Hash::EMPTY, 0, u64::MAX, &[], &Hash::EMPTY).is_err());
}

#[test]
fn a_root_alone_does_not_say_how_many_entries_it_is_of() {
    // Why size and root come out of one checkpoint: the same path fits entry 0 of three entries and of four.
    let leaves = leaves(3);
    let proof = path(0, &leaves);
    assert_eq!(
        verify_inclusion(&leaves[0], 0, 3, &proof, &root(&leaves)),
        Ok(())
    );
    assert_eq!(
        verify_inclusion(&leaves[0], 0, 4, &proof, &root(&leaves)),
        Ok(())
    );
}

#[test]
fn what_is_wrong_with_a_proof_is_said() {
    let leaves = leaves(5);
    let root = root(&leaves);
    let said = |result: Result<(), ProofError>| result.unwrap_err().to_string();
    assert_eq!(
        said(verify_inclusion(&leaves[0], 5, 5, &[], &root)),
        "there is no entry 5 in a tree of 5; the first is entry 0"
    );
    assert_eq!(
        said(verify_inclusion(&leaves[0], 4, 5, &[], &root)),
        "the proof has 0 hashes where 1 belong"
    );
    assert_eq!(
        said(verify_consistency((6, &root), (5, &root), &[])),
        "a tree of 5 entries does not continue one of 6; the larger tree is the later one"
    );
    assert!(
        said(verify_consistency((5, &root), (5, &leaves[0]), &[]))
            .contains("these are two histories")
    );
    assert!(
        said(verify_consistency((0, &root), (5, &root), &[]))
            .starts_with("a tree without entries has the root 47DEQpj8")
    );
}

#[test]
fn entries_in_order_are_the_log_and_a_wrong_one_is_named() {
    let entries: Vec<(Salt, Vec<u8>)> = (0..40_u8)
        .map(|n| (Salt::from_bytes([n; 32]), vec![n; usize::from(n)]))
        .collect();
    let logged: Vec<Hash> = entries
        .iter()
        .map(|(salt, event)| entry::hash(salt, event))
        .collect();
    let checkpoint = Checkpoint::new(ORIGIN, 40, root(&logged)).unwrap();
    let mut replay = Replay::new();
    for (salt, event) in &entries[..20] {
        replay.entry(salt, event);
    }
    assert!(
        replay
            .agrees_with(&checkpoint)
            .unwrap_err()
            .to_string()
            .starts_with("there are 20 entries; the checkpoint is of 40")
    );
    // Another day, from what was kept.
    let kept = replay.range().to_bytes();
    let mut replay = Replay::after(CompactRange::from_bytes(20, &kept).unwrap());
    for ((salt, event), leaf) in entries[20..].iter().zip(&logged[20..]) {
        // Every third is erased: its leaf is all that is left.
        match replay.size() % 3 {
            0 => replay.leaf(*leaf),
            _ => replay.entry_of(salt, event, *leaf).unwrap(),
        }
    }
    assert_eq!(replay.agrees_with(&checkpoint), Ok(()));
    let mut wrong = Replay::new();
    let named = wrong
        .entry_of(&entries[0].0, b"another", logged[0])
        .unwrap_err();
    assert!(
        named
            .to_string()
            .starts_with("entry 0 is not what was logged")
    );
    let mut swapped = Replay::new();
    logged.iter().rev().for_each(|leaf| swapped.leaf(*leaf));
    assert!(
        swapped
            .agrees_with(&checkpoint)
            .unwrap_err()
            .to_string()
            .contains("in another order")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_change_of_a_proof_is_noticed(size in 2_u64..600, at in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(), hash in any::<prop::sample::Index>(), bit in any::<u8>()) {
        let leaves = leaves(size);
        let whole = root(&leaves);
        let count = usize::try_from(size).unwrap();
        let index = at.index(count);
        let included = size_of(&leaves[..index]);
        let proof = Plan::inclusion(included, size).unwrap().read(reader(&leaves)).unwrap();
        let check = |leaf: &Hash, index, proof: &[Hash], root: &Hash| verify_inclusion(leaf, index, size, proof, root).is_ok();
        prop_assert!(check(&leaves[index], included, &proof, &whole));
        prop_assert!(!check(&turned(&leaves[index], bit), included, &proof, &whole));
        prop_assert!(!check(&leaves[index], included, &proof, &turned(&whole, bit)));
        prop_assert!(!check(&leaves[index], (included + 1) % size, &proof, &whole));
        let mut changed = proof.clone();
        let place = hash.index(changed.len());
        changed[place] = turned(&changed[place], bit);
        prop_assert!(!check(&leaves[index], included, &changed, &whole));
        prop_assert!(!check(&leaves[index], included, &proof[1..], &whole));
        prop_assert!(!check(&leaves[index], included, &[proof.as_slice(), &[whole]].concat(), &whole));

        let old = from.index(count - 1) + 1;
        let (old_size, old_root) = (size_of(&leaves[..old]), root(&leaves[..old]));
        let proof = Plan::consistency(old_size, size).unwrap().read(reader(&leaves)).unwrap();
        let check = |old: (u64, &Hash), proof: &[Hash], root: &Hash| verify_consistency(old, (size, root), proof).is_ok();
        prop_assert!(check((old_size, &old_root), &proof, &whole));
        prop_assert!(!check((old_size, &turned(&old_root, bit)), &proof, &whole));
        prop_assert!(!check((old_size, &old_root), &proof, &turned(&whole, bit)));
        prop_assert!(!check((old_size, &old_root), &[proof.as_slice(), &[whole]].concat(), &whole));
        if let Some(place) = (!proof.is_empty()).then(|| hash.index(proof.len())) {
            let mut changed = proof.clone();
            changed[place] = turned(&changed[place], bit);
            prop_assert!(!check((old_size, &old_root), &changed, &whole));
            prop_assert!(!check((old_size, &old_root), &proof[1..], &whole));
        }
    }

    #[test]
    fn a_range_grows_as_the_tree_does_and_survives_the_database(first in 0_u64..300, more in 0_u64..300) {
        let leaves = leaves(first + more);
        let (before, after) = leaves.split_at(usize::try_from(first).unwrap());
        let kept = range(before);
        let mut again = CompactRange::from_bytes(first, &kept.to_bytes()).unwrap();
        prop_assert_eq!(&again, &kept);
        again.extend(after.iter().copied());
        prop_assert_eq!(again.root(), root(&leaves));
        prop_assert_eq!(again.size(), first + more);
        let read: Vec<Hash> = peaks(first).into_iter().map(|node| reader(before)(node).unwrap()).collect();
        prop_assert_eq!(CompactRange::from_peaks(first, read), Ok(kept.clone()));
        let bytes = [kept.to_bytes(), vec![0]].concat();
        prop_assert!(CompactRange::from_bytes(first, &bytes).is_err());
        prop_assert!(CompactRange::from_bytes(first ^ 1, &kept.to_bytes()).is_err());
    }

    #[test]
    fn never_panics(text in any::<String>(), lines in "(c2sp.org/tlog-proof@v1\n)?(extra [A=]{0,4}\n)?index [0-9]{1,20}\n([A-Za-z]{43}=\n){0,3}\n?([a-z.]{1,5}\n[0-9]{1,3}\n[A-Za-z]{43}=\n)?", from in any::<(u64, u64)>()) {
        for text in [&text, &lines] {
            let _ = text.parse::<TlogProof>();
            let _ = text.parse::<Checkpoint>();
            let _ = text.parse::<Hash>();
        }
        let _ = Plan::inclusion(from.0, from.1);
        let _ = Plan::consistency(from.0, from.1);
    }

    #[test]
    fn a_checkpoint_is_read_as_it_is_written(origin in "\\PC{1,40}", size in 0_u64..=super::MAX_SIZE, bytes in any::<[u8; 32]>()) {
        let checkpoint = Checkpoint::new(&origin, size, Hash::from_bytes(bytes)).unwrap();
        prop_assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
    }
}
