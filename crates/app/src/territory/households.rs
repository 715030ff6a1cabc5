//! Households: an address and how its people wish to be reached, nothing else, both private values.

use super::{find, must_stand_over};
use crate::{Error, Result, Work};
use method::decide::FieldProblem;
use model::access::Operation;
use model::journal::Event;
use model::{HouseholdId, PlaceId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most households in one request: a command must stay short.
const MOST: usize = 1000;

/// Households to be registered in a place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegisterHouseholds {
    /// Code of the place, usually a micro-grid.
    pub place: String,
    /// The households.
    pub households: Vec<NewHousehold>,
}

/// One door.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewHousehold {
    /// Its address line.
    pub address: String,
    /// How its people wish to be reached, if they said so.
    pub wish: Option<String>,
}

/// Households just registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// In the order of the request.
    pub households: Vec<HouseholdId>,
}

/// Registers households; an address that the place has already is refused: it is typed once.
pub async fn register_households(
    tx: &mut Tx,
    work: &mut Work,
    request: &RegisterHouseholds,
) -> Result<Registered> {
    work.may(Operation::RegisterHouseholds)?;
    let place = find(work, &request.place)?.id;
    must_stand_over(work, place)?;
    let problems = problems(tx, place, &request.households).await?;
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut households = Vec::with_capacity(request.households.len());
    for (n, new) in request.households.iter().enumerate() {
        households.push(work.draw.id());
        work.private.insert(format!("address.{n}"), new.address.trim().to_owned());
        if let Some(wish) = &new.wish {
            work.private.insert(format!("wish.{n}"), wish.trim().to_owned());
        }
    }
    let registered = Registered { households: households.clone() };
    work.record(tx, place.0, Event::HouseholdsRegistered { place, households }).await?;
    Ok(registered)
}

async fn problems(tx: &mut Tx, place: PlaceId, new: &[NewHousehold]) -> Result<Vec<FieldProblem>> {
    let problem = |field: String, code, chinese: &str, english: &str| FieldProblem {
        field,
        code,
        chinese: chinese.to_owned(),
        english: english.to_owned(),
    };
    if !(1..=MOST).contains(&new.len()) {
        let field = "households".to_owned();
        return Ok(vec![problem(field, "out_of_range", "一次1至1000户", "1 to 1000 at once")]);
    }
    let known = store::territory::households(tx, place).await?;
    let mut known: BTreeSet<String> = known.into_iter().filter_map(|it| it.address).collect();
    let mut problems = Vec::new();
    for (n, it) in new.iter().enumerate() {
        let (address, field) = (it.address.trim(), format!("households.{n}.address"));
        if !(2..=100).contains(&address.chars().count()) {
            problems.push(problem(field, "wrong_form", "地址2至100字", "2 to 100 characters"));
        } else if !known.insert(address.to_owned()) {
            problems.push(problem(field, "known", "这个地址已登记", "registered already"));
        }
        if it.wish.as_ref().is_some_and(|wish| wish.chars().count() > 100) {
            let field = format!("households.{n}.wish");
            problems.push(problem(field, "too_long", "最多100字", "at most 100 characters"));
        }
    }
    Ok(problems)
}
