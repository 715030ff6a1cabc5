//! Promises about logging in, second factors, residents' codes and sessions.

use crate::testkit::*;
use app::access::{
    self, ChangePassword, CodeLogIn, CodeRequest, CodeUse, LogIn, LoggedIn, Must, NewAccount,
    Ticket, confirm_totp,
};
use app::messages::{Gateway, NotSent, ShortMessage};
use app::{BoxFuture, Error, Result};
use jiff::SignedDuration;
use model::PostId;
use model::access::{Actor, Operation};
use std::net::IpAddr;
use std::sync::Mutex;
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "Tr1angle-moss";

pub fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

async fn log_in(
    kit: &Kit,
    account: &str,
    password: &str,
    totp: Option<String>,
) -> Result<LoggedIn> {
    let (account, password) = (account.to_owned(), password.to_owned());
    kit.county.log_in(LogIn { account, password, totp, address: address(1) }).await
}

async fn open(kit: &Kit, seat: Seat, name: &str) -> model::AccountId {
    let request = NewAccount {
        person: seat.person,
        name: name.to_owned(),
        password: PASSWORD.to_owned(),
        must_change: true,
    };
    kit.county.open_account(init(), None, request).await.unwrap().account
}

pub fn ticket(session: &LoggedIn, post: Option<PostId>) -> Ticket {
    Ticket { token: session.token.0.clone(), post }
}

async fn change_password(kit: &Kit, session: &LoggedIn, present: &str, new: &str) -> Result<()> {
    let (present, new) = (present.to_owned(), new.to_owned());
    let change = ChangePassword { ticket: ticket(session, None), present, new };
    kit.county.change_password(change).await
}

/// A worker who has logged in and changed the first password.
async fn worker(kit: &Kit) -> (Seat, LoggedIn) {
    let seat = kit.seat("grid_worker", GRID, "苏网格").await;
    open(kit, seat, "su.worker").await;
    let session = log_in(kit, "su.worker", PASSWORD, None).await.unwrap();
    change_password(kit, &session, PASSWORD, "Another-moss7").await.unwrap();
    (seat, session)
}

#[tokio::test]
async fn the_first_password_must_be_changed_before_anything_else() {
    for_each_county(|kit| async move {
        let seat = kit.seat("grid_worker", GRID, "苏网格").await;
        open(&kit, seat, "su.worker").await;
        let session = log_in(&kit, "su.worker", PASSWORD, None).await.unwrap();
        assert_eq!(session.must, [Must::ChangePassword]);
        let list = kit.county.authenticate(ticket(&session, None), Operation::ListCases).await;
        assert_eq!(code(list), "change_password");
        assert_eq!(code(change_password(&kit, &session, PASSWORD, PASSWORD).await), "same");
        assert_eq!(code(change_password(&kit, &session, PASSWORD, "short").await), "too_short");
        let wrong = change_password(&kit, &session, "not-it", "Another-moss7").await;
        assert_eq!(code(wrong), "wrong_credentials");
        let elsewhere = log_in(&kit, "su.worker", PASSWORD, None).await.unwrap();
        change_password(&kit, &session, PASSWORD, "Another-moss7").await.unwrap();
        let actor = kit.county.authenticate(ticket(&session, None), Operation::ListCases).await;
        assert!(matches!(actor, Ok(Actor::Staff { post, .. }) if post == seat.post));
        let ended = kit.county.authenticate(ticket(&elsewhere, None), Operation::ListCases).await;
        assert_eq!(code(ended), "unauthenticated", "the other sessions have ended");
    })
    .await;
}

