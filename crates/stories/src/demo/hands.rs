//! Whose hand does a move, and with which form: looked up in today's network, as a person at the
//! desk would.

use super::course::{Hand, Move};
use super::dice::Dice;
use super::forms::{self, Filling};
use super::player::{Player, Running, wanted, wrong};
use super::requests::Request;
use super::{PROCEDURE, load::Cast};
use app::{Form, Result, Tx, Work};
use method::decide;
use model::OrgId;
use model::access::Actor;
use model::cases::Asker;
use model::network::Network;
use store::cases::Case;

impl Player {
    /// Who does the move.
    pub(super) async fn actor(
        &mut self,
        tx: &mut Tx,
        work: &mut Work,
        (request, case): (&Request, &Case),
        next: Move,
        (running, dice): (&Running, &mut Dice),
    ) -> Result<Actor> {
        let desk = |role: &str| nearest(work, case, role);
        let post = match next.hand() {
            Hand::Owner => case.state.owner,
            Hand::Desk if case.sensitive || dice.chance(0.3) => case.state.owner,
            Hand::Desk => desk("dispatcher").or(case.state.owner),
            Hand::Child => wanted(tx, child(running)?).await?.state.owner,
            Hand::ChildsAsker => match wanted(tx, child(running)?).await?.state.asker {
                Asker::Post { post } => Some(post),
                _ => None,
            },
            Hand::Joiner => {
                let joiner = request.joiner.as_ref().ok_or_else(|| wrong("nobody joined"))?;
                return self.resident(tx, work, joiner.asker).await;
            }
            Hand::Asker | Hand::AskerAlone => {
                let own = own_hand(case, request.is_claimable());
                if let Some(own) =
                    own.filter(|_| next.hand() == Hand::AskerAlone || dice.chance(0.7))
                {
                    return Ok(own);
                }
                desk("desk")
            }
        };
        let post = post.ok_or_else(|| wrong("nobody to do it"))?;
        self.cast().staff(work, post)
    }

    /// The form of the move.
    pub(super) fn form(
        &self,
        work: &Work,
        (request, case): (&Request, &Case),
        next: Move,
        (running, dice): (&mut Running, &mut Dice),
    ) -> Form {
        let network = &work.shelf.network;
        let own = case.state.org("unit").and_then(|org| network.org(org));
        let unit = match next {
            Move::Dispatch => routed(work, case),
            Move::Misdirect | Move::Enlist => {
                other_unit(network, self.cast(), case.state.org("unit"), dice)
            }
            _ => None,
        };
        let filling = Filling {
            now: work.now(),
            unit,
            unit_name: own.map_or("我中心", |org| org.name.as_str()),
            answers: running.answers,
            stars: self.stars(),
            uncontacted: self.uncontacted(),
        };
        running.answers += usize::from(next.answers());
        forms::filled(request, next, &filling, dice)
    }
}

/// The asker's own hand, if there is one to be had.
fn own_hand(case: &Case, claimable: bool) -> Option<Actor> {
    match case.state.asker {
        Asker::Resident { person: Some(person), .. } => Some(Actor::Resident { person }),
        _ if claimable => Some(Actor::Claimant { case: case.id }),
        _ => None,
    }
}

fn child(running: &Running) -> Result<model::CaseId> {
    running.child.ok_or_else(|| wrong("there is no child"))
}

fn nearest(work: &Work, case: &Case, role: &str) -> Option<model::PostId> {
    work.shelf.network.nearest(role, case.state.place, &case.state.about, work.today())
}

/// The unit that the matter's route names.
fn routed(work: &Work, case: &Case) -> Option<String> {
    let pack = work.shelf.packs.get(case.state.pack.as_str())?;
    let world = work.shelf.world(pack, work.now());
    decide::routed(&world, pack.procedures.get(PROCEDURE)?, &case.state)
}

/// A unit that handles requests, and not this one.
fn other_unit(
    network: &Network,
    cast: &Cast,
    not: Option<OrgId>,
    dice: &mut Dice,
) -> Option<String> {
    let others = cast.units.iter().filter_map(|code| network.org_by_code(code));
    let others: Vec<_> = others.filter(|org| Some(org.id) != not).collect();
    dice.pick(&others).map(|org| org.id.to_string())
}
