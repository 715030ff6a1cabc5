//! What a cell says as text: dates in ISO, numbers without exponents, and what Excel has spoiled.

use calamine::{DataType, ExcelDateTime};
use jiff::SignedDuration;

/// What a spreadsheet program has done to a value before it came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// More than fifteen digits were kept as a number, so the last of them are lost.
    DigitsLost,
    /// A formula that failed, such as `#N/A`.
    FormulaError,
}

/// A cell's text, cleaned, and what was lost of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct CellText {
    pub text: String,
    pub damage: Option<Damage>,
}

impl CellText {
    /// Text as it was typed; line ends become `\n`, other control characters and trailing space go.
    pub fn typed(text: &str) -> Self {
        let mut clean = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\r' if chars.peek() == Some(&'\n') => {}
                '\r' => clean.push('\n'),
                '\n' | '\t' => clean.push(c),
                c if c.is_control() => {}
                c => clean.push(c),
            }
        }
        clean.truncate(clean.trim_end().len());
        let damage = is_abbreviated(&clean).then_some(Damage::DigitsLost);
        Self { text: clean, damage }
    }

    pub fn of(data: &impl DataType) -> Self {
        if let Some(text) = data.get_string() {
            Self::typed(text)
        } else if let Some(number) = data.get_float() {
            Self::number(number)
        } else if let Some(moment) = data.get_datetime() {
            Self::sound(iso(moment))
        } else if let Some(text) = data.get_datetime_iso() {
            Self::sound(text.strip_suffix("T00:00:00").unwrap_or(text).to_owned())
        } else if let Some(text) = data.get_duration_iso() {
            Self::sound(text.parse().map_or_else(|_| text.to_owned(), clock))
        } else if let Some(error) = data.get_error() {
            Self { text: error.to_string(), damage: Some(Damage::FormulaError) }
        } else if let Some(truth) = data.get_bool() {
            Self::sound(if truth { "TRUE" } else { "FALSE" }.to_owned())
        } else {
            Self::sound(data.get_int().map(|number| number.to_string()).unwrap_or_default())
        }
    }

    fn sound(text: String) -> Self {
        Self { text, damage: None }
    }

    // Excel keeps fifteen digits and shows no more, so 0.1 + 0.2 is 0.3 to the person who typed it.
    fn number(number: f64) -> Self {
        let shown = format!("{number:.14e}").parse().unwrap_or(number);
        let damage = (number.abs() >= 1e15).then_some(Damage::DigitsLost);
        Self { text: shown.to_string(), damage }
    }
}

/// `3.50102E+17`: what Excel leaves of an identity number when it saves text files.
fn is_abbreviated(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && digits(exponent)
}

fn iso(moment: ExcelDateTime) -> String {
    let seconds = (moment.as_f64() * 86_400.0).round();
    if moment.is_duration() || seconds < 86_400.0 {
        return clock(SignedDuration::from_secs(seconds as i64));
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
    }
}

fn clock(time: SignedDuration) -> String {
    let (sign, seconds) = (if time.is_negative() { "-" } else { "" }, time.as_secs().abs());
    format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::DataRef;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};
    use rstest::rstest;

    #[rstest]
    #[case(13_800_000_000.0, "13800000000", None)]
    #[case(999_999_999_999_999.0, "999999999999999", None)]
    #[case(350_405_199_001_011_234.0, "350405199001011000", Some(Damage::DigitsLost))]
    #[case(0.1 + 0.2, "0.3", None)]
    #[case(-26.5, "-26.5", None)]
    #[case(0.000_001, "0.000001", None)]
    fn numbers_read_as_excel_shows_them_and_never_with_an_exponent(
        #[case] number: f64,
        #[case] text: &str,
        #[case] damage: Option<Damage>,
    ) {
        let cell = CellText::of(&DataRef::Float(number));
        assert_eq!((cell.text.as_str(), cell.damage), (text, damage));
    }

    #[rstest]
    #[case(46_347.0, DateTime, "2026-11-21")]
    #[case(46_347.395_833_333, DateTime, "2026-11-21T09:30:00")]
    #[case(0.395_833_333, DateTime, "09:30:00")]
    #[case(1.5, TimeDelta, "36:00:00")]
    fn dates_and_times_read_as_iso(
        #[case] serial: f64,
        #[case] kind: calamine::ExcelDateTimeType,
        #[case] text: &str,
    ) {
        let moment = ExcelDateTime::new(serial, kind, false);
        assert_eq!(CellText::of(&DataRef::DateTime(moment)).text, text);
    }

    #[rstest]
    #[case(DataRef::DateTimeIso("2026-11-21T00:00:00".into()), "2026-11-21")]
    #[case(DataRef::DateTimeIso("2026-11-21T09:30:00".into()), "2026-11-21T09:30:00")]
    #[case(DataRef::DurationIso("PT09H30M00S".into()), "09:30:00")]
    #[case(DataRef::Bool(true), "TRUE")]
    #[case(DataRef::Int(7), "7")]
    fn other_kinds_of_cells_read_as_plain_text(#[case] data: DataRef<'_>, #[case] text: &str) {
        assert_eq!(CellText::of(&data), CellText::sound(text.into()));
    }

    #[rstest]
    #[case("3.50405E+17", true)]
    #[case("1E+11", true)]
    #[case("E+11", false)]
    #[case("小区E+11幢", false)]
    #[case("12.5E+3", false)]
    fn an_abbreviated_number_is_known_by_its_shape(#[case] text: &str, #[case] lost: bool) {
        assert_eq!(CellText::typed(text).damage == Some(Damage::DigitsLost), lost);
    }

    #[test]
    fn typed_text_keeps_its_lines_and_loses_what_no_one_sees() {
        assert_eq!(CellText::typed("一\r\n二\r三\0\u{7}  \u{3000}\n").text, "一\n二\n三");
        assert_eq!(CellText::typed("  开头留着").text, "  开头留着");
    }
}
