//! Residents who log in by WeChat: its code tells whose mini program it is, and at first its phone
//! button lends the number, by which the account is found or made. WeChat's id for a person is kept
//! as a keyed hash only, bound to one account; what else WeChat tells is not kept at all.

use super::code::{CODES_A_DAY, CODES_A_DAY_AND_ADDRESS, bound, normal_phone};
use super::log_in::{LoggedIn, Token};
use super::resident::{enter, resident_of};
use super::session::PROVEN;
use super::throttle::Gate;
use crate::{County, Error, Result, Work};
use core::net::IpAddr;
use jiff::SignedDuration;
use model::PersonId;
use model::access::{Actor, Operation};
use model::journal::Event;
use rowdb::{BoxFuture, Tx};
use std::sync::Arc;
use store::access::wechat;

/// A ticket is good for so long.
const TICKET: SignedDuration = SignedDuration::from_mins(10);
/// Numbers that may be tried to be lent by one ticket: each costs the county money.
const TRIES: i64 = 5;
/// Seconds after which WeChat may be asked again by whoever asked too often.
const TOO_OFTEN: i64 = 60;

/// A number as WeChat tells it.
#[derive(Clone)]
pub struct Mobile {
    /// Its country, in digits: 86.
    pub country: String,
    /// The number without it.
    pub number: String,
}

/// Why WeChat did not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// The code is none of its own, or over, or used.
    Code,
    /// Too often for this person or this mini program.
    TooOften,
    /// It takes the log-in for dangerous.
    Risky,
    /// Not now; the reason is for the log.
    Later(String),
    /// We are not let in as configured; the reason is for the log.
    Unlet(String),
}

/// Tells who uses the county's mini program; implemented by a channel.
pub trait WeChat: Send + Sync {
    /// The id of whoever was given this code, the same whenever they come.
    fn open_id<'a>(&'a self, code: &'a str) -> BoxFuture<'a, std::result::Result<String, NotTold>>;
    /// The number of whoever pressed the phone button and was given this code.
    fn phone<'a>(&'a self, code: &'a str) -> BoxFuture<'a, std::result::Result<Mobile, NotTold>>;
}

/// A log-in by WeChat.
#[derive(Clone)]
pub struct WeChatLogIn {
    /// What `wx.login` gave.
    pub code: String,
    /// Where the request comes from.
    pub address: IpAddr,
}

/// What a log-in by WeChat comes to.
#[derive(Debug)]
pub enum ByWeChat {
    /// It is somebody known.
    In(LoggedIn),
    /// The number is wanted too: for the first time, or proven too long ago. This ticket is good for
    /// lending it once.
    PhoneNeeded(Token),
}

/// A number lent by WeChat's button.
#[derive(Clone)]
pub struct LentPhone {
    /// The ticket.
    pub ticket: String,
    /// What the button gave.
    pub code: String,
    /// Where the request comes from.
    pub address: IpAddr,
}

fn ticket_hash(work: &Work, ticket: &str) -> [u8; 32] {
    work.keyed(b"wechat ticket", ticket.as_bytes())
}

/// Logs in whoever has this id, or gives a ticket to prove the number first.
async fn known(tx: &mut Tx, work: &mut Work, open_id: &str) -> Result<ByWeChat> {
    work.may(Operation::LogInResident)?;
    let key = hex::encode(work.keyed(b"wechat", open_id.as_bytes()));
    let found = wechat::resident_of(tx, &key).await?;
    let proven = found.filter(|it| it.verified_at + PROVEN > work.now());
    if let Some(it) = proven {
        return enter(tx, work, (it.person, it.verified_at)).await.map(ByWeChat::In);
    }
    let ticket = hex::encode(work.draw.bytes());
    let hash = ticket_hash(work, &ticket);
    wechat::keep_ticket(tx, &hash, &key, work.now() + TICKET).await?;
    Ok(ByWeChat::PhoneNeeded(Token(ticket)))
}

/// Lets a ticket lend a number; false when it is none, which is counted.
async fn may_lend(tx: &mut Tx, work: &Work, lent: &LentPhone) -> Result<bool> {
    work.may(Operation::LogInResident)?;
    let gate = Gate::address(lent.address);
    gate.pass(tx, work.now()).await?;
    let hash = ticket_hash(work, &lent.ticket);
    let Some(key) = wechat::try_ticket(tx, &hash, work.now(), TRIES).await? else {
        gate.failed(tx, work.now()).await?;
        return Ok(false);
    };
    bound(tx, work, &format!("lent/{key}"), CODES_A_DAY).await?;
    bound(tx, work, &format!("lent/{}", lent.address), CODES_A_DAY_AND_ADDRESS).await?;
    Ok(true)
}

/// Logs in by the ticket and the number that WeChat told; none when the ticket was used meanwhile.
async fn lent(
    tx: &mut Tx,
    work: &mut Work,
    (ticket, phone): (&str, String),
) -> Result<Option<LoggedIn>> {
    let used = wechat::use_ticket(tx, &ticket_hash(work, ticket), work.now()).await?;
    let Some(key) = used else { return Ok(None) };
    let (person, proven) = resident_of(tx, work, phone).await?;
    bind(tx, work, (person, key)).await?;
    enter(tx, work, (person, proven)).await.map(Some)
}

