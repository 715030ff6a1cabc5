//! Promises about changing one's number: the account and its cases stay, the old number leads nowhere.

use crate::access::{Outbox, address, enter, request_to, resident, ticket, who};
use crate::filled::seal;
use crate::journal::{clean, erase, verified};
use crate::testkit::*;
use app::Result;
use app::access::{ChangePhone, CodeUse, LoggedIn, show_me};
use model::PersonId;
use model::access::Actor;

const OLD: &str = "13900001111";
const NEW: &str = "13700002222";
const TO: &str = "用于更换手机号,";

async fn change(kit: &Kit, session: &LoggedIn, (phone, code): (&str, &str)) -> Result<()> {
    let (phone, code) = (phone.to_owned(), code.to_owned());
    let ticket = ticket(session, None);
    kit.county.change_phone(ChangePhone { ticket, phone, code, address: address(3) }).await
}

/// Asks for a code for the new number and changes to it.
async fn changed(kit: &Kit, outbox: &Outbox, session: &LoggedIn) -> Result<()> {
    kit.clock.forward(jiff::SignedDuration::from_secs(61));
    request_to(kit, outbox, (NEW, CodeUse::NewPhone)).await?;
    change(kit, session, (NEW, &outbox.code(TO))).await
}

async fn phone_of(kit: &Kit, actor: Actor) -> Option<String> {
    see!(kit, actor, |tx, work| show_me(tx, &work)).unwrap().phone
}

fn person(actor: &Actor) -> PersonId {
    actor.person().unwrap()
}

#[tokio::test]
async fn the_new_number_leads_to_the_same_account_and_the_old_one_to_another() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        let elsewhere = resident(&kit, &outbox, OLD).await;
        let session = resident(&kit, &outbox, OLD).await;
        let actor = who(&kit, &session).await.unwrap();
        changed(&kit, &outbox, &session).await.unwrap();
        assert_eq!(who(&kit, &session).await.unwrap(), actor, "this session stays");
        assert_eq!(code(who(&kit, &elsewhere).await), "unauthenticated", "others end");
        assert_eq!(phone_of(&kit, actor.clone()).await.as_deref(), Some("137****2222"));

        let again = resident(&kit, &outbox, NEW).await;
        assert_eq!(who(&kit, &again).await.unwrap(), actor);
        let other = resident(&kit, &outbox, OLD).await;
        assert_ne!(who(&kit, &other).await.unwrap(), actor);
        assert_eq!(phone_of(&kit, who(&kit, &other).await.unwrap()).await.unwrap(), "139****1111");
        seal(&kit).await;
        clean(&verified(&kit).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_code_is_good_for_what_it_was_asked_for_and_nothing_else() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        let session = resident(&kit, &outbox, OLD).await;
        kit.clock.forward(jiff::SignedDuration::from_secs(61));
        request_to(&kit, &outbox, (NEW, CodeUse::NewPhone)).await.unwrap();
        let to_change = outbox.code(TO);
        assert_eq!(code(enter(&kit, NEW, &to_change).await), "wrong_code", "it logs nobody in");
        assert_eq!(code(request_to(&kit, &outbox, (NEW, CodeUse::LogIn)).await), "too_many");
        kit.clock.forward(jiff::SignedDuration::from_secs(61));
        request_to(&kit, &outbox, (NEW, CodeUse::LogIn)).await.unwrap();
        let to_log_in = outbox.last();
        assert_eq!(code(change(&kit, &session, (NEW, &to_log_in)).await), "wrong_code");
        change(&kit, &session, (NEW, &to_change)).await.unwrap();
        let used = change(&kit, &session, ("13700003333", &to_change)).await;
        assert_eq!(code(used), "wrong_code", "nor for another number");
    })
    .await;
}

#[tokio::test]
async fn five_wrong_codes_spend_the_right_one() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        let session = resident(&kit, &outbox, OLD).await;
        kit.clock.forward(jiff::SignedDuration::from_secs(61));
        request_to(&kit, &outbox, (NEW, CodeUse::NewPhone)).await.unwrap();
        let sent = outbox.code(TO);
        let wrong = if sent == "123456" { "654321" } else { "123456" };
        for _ in 0..5 {
            assert_eq!(code(change(&kit, &session, (NEW, wrong)).await), "wrong_code");
        }
        assert_eq!(code(change(&kit, &session, (NEW, &sent)).await), "wrong_code");
    })
    .await;
}

#[tokio::test]
async fn a_number_of_somebody_else_is_refused_once_it_is_proven_and_ones_own_at_once() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        let other = resident(&kit, &outbox, NEW).await;
        let session = resident(&kit, &outbox, OLD).await;
        assert_eq!(code(change(&kit, &session, (OLD, "123456")).await), "same");
        assert_eq!(code(change(&kit, &session, ("12", "123456")).await), "wrong_form");
        let unproven = change(&kit, &session, (NEW, "123456")).await;
        assert_eq!(code(unproven), "wrong_code", "whether it is taken is told to who has it only");
        assert_eq!(code(changed(&kit, &outbox, &session).await), "phone_taken");
        let actor = who(&kit, &other).await.unwrap();
        let again = resident(&kit, &outbox, NEW).await;
        assert_eq!(who(&kit, &again).await.unwrap(), actor, "it still is");
        let own = resident(&kit, &outbox, OLD).await;
        assert_eq!(who(&kit, &own).await.unwrap(), who(&kit, &session).await.unwrap());
    })
    .await;
}

/// All telephones that are kept.
async fn phones(kit: &Kit) -> Vec<String> {
    let read = kit.county.db().read(|tx| Box::pin(store::testing::kept(tx, "phone")));
    read.await.unwrap()
}

#[tokio::test]
async fn erasing_finds_both_numbers_and_one_given_anew() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        let session = resident(&kit, &outbox, OLD).await;
        let actor = who(&kit, &session).await.unwrap();
        changed(&kit, &outbox, &session).await.unwrap();
        assert_eq!(phones(&kit).await, [NEW, OLD]);
        let held = kit.county.look(actor.clone(), |tx, mut work| {
            Box::pin(async move { app::journal::my_data(tx, &mut work).await })
        });
        assert!(held.await.unwrap().values.contains("phone"));
        assert_eq!(erase(&kit, actor.clone(), person(&actor)).await.unwrap().values, 2);
        assert_eq!(phones(&kit).await, Vec::<String>::new());

        let back = resident(&kit, &outbox, NEW).await;
        assert_eq!(who(&kit, &back).await.unwrap(), actor);
        assert_eq!(phone_of(&kit, actor.clone()).await.as_deref(), Some("137****2222"));
        assert_eq!(erase(&kit, actor.clone(), person(&actor)).await.unwrap().values, 1);
        assert_eq!(phones(&kit).await, Vec::<String>::new());
        clean(&verified(&kit).await.unwrap());
    })
    .await;
}
