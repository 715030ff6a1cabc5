//! Promises about logging in by WeChat: the number is lent once, each id has one account, and nothing
//! that WeChat tells is kept in the clear but the number.

use crate::access::{Outbox, address, resident, who};
use crate::filled::seal;
use crate::journal::{clean, erase, verified};
use crate::testkit::*;
use app::access::{ByWeChat, LentPhone, LoggedIn, Mobile, NotTold, WeChat, WeChatLogIn};
use app::access::{show_me, unbind_wechat};
use app::{BoxFuture, Error, Result};
use jiff::SignedDuration;
use model::access::Actor;
use std::collections::HashSet;
use std::sync::Mutex;
use store::snapshot::{rows, tables};

const PHONE: &str = "13900001111";
const OTHER_PHONE: &str = "13900002222";
/// WeChat's ids of two people.
const LIN: &str = "oLin-7xK2";
const CHEN: &str = "oChen-9mR4";

/// WeChat: a code is `WHAT/N`, good once, and tells what stands before the stroke.
#[derive(Default)]
struct Fake {
    used: Mutex<HashSet<String>>,
    /// Told instead, once.
    fails: Mutex<Option<NotTold>>,
}

impl Fake {
    fn told(&self, code: &str) -> std::result::Result<String, NotTold> {
        if let Some(not_told) = self.fails.lock().unwrap().take() {
            return Err(not_told);
        }
        let what = code.split_once('/').ok_or(NotTold::Code)?.0.to_owned();
        let first = self.used.lock().unwrap().insert(code.to_owned());
        first.then_some(what).ok_or(NotTold::Code)
    }
}

impl WeChat for Fake {
    fn open_id<'a>(&'a self, code: &'a str) -> BoxFuture<'a, std::result::Result<String, NotTold>> {
        Box::pin(async move { self.told(code) })
    }

    fn phone<'a>(&'a self, code: &'a str) -> BoxFuture<'a, std::result::Result<Mobile, NotTold>> {
        Box::pin(async move {
            let told = self.told(code)?;
            let (country, number) = told.split_once('+').unwrap_or(("86", &told));
            Ok(Mobile { country: country.to_owned(), number: number.to_owned() })
        })
    }
}

async fn log_in(kit: &Kit, fake: &Fake, code: &str) -> Result<ByWeChat> {
    let request = WeChatLogIn { code: code.to_owned(), address: address(5) };
    kit.county.log_in_by_wechat(Some(fake), request).await
}

/// The ticket for somebody whose number is wanted.
async fn needed(kit: &Kit, fake: &Fake, code: &str) -> String {
    match log_in(kit, fake, code).await.unwrap() {
        ByWeChat::PhoneNeeded(ticket) => ticket.0,
        ByWeChat::In(_) => panic!("{code} is known"),
    }
}

async fn known(kit: &Kit, fake: &Fake, code: &str) -> LoggedIn {
    match log_in(kit, fake, code).await.unwrap() {
        ByWeChat::In(session) => session,
        ByWeChat::PhoneNeeded(_) => panic!("{code} is not known"),
    }
}

async fn lend(kit: &Kit, fake: &Fake, (ticket, code): (&str, &str)) -> Result<LoggedIn> {
    let (ticket, code) = (ticket.to_owned(), code.to_owned());
    kit.county.lend_phone(Some(fake), LentPhone { ticket, code, address: address(5) }).await
}

/// Somebody's first log-in.
async fn first(kit: &Kit, fake: &Fake, (open_id, phone, n): (&str, &str, u8)) -> Actor {
    let ticket = needed(kit, fake, &format!("{open_id}/{n}")).await;
    let session = lend(kit, fake, (&ticket, &format!("{phone}/{n}"))).await.unwrap();
    who(kit, &session).await.unwrap()
}

/// Everything in the database as one text.
async fn all(kit: &Kit) -> String {
    let read = kit.county.db().read(|tx| {
        Box::pin(async move {
            let mut text = String::new();
            for table in tables() {
                text += &format!("{:?}", rows(tx, &table, None, 10_000).await?);
            }
            Ok::<_, store::Error>(text)
        })
    });
    read.await.unwrap()
}

