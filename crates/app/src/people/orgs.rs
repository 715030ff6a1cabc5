//! Organisations: added, and dissolved in favour of a successor that carries the duties on.

use super::{lasts, not_past};
use crate::territory::{self, PlaceName};
use crate::words::Words;
use crate::{Error, Result, Work};
use jiff::civil::Date;
use method::decide::FieldProblem;
use model::access::Operation;
use model::journal::Event;
use model::people::Org;
use model::{Network, OrgId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An organisation to be added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewOrg {
    /// Short code that packs and staff use: small letters, digits, `_`.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// Kind a pack may name (`department`, `unit`, `street_office`).
    pub kind: String,
    /// Code of the place whose organisation it is.
    pub place: String,
    /// First day; today when none is given.
    pub from: Option<Date>,
}

/// An organisation to be dissolved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DissolveOrg {
    /// Its code.
    pub org: String,
    /// First day on which it no longer exists.
    pub until: Date,
    /// Code of the one that carries its duties on.
    pub successor: String,
}

/// Which organisations are wanted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OrgQuery {
    /// Words of code or name.
    pub words: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Code or id of a place they lie in.
    pub place: Option<String>,
    /// At most so many, 50 unless said otherwise, at most 500.
    pub limit: Option<usize>,
}

/// An organisation today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgView {
    /// Its id.
    pub id: OrgId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Whose organisation it is.
    pub place: Option<PlaceName>,
}

/// Organisations that exist today, by code.
pub async fn list_orgs(_: &mut Tx, work: &Work, query: &OrgQuery) -> Result<Vec<OrgView>> {
    work.may(Operation::ListOrgs)?;
    let (network, today) = (&work.shelf.network, work.today());
    let place = query.place.as_ref().map(|key| territory::find(work, key)).transpose()?;
    let words = Words::of(query.words.as_deref());
    let wanted = |org: &&Org| {
        org.from <= today
            && lasts(org.until, today)
            && query.kind.as_ref().is_none_or(|kind| org.kind == *kind)
            && place.is_none_or(|place| network.within(org.place, place.id))
            && words.fit([org.code.as_str(), &org.name])
    };
    let mut orgs: Vec<&Org> = network.orgs().filter(wanted).collect();
    orgs.sort_by(|a, b| a.code.cmp(&b.code));
    orgs.truncate(query.limit.unwrap_or(50).clamp(1, 500));
    let view = |org: &Org| OrgView {
        id: org.id,
        code: org.code.clone(),
        name: org.name.clone(),
        kind: org.kind.clone(),
        place: PlaceName::of(work, org.place),
    };
    Ok(orgs.into_iter().map(view).collect())
}

/// Adds organisations, all or none.
pub async fn add_orgs(tx: &mut Tx, work: &mut Work, orgs: &[NewOrg]) -> Result<Vec<OrgId>> {
    work.may(Operation::AddOrg)?;
    let mut codes = BTreeSet::new();
    let mut problems = Vec::new();
    for (n, new) in orgs.iter().enumerate() {
        let taken = work.shelf.network.org_by_code(&new.code).is_some();
        if !is_word(&new.code) || !is_word(&new.kind) || new.name.trim().is_empty() {
            let chinese = "代码和类别用小写字母、数字或_,名称不能为空";
            problems.push(problem(n, "wrong_form", chinese, "small letters, digits, _; a name"));
        } else if taken || !codes.insert(&new.code) {
            problems.push(problem(n, "taken", "单位代码已用过", "this code was used before"));
        } else if territory::find(work, &new.place).is_err() {
            problems.push(problem(n, "not_found", "没有这个地点", "no such place"));
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut added = Vec::with_capacity(orgs.len());
    for new in orgs {
        let org = Org {
            id: work.draw.id(),
            code: new.code.clone(),
            name: new.name.trim().to_owned(),
            kind: new.kind.clone(),
            place: territory::find(work, &new.place)?.id,
            from: new.from.unwrap_or(work.today()),
            until: None,
            successor: None,
        };
        added.push(org.id);
        work.record(tx, org.id.0, Event::OrgAdded { org }).await?;
    }
    Ok(added)
}

fn is_word(text: &str) -> bool {
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=40).contains(&text.len()) && text.chars().all(sound)
}

fn problem(n: usize, code: &'static str, chinese: &str, english: &str) -> FieldProblem {
    FieldProblem {
        field: format!("orgs.{n}"),
        code,
        chinese: chinese.to_owned(),
        english: english.to_owned(),
    }
}

/// Dissolves an organisation: its posts end, its duties go to the successor.
pub async fn dissolve_org(tx: &mut Tx, work: &mut Work, request: &DissolveOrg) -> Result<()> {
    work.may(Operation::DissolveOrg)?;
    let shelf = work.shelf.clone();
    let (network, until) = (&shelf.network, request.until);
    not_past(work, "until", until)?;
    let org = org(network, &request.org)?;
    let successor = org_on(network, &request.successor, until)?;
    if org.id == successor.id || !lasts(org.until, until) || until <= org.from {
        let english = "not this organisation, not on this day, or not in favour of this one";
        return Err(Error::rule("not_dissolvable", "这个单位不能这样撤并", english));
    }
    let posts = network.posts().filter(|it| it.org == Some(org.id) && lasts(it.until, until));
    let posts: Vec<_> = posts.map(|it| it.id).collect();
    super::keep_desk(work, &posts, until)?;
    for post in posts {
        work.record(tx, post.0, Event::PostEnded { post, until }).await?;
    }
    let event = Event::OrgDissolved { org: org.id, until, successor: successor.id };
    work.record(tx, org.id.0, event).await?;
    Ok(())
}

/// An organisation by code or id.
pub(super) fn org<'n>(network: &'n Network, key: &str) -> Result<&'n Org> {
    let by_id = || key.parse().ok().and_then(|id| network.org(id));
    network.org_by_code(key).or_else(by_id).ok_or_else(|| Error::not_found("org", key))
}

fn org_on<'n>(network: &'n Network, key: &str, day: Date) -> Result<&'n Org> {
    let org = org(network, key)?;
    if org.from <= day && lasts(org.until, day) {
        return Ok(org);
    }
    Err(Error::field("successor", "not_open", "接续单位届时不存在", "does not exist then"))
}
