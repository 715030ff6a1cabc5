//! Posts with their holders, vacancies, and who answers instead.

use super::{lasts, orgs, role_title};
use crate::territory::{self, PlaceName};
use crate::words::Words;
use crate::{Result, Work};
use jiff::civil::Date;
use model::access::Operation;
use model::network::About;
use model::people::{Holding, Post, Selection};
use model::{PersonId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::people::Contact;

/// Most posts in one answer.
const MOST: usize = 500;

/// Which posts are wanted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PostQuery {
    /// Code or id of the place they belong to, themselves or by their organisation.
    pub place: Option<String>,
    /// Code or id of their organisation.
    pub org: Option<String>,
    /// Their role.
    pub role: Option<String>,
    /// Words of the role's title, the organisation or the place, or their codes.
    pub words: Option<String>,
    /// At most so many, at most 500.
    pub limit: Option<usize>,
}

/// A post today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostView {
    /// The post.
    pub post: PostId,
    /// Its role in the pack.
    pub role: String,
    /// Title of the role.
    pub title: String,
    /// Its place.
    pub place: Option<PlaceName>,
    /// Name of its organisation.
    pub org: Option<String>,
    /// Its holders, the principal first.
    pub holders: Vec<Holder>,
    /// Whether nobody holds it.
    pub vacant: bool,
    /// Who answers instead while nobody present holds it.
    pub answered_by: Option<PostId>,
}

/// Somebody who holds a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// The name, for colleagues.
    pub name: Option<String>,
    /// 0 for the principal, then the deputies in order.
    pub rank: u32,
    /// How the person was found.
    pub selection: Selection,
    /// Since when.
    pub from: Date,
    /// Whether the person is away today.
    pub away: bool,
}

/// Lists posts that exist today, by role, then place; at most 500.
pub async fn list_posts(tx: &mut Tx, work: &Work, query: &PostQuery) -> Result<Vec<PostView>> {
    work.may(Operation::ListPosts)?;
    let (network, today) = (&work.shelf.network, work.today());
    let place = query.place.as_ref().map(|key| territory::find(work, key)).transpose()?;
    let org = query.org.as_ref().map(|key| orgs::org(network, key)).transpose()?;
    let words = Words::of(query.words.as_deref());
    let wanted = |post: &&Post| {
        let at = post.place.or_else(|| Some(network.org(post.org?)?.place));
        post.from <= today
            && lasts(post.until, today)
            && place.is_none_or(|place| at == Some(place.id))
            && org.is_none_or(|org| post.org == Some(org.id))
            && query.role.as_ref().is_none_or(|role| post.role == *role)
            && (words.is_empty() || words.fit(called(work, post).iter().map(String::as_str)))
    };
    let mut posts: Vec<&Post> = network.posts().filter(wanted).collect();
    posts.sort_by_key(|post| {
        (&post.role, post.place.and_then(|it| network.place(it)).map(|it| &it.code), post.id)
    });
    posts.truncate(query.limit.unwrap_or(MOST).clamp(1, MOST));
    let holders = posts.iter().flat_map(|post| network.holders(post.id, today));
    let persons: Vec<PersonId> = holders.map(|it| it.person).collect();
    let contacts = store::people::contacts(tx, &persons).await?;
    Ok(posts.into_iter().map(|post| view(work, post, &contacts)).collect())
}

/// What a post is called by.
fn called(work: &Work, post: &Post) -> Vec<String> {
    let network = &work.shelf.network;
    let org = post.org.and_then(|it| network.org(it)).map(|it| [it.code.clone(), it.name.clone()]);
    let place = post.place.and_then(|it| network.place(it));
    let place = place.map(|it| [it.code.clone(), it.name.clone()]);
    let title = role_title(work, &post.role);
    let names = org.into_iter().chain(place).flatten();
    names.chain([post.role.clone(), title]).collect()
}

fn view(work: &Work, post: &Post, contacts: &BTreeMap<PersonId, Contact>) -> PostView {
    let (network, today) = (&work.shelf.network, work.today());
    let holder = |it: &Holding| Holder {
        person: it.person,
        name: contacts.get(&it.person).and_then(|contact| contact.name.clone()),
        rank: it.rank,
        selection: it.selection,
        from: it.from,
        away: network.away(it.person, today),
    };
    let holders: Vec<_> = network.holders(post.id, today).map(holder).collect();
    let manned = network.manned(post.id, today);
    PostView {
        post: post.id,
        role: post.role.clone(),
        title: role_title(work, &post.role),
        place: post.place.and_then(|it| PlaceName::of(work, it)),
        org: post.org.and_then(|it| network.org(it)).map(|it| it.name.clone()),
        vacant: holders.is_empty(),
        answered_by: if manned { None } else { instead(work, post) },
        holders,
    }
}

/// The same role in the same organisation or up the tree, else the duty desk.
fn instead(work: &Work, post: &Post) -> Option<PostId> {
    let (network, today, none) = (&work.shelf.network, work.today(), About::new());
    let org = post.org.and_then(|org| network.org(org));
    let place = post.place.or(org.map(|org| org.place))?;
    let colleague = org.and_then(|org| network.at_org(&post.role, org.id, place, &none, today));
    let above = || match org {
        None => network.nearest(&post.role, place, &none, today),
        Some(_) => None,
    };
    colleague.or_else(above).or_else(|| network.last_resort(place, &none, today))
}