#[tokio::test]
async fn guesses_at_an_account_wait_longer_and_longer_but_are_never_locked_out() {
    for_each_county(|kit| async move {
        worker(&kit).await;
        for _ in 0..5 {
            let wrong = log_in(&kit, "su.worker", "wrong", None).await;
            assert_eq!(code(wrong), "wrong_credentials");
        }
        let right = log_in(&kit, "su.worker", "Another-moss7", None).await;
        assert!(matches!(right, Err(Error::TooMany { retry_after: 30 })), "{right:?}");
        kit.clock.forward(SignedDuration::from_secs(31));
        assert_eq!(code(log_in(&kit, "su.worker", "wrong", None).await), "wrong_credentials");
        let next = log_in(&kit, "su.worker", "wrong", None).await;
        assert!(matches!(next, Err(Error::TooMany { retry_after: 60 })), "{next:?}");
        kit.clock.forward(SignedDuration::from_secs(61));
        log_in(&kit, "su.worker", "Another-moss7", None).await.unwrap();
        assert_eq!(code(log_in(&kit, "su.worker", "wrong", None).await), "wrong_credentials");
    })
    .await;
}

#[tokio::test]
async fn unknown_accounts_answer_alike_and_an_address_that_guesses_many_is_slowed() {
    for_each_county(|kit| async move {
        for n in 0..20 {
            let wrong = log_in(&kit, &format!("nobody.{n}"), "wrong", None).await;
            assert_eq!(code(wrong), "wrong_credentials");
        }
        assert_eq!(code(log_in(&kit, "nobody.x", "wrong", None).await), "too_many");
        let request = LogIn {
            account: "nobody.y".to_owned(),
            password: "wrong".to_owned(),
            totp: None,
            address: address(2),
        };
        let elsewhere = kit.county.log_in(request).await;
        assert_eq!(code(elsewhere), "wrong_credentials", "another address is another matter");
    })
    .await;
}

/// The code of an app that was given the secret, so many steps from now.
fn digits(kit: &Kit, secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let at = kit.county.now().as_second() + 30 * steps;
    totp.generate(u64::try_from(at).unwrap()).to_string()
}

#[tokio::test]
async fn an_administrator_needs_a_second_factor_whose_codes_are_good_once() {
    for_each_county(|kit| async move {
        let seat = kit.seat("security_admin", COUNTY, "安安全").await;
        open(&kit, seat, "an.security").await;
        let session = log_in(&kit, "an.security", PASSWORD, None).await.unwrap();
        assert_eq!(session.must, [Must::ChangePassword, Must::SetTotp]);
        let new = "Another-moss7";
        change_password(&kit, &session, PASSWORD, new).await.unwrap();
        let before = kit.county.authenticate(ticket(&session, None), Operation::OpenAccount).await;
        assert_eq!(code(before), "set_totp");
        let allowed = kit.county.authenticate(ticket(&session, None), Operation::SetTotp).await;
        let actor = allowed.unwrap();
        let setup = kit.county.prepare_totp(actor.clone(), None).await.unwrap();
        assert!(setup.url.starts_with("otpauth://totp/Jinlin:an.security?secret="));
        let wrong = act!(kit, actor.clone(), confirm, "000000".to_owned());
        assert_eq!(code(wrong), "wrong");
        let first = digits(&kit, &setup.secret, 0);
        act!(kit, actor.clone(), confirm, first.clone()).unwrap();
        kit.county.authenticate(ticket(&session, None), Operation::OpenAccount).await.unwrap();

        assert_eq!(code(log_in(&kit, "an.security", new, None).await), "totp_required");
        let replay = log_in(&kit, "an.security", new, Some(first)).await;
        assert_eq!(code(replay), "wrong_credentials");
        let next = digits(&kit, &setup.secret, 1);
        let again = log_in(&kit, "an.security", new, Some(next.clone())).await.unwrap();
        assert_eq!(again.must, []);
        let replay = log_in(&kit, "an.security", new, Some(next)).await;
        assert_eq!(code(replay), "wrong_credentials");
        let replacing = kit.county.prepare_totp(actor, None).await.map(|_| ());
        assert_eq!(code(replacing), "wrong_credentials", "replacing it needs a code of it");
    })
    .await;
}

async fn confirm(tx: &mut app::Tx, work: &mut app::Work, code: &str) -> Result<()> {
    confirm_totp(tx, work, code).await
}

