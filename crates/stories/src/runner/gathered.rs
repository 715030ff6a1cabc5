//! Steps about what acts leave beside their cases: rows of registers, minutes, votes, words on boards.

use super::cast::{AUDIT, text};
use super::client::Ask;
use super::play::Play;
use super::story::Step;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};

/// Steps that may name the case whose gathering or publication it is.
pub const BESIDE: [&str; 3] = ["keep_minutes", "cast_vote", "withdraw_publication"];

type Form = Map<String, Value>;

impl Play {
    /// A new row, or with `row` the one that has this key, written anew.
    pub(super) async fn filling(&mut self, step: &Step, mut with: Form) -> Result<Ask> {
        let register = taken(&mut with, "register")?;
        let Some(row) = with.remove("row") else {
            return Ok(Ask::post(&format!("/registers/{register}/records"), with.into()));
        };
        let key = row.as_str().context("fill_record: with.row is the key of a row")?;
        let found = self.row(step.who.as_deref().unwrap_or(AUDIT), &register, key).await?;
        let found = found.with_context(|| format!("{register} has no row {key}"))?;
        let revision = found.get("revision").and_then(Value::as_i64).unwrap_or(0);
        let path = format!("/records/{}", text(&found, "id")?);
        Ok(Ask::put(&path, with.into()).on(revision))
    }

    /// The row of a register whose key column holds this.
    pub(super) async fn row(
        &mut self,
        who: &str,
        register: &str,
        key: &str,
    ) -> Result<Option<Value>> {
        let registers = self.ask_of(who, &Ask::get("/registers", &[])).await?;
        let defined = list(&registers).find(|it| is(it, "id", register));
        let defined = defined.with_context(|| format!("there is no register `{register}`"))?;
        let column = text(defined, "key")?.to_owned();
        let path = format!("/registers/{register}/records");
        let rows = self.ask_of(who, &Ask::get(&path, &[("search", key), ("limit", "100")])).await?;
        let holds = |row: &&Value| {
            let columns = row.get("columns").into_iter().flat_map(list);
            columns.into_iter().any(|it| is(it, "field", &column) && is(it, "text", key))
        };
        Ok(items(&rows).find(holds).cloned())
    }

    /// The newest gathering of a kind that a case called, or to which somebody is invited.
    pub(super) async fn gathering(
        &mut self,
        who: &str,
        case: Option<&str>,
        kind: Option<&str>,
    ) -> Result<Value> {
        let case = match case {
            Some(case) => Some(self.id(case).await?),
            None => None,
        };
        let query: Vec<(&str, &str)> = case.iter().map(|it| ("case", it.as_str())).collect();
        let found = self.ask_of(who, &Ask::get("/gatherings", &query)).await?;
        let fits = |it: &&Value| kind.is_none_or(|kind| is(it, "gathering", kind));
        items(&found).find(fits).cloned().context("there is no such gathering")
    }

    /// The requests of a step beside a case: several, where many doors vote alike.
    pub(super) async fn beside(&mut self, step: &Step, mut with: Form) -> Result<Vec<Ask>> {
        let who = step.who.clone().context("nobody does this without a log-in")?;
        let kind = with.remove("gathering");
        let kind = kind.as_ref().and_then(Value::as_str);
        match step.does.as_str() {
            "keep_minutes" => {
                let found = self.gathering(&who, step.case.as_deref(), kind).await?;
                let path = format!("/gatherings/{}/minutes", text(&found, "id")?);
                Ok(vec![Ask::post(&path, with.into())])
            }
            "cast_vote" => {
                let found = self.gathering(&who, step.case.as_deref(), kind).await?;
                let path = format!("/gatherings/{}/votes", text(&found, "id")?);
                let votes = self.votes(&who, with).await?;
                Ok(votes.into_iter().map(|vote| Ask::post(&path, vote)).collect())
            }
            "withdraw_publication" => {
                let id = self.publication(step, &mut with, &who).await?;
                Ok(vec![Ask::post(&format!("/publications/{id}/withdraw"), with.into())])
            }
            other => bail!("nobody can `{other}`"),
        }
    }

    /// One's own vote, a household's (`door`), or those of many doors of a place (`doors = "1-280"`, as
    /// they stand in the list).
    async fn votes(&mut self, who: &str, mut with: Form) -> Result<Vec<Value>> {
        let choice = taken(&mut with, "choice")?;
        let vote = |door: Option<&Value>| json!({ "household": door, "choice": choice });
        if let Some(doors) = with.remove("doors") {
            let (first, last) = range(doors.as_str().unwrap_or_default())?;
            let place = taken(&mut with, "place")?;
            let known = self.doors(who, &place).await?;
            ensure!(known.len() >= last, "{place} has {} doors only", known.len());
            let voting = known.iter().take(last).skip(first - 1);
            return Ok(voting.map(|it| vote(it.get("household"))).collect());
        }
        Ok(vec![vote(with.get("door"))])
    }

    /// The id of what stands on a board about the step's case.
    async fn publication(&mut self, step: &Step, with: &mut Form, who: &str) -> Result<String> {
        let case = step.case.as_deref().context("withdraw_publication: say of which case")?;
        let case = self.id(case).await?;
        let (board, place) = (taken(with, "board")?, taken(with, "place")?);
        let path = format!("/boards/{board}/publications");
        let shown = self.ask_of(who, &Ask::get(&path, &[("place", &place)])).await?;
        let about = |it: &&Value| it.pointer("/case/id").and_then(Value::as_str) == Some(&case);
        let found = items(&shown).find(about).context("nothing about it stands there")?;
        Ok(text(found, "id")?.to_owned())
    }

    /// Asks as a person of the story, who must be answered.
    pub(super) async fn ask_of(&mut self, who: &str, ask: &Ask) -> Result<Value> {
        let caller = self.client_of(who).await?;
        self.stage.client.done(&caller, ask).await
    }
}

fn taken(with: &mut Form, key: &str) -> Result<String> {
    let said = with.remove(key).and_then(|it| it.as_str().map(str::to_owned));
    said.with_context(|| format!("with.{key} is missing"))
}

/// `"3-5"`: the third to the fifth.
fn range(said: &str) -> Result<(usize, usize)> {
    let ends = said.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let sound = ends.filter(|(first, last): &(usize, usize)| *first >= 1 && first <= last);
    sound.with_context(|| format!("`{said}` is no range of doors: write 1-280"))
}

/// The members of a list.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The items of a page.
pub(super) fn items(page: &Value) -> impl Iterator<Item = &Value> {
    page.get("items").into_iter().flat_map(list)
}

/// Whether a text of an answer is this.
pub(super) fn is(value: &Value, key: &str, word: &str) -> bool {
    value.get(key).and_then(Value::as_str) == Some(word)
}
