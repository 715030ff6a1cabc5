//! Each check finds what it is for: the small pack with one text changed, and the line it points at.

use super::*;
use crate::read::{
    Files, load,
    tests::{council, small},
};
use rstest::rstest;

fn changed(file: &str, from: &str, to: &str) -> Files {
    let mut files = small("small").unwrap();
    let text = files.iter_mut().find(|(path, _)| path == file).map(|(_, text)| text).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    files
}

fn problems(files: &Files) -> Vec<Problem> {
    load("small", &|id| (id == "small").then(|| files.clone())).problems
}

const WISH: &str = "procedures/wish.toml";

#[rstest]
#[case(
    "loop_unbounded",
    "asks = [\"note\"], within = \"2 wd from sent\", at_most = 1",
    "asks = [\"note\"]"
)]
#[case(
    "loop_unbounded",
    "at_most = 1, then = [{ release",
    "at_most = 2, per = \"stay\", then = [{ release"
)]
#[case(
    "wait_unbounded",
    "asks = [\"words\"], at_most = 1 }\nsupply",
    "asks = [\"words\"] }\nsupply"
)]
#[case(
    "wait_unbounded",
    "at_most = 1, approval = \"leader@county within 2 wd\" }",
    "at_most = 1 }"
)]
#[case(
    "wait_unbounded",
    "limit = \"10 d\", late = \"resume\"",
    "limit = \"10 d\", late = \"remind\""
)]
#[case(
    "no_owner",
    "owner = \"clerk@unit\", limit = \"take\", shown = \"已转交\"",
    "limit = \"take\", shown = \"已转交\""
)]
#[case("no_limit", "limit = \"take\", shown = \"已转交\"", "shown = \"已转交\"")]
#[case(
    "owner_unfit",
    "owner = \"clerk@unit\", limit = \"take\"",
    "owner = \"asker\", limit = \"take\""
)]
#[case(
    "owner_unfit",
    "owner = \"clerk@unit\", limit = \"take\"",
    "owner = \"volunteer\", limit = \"take\""
)]
#[case(
    "owner_unfit",
    "owner = \"clerk@unit\", limit = \"take\"",
    "owner = \"unit\", limit = \"take\""
)]
#[case(
    "owner_unfit",
    "approval = \"leader@county within 3 wd\"",
    "approval = \"volunteer within 3 wd\""
)]
#[case("no_consequence", "late = [\"attempt\", \"close\"]", "late = [\"close\", \"attempt\"]")]
#[case("no_consequence", "late = [\"attempt\", \"close\"]", "late = [\"close\"]")]
#[case("clock_cannot", "late = \"skip\"", "late = \"found\"")]
#[case("clock_cannot", "late = \"skip\"", "late = \"sign\"")]
#[case("never_done", "joined = \"join\", ", "")]
#[case("limit_origin", "limit = \"do from sent\"", "limit = \"do from verifying\"")]
#[case("limit_origin", "within = \"2 wd from sent\"", "within = \"2 wd from waiting\"")]
#[case("window_dead", "asks = [\"note\"] }\nskip", "asks = [\"note\"], within = \"9 wd\" }\nskip")]
#[case(
    "field_unset",
    "owner = \"desk@county\", limit = \"take\", shown = \"已收到\"",
    "owner = \"clerk@unit\", limit = \"take\", shown = \"已收到\""
)]
#[case("field_unset", "when = \"matter.on_site\"", "when = \"f.cost > 1\"")]
#[case("field_unset", "asks = [\"due\"]", "asks = [\"due?\"]")]
#[case("field_unset", "asks = [\"days\", \"cost?\"]", "asks = [\"days?\"]")]
#[case("guard_type", "f.days <= 5", "f.days <= 'a'")]
#[case("guard_never", "f.days <= 5", "f.days > 10")]
#[case("guard_always", "when = \"f.days <= 5 && !clock.late\"", "when = \"f.days <= 10\"")]
#[case("child_form", ", with = { unit = \"$each\" } }] }", " }] }")]
#[case("effect_type", "with = { unit = \"$each\" }", "with = { unit = \"$days\" }")]
#[case("effect_type", "with = { unit = \"$each\" }", "with = { unit = \"$each\", same = \"x\" }")]
#[case("effect_type", "each = \"helpers\"", "each = \"unit\"")]
#[case("effect_type", "extend = \"days\"", "extend = \"cost\"")]
#[case("effect_type", "release = \"help\"", "release = \"wish\"")]
#[case(
    "extension",
    "approval = \"leader@county within 1 wd\", then = [{ extend",
    "then = [{ extend"
)]
#[case(
    "opens_itself",
    "open = \"help\", each = \"helpers\", with = { unit = \"$each\" }",
    "open = \"wish\", with = { title = \"x\" }"
)]
#[case("fill_unknown", "unit = \"matter.unit\"", "unit = \"matter.nothing\"")]
#[case("fill_unknown", "unit = \"matter.unit\"", "days = \"matter.unit\"")]
#[case("asked_known", ", fill = { unit = \"matter.unit\" }", "")]
#[case("asked_known", ", fill = { contact = \"asker.contact\" }", "")]
#[case(
    "verdict",
    "to = \"solved\", by = [\"asker\", \"desk@county\"], voice = \"asker\"",
    "to = \"solved\", by = [\"asker\", \"desk@county\"]"
)]
#[case("verdict", "hides", "verdict = \"none\"\nhides")]
#[case("verdict", "to = \"unsolved\"", "to = \"decided\"")]
#[case("no_promise", "promise = \"answer\"\n", "")]
#[case("outlasts_promise", "answer = \"10 wd\"", "answer = \"3 wd\"")]
#[case("unreached", "after = { attempt = 3 }", "after = { attempt = 2 }")]
#[case(
    "unsolved",
    "asks = [\"reason\"], approval = \"leader@county within 1 wd\"",
    "asks = [\"reason\"]"
)]
#[case("excluded", ", approval = \"leader@county within 3 wd\"", "")]
#[case("merged", "asks = [\"same\"]", "asks = [\"same?\"]")]
#[case("referred", "asks = [\"receipt\"]", "asks = [\"note\"]")]
#[case("imported", "to = \"referred\"", "to = \"imported\"")]
#[case("no_basis", "why     = \"制度\"\n", "")]
#[case("text_missing", "title = \"待派\", ", "")]
#[case("shown_missing", ", shown = \"已收到\"", "")]
#[case("inner_words", "shown = \"已收到\"", "shown = \"已收到,督办中\"")]
#[case(
    "inner_words",
    "shown = \"已收到\"",
    "shown = \"已收到已收到已收到已收到已收到已收到已收到已收到已收到已收到了\""
)]
#[case("missing_key", "from = \"taken\", to = \"sent\"", "to = \"sent\"")]
#[case("missing_key", "stage = \"受理\", title = \"待派\"", "title = \"待派\"")]
#[case("missing_key", "when = \"f.days <= 5 && !clock.late\"", "says = \"五天以内\"")]
#[case("unknown_ref", "to = \"sent\"", "to = \"snet\"")]
#[case("unknown_ref", "joined = \"join\"", "joined = \"jion\"")]
#[case("unknown_ref", "limit = \"call\"", "limit = \"cal\"")]
#[case("unknown_ref", "asks = [\"days\", \"cost?\"]", "asks = [\"dyas\"]")]
#[case("unknown_ref", "matters = \"wish\"", "matters = \"wihs\"")]
#[case("unknown_ref", "until due", "until cost")]
#[case("unknown_ref", "stage = \"受理\", title = \"待派\"", "stage = \"受里\", title = \"待派\"")]
#[case("unknown_key", "at_most = 3", "at_mots = 3")]
#[case("unreachable", "to = \"verifying\", at_most", "at_most")]
#[case("unused", "call = \"2 wd\" }", "call = \"2 wd\", more = \"1 d\" }")]
#[case("unused", "\"评价\"]", "\"评价\", \"收尾\"]")]
#[case("wrong_type", "at_most = 1, when", "at_most = \"one\", when")]
#[case("wrong_type", "limit = \"10 d\"", "limit = \"10 天\"")]
#[case("wrong_type", "per = \"stay\"", "per = \"week\"")]
#[case("id_form", "merge   =", "merge-it =")]
#[case("unknown_ref", "then = [{ release = \"help\" }]", "then = [{ publish = \"b\", show = [] }]")]
#[case("unknown_ref", "joined = \"join\"", "ballot = \"vote\", joined = \"join\"")]
#[case("end_with_clock", "[action]\n", "solved = { owner = \"desk@county\" }\n[action]\n")]
#[case("wait_cut_short", "hides", "hides")]
#[case("longest_life", "hides", "hides")]
#[case("burden", "hides", "hides")]
fn a_flaw_in_a_procedure_is_found(#[case] check: &str, #[case] from: &str, #[case] to: &str) {
    let files = small("small").unwrap();
    let holds = |(path, text): &&(String, String)| path.starts_with("proc") && text.contains(from);
    let in_wish = files.iter().find(|(path, text)| path == WISH && text.contains(from));
    let (file, _) = in_wish.or_else(|| files.iter().find(holds)).unwrap();
    expect(check, file, from, to);
}

