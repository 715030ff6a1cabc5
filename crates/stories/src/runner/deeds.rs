//! A step of a story as the requests a client sends: which path, which body. Words of the story are
//! put into the program's: cases, posts and days by what they are called there.

use super::cast::{AUDIT, SYSTEM, text};
use super::client::{Ask, Caller};
use super::gathered::BESIDE;
use super::play::Play;
use super::story::{PostName, Step};
use super::when::days_after;
use anyhow::{Context, Result, bail};
use method::definition::Kind;
use serde_json::{Map, Value, json};

/// What `POST /cases` names; everything else is a field of the form.
const OPENING: [&str; 10] = [
    "matter",
    "title",
    "body",
    "location",
    "place",
    "attachments",
    "contact",
    "asker",
    "about",
    "source",
];

impl Play {
    /// The requests of a step: one, but where many doors vote alike.
    pub(super) async fn requests(&mut self, step: &Step) -> Result<Vec<Ask>> {
        if BESIDE.contains(&step.does.as_str()) {
            let with = self.form(step).await?;
            return self.beside(step, with).await;
        }
        Ok(vec![self.request(step).await?])
    }

    async fn request(&mut self, step: &Step) -> Result<Ask> {
        let with = self.form(step).await?;
        match step.does.as_str() {
            "fill_record" => return self.filling(step, with).await,
            "hand_over_shift" => return self.handing_over(with).await,
            "take_shift" => return self.taking_over(step.who.as_deref()).await,
            _ => {}
        }
        Ok(match (&step.case, step.does.as_str()) {
            (Some(_), "open") => opening(step, with),
            (Some(_), "join_case") => {
                let mut with = with;
                let to = with.remove("to").context("join_case: with.to is missing")?;
                Ask::post(&format!("/cases/{}/join", string(&to)?), with.into())
            }
            (Some(case), "unjoin_case") => {
                Ask::post(&format!("/cases/{}/unjoin", self.id(case).await?), json!({}))
            }
            (Some(case), action) => {
                let found = self.case(case).await?;
                let revision = found.get("revision").and_then(Value::as_i64).unwrap_or(0);
                let id = text(&found, "id")?;
                Ask::post(&format!("/cases/{id}/actions/{action}"), with.into()).on(revision)
            }
            (None, operation) => self.operation(operation, with).await?,
        })
    }

    async fn operation(&mut self, operation: &str, with: Map<String, Value>) -> Result<Ask> {
        let today = self.stage.today().to_string();
        let said = |key: &str| {
            let found = with.get(key).and_then(Value::as_str).map(str::to_owned);
            found.with_context(|| format!("{operation}: with.{key} is missing"))
        };
        Ok(match operation {
            "appoint" => self.appointment(&with).await?,
            "dismiss" => {
                let (post, person) = (said("post")?, self.stage.person(&said("person")?).await?);
                let path = format!("/posts/{post}/holders/{person}/dismiss");
                Ask::post(&path, json!({ "until": today }))
            }
            "set_absence" => {
                let person = self.stage.person(&said("person")?).await?;
                let body = json!({ "person": person, "from": today, "until": said("until")? });
                Ask::post("/absences", body)
            }
            "add_place" => Ask::post("/places", json!({ "places": [with] })),
            "close_place" => {
                Ask::post(&format!("/places/{}/close", said("code")?), json!({ "until": today }))
            }
            "draw_place" => {
                let outline = match with.get("box") {
                    Some(sides) => rectangle(sides)?,
                    None => self.outline(&said("like")?).await?,
                };
                let body = json!({ "outline": outline });
                Ask::put(&format!("/places/{}/outline", said("code")?), body)
            }
            "record_visit" => Ask::post("/visits", with.into()),
            "register_households" => {
                let count = with.get("count").and_then(Value::as_u64).unwrap_or(1);
                let door = |n: u64| json!({ "address": format!("故事路{n}号") });
                let doors: Vec<Value> = (1..=count).map(door).collect();
                let path = format!("/places/{}/households", said("place")?);
                Ask::post(&path, json!({ "households": doors }))
            }
            "list_cases" => {
                let pairs = with.iter().map(|(key, it)| (key.as_str(), plain(it)));
                let pairs: Vec<(&str, String)> = pairs.collect();
                let pairs: Vec<(&str, &str)> =
                    pairs.iter().map(|(key, it)| (*key, it.as_str())).collect();
                Ask::get("/cases", &pairs)
            }
            "load_pack" => version(&said("id")?, with.get("files"))?,
            "move_cases" => self.moving(said("reason")?, with.get("cases")).await?,
            other => bail!("nobody can `{other}`"),
        })
    }

