//! Meetings and ballots: called by acts and cycles; their minutes, and the votes that are cast at the
//! door or by posts for themselves.

use super::agenda::{self, Agenda};
use super::ledgers::number;
use super::records::in_order;
use super::{cut, page_size};
use crate::cases::{AskView, Fact, PlaceName, Sight, ask_view, count_meeting, sight};
use crate::territory::{find, must_stand_over, stands_over};
use crate::{Error, Result, Work, people};
use jiff::Timestamp;
use method::decide::{self, Form, ToCall};
use method::definition::{Ballot, Called as Voters, Gathering as Defined, GatheringKind, Pack};
use model::access::{Actor, Operation};
use model::effects::{Gathering, Vote};
use model::journal::Event;
use model::{CaseId, GatheringId, HouseholdId, PlaceId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::cases::Case;
use store::effects::gatherings::{self, Called, Of};
use uuid::Uuid;

/// Calls a gathering for a case, or for a cycle.
pub(super) async fn call(
    tx: &mut Tx,
    work: &mut Work,
    (pack, case): (&str, Option<CaseId>),
    it: &ToCall,
) -> Result<()> {
    let called = match it.households {
        Some(place) => {
            let households = store::territory::count_households(tx, place).await?;
            u32::try_from(households).unwrap_or(u32::MAX)
        }
        None => u32::try_from(it.posts.len()).unwrap_or(u32::MAX),
    };
    let id: GatheringId = work.draw.id();
    let gathering = Gathering {
        id,
        kind: it.gathering.clone(),
        pack: pack.to_owned(),
        case,
        place: it.place,
        at: it.at,
        closes: it.closes,
        posts: it.posts.clone(),
        called,
    };
    work.record(tx, id.0, Event::GatheringCalled { gathering }).await?;
    Ok(())
}

/// A gathering as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatheringView {
    /// Its id.
    pub id: GatheringId,
    /// Gathering of the pack.
    pub gathering: String,
    /// Its title.
    pub title: String,
    /// What it is: `meeting`, `ballot`, `course`, `patrol`, `shift`, `booking`.
    pub kind: String,
    /// Whose affair it is.
    pub place: Option<PlaceName>,
    /// The case that called it, and its number where the reader sees it.
    pub case: Option<(CaseId, String)>,
    /// When it is held, or opens.
    pub at: Timestamp,
    /// When a ballot closes.
    pub closes: Option<Timestamp>,
    /// Who is invited, each with its title.
    pub posts: Vec<(PostId, String)>,
    /// How the ballot stands.
    pub ballot: Option<BallotView>,
    /// What the meeting came to.
    pub minutes: Option<MinutesView>,
    /// The form of its minutes, for whoever may keep them now.
    pub asks: Option<Vec<AskView>>,
    /// What it talks about, where one gathering is asked for and its pack names a query.
    pub agenda: Option<Agenda>,
}

/// How a ballot stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotView {
    /// What may be chosen.
    pub choices: Vec<String>,
    /// Whether choices are shown to nobody.
    pub secret: bool,
    /// Whether households vote; else posts do.
    pub households: bool,
    /// Whether votes are taken now.
    pub open: bool,
    /// How many may vote.
    pub called: u32,
    /// How many have.
    pub cast: u32,
    /// Votes by the position of the choice; while it is open nobody is told.
    pub votes: Option<Vec<u32>>,
    /// Whether the acting post may cast a vote now: a household's, or its own.
    pub may_vote: bool,
    /// Whether the acting post has cast its own.
    pub voted: bool,
}

/// What a meeting came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutesView {
    /// The form as it was filled.
    pub facts: Vec<Fact>,
    /// When.
    pub at: Timestamp,
}

/// Which gatherings: of a place, of a case, else those the acting post is invited to.
#[derive(Clone, Debug, Default)]
pub struct GatheringQuery {
    /// Code or id of a place that the acting post stands over.
    pub place: Option<String>,
    /// A case that the actor sees.
    pub case: Option<CaseId>,
    /// Only those held before this one: the `next` of the page before.
    pub after: Option<GatheringId>,
    /// At most so many, up to 100.
    pub limit: Option<usize>,
}

/// A page of gatherings, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gatherings {
    /// The gatherings.
    pub items: Vec<GatheringView>,
    /// Where the next page begins.
    pub next: Option<GatheringId>,
}

