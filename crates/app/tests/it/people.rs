//! Promises about posts, their holders and the duty desk.

use crate::testkit::*;
use app::people::{self, Dismiss, NewPost, NewVisit, PostQuery, SetAbsence, VisitQuery};
use app::territory;
use model::access::Actor;
use model::{Network, PersonId, PostId};
use std::sync::Arc;

fn dismissal(post: PostId, person: PersonId) -> Dismiss {
    Dismiss { post, person, until: "2026-03-02".parse().unwrap() }
}

#[tokio::test]
async fn a_vacant_post_is_answered_for_up_the_tree() {
    for_each_county(|kit| async move {
        let desk = kit.seat("desk", COUNTY, "王值班").await;
        let worker = kit.seat("grid_worker", COMMUNITY, "苏网格").await;
        let vacant = kit.post("grid_worker", GRID).await;
        let leader = kit.post("grid_leader", GRID).await;
        let query = PostQuery { place: Some(GRID.to_owned()), ..PostQuery::default() };
        let posts = act!(kit, desk.actor(), people::list_posts, query).unwrap();
        let answers: Vec<_> = posts.iter().map(|it| (it.post, it.vacant, it.answered_by)).collect();
        assert_eq!(
            answers,
            [(leader, true, Some(desk.post)), (vacant, true, Some(worker.post))],
            "the same role above, else the duty desk"
        );
    })
    .await;
}

#[tokio::test]
async fn the_deputy_answers_while_the_principal_is_away() {
    for_each_county(|kit| async move {
        let principal = kit.seat("grid_worker", GRID, "苏网格").await;
        let deputy = kit.person("邱网格", None).await;
        kit.appoint(principal.post, deputy, 1).await;
        let absence = SetAbsence {
            person: principal.person,
            from: "2026-03-02".parse().unwrap(),
            until: "2026-03-05".parse().unwrap(),
        };
        act!(kit, principal.actor(), people::set_absence, absence.clone()).unwrap();
        let network = network(&kit).await;
        let on = |day: &str| network.person(principal.post, day.parse().unwrap());
        assert_eq!(on("2026-03-04"), Some(deputy));
        assert_eq!(on("2026-03-05"), Some(principal.person));
        let colleague = kit.seat("grid_worker", OTHER_GRID, "别人").await;
        let refused = act!(kit, colleague.actor(), people::set_absence, absence);
        assert_eq!(code(refused), "forbidden", "nobody sends another away");
    })
    .await;
}

/// The network as it stands.
async fn network(kit: &Kit) -> Arc<Network> {
    let network =
        kit.county.look(init(), |_, work| Box::pin(async move { Ok(work.shelf.network.clone()) }));
    network.await.unwrap()
}

#[tokio::test]
async fn the_last_holder_of_the_duty_desk_is_neither_dismissed_nor_away_nor_loses_the_post() {
    for_each_county(|kit| async move {
        let desk = kit.seat("desk", COUNTY, "王值班").await;
        let only = dismissal(desk.post, desk.person);
        let refused = act!(kit, init(), people::dismiss, only.clone());
        assert_eq!(code(refused), "last_desk_holder");
        let absence = SetAbsence {
            person: desk.person,
            from: "2026-03-03".parse().unwrap(),
            until: "2026-03-04".parse().unwrap(),
        };
        let refused = act!(kit, init(), people::set_absence, absence);
        assert_eq!(code(refused), "last_desk_holder");
        let end = people::EndPost { post: desk.post, until: "2026-05-01".parse().unwrap() };
        let refused = act!(kit, init(), people::end_post, end);
        assert_eq!(code(refused), "last_desk_holder");
        let second = kit.person("李值班", None).await;
        kit.appoint(desk.post, second, 1).await;
        act!(kit, init(), people::dismiss, only).unwrap();
        let last = dismissal(desk.post, second);
        assert_eq!(code(act!(kit, init(), people::dismiss, last)), "last_desk_holder");
    })
    .await;
}

