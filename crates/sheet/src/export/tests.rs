//! Promises of exports.

use std::io::Cursor;

use calamine::{Data, Dimensions, Reader, Xlsx};
use jiff::civil::date;

use super::*;

fn export(columns: &[(&str, Content)]) -> Export {
    let column = |(title, content): &(&str, Content)| Column {
        title: (*title).to_owned(),
        width: 20.0,
        content: *content,
    };
    Export {
        title: "办件清单".to_owned(),
        exported_at: date(2026, 11, 21).at(9, 30, 0, 0),
        conditions: "区县=鼓楼区".to_owned(),
        columns: columns.iter().map(column).collect(),
        signatures: vec!["制表人".to_owned(), "审核人".to_owned()],
    }
}

fn written(export: Export, rows: &[&[&str]]) -> Vec<u8> {
    let mut exporter = Exporter::new(export).unwrap();
    for row in rows {
        exporter.row(row.iter().copied()).unwrap();
    }
    let mut bytes = Cursor::new(Vec::new());
    exporter.finish(&mut bytes).unwrap();
    bytes.into_inner()
}

const PERSON: [(&str, Content); 3] =
    [("姓名", Content::Text), ("证件号", Content::Text), ("件数", Content::Number)];

#[test]
fn an_export_has_title_note_header_numbered_rows_and_signatures() {
    let bytes =
        written(export(&PERSON), &[&["张三", "350405199001011234", "12"], &["=1+1", "", "无"]]);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    let text = |s: &str| Data::String(s.to_owned());
    let range = book.worksheet_range("Sheet1").unwrap();
    let rows: Vec<_> = range.rows().collect();
    assert_eq!(rows[0][0], text("办件清单"));
    assert_eq!(rows[1][0], text("导出时间：2026-11-21 09:30    条件：区县=鼓楼区"));
    assert_eq!(rows[2], ["序号", "姓名", "证件号", "件数"].map(text));
    assert_eq!(
        rows[3],
        [Data::Float(1.0), text("张三"), text("350405199001011234"), Data::Float(12.0)]
    );
    assert_eq!(rows[4], [Data::Float(2.0), text("=1+1"), Data::Empty, text("无")]);
    assert_eq!(rows[5][0], text("制表人：____________    审核人：____________"));
    let merged = |row| Dimensions { start: (row, 0), end: (row, 3) };
    assert_eq!(
        book.merge_cells_by_sheet_name("Sheet1").unwrap(),
        [merged(0), merged(1), merged(5)]
    );
    let formulas = book.worksheet_formula("Sheet1").unwrap();
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
}

#[test]
fn the_same_export_is_the_same_file() {
    let rows: [&[&str]; 1] = [&["张三", "1", "2"]];
    assert_eq!(written(export(&PERSON), &rows), written(export(&PERSON), &rows));
}

#[test]
fn fifty_thousand_rows_are_written_and_read_back() {
    let phones: Vec<_> = (0..50_000u64).map(|n| (13_800_000_000 + n).to_string()).collect();
    let mut exporter = Exporter::new(export(&[("电话", Content::Text)])).unwrap();
    for phone in &phones {
        exporter.row([phone.as_str()]).unwrap();
    }
    let mut bytes = Cursor::new(Vec::new());
    exporter.finish(&mut bytes).unwrap();
    let bytes = bytes.into_inner();

    let reading = crate::Reading { header_row: 3, ..crate::Reading::default() };
    let mut table = crate::Table::read_with(&bytes, crate::Format::Xlsx, reading).unwrap();
    let rows = table.rows().unwrap().map(Result::unwrap).take(phones.len());
    let read: Vec<_> = rows.map(|row| row.get("电话").unwrap().to_owned()).collect();
    assert_eq!(read, phones);
}

#[test]
fn a_row_of_another_width_is_refused() {
    let mut exporter = Exporter::new(export(&PERSON)).unwrap();
    let refused = exporter.row(["张三"]).unwrap_err();
    assert!(matches!(refused, WriteError::Width { expected: 3, found: 1 }));
}

#[test]
fn an_export_of_one_column_more_than_none_and_of_none_can_be_written() {
    assert!(!written(export(&[]), &[&[]]).is_empty());
}

#[test]
fn text_longer_than_a_cell_is_cut_with_a_sign() {
    assert_eq!(cut(&"长".repeat(32_767)), "长".repeat(32_767));
    let cut = cut(&"长".repeat(32_768));
    assert_eq!((cut.chars().count(), cut.ends_with("长…")), (32_767, true));
}

#[test]
fn only_numbers_that_excel_keeps_whole_are_written_as_numbers() {
    assert_eq!(number("-12.5"), Some(-12.5));
    assert_eq!(number("3504051990010112"), None);
    assert_eq!(number("inf"), None);
    assert_eq!(number("12件"), None);
}
