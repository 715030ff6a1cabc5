//! CSV as Excel opens it: a byte order mark, quoted where needed, and no cell that acts as a formula.

use std::borrow::Cow;
use std::io::Write;

use crate::export::WriteError;

/// Writes rows of CSV, one at a time.
pub struct CsvWriter<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins with a byte order mark, without which Excel takes the text for the system's encoding.
    pub fn new(mut to: W) -> Result<Self, WriteError> {
        to.write_all("\u{feff}".as_bytes())?;
        let csv = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(to);
        Ok(Self { csv })
    }

    /// Writes a row; a cell that a spreadsheet program would run gets a `'` in front.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<(), WriteError> {
        for cell in cells {
            self.csv.write_field(guarded(cell).as_bytes())?;
        }
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }

    /// Writes what is still held back and gives the writer again.
    pub fn finish(self) -> Result<W, WriteError> {
        self.csv.into_inner().map_err(|e| WriteError::Failed(e.into_error()))
    }
}

fn guarded(cell: &str) -> Cow<'_, str> {
    if acts_as_formula(cell) { Cow::Owned(["'", cell].concat()) } else { Cow::Borrowed(cell) }
}

/// Whether a cell may be run: white space counts for nothing, because programs drop it and look at
/// what follows; nor does a quote, so that one more or one less can be told apart.
pub(crate) fn acts_as_formula(cell: &str) -> bool {
    cell.trim_start_matches(['\'', ' ', '\t', '\r', '\n']).starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::read::Table;

    #[test]
    fn no_cell_begins_with_a_character_that_starts_a_formula() {
        let dangerous = ["=1+1", "+8613800000000", "-2+3", "@SUM(A1)", "\t=1", " =1"];
        let mut csv = CsvWriter::new(Vec::new()).unwrap();
        csv.row(dangerous).unwrap();
        csv.row(["普通", "a,b", "一\n二", "it's = fine"]).unwrap();
        let text = String::from_utf8(csv.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{feff}'=1+1,'+8613800000000,'-2+3,'@SUM(A1),'\t=1,' =1\r\n\
             普通,\"a,b\",\"一\n二\",it's = fine\r\n"
        );
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let cells = ["=1+1", "'-26.1", "a\"b", "一\n二", " @x"];
        let mut csv = CsvWriter::new(Vec::new()).unwrap();
        csv.row(["a", "b", "c", "d", "e"]).unwrap();
        csv.row(cells).unwrap();
        let bytes = csv.finish().unwrap();
        let mut table = Table::read(&bytes, Format::Csv).unwrap();
        let row = table.rows().unwrap().next().unwrap().unwrap();
        assert_eq!(row.texts().collect::<Vec<_>>(), cells);
    }
}