#[tokio::test]
async fn one_acts_as_a_post_that_one_holds_today() {
    for_each_county(|kit| async move {
        let (seat, session) = worker(&kit).await;
        let other = kit.post("grid_worker", OTHER_GRID).await;
        let as_post = async |post| {
            kit.county.authenticate(ticket(&session, post), Operation::ListCases).await
        };
        assert_eq!(code(as_post(Some(other)).await), "post_not_held");
        kit.appoint(other, seat.person, 0).await;
        let actor = as_post(Some(other)).await.unwrap();
        assert_eq!(actor.post(), Some(other));
        assert_eq!(as_post(None).await.unwrap().post(), Some(seat.post), "the first otherwise");
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_idle_at_night_at_log_out_and_when_the_account_is_closed() {
    for_each_county(|kit| async move {
        let (_, session) = worker(&kit).await;
        let alive = async |session: &LoggedIn| {
            let found = kit.county.authenticate(ticket(session, None), Operation::ShowMe).await;
            found.is_ok()
        };
        for _ in 0..24 {
            kit.clock.forward(SignedDuration::from_mins(29));
            assert!(alive(&session).await, "used every half an hour");
        }
        kit.clock.forward(SignedDuration::from_mins(29));
        assert!(!alive(&session).await, "twelve hours have passed");
        let new = async || log_in(&kit, "su.worker", "Another-moss7", None).await.unwrap();
        let idle = new().await;
        kit.clock.forward(SignedDuration::from_mins(31));
        assert!(!alive(&idle).await);
        let left = new().await;
        kit.county.log_out(ticket(&left, None)).await.unwrap();
        assert!(!alive(&left).await);
        let closed = new().await;
        let Ok(Actor::Staff { account, .. }) =
            kit.county.authenticate(ticket(&closed, None), Operation::ShowMe).await
        else {
            panic!("not staff")
        };
        act!(kit, init(), close, account).unwrap();
        assert!(!alive(&closed).await);
        let again = log_in(&kit, "su.worker", "Another-moss7", None).await;
        assert_eq!(code(again), "wrong_credentials");
    })
    .await;
}

async fn close(tx: &mut app::Tx, work: &mut app::Work, account: &model::AccountId) -> Result<()> {
    app::access::close_account(tx, work, *account).await
}

/// A gateway that keeps what it was given.
#[derive(Default)]
pub struct Outbox(Mutex<Vec<ShortMessage>>);

impl Gateway for Outbox {
    fn send<'a>(
        &'a self,
        message: &'a ShortMessage,
    ) -> BoxFuture<'a, std::result::Result<(), NotSent>> {
        self.0.lock().unwrap().push(message.clone());
        Box::pin(async { Ok(()) })
    }
}

impl Outbox {
    pub fn last(&self) -> String {
        self.code("")
    }

    /// The code of the last message, which says what it is for.
    pub fn code(&self, to: &str) -> String {
        let sent = self.0.lock().unwrap().last().unwrap().clone();
        let code = sent.parts["code"].clone();
        let good_for = if to.is_empty() { "log_in" } else { "new_phone" };
        assert_eq!(sent.parts["to"], good_for);
        assert_eq!(sent.text, format!("【近邻县】验证码{code},{to}5分钟内有效,请勿告诉他人。"));
        code
    }
}

async fn request(kit: &Kit, outbox: &Outbox, phone: &str) -> Result<()> {
    request_to(kit, outbox, (phone, CodeUse::LogIn)).await
}

pub async fn request_to(kit: &Kit, outbox: &Outbox, of: (&str, CodeUse)) -> Result<()> {
    let request = CodeRequest { phone: of.0.to_owned(), to: of.1, address: address(3) };
    kit.county.request_code(Some(outbox), request).await.map(|_| ())
}

/// Logs a resident in by a code that is asked for.
pub async fn resident(kit: &Kit, outbox: &Outbox, phone: &str) -> LoggedIn {
    kit.clock.forward(SignedDuration::from_secs(61));
    request(kit, outbox, phone).await.unwrap();
    enter(kit, phone, &outbox.last()).await.unwrap()
}

pub async fn enter(kit: &Kit, phone: &str, code: &str) -> Result<LoggedIn> {
    let (phone, code) = (phone.to_owned(), code.to_owned());
    kit.county.log_in_resident(CodeLogIn { phone, code, address: address(3) }).await
}

pub async fn who(kit: &Kit, session: &LoggedIn) -> Result<Actor> {
    kit.county.authenticate(ticket(session, None), Operation::ListCases).await
}

const PHONE: &str = "13900001111";

#[tokio::test]
async fn a_resident_registers_at_the_first_log_in_and_is_the_same_person_afterwards() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        request(&kit, &outbox, "+86 139-0000-1111").await.unwrap();
        let first = enter(&kit, PHONE, &outbox.last()).await.unwrap();
        let person = who(&kit, &first).await.unwrap();
        assert!(matches!(person, Actor::Resident { .. }));
        let used = enter(&kit, PHONE, &outbox.last()).await;
        assert_eq!(code(used), "wrong_code", "a code is good once");
        kit.clock.forward(SignedDuration::from_hours(24 * 40));
        assert_eq!(code(who(&kit, &first).await), "unauthenticated", "idle for a month");
        request(&kit, &outbox, PHONE).await.unwrap();
        let again = enter(&kit, PHONE, &outbox.last()).await.unwrap();
        assert_eq!(who(&kit, &again).await.unwrap(), person);
    })
    .await;
}