#[rstest]
#[case("unknown_ref", "roles.toml", "levels = [\"county\"]", "levels = [\"contry\"]")]
#[case("missing_key", "roles.toml", ", of = \"org\"", "")]
#[case("name_clash", "fields.toml", "days  ", "clerk  ")]
#[case("person_without_why", "fields.toml", ", why = \"核对\"", "")]
#[case("forbidden_subject", "fields.toml", "title = \"联系人\"", "title = \"重点人员\"")]
#[case("forbidden_subject", "fields.toml", "other = \"其他\"", "other = \"宗教信仰\"")]
#[case("wrong_type", "fields.toml", "type = \"int\"", "type = \"number\"")]
#[case("wrong_type", "fields.toml", "min = 0.5", "min = 0.555")]
#[case("wrong_type", "fields.toml", "min = 1, max = 10", "min = 11, max = 10")]
#[case("wrong_type", "fields.toml", "max = \"30 d\"", "max = 30")]
#[case("wrong_type", "fields.toml", ", choices = { scope = \"不属范围\", other = \"其他\" }", "")]
#[case("missing_key", "fields.toml", ", type = \"case\"", "")]
#[case("unknown_ref", "fields.toml", "type = \"case\"", "type = \"record\", of = \"duties\"")]
#[case("unused", "fields.toml", "days  ", "more = { title = \"多\", type = \"text\" }\ndays  ")]
#[case("route_order", "matters/wish.toml", ", { unit = \"works\" }", "")]
#[case("wrong_type", "matters/wish.toml", "08:00-18:00", "8-18")]
#[case("wrong_type", "matters/wish.toml", "on_site = true", "on_site = \"yes\"")]
#[case("wrong_type", "matters/wish.toml", "\"workday\"", "\"sunday\"")]
#[case("unknown_ref", "matters/wish.toml", "on_site = true", "off_site = true")]
#[case("unknown_ref", "matters/wish.toml", "limits = { do", "limits = { od")]
#[case("unknown_ref", "services.toml", "leader", "laeder")]
#[case("unknown_ref", "pack.toml", "desk@county", "desc@county")]
#[case("missing_key", "pack.toml", "fallback = \"desk@county\"\n", "")]
#[case("missing_key", "pack.toml", "version  = \"2026.11.2\"\n", "")]
#[case(
    "withdrawn",
    "procedures/every.toml",
    "to = \"withdrawn\", by = \"asker\"",
    "to = \"withdrawn\""
)]
fn a_flaw_beside_procedures_is_found(
    #[case] check: &str,
    #[case] file: &str,
    #[case] from: &str,
    #[case] to: &str,
) {
    expect(check, file, from, to);
}

