//! The demo counties at true scale: invented people in published places, and a year of requests that
//! use cases made under a moved clock, ending now. What a county's demo holds stands in its pack.

mod course;
mod dice;
mod forms;
mod ground;
mod hands;
mod load;
mod names;
mod pace;
mod player;
mod recipe;
mod requests;
mod sketch;
mod staff;
mod texts;
mod visits;

use crate::shipped;
use anyhow::{Context, Result, ensure};
use app::cases::ListCases;
use app::oversight;
use app::{County, Period};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use method::definition::Pack;
use model::access::Actor;
use recipe::Book;
pub(crate) use sketch::sketch;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The procedure of requests.
pub(crate) const PROCEDURE: &str = "appeal";

/// How large the demo is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(usize);

impl Scale {
    /// As large as its source text says.
    pub const TRUE: Self = Self(1);

    /// So many times smaller, for tests; the open requests all stay.
    pub fn smaller(factor: usize) -> Self {
        Self(factor.max(1))
    }
}

/// What is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Places and their outlines.
    Territory,
    /// Households.
    Households,
    /// Organisations, posts, people, accounts.
    People,
    /// Requests and visits.
    History,
    /// What is searched.
    Index,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being made.
    pub stage: Stage,
    /// So much of it is done.
    pub done: usize,
    /// So much there is.
    pub of: usize,
}

/// What is to be made.
pub struct Order<'a> {
    /// The pack, as in [`shipped::demo_places`].
    pub place: &'a str,
    /// Password of all accounts.
    pub password: &'a str,
    /// How large.
    pub scale: Scale,
    /// Is told how far it is.
    pub progress: &'a (dyn Fn(Progress) + Send + Sync),
}

/// An account to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name to log in by.
    pub name: String,
    /// Title of the role.
    pub role: String,
    /// Name of the place or organisation.
    pub of: String,
}

/// A request to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its number.
    pub number: String,
    /// Its state: id and title.
    pub state: (String, String),
    /// Its title.
    pub title: String,
}

/// What there is to try in a demo county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// Accounts of staff.
    pub accounts: Vec<Account>,
    /// The account of whoever holds a post, by `role@code` of its place or organisation.
    pub holders: BTreeMap<String, String>,
    /// Telephone of a resident with requests of every kind.
    pub phone: String,
    /// The code that logs every resident in.
    pub code: String,
    /// An open request in each state.
    pub samples: Vec<Sample>,
}

/// Makes a demo in an empty county that was opened as a demo; its history ends at the county's now.
/// The same place, scale and now give the same county, whatever its own chance.
pub async fn load(county: &Arc<County>, order: &Order<'_>) -> Result<Demo> {
    load::load(county, order).await
}

/// What there is to try in a demo that was made before.
pub async fn show(county: &Arc<County>, place: &str) -> Result<Demo> {
    let shelf = county.shelf().await?;
    let pack = shelf.pack()?.clone();
    let files = shipped::packs(place).with_context(|| format!("no demo of {place}"))?;
    let book = Book::read(pack.clone(), &files, 1)?;
    let network = shelf.network.clone();
    let account = |it: &recipe::Account| {
        let seat = &it.post;
        let org = seat.org.as_ref().and_then(|code| network.org_by_code(code));
        let place = seat.place.as_ref().and_then(|code| network.place_by_code(code));
        let of = org.map(|org| org.name.clone()).or_else(|| place.map(|it| it.name.clone()));
        let role = pack.roles.get(&seat.role).map_or(&seat.role, |role| &role.title);
        Account { name: it.account.clone(), role: role.clone(), of: of.unwrap_or_default() }
    };
    Ok(Demo {
        accounts: book.recipe.accounts.iter().map(account).collect(),
        phone: book.recipe.residents.first.clone(),
        code: book.recipe.residents.code.clone(),
        holders: holders(county).await?,
        samples: samples(county, &pack).await?,
    })
}

