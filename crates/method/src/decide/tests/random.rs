//! Any sequence of commands keeps one owner and one clock, and can be replayed from its patches.

use super::*;
use crate::definition::Kind;
use proptest::prelude::*;
use proptest::sample::Index;

/// One thing that happens: who tries which action after how many hours, or the clock.
#[derive(Clone, Debug)]
pub(super) struct Try {
    pub hours: i64,
    pub doer: Index,
    pub action: Index,
}

pub(super) fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..80i64, any::<Index>(), any::<Index>()).prop_map(|(hours, doer, action)| Try {
        hours,
        doer,
        action,
    });
    prop::collection::vec(one, 1..40)
}

const DOERS: [u128; 7] = [0, DESK, SUPERVISOR, LEADER, CLERK, HEAD, WATER_CLERK];

pub(super) fn doer(index: &Index) -> Doer {
    match index.get(&DOERS) {
        0 => Doer::Asker,
        n => post(*n),
    }
}

/// A form with something fitting for every field asked.
pub(super) fn filled(world: &World<'_>, asks: &[crate::definition::Ask]) -> Form {
    let value = |field: &str| {
        let field = &world.pack.fields[field];
        let value = match field.kind {
            Kind::Org => "water".into(),
            Kind::Place => "990100001001001".into(),
            Kind::Int | Kind::Stars => 2.into(),
            Kind::YesNo => true.into(),
            Kind::Date => (world.today().tomorrow().unwrap()).to_string().into(),
            Kind::Case | Kind::Photo => Uuid::from_u128(5).to_string().into(),
            Kind::Choice if field.choices.is_empty() => "building_noise".into(),
            Kind::Choice => field.choices.keys().next().unwrap().clone().into(),
            Kind::Text | Kind::Point => "some words".into(),
            Kind::Money | Kind::Hours => 1.into(),
            Kind::Time => (world.now + jiff::SignedDuration::from_hours(1)).to_string().into(),
            Kind::Post => id::<PostId>(DESK).to_string().into(),
            Kind::Person | Kind::File | Kind::Record | Kind::Household => {
                Uuid::from_u128(6).to_string().into()
            }
        };
        if field.many { serde_json::Value::Array(vec![value]) } else { value }
    };
    let wanted = asks.iter().filter(|ask| world.pack.fields.contains_key(&ask.field));
    wanted.map(|ask| (ask.field.clone(), value(&ask.field))).collect()
}

/// Blueprint §1, promise 1.
pub(super) fn one_owner_one_clock(world: &World<'_>, case: &CaseState) {
    let open = case.end.is_none();
    assert_eq!(open, case.owner.is_some(), "{case:#?}");
    assert_eq!(open, case.clock.is_some(), "{case:#?}");
    let waiting = case.waits.iter().filter(|wait| wait.until.is_none()).count();
    assert!(waiting <= 1, "{case:#?}");
    if let Some(clock) = &case.clock {
        assert_eq!(clock.running, waiting == 0, "{case:#?}");
        assert!(clock.timer_at >= case.since, "{case:#?}");
    }
    if let Some(owner) = case.owner {
        assert!(world.network.manned(owner, world.today()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_keeps_one_owner_and_one_clock_and_replays(tries in tries()) {
        let mut now = at("2026-09-18T09:00");
        let start = World { now, ..world(&TOWN, "2026-09-18T09:00") };
        let mut case = open(&start, &opening(Some("street_lights"))).unwrap().state;
        let mut replayed = serde_json::to_value(&case).unwrap();
        for it in tries {
            now += jiff::SignedDuration::from_hours(it.hours);
            let world = World { now, ..start };
            let procedure = &BASE.procedures["appeal"];
            let names: Vec<&String> = procedure.actions.keys().collect();
            let action = (*it.action.get(&names)).clone();
            let asks = &procedure.actions[&action].asks;
            let form = filled(&world, asks);
            let command = Command { action, by: doer(&it.doer), form, entry: id(9001) };
            let before = serde_json::to_value(&case).unwrap();
            let clock = tick(&world, &case, id(9002)).map(|(_, decision)| decision.state);
            let after = clock.or_else(|| decide(&world, &case, &command).ok().map(|it| it.state));
            let Some(mut after) = after else { continue };
            // Children and approvals are the caller's to open; here they end at once.
            after.children.clear();
            after.pending = None;
            one_owner_one_clock(&world, &after);
            let promise = |case: &CaseState| case.promise.as_ref().map(|it| it.since);
            prop_assert!(promise(&after) >= promise(&case));
            case = after;
            if let Some(change) = model::trees::diff(&before, &serde_json::to_value(&case).unwrap()) {
                model::trees::patch(&mut replayed, &change);
            }
        }
        let replayed: CaseState = serde_json::from_value(replayed).unwrap();
        prop_assert_eq!(replayed, case);
    }
}