#[tokio::test]
async fn the_three_administrators_are_three_persons_each_appointed_by_another() {
    for_each_county(|kit| async move {
        let system = kit.seat("system_admin", COUNTY, "宋系统").await;
        let security = kit.seat("security_admin", COUNTY, "安安全").await;
        let audit = kit.post("audit_admin", COUNTY).await;
        let appoint = people::appoint;
        let two = appointment(audit, security.person, 0);
        assert_eq!(code(act!(kit, system.actor(), appoint, two)), "exclusive");
        let oneself = appointment(audit, security.person, 0);
        assert_eq!(code(act!(kit, security.actor(), appoint, oneself)), "by_another");
        let deputy = kit.person("沈审计", None).await;
        let own_role = appointment(security.post, deputy, 1);
        assert_eq!(code(act!(kit, security.actor(), appoint, own_role)), "by_another");
        let at_once = vec![appointment(audit, deputy, 1), appointment(security.post, deputy, 1)];
        assert_eq!(code(act!(kit, init(), people::appoint_all, at_once)), "exclusive");
        let sound = appointment(audit, deputy, 0);
        act!(kit, security.actor(), appoint, sound).unwrap();
        let worker = kit.post("grid_worker", GRID).await;
        let not_hers = appointment(worker, deputy, 0);
        assert_eq!(code(act!(kit, security.actor(), appoint, not_hers)), "forbidden");
        let oneself = dismissal(security.post, security.person);
        assert_eq!(code(act!(kit, security.actor(), people::dismiss, oneself)), "by_another");
    })
    .await;
}