fn expect(check: &str, file: &str, from: &str, to: &str) {
    let sound = problems(&small("small").unwrap());
    let found = problems(&changed(file, from, to));
    let fresh: Vec<_> = found.iter().filter(|it| from == to || !sound.contains(it)).collect();
    let hit = fresh.iter().find(|it| it.check == check);
    let names: Vec<_> = fresh.iter().map(|it| (it.check, it.message(Language::English))).collect();
    let hit = hit.unwrap_or_else(|| panic!("no {check} in {names:?}"));
    assert!(hit.line > 0 && !hit.file.is_empty(), "{hit:?}");
    assert!(!hit.message.iter().any(|it| it.contains("{0}")), "{hit:?}");
    assert!(!hit.advice(Language::Chinese).is_empty());
}

/// A procedure of staff, complete but for its states and actions.
fn with_round(states: &str, actions: &str) -> Vec<Problem> {
    let text = format!(
        "title = '巡检'\nwhy = '制度'\nasker = 'none'\n[state]\n{states}\n[action]\nopen = {{ title = '开', by = 'clock', to = 'a' }}\n{actions}\n"
    );
    let mut files = small("small").unwrap();
    files.push(("procedures/round.toml".into(), text));
    problems(&files)
}

fn state(id: &str, more: &str) -> String {
    format!("{id} = {{ title = '态', owner = 'desk@county', limit = '1 wd'{more} }}\n")
}

