//! Visits: the households of a post's ground, each with the last visit there.

use super::facts::{Fact, facts};
use super::show::fields;
use super::sight::{Sight, sight};
use super::titles::{PlaceName, names, place_name};
use crate::territory::{find, must_stand_over};
use crate::{Error, Result, Work};
use jiff::Timestamp;
use model::access::Operation;
use model::{CaseId, HouseholdId, PlaceId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use store::cases::Case;

/// The most households of one list: more than one grid has.
const MOST: i64 = 2_000;

/// A household that may be visited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoorView {
    /// What the form of a visit names as `door`.
    pub household: HouseholdId,
    /// Where it lies.
    pub place: Option<PlaceName>,
    /// Its address, unless erased.
    pub address: Option<String>,
    /// How its people wish to be reached.
    pub wish: Option<String>,
    /// The last visit.
    pub last: Option<LastVisit>,
}

/// The last visit of a household.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastVisit {
    /// The case.
    pub case: CaseId,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: String,
    /// Whether something is still to be done.
    pub open: bool,
    /// What was noted, in words; no free text.
    pub facts: Vec<Fact>,
}

/// The households of a place the acting post stands over, with the last case of a procedure whose form
/// asks for a household. At most a grid: nobody has business with all doors of a street.
pub async fn doors(
    tx: &mut Tx,
    work: &mut Work,
    (place, procedure): (&str, &str),
) -> Result<Vec<DoorView>> {
    work.may(Operation::ListDoors)?;
    let place = find(work, place)?.id;
    must_stand_over(work, place)?;
    must_be_a_grid(work, place)?;
    if !super::open::asks(work.shelf.pack()?, procedure, "door") {
        return Err(Error::not_found("procedure", procedure));
    }
    let found = store::cases::doors(tx, place, (procedure, MOST)).await?;
    let mut doors = Vec::with_capacity(found.len());
    for it in found {
        let last = match it.last {
            Some(case) if sight(work, &case) != Sight::None => {
                Some(last_visit(tx, work, &case).await?)
            }
            _ => None,
        };
        let place = place_name(work, it.place);
        let store::cases::Door { id: household, address, wish, .. } = it;
        doors.push(DoorView { household, place, address, wish, last });
    }
    Ok(doors)
}

fn must_be_a_grid(work: &Work, place: PlaceId) -> Result<()> {
    let network = &work.shelf.network;
    let level = network.place(place).map(|it| it.level);
    if level >= network.level("grid") {
        return Ok(());
    }
    let (zh, en) = ("请选择一个网格或微网格", "choose a grid or a micro-grid");
    Err(Error::field("place", "too_wide", zh, en))
}

async fn last_visit(tx: &mut Tx, work: &Work, case: &Case) -> Result<LastVisit> {
    let pack = work.shelf.pinned(&case.state.pack)?;
    let names =
        names(pack.procedures.get(case.state.procedure.as_str()), pack, &case.state, Sight::Full);
    let mut noted = fields(pack, &case.state, sight(work, case));
    noted.retain(|id, _| id != "door" && id != "place");
    Ok(LastVisit {
        case: case.id,
        at: case.state.opened_at,
        state: names.state,
        open: case.state.is_open(),
        facts: facts(tx, work, pack, &noted).await?,
    })
}
