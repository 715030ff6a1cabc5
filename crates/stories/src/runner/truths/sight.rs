//! Who sees a case: the case itself, its timeline, every list and search, the stream of what
//! happened. Whoever sees one sees them all, and whoever does not finds it nowhere.

use super::Differences;
use crate::runner::client::{Ask, Caller};
use crate::runner::play::Play;
use crate::runner::story::{CaseTruth, Person};
use anyhow::Result;
use serde_json::Value;

impl Play {
    pub(super) async fn sight_truth(
        &mut self,
        it: &CaseTruth,
        case: &Value,
        found: &mut Differences,
    ) -> Result<()> {
        for who in &it.sees {
            self.must_see(who, case, found).await?;
        }
        for who in &it.does_not_see {
            self.must_not_see(who, case, found).await?;
        }
        for who in &it.asker_hidden_from {
            self.must_not_know_the_asker(who, (it, case), found).await?;
        }
        Ok(())
    }

    async fn onlooker(&mut self, who: &str, case: &Value) -> Result<Caller> {
        let id = case.get("id").and_then(Value::as_str);
        match who {
            "public" => Ok(Caller::Nobody),
            "claim" => {
                let named = self.cases.iter().find(|(_, it)| Some(it.id.as_str()) == id);
                self.claim(&named.map(|(name, _)| name.clone()).unwrap_or_default())
            }
            who => self.client_of(who).await,
        }
    }

    async fn must_see(&mut self, who: &str, case: &Value, found: &mut Differences) -> Result<()> {
        let (caller, id) = (self.onlooker(who, case).await?, id(case));
        for path in [format!("/cases/{id}"), format!("/cases/{id}/history")] {
            let ask = Ask::get(&path, &[]);
            let answer = self.stage.client.send(&caller, &ask).await?;
            if !answer.is_done() {
                found.wrong(format!("{who} should see the case, but {ask} is refused: {answer}"));
            }
        }
        // A claim code opens one case and lists none.
        let lists = matches!(caller, Caller::Session { .. });
        if lists && !self.lists(&caller, &[], &id).await? {
            found.wrong(format!("{who} sees the case, but does not find it in the list"));
        }
        Ok(())
    }

    async fn must_not_see(
        &mut self,
        who: &str,
        case: &Value,
        found: &mut Differences,
    ) -> Result<()> {
        let (caller, id) = (self.onlooker(who, case).await?, id(case));
        for path in [format!("/cases/{id}"), format!("/cases/{id}/history")] {
            let ask = Ask::get(&path, &[]);
            if self.stage.client.send(&caller, &ask).await?.is_done() {
                found.wrong(format!("{who} should not see the case, but is answered {ask}"));
            }
        }
        let title = case.get("title").and_then(Value::as_str).unwrap_or_default();
        for query in [&[][..], &[("q", title)], &[("owner", "me")], &[("open", "true")]] {
            if self.lists(&caller, query, &id).await? {
                found.wrong(format!("{who} should not see the case, but finds it by {query:?}"));
            }
        }
        if self.stage.client.feed(&caller).await?.contains(&id) {
            found.wrong(format!("{who} should not see the case, but it is in the feed"));
        }
        Ok(())
    }

    /// Whether a list holds a case, whatever page it stands on.
    async fn lists(&self, caller: &Caller, query: &[(&str, &str)], id: &str) -> Result<bool> {
        let mut after: Option<String> = None;
        loop {
            let mut query = query.to_vec();
            query.push(("limit", "200"));
            query.extend(after.as_deref().map(|after| ("after", after)));
            let answer = self.stage.client.send(caller, &Ask::get("/cases", &query)).await?;
            let items = answer.body.get("items").and_then(Value::as_array);
            let mut items = items.into_iter().flatten();
            if items.any(|it| it.get("id").and_then(Value::as_str) == Some(id)) {
                return Ok(true);
            }
            after = answer.body.get("next").and_then(Value::as_str).map(str::to_owned);
            if after.is_none() {
                return Ok(false);
            }
        }
    }

    /// Neither name nor number of the asker, not even masked, stands in anything that is shown.
    async fn must_not_know_the_asker(
        &mut self,
        who: &str,
        (truth, case): (&CaseTruth, &Value),
        found: &mut Differences,
    ) -> Result<()> {
        let (caller, id) = (self.onlooker(who, case).await?, id(case));
        let secrets = self.secrets(&truth.case);
        for path in ["", "/history", "/actions"] {
            let ask = Ask::get(&format!("/cases/{id}{path}"), &[]);
            let answer = self.stage.client.send(&caller, &ask).await?;
            if !answer.is_done() {
                found.wrong(format!("{who} should see the case, but {ask} is refused: {answer}"));
            }
            let shown = answer.body.to_string();
            for secret in secrets.iter().filter(|it| shown.contains(it.as_str())) {
                found.wrong(format!("{who} should not know the asker, but {ask} says {secret}"));
            }
            if answer.body.get("contact").is_some_and(|it| !it.is_null()) {
                found.wrong(format!("{who} should not know the asker, but {ask} has a contact"));
            }
        }
        let look = serde_json::json!({ "fields": ["contact"], "purpose": "核实情况" });
        let ask = Ask::post(&format!("/cases/{id}/reveal"), look);
        if self.stage.client.send(&caller, &ask).await?.is_done() {
            found.wrong(format!("{who} should not know the asker, but {ask} is answered"));
        }
        Ok(())
    }

    /// What gives the asker of a case away.
    fn secrets(&self, path: &str) -> Vec<String> {
        let name = path.split('/').next().unwrap_or_default();
        let opener = self.cases.get(name).and_then(|it| it.opener.as_ref());
        match opener.and_then(|it| self.people.get(it)) {
            Some(Person::Resident(it)) => {
                let tail: String = it.phone.chars().skip(it.phone.chars().count() - 4).collect();
                vec![it.name.clone(), it.phone.clone(), format!("****{tail}")]
            }
            _ => Vec::new(),
        }
    }
}

fn id(case: &Value) -> String {
    case.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}
