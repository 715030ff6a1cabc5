//! Registers, ledgers, gatherings, boards and cycles through the front door, on the pack of `app`'s own
//! tests.

use crate::client::Answer;
use crate::kit::{COMMUNITY, COUNTY, GRID, Kit, files, for_each_engine};
use app::method_packs::{PackFiles, check_pack};
use jiff::SignedDuration;
use model::access::Actor;
use serde_json::{Value, json};
use std::sync::Arc;

/// Posts that the usual county has not, held by people that it has.
struct Hands {
    leader: String,
    supervisor: String,
}

/// Loads the pack, and makes `clerk` the grid's leader and `desk` the supervisor.
async fn prepared(kit: &Kit) -> Hands {
    let files: PackFiles = [("effects".to_owned(), files("../app/tests/packs/effects"))].into();
    let loaded = Arc::new(check_pack("effects", &files).unwrap());
    let load = kit.county.run(Actor::system("init"), move |tx, mut work| {
        let loaded = loaded.clone();
        Box::pin(async move { app::method_packs::load_pack(tx, &mut work, &loaded).await })
    });
    load.await.unwrap();
    let leader = post(kit, "grid_leader", GRID, "clerk").await;
    let supervisor = post(kit, "supervisor", COUNTY, "desk").await;
    let doors = json!({ "households": [{ "address": "一号楼101" }, { "address": "一号楼102" }] });
    let path = format!("/places/{GRID}/households");
    kit.post(&path, doors).by("system-admin").send().await.is(201);
    Hands { leader, supervisor }
}

async fn post(kit: &Kit, role: &str, place: &str, holder: &str) -> String {
    let new = json!([{ "role": role, "place": place, "from": "2026-03-02" }]);
    let made = kit.post("/posts", new).by("system-admin").send().await.is(201).body;
    let id = made["ids"][0].as_str().unwrap().to_owned();
    let body = json!({ "person": kit.seat(holder).1, "rank": 0, "selection": "appointed" });
    let path = format!("/posts/{id}/holders");
    assert!(kit.post(&path, body).by("system-admin").send().await.status < 300);
    id
}

impl Hands {
    async fn leads(&self, kit: &Kit, path: &str, body: Value) -> Answer {
        kit.post(path, body).by("clerk").header("jinlin-post", &self.leader).send().await
    }

    async fn supervises(&self, kit: &Kit, path: &str, body: Value) -> Answer {
        kit.post(path, body).by("desk").header("jinlin-post", &self.supervisor).send().await
    }

    async fn sees(&self, kit: &Kit, path: &str) -> Value {
        let ask = kit.get(path).by("clerk").header("jinlin-post", &self.leader);
        ask.send().await.is(200).body
    }

    async fn acts(&self, kit: &Kit, case: &Value, action: &str, form: Value) -> Value {
        let path = format!("/cases/{}/actions/{action}", case["id"].as_str().unwrap());
        let ask = kit.post(&path, form).by("clerk").header("jinlin-post", &self.leader);
        ask.header("if-match", &case["revision"].to_string()).send().await.is(200).body
    }
}

#[tokio::test]
async fn an_affair_goes_from_its_meeting_to_the_vote_and_the_board() {
    for_each_engine(async |kit| {
        let hands = prepared(&kit).await;
        let case = json!({ "procedure": "affair", "title": "加装车棚", "place": GRID });
        let case = kit.post("/cases", case).by("worker").send().await.is(201).body;
        let held_at = kit.county.now() + SignedDuration::from_hours(1);
        let case = hands.acts(&kit, &case, "meet", json!({ "held_at": held_at })).await;
        let met = hands.sees(&kit, "/gatherings").await["items"][0].clone();
        assert_eq!((&met["title"], &met["case"]["number"]), (&json!("议事会"), &case["number"]));
        let minutes = format!("/gatherings/{}/minutes", met["id"].as_str().unwrap());
        let words = json!({ "words": "同意" });
        hands.leads(&kit, &minutes, words.clone()).await.refused(409, "not_held");
        kit.wait(SignedDuration::from_hours(2));
        let shown = hands.sees(&kit, &format!("/gatherings/{}", met["id"].as_str().unwrap())).await;
        assert_eq!(shown["asks"][0]["field"], "words");
        hands.leads(&kit, &minutes, json!({})).await.refused(422, "form");
        let kept = hands.leads(&kit, &minutes, words.clone()).await.is(200).body;
        assert_eq!(kept["minutes"]["facts"][0]["text"], "同意");
        hands.leads(&kit, &minutes, words).await.refused(409, "minuted");
        let id = case["id"].as_str().unwrap();
        let case = hands.sees(&kit, &format!("/cases/{id}")).await;
        let plan = json!({ "plan": "建一个车棚", "budget": 12.5 });
        hands.acts(&kit, &case, "submit", plan).await;
        beside(&kit, &hands, id).await;
        vote(&kit, &hands, id).await;
        board(&kit, &hands).await;
    })
    .await;
}

