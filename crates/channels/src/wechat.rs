//! WeChat's server for mini programs: who was given the code of a log-in, and whose number was lent by
//! its phone button. The mini program's secret and the token it is exchanged for stay in memory here;
//! the session key that comes with every log-in is not even read.

use crate::web::{Address, Answer, Web, WebError};
use app::BoxFuture;
use app::access::{Mobile, NotTold, WeChat};
use form_urlencoded::Serializer;
use jiff::{SignedDuration, Timestamp};
use model::Clock;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// Within so long each question has to be answered …
const PATIENCE: Duration = Duration::from_secs(5);
/// … and all that somebody's log-in takes: whoever waits longer is sent away by us.
const ALTOGETHER: Duration = Duration::from_secs(20);
/// Largest answer in bytes.
const LARGEST: usize = 16 * 1024;
/// The longest code and the longest id, in characters; sound ones have a third of it.
const LONGEST: usize = 256;
/// A token is asked for anew so long before it is over.
const EARLY: SignedDuration = SignedDuration::from_mins(2);

/// What WeChat's documents call it.
mod errcode {
    /// System error: ask again later.
    pub const BUSY: i64 = -1;
    /// The token is over, or was replaced by somebody else with the secret.
    pub const TOKEN: [i64; 2] = [40_001, 42_001];
    /// The code is not valid, or was used.
    pub const CODE: [i64; 2] = [40_029, 40_163];
    /// Asked too often within a minute.
    pub const TOO_OFTEN: i64 = 45_011;
    /// The person is taken for dangerous.
    pub const RISKY: i64 = 40_226;
}

/// WeChat's server, asked for one mini program.
pub struct WeChatServer {
    web: Web,
    appid: String,
    secret: String,
    clock: Arc<dyn Clock>,
    token: Mutex<Option<Token>>,
}

/// What the secret is exchanged for.
#[derive(Clone)]
struct Token {
    value: String,
    until: Timestamp,
}

/// What it is asked: a path with its query, and JSON where it is posted.
struct Question {
    rest: String,
    body: Vec<u8>,
}

/// Why a question was not answered.
enum Failed {
    /// WeChat says so, by number.
    Said(i64),
    /// There was no answer, or none that can be read.
    Silent(String),
}

/// Every answer has one of these, or neither.
#[derive(Deserialize)]
struct Verdict {
    errcode: Option<Number>,
}

/// The documents write numbers either way.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(i64),
    Quoted(String),
}

impl Number {
    fn value(&self) -> Option<i64> {
        match self {
            Self::Plain(number) => Some(*number),
            Self::Quoted(text) => text.trim_start_matches('+').parse().ok(),
        }
    }
}

#[derive(Deserialize)]
struct Session {
    openid: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
}

#[derive(Deserialize)]
struct Told {
    phone_info: PhoneInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhoneInfo {
    pure_phone_number: String,
    country_code: Number,
    watermark: Option<Watermark>,
}

#[derive(Deserialize)]
struct Watermark {
    appid: String,
}

impl WeChatServer {
    /// Where it stands.
    pub const ADDRESS: &str = "https://api.weixin.qq.com";

    /// The server at an address, for the mini program with this id and secret.
    pub fn new(
        address: Address,
        (appid, secret): (&str, &str),
        clock: Arc<dyn Clock>,
    ) -> io::Result<Self> {
        let sound = |text: &str| text.bytes().all(|it| it.is_ascii_alphanumeric());
        if !(appid.starts_with("wx") && appid.len() == 18 && sound(appid)) {
            return Err(io::Error::other("an app id is wx and sixteen letters and digits"));
        }
        if secret.is_empty() || !sound(secret) {
            return Err(io::Error::other("an app secret is made of letters and digits only"));
        }
        let (appid, secret) = (appid.to_owned(), secret.to_owned());
        let web = Web::new(address, (PATIENCE, LARGEST))?;
        Ok(Self { web, appid, secret, clock, token: Mutex::default() })
    }

    /// `code2Session`.
    async fn session(&self, code: &str) -> Result<String, NotTold> {
        let query = query(&[
            ("appid", &self.appid),
            ("secret", &self.secret),
            ("js_code", sound(code)?),
            ("grant_type", "authorization_code"),
        ]);
        let question = Question { rest: format!("/sns/jscode2session?{query}"), body: Vec::new() };
        let Session { openid } = self.ask(question).await.map_err(Failed::in_short)?;
        match openid.is_empty() || openid.len() > LONGEST {
            true => Err(NotTold::Later("answered with no id".to_owned())),
            false => Ok(openid),
        }
    }

    /// `getPhoneNumber`; once more with another token when the one at hand is over.
    async fn number(&self, code: &str) -> Result<Mobile, NotTold> {
        let code = sound(code)?;
        let token = self.token(None).await?;
        let told = match self.told(&token, code).await {
            Err(Failed::Said(number)) if errcode::TOKEN.contains(&number) => {
                let other = self.token(Some(&token)).await?;
                self.told(&other, code).await
            }
            told => told,
        };
        self.mobile(told.map_err(Failed::in_short)?.phone_info)
    }

