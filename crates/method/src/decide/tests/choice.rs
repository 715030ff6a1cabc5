//! What is told of a search is what the search does, and it can be told again from what was kept.

use super::super::who;
use super::*;
use model::cases::{Fit, found};
use model::people::Absence;
use proptest::prelude::*;

const POSTS: [u128; 7] = [DESK, SUPERVISOR, LEADER, CLERK, HEAD, WORKER, WATER_CLERK];

/// Every WHO that owns a state, approves or acts in base.
fn everybody() -> Vec<Who> {
    let mut all: Vec<Who> = vec![Who::Asker, Who::Owner];
    for procedure in BASE.procedures.values() {
        all.extend(procedure.states.values().filter_map(|it| it.owner.clone()));
        for action in procedure.actions.values() {
            all.extend(action.by.iter().filter_map(|it| match it {
                By::Who(who) => Some(who.clone()),
                By::Clock => None,
            }));
        }
    }
    all
}

proptest! {
    #[test]
    fn what_is_told_is_what_was_found(
        vacant in prop::sample::subsequence(POSTS.to_vec(), 0..6),
        away in prop::sample::subsequence(POSTS.to_vec(), 0..4),
        about in prop::sample::subsequence([POSTS.to_vec(), vec![ROADS, WATER]].concat(), 0..4),
        owner in prop::sample::select(POSTS.to_vec()),
        unit in prop::sample::select(vec![ROADS, WATER]),
    ) {
        let mut network = town(&vacant);
        for post in away {
            let (from, until) = ("2026-09-01".parse().unwrap(), "2026-10-01".parse().unwrap());
            network.add_absence(Absence { person: id(1000 + post), from, until });
        }
        let world = world(&network, "2026-09-18T09:00");
        let mut case = open(&world, &opening(Some("street_lights"))).unwrap().state;
        case.owner = Some(id(owner));
        case.about = about.into_iter().map(Uuid::from_u128).collect();
        let unit = FieldValue::Text(Uuid::from_u128(unit).to_string());
        case.fields.insert("unit".into(), unit);
        for who in everybody() {
            let looks = super::super::choice::looks(&world, &case, &who);
            prop_assert_eq!(found(&looks), who::resolve(&world, &case, &who), "{} {:#?}", who, looks);
            let fit = |it: &model::cases::Look| it.posts.iter().any(|it| it.fit == Fit::Fit);
            prop_assert!(looks.iter().rev().skip(1).all(|it| !fit(it)), "{:#?}", looks);
        }
    }
}

#[test]
fn a_dispatch_is_told_with_its_line_and_found_again() {
    let network = town(&[]);
    let now = "2026-09-18T09:00";
    let case = open(&world(&network, now), &opening(Some("street_lights"))).unwrap().state;
    let unit = format!(r#"{{"unit":"{}"}}"#, Uuid::from_u128(ROADS));
    let sent = step(&network, &case, now, post(DESK), "dispatch", &unit).unwrap().state;
    let mut kept = choice(&world(&network, now), Some(&case), &sent, "dispatch").unwrap();
    assert_eq!((kept.who.as_str(), kept.found()), ("clerk@unit", Some(id(CLERK))));
    let read = kept.route.clone().unwrap();
    assert_eq!((read.line, read.unit), (Some(0), Some(id(ROADS))));
    assert!(as_ruled(&sent, &read) && found_again(&BASE, &sent, &kept));
    kept.looks[0].posts[0].fit = Fit::Away;
    assert!(!found_again(&BASE, &sent, &kept), "somebody else would have been found");
    assert_eq!(choice(&world(&network, now), Some(&sent), &sent, "remind"), None);
}

#[test]
fn whoever_is_away_and_what_is_vacant_is_told_on_the_way_to_the_desk() {
    let mut network = town(&[HEAD]);
    let (from, until) = ("2026-09-01".parse().unwrap(), "2026-10-01".parse().unwrap());
    network.add_absence(Absence { person: id(1000 + CLERK), from, until });
    let now = "2026-09-18T09:00";
    let world = world(&network, now);
    let case = open(&world, &opening(Some("street_lights"))).unwrap().state;
    let unit = format!(r#"{{"unit":"{}"}}"#, Uuid::from_u128(ROADS));
    let sent = step(&network, &case, now, post(DESK), "dispatch", &unit).unwrap().state;
    let kept = choice(&world, Some(&case), &sent, "dispatch").unwrap();
    let first = kept.looks[0].posts[0];
    assert_eq!((first.post, first.fit), (id(CLERK), Fit::Away));
    assert_eq!(kept.found(), Some(id(DESK)));
    assert!(kept.looks.last().unwrap().resort);
}
