//! Notices for everybody of a place: published by whoever stands over it, read without a log-in,
//! withdrawn with a reason.

use crate::territory::{PlaceName, find, must_stand_over, stands_over};
use crate::{Error, FieldProblem, Result, Work, people};
use jiff::Timestamp;
use jiff::civil::Date;
use method::decide::names_a_number;
use model::access::{Actor, Operation};
use model::journal::Event;
use model::notices::Notice;
use model::{NoticeId, PlaceId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use store::notices::Published;
use uuid::Uuid;

/// Characters of a title.
const TITLE: usize = 60;
/// Characters of the words.
const BODY: usize = 4_000;
/// Characters of a reason.
const REASON: usize = 200;
/// Days for which a notice may be shown.
const DAYS: i32 = 366;
/// The most on one page.
const MOST: usize = 100;

/// A notice to be published.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// Code or id of the place.
    pub place: String,
    /// Title.
    pub title: String,
    /// The words.
    pub body: String,
    /// The last day on which it is shown.
    pub until: Option<Date>,
    /// A person has looked at the numbers in it: they may be read by everybody.
    pub confirmed: bool,
}

/// Which notices.
#[derive(Clone, Debug)]
pub struct NoticeQuery {
    /// Code or id of a place; notices of the places above it are its notices too.
    pub place: String,
    /// Only those before this one: the `next` of the page before.
    pub after: Option<NoticeId>,
    /// At most so many, up to 100.
    pub limit: Option<usize>,
}

/// A notice as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeView {
    /// Its id.
    pub id: NoticeId,
    /// For whom.
    pub place: Option<PlaceName>,
    /// Title of the post that published it.
    pub office: String,
    /// Its title, unless erased.
    pub title: String,
    /// Its words, unless erased.
    pub body: String,
    /// When it was published.
    pub at: Timestamp,
    /// The last day on which it is shown.
    pub until: Option<Date>,
    /// Whether the resident who asks has read it.
    pub read: bool,
    /// How many residents have; for whoever may withdraw it.
    pub readers: Option<i64>,
}

/// A page of notices, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notices {
    /// The notices.
    pub items: Vec<NoticeView>,
    /// Where the next page begins.
    pub next: Option<NoticeId>,
}

/// Notices that stand today for a place: its own, and those of all places above it.
pub async fn list_notices(tx: &mut Tx, work: &mut Work, query: &NoticeQuery) -> Result<Notices> {
    work.may(Operation::ListNotices)?;
    let place = find(work, &query.place)?.id;
    let limit = query.limit.unwrap_or(20).clamp(1, MOST);
    let before = query.after.unwrap_or(NoticeId(Uuid::max()));
    let mut found = Vec::new();
    for place in work.shelf.network.path(place).into_iter().flatten() {
        let page = (before, work.today(), i64::try_from(limit).unwrap_or(i64::MAX));
        found.extend(store::notices::of_place(tx, place, page).await?);
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.notice.id));
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|it| it.notice.id);
    let mut items = Vec::with_capacity(found.len());
    for it in found {
        items.push(view(tx, work, it).await?);
    }
    Ok(Notices { items, next })
}

/// One notice.
pub async fn show_notice(tx: &mut Tx, work: &mut Work, id: NoticeId) -> Result<NoticeView> {
    work.may(Operation::ListNotices)?;
    let found = standing(tx, id).await?;
    view(tx, work, found).await
}

/// Publishes a notice for a place the acting post stands over.
pub async fn publish_notice(tx: &mut Tx, work: &mut Work, new: &NewNotice) -> Result<NoticeView> {
    work.may(Operation::PublishNotice)?;
    let place = find(work, &new.place)?.id;
    must_stand_over(work, place)?;
    let problems = problems(work, new);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let notice = Notice { id: work.draw.id(), place, until: new.until };
    let id = notice.id;
    let texts = [("title", &new.title), ("body", &new.body)];
    work.private =
        texts.into_iter().map(|(field, it)| (field.to_owned(), it.trim().to_owned())).collect();
    work.record(tx, id.0, Event::NoticePublished { notice }).await?;
    let found = standing(tx, id).await?;
    view(tx, work, found).await
}

