//! Promises of reading tables.

use rstest::rstest;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};

use super::*;

fn csv_with(text: &str, reading: Reading) -> Result<Table<'_>, ReadError> {
    Table::read_with(text.as_bytes(), Format::Csv, reading)
}

fn limited(limits: Limits) -> Reading {
    Reading { limits, ..Reading::default() }
}

fn refusal(text: &str, limits: Limits) -> LimitExceeded {
    let reading = limited(limits);
    let error = csv_with(text, reading).and_then(|mut t| t.rows()?.collect::<Result<Vec<_>, _>>());
    match error {
        Err(ReadError::TooLarge(exceeded)) => exceeded,
        other => panic!("{other:?}"),
    }
}

/// A sheet as an office would send it: title, header broken over two lines, notes, a gap.
fn office_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().write(0, 0, "请勿改动").unwrap();
    let sheet = book.add_worksheet().set_name("办件").unwrap();
    sheet.merge_range(0, 0, 0, 4, "十一月办件", &Style::new()).unwrap();
    for (at, name) in ["日期", "联系\n电话", "证件号", "内容 ", "结果"].iter().enumerate()
    {
        sheet.write(1, at as u16, *name).unwrap();
        sheet.write(2, at as u16, "必填").unwrap();
    }
    let day = Style::new().set_num_format("yyyy-mm-dd");
    let date = ExcelDateTime::from_ymd(2026, 11, 21).unwrap();
    sheet.write_with_format(4, 0, &date, &day).unwrap();
    sheet.write(4, 1, 13_800_000_000_f64).unwrap();
    sheet.write(4, 2, "350405199001011234").unwrap();
    sheet.write(4, 3, "第一行\n第二行  ").unwrap();
    sheet.write(4, 4, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(5, 2, 350_405_199_001_011_234_f64).unwrap();
    sheet.write_blank(900, 9, &day).unwrap();
    book.save_to_buffer().unwrap()
}

fn office_reading() -> Reading {
    Reading { sheet: Some("办件".into()), header_row: 2, notes_rows: 1, ..Reading::default() }
}

#[test]
fn an_office_workbook_is_read_as_a_person_sees_it() {
    let bytes = office_workbook();
    let mut table = Table::read_with(&bytes, Format::Xlsx, office_reading()).unwrap();
    assert_eq!(table.headers().names(), ["日期", "联系电话", "证件号", "内容", "结果"]);
    assert_eq!(table.headers().problems(), []);

    let rows: Vec<_> = table.rows().unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(Row::number).collect::<Vec<_>>(), [5, 6]);
    let first: Vec<_> = rows[0].texts().collect();
    let text = "第一行\n第二行";
    assert_eq!(first, ["2026-11-21", "13800000000", "350405199001011234", text, "#DIV/0!"]);
    assert_eq!(rows[0].get("联系\n电话"), Some("13800000000"));
    assert_eq!(rows[0].get("没有的列"), None);
    assert_eq!(rows[0].damage("结果"), Some(Damage::FormulaError));
    assert_eq!(rows[1].get("证件号"), Some("350405199001011000"));
    assert_eq!(rows[1].damage("证件号"), Some(Damage::DigitsLost));
    assert_eq!(rows[1].get("结果"), Some(""));
}

#[test]
fn rows_can_be_read_again_from_the_first() {
    let bytes = office_workbook();
    let mut table = Table::read_with(&bytes, Format::Xlsx, office_reading()).unwrap();
    let mut numbers = || -> Vec<_> { table.rows().unwrap().map(|r| r.unwrap().number()).collect() };
    assert_eq!(numbers(), numbers());
}

