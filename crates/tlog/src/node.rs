//! Where the hash of each perfect subtree is stored, and how a stretch of leaves is made of them.
//! Which stretches a proof wants is said in `proof`.

use std::{collections::BTreeMap, iter, ops::Range};

use crate::hash::Hash;

/// Stored records by leaf number. The record of leaf `i` is its hash followed by the hash of every
/// subtree that it completes, lowest first: `32 × (1 + trailing one bits of i)` bytes.
pub type Records = BTreeMap<u64, Vec<u8>>;

/// Why stored records do not yield a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The record was not among those given: fetch everything the plan needs.
    #[error("the record of leaf {leaf} is missing")]
    Missing {
        /// The number of the leaf.
        leaf: u64,
    },
    /// The record has not the length that its number demands: the store is damaged.
    #[error("the record of leaf {leaf} has {found} bytes instead of {expected}")]
    Damaged {
        /// The number of the leaf.
        leaf: u64,
        /// Its length in bytes.
        found: usize,
        /// The length it must have.
        expected: usize,
    },
}

/// A perfect subtree: the leaves from `index << level` to before `(index + 1) << level`.
#[derive(Clone, Copy)]
pub(crate) struct Node {
    level: u32,
    index: u64,
}

impl Node {
    /// The leaf that completes this subtree, and so keeps its hash.
    pub(crate) fn leaf(self) -> u64 {
        // Not ((index + 1) << level) - 1: that overflows for the last leaf a u64 can number.
        (self.index << self.level) + ((1 << self.level) - 1)
    }

    pub(crate) fn hash(self, records: &Records) -> Result<Hash, RecordError> {
        let leaf = self.leaf();
        let record = records.get(&leaf).ok_or(RecordError::Missing { leaf })?;
        let expected = 32 * (1 + leaf.trailing_ones() as usize);
        let damaged = RecordError::Damaged { leaf, found: record.len(), expected };
        if record.len() != expected {
            return Err(damaged);
        }
        record.as_chunks().0.get(self.level as usize).copied().map(Hash).ok_or(damaged)
    }
}

/// The perfect subtrees that make up a stretch of leaves, from left to right. The stretch begins at
/// zero or is a subtree of RFC 6962, so each is the largest that still fits.
pub(crate) fn nodes(leaves: &Range<u64>) -> impl Iterator<Item = Node> + use<> {
    let Range { mut start, end } = *leaves;
    iter::from_fn(move || {
        let level = end.checked_sub(start)?.checked_ilog2()?;
        let node = Node { level, index: start >> level };
        start += 1 << level;
        Some(node)
    })
}

/// The root over perfect subtrees from left to right, the right edge being folded first; of none,
/// the root of the empty log.
pub(crate) fn root(subtrees: &[Hash]) -> Hash {
    subtrees
        .iter()
        .copied()
        .rev()
        .reduce(|right, left| Hash::node(left, right))
        .unwrap_or_else(Hash::empty)
}
