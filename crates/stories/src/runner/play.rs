//! Plays one story: moves the clock, does each step, asks each truth; stops at the first step that
//! did not go as told and says why. How a step becomes a request is `deeds`.

use super::client::{Ask, Caller};
use super::gathered::items;
use super::report::{Failure, Passed};
use super::stage::{Database, Stage};
use super::story::{Count, Number, Person, PostName, Step, Story, Truth};
use super::told::{Told, told};
use super::when::{instant, local};
use super::{cast, client::Answer};
use anyhow::{Context, Result, bail, ensure};
use app::Error;
use app::cases::run_due;
use app::effects::run_cycles;
use app::exchange::ImportReport;
use jiff::Timestamp;
use method::read::Loaded;
use model::Actor;
use serde_json::Value;
use std::collections::BTreeMap;

/// A case as a story knows it.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its claim code.
    pub claim: Option<String>,
    /// Who opened it.
    pub opener: Option<String>,
}

/// A story being played.
pub struct Play {
    /// Where.
    pub stage: Stage,
    /// Its cases by name.
    pub cases: BTreeMap<String, Named>,
    /// What relative numbers were before the first step.
    pub before: BTreeMap<String, i64>,
    /// Outlines seen so far, by code.
    pub outlines: BTreeMap<String, Value>,
    /// The people of the story.
    pub people: BTreeMap<String, Person>,
    /// The files it takes in.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What became of the last one.
    pub imported: Option<ImportReport>,
}

/// Plays a story on a database.
pub async fn play(story: &Story, database: &Database, pack: Loaded) -> Result<Passed, Failure> {
    let failed = |step, why: anyhow::Error| Failure::new(story, step, format!("{why:#}"));
    let stage = Stage::set(database, story, pack).await.map_err(|why| failed(None, why))?;
    let mut play = Play {
        stage,
        cases: BTreeMap::new(),
        before: BTreeMap::new(),
        outlines: BTreeMap::new(),
        people: story.world.people.clone(),
        files: story.files.clone(),
        imported: None,
    };
    let outcome = play.whole(story).await;
    let outcome = match outcome {
        Ok((refusals, told)) => Ok(Passed::new(story, refusals, told)),
        Err((step, case, why)) => {
            let failure = failed(step, why);
            let history = play.history(case.as_deref()).await.unwrap_or_default();
            Err(Failure { history, ..failure })
        }
    };
    play.stage.close().await;
    outcome
}

/// The number of the step, the case concerned, and what went wrong.
type Stopped = (Option<usize>, Option<String>, anyhow::Error);

impl Play {
    /// How many refusals were as told, and the transitions taken.
    async fn whole(&mut self, story: &Story) -> Result<(u32, Told), Stopped> {
        let outside = |why| (None, None, why);
        let begin = self.stage.journal_size().await.map_err(outside)?;
        self.note_before(story).await.map_err(outside)?;
        let mut refusals = 0;
        for (n, step) in (1..).zip(&story.steps) {
            let stopped = |why| (Some(n), step.case.clone(), why);
            self.step(step).await.map_err(stopped)?;
            self.truths(&step.then).await.map_err(|(case, why)| (Some(n), case, why))?;
            refusals += u32::from(step.refused.is_some() || step.then.iter().any(is_late));
        }
        self.truths(&story.then).await.map_err(|(case, why)| (None, case, why))?;
        let told = told(self.stage.county.db(), begin).await.map_err(outside)?;
        Ok((refusals + u32::from(story.then.iter().any(is_late)), told))
    }

