//! Promises of the reader, on packs written here and on the packs of the house.

use super::*;
use crate::definition::Procedure;
use proptest::prelude::*;
use std::path::Path;

/// The files of a folder of `packs/`.
fn files(id: &str) -> Option<Files> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(id);
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).ok()? {
            let path = entry.ok()?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                files.push((path.strip_prefix(&root).ok()?.to_str()?.to_owned(), text));
            }
        }
    }
    Some(files)
}

fn told(problems: &[Problem], least: Severity) -> Vec<String> {
    let told = problems.iter().filter(|it| it.severity <= least);
    told.map(|it| {
        format!(
            "{}:{}:{} {} {} / {}",
            it.file, it.line, it.column, it.check, it.message[1], it.message[0]
        )
    })
    .collect()
}

#[test]
fn the_packs_of_the_house_load_without_errors() {
    for id in ["base", "shaxian"] {
        let loaded = load(id, &files);
        println!("{}", told(&loaded.problems, Severity::Report).join("\n"));
        assert_eq!(told(&loaded.problems, Severity::Warning), Vec::<String>::new());
    }
}

#[test]
fn the_general_pack_is_told_whole_in_english_and_remains_the_same_pack() {
    let pack = load("base", &files).pack.unwrap();
    let told = pack.in_english();
    let chinese = |text: &str| text.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
    let titles = |pack: &Pack| {
        let fields = pack.fields.values().map(|it| it.title.clone());
        let of = |it: &Procedure| {
            let states =
                it.states.values().flat_map(|it| [Some(it.title.clone()), it.stage.clone()]);
            let actions =
                it.actions.values().flat_map(|it| [Some(it.title.clone()), it.says.clone()]);
            states.chain(actions).flatten().chain(it.stages.clone()).collect::<Vec<_>>()
        };
        fields.chain(pack.procedures.values().flat_map(of)).collect::<Vec<_>>()
    };
    let (own, other) = (titles(&pack), titles(&told));
    assert_eq!((own.len(), &told.hash), (other.len(), &pack.hash));
    assert!(own.iter().all(|it| chinese(it)));
    assert_eq!(other.iter().filter(|it| chinese(it)).collect::<Vec<_>>(), Vec::<&String>::new());
    for state in told.procedures.values().flat_map(|it| it.states.values().map(move |of| (it, of)))
    {
        let (procedure, state) = state;
        assert!(state.stage.as_ref().is_none_or(|it| procedure.stages.contains(it)));
    }
}

/// A small sound pack with everything a procedure can have.
pub(crate) const SMALL: [(&str, &str); 8] = [
    ("pack.toml", include_str!("../../tests/small/pack.toml")),
    ("roles.toml", include_str!("../../tests/small/roles.toml")),
    ("fields.toml", include_str!("../../tests/small/fields.toml")),
    ("services.toml", include_str!("../../tests/small/services.toml")),
    ("procedures/every.toml", include_str!("../../tests/small/procedures/every.toml")),
    ("procedures/wish.toml", include_str!("../../tests/small/procedures/wish.toml")),
    ("procedures/help.toml", include_str!("../../tests/small/procedures/help.toml")),
    ("matters/wish.toml", include_str!("../../tests/small/matters/wish.toml")),
];

/// Finds the small pack.
pub(crate) fn small(id: &str) -> Option<Files> {
    let own = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
    (id == "small").then(|| SMALL.map(own).to_vec())
}

/// The pack above it that has the areas beside procedures.
pub(crate) const COUNCIL: [(&str, &str); 13] = [
    ("pack.toml", include_str!("../../tests/council/pack.toml")),
    ("roles.toml", include_str!("../../tests/council/roles.toml")),
    ("fields.toml", include_str!("../../tests/council/fields.toml")),
    ("registers.toml", include_str!("../../tests/council/registers.toml")),
    ("ledgers.toml", include_str!("../../tests/council/ledgers.toml")),
    ("gatherings.toml", include_str!("../../tests/council/gatherings.toml")),
    ("boards.toml", include_str!("../../tests/council/boards.toml")),
    ("cycles.toml", include_str!("../../tests/council/cycles.toml")),
    ("indicators.toml", include_str!("../../tests/council/indicators.toml")),
    ("procedures/affair.toml", include_str!("../../tests/council/procedures/affair.toml")),
    ("procedures/listing.toml", include_str!("../../tests/council/procedures/listing.toml")),
    ("procedures/review.toml", include_str!("../../tests/council/procedures/review.toml")),
    ("procedures/round.toml", include_str!("../../tests/council/procedures/round.toml")),
];

