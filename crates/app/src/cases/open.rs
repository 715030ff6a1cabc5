//! Opening a case: a resident's request, a worker's report on behalf, a work order of another
//! office, a case another case opens.

use super::attached;
use super::carry::{Recorded, carry};
use super::show::{CaseView, view};
use super::world::facts_of_form;
use crate::{Error, Result, Work};
use method::decide::{self, Decision, Doer, Form, World};
use method::definition::AskerOf;
use model::access::{Actor, Operation};
use model::cases::{Asker, CaseState, Choice, Hiding, Source};
use model::journal::{Event, Link, Opening};
use model::territory::Point;
use model::{CaseId, EntryId, HouseholdId, PlaceId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::cases::Case;

/// A request to open a case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OpenCase {
    /// The procedure.
    pub procedure: String,
    /// The matter, if known.
    pub matter: Option<String>,
    /// The form: `title`, `body`, `contact`, `photos` and whatever else the pack asks; not the place.
    pub form: Form,
    /// Where exactly.
    pub location: Option<Point>,
    /// Code or id of the place; else found by the location.
    pub place: Option<String>,
    /// What a resident chose to show.
    pub hiding: Hiding,
    /// Posts and organisations it is about, by id or code.
    pub about: Vec<String>,
    /// Another office's work order.
    pub source: Option<Source>,
    /// Channel by which it came.
    pub channel: String,
}

/// A case just opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// The case as its opener sees it.
    pub case: CaseView,
    /// Whether a claim code is the only way back.
    pub claimable: bool,
}

/// Opens a case.
pub async fn open(tx: &mut Tx, work: &mut Work, request: &OpenCase) -> Result<Opened> {
    let (opened, claimable) = do_open(tx, work, request).await?;
    Ok(Opened { case: view(tx, work, &opened).await?, claimable })
}

/// As [`open`], for callers within the house: gives the case itself, and whether a claim code is the
/// only way back.
pub async fn do_open(tx: &mut Tx, work: &mut Work, request: &OpenCase) -> Result<(Case, bool)> {
    work.may(Operation::OpenCase)?;
    refuse_known(tx, request).await?;
    let place = place_of(tx, work, request).await?;
    let shelf = work.shelf.clone();
    let pack = shelf.pack()?;
    let (asker, by) = asker_of(work, pack, request)?;
    let (case, entry) = (work.draw.id(), work.draw.entry());
    let mut form = request.form.clone();
    let asks_place = asks(pack, &request.procedure, "place");
    if asks_place {
        form.insert("place".to_owned(), Value::String(place.to_string()));
    }
    if request.hiding == Hiding::Anonymous {
        form.remove("contact");
    }
    let opening = decide::Opening {
        procedure: request.procedure.clone(),
        matter: request.matter.clone(),
        place,
        asker,
        by,
        about: about(work, &request.about)?,
        parent: None,
        limits: BTreeMap::new(),
        source_due: request.source.as_ref().and_then(|source| source.due_at),
        form,
        entry,
    };
    attached::must_be_there(tx, work, (pack, &opening.form)).await?;
    let facts = facts_of_form(tx, pack, &opening.form).await?;
    let world = World { facts: &facts, ..shelf.world(pack, work.now()) };
    let decision = decide::open(&world, &opening)?;
    let claimable = matches!(asker, Asker::Resident { person: None, .. }) && by == Doer::Asker;
    let how = How {
        hiding: request.hiding,
        point: request.location.clone(),
        channel: channel(work, request),
        source: request.source.clone(),
        link: None,
    };
    let opened = record(tx, work, (case, entry), decision, how).await?;
    if claimable {
        let hash = work.claim_hash(&work.claim_code(case));
        store::access::secrets::keep_claim(tx, &hash, case).await?;
        work.actor = Actor::Claimant { case };
    }
    Ok((opened, claimable))
}

/// Another office's order is taken in once.
async fn refuse_known(tx: &mut Tx, request: &OpenCase) -> Result<()> {
    let Some(source) = &request.source else { return Ok(()) };
    if store::cases::by_source(tx, &source.system, &source.number).await?.is_none() {
        return Ok(());
    }
    let (zh, en) = ("这一工单已经登记", "this order is here already");
    Err(Error::rule("source_known", zh, en))
}

