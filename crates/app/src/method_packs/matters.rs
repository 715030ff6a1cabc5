//! The matters one can report, and which of them a text speaks of, with the words that tell.

use crate::{Result, Work};
use method::definition::{Matter, Pack};
use model::access::Operation;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use zhtext::Recogniser;

/// Which matters are wanted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MatterQuery {
    /// Those of this procedure only.
    pub procedure: Option<String>,
    /// Only those a text speaks of, the likeliest first.
    pub text: Option<String>,
}

/// A matter of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterView {
    /// Its id.
    pub id: String,
    /// The catalogue it stands in.
    pub catalogue: String,
    /// Chinese title.
    pub title: String,
    /// Whether named posts only see its cases.
    pub sensitive: bool,
    /// Why a text was taken to speak of it.
    pub suggested: Option<Suggested>,
}

/// Why a matter is suggested; a person decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    /// Characters of the words found.
    pub score: usize,
    /// The words found.
    pub words: Vec<String>,
}

/// Lists matters of the current pack in its order, or those a text speaks of.
pub async fn list_matters(_: &mut Tx, work: &Work, query: &MatterQuery) -> Result<Vec<MatterView>> {
    work.may(Operation::ListMatters)?;
    let pack = work.shelf.pack()?;
    let matters: Vec<_> = matters(pack, query.procedure.as_deref()).collect();
    let Some(text) = &query.text else {
        let views = matters.iter().map(|(catalogue, id, it)| view(catalogue, id, it, None));
        return Ok(views.collect());
    };
    let words = matters.iter().map(|found| (found, &found.2.words));
    let recogniser = Recogniser::new(words);
    let suggestions = recogniser.suggest(text).into_iter().map(|suggestion| {
        let (catalogue, id, matter) = suggestion.id;
        let words = suggestion.words.into_iter().map(str::to_owned).collect();
        view(catalogue, id, matter, Some(Suggested { score: suggestion.score, words }))
    });
    Ok(suggestions.collect())
}

fn matters<'p>(
    pack: &'p Pack,
    procedure: Option<&str>,
) -> impl Iterator<Item = (&'p str, &'p str, &'p Matter)> {
    let named = procedure.map(|id| pack.procedures.get(id).and_then(|it| it.matters.as_deref()));
    let wanted = move |catalogue: &str| named.is_none_or(|named| named == Some(catalogue));
    let catalogues = pack.matters.iter().filter(move |(id, _)| wanted(id));
    catalogues.flat_map(|(catalogue, matters)| {
        matters.iter().map(move |(id, matter)| (catalogue.as_str(), id.as_str(), matter))
    })
}

fn view(catalogue: &str, id: &str, matter: &Matter, suggested: Option<Suggested>) -> MatterView {
    MatterView {
        id: id.to_owned(),
        catalogue: catalogue.to_owned(),
        title: matter.title.clone(),
        sensitive: matter.sensitive,
        suggested,
    }
}
