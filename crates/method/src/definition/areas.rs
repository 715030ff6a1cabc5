//! What a pack defines beside its procedures: registers, ledgers, gatherings, cycles, figures, boards.

use super::{Ask, Effect, Who};
use crate::definition::Named;
use crate::guard::Guard;
use calendar::Span;

/// A register (台账): typed rows, one source each.
#[derive(Clone, Debug)]
pub struct Register {
    /// Chinese title.
    pub title: String,
    /// Basis.
    pub why: String,
    /// Columns, each a field of the pack.
    pub fields: Vec<String>,
    /// The column that tells one row from another.
    pub key: String,
    /// Who fills it by hand; none = procedures only.
    pub fills: Option<Who>,
    /// Who owns the truth, in words.
    pub source: Option<String>,
    /// How long a row is kept.
    pub keep: Option<Span>,
}

/// A ledger (账): what one account loses another gains.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Chinese title.
    pub title: String,
    /// What is counted.
    pub unit: Unit,
    /// Accounts by name.
    pub accounts: Named<Account>,
    /// How long what was booked counts.
    pub expires: Option<Span>,
}

/// Unit of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Half an hour.
    HalfHour,
    /// 分.
    Fen,
    /// A point.
    Point,
    /// A piece.
    Piece,
}

impl Unit {
    /// Every unit by its word.
    pub const WORDS: [(&str, Self); 4] = [
        ("half_hour", Self::HalfHour),
        ("fen", Self::Fen),
        ("point", Self::Point),
        ("piece", Self::Piece),
    ];

    /// The word of the grammar.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, unit)| *unit == self).map_or("", |(word, _)| word)
    }
}

/// An account of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who has one.
    pub of: AccountOf,
    /// Least balance.
    pub min: Option<i64>,
    /// Greatest balance.
    pub max: Option<i64>,
}

/// Who has an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountOf {
    /// A person.
    Person,
    /// An organisation.
    Org,
    /// A place.
    Place,
    /// A case.
    Case,
    /// The county: one for all.
    Pack,
}

impl AccountOf {
    /// Every kind by its word.
    pub const WORDS: [(&str, Self); 5] = [
        ("person", Self::Person),
        ("org", Self::Org),
        ("place", Self::Place),
        ("case", Self::Case),
        ("pack", Self::Pack),
    ];
}

/// A meeting or a ballot.
#[derive(Clone, Debug)]
pub struct Gathering {
    /// What it is.
    pub kind: GatheringKind,
    /// Chinese title.
    pub title: String,
    /// Who is invited.
    pub who: Vec<Called>,
    /// Form of its minutes.
    pub asks: Vec<Ask>,
    /// Cases it talks about.
    pub agenda: Option<Agenda>,
    /// How votes are called and counted; only of ballots.
    pub ballot: Option<Ballot>,
}

/// Kinds of gatherings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the words of the grammar")]
pub enum GatheringKind {
    Meeting,
    Ballot,
    Course,
    Patrol,
    Shift,
    Booking,
}

impl GatheringKind {
    /// Every kind by its word.
    pub const WORDS: [(&str, Self); 6] = [
        ("meeting", Self::Meeting),
        ("ballot", Self::Ballot),
        ("course", Self::Course),
        ("patrol", Self::Patrol),
        ("shift", Self::Shift),
        ("booking", Self::Booking),
    ];

    /// The word of the grammar.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// Who is called to a gathering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// Posts.
    Who(Who),
    /// The households of the case's place at a level.
    Households(String),
}

/// Cases a meeting talks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agenda {
    /// Procedure.
    pub of: String,
    /// Which of its open cases.
    pub only: Option<Guard>,
}

/// How a ballot is called and counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// Who votes.
    pub voters: Called,
    /// What may be chosen.
    pub choices: Vec<String>,
    /// Positions of the choices that count as yes.
    pub yes: Vec<usize>,
    /// How many must take part.
    pub quorum: Share,
    /// How many must say yes.
    pub passes: Share,
    /// Whether choices are shown to nobody.
    pub secret: bool,
}

/// `">= 2/3 called"`, `"> 1/2 cast"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// `>` rather than `>=`.
    pub more: bool,
    /// Numerator.
    pub numerator: u32,
    /// Denominator.
    pub denominator: u32,
    /// Of what.
    pub of: ShareOf,
}

/// What a share is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareOf {
    /// Those who may vote.
    Called,
    /// Those who did.
    Cast,
}

impl std::str::FromStr for Share {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split_whitespace();
        let (Some(sign), Some(part), Some(of), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(());
        };
        let more = match sign {
            ">" => true,
            ">=" => false,
            _ => return Err(()),
        };
        let of = match of {
            "called" => ShareOf::Called,
            "cast" => ShareOf::Cast,
            _ => return Err(()),
        };
        let (numerator, denominator) = part.split_once('/').ok_or(())?;
        let number = |it: &str| it.parse::<u32>().map_err(|_| ());
        let (numerator, denominator) = (number(numerator)?, number(denominator)?);
        let sense = denominator > 0 && denominator <= 1000 && numerator <= denominator;
        sense.then_some(Self { more, numerator, denominator, of }).ok_or(())
    }
}

impl Share {
    /// Whether `part` votes are enough.
    pub fn reached(self, part: u32, called: u32, cast: u32) -> bool {
        let whole = match self.of {
            ShareOf::Called => called,
            ShareOf::Cast => cast,
        };
        let left = u64::from(part) * u64::from(self.denominator);
        let right = u64::from(whole) * u64::from(self.numerator);
        if self.more { left > right } else { left >= right && whole > 0 }
    }
}

/// What comes round by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Chinese title.
    pub title: String,
    /// Its period.
    pub every: Every,
    /// When within the period.
    pub on: On,
    /// What is done then: opens and holds only.
    pub then: Vec<Effect>,
}

/// Periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the words of the grammar")]
pub enum Every {
    Day,
    Week,
    Month,
    Quarter,
    Half,
    Year,
}

impl Every {
    /// Every period by its word.
    pub const WORDS: [(&str, Self); 6] = [
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
        ("quarter", Self::Quarter),
        ("half", Self::Half),
        ("year", Self::Year),
    ];

    /// The least number of days a period has.
    pub fn days(self) -> u16 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 28,
            Self::Quarter => 90,
            Self::Half => 181,
            Self::Year => 365,
        }
    }
}

/// When within a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A local time (`"19:30"`), of cycles that come every day.
    Time(jiff::civil::Time),
    /// A weekday (`"fri"`), at the beginning of office hours.
    Weekday(jiff::civil::Weekday),
    /// The n-th working day (`"wd 1"`).
    Workday(u8),
    /// The n-th day of the month (`"day 25"`), the last where the month is shorter.
    Day(u8),
    /// A day of the year (`"12-01"`).
    Date(i8, i8),
}

/// A figure: numerator over denominator, with what is left out shown beside.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Chinese title.
    pub title: String,
    /// Procedures whose cases are counted.
    pub of: Vec<String>,
    /// What counts (numerator).
    pub is: Guard,
    /// Among which (denominator); none = all.
    pub among: Option<Guard>,
    /// What is left out, and shown.
    pub except: Option<Guard>,
    /// Level by which it is shown.
    pub by: Option<String>,
}

/// A board (公示栏).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Chinese title.
    pub title: String,
    /// Whether anybody may read it; else staff of the place.
    pub public: bool,
    /// How long things stay.
    pub keep: Option<Span>,
}