pub(super) fn asks(pack: &method::definition::Pack, procedure: &str, field: &str) -> bool {
    let open = pack.procedures.get(procedure).and_then(|it| it.actions.get("open"));
    open.is_some_and(|open| open.asks.iter().any(|ask| ask.field == field))
}

fn channel(work: &Work, request: &OpenCase) -> String {
    match (&request.source, request.channel.is_empty(), &work.actor) {
        (Some(source), _, _) => source.system.clone(),
        (None, false, _) => request.channel.clone(),
        (None, true, Actor::Staff { .. }) => "desk".to_owned(),
        (None, true, _) => "app".to_owned(),
    }
}

/// Where the case lies: as said, else found by the point, else unknown.
async fn place_of(tx: &mut Tx, work: &Work, request: &OpenCase) -> Result<PlaceId> {
    if let Some(door) = request.form.get("door") {
        return at_door(tx, work, door).await;
    }
    let network = &work.shelf.network;
    if let Some(key) = &request.place {
        let place = key.parse().ok().and_then(|id| network.place(id));
        let place = place.or_else(|| network.place_by_code(key));
        let place = place.filter(|place| place.exists_on(work.today()));
        return place.map(|place| place.id).ok_or_else(|| {
            Error::field("place", "not_found", "没有这个地点,请重新选择", "no such place")
        });
    }
    let Some(point) = &request.location else {
        return Err(Error::field(
            "place",
            "missing",
            "请选择地点,或允许定位",
            "say where: a place or a location",
        ));
    };
    let found = crate::territory::place_at(tx, work, point).await?;
    found.ok_or_else(|| {
        Error::field(
            "location",
            "outside",
            "这个位置不在本区县内,请核对或手工选择地点",
            "this point lies outside the county; choose the place by hand",
        )
    })
}

/// The place of a household on the acting post's ground: what the program knows is not asked again.
async fn at_door(tx: &mut Tx, work: &Work, door: &Value) -> Result<PlaceId> {
    let id = door.as_str().and_then(|it| it.parse::<HouseholdId>().ok());
    let household = match id {
        Some(id) => store::territory::household(tx, id).await?,
        None => None,
    };
    let household = household.ok_or_else(|| {
        Error::field("door", "not_found", "没有这一户,请从名单中选择", "no such household")
    })?;
    crate::territory::must_stand_over(work, household.place)?;
    Ok(household.place)
}

fn asker_of(
    work: &Work,
    pack: &method::definition::Pack,
    request: &OpenCase,
) -> Result<(Asker, Doer)> {
    let unknown = || decide::Refusal::UnknownProcedure { procedure: request.procedure.clone() };
    let procedure = pack.procedures.get(&request.procedure).ok_or_else(unknown)?;
    let hiding = request.hiding;
    let known = hiding != Hiding::Anonymous;
    Ok(match (&work.actor, procedure.asker) {
        (Actor::Resident { person }, AskerOf::Resident) => {
            (Asker::Resident { person: known.then_some(*person), hiding }, Doer::Asker)
        }
        (Actor::Visitor, AskerOf::Resident) => {
            (Asker::Resident { person: None, hiding }, Doer::Asker)
        }
        (Actor::Staff { post, .. }, AskerOf::Resident) => {
            (Asker::Resident { person: None, hiding }, Doer::Post(*post))
        }
        (Actor::Staff { post, .. }, AskerOf::Post) => {
            (Asker::Post { post: *post }, Doer::Post(*post))
        }
        (Actor::Staff { post, .. }, AskerOf::Unit) => {
            let org = work.shelf.network.post(*post).and_then(|post| post.org);
            (org.map_or(Asker::None, |org| Asker::Unit { org }), Doer::Post(*post))
        }
        (Actor::System { .. }, AskerOf::Resident) => {
            (Asker::Resident { person: None, hiding }, Doer::Clock)
        }
        (Actor::System { .. }, _) => (Asker::None, Doer::Clock),
        _ => return Err(Error::Forbidden { operation: Operation::OpenCase }),
    })
}

/// Posts and organisations by id or code.
fn about(work: &Work, keys: &[String]) -> Result<BTreeSet<uuid::Uuid>> {
    let network = &work.shelf.network;
    let find = |key: &String| {
        let id: Option<uuid::Uuid> = key.parse().ok();
        let known = id.filter(|id| {
            network.post((*id).into()).is_some() || network.org((*id).into()).is_some()
        });
        known.or_else(|| network.org_by_code(key).map(|org| org.id.0)).ok_or_else(|| {
            Error::field("about", "not_found", "没有这个单位或岗位", "no such unit or post")
        })
    };
    keys.iter().map(find).collect()
}

