//! Promises about answers for another office and about fetching uploads.

use crate::filled::*;
use crate::testkit::*;
use app::Period;
use app::exchange::{export_answers, show_upload, upload};
use jiff::civil::date;
use model::access::Actor;
use model::cases::Hiding;
use model::journal::{Act, Event, Opening};
use model::{CaseId, FileId};
use serde_json::json;
use sheet::{Content, Export, Exporter, Format, Table};
use std::io::Cursor;

/// Opens a case that another office sent, with the state as given.
async fn opened(kit: &Kit, number: &str, sensitive: bool, photos: &[FileId]) -> CaseId {
    let shelf = kit.county.shelf().await.unwrap();
    let place = shelf.network.place_by_code(GRID).unwrap().id;
    let path = shelf.network.path(place);
    let pack = shelf.pack().unwrap().hash.clone();
    let unit = shelf.network.org_by_code("water").map(|org| org.id);
    let (number, photos) = (number.to_owned(), photos.to_vec());
    let opened = kit.county.run(init(), move |tx, mut work| {
        let (path, pack, number) = (path.clone(), pack.clone(), number.clone());
        let photos = photos.clone();
        Box::pin(async move {
            let (case, entry) = (work.draw.id::<CaseId>(), work.draw.entry());
            let at = work.now();
            let mut fields = json!({ "photos": photos });
            if let Some(unit) = unit {
                fields["unit"] = json!(unit);
            }
            let state = json!({
                "procedure": "appeal", "pack": pack, "place": place, "state": "received",
                "asker": { "kind": "resident", "hiding": "named" }, "opened_at": at,
                "entered": { "received": at }, "since": at,
                "fields": fields,
            });
            let source = model::cases::Source { system: "12345".into(), number, due_at: None };
            let opening = Opening {
                case,
                number: work.number(tx).await?,
                path,
                point: None,
                hiding: Hiding::Named,
                sensitive,
                facts: Default::default(),
                choice: None,
                channel: "12345".to_owned(),
                source: Some(source),
                link: None,
                simhash: None,
                state,
            };
            work.private = [("title".to_owned(), "=井盖响".to_owned())].into();
            let about = (Some(case.0), Some(1), at);
            work.record_as(tx, entry, about, Event::CaseOpened { opening }).await?;
            Ok(case)
        })
    });
    let id = opened.await.unwrap();
    seal(kit).await;
    id
}

async fn answered(kit: &Kit, case: CaseId, words: &str) {
    let words = words.to_owned();
    let acted = kit.county.run(init(), move |tx, mut work| {
        let words = words.clone();
        Box::pin(async move {
            let (entry, at) = (work.draw.entry(), work.now());
            let change = json!({ "state": "answered", "answered_at": at,
                "fields": { "words": { "private": entry } },
                "verdict": { "at": at, "solved": true, "stars": 5 } });
            let act = Act {
                case,
                action: "answer".to_owned(),
                voice: None,
                form: None,
                facts: Default::default(),
                choice: None,
                change,
                path: None,
                notified: Vec::new(),
                hushed: false,
                tell_asker: false,
            };
            work.private = [("words".to_owned(), words)].into();
            let about = (Some(case.0), Some(2), at);
            work.record_as(tx, entry, about, Event::CaseActed { act }).await?;
            Ok(())
        })
    });
    acted.await.unwrap();
    seal(kit).await;
}

/// Another office's own workbook.
fn template() -> Vec<u8> {
    let titles = ["工单号", "标题", "承办单位", "答复", "解决"];
    let column = |title: &&str| sheet::Column {
        title: (*title).to_owned(),
        width: 12.0,
        content: Content::Text,
    };
    let export = Export {
        title: "{{system}} 反馈表 共{{count}}件".to_owned(),
        exported_at: date(2026, 3, 1).at(9, 0, 0, 0),
        conditions: "{{from}}".to_owned(),
        columns: titles.iter().map(column).collect(),
        signatures: Vec::new(),
    };
    let mut exporter = Exporter::new(export).unwrap();
    let marks = [
        "{{item.number}}",
        "{{item.title}}",
        "{{item.unit}}",
        "{{item.answer}}",
        "{{item.solved}}",
    ];
    exporter.row(marks).unwrap();
    let mut out = Cursor::new(Vec::new());
    exporter.finish(&mut out).unwrap();
    out.into_inner()
}

fn cells(book: &[u8]) -> Vec<Vec<String>> {
    let reading = sheet::Reading::default();
    let mut table = Table::read_with(book, Format::Xlsx, reading).unwrap();
    let rows = table.rows().unwrap().map(Result::unwrap);
    rows.map(|row| row.texts().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn answers_go_back_in_the_other_offices_own_template() {
    for_each_county(|kit| async move {
        kit.org("water", "水务局").await;
        let worker = kit.seat("grid_worker", GRID, "网格甲").await;
        import(&kit, REQUESTS, false).await.unwrap();
        for number in ["A-2", "A-1", "A-3"] {
            let case = opened(&kit, number, number == "A-3", &[]).await;
            answered(&kit, case, &format!("{number} 已修好")).await;
        }
        opened(&kit, "A-4", false, &[]).await;
        let answers = |actor: Actor, period: Period| {
            kit.county.look(actor, move |tx, mut work| {
                Box::pin(async move { export_answers(tx, &mut work, ("12345", period)).await })
            })
        };
        let today = Period { from: date(2026, 3, 2), until: date(2026, 3, 3) };
        let found = answers(worker.actor(), today).await.unwrap();
        let numbers: Vec<_> = found.items.iter().map(|it| it["number"].as_str()).collect();
        assert_eq!(numbers, ["A-1", "A-2"], "not the sensitive, unanswered and imported ones");
        let rows = cells(&found.fill(&template()).unwrap());
        let row = ["A-1", "=井盖响", "水务局", "A-1 已修好", "是"];
        assert!(rows.iter().any(|it| it.ends_with(&row.map(str::to_owned))), "{rows:?}");

        let before = Period { from: date(2026, 3, 1), until: date(2026, 3, 2) };
        assert!(answers(worker.actor(), before).await.unwrap().items.is_empty());
        let elsewhere = kit.seat("grid_worker", OTHER_GRID, "网格乙").await;
        assert!(answers(elsewhere.actor(), today).await.unwrap().items.is_empty());
        assert_eq!(code(found.fill(b"PK no workbook")), "template");
    })
    .await;
}

#[tokio::test]
async fn an_upload_is_fetched_only_through_a_case_that_names_it() {
    for_each_county(|kit| async move {
        let worker = kit.seat("grid_worker", GRID, "网格甲").await;
        let new = new_upload();
        let uploaded = act!(kit, Actor::Visitor, upload, new).unwrap();
        let case = opened(&kit, "B-1", false, &[uploaded.id]).await;
        let other = opened(&kit, "B-2", false, &[]).await;
        let fetched = |actor: Actor, case: CaseId| {
            let id = uploaded.id;
            kit.county.look(actor, move |tx, mut work| {
                Box::pin(async move { show_upload(tx, &mut work, (case, id)).await })
            })
        };
        let file = fetched(worker.actor(), case).await.unwrap();
        assert_eq!(
            (file.sha256, file.media.as_str()),
            (uploaded.sha256.clone(), "application/pdf")
        );
        assert_eq!(code(fetched(worker.actor(), other).await), "not_found");
        let stranger = Actor::Resident { person: uuid::Uuid::from_u128(0x99).into() };
        assert_eq!(code(fetched(stranger, case).await), "not_found");
        assert_eq!(code(fetched(Actor::Visitor, case).await), "unauthenticated");
    })
    .await;
}
