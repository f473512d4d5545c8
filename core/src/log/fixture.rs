//! Trees, keys and definitions to compare with, for the tests of this room.
#![allow(clippy::unwrap_used)]

use super::{
    Checkpoint, CompactRange, Hash, Node, SignedCheckpoint, SigningKey, VerifierKey,
    note::SignatureType,
};

pub const ORIGIN: &str = "log.example/2026";

/// The hash of the leaf of entry `index`; another one for every `seed`.
pub fn leaf(seed: u8, index: u64) -> Hash {
    Hash::leaf(&[&[seed], index.to_be_bytes().as_slice()].concat())
}

/// So many leaves.
pub fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| leaf(0, index)).collect()
}

/// The root by its definition (RFC 6962, section 2.1).
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY,
        [leaf] => *leaf,
        more => {
            let (left, right) = more.split_at(split(more.len()));
            Hash::node(&root(left), &root(right))
        }
    }
}

/// The audit path by its definition (RFC 6962, section 2.1.1).
pub fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = match index < k {
        true => (path(index, left), root(right)),
        false => (path(index - k, right), root(left)),
    };
    path.push(sibling);
    path
}

/// The consistency proof by its definition (RFC 6962, section 2.1.2).
pub fn consistency(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    if old == 0 {
        return Vec::new();
    }
    subproof(old, leaves, true)
}

fn subproof(old: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known {
            Vec::new()
        } else {
            vec![root(leaves)]
        };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, sibling) = match old <= k {
        true => (subproof(old, left, known), root(right)),
        false => (subproof(old - k, right, false), root(left)),
    };
    proof.push(sibling);
    proof
}

fn split(leaves: usize) -> usize {
    let mut k = 1;
    while k * 2 < leaves {
        k *= 2;
    }
    k
}

/// Reads hashes of complete subtrees from leaves.
pub fn reader(leaves: &[Hash]) -> impl Fn(Node) -> Result<Hash, Node> + '_ {
    |node| {
        let start = usize::try_from(node.index << node.level).unwrap();
        leaves
            .get(start..start + (1 << node.level))
            .map(root)
            .ok_or(node)
    }
}

pub fn range(leaves: &[Hash]) -> CompactRange {
    let mut range = CompactRange::new();
    range.extend(leaves.iter().copied());
    range
}

pub fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), SignatureType::Ed25519, &[1; 32]).unwrap()
}

/// The key of witness `number`, called after it.
pub fn witness_key(number: u8) -> SigningKey {
    let name = format!("w{number}.example/witness").parse().unwrap();
    SigningKey::from_seed(name, SignatureType::Cosignature, &[100 + number; 32]).unwrap()
}

pub fn vkey(key: &SigningKey) -> VerifierKey {
    key.verifier().clone()
}

/// The checkpoint of the tree over these leaves, signed by the log.
pub fn signed(leaves: &[Hash]) -> SignedCheckpoint {
    let size = u64::try_from(leaves.len()).unwrap();
    let checkpoint = Checkpoint::new(ORIGIN, size, root(leaves)).unwrap();
    SignedCheckpoint::sign(checkpoint, &log_key()).unwrap()
}
