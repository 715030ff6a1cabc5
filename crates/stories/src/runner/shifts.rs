//! Steps in which a desk goes from one to the next, and the records of them.

use super::cast::text;
use super::client::Ask;
use super::gathered::list;
use super::play::Play;
use super::story::Shift;
use super::truths::Differences;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

impl Play {
    /// A note for the next shift, and the cases to mind.
    pub(super) async fn handing_over(&mut self, with: Map<String, Value>) -> Result<Ask> {
        let note = with.get("note").context("hand_over_shift: with.note is missing")?;
        let mut cases = Vec::new();
        for name in with.get("cases").into_iter().flat_map(list).filter_map(Value::as_str) {
            cases.push(json!({ "case": self.id(name).await? }));
        }
        Ok(Ask::post("/shifts", json!({ "note": note, "cases": cases })))
    }

    /// Whoever takes over takes the record that was made last.
    pub(super) async fn taking_over(&mut self, who: Option<&str>) -> Result<Ask> {
        let newest = self.shift(who.context("nobody takes over without a log-in")?).await?;
        Ok(Ask::post(&format!("/shifts/{}/take", text(&newest, "id")?), json!({})))
    }

    async fn shift(&mut self, who: &str) -> Result<Value> {
        let shifts = self.ask_of(who, &Ask::get("/shifts", &[])).await?;
        list(&shifts).next().cloned().context("nobody has handed over")
    }

    pub(super) async fn shift_truth(&mut self, it: &Shift, found: &mut Differences) -> Result<()> {
        let newest = self.shift(&it.who).await?;
        for (key, should) in [("open", it.open), ("late", it.late)] {
            if should.is_some() {
                let is = newest.get(key).and_then(Value::as_i64);
                found.equal(&format!("{key} of the shift"), &should, &is);
            }
        }
        if let Some(should) = it.taken {
            let is = newest.get("taken").is_some_and(|it| !it.is_null());
            found.equal("whether somebody took over", &should, &is);
        }
        let Some(names) = &it.minds else { return Ok(()) };
        let mut should = Vec::new();
        for name in names {
            should.push(self.id(name).await?);
        }
        let minded = newest.get("items").into_iter().flat_map(list);
        let is: Result<Vec<String>> =
            minded.map(|it| text(it, "case").map(str::to_owned)).collect();
        let mut is = is?;
        should.sort();
        is.sort();
        found.equal("the cases to mind", &should, &is);
        Ok(())
    }
}