#[test]
fn bounds_that_use_up_all_ways_out_are_found_with_a_way_there() {
    let states = state("a", "") + &state("b", "");
    let found = with_round(
        &states,
        "go = { title = '去', from = 'a', to = 'b', at_most = 2 }
         back = { title = '回', from = 'b', to = 'a', at_most = 2 }
         end = { title = '完', from = 'b', to = 'decided' }",
    );
    let stuck: Vec<_> = found.iter().filter(|it| it.check == "stuck").collect();
    assert_eq!(stuck.len(), 1, "{found:?}");
    assert!(stuck[0].message[1].ends_with("go → back → go → back"), "{stuck:?}");
}

#[test]
fn a_state_without_any_way_out_is_told_once() {
    let found = with_round(&state("a", ""), "");
    assert!(found.iter().any(|it| it.check == "no_way_out"));
    assert!(found.iter().all(|it| it.check != "stuck"));
}

#[test]
fn joins_that_go_round_at_once_are_found() {
    let states = state("a", ", joined = 'go'") + &state("b", ", joined = 'back'");
    let found = with_round(
        &states,
        "go = { title = '去', from = 'a', to = 'b', by = 'clock' }
         back = { title = '回', from = 'b', to = 'a', by = 'clock' }
         end = { title = '完', from = 'b', to = 'decided' }",
    );
    assert!(found.iter().any(|it| it.check == "instant_loop"));
    assert!(found.iter().any(|it| it.check == "loop_unbounded"));
}

#[test]
fn a_date_that_may_be_past_on_the_second_round_is_found() {
    let states =
        state("a", "") + "b = { title = '态', owner = 'desk@county', limit = 'until due' }\n";
    let moves = |go: &str| {
        format!(
            "ask = {{ title = '问', from = 'a', to = 'c', asks = ['due'] }}
             go = {{ title = '去', from = 'c', to = 'b'{go} }}
             back = {{ title = '回', from = 'b', to = 'c', at_most = 2 }}
             end = {{ title = '完', from = 'b', to = 'decided' }}"
        )
    };
    let states = states + &state("c", "");
    let stale =
        |go: &str| with_round(&states, &moves(go)).iter().any(|it| it.check == "stale_date");
    assert!(stale(""));
    assert!(!stale(", asks = ['due']"));
    assert!(!stale(", when = 'f.due > today'"));
}

#[test]
fn too_many_situations_are_said_not_guessed() {
    let mut actions = String::new();
    for n in 0..18 {
        actions += &format!("x{n} = {{ title = '去', from = 'a', to = 'a', at_most = 1 }}\n");
    }
    actions += "end = { title = '完', from = 'a', to = 'decided' }";
    let found = with_round(&state("a", ""), &actions);
    let said = found.iter().find(|it| it.check == "stuck").unwrap();
    assert_eq!(said.severity, Severity::Report);
    assert!(said.message[1].contains("200000"));
}

#[test]
fn problems_come_in_the_order_of_files_and_lines() {
    let mut files = changed(WISH, "to = \"sent\"", "to = \"snet\"");
    let fields = files.iter_mut().find(|(path, _)| path == "fields.toml").unwrap();
    fields.1 = fields.1.replace("type = \"int\"", "type = \"number\"");
    let places: Vec<_> =
        problems(&files).into_iter().map(|it| (it.file, it.line, it.column)).collect();
    let mut sorted = places.clone();
    sorted.sort();
    assert_eq!(places, sorted);
}

