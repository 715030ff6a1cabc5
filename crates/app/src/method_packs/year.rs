//! The county's calendar: a year's notice imported, office hours set. Deadlines are functions of the
//! calendar, so open cases are asked again for their dates afterwards.

use crate::{Error, Result, Work};
use calendar::{Calendar, DayKind, OfficeHours, YearPlan};
use jiff::civil::{Date, date};
use model::access::Operation;
use model::journal::Event;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A year as it is counted with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarView {
    /// The year.
    pub year: i16,
    /// Whether its notice is known; otherwise what rests on it is estimated.
    pub published: bool,
    /// Workdays in it.
    pub workdays: i64,
    /// Its days that are not what the week says: off from Monday to Friday, worked on weekends.
    pub exceptions: Vec<CalendarDay>,
}

/// A day that is not what the week says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDay {
    /// The day.
    pub day: Date,
    /// What it is.
    pub kind: DayKind,
}

/// Imports a year's notice. Follow with renewal of the open cases.
pub async fn import_year(tx: &mut Tx, work: &mut Work, plan: &YearPlan) -> Result<CalendarView> {
    work.may(Operation::ImportCalendar)?;
    let calendar = work.shelf.calendar.as_ref().clone().with_year(plan.clone());
    record(tx, work, &calendar).await?;
    view(&calendar, plan.year())
}

/// Sets the office hours. Follow with renewal of the open cases.
pub async fn set_office_hours(tx: &mut Tx, work: &mut Work, hours: &OfficeHours) -> Result<()> {
    work.may(Operation::ImportCalendar)?;
    let calendar = work.shelf.calendar.as_ref().clone().with_office_hours(hours.clone());
    record(tx, work, &calendar).await
}

async fn record(tx: &mut Tx, work: &mut Work, calendar: &Calendar) -> Result<()> {
    let calendar = serde_json::to_value(calendar).map_err(Error::internal)?;
    work.record(tx, Uuid::nil(), Event::CalendarSet { calendar }).await?;
    Ok(())
}

/// The calendar of a year.
pub async fn show_calendar(_: &mut Tx, work: &Work, year: i16) -> Result<CalendarView> {
    work.may(Operation::ShowCalendar)?;
    view(&work.shelf.calendar, year)
}

fn view(calendar: &Calendar, year: i16) -> Result<CalendarView> {
    if !(1950..=2299).contains(&year) {
        return Err(Error::field("year", "out_of_range", "年份不在范围内", "1950 to 2299"));
    }
    let (first, after) = (date(year, 1, 1), date(year + 1, 1, 1));
    let days = first.series(jiff::Span::new().days(1)).take_while(|day| *day < after);
    let exceptions = days.filter_map(|day| {
        let by_week = day.weekday().to_monday_one_offset() <= 5;
        let kind = match (by_week, calendar.is_workday(day)) {
            (true, false) => DayKind::Off,
            (false, true) => DayKind::Work,
            _ => return None,
        };
        Some(CalendarDay { day, kind })
    });
    Ok(CalendarView {
        year,
        published: calendar.is_published(year),
        workdays: calendar.workdays_between(first, after),
        exceptions: exceptions.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_tells_its_workdays_and_what_is_not_as_the_week_says() {
        let year = view(&Calendar::shipped(), 2026).unwrap();
        assert_eq!((year.published, year.workdays), (true, 248));
        let kind = |text: &str| {
            let day = text.parse().unwrap();
            year.exceptions.iter().find(|it| it.day == day).map(|it| it.kind)
        };
        assert_eq!(kind("2026-09-20"), Some(DayKind::Work));
        assert_eq!(kind("2026-10-01"), Some(DayKind::Off));
        assert_eq!(kind("2026-10-03"), None, "a Saturday off is what the week says");
    }

    #[test]
    fn a_year_without_notice_is_not_published_and_one_out_of_range_refused() {
        assert!(!view(&Calendar::shipped(), 2027).unwrap().published);
        assert!(view(&Calendar::shipped(), 2300).is_err());
        assert!(view(&Calendar::shipped(), 1949).is_err());
    }
}
