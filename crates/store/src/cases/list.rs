//! Lists of cases, page by page, in one statement each. What a list may hold is `filter`.

use super::filter::{CaseFilter, Cursor, Order};
use super::{Case, WIDTH, columns, instant, read};
use crate::Result;
use crate::columns::rows;
use crate::statements::sql;
use model::CaseId;
use rowdb::{Row, Tx, params};

sql! {
    BY_ID = concat!("SELECT ", columns!(), ", t.value FROM cases c LEFT JOIN private t
        ON t.entry = c.entry AND t.field = 'title' WHERE c.id = $1");
}

/// A case as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The case.
    pub case: Case,
    /// Its title, unless erased; the caller masks what the reader may not see.
    pub title: Option<String>,
}

/// Some cases of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The cases in the order of the filter.
    pub items: Vec<Listed>,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// At most `limit` cases (at least one) that pass a filter.
pub async fn page(tx: &mut Tx, filter: &CaseFilter, limit: usize) -> Result<Page> {
    let limit = limit.max(1);
    // One more than wanted tells whether there is a next page.
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let (statement, values) = filter.statement(tx.engine(), wanted);
    let mut items: Vec<Listed> = rows(&tx.query(&statement, &values).await?, listed)?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).and_then(|it| cursor(&it.case, filter.ordered_by()));
    Ok(Page { items, next })
}

/// Cases as a list shows them, in the order of their ids here.
pub async fn listed_of(tx: &mut Tx, ids: &[CaseId]) -> Result<Vec<Listed>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row = tx.query_opt(BY_ID, &params![id.0]).await?;
        found.extend(row.as_ref().map(listed).transpose()?);
    }
    Ok(found)
}

pub(super) fn listed(row: &Row) -> Result<Listed> {
    Ok(Listed { case: read(row)?, title: row.get(WIDTH)? })
}

fn cursor(case: &Case, order: Order) -> Option<Cursor> {
    let at = match order {
        Order::Newest => Some(case.state.opened_at),
        Order::Due => case.state.clock.as_ref().map(|clock| clock.due_at),
    };
    // As precise as the column by which the next page is found.
    let at = instant(at?.as_microsecond()).ok()?;
    Some(Cursor { at, id: case.id })
}
