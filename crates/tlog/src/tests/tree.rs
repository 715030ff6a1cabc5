//! Roots and proofs, against the vectors of RFC 6962's reference code and against `ct-merkle`.

use std::sync::LazyLock;

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash, mem_backed_tree::MemoryBackedTree};
use proptest::prelude::*;
use sha2::Sha256;

use crate::{
    Frontier, Hash, Head, Plan, ProofError, RecordError, Records, verify_consistency,
    verify_inclusion,
};

const LARGEST: u64 = 70;

fn entry(i: u64) -> Vec<u8> {
    format!("entry {i}").into_bytes()
}

/// A log of ours, with the head it had at each size.
struct Log {
    records: Records,
    heads: Vec<Head>,
}

impl Log {
    fn head(&self, size: u64) -> Head {
        self.heads[size as usize]
    }

    /// Only the records that were asked for.
    fn fetch(&self, leaves: &[u64]) -> Records {
        leaves.iter().map(|leaf| (*leaf, self.records[leaf].clone())).collect()
    }

    fn inclusion(&self, index: u64, size: u64) -> Vec<Hash> {
        let plan = Plan::inclusion(index, size).unwrap();
        plan.proof(&self.fetch(&plan.needs())).unwrap()
    }

    fn consistency(&self, old: u64, new: u64) -> Vec<Hash> {
        let plan = Plan::consistency(old, new).unwrap();
        plan.proof(&self.fetch(&plan.needs())).unwrap()
    }
}

fn grow(leaves: impl IntoIterator<Item = Vec<u8>>) -> Log {
    let mut frontier = Frontier::default();
    let mut log = Log { records: Records::new(), heads: vec![frontier.head()] };
    for leaf in leaves {
        log.records.insert(frontier.size(), frontier.append(Hash::leaf(&leaf)));
        log.heads.push(frontier.head());
    }
    log
}

static LOG: LazyLock<Log> = LazyLock::new(|| grow((0..LARGEST).map(entry)));

fn theirs(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|i| tree.push(entry(i)));
    tree
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

fn their_root(head: Head) -> RootHash<Sha256> {
    RootHash::new(head.root.0.into(), head.size)
}

#[test]
fn roots_are_those_of_the_reference_vectors() {
    let leaves = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
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
    let log = grow(leaves.map(|leaf| hex::decode(leaf).unwrap()));
    let ours: Vec<String> = log.heads.iter().map(|head| head.root.to_string()).collect();
    assert_eq!(ours, roots);
}

#[test]
fn roots_and_inclusion_proofs_are_those_of_an_independent_crate() {
    for size in 1..=LARGEST {
        let (tree, head) = (theirs(size), LOG.head(size));
        assert_eq!(tree.root().as_bytes()[..], head.root.0);
        for index in 0..size {
            let proof = LOG.inclusion(index, size);
            assert_eq!(bytes(&proof), tree.prove_inclusion(index as usize).as_bytes());
            assert_eq!(verify_inclusion(Hash::leaf(&entry(index)), index, head, &proof), Ok(()));
        }
    }
}

#[test]
fn consistency_proofs_are_those_of_an_independent_crate() {
    for new in 1..=LARGEST {
        let tree = theirs(new);
        for old in 1..=new {
            let proof = LOG.consistency(old, new);
            assert_eq!(bytes(&proof), tree.prove_consistency((new - old) as usize).as_bytes());
            assert_eq!(verify_consistency(LOG.head(old), LOG.head(new), &proof), Ok(()));
        }
    }
}

#[test]
fn the_empty_log_begins_every_log() {
    for size in 0..=LARGEST {
        assert_eq!(LOG.consistency(0, size), []);
        assert_eq!(verify_consistency(LOG.head(0), LOG.head(size), &[]), Ok(()));
    }
    let forged = Head { size: 0, root: Hash::leaf(b"") };
    assert_eq!(verify_consistency(forged, LOG.head(9), &[]), Err(ProofError::Mismatch));
}

#[test]
fn a_frontier_goes_on_from_any_size_with_the_records_it_names() {
    for size in 0..LARGEST {
        let records = LOG.fetch(&Frontier::needs(size));
        let mut frontier = Frontier::from_records(size, &records).unwrap();
        assert_eq!(frontier.head(), LOG.head(size));
        assert_eq!(frontier.append(Hash::leaf(&entry(size))), LOG.records[&size]);
        assert_eq!(frontier.head(), LOG.head(size + 1));
    }
}

#[test]
fn a_missing_or_damaged_record_is_named() {
    let plan = Plan::inclusion(2, 5).unwrap();
    let mut records = LOG.fetch(&plan.needs());
    records.get_mut(&1).unwrap().pop();
    let damaged = RecordError::Damaged { leaf: 1, found: 63, expected: 64 };
    assert_eq!(plan.proof(&records), Err(damaged));
    records.remove(&1);
    assert_eq!(plan.proof(&records), Err(RecordError::Missing { leaf: 1 }));
    assert_eq!(Frontier::from_records(3, &records), Err(RecordError::Missing { leaf: 1 }));
}

