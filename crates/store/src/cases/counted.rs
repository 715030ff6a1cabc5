//! What a change of a case adds to the counters: by day, by matter and by unit a month, and the
//! days it took. What is counted is decided by `model::rates`; adding it up is `tallies`.

use crate::tallies::{BY_DAY, BY_MATTER, BY_MONTH, BY_UNIT, Deltas, Part, monthly, parts};
use model::PlaceId;
use model::cases::CaseState;
use model::journal::Link;
use model::rates::{ByDay, CountedAs, contributions, difference, local_day};

/// A case as it is counted at one moment.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a> {
    pub state: &'a CaseState,
    pub path: &'a [PlaceId],
    pub link: Option<Link>,
}

impl Counted<'_> {
    fn counted_as(&self) -> CountedAs {
        CountedAs::of(self.link)
    }

    fn is_request(&self) -> bool {
        self.counted_as() == CountedAs::Request
    }

    fn days(&self) -> ByDay {
        contributions(self.state, self.counted_as())
    }

    /// Only requests are counted by matter and by unit.
    fn key(&self, dim: i64) -> Option<String> {
        match dim {
            _ if !self.is_request() => None,
            BY_MATTER => self.state.matter.as_deref().map(str::to_owned),
            _ => self.state.org("unit").map(|org| org.to_string()),
        }
    }

    fn days_taken(&self) -> Option<i64> {
        let end = local_day(self.state.ended_at.filter(|_| self.is_request())?);
        Some(i64::from((end - local_day(self.state.opened_at)).get_days()))
    }
}

/// What the counters change by when a case that was `before` is `after` now.
pub(super) fn deltas(before: Option<Counted<'_>>, after: Counted<'_>) -> Option<Deltas> {
    let parts = match before {
        Some(before) if before.path == after.path => change(Some(before), after),
        // It moved: what was counted there is counted here instead.
        Some(before) => negated(change(None, before)).chain(change(None, after)).collect(),
        None => change(None, after),
    };
    (!parts.is_empty()).then_some(Deltas { parts })
}

fn change(before: Option<Counted<'_>>, after: Counted<'_>) -> Vec<Part> {
    let old = before.map(|it| it.days()).unwrap_or_default();
    let new = after.days();
    let mut found = parts(after.path, BY_DAY, "", &difference(&old, &new));
    for dim in [BY_MATTER, BY_UNIT] {
        let keys = (before.and_then(|it| it.key(dim)), after.key(dim));
        found.extend(keyed(after.path, dim, keys, (&monthly(&old), &monthly(&new))));
    }
    found.extend(took(before, after));
    found
}

/// Counters of one key and month; a change of the key moves what was counted.
fn keyed(
    path: &[PlaceId],
    dim: i64,
    keys: (Option<String>, Option<String>),
    (old, new): (&ByDay, &ByDay),
) -> Vec<Part> {
    let none = ByDay::new();
    match keys {
        (Some(was), Some(is)) if was == is => parts(path, dim, &is, &difference(old, new)),
        (was, is) => {
            let lost = was.map(|key| parts(path, dim, &key, &difference(old, &none)));
            let won = is.map(|key| parts(path, dim, &key, &difference(&none, new)));
            lost.into_iter().chain(won).flatten().collect()
        }
    }
}

fn took(before: Option<Counted<'_>>, after: Counted<'_>) -> Option<Part> {
    let (was, is) = (before.and_then(|it| it.days_taken()), after.days_taken());
    let changes = was.map(|days| (days, -1)).into_iter().chain(is.map(|days| (days, 1)));
    (was != is).then(|| Part {
        places: after.path.to_vec(),
        dim: BY_MONTH,
        key: String::new(),
        period: local_day(after.state.opened_at).first_of_month(),
        counts: Vec::new(),
        took: changes.collect(),
    })
}

fn negated(parts: Vec<Part>) -> impl Iterator<Item = Part> {
    parts.into_iter().map(|mut part| {
        part.counts.iter_mut().for_each(|(_, n)| *n = -*n);
        part.took.iter_mut().for_each(|(_, n)| *n = -*n);
        part
    })
}
