//! Accounts and residents, sessions, and the secrets that never enter the journal.

use crate::promise;
use crate::world::*;
use model::journal::Event;
use model::{AccountId, DisplayId, PersonId};
use store::access::displays::{self, Display};
use store::access::secrets::{self, Tried};
use store::access::sessions::{self, Session};
use store::access::{self, Account, Resident};
use uuid::Uuid;

fn session(account: Option<AccountId>, person: PersonId) -> Session {
    Session { account, person, created_at: at(0), seen_at: at(0), expires_at: at(30) }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_found_by_name_also_after_it_was_closed() {
    promise(|tx| {
        Box::pin(async move {
            let opened = Event::AccountOpened { account: ACCOUNT, person: LIN, name: "lin".into() };
            record_all(tx, vec![draft(0, opened)]).await?;
            let open = Account { id: ACCOUNT, name: "lin".into(), person: LIN, closed: false };
            assert_eq!(access::account_by_name(tx, "lin").await?, Some(open.clone()));
            record_all(tx, vec![draft(1, Event::AccountClosed { account: ACCOUNT })]).await?;
            let closed = Account { closed: true, ..open };
            assert_eq!(access::account(tx, ACCOUNT).await?, Some(closed.clone()));
            assert_eq!(access::accounts(tx).await?, access::accounts_of(tx, LIN).await?);
            assert_eq!(access::accounts(tx).await?, [closed]);
            assert_eq!(access::account_by_name(tx, "Lin").await?, None);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_an_account_ends_its_sessions_and_no_others() {
    promise(|tx| {
        Box::pin(async move {
            let opened = Event::AccountOpened { account: ACCOUNT, person: LIN, name: "lin".into() };
            record_all(tx, vec![draft(0, opened)]).await?;
            let resident = session(None, RESIDENT);
            sessions::open(tx, &[1; 32], &session(Some(ACCOUNT), LIN)).await?;
            sessions::open(tx, &[2; 32], &resident).await?;
            record_all(tx, vec![draft(1, Event::AccountClosed { account: ACCOUNT })]).await?;
            assert_eq!(sessions::get(tx, &[1; 32], at(1)).await?, None);
            assert_eq!(sessions::get(tx, &[2; 32], at(1)).await?, Some(resident));
            Ok(())
        })
    })
    .await;
}

fn wall(account: AccountId) -> Display {
    let id = DisplayId(account.0);
    let (name, place, post, person) = ("大厅".to_owned(), COUNTY, DESK, LIN);
    let [opened_at, seen_at, expires_at, until] = [0, 0, 15, 90].map(at);
    let entered = false;
    Display {
        id,
        entered,
        name,
        place,
        post,
        account,
        person,
        opened_at,
        seen_at,
        expires_at,
        until,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_makes_one_wall_a_display_in_its_time_and_no_other() {
    promise(|tx| {
        Box::pin(async move {
            displays::open(tx, &[1; 32], &wall(ACCOUNT)).await?;
            assert_eq!(displays::get(tx, &[1; 32], at(1)).await?, None, "a code is no token");
            assert_eq!(displays::enter(tx, (&[1; 32], &[2; 32]), at(15)).await?, None);
            let entered = displays::enter(tx, (&[1; 32], &[2; 32]), at(14)).await?.unwrap();
            assert_eq!((entered.expires_at, entered.seen_at), (at(90), at(14)));
            assert_eq!(displays::enter(tx, (&[1; 32], &[3; 32]), at(14)).await?, None);
            assert_eq!(displays::enter(tx, (&[2; 32], &[3; 32]), at(14)).await?, None);
            displays::renew(tx, entered.id, at(95)).await?;
            assert!(displays::get(tx, &[2; 32], at(94)).await?.is_some());
            assert_eq!(displays::get(tx, &[2; 32], at(95)).await?, None);
            assert_eq!(displays::sweep(tx, at(94)).await?, 0);
            assert_eq!(displays::sweep(tx, at(95)).await?, 1);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_an_account_ends_the_displays_it_opened() {
    promise(|tx| {
        Box::pin(async move {
            let opened = Event::AccountOpened { account: ACCOUNT, person: LIN, name: "lin".into() };
            record_all(tx, vec![draft(0, opened)]).await?;
            let other = wall(AccountId(uuid::Uuid::from_u128(7)));
            displays::open(tx, &[1; 32], &wall(ACCOUNT)).await?;
            displays::open(tx, &[2; 32], &other).await?;
            record_all(tx, vec![draft(1, Event::AccountClosed { account: ACCOUNT })]).await?;
            assert_eq!(displays::all(tx, at(1)).await?, [other]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_belongs_to_whoever_registered_it_last() {
    promise(|tx| {
        Box::pin(async move {
            let registered = |n, person, key: &str| {
                draft(n, Event::ResidentRegistered { person, key: key.into() })
            };
            record_all(tx, vec![registered(0, LIN, "a"), registered(1, CHEN, "a")]).await?;
            let chen = |n| Some(Resident { person: CHEN, verified_at: at(n) });
            assert_eq!(access::resident_by_key(tx, "a").await?, chen(1));
            assert_eq!(access::resident(tx, LIN).await?, None);
            record_all(tx, vec![registered(2, CHEN, "b")]).await?;
            assert_eq!(access::resident_by_key(tx, "a").await?, None, "one number a person");
            record_all(tx, vec![draft(3, Event::ResidentVerified { person: CHEN })]).await?;
            assert_eq!(access::resident_by_key(tx, "b").await?, chen(3));
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_itself_unless_it_is_used() {
    promise(|tx| {
        Box::pin(async move {
            sessions::open(tx, &[1; 32], &session(Some(ACCOUNT), LIN)).await?;
            assert!(sessions::get(tx, &[1; 32], at(29)).await?.is_some());
            assert_eq!(sessions::get(tx, &[1; 32], at(30)).await?, None);
            sessions::seen(tx, &[1; 32], at(29), at(59)).await?;
            let longer = sessions::get(tx, &[1; 32], at(30)).await?.unwrap();
            assert_eq!((longer.seen_at, longer.expires_at), (at(29), at(59)));
            assert_eq!(sessions::sweep(tx, at(58)).await?, 0);
            assert_eq!(sessions::sweep(tx, at(59)).await?, 1);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_all_sessions_but_the_present_one() {
    promise(|tx| {
        Box::pin(async move {
            for token in 1..=3 {
                sessions::open(tx, &[token; 32], &session(Some(ACCOUNT), LIN)).await?;
            }
            assert_eq!(sessions::close_others(tx, ACCOUNT, &[2; 32]).await?, 2);
            assert!(sessions::get(tx, &[2; 32], at(1)).await?.is_some());
            sessions::close(tx, &[2; 32]).await?;
            assert_eq!(sessions::get(tx, &[2; 32], at(1)).await?, None);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_leaves_the_second_factor_as_it_was() {
    promise(|tx| {
        Box::pin(async move {
            assert_eq!(secrets::credential(tx, ACCOUNT).await?, None);
            secrets::set_password(tx, ACCOUNT, "hash 1", true, at(0)).await?;
            secrets::set_totp(tx, ACCOUNT, Some("secret"), at(1)).await?;
            secrets::set_password(tx, ACCOUNT, "hash 2", false, at(2)).await?;
            let credential = secrets::credential(tx, ACCOUNT).await?.unwrap();
            assert_eq!((credential.password.as_str(), credential.must_change), ("hash 2", false));
            assert_eq!(
                (credential.totp.as_deref(), credential.changed_at),
                (Some("secret"), at(2))
            );
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_of_the_second_factor_works_once_and_no_earlier_one_after_it() {
    promise(|tx| {
        Box::pin(async move {
            secrets::set_password(tx, ACCOUNT, "hash", false, at(0)).await?;
            secrets::set_totp(tx, ACCOUNT, Some("secret"), at(0)).await?;
            for (step, works) in [(7, true), (7, false), (6, false), (8, true)] {
                assert_eq!(secrets::use_totp(tx, ACCOUNT, step).await?, works, "{step}");
            }
            let stranger = AccountId(Uuid::from_u128(1));
            assert!(!secrets::use_totp(tx, stranger, 9).await?);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_add_up_within_their_window_and_start_again_after_it() {
    promise(|tx| {
        Box::pin(async move {
            // The window is ten minutes long.
            for (minute, count) in [(20, 1), (25, 2), (29, 3), (30, 1), (31, 2)] {
                assert_eq!(secrets::fail(tx, "lin", at(minute), at(minute - 10)).await?, count);
            }
            assert_eq!(secrets::failures(tx, "lin", at(29)).await?, 2);
            assert_eq!(secrets::failures(tx, "lin", at(30)).await?, 0, "the window is over");
            assert_eq!(secrets::failures(tx, "chen", at(0)).await?, 0);
            secrets::forgive(tx, "lin").await?;
            assert_eq!(secrets::failures(tx, "lin", at(0)).await?, 0);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_once_in_its_time_within_the_tries_allowed() {
    promise(|tx| {
        Box::pin(async move {
            let tried = secrets::try_code;
            assert_eq!(tried(tx, "phone", b"right", at(1), 2).await?, Tried::Gone);
            secrets::send_code(tx, "phone", b"right", at(5)).await?;
            assert_eq!(tried(tx, "phone", b"wrong", at(1), 2).await?, Tried::Wrong { left: 1 });
            assert_eq!(tried(tx, "phone", b"right", at(2), 2).await?, Tried::Right);
            assert_eq!(tried(tx, "phone", b"right", at(2), 2).await?, Tried::Gone, "used up");
            secrets::send_code(tx, "phone", b"right", at(5)).await?;
            assert_eq!(tried(tx, "phone", b"right", at(5), 2).await?, Tried::Gone, "too late");
            assert_eq!(tried(tx, "phone", b"wrong", at(3), 2).await?, Tried::Wrong { left: 1 });
            assert_eq!(tried(tx, "phone", b"wrong", at(3), 2).await?, Tried::Wrong { left: 0 });
            assert_eq!(tried(tx, "phone", b"right", at(3), 2).await?, Tried::Gone, "spent");
            secrets::send_code(tx, "phone", b"next", at(9)).await?;
            assert_eq!(tried(tx, "phone", b"next", at(6), 2).await?, Tried::Right);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_code_opens_its_case() {
    promise(|tx| {
        Box::pin(async move {
            secrets::keep_claim(tx, b"hash", CASE).await?;
            assert_eq!(secrets::claimed(tx, b"hash").await?, Some(CASE));
            assert_eq!(secrets::claimed(tx, b"other").await?, None);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_case_number_of_a_day_is_given_twice() {
    promise(|tx| {
        Box::pin(async move {
            let (today, tomorrow) = (day("2026-09-01"), day("2026-09-02"));
            assert_eq!(secrets::reserve_numbers(tx, today, 100).await?, 1);
            assert_eq!(secrets::reserve_numbers(tx, today, 1).await?, 101);
            assert_eq!(secrets::reserve_numbers(tx, today, 10).await?, 102);
            assert_eq!(secrets::reserve_numbers(tx, tomorrow, 5).await?, 1);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sweeping_forgets_only_what_is_over() {
    promise(|tx| {
        Box::pin(async move {
            for (key, minute) in [("old", 10), ("new", 20)] {
                secrets::send_code(tx, key, b"code", at(minute)).await?;
                secrets::fail(tx, key, at(minute), at(0)).await?;
            }
            assert_eq!(secrets::sweep(tx, at(10), at(10)).await?, 2);
            assert_eq!(secrets::failures(tx, "new", at(0)).await?, 1);
            assert_eq!(secrets::try_code(tx, "new", b"code", at(11), 5).await?, Tried::Right);
            Ok(())
        })
    })
    .await;
}
