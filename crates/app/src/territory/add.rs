//! Adding places to the tree: levels, codes and dates checked, all problems at once. Closing and
//! renaming is `close`.

use crate::{Error, Result, Work};
use jiff::civil::Date;
use method::decide::FieldProblem;
use model::access::Operation;
use model::journal::Event;
use model::territory::{CodeRule, Place};
use model::{Network, PlaceId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Most places in one request: a command must stay short.
const MOST: usize = 1000;

/// A place to be added.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewPlace {
    /// Code of the place directly above, which may stand earlier in the request; none for the root.
    pub parent: Option<String>,
    /// Its level in the pack.
    pub level: String,
    /// Its code; composed by the rule when none is given.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// First day on which it exists; today when none is given.
    pub from: Option<Date>,
    /// Other codes that lead to it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Places to be added, all or none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AddPlaces {
    /// The places, each after the one that contains it.
    pub places: Vec<NewPlace>,
    /// How codes below the official twelve digits are composed; three digits a level when unsaid.
    pub rule: Option<CodeRule>,
}

/// A place just added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedPlace {
    /// Its id.
    pub id: PlaceId,
    /// Its code, given or composed.
    pub code: String,
}

/// What is wrong with one place of a request: field, code, Chinese, English.
pub(super) type Wrong = (&'static str, &'static str, String, &'static str);

/// The network with what a request has added so far.
struct Growing<'a> {
    network: &'a Network,
    rule: &'a CodeRule,
    official_only: bool,
    today: Date,
    codes: HashMap<String, Place>,
    aliases: HashMap<String, PlaceId>,
    composed: HashMap<PlaceId, u32>,
}

