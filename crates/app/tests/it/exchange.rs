//! Promises about repeated requests and about importing another system's cases.

use crate::filled::*;
use crate::testkit::*;
use app::exchange::{ImportFile, import_cases, sweep};
use app::{Error, Once};
use jiff::SignedDuration;
use model::access::Actor;
use model::cases::FieldValue;
use model::journal::Event;
use sheet::{Format, Mapping, Table};
use std::collections::BTreeMap;
use store::cases::Case;

fn once(key: &str, body: u8) -> Option<Once> {
    let scope = "account/open_case".to_owned();
    Some(Once { scope, key: key.to_owned(), body: vec![body; 32] })
}

/// Records a resident once for a key; the answer is the entry.
async fn register(kit: &Kit, key: &str, body: u8) -> Result<String, Error> {
    let registered = kit.county.run_once(init(), once(key, body), |tx, mut work| {
        Box::pin(async move {
            let person = work.draw.id();
            let event = Event::ResidentRegistered { person, key: person.to_string() };
            Ok(work.record(tx, person.0, event).await?.id.to_string())
        })
    });
    registered.await
}

#[tokio::test]
async fn a_request_sent_again_does_nothing_and_gets_the_same_answer() {
    for_each_county(|kit| async move {
        let first = register(&kit, "k1", 1).await.unwrap();
        assert_eq!(register(&kit, "k1", 1).await.unwrap(), first);
        assert_ne!(register(&kit, "k2", 1).await.unwrap(), first);
        let reused = register(&kit, "k1", 2).await;
        assert!(matches!(reused, Err(Error::KeyReused)), "{reused:?}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_kept_for_thirty_days() {
    for_each_county(|kit| async move {
        let first = register(&kit, "k1", 1).await.unwrap();
        kit.clock.forward(SignedDuration::from_hours(30 * 24));
        assert_eq!(swept(&kit).await, 0);
        assert_eq!(register(&kit, "k1", 1).await.unwrap(), first);
        kit.clock.forward(SignedDuration::from_secs(1));
        assert_eq!(swept(&kit).await, 1);
        assert_ne!(register(&kit, "k1", 1).await.unwrap(), first);
    })
    .await;
}

async fn swept(kit: &Kit) -> u64 {
    let swept =
        kit.county.run(init(), |tx, work| Box::pin(async move { sweep(tx, work.now()).await }));
    swept.await.unwrap()
}

async fn case(kit: &Kit, number: &str) -> Option<Case> {
    let number = number.to_owned();
    let found = kit.county.db().read(move |tx| {
        let number = number.clone();
        Box::pin(async move {
            match store::cases::by_source(tx, "12345", &number).await? {
                Some(id) => store::cases::get(tx, id).await,
                None => Ok(None),
            }
        })
    });
    found.await.unwrap()
}

async fn texts(kit: &Kit, case: &Case) -> BTreeMap<String, String> {
    let entry = case.entry;
    kit.county.db().read(move |tx| Box::pin(store::journal::private(tx, entry))).await.unwrap()
}

#[tokio::test]
async fn requests_of_another_system_land_in_their_places_with_their_dates_and_replies() {
    for_each_county(|kit| async move {
        let report = import(&kit, REQUESTS, false).await.unwrap();
        assert_eq!((report.rows, report.recorded, report.already), (40, 40, 0));
        assert_eq!(report.unplaced, [6, 11, 16, 21, 26, 31, 36, 41]);
        assert_eq!(report.duplicates, [(19, 7), (40, 7)]);
        assert!(report.problems.is_empty() && report.refused.is_none());

        let shelf = kit.county.shelf().await.unwrap();
        let place = |code| shelf.network.place_by_code(code).unwrap().id;
        let first = case(&kit, "1000").await.unwrap();
        assert_eq!(first.state.place, place(STREET));
        assert_eq!(first.state.opened_at, "2015-01-01T00:00+08:00".parse().unwrap());
        assert_eq!(first.state.ended_at, Some(first.state.opened_at));
        assert_eq!((first.state.state.as_str(), first.state.dispatches), ("imported", 1));
        let said = texts(&kit, &first).await;
        assert_eq!(said["words"], "您好,已安排处理。\n感谢您的关注。");
        assert_eq!(said["body"], "柳溪附近,河面漂着枯枝和塑料袋。\n请安排打捞。");
        assert_eq!(said["where"], "柳溪");

        let coded = case(&kit, "1039").await;
        assert!(
            coded.is_some_and(|it| it.state.place == place(COUNTY)),
            "the last has no district"
        );
        let unplaced = case(&kit, "1004").await.unwrap();
        assert_eq!(unplaced.state.place, place(COUNTY));
        assert_eq!(unplaced.state.fields["unplaced"], FieldValue::Bool(true));
        let unknown = (unplaced.state.dispatches, unplaced.state.ended_at);
        assert_eq!(unknown, (0, None), "how long it took nobody knows");
        assert!(!unplaced.state.is_open());

        let reported = case(&kit, "1005").await.unwrap();
        assert!(reported.sensitive, "举报 is for named posts only");
        assert_eq!(case(&kit, "1001").await.unwrap().hiding, "anonymous");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_counts_and_writes_nothing() {
    for_each_county(|kit| async move {
        let report = import(&kit, REQUESTS, true).await.unwrap();
        assert_eq!((report.recorded, report.unplaced.len()), (40, 8));
        assert!(case(&kit, "1000").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_run_cut_short_is_finished_by_running_it_again() {
    for_each_county(|kit| async move {
        let lines = String::from_utf8(REQUESTS.to_vec()).unwrap();
        // Rows span lines: cut behind the twentieth row.
        let cut = lines.find("\r\n1020,").or_else(|| lines.find("\n1020,")).unwrap();
        let part = import(&kit, &lines.as_bytes()[..=cut], false).await.unwrap();
        assert_eq!(part.recorded, 20);
        let rest = import(&kit, REQUESTS, false).await.unwrap();
        assert_eq!((rest.recorded, rest.already), (20, 20));
        let again = import(&kit, REQUESTS, false).await.unwrap();
        assert_eq!((again.recorded, again.already), (0, 40));
    })
    .await;
}

#[tokio::test]
async fn a_file_with_wrong_rows_is_not_imported_and_they_come_back_to_be_mended() {
    for_each_county(|kit| async move {
        let text = String::from_utf8(REQUESTS.to_vec()).unwrap();
        let header = text.lines().next().unwrap();
        let csv = format!(
            "{header}\n\
             1,桥头街道,,投诉,电话,0,2020-02-30,甲,乙,,0,1,2,,\n\
             2,天边街道,,投诉,电话,0,2020-02-03,甲,乙,,0,1,2,,\n\
             3,桥头街道,,吵闹,电话,2,2020-02-03,甲,乙,,0,1,2,,\n\
             4,桥头街道,,投诉,电话,0,2020-02-03, ,乙,,x,1,-2,,\n\
             5,桥头街道,,投诉,电话,0,2020-02-03,甲,乙,,0,1,2,,\n\
             5,桥头街道,,投诉,电话,0,2020-02-03,甲,丙,,0,1,2,,\n"
        );
        let report = import(&kit, csv.as_bytes(), false).await.unwrap();
        let found: Vec<_> = report.problems.iter().map(|it| (it.row, it.column.as_str())).collect();
        for expected in [
            (2, "date"),
            (3, "district"),
            (4, "nature"),
            (4, "anonymous"),
            (5, "title"),
            (7, "row"),
        ] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
        assert!(case(&kit, "5").await.is_none(), "nothing is half imported");

        let refused = report.refused.unwrap();
        let mut table = Table::read(&refused, Format::Xlsx).unwrap();
        assert_eq!(table.headers().names().last().unwrap(), "问题");
        assert_eq!(table.rows().unwrap().count(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_several_places_bear_must_be_given_as_a_code() {
    for_each_county(|kit| async move {
        use app::territory::{AddPlaces, NewPlace};
        let grid = |name: &str| NewPlace {
            parent: Some(COMMUNITY.to_owned()),
            level: "grid".to_owned(),
            name: name.to_owned(),
            ..NewPlace::default()
        };
        // A grid called like the street: the wider place wins. Two grids alike: neither.
        let places = vec![grid("桥头街道"), grid("重名"), grid("重名")];
        let request = AddPlaces { places, rule: None };
        act!(kit, init(), app::territory::add_places, request).unwrap();
        let csv = "row,district,river,nature,channel,anonymous,date,title,content,reply,\
                   redispatch_count,days_to_final_reply\n\
                   1,桥头街道,,投诉,电话,0,2020-02-03,甲,乙,,0,2\n\
                   2,重名,,投诉,电话,0,2020-02-03,甲,丙,,0,2\n";
        let report = import(&kit, csv.as_bytes(), true).await.unwrap();
        let found: Vec<_> = report.problems.iter().map(|it| (it.row, it.value.as_str())).collect();
        assert_eq!(found, [(3, "重名")]);
    })
    .await;
}

#[tokio::test]
async fn a_mapping_or_a_file_that_does_not_fit_is_refused_before_anything_is_read() {
    for_each_county(|kit| async move {
        let refused = |mapping: &'static str, bytes: &'static [u8], actor: Actor| {
            let county = kit.county.clone();
            async move {
                let mapping = Mapping::parse(mapping).unwrap();
                let (name, format) = ("x.csv", Format::Csv);
                let file = ImportFile { name, bytes, format, mapping: &mapping, dry_run: true };
                import_cases(&county, actor, file, &mut |_| {}).await
            }
        };
        let short = "[fields]\ntitle = \"title\"\nmood = \"mood\"";
        let Err(Error::Invalid(problems)) = refused(short, REQUESTS, init()).await else {
            panic!("accepted");
        };
        for word in ["mood", "`number`", "`system`", "`body`", "`opened_on`"] {
            assert!(problems[0].english.contains(word), "{}", problems[0].english);
        }
        assert_eq!(code(refused(MAPPING, b"PK\x03\x04", init()).await), "unreadable");
        assert_eq!(code(refused(MAPPING, REQUESTS, Actor::Visitor).await), "unauthenticated");
        let report = refused(MAPPING, b"row,title\n1,x\n", init()).await.unwrap();
        assert_eq!(report.rows, 0);
        assert!(report.problems.iter().any(|it| it.advice.contains("content")));
    })
    .await;
}

const OWN: &str = r#"
[fields]
system = { default = "12345" }
number = "n"
title = "title"
body = "title"
opened_on = "date"
unit = "unit"
consent = { column = "consent", map = { "同意" = "agreed" }, default = "agreed" }
guarded = "guarded"
yearly_sum = "sum"
result = "result"
"#;

#[tokio::test]
async fn a_table_may_fill_what_the_pack_itself_asks() {
    for_each_county(|kit| async move {
        kit.org("water", "供水公司").await;
        let take = |mapping: &'static str, rows: &'static str| {
            let county = kit.county.clone();
            async move {
                let mapping = Mapping::parse(mapping).unwrap();
                let bytes = format!("n,title,date,unit,consent,guarded,sum,result\n{rows}");
                let (name, format) = ("x.csv", Format::Csv);
                let bytes = bytes.as_bytes();
                let file = ImportFile { name, bytes, format, mapping: &mapping, dry_run: false };
                import_cases(&county, init(), file, &mut |_| {}).await
            }
        };
        let Err(Error::Invalid(problems)) = take("[fields]\nsame = \"n\"", "").await else {
            panic!("accepted");
        };
        assert!(problems[0].english.contains("`same`, which points"), "{}", problems[0].english);

        let wrong = "1,一,2026-01-05,nobody,,maybe,1.005,\n";
        let report = take(OWN, wrong).await.unwrap();
        let columns: Vec<&str> = report.problems.iter().map(|it| it.column.as_str()).collect();
        assert_eq!((report.recorded, columns), (0, vec!["guarded", "unit", "sum"]));

        let right = "1,一,2026-01-05,water,同意,yes,12.5,换了水管\n";
        assert_eq!(take(OWN, right).await.unwrap().recorded, 1);
        let found = case(&kit, "1").await.unwrap();
        let shelf = kit.county.shelf().await.unwrap();
        let unit = shelf.network.org_by_code("water").unwrap().id;
        let fields = &found.state.fields;
        assert_eq!(found.state.org("unit"), Some(unit));
        assert_eq!(fields["consent"], FieldValue::Text("agreed".into()));
        assert_eq!(fields["guarded"], FieldValue::Bool(true));
        assert_eq!(fields["yearly_sum"], FieldValue::Int(1250));
        assert_eq!(texts(&kit, &found).await["result"], "换了水管");
        assert!(matches!(fields["result"], FieldValue::Private { .. }), "words are set apart");
    })
    .await;
}
