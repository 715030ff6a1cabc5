//! What can be wrong with a guard, where, and how it is told.

use std::borrow::Cow;

/// A fault in a guard and the character (from 0) at which it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Position in characters.
    pub at: usize,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong with a guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Longer than a guard may be.
    TooLong,
    /// Nested deeper than a guard may be.
    TooDeep,
    /// A number with more than 15 digits or six decimals, or a product finer than that.
    Number,
    /// A text without its closing quote, or with a backslash.
    OpenText,
    /// No sign of the language.
    Sign(String),
    /// Division is not in the language.
    Division,
    /// This sign was needed.
    Need(&'static str),
    /// Something follows the end.
    Extra,
    /// A value was needed.
    NoOperand,
    /// Nothing has this name.
    Unknown(String),
    /// The operator or function cannot take this.
    Type(&'static str),
    /// Not among the choices of the field.
    Choice(String),
    /// A guard must be true or false.
    NotBool,
}

impl Fault {
    pub(super) fn new(at: usize, wrong: Wrong) -> Self {
        Self { at, wrong }
    }
}

impl Wrong {
    /// What to tell the writer, in Chinese and in English.
    pub fn told(&self) -> (Cow<'static, str>, Cow<'static, str>) {
        let fixed = |zh: &'static str, en: &'static str| (zh.into(), en.into());
        match self {
            Self::TooLong => fixed("条件超过1000字", "the guard is longer than 1000 characters"),
            Self::TooDeep => fixed("嵌套超过32层", "nested deeper than 32"),
            Self::Number => {
                fixed("数字超过15位或小数超过6位", "a number has more than 15 digits or 6 decimals")
            }
            Self::OpenText => fixed(
                "文字缺少右引号,或含反斜杠",
                "a text lacks its closing quote or has a backslash",
            ),
            Self::Sign(it) => (format!("不认识符号 {it}").into(), format!("no sign {it}").into()),
            Self::Division => fixed("没有除法", "there is no division"),
            Self::Need(it) => {
                (format!("此处应有 {it}").into(), format!("{it} is needed here").into())
            }
            Self::Extra => fixed("此处起多余", "from here on nothing is expected"),
            Self::NoOperand => fixed("此处缺少一个值", "a value is needed here"),
            Self::Unknown(it) => (format!("没有 {it}").into(), format!("there is no {it}").into()),
            Self::Type(it) => (
                format!("{it} 两边的类型不合").into(),
                format!("{it} cannot take these types").into(),
            ),
            Self::Choice(it) => {
                (format!("选项中没有 {it}").into(), format!("{it} is not among the choices").into())
            }
            Self::NotBool => fixed("条件的结果必须是真或假", "a guard must be true or false"),
        }
    }
}