/// A vote to be cast.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CastVote {
    /// The household whose vote it is; none where the acting post votes for itself.
    pub household: Option<HouseholdId>,
    /// One of the ballot's choices.
    pub choice: String,
}

/// A gathering with what it is, and the case that called it.
pub(super) struct Known {
    pub called: Called,
    pub pack: Arc<Pack>,
    case: Option<Case>,
}

impl Known {
    async fn of(tx: &mut Tx, work: &Work, called: Called) -> Result<Self> {
        let pack = work.shelf.pinned(&called.gathering.pack)?.clone();
        let case = match called.gathering.case {
            Some(case) => store::cases::get(tx, case).await?,
            None => None,
        };
        Ok(Self { called, pack, case })
    }

    pub fn defined(&self) -> Result<&Defined> {
        let kind = &self.called.gathering.kind;
        self.pack.gatherings.get(kind).ok_or_else(|| Error::internal(format!("no {kind}")))
    }

    /// Position of a choice, whichever language it was read in.
    fn chosen(&self, choices: &[String], said: &str) -> Option<usize> {
        let english = |at: usize| {
            let path = format!("gatherings.{}.choices.{at}", self.called.gathering.kind);
            self.pack.text("en", &path)
        };
        let mut choices = choices.iter().enumerate();
        choices.position(|(at, it)| it == said || english(at) == Some(said))
    }

    fn invited(&self, post: PostId) -> bool {
        self.called.gathering.posts.contains(&post)
    }

    fn owned(&self, post: PostId) -> bool {
        self.case.as_ref().is_some_and(|case| case.state.owner == Some(post))
    }

    fn seen(&self, work: &Work) -> bool {
        let invited = work.actor.post().is_some_and(|post| self.invited(post));
        let case = self.case.as_ref().is_some_and(|case| sight(work, case) != Sight::None);
        invited || case || (self.case.is_none() && stands_over(work, self.called.gathering.place))
    }

    fn is_open(&self, now: Timestamp) -> bool {
        is_open(&self.called.gathering, self.case.as_ref(), now)
    }
}

/// Whether votes are taken now: within its hours, and not counted yet.
pub(super) fn is_open(it: &Gathering, case: Option<&Case>, now: Timestamp) -> bool {
    let counted = case.is_some_and(|case| {
        let ballot = case.state.ballot.as_ref().filter(|ballot| ballot.since == it.at);
        case.state.end.is_some() || ballot.is_none_or(|ballot| ballot.tally.is_some())
    });
    it.at <= now && it.closes.is_some_and(|closes| now < closes) && !counted
}

async fn known(tx: &mut Tx, work: &Work, id: GatheringId) -> Result<Known> {
    let not_found = || Error::not_found("gathering", id);
    let called = gatherings::get(tx, id).await?.ok_or_else(not_found)?;
    let known = Known::of(tx, work, called).await?;
    if known.seen(work) { Ok(known) } else { Err(not_found()) }
}

/// The acting post.
fn acting(work: &Work, operation: Operation) -> Result<PostId> {
    match work.actor {
        Actor::Staff { post, .. } => Ok(post),
        _ => Err(Error::Forbidden { operation }),
    }
}

/// Gatherings, the latest first.
pub async fn list_gatherings(
    tx: &mut Tx,
    work: &mut Work,
    query: &GatheringQuery,
) -> Result<Gatherings> {
    work.may(Operation::ListGatherings)?;
    let of = match (&query.place, query.case) {
        (_, Some(case)) => Of::Case(crate::cases::visible(tx, work, case).await?.id),
        (Some(place), None) => {
            let place = find(work, place)?.id;
            must_stand_over(work, place)?;
            Of::Place(place)
        }
        (None, None) => Of::Post(acting(work, Operation::ListGatherings)?),
    };
    let (limit, wanted) = page_size(query.limit);
    let before = match query.after {
        Some(id) => gatherings::get(tx, id).await?.map(|it| (it.gathering.at, id)),
        None => None,
    };
    let mut found = gatherings::page(tx, of, before, wanted).await?;
    let next = cut(&mut found, limit, |it| it.gathering.id);
    let mut items = Vec::with_capacity(found.len());
    for it in found {
        let known = Known::of(tx, work, it).await?;
        if known.seen(work) {
            items.push(view(tx, work, &known).await?);
        }
    }
    Ok(Gatherings { items, next })
}