/// Adds places; a level is never skipped, so every grid belongs to one community.
pub async fn add_places(
    tx: &mut Tx,
    work: &mut Work,
    request: &AddPlaces,
) -> Result<Vec<AddedPlace>> {
    work.may(Operation::AddPlace)?;
    if request.places.len() > MOST {
        return Err(Error::field("places", "too_many", "一次最多1000个地点", "at most 1000"));
    }
    let shelf = work.shelf.clone();
    let levels = shelf.network.levels().iter().map(|level| (level.id.clone(), 3)).collect();
    let usual = CodeRule { digits: levels };
    let mut growing = Growing {
        network: &shelf.network,
        rule: request.rule.as_ref().unwrap_or(&usual),
        official_only: request.rule.is_none(),
        today: work.today(),
        codes: HashMap::new(),
        aliases: HashMap::new(),
        composed: HashMap::new(),
    };
    let (mut sound, mut problems) = (Vec::new(), Vec::new());
    for (n, new) in request.places.iter().enumerate() {
        match growing.grow(new, work.draw.id()) {
            Ok(place) => sound.push((place, &new.aliases)),
            Err(wrong) => problems.push(told(n, wrong)),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut added = Vec::with_capacity(sound.len());
    for (place, aliases) in sound {
        let id = place.id;
        added.push(AddedPlace { id, code: place.code.clone() });
        work.record(tx, id.0, Event::PlaceAdded { place }).await?;
        for code in aliases {
            let event = Event::AliasAdded { place: id, code: code.clone() };
            work.record(tx, id.0, event).await?;
        }
    }
    Ok(added)
}

fn told(n: usize, (field, code, chinese, english): Wrong) -> FieldProblem {
    let field = format!("places.{n}.{field}");
    FieldProblem { field, code, chinese, english: english.to_owned() }
}

impl Growing<'_> {
    fn grow(&mut self, new: &NewPlace, id: PlaceId) -> std::result::Result<Place, Wrong> {
        let Some(level) = self.network.level(&new.level) else {
            return Err(("level", "unknown", "没有这个层级".to_owned(), "no such level"));
        };
        check_name(&new.name)?;
        let parent = self.parent(new, level)?;
        let code = match &new.code {
            Some(code) => code.clone(),
            None => self.compose(parent.as_ref(), &new.level)?,
        };
        for code in [&code].into_iter().chain(&new.aliases) {
            self.check_code(code)?;
        }
        let from = new.from.unwrap_or(self.today);
        if parent.as_ref().is_some_and(|it| !it.exists_on(from)) {
            let chinese = "上级地点在这一天不存在".to_owned();
            return Err(("from", "no_parent", chinese, "the place above does not exist then"));
        }
        let parent = parent.map(|it| it.id);
        let name = new.name.trim().to_owned();
        let place = Place { id, parent, level, code, name, from, until: None };
        self.codes.insert(place.code.clone(), place.clone());
        self.aliases.extend(new.aliases.iter().map(|code| (code.clone(), id)));
        Ok(place)
    }

    /// The place above, exactly one level wider: a grid is never directly below a street.
    fn parent(&self, new: &NewPlace, level: usize) -> std::result::Result<Option<Place>, Wrong> {
        let Some(key) = &new.parent else {
            let first = self.network.root().is_none() && self.codes.is_empty();
            let chinese = "请指明上级地点".to_owned();
            let missing = ("parent", "missing", chinese, "name the place above");
            return if first { Ok(None) } else { Err(missing) };
        };
        let known = self.codes.get(key).or_else(|| self.network.place_by_code(key));
        let Some(parent) = known else {
            return Err(("parent", "not_found", "没有这个上级地点".to_owned(), "no such place"));
        };
        if parent.level + 1 == level {
            return Ok(Some(parent.clone()));
        }
        let title = |level: usize| {
            self.network.levels().get(level).map_or("?", |it| it.title.as_str()).to_owned()
        };
        let wider = level.checked_sub(1).map_or_else(|| "根".to_owned(), title);
        let chinese =
            format!("{}必须属于一个{wider},不能直接挂在{}下", title(level), title(parent.level));
        Err((
            "parent",
            "level_skipped",
            chinese,
            "a place lies directly below the next wider level",
        ))
    }

    /// The parent's code and the next running number; numbers of closed places are not used again.
    fn compose(
        &mut self,
        parent: Option<&Place>,
        level: &str,
    ) -> std::result::Result<String, Wrong> {
        let needed = || {
            let chinese = "请填写官方代码".to_owned();
            ("code", "missing", chinese, "codes down to the community are official: give one")
        };
        let parent = parent.ok_or_else(needed)?;
        if self.official_only && parent.code.len() < 12 {
            return Err(needed());
        }
        let last = self.composed.get(&parent.id).copied().unwrap_or(0);
        let compose = |number| self.rule.compose(&parent.code, level, number);
        let numbered = (last + 1..).map_while(|number| Some((number, compose(number)?)));
        let free = numbered.into_iter().find(|(_, code)| !self.is_taken(code));
        let Some((number, code)) = free else {
            let chinese = "没有可用的顺序号了".to_owned();
            return Err(("code", "no_number", chinese, "no running number is left"));
        };
        self.composed.insert(parent.id, number);
        Ok(code)
    }

    fn is_taken(&self, code: &str) -> bool {
        self.codes.contains_key(code)
            || self.aliases.contains_key(code)
            || self.network.place_by_code(code).is_some()
    }

    fn check_code(&self, code: &str) -> std::result::Result<(), Wrong> {
        let sound = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !sound || !(2..=32).contains(&code.len()) {
            let chinese = "代码用2至32个数字或字母".to_owned();
            return Err(("code", "wrong_form", chinese, "2 to 32 digits or letters"));
        }
        if self.is_taken(code) {
            let chinese = "这个代码已用过,不能再用".to_owned();
            return Err(("code", "taken", chinese, "used before; codes are never used again"));
        }
        Ok(())
    }
}

pub(super) fn check_name(name: &str) -> std::result::Result<(), Wrong> {
    let length = name.trim().chars().count();
    if (1..=60).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(("name", "wrong_form", "名称用1至60个字".to_owned(), "1 to 60 characters"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::territory::Level;
    use uuid::Uuid;

    fn network() -> Network {
        let levels = ["county", "street", "community", "grid", "micro_grid"];
        let levels = levels.map(|id| Level { id: id.to_owned(), title: format!("「{id}」") });
        Network::new(1, levels.to_vec(), "desk@county")
    }

    fn place(parent: Option<&str>, level: &str, code: Option<&str>) -> NewPlace {
        NewPlace {
            parent: parent.map(str::to_owned),
            level: level.to_owned(),
            code: code.map(str::to_owned),
            name: "某地".to_owned(),
            ..NewPlace::default()
        }
    }

    fn add(
        network: &Network,
        places: &[NewPlace],
    ) -> Vec<std::result::Result<String, &'static str>> {
        let levels = network.levels().iter().map(|level| (level.id.clone(), 3)).collect();
        let rule = CodeRule { digits: levels };
        let mut growing = Growing {
            network,
            rule: &rule,
            official_only: true,
            today: "2026-03-02".parse().unwrap(),
            codes: HashMap::new(),
            aliases: HashMap::new(),
            composed: HashMap::new(),
        };
        let id = |n: usize| PlaceId(Uuid::from_u128(n as u128 + 1));
        let grown = places.iter().enumerate().map(|(n, new)| growing.grow(new, id(n)));
        grown.map(|it| it.map(|place| place.code).map_err(|wrong| wrong.1)).collect()
    }

    const TREE: [(Option<&str>, &str, Option<&str>); 3] = [
        (None, "county", Some("350405")),
        (Some("350405"), "street", Some("350405001")),
        (Some("350405001"), "community", Some("350405001001")),
    ];

    fn tree() -> Vec<NewPlace> {
        TREE.map(|(parent, level, code)| place(parent, level, code)).to_vec()
    }

    #[test]
    fn a_grid_gets_the_communitys_code_and_a_running_number() {
        let mut places = tree();
        places.push(place(Some("350405001001"), "grid", None));
        places.push(place(Some("350405001001"), "grid", Some("350405001001002")));
        places.push(place(Some("350405001001"), "grid", None));
        places.push(place(Some("350405001001001"), "micro_grid", None));
        let codes = add(&network(), &places).split_off(3);
        let expected =
            ["001", "002", "003", "001001"].map(|tail| Ok(format!("350405001001{tail}")));
        assert_eq!(codes, expected);
    }

    #[test]
    fn a_grid_is_never_directly_below_a_street_nor_a_level_skipped_otherwise() {
        let mut places = tree();
        places.push(place(Some("350405001"), "grid", Some("x1")));
        places.push(place(Some("350405"), "community", Some("x2")));
        places.push(place(Some("350405001001"), "street", Some("x3")));
        let refused = add(&network(), &places).split_off(3);
        assert_eq!(refused, vec![Err("level_skipped"); 3]);
    }

    #[test]
    fn codes_are_never_used_again_not_even_those_of_closed_places() {
        let mut network = network();
        let id = |n| PlaceId(Uuid::from_u128(n));
        let from = "2020-01-01".parse().unwrap();
        for (n, (parent, level, code)) in (0..).zip([
            (None, 0, "350405"),
            (Some(100), 1, "350405001"),
            (Some(101), 2, "350405001001"),
            (Some(102), 3, "350405001001001"),
        ]) {
            network.add_place(Place {
                id: id(100 + n),
                parent: parent.map(id),
                level,
                code: code.to_owned(),
                name: "旧".to_owned(),
                from,
                until: (level == 3).then(|| "2025-01-01".parse().unwrap()),
            });
        }
        network.add_alias("OLD-7".to_owned(), id(100));
        let community = Some("350405001001");
        let added = add(
            &network,
            &[
                place(community, "grid", Some("350405001001001")),
                place(community, "grid", Some("OLD-7")),
                place(community, "grid", None),
            ],
        );
        assert_eq!(added, [Err("taken"), Err("taken"), Ok("350405001001002".to_owned())]);
    }

    #[test]
    fn a_second_root_an_unknown_parent_and_a_missing_official_code_are_refused() {
        let mut places = tree();
        places.push(place(None, "county", Some("350406")));
        places.push(place(Some("nowhere"), "street", Some("x2")));
        places.push(place(Some("350405"), "street", None));
        places.push(place(Some("350405"), "planet", Some("x4")));
        let refused = add(&network(), &places).split_off(3);
        assert_eq!(refused, [Err("missing"), Err("not_found"), Err("missing"), Err("unknown")]);
    }
}
