//! Words that are ready for an answer, a call or a letter: those of the pack, and those that the acting
//! post's office keeps for itself.

use super::acting;
use crate::{Error, FieldProblem, InWords, Result, Work};
use method::definition::{Pack, Phrase as Packed, unknown_slot};
use model::PhraseId;
use model::access::Operation;
use model::desk::{Office, Phrase, Purpose};
use model::journal::Event;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use store::desk::Ready;

/// An office keeps so many.
const MOST: usize = 200;
/// Characters of a title.
const TITLE: usize = 50;
/// Characters of the words.
const WORDS: usize = 2_000;

/// Words to be kept.
#[derive(Clone, Debug)]
pub struct NewPhrase {
    /// What they are for.
    pub purpose: Purpose,
    /// Title.
    pub title: String,
    /// The words, with slots (`{number}`).
    pub words: String,
    /// Only for cases of this procedure.
    pub procedure: Option<String>,
    /// Only for cases of this matter.
    pub matter: Option<String>,
}

/// Which words are wanted.
#[derive(Clone, Debug, Default)]
pub struct PhraseQuery {
    /// For this purpose only.
    pub purpose: Option<Purpose>,
    /// What fits cases of this procedure.
    pub procedure: Option<String>,
    /// What fits cases of this matter.
    pub matter: Option<String>,
}

/// Words that are ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhraseView {
    /// The pack's id, or the office's.
    pub id: String,
    /// What they are for.
    pub purpose: Purpose,
    /// Title.
    pub title: InWords,
    /// The words, with slots.
    pub words: String,
    /// Only for cases of this procedure.
    pub procedure: Option<String>,
    /// Only for cases of this matter.
    pub matter: Option<String>,
    /// Whether the acting post's office keeps them.
    pub mine: bool,
}

/// The words that fit: those of the matter first, then of the procedure; of each the office's own,
/// then the pack's.
pub async fn list_phrases(
    tx: &mut Tx,
    work: &mut Work,
    query: &PhraseQuery,
) -> Result<Vec<PhraseView>> {
    work.may(Operation::ListPhrases)?;
    let office = Office::of(acting(work, Operation::ListPhrases)?);
    let own = store::desk::phrases(tx, &office).await?.into_iter().map(kept);
    let pack = work.shelf.pack()?;
    let packed = pack.phrases.iter().map(|(id, it)| of_pack(pack, id, it));
    let mut found: Vec<PhraseView> = own.chain(packed).filter(|it| fits(it, query)).collect();
    found.sort_by_key(|it| Reverse((it.matter.is_some(), it.procedure.is_some())));
    Ok(found)
}

fn fits(phrase: &PhraseView, query: &PhraseQuery) -> bool {
    let meant = |of: &Option<String>, wanted: &Option<String>| {
        of.is_none() || wanted.is_none() || of == wanted
    };
    query.purpose.is_none_or(|it| it == phrase.purpose)
        && meant(&phrase.procedure, &query.procedure)
        && meant(&phrase.matter, &query.matter)
}

fn kept(it: Ready) -> PhraseView {
    let title = it.title.unwrap_or_default();
    PhraseView {
        id: it.id.to_string(),
        purpose: it.purpose,
        title: InWords::new(title.clone(), title),
        words: it.words.unwrap_or_default(),
        procedure: it.procedure,
        matter: it.matter,
        mine: true,
    }
}

fn of_pack(pack: &Pack, id: &str, it: &Packed) -> PhraseView {
    let path = format!("phrases.{id}.title");
    let english = pack.texts.get("en").and_then(|texts| texts.get(&path)).cloned();
    PhraseView {
        id: id.to_owned(),
        purpose: it.purpose,
        title: InWords::new(it.title.clone(), english.unwrap_or_else(|| it.title.clone())),
        words: it.words.clone(),
        procedure: it.procedure.clone(),
        matter: it.matter.clone(),
        mine: false,
    }
}

/// Keeps words for the acting post's office.
pub async fn keep_phrase(tx: &mut Tx, work: &mut Work, new: &NewPhrase) -> Result<PhraseView> {
    work.may(Operation::KeepPhrases)?;
    let office = Office::of(acting(work, Operation::KeepPhrases)?);
    if store::desk::phrases(tx, &office).await?.len() >= MOST {
        let (zh, en) = ("本单位常用语已满,请先删去不用的", "no more room: drop some first");
        return Err(Error::rule("phrases_full", zh, en));
    }
    let id = work.draw.id::<PhraseId>();
    set(tx, work, (id, office), new).await
}

/// Changes words of the acting post's office.
pub async fn change_phrase(
    tx: &mut Tx,
    work: &mut Work,
    (id, new): (PhraseId, &NewPhrase),
) -> Result<PhraseView> {
    let office = own(tx, work, id).await?;
    set(tx, work, (id, office), new).await
}

/// Drops words of the acting post's office.
pub async fn drop_phrase(tx: &mut Tx, work: &mut Work, id: PhraseId) -> Result<()> {
    own(tx, work, id).await?;
    work.record(tx, id.0, Event::PhraseDropped { phrase: id }).await?;
    Ok(())
}

/// The acting post's office, if it keeps these words.
async fn own(tx: &mut Tx, work: &Work, id: PhraseId) -> Result<Office> {
    work.may(Operation::KeepPhrases)?;
    let office = Office::of(acting(work, Operation::KeepPhrases)?);
    let kept = store::desk::phrases(tx, &office).await?.iter().any(|it| it.id == id);
    if kept { Ok(office) } else { Err(Error::not_found("phrase", id)) }
}

async fn set(
    tx: &mut Tx,
    work: &mut Work,
    (id, office): (PhraseId, Office),
    new: &NewPhrase,
) -> Result<PhraseView> {
    let (title, words) = (new.title.trim().to_owned(), new.words.trim().to_owned());
    let problems = problems(work.shelf.pack()?, (&title, &words), new);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let NewPhrase { purpose, procedure, matter, .. } = new.clone();
    let texts = [("title", &title), ("words", &words)];
    work.private = texts.map(|(field, text)| (field.to_owned(), text.clone())).into();
    let phrase =
        Phrase { id, office, purpose, procedure: procedure.clone(), matter: matter.clone() };
    work.record(tx, id.0, Event::PhraseSet { phrase }).await?;
    let (title, words) = (Some(title), Some(words));
    Ok(kept(Ready { id, purpose, procedure, matter, title, words }))
}

/// All that is wrong with words to be kept.
fn problems(pack: &Pack, (title, words): (&str, &str), new: &NewPhrase) -> Vec<FieldProblem> {
    let mut found = Vec::new();
    let mut add = |field: &str, code, chinese: String, english: String| {
        found.push(FieldProblem { field: field.to_owned(), code, chinese, english });
    };
    for (field, text, most) in [("title", title, TITLE), ("words", words, WORDS)] {
        match text.chars().count() {
            0 => add(field, "missing", "请填写".to_owned(), "is missing".to_owned()),
            n if n > most => {
                add(
                    field,
                    "too_long",
                    format!("最多{most}字"),
                    format!("at most {most} characters"),
                );
            }
            _ => {}
        }
    }
    if let Some(slot) = unknown_slot(words) {
        let (zh, en) = (format!("没有{{{slot}}}这一项"), format!("there is no {{{slot}}}"));
        add("words", "unknown", zh, en);
    }
    let (procedure, matter) = (new.procedure.as_deref(), new.matter.as_deref());
    if let Some(field) = pack.unknown_subject(procedure, matter) {
        add(field, "not_found", "办法包中没有".to_owned(), "not in the pack".to_owned());
    }
    found
}
