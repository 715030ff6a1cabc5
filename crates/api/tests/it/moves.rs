//! A county's new version: what it changes, who would get what, and running cases going over to it.

use crate::kit::{Kit, base_files, for_each_engine};
use serde_json::{Value, json};

/// `base` with a shorter promise, with clerks who are heads, and another name for handling.
fn newer(moves: &str) -> Value {
    let mut files = base_files();
    let all = files.as_object_mut().unwrap();
    let mut change = |path: &str, change: &dyn Fn(&str) -> String| {
        let text = all[path].as_str().unwrap().to_owned();
        all.insert(path.to_owned(), json!(change(&text)));
    };
    change("base/pack.toml", &|text| format!("{text}\n{moves}"));
    change("base/procedures/appeal.toml", &|text| {
        let text =
            text.replace("handling", "at_work").replace("sign = \"1 wd\"", "sign = \"2 wd\"");
        let line = text.lines().find(|it| it.starts_with("at_work ")).unwrap();
        text.replace(line, &line.replace("clerk@unit", "head@unit"))
    });
    change("base/texts/en.toml", &|text| text.replacen("handling", "at_work", 1));
    files
}

async fn load(kit: &Kit, moves: &str) -> (String, String) {
    let packs = kit.get("/packs").by("system-admin").send().await.is(200).body;
    let old = packs[0]["hash"].as_str().unwrap().to_owned();
    let new = json!({ "id": "base", "files": newer(moves) });
    let new = kit.post("/packs", new).by("system-admin").send().await.is(201).body;
    (old, new["hash"].as_str().unwrap().to_owned())
}

async fn moved(kit: &Kit, hash: &str, body: Value) -> Value {
    let path = format!("/packs/{hash}/moves");
    let begun = kit.post(&path, body).by("system-admin").send().await.is(202).body;
    for _ in 0..500 {
        let runs = kit.get("/pack-moves").by("system-admin").send().await.is(200).body;
        let run = runs.as_array().unwrap().iter().find(|it| it["id"] == begun["id"]).unwrap();
        if run["state"] != "running" {
            return run.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // It never ended, which no test expects.
    Value::Null
}

#[tokio::test]
async fn a_new_version_is_told_tried_and_taken_over_by_running_cases() {
    for_each_engine(async |kit| {
        let handled = kit.handled().await;
        let fresh = kit.case().await;
        let (old, new) = load(&kit, "[moves.appeal]\nhandling = \"at_work\"\n").await;
        let path = format!("/packs/{new}/changes?from={old}");
        let told = kit.get(&path).by("desk").send().await.is(200).body;
        let changes = told["changes"].as_array().unwrap();
        let limit =
            changes.iter().find(|it| it["path"] == "procedures.appeal.limits.sign").unwrap();
        assert_eq!(
            (&limit["sort"], &limit["old"], &limit["new"]),
            (&json!("limits"), &json!("1 wd"), &json!("2 wd"))
        );
        assert_eq!(limit["text"], "流程“群众诉求”·时限·sign:1 个工作日 → 2 个工作日");
        assert!(
            changes
                .iter()
                .any(|it| it["sort"] == "structure"
                    && it["path"] == "procedures.appeal.state.at_work")
        );
        assert_eq!(told["problems"], json!([]));

        let path = format!("/packs/{new}/moves");
        let trial = kit.get(&path).by("system-admin").send().await.is(200).body;
        let counts = trial["counts"].as_array().unwrap();
        let of = |state: &str| counts.iter().find(|it| it["state"] == state).unwrap();
        assert_eq!((&of("handling")["can"], &of("received")["can"]), (&json!(1), &json!(1)));
        assert_eq!(trial["cannot"], json!([]));
        let month = &trial["month"];
        assert_eq!(month["cases"], 2);
        let other = &month["differences"][0];
        assert_eq!(
            (&other["got"], &other["would"], &other["count"]),
            (&json!("clerk"), &json!("head"), &json!(1))
        );
        assert_eq!(other["examples"][0]["number"], handled["number"]);

        let run = moved(&kit, &new, json!({ "cases": "all", "reason": "新版本" })).await;
        assert_eq!(
            (&run["state"], &run["moved"], &run["stayed"]),
            (&json!("done"), &json!(2), &json!({})),
            "{run:#}"
        );
        let id = handled["id"].as_str().unwrap();
        let case = kit.get(&format!("/cases/{id}")).by("head").send().await.is(200).body;
        assert_eq!(
            (&case["state"], &case["revision"]),
            (&json!("at_work"), &json!(handled["revision"].as_i64().unwrap() + 1))
        );
        assert!(case["clock"]["due_at"].as_str() >= handled["clock"]["due_at"].as_str());
        assert_eq!(case["clock"]["promise_at"], handled["clock"]["promise_at"]);
        let history = kit.get(&format!("/cases/{id}/history")).by("desk").send().await.is(200).body;
        let last = history.as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["action_title"], &last["texts"]["note"]),
            (&json!("改用新版本办法"), &json!("新版本"))
        );
        let asker = kit.get(&format!("/cases/{id}/history")).by("lin").send().await.is(200).body;
        assert_eq!(asker.as_array().unwrap().last().unwrap()["texts"], json!({}));
        let why = kit.get(&format!("/cases/{id}/why")).by("desk").send().await.is(200).body;
        let last = why.as_array().unwrap().last().unwrap();
        assert_eq!((&last["action"], &last["recomputed"]), (&json!("moved"), &json!("same")));
        // The rest of its way is the new version's.
        let case =
            kit.act("head", &case, "answer", json!({ "words": "已修复" })).await.is(200).body;
        assert_eq!(case["state"], "reviewing");
        let again = moved(&kit, &new, json!({ "cases": [fresh["id"]], "reason": "再来" })).await;
        assert_eq!((&again["moved"], &again["stayed"]), (&json!(0), &json!({ "there": 1 })));
    })
    .await;
}

#[tokio::test]
async fn a_case_whose_state_is_gone_stays_and_says_why() {
    for_each_engine(async |kit| {
        let handled = kit.handled().await;
        let (old, new) = load(&kit, "").await;
        let path = format!("/packs/{new}/changes?from={old}");
        let told = kit
            .get(&path)
            .by("system-admin")
            .header("accept-language", "en")
            .send()
            .await
            .is(200)
            .body;
        assert_eq!(told["problems"][0]["check"], "moves_missing");
        let path = format!("/packs/{new}/moves");
        let trial = kit.get(&path).by("system-admin").send().await.is(200).body;
        let cannot = &trial["cannot"][0];
        assert_eq!((&cannot["case"], &cannot["code"]), (&handled["id"], &json!("no_state")));
        let run = moved(&kit, &new, json!({ "cases": "all", "reason": "新版本" })).await;
        assert_eq!((&run["moved"], &run["stayed"]), (&json!(0), &json!({ "no_state": 1 })));
        let wrong = json!({ "cases": "all", "reason": "新版本" });
        kit.post(&format!("/packs/{old}/moves"), wrong.clone())
            .by("system-admin")
            .send()
            .await
            .refused(409, "not_current");
        kit.post(&path, wrong).by("desk").send().await.refused(403, "forbidden");
        kit.post(&path, json!({ "cases": "all", "reason": "" }))
            .by("system-admin")
            .send()
            .await
            .is(422);
        kit.post(&path, json!({ "cases": "some", "reason": "新版本" }))
            .by("system-admin")
            .send()
            .await
            .is(422);
        kit.get("/packs/none/changes").by("desk").send().await.refused(404, "not_found");
    })
    .await;
}
