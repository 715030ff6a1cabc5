//! Inclusion and consistency proofs of RFC 6962 §2.1: planned, computed from records, verified. A
//! planner and a verifier read the same list of subtrees, so neither can drift from the other.

use std::{collections::BTreeSet, ops::Range};

use crate::{
    hash::{Hash, Head},
    node::{self, Node, RecordError, Records, nodes},
};

/// Why there is no such proof, or why it does not convince.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The entry is younger than the head: take a later head.
    #[error("entry {index} is not among the first {size}")]
    OutOfLog {
        /// The number of the entry, from zero.
        index: u64,
        /// The size of the log.
        size: u64,
    },
    /// The heads are in the wrong order, or the log lost entries.
    #[error("a log of {old} entries cannot become one of {new}")]
    Shrinks {
        /// Entries before.
        old: u64,
        /// Entries after.
        new: u64,
    },
    /// The proof was made for other sizes, or was cut.
    #[error("the proof has {found} hashes instead of {expected}")]
    Length {
        /// Hashes given.
        found: usize,
        /// Hashes that these sizes demand.
        expected: usize,
    },
    /// The hashes do not lead to the root: entry, proof or log was changed.
    #[error("the proof does not lead to the root")]
    Mismatch,
}

/// A proof still to be computed: the subtrees whose roots it consists of, lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan(Vec<Range<u64>>);

impl Plan {
    /// The plan to prove that entry `index` stands in a log of `size` entries.
    ///
    /// # Errors
    /// The log has no such entry.
    pub fn inclusion(index: u64, size: u64) -> Result<Self, ProofError> {
        audit_path(index, size).map(Self)
    }

    /// The plan to prove that a log of `new` entries begins with one of `old`.
    ///
    /// # Errors
    /// `old` is greater than `new`.
    pub fn consistency(old: u64, new: u64) -> Result<Self, ProofError> {
        common_ground(old, new).map(Self)
    }

    /// The leaves whose records [`Plan::proof`] needs, ascending: at most two for each level of the
    /// tree, since only one subtree of a proof touches the ragged right edge.
    pub fn needs(&self) -> Vec<u64> {
        let leaves: BTreeSet<u64> = self.0.iter().flat_map(nodes).map(Node::leaf).collect();
        leaves.into_iter().collect()
    }

    /// The proof, from the records of [`Plan::needs`].
    ///
    /// # Errors
    /// A record is missing or has the wrong length.
    pub fn proof(&self, records: &Records) -> Result<Vec<Hash>, RecordError> {
        self.0.iter().map(|range| subtree_root(range, records)).collect()
    }
}

/// Checks that `leaf` is entry number `index` of the log with this head.
///
/// # Errors
/// It is not, or the proof is for something else.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    head: Head,
    proof: &[Hash],
) -> Result<(), ProofError> {
    let path = audit_path(index, head.size)?;
    same_length(&path, proof)?;
    let root = path.iter().zip(proof).fold(leaf, |hash, (sibling, &other)| {
        if sibling.start > index { Hash::node(hash, other) } else { Hash::node(other, hash) }
    });
    matches(root, head.root)
}

/// Checks that the log with head `new` begins with the entries of the log with head `old`, in order.
///
/// # Errors
/// It does not, or the proof is for something else.
pub fn verify_consistency(old: Head, new: Head, proof: &[Hash]) -> Result<(), ProofError> {
    let ranges = common_ground(old.size, new.size)?;
    same_length(&ranges, proof)?;
    if old.size == 0 {
        return matches(old.root, Hash::empty());
    }
    let mut steps = ranges.iter().zip(proof).peekable();
    // A perfect old tree stands whole in the new one; the proof leaves out its root, known as it is.
    let seed = steps.next_if(|(r, _)| r.end == old.size).map_or(old.root, |(_, &hash)| hash);
    let (mut before, mut after) = (seed, seed);
    for (range, &other) in steps {
        if range.start < old.size {
            before = Hash::node(other, before);
            after = Hash::node(other, after);
        } else {
            after = Hash::node(after, other);
        }
    }
    matches(before, old.root)?;
    matches(after, new.root)
}

/// PATH of RFC 6962 §2.1.1: the siblings on the way from a leaf up to the root.
fn audit_path(index: u64, size: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if index >= size {
        return Err(ProofError::OutOfLog { index, size });
    }
    let mut path = Vec::new();
    let mut tree = 0..size;
    while tree.end - tree.start > 1 {
        let (left, right) = halves(&tree);
        let (down, sibling) = if index < left.end { (left, right) } else { (right, left) };
        path.push(sibling);
        tree = down;
    }
    path.reverse();
    Ok(path)
}

/// PROOF of RFC 6962 §2.1.2: subtrees that together show the old root within the new. The empty log
/// begins every log, and needs none.
fn common_ground(old: u64, new: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if old > new {
        return Err(ProofError::Shrinks { old, new });
    }
    let mut path = Vec::new();
    let mut tree = if old == 0 { 0..0 } else { 0..new };
    while tree.end != old {
        let (left, right) = halves(&tree);
        let (down, sibling) = if old <= left.end { (left, right) } else { (right, left) };
        path.push(sibling);
        tree = down;
    }
    if tree.start > 0 {
        path.push(tree);
    }
    path.reverse();
    Ok(path)
}

/// Splits a subtree of two leaves or more at the largest power of two below its length.
fn halves(tree: &Range<u64>) -> (Range<u64>, Range<u64>) {
    let middle = tree.start + (1 << (tree.end - tree.start - 1).ilog2());
    (tree.start..middle, middle..tree.end)
}

fn subtree_root(leaves: &Range<u64>, records: &Records) -> Result<Hash, RecordError> {
    let subtrees: Vec<Hash> = nodes(leaves).map(|n| n.hash(records)).collect::<Result<_, _>>()?;
    Ok(node::root(&subtrees))
}

fn same_length(ranges: &[Range<u64>], proof: &[Hash]) -> Result<(), ProofError> {
    let (found, expected) = (proof.len(), ranges.len());
    if found == expected { Ok(()) } else { Err(ProofError::Length { found, expected }) }
}

fn matches(computed: Hash, stated: Hash) -> Result<(), ProofError> {
    if computed == stated { Ok(()) } else { Err(ProofError::Mismatch) }
}
