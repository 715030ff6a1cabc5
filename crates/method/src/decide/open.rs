//! Opening a case: the one command without a state before it.

use super::{Decision, Doer, Form, Refusal, Step, World, clock, enter, form, who};
use crate::definition::{AskerOf, By, Hide, Procedure, Who};
use model::cases::{Asker, CaseState, Hiding};
use model::ids::{CaseId, EntryId, PlaceId};
use std::collections::{BTreeMap, BTreeSet};

/// A case to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The procedure.
    pub procedure: String,
    /// The matter, if the procedure has a catalogue.
    pub matter: Option<String>,
    /// Where, the narrowest place known.
    pub place: PlaceId,
    /// Who asks.
    pub asker: Asker,
    /// Whose hand opens it: the asker's, a post's, or the program's.
    pub by: Doer,
    /// Posts and organisations it is about.
    pub about: BTreeSet<uuid::Uuid>,
    /// The case that opened it.
    pub parent: Option<CaseId>,
    /// Limits the program sets for this one case, by name (the window of an approval).
    pub limits: BTreeMap<String, String>,
    /// When another office wants the answer.
    pub source_due: Option<jiff::Timestamp>,
    /// The form.
    pub form: Form,
    /// The entry under which private values will lie.
    pub entry: EntryId,
}

/// Decides what an opening makes.
pub fn open(world: &World<'_>, opening: &Opening) -> Result<Decision, Refusal> {
    let unknown = || Refusal::UnknownProcedure { procedure: opening.procedure.clone() };
    let procedure = world.pack.procedures.get(&opening.procedure).ok_or_else(unknown)?;
    let action = procedure.actions.get("open").ok_or_else(unknown)?;
    let id = "open";
    let step = Step { world, procedure, action, id, by: opening.by };
    let mut case = blank(world, opening);
    matter(world, procedure, opening)?;
    hiding(procedure, &opening.asker)?;
    doer(&step, &case)?;
    let read = form::read(&step, &opening.form, opening.entry)?;
    super::rules::guard(&step, &case, &read.values)?;
    case.fields = read.values.clone();
    clock::begin_promise(world, procedure, &mut case);
    let mut effects = Vec::new();
    let to = action.to.clone().unwrap_or_default();
    enter::enter(&step, &mut case, &to, &mut effects)?;
    // What opening does needs to know who owns the case.
    super::effects::effects(&step, &case, &action.then, &mut effects)?;
    Ok(Decision {
        facts: super::rules::facts(&step, &case.fields),
        state: case,
        private: read.private,
        form: BTreeMap::new(),
        voice: super::voice(&step),
        effects,
        approval: None,
    })
}

fn blank(world: &World<'_>, opening: &Opening) -> CaseState {
    CaseState {
        procedure: opening.procedure.as_str().into(),
        matter: opening.matter.as_deref().map(Into::into),
        asker: opening.asker,
        about: opening.about.clone(),
        parent: opening.parent,
        limits: opening.limits.iter().map(|(id, it)| (id.into(), it.clone())).collect(),
        source_due: opening.source_due,
        ..CaseState::blank(world.pack.hash.as_str().into(), opening.place, world.now)
    }
}

fn matter(world: &World<'_>, procedure: &Procedure, opening: &Opening) -> Result<(), Refusal> {
    let (Some(catalogue), Some(matter)) = (&procedure.matters, &opening.matter) else {
        return Ok(());
    };
    let known = world.pack.matters.get(catalogue).is_some_and(|it| it.contains_key(matter));
    if known { Ok(()) } else { Err(Refusal::UnknownMatter { matter: matter.clone() }) }
}

fn hiding(procedure: &Procedure, asker: &Asker) -> Result<(), Refusal> {
    let Asker::Resident { hiding, .. } = asker else { return Ok(()) };
    let offered = match hiding {
        Hiding::Named => true,
        Hiding::Confidential => procedure.hides.contains(&Hide::Confidential),
        Hiding::Anonymous => procedure.hides.contains(&Hide::Anonymous),
    };
    if offered { Ok(()) } else { Err(Refusal::HidingNotOffered) }
}

fn doer(step: &Step<'_>, case: &CaseState) -> Result<(), Refusal> {
    let right_asker = matches!(
        (step.procedure.asker, &case.asker),
        (AskerOf::Resident, Asker::Resident { .. })
            | (AskerOf::Post | AskerOf::Parent, Asker::Post { .. })
            | (AskerOf::Unit, Asker::Unit { .. })
            | (AskerOf::None, Asker::None)
    );
    let may = match step.by {
        Doer::Clock | Doer::Granted { .. } => true,
        by => step.action.by.iter().any(|it| match it {
            By::Who(Who::Asker) if by == Doer::Asker => true,
            By::Who(who) => who::is(step.world, case, who, by),
            By::Clock => false,
        }),
    };
    if right_asker && may { Ok(()) } else { Err(Refusal::NotYours) }
}