async fn bind(tx: &mut Tx, work: &mut Work, (person, key): (PersonId, String)) -> Result<()> {
    if wechat::key_of(tx, person).await?.as_ref() != Some(&key) {
        work.actor = Actor::Resident { person };
        work.record(tx, person.0, Event::WeChatBound { person, key }).await?;
    }
    Ok(())
}

/// Logs the person in by WeChat no more, until the number is lent again. It is no error that it never
/// was so.
pub async fn unbind_wechat(tx: &mut Tx, work: &mut Work) -> Result<()> {
    work.may(Operation::UnbindWeChat)?;
    let person = work.actor.person().ok_or(Error::Unauthenticated)?;
    if wechat::key_of(tx, person).await?.is_some() {
        work.record(tx, person.0, Event::WeChatUnbound { person }).await?;
    }
    Ok(())
}

impl County {
    /// Logs a resident in by WeChat.
    pub async fn log_in_by_wechat(
        self: &Arc<Self>,
        wechat: Option<&dyn WeChat>,
        request: WeChatLogIn,
    ) -> Result<ByWeChat> {
        let wechat = wechat.ok_or_else(no_wechat)?;
        let address = request.address;
        self.look(Actor::Visitor, move |tx, work| {
            Box::pin(async move { Gate::address(address).pass(tx, work.now()).await })
        })
        .await?;
        let open_id = match wechat.open_id(&request.code).await {
            Ok(open_id) => open_id,
            Err(not_told) => return Err(self.refused(not_told, address).await),
        };
        self.run(Actor::Visitor, move |tx, mut work| {
            let open_id = open_id.clone();
            Box::pin(async move { known(tx, &mut work, &open_id).await })
        })
        .await
    }

    /// Logs a resident in by the number lent to a ticket, registering it at first, and by WeChat alone
    /// from then on.
    pub async fn lend_phone(
        self: &Arc<Self>,
        wechat: Option<&dyn WeChat>,
        request: LentPhone,
    ) -> Result<LoggedIn> {
        let wechat = wechat.ok_or_else(no_wechat)?;
        let asked = request.clone();
        let may = self.run(Actor::Visitor, move |tx, work| {
            let asked = asked.clone();
            Box::pin(async move { may_lend(tx, &work, &asked).await })
        });
        if !may.await? {
            return Err(wrong_ticket());
        }
        let phone = match wechat.phone(&request.code).await {
            Ok(mobile) => of_mainland(&mobile)?,
            Err(not_told) => return Err(self.refused(not_told, request.address).await),
        };
        let logged_in = self.run(Actor::Visitor, move |tx, mut work| {
            let (ticket, phone) = (request.ticket.clone(), phone.clone());
            Box::pin(async move { lent(tx, &mut work, (&ticket, phone)).await })
        });
        logged_in.await?.ok_or_else(wrong_ticket)
    }

    /// Why WeChat did not tell, in words; guesses at codes are counted by address.
    async fn refused(self: &Arc<Self>, not_told: NotTold, address: IpAddr) -> Error {
        if not_told != NotTold::Code {
            return in_words(not_told);
        }
        let counted = self.run(Actor::Visitor, move |tx, work| {
            Box::pin(async move { Gate::address(address).failed(tx, work.now()).await })
        });
        counted.await.err().unwrap_or_else(|| in_words(not_told))
    }
}

fn of_mainland(mobile: &Mobile) -> Result<String> {
    let abroad = || {
        let zh = "目前只支持中国大陆手机号,请用中国大陆手机号登录";
        Error::rule("phone_abroad", zh, "only mobile numbers of mainland China log in")
    };
    match mobile.country.as_str() {
        "86" => normal_phone(&mobile.number).map_err(|_| abroad()),
        _ => Err(abroad()),
    }
}

fn in_words(not_told: NotTold) -> Error {
    match not_told {
        NotTold::Code => Error::rule(
            "wechat_code",
            "微信授权已用过或已失效,请再点一次",
            "WeChat's code is used or over: press again",
        ),
        NotTold::TooOften => Error::TooMany { retry_after: TOO_OFTEN },
        NotTold::Risky => Error::rule(
            "wechat_risky",
            "微信认为这次登录有风险,没有放行;请用手机验证码登录",
            "WeChat takes this log-in for dangerous: log in by a code to your phone",
        ),
        NotTold::Later(reason) => {
            tracing::warn!(reason, "WeChat did not tell");
            let zh = "微信暂时没有回应,请稍后再试,或用手机验证码登录";
            Error::rule("wechat_busy", zh, "WeChat does not answer now: try later")
        }
        NotTold::Unlet(reason) => {
            tracing::error!(reason, "WeChat refuses the county's mini program as configured");
            let zh = "微信登录暂不可用,请用手机验证码登录";
            let en = "log-in by WeChat is not available now: log in by a code to your phone";
            Error::rule("wechat_unavailable", zh, en)
        }
    }
}

fn no_wechat() -> Error {
    let zh = "本区县没有开通微信登录,请用手机验证码登录";
    Error::rule("no_wechat", zh, "log-in by WeChat is not configured here")
}

fn wrong_ticket() -> Error {
    let zh = "等待时间过长或已经登录过,请重新点“微信登录”";
    Error::rule("wechat_ticket", zh, "the ticket is wrong, used or over: begin again")
}
