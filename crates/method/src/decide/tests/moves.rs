//! Going over to another version: never late, one owner, one clock, and the asker's date stands.

use super::random::{doer, filled, one_owner_one_clock, tries};
use super::*;
use proptest::prelude::*;

/// `base` with other limits for appeals and another name for the state in which a unit handles.
fn version(limits: &str) -> Pack {
    let find = |id: &str| {
        let change = |(name, text): (String, String)| {
            let text = match name.as_str() {
                "procedures/appeal.toml" => {
                    let text = text.replace("handling", "at_work");
                    let line = text.lines().find(|it| it.starts_with("limits")).unwrap();
                    text.replace(line, limits)
                }
                "texts/en.toml" => text.replacen("handling", "at_work", 1),
                "pack.toml" => format!("{text}\n[moves.appeal]\nhandling = \"at_work\"\n"),
                _ => text,
            };
            (name, text)
        };
        Some(files(id)?.into_iter().map(change).collect())
    };
    let loaded = read::load("base", &find);
    loaded.pack.unwrap_or_else(|| panic!("{:#?}", loaded.problems))
}

static SHORT: LazyLock<Pack> = LazyLock::new(|| {
    version(
        r#"limits = { answer = "2 wh", desk = "30 min", verify = "1 wh", sign = "1 wh", handle = "4 wh", review = "1 wh", call = "1 wd" }"#,
    )
});
static LONG: LazyLock<Pack> = LazyLock::new(|| {
    version(
        r#"limits = { answer = "60 wd", desk = "9 wh", verify = "9 wh", sign = "9 wd", handle = "30 wd", review = "9 wd", call = "9 wd" }"#,
    )
});

fn due(case: &CaseState) -> Timestamp {
    case.clock.as_ref().unwrap().due_at
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_move_never_makes_late_and_keeps_one_owner_and_one_clock(
        tries in tries(), long in any::<bool>(), after in 0..40usize,
    ) {
        let mut now = at("2026-09-18T09:00");
        let start = World { now, ..world(&TOWN, "2026-09-18T09:00") };
        let mut pack: &Pack = &BASE;
        let new: &Pack = if long { &LONG } else { &SHORT };
        let mut case = open(&start, &opening(Some("street_lights"))).unwrap().state;
        for (n, it) in tries.into_iter().enumerate() {
            now += jiff::SignedDuration::from_hours(it.hours);
            let world = World { now, pack, ..start };
            if n >= after && case.pack == BASE.hash {
                let old = case.clone();
                if let Ok(decision) = move_case(&BASE, new, &case, &world) {
                    let moved = decision.state;
                    let world = World { pack: new, ..world };
                    one_owner_one_clock(&world, &moved);
                    prop_assert!(due(&moved) >= due(&old), "{:#?}\n{:#?}", old, moved);
                    prop_assert_eq!(&moved.promise, &old.promise);
                    prop_assert_eq!(renew(&world, &moved), None, "nothing is left to reckon");
                    (pack, case) = (new, moved);
                } else {
                    prop_assert!(case.end.is_some() || case.pending.is_some(), "{:#?}", case);
                }
            }
            let world = World { pack, ..world };
            let procedure = &pack.procedures["appeal"];
            let names: Vec<&String> = procedure.actions.keys().collect();
            let action = (*it.action.get(&names)).clone();
            let form = filled(&world, &procedure.actions[&action].asks);
            let command = Command { action, by: doer(&it.doer), form, entry: id(9001) };
            let clock = tick(&world, &case, id(9002)).map(|(_, decision)| decision.state);
            let done = clock.or_else(|| decide(&world, &case, &command).ok().map(|it| it.state));
            let Some(mut done) = done else { continue };
            done.children.clear();
            done.pending = None;
            one_owner_one_clock(&world, &done);
            case = done;
        }
    }
}

/// A case that the unit handles, and the world it is in.
fn handled() -> (CaseState, Network) {
    let network = town(&[]);
    let now = "2026-09-18T09:00";
    let case = open(&world(&network, now), &opening(Some("street_lights"))).unwrap().state;
    let unit = format!(r#"{{"unit":"{}"}}"#, Uuid::from_u128(ROADS));
    let case = step(&network, &case, now, post(DESK), "dispatch", &unit).unwrap().state;
    let case = step(&network, &case, now, post(CLERK), "sign", "{}").unwrap().state;
    (case, network)
}

#[test]
fn a_shorter_limit_counts_from_the_move_and_an_earlier_due_date_does_not_come() {
    let (case, network) = handled();
    let moved = move_case(&BASE, &SHORT, &case, &world(&network, "2026-09-18T10:00")).unwrap();
    let moved = moved.state;
    assert_eq!((moved.state.as_str(), moved.pack.as_str()), ("at_work", SHORT.hash.as_str()));
    assert_eq!(due(&moved), due(&case), "the old due date lies later and stands");
    assert_eq!(moved.promise, case.promise);
    assert_eq!(moved.owner, case.owner);
    let back = move_case(&SHORT, &BASE, &moved, &world(&network, "2026-09-18T10:00"));
    assert_eq!(back.unwrap_err(), WhyNot::NoState("at_work".to_owned()));
}

#[test]
fn a_pause_moves_the_due_date_that_stands() {
    let (case, network) = handled();
    let at_ten = World { pack: &SHORT, ..world(&network, "2026-09-18T10:00") };
    let moved = move_case(&BASE, &SHORT, &case, &at_ten).unwrap().state;
    let act = |case: &CaseState, now: &str, by: Doer, action: &str, form: &str| {
        let command = Command { action: action.to_owned(), by, form: json(form), entry: id(9001) };
        decide(&World { pack: &SHORT, ..world(&network, now) }, case, &command).unwrap().state
    };
    let paused = act(&moved, "2026-09-18T11:00", post(CLERK), "pause", r#"{"words":"请补充"}"#);
    assert_ne!(due(&paused), due(&moved), "a pause has its own end");
    let back = act(&paused, "2026-09-19T11:00", Doer::Asker, "supply", r#"{"words":"已补"}"#);
    assert_eq!(due(&back), due(&moved) + jiff::SignedDuration::from_hours(24));
}

#[test]
fn a_case_that_lacks_what_is_there_stays() {
    let (case, network) = handled();
    let world = world(&network, "2026-09-18T10:00");
    let mut bare = case.clone();
    bare.fields.remove("unit");
    let refused = move_case(&BASE, &SHORT, &bare, &world).unwrap_err();
    assert_eq!(refused, WhyNot::Unset(vec!["unit".to_owned()]));
    let mut there = case.clone();
    there.pack = SHORT.hash.as_str().into();
    assert_eq!(move_case(&BASE, &SHORT, &there, &world).unwrap_err(), WhyNot::There);
    let mut other = case.clone();
    other.matter = Some("gone".into());
    let refused = move_case(&BASE, &SHORT, &other, &world).unwrap_err();
    assert_eq!(refused, WhyNot::NoMatter("gone".to_owned()));
    let ended = step(&network, &case, "2026-09-18T10:00", Doer::Asker, "withdraw", "{}").unwrap();
    assert_eq!(move_case(&BASE, &SHORT, &ended.state, &world).unwrap_err(), WhyNot::Ended);
}
