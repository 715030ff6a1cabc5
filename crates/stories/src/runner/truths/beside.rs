//! What is true beside cases: rows of registers, balances, gatherings, words on boards.

use super::Differences;
use crate::runner::cast::{AUDIT, text};
use crate::runner::client::{Ask, Caller};
use crate::runner::gathered::{is, items, list};
use crate::runner::play::Play;
use crate::runner::story::{BalanceTruth, GatheringTruth, PublicationTruth, RecordTruth};
use anyhow::{Context, Result};
use serde_json::Value;

impl Play {
    pub(super) async fn record_truth(
        &mut self,
        it: &RecordTruth,
        found: &mut Differences,
    ) -> Result<()> {
        let it = &it.record;
        let what = format!("the row `{}` of {}", it.key, it.register);
        let who = it.who.as_deref().unwrap_or(AUDIT);
        let row = self.row(who, &it.register, &it.key).await?;
        found.equal(&format!("whether there is {what}"), &it.there, &row.is_some());
        let Some(row) = row.filter(|_| it.there) else { return Ok(()) };
        for (column, should) in &it.columns {
            let fact = row.get("columns").into_iter().flat_map(list);
            let fact = fact.into_iter().find(|it| is(it, "field", column));
            let said = fact.and_then(|it| it.get("text")).and_then(Value::as_str);
            found.equal(&format!("{column} of {what}"), should, &said.unwrap_or_default().into());
        }
        Ok(())
    }

    pub(super) async fn balance_truth(
        &mut self,
        it: &BalanceTruth,
        found: &mut Differences,
    ) -> Result<()> {
        let it = &it.balance;
        let holder = match &it.holder {
            Some(holder) => Some(self.holder(holder).await?),
            None => None,
        };
        let path = format!("/ledgers/{}/accounts", it.ledger);
        let (mut after, mut balance) = (String::new(), 0);
        loop {
            let query: Vec<(&str, &str)> =
                [("limit", "100"), ("after", after.as_str())].into_iter().collect();
            let page = self.stage.ask_as(AUDIT, &Ask::get(&path, &query)).await?;
            let fits = |row: &&Value| {
                let of = row.get("holder").and_then(Value::as_str);
                is(row, "account", &it.account) && of == holder.as_deref()
            };
            if let Some(row) = items(&page).find(fits) {
                balance = row.get("balance").and_then(Value::as_i64).context("a balance")?;
                break;
            }
            match page.get("next").and_then(Value::as_str) {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        let whose = it.holder.as_ref().map(|it| format!(" of {it}")).unwrap_or_default();
        let what = format!("the balance of {}{whose} in {}", it.account, it.ledger);
        found.equal(&what, &it.is, &balance);
        Ok(())
    }

    /// Whoever has an account: a case or a person of the story, else a unit or a place by code.
    async fn holder(&mut self, named: &str) -> Result<String> {
        if self.cases.contains_key(named.split('/').next().unwrap_or_default()) {
            return self.id(named).await;
        }
        if let Some(unit) = self.stage.orgs.get(named) {
            return Ok(unit.clone());
        }
        if self.people.contains_key(named) {
            return self.stage.person(named).await;
        }
        let place = self.stage.ask_as(AUDIT, &Ask::get(&format!("/places/{named}"), &[])).await?;
        Ok(place.get("id").and_then(Value::as_str).context("a place has an id")?.to_owned())
    }

    pub(super) async fn gathering_truth(
        &mut self,
        it: &GatheringTruth,
        found: &mut Differences,
    ) -> Result<()> {
        let it = &it.gathering;
        let who = it.who.as_deref().unwrap_or(AUDIT);
        let is = self.gathering(who, it.case.as_deref(), Some(&it.kind)).await?;
        let said = |what: &str| format!("{what} of the {}", it.kind);
        if let Some(minuted) = it.minuted {
            let kept = is.get("minutes").is_some_and(|it| !it.is_null());
            found.equal(&said("whether there are minutes"), &minuted, &kept);
        }
        for (key, should) in [("called", it.called), ("cast", it.cast)] {
            if should.is_some() {
                let n = is.pointer(&format!("/ballot/{key}")).and_then(Value::as_i64);
                found.equal(&said(&format!("how many were {key}")), &should, &n);
            }
        }
        if it.open.is_some() {
            let open = is.pointer("/ballot/open").and_then(Value::as_bool);
            found.equal(&said("whether votes are taken"), &it.open, &open);
        }
        if it.votes.is_some() {
            let votes = is.pointer("/ballot/votes").map(list);
            let votes = votes.map(|it| it.filter_map(Value::as_i64).collect::<Vec<_>>());
            found.equal(&said("the votes"), &it.votes, &votes);
        }
        match &it.agenda {
            Some(agenda) => self.agenda_truth((who, text(&is, "id")?), agenda, found).await,
            None => Ok(()),
        }
    }

    async fn agenda_truth(
        &mut self,
        (who, id): (&str, &str),
        agenda: &[String],
        found: &mut Differences,
    ) -> Result<()> {
        let is = self.ask_of(who, &Ask::get(&format!("/gatherings/{id}"), &[])).await?;
        let lines = is.pointer("/agenda/items").into_iter().flat_map(list);
        let ids = lines.filter_map(|it| it.get("id")?.as_str());
        let mut on_it: Vec<String> = ids.map(str::to_owned).collect();
        let mut wanted = Vec::new();
        for case in agenda {
            wanted.push(self.id(case).await?);
        }
        on_it.sort();
        wanted.sort();
        found.equal("the cases on the agenda", &wanted, &on_it);
        Ok(())
    }

    pub(super) async fn publication_truth(
        &mut self,
        it: &PublicationTruth,
        found: &mut Differences,
    ) -> Result<()> {
        let it = &it.publication;
        let caller = match it.who.as_deref() {
            None | Some("public") => Caller::Nobody,
            Some(who) => self.client_of(who).await?,
        };
        let ask = Ask::get(&format!("/boards/{}/publications", it.board), &[("place", &it.place)]);
        let page = self.stage.client.done(&caller, &ask).await?;
        let texts = |shown: &Value| -> Vec<String> {
            let facts = shown.get("facts").into_iter().flat_map(list);
            facts.filter_map(|it| it.get("text")?.as_str().map(str::to_owned)).collect()
        };
        let fits = |shown: &&Value| {
            let texts = texts(shown);
            it.shows.iter().all(|said| texts.iter().any(|text| text.contains(said.as_str())))
        };
        let standing = i64::try_from(items(&page).filter(fits).count())?;
        let what = format!("how often {:?} stands on {} at {}", it.shows, it.board, it.place);
        found.equal(&what, &it.is, &standing);
        Ok(())
    }
}
