//! Promises about walls that show the screen.

use crate::testkit::*;
use app::access::{
    LoggedIn, OpenDisplay, OpenedDisplay, Ticket, end_display, end_session, list_displays,
    list_sessions, open_display, renew_display,
};
use app::oversight::{ShowScreen, screen};
use app::people::{Dismiss, dismiss};
use app::{Error, Result};
use jiff::SignedDuration;
use model::access::{Actor, Operation};
use std::net::IpAddr;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// All that a wall may ask for.
const LOOKS: [Operation; 7] = [
    Operation::ShowCounty,
    Operation::ShowMe,
    Operation::ShowPlace,
    Operation::ListPlaces,
    Operation::ShowScreen,
    Operation::ReadFeed,
    Operation::ShowCheckpoint,
];

async fn opened(kit: &Kit, seat: Seat) -> Result<OpenedDisplay> {
    let wanted = OpenDisplay { name: "指挥大厅".to_owned(), place: Some(STREET.to_owned()) };
    act!(kit, seat.actor(), open_display, wanted)
}

async fn enter(kit: &Kit, code: &str) -> Result<LoggedIn> {
    kit.county.enter_display(code.to_owned(), IpAddr::from([192, 0, 2, 1])).await
}

async fn who(kit: &Kit, wall: &LoggedIn) -> Result<Actor> {
    let ticket = Ticket { token: wall.token.0.clone(), post: None };
    kit.county.authenticate(ticket, Operation::ShowScreen).await
}

/// The desk, and a wall it has opened.
async fn wall(kit: &Kit) -> (Seat, OpenedDisplay, LoggedIn) {
    let desk = kit.seat("desk", COUNTY, "林值班").await;
    let display = opened(kit, desk).await.unwrap();
    let wall = enter(kit, &display.code).await.unwrap();
    (desk, display, wall)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_looks_at_the_screen_of_its_place_and_at_nothing_else() {
    for_each_county(async |kit| {
        let (desk, _, wall) = wall(&kit).await;
        let actor = who(&kit, &wall).await.unwrap();
        assert_eq!((actor.post(), actor.person()), (Some(desk.post), None));
        let shown =
            see!(kit, actor.clone(), |tx, work| screen(tx, &mut { work }, &ShowScreen::default()));
        assert_eq!(shown.unwrap().place.code, STREET);
        let admitted = see!(kit, actor, |_tx, work| async {
            let admitted = Operation::ALL.iter().filter(|it| work.may(**it).is_ok());
            Ok::<_, Error>(admitted.copied().collect::<Vec<_>>())
        });
        let open_to_all = |it: &Operation| {
            matches!(
                it,
                Operation::LogIn
                    | Operation::LogOut
                    | Operation::RequestCode
                    | Operation::LogInResident
                    | Operation::EnterDisplay
                    | Operation::ShowTile
            )
        };
        let admitted = admitted.unwrap().into_iter().filter(|it| !open_to_all(it));
        assert_eq!(admitted.collect::<Vec<_>>(), LOOKS);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_for_a_quarter_of_an_hour_however_it_is_spelt() {
    for_each_county(async |kit| {
        let desk = kit.seat("desk", COUNTY, "林值班").await;
        let late = opened(&kit, desk).await.unwrap().code;
        kit.clock.forward(SignedDuration::from_mins(15));
        assert_eq!(code(enter(&kit, &late).await), "wrong_display_code");
        let display = opened(&kit, desk).await.unwrap();
        let (head, tail) = display.code.split_at(5);
        let spelt = format!(" {head}-{tail} ").to_lowercase();
        enter(&kit, &spelt).await.unwrap();
        assert_eq!(code(enter(&kit, &display.code).await), "wrong_display_code");
        let as_token = LoggedIn {
            token: app::access::Token(display.code.clone()),
            expires_at: kit.county.now(),
            must: Vec::new(),
        };
        assert_eq!(code(who(&kit, &as_token).await), "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_codes_are_slowed_down() {
    for_each_county(async |kit| {
        let mut said = Vec::new();
        for _ in 0..25 {
            said.push(code(enter(&kit, "22222-22222").await));
        }
        assert_eq!(said.first(), Some(&"wrong_display_code"));
        assert_eq!(said.last(), Some(&"too_many"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_stays_for_ninety_days_and_as_long_again_when_renewed() {
    for_each_county(async |kit| {
        let (desk, display, wall) = wall(&kit).await;
        for _ in 0..89 {
            kit.clock.forward(DAY);
            who(&kit, &wall).await.unwrap();
        }
        let listed = see!(kit, desk.actor(), |tx, work| list_displays(tx, &work)).unwrap();
        assert_eq!((listed[0].seen_at, listed[0].entered), (kit.county.now(), true));
        let renewed = act!(kit, desk.actor(), renew_display, display.id).unwrap();
        assert_eq!(renewed.until, kit.county.now() + DAY * 90);
        kit.clock.forward(DAY * 89);
        who(&kit, &wall).await.unwrap();
        kit.clock.forward(DAY);
        assert_eq!(code(who(&kit, &wall).await), "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_is_ended_by_its_post_and_by_the_security_administrator() {
    for_each_county(async |kit| {
        let (desk, display, first) = wall(&kit).await;
        let other = kit.seat("dispatcher", COUNTY, "陈派单").await;
        let foreign = act!(kit, other.actor(), end_display, display.id);
        assert_eq!(code(foreign), "not_found");
        act!(kit, desk.actor(), end_display, display.id).unwrap();
        assert_eq!(code(who(&kit, &first).await), "unauthenticated");

        let again = opened(&kit, desk).await.unwrap();
        let second = enter(&kit, &again.code).await.unwrap();
        let security = kit.seat("security_admin", COUNTY, "安安全").await;
        let listed = see!(kit, security.actor(), |tx, work| list_sessions(tx, &work)).unwrap();
        assert_eq!(listed[0].display.as_deref(), Some("指挥大厅"));
        act!(kit, security.actor(), end_session, listed[0].id).unwrap();
        assert_eq!(code(who(&kit, &second).await), "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_ends_with_the_post_of_whoever_opened_it() {
    for_each_county(async |kit| {
        let (desk, _, wall) = wall(&kit).await;
        kit.appoint(desk.post, kit.person("陈值班", None).await, 1).await;
        let until = "2026-03-03".parse().unwrap();
        let gone = Dismiss { post: desk.post, person: desk.person, until };
        act!(kit, init(), dismiss, gone).unwrap();
        who(&kit, &wall).await.unwrap();
        kit.clock.forward(DAY);
        assert_eq!(code(who(&kit, &wall).await), "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_twenty_walls_at_most_and_a_wall_has_a_name() {
    for_each_county(async |kit| {
        let desk = kit.seat("desk", COUNTY, "林值班").await;
        for name in ["", "  ", &"长".repeat(41), "a\nb"] {
            let wanted = OpenDisplay { name: name.to_owned(), place: None };
            assert_eq!(code(act!(kit, desk.actor(), open_display, wanted)), "wrong_form");
        }
        for _ in 0..20 {
            opened(&kit, desk).await.unwrap();
        }
        assert_eq!(code(opened(&kit, desk).await), "displays_full");
    })
    .await;
}