/// What the affair made beside itself, to whoever may read each part.
async fn beside(kit: &Kit, hands: &Hands, case: &str) {
    let path = format!("/cases/{case}/beside");
    let told = hands.sees(kit, &path).await;
    let states = |kind: &str| -> Vec<(String, String)> {
        let parts = told[kind].as_array().unwrap().iter();
        let words = parts.map(|it| (it["of"].clone(), it["state"].clone()));
        words.map(|(of, it)| (of.as_str().unwrap().into(), it.as_str().unwrap().into())).collect()
    };
    let two = |of: &str, state: &str| (of.to_owned(), state.to_owned());
    assert_eq!(states("publications"), [two("affairs", "shown")]);
    assert_eq!(states("gatherings"), [two("vote", "open"), two("council", "minuted")]);
    assert_eq!(told["gatherings"][1]["title"], "议事会");
    assert_eq!((&told["bookings"], &told["records"]), (&json!([]), &json!([])));
    kit.get(&path).by("lin").send().await.refused(404, "not_found");
    kit.get(&path).send().await.refused(401, "unauthenticated");
}

async fn vote(kit: &Kit, hands: &Hands, case: &str) {
    let path = format!("/gatherings?case={case}");
    let ballot = hands.sees(kit, &path).await["items"][0].clone();
    assert_eq!(
        (&ballot["ballot"]["called"], &ballot["ballot"]["votes"]),
        (&json!(2), &Value::Null)
    );
    let votes = format!("/gatherings/{}/votes", ballot["id"].as_str().unwrap());
    let doors = hands.sees(kit, &format!("/doors?place={GRID}&procedure=visit")).await;
    let of = |choice: &str| json!({ "household": doors[0]["household"], "choice": choice });
    hands.leads(kit, &votes, of("也许")).await.is(422);
    hands.supervises(kit, &votes, of("同意")).await.refused(403, "not_yours");
    let cast = hands.leads(kit, &votes, of("同意")).await.is(200).body;
    assert_eq!((&cast["ballot"]["cast"], &cast["ballot"]["may_vote"]), (&json!(1), &json!(true)));
    kit.wait(SignedDuration::from_hours(24 * 8));
    assert_eq!(app::cases::run_due(&kit.county).await.unwrap(), 1);
    hands.leads(kit, &votes, of("同意")).await.refused(409, "ballot_closed");
    let ballot = hands.sees(kit, &path).await["items"][0].clone();
    assert_eq!(ballot["ballot"]["votes"], json!([1, 0, 0]));
    let accounts = hands.sees(kit, "/ledgers/money/accounts?limit=1").await;
    assert_eq!(
        (&accounts["items"][0]["account"], &accounts["items"][0]["balance"]),
        (&json!("project"), &json!(1250))
    );
    let next = accounts["next"].as_str().unwrap();
    let rest = hands.sees(kit, &format!("/ledgers/money/accounts?after={next}")).await;
    assert_eq!((&rest["items"][0]["balance"], &rest["next"]), (&json!(-1250), &Value::Null));
    let holder = accounts["items"][0]["holder"].as_str().unwrap();
    let path = format!("/ledgers/money/bookings?account=project&holder={holder}");
    let bookings = hands.sees(kit, &path).await;
    assert_eq!(bookings["items"][0]["from"]["account"], "treasury");
    let beside = hands.sees(kit, &format!("/cases/{case}/beside")).await;
    let booked = &beside["bookings"][0];
    assert_eq!((&booked["amount"], &booked["unit"]), (&json!(1250), &json!("fen")));
    assert_eq!(booked["id"], bookings["items"][0]["id"]);
    assert_eq!(beside["publications"][0]["state"], "expired");
    let none = hands.sees(kit, "/ledgers/money/bookings?account=project").await;
    assert_eq!(none["items"], json!([]));
}

