//! Promises about loading packs and the calendar.

use crate::testkit::*;
use app::method_packs::{self, MatterQuery, check_pack};
use calendar::YearPlan;
use model::access::Actor;

#[test]
fn a_broken_pack_is_refused_with_every_problem_at_its_line() {
    let mut files = pack_files(&["base"]);
    let base = files.get_mut("base").unwrap();
    for (name, text) in base.iter_mut() {
        if name == "pack.toml" {
            text.push_str("\nsurprise = 1\n");
        }
        if name == "roles.toml" {
            text.push_str("\nclown = { title = \"小丑\", of = \"circus\" }\n");
        }
    }
    let Err(app::Error::Invalid(problems)) = check_pack("base", &files) else { panic!("loaded") };
    let at = |file: &str| problems.iter().any(|it| it.field.contains(file));
    assert!(at("pack.toml:") && at("roles.toml:"), "{problems:?}");
}

#[tokio::test]
async fn the_pack_in_use_is_listed_and_only_the_system_administrator_loads_another() {
    for_each_county(|kit| async move {
        let system = kit.seat("system_admin", COUNTY, "宋系统").await.actor();
        let worker = kit.seat("grid_worker", GRID, "苏网格").await.actor();
        let loaded = std::sync::Arc::new(check_pack("base", &pack_files(&["base"])).unwrap());
        let load = method_packs::load_pack;
        assert_eq!(code(act!(kit, worker.clone(), load, loaded.clone())), "forbidden");
        let again = act!(kit, system, load, loaded).unwrap();
        let packs = see!(kit, worker, |tx, work| method_packs::list_packs(tx, &work)).unwrap();
        assert_eq!(packs.len(), 1);
        assert_eq!((packs[0].pack.clone(), packs[0].current), (again, true));
    })
    .await;
}

#[tokio::test]
async fn a_text_suggests_matters_with_the_words_that_tell() {
    for_each_county(|kit| async move {
        let all = MatterQuery::default();
        let all = act!(kit, Actor::Visitor, method_packs::list_matters, all).unwrap();
        assert!(all.len() >= 60 && all.iter().all(|it| it.suggested.is_none()));
        let query = MatterQuery {
            procedure: Some("appeal".to_owned()),
            text: Some("小区门口路灯不亮,晚上看不见".to_owned()),
        };
        let told = act!(kit, Actor::Visitor, method_packs::list_matters, query).unwrap();
        assert_eq!(told[0].id, "street_lights");
        assert!(told[0].suggested.as_ref().unwrap().words.contains(&"路灯".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn an_imported_year_is_published_from_then_on() {
    for_each_county(|kit| async move {
        let plan = r#"{"year": 2027, "off": ["2027-01-01", "2027-02-08"], "work": ["2027-02-07"]}"#;
        let plan = YearPlan::from_json(plan).unwrap();
        let system = kit.seat("system_admin", COUNTY, "宋系统").await.actor();
        act!(kit, system, method_packs::import_year, plan).unwrap();
        let year =
            see!(kit, Actor::Visitor, |tx, work| method_packs::show_calendar(tx, &work, 2027));
        let year = year.unwrap();
        assert!(year.published);
        assert_eq!(year.exceptions.len(), 3);
    })
    .await;
}
