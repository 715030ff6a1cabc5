//! Every operation over HTTP against the golden permission table of `app`: whoever it is not for is
//! told so, whoever it is for is not.

use crate::client::Answer;
use crate::document::operations;
use crate::kit::{GRID, Kit, PASSWORD, kit};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const TABLE: &str = include_str!("../../../app/permissions.txt");

/// Who asks, in the order of the table's columns.
const COLUMNS: [&str; 8] = [
    "",
    "claimant",
    "lin",
    "dispatcher",
    "system-admin",
    "security-admin",
    "audit-admin",
    "display",
];

/// Operations of the command line only.
const NOT_HTTP: [&str; 1] = ["import_cases"];

fn table() -> BTreeMap<&'static str, Vec<bool>> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap(), words.map(|mark| mark == "x").collect())
        })
        .collect()
}

fn word(id: &str) -> &str {
    id.split('.').next().unwrap()
}

fn ids() -> Vec<String> {
    let ours = operations().into_iter().filter(|it| it.0.starts_with("/api/v1"));
    ours.map(|it| it.2["operationId"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_route_is_in_the_table_and_every_row_has_a_route() {
    let (table, ids) = (table(), ids());
    for id in &ids {
        assert!(table.contains_key(word(id)), "{id} is not in the table");
        assert!(api::operation_of(id).is_some(), "{id}");
    }
    for row in table.keys() {
        let routed = ids.iter().any(|id| word(id) == *row);
        assert_eq!(routed, !NOT_HTTP.contains(row), "{row}");
    }
}

/// A sound body of each operation that takes one: what is wrong with a request then is who sends it.
fn body(kit: &Kit, id: &str) -> Option<Value> {
    let day = "2026-03-02";
    Some(match id {
        "log_in" => json!({ "account": "nobody", "password": "x" }),
        "request_code" => json!({ "phone": "19000010009" }),
        "log_in_resident" => json!({ "phone": "19000010009", "code": "000000" }),
        "log_in_resident.wechat" => json!({ "code": "x" }),
        "log_in_resident.lend" => json!({ "ticket": "x", "code": "x" }),
        "change_phone" => json!({ "phone": "19000010008", "code": "123456" }),
        "call_post" => json!({ "post": Uuid::nil() }),
        "open_display" => json!({ "name": "大厅" }),
        "renew_display" => json!({}),
        "enter_display" => json!({ "code": "22222-22222" }),
        "change_password" => json!({ "present": "wrong", "new": "x" }),
        "set_totp" => json!({}),
        "open_account" => json!({ "person": Uuid::nil(), "name": "x.y.z", "password": PASSWORD }),
        "open_account.reset" => json!({ "password": PASSWORD, "totp": true }),
        "add_place" => json!({ "places": [] }),
        "close_place" | "create_post.end" | "dismiss" => json!({ "until": day }),
        "draw_place" => json!({ "outline": { "type": "Polygon", "coordinates": [
            [[117.8, 26.4], [117.9, 26.4], [117.9, 26.5], [117.8, 26.4]]
        ] } }),
        "register_households" => json!({ "households": [{ "address": "一号楼101室" }] }),
        "add_org" | "create_post" | "appoint.people" => json!([]),
        "dissolve_org" => json!({ "until": day, "successor": "x" }),
        "appoint" => json!({ "person": Uuid::nil() }),
        "hand_over_posts" => json!({ "on": day, "moves": [] }),
        "set_absence" => {
            json!({ "person": kit.seat("dispatcher").1.0, "from": day, "until": "2026-03-05" })
        }
        "record_visit" => json!({ "place": GRID, "kind": "home" }),
        "open_case" => {
            json!({ "procedure": "appeal", "title": "路灯", "body": "坏了", "place": GRID })
        }
        "act_on_case" | "join_case" | "unjoin_case" => json!({}),
        "keep_phrases" | "keep_phrases.change" => {
            json!({ "use": "answer", "title": "已修复", "words": "已修复。" })
        }
        "hand_over_shift" => json!({ "note": "平稳" }),
        "hand_over_shift.take" => json!({}),
        "open_original" => json!({ "purpose": "核对车牌" }),
        "reveal_value" => json!({ "fields": ["contact"], "purpose": "回访" }),
        "publish_notice" => json!({ "place": GRID, "title": "停水通知", "body": "周三停水。" }),
        "withdraw_notice" | "withdraw_publication" => json!({ "reason": "时间有变" }),
        "fill_register" | "fill_register.change" | "keep_minutes" => json!({ "task": "扫雪" }),
        "cast_vote" => json!({ "choice": "同意" }),
        "read_notice" => json!({}),
        "import_calendar" => json!({ "year": 2027, "off": ["2027-01-01"], "work": [] }),
        "load_pack" => json!({ "id": "none", "files": {} }),
        "move_cases" => json!({ "cases": "all", "reason": "新版本" }),
        "export_cases" => json!({ "reason": "例会", "place": GRID }),
        "export_figures" => json!({ "reason": "例会", "by": "place" }),
        "export_burden" => json!({ "reason": "年度自查" }),
        "erase_person" => json!({ "reason": "本人申请" }),
        _ => return None,
    })
}

fn query(id: &str) -> &'static str {
    match id {
        "list_around" => "?place=990100001001001",
        "list_notices" | "list_boards.publications" => "?place=990100001001001",
        "list_doors" => "?place=990100001001001&procedure=visit",
        "list_similar" => "?place=990100001001001&text=x",
        "list_by_contact" => "?phone=13800001234",
        "upload.add" => "?offset=0",
        "locate_point" => "?lng=117.8&lat=26.4",
        "count_visits" => "?place=990100&from=2026-01-01&to=2026-03-01",
        "show_consistency" => "?from=0&to=0",
        _ => "",
    }
}

fn path(template: &str) -> String {
    let path = template.trim_start_matches("/api/v1").replace("{code}", GRID);
    let path = path.replace("{year}", "2026").replace("{level}", "grid");
    let path = path.replace("{layer}/{z}/{x}/{y}", "vec/14/13555/6899");
    let path = path.replace("{action}", "sign").replace("{rate}", "closed");
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => Uuid::nil().to_string(),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(
    kit: &Kit,
    who: &str,
    claim: &str,
    (template, method, id): (&str, &str, &str),
) -> Answer {
    let mut ask = kit.ask(method, &format!("{}{}", path(template), query(id)));
    ask = match (id, body(kit, id)) {
        ("upload", _) => ask.form(&[("file", b"%PDF-1.7 x %%EOF")]),
        ("export_answers", _) => ask.form(&[
            ("system", b"12345"),
            ("from", b"2026-01-01"),
            ("to", b"2026-01-31"),
            ("template", b"x"),
        ]),
        (_, Some(body)) => ask.json(body),
        (_, None) => ask,
    };
    if ["act_on_case", "fill_register.change"].contains(&id) {
        ask = ask.header("if-match", "1");
    }
    ask = if who == "claimant" { ask.header("jinlin-claim", claim) } else { ask.by(who) };
    if id == "read_feed" {
        // The stream has no end.
        let response = ask.response().await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let code = if status == 200 { "" } else { "forbidden" };
        return Answer { status, headers, body: json!({ "code": code }), statements: 0 };
    }
    ask.send().await
}

#[tokio::test]
async fn whoever_an_operation_is_not_for_is_told_so_and_nobody_else() {
    let kit = kit().await;
    let case = json!({ "procedure": "appeal", "title": "井盖", "body": "翘起", "place": GRID });
    let claimed = kit.post("/cases", case).send().await.is(201).body;
    let claim = claimed["claim_code"].as_str().unwrap();
    let table = table();
    let mut wrong = Vec::new();
    for (template, method, operation) in operations() {
        let Some(id) =
            operation["operationId"].as_str().filter(|_| template.starts_with("/api/v1"))
        else {
            continue;
        };
        for (who, admitted) in COLUMNS.iter().zip(&table[word(id)]) {
            if id == "log_out" && *admitted {
                continue;
            }
            let answer = ask(&kit, who, claim, (&template, &method, id)).await;
            let code = answer.body["code"].as_str().unwrap_or_default();
            let turned_away = matches!(answer.status, 401 | 403 | 404)
                && matches!(code, "unauthenticated" | "forbidden" | "not_found");
            let refused = matches!(code, "unauthenticated" | "forbidden");
            let right = if *admitted { !refused && answer.status < 500 } else { turned_away };
            if !right {
                wrong.push(format!("{id} by {who:?}: {} {:.200}", answer.status, answer.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_token_that_is_not_known_is_not_somebody_unknown() {
    let kit = kit().await;
    for path in ["/places", "/rates", "/cases", "/me"] {
        let ask = kit.get(path).header("authorization", "Bearer 00ff");
        ask.send().await.refused(401, "unauthenticated");
    }
}