/// One gathering.
pub async fn show_gathering(
    tx: &mut Tx,
    work: &mut Work,
    id: GatheringId,
) -> Result<GatheringView> {
    work.may(Operation::ListGatherings)?;
    let known = known(tx, work, id).await?;
    let agenda = agenda::agenda(tx, work, &known).await?;
    Ok(GatheringView { agenda, ..view(tx, work, &known).await? })
}

/// Keeps the minutes of a meeting, once: by whoever is invited, or owns the case it was called for.
/// The case counts it as held; what stood on its agenda is kept with them.
pub async fn keep_minutes(
    tx: &mut Tx,
    work: &mut Work,
    (id, form): (GatheringId, &Form),
) -> Result<GatheringView> {
    work.may(Operation::KeepMinutes)?;
    let known = known(tx, work, id).await?;
    may_minute(work, &known)?;
    let entry = work.draw.entry();
    let shelf = work.shelf.clone();
    crate::cases::must_be_there(tx, work, (&known.pack, form)).await?;
    let world = shelf.world(&known.pack, work.now());
    let read = decide::read_asks(&world, &known.defined()?.asks, form, entry)?;
    work.private = read.private;
    let agenda = agenda::on_it(tx, work, &known).await?.into_iter().map(|it| it.case.id).collect();
    let event = Event::MinutesKept { gathering: id, form: read.values, agenda };
    work.record_as(tx, entry, (Some(id.0), None, work.now()), event).await?;
    if let Some(case) = known.case.as_ref().filter(|case| case.state.end.is_none()) {
        count_meeting(tx, work, case, &known.called.gathering.kind).await?;
    }
    show_gathering(tx, work, id).await
}

fn may_minute(work: &Work, known: &Known) -> Result<()> {
    let post = acting(work, Operation::KeepMinutes)?;
    let Called { gathering, minutes, .. } = &known.called;
    let rules = [
        (
            known.defined()?.kind == GatheringKind::Ballot,
            (
                "no_minutes",
                "表决没有会议记录,到期自动计票",
                "a ballot has no minutes: it is counted",
            ),
        ),
        (
            !known.invited(post) && !known.owned(post),
            ("not_yours", "由参加人或承办人记录", "whoever was invited keeps the minutes"),
        ),
        (minutes.is_some(), ("minuted", "会议记录已经提交", "the minutes are kept already")),
        (gathering.at > work.now(), ("not_held", "会议还没有召开", "it has not been held yet")),
    ];
    first_broken(&rules)
}