    async fn note_before(&mut self, story: &Story) -> Result<()> {
        let truths = story.steps.iter().flat_map(|it| &it.then).chain(&story.then);
        for truth in truths {
            if let Truth::Count(it) = truth
                && matches!(it.count.is, Number::More(_))
            {
                let n = self.count(&it.count).await?;
                self.before.insert(question(&it.count), n);
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<()> {
        self.move_clock(step).await?;
        match step.does.as_str() {
            "wait" => return Ok(()),
            "find" => return self.find(step).await,
            "import_cases" => return self.import(step).await,
            _ => {}
        }
        let (caller, asks) = (self.actor(step).await?, self.requests(step).await?);
        let Some(code) = &step.refused else {
            for ask in &asks {
                let answer = self.stage.client.send(&caller, ask).await?;
                self.must_be_done(step, ask, &answer)?;
            }
            if step.does == "move_cases" {
                self.moved(&caller).await?;
            }
            return self.stage.keep_up().await;
        };
        let [ask] = asks.as_slice() else {
            bail!("of many requests none can be said to be refused")
        };
        self.stage.keep_up().await?;
        let before = self.checkpoint().await?;
        must_be_refused(code, ask, &self.stage.client.send(&caller, ask).await?)?;
        self.stage.keep_up().await?;
        let after = self.checkpoint().await?;
        ensure!(before == after, "{ask} was refused, but the journal has grown");
        Ok(())
    }

    fn must_be_done(&mut self, step: &Step, ask: &Ask, answer: &Answer) -> Result<()> {
        ensure!(answer.is_done(), "{ask} should be done, but was refused: {answer}");
        if step.names_a_case()
            && let Some(name) = &step.case
        {
            let text = |key| answer.body.get(key).and_then(Value::as_str).map(str::to_owned);
            let named = Named {
                id: text("id").context("a case without an id")?,
                claim: text("claim_code"),
                opener: step.who.clone(),
            };
            self.cases.insert(name.clone(), named);
        }
        Ok(())
    }

    /// Gives a name to the newest case of a procedure, which a cycle opened.
    async fn find(&mut self, step: &Step) -> Result<()> {
        let procedure = step.procedure.as_deref().context("find: of which procedure?")?;
        let name = step.case.clone().context("find: give the case a name")?;
        let mut query = vec![("procedure", procedure), ("limit", "200")];
        query.extend(step.with.get("place").and_then(toml::Value::as_str).map(|it| ("place", it)));
        let listed = self.stage.ask_as(cast::AUDIT, &Ask::get("/cases", &query)).await?;
        let number = |it: &&Value| it.get("number").and_then(Value::as_str).map(str::to_owned);
        let newest = items(&listed).max_by_key(number);
        let newest = newest.with_context(|| format!("there is no case of {procedure}"))?;
        let id = cast::text(newest, "id")?.to_owned();
        self.cases.insert(name, Named { id, claim: None, opener: step.who.clone() });
        Ok(())
    }

    /// Origin, size and root of the journal's log.
    async fn checkpoint(&self) -> Result<Vec<String>> {
        let ask = Ask::get("/journal/checkpoint", &[]);
        let note = self.stage.client.done(&Caller::Nobody, &ask).await?;
        let note = note.as_str().context("a checkpoint is a text")?;
        Ok(note.lines().take(3).map(str::to_owned).collect())
    }

    /// Moves the clock to where the step happens; everything due in between is done when it is due.
    async fn move_clock(&mut self, step: &Step) -> Result<()> {
        let Some(when) = step.at else { return Ok(()) };
        let shelf = self.stage.county.shelf().await?;
        let before = local(self.stage.now());
        let at = when.after(before, |day, n| shelf.calendar.workday_after(day, n))?;
        ensure!(at >= before, "the clock cannot go back from {before} to {at}");
        let at = instant(at)?;
        loop {
            let (due, round) = (self.first_due(at).await?, self.next_round(at).await?);
            match (due, round) {
                (None, None) => break,
                (Some(due), round) if round.is_none_or(|round| due <= round) => {
                    self.stage.hands.set(due);
                    let acted = run_due(&self.stage.county).await?;
                    ensure!(acted > 0, "the clock could not act at {due}");
                }
                (_, Some(round)) => {
                    self.stage.hands.set(round);
                    run_cycles(&self.stage.county).await?;
                }
                (Some(_), None) => {}
            }
            self.stage.keep_up().await?;
        }
        self.stage.hands.set(at);
        Ok(())
    }

    /// The first moment after now, and not after `at`, in which a cycle of the pack comes.
    async fn next_round(&self, at: Timestamp) -> Result<Option<Timestamp>> {
        let shelf = self.stage.county.shelf().await?;
        let now = self.stage.now();
        let cycles = shelf.current.iter().flat_map(|pack| pack.cycles.values());
        let moments = cycles.filter_map(|it| method::cycles::next(it, &shelf.calendar, now));
        Ok(moments.filter(|moment| *moment <= at).min())
    }

    /// The first second not after `at` in which a timer has run out.
    async fn first_due(&self, at: Timestamp) -> Result<Option<Timestamp>> {
        let mut late = at.as_second();
        if !self.is_due(late).await? {
            return Ok(None);
        }
        let mut early = self.stage.now().as_second() - 1;
        while late - early > 1 {
            let middle = early + (late - early) / 2;
            match self.is_due(middle).await? {
                true => late = middle,
                false => early = middle,
            }
        }
        Ok(Some(Timestamp::from_second(late)?))
    }

    async fn is_due(&self, second: i64) -> Result<bool> {
        let at = second * 1_000_000;
        let due = self
            .stage
            .county
            .look(Actor::system("clock"), move |tx, _| {
                Box::pin(async move {
                    Ok::<_, Error>(!store::cases::timers(tx, at, 1).await?.is_empty())
                })
            })
            .await?;
        Ok(due)
    }

    /// Who does a step, as a client.
    async fn actor(&mut self, step: &Step) -> Result<Caller> {
        let caller = match step.who.as_deref() {
            None => Caller::Nobody,
            Some("claim") => self.claim(step.case.as_deref().unwrap_or_default())?,
            Some(who) => self.client_of(who).await?,
        };
        match &step.acting {
            Some(post) => Ok(caller.acting_in(&self.stage.post(post).await?)),
            None => Ok(caller),
        }
    }

    /// A person of the story, or whoever holds a post, as a client.
    pub async fn client_of(&mut self, who: &str) -> Result<Caller> {
        match PostName::try_from(who.to_owned()) {
            Ok(post) => self.stage.holder(&post).await,
            Err(_) => self.stage.caller(who).await,
        }
    }

    /// Whoever holds the claim code of a case.
    pub fn claim(&self, path: &str) -> Result<Caller> {
        let name = path.split('/').next().unwrap_or_default();
        let claim = self.cases.get(name).and_then(|it| it.claim.clone());
        Ok(Caller::Claim(claim.with_context(|| format!("`{name}` has no claim code"))?))
    }

    /// The case as the audit administrator sees it; a sensitive one as whoever opened it.
    pub async fn case(&mut self, path: &str) -> Result<Value> {
        let ask = Ask::get(&format!("/cases/{}", self.id(path).await?), &[]);
        let opener = self.cases.get(path).and_then(|it| it.opener.clone());
        match (self.stage.ask_as(cast::AUDIT, &ask).await, opener) {
            (Err(_), Some(opener)) => {
                let opener = self.client_of(&opener).await?;
                self.stage.client.done(&opener, &ask).await
            }
            (seen, _) => seen,
        }
    }

    /// The id of a case by its name or chain of names.
    pub async fn id(&mut self, path: &str) -> Result<String> {
        let mut names = path.split('/');
        let first = names.next().unwrap_or_default();
        let mut id = self.cases.get(first).map(|it| it.id.clone());
        for name in names {
            let Some(above) = id else { break };
            let (procedure, unit) = name.split_once('@').unzip();
            id = self.hanging_on(&above, procedure.unwrap_or(name), unit).await?;
        }
        id.with_context(|| format!("there is no case `{path}`"))
    }

    /// The newest case of a procedure that hangs on another; of a unit, where one is named.
    async fn hanging_on(
        &mut self,
        above: &str,
        procedure: &str,
        unit: Option<&str>,
    ) -> Result<Option<String>> {
        let unit = match unit {
            Some(code) => {
                Some(self.stage.orgs.get(code).with_context(|| format!("no unit {code}"))?)
            }
            None => None,
        };
        let unit = unit.cloned();
        let ask = Ask::get("/cases", &[("procedure", procedure), ("limit", "200")]);
        let listed = self.stage.ask_as(cast::AUDIT, &ask).await?;
        let mut newest: Option<(String, String)> = None;
        for line in listed.get("items").and_then(Value::as_array).into_iter().flatten() {
            let id = cast::text(line, "id")?;
            let ask = Ask::get(&format!("/cases/{id}"), &[]);
            let case = self.stage.ask_as(cast::AUDIT, &ask).await?;
            let at = |path| case.pointer(path).and_then(Value::as_str);
            let fits = at("/parent/case") == Some(above)
                && unit.as_deref().is_none_or(|unit| at("/fields/unit") == Some(unit));
            let number = cast::text(&case, "number")?.to_owned();
            if fits && newest.as_ref().is_none_or(|(last, _)| *last < number) {
                newest = Some((number, id.to_owned()));
            }
        }
        Ok(newest.map(|(_, id)| id))
    }

    /// The timeline of a case, a line an entry, for whoever must find out what went wrong.
    async fn history(&mut self, case: Option<&str>) -> Result<Vec<String>> {
        let Some(path) = case else { bail!("no case") };
        let id = self.id(path).await?;
        let ask = Ask::get(&format!("/cases/{id}/history"), &[]);
        let moments = self.stage.ask_as(cast::AUDIT, &ask).await?;
        let line = |it: &Value| {
            let of = |key| it.get(key).and_then(Value::as_str).unwrap_or("-");
            let at = |key| match of(key).parse::<Timestamp>() {
                Ok(at) => local(at).strftime("%m-%d %H:%M").to_string(),
                Err(_) => "-".to_owned(),
            };
            format!(
                "{}  {:<14} → {:<12} due {:<11} promise {:<11} by {}",
                at("at"),
                of("action"),
                of("state"),
                at("due_at"),
                at("promise_at"),
                of("by"),
            )
        };
        Ok(moments.as_array().into_iter().flatten().map(line).collect())
    }
}

/// A question, without its answer.
pub fn question(count: &Count) -> String {
    format!("{:?}", Count { is: Number::Is(0), ..count.clone() })
}

/// Whether a truth says that somebody was late and that it had consequences.
fn is_late(truth: &Truth) -> bool {
    match truth {
        Truth::Case(it) => ["supervise", "bulletin"].iter().any(|act| it.did.contains_key(*act)),
        _ => false,
    }
}

fn must_be_refused(code: &str, ask: &Ask, answer: &Answer) -> Result<()> {
    ensure!(!answer.is_done(), "{ask} should be refused with `{code}`, but was done");
    let refused = answer.codes().iter().any(|it| it == code);
    ensure!(refused, "{ask} should be refused with `{code}`, but was with {answer}");
    Ok(())
}