#[test]
fn a_sheet_that_is_not_there_is_refused_with_those_that_are() {
    let reading = Reading { sheet: Some("清单".into()), ..Reading::default() };
    match Table::read_with(&office_workbook(), Format::Xlsx, reading).err() {
        Some(ReadError::NoSheet { name, available }) => {
            assert_eq!((name.as_str(), available), ("清单", vec!["说明".into(), "办件".into()]));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn headers_that_stand_twice_or_not_at_all_are_reported() {
    let table = csv_with("姓名,,电话,姓 名,\n1,2,3,4,5\n", Reading::default()).unwrap();
    let told: Vec<_> = table.headers().problems().iter().map(ToString::to_string).collect();
    assert_eq!(told, ["the header \"姓名\" stands above columns A, D", "column B has no header"]);
}

#[rstest]
#[case("", 1)]
#[case("\n\n标题\n内容\n", 1)]
#[case("标题\n内容\n", 3)]
fn a_header_row_without_headers_is_refused(#[case] text: &str, #[case] header_row: u32) {
    let reading = Reading { header_row, ..Reading::default() };
    match csv_with(text, reading).err() {
        Some(ReadError::NoHeader { row }) => assert_eq!(row, header_row),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_limit_is_kept_and_tells_where_it_was_passed() {
    let text = "a,b\n1,2\n\n三三三,4\n";
    let limits = Limits { rows: 2, columns: 2, cell_chars: 3, ..Limits::default() };
    let within = csv_with(text, limited(limits.clone()));
    assert_eq!(within.unwrap().rows().unwrap().filter(Result::is_ok).count(), 2);

    let exceeded = |limit, most, row| LimitExceeded { limit, most, row };
    let refused = refusal(text, Limits { rows: 1, ..limits.clone() });
    assert_eq!(refused, exceeded(Limit::Rows, 1, Some(4)));
    assert_eq!(refused.to_string(), "more than 1 rows (row 4)");
    let refused = refusal(text, Limits { columns: 1, ..limits.clone() });
    assert_eq!(refused, exceeded(Limit::Columns, 1, Some(1)));
    let refused = refusal(text, Limits { cell_chars: 2, ..limits.clone() });
    assert_eq!(refused, exceeded(Limit::CellChars, 2, Some(4)));
    let refused = refusal(text, Limits { bytes: 10, ..limits });
    assert_eq!(refused, exceeded(Limit::Bytes, 10, None));
}

#[test]
fn nothing_comes_after_an_error() {
    let limits = Limits { rows: 1, ..Limits::default() };
    let mut table = csv_with("a\n1\n2\n3\n", limited(limits)).unwrap();
    let rows: Vec<_> = table.rows().unwrap().map(|row| row.is_ok()).collect();
    assert_eq!(rows, [true, false]);
}

#[test]
fn a_quote_that_never_closes_is_stopped_by_the_limit_of_a_cell() {
    let text = ["a,b\n\"1,2\n", &"3,4\n".repeat(10_000)].concat();
    assert_eq!(refusal(&text, Limits::default()).limit, Limit::CellChars);
}

#[test]
fn a_cell_far_out_is_refused_before_the_row_is_widened() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "a").unwrap();
    sheet.write(1, 16_383, "far").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut table = Table::read(&bytes, Format::Xlsx).unwrap();
    let row = table.rows().unwrap().next().unwrap();
    assert!(matches!(
        row,
        Err(ReadError::TooLarge(LimitExceeded { limit: Limit::Columns, row: Some(2), .. }))
    ));
}

#[test]
fn a_workbook_that_unpacks_too_far_is_refused() {
    let limits = Limits { unpacked_bytes: 1_000, ..Limits::default() };
    let bytes = office_workbook();
    let refused = Table::read_with(&bytes, Format::Xlsx, limited(limits));
    assert!(matches!(
        refused.err(),
        Some(ReadError::TooLarge(LimitExceeded { limit: Limit::UnpackedBytes, .. }))
    ));
}

#[rstest]
#[case(b"a,b\n1,2\n".to_vec(), Format::Xlsx, Format::Csv)]
#[case(office_workbook(), Format::Csv, Format::Xlsx)]
#[case(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), Format::Xlsx, Format::Xls)]
fn content_that_is_not_what_it_is_called_is_refused(
    #[case] bytes: Vec<u8>,
    #[case] called: Format,
    #[case] is: Format,
) {
    match Table::read(&bytes, called).err() {
        Some(ReadError::WrongFormat { declared, found }) => {
            assert_eq!((declared, found), (called, is));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_damaged_workbook_is_an_error_not_a_crash() {
    let mut bytes = office_workbook();
    bytes.truncate(bytes.len() / 2);
    let refused = Table::read(&bytes, Format::Xlsx).err();
    assert!(matches!(refused, Some(ReadError::Unreadable { format: Format::Xlsx, .. })));
    let refused = Table::read(b"\xD0\xCF\x11\xE0 and nothing", Format::Xls).err();
    assert!(matches!(refused, Some(ReadError::Unreadable { format: Format::Xls, .. })));
}

#[test]
fn an_opendocument_sheet_is_read_with_its_place_kept() {
    let bytes = opendocument(
        r#"<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
        <table:table-row><table:table-cell/><table:table-cell office:value-type="string"><text:p>日期</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell/><table:table-cell office:value-type="date" office:date-value="2026-11-21"><text:p>11月21日</text:p></table:table-cell></table:table-row>"#,
    );
    let reading = Reading { header_row: 3, ..Reading::default() };
    let mut table = Table::read_with(&bytes, Format::Ods, reading).unwrap();
    assert_eq!(table.headers().position("日期"), Some(1));
    let row = table.rows().unwrap().next().unwrap().unwrap();
    assert_eq!((row.number(), row.get("日期")), (4, Some("2026-11-21")));
}

fn opendocument(rows: &str) -> Vec<u8> {
    use std::io::Write;
    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};
    let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
    let content = format!(
        r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let manifest = r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in
        [("mimetype", mimetype), ("META-INF/manifest.xml", manifest), ("content.xml", &content)]
    {
        zip.start_file(name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