/// Finds the two small packs.
pub(crate) fn council(id: &str) -> Option<Files> {
    let own = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
    if id == "council" { Some(COUNCIL.map(own).to_vec()) } else { small(id) }
}

/// The small pack and a pack `town` above it.
fn town(own: &[(&str, &str)]) -> Loaded {
    let head = "title = '镇'\nversion = '2026.1.1'\nextends = 'small@2026.11'\n";
    let own: Files = [("pack.toml", head)]
        .iter()
        .chain(own)
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    load("town", &|id| if id == "town" { Some(own.clone()) } else { small(id) })
}

fn checks(loaded: &Loaded) -> Vec<&'static str> {
    let bad = loaded.problems.iter().filter(|it| it.severity != Severity::Report);
    bad.map(|it| it.check).collect()
}

#[test]
fn the_small_pack_is_sound() {
    for id in ["small", "council"] {
        assert_eq!(told(&load(id, &council).problems, Severity::Warning), Vec::<String>::new());
    }
}

#[test]
fn a_flattened_text_rebuilds_the_same_pack() {
    for (id, find) in [
        ("small", &small as Find<'_>),
        ("council", &council),
        ("base", &files),
        ("shaxian", &files),
    ] {
        let loaded = load(id, find);
        let again = Pack::from_flat(&loaded.flat).unwrap();
        assert_eq!(format!("{:?}", loaded.pack.unwrap()), format!("{again:?}"));
    }
}

#[test]
fn the_hash_is_that_of_the_text_and_moves_with_any_word() {
    let (one, two) = (load("small", &small), load("small", &small));
    assert_eq!(one.flat, two.flat);
    let pack = one.pack.unwrap();
    assert_eq!(pack.hash.len(), 64);
    let other = Pack::from_flat(&one.flat.replace("心愿", "愿望")).unwrap();
    assert_ne!(pack.hash, other.hash);
}

#[test]
fn a_damaged_flattened_text_is_refused() {
    let flat = load("small", &small).flat;
    assert!(matches!(Pack::from_flat(flat.trim_end_matches('}')), Err(FlatError::Json(_))));
    let broken = flat.replace("clerk@unit", "nobody@unit");
    assert!(matches!(Pack::from_flat(&broken), Err(FlatError::Problems(_))));
}

#[test]
fn a_county_merges_by_key_and_the_rest_stays() {
    let loaded = town(&[(
        "procedures/wish.toml",
        "limits = { do = '2 wd' }\n[state]\ndoing = { title = '街道办理' }\n[action]\ndo = { at_most = 9 }",
    )]);
    assert_eq!(told(&loaded.problems, Severity::Warning), Vec::<String>::new());
    let pack = loaded.pack.unwrap();
    let wish = &pack.procedures["wish"];
    assert_eq!(wish.states["doing"].title, "街道办理");
    assert_eq!(wish.states["doing"].stage.as_deref(), Some("办理"));
    assert_eq!(wish.limits["do"].to_string(), "2 wd");
    assert_eq!(wish.limits["take"].to_string(), "1 wd");
    assert_eq!((pack.title.as_str(), pack.id.as_str()), ("镇", "town"));
}

#[rstest::rstest]
#[case("at_most = 2", Some("最多延五天"), Some("five days at most"))]
#[case("when = 'f.days <= 3'", None, None)]
#[case("when = 'f.days <= 3', says = '最多延三天'", Some("最多延三天"), None)]
fn what_is_said_of_a_guard_goes_with_the_guard(
    #[case] own: &str,
    #[case] chinese: Option<&str>,
    #[case] english: Option<&str>,
) {
    let own = format!("[action]\nextend = {{ {own} }}");
    let town: Files = vec![
        (
            "pack.toml".into(),
            "title = '镇'\nversion = '2026.1.1'\nextends = 'small@2026.11'".into(),
        ),
        ("procedures/wish.toml".into(), own),
    ];
    let speaking = |id: &str| {
        let mut files = small(id)?;
        let wish = files.iter_mut().find(|(path, _)| path == "procedures/wish.toml")?;
        wish.1 = wish.1.replace("!clock.late\"", "!clock.late\", says = \"最多延五天\"");
        let text = "[procedures.wish.action]\nextend = { says = 'five days at most' }";
        files.push(("texts/en.toml".into(), text.into()));
        Some(files)
    };
    let pack = load("town", &|id| if id == "town" { Some(town.clone()) } else { speaking(id) });
    let pack = pack.pack.unwrap();
    assert_eq!(pack.procedures["wish"].actions["extend"].says.as_deref(), chinese);
    assert_eq!(pack.text("en", "procedures.wish.action.extend.says"), english);
}

#[test]
fn a_phrase_is_for_what_exists_and_leaves_open_only_what_can_be_filled_in() {
    for (lines, wrong) in [
        ("use = 'answer'\nwords = '{number}于{today}办结'", &[][..]),
        ("use = 'letter'\nwords = '请办结'\nprocedure = 'wish'\nmatter = 'lamp'", &[]),
        ("use = 'poem'\nwords = '请办结'", &["wrong_type"]),
        ("use = 'answer'", &["missing_key"]),
        ("words = '请办结'", &["missing_key"]),
        ("use = 'answer'\nwords = '{rain}'", &["unknown_ref"]),
        ("use = 'answer'\nwords = '{number'", &["unknown_ref"]),
        ("use = 'answer'\nwords = '请办结'\nprocedure = 'hope'", &["unknown_ref"]),
        ("use = 'answer'\nwords = '请办结'\nmatter = 'rain'", &["unknown_ref"]),
        ("use = 'answer'\nwords = '请办结'\nprocedure = 'help'\nmatter = 'lamp'", &["unknown_ref"]),
        ("use = 'answer'\nwords = '请办结'\nowner = 'desk'", &["unknown_key"]),
    ] {
        let text = format!("[done]\ntitle = '办结'\n{lines}");
        assert_eq!(checks(&town(&[("phrases.toml", &text)])), wrong, "{lines}");
    }
    let merged = town(&[("phrases.toml", "[done]\ntitle = '办结'\nuse = 'script'\nwords = '好'")]);
    let phrase = merged.pack.unwrap().phrases["done"].clone();
    assert_eq!((phrase.title.as_str(), phrase.purpose), ("办结", model::desk::Purpose::Script));
}

#[test]
fn a_procedure_may_extend_another_under_a_new_id() {
    let loaded = town(&[(
        "procedures/hope.toml",
        "extends = 'wish'\ntitle = '微心愿'\ndrop = ['action.verify', 'state.verifying', 'action.found', 'action.skip']",
    )]);
    assert_eq!(told(&loaded.problems, Severity::Error), Vec::<String>::new());
    let hope = &loaded.pack.unwrap().procedures["hope"];
    assert_eq!((hope.id.as_str(), hope.title.as_str()), ("hope", "微心愿"));
    assert!(!hope.states.contains_key("verifying") && hope.actions.contains_key("urge"));
}

#[test]
fn a_problem_points_at_the_file_that_said_it() {
    let loaded = town(&[("procedures/wish.toml", "[state]\ndoing = { owner = 'nobody@unit' }")]);
    let told = told(&loaded.problems, Severity::Error);
    assert!(told[0].starts_with("town/procedures/wish.toml:2:11 unknown_ref"), "{told:?}");
    assert!(loaded.pack.is_none());
}

#[test]
fn every_syntax_error_is_told_and_the_rest_is_read() {
    let loaded = town(&[(
        "procedures/wish.toml",
        "limits = { do = }\nstages = [1\n[state]\ndoing = { owner = 'nobody' }\n[state]\n",
    )]);
    let found = checks(&loaded);
    assert!(found.iter().filter(|it| **it == "syntax").count() >= 2, "{found:?}");
}

#[rstest::rstest]
#[case::unknown_parent("procedures/wish.toml", "extends = 'nothing'", "unknown_ref")]
#[case::drops_nothing("procedures/wish.toml", "drop = ['action.nothing']", "drop_unknown")]
#[case::half_a_state(
    "procedures/wish.toml",
    "[state]\ndoign = { limit = '1 wd' }",
    "overrides_nothing"
)]
#[case::half_an_action(
    "procedures/wish.toml",
    "[action]\nod = { at_most = 1 }",
    "overrides_nothing"
)]
#[case::hides_less("procedures/wish.toml", "hides = ['confidential']", "mask_widened")]
#[case::made_public("fields.toml", "unit = { public = true }", "mask_widened")]
#[case::seen_by_more(
    "fields.toml",
    "seen = { seen_by = ['desk@county', 'clerk'] }",
    "mask_widened"
)]
#[case::circle("procedures/a.toml", "title = 'a'\nwhy = 'a'\nextends = 'a2'", "unknown_ref")]
#[case::folder_of_a_table("registers/duties.toml", "", "unknown_key")]
#[case::unknown_file("procedurse/wish.toml", "", "unknown_key")]
fn what_a_county_may_not_do(#[case] file: &str, #[case] text: &str, #[case] check: &str) {
    let loaded = town(&[(file, text)]);
    assert!(checks(&loaded).contains(&check), "{:?}", told(&loaded.problems, Severity::Warning));
    assert!(loaded.pack.is_none());
}