#[test]
fn other_languages_follow_the_paths_of_the_pack() {
    let mut files = small("small").unwrap();
    let text = "[procedures.wish.state]\ntaken = { title = 'Taken', shwon = 'x' }\n[procedures.every.action]\nurge = { title = 'Urge' }\n";
    files.push(("texts/en.toml".into(), text.into()));
    let found = problems(&files);
    let unknown: Vec<_> = found.iter().filter(|it| it.check == "unknown_ref").collect();
    assert_eq!(unknown.iter().map(|it| it.line).collect::<Vec<_>>(), [2]);
    let missing = |path: &str| {
        found.iter().any(|it| it.check == "text_missing" && it.message[1].ends_with(path))
    };
    assert!(missing("procedures.wish.state.taken.shown") && missing("fields.unit.title"));
    assert!(!missing("procedures.wish.state.taken.title"));
    assert!(!missing("procedures.wish.action.urge.title"), "every's translation serves it");
}

#[rstest]
#[case(
    "ballot_bypassed",
    "procedures/affair.toml",
    "close   = {",
    "flee    = { title = '绕', from = 'rating', to = 'doing', at_most = 1 }\nclose   = {"
)]
#[case("ballot_bypassed", "procedures/affair.toml", ", void = [\"mend\", \"end\"]", "")]
#[case(
    "ballot_bypassed",
    "procedures/affair.toml",
    "ballot = \"vote\"",
    "ballot = \"vote\", late = \"urge\""
)]
#[case(
    "verdict",
    "procedures/affair.toml",
    "to = \"doing\", by = \"clock\", then",
    "to = \"solved\", by = \"clock\", then"
)]
#[case("unsolved", "procedures/affair.toml", "verdict = \"ballot rating\"", "verdict = \"asker\"")]
#[case(
    "excluded",
    "procedures/affair.toml",
    "verdict = \"ballot rating\"",
    "verdict = \"ballot vote\""
)]
#[case(
    "wrong_type",
    "procedures/affair.toml",
    "verdict = \"ballot rating\"",
    "verdict = \"ballot council\""
)]
#[case("unknown_ref", "procedures/affair.toml", "ballot = \"vote\"", "ballot = \"council\"")]
#[case(
    "publish_private",
    "procedures/affair.toml",
    "show = [\"plan\", \"budget\"]",
    "show = [\"plan\", \"title\"]"
)]
#[case("unknown_ref", "procedures/affair.toml", "publish = \"affairs\"", "publish = \"wall\"")]
#[case("effect_type", "procedures/affair.toml", "amount = \"hours\"", "amount = \"budget\"")]
#[case("effect_type", "procedures/affair.toml", "volunteer@helper", "volunteer")]
#[case(
    "effect_type",
    "procedures/affair.toml",
    "from = \"treasury\", to = \"project\"",
    "from = \"project\", to = \"project\""
)]
#[case("unknown_ref", "procedures/affair.toml", "volunteer@helper", "volunteers@helper")]
#[case("field_unset", "procedures/affair.toml", "asks = [\"held_at\"]", "asks = [\"held_at?\"]")]
#[case("effect_type", "procedures/affair.toml", "hold = \"council\"", "hold = \"vote\"")]
#[case("guard_type", "procedures/affair.toml", "held.council > 0", "held.vote > 0")]
#[case("effect_type", "procedures/listing.toml", "listing = \"trial\"", "listing = \"on\"")]
#[case("effect_type", "procedures/listing.toml", "listing = \"trial\"", "budget = 1")]
#[case("child_form", "procedures/listing.toml", "task = \"$task\", ", "")]
#[case("effect_type", "procedures/listing.toml", "appoint = \"member\"", "appoint = \"seat\"")]
#[case("effect_type", "procedures/listing.toml", "dismiss = \"seat\"", "dismiss = \"member\"")]
#[case(
    "field_unset",
    "procedures/listing.toml",
    "asks = [\"task\", \"member\", \"seat\"]",
    "asks = [\"task\", \"member\", \"seat?\"]"
)]
#[case("guard_type", "procedures/review.toml", "f.duty.listing == 'listed'", "f.duty.budget > 0")]
#[case("effect_type", "procedures/review.toml", "row = \"duty\"", "row = \"unit\"")]
#[case("unknown_ref", "registers.toml", "key = \"task\"", "key = \"plan\"")]
#[case(
    "key_private",
    "fields.toml",
    "task    = { title = \"事项\", type = \"text\", public = true }",
    "task    = { title = \"事项\", type = \"text\" }"
)]
#[case("unknown_ref", "registers.toml", "\"unit\"]", "\"unit\", \"no\"]")]
#[case("missing_key", "registers.toml", "why = \"准入制度\", ", "")]
#[case("unknown_ref", "fields.toml", "of = \"duties\"", "of = \"roll\"")]
#[case("missing_key", "ledgers.toml", "unit = \"fen\", ", "")]
#[case("wrong_type", "ledgers.toml", "max = 100", "max = 0.3")]
#[case(
    "wrong_type",
    "ledgers.toml",
    "{ of = \"pack\" }, volunteer",
    "{ of = \"moon\" }, volunteer"
)]
#[case("missing_key", "gatherings.toml", "quorum = \">= 2/3 called\", ", "")]
#[case("wrong_type", "gatherings.toml", "> 1/2 cast", "> 3/2 cast")]
#[case("ballot_sense", "gatherings.toml", "yes = [\"好\", \"一般\"]", "yes = [\"好\", \"很好\"]")]
#[case(
    "ballot_sense",
    "gatherings.toml",
    "yes = [\"好\", \"一般\"]",
    "yes = [\"好\", \"一般\", \"差\"]"
)]
#[case("area_not_built", "gatherings.toml", "secret = false", "secret = false, weigh = [\"area\"]")]
#[case("unknown_ref", "gatherings.toml", "households@street\"]", "households@moon\"]")]
#[case("unknown_ref", "gatherings.toml", "of = \"wish\"", "of = \"wishes\"")]
#[case("guard_type", "gatherings.toml", "done.return", "done.nothing")]
#[case("wrong_type", "cycles.toml", "on = \"wd 1\"", "on = \"12-01\"")]
#[case("wrong_type", "cycles.toml", "on = \"19:30\"", "on = \"25:30\"")]
#[case("child_form", "cycles.toml", ", due = \"day 25\"", "")]
#[case("effect_type", "cycles.toml", "due = \"day 25\"", "due = \"$due\"")]
#[case("effect_type", "cycles.toml", "worker = \"$each\"", "worker = \"$each.task\"")]
#[case(
    "effect_type",
    "cycles.toml",
    "hold = \"council\", each = \"secretary@street\"",
    "notify = \"desk@county\""
)]
#[case("guard_type", "cycles.toml", "row.renewed", "row.unknown")]
#[case("guard_type", "cycles.toml", "row.renewed == today", "f.due == today")]
#[case("cycle_overlap", "procedures/review.toml", "limit = \"1 d\"", "limit = \"3 d\"")]
#[case("counts_effort", "indicators.toml", "done.yes > 0", "done.urge > 0")]
#[case("unknown_ref", "indicators.toml", "of = \"wish\"", "of = \"wished\"")]
#[case("unused", "boards.toml", "affairs =", "other = { title = '旁' }\naffairs =")]
fn a_flaw_in_what_stands_beside_procedures_is_found(
    #[case] check: &str,
    #[case] file: &str,
    #[case] from: &str,
    #[case] to: &str,
) {
    let mut files = council("council").unwrap();
    let text = files.iter_mut().find(|(path, _)| path == file).map(|(_, text)| text).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    let find = |id: &str| if id == "council" { Some(files.clone()) } else { small(id) };
    let problems = load("council", &find).problems;
    let bad: Vec<_> = problems
        .iter()
        .filter(|it| it.severity != Severity::Report)
        .map(|it| (it.check, it.file.as_str(), &it.message[1]))
        .collect();
    assert!(bad.iter().any(|(found, ..)| *found == check), "{bad:?}");
}
