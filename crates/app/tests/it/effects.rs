//! What acts leave beside their cases, carried out in the same transaction on either engine.

use crate::testkit::*;
use app::cases::{OpenCase, do_act, do_open};
use app::effects::*;
use app::{Error, Form};
use jiff::SignedDuration;
use model::access::Actor;
use model::{CaseId, HouseholdId, PostId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::cases::Case;

/// The county with its posts, on the tests' own pack.
struct Village {
    kit: Kit,
    worker: Seat,
    leader: Seat,
    supervisor: Seat,
    helper: Seat,
    doors: Vec<HouseholdId>,
}

async fn on_each<F, Fut>(promise: F)
where
    F: Fn(Village) -> Fut,
    Fut: Future<Output = ()>,
{
    for_each_county(|kit| async {
        kit.load("effects", &["effects"]).await;
        kit.seat("desk", COUNTY, "值班").await;
        let doors = app::territory::RegisterHouseholds {
            place: GRID.to_owned(),
            households: (1..=4)
                .map(|n| app::territory::NewHousehold {
                    address: format!("一号楼{n}0{n}"),
                    wish: None,
                })
                .collect(),
        };
        let doors =
            act!(kit, init(), app::territory::register_households, doors).unwrap().households;
        let village = Village {
            worker: kit.seat("grid_worker", GRID, "网格甲").await,
            leader: kit.seat("grid_leader", GRID, "网格长").await,
            supervisor: kit.seat("supervisor", COUNTY, "督办").await,
            helper: kit.seat("micro_grid_leader", MICRO_GRID, "志愿者").await,
            kit,
            doors,
        };
        promise(village).await;
    })
    .await;
}

fn form(value: &Value) -> Form {
    value.as_object().unwrap().clone()
}

impl Village {
    async fn opens(&self, seat: Seat, procedure: &str, asked: Value) -> CaseId {
        let request = OpenCase {
            procedure: procedure.to_owned(),
            form: form(&asked),
            place: Some(GRID.to_owned()),
            ..OpenCase::default()
        };
        let opened = self.kit.county.run(seat.actor(), move |tx, mut work| {
            let request = request.clone();
            Box::pin(async move { Ok(do_open(tx, &mut work, &request).await?.0.id) })
        });
        opened.await.unwrap()
    }

    async fn does(
        &self,
        seat: Seat,
        case: CaseId,
        action: &str,
        asked: Value,
    ) -> Result<Case, Error> {
        let (action, form) = (action.to_owned(), form(&asked));
        let done = self.kit.county.run(seat.actor(), move |tx, mut work| {
            let (action, form) = (action.clone(), form.clone());
            Box::pin(async move { do_act(tx, &mut work, (case, None), (&action, &form)).await })
        });
        done.await
    }

    async fn state(&self, case: CaseId) -> String {
        see!(self.kit, init(), |tx, _work| async { Ok(store::cases::get(tx, case).await?) })
            .unwrap()
            .unwrap()
            .state
            .state
            .to_string()
    }

    async fn gatherings(&self, seat: Seat) -> Vec<GatheringView> {
        let found = self.kit.county.look(seat.actor(), |tx, mut work| {
            Box::pin(
                async move { list_gatherings(tx, &mut work, &GatheringQuery::default()).await },
            )
        });
        found.await.unwrap().items
    }

    async fn minutes(&self, seat: Seat, of: &GatheringView) -> Result<GatheringView, Error> {
        let (id, words) = (of.id, form(&json!({ "words": "同意加装" })));
        let kept = self.kit.county.run(seat.actor(), move |tx, mut work| {
            let words = words.clone();
            Box::pin(async move { keep_minutes(tx, &mut work, (id, &words)).await })
        });
        kept.await
    }

    async fn votes(
        &self,
        seat: Seat,
        of: &GatheringView,
        household: Option<HouseholdId>,
        choice: &str,
    ) -> Result<GatheringView, Error> {
        let (id, vote) = (of.id, CastVote { household, choice: choice.to_owned() });
        let cast = self.kit.county.run(seat.actor(), move |tx, mut work| {
            let vote = vote.clone();
            Box::pin(async move { cast_vote(tx, &mut work, (id, &vote)).await })
        });
        cast.await
    }

    async fn board(&self, actor: Actor, board: &str, place: &str) -> Result<Publications, Error> {
        let query = PublicationQuery {
            board: board.to_owned(),
            place: place.to_owned(),
            after: None,
            limit: None,
        };
        let found = self.kit.county.look(actor, move |tx, mut work| {
            let query = query.clone();
            Box::pin(async move { list_publications(tx, &mut work, &query).await })
        });
        found.await
    }

    async fn balances(&self, ledger: &str) -> BTreeMap<String, i64> {
        let query = AccountQuery { ledger: ledger.to_owned(), ..AccountQuery::default() };
        let found = self.kit.county.look(self.supervisor.actor(), move |tx, mut work| {
            let query = query.clone();
            Box::pin(async move { list_accounts(tx, &mut work, &query).await })
        });
        let items = found.await.unwrap().items;
        items
            .into_iter()
            .map(|it| (format!("{}{}", it.of.account, it.of.name), it.balance))
            .collect()
    }

    async fn rows(&self, seat: Seat, register: &str, search: &str) -> Vec<RecordView> {
        let query = RecordQuery {
            register: register.to_owned(),
            search: Some(search.to_owned()),
            ..RecordQuery::default()
        };
        let found = self.kit.county.look(seat.actor(), move |tx, mut work| {
            let query = query.clone();
            Box::pin(async move { list_records(tx, &mut work, &query).await })
        });
        found.await.unwrap().items
    }

    async fn fills(&self, seat: Seat, register: &str, row: Value) -> Result<RecordView, Error> {
        let (register, row) = (register.to_owned(), form(&row));
        let filled = self.kit.county.run(seat.actor(), move |tx, mut work| {
            let (register, row) = (register.clone(), row.clone());
            Box::pin(async move { fill_record(tx, &mut work, (&register, &row)).await })
        });
        filled.await
    }

    async fn clock(&self, hours: i64) -> usize {
        self.kit.clock.forward(SignedDuration::from_hours(hours));
        app::cases::run_due(&self.kit.county).await.unwrap()
    }

    /// An affair whose ballot is open.
    async fn voting(&self, plan: &str) -> CaseId {
        let case = self.opens(self.worker, "affair", json!({ "title": "加装车棚" })).await;
        let held_at = self.kit.county.now() + SignedDuration::from_hours(1);
        self.does(self.leader, case, "meet", json!({ "held_at": held_at })).await.unwrap();
        self.kit.clock.forward(SignedDuration::from_hours(2));
        let met = self.gatherings(self.leader).await.remove(0);
        self.minutes(self.leader, &met).await.unwrap();
        let asked = json!({ "plan": plan, "budget": "1200.50" });
        self.does(self.leader, case, "submit", asked).await.unwrap();
        case
    }
}

/// The text of a column.
fn column(row: &RecordView, field: &str) -> Option<String> {
    row.columns.iter().find(|it| it.field == field).map(|it| it.text.clone())
}

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.code().to_owned(),
        other => code(other).to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_counts_once_its_minutes_are_kept() {
    on_each(|village| async move {
        let case = village.opens(village.worker, "affair", json!({ "title": "加装车棚" })).await;
        let held_at = village.kit.county.now() + SignedDuration::from_hours(1);
        village.does(village.leader, case, "meet", json!({ "held_at": held_at })).await.unwrap();
        let submit = json!({ "plan": "建车棚", "budget": 10 });
        let early = village.does(village.leader, case, "submit", submit.clone()).await;
        assert_eq!(refused(early), "guard");
        let met = village.gatherings(village.leader).await.remove(0);
        assert_eq!((met.title.as_str(), met.case.as_ref().unwrap().0), ("议事会", case));
        assert_eq!(met.posts[0].0, village.leader.post);
        assert_eq!(met.asks, None, "it has not been held yet");
        assert_eq!(refused(village.minutes(village.leader, &met).await), "not_held");
        village.kit.clock.forward(SignedDuration::from_hours(2));
        assert_eq!(refused(village.minutes(village.helper, &met).await), "not_found");
        assert_eq!(refused(village.minutes(village.worker, &met).await), "not_yours");
        let kept = village.minutes(village.leader, &met).await.unwrap();
        assert_eq!(kept.minutes.unwrap().facts[0].text, "同意加装");
        assert_eq!(refused(village.minutes(village.leader, &met).await), "minuted");
        let after = village.does(village.leader, case, "submit", submit).await.unwrap();
        assert_eq!(after.state.state, "voting");
        assert_eq!(after.state.held["council"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_is_cast_at_the_door_and_counted_by_the_clock() {
    on_each(|village| async move {
        let case = village.voting("建一个车棚").await;
        let ballot = village.gatherings(village.leader).await;
        let ballot = village.in_case(case, "vote", ballot).await;
        let view = ballot.ballot.clone().unwrap();
        assert_eq!((view.called, view.cast, view.open, view.votes.clone()), (4, 0, true, None));
        let [a, b, c, _] = village.doors[..] else { panic!() };
        let leader = village.leader;
        assert_eq!(
            refused(village.votes(village.worker, &ballot, Some(a), "同意").await),
            "not_yours"
        );
        assert_eq!(refused(village.votes(leader, &ballot, None, "同意").await), "missing");
        let stranger = Some(uuid::Uuid::from_u128(9).into());
        assert_eq!(refused(village.votes(leader, &ballot, stranger, "同意").await), "not_found");
        assert_eq!(refused(village.votes(leader, &ballot, Some(a), "随便").await), "not_found");
        assert_eq!(refused(village.minutes(leader, &ballot).await), "no_minutes");
        village.votes(leader, &ballot, Some(a), "反对").await.unwrap();
        // A page read in English says what it showed.
        village.votes(leader, &ballot, Some(b), "For").await.unwrap();
        let cast = village.votes(leader, &ballot, Some(a), "同意").await.unwrap();
        let cast = cast.ballot.unwrap();
        assert_eq!((cast.cast, cast.votes), (2, None), "nobody is told while it is open");
        assert_eq!(village.clock(24 * 8).await, 1);
        assert_eq!(village.state(case).await, "doing");
        let late = village.votes(leader, &ballot, Some(c), "反对").await;
        assert_eq!(refused(late), "ballot_closed");
        let closed = village.in_case(case, "vote", village.gatherings(leader).await).await;
        assert_eq!(closed.ballot.unwrap().votes, Some(vec![2, 0, 0]));
        let expected = [("project".to_owned(), 120_050), ("treasury".to_owned(), -120_050)];
        let found: BTreeMap<String, i64> = village
            .balances("money")
            .await
            .into_iter()
            .map(|(name, balance)| (name.trim_end_matches(char::is_numeric).to_owned(), balance))
            .collect();
        assert_eq!(found, expected.into());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_row_and_no_entry_says_how_a_household_voted_in_secret() {
    on_each(|village| async move {
        let case = village.voting("建一个车棚").await;
        let ballot = village.in_case(case, "vote", village.gatherings(village.leader).await).await;
        village.votes(village.leader, &ballot, Some(village.doors[0]), "反对").await.unwrap();
        let rows = see!(village.kit, init(), |tx, _work| async {
            let table = store::snapshot::tables().into_iter().find(|it| it.name == "vote").unwrap();
            Ok(store::snapshot::rows(tx, &table, None, 9).await?)
        });
        let rows = rows.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0][3], rowdb::Value::Null);
        let entries = see!(village.kit, init(), |tx, _work| async {
            Ok(store::journal::of_kind(tx, "vote_cast", 9).await?)
        });
        let text = entries.unwrap()[0].text().unwrap();
        assert!(!text.contains("\"choice\":1"), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_votes_are_void_and_the_second_time_ends_it() {
    on_each(|village| async move {
        let case = village.voting("建一个车棚").await;
        assert_eq!(village.clock(24 * 8).await, 1);
        assert_eq!(village.state(case).await, "talking");
        let asked = json!({ "plan": "换一处", "budget": 5 });
        village.does(village.leader, case, "submit", asked).await.unwrap();
        assert_eq!(village.clock(24 * 8).await, 1);
        assert_eq!(village.state(case).await, "excluded");
        assert_eq!(village.balances("money").await, BTreeMap::new());
    })
    .await;
}

impl Village {
    /// The gathering of a kind that a case called last.
    async fn in_case(&self, case: CaseId, kind: &str, _: Vec<GatheringView>) -> GatheringView {
        let query = GatheringQuery { case: Some(case), ..GatheringQuery::default() };
        let found = self.kit.county.look(self.leader.actor(), move |tx, mut work| {
            let query = query.clone();
            Box::pin(async move { list_gatherings(tx, &mut work, &query).await })
        });
        found.await.unwrap().items.into_iter().find(|it| it.gathering == kind).unwrap()
    }

    /// An affair that is being done, with 1200.50 yuan.
    async fn doing(&self) -> CaseId {
        let case = self.voting("建一个车棚").await;
        let ballot = self.in_case(case, "vote", Vec::new()).await;
        for door in &self.doors {
            self.votes(self.leader, &ballot, Some(*door), "同意").await.unwrap();
        }
        assert_eq!(self.clock(24 * 8).await, 1);
        case
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_has_not_refuses_the_whole_act() {
    on_each(|village| async move {
        let case = village.doing().await;
        let over = village.does(village.leader, case, "repay", json!({ "back": "1200.51" })).await;
        assert_eq!(refused(over), "overdrawn");
        let helper = village.helper.post;
        let assign = |time: f64| json!({ "helper": helper, "time": time });
        village.does(village.leader, case, "assign", assign(1.5)).await.unwrap();
        let over = village.does(village.leader, case, "assign", assign(1.0)).await;
        assert_eq!(refused(over), "too_much");
        let all = village.does(village.leader, case, "repay", json!({ "back": "1200.50" })).await;
        let counts = all.unwrap().state.counts;
        assert_eq!(
            (counts["repay"].case, counts["assign"].case),
            (1, 1),
            "refused acts left nothing"
        );
        assert_eq!(
            village.balances("hours").await,
            [("issue".into(), -3), ("volunteer志**".into(), 3)].into()
        );
        assert!(village.balances("money").await.values().all(|it| *it == 0));
        let query = BookingQuery { ledger: "money".into(), ..BookingQuery::default() };
        let found = village.kit.county.look(village.leader.actor(), move |tx, mut work| {
            let query = query.clone();
            Box::pin(async move { list_bookings(tx, &mut work, &query).await })
        });
        let amounts: Vec<i64> = found.await.unwrap().items.iter().map(|it| it.amount).collect();
        assert_eq!(amounts, [120_050, 120_050]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_read_by_everybody_until_its_time_is_over_or_it_is_withdrawn() {
    on_each(|village| async move {
        village.voting("建一个车棚").await;
        for place in [GRID, STREET, MICRO_GRID] {
            let found = village.board(Actor::Visitor, "affairs", place).await.unwrap().items;
            let told: Vec<_> = found[0].facts.iter().map(|it| it.text.as_str()).collect();
            assert_eq!(told, ["建一个车棚", "1200.50元"], "{place}");
            assert_eq!((&found[0].case, found[0].may_withdraw), (&None, false));
        }
        assert_eq!(village.board(Actor::Visitor, "affairs", OTHER_GRID).await.unwrap().items, []);
        assert_eq!(refused(village.board(Actor::Visitor, "inner", GRID).await), "not_found");
        let boards = see!(village.kit, Actor::Visitor, |tx, work| async {
            let mut work = work;
            list_boards(tx, &mut work).await
        });
        assert_eq!(boards.unwrap().len(), 1);
        let found = village.board(village.leader.actor(), "affairs", GRID).await.unwrap().items;
        let id = found[0].id;
        assert!(found[0].may_withdraw && found[0].case.is_some());
        let withdraw = |seat: Seat, reason: &'static str| {
            village.kit.county.run(seat.actor(), move |tx, mut work| {
                Box::pin(async move { withdraw_publication(tx, &mut work, (id, reason)).await })
            })
        };
        assert_eq!(refused(withdraw(village.helper, "有误").await), "other_place");
        assert_eq!(refused(withdraw(village.leader, " ").await), "missing");
        withdraw(village.leader, "方案有变").await.unwrap();
        assert_eq!(refused(withdraw(village.leader, "方案有变").await), "not_found");
        assert_eq!(village.board(Actor::Visitor, "affairs", GRID).await.unwrap().items, []);
        village.voting("再议车棚").await;
        village.kit.clock.forward(SignedDuration::from_hours(24 * 8));
        assert_eq!(village.board(Actor::Visitor, "affairs", GRID).await.unwrap().items, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_somebody_is_not_published() {
    on_each(|village| async move {
        let case = village.voting("建一个车棚").await;
        assert_eq!(village.clock(24 * 8).await, 1);
        let asked = json!({ "plan": "有事打13800001234", "budget": 5 });
        let done = village.does(village.leader, case, "submit", asked).await;
        let Err(Error::Refused(app::Refusal::Form(problems))) = done else { panic!("{done:?}") };
        assert_eq!((problems[0].field.as_str(), problems[0].code), ("plan", "personal"));
        assert_eq!(village.state(case).await, "talking");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_writes_its_own_row_and_fills_and_frees_a_post() {
    on_each(|village| async move {
        let seat: PostId = village.kit.post("grid_leader", OTHER_GRID).await;
        let member = village.kit.person("新人", None).await;
        let asked = json!({ "task": "门前三包", "member": member, "seat": seat });
        let case = village.opens(village.worker, "listing", asked.clone()).await;
        village.does(village.supervisor, case, "try", json!({})).await.unwrap();
        let rows = village.rows(village.supervisor, "duties", "三包").await;
        assert_eq!(column(&rows[0], "listing").as_deref(), Some("试行"));
        assert_eq!((rows.len(), rows[0].revision), (1, 1));
        let holder = async || {
            let shelf =
                village.kit.county.look(init(), |_, work| Box::pin(async move { Ok(work.shelf) }));
            let shelf = shelf.await.unwrap();
            shelf.network.person(seat, "2026-03-02".parse().unwrap())
        };
        assert_eq!(holder().await, Some(member));
        assert_eq!(app::cases::renew_if_moved(&village.kit.county).await.unwrap(), 0);
        village.does(village.supervisor, case, "admit", json!({})).await.unwrap();
        assert_eq!(holder().await, None);
        let rows = village.rows(village.supervisor, "duties", "").await;
        assert_eq!(column(&rows[0], "listing").as_deref(), Some("已列入"));
        assert_eq!(column(&rows[0], "task").as_deref(), Some("门前三包"), "what is not set stays");
        assert_eq!((rows.len(), rows[0].revision), (1, 2));
        // Another case's row may not have the same key: its act is refused and leaves nothing.
        let other = village.opens(village.worker, "listing", asked).await;
        let twice = village.does(village.supervisor, other, "try", json!({})).await;
        assert_eq!(refused(twice), "duplicate_key");
        assert_eq!((holder().await, village.state(other).await.as_str()), (None, "applied"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_filled_by_its_office_and_keeps_its_history() {
    on_each(|village| async move {
        let row =
            json!({ "task": "扫雪", "listing": "listed", "cost": "12.50", "phone": "13800001234" });
        assert_eq!(
            refused(village.fills(village.leader, "duties", row.clone()).await),
            "not_yours"
        );
        let supervisor = village.supervisor;
        assert_eq!(
            refused(village.fills(supervisor, "duties", json!({ "listing": "x" })).await),
            "form"
        );
        assert_eq!(
            refused(village.fills(supervisor, "duties", json!({ "cost": 1 })).await),
            "form"
        );
        let filled = village.fills(supervisor, "duties", row.clone()).await.unwrap();
        assert_eq!(column(&filled, "cost").as_deref(), Some("12.50元"));
        assert_eq!(column(&filled, "phone").as_deref(), Some("13800001234"));
        assert_eq!(refused(village.fills(supervisor, "duties", row).await), "duplicate_key");
        let seen = village.rows(village.leader, "duties", "雪").await;
        assert_eq!(column(&seen[0], "phone"), None, "for named posts only");
        assert!(!seen[0].may_fill);
        let (id, revision) = (filled.id, filled.revision);
        let change = |revision: i64, row: Value| {
            let row = form(&row);
            village.kit.county.run(supervisor.actor(), move |tx, mut work| {
                let row = row.clone();
                Box::pin(
                    async move { change_record(tx, &mut work, (id, Some(revision)), &row).await },
                )
            })
        };
        let changed = change(revision, json!({ "task": "扫雪除冰", "phone": "1" })).await.unwrap();
        assert_eq!(column(&changed, "cost"), None, "what is left out is empty");
        let told: Vec<_> = changed.history.iter().map(|it| it.changed.join(",")).collect();
        assert_eq!(told, ["task,listing,cost,phone", "task,listing,cost,phone"]);
        assert!(matches!(
            change(revision, json!({ "task": "a" })).await,
            Err(Error::Conflict { .. })
        ));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cycle_runs_once_for_its_period_and_a_missed_one_is_caught_up() {
    on_each(|village| async move {
        let county = &village.kit.county;
        // Loaded on a Monday morning: that evening's is the first whole period's only tomorrow.
        assert_eq!(run_cycles(county).await.unwrap(), 0);
        let row = json!({ "task": "扫雪", "listing": "listed", "renewed": "2026-03-03" });
        village.fills(village.supervisor, "duties", row).await.unwrap();
        village.kit.clock.forward(SignedDuration::from_hours(36));
        assert_eq!(run_cycles(county).await.unwrap(), 2, "the evening and the review");
        assert_eq!(run_cycles(county).await.unwrap(), 0);
        let met = village.gatherings(village.leader).await;
        assert_eq!((met.len(), met[0].case.clone()), (1, None));
        village.minutes(village.leader, &met[0]).await.unwrap();
        let cases = village.open_cases().await;
        assert_eq!(cases.len(), 1);
        village.does(village.supervisor, cases[0], "keep", json!({})).await.unwrap();
        let rows = village.rows(village.supervisor, "duties", "").await;
        assert_eq!(column(&rows[0], "renewed").as_deref(), Some("2027-03-03"));
        // Ten days of standing still are caught up by one evening, not by ten.
        village.kit.clock.forward(SignedDuration::from_hours(240));
        assert_eq!(run_cycles(county).await.unwrap(), 2);
        assert_eq!(village.gatherings(village.leader).await.len(), 2);
        village.kit.clock.forward(SignedDuration::from_hours(24 * 20));
        run_cycles(county).await.unwrap();
        let rounds = village.open_cases().await;
        assert_eq!(rounds.len(), 1, "one round for the one grid whose leader's post is held");
        let cycles = see!(village.kit, village.leader.actor(), |tx, work| async {
            let mut work = work;
            list_cycles(tx, &mut work).await
        });
        let cycles = cycles.unwrap();
        assert_eq!(cycles[0].last.as_ref().unwrap().0, "2026-04");
        assert_eq!(cycles[0].does, [("open".to_owned(), "月调度".to_owned())]);
        assert!(cycles.iter().all(|it| it.next.unwrap() > county.now()));
    })
    .await;
}

impl Village {
    async fn open_cases(&self) -> Vec<CaseId> {
        see!(self.kit, init(), |tx, _work| async {
            Ok(store::cases::open_after(tx, None, 9).await?)
        })
        .unwrap()
    }
}