#[test]
fn circles_of_inheritance_are_told_not_walked() {
    let two = [
        ("procedures/a.toml", "title = 'a'\nwhy = 'a'\nextends = 'b'"),
        ("procedures/b.toml", "title = 'b'\nwhy = 'b'\nextends = 'a'"),
    ];
    assert!(checks(&town(&two)).contains(&"extends_loop"));
    let own = |id: &str| {
        let head =
            format!("title='a'\nversion='1'\nextends='{}@1'", if id == "a" { "b" } else { "a" });
        Some(vec![("pack.toml".to_owned(), head)])
    };
    assert!(checks(&load("a", &own)).contains(&"extends_loop"));
}

#[test]
fn another_version_of_the_parent_is_refused() {
    let own = |id: &str| match id {
        "town" => Some(vec![(
            "pack.toml".into(),
            "title='镇'\nversion='1'\nextends='small@2026.1'".into(),
        )]),
        _ => small(id),
    };
    assert!(checks(&load("town", &own)).contains(&"parent_version"));
}

#[test]
fn what_is_the_askers_falls_away_where_nobody_asks() {
    let round = "title = '巡检'\nwhy = '制度'\nasker = 'none'\n[state]\ndoing = { title = '办理', owner = 'desk@county', limit = '1 wd' }\n[action]\nopen = { title = '开始', by = 'clock', to = 'doing' }\ndone = { title = '完成', from = 'doing', to = 'decided' }";
    let loaded = town(&[("procedures/round.toml", round)]);
    assert_eq!(told(&loaded.problems, Severity::Warning), Vec::<String>::new());
    let actions = &loaded.pack.unwrap().procedures["round"].actions;
    assert!(!actions.contains_key("withdraw") && !actions.contains_key("attempt"));
    assert!(actions.contains_key("remind"));
}

