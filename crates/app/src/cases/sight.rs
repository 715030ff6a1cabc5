//! Who sees what of a case. A request that must not be known to exist is not found.

use crate::Work;
use method::decide::{self, Doer};
use model::access::{Actor, Standing};
use model::cases::Asker;
use model::{OrgId, PostId};
use store::cases::Case;

/// What an actor sees of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing: not found.
    None,
    /// All that is the asker's to see.
    Asker,
    /// All but who asked.
    Blind,
    /// All, with personal values masked.
    Full,
}

/// What the actor of this work sees of a case.
pub fn sight(work: &Work, case: &Case) -> Sight {
    match &work.actor {
        Actor::System { .. } => Sight::Full,
        Actor::Claimant { case: claimed } if *claimed == case.id => Sight::Asker,
        Actor::Resident { person } => match case.state.asker {
            Asker::Resident { person: Some(asker), .. } if asker == *person => Sight::Asker,
            _ => Sight::None,
        },
        Actor::Staff { post, .. } | Actor::Display { post, .. } => staff(work, case, *post),
        Actor::Claimant { .. } | Actor::Visitor => Sight::None,
    }
}

/// What another post of the same person sees of a case.
pub(super) fn sight_as(work: &Work, case: &Case, post: PostId) -> Sight {
    match &work.actor {
        Actor::Staff { .. } => staff(work, case, post),
        _ => sight(work, case),
    }
}

fn staff(work: &Work, case: &Case, post: PostId) -> Sight {
    if work.standing() == Standing::AuditAdmin {
        return if case.sensitive { Sight::None } else { Sight::Blind };
    }
    if case.state.about.contains(&post.0) {
        return Sight::None;
    }
    let involved = involved(work, case, post);
    let sees = if case.sensitive {
        involved || guards(work, case, post)
    } else {
        involved || stands_over(work, case, post) || has_part(work, case, post)
    };
    match (sees, case.hiding.as_str()) {
        (false, _) => Sight::None,
        (true, "confidential") if handles(work, case, post) => Sight::Blind,
        (true, _) => Sight::Full,
    }
}

/// Owns it, did something with it, asked for it, or belongs to a unit that works on it.
fn involved(work: &Work, case: &Case, post: PostId) -> bool {
    let asked = matches!(case.state.asker, Asker::Post { post: asker } if asker == post);
    let did = || case.state.done_by.values().flatten().any(|it| *it == post);
    let pending = || case.state.pending.as_ref().is_some_and(|it| it.by == post);
    case.state.owner == Some(post) || asked || did() || pending() || handles(work, case, post)
}

/// Whether the post belongs to the unit that handles or assists.
fn handles(work: &Work, case: &Case, post: PostId) -> bool {
    let Some(org) = org_of(work, post) else { return false };
    if case.about_org(org) {
        return false;
    }
    case.state.org("unit") == Some(org) || case.assistants().contains(&org)
}

/// A place's post sees the cases of its place; a unit's post only those it is involved in.
fn stands_over(work: &Work, case: &Case, post: PostId) -> bool {
    let Some(held) = work.shelf.network.post(post) else { return false };
    let voluntary = work
        .shelf
        .current
        .as_ref()
        .and_then(|pack| pack.roles.get(&held.role))
        .is_some_and(|role| role.voluntary);
    let over = held.place.is_some_and(|place| case.path.contains(&place));
    over && held.org.is_none() && !voluntary
}

/// Whether the procedure leaves the post something to do now: the family doctor who is called, the
/// cadre who may verify.
fn has_part(work: &Work, case: &Case, post: PostId) -> bool {
    let pack = work.shelf.pinned(&case.state.pack);
    let world = pack.map(|pack| work.shelf.world(pack, work.now()));
    world.is_ok_and(|world| decide::has_part(&world, &case.state, Doer::Post(post)))
}

/// Named posts for sensitive matters.
fn guards(work: &Work, case: &Case, post: PostId) -> bool {
    let network = &work.shelf.network;
    let Some(held) = network.post(post).filter(|it| it.role == "guardian") else { return false };
    let org_place = held.org.and_then(|org| network.org(org)).map(|org| org.place);
    held.place.or(org_place).is_some_and(|place| case.path.contains(&place))
        && case.state.org("unit").is_none_or(|unit| held.org == Some(unit))
}

fn org_of(work: &Work, post: PostId) -> Option<OrgId> {
    work.shelf.network.post(post).and_then(|post| post.org)
}

/// What a case says of organisations.
trait Units {
    fn about_org(&self, org: OrgId) -> bool;
    fn assistants(&self) -> Vec<OrgId>;
}

impl Units for Case {
    fn about_org(&self, org: OrgId) -> bool {
        self.state.about.contains(&org.0)
    }

    fn assistants(&self) -> Vec<OrgId> {
        use model::cases::FieldValue;
        let text = |value: &FieldValue| match value {
            FieldValue::Text(id) => id.parse().ok(),
            _ => None,
        };
        match self.state.fields.get("assistants") {
            Some(FieldValue::List(list)) => list.iter().filter_map(text).collect(),
            Some(one) => text(one).into_iter().collect(),
            None => Vec::new(),
        }
    }
}
