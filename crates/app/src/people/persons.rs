//! Persons by name: for appointing them, and for seeing what somebody holds.

use super::post_title;
use crate::words::Words;
use crate::{Result, Work};
use jiff::civil::Date;
use model::access::Operation;
use model::people::Holding;
use model::{PersonId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// The most one answer holds.
const MOST: usize = 200;

/// Which persons.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PersonQuery {
    /// Words of the name.
    pub words: Option<String>,
    /// At most so many, up to 200.
    pub limit: Option<usize>,
}

/// A person who works here, did or will.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// The person.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// Posts held today or later, by their first day.
    pub posts: Vec<HeldPost>,
}

/// A post and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPost {
    /// The post.
    pub post: PostId,
    /// Its title with unit or place.
    pub title: String,
    /// 0 for the principal, then the deputies in order.
    pub rank: u32,
    /// First day.
    pub from: Date,
    /// First day after; none while open.
    pub until: Option<Date>,
}

/// Persons by name; residents are none of them.
pub async fn list_people(tx: &mut Tx, work: &Work, query: &PersonQuery) -> Result<Vec<PersonView>> {
    work.may(Operation::ListPeople)?;
    let words = Words::of(query.words.as_deref());
    let all = store::people::names(tx).await?;
    let found = all.into_iter().filter(|(_, name)| words.fit([name.as_str()]));
    let limit = query.limit.unwrap_or(50).clamp(1, MOST);
    Ok(found.take(limit).map(|(id, name)| view(work, id, name)).collect())
}

fn view(work: &Work, id: PersonId, name: String) -> PersonView {
    let held = |it: &Holding| HeldPost {
        post: it.post,
        title: post_title(work, it.post),
        rank: it.rank,
        from: it.from,
        until: it.until,
    };
    let posts = work.shelf.network.holdings_of(id, work.today()).into_iter().map(held).collect();
    PersonView { id, name, posts }
}