#[tokio::test]
async fn a_number_must_be_proven_again_after_a_year_however_often_the_session_is_used() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        request(&kit, &outbox, PHONE).await.unwrap();
        let session = enter(&kit, PHONE, &outbox.last()).await.unwrap();
        for _ in 0..14 {
            kit.clock.forward(SignedDuration::from_hours(24 * 26));
            who(&kit, &session).await.unwrap();
        }
        kit.clock.forward(SignedDuration::from_hours(24 * 2));
        assert_eq!(code(who(&kit, &session).await), "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn a_code_has_five_tries_and_five_minutes() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        request(&kit, &outbox, PHONE).await.unwrap();
        let sent = outbox.last();
        let other = if sent == "123456" { "654321" } else { "123456" };
        for _ in 0..5 {
            assert_eq!(code(enter(&kit, PHONE, other).await), "wrong_code");
        }
        assert_eq!(code(enter(&kit, PHONE, &sent).await), "wrong_code", "all tries are spent");
        kit.clock.forward(SignedDuration::from_secs(61));
        request(&kit, &outbox, PHONE).await.unwrap();
        kit.clock.forward(SignedDuration::from_secs(301));
        assert_eq!(code(enter(&kit, PHONE, &outbox.last()).await), "wrong_code", "too late");
    })
    .await;
}

#[tokio::test]
async fn codes_are_sent_once_a_minute_and_five_times_a_day() {
    for_each_county(|kit| async move {
        let outbox = Outbox::default();
        for _ in 0..5 {
            request(&kit, &outbox, PHONE).await.unwrap();
            assert_eq!(code(request(&kit, &outbox, PHONE).await), "too_many");
            kit.clock.forward(SignedDuration::from_secs(61));
        }
        assert_eq!(code(request(&kit, &outbox, PHONE).await), "too_many");
        request(&kit, &outbox, "13900002222").await.unwrap();
        kit.clock.forward(SignedDuration::from_hours(24));
        request(&kit, &outbox, PHONE).await.unwrap();
        assert_eq!(outbox.0.lock().unwrap().len(), 7);
    })
    .await;
}

#[tokio::test]
async fn without_a_messenger_a_county_says_so_and_a_demo_needs_none() {
    let wanted =
        || CodeRequest { phone: PHONE.to_owned(), to: CodeUse::LogIn, address: address(3) };
    for_each_county(|kit| async move {
        let refused = kit.county.request_code(None, wanted()).await;
        assert_eq!(code(refused), "no_messenger");
        assert_eq!(code(enter(&kit, PHONE, "000000").await), "wrong_code");
    })
    .await;
    let kit = demo().await;
    kit.county.request_code(None, wanted()).await.unwrap();
    for _ in 0..30 {
        assert_eq!(code(enter(&kit, PHONE, "123456").await), "wrong_code");
    }
    enter(&kit, PHONE, "000000").await.unwrap();
}

