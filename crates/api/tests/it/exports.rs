//! Workbooks that leave the house: what stands in them, and that the journal says so.

use crate::kit::{GRID, Kit, for_each_engine, kit};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use sheet::{Format, Reading, Table};

/// A workbook's headers and rows, read at its third row or, for its head, at its first.
async fn book(kit: &Kit, path: &str, who: &str, body: Value) -> (String, Vec<Vec<String>>) {
    let response = kit.post(path, body).by(who).response().await;
    assert_eq!(response.status(), 200);
    let media = response.headers()["content-type"].to_str().unwrap();
    assert!(media.ends_with("spreadsheetml.sheet"), "{media}");
    assert!(response.headers()["content-disposition"].to_str().unwrap().contains(".xlsx"));
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let read = |header_row| {
        let reading = Reading { header_row, ..Reading::default() };
        Table::read_with(&bytes, Format::Xlsx, reading).unwrap()
    };
    let head: Vec<String> = [1, 2].map(|row| read(row).headers().names().join("")).into();
    let mut table = read(3);
    let mut rows = vec![table.headers().names().to_vec()];
    for row in table.rows().unwrap() {
        rows.push(row.unwrap().texts().map(str::to_owned).collect());
    }
    (head.join("\n"), rows)
}

/// What the journal says of exports, the newest first.
async fn told(kit: &Kit) -> Vec<Value> {
    kit.seal().await;
    let listing =
        kit.get("/journal/entries?kind=exported").by("audit-admin").send().await.is(200).body;
    listing["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_list_leaves_the_house_as_its_reader_sees_it_and_the_journal_says_so() {
    for_each_engine(async |kit| {
        let case = kit.handled().await;
        let formula = json!({ "procedure": "appeal", "matter": "street_lights",
            "title": "=1+1", "body": "井盖", "place": GRID });
        kit.post("/cases", formula).by("lin").send().await.is(201);
        kit.seal().await;
        app::cases::index_new(&kit.county).await.unwrap();
        let wanted =
            json!({ "reason": "月度例会", "place": GRID, "from": "2026-03-02", "q": "路灯" });
        let (head, rows) = book(&kit, "/exports/cases", "dispatcher", wanted).await;
        for word in [
            "近邻县",
            "第一网格",
            "含“路灯”",
            "某dispatcher",
            "派单员",
            "月度例会",
            "共1行",
            "2026-03-02",
        ] {
            assert!(head.contains(word), "{word} in {head}");
        }
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0][1..6], ["编号", "标题", "流程", "事项", "状态"].map(str::to_owned));
        let expected =
            [case["number"].as_str().unwrap(), "路灯不亮", "群众诉求", "路灯不亮", "办理中"];
        assert_eq!(rows[1][1..6], expected.map(str::to_owned));
        assert!(!format!("{rows:?}").contains("19000010001"), "no telephone");

        let all = book(&kit, "/exports/cases", "dispatcher", json!({ "reason": "核对" })).await.1;
        assert!(all.iter().any(|row| row[2] == "=1+1"), "a text stays a text: {all:?}");
        let none = json!({ "reason": "核对", "to": "2026-03-01" });
        assert_eq!(book(&kit, "/exports/cases", "dispatcher", none).await.1.len(), 1);
        let late = json!({ "reason": "核对", "late": true });
        assert_eq!(book(&kit, "/exports/cases", "dispatcher", late).await.1.len(), 1);

        let told = told(&kit).await;
        assert_eq!(told.len(), 4);
        assert_eq!(
            (&told[3]["what"], &told[3]["private"]),
            (&json!("月度例会"), &json!(["words"]))
        );
        assert!(!json!(told).to_string().contains("路灯"), "what was searched for is private");
    })
    .await;
}

#[tokio::test]
async fn figures_leave_the_house_with_their_parts() {
    for_each_engine(async |kit| {
        kit.case().await;
        let withdrawn = kit.case().await;
        kit.act("lin", &withdrawn, "withdraw", json!({})).await.is(200);
        kit.seal().await;
        let wanted = json!({ "reason": "月报", "by": "matter" });
        let (head, rows) = book(&kit, "/exports/figures", "desk", wanted).await;
        assert!(head.contains("统计表") && head.contains("共2行"), "{head}");
        let at = |title: &str| rows[0].iter().position(|it| it == title).unwrap();
        assert_eq!(rows[1][at("名称")], "近邻县（合计）");
        assert_eq!((rows[2][at("编码")].as_str(), rows.len()), ("street_lights", 3));
        for row in &rows[1..] {
            let of = |title: &str| row[at(title)].as_str();
            assert_eq!([of("诉求量"), of("撤回"), of("当期办结")], ["2", "1", "1"]);
            let closed =
                [of("办结率"), of("办结率（分子）"), of("办结率（分母）"), of("办结率（不计入）")];
            assert_eq!(closed, ["0.00%", "0", "1", "1"]);
        }
        assert_eq!(told(&kit).await[0]["what"], "月报");
    })
    .await;
}

#[tokio::test]
async fn what_forms_cost_leaves_the_house() {
    for_each_engine(async |kit| {
        kit.handled().await;
        let wanted = json!({ "reason": "年度自查", "days": 7 });
        let (head, rows) = book(&kit, "/exports/burden", "system-admin", wanted).await;
        assert!(head.contains("减负合规自检") && head.contains("年度自查"), "{head}");
        let at = |title: &str| rows[0].iter().position(|it| it == title).unwrap();
        let form = |title: &str| {
            let mut all = rows.iter().filter(|it| it[at("流程")] == "群众诉求");
            all.find(|it| it[at("表单")] == title).unwrap_or_else(|| panic!("{title}")).clone()
        };
        let dispatch = form("派单");
        let of = |title: &str| dispatch[at(title)].as_str();
        assert_eq!([of("谁填"), of("填报次数"), of("期内未用")], ["工作人员", "1", ""]);
        assert!(of("询问项").contains("承办单位"), "{dispatch:?}");
        let never = form("退单");
        assert_eq!([&never[at("填报次数")], &never[at("期内未用")]], ["0", "是"]);
        assert_eq!(told(&kit).await[0]["what"], "年度自查");
    })
    .await;
}

#[tokio::test]
async fn nothing_leaves_the_house_without_a_reason() {
    let kit = kit().await;
    let figures = ("/exports/figures", json!({ "by": "place" }));
    for (path, more) in [("/exports/cases", json!({})), figures, ("/exports/burden", json!({}))] {
        for reason in ["", "  "] {
            let mut body = more.clone();
            body["reason"] = reason.into();
            let answer = kit.post(path, body).by("desk").send().await.refused(422, "invalid");
            assert_eq!(answer.fields(), ["reason:missing"]);
        }
    }
    assert!(told(&kit).await.is_empty());
}