#[tokio::test]
async fn a_post_has_one_principal_and_nobody_twice() {
    for_each_county(|kit| async move {
        let seat = kit.seat("grid_worker", GRID, "苏网格").await;
        let other = kit.person("邱网格", None).await;
        let second = appointment(seat.post, other, 0);
        assert_eq!(code(act!(kit, init(), people::appoint, second)), "has_principal");
        let twice = appointment(seat.post, seat.person, 1);
        assert_eq!(code(act!(kit, init(), people::appoint, twice)), "holds_already");
        let unknown = appointment(seat.post, uuid::Uuid::from_u128(1).into(), 1);
        assert_eq!(code(act!(kit, init(), people::appoint, unknown)), "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_post_fits_its_role() {
    for_each_county(|kit| async move {
        let wrong = |role: &str, place: Option<&str>| {
            vec![NewPost {
                role: role.to_owned(),
                place: place.map(str::to_owned),
                ..NewPost::default()
            }]
        };
        for (posts, expected) in [
            (wrong("astronaut", Some(GRID)), "unknown"),
            (wrong("grid_leader", None), "missing"),
            (wrong("grid_leader", Some(STREET)), "wrong_level"),
            (wrong("clerk", Some(COUNTY)), "missing"),
            (wrong("grid_leader", Some("nowhere")), "not_found"),
        ] {
            assert_eq!(code(act!(kit, init(), people::create_posts, posts)), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn service_people_are_shown_masked_and_a_call_is_offered_to_who_logged_in() {
    for_each_county(|kit| async move {
        let doctor = kit.seat("family_doctor", COMMUNITY, "林医生").await;
        let micro_grid = MICRO_GRID.to_owned();
        let public =
            act!(kit, Actor::Visitor, territory::service_people, micro_grid.clone()).unwrap();
        let shown = public.iter().find(|it| it.role == "family_doctor").unwrap();
        assert_eq!(shown.name.as_deref(), Some("林**"));
        assert_eq!(shown.phone.as_deref(), Some("138****1234"));
        assert_eq!((shown.post, shown.call), (Some(doctor.post), None));
        assert!(!serde_json::to_string(&public).unwrap().contains("13812341234"));
        let vacant = public.iter().find(|it| it.role == "police_officer").unwrap();
        assert_eq!((vacant.post, &vacant.name), (None, &None));
        let resident = Actor::Resident { person: doctor.person };
        let known = act!(kit, resident, territory::service_people, micro_grid).unwrap();
        let shown = known.iter().find(|it| it.role == "family_doctor").unwrap();
        assert_eq!(shown.call, Some(doctor.post));
    })
    .await;
}

#[tokio::test]
async fn the_census_counts_filled_and_vacant_posts_by_the_way_of_selection() {
    for_each_county(|kit| async move {
        kit.seat("micro_grid_leader", MICRO_GRID, "骨干").await;
        kit.post("grid_leader", GRID).await;
        let census = act!(kit, Actor::Visitor, territory::census, COUNTY.to_owned()).unwrap();
        let of = |role: &str| census.roles.iter().find(|it| it.role == role).unwrap();
        let leaders = of("micro_grid_leader");
        assert_eq!((leaders.posts, leaders.filled, leaders.covered), (1, 1, 1));
        assert_eq!(leaders.by_selection["recommended"], 1);
        let vacant = of("grid_leader");
        assert_eq!((vacant.posts, vacant.filled, vacant.vacant), (1, 0, 1));
    })
    .await;
}

#[tokio::test]
async fn visits_are_counted_for_every_place_above_and_recorded_in_ones_own_only() {
    for_each_county(|kit| async move {
        let worker = kit.seat("grid_worker", GRID, "苏网格").await.actor();
        let visit = |place: &str, people| NewVisit {
            place: place.to_owned(),
            kind: "home".to_owned(),
            day: None,
            people,
        };
        act!(kit, worker.clone(), people::record_visit, visit(MICRO_GRID, 2)).unwrap();
        act!(kit, worker.clone(), people::record_visit, visit(GRID, 3)).unwrap();
        let other = act!(kit, worker.clone(), people::record_visit, visit(OTHER_GRID, 1));
        assert_eq!(code(other), "other_place");
        let query = VisitQuery {
            place: STREET.to_owned(),
            from: "2026-03-01".parse().unwrap(),
            until: "2026-04-01".parse().unwrap(),
        };
        let counts = act!(kit, worker, people::count_visits, query).unwrap();
        assert_eq!((counts.len(), counts[0].visits, counts[0].people), (1, 2, 5));
    })
    .await;
}

#[tokio::test]
async fn a_dissolved_unit_hands_its_duties_on_and_its_posts_end() {
    for_each_county(|kit| async move {
        kit.org("housing", "住建局").await;
        kit.org("urban_management", "城管局").await;
        let clerk = NewPost {
            role: "clerk".to_owned(),
            org: Some("housing".to_owned()),
            ..NewPost::default()
        };
        act!(kit, init(), people::create_posts, vec![clerk]).unwrap();
        let dissolve = |successor: &str| people::DissolveOrg {
            org: "housing".to_owned(),
            until: "2026-03-10".parse().unwrap(),
            successor: successor.to_owned(),
        };
        let itself = act!(kit, init(), people::dissolve_org, dissolve("housing"));
        assert_eq!(code(itself), "not_dissolvable");
        act!(kit, init(), people::dissolve_org, dissolve("urban_management")).unwrap();
        let network = network(&kit).await;
        let housing = network.org_by_code("housing").unwrap().id;
        let living = network.living_org(housing, "2026-03-10".parse().unwrap()).unwrap();
        assert_eq!(living.code, "urban_management");
        assert!(network.posts().all(|post| post.until.is_some()));
    })
    .await;
}

#[tokio::test]
async fn somebody_who_moves_hands_over_in_one_act_even_the_last_desk() {
    for_each_county(|kit| async move {
        let system = kit.seat("system_admin", COUNTY, "宋系统").await;
        let desk = kit.seat("desk", COUNTY, "王值班").await;
        let worker = kit.post("grid_worker", GRID).await;
        kit.appoint(worker, desk.person, 1).await;
        let (li, qiu) = (kit.person("李接班", None).await, kit.person("邱接班", None).await);
        let to = |moves: &[(PostId, PersonId)]| people::HandOver {
            person: desk.person,
            on: "2026-03-04".parse().unwrap(),
            moves: moves.iter().map(|(post, to)| people::Move { post: *post, to: *to }).collect(),
        };
        let hand_over = people::hand_over;
        for (code_wanted, moves) in [
            ("required", &[][..]),
            ("twice", &[(worker, li), (worker, qiu)]),
            ("same_person", &[(worker, desk.person)]),
        ] {
            let refused = act!(kit, system.actor(), hand_over, to(moves));
            assert_eq!(code(refused), code_wanted);
        }
        let foreign = act!(kit, desk.actor(), hand_over, to(&[(worker, li)]));
        assert_eq!(code(foreign), "forbidden");
        let half = [(desk.post, li), (system.post, qiu)];
        let refused = act!(kit, system.actor(), hand_over, to(&half));
        assert_eq!(code(refused), "by_another", "all or none");
        let untouched = network(&kit).await;
        assert!(untouched.holdings_of(li, "2026-03-02".parse().unwrap()).is_empty());
        let done = act!(kit, system.actor(), hand_over, to(&[(desk.post, li), (worker, qiu)]));
        let titles: Vec<_> = done.unwrap().into_iter().map(|it| it.title).collect();
        assert_eq!(titles, ["近邻县值班", "第一网格网格员"]);
        let network = network(&kit).await;
        let on = |post, day: &str| network.person(post, day.parse().unwrap());
        assert_eq!(on(desk.post, "2026-03-03"), Some(desk.person));
        assert_eq!(on(desk.post, "2026-03-04"), Some(li));
        let ranks: Vec<_> = network.holders(worker, "2026-03-04".parse().unwrap()).collect();
        assert_eq!((ranks[0].person, ranks[0].rank), (qiu, 1), "a deputy's successor is a deputy");
    })
    .await;
}

#[tokio::test]
async fn a_successor_who_will_be_away_does_not_keep_the_desk() {
    for_each_county(|kit| async move {
        let system = kit.seat("system_admin", COUNTY, "宋系统").await;
        let desk = kit.seat("desk", COUNTY, "王值班").await;
        let li = kit.person("李接班", None).await;
        let (from, until) = ("2026-04-01".parse().unwrap(), "2026-04-03".parse().unwrap());
        act!(kit, init(), people::set_absence, SetAbsence { person: li, from, until }).unwrap();
        let moves = vec![people::Move { post: desk.post, to: li }];
        let on = "2026-03-04".parse().unwrap();
        let request = people::HandOver { person: desk.person, on, moves };
        let refused = act!(kit, system.actor(), people::hand_over, request);
        assert_eq!(code(refused), "last_desk_holder");
    })
    .await;
}

#[tokio::test]
async fn persons_are_found_by_name_with_the_posts_they_hold_and_will_hold() {
    for_each_county(|kit| async move {
        let system = kit.seat("system_admin", COUNTY, "宋系统").await;
        let worker = kit.post("grid_worker", GRID).await;
        let lin = kit.person("林岚", Some("13800001234")).await;
        let mut later = appointment(worker, lin, 0);
        later.from = Some("2026-04-01".parse().unwrap());
        act!(kit, init(), people::appoint, later).unwrap();
        let query = people::PersonQuery { words: Some("林".to_owned()), limit: None };
        let found = act!(kit, system.actor(), people::list_people, query.clone()).unwrap();
        let told: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.posts.len())).collect();
        assert_eq!(told, [("林岚", 1)]);
        assert_eq!(found[0].posts[0].from.to_string(), "2026-04-01");
        let seat = Seat { post: worker, person: lin };
        assert_eq!(code(act!(kit, seat.actor(), people::list_people, query)), "forbidden");
    })
    .await;
}
