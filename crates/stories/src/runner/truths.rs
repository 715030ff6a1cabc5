//! Whether what a story says is true: asked of the program over HTTP, told as what was expected and
//! what was found. All truths of a step are asked before the story stops.

mod beside;
mod case;
mod count;
mod sight;

use super::cast::AUDIT;
use super::client::Ask;
use super::gathered::{is, list};
use super::play::{Play, question};
use super::story::{Change, CountTruth, Number, RateTruth, ServiceTruth, TallyTruth, Truth};
use anyhow::{Context, Result, anyhow, ensure};
use serde_json::Value;
use std::fmt::Debug;

/// What was not as it should be.
#[derive(Default)]
pub(super) struct Differences(Vec<String>);

impl Differences {
    /// Compares what should be with what is.
    pub(super) fn equal<T: PartialEq + Debug>(&mut self, what: &str, expected: &T, found: &T) {
        if expected != found {
            self.0.push(format!("{what} should be {expected:?}, but is {found:?}"));
        }
    }

    /// Notes what is wrong.
    fn wrong(&mut self, what: String) {
        self.0.push(what);
    }
}

impl Play {
    /// Asks truths; the case that the first wrong one is about, and all that is wrong.
    pub(super) async fn truths(
        &mut self,
        truths: &[Truth],
    ) -> Result<(), (Option<String>, anyhow::Error)> {
        let (mut about, mut told) = (None, Vec::new());
        for truth in truths {
            let mut found = Differences::default();
            let asked = self.truth(truth, &mut found).await;
            asked.unwrap_or_else(|why| found.wrong(format!("{why:#}")));
            if let (Truth::Case(it), None, false) = (truth, &about, found.0.is_empty()) {
                about = Some(it.case.clone());
            }
            told.extend(found.0);
        }
        if told.is_empty() { Ok(()) } else { Err((about, anyhow!(told.join("\n    and ")))) }
    }

    async fn truth(&mut self, truth: &Truth, found: &mut Differences) -> Result<()> {
        match truth {
            Truth::Case(it) => self.case_truth(it, found).await,
            Truth::Rate(it) => self.rate_truth(it, found).await,
            Truth::Count(it) => self.count_truth(it, found).await,
            Truth::Service(it) => self.service_truth(it, found).await,
            Truth::Record(it) => self.record_truth(it, found).await,
            Truth::Balance(it) => self.balance_truth(it, found).await,
            Truth::Gathering(it) => self.gathering_truth(it, found).await,
            Truth::Publication(it) => self.publication_truth(it, found).await,
            Truth::Shift(it) => self.shift_truth(&it.shift, found).await,
            Truth::Tally(it) => self.tally_truth(it, found).await,
            Truth::Imported(it) => self.imported_truth(&it.imported, found),
        }
    }

    async fn rate_truth(&mut self, it: &RateTruth, found: &mut Differences) -> Result<()> {
        let days = [("from", it.from), ("to", it.to)];
        let days = days.map(|(key, day)| (key, day.map(|day| day.to_string())));
        let mut query: Vec<(&str, &str)> =
            days.iter().filter_map(|(key, day)| Some((*key, day.as_deref()?))).collect();
        query.extend(it.place.as_deref().map(|place| ("place", place)));
        let name = &it.rate.name;
        let rate = self.rate(name, &query).await?;
        let cell = |key| rate.get(key).and_then(Value::as_i64);
        for (key, expected) in [
            ("numerator", Some(it.rate.numerator)),
            ("denominator", Some(it.rate.denominator)),
            ("excluded", it.rate.excluded),
        ] {
            if expected.is_some() {
                found.equal(&format!("the {key} of `{name}`"), &expected, &cell(key));
            }
        }
        if it.rate.value.is_some() {
            let value = rate.get("value").and_then(Value::as_f64);
            let percent = value.map(|share| format!("{:.2}", share * 100.0));
            found.equal(&format!("the value of `{name}` in %"), &it.rate.value, &percent);
        }
        Ok(())
    }

