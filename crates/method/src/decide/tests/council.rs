//! What acts leave beside their cases: meetings, ballots, bookings, boards, registers, appointments.

use super::*;
use crate::read::tests::council;
use model::ids::RecordId;
use std::collections::BTreeMap;

static COUNCIL: LazyLock<Pack> = LazyLock::new(|| read::load("council", &council).pack.unwrap());
static VILLAGE: LazyLock<Network> = LazyLock::new(village);

const SECRETARY: u128 = 40;
const VOLUNTEER: u128 = 41;

/// A county with a desk and a leader, and a street with a secretary and a volunteer.
fn village() -> Network {
    let day: Date = "2020-01-01".parse().unwrap();
    let mut network = Network::new(1, COUNCIL.levels.clone(), "desk@county");
    for (n, parent, level) in [(COUNTY, None, 0), (STREET, Some(COUNTY), 1)] {
        let (code, name) = (n.to_string(), n.to_string());
        let (place, parent) = (id(n), parent.map(id));
        network.add_place(Place { id: place, parent, level, code, name, from: day, until: None });
    }
    let posts = [
        (DESK, "desk", COUNTY),
        (LEADER, "leader", COUNTY),
        (SECRETARY, "secretary", STREET),
        (VOLUNTEER, "volunteer", STREET),
    ];
    for (n, role, place) in posts {
        let (post, role, place) = (id(n), role.to_owned(), Some(id(place)));
        network.add_post(Post { id: post, role, org: None, place, from: day, until: None });
        let selection = Selection::Appointed;
        let person = id(1000 + n);
        network.add_holding(Holding { post, person, rank: 0, selection, from: day, until: None });
    }
    network
}

fn here<'a>(now: &str, facts: &'a Facts) -> World<'a> {
    let network = &VILLAGE;
    World { pack: &COUNCIL, network, calendar: &CALENDAR, now: at(now), parent_due: None, facts }
}

fn begun(procedure: &str, asker: Asker, by: Doer, form: &str) -> Result<Decision, Refusal> {
    let opening = Opening {
        procedure: procedure.into(),
        matter: None,
        place: id(STREET),
        asker,
        by,
        about: Default::default(),
        parent: None,
        limits: Default::default(),
        source_due: None,
        form: json(form),
        entry: id(9000),
    };
    open(&here("2026-09-18T09:00", &NO_FACTS), &opening)
}