async fn board(kit: &Kit, hands: &Hands) {
    let boards = kit.get("/boards").send().await.is(200).body;
    assert_eq!(boards, json!([{ "id": "affairs", "title": "公示栏", "public": true }]));
    let path = format!("/boards/affairs/publications?place={COMMUNITY}");
    // The five days that the vote was open are over; and so is its publication.
    assert_eq!(kit.get(&path).send().await.is(200).body["items"], json!([]));
    let case = json!({ "procedure": "affair", "title": "修路", "place": GRID });
    let case = kit.post("/cases", case).by("worker").send().await.is(201).body;
    let held_at = kit.county.now();
    let case = hands.acts(kit, &case, "meet", json!({ "held_at": held_at })).await;
    let met = hands.sees(kit, "/gatherings").await["items"][0].clone();
    let minutes = format!("/gatherings/{}/minutes", met["id"].as_str().unwrap());
    hands.leads(kit, &minutes, json!({ "words": "同意" })).await.is(200);
    let case = hands.sees(kit, &format!("/cases/{}", case["id"].as_str().unwrap())).await;
    hands.acts(kit, &case, "submit", json!({ "plan": "修一条路", "budget": 1 })).await;
    let shown = kit.get(&path).send().await.is(200).body["items"][0].clone();
    assert_eq!((&shown["facts"][0]["text"], &shown["case"]), (&json!("修一条路"), &Value::Null));
    let withdraw = format!("/publications/{}/withdraw", shown["id"].as_str().unwrap());
    kit.post(&withdraw, json!({ "reason": "有误" })).send().await.refused(401, "unauthenticated");
    hands.leads(kit, &withdraw, json!({ "reason": "有误" })).await.is(204);
    assert_eq!(kit.get(&path).send().await.is(200).body["items"], json!([]));
    kit.get("/boards/inner/publications?place=990100").send().await.refused(404, "not_found");
}

#[tokio::test]
async fn a_register_is_filled_and_changed_on_the_revision_that_was_read() {
    for_each_engine(async |kit| {
        let hands = prepared(&kit).await;
        let registers = hands.sees(&kit, "/registers").await;
        assert_eq!(
            (&registers[0]["id"], &registers[0]["may_fill"]),
            (&json!("duties"), &json!(false))
        );
        let path = "/registers/duties/records";
        let row = json!({ "task": "扫雪", "listing": "trial" });
        hands.leads(&kit, path, row.clone()).await.refused(403, "not_yours");
        hands.supervises(&kit, path, json!({ "tsk": "扫雪" })).await.refused(422, "form");
        let made = hands.supervises(&kit, path, row.clone()).await.is(201);
        assert_eq!(made.header("etag"), "\"1\"");
        hands.supervises(&kit, path, row).await.refused(409, "duplicate_key");
        hands
            .supervises(&kit, "/registers/none/records", json!({}))
            .await
            .refused(404, "not_found");
        let row = format!("/records/{}", made.body["id"].as_str().unwrap());
        let put = |revision: &str| {
            let ask = kit.ask("PUT", &row).json(json!({ "task": "扫雪除冰" })).by("desk");
            ask.header("jinlin-post", &hands.supervisor).header("if-match", revision).send()
        };
        let changed = put("1").await.is(200).body;
        assert_eq!(
            (&changed["revision"], changed["history"].as_array().unwrap().len()),
            (&json!(2), 2)
        );
        put("1").await.refused(412, "stale");
        let found = hands.sees(&kit, "/registers/duties/records?search=%E9%99%A4%E5%86%B0").await;
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let audit = kit.get(path).by("audit-admin").send().await.is(200).body;
        assert_eq!(audit["items"], found["items"]);
    })
    .await;
}

#[tokio::test]
async fn cycles_tell_when_they_come_and_when_they_came() {
    for_each_engine(async |kit| {
        prepared(&kit).await;
        kit.wait(SignedDuration::from_hours(36));
        assert_eq!(app::effects::run_cycles(&kit.county).await.unwrap(), 2);
        let cycles = kit.get("/cycles").by("worker").send().await.is(200).body;
        let told = |it: &Value| (it["id"].clone(), it["on"].clone(), it["last_period"].clone());
        let told: Vec<_> = cycles.as_array().unwrap().iter().map(told).collect();
        let day = json!("2026-03-03");
        assert_eq!(
            told,
            [
                (json!("monthly"), json!("wd 1"), Value::Null),
                (json!("relist"), json!("08:00"), day.clone()),
                (json!("evening"), json!("19:30"), day),
            ]
        );
        assert_eq!(cycles[0]["does"], json!([{ "does": "open", "title": "月调度" }]));
        assert_eq!(cycles[0]["next_at"], "2026-04-01T00:30:00Z");
    })
    .await;
}
