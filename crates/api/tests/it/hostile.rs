//! Whatever comes in, the answer is a problem that says what is wrong: never a failure of ours.

use crate::document::operations;
use crate::kit::{GRID, Kit, for_each_engine, kit};
use serde_json::{Value, json};

fn case_with(key: &str, value: Value) -> Value {
    let mut case = json!({ "procedure": "appeal", "title": "井盖", "body": "翘起", "place": GRID });
    case[key] = value;
    case
}

#[tokio::test]
async fn unreadable_bodies_are_told_so() {
    let kit = kit().await;
    let deep = format!(
        "{{\"procedure\":\"appeal\",\"fields\":{}1{}}}",
        "{\"a\":".repeat(9_999),
        "}".repeat(9_999)
    );
    let large = json!({ "procedure": "appeal", "body": "长".repeat(600_000) }).to_string();
    for (media, body, status, code) in [
        ("application/json", "{", 400, "json"),
        ("application/json", "not json", 400, "json"),
        ("application/json", "{\"procedure\":\"appeal\"} trailing", 400, "json"),
        ("application/json", "{\"procedure\":\"\\ud800\"}", 400, "json"),
        ("application/json", &deep, 400, "json"),
        ("application/json", "null", 422, "invalid"),
        ("application/json", "[[]]", 422, "invalid"),
        ("application/json", "", 422, "invalid"),
        ("text/plain", "{}", 415, "media_type"),
        ("application/x-www-form-urlencoded", "a=b", 415, "media_type"),
        ("application/json", &large, 413, "too_large"),
    ] {
        let answer = kit.ask("POST", "/cases").raw(media, body.to_owned()).send().await;
        answer.refused(status, code);
    }
    let latin =
        kit.ask("POST", "/cases").raw("application/json", vec![b'{', b'"', 0xFF, b'"', b'}']);
    latin.send().await.refused(400, "json");
    let raw_nul = kit.ask("POST", "/cases").raw("application/json", "{\"procedure\":\"a\0b\"}");
    raw_nul.send().await.refused(400, "json");
}

#[tokio::test]
async fn wrong_fields_are_named() {
    for_each_engine(async |kit| {
        let location = |lng: Value, lat: Value| json!({ "lng": lng, "lat": lat, "datum": "gcj02" });
        let nil = uuid::Uuid::nil();
        for (key, value, said) in [
            ("procedure", json!(7), "procedure:wrong_form"),
            ("unheard_of", json!(1), "unheard_of:unknown"),
            ("asker", json!("secret"), "asker:wrong_form"),
            ("place", json!("000000"), "place:not_found"),
            ("place", json!("'; DROP TABLE x --"), "place:not_found"),
            ("attachments", json!(["x"]), "attachments[0]:wrong_form"),
            ("about", json!([nil]), "about:not_found"),
            ("location", location(json!(26.4), json!(117.8)), "location:out_of_range"),
            ("location", location(json!(1e300), json!(0)), "location:out_of_range"),
            ("location", location(json!("117"), json!(26)), "location.lng:wrong_form"),
            ("location", json!({ "lng": 1 }), "location.lat:missing"),
            ("location", json!({ "lng": 1, "lat": 1, "datum": "mars" }), "datum:unknown"),
            (
                "source",
                json!({ "system": "12345", "number": "1", "due_at": "soon" }),
                "source.due_at:wrong_form",
            ),
            ("fields", json!({ "colour": "red" }), "colour:unknown"),
            ("title", json!("长".repeat(5_000)), "title:too_long"),
        ] {
            let answer = kit.post("/cases", case_with(key, value)).by("lin").send().await;
            let fields = answer.is(422).fields();
            assert!(fields.iter().any(|it| it == said), "{key}: {fields:?}");
        }
        for (key, value, code) in [
            ("procedure", json!("unheard"), "unknown_procedure"),
            ("matter", json!("unheard"), "unknown_matter"),
        ] {
            let answer = kit.post("/cases", case_with(key, value)).by("lin").send().await;
            answer.refused(422, code);
        }
        let nul = kit.post("/cases", case_with("title", json!("a\0b"))).by("lin").send().await;
        nul.refused(400, "nul");
    })
    .await;
}

#[tokio::test]
async fn a_point_outside_the_county_is_told_so() {
    let kit = kit().await;
    kit.get("/places/locate?lng=2.35&lat=48.85").send().await.refused(404, "outside");
    let far = json!({
        "procedure": "appeal", "title": "x", "body": "y", "location": { "lng": 2.35, "lat": 48.85 }
    });
    let answer = kit.post("/cases", far).send().await.refused(422, "invalid");
    assert_eq!(answer.fields(), ["location:outside"]);
}

