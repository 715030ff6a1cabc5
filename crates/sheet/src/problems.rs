//! Row-level problems and the files that carry them back to the person who sent the table.

use jiff::civil::date;
use rust_xlsxwriter::{Color, DocProperties, Format, FormatBorder, Workbook};
use serde::Serialize;

use crate::csv_out::CsvWriter;
use crate::export::{WriteError, cut};
use crate::read::{Headers, Row};

/// A cell that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellProblem {
    /// Row, as Excel numbers rows.
    pub row: u32,
    /// Header of the column; empty if the whole row is meant.
    pub column: String,
    /// What the cell says.
    pub value: String,
    /// What to do about it, in the words of the person who filled the table.
    pub advice: String,
}

/// The problems as CSV for Excel, one a line: 行号, 列, 内容, 问题.
pub fn problems_csv(problems: &[CellProblem]) -> Result<Vec<u8>, WriteError> {
    let mut csv = CsvWriter::new(Vec::new())?;
    csv.row(["行号", "列", "内容", "问题"])?;
    for CellProblem { row, column, value, advice } in problems {
        csv.row([row.to_string().as_str(), column, value, advice])?;
    }
    csv.finish()
}

/// A workbook of the rows that were refused, as they came, with a last column 问题: to be mended
/// and sent again as it is.
pub struct ProblemSheet {
    book: Workbook,
    columns: Vec<(usize, String)>,
    next: u32,
    plain: Format,
    wrong: Format,
}

/// The header of the last column.
const PROBLEM: &str = "问题";

impl ProblemSheet {
    /// Begins the workbook with the headers of the refused table.
    pub fn new(headers: &Headers) -> Result<Self, WriteError> {
        let mut book = Workbook::new();
        // The day is of no use here, and the writer would otherwise ask the machine for it.
        let undated = DocProperties::new().set_creation_datetime(&date(2000, 1, 1));
        book.set_properties(&undated);
        let heading = Format::new().set_bold().set_border(FormatBorder::Thin).set_text_wrap();
        // A file mended and refused again already has the column; its old advice is dropped.
        let columns = headers.names().iter().cloned().enumerate();
        let columns: Vec<_> = columns.filter(|(_, name)| name != PROBLEM).collect();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_column_width(columns.len() as u16, 60)?;
        for (name, at) in columns.iter().map(|(_, name)| name.as_str()).chain([PROBLEM]).zip(0..) {
            sheet.write_string_with_format(0, at, name, &heading)?;
        }
        let plain = Format::new().set_num_format("@");
        let wrong = plain.clone().set_background_color(Color::RGB(0xFF_C7_CE));
        Ok(Self { book, columns, next: 1, plain, wrong })
    }

    /// Adds a refused row; the cells its problems name are coloured.
    pub fn add(&mut self, row: &Row, problems: &[CellProblem]) -> Result<(), WriteError> {
        let sheet = self.book.worksheet_from_index(0)?;
        let texts: Vec<_> = row.texts().collect();
        for ((place, name), at) in self.columns.iter().zip(0..) {
            let is_wrong = problems.iter().any(|p| p.column == *name);
            let format = if is_wrong { &self.wrong } else { &self.plain };
            let text = texts.get(*place).copied().unwrap_or_default();
            sheet.write_string_with_format(self.next, at, cut(text), format)?;
        }
        let advice: Vec<_> = problems.iter().map(ToString::to_string).collect();
        let last = self.columns.len() as u16;
        sheet.write_string_with_format(self.next, last, cut(&advice.join("\n")), &self.plain)?;
        self.next += 1;
        Ok(())
    }

    /// The workbook as XLSX.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        Ok(self.book.save_to_buffer()?)
    }
}

impl std::fmt::Display for CellProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { row, column, advice, .. } = self;
        if column.is_empty() {
            write!(f, "原第 {row} 行：{advice}")
        } else {
            write!(f, "原第 {row} 行“{column}”：{advice}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format as FileFormat;
    use crate::read::Table;

    fn problem(row: u32, column: &str, advice: &str) -> CellProblem {
        let (column, advice) = (column.to_owned(), advice.to_owned());
        CellProblem { row, column, value: "=坏".to_owned(), advice }
    }

    #[test]
    fn problems_are_listed_as_csv_with_guarded_values() {
        let bytes = problems_csv(&[problem(3, "日期", "必填")]).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\u{feff}行号,列,内容,问题\r\n3,日期,'=坏,必填\r\n");
    }

    #[test]
    fn refused_rows_come_back_as_they_were_with_the_problems_behind_them() {
        let csv = "姓名,证件号,,姓名,问题\n张三,350405199001011234,x,=甲,旧的问题\n".as_bytes();
        let mut table = Table::read(csv, FileFormat::Csv).unwrap();
        let mut sheet = ProblemSheet::new(table.headers()).unwrap();
        let row = table.rows().unwrap().next().unwrap().unwrap();
        sheet.add(&row, &[problem(2, "证件号", "校验位不对"), problem(2, "", "重复")]).unwrap();

        let bytes = sheet.finish().unwrap();
        let mut back = Table::read(&bytes, FileFormat::Xlsx).unwrap();
        assert_eq!(back.headers().names(), ["姓名", "证件号", "", "姓名", "问题"]);
        let row = back.rows().unwrap().next().unwrap().unwrap();
        let advice = "原第 2 行“证件号”：校验位不对\n原第 2 行：重复";
        assert_eq!(
            row.texts().collect::<Vec<_>>(),
            ["张三", "350405199001011234", "x", "=甲", advice]
        );
    }
}
