//! Promises of templates.

use calamine::{Data, Dimensions, Reader, Xlsx};
use rust_xlsxwriter::{
    ConditionalFormatBlank, DataValidation, Format as Style, FormatBorder, Formula, Workbook,
    Worksheet,
};

use super::*;

/// A city's answer sheet: title, sender, header, one row of items, a merged line of signatures.
fn answer_sheet() -> Vec<u8> {
    built(|sheet| {
        let bordered = Style::new().set_border(FormatBorder::Thin).set_text_wrap();
        sheet.merge_range(0, 0, 0, 3, "{{city}}12345工单答复表", &Style::new().set_bold()).unwrap();
        sheet.write(1, 0, "单位：{{unit}} <章>").unwrap();
        for (at, name) in ["工单号", "答复", "", "电话"].iter().enumerate() {
            sheet.write(2, at as u16, *name).unwrap();
        }
        sheet.set_row_height(3, 40).unwrap();
        sheet.write_with_format(3, 0, "{{item.number}}", &bordered).unwrap();
        sheet.merge_range(3, 1, 3, 2, "{{item.answer}}（{{unit}}）", &bordered).unwrap();
        sheet.write_with_format(3, 3, "{{ item.phone }}", &bordered).unwrap();
        sheet.merge_range(4, 0, 4, 3, "审核人：{{reviewer}}", &Style::new()).unwrap();
        sheet.write(5, 0, 42).unwrap();
        sheet.set_print_area(0, 0, 5, 3).unwrap();
        sheet.set_repeat_rows(0, 2).unwrap();
        sheet.set_column_width(1, 33).unwrap();
        let list = DataValidation::new().allow_list_strings(&["甲", "乙"]).unwrap();
        sheet.add_data_validation(3, 3, 3, 3, &list).unwrap();
        sheet.add_conditional_format(5, 0, 5, 0, &ConditionalFormatBlank::new()).unwrap();
    })
}

fn built(write: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(book.add_worksheet());
    book.add_worksheet().set_name("说明").unwrap().write(0, 0, "不改").unwrap();
    book.save_to_buffer().unwrap()
}

