//! How much a file may hold, and the guard against archives that unpack to far more than they weigh.

use std::io::{self, Cursor, Read};

use thiserror::Error;
use zip::ZipArchive;

/// The most a file may hold; the default suits an import of a city's yearly work orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it came (64 MiB).
    pub bytes: u64,
    /// Bytes of everything inside a workbook, unpacked (512 MiB).
    pub unpacked_bytes: u64,
    /// Rows that hold anything, the header aside (200,000).
    pub rows: u64,
    /// Columns that hold anything (512).
    pub columns: u64,
    /// Characters in a cell (32,767, the most Excel itself keeps).
    pub cell_chars: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            unpacked_bytes: 512 << 20,
            rows: 200_000,
            columns: 512,
            cell_chars: 32_767,
        }
    }
}

/// Which of the [`Limits`] a file ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of the file.
    Bytes,
    /// Bytes of the unpacked workbook.
    UnpackedBytes,
    /// Rows of data.
    Rows,
    /// Columns in use.
    Columns,
    /// Characters of a cell.
    CellChars,
}

impl Limit {
    fn unit(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::UnpackedBytes => "bytes once unpacked",
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::CellChars => "characters in a cell",
        }
    }
}

/// A file holds more than it may: split it, or raise the limit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("more than {most} {}{}", .limit.unit(), .row.map(|row| format!(" (row {row})")).unwrap_or_default())]
pub struct LimitExceeded {
    /// What there is too much of.
    pub limit: Limit,
    /// How much is allowed, in that limit's unit.
    pub most: u64,
    /// Row in which it was noticed, as Excel numbers rows.
    pub row: Option<u32>,
}

impl Limits {
    pub(crate) fn check_bytes(&self, bytes: &[u8]) -> Result<(), LimitExceeded> {
        within(Limit::Bytes, bytes.len() as u64, self.bytes, None)
    }

    /// Unpacks every entry into nothing, counting, because the sizes an archive declares may lie.
    pub(crate) fn check_archive(&self, bytes: &[u8]) -> Result<(), ArchiveError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::other)?;
        let mut left = self.unpacked_bytes;
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(io::Error::other)?;
            let size = io::copy(&mut entry.take(left.saturating_add(1)), &mut io::sink())?;
            within(Limit::UnpackedBytes, size, left, None)
                .map_err(|e| LimitExceeded { most: self.unpacked_bytes, ..e })?;
            left -= size;
        }
        Ok(())
    }
}

/// Why an archive was not let in.
#[derive(Debug, Error)]
pub(crate) enum ArchiveError {
    #[error(transparent)]
    TooLarge(#[from] LimitExceeded),
    #[error(transparent)]
    Broken(#[from] io::Error),
}

pub(crate) fn within(
    limit: Limit,
    found: u64,
    most: u64,
    row: Option<u32>,
) -> Result<(), LimitExceeded> {
    if found > most { Err(LimitExceeded { limit, most, row }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::{ZipWriter, write::SimpleFileOptions};

    fn archive_of_zeros(size: usize) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["a.xml", "b.xml"] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&vec![0; size]).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn an_archive_that_unpacks_beyond_the_limit_is_refused_by_the_sum_of_its_entries() {
        let bytes = archive_of_zeros(600_000);
        assert!(bytes.len() < 10_000);
        let limits = |unpacked_bytes| Limits { unpacked_bytes, ..Limits::default() };

        assert!(limits(1_200_000).check_archive(&bytes).is_ok());
        let refused = limits(1_199_999).check_archive(&bytes).unwrap_err();
        assert_eq!(refused.to_string(), "more than 1199999 bytes once unpacked");
    }

    #[test]
    fn bytes_that_are_no_archive_are_broken_not_too_large() {
        let refused = Limits::default().check_archive(b"PK\x03\x04 and nothing more");
        assert!(matches!(refused, Err(ArchiveError::Broken(_))));
    }
}
