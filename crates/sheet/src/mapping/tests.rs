//! Promises of mapping files.

use rstest::rstest;

use super::*;
use crate::format::Format;
use crate::read::Table;

const MAPPING: &str = r#"
[fields]
title = "标题"
kind = { column = "类型", map = { "投诉" = "complaint", "咨询" = "question" } }
asked_on = { column = "日期", date = ["%Y/%m/%d", "%Y年%m月%d日", "%Y/%m/%d %H:%M"], required = true }
channel = { column = "来源", trim = true, default = "电话" }
units = { column = "单位", split = "、" }
system = { default = "12345" }
"#;

const HEADER: &str = "标题,类型,日期,来源,单位\n";

fn applied(line: &str) -> Result<BTreeMap<String, String>, Vec<CellProblem>> {
    let text = [HEADER, line].concat();
    let mut table = Table::read(text.as_bytes(), Format::Csv).unwrap();
    let row = table.rows().unwrap().next().unwrap().unwrap();
    Mapping::parse(MAPPING).unwrap().apply(&row)
}

#[test]
fn a_row_becomes_fields_step_by_step() {
    let fields = applied("噪音,投诉,2026/3/1,  网站 ,城管局、 街道办、").unwrap();
    let expected = [
        ("asked_on", "2026-03-01"),
        ("channel", "网站"),
        ("kind", "complaint"),
        ("system", "12345"),
        ("title", "噪音"),
        ("units", "城管局\n街道办"),
    ];
    assert_eq!(fields, expected.map(|(k, v)| (k.to_owned(), v.to_owned())).into());
}

#[test]
fn an_empty_cell_takes_the_default_or_leaves_the_field_out() {
    let fields = applied(",,2026-03-01,,").unwrap();
    let keys: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(keys, [("asked_on", "2026-03-01"), ("channel", "电话"), ("system", "12345")]);
}

#[rstest]
#[case("2026-11-21", "2026-11-21")]
#[case("2026-11-21T09:30:00", "2026-11-21T09:30:00")]
#[case("2026年1月5日", "2026-01-05")]
#[case("2026/1/5 8:05", "2026-01-05T08:05:00")]
fn dates_are_understood_in_iso_and_in_each_given_format(#[case] text: &str, #[case] iso: &str) {
    assert_eq!(applied(&format!("噪音,投诉,{text},,")).unwrap()["asked_on"], iso);
}

#[test]
fn all_problems_of_a_row_come_at_once_with_row_column_value_and_advice() {
    let problems = applied("3.50405E+17,表扬,,,").unwrap_err();
    let told: Vec<_> =
        problems.iter().map(|p| (p.row, p.column.as_str(), p.value.as_str())).collect();
    assert_eq!(told, [(2, "日期", ""), (2, "类型", "表扬"), (2, "标题", "3.50405E+17")]);
    assert_eq!(problems[0].advice, "必填，不能为空");
    assert_eq!(problems[1].advice, "“表扬”不在可选范围内，请填：咨询、投诉");
    assert!(problems[2].advice.contains("文本"));
}

#[rstest]
#[case("2026/13/1")]
#[case("2026/2/30")]
#[case("昨天")]
fn a_day_that_is_not_in_the_calendar_is_a_problem_with_samples(#[case] text: &str) {
    let problems = applied(&format!("噪音,投诉,{text},,")).unwrap_err();
    assert_eq!(
        problems[0].advice,
        "不是有效的日期，请填成 2026/03/01 或 2026年03月01日 或 2026/03/01 09:30 的样子"
    );
}

#[rstest]
#[case("[fields]\ntitle = { colunm = \"标题\" }", 2, 11, "unknown field `colunm`")]
#[case("[fields]\n[field]\n", 2, 2, "unknown field `field`")]
#[case("[fields]\ntitle = 3", 2, 9, "a column's name or a table")]
#[case("[fields]\n\"标题\" = 3", 2, 8, "a column's name or a table")]
#[case("[fields]\na = {}", 2, 5, "needs a `column` or a `default`")]
#[case("[fields]\na = { column = \"x\", required = true, default = \"y\" }", 2, 5, "`required`")]
#[case("[fields]\na = { column = \"x\", split = \"\" }", 2, 5, "separator")]
#[case("[fields]\na = { column = \"x\", date = \"%Y\", map = {} }", 2, 28, "no date format")]
#[case("[fields]\na = { column = \"x\", date = [] }", 2, 28, "needs a format")]
#[case("[fields]\na = { column = \"x\", date = \"%F\", map = {} }", 2, 5, "not both")]
#[case("header_row = 1", 1, 1, "missing field `fields`")]
fn a_mistake_is_told_with_its_place(
    #[case] toml: &str,
    #[case] line: usize,
    #[case] column: usize,
    #[case] message: &str,
) {
    let error = Mapping::parse(toml).unwrap_err();
    assert!(error.message.contains(message), "{error}");
    assert_eq!((error.line, error.column), (line, column), "{error}");
}

#[test]
fn columns_the_mapping_needs_are_checked_before_any_row_is_read() {
    let bytes = "标题,日期,日 期,类型\n1,2,3,4\n".as_bytes();
    let table = Table::read(bytes, Format::Csv).unwrap();
    let problems = Mapping::parse(MAPPING).unwrap().check(table.headers());
    let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "the header \"日期\" stands above columns B, C",
            "there is no column \"来源\", which \"channel\" is taken from",
            "there is no column \"单位\", which \"units\" is taken from",
        ]
    );
}

#[test]
fn a_mapping_says_how_to_read_its_tables() {
    let mapping =
        Mapping::parse("sheet = \"办件\"\nheader_row = 2\nnotes_rows = 1\n[fields]\na = \"b\"");
    let reading = mapping.unwrap().reading();
    assert_eq!(
        (reading.sheet.as_deref(), reading.header_row, reading.notes_rows),
        (Some("办件"), 2, 1)
    );
}
