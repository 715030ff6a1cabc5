//! Who am I: the person behind a session and the posts held today.

use super::log_in::{Must, musts};
use crate::territory::PlaceName;
use crate::{Result, Work};
use model::access::{Actor, Operation};
use model::{PersonId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// The person behind a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person; none for the program itself and for walls.
    pub person: Option<PersonId>,
    /// The name, for staff.
    pub name: Option<String>,
    /// The masked number, for residents.
    pub phone: Option<String>,
    /// Whether a resident logs in by WeChat too.
    pub wechat: bool,
    /// The post in which this request acts.
    pub acting: Option<PostId>,
    /// The place, for a wall that shows the screen.
    pub display: Option<PlaceName>,
    /// All posts held today.
    pub posts: Vec<MyPost>,
    /// What must be done before anything else.
    pub must: Vec<Must>,
    /// The operations the actor may ask for now, by id.
    pub may: Vec<String>,
}

/// A post that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyPost {
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
}

/// Who the actor is.
pub async fn show_me(tx: &mut Tx, work: &Work) -> Result<Me> {
    work.may(Operation::ShowMe)?;
    let person = work.actor.person();
    let contact = match person {
        Some(person) => store::people::contact(tx, person).await?,
        None => store::people::Contact::default(),
    };
    let resident = matches!(work.actor, Actor::Resident { .. });
    let wechat = match person.filter(|_| resident) {
        Some(person) => store::access::wechat::key_of(tx, person).await?.is_some(),
        None => false,
    };
    let must = match &work.actor {
        Actor::Staff { account, person, .. } => musts(tx, work, *account, *person).await?,
        _ => Vec::new(),
    };
    let held = person.map(|it| work.shelf.network.posts_of(it, work.today())).unwrap_or_default();
    Ok(Me {
        person,
        name: contact.name,
        phone: contact.phone.filter(|_| resident).map(|it| crate::people::mask_phone(&it)),
        wechat,
        acting: work.actor.post(),
        display: display(work),
        posts: held.into_iter().filter_map(|post| my_post(work, post)).collect(),
        may: may(work, &must),
        must,
    })
}

fn display(work: &Work) -> Option<PlaceName> {
    match work.actor {
        Actor::Display { place, .. } => PlaceName::of(work, place),
        _ => None,
    }
}

/// What the table admits, as far as nothing must be done first.
fn may(work: &Work, must: &[Must]) -> Vec<String> {
    let standing = work.standing();
    let open = |it: &Operation| must.first().is_none_or(|must| must.is_met_by(*it));
    let admitted = Operation::ALL.iter().filter(|it| it.admits(standing) && open(it));
    admitted.map(|it| it.as_str().to_owned()).collect()
}

fn my_post(work: &Work, id: PostId) -> Option<MyPost> {
    let network = &work.shelf.network;
    let post = network.post(id)?;
    Some(MyPost {
        post: id,
        role: post.role.clone(),
        title: crate::people::role_title(work, &post.role),
        place: post.place.and_then(|it| PlaceName::of(work, it)),
        org: post.org.and_then(|it| network.org(it)).map(|org| org.name.clone()),
    })
}