#[tokio::test]
async fn wrong_claim_codes_are_slowed_by_address() {
    for_each_county(|kit| async move {
        let claim = async |code: &str, from| {
            kit.county.authenticate_claim(code.to_owned(), address(from)).await
        };
        for _ in 0..20 {
            assert_eq!(code(claim("ABCDEFGHJK", 9).await), "wrong_claim_code");
        }
        assert_eq!(code(claim("ABCDEFGHJK", 9).await), "too_many");
        assert_eq!(code(claim("ABCDEFGHJK", 10).await), "wrong_claim_code");
    })
    .await;
}

#[tokio::test]
async fn a_reset_password_must_be_changed_and_ends_all_sessions() {
    for_each_county(|kit| async move {
        let (_, session) = worker(&kit).await;
        let Actor::Staff { account, .. } = who(&kit, &session).await.unwrap() else {
            panic!("not staff")
        };
        let security = kit.seat("security_admin", COUNTY, "安安全").await.actor();
        let worker = kit.seat("grid_worker", OTHER_GRID, "别人").await.actor();
        let new = || "Third-moss-88".to_owned();
        let refused = kit.county.reset_password(worker, account, new()).await;
        assert_eq!(code(refused), "forbidden");
        kit.county.reset_password(security, account, new()).await.unwrap();
        assert_eq!(code(who(&kit, &session).await), "unauthenticated");
        let again = log_in(&kit, "su.worker", &new(), None).await.unwrap();
        assert_eq!(again.must, [Must::ChangePassword]);
    })
    .await;
}

#[tokio::test]
async fn the_security_administrator_sees_accounts_and_ends_sessions() {
    for_each_county(|kit| async move {
        let security = kit.seat("security_admin", COUNTY, "安安全").await;
        let worker = kit.seat("grid_worker", GRID, "苏网格").await;
        let clerk = kit.seat("grid_leader", GRID, "邱网格").await;
        for (seat, name) in [(security, "an"), (worker, "su.wangge"), (clerk, "qiu")] {
            open(&kit, seat, &format!("{name}1")).await;
        }
        log_in(&kit, "su.wangge1", PASSWORD, None).await.unwrap();
        let all = |words: &str, after: &str, limit| access::AccountQuery {
            words: Some(words.to_owned()),
            after: Some(after.to_owned()),
            limit: Some(limit),
        };
        let list = access::list_accounts;
        let (page, next) = act!(kit, security.actor(), list, all("", "", 2)).unwrap();
        assert_eq!((page.len(), next.as_deref()), (2, Some("qiu1")));
        let (page, next) = act!(kit, security.actor(), list, all("", "qiu1", 2)).unwrap();
        assert_eq!((page.len(), next), (1, None));
        let (found, _) = act!(kit, security.actor(), list, all("苏", "", 50)).unwrap();
        let it = &found[0];
        assert_eq!((it.name.as_str(), it.person_name.as_str()), ("su.wangge1", "苏网格"));
        assert_eq!((it.must_change, it.second_factor, it.seen_at.is_some()), (true, false, true));
        assert_eq!(it.posts, ["第一网格网格员"]);
        assert_eq!(code(act!(kit, worker.actor(), list, all("", "", 9))), "forbidden");

        let sessions = see!(kit, security.actor(), |tx, work| access::list_sessions(tx, &work));
        let sessions = sessions.unwrap();
        assert_eq!((sessions.len(), sessions[0].mine), (1, false));
        let id = sessions[0].id;
        act!(kit, security.actor(), access::end_session, id).unwrap();
        assert_eq!(code(act!(kit, security.actor(), access::end_session, id)), "not_found");
        let left = see!(kit, security.actor(), |tx, work| access::list_sessions(tx, &work));
        assert_eq!(left.unwrap(), []);
    })
    .await;
}
