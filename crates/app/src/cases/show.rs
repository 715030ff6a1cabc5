//! A case as an actor sees it, and the journalled look behind a mask.

use super::act::visible;
use super::facts::{Fact, facts};
use super::sight::{Sight, sight};
use super::titles::{PlaceName, names, place_name, post_title};
use super::urgency::{Reader, urgency, word};
use crate::{Error, Result, Work};
use jiff::Timestamp;
use method::definition::{Kind, Pack};
use model::Name;
use model::access::{Actor, Operation};
use model::cases::{CaseState, FieldValue};
use model::journal::{Event, Link};
use model::{CaseId, EntryId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::cases::Case;

/// The accountable post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerView {
    /// The post.
    pub post: PostId,
    /// The pack's id of its role.
    pub role: String,
    /// Title of the role, with its organisation or place.
    pub title: String,
    /// Where.
    pub place: Option<PlaceName>,
    /// Organisation.
    pub org: Option<String>,
    /// Who does the work today; for staff only.
    pub person: Option<String>,
}

/// The clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    /// When the stage, or the wait, is due.
    pub due_at: Option<Timestamp>,
    /// The date the asker sees.
    pub promise_at: Option<Timestamp>,
    /// False while the case waits.
    pub running: bool,
    /// End of the wait.
    pub paused_until: Option<Timestamp>,
    /// Whom or what it waits for.
    pub reason: Option<String>,
    /// Whether holidays of an unpublished year were guessed.
    pub estimated: bool,
    /// `green`, `yellow` or `red`: by the stage for staff, by the promise for the asker.
    pub colour: String,
    /// When it turns yellow; none where nothing is due.
    pub yellow_at: Option<Timestamp>,
}

/// A case as an actor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseView {
    /// Its id.
    pub id: CaseId,
    /// Human number.
    pub number: String,
    /// Procedure and its title.
    pub procedure: (String, String),
    /// Matter and its title.
    pub matter: Option<(String, String)>,
    /// State and its title; what the asker reads when the asker looks.
    pub state: (String, String),
    /// Public stage.
    pub stage: Option<String>,
    /// All public stages in order.
    pub stages: Vec<String>,
    /// How it ended.
    pub end: Option<String>,
    /// Places from the widest to the narrowest.
    pub path: Vec<PlaceName>,
    /// Where the asker pointed: longitude and latitude in ten-millionths of a degree, CGCS2000.
    pub location: Option<(i32, i32)>,
    /// The accountable post.
    pub owner: Option<OwnerView>,
    /// The clock.
    pub clock: ClockView,
    /// Title, body, … as far as the actor sees them; contact masked.
    pub texts: BTreeMap<String, String>,
    /// Fields that are not texts.
    pub fields: BTreeMap<Name, FieldValue>,
    /// The same in words, in the order of the pack.
    pub facts: Vec<Fact>,
    /// How the asker is shown.
    pub hiding: String,
    /// The case it hangs on, and how.
    pub parent: Option<(CaseId, Link)>,
    /// Open work below it, by procedure.
    pub children: BTreeMap<String, u32>,
    /// The action that waits for approval.
    pub pending: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// For `If-Match`.
    pub revision: i64,
    /// Its last entry, for receipts and `?seen=`.
    pub entry: EntryId,
}