#[tokio::test]
async fn the_number_is_lent_once_and_leads_to_the_account_that_a_code_leads_to() {
    for_each_county(|kit| async move {
        let (fake, outbox) = (Fake::default(), Outbox::default());
        let by_code = resident(&kit, &outbox, PHONE).await;
        let actor = who(&kit, &by_code).await.unwrap();
        let ticket = needed(&kit, &fake, &format!("{LIN}/1")).await;
        let session = lend(&kit, &fake, (&ticket, &format!("{PHONE}/1"))).await.unwrap();
        assert_eq!(who(&kit, &session).await.unwrap(), actor, "the account was there");
        let next = known(&kit, &fake, &format!("{LIN}/2")).await;
        assert_eq!(who(&kit, &next).await.unwrap(), actor, "and WeChat alone is enough now");
        let me = see!(&kit, actor.clone(), |tx, work| show_me(tx, &work)).unwrap();
        assert!(me.wechat);

        let other = first(&kit, &fake, (CHEN, OTHER_PHONE, 3)).await;
        assert_ne!(other, actor, "made as a log-in by code makes it");
        let by_code = resident(&kit, &outbox, OTHER_PHONE).await;
        assert_eq!(who(&kit, &by_code).await.unwrap(), other);

        let kept = all(&kit).await;
        for secret in [LIN, CHEN, &ticket, &session.token.0] {
            assert!(!kept.contains(secret), "{secret} is kept");
        }
        assert!(kept.contains("wechat_bound"));
        seal(&kit).await;
        clean(&verified(&kit).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_good_once_for_ten_minutes_and_for_five_tries() {
    for_each_county(|kit| async move {
        let fake = Fake::default();
        assert_eq!(code(lend(&kit, &fake, ("no ticket", "13900001111/1")).await), "wechat_ticket");
        let ticket = needed(&kit, &fake, &format!("{LIN}/1")).await;
        assert_eq!(code(lend(&kit, &fake, (&ticket, "none")).await), "wechat_code");
        lend(&kit, &fake, (&ticket, "13900001111/2")).await.unwrap();
        assert_eq!(code(lend(&kit, &fake, (&ticket, "13900001111/3")).await), "wechat_ticket");
        assert!(fake.told("13900001111/3").is_ok(), "WeChat was not asked");

        let late = needed(&kit, &fake, &format!("{CHEN}/1")).await;
        kit.clock.forward(SignedDuration::from_secs(601));
        assert_eq!(code(lend(&kit, &fake, (&late, "13900001111/4")).await), "wechat_ticket");

        let tried = needed(&kit, &fake, &format!("{CHEN}/2")).await;
        for _ in 0..5 {
            assert_eq!(code(lend(&kit, &fake, (&tried, "none")).await), "wechat_code");
        }
        assert_eq!(code(lend(&kit, &fake, (&tried, "13900001111/5")).await), "wechat_ticket");
        let tomorrow = needed(&kit, &fake, &format!("{CHEN}/3")).await;
        let refused = lend(&kit, &fake, (&tomorrow, "13900001111/6")).await;
        assert_eq!(code(refused), "too_many", "five a day for one id, like codes to a number");
    })
    .await;
}

#[tokio::test]
async fn what_wechat_refuses_is_told_with_what_to_do() {
    for_each_county(|kit| async move {
        let fake = Fake::default();
        let words = "secret words".to_owned();
        for (not_told, expected) in [
            (NotTold::Code, "wechat_code"),
            (NotTold::TooOften, "too_many"),
            (NotTold::Risky, "wechat_risky"),
            (NotTold::Later(words.clone()), "wechat_busy"),
            (NotTold::Unlet(words.clone()), "wechat_unavailable"),
        ] {
            *fake.fails.lock().unwrap() = Some(not_told.clone());
            let refused = log_in(&kit, &fake, &format!("{LIN}/1")).await;
            if let Err(Error::Rule { chinese, english, .. }) = &refused {
                assert!(!chinese.contains(&words) && !english.contains(&words));
            }
            assert_eq!(code(refused), expected);
            let ticket = needed(&kit, &fake, &format!("{LIN}/{expected}")).await;
            *fake.fails.lock().unwrap() = Some(not_told);
            let refused = lend(&kit, &fake, (&ticket, "13900001111/1")).await;
            assert_eq!(code(refused), expected);
        }
        let abroad = needed(&kit, &fake, &format!("{CHEN}/1")).await;
        assert_eq!(code(lend(&kit, &fake, (&abroad, "852+51234567/1")).await), "phone_abroad");
        assert_eq!(code(lend(&kit, &fake, (&abroad, "1234/1")).await), "phone_abroad");
        lend(&kit, &fake, (&abroad, "13900002222/1")).await.unwrap();
        let request = WeChatLogIn { code: "x/1".to_owned(), address: address(5) };
        let nowhere = kit.county.log_in_by_wechat(None, request).await;
        assert_eq!(code(nowhere), "no_wechat");
    })
    .await;
}

#[tokio::test]
async fn a_code_is_good_once_and_guesses_are_slowed_by_address() {
    for_each_county(|kit| async move {
        let fake = Fake::default();
        needed(&kit, &fake, &format!("{LIN}/1")).await;
        assert_eq!(code(log_in(&kit, &fake, &format!("{LIN}/1")).await), "wechat_code");
        for _ in 0..19 {
            assert_eq!(code(log_in(&kit, &fake, "guess").await), "wechat_code");
        }
        assert_eq!(code(log_in(&kit, &fake, &format!("{LIN}/2")).await), "too_many");
        assert_eq!(code(lend(&kit, &fake, ("guess", "x/1")).await), "too_many");
    })
    .await;
}

#[tokio::test]
async fn an_id_has_one_account_and_an_account_one_id() {
    for_each_county(|kit| async move {
        let fake = Fake::default();
        let [one, two] = [needed(&kit, &fake, "oA/1").await, needed(&kit, &fake, "oA/2").await];
        let first = lend(&kit, &fake, (&one, &format!("{PHONE}/1"))).await.unwrap();
        let first = who(&kit, &first).await.unwrap();
        let second = lend(&kit, &fake, (&two, &format!("{OTHER_PHONE}/1"))).await.unwrap();
        let second = who(&kit, &second).await.unwrap();
        let again = known(&kit, &fake, "oA/3").await;
        assert_eq!(who(&kit, &again).await.unwrap(), second, "the number lent last counts");

        let other = self::first(&kit, &fake, ("oB", OTHER_PHONE, 4)).await;
        assert_eq!(other, second, "another WeChat with the number is let in");
        needed(&kit, &fake, "oA/5").await;
        assert_ne!(first, second);
        seal(&kit).await;
        clean(&verified(&kit).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn somebody_unbinds_or_is_erased_and_wechat_alone_is_not_enough_any_more() {
    for_each_county(|kit| async move {
        let fake = Fake::default();
        let actor = first(&kit, &fake, (LIN, PHONE, 1)).await;
        for _ in 0..2 {
            let unbound = kit.county.run(actor.clone(), |tx, mut work| {
                Box::pin(async move { unbind_wechat(tx, &mut work).await })
            });
            unbound.await.unwrap();
        }
        let unbound = "wechat_unbound";
        assert_eq!(all(&kit).await.matches(&format!("Text(\"{unbound}\")")).count(), 1);
        assert_eq!(first(&kit, &fake, (LIN, PHONE, 2)).await, actor);
        known(&kit, &fake, &format!("{LIN}/3")).await;
        erase(&kit, actor.clone(), actor.person().unwrap()).await.unwrap();
        needed(&kit, &fake, &format!("{LIN}/4")).await;
        clean(&verified(&kit).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_number_proven_a_year_ago_is_lent_again() {
    for_each_county(|kit| async move {
        let fake = Fake::default();
        let actor = first(&kit, &fake, (LIN, PHONE, 1)).await;
        kit.clock.forward(SignedDuration::from_hours(24 * 364));
        known(&kit, &fake, &format!("{LIN}/2")).await;
        kit.clock.forward(SignedDuration::from_hours(24));
        assert_eq!(first(&kit, &fake, (LIN, PHONE, 3)).await, actor);
        known(&kit, &fake, &format!("{LIN}/4")).await;
    })
    .await;
}