fn fields<const N: usize>(pairs: [(&str, &str); N]) -> Fields {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn once() -> Fields {
    fields([("city", "福州"), ("unit", "城管&局"), ("reviewer", "李四")])
}

fn item(number: &str, answer: &str) -> Fields {
    fields([("number", number), ("answer", answer), ("phone", "13800000000")])
}

fn filled(template: &[u8], items: &[Fields]) -> Vec<u8> {
    Template::read(template, &Limits::default()).unwrap().fill(&once(), items).unwrap()
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("Sheet1").unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

fn raw_part(bytes: &[u8], name: &str) -> String {
    part(&mut ZipArchive::new(Cursor::new(bytes)).unwrap(), name).unwrap()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn a_template_tells_what_it_asks_for() {
    let bytes = answer_sheet();
    let template = Template::read(&bytes, &Limits::default()).unwrap();
    assert_eq!(template.fields().into_iter().collect::<Vec<_>>(), ["city", "reviewer", "unit"]);
    assert_eq!(
        template.item_fields().into_iter().collect::<Vec<_>>(),
        ["answer", "number", "phone"]
    );
}

#[test]
fn marks_are_replaced_and_the_row_of_items_is_repeated() {
    let items =
        [item("001", "已办\n结"), item("002", "=HYPERLINK(\"x\")"), item("350405199001011234", "")];
    let bytes = filled(&answer_sheet(), &items);
    let expected = [
        ["福州12345工单答复表", "", "", ""],
        ["单位：城管&局 <章>", "", "", ""],
        ["工单号", "答复", "", "电话"],
        ["001", "已办\n结（城管&局）", "", "13800000000"],
        ["002", "=HYPERLINK(\"x\")（城管&局）", "", "13800000000"],
        ["350405199001011234", "（城管&局）", "", "13800000000"],
        ["审核人：李四", "", "", ""],
        ["42", "", "", ""],
    ];
    assert_eq!(rows(&bytes), expected);
}

#[test]
fn no_value_becomes_a_formula_or_a_number() {
    let bytes = filled(&answer_sheet(), &[item("12", "=1+1")]);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    let range = book.worksheet_range("Sheet1").unwrap();
    assert_eq!(range.get_value((3, 0)), Some(&Data::String("12".to_owned())));
    assert!(!raw_part(&bytes, SHEET).contains("<f>"));
}

#[test]
fn merged_cells_heights_rules_and_print_area_follow_the_rows() {
    let bytes = filled(&answer_sheet(), &[item("1", ""), item("2", ""), item("3", "")]);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    let mut merged = book.merge_cells_by_sheet_name("Sheet1").unwrap();
    merged.sort_by_key(|range| range.start);
    let range = |row, from, to| Dimensions { start: (row, from), end: (row, to) };
    assert_eq!(
        merged,
        [range(0, 0, 3), range(3, 1, 2), range(4, 1, 2), range(5, 1, 2), range(6, 0, 3)]
    );
    let sheet = raw_part(&bytes, SHEET);
    assert_eq!(sheet.matches(" customHeight=\"1\"").count(), 3);
    assert!(sheet.contains("<dimension ref=\"A1:D8\"/>"));
    assert!(sheet.contains("sqref=\"D4:D6\""), "{sheet}");
    assert!(sheet.contains("<conditionalFormatting sqref=\"A8\">"));
    let book = raw_part(&bytes, "xl/workbook.xml");
    assert!(book.contains("Sheet1!$A$1:$D$8</definedName>"), "{book}");
    assert!(book.contains("Sheet1!$1:$3</definedName>"));
}

#[test]
fn a_filled_cell_keeps_its_style() {
    let template = answer_sheet();
    let style = |bytes: &[u8], cell: &str| {
        let sheet = raw_part(bytes, SHEET);
        let tag = sheet.split(&format!("<c r=\"{cell}\" ")).nth(1).unwrap();
        tag.split_whitespace().next().unwrap().to_owned()
    };
    let bytes = filled(&template, &[item("1", ""), item("2", "")]);
    let before = style(&template, "A4");
    assert!(before.starts_with("s=\""));
    assert_eq!([style(&bytes, "A4"), style(&bytes, "A5")], [before.clone(), before]);
}

#[test]
fn everything_but_the_marked_sheet_stays_byte_for_byte() {
    let template = answer_sheet();
    let bytes = filled(&template, &[item("1", "")]);
    let mut archive = ZipArchive::new(Cursor::new(template.as_slice())).unwrap();
    let mut after = ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    assert_eq!(archive.len(), after.len());
    for index in 0..archive.len() {
        let packed = |archive: &mut Archive<'_>| {
            let (mut bytes, mut entry) = (Vec::new(), archive.by_index_raw(index).unwrap());
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        };
        let (before, after) = (packed(&mut archive), packed(&mut after));
        assert_eq!(before.0, after.0);
        assert_eq!(before.1 == after.1, before.0 != SHEET, "{}", before.0);
    }
}

#[test]
fn rows_without_marks_stay_byte_for_byte_in_the_sheet() {
    let template = built(|sheet| {
        sheet.write(0, 0, "{{unit}}").unwrap();
        sheet.write(1, 0, 3.5).unwrap();
        sheet.write(2, 0, Formula::new("=A2*2").set_result("7")).unwrap();
    });
    let (before, after) = (raw_part(&template, SHEET), raw_part(&filled(&template, &[]), SHEET));
    let tail = |xml: &str| xml.split_once("<row r=\"2\"").unwrap().1.to_owned();
    assert_eq!(tail(&before), tail(&after));
}

#[test]
fn without_items_their_row_stays_and_is_empty() {
    let bytes = filled(&answer_sheet(), &[]);
    assert_eq!(rows(&bytes)[3], ["", "（城管&局）", "", ""]);
    assert_eq!(rows(&bytes)[4][0], "审核人：李四");
}

#[test]
fn fields_that_are_not_given_are_named_all_at_once() {
    let bytes = answer_sheet();
    let template = Template::read(&bytes, &Limits::default()).unwrap();
    let error = template.fill(&fields([("unit", "局")]), &[fields([("number", "1")])]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the template asks for fields that are not given: city, reviewer, item.answer, item.phone"
    );
}

#[test]
fn a_field_that_one_item_leaves_out_is_empty_there() {
    let bytes = filled(&answer_sheet(), &[item("1", "办结"), fields([("number", "2")])]);
    assert_eq!(rows(&bytes)[4], ["2", "（城管&局）", "", ""]);
}

#[test]
fn two_rows_of_items_in_a_sheet_are_refused() {
    let bytes = built(|sheet| {
        sheet.write(1, 0, "{{item.a}}").unwrap();
        sheet.write(4, 0, "{{item.b}}").unwrap();
    });
    let error = Template::read(&bytes, &Limits::default()).unwrap_err();
    assert!(matches!(error, TemplateError::TwoItemRows { first: 2, second: 5, .. }));
}

#[test]
fn a_formula_that_would_go_astray_is_refused_and_one_that_stays_is_not() {
    let with = |row, formula: &str| {
        let bytes = built(|sheet| {
            sheet.write(row, 1, Formula::new(formula)).unwrap();
            sheet.write(2, 0, "{{item.a}}").unwrap();
        });
        Template::read(&bytes, &Limits::default()).map(drop).map_err(|e| e.to_string())
    };
    let refused =
        |cell| Err(format!("{SHEET}: the formula in {cell} would go astray when rows are added"));
    assert_eq!(with(5, "=TODAY()"), refused("B6"));
    assert_eq!(with(0, "=COUNTA(A3:A3)"), refused("B1"));
    assert_eq!(with(0, "=TODAY()"), Ok(()));
}

#[test]
fn more_items_than_a_sheet_has_rows_are_refused() {
    let bytes = built(|sheet| {
        sheet.write(1_048_574, 0, "{{item.a}}").unwrap();
    });
    let template = Template::read(&bytes, &Limits::default()).unwrap();
    let items = |n| vec![fields([("a", "x")]); n];
    assert!(template.fill(&Fields::new(), &items(2)).is_ok());
    let refused = template.fill(&Fields::new(), &items(3));
    assert!(matches!(refused, Err(TemplateError::TooManyRows)));
}

#[test]
fn what_is_no_xlsx_workbook_is_refused() {
    let refused = Template::read(b"\xD0\xCF\x11\xE0", &Limits::default());
    assert!(matches!(refused, Err(TemplateError::NotXlsx)));
    let mut bytes = answer_sheet();
    bytes.truncate(200);
    let refused = Template::read(&bytes, &Limits::default());
    assert!(matches!(refused, Err(TemplateError::Damaged(_))));
}
