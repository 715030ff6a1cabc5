//! The words of every check, in one place: name, severity, what is wrong, what to do, each in
//! Chinese and in English. `{0}`, `{1}` stand for what the check names.

use super::Severity::{self, Error, Report, Warning};

/// How a check speaks.
pub(crate) struct Wording {
    pub name: &'static str,
    pub severity: Severity,
    pub message: [&'static str; 2],
    pub advice: [&'static str; 2],
}

macro_rules! checks {
    ($($check:ident $name:literal $severity:ident
        $zh:literal $en:literal
        $advice_zh:literal $advice_en:literal;)*) => {
        /// Everything that can be wrong with a pack.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Check {
            $($check,)*
        }

        impl Check {
            #[cfg(test)]
            pub const ALL: &[Self] = &[$(Self::$check),*];

            /// Its words.
            pub fn wording(self) -> Wording {
                match self {
                    $(Self::$check => Wording {
                        name: $name,
                        severity: $severity,
                        message: [$zh, $en],
                        advice: [$advice_zh, $advice_en],
                    },)*
                }
            }
        }
    };
}

checks! {
    Syntax "syntax" Error
        "语法错误:{0}" "syntax error: {0}"
        "改正此处;其余部分已照读" "correct this place; the rest was read";
    UnknownKey "unknown_key" Error
        "不认识的键或文件 {0}" "unknown key or file {0}"
        "改正拼写,或删去" "correct the spelling, or remove it";
    MissingKey "missing_key" Error
        "缺少 {0}" "{0} is missing"
        "补上这一项" "add it";
    WrongType "wrong_type" Error
        "{0} 的值不合写法,应为 {1}" "{0} is not written as {1}"
        "按所示写法改写" "write it in the form shown";
    IdForm "id_form" Error
        "标识 {0} 不合写法" "{0} is no id"
        "用小写字母、数字和下划线,字母开头" "use lower-case letters, digits and underscores, a letter first";
    UnknownRef "unknown_ref" Error
        "{0} 没有定义" "{0} is not defined"
        "改正名称,或先定义它" "correct the name, or define it";
    Unused "unused" Warning
        "{0} 没有被用到" "nobody names {0}"
        "用上它,或删去" "use it, or remove it";
    NameClash "name_clash" Error
        "字段 {0} 与岗位角色或固定词同名" "field {0} has the name of a role or a fixed word"
        "换一个字段名" "choose another name for the field";
    Unreachable "unreachable" Error
        "从提交走不到 {0}" "{0} cannot be reached from open"
        "加一个通向它的动作,或删去" "add an action that leads to it, or remove it";
    NoWayOut "no_way_out" Error
        "从 {0} 走不到任何结果" "no end can be reached from {0}"
        "加一个离开它的动作" "add an action that leaves it";
    Stuck "stuck" Error
        "走到 {0} 时可能次数都已用尽而无法办结:{1}" "in {0} all ways out can be used up: {1}"
        "加一条没有次数限制的出路,或放宽 at_most" "add a way out without a bound, or raise at_most";
    TooMany "stuck" Report
        "{0} 的情形超过 {1} 种,只走了这些" "{0} has more than {1} situations; only these were walked"
        "减少 at_most 或拆分流程,才能全部走遍" "lower some at_most or divide the procedure to have all walked";
    NoOwner "no_owner" Error
        "状态 {0} 没有责任岗位" "state {0} has no owner"
        "写上 owner" "name an owner";
    NoLimit "no_limit" Error
        "状态 {0} 没有时限" "state {0} has no limit"
        "写上 limit" "name a limit";
    EndWithClock "end_with_clock" Error
        "结果 {0} 不能有责任岗位、时限或到期动作" "end {0} must have no owner, limit, late or waits"
        "删去这些键" "remove these keys";
    OwnerUnfit "owner_unfit" Error
        "状态 {0} 的责任方可能是群众、单位或志愿者" "the owner of {0} can be a resident, an organisation or a volunteer"
        "责任方必须是岗位" "the owner must be a post";
    NoConsequence "no_consequence" Error
        "{0} 的最后一项 {1} 可能做不成" "the last entry of {0}, {1}, can fail"
        "在末尾加一个没有条件和次数限制的动作" "end the list with an action without guard or bound";
    ClockCannot "clock_cannot" Error
        "到期时不能自动做 {0}:{1}" "the clock cannot do {0}: {1}"
        "去掉必填项、审批、回避和会签,并把本状态列入 from" "drop required asks, approval, not_by and all, and name this state in from";
    NeverDone "never_done" Error
        "动作 {0} 只由时钟做,却没有状态写到它" "only the clock does {0}, but no state names it"
        "写入某个状态的 late 或 joined" "name it in late or joined of a state";
    LoopUnbounded "loop_unbounded" Error
        "可以无限次绕行:{0}" "this way round is unbounded: {0}"
        "给其中一个动作加 at_most 或 approval" "give one of the actions at_most or approval";
    WaitUnbounded "wait_unbounded" Error
        "等待状态 {0} 的进出没有界限:{1}" "waiting state {0} is not bounded: {1}"
        "等人答复要限次数,等条件要经审批,late 最后要离开" "bound waits for people, have waits for conditions approved, and let late leave at last";
    WaitCutShort "wait_cut_short" Report
        "{0} 未到期时可由他人提前结束:{1}" "{0} can be ended early by another than the awaited: {1}"
        "确认这是有意的" "make sure it is meant";
    InstantLoop "instant_loop" Error
        "joined 会立即循环:{0}" "joined goes round at once: {0}"
        "让其中一步由人来做" "let a person do one of the steps";
    OpensItself "opens_itself" Error
        "子件会不断打开自己:{0}" "children open themselves: {0}"
        "改为 as = \"link\",或断开这一环" "use as = \"link\", or break the chain";
    LimitOrigin "limit_origin" Error
        "{0} 从 {1} 起算,但未必经过它" "{0} counts from {1}, which is not on every way here"
        "从必经的状态起算" "count from a state on every way";
    StaleDate "stale_date" Error
        "再次进入 {0} 时,日期 {1} 可能已过" "when {0} is entered again, the date {1} may be past"
        "进入时询问该字段,或加条件 f.FIELD > now" "ask the field on the way in, or guard f.FIELD > now";
    WindowDead "window_dead" Warning
        "动作 {0} 的窗口比停留的时间还长" "the window of {0} is longer than the stay"
        "缩短 within,或放宽 limit" "shorten within, or lengthen limit";
    LongestLife "longest_life" Report
        "{0} 最长可合规存续约 {1} 天:{2}" "{0} can lawfully live about {1} days: {2}"
        "请签发人确认" "whoever signs the pack should agree";
    FieldUnset "field_unset" Error
        "用到 {0} 时它可能还没有填" "{0} may not be set when it is used"
        "之前必填,或用 has() 保护" "ask it before, or protect it with has()";
    GuardType "guard_type" Error
        "条件第 {0} 字:{1}" "guard, character {0}: {1}"
        "按 packs.md §3.7 改写" "rewrite it after packs.md §3.7";
    GuardNever "guard_never" Error
        "条件永远不成立:{0}" "the guard never holds: {0}"
        "改正条件,或删去动作" "correct the guard, or remove the action";
    GuardAlways "guard_always" Warning
        "条件总是成立:{0}" "the guard always holds: {0}"
        "删去条件" "remove the guard";
    ChildForm "child_form" Error
        "打开 {0} 时没有给出必填的 {1}" "opening {0} does not give the required {1}"
        "写入 with" "give it in with";
    EffectType "effect_type" Error
        "效果中 {0} 的类型或名称不合" "{0} in an effect has the wrong type or name"
        "换成合适的字段或值" "use a field or value that fits";
    FillUnknown "fill_unknown" Error
        "预填 {0} 找不到来源或不在表单上" "prefill {0} has no source or is not asked"
        "用 matter.列、asker.contact 或已有字段" "use matter.COLUMN, asker.contact or a field";
    Verdict "verdict" Error
        "动作 {0} 通向的结果与裁定人不符" "action {0} leads to an end that the verdict does not allow"
        "“已解决”须由裁定人说;decided 只用于无人裁定的流程" "solved needs the word of whoever has the verdict; decided is only for work nobody asked for";
    NoVerdict "verdict" Error
        "群众的流程必须由其本人裁定" "a resident's procedure needs the asker's verdict"
        "删去 verdict = \"none\"" "remove verdict = \"none\"";
    NoPromise "no_promise" Error
        "群众的流程没有承诺期限" "a resident's procedure makes no promise"
        "写上 promise" "add promise";
    OutlastsPromise "outlasts_promise" Warning
        "{0} 的时限长于承诺期限" "the limit of {0} is longer than the promise"
        "缩短时限,或放宽承诺" "shorten the limit, or lengthen the promise";
    Unreached "unreached" Error
        "动作 {0} 不足三次联系就按联系未果办结" "action {0} closes as unreached before three recorded attempts"
        "写 after = { attempt = 3 }" "write after = { attempt = 3 }";
    Unsolved "unsolved" Error
        "动作 {0} 按未解决办结,却没有上一级复核" "action {0} closes as unsolved without review one level up"
        "加 approval,或由非承办的岗位来做" "add approval, or let another post than the handling one do it";
    Excluded "excluded" Error
        "动作 {0} 未经审批就剔除" "action {0} excludes without approval"
        "写上 approval" "add approval";
    Extension "extension" Error
        "动作 {0} 未经审批就延期" "action {0} extends without approval"
        "写上 approval:承诺期限只能经审批延长" "add approval: only an approved extension moves the promise";
    Withdrawn "withdrawn" Error
        "动作 {0} 不是诉求人自己撤回" "action {0} withdraws without the asker"
        "by 或 voice 写 asker" "by or voice must be the asker";
    Merged "merged" Error
        "动作 {0} 并案时没有问并入哪一件" "action {0} merges without asking the case"
        "asks 中写一个 case 类型的必填字段" "ask a required field of type case";
    Referred "referred" Error
        "动作 {0} 转办时没有留回执" "action {0} refers without a receipt"
        "asks 中写必填的 receipt" "ask receipt, required";
    Imported "imported" Error
        "动作 {0} 不能通向 imported" "action {0} must not lead to imported"
        "这个结果只由导入产生" "only an import gives this end";
    PersonWithoutWhy "person_without_why" Error
        "收集个人的字段没有写明理由" "a field that holds a person says no reason"
        "写上 why" "add why";
    MaskWidened "mask_widened" Error
        "{0} 放宽了上级方案的保密范围" "{0} opens what the parent pack closed"
        "只能收紧,不能放宽" "privacy may be narrowed only";
    ForbiddenSubject "forbidden_subject" Warning
        "“{0}”属于不得收集的内容({1})" "{0} is a subject that must not be collected ({1})"
        "删去;见 domain.md §6" "remove it; see domain.md §6";
    AskedKnown "asked_known" Error
        "{0} 又问已经知道的 {1}" "{0} asks {1}, which is known"
        "用 fill 预填" "prefill it with fill";
    NoBasis "no_basis" Error
        "流程 {0} 没有写依据" "procedure {0} names no basis"
        "写上 why:文件或法规" "add why: the document or law";
    Burden "burden" Report
        "{0}:{1} 张表单,必填 {2} 项,选填 {3} 项" "{0}: {1} forms, {2} required and {3} optional fields"
        "请签发人确认每一项都需要" "whoever signs should agree that each is needed";
    TextMissing "text_missing" Error
        "缺少中文 {0}" "the Chinese {0} is missing"
        "补上文字" "add the text";
    TranslationMissing "text_missing" Warning
        "{0}.toml 缺少 {1}" "{0}.toml lacks {1}"
        "在 texts 中补上同一路径" "add it to texts under the same path";
    TextUnknown "unknown_ref" Warning
        "{0}.toml 的 {1} 不对应任何文字" "{1} of {0}.toml translates nothing"
        "改正路径,或删去" "correct the path, or remove it";
    ShownMissing "shown_missing" Error
        "状态 {0} 没有给诉求人看的文字" "state {0} shows the asker nothing"
        "写上 shown" "add shown";
    InnerWords "inner_words" Warning
        "给诉求人看的文字过长或含内部用语:{0}" "what the asker reads is too long or uses house words: {0}"
        "用群众的话重写,不超过30字" "say it in plain words, at most 30 characters";
    DropUnknown "drop_unknown" Error
        "drop 的 {0} 在上级中没有" "drop names {0}, which the parent does not have"
        "改正路径" "correct the path";
    OverridesNothing "overrides_nothing" Error
        "{0} 想改的东西在上级中没有" "{0} changes something the parent does not have"
        "改正名称,或把它写全" "correct the name, or write it out in full";
    ParentVersion "parent_version" Error
        "继承的方案不合:{0}" "the parent pack does not fit: {0}"
        "改正 extends 的版本;至多三层" "correct the version in extends; three packs at most";
    ExtendsLoop "extends_loop" Error
        "{0} 继承了自己" "{0} inherits itself"
        "断开这一环" "break the circle";
    RouteOrder "route_order" Error
        "派单规则必须有且只有最后一行不带条件" "of a route the last line, and only it, has no condition"
        "在末尾写一行只有 unit 的规则" "end with a line that has only unit";
    BallotSense "ballot_sense" Error
        "表决的 {0} 说不通" "{0} of the ballot makes no sense"
        "赞成项须在选项之中且不能是全部;比例不超过一" "yes must be among the choices and not all of them; shares at most one";
    BallotBypassed "ballot_bypassed" Error
        "状态 {0} 的表决可以被 {1} 绕过或走不出去" "the ballot of {0} can be passed by, or does not lead out: {1}"
        "只由 passed、failed、void 离开,且各自最后一项离开本状态" "leave it by passed, failed and void alone, whose last entries leave the state";
    KeyPrivate "key_private" Error
        "台账以不公开的文字 {0} 为主键" "the key {0} of the register is text that is not public"
        "主键会写入日志:把它标为 public,或换一个主键" "the key is written into the journal: mark it public, or take another";
    PublishPrivate "publish_private" Error
        "公示栏要显示的 {0} 不是公开字段" "the board would show {0}, which is not public"
        "把字段标为 public,或不公示它" "mark the field public, or do not show it";
    CycleOverlap "cycle_overlap" Warning
        "周期 {0} 再次到来时,它打开的 {1} 可能还没办完" "cycle {0} comes round before {1}, which it opens, may be done"
        "缩短第一环节的时限,或放宽周期" "shorten the first limit, or lengthen the period";
    CountsEffort "counts_effort" Error
        "指标 {0} 考核的是留痕 {1},不是结果" "figure {0} rewards the trace {1}, not an outcome"
        "改为统计结果:是否解决、是否按期、群众是否满意" "count outcomes instead: solved, in time, satisfied";
    AreaNotBuilt "area_not_built" Error
        "{0} 所属的部分尚未建成" "the area of {0} is not built"
        "删去后才能载入" "remove it to load the pack";
    RoleUnheld "role_unheld" Warning
        "{0} 没有人任职,往上也没有" "nobody holds {0}, here or up the tree"
        "任命,或改由别的岗位" "appoint somebody, or name another post";
    FallbackVacant "fallback_vacant" Error
        "最后的责任岗位 {0} 无人任职" "the last resort {0} is vacant"
        "任命一人" "appoint somebody";
    RouteGap "route_gap" Error
        "事项 {0} 派不到 {1}" "matter {0} cannot be routed to {1}"
        "补上单位,或改正代码" "add the organisation, or correct the code";
    MovesMissing "moves_missing" Warning
        "流程 {0} 的状态 {1} 在新版本里没有,也没有写由谁接续" "state {1} of procedure {0} is gone from the new version and has no successor"
        "在 pack.toml 的 [moves.流程] 中写明接续的状态" "name its successor in [moves.PROCEDURE] of pack.toml";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        for check in Check::ALL {
            let wording = check.wording();
            let slots =
                |text: &str| (0..4).filter(|it| text.contains(&format!("{{{it}}}"))).count();
            let [zh, en] = wording.message;
            assert_eq!(slots(zh), slots(en), "{}", wording.name);
            assert!(wording.advice.iter().all(|it| !it.is_empty()), "{}", wording.name);
        }
    }