    /// A rate that the program keeps, else an indicator of the pack.
    async fn rate(&mut self, name: &str, query: &[(&str, &str)]) -> Result<Value> {
        let rates = self.stage.ask_as(AUDIT, &Ask::get("/rates", query)).await?;
        if let Some(rate) = rates.get(name) {
            return Ok(rate.clone());
        }
        let indicators = self.stage.ask_as(AUDIT, &Ask::get("/indicators", query)).await?;
        let found = list(&indicators).find(|it| is(it, "id", name));
        let found = found.with_context(|| format!("there is no rate or indicator `{name}`"))?;
        found.get("whole").cloned().context("an indicator has a whole")
    }

    async fn tally_truth(&mut self, it: &TallyTruth, found: &mut Differences) -> Result<()> {
        let TallyTruth { tally, place } = it;
        let mut query = vec![("by", tally.by.as_str())];
        query.extend(place.as_deref().map(|place| ("place", place)));
        let tallies = self.stage.ask_as(AUDIT, &Ask::get("/tallies", &query)).await?;
        let rows: Vec<&Value> = tallies.get("rows").into_iter().flat_map(list).collect();
        if let Some(should) = tally.rows {
            found.equal(&format!("the number counted by {}", tally.by), &should, &rows.len());
        }
        let Some(of) = &tally.of else {
            ensure!(tally.rows.is_some() && tally.counts.is_empty(), "tally: say counts of what");
            return Ok(());
        };
        let row = rows.into_iter().find(|it| is(it, "key", of));
        for (name, should) in &tally.counts {
            let is = row.and_then(|it| it.pointer(&format!("/counts/{name}"))?.as_i64());
            found.equal(&format!("{name} of {of}"), &Some(*should), &is);
        }
        Ok(())
    }

    async fn count_truth(&mut self, it: &CountTruth, found: &mut Differences) -> Result<()> {
        let is = self.count(&it.count).await?;
        let should = match it.count.is {
            Number::Is(n) => n,
            Number::More(Change(change)) => {
                let before = self.before.get(&question(&it.count));
                before.context("a number that was not asked before")? + change
            }
        };
        found.equal(&told(&it.count), &should, &is);
        Ok(())
    }

    async fn service_truth(&mut self, it: &ServiceTruth, found: &mut Differences) -> Result<()> {
        let it = &it.service_people;
        let ask = Ask::get(&format!("/places/{}/service-people", it.place), &[]);
        let people = self.stage.client.done(&Default::default(), &ask).await?;
        let people = people.as_array().cloned().unwrap_or_default();
        let of =
            |person: &Value, key: &str| person.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(roles) = &it.roles {
            let is: Vec<String> = people.iter().filter_map(|it| of(it, "role")).collect();
            found.equal("the roles of the service people", roles, &is);
        }
        if let Some(masked) = it.masked {
            for key in ["name", "phone"] {
                let shown: Vec<String> = people.iter().filter_map(|it| of(it, key)).collect();
                found.equal(&format!("whether there is a {key}"), &true, &!shown.is_empty());
                for shown in shown {
                    let what = format!("whether the {key} `{shown}` is masked");
                    found.equal(&what, &masked, &shown.contains('*'));
                }
            }
        }
        if let (Some(role), Some(post)) = (&it.role, &it.post) {
            let answers = people.iter().find(|it| of(it, "role").as_ref() == Some(role));
            let is = answers.and_then(|it| of(it, "post"));
            let should = self.stage.post(post).await?;
            if is.as_ref() != Some(&should) {
                let is = answers.map(Value::to_string).unwrap_or_default();
                found.wrong(format!("{post} should answer as {role}, but {is}"));
            }
        }
        Ok(())
    }
}

/// A number in words.
fn told(count: &super::story::Count) -> String {
    let narrow = [
        ("level", &count.level),
        ("below", &count.below),
        ("role", &count.role),
        ("selection", &count.selection),
        ("kind", &count.kind),
        ("procedure", &count.procedure),
        ("state", &count.state),
        ("as seen by", &count.who),
    ];
    let narrow: Vec<String> =
        narrow.iter().filter_map(|(key, it)| Some(format!("{key} {}", it.as_ref()?))).collect();
    format!("the number of {:?} ({})", count.of, narrow.join(", ")).to_lowercase()
}