/// A case.
pub async fn get(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<CaseView> {
    work.may(Operation::ShowCase)?;
    let case = visible(tx, work, id).await?;
    view(tx, work, &case).await
}

/// The case of a claim code: whoever holds the code need not know its id.
pub async fn claimed(tx: &mut Tx, work: &mut Work) -> Result<CaseView> {
    let Actor::Claimant { case } = work.actor else {
        return Err(Error::not_found("case", "claimed"));
    };
    get(tx, work, case).await
}

/// The case as the actor of this work sees it.
pub(super) async fn view(tx: &mut Tx, work: &Work, case: &Case) -> Result<CaseView> {
    let seen = sight(work, case);
    let pack = work.shelf.pinned(&case.state.pack)?.clone();
    let procedure = pack.procedures.get(case.state.procedure.as_str());
    let owner = match case.state.owner {
        Some(post) => Some(owner_view(tx, work, &pack, post, seen).await?),
        None => None,
    };
    let state = &case.state;
    let names = names(procedure, &pack, state, seen);
    let fields = fields(&pack, state, seen);
    let facts = facts(tx, work, &pack, &fields).await?;
    Ok(CaseView {
        id: case.id,
        number: case.number.clone(),
        procedure: (state.procedure.to_string(), names.procedure),
        matter: state.matter.clone().map(Into::into).zip(names.matter),
        state: (state.state.to_string(), names.state),
        stage: names.stage,
        stages: procedure.map(|it| it.stages.clone()).unwrap_or_default(),
        end: state.end.map(|end| end.as_str().to_owned()),
        path: case.path.iter().filter_map(|id| place_name(work, *id)).collect(),
        location: store::cases::point(tx, case.id).await?,
        owner,
        clock: clock_view(work, case, seen),
        texts: texts(tx, case, seen).await?,
        fields,
        facts,
        hiding: case.hiding.clone(),
        parent: case.parent.zip(case.link),
        children: state.children.iter().map(|(id, n)| (id.to_string(), *n)).collect(),
        pending: state.pending.as_ref().map(|it| it.action.clone()),
        opened_at: state.opened_at,
        ended_at: state.ended_at,
        revision: case.revision,
        entry: last_entry(tx, case).await?,
    })
}

async fn owner_view(
    tx: &mut Tx,
    work: &Work,
    pack: &Pack,
    post: PostId,
    seen: Sight,
) -> Result<OwnerView> {
    let network = &work.shelf.network;
    let held = network.post(post);
    let role = held.map(|it| it.role.clone()).unwrap_or_default();
    let org = held.and_then(|it| it.org).and_then(|it| network.org(it)).map(|it| it.name.clone());
    let place = held.and_then(|it| it.place).and_then(|it| place_name(work, it));
    let person = match network.person(post, work.today()) {
        Some(person) if seen != Sight::Asker => store::people::contact(tx, person).await?.name,
        _ => None,
    };
    Ok(OwnerView { post, role, title: post_title(work, pack, post), place, org, person })
}

fn clock_view(work: &Work, case: &Case, seen: Sight) -> ClockView {
    let clock = case.state.clock.as_ref();
    let wait = case.state.waiting();
    let due_at = clock.map(|it| it.due_at);
    let estimated = clock.is_some_and(|it| it.estimated)
        || case.state.promise.as_ref().is_some_and(|it| it.estimated);
    let reader = if seen == Sight::Asker { Reader::Asker } else { Reader::Staff };
    let urgency = urgency(work, &case.state, reader);
    ClockView {
        // The asker is promised one date; the stages' own are the house's.
        due_at: due_at.filter(|_| seen != Sight::Asker || wait.is_some()),
        promise_at: case.state.promise.as_ref().map(|it| it.at),
        running: clock.is_some_and(|it| it.running),
        paused_until: wait.and(due_at),
        reason: wait.map(|it| it.for_whom.clone()).map(Into::into),
        estimated,
        colour: word(urgency.colour).to_owned(),
        yellow_at: urgency.yellow_at,
    }
}

async fn texts(tx: &mut Tx, case: &Case, seen: Sight) -> Result<BTreeMap<String, String>> {
    let mut texts = store::journal::private(tx, case.entry).await?;
    if seen == Sight::Blind {
        texts.remove("contact");
    }
    if seen != Sight::Asker
        && let Some(contact) = texts.get_mut("contact")
    {
        *contact = mask_contact(contact);
    }
    Ok(texts)
}

/// `138****1234`; anything that is no telephone shows its first character only.
pub(super) fn mask_contact(contact: &str) -> String {
    let characters: Vec<char> = contact.chars().collect();
    let digits = characters.iter().all(char::is_ascii_digit);
    match characters.as_slice() {
        [a, b, c, _, _, _, _, tail @ ..] if digits && tail.len() == 4 => {
            format!("{a}{b}{c}****{}", tail.iter().collect::<String>())
        }
        [first, ..] => format!("{first}**"),
        [] => String::new(),
    }
}

/// Fields an actor sees: texts are pointers and stay out; the house's notes are not the asker's.
pub(super) fn fields(pack: &Pack, state: &CaseState, seen: Sight) -> BTreeMap<Name, FieldValue> {
    let mut fields = state.fields.clone();
    fields.retain(|id, value| {
        let field = pack.fields.get(id.as_str());
        let public = field.is_some_and(|it| it.public);
        let person = field.is_some_and(|it| it.kind == Kind::Person);
        let text = matches!(value, FieldValue::Private { .. });
        let own = matches!(id.as_str(), "photos" | "place" | "stars" | "contacted" | "review_on");
        !text && (seen == Sight::Full || (seen == Sight::Blind && !person) || public || own)
    });
    fields
}

async fn last_entry(tx: &mut Tx, case: &Case) -> Result<EntryId> {
    Ok(store::journal::last_of_case(tx, case.id.0).await?.unwrap_or(case.entry))
}

/// What somebody looks for, in words that the person can read.
pub(crate) fn purpose_of(said: &str) -> Result<String> {
    let said = said.trim();
    if (2..=200).contains(&said.chars().count()) {
        return Ok(said.to_owned());
    }
    let (zh, en) = ("请写明查看用途(2–200 字)", "say what for, in 2 to 200 characters");
    Err(Error::field("purpose", "missing", zh, en))
}

/// Shows masked values for a purpose; the look is an entry that the person can see.
pub async fn reveal(
    tx: &mut Tx,
    work: &mut Work,
    id: CaseId,
    (fields, purpose): (&[String], &str),
) -> Result<BTreeMap<String, String>> {
    work.may(Operation::RevealValue)?;
    let case = visible(tx, work, id).await?;
    let purpose = purpose_of(purpose)?;
    if sight(work, &case) != Sight::Full {
        return Err(Error::not_found("contact", id));
    }
    let fields: Vec<String> = fields.iter().filter(|it| *it == "contact").cloned().collect();
    let mut shown = store::journal::private(tx, case.entry).await?;
    shown.retain(|field, _| fields.contains(field));
    let event = Event::Revealed { case: id, fields, purpose };
    work.record(tx, id.0, event).await?;
    Ok(shown)
}