    /// Cases of the story, or all that run, go over to the version that is used now.
    async fn moving(&mut self, reason: String, cases: Option<&Value>) -> Result<Ask> {
        let mut named = Vec::new();
        for name in cases.and_then(Value::as_array).into_iter().flatten() {
            named.push(self.id(string(name)?).await?);
        }
        let cases = if cases.is_some() { json!(named) } else { json!("all") };
        let shelf = self.stage.county.shelf().await?;
        let hash = &shelf.current.as_ref().context("no pack is loaded")?.hash;
        let body = json!({ "cases": cases, "reason": reason });
        Ok(Ask::post(&format!("/packs/{hash}/moves"), body))
    }

    /// Waits until all cases that were to go over to a version have done so, or stayed.
    pub(super) async fn moved(&mut self, caller: &Caller) -> Result<()> {
        loop {
            let runs = self.stage.client.done(caller, &Ask::get("/pack-moves", &[])).await?;
            let state = runs.pointer("/0/state").and_then(Value::as_str);
            match state.context("nothing was begun")? {
                "running" => tokio::task::yield_now().await,
                "done" => return Ok(()),
                _ => bail!("the cases could not go over: {runs}"),
            }
        }
    }

    /// A deputy comes after those who hold the post already.
    async fn appointment(&mut self, with: &Map<String, Value>) -> Result<Ask> {
        let said = |key: &str| with.get(key).and_then(Value::as_str);
        let post = said("post").context("appoint: with.post is missing")?;
        let person = said("person").context("appoint: with.person is missing")?;
        let rank = match with.get("deputy").and_then(Value::as_bool) {
            Some(true) => self.stage.holders(post).await?.max(1),
            _ => 0,
        };
        let selection = said("selection").unwrap_or("appointed");
        let person = self.stage.person(person).await?;
        let body = json!({ "person": person, "rank": rank, "selection": selection });
        Ok(Ask::post(&format!("/posts/{post}/holders"), body))
    }

    /// The outline of a place, as it was when it was first looked at.
    async fn outline(&mut self, code: &str) -> Result<Value> {
        if let Some(known) = self.outlines.get(code) {
            return Ok(known.clone());
        }
        let place = Ask::get(&format!("/places/{code}"), &[]);
        let place = self.stage.ask_as(SYSTEM, &place).await?;
        let ancestors = place.get("ancestors").and_then(Value::as_array);
        let parent = ancestors.and_then(|it| it.last()).context("the root has no outline here")?;
        let path = format!("/places/{}/outlines", text(parent, "code")?);
        let drawn = self.stage.ask_as(SYSTEM, &Ask::get(&path, &[])).await?;
        for it in drawn.as_array().into_iter().flatten() {
            let code = it.pointer("/place/code").and_then(Value::as_str);
            let outline = code.zip(it.get("outline"));
            self.outlines.extend(outline.map(|(code, it)| (code.to_owned(), it.clone())));
        }
        self.outlines.get(code).cloned().with_context(|| format!("{code} has no outline"))
    }

    /// The form of a step in the program's words.
    async fn form(&mut self, step: &Step) -> Result<Map<String, Value>> {
        let mut form = Map::new();
        for (key, value) in &step.with {
            if let ("attachments" | "photos", Some(list)) = (key.as_str(), value.as_array()) {
                form.insert(key.clone(), self.photos(step.who.as_deref(), list).await?.into());
                continue;
            }
            let value = match (key.as_str(), value.as_str(), &step.who) {
                ("door", Some(said), Some(who)) => self.door(who, said).await?,
                _ => self.value(key, value).await?,
            };
            form.insert(key.clone(), value);
        }
        Ok(form)
    }

    /// `"photo"` is a photo that whoever acts sends in; any other word stands as it is.
    async fn photos(&mut self, who: Option<&str>, list: &[toml::Value]) -> Result<Vec<Value>> {
        let mut photos = Vec::new();
        for said in list {
            photos.push(match (said.as_str(), who) {
                (Some("photo"), Some(who)) if who != "claim" => {
                    let taken = self.ask_of(who, &Ask::photo()).await?;
                    text(&taken, "id")?.into()
                }
                (Some("photo"), _) => {
                    let taken = self.stage.client.done(&Caller::Nobody, &Ask::photo()).await?;
                    text(&taken, "id")?.into()
                }
                _ => serde_json::to_value(said)?,
            });
        }
        Ok(photos)
    }

