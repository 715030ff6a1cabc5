//! The people of a story as clients: accounts opened by the security administrator, first passwords
//! changed, codes taken from telephones and authenticators, sessions renewed when they have ended.

use super::client::{Ask, Caller, Client};
use super::hands::Phones;
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use totp_rs::{Builder, Secret};

/// The security administrator, who opens accounts.
pub const SECURITY: &str = "security-admin";
/// The system administrator, who knows all posts.
pub const SYSTEM: &str = "system-admin";
/// The audit administrator, who sees every case that is not sensitive, but not who asked.
pub const AUDIT: &str = "audit-admin";

/// How somebody logs in.
#[derive(Clone, Debug)]
pub enum Person {
    /// A member of staff.
    Staff {
        /// Id of the person; unsaid where only the account is known.
        person: Option<String>,
        /// The account; opened when it is first needed.
        account: Option<Account>,
    },
    /// A resident.
    Resident {
        /// The mobile number.
        phone: String,
    },
}

/// An account of staff.
#[derive(Clone, Debug)]
pub struct Account {
    /// The name to log in by.
    pub name: String,
    /// The password at present.
    pub password: String,
    /// Secret of the second factor, as the telephone keeps it.
    pub secret: Option<String>,
}

#[derive(Clone, Debug)]
struct Session {
    token: String,
    until: Timestamp,
}

/// Everybody.
#[derive(Debug)]
pub struct Cast {
    people: BTreeMap<String, Person>,
    /// Other names, with the one that stands among the people.
    aliases: BTreeMap<String, String>,
    sessions: BTreeMap<String, Session>,
    phones: Arc<Phones>,
    demo_code: Option<String>,
}

impl Person {
    /// A member of staff known by id, without an account yet.
    pub fn staff(person: &str) -> Self {
        Self::Staff { person: Some(person.to_owned()), account: None }
    }
}

impl Cast {
    /// People and their telephones; in a demo every resident has the same code.
    pub fn new(phones: Arc<Phones>, demo_code: Option<String>) -> Self {
        let (people, aliases, sessions) = Default::default();
        Self { people, aliases, sessions, phones, demo_code }
    }

    /// Adds somebody.
    pub fn add(&mut self, id: &str, person: Person) {
        self.people.insert(id.to_owned(), person);
    }

    /// Gives somebody another name: one person logs in once, however he is called.
    pub fn alias(&mut self, other: &str, id: &str) {
        self.aliases.insert(other.to_owned(), id.to_owned());
    }

