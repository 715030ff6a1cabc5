//! The file formats of tables, told by name or by their first bytes, and the letters of columns.

use std::fmt;

/// A file format a table is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with commas or tabs: UTF-8, UTF-16 with a byte order mark, or GB18030.
    Csv,
    /// Office Open XML workbook (`.xlsx`).
    Xlsx,
    /// Excel 97–2003 workbook (`.xls`).
    Xls,
    /// OpenDocument spreadsheet (`.ods`).
    Ods,
}

impl Format {
    /// The format a file's name ends in, whatever the case of its letters.
    pub fn from_name(file_name: &str) -> Option<Self> {
        let (_, extension) = file_name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "csv" | "txt" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "xls" => Some(Self::Xls),
            "ods" => Some(Self::Ods),
            _ => None,
        }
    }

    /// The format the bytes are in, whatever the file is called; text is taken for CSV.
    pub fn sniff(bytes: &[u8]) -> Self {
        // An OpenDocument archive begins with an uncompressed entry `mimetype`.
        let mimetype = bytes.get(30..).unwrap_or_default();
        if mimetype.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
            Self::Ods
        } else if bytes.starts_with(b"PK\x03\x04") {
            Self::Xlsx
        } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            Self::Xls
        } else {
            Self::Csv
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
            Self::Xls => "XLS",
            Self::Ods => "ODS",
        })
    }
}

/// The letters a spreadsheet shows above a column: 0 is `A`, 26 is `AA`.
pub fn column_letters(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    match index / 26 {
        0 => letter.to_string(),
        more => column_letters(more - 1) + &letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, "A")]
    #[case(25, "Z")]
    #[case(26, "AA")]
    #[case(701, "ZZ")]
    #[case(702, "AAA")]
    #[case(16_383, "XFD")]
    fn columns_have_the_letters_of_excel(#[case] index: usize, #[case] letters: &str) {
        assert_eq!(column_letters(index), letters);
    }

    #[rstest]
    #[case("办件.XLSX", Some(Format::Xlsx))]
    #[case("2026.11.csv", Some(Format::Csv))]
    #[case("旧表.xls", Some(Format::Xls))]
    #[case("表.ods", Some(Format::Ods))]
    #[case("xlsx", None)]
    #[case("报告.docx", None)]
    fn a_name_tells_the_format_by_its_ending(#[case] name: &str, #[case] format: Option<Format>) {
        assert_eq!(Format::from_name(name), format);
    }
}
