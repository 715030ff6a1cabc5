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
    let definition = procedure.and_then(|it| it.states.get(&state.state));
    let matters = procedure.and_then(|it| it.matters.as_ref()).and_then(|it| pack.matters.get(it));
    let shown = definition.and_then(|it| it.shown.clone()).filter(|_| seen == Sight::Asker);
    Names {
        procedure: procedure.map(|it| it.title.clone()).unwrap_or_default(),
        matter: matters
            .zip(state.matter.as_ref())
            .and_then(|(it, id)| it.get(id))
            .map(|matter| matter.title.clone()),
        state: shown.or_else(|| definition.map(|it| it.title.clone())).unwrap_or_default(),
        stage: definition.and_then(|it| it.stage.clone()),
    }
}

/// The title of an action of the procedure, or of one that is built in.
pub(crate) fn action_title(procedure: Option<&Procedure>, action: &str) -> String {
    let title = procedure.and_then(|it| it.actions.get(action)).map(|it| it.title.clone());
    title.unwrap_or_else(|| built_in(action).to_owned())
}

fn built_in(action: &str) -> &'static str {
    match action {
        "ask_approval" => "报请审批",
        "approval_refused" => "审批未同意",
        "child_ended" => "下级办件办结",
        "dropped" => "随主件终止",
        "minuted" => "会议记录",
        "moved" => "改用新版本办法",
        "follow" => "随并入的诉求推进",
        "renew" => "岗位或时限更新",
        "tick" => "到时未办",
        "unjoin" => "退出并入",
        _ => "记录",
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