    async fn told(&self, token: &str, code: &str) -> Result<Told, Failed> {
        let query = query(&[("access_token", token)]);
        let rest = format!("/wxa/business/getuserphonenumber?{query}");
        self.ask(Question { rest, body: json!({ "code": code }).to_string().into() }).await
    }

    fn mobile(&self, info: PhoneInfo) -> Result<Mobile, NotTold> {
        if info.watermark.is_some_and(|it| it.appid != self.appid) {
            return Err(NotTold::Unlet("told a number for another mini program".to_owned()));
        }
        let country = info.country_code.value().unwrap_or_default().to_string();
        Ok(Mobile { country, number: info.pure_phone_number })
    }

    /// The token at hand, unless it is over or the one that was refused; else another one, asked for
    /// once however many wait for it.
    async fn token(&self, refused: Option<&str>) -> Result<String, NotTold> {
        let mut kept = self.token.lock().await;
        let now = self.clock.now();
        let good = kept.as_ref().filter(|it| it.until > now && Some(&*it.value) != refused);
        if let Some(token) = good {
            return Ok(token.value.clone());
        }
        let Granted { access_token, expires_in } = self.grant().await.map_err(Failed::in_short)?;
        let until = now + SignedDuration::from_secs(expires_in.clamp(0, 7_200)) - EARLY;
        *kept = Some(Token { value: access_token.clone(), until });
        Ok(access_token)
    }

    /// `getStableAccessToken`. Never by force: that would end the token of whoever else has the secret.
    async fn grant(&self) -> Result<Granted, Failed> {
        let wish = json!({
            "grant_type": "client_credential", "appid": self.appid, "secret": self.secret,
        });
        let rest = "/cgi-bin/stable_token".to_owned();
        self.ask(Question { rest, body: wish.to_string().into() }).await
    }

    /// Asks, and once more when WeChat says that it is busy.
    async fn ask<T: DeserializeOwned>(&self, question: Question) -> Result<T, Failed> {
        match self.ask_once(&question).await {
            Err(Failed::Said(errcode::BUSY)) => self.ask_once(&question).await,
            answer => answer,
        }
    }

    async fn ask_once<T: DeserializeOwned>(&self, question: &Question) -> Result<T, Failed> {
        let Question { rest, body } = question;
        read(match body.is_empty() {
            true => self.web.get(rest).await,
            false => self.web.post(rest, &[], body.clone()).await,
        })
    }
}

fn read<T: DeserializeOwned>(answer: Result<Answer, WebError>) -> Result<T, Failed> {
    let answer = answer.map_err(|error| Failed::Silent(error.to_string()))?;
    if !answer.status.is_success() {
        return Err(Failed::Silent(format!("answered {}", answer.status)));
    }
    // What it said instead may hold what we said to it: only its number goes to the log.
    let unread = |_| Failed::Silent("answered what cannot be read".to_owned());
    let verdict: Verdict = serde_json::from_slice(&answer.body).map_err(unread)?;
    match verdict.errcode.map(|it| it.value()) {
        None | Some(Some(0)) => serde_json::from_slice(&answer.body).map_err(unread),
        Some(Some(number)) => Err(Failed::Said(number)),
        Some(None) => Err(Failed::Silent("answered an error without a number".to_owned())),
    }
}

impl Failed {
    /// As the use cases know it.
    fn in_short(self) -> NotTold {
        match self {
            Self::Silent(reason) => NotTold::Later(reason),
            Self::Said(errcode::BUSY) => NotTold::Later("is busy".to_owned()),
            Self::Said(errcode::TOO_OFTEN) => NotTold::TooOften,
            Self::Said(errcode::RISKY) => NotTold::Risky,
            Self::Said(number) if errcode::CODE.contains(&number) => NotTold::Code,
            Self::Said(number) => NotTold::Unlet(format!("errcode {number}")),
        }
    }
}

/// A code as WeChat gives them; others need not be asked for.
fn sound(code: &str) -> Result<&str, NotTold> {
    let plain = code.bytes().all(|it| it.is_ascii_graphic());
    match plain && (1..=LONGEST).contains(&code.len()) {
        true => Ok(code),
        false => Err(NotTold::Code),
    }
}

fn query(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The answer, if all of it comes in time.
async fn in_time<T>(asking: impl Future<Output = Result<T, NotTold>>) -> Result<T, NotTold> {
    let late = || NotTold::Later(format!("no answer within {} s", ALTOGETHER.as_secs()));
    timeout(ALTOGETHER, asking).await.unwrap_or_else(|_| Err(late()))
}

impl WeChat for WeChatServer {
    fn open_id<'a>(&'a self, code: &'a str) -> BoxFuture<'a, Result<String, NotTold>> {
        Box::pin(in_time(self.session(code)))
    }

    fn phone<'a>(&'a self, code: &'a str) -> BoxFuture<'a, Result<Mobile, NotTold>> {
        Box::pin(in_time(self.number(code)))
    }
}
