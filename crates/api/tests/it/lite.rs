//! The plain pages: a request from the first word to the verdict with forms alone, small and without
//! a script.

use crate::client::Answer;
use crate::kit::{COMMUNITY, GRID, Kit, kit};
use app::BoxFuture;
use app::messages::{Gateway, NotSent, Sender, ShortMessage, Tongue, deliver};
use serde_json::json;
use std::sync::{Arc, Mutex};

const FORM: &str = "application/x-www-form-urlencoded";
/// What a plain page may weigh.
const MOST: usize = 15 * 1024;

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The page's text; every page is small, has one heading, and neither scripts nor foreign addresses.
#[track_caller]
fn page(answer: Answer) -> String {
    let answer = answer.is(200);
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let text = answer.body.as_str().unwrap().to_owned();
    assert!(text.len() <= MOST, "{} bytes", text.len());
    assert_eq!(text.matches("<h1").count(), 1);
    for foreign in ["<script", "http://", "https://", "style=", "onclick"] {
        assert!(!text.contains(foreign), "{foreign} in {text}");
    }
    text
}

async fn report(kit: &Kit, pairs: &[(&str, &str)]) -> Answer {
    let parts: Vec<(&str, &[u8])> = pairs.iter().map(|(k, v)| (*k, v.as_bytes())).collect();
    kit.ask("POST", &format!("//lite/report?place={GRID}")).form(&parts).send().await
}

/// What stands between two marks.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

async fn reported(kit: &Kit) -> String {
    let said = [
        ("key", "k1"),
        ("body", "门口路灯不亮,老人出门看不清。<b>"),
        ("contact", "13800001234"),
        ("asker", "named"),
    ];
    let sent = page(report(kit, &said).await);
    let again = page(report(kit, &said).await);
    let code = between(&sent, "<p class=\"code\">", "</p>").to_owned();
    assert_eq!(code, between(&again, "<p class=\"code\">", "</p>"), "sent twice, opened once");
    code
}

async fn track(kit: &Kit, code: &str) -> String {
    let body = encoded(&[("code", code)]);
    page(kit.ask("POST", "//lite/track").raw(FORM, body).send().await)
}

async fn act(kit: &Kit, code: &str, more: &[(&str, &str)]) -> String {
    let body = encoded(&[&[("code", code)], more].concat());
    page(kit.ask("POST", "//lite/act").raw(FORM, body).send().await)
}

#[tokio::test]
async fn a_request_goes_from_the_first_word_to_the_verdict_with_forms_alone() {
    let kit = kit().await;
    let home = page(kit.get("//lite/").send().await);
    assert!(home.contains("近邻县") && home.contains("/lite/report"));
    let places = page(kit.get("//lite/report?q=%E7%BD%91%E6%A0%BC").send().await);
    assert!(places.contains(&format!("/lite/report?place={GRID}")), "{places}");
    let form = page(kit.get(&format!("//lite/report?place={GRID}")).send().await);
    assert!(form.contains("name=\"body\""));
    let code = reported(&kit).await;
    let typed = code.to_lowercase().replace('-', " ");
    let shown = track(&kit, &typed).await;
    assert!(shown.contains("&#60;b&#62;") && !shown.contains("<b>"), "{shown}");
    let revision = between(&shown, "name=\"revision\" value=\"", "\"").to_owned();
    let more =
        [("action", "comment"), ("revision", &*revision), ("f.words", "还没修"), ("key", "c1")];
    let shown = act(&kit, &code, &more).await;
    assert!(shown.contains("还没修"), "{shown}");
    answered(&kit).await;
    let shown = track(&kit, &code).await;
    assert!(shown.contains("已换灯泡"));
    let revision = between(&shown, "name=\"revision\" value=\"", "\"").to_owned();
    let verdict =
        [("action", "satisfied"), ("revision", &*revision), ("f.stars", "5"), ("key", "s1")];
    let shown = act(&kit, &code, &verdict).await;
    assert!(shown.contains("您已确认解决"), "{shown}");
}

