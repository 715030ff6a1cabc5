//! The request loop: owners, clocks, promises and refusals of `appeal`.

use super::*;
use model::cases::End;

fn opened() -> CaseState {
    open(&world(&TOWN, "2026-09-18T09:00"), &opening(None)).unwrap().state
}

fn acted(case: &CaseState, now: &str, by: Doer, act: &str, form: &str) -> CaseState {
    step(&TOWN, case, now, by, act, form).unwrap().state
}

fn refused(case: &CaseState, now: &str, by: Doer, act: &str, form: &str) -> &'static str {
    step(&TOWN, case, now, by, act, form).unwrap_err().code()
}

fn handling() -> CaseState {
    let case = acted(
        &opened(),
        "2026-09-18T09:20",
        post(DESK),
        "dispatch",
        r#"{"unit":"urban_management"}"#,
    );
    acted(&case, "2026-09-18T10:00", post(CLERK), "sign", "{}")
}

fn answered() -> CaseState {
    let case =
        acted(&handling(), "2026-09-20T10:00", post(CLERK), "answer", r#"{"words":"已修好"}"#);
    acted(&case, "2026-09-20T11:00", post(HEAD), "approve", "{}")
}

fn day(at: Timestamp) -> String {
    calendar::local_date(at).to_string()
}

#[test]
fn a_request_is_owned_by_the_desk_and_promised_in_five_working_days() {
    let case = opened();
    assert_eq!((case.state.as_str(), case.owner), ("received", Some(id(DESK))));
    // Sunday 20 September 2026 is a workday.
    assert_eq!(day(case.promise.unwrap().at), "2026-09-24");
}

#[test]
fn dispatching_again_never_moves_the_promise() {
    let first = handling();
    let returned =
        acted(&first, "2026-09-20T09:00", post(CLERK), "return", r#"{"note":"不是我们的路段"}"#);
    let again = acted(&returned, "2026-09-20T09:30", post(DESK), "dispatch", r#"{"unit":"water"}"#);
    assert_eq!(again.promise, first.promise);
    assert_eq!((again.owner, again.dispatches), (Some(id(WATER_CLERK)), 2));
}

#[test]
fn a_third_return_is_refused() {
    let mut case = opened();
    for _ in 0..2 {
        case = acted(&case, "2026-09-18T10:00", post(DESK), "dispatch", r#"{"unit":"water"}"#);
        case =
            acted(&case, "2026-09-18T11:00", post(WATER_CLERK), "return", r#"{"note":"不属我司"}"#);
    }
    case = acted(&case, "2026-09-18T12:00", post(DESK), "dispatch", r#"{"unit":"water"}"#);
    assert_eq!(
        refused(&case, "2026-09-18T13:00", post(WATER_CLERK), "return", r#"{"note":"x"}"#),
        "exhausted"
    );
}

#[test]
fn only_the_post_named_may_act_and_only_in_its_state() {
    let case = handling();
    assert_eq!(
        refused(&case, "2026-09-18T10:10", post(WATER_CLERK), "answer", r#"{"words":"x"}"#),
        "not_yours"
    );
    assert_eq!(refused(&case, "2026-09-18T10:10", post(CLERK), "sign", "{}"), "wrong_state");
    assert_eq!(
        refused(&case, "2026-09-18T10:10", Doer::Asker, "answer", r#"{"words":"x"}"#),
        "not_yours"
    );
    assert_eq!(refused(&case, "2026-09-18T10:10", post(CLERK), "nonsense", "{}"), "unknown_action");
}

#[test]
fn a_form_reports_all_its_problems_at_once() {
    let form = r#"{"unit":"nowhere","colour":"red"}"#;
    let refusal =
        step(&TOWN, &opened(), "2026-09-18T09:10", post(DESK), "dispatch", form).unwrap_err();
    let Refusal::Form(problems) = refusal else { panic!("{refusal:?}") };
    let codes: Vec<_> = problems.iter().map(|it| (it.field.as_str(), it.code)).collect();
    assert_eq!(codes, [("colour", "unknown"), ("unit", "not_found")]);
}

#[test]
fn personal_text_is_set_apart_from_the_state() {
    let decision = open(&world(&TOWN, "2026-09-18T09:00"), &opening(None)).unwrap();
    assert_eq!(decision.private["title"], "路灯不亮");
    let state = serde_json::to_string(&decision.state).unwrap();
    assert!(!state.contains("路灯"), "{state}");
}

#[test]
fn waiting_for_the_asker_halts_the_clock_and_moves_the_promise() {
    let case = handling();
    let paused = acted(&case, "2026-09-20T09:00", post(CLERK), "pause", r#"{"words":"哪一盏灯?"}"#);
    assert!(!paused.clock.as_ref().unwrap().running);
    assert_eq!(paused.owner, Some(id(CLERK)));
    let resumed =
        acted(&paused, "2026-09-22T09:00", Doer::Asker, "supply", r#"{"words":"单元门口那盏"}"#);
    assert_eq!(resumed.state, "handling");
    assert_eq!(resumed.entered["handling"], case.entered["handling"], "the budget resumes");
    // Two working days of waiting (20 and 21 September) are given back.
    assert_eq!(day(resumed.promise.unwrap().at), "2026-09-29");
}

#[test]
fn an_extension_needs_approval_by_another_person_and_then_moves_the_promise() {
    let case = handling();
    let form = r#"{"days":3,"reason":"等配件"}"#;
    let decision = step(&TOWN, &case, "2026-09-20T09:00", post(CLERK), "extend", form).unwrap();
    let approval = decision.approval.clone().unwrap();
    assert_eq!(approval.approver, id(SUPERVISOR));
    assert_eq!(decision.state.promise, case.promise, "nothing moves before it is approved");
    let waiting = asked(decision, id(77)).state;
    assert_eq!(
        refused(&waiting, "2026-09-20T09:05", post(CLERK), "extend", form),
        "approval_pending"
    );
    let command = Command {
        action: "extend".to_owned(),
        by: Doer::Granted { asked: id(CLERK) },
        form: Form::new(),
        entry: id(9002),
    };
    let granted = decide(&world(&TOWN, "2026-09-20T10:00"), &waiting, &command).unwrap().state;
    // Five and three working days: the Mid-Autumn holiday lies between.
    assert_eq!(day(granted.promise.unwrap().at), "2026-09-30");
    assert!(granted.pending.is_none());
}

#[test]
fn an_extension_after_the_deadline_is_refused() {
    let form = r#"{"days":3,"reason":"等配件"}"#;
    assert_eq!(refused(&handling(), "2026-09-30T09:00", post(CLERK), "extend", form), "guard");
}

#[test]
fn closed_means_the_asker_says_so() {
    let case = answered();
    assert_eq!((case.state.as_str(), case.owner), ("answered", Some(id(DESK))));
    assert!(case.answered_at.is_some());
    let solved = acted(&case, "2026-09-21T09:00", Doer::Asker, "satisfied", r#"{"stars":5}"#);
    assert_eq!(solved.end, Some(End::Solved));
    assert_eq!((solved.owner, solved.clock), (None, None));
    assert!(solved.verdict.unwrap().solved);
}

#[test]
fn the_second_unhappy_verdict_brings_the_county_in() {
    let case =
        acted(&answered(), "2026-09-21T09:00", Doer::Asker, "unsatisfied", r#"{"words":"又灭了"}"#);
    assert_eq!(case.state, "received");
    assert_eq!(case.answered_at, None, "an unhappy verdict takes the answer back");
    let case =
        acted(&case, "2026-09-21T09:10", post(DESK), "answer_now", r#"{"words":"已再次派修"}"#);
    assert_eq!(
        refused(&case, "2026-09-21T10:00", Doer::Asker, "unsatisfied", r#"{"words":"x"}"#),
        "exhausted"
    );
    let case = acted(&case, "2026-09-21T10:00", Doer::Asker, "dispute", r#"{"words":"还是不亮"}"#);
    assert_eq!((case.state.as_str(), case.owner), ("disputed", Some(id(SUPERVISOR))));
}

#[test]
fn reopening_an_ended_case_makes_a_new_promise_within_thirty_days() {
    let solved = acted(&answered(), "2026-09-21T09:00", Doer::Asker, "satisfied", "{}");
    assert_eq!(
        refused(&solved, "2026-11-21T09:00", Doer::Asker, "reopen", r#"{"words":"x"}"#),
        "window_closed"
    );
    let again = acted(&solved, "2026-10-12T09:00", Doer::Asker, "reopen", r#"{"words":"又坏了"}"#);
    assert_eq!((again.end, again.ended_at), (None, None));
    assert!(again.promise.unwrap().at > at("2026-10-12T09:00"));
    assert!(!again.verdict.unwrap().solved);
}

#[test]
fn the_clock_supervises_first_and_then_reports() {
    let mut case = handling();
    let mut acts = Vec::new();
    for now in ["2026-09-22T18:00", "2026-09-23T09:00", "2026-09-24T09:00", "2026-09-28T09:00"] {
        if let Some((act, decision)) = tick(&world(&TOWN, now), &case, id(9100)) {
            acts.push(act);
            case = decision.state;
        }
    }
    assert_eq!(acts, ["supervise", "bulletin", "bulletin"]);
    assert_eq!(case.state, "handling");
}

#[test]
fn three_attempts_end_a_case_as_unreached() {
    let mut case = answered();
    for _ in 0..3 {
        case = acted(&case, "2026-09-21T09:00", post(DESK), "attempt", "{}");
    }
    let case = acted(&case, "2026-09-21T10:00", post(DESK), "close_unreached", "{}");
    assert_eq!(case.end, Some(End::Unreached));
}

#[test]
fn a_vacant_post_falls_back_and_is_asked_again_when_it_is_filled() {
    let empty = town(&[CLERK]);
    let case = step(
        &empty,
        &opened(),
        "2026-09-18T09:20",
        post(DESK),
        "dispatch",
        r#"{"unit":"urban_management"}"#,
    )
    .unwrap()
    .state;
    assert_eq!(case.owner, Some(id(DESK)));
    let renewed = renew(&world(&TOWN, "2026-09-18T10:00"), &case).unwrap();
    assert_eq!(renewed.owner, Some(id(CLERK)));
    assert_eq!(renewed.clock, case.clock, "another owner is no new clock");
}

#[test]
fn whom_a_case_is_about_neither_owns_nor_decides_it() {
    let mut about = opening(None);
    about.about.insert(Uuid::from_u128(ROADS));
    let case = open(&world(&TOWN, "2026-09-18T09:00"), &about).unwrap().state;
    let case =
        acted(&case, "2026-09-18T09:20", post(DESK), "dispatch", r#"{"unit":"urban_management"}"#);
    assert_eq!(case.owner, Some(id(DESK)));
    assert_eq!(refused(&case, "2026-09-18T10:00", post(CLERK), "sign", "{}"), "not_yours");
}

#[test]
fn another_offices_date_wins_over_ours() {
    let mut order = opening(None);
    order.source_due = Some(at("2026-09-21T17:00"));
    let case = open(&world(&TOWN, "2026-09-18T09:00"), &order).unwrap().state;
    assert_eq!(case.promise.unwrap().at, at("2026-09-21T17:00"));
}

#[test]
fn the_actions_offered_are_those_that_would_be_accepted() {
    let case = handling();
    let offered = actions(&world(&TOWN, "2026-09-18T10:30"), &case, post(CLERK));
    let ready: Vec<_> =
        offered.iter().filter(|it| it.refusal.is_none()).map(|it| it.id.as_str()).collect();
    let possible =
        ["exclude", "summarise", "return", "enlist", "extend", "pause", "shelve", "answer"];
    assert_eq!(ready, possible);
    let refused: Vec<_> =
        offered.iter().filter_map(|it| Some((&*it.id, it.refusal.as_ref()?))).collect();
    let early = Refusal::TooEarly { action: "supervise".to_owned(), times: 1 };
    assert_eq!(refused, [("explain", &early)]);
    assert!(actions(&world(&TOWN, "2026-09-18T10:30"), &case, post(WATER_CLERK)).is_empty());
}
