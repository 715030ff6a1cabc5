//! Why a rule said no. Each has a code that clients and stories know, and a sentence in Chinese and
//! English that says what to do.

use super::form::FieldProblem;
use jiff::Timestamp;

/// The first rule that said no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.english())]
pub enum Refusal {
    /// The pack has no such procedure.
    UnknownProcedure {
        /// The name asked for.
        procedure: String,
    },
    /// The procedure has no such action.
    UnknownAction {
        /// The name asked for.
        action: String,
    },
    /// The catalogue has no such matter.
    UnknownMatter {
        /// The name asked for.
        matter: String,
    },
    /// The case has ended.
    Ended,
    /// Not in this state.
    WrongState {
        /// The state the case is in.
        state: String,
    },
    /// Not this post, not this person.
    NotYours,
    /// 回避: whoever did this may not do that.
    DidBefore {
        /// What they did.
        action: String,
    },
    /// Done as often as it may be.
    Exhausted {
        /// The bound.
        at_most: u32,
    },
    /// Something must be done first.
    TooEarly {
        /// What.
        action: String,
        /// How often.
        times: u32,
    },
    /// The window has closed.
    WindowClosed {
        /// When it closed.
        at: Timestamp,
    },
    /// The form does not pass.
    Form(Vec<FieldProblem>),
    /// The guard is not met.
    Guard {
        /// The guard as the pack wrote it.
        rule: String,
        /// What the pack says of it, in Chinese and in English.
        says: [Option<String>; 2],
    },
    /// Another approval is outstanding.
    ApprovalPending {
        /// Of which action.
        action: String,
    },
    /// Parallel work is still open.
    ChildrenOpen {
        /// How many.
        open: u32,
    },
    /// The asker may not hide in this way here.
    HidingNotOffered,
    /// An effect has nobody to act on.
    Nobody {
        /// The account or field.
        party: String,
    },
}

impl Refusal {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownProcedure { .. } => "unknown_procedure",
            Self::UnknownAction { .. } => "unknown_action",
            Self::UnknownMatter { .. } => "unknown_matter",
            Self::Ended => "ended",
            Self::WrongState { .. } => "wrong_state",
            Self::NotYours => "not_yours",
            Self::DidBefore { .. } => "did_before",
            Self::Exhausted { .. } => "exhausted",
            Self::TooEarly { .. } => "too_early",
            Self::WindowClosed { .. } => "window_closed",
            Self::Form(_) => "form",
            Self::Guard { .. } => "guard",
            Self::ApprovalPending { .. } => "approval_pending",
            Self::ChildrenOpen { .. } => "children_open",
            Self::HidingNotOffered => "hiding_not_offered",
            Self::Nobody { .. } => "nobody",
        }
    }

    /// For a Chinese reader.
    pub fn chinese(&self) -> String {
        match self {
            Self::UnknownProcedure { procedure } => format!("没有“{procedure}”这一流程"),
            Self::UnknownAction { action } => format!("本流程没有“{action}”这一动作"),
            Self::UnknownMatter { matter } => format!("事项目录中没有“{matter}”"),
            Self::Ended => "办件已经办结,请按“再次反映”办理".to_owned(),
            Self::WrongState { .. } => "当前环节不能这样办,请刷新后再看可用的动作".to_owned(),
            Self::NotYours => "这一步由其他岗位办理".to_owned(),
            Self::DidBefore { .. } => "同一人不得办理前后两步,请由其他人办理".to_owned(),
            Self::Exhausted { at_most } => format!("最多 {at_most} 次,已经用完"),
            Self::TooEarly { times, .. } => format!("须先完成前置动作 {times} 次"),
            Self::WindowClosed { at } => format!("办理期限已于 {} 截止", local(*at)),
            Self::Form(_) => "表单有误,请按提示修改".to_owned(),
            Self::Guard { says: [chinese, _], .. } => {
                chinese.clone().unwrap_or_else(|| "不符合办理条件".to_owned())
            }
            Self::ApprovalPending { .. } => "已有一项审批在途,请等待结果".to_owned(),
            Self::ChildrenOpen { open } => format!("还有 {open} 件协办未完成"),
            Self::HidingNotOffered => "本流程不支持这种反映方式".to_owned(),
            Self::Nobody { party } => format!("“{party}”找不到对应的人或单位,请先补上"),
        }
    }

    /// For an English reader.
    pub fn english(&self) -> String {
        match self {
            Self::UnknownProcedure { procedure } => format!("there is no procedure `{procedure}`"),
            Self::UnknownAction { action } => format!("the procedure has no action `{action}`"),
            Self::UnknownMatter { matter } => format!("the catalogue has no matter `{matter}`"),
            Self::Ended => "the case has ended; it can only be reopened".to_owned(),
            Self::WrongState { state } => format!("not possible in the state `{state}`"),
            Self::NotYours => "another post does this step".to_owned(),
            Self::DidBefore { action } => {
                format!("whoever did `{action}` may not do this; ask somebody else")
            }
            Self::Exhausted { at_most } => format!("possible at most {at_most} times"),
            Self::TooEarly { action, times } => {
                format!("possible only after `{action}` was done {times} times")
            }
            Self::WindowClosed { at } => format!("possible only until {}", local(*at)),
            Self::Form(_) => "the form has problems; see each field".to_owned(),
            Self::Guard { rule, says: [_, english] } => {
                english.clone().unwrap_or_else(|| format!("the rule `{rule}` is not met"))
            }
            Self::ApprovalPending { action } => format!("an approval of `{action}` is outstanding"),
            Self::ChildrenOpen { open } => format!("{open} cases below this one are still open"),
            Self::HidingNotOffered => "this procedure does not offer that".to_owned(),
            Self::Nobody { party } => format!("nobody stands for `{party}`; name somebody first"),
        }
    }
}

fn local(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}
