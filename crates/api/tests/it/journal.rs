//! Proofs for outsiders, receipts, the auditor's listing, waiting for an entry, erasing.

use crate::kit::{GRID, Kit, for_each_engine, kit};
use serde_json::{Value, json};
use std::time::Duration;

async fn newest(kit: &Kit) -> String {
    kit.seal().await;
    kit.get("/journal/checkpoint").send().await.is(200).body.as_str().unwrap().to_owned()
}

fn size(checkpoint: &str) -> u64 {
    checkpoint.lines().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn anybody_can_pin_a_checkpoint_and_check_what_follows() {
    for_each_engine(async |kit| {
        let before = size(&newest(&kit).await);
        let case = kit.case().await;
        let after = size(&newest(&kit).await);
        assert!(after > before);
        let path = format!("/journal/consistency?from={before}&to={after}");
        let proof = kit.get(&path).send().await.is(200).body;
        assert!(!proof["hashes"].as_array().unwrap().is_empty());
        let entry = case["entry"].as_str().unwrap();
        let proof = kit.get(&format!("/journal/{entry}/proof")).send().await.is(200).body;
        assert_eq!(proof["size"], after);
        let beyond = format!("/journal/consistency?from=0&to={}", after + 1);
        kit.get(&beyond).send().await.refused(422, "invalid");
    })
    .await;
}

#[tokio::test]
async fn a_receipt_is_checked_without_asking_anybody() {
    let kit = kit().await;
    let case = kit.case().await;
    let path = format!("/cases/{}/receipt", case["id"].as_str().unwrap());
    let response = kit.get(&path).by("lin").response().await;
    assert_eq!(response.status(), 200);
    let bytes = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    let key = kit.county.sealer().unwrap().verifier().to_string();
    let verified = app::journal::verify_receipt(&bytes, Some(&key)).unwrap();
    assert!(verified.trusted);
    assert_eq!(verified.entry.id.to_string(), case["entry"].as_str().unwrap());
}

#[tokio::test]
async fn a_read_waits_for_the_entry_it_names_and_not_for_ever() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        let (id, entry) = (case["id"].as_str().unwrap(), case["entry"].as_str().unwrap());
        let proof = format!("/journal/{entry}/proof?seen={entry}");
        let (county, wait) = (kit.county.clone(), Duration::from_millis(150));
        let sealing = tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            while county.db().engine() == rowdb::Engine::Postgres
                && county.seal("late").await.unwrap()
            {}
        });
        kit.get(&proof).send().await.is(200);
        sealing.await.unwrap();
        let never = format!("/cases/{id}?seen=00000000-0000-7000-8000-000000000000");
        kit.get(&never).by("lin").send().await.is(200);
        let wrong = kit.get("/places?seen=yes").send().await.refused(422, "invalid");
        assert_eq!(wrong.fields(), ["seen:wrong_form"]);
    })
    .await;
}

#[tokio::test]
async fn the_auditor_lists_entries_page_by_page() {
    let kit = kit().await;
    let case = kit.case().await;
    let list = |query: &str| kit.get(&format!("/journal/entries{query}")).by("audit-admin").send();
    let page = list("?limit=2").await.is(200).body;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let next = page["next"].as_u64().unwrap();
    let older = list(&format!("?limit=2&after={next}")).await.is(200).body;
    assert!(older["items"][0]["position"].as_u64().unwrap() < next);
    let about = format!("?subject={}", case["id"].as_str().unwrap());
    let opened = list(&about).await.is(200).body["items"][0].clone();
    assert_eq!(
        (&opened["kind"], &opened["actor"]["kind"]),
        (&json!("case_opened"), &json!("resident"))
    );
    let text = opened.to_string();
    assert!(!text.contains("路灯"), "{text}");
    list("?limit=x").await.refused(400, "query");
}

#[tokio::test]
async fn erasing_oneself_takes_the_words_and_leaves_the_proof() {
    let kit = kit().await;
    let case = kit.case().await;
    let me = kit.get("/me").by("lin").send().await.is(200).body["person"].clone();
    let path = format!("/people/{}/erase", me.as_str().unwrap());
    let erase = |reason: &str| kit.post(&path, json!({ "reason": reason })).by("lin").send();
    erase("x").await.refused(422, "invalid");
    erase("本人申请注销").await.refused(409, "case_open");
    kit.act("lin", &case, "withdraw", json!({})).await.is(200);
    let erased = erase("本人申请注销").await.is(200).body;
    assert!(erased["values"].as_u64().unwrap() >= 3);
    let id = case["id"].as_str().unwrap();
    let left = kit.get(&format!("/cases/{id}")).by("desk").send().await.is(200).body;
    assert_eq!((&left["title"], &left["place"]), (&Value::Null, &json!(GRID)));
}