type Rule = (bool, (&'static str, &'static str, &'static str));

fn first_broken(rules: &[Rule]) -> Result<()> {
    match rules.iter().find(|(broken, _)| *broken) {
        Some((_, (code, chinese, english))) => Err(Error::rule(code, chinese, english)),
        None => Ok(()),
    }
}

/// Casts a vote: a household's at its door by the owner of the case, or the acting post's own. A later
/// vote replaces an earlier one until the ballot closes.
pub async fn cast_vote(
    tx: &mut Tx,
    work: &mut Work,
    (id, request): (GatheringId, &CastVote),
) -> Result<GatheringView> {
    work.may(Operation::CastVote)?;
    let known = known(tx, work, id).await?;
    let Some(ballot) = &known.defined()?.ballot else {
        let (zh, en) = ("这不是表决", "this is no ballot");
        return Err(Error::rule("no_ballot", zh, en));
    };
    if !known.is_open(work.now()) {
        let (zh, en) = ("表决尚未开始或已经截止", "the ballot is not open");
        return Err(Error::rule("ballot_closed", zh, en));
    }
    let voter = voter(tx, work, (&known, ballot), request.household).await?;
    let choice = known.chosen(&ballot.choices, &request.choice).ok_or_else(|| {
        let english = format!("one of {}", ballot.choices.join(", "));
        Error::field("choice", "not_found", "请从选项中选择", &english)
    })?;
    let choice = u32::try_from(choice).map_err(Error::internal)?;
    if ballot.secret {
        work.private.insert("choice".to_owned(), choice.to_string());
    }
    let choice = (!ballot.secret).then_some(choice);
    let vote = Vote { gathering: id, voter, choice };
    work.record(tx, id.0, Event::VoteCast { vote }).await?;
    show_gathering(tx, work, id).await
}

/// Whose vote it is, if the acting post may cast it.
async fn voter(
    tx: &mut Tx,
    work: &Work,
    (known, ballot): (&Known, &Ballot),
    household: Option<HouseholdId>,
) -> Result<Uuid> {
    let post = acting(work, Operation::CastVote)?;
    match (&ballot.voters, household) {
        (Voters::Households(level), Some(id)) => {
            let place = place_at(work, known.called.gathering.place, level);
            let lives = store::territory::household(tx, id).await?.map(|it| it.place);
            let within = |(lives, place)| work.shelf.network.within(lives, place);
            if !lives.zip(place).is_some_and(within) {
                let (zh, en) = ("名册里没有这一户", "this household is not on the roll");
                return Err(Error::field("household", "not_found", zh, en));
            }
            let not_owner =
                ("not_yours", "由承办人上门登记", "the owner of the case casts it at the door");
            first_broken(&[(!known.owned(post), not_owner)])?;
            Ok(id.0)
        }
        (Voters::Households(_), None) => {
            let (zh, en) = ("请选择是哪一户的意见", "say whose vote it is");
            Err(Error::field("household", "missing", zh, en))
        }
        (Voters::Who(_), Some(_)) => {
            let (zh, en) = ("本次由岗位表决,不按户", "posts vote here, not households");
            Err(Error::field("household", "unknown", zh, en))
        }
        (Voters::Who(_), None) => {
            let not_invited = ("not_yours", "您不在表决名单内", "not among those who vote");
            first_broken(&[(!known.invited(post), not_invited)])?;
            Ok(post.0)
        }
    }
}

fn place_at(work: &Work, place: PlaceId, level: &str) -> Option<PlaceId> {
    let network = &work.shelf.network;
    network.path(place).get(network.level(level)?).copied().flatten()
}

async fn view(tx: &mut Tx, work: &Work, known: &Known) -> Result<GatheringView> {
    let defined = known.defined()?;
    let Gathering { id, kind, case, place, at, closes, posts, .. } = &known.called.gathering;
    let case = match case {
        Some(case) => Some((*case, number(tx, work, *case).await?)),
        None => None,
    };
    let titled = |post: &PostId| (*post, people::post_title(work, *post));
    Ok(GatheringView {
        id: *id,
        gathering: kind.clone(),
        title: defined.title.clone(),
        kind: defined.kind.as_str().to_owned(),
        place: crate::cases::place_name(work, *place),
        case,
        at: *at,
        closes: *closes,
        posts: posts.iter().map(titled).collect(),
        ballot: ballot_view(tx, work, known).await?,
        minutes: minutes_view(tx, work, known).await?,
        asks: asks(tx, work, known).await?,
        agenda: None,
    })
}

async fn ballot_view(tx: &mut Tx, work: &Work, known: &Known) -> Result<Option<BallotView>> {
    let Some(ballot) = &known.defined()?.ballot else { return Ok(None) };
    let gathering = &known.called.gathering;
    let tally = gatherings::tally(tx, gathering, ballot.choices.len()).await?;
    let open = known.is_open(work.now());
    let households = matches!(ballot.voters, Voters::Households(_));
    let post = work.actor.post();
    let may = |post| if households { known.owned(post) } else { known.invited(post) };
    let voted = match post {
        Some(post) => gatherings::has_voted(tx, gathering.id, post.0).await?,
        None => false,
    };
    Ok(Some(BallotView {
        choices: ballot.choices.clone(),
        secret: ballot.secret,
        households,
        open,
        called: tally.called,
        cast: tally.cast,
        votes: (!open).then_some(tally.votes),
        may_vote: open && post.is_some_and(may),
        voted,
    }))
}

async fn minutes_view(tx: &mut Tx, work: &Work, known: &Known) -> Result<Option<MinutesView>> {
    let Some(minutes) = &known.called.minutes else { return Ok(None) };
    let order: Vec<String> = known.defined()?.asks.iter().map(|ask| ask.field.clone()).collect();
    let facts = in_order(tx, work, (&known.pack, &order), minutes.form.clone()).await?;
    Ok(Some(MinutesView { facts, at: minutes.at }))
}

async fn asks(tx: &mut Tx, work: &Work, known: &Known) -> Result<Option<Vec<AskView>>> {
    if may_minute(work, known).is_err() {
        return Ok(None);
    }
    let mut views = Vec::new();
    for ask in &known.defined()?.asks {
        views.push(ask_view(tx, work, (&known.pack, None), (ask, None)).await?);
    }
    Ok(Some(views))
}
