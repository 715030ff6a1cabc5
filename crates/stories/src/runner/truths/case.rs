//! What is true of one case, as the audit administrator sees it; who else sees it is `sight`.

use super::Differences;
use crate::runner::cast::AUDIT;
use crate::runner::client::Ask;
use crate::runner::play::Play;
use crate::runner::story::{CaseTruth, Owner};
use crate::runner::when::{Until, local};
use anyhow::{Context, Result};
use jiff::Timestamp;
use serde_json::Value;

/// The state in which a case has been dispatched.
const DISPATCHED: &str = "dispatched";

impl Play {
    pub(super) async fn case_truth(
        &mut self,
        it: &CaseTruth,
        found: &mut Differences,
    ) -> Result<()> {
        let case = self.case(&it.case).await?;
        let said = |what: &str| format!("{what} of `{}`", it.case);
        let text = |path: &str| case.pointer(path).and_then(Value::as_str).map(str::to_owned);
        for (what, path, should) in [
            ("the state", "/state", &it.state),
            ("the end", "/end", &it.end),
            ("the matter", "/matter", &it.matter),
            ("the hiding", "/asker", &it.hiding),
        ] {
            if should.is_some() {
                found.equal(&said(what), should, &text(path));
            }
        }
        for (what, path, should) in [
            ("whether the clock runs", "/clock/running", it.running),
            ("whether the dates are estimated", "/clock/estimated", it.estimated),
        ] {
            if should.is_some() {
                let is = case.pointer(path).and_then(Value::as_bool);
                found.equal(&said(what), &should, &is);
            }
        }
        for (what, path, should) in [
            ("the due date", "/clock/due_at", it.due),
            ("the promise", "/clock/promise_at", it.promise),
            ("the end of the wait", "/clock/paused_until", it.paused_until),
        ] {
            if let Some(should) = should {
                dated(&said(what), (should, text(path)), found);
            }
        }
        if it.number == Some(true) && text("/number").is_none_or(|it| it.is_empty()) {
            found.wrong(format!("`{}` should have a number", it.case));
        }
        if let Some(children) = it.children {
            let open = case.get("children").and_then(Value::as_object).into_iter().flatten();
            let is = open.filter_map(|(_, n)| n.as_i64()).sum();
            found.equal(&said("the open children"), &children, &is);
        }
        self.owner_truth(it, &case, found).await?;
        self.history_truth(it, found).await?;
        self.shown_truth(it, found).await?;
        self.sight_truth(it, &case, found).await
    }

    async fn owner_truth(
        &mut self,
        it: &CaseTruth,
        case: &Value,
        found: &mut Differences,
    ) -> Result<()> {
        let Some(owner) = &it.owner else { return Ok(()) };
        let of = |key: &str| case.pointer(&format!("/owner/{key}")).and_then(Value::as_str);
        let should = match owner {
            Owner::Nobody => None,
            Owner::Post(post) => Some(self.stage.post(post).await?),
        };
        if should.as_deref() != of("post") {
            let should = match owner {
                Owner::Nobody => "nobody".to_owned(),
                Owner::Post(post) => post.to_string(),
            };
            let is = match (of("role"), of("title")) {
                (Some(role), Some(title)) => format!("{role} ({title})"),
                _ => "nobody".to_owned(),
            };
            found.wrong(format!("the owner of `{}` should be {should}, but is {is}", it.case));
        }
        Ok(())
    }

    async fn history_truth(&mut self, it: &CaseTruth, found: &mut Differences) -> Result<()> {
        if it.did.is_empty() && it.dispatches.is_none() {
            return Ok(());
        }
        let id = self.id(&it.case).await?;
        let ask = Ask::get(&format!("/cases/{id}/history"), &[]);
        let history = self.stage.ask_as(AUDIT, &ask).await?;
        let history = history.as_array().context("a history is a list")?;
        let of = |key: &'static str| {
            history.iter().map(move |it| it.get(key).and_then(Value::as_str).unwrap_or_default())
        };
        for (action, times) in &it.did {
            let is = of("action").filter(|it| it == action).count();
            found.equal(&format!("how often `{action}` was done to `{}`", it.case), times, &is);
        }
        if let Some(dispatches) = it.dispatches {
            let entered = of("state").zip(std::iter::once("").chain(of("state")));
            let is = entered.filter(|(now, before)| *now == DISPATCHED && now != before).count();
            let is = i64::try_from(is)?;
            found.equal(&format!("how often `{}` was dispatched", it.case), &dispatches, &is);
        }
        Ok(())
    }

    /// What the asker reads of the state.
    async fn shown_truth(&mut self, it: &CaseTruth, found: &mut Differences) -> Result<()> {
        let Some(should) = &it.shown else { return Ok(()) };
        let name = it.case.split('/').next().unwrap_or_default();
        let named = self.cases.get(name).cloned().context("no such case")?;
        let asker = match &named.opener {
            Some(opener) => self.client_of(opener).await?,
            None => self.claim(name)?,
        };
        let id = self.id(&it.case).await?;
        let seen = self.stage.client.done(&asker, &Ask::get(&format!("/cases/{id}"), &[])).await?;
        let is = seen.get("state_title").and_then(Value::as_str).unwrap_or_default().to_owned();
        found.equal(&format!("what the asker of `{}` is shown", it.case), should, &is);
        Ok(())
    }
}

fn dated(what: &str, (should, is): (Until, Option<String>), found: &mut Differences) {
    let at: Option<Timestamp> = is.and_then(|it| it.parse().ok());
    if !at.is_some_and(|at| should.is(at)) {
        let should = match should {
            Until::EndOf(day) => format!("the end of {day}"),
            Until::Minute(at) => at.to_string(),
        };
        let is = at.map_or("nothing".to_owned(), |at| local(at).to_string());
        found.wrong(format!("{what} should be {should}, but is {is}"));
    }
}
