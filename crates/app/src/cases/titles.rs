//! Titles as readers are told them: of procedures, matters, states, posts and places.

use super::sight::Sight;
use crate::{Work, people};
use method::definition::{Pack, Procedure};
use model::cases::CaseState;
use model::{PlaceId, PostId};
use serde::{Deserialize, Serialize};

/// A place by code and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceName {
    /// Stable id.
    pub id: PlaceId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The pack's id of its level.
    pub level: String,
}

/// Titles as the reader is told them.
pub(super) struct Names {
    pub procedure: String,
    pub matter: Option<String>,
    pub state: String,
    pub stage: Option<String>,
}

/// Titles of procedure, matter, state and stage as the reader is told them.
pub(super) fn names(
    procedure: Option<&Procedure>,
    pack: &Pack,
    state: &CaseState,
    seen: Sight,
) -> Names {
    let definition = procedure.and_then(|it| it.states.get(state.state.as_str()));
    let matters = procedure.and_then(|it| it.matters.as_ref()).and_then(|it| pack.matters.get(it));
    let shown = definition.and_then(|it| it.shown.clone()).filter(|_| seen == Sight::Asker);
    Names {
        procedure: procedure.map(|it| it.title.clone()).unwrap_or_default(),
        matter: matters
            .zip(state.matter.as_ref())
            .and_then(|(it, id)| it.get(id.as_str()))
            .map(|matter| matter.title.clone()),
        state: shown.or_else(|| definition.map(|it| it.title.clone())).unwrap_or_default(),
        stage: definition.and_then(|it| it.stage.clone()),
    }
}

/// The title of an action of the procedure, or of one that is built in.
pub(crate) fn action_title(work: &Work, procedure: Option<&Procedure>, action: &str) -> String {
    let title = procedure.and_then(|it| it.actions.get(action)).map(|it| it.title.clone());
    title.unwrap_or_else(|| {
        let (chinese, english) = built_in(action);
        if work.shelf.in_english { english } else { chinese }.to_owned()
    })
}

fn built_in(action: &str) -> (&'static str, &'static str) {
    match action {
        "ask_approval" => ("报请审批", "Approval asked for"),
        "approval_refused" => ("审批未同意", "Approval refused"),
        "child_ended" => ("下级办件办结", "A case below it has ended"),
        "dropped" => ("随主件终止", "Ended with the case above it"),
        "minuted" => ("会议记录", "Minutes taken"),
        "moved" => ("改用新版本办法", "Moved to a new version of the pack"),
        "follow" => ("随并入的诉求推进", "Follows the case it joined"),
        "renew" => ("岗位或时限更新", "Post or deadline renewed"),
        "tick" => ("到时未办", "Nothing done in time"),
        "unjoin" => ("退出并入", "Leaves the case it joined"),
        _ => ("记录", "Note"),
    }
}

/// A place by code and name.
pub(crate) fn place_name(work: &Work, id: PlaceId) -> Option<PlaceName> {
    let network = &work.shelf.network;
    let place = network.place(id)?;
    let level = network.levels().get(place.level).map(|level| level.id.clone());
    Some(PlaceName {
        id,
        code: place.code.clone(),
        name: place.name.clone(),
        level: level.unwrap_or_default(),
    })
}

/// A post by its organisation, or else its place, and the title of its role.
pub(super) fn post_title(work: &Work, pack: &Pack, post: PostId) -> String {
    people::titled(work, post, |role| pack.roles.get(role).map(|it| it.title.clone()))
}