    /// Somebody.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(self.aliases.get(id).map_or(id, String::as_str))
    }

    /// Somebody's session, begun when there is none that lasts.
    pub async fn caller(&mut self, client: &Client, now: Timestamp, id: &str) -> Result<Caller> {
        let alias = self.aliases.get(id).cloned();
        let id = alias.as_deref().unwrap_or(id);
        let known = self.sessions.get(id).filter(|it| it.until > now);
        let token = match known {
            Some(session) => session.token.clone(),
            None => Box::pin(self.log_in(client, now, id)).await?,
        };
        Ok(Caller::Session { token, post: None })
    }

    async fn log_in(&mut self, client: &Client, now: Timestamp, id: &str) -> Result<String> {
        let person = self.people.get(id).with_context(|| format!("nobody is called `{id}`"))?;
        let answer = match person.clone() {
            Person::Resident { phone } => self.log_in_resident(client, &phone).await?,
            Person::Staff { account: Some(account), .. } => {
                self.log_in_staff(client, (now, id), account).await?
            }
            Person::Staff { person, account: None } => {
                let person = person.with_context(|| format!("`{id}` is not known by id"))?;
                let account = self.open_account(client, (now, id), &person).await?;
                self.log_in_staff(client, (now, id), account).await?
            }
        };
        let until = text(&answer, "expires_at")?.parse()?;
        let token = text(&answer, "token")?.to_owned();
        self.sessions.insert(id.to_owned(), Session { token: token.clone(), until });
        Ok(token)
    }

    async fn log_in_resident(&self, client: &Client, phone: &str) -> Result<Value> {
        let ask = Ask::post("/residents/codes", json!({ "phone": phone }));
        client.done(&Caller::Nobody, &ask).await?;
        let code = self.demo_code.clone().or_else(|| self.phones.code(phone));
        let code = code.with_context(|| format!("no code was sent to {phone}"))?;
        let ask = Ask::post("/resident-sessions", json!({ "phone": phone, "code": code }));
        client.done(&Caller::Nobody, &ask).await
    }

    /// Opens an account for a member of staff, who is told its first password.
    async fn open_account(
        &mut self,
        client: &Client,
        (now, id): (Timestamp, &str),
        person: &str,
    ) -> Result<Account> {
        let sign = |c: char| if c.is_ascii_alphanumeric() { c } else { '.' };
        let name: String = format!("s.{id}").to_lowercase().chars().map(sign).take(32).collect();
        let password = format!("Erste-{}-Losung", self.people.len());
        let security = self.caller(client, now, SECURITY).await?;
        let body = json!({ "person": person, "name": name, "password": password });
        client.done(&security, &Ask::post("/accounts", body)).await?;
        Ok(Account { name, password, secret: None })
    }

    async fn log_in_staff(
        &mut self,
        client: &Client,
        (now, id): (Timestamp, &str),
        mut account: Account,
    ) -> Result<Value> {
        let totp = account.secret.as_ref().map(|secret| code(secret, now)).transpose()?;
        let mut body = json!({ "account": account.name, "password": account.password });
        if let (Some(totp), Some(body)) = (totp, body.as_object_mut()) {
            body.insert("totp".to_owned(), totp.into());
        }
        let asked = Ask::post("/sessions", body);
        let answer = client.done(&Caller::Nobody, &asked).await;
        let answer = answer.with_context(|| format!("`{id}` cannot log in"))?;
        let caller = Caller::Session { token: text(&answer, "token")?.to_owned(), post: None };
        let must = answer.get("must").and_then(Value::as_array).cloned().unwrap_or_default();
        for must in &must {
            match must.as_str() {
                Some("change_password") => change_password(client, &caller, &mut account).await?,
                Some("set_totp") => set_totp(client, &caller, (now, &mut account)).await?,
                _ => bail!("`{id}` must do {must} first"),
            }
        }
        if let Some(Person::Staff { account: kept, .. }) = self.people.get_mut(id) {
            *kept = Some(account);
        }
        Ok(answer)
    }
}

async fn change_password(client: &Client, caller: &Caller, account: &mut Account) -> Result<()> {
    let new = format!("{}-eigen", account.password);
    let body = json!({ "present": account.password, "new": new });
    client.done(caller, &Ask::post("/me/password", body)).await?;
    account.password = new;
    Ok(())
}

async fn set_totp(
    client: &Client,
    caller: &Caller,
    (now, account): (Timestamp, &mut Account),
) -> Result<()> {
    let prepared = client.done(caller, &Ask::post("/me/totp", json!({}))).await?;
    let secret = text(&prepared, "secret")?.to_owned();
    let confirm = json!({ "confirm": code(&secret, now)? });
    client.done(caller, &Ask::post("/me/totp", confirm)).await?;
    account.secret = Some(secret);
    Ok(())
}

/// The six digits that an authenticator shows.
fn code(secret: &str, now: Timestamp) -> Result<String> {
    let secret = Secret::try_from_base32(secret).map_err(|it| anyhow::anyhow!("{it:?}"))?;
    let totp = Builder::new().with_secret(secret).build()?;
    Ok(totp.generate(u64::try_from(now.as_second())?).to_string())
}

/// A text of an answer.
pub fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str> {
    let found = value.get(key).and_then(Value::as_str);
    found.with_context(|| format!("the answer has no `{key}`: {value}"))
}
