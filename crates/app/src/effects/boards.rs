//! Boards (公示栏): what acts put there, read by everybody or by staff, and taken off with a reason.

use super::ledgers::number;
use super::records::in_order;
use super::{cut, page_size, reason_of};
use crate::cases::{Fact, PlaceName, place_name};
use crate::territory::{find, must_stand_over, stands_over};
use crate::{Error, FieldProblem, Result, Work, people};
use jiff::Timestamp;
use method::decide::{Refusal, names_a_number};
use method::definition::{Board, Pack};
use model::access::{Actor, Operation, Standing};
use model::effects::{Columns, Publication};
use model::journal::Event;
use model::{CaseId, PublicationId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use store::cases::Case;
use store::effects::boards::{self, Of, Published};

/// Puts fields of a case on a board. A sensitive case is found nowhere, so not there either.
pub(super) async fn publish(
    tx: &mut Tx,
    work: &mut Work,
    case: &Case,
    (board, show, until): (&str, &[String], Option<Timestamp>),
) -> Result<()> {
    if case.sensitive {
        return Ok(());
    }
    let shelf = work.shelf.clone();
    let pack = shelf.pinned(&case.state.pack)?;
    let keep = pack.boards.get(board).and_then(|it| it.keep);
    let kept = keep.map(|span| shelf.calendar.due(work.now(), span).at);
    let columns = fit_for_all(tx, work, (pack, case), show).await?;
    let publication = Publication {
        id: work.draw.id(),
        board: board.to_owned(),
        pack: case.state.pack.to_string(),
        case: case.id,
        place: case.state.place,
        columns,
        until: until.or(kept),
    };
    let id = publication.id;
    work.record(tx, id.0, Event::Published { publication }).await?;
    Ok(())
}

/// The fields that everybody may read. Words with numbers of telephones or cards in them are for the
/// person who acts to mend; the clock, which can mend nothing, leaves them out.
async fn fit_for_all(
    tx: &mut Tx,
    work: &Work,
    (pack, case): (&Pack, &Case),
    show: &[String],
) -> Result<Columns> {
    let mut columns = case.state.fields.clone();
    let public = |id: &str| pack.fields.get(id).is_some_and(|it| it.public);
    columns.retain(|id, _| show.iter().any(|it| it == id) && public(id));
    let mut personal = Vec::new();
    for (id, text) in store::effects::texts(tx, &columns).await? {
        if names_a_number(&text) {
            columns.remove(id.as_str());
            personal.push(FieldProblem {
                field: id,
                code: "personal",
                chinese: "公示内容里不能有电话号码、证件号码等个人信息".to_owned(),
                english: "no telephone or identity numbers on a board".to_owned(),
            });
        }
    }
    if personal.is_empty() || work.standing() == Standing::System {
        return Ok(columns);
    }
    Err(Refusal::Form(personal).into())
}

/// A board of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether anybody may read it.
    pub public: bool,
}

/// Words on a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationView {
    /// Its id.
    pub id: PublicationId,
    /// Its board.
    pub board: String,
    /// Title of the procedure it comes from.
    pub procedure: String,
    /// Whose.
    pub place: Option<PlaceName>,
    /// Title of the post that published it; none where the clock did.
    pub office: Option<String>,
    /// The case it is about, for whoever may know of it.
    pub case: Option<(CaseId, String)>,
    /// What is shown, in words.
    pub facts: Vec<Fact>,
    /// When it was published.
    pub at: Timestamp,
    /// Until when it is shown.
    pub until: Option<Timestamp>,
    /// Whether the reader may take it off.
    pub may_withdraw: bool,
}

/// Which publications.
#[derive(Clone, Debug)]
pub struct PublicationQuery {
    /// The board.
    pub board: String,
    /// Code or id of a place: what stands there, below it, and for all above it.
    pub place: String,
    /// Only those before this one: the `next` of the page before.
    pub after: Option<PublicationId>,
    /// At most so many, up to 100.
    pub limit: Option<usize>,
}

/// A page of publications, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publications {
    /// The publications.
    pub items: Vec<PublicationView>,
    /// Where the next page begins.
    pub next: Option<PublicationId>,
}

/// The boards that the actor may read.
pub async fn list_boards(_: &mut Tx, work: &mut Work) -> Result<Vec<BoardView>> {
    work.may(Operation::ListBoards)?;
    let boards = work.shelf.pack()?.boards.iter().filter(|(_, it)| may_read(work, it));
    let view = |(id, it): (&String, &Board)| BoardView {
        id: id.clone(),
        title: it.title.clone(),
        public: it.public,
    };
    Ok(boards.map(view).collect())
}

/// A board is for everybody, or for the house.
pub(super) fn may_read(work: &Work, board: &Board) -> bool {
    let house = matches!(work.actor, Actor::Staff { .. } | Actor::System { .. });
    board.public || house
}

/// What stands on a board.
pub async fn list_publications(
    tx: &mut Tx,
    work: &mut Work,
    query: &PublicationQuery,
) -> Result<Publications> {
    work.may(Operation::ListBoards)?;
    let place = find(work, &query.place)?.id;
    let board = work.shelf.pack()?.boards.get(&query.board).filter(|it| may_read(work, it));
    board.ok_or_else(|| Error::not_found("board", &query.board))?;
    let (limit, wanted) = page_size(query.limit);
    let above = work.shelf.network.path(place).into_iter().flatten().filter(|it| *it != place);
    let mut found = Vec::new();
    for of in above.map(Of::At).chain([Of::Within(place)]) {
        let page = (query.after, wanted);
        found.extend(boards::shown(tx, (&query.board, of), work.now(), page).await?);
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.publication.id));
    let next = cut(&mut found, limit, |it| it.publication.id);
    let mut items = Vec::with_capacity(found.len());
    for it in found {
        items.push(view(tx, work, it).await?);
    }
    Ok(Publications { items, next })
}

async fn view(tx: &mut Tx, work: &Work, it: Published) -> Result<PublicationView> {
    let Published { publication, post, at, .. } = it;
    let Publication { id, board, pack, case, place, columns, until } = publication;
    let pack = work.shelf.pinned(&pack)?.clone();
    let order: Vec<String> = pack.fields.keys().cloned().collect();
    let found = store::cases::get(tx, case).await?;
    let procedure = found.and_then(|it| pack.procedures.get(it.state.procedure.as_str()));
    let number = number(tx, work, case).await?;
    Ok(PublicationView {
        id,
        board,
        procedure: procedure.map(|it| it.title.clone()).unwrap_or_default(),
        place: place_name(work, place),
        office: post.map(|it| people::post_title(work, it)),
        case: (!number.is_empty()).then_some((case, number)),
        facts: in_order(tx, work, (&pack, &order), columns).await?,
        at,
        until,
        may_withdraw: work.may(Operation::WithdrawPublication).is_ok() && stands_over(work, place),
    })
}

/// Takes words off their board, by any post that stands over their place; the reason stays in the
/// journal.
pub async fn withdraw_publication(
    tx: &mut Tx,
    work: &mut Work,
    (id, reason): (PublicationId, &str),
) -> Result<()> {
    work.may(Operation::WithdrawPublication)?;
    let found = boards::get(tx, id).await?.filter(|it| it.withdrawn_at.is_none());
    let found = found.ok_or_else(|| Error::not_found("publication", id))?;
    must_stand_over(work, found.publication.place)?;
    let reason = reason_of(reason)?;
    work.private.insert("reason".to_owned(), reason);
    work.record(tx, id.0, Event::PublicationWithdrawn { publication: id }).await?;
    Ok(())
}