/// How an opening came, besides what was decided.
#[derive(Clone, Debug)]
pub(super) struct How {
    pub hiding: Hiding,
    pub point: Option<Point>,
    pub channel: String,
    pub source: Option<Source>,
    pub link: Option<(CaseId, Link)>,
}

/// Records an opening that another case made.
pub(super) async fn record_opening(
    tx: &mut Tx,
    work: &mut Work,
    ids: (CaseId, EntryId),
    decision: Decision,
    link: Option<(&Case, Link)>,
) -> Result<Case> {
    let hiding = match decision.state.asker {
        Asker::Resident { hiding, .. } => hiding,
        _ => Hiding::Named,
    };
    let how = How {
        hiding,
        point: None,
        channel: "case".to_owned(),
        source: None,
        link: link.map(|(parent, link)| (parent.id, link)),
    };
    record(tx, work, ids, decision, how).await
}

/// Records an opening and carries out its effects.
pub(super) async fn record(
    tx: &mut Tx,
    work: &mut Work,
    (id, entry): (CaseId, EntryId),
    decision: Decision,
    how: How,
) -> Result<Case> {
    let sensitive = is_sensitive(work, &decision.state)?;
    let simhash = (!sensitive).then(|| fingerprint(&decision.private)).flatten();
    let number = work.number(tx).await?;
    let path = work.shelf.network.path(decision.state.place);
    let opening = Opening {
        case: id,
        number: number.clone(),
        path: path.clone(),
        point: how.point,
        hiding: how.hiding,
        sensitive,
        channel: how.channel,
        source: how.source,
        link: how.link,
        simhash,
        facts: decision.facts.clone(),
        choice: chosen(work, &decision.state, how.link)?,
        state: serde_json::to_value(&decision.state).map_err(Error::internal)?,
    };
    work.private.clone_from(&decision.private);
    let about = (Some(id.0), Some(1), work.now());
    work.record_as(tx, entry, about, Event::CaseOpened { opening }).await?;
    let case = Case {
        id,
        number,
        entry,
        revision: 1,
        changed_at: work.now(),
        hiding: text_of(how.hiding),
        sensitive,
        link: how.link.map(|(_, link)| link),
        parent: how.link.map(|(parent, _)| parent),
        path: path.into_iter().flatten().collect(),
        state: decision.state.clone(),
    };
    crate::messages::tell_opened(tx, work, &case).await?;
    if decision.effects.is_empty() {
        return Ok(case);
    }
    let mut effects = Decision::plain(decision.state);
    effects.effects = decision.effects;
    let entry = work.draw.entry();
    carry(tx, work, &case, Recorded { action: "opened", entry, decision: effects }).await
}

/// How the first owner was found; a joined request has its owner from the one it was joined to.
fn chosen(work: &Work, state: &CaseState, link: Option<(CaseId, Link)>) -> Result<Option<Choice>> {
    if matches!(link, Some((_, Link::Joined))) {
        return Ok(None);
    }
    let world = work.shelf.world(work.shelf.pinned(&state.pack)?, work.now());
    Ok(decide::choice(&world, None, state, "open"))
}

fn text_of(hiding: Hiding) -> String {
    match hiding {
        Hiding::Named => "named",
        Hiding::Confidential => "confidential",
        Hiding::Anonymous => "anonymous",
    }
    .to_owned()
}

fn fingerprint(private: &BTreeMap<String, String>) -> Option<i64> {
    let text = format!("{} {}", private.get("title")?, private.get("body").map_or("", |it| it));
    Some(zhtext::simhash(&text).cast_signed())
}

/// Whether the case's matter is seen by named posts only.
pub(super) fn is_sensitive(work: &Work, state: &CaseState) -> Result<bool> {
    let pack = work.shelf.pinned(&state.pack)?;
    let procedure = pack.procedures.get(state.procedure.as_str());
    let catalogue = procedure.and_then(|it| pack.matters.get(it.matters.as_ref()?));
    let matter = catalogue.zip(state.matter.as_ref()).and_then(|(it, id)| it.get(id.as_str()));
    Ok(procedure.is_some_and(|it| it.sensitive) || matter.is_some_and(|it| it.sensitive))
}
