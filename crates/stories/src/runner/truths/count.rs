//! Numbers of the network and of cases, counted by what the program answers.

use crate::runner::cast::{AUDIT, SYSTEM};
use crate::runner::client::{Ask, Caller};
use crate::runner::play::Play;
use crate::runner::story::{Count, Of};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;

impl Play {
    /// A number.
    pub(in crate::runner) async fn count(&mut self, it: &Count) -> Result<i64> {
        match it.of {
            Of::Places => {
                let census = self.census(it).await?;
                let level = it.level.as_deref().context("level is missing")?;
                Ok(census.pointer(&format!("/places/{level}")).and_then(Value::as_i64).unwrap_or(0))
            }
            Of::Households => number(&self.census(it).await?, "households"),
            Of::Posts => self.posts(it).await,
            Of::Units => number(&self.role(it).await?, "units"),
            Of::Overlaps => self.overlaps(it).await,
            Of::Gaps => self.gaps(it).await,
            Of::Unowned => self.unowned(it).await,
            Of::Most => Ok(self.posts_of_each(it).await?.into_iter().max().unwrap_or(0)),
            Of::Least => Ok(self.posts_of_each(it).await?.into_iter().min().unwrap_or(0)),
            Of::Visits => self.visits(it).await,
            Of::Cases => self.cases_listed(it).await,
            Of::Around => self.around(it).await,
            Of::Visited => self.visited(it).await,
        }
    }

    /// What anybody reads of the requests around a place.
    async fn around(&mut self, it: &Count) -> Result<i64> {
        let below = self.below(it).await?;
        let found =
            self.stage.ask_as(AUDIT, &Ask::get("/cases/around", &[("place", &below)])).await?;
        length(found.get("items"))
    }

    async fn visited(&mut self, it: &Count) -> Result<i64> {
        let (below, who) = (self.below(it).await?, it.who.as_deref().unwrap_or(SYSTEM));
        let query = [("place", &*below), ("procedure", "visit")];
        let found = self.stage.ask_as(who, &Ask::get("/doors", &query)).await?;
        let doors = found.as_array().into_iter().flatten();
        let visited = doors.filter(|it| it.get("last").is_some_and(Value::is_object)).count();
        Ok(i64::try_from(visited)?)
    }

    async fn below(&mut self, it: &Count) -> Result<String> {
        if let Some(code) = &it.below {
            return Ok(code.clone());
        }
        let root = self.stage.ask_as(AUDIT, &Ask::get("/places", &[])).await?;
        let code = root.pointer("/0/code").and_then(Value::as_str);
        Ok(code.context("there is no root")?.to_owned())
    }

    async fn census(&mut self, it: &Count) -> Result<Value> {
        let below = self.below(it).await?;
        self.stage.ask_as(AUDIT, &Ask::get(&format!("/places/{below}/census"), &[])).await
    }

    async fn role(&mut self, it: &Count) -> Result<Value> {
        let census = self.census(it).await?;
        let role = it.role.as_deref().context("role is missing")?;
        let mut roles = census.get("roles").and_then(Value::as_array).into_iter().flatten();
        let found = roles.find(|it| it.get("role").and_then(Value::as_str) == Some(role));
        Ok(found.cloned().unwrap_or(Value::Null))
    }

    async fn posts(&mut self, it: &Count) -> Result<i64> {
        let role = self.role(it).await?;
        match (&it.selection, it.held) {
            (Some(way), _) => {
                let found = role.pointer(&format!("/by_selection/{way}"));
                Ok(found.and_then(Value::as_i64).unwrap_or(0))
            }
            (None, None) => number(&role, "posts"),
            (None, Some(true)) => number(&role, "filled"),
            (None, Some(false)) => number(&role, "vacant"),
        }
    }

    async fn overlaps(&mut self, it: &Count) -> Result<i64> {
        let (below, level) = (self.below(it).await?, it.level.as_deref().unwrap_or_default());
        let ask = Ask::get(&format!("/places/{below}/layers/{level}/check"), &[]);
        let check = self.stage.ask_as(SYSTEM, &ask).await?;
        length(check.get("overlaps"))
    }

    /// Cells of the level above that are divided and not filled.
    async fn gaps(&mut self, it: &Count) -> Result<i64> {
        let level = it.level.as_deref().context("level is missing")?;
        let below = self.below(it).await?;
        let mut unfilled = 0;
        for cell in self.parents_of(&below, level).await? {
            let ask = Ask::get(&format!("/places/{cell}/layers/{level}/check"), &[]);
            let check = self.stage.ask_as(SYSTEM, &ask).await?;
            unfilled += i64::from(length(check.get("gaps"))? > 0);
        }
        Ok(unfilled)
    }

