//! 我的服务者: who serves an address, in the order of the pack, with masked names and numbers.

use super::{PlaceName, find};
use crate::people::{mask_name, mask_phone};
use crate::{Result, Work};
use model::access::{Operation, Standing};
use model::network::About;
use model::{PersonId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use store::people::Contact;

/// One of those who serve a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePerson {
    /// The role.
    pub role: String,
    /// What residents call it.
    pub title: String,
    /// The post that answers: of the place itself, the nearest above, else the duty desk.
    pub post: Option<PostId>,
    /// The place of that post.
    pub place: Option<PlaceName>,
    /// Name of its unit.
    pub unit: Option<String>,
    /// Masked name.
    pub name: Option<String>,
    /// Masked number.
    pub phone: Option<String>,
    /// What a one-tap call is asked by, for staff and residents who logged in; never the number.
    pub call: Option<PostId>,
}

/// The service people of a place.
pub async fn service_people(tx: &mut Tx, work: &Work, key: &str) -> Result<Vec<ServicePerson>> {
    work.may(Operation::ListServicePeople)?;
    let shelf = work.shelf.clone();
    let (network, today) = (&shelf.network, work.today());
    let place = find(work, key)?.id;
    let answers = shelf.pack()?.services.iter().map(|(role, title)| {
        let post = network.nearest(role, place, &About::new(), today);
        let post = post.or_else(|| network.last_resort(place, &About::new(), today));
        (role, title, post, post.and_then(|post| network.person(post, today)))
    });
    let answers: Vec<_> = answers.collect();
    let persons: Vec<PersonId> = answers.iter().filter_map(|(.., person)| *person).collect();
    let contacts = store::people::contacts(tx, &persons).await?;
    let people = answers.into_iter().map(|(role, title, post, person)| {
        let contact = person.and_then(|person| contacts.get(&person));
        served(work, (role, title), post, contact)
    });
    Ok(people.collect())
}

fn served(
    work: &Work,
    (role, title): (&str, &str),
    post: Option<PostId>,
    contact: Option<&Contact>,
) -> ServicePerson {
    let network = &work.shelf.network;
    let held = post.and_then(|post| network.post(post));
    let phone = contact.and_then(|it| it.phone.as_deref());
    let may_call = matches!(work.standing(), Standing::Staff | Standing::Resident);
    ServicePerson {
        role: role.to_owned(),
        title: title.to_owned(),
        post,
        place: held.and_then(|it| it.place).and_then(|it| PlaceName::of(work, it)),
        unit: held.and_then(|it| it.org).and_then(|it| network.org(it)).map(|it| it.name.clone()),
        name: contact.and_then(|it| it.name.as_deref()).map(mask_name),
        phone: phone.map(mask_phone),
        call: post.filter(|_| may_call && phone.is_some()),
    }
}