#[tokio::test]
async fn queries_are_read_strictly() {
    let kit = kit().await;
    for path in
        ["/cases?limit=0", "/cases?limit=201", "/cases?after=x", "/cases?after=%F0%9F%98%80-1"]
    {
        kit.get(path).by("lin").send().await.refused(422, "invalid");
    }
    for path in [
        "/cases?limit=-1",
        "/cases?limit=99999999999999999999",
        "/cases?due_before=tomorrow",
        "/cases?owner=you",
        "/cases?stat=received",
        "/cases?state=a&state=b",
        "/places/locate?lng=117",
        "/places/locate?lng=a&lat=b",
        "/rates?from=2026-02-30",
        "/tallies?by=shoe",
        "/journal/consistency?from=-1&to=2",
        "/feed?from=x",
    ] {
        kit.get(path).by("lin").send().await.refused(400, "query");
    }
    kit.get("/cases?q=%00").by("lin").send().await.refused(400, "nul");
    kit.get("/places/locate?lng=NaN&lat=inf").send().await.refused(422, "invalid");
    kit.get("/cases?place=000000").by("lin").send().await.refused(404, "not_found");
    kit.get("/cases?q=%22%20OR%20*%20NEAR(%27").by("desk").send().await.is(200);
    let years = ["0", "99999999999", "-5", "x"];
    for year in years {
        let answer = kit.get(&format!("/calendars/{year}")).send().await;
        assert!((400..500).contains(&answer.status), "{year}: {}", answer.body);
    }
}

#[tokio::test]
async fn odd_paths_and_headers_are_not_ours_to_fail_on() {
    let kit = kit().await;
    for path in
        ["/cases/x", "/places/%00", "/places/%F0%28", "/places/..%2F..", "/cases/1/actions/a%00"]
    {
        let answer = kit.get(path).by("desk").send().await;
        assert!(matches!(answer.status, 404 | 405), "{path}: {}", answer.body);
    }
    let long = "k".repeat(201);
    for (name, value, status) in [
        ("authorization", "Basic eDp5", 401),
        ("authorization", "Bearer", 401),
        ("jinlin-post", "desk", 422),
        ("jinlin-claim", "'; --", 401),
        ("idempotency-key", long.as_str(), 422),
        ("idempotency-key", "", 422),
        ("last-event-id", "minus one", 401),
    ] {
        let body = case_with("title", json!("x"));
        let answer = match name {
            "last-event-id" => kit.get("/feed").header(name, value).send().await,
            _ => kit.post("/cases", body).header(name, value).send().await,
        };
        assert_eq!(answer.status, status, "{name}: {value}: {}", answer.body);
    }
}

/// Bodies no form asks for.
fn nonsense() -> Vec<String> {
    let number = format!("{{\"until\":{}}}", "9".repeat(400));
    [
        "{}",
        "[]",
        "null",
        "true",
        "\"\"",
        "0",
        "[{}]",
        "[null]",
        "{\"places\":[{}]}",
        "{\"places\":[null]}",
        "{\"until\":\"9999-99-99\"}",
        "{\"until\":\"-009999-01-01\"}",
        "{\"until\":\"9999-12-31\"}",
        "{\"reason\":\"\"}",
        "{\"outline\":{\"type\":\"Polygon\"}}",
        "{\"outline\":{\"type\":\"Polygon\",\"coordinates\":[[[1e9,1e9],[0,0],[0,0]]]}}",
        "{\"year\":32767,\"off\":[],\"work\":[]}",
        "{\"year\":-1,\"off\":[\"0000-01-01\"],\"work\":[]}",
        "{\"fields\":[],\"purpose\":\"\"}",
        "{\"note\":{\"a\":[]}}",
        "{\"unit\":\"\\u0000\"}",
        "[{\"code\":\"\",\"name\":\"\",\"kind\":\"\",\"place\":\"\"}]",
        "[{\"role\":\"\",\"place\":\"\"}]",
        "[{\"name\":\"\"}]",
        "{\"households\":[{\"address\":\"\"}]}",
        "{\"place\":\"\",\"kind\":\"\",\"people\":0}",
        "{\"place\":\"990100\",\"kind\":\"home\",\"people\":4294967295,\"day\":\"-009999-01-01\"}",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([number])
    .collect()
}

async fn throw(kit: &Kit, who: &str, wrong: &mut Vec<String>) {
    for (template, method, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        if !template.starts_with("/api/v1") || matches!(id, "log_out" | "read_feed") {
            continue;
        }
        let nil = uuid::Uuid::nil().to_string();
        for (part, bodies) in
            [(nil.as_str(), nonsense()), (GRID, nonsense()), ("-1", vec!["{}".into()])]
        {
            let path: Vec<_> = template.trim_start_matches("/api/v1").split('/').collect();
            let path = path.iter().map(|it| if it.starts_with('{') { part } else { it });
            let path = path.collect::<Vec<_>>().join("/");
            let read = method == "GET" || method == "DELETE";
            for body in bodies.into_iter().take(if read { 1 } else { usize::MAX }) {
                let ask = kit.ask(&method, &path).header("if-match", "1");
                let answer = ask.by(who).raw("application/json", body.clone()).send().await;
                if answer.status >= 500 {
                    wrong.push(format!("{method} {path} {body} by {who}: {}", answer.body));
                }
            }
        }
    }
}

#[tokio::test]
async fn nonsense_for_every_operation_never_makes_a_failure() {
    let kit = kit().await;
    let mut wrong = Vec::new();
    for who in ["", "lin", "desk", "system-admin", "security-admin"] {
        throw(&kit, who, &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{} of them, first {:#?}", wrong.len(), &wrong[..wrong.len().min(8)]);
}