/// Who holds which post today, by account; a post with a place is named by its place.
async fn holders(county: &Arc<County>) -> Result<BTreeMap<String, String>> {
    let found = county.look(Actor::system("demo"), |tx, work| {
        Box::pin(async move {
            let accounts = store::access::accounts(tx).await?;
            let names: HashMap<_, _> = accounts
                .into_iter()
                .filter(|it| !it.closed)
                .map(|it| (it.person, it.name))
                .collect();
            let (network, today) = (&work.shelf.network, work.today());
            let mut holders = BTreeMap::new();
            for post in network.posts() {
                let name = network.person(post.id, today).and_then(|it| names.get(&it));
                let org = post.org.and_then(|it| network.org(it)).map(|it| &it.code);
                let place = post.place.and_then(|it| network.place(it)).map(|it| &it.code);
                for code in place.into_iter().chain(org.filter(|_| post.place.is_none())) {
                    holders.extend(name.map(|it| (format!("{}@{code}", post.role), it.clone())));
                }
            }
            Ok(holders)
        })
    });
    Ok(found.await?)
}

/// The newest open request in each state, in the order of the procedure.
async fn samples(county: &Arc<County>, pack: &Arc<Pack>) -> Result<Vec<Sample>> {
    let procedure = pack.procedures.get(PROCEDURE).context("the pack has no requests")?;
    let mut samples = Vec::new();
    for state in procedure.states.iter().filter(|(_, it)| it.end.is_none()).map(|(id, _)| id) {
        let wanted = ListCases {
            procedure: Some(PROCEDURE.to_owned()),
            state: Some(state.clone()),
            open: Some(true),
            limit: Some(1),
            ..ListCases::default()
        };
        let listed = county.look(Actor::system("demo"), move |tx, mut work| {
            let wanted = wanted.clone();
            Box::pin(async move { app::cases::list(tx, &mut work, &wanted).await })
        });
        samples.extend(listed.await?.items.into_iter().map(|line| Sample {
            number: line.number,
            state: line.state,
            title: line.title.unwrap_or_default(),
        }));
    }
    Ok(samples)
}

/// The figures of the source, computed by the program from what was done.
async fn check(county: &Arc<County>, book: &Book) -> Result<()> {
    let rates = county.look(Actor::system("demo"), |tx, mut work| {
        Box::pin(async move {
            let root = oversight::place_of(&work, None)?;
            oversight::rates(tx, &mut work, (root, Period::ALL)).await
        })
    });
    let rates = rates.await?.rates;
    let closed = rates.get("closed").context("no rate of closed requests")?;
    let counted = (closed.numerator, closed.denominator, closed.excluded);
    let wanted = &book.recipe.requests;
    let wanted = (Some(wanted.closed.try_into()?), Some(wanted.total.try_into()?), Some(0));
    ensure!(counted == wanted, "the history counts {counted:?} of requests, not {wanted:?}");
    Ok(())
}

/// The time in which the history plays.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: Timestamp,
    until: Timestamp,
}

impl Span {
    /// So many months until an instant.
    fn ending(until: Timestamp, months: u32) -> Result<Self> {
        let last = texts::local(until);
        let first = last.checked_sub(i64::from(months).months())?.date();
        Ok(Self { from: calendar::start_of_day(first), until })
    }

    /// Its local days.
    fn days(self) -> impl Iterator<Item = Date> {
        let (first, last) = (texts::local(self.from).date(), texts::local(self.until).date());
        first.series(1.day()).take_while(move |day| *day <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The book of the first demo that is shipped.
    pub(super) fn book(factor: usize) -> Book {
        let place = shipped::demo_places().remove(0);
        let loaded = method::read::load(&place.id, &shipped::packs);
        let pack = Arc::new(loaded.pack.unwrap());
        Book::read(pack, &shipped::packs(&place.id).unwrap(), factor).unwrap()
    }

    #[test]
    fn a_history_of_twelve_months_ends_now() {
        let until = "2026-11-20T09:00:00+08:00".parse().unwrap();
        let span = Span::ending(until, 12).unwrap();
        assert_eq!(span.from, "2025-11-20T00:00:00+08:00".parse().unwrap());
        assert_eq!(span.days().count(), 366);
    }
}