    /// A household by `PLACE/ADDRESS`, as it stands in the list of whoever visits.
    async fn door(&mut self, who: &str, said: &str) -> Result<Value> {
        let (place, address) = said.split_once('/').context("a door is PLACE/ADDRESS")?;
        let doors = self.doors(who, place).await?;
        let found =
            doors.iter().find(|it| it.get("address").and_then(Value::as_str) == Some(address));
        let household = found.and_then(|it| it.get("household")).cloned();
        household.with_context(|| format!("there is no door {said}"))
    }

    /// The households of a grid, as whoever visits there has them.
    pub(super) async fn doors(&mut self, who: &str, place: &str) -> Result<Vec<Value>> {
        let ask = Ask::get("/doors", &[("place", place), ("procedure", "visit")]);
        let doors = self.ask_of(who, &ask).await?;
        Ok(doors.as_array().cloned().unwrap_or_default())
    }

    async fn value(&mut self, key: &str, value: &toml::Value) -> Result<Value> {
        match value {
            toml::Value::String(said) => self.word(key, said).await,
            toml::Value::Array(list) => {
                let mut values = Vec::new();
                for it in list {
                    values.push(Box::pin(self.value(key, it)).await?);
                }
                Ok(values.into())
            }
            toml::Value::Datetime(at) => Ok(at.to_string().into()),
            other => Ok(serde_json::to_value(other)?),
        }
    }

    async fn word(&mut self, key: &str, said: &str) -> Result<Value> {
        if let Some(id) = self.named(key, said).await? {
            return Ok(id.into());
        }
        if let Some(day) = days_after(said, self.stage.today()) {
            return Ok(day.to_string().into());
        }
        // Whoever holds a post is found where a person is asked for.
        if key != "person"
            && let Some(post) = post_name(said)
        {
            return Ok(self.stage.post(&post).await?.into());
        }
        Ok(said.into())
    }
}

impl Play {
    /// The id of a case, a row (`REGISTER/KEY`) or a person, where the pack's field holds such.
    async fn named(&mut self, key: &str, said: &str) -> Result<Option<String>> {
        let kind = self.kind(key).await?;
        if (key == "to" || kind == Some(Kind::Case)) && self.cases.contains_key(said) {
            return Ok(Some(self.id(said).await?));
        }
        if kind == Some(Kind::Record)
            && let Some((register, row)) = said.split_once('/')
        {
            let found = self.row(AUDIT, register, row).await?;
            let found = found.with_context(|| format!("{register} has no row {row}"))?;
            return Ok(Some(text(&found, "id")?.to_owned()));
        }
        if kind == Some(Kind::Person) && self.people.contains_key(said) {
            return Ok(Some(self.stage.person(said).await?));
        }
        Ok(None)
    }

    /// The type of a field of the pack that is used now.
    async fn kind(&self, field: &str) -> Result<Option<Kind>> {
        let shelf = self.stage.county.shelf().await?;
        Ok(shelf.current.as_ref().and_then(|pack| pack.fields.get(field)).map(|it| it.kind))
    }
}

/// A post, where a word can be nothing else.
fn post_name(said: &str) -> Option<PostName> {
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '@';
    said.chars().all(sound).then(|| PostName::try_from(said.to_owned()).ok()).flatten()
}

fn opening(step: &Step, with: Map<String, Value>) -> Ask {
    let procedure = step.procedure.as_deref().unwrap_or("appeal");
    let (mut body, mut fields) = (Map::new(), Map::new());
    for (key, value) in with {
        let to = if OPENING.contains(&key.as_str()) { &mut body } else { &mut fields };
        to.insert(key, value);
    }
    body.insert("procedure".to_owned(), procedure.into());
    if !fields.is_empty() {
        body.insert("fields".to_owned(), fields.into());
    }
    Ask::post("/cases", body.into())
}

/// A pack as the story writes it, above `base` as it is carried.
fn version(id: &str, files: Option<&Value>) -> Result<Ask> {
    let own = files.and_then(Value::as_object).context("load_pack: with.files is missing")?;
    let own = own.iter().map(|(path, text)| (format!("{id}/{path}"), text.clone()));
    let base = crate::shipped::packs("base").context("base is not carried")?;
    let base = base.into_iter().map(|(path, text)| (format!("base/{path}"), text.into()));
    let files: Map<String, Value> = base.chain(own).collect();
    Ok(Ask::post("/packs", json!({ "id": id, "files": files })))
}

/// The outline of a rectangle by its west, south, east and north.
fn rectangle(sides: &Value) -> Result<Value> {
    let [w, s, e, n]: [f64; 4] = serde_json::from_value(sides.clone())
        .context("draw_place: with.box is [west, south, east, north]")?;
    Ok(json!({ "type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]] }))
}

fn string(value: &Value) -> Result<&str> {
    value.as_str().with_context(|| format!("{value} is no text"))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