/// The desk answers the only case there is.
async fn answered(kit: &Kit) {
    let case = kit.get("/cases").by("desk").send().await.is(200).body["items"][0].clone();
    let case = kit.get(&format!("/cases/{}", case["id"].as_str().unwrap())).by("desk").send().await;
    kit.act("desk", &case.body, "answer_now", json!({ "words": "已换灯泡" })).await.is(200);
}

/// A telephone that keeps what it is sent.
#[derive(Default)]
struct Phone(Mutex<Vec<String>>);

impl Gateway for Phone {
    fn send<'a>(&'a self, message: &'a ShortMessage) -> BoxFuture<'a, Result<(), NotSent>> {
        self.0.lock().unwrap().push(message.text.clone());
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn the_link_of_a_message_leads_to_the_verdict_and_to_nothing_else() {
    let kit = kit().await;
    let phone = Arc::new(Phone::default());
    let public = Some("https://county.test".to_owned());
    let sender = Sender { gateway: phone.clone(), public, tongue: Tongue::Chinese };
    kit.county.begin_telling();
    reported(&kit).await;
    answered(&kit).await;
    deliver(&kit.county, &sender).await.unwrap();
    let said = phone.0.lock().unwrap().join("\n");
    let link = said.split("https://county.test/lite/v/").nth(1).unwrap().to_owned();
    let shown = page(kit.get(&format!("//lite/v/{link}")).send().await);
    assert!(shown.contains("已换灯泡"));
    let as_claim = track(&kit, &link).await;
    assert!(as_claim.contains("查询码不正确"), "a link is no claim code");
    let revision = between(&shown, "name=\"revision\" value=\"", "\"");
    let verdict =
        [("link", &*link), ("action", "satisfied"), ("revision", revision), ("f.stars", "4")];
    let done = kit.ask("POST", "//lite/act").raw(FORM, encoded(&verdict)).send().await;
    assert!(page(done).contains("您已确认解决"));
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_what_was_typed() {
    let kit = kit().await;
    let back = page(report(&kit, &[("body", ""), ("contact", "13800001234")]).await);
    assert!(back.contains("role=\"alert\"") && back.contains("13800001234"), "{back}");
    let code = reported(&kit).await;
    let stale = [("action", "comment"), ("revision", "99"), ("f.words", "我写了很久的话")];
    let shown = act(&kit, &code, &stale).await;
    assert!(shown.contains("role=\"alert\"") && shown.contains("我写了很久的话"), "{shown}");
}

#[tokio::test]
async fn a_wrong_code_is_told_and_a_wrong_place_is_a_page_too() {
    let kit = kit().await;
    let wrong = track(&kit, "AAAA-AAAA-AA").await;
    assert!(wrong.contains("查询码不正确"), "{wrong}");
    let none = kit.get("//lite/people?place=999").send().await;
    assert_eq!(none.status, 404);
    assert!(none.body.as_str().unwrap().contains("<h1>"));
}

#[tokio::test]
async fn notices_and_service_people_are_read_without_a_log_in_in_both_languages() {
    let kit = kit().await;
    let notice = json!({ "place": GRID, "title": "停水通知", "body": "周三停水。\n请储水。" });
    kit.post("/notices", notice).by("worker").send().await.is(201);
    let read = page(kit.get(&format!("//lite/notices?place={GRID}")).send().await);
    assert!(read.contains("停水通知") && read.contains("<p>请储水。</p>"));
    let people = page(kit.get(&format!("//lite/people?place={GRID}")).send().await);
    assert!(people.contains("网格长"), "{people}");
    let wider = page(kit.get(&format!("//lite/people?place={COMMUNITY}")).send().await);
    assert!(wider.contains(&format!("/lite/people?place={GRID}")), "a wider place is divided");
    let english = kit.get(&format!("//lite/people?place={GRID}")).header("cookie", "lang=en");
    assert!(page(english.send().await).contains("Who serves me"));
    let chosen = kit.get("//lite/?lang=en").send().await;
    assert_eq!(chosen.status, 303);
    assert!(chosen.header("set-cookie").starts_with("lang=en; Path=/lite"));
}