#[test]
fn any_flipped_bit_of_an_inclusion_proof_is_noticed() {
    let (index, head) = (4, LOG.head(7));
    let leaf = Hash::leaf(&entry(index));
    let proof = LOG.inclusion(index, 7);
    for bit in 0..256 {
        assert!(verify_inclusion(flip(leaf, bit), index, head, &proof).is_err());
        let forged = Head { root: flip(head.root, bit), ..head };
        assert!(verify_inclusion(leaf, index, forged, &proof).is_err());
        for at in 0..proof.len() {
            let mut proof = proof.clone();
            proof[at] = flip(proof[at], bit);
            assert_eq!(verify_inclusion(leaf, index, head, &proof), Err(ProofError::Mismatch));
        }
    }
}

#[test]
fn any_flipped_bit_of_a_consistency_proof_is_noticed() {
    for (old, new) in [(3, 7), (4, 7), (6, 7)] {
        let (old, new) = (LOG.head(old), LOG.head(new));
        let proof = LOG.consistency(old.size, new.size);
        for bit in 0..256 {
            let forged = Head { root: flip(old.root, bit), ..old };
            assert!(verify_consistency(forged, new, &proof).is_err());
            let forged = Head { root: flip(new.root, bit), ..new };
            assert!(verify_consistency(old, forged, &proof).is_err());
            for at in 0..proof.len() {
                let mut proof = proof.clone();
                proof[at] = flip(proof[at], bit);
                assert_eq!(verify_consistency(old, new, &proof), Err(ProofError::Mismatch));
            }
        }
    }
}

#[test]
fn a_proof_holds_for_its_own_place_and_length_only() {
    let head = LOG.head(21);
    let leaf = Hash::leaf(&entry(5));
    let proof = LOG.inclusion(5, 21);
    for index in (0..21).filter(|index| *index != 5) {
        assert!(verify_inclusion(leaf, index, head, &proof).is_err());
    }
    let cut = &proof[1..];
    let length = ProofError::Length { found: cut.len(), expected: proof.len() };
    assert_eq!(verify_inclusion(leaf, 5, head, cut), Err(length));
    let longer = [&proof[..], &[leaf]].concat();
    assert!(verify_inclusion(leaf, 5, head, &longer).is_err());
}

#[test]
fn there_is_no_proof_beyond_the_log_or_back_in_time() {
    assert_eq!(Plan::inclusion(5, 5), Err(ProofError::OutOfLog { index: 5, size: 5 }));
    assert_eq!(Plan::inclusion(0, 0), Err(ProofError::OutOfLog { index: 0, size: 0 }));
    assert_eq!(Plan::consistency(6, 5), Err(ProofError::Shrinks { old: 6, new: 5 }));
    assert!(verify_inclusion(Hash::empty(), 0, LOG.head(0), &[]).is_err());
    assert!(verify_consistency(LOG.head(6), LOG.head(5), &[]).is_err());
}

#[test]
fn the_largest_numbers_are_planned_without_overflow() {
    let size = u64::MAX;
    assert_eq!(Frontier::needs(size).len(), 64);
    for index in [0, 1, size / 2, size - 1] {
        assert!(Plan::inclusion(index, size).unwrap().needs().len() <= 128);
        assert!(Plan::consistency(index, size).unwrap().needs().len() <= 128);
        assert!(
            verify_inclusion(Hash::empty(), index, Head { size, root: Hash::empty() }, &[])
                .is_err()
        );
    }
}

fn flip(hash: Hash, bit: usize) -> Hash {
    let mut bytes = hash.0;
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash(bytes)
}

proptest! {
    #[test]
    fn an_independent_verifier_accepts_our_proofs(new in 1..LARGEST, a in 0..LARGEST, b in 0..LARGEST) {
        let (index, old) = (a % new, 1 + b % new);
        let root = their_root(LOG.head(new));
        let inclusion = InclusionProof::try_from_bytes(bytes(&LOG.inclusion(index, new))).unwrap();
        prop_assert!(root.verify_inclusion(&entry(index), index, &inclusion).is_ok());
        let consistency = ConsistencyProof::try_from_bytes(bytes(&LOG.consistency(old, new))).unwrap();
        prop_assert!(root.verify_consistency(&their_root(LOG.head(old)), &consistency).is_ok());
    }

    #[test]
    fn random_hashes_prove_nothing(
        size in 2..LARGEST,
        index in 0..LARGEST,
        noise in prop::collection::vec(any::<[u8; 32]>(), 0..8),
    ) {
        let (head, noise): (_, Vec<Hash>) = (LOG.head(size), noise.into_iter().map(Hash).collect());
        prop_assert!(verify_inclusion(Hash::leaf(b"never"), index, head, &noise).is_err());
        prop_assert!(verify_consistency(LOG.head(size - 1), head, &noise).is_err());
    }

    #[test]
    fn a_rewritten_log_is_not_consistent(size in 2..LARGEST, at in 0..LARGEST) {
        let (old, at) = (size - 1, at % (size - 1));
        let rewritten = grow((0..size).map(|i| if i == at { b"rewritten".to_vec() } else { entry(i) }));
        let proof = rewritten.consistency(old, size);
        prop_assert_eq!(
            verify_consistency(LOG.head(old), rewritten.head(size), &proof),
            Err(ProofError::Mismatch)
        );
    }
}
