//! What the columns of exported workbooks are called.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, offset};
use model::rates::MEASURES as COUNT;

/// Columns of a list of cases with their widths in characters.
pub(super) const CASES: [(&str, u32); 12] = [
    ("编号", 18),
    ("标题", 36),
    ("流程", 12),
    ("事项", 16),
    ("状态", 12),
    ("地点", 16),
    ("责任岗位", 24),
    ("提交时间", 17),
    ("环节时限", 17),
    ("承诺时限", 17),
    ("办结时间", 17),
    ("是否超期", 9),
];

/// Columns of the forms and what they cost.
pub(super) const BURDEN: [(&str, u32); 11] = [
    ("流程", 18),
    ("表单", 18),
    ("依据", 40),
    ("谁填", 10),
    ("询问项数", 9),
    ("询问项", 40),
    ("填报次数", 9),
    ("每次用时（秒）", 13),
    ("合计（小时）", 12),
    ("已有仍问", 24),
    ("期内未用", 9),
];

/// Counters in their order.
pub(super) const MEASURES: [(&str, &str); COUNT] = [
    ("asked", "反映量"),
    ("opened", "诉求量"),
    ("dispatched", "派单量"),
    ("solved", "已解决"),
    ("unsolved", "未解决办结"),
    ("unreached", "联系未果办结"),
    ("withdrawn", "撤回"),
    ("referred", "转往有权机关"),
    ("merged", "并案"),
    ("excluded", "不予办理"),
    ("imported", "外部系统办结"),
    ("decided", "完成"),
    ("due", "承诺到期"),
    ("on_time", "其中按期"),
    ("called", "有效回访"),
    ("contacted", "其中已联系"),
    ("judged", "有效评价"),
    ("said_solved", "其中说已解决"),
    ("rated", "打分"),
    ("satisfied", "其中满意"),
    ("redispatched", "派单两次以上"),
    ("ever_dispatched", "派过单"),
    ("ended", "当期办结"),
];

/// Rates in their order.
pub(super) const RATES: [(&str, &str); 6] = [
    ("closed", "办结率"),
    ("on_time", "按期率"),
    ("response", "响应率"),
    ("solved", "解决率"),
    ("satisfied", "满意率"),
    ("redispatched", "重派率"),
];

/// Local time, which is +08:00 all year.
pub(super) fn local(at: Timestamp) -> DateTime {
    at.to_zoned(TimeZone::fixed(offset(8))).datetime()
}

/// Hundredths of a percent in words: 9986 is 99.86%.
pub(super) fn share(basis_points: i64) -> String {
    format!("{}.{:02}%", basis_points / 100, basis_points % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::rates::{COLUMNS, Counters, rates};

    #[test]
    fn every_counter_and_every_rate_has_its_column_in_order() {
        assert_eq!(MEASURES.map(|it| it.0), COLUMNS);
        let names: Vec<_> = rates(&Counters::default()).into_iter().map(|it| it.0).collect();
        assert_eq!(RATES.map(|it| it.0).to_vec(), names);
    }

    #[test]
    fn a_share_has_two_decimals() {
        assert_eq!([9_986, 10_000, 5].map(share), ["99.86%", "100.00%", "0.05%"]);
    }
}