#[test]
fn a_catalogue_may_be_a_spreadsheet() {
    let csv = "\u{feff}id,title,words,limits.do,on_site,unit\nbench,长椅,长椅、座椅,3 wd,是,works\nlamp,路灯,路灯,,,works\n";
    let with = |text: &str| {
        let text = text.to_owned();
        load("small", &move |id| {
            let mut files = small(id)?;
            files.retain(|(path, _)| path != "matters/wish.toml");
            files.push(("matters/wish.csv".into(), text.clone()));
            Some(files)
        })
    };
    let loaded = with(csv);
    assert_eq!(told(&loaded.problems, Severity::Error), Vec::<String>::new());
    let matters = &loaded.pack.unwrap().matters["wish"];
    assert_eq!(matters["bench"].words, ["长椅", "座椅"]);
    assert_eq!(matters["bench"].limits["do"].to_string(), "3 wd");
    assert_eq!(matters["lamp"].route[0].unit, "works");
    assert!(matters["lamp"].limits.is_empty());
    let twice = with("id,title,unit\nbench,长椅,works\nbench,长椅,works\n,空,works\n");
    assert_eq!(told(&twice.problems, Severity::Error).len(), 2 + 1, "{:?}", twice.problems);
}

#[test]
fn derived_marks_say_where_a_dispatch_and_a_verdict_stand() {
    let pack = load("base", &files).pack.unwrap();
    let appeal = &pack.procedures["appeal"];
    let marked = |mark: &dyn Fn(&crate::definition::State) -> bool| {
        appeal
            .states
            .iter()
            .filter(|(_, it)| mark(it))
            .map(|(id, _)| id.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(marked(&|it| it.dispatches), ["dispatched"]);
    assert_eq!(marked(&|it| it.awaits_verdict), ["answered", "disputed"]);
}

/// Every key of a table, as paths.
fn paths(table: &toml::Table, above: &[String], all: &mut Vec<Vec<String>>) {
    for (key, value) in table {
        let path = [above, std::slice::from_ref(key)].concat();
        if let toml::Value::Table(below) = value {
            paths(below, &path, all);
        }
        all.push(path);
    }
}

fn without(table: &toml::Table, path: &[String]) -> toml::Table {
    let mut table = table.clone();
    let (last, above) = path.split_last().unwrap();
    let mut at = &mut table;
    for key in above {
        at = at.get_mut(key).unwrap().as_table_mut().unwrap();
    }
    at.remove(last);
    table
}

/// Problems of `pack` with one file's text replaced, without their places.
fn mutant(id: &str, pack: &Files, file: &str, text: &str) -> Vec<String> {
    let changed: Files = pack
        .iter()
        .map(|(path, own)| (path.clone(), if path == file { text.into() } else { own.clone() }))
        .collect();
    let problems = load(id, &|_| Some(changed.clone())).problems;
    problems.into_iter().map(|it| format!("{} {}", it.check, it.message[1])).collect()
}

/// How many keys of a pack were deleted one at a time (every `step`-th), and which unnoticed.
fn deleted_unnoticed(id: &str, pack: &Files, step: usize) -> (usize, Vec<String>) {
    let (mut all, mut silent) = (0, Vec::new());
    let judged = |path: &str| path.ends_with(".toml") && !path.starts_with("matters");
    for (file, text) in pack.iter().filter(|(path, _)| judged(path)) {
        let table: toml::Table = text.parse().unwrap();
        let sound = mutant(id, pack, file, &toml::to_string(&table).unwrap());
        let mut keys = Vec::new();
        paths(&table, &[], &mut keys);
        for key in keys.into_iter().step_by(step) {
            all += 1;
            let text = toml::to_string(&without(&table, &key)).unwrap();
            if mutant(id, pack, file, &text) == sound {
                silent.push(format!("{file}:{}", key.join(".")));
            }
        }
    }
    (all, silent)
}

#[test]
fn most_keys_cannot_be_deleted_unnoticed() {
    let (all, silent) = deleted_unnoticed("small", &small("small").unwrap(), 3);
    let noticed = all - silent.len();
    println!("{noticed} of {all} deleted keys noticed; not: {}", silent.join(" "));
    assert!(noticed * 10 >= all * 7, "{noticed} of {all}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_can_make_the_reader_panic(text in "\\PC{0,200}", which in 0..SMALL.len()) {
        let file = SMALL[which].0;
        let loaded = load("small", &|id| {
            let mut files = small(id)?;
            files[which].1 = text.clone();
            Some(files)
        });
        prop_assert!(loaded.pack.is_some() || !loaded.problems.is_empty(), "{file}");
    }

    #[test]
    fn any_damage_to_a_file_loads_or_is_reported(
        which in 0..SMALL.len(), from in 0.0..1.0_f64, long in 0..40_usize,
        put in prop::sample::select(vec!["", "1", "[[", "'x'", "= ", "\"", "{}", "owner", "@", "-1"]),
    ) {
        let loaded = load("small", &|id| {
            let mut files = small(id)?;
            let chars: Vec<char> = files[which].1.chars().collect();
            let at = (chars.len() as f64 * from) as usize;
            let head: String = chars.iter().take(at).collect();
            let tail: String = chars.iter().skip(at + long).collect();
            files[which].1 = format!("{head}{put}{tail}");
            Some(files)
        });
        match &loaded.pack {
            Some(pack) => {
                let again = Pack::from_flat(&loaded.flat).unwrap();
                prop_assert_eq!(format!("{:?}", pack), format!("{:?}", again));
            }
            None => prop_assert!(loaded.problems.iter().any(|it| it.severity == Severity::Error)),
        }
    }
}
