//! Files in and out.

use crate::client::Answer;
use crate::kit::{GRID, Kit, Plan, for_each_engine, kit, planned};
use api::Limits;
use serde_json::{Value, json};
use uuid::Uuid;

/// A photo that says who made it, where and when, and holds a comment.
const PHOTO: &[u8] = include_bytes!("../data/photo.jpg");
/// A photo of one person.
const FACE: &[u8] = include_bytes!("../../../redact/tests/faces/astronaut.jpg");
const PDF: &[u8] = b"%PDF-1.7 invented %%EOF";

async fn send(kit: &Kit, parts: &[(&str, &[u8])]) -> Answer {
    kit.ask("POST", "/uploads").by("lin").form(parts).send().await
}

/// A case of `lin` with these uploads.
async fn case_with(kit: &Kit, uploads: &[&Value]) -> String {
    let case = json!({
        "procedure": "appeal", "title": "井盖", "body": "翘起", "place": GRID, "asker": "named",
        "attachments": uploads.iter().map(|it| &it["id"]).collect::<Vec<_>>(),
    });
    let case = kit.post("/cases", case).by("lin").send().await.is(201).body;
    case["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_photo_is_sent_in_named_in_a_case_and_fetched_by_whoever_sees_the_case() {
    for_each_engine(async |kit| {
        let send = || kit.ask("POST", "/uploads").by("lin").header("idempotency-key", "u");
        let photo = send().form(&[("file", PHOTO)]).send().await.is(201).body;
        assert_eq!((&photo["media"], &photo["hidden"]), (&json!("image/jpeg"), &json!(0)));
        assert_eq!((&photo["point"], &photo["taken_at"]), (&Value::Null, &Value::Null));
        assert_eq!(send().form(&[("file", PHOTO)]).send().await.is(201).body, photo);
        send().form(&[("file", PDF)]).send().await.refused(422, "key_reused");
        let other = send().form(&[("file", PHOTO), ("evidence", b"true")]).send().await;
        other.refused(422, "key_reused");
        let case = case_with(&kit, &[&photo]).await;
        let path = format!("/cases/{case}/uploads/{}", photo["id"].as_str().unwrap());
        let fetched = kit.get(&path).by("desk").send().await.is(200);
        assert_eq!(fetched.header("content-type"), "image/jpeg");
        assert_eq!(fetched.header("x-content-type-options"), "nosniff");
        assert!(fetched.header("content-security-policy").contains("sandbox"));
        assert!(fetched.header("content-disposition").starts_with("inline; filename="));
        kit.get(&path).by("chen").send().await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn nothing_that_the_sender_did_not_mean_to_send_reaches_the_disk() {
    let kit = kit().await;
    assert!(PHOTO.windows(6).any(|it| it == b"Secret"));
    let photo = send(&kit, &[("file", PHOTO), ("read_place", b"true")]).await.is(201).body;
    assert!((photo["point"]["lng"].as_f64().unwrap() - 117.788_889).abs() < 1e-5);
    assert!((photo["point"]["lat"].as_f64().unwrap() - 26.397_5).abs() < 1e-5);
    assert_eq!(photo["taken_at"], "2026-03-01T10:30:05Z");
    assert!(!kit.files.hold(b"Secret") && !kit.files.hold(b"Exif"));
    let silent = send(&kit, &[("file", PHOTO), ("read_place", b"false")]).await.is(201).body;
    assert_eq!(silent["point"], Value::Null);
}

#[tokio::test]
async fn faces_and_regions_that_the_sender_names_are_hidden() {
    let kit = kit().await;
    let parts: [(&str, &[u8]); 2] = [("file", FACE), ("hide", b"[[0,900,1000,100]]")];
    let photo = send(&kit, &parts).await.is(201).body;
    assert_eq!((&photo["hidden"], &photo["sealed"]), (&json!(2), &json!(false)));
    assert_eq!(kit.files.len(), 1);
    let case = case_with(&kit, &[&photo]).await;
    let known = kit.get(&format!("/cases/{case}/uploads")).by("desk").send().await.is(200).body;
    let known = (&known[0]["id"], &known[0]["hidden"], &known[0]["sealed"]);
    assert_eq!(known, (&photo["id"], &json!(2), &json!(false)));
    for wrong in ["[[0,0,1001,5]]", "[1,2]", "{}", "[[0,0,-1,5]]", "[[0.5,0,1,1]]"] {
        let refused = send(&kit, &[("file", PHOTO), ("hide", wrong.as_bytes())]).await;
        assert_eq!(refused.refused(422, "invalid").fields(), ["hide:wrong_form"], "{wrong}");
    }
    let unclear = send(&kit, &[("file", PHOTO), ("evidence", b"yes")]).await;
    assert_eq!(unclear.refused(422, "invalid").fields(), ["evidence:wrong_form"]);
}

#[tokio::test]
async fn a_sealed_original_opens_for_a_purpose_and_the_person_sees_who_looked() {
    for_each_engine(async |kit| {
        let photo = send(&kit, &[("file", PHOTO), ("evidence", b"true")]).await.is(201).body;
        assert_eq!(photo["sealed"], true);
        assert_eq!(kit.files.len(), 2);
        assert!(!kit.files.hold(b"Secret"), "the original lies there readable");
        let case = case_with(&kit, &[&photo]).await;
        let path = format!("/cases/{case}/uploads/{}/original", photo["id"].as_str().unwrap());
        let open = |who: &str, purpose: &str| {
            kit.post(&path, json!({ "purpose": purpose })).by(who).send()
        };
        open("lin", "看看").await.refused(403, "forbidden");
        open("clerk", "核对车牌").await.refused(404, "not_found");
        assert_eq!(open("desk", " ").await.refused(422, "invalid").fields(), ["purpose:missing"]);
        let ask = kit.post(&path, json!({ "purpose": "核对车牌" })).by("desk").response().await;
        assert_eq!(ask.status(), 200);
        let said = ask.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(said.starts_with("attachment"), "{said}");
        assert_eq!(ask.headers()["cache-control"], "no-store");
        let bytes = http_body_util::BodyExt::collect(ask.into_body()).await.unwrap().to_bytes();
        assert_eq!(bytes, PHOTO);
        let mine = kit.get("/me/data").by("lin").send().await.is(200).body;
        let looks = mine["looks"].as_array().unwrap();
        assert_eq!(looks.len(), 1, "{mine:#}");
        assert_eq!(looks[0]["purpose"], "核对车牌");
        let plain = send(&kit, &[("file", PHOTO)]).await.is(201).body;
        let case = case_with(&kit, &[&plain]).await;
        let path = format!("/cases/{case}/uploads/{}/original", plain["id"].as_str().unwrap());
        let none = kit.post(&path, json!({ "purpose": "核对" })).by("desk").send().await;
        none.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn erasing_a_person_drops_the_photos_they_sent_and_no_others() {
    for_each_engine(async |kit| {
        let face: [(&str, &[u8]); 2] = [("file", PHOTO), ("evidence", b"true")];
        let own = send(&kit, &face).await.is(201).body;
        let case = case_with(&kit, &[&own]).await;
        // The same photo, sent by somebody else: its bytes stay.
        let pdf = send(&kit, &[("file", PDF)]).await.is(201).body;
        let with_pdf = case_with(&kit, &[&pdf]).await;
        kit.ask("POST", "/uploads").by("chen").form(&[("file", PDF)]).send().await.is(201);
        for id in [&case, &with_pdf] {
            let found = kit.get(&format!("/cases/{id}")).by("lin").send().await.is(200).body;
            kit.act("lin", &found, "withdraw", json!({})).await.is(200);
        }
        assert_eq!(kit.files.len(), 3);
        let me = kit.get("/me").by("lin").send().await.is(200).body;
        let path = format!("/people/{}/erase", me["person"].as_str().unwrap());
        let erased = kit.post(&path, json!({ "reason": "本人申请" })).by("lin").send().await;
        assert_eq!(erased.is(200).body["files"], 2);
        assert_eq!(kit.files.len(), 1);
        let gone = format!("/cases/{case}/uploads/{}", own["id"].as_str().unwrap());
        kit.get(&gone).by("desk").send().await.refused(404, "not_found");
        let listed = kit.get(&format!("/cases/{case}/uploads")).by("desk").send().await;
        assert_eq!(listed.is(200).body, json!([]));
    })
    .await;
}

fn draft(n: u128) -> String {
    format!("/uploads/drafts/{}", Uuid::from_u128(n))
}

async fn add(kit: &Kit, path: &str, offset: usize, bytes: &[u8]) -> Answer {
    let ask = kit.ask("PUT", &format!("{path}?offset={offset}"));
    ask.raw("application/octet-stream", bytes.to_vec()).send().await
}

#[tokio::test]
async fn a_photo_sent_in_pieces_goes_on_after_a_lost_signal_and_leaves_no_draft() {
    let kit = kit().await;
    let (path, id) = (draft(5), Uuid::from_u128(5).to_string());
    let received = async || kit.get(&path).send().await.is(200).body["received"].clone();
    assert_eq!(received().await, 0);
    assert_eq!(add(&kit, &path, 0, &PHOTO[..500]).await.is(200).body["received"], 500);
    let elsewhere = add(&kit, &path, 700, &PHOTO[700..]).await.refused(409, "draft_elsewhere");
    assert_eq!(elsewhere.body["received"], 500);
    assert_eq!(received().await, 500);
    add(&kit, &path, 500, &PHOTO[500..]).await.is(200);
    let sum = sha2_hex(PHOTO);
    let parts: [(&str, &[u8]); 2] = [("draft", id.as_bytes()), ("sha256", sum.as_bytes())];
    let send = || kit.ask("POST", "/uploads").header("idempotency-key", "d").form(&parts).send();
    let photo = send().await.is(201).body;
    assert_eq!(photo["media"], "image/jpeg");
    assert!(!kit.files.hold(b"Secret"), "the draft is still there");
    assert_eq!(received().await, 0);
    // The answer was lost: the same again, though the draft is gone.
    assert_eq!(send().await.is(201).body, photo);
    let unknown = kit.ask("POST", "/uploads").form(&parts).send().await;
    unknown.refused(404, "not_found");
}

fn sha2_hex(bytes: &[u8]) -> String {
    app::exchange::hash(bytes)
}

#[tokio::test]
async fn a_draft_of_other_bytes_or_of_no_photo_is_dropped() {
    let kit = kit().await;
    for (n, bytes, field) in [(1, PHOTO, "sha256:mismatch"), (2, &b"<html>"[..], "file:media")] {
        let (path, id) = (draft(n), Uuid::from_u128(n).to_string());
        add(&kit, &path, 0, bytes).await.is(200);
        let sum = if n == 1 { "00".repeat(32) } else { sha2_hex(bytes) };
        let parts: [(&str, &[u8]); 2] = [("draft", id.as_bytes()), ("sha256", sum.as_bytes())];
        let refused = send(&kit, &parts).await.refused(422, "invalid");
        assert_eq!(refused.fields(), [field]);
        assert_eq!(kit.get(&path).send().await.is(200).body["received"], 0);
    }
    assert_eq!(kit.files.len(), 0);
    let huge = add(&kit, &draft(3), 0, &vec![0; 1024 * 1024 + 1]).await;
    huge.refused(413, "too_large");
}

#[tokio::test]
async fn too_many_drafts_and_too_many_uploads_at_once_are_told_to_wait() {
    let limits = Limits { drafts: 2.try_into().unwrap(), uploads: 0, ..Limits::demo() };
    let kit = planned(Plan { limits, ..Plan::default() }, rowdb::testing::sqlite()).await;
    for n in [1, 2] {
        add(&kit, &draft(n), 0, b"x").await.is(200);
    }
    let many = add(&kit, &draft(3), 0, b"x").await.refused(429, "too_many");
    assert!(!many.header("retry-after").is_empty());
    add(&kit, &draft(2), 1, b"y").await.is(200);
    let busy = send(&kit, &[("file", PHOTO)]).await.refused(503, "busy");
    assert_eq!(busy.header("retry-after"), "5");
}

#[tokio::test]
async fn what_is_no_photo_or_is_missing_or_forbidden_is_not_kept() {
    let kit = kit().await;
    let mut polyglot = PDF.to_vec();
    polyglot.extend(b"<script>alert(1)</script>");
    for (bytes, code) in [
        (&b"<html>"[..], "media"),
        (b"GIF89a\x01\0\x01\0", "media"),
        (b"<svg onload=alert(1)>", "media"),
        (b"MZ\x90\0", "media"),
        (&PHOTO[..800], "broken"),
        (b"\x89PNG\r\n\x1a\n<html>", "broken"),
        (b"PK\x03\x04 no archive", "broken"),
        (b"%PDF-1.7 << /S /JavaScript /JS (x) >> %%EOF", "active"),
        (b"%PDF-1.7 << /Encrypt 1 0 R >> %%EOF", "encrypted"),
        (&polyglot, "mixed"),
        (&bomb(), "bomb"),
    ] {
        let refused = send(&kit, &[("file", bytes)]).await.refused(422, "invalid");
        assert_eq!(refused.fields(), [format!("file:{code}")]);
    }
    let send = || kit.ask("POST", "/uploads");
    let none = send().form(&[("other", PHOTO)]).send().await.refused(422, "invalid");
    assert_eq!(none.fields(), ["file:missing"]);
    send().json(json!({})).send().await.refused(415, "media_type");
    send().raw("multipart/form-data; boundary=x", "--x\r\n").send().await.refused(400, "multipart");
    let admin = send().by("system-admin").form(&[("file", PHOTO)]).send().await;
    admin.refused(403, "forbidden");
    assert_eq!(kit.files.len(), 0);
}

/// A JPEG whose frame says 65,535 × 65,535.
fn bomb() -> Vec<u8> {
    let mut photo = PHOTO.to_vec();
    let frame = photo.windows(2).position(|it| it == [0xFF, 0xC0]).unwrap();
    photo[frame + 5..frame + 9].fill(0xFF);
    photo
}

#[tokio::test]
async fn an_upload_over_the_limit_is_refused() {
    let kit = kit().await;
    let mut huge = vec![0; 22 * 1024 * 1024];
    huge[..3].copy_from_slice(&PHOTO[..3]);
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
