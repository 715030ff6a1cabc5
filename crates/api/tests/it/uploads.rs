//! Files in and out.

use crate::kit::{GRID, kit};
use serde_json::json;

const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

#[tokio::test]
async fn a_photo_is_sent_in_named_in_a_case_and_fetched_by_whoever_sees_the_case() {
    let kit = kit().await;
    let send = || kit.ask("POST", "/uploads").by("lin").header("idempotency-key", "u");
    let photo = send().form(&[("file", JPEG)]).send().await.is(201).body;
    assert_eq!(photo["media"], "image/jpeg");
    assert_eq!(send().form(&[("file", JPEG)]).send().await.is(201).body, photo);
    send().form(&[("file", b"%PDF-1.7")]).send().await.refused(422, "key_reused");
    let case = json!({
        "procedure": "appeal", "title": "井盖", "body": "翘起", "place": GRID,
        "attachments": [photo["id"]],
    });
    let case = kit.post("/cases", case).by("lin").send().await.is(201).body;
    assert_eq!(case["fields"]["photos"], json!([photo["id"]]));
    let (id, file) = (case["id"].as_str().unwrap(), photo["id"].as_str().unwrap());
    let path = format!("/cases/{id}/uploads/{file}");
    let fetched = kit.get(&path).by("desk").send().await.is(200);
    assert_eq!(fetched.header("content-type"), "image/jpeg");
    assert_eq!(fetched.header("x-content-type-options"), "nosniff");
    assert!(fetched.header("content-security-policy").contains("sandbox"));
    kit.get(&path).by("chen").send().await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_no_photo_or_is_missing_or_forbidden_is_not_kept() {
    let kit = kit().await;
    let send = || kit.ask("POST", "/uploads");
    let page = send().form(&[("file", b"<html>")]).send().await.refused(422, "invalid");
    assert_eq!(page.fields(), ["file:media"]);
    let none = send().form(&[("other", JPEG)]).send().await.refused(422, "invalid");
    assert_eq!(none.fields(), ["file:missing"]);
    send().json(json!({})).send().await.refused(415, "media_type");
    send().raw("multipart/form-data; boundary=x", "--x\r\n").send().await.refused(400, "multipart");
    let admin = send().by("system-admin").form(&[("file", JPEG)]).send().await;
    admin.refused(403, "forbidden");
    assert_eq!(kit.files.len(), 0);
}

#[tokio::test]
async fn an_upload_over_the_limit_is_refused() {
    let kit = kit().await;
    let mut huge = vec![0; 22 * 1024 * 1024];
    huge[..3].copy_from_slice(&JPEG[..3]);
    let answer = kit.ask("POST", "/uploads").form(&[("file", &huge)]).send().await;
    answer.refused(413, "too_large");
    let photo =
        kit.ask("POST", "/uploads").form(&[("file", &huge[..11 * 1024 * 1024])]).send().await;
    assert_eq!(photo.refused(422, "invalid").fields(), ["file:too_large"]);
}

#[tokio::test]
async fn an_export_needs_a_template() {
    let kit = kit().await;
    let parts: [(&str, &[u8]); 3] =
        [("system", b"12345"), ("from", b"2026-03-01"), ("to", b"2026-03-31")];
    let ask = |parts: &[(&str, &[u8])]| kit.ask("POST", "/exports/answers").by("desk").form(parts);
    assert_eq!(ask(&parts).send().await.is(422).fields(), ["template:missing"]);
    let mut broken = parts.to_vec();
    broken.push(("template", b"no workbook"));
    assert_eq!(ask(&broken).send().await.is(422).fields(), ["template:template"]);
    assert_eq!(ask(&parts[..2]).send().await.is(422).fields(), ["to:missing"]);
}