/// Takes a notice back, by any post that stands over its place; the reason stays in the journal.
pub async fn withdraw_notice(
    tx: &mut Tx,
    work: &mut Work,
    (id, reason): (NoticeId, &str),
) -> Result<()> {
    work.may(Operation::WithdrawNotice)?;
    let found = standing(tx, id).await?;
    must_stand_over(work, found.notice.place)?;
    let reason = reason.trim();
    if !(2..=REASON).contains(&reason.chars().count()) {
        let (zh, en) = ("请写明撤回原因(2–200字)", "say why, in 2 to 200 characters");
        return Err(Error::field("reason", "missing", zh, en));
    }
    work.private.insert("reason".to_owned(), reason.to_owned());
    work.record(tx, id.0, Event::NoticeWithdrawn { notice: id }).await?;
    Ok(())
}

/// Notes that a resident has read a notice: once, however often it is said.
pub async fn read_notice(tx: &mut Tx, work: &mut Work, id: NoticeId) -> Result<()> {
    work.may(Operation::ReadNotice)?;
    standing(tx, id).await?;
    let Actor::Resident { person } = work.actor else {
        return Err(Error::Forbidden { operation: Operation::ReadNotice });
    };
    if !store::notices::has_read(tx, id, person).await? {
        work.record(tx, id.0, Event::NoticeRead { notice: id, person }).await?;
    }
    Ok(())
}

async fn standing(tx: &mut Tx, id: NoticeId) -> Result<Published> {
    store::notices::get(tx, id).await?.ok_or_else(|| Error::not_found("notice", id))
}

fn problems(work: &Work, new: &NewNotice) -> Vec<FieldProblem> {
    let length = |text: &str| text.trim().chars().count();
    let today = work.today();
    let days = new.until.map(|it| today.until(it).map_or(-1, |span| span.get_days()));
    let numbers = names_a_number(&new.title) || names_a_number(&new.body);
    let rules = [
        (
            !(1..=TITLE).contains(&length(&new.title)),
            "title",
            "length",
            "标题为1至60字",
            "a title of 1 to 60 characters",
        ),
        (
            !(1..=BODY).contains(&length(&new.body)),
            "body",
            "length",
            "正文为1至4000字",
            "words of 1 to 4000 characters",
        ),
        (
            days.is_some_and(|it| !(0..=DAYS).contains(&it)),
            "until",
            "out_of_range",
            "截止日期应在今天之后一年之内",
            "within a year from today",
        ),
        (
            numbers && !new.confirmed,
            "confirmed",
            "personal",
            "内容含电话或证件号码:请核对这些号码可以公开,再确认发布",
            "it holds numbers: make sure that everybody may read them, and confirm",
        ),
    ];
    let broken = rules.into_iter().filter(|it| it.0);
    broken
        .map(|(_, field, code, chinese, english)| FieldProblem {
            field: field.to_owned(),
            code,
            chinese: chinese.to_owned(),
            english: english.to_owned(),
        })
        .collect()
}

async fn view(tx: &mut Tx, work: &Work, it: Published) -> Result<NoticeView> {
    let Published { notice: Notice { id, place, until }, post, at, title, body, readers } = it;
    let read = match work.actor {
        Actor::Resident { person } => store::notices::has_read(tx, id, person).await?,
        _ => false,
    };
    Ok(NoticeView {
        id,
        place: PlaceName::of(work, place),
        office: post.map(|it| people::post_title(work, it)).unwrap_or_default(),
        title: title.unwrap_or_default(),
        body: body.unwrap_or_default(),
        at,
        until,
        read,
        readers: may_withdraw(work, place).then_some(readers),
    })
}

fn may_withdraw(work: &Work, place: PlaceId) -> bool {
    work.may(Operation::WithdrawNotice).is_ok() && stands_over(work, place)
}
