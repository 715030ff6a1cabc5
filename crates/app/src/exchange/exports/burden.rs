//! 减负合规自检 as a workbook: every form with what it rests on, asks and takes.

use super::columns::BURDEN;
use super::{Sheet, days, headed, record, said, titles};
use crate::method_packs::{BurdenView, FormView, burden};
use crate::{Result, Work};
use model::access::Operation;
use rowdb::Tx;
use store::tallies::Period;

/// Which uses are counted, and why the sheet leaves the house.
#[derive(Clone, Debug)]
pub struct ExportBurden {
    /// So many days back.
    pub days: u16,
    /// Why it leaves the house.
    pub reason: String,
}

/// The forms of the current pack, the costliest first, one row each. Says in the journal that they left
/// the house.
pub async fn export_burden(tx: &mut Tx, work: &mut Work, wanted: &ExportBurden) -> Result<Sheet> {
    work.may(Operation::ExportBurden)?;
    said(&wanted.reason)?;
    let found = burden(tx, work, wanted.days).await?;
    let rows: Vec<_> = found.forms.iter().map(row).collect();
    let conditions = counted(&found);
    record(tx, work, ("burden", &conditions, &wanted.reason), rows.len()).await?;
    let head = (conditions, wanted.reason.as_str(), rows.len());
    Ok(Sheet {
        columns: titles(&BURDEN), rows, ..headed(tx, work, "减负合规自检", head).await?
    })
}

fn counted(found: &BurdenView) -> String {
    let from = calendar::local_date(found.since);
    let today = calendar::local_date(found.until);
    let until = today.tomorrow().unwrap_or(today);
    format!("{}填报，每次用时为估计", days(Period { from, until }))
}

fn row(form: &FormView) -> Vec<String> {
    let named = |again: bool| {
        let asked = form.asked.iter().filter(|(ask, _)| ask.again || !again);
        asked.map(|(_, title)| title.as_str()).collect::<Vec<_>>().join("、")
    };
    vec![
        form.procedure.1.clone(),
        form.action.1.clone(),
        form.why.clone(),
        if form.staff { "工作人员" } else { "群众" }.to_owned(),
        form.asked.len().to_string(),
        named(false),
        form.uses.to_string(),
        form.seconds.to_string(),
        hours(form.uses * u64::from(form.seconds)),
        named(true),
        if form.uses == 0 { "是" } else { "" }.to_owned(),
    ]
}

/// Hours with one decimal.
fn hours(seconds: u64) -> String {
    let tenths = (seconds + 180) / 360;
    format!("{}.{}", tenths / 10, tenths % 10)
}