fn talking() -> CaseState {
    let asker = Asker::Resident { person: Some(id(500)), hiding: Default::default() };
    begun("affair", asker, Doer::Asker, r#"{"title":"加装车棚"}"#).unwrap().state
}

fn does(case: &CaseState, act: &str, form: &str) -> Result<Decision, Refusal> {
    let by = post(SECRETARY);
    let command = Command { action: act.into(), by, form: json(form), entry: id(9001) };
    decide(&here("2026-09-18T10:00", &NO_FACTS), case, &command)
}

const PLAN: &str = r#"{"plan":"建一个车棚","budget":"1200.50"}"#;

/// An affair whose ballot is open, with what submitting it left behind.
fn voting() -> Decision {
    let mut case = talking();
    case.held.insert("council".into(), 1);
    does(&case, "submit", PLAN).unwrap()
}

/// What the clock does once the ballot has closed.
fn counted(case: &CaseState, called: u32, votes: [u32; 3]) -> (String, Decision) {
    let tally = Tally { called, cast: votes.iter().sum(), votes: votes.to_vec() };
    let facts = Facts { tally: Some(tally), ..NO_FACTS.clone() };
    tick(&here("2026-09-24T00:00", &facts), case, id(9002)).unwrap()
}

#[test]
fn a_vote_waits_for_a_meeting_with_minutes() {
    let form = r#"{"held_at":"2026-09-19T02:00:00Z"}"#;
    let met = does(&talking(), "meet", form).unwrap();
    let [Effect::Call(call)] = &met.effects[..] else { panic!("{:?}", met.effects) };
    assert_eq!((call.gathering.as_str(), call.place), ("council", id(STREET)));
    assert_eq!((call.at, call.closes), ("2026-09-19T02:00:00Z".parse().unwrap(), None));
    assert_eq!((&call.posts[..], call.households), (&[id(SECRETARY)][..], None));
    let refused = does(&met.state, "submit", PLAN).unwrap_err();
    assert_eq!((refused.code(), refused.chinese().as_str()), ("guard", "请先开议事会"));
}

#[test]
fn a_ballot_opens_with_its_state_and_closes_with_its_clock() {
    let submitted = voting();
    let [Effect::Publish { board, show, until }, Effect::Call(call)] = &submitted.effects[..]
    else {
        panic!("{:?}", submitted.effects)
    };
    assert_eq!((board.as_str(), show.len()), ("affairs", 2));
    assert_eq!(*until, Some(calendar::end_of_day("2026-09-23".parse().unwrap())));
    assert_eq!((call.gathering.as_str(), call.households), ("vote", Some(id(STREET))));
    assert_eq!(call.closes, submitted.state.clock.as_ref().map(|it| it.due_at));
    let open = submitted.state.ballot.unwrap();
    assert_eq!((open.kind.as_str(), open.tally), ("vote", None));
}

#[test]
fn the_count_decides_by_quorum_and_share() {
    let case = voting().state;
    // 30 called: 20 must take part, and more than half of those who do must agree.
    for (votes, act, state) in [
        ([11, 9, 0], "adopt", "doing"),
        ([10, 10, 0], "redraft", "talking"),
        ([19, 0, 0], "redraft", "talking"),
        ([0, 0, 0], "redraft", "talking"),
    ] {
        let (did, decision) = counted(&case, 30, votes);
        assert_eq!((did.as_str(), decision.state.state.as_str()), (act, state), "{votes:?}");
        let tally = decision.state.ballot.unwrap().tally.unwrap();
        assert_eq!(tally.votes, votes);
    }
}

#[test]
fn a_second_failure_takes_the_next_way() {
    let (_, first) = counted(&voting().state, 30, [0, 30, 0]);
    let again = does(&first.state, "submit", PLAN).unwrap();
    let (did, decision) = counted(&again.state, 30, [0, 30, 0]);
    assert_eq!((did.as_str(), decision.state.end), ("lapse", Some(model::cases::End::Excluded)));
}

#[test]
fn what_was_voted_is_booked_to_the_case() {
    let (_, adopted) = counted(&voting().state, 30, [30, 0, 0]);
    let booked = ToBook {
        ledger: "money".into(),
        from: ("treasury".into(), HeldBy::County),
        to: ("project".into(), HeldBy::Case),
        amount: 120_050,
    };
    assert_eq!(adopted.effects, [Effect::Book(booked)]);
}

#[test]
fn hours_go_to_whoever_holds_the_post_and_to_nobody_else() {
    let (_, adopted) = counted(&voting().state, 30, [30, 0, 0]);
    let form = |helper: u128| format!(r#"{{"helper":"{}","hours":1.5}}"#, id::<PostId>(helper));
    let done = does(&adopted.state, "assign", &form(VOLUNTEER)).unwrap();
    let [Effect::Book(booking)] = &done.effects[..] else { panic!("{:?}", done.effects) };
    assert_eq!(booking.to, ("volunteer".into(), HeldBy::Id(id(1000 + VOLUNTEER))));
    assert_eq!(booking.amount, 3);
    let mut vacant = adopted.state.clone();
    vacant.fields.insert("helper".into(), FieldValue::Text("nobody".into()));
    assert_eq!(does(&adopted.state, "assign", &form(SECRETARY)).unwrap_err().code(), "form");
}

fn listing() -> Decision {
    let asker = Asker::Post { post: id(LEADER) };
    let (member, seat): (PersonId, PostId) = (id(77), id(VOLUNTEER));
    let form = format!(r#"{{"task":"门前三包","member":"{member}","seat":"{seat}"}}"#);
    let applied = begun("listing", asker, post(LEADER), &form).unwrap().state;
    let command = Command { action: "try".into(), by: post(DESK), form: Form::new(), entry: id(1) };
    decide(&here("2026-09-18T10:00", &NO_FACTS), &applied, &command).unwrap()
}

#[test]
fn a_row_is_written_with_dates_from_now_and_a_post_is_filled() {
    let tried = listing();
    let [Effect::Appoint { person, post }, Effect::Write(row)] = &tried.effects[..] else {
        panic!("{:?}", tried.effects)
    };
    assert_eq!((*person, *post), (id(77), id(VOLUNTEER)));
    assert_eq!((row.register.as_str(), row.row), ("duties", None));
    assert_eq!(row.set["listing"], "trial");
    assert_eq!(row.set["task"]["field"], "task");
    let later = here("2026-12-19T10:00", &NO_FACTS);
    let (did, admitted) = tick(&later, &tried.state, id(9003)).unwrap();
    let set = admitted.effects.iter().find_map(|effect| match effect {
        Effect::Write(row) => Some(row.set.clone()),
        _ => None,
    });
    // A year later is a Sunday: the day after it counts.
    assert_eq!((did.as_str(), &set.unwrap()["renewed"]), ("admit", &"2027-12-20".into()));
    assert!(admitted.effects.contains(&Effect::Dismiss(id(VOLUNTEER))));
}

#[test]
fn a_guard_reads_the_row_and_what_it_read_stays_with_the_entry() {
    let row: RecordId = id(600);
    let columns: Columns = [("listing".into(), FieldValue::Text("listed".into()))].into();
    let facts = Facts { records: BTreeMap::from([(row, columns)]), tally: None };
    let form = format!(r#"{{"duty":"{row}"}}"#);
    let case = begun("review", Asker::None, Doer::Clock, &form).unwrap().state;
    let command = |act: &str| Command {
        action: act.into(),
        by: post(DESK),
        form: Form::new(),
        entry: id(9004),
    };
    let world = here("2026-09-18T10:00", &facts);
    let kept = decide(&world, &case, &command("keep")).unwrap();
    assert_eq!(kept.facts["duty.listing"], FieldValue::Text("listed".into()));
    assert!(
        matches!(&kept.effects[..], [Effect::Release(None), Effect::Write(it)] if it.row == Some(row))
    );
    assert_eq!(decide(&world, &case, &command("leave")).unwrap_err().code(), "guard");
}

#[test]
fn cycles_open_for_each_post_and_for_each_row_that_is_due() {
    let world = here("2026-10-08T08:30", &NO_FACTS);
    let rows = |_: &str| {
        let row =
            |n: u128, day: &str| (id(n), [("renewed".into(), FieldValue::Text(day.into()))].into());
        vec![row(600, "2026-10-08"), row(601, "2026-10-09")]
    };
    let run = |name: &str| crate::cycles::effects(&world, id(COUNTY), &COUNCIL.cycles[name], &rows);
    let [Effect::Open(round)] = &run("monthly")[..] else { panic!() };
    assert_eq!(round.form["worker"], id::<PostId>(SECRETARY).to_string());
    assert_eq!((&round.form["due"], round.place), (&"2026-10-25".into(), id(STREET)));
    let [Effect::Open(review)] = &run("relist")[..] else { panic!() };
    assert_eq!(review.form["duty"], id::<RecordId>(600).to_string());
    let [Effect::Call(call)] = &run("evening")[..] else { panic!() };
    assert_eq!((call.gathering.as_str(), call.place), ("council", id(STREET)));
}
