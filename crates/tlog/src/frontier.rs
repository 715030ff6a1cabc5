//! The right edge of a growing tree: all that appending needs, O(log n) hashes.

use crate::{
    hash::{Hash, Head},
    node::{self, RecordError, Records},
};

/// The roots of the perfect subtrees of a log, largest first; starts empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The leaves whose records [`Frontier::from_records`] needs for a log of `size` entries.
    pub fn needs(size: u64) -> Vec<u64> {
        node::nodes(&(0..size)).map(node::Node::leaf).collect()
    }

    /// The frontier of the first `size` entries, from the records of [`Frontier::needs`].
    ///
    /// # Errors
    /// A record is missing or has the wrong length.
    pub fn from_records(size: u64, records: &Records) -> Result<Self, RecordError> {
        let peaks = node::nodes(&(0..size)).map(|n| n.hash(records)).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Appends a leaf as number `size()` and returns the record to be stored under that number.
    pub fn append(&mut self, leaf: Hash) -> Vec<u8> {
        let mut record = leaf.0.to_vec();
        let mut subtree = leaf;
        // As in binary addition, each trailing one of the size is a peak that the leaf completes.
        for left in self.peaks.drain(self.peaks.len() - self.size.trailing_ones() as usize..).rev()
        {
            subtree = Hash::node(left, subtree);
            record.extend(subtree.0);
        }
        self.peaks.push(subtree);
        self.size += 1;
        record
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all entries.
    pub fn root(&self) -> Hash {
        node::root(&self.peaks)
    }

    /// Size and root together, as a checkpoint states them.
    pub fn head(&self) -> Head {
        Head { size: self.size, root: self.root() }
    }
}
