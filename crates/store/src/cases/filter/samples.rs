//! Filters whose statements stand for all, so that one test prepares every text on both engines.

use super::{CaseFilter, Condition, Cursor, Order};
use jiff::Timestamp;
use model::CaseId;
use rowdb::Value;

impl CaseFilter {
    /// Filters whose statements stand for all: conditions are joined by AND and know nothing of each
    /// other, so each alone, each within a place, and all together will do, in each order and on
    /// each page.
    pub(in crate::cases) fn samples() -> Vec<(String, Self)> {
        let none = Self::new().with_sensitive();
        let mut sets = vec![
            ("none".to_owned(), none.clone()),
            ("all".to_owned(), Condition::all().fold(none.clone(), Self::sample)),
        ];
        for it in Condition::all() {
            let alone = none.clone().sample(it);
            sets.push((format!("{it:?}"), alone.clone()));
            for place in [Condition::At(1), Condition::At(3)] {
                sets.push((format!("{place:?} {it:?}"), alone.clone().sample(place)));
            }
        }
        sets.into_iter().flat_map(|(name, filter)| filter.pages(&name)).collect()
    }

    fn sample(self, condition: Condition) -> Self {
        if condition.is_bare() { self.bare(condition) } else { self.with(condition, Value::Null) }
    }

    fn pages(self, name: &str) -> Vec<(String, Self)> {
        let cursor = Cursor { at: Timestamp::UNIX_EPOCH, id: CaseId(uuid::Uuid::nil()) };
        let mut pages = Vec::new();
        for order in [Order::Newest, Order::Due] {
            let first = self.clone().order(order);
            pages.push((format!("{name}, {order:?}"), first.clone()));
            pages.push((format!("{name}, {order:?}, after"), first.after(cursor)));
        }
        pages
    }
}