    /// What the page of problems says of one check: each slot is an ellipsis there.
    fn told(text: &str) -> String {
        (0..4).fold(text.to_owned(), |text, slot| text.replace(&format!("{{{slot}}}"), "…"))
    }

    #[test]
    fn the_page_of_problems_says_what_the_program_says() {
        let page = include_str!("../../../../docs/packs/problems.md");
        for check in Check::ALL {
            let Wording { name, message: [zh, en], advice: [do_zh, do_en], .. } = check.wording();
            assert!(page.contains(&format!("### {name}\n")), "{name}");
            let line = format!("- {} / {}\n  → {do_zh} / {do_en}\n", told(zh), told(en));
            assert!(page.contains(&line), "{name}: {line}");
        }
        let entries = page.lines().filter(|line| line.starts_with("- ")).count();
        assert_eq!(entries, Check::ALL.len());
    }

    #[test]
    fn every_check_is_tried_by_a_test() {
        let tests = [
            include_str!("tests.rs"),
            include_str!("network.rs"),
            include_str!("moved.rs"),
            include_str!("phrases.rs"),
            include_str!("../read/tests.rs"),
        ];
        for name in Check::ALL.iter().map(|check| check.wording().name) {
            let tried = tests.iter().any(|text| text.contains(&format!("\"{name}\"")));
            assert!(tried, "{name}");
        }
    }
}