    /// Cells for which the program names nobody who answers in a role.
    async fn unowned(&mut self, it: &Count) -> Result<i64> {
        let level = it.level.as_deref().context("level is missing")?;
        let role = it.role.as_deref().context("role is missing")?;
        let below = self.below(it).await?;
        let mut unowned = 0;
        for cell in self.cells(&below, level).await? {
            let ask = Ask::get(&format!("/places/{cell}/service-people"), &[]);
            let people = self.stage.client.done(&Caller::Nobody, &ask).await?;
            let mut people = people.as_array().into_iter().flatten();
            let answers = people.find(|it| it.get("role").and_then(Value::as_str) == Some(role));
            let post = answers.and_then(|it| it.get("post")).and_then(Value::as_str);
            unowned += i64::from(post.is_none());
        }
        Ok(unowned)
    }

    /// How many posts of a role each place of a level has.
    async fn posts_of_each(&mut self, it: &Count) -> Result<Vec<i64>> {
        let level = it.level.as_deref().context("level is missing")?;
        let role = it.role.as_deref().context("role is missing")?;
        let below = self.below(it).await?;
        let mut each = Vec::new();
        for cell in self.cells(&below, level).await? {
            let ask = Ask::get("/posts", &[("place", &cell), ("role", role)]);
            each.push(length(Some(&self.stage.ask_as(SYSTEM, &ask).await?))?);
        }
        Ok(each)
    }

    async fn visits(&mut self, it: &Count) -> Result<i64> {
        let (below, today) = (self.below(it).await?, self.stage.today().to_string());
        let query = [("place", below.as_str()), ("from", "2000-01-01"), ("to", today.as_str())];
        let counts = self.stage.ask_as(AUDIT, &Ask::get("/visits", &query)).await?;
        let counts = counts.as_array().into_iter().flatten();
        let wanted = counts.filter(|row| {
            let kind = row.get("kind").and_then(Value::as_str);
            it.kind.is_none() || it.kind.as_deref() == kind
        });
        wanted.map(|row| number(row, "people")).sum()
    }

    /// All pages of a list, as somebody sees it.
    async fn cases_listed(&mut self, it: &Count) -> Result<i64> {
        let caller = match &it.who {
            Some(who) => self.client_of(who).await?,
            None => self.stage.caller(AUDIT).await?,
        };
        let open = it.open.map(|open| open.to_string());
        let narrow = [
            ("place", &it.below),
            ("procedure", &it.procedure),
            ("state", &it.state),
            ("open", &open),
        ];
        let narrow: Vec<(&str, &str)> =
            narrow.iter().filter_map(|(key, it)| Some((*key, it.as_deref()?))).collect();
        let (mut listed, mut after) = (0, None::<String>);
        loop {
            let mut query = narrow.clone();
            query.push(("limit", "200"));
            query.extend(after.as_deref().map(|after| ("after", after)));
            let page = self.stage.client.done(&caller, &Ask::get("/cases", &query)).await?;
            listed += length(page.get("items"))?;
            after = page.get("next").and_then(Value::as_str).map(str::to_owned);
            if after.is_none() {
                return Ok(listed);
            }
        }
    }

    /// Codes of the places of a level below a place, by the code of the place above each.
    async fn tree(&mut self, below: &str, level: &str) -> Result<BTreeMap<String, Vec<String>>> {
        let (mut found, mut waiting) = (BTreeMap::new(), vec![below.to_owned()]);
        while let Some(parent) = waiting.pop() {
            let ask = Ask::get("/places", &[("parent", &parent)]);
            let children = self.stage.client.done(&Caller::Nobody, &ask).await?;
            for child in children.as_array().into_iter().flatten() {
                let of = |key| child.get(key).and_then(Value::as_str).unwrap_or_default();
                let code = of("code").to_owned();
                if of("level") == level {
                    found.entry(parent.clone()).or_insert_with(Vec::new).push(code);
                } else if number(child, "children")? > 0 {
                    waiting.push(code);
                }
            }
        }
        Ok(found)
    }

    async fn cells(&mut self, below: &str, level: &str) -> Result<Vec<String>> {
        Ok(self.tree(below, level).await?.into_values().flatten().collect())
    }

    async fn parents_of(&mut self, below: &str, level: &str) -> Result<Vec<String>> {
        Ok(self.tree(below, level).await?.into_keys().collect())
    }
}

fn number(value: &Value, key: &str) -> Result<i64> {
    if value.is_null() {
        return Ok(0);
    }
    let found = value.get(key).and_then(Value::as_i64);
    found.with_context(|| format!("no number `{key}` in {value}"))
}

fn length(list: Option<&Value>) -> Result<i64> {
    let list = list.and_then(Value::as_array).context("a list was expected")?;
    Ok(i64::try_from(list.len())?)
}
