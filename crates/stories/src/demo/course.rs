//! The course of a request: what happens to it, one thing after the other, and how fast. Only the
//! order stands here; whether each may happen is decided by the county's procedure when it is played.

use super::recipe::Course;
use anyhow::{Result, bail};

/// One thing that happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The desk wants it looked at.
    Verify,
    /// The grid worker reports.
    Found,
    /// The desk answers at once.
    AnswerNow,
    /// To a unit that will return it.
    Misdirect,
    /// Not ours.
    Return,
    /// To the unit that the matter names.
    Dispatch,
    /// A neighbour joins it.
    Join,
    /// The unit takes it on.
    Sign,
    /// The asker wants to know when.
    Urge,
    /// Another unit is asked to help.
    Enlist,
    /// It helped.
    Deliver,
    /// The help is accepted.
    Accept,
    /// More days are asked for.
    Extend,
    /// The asker is asked for something.
    Pause,
    /// The asker gives it.
    Supply,
    /// Put on the shelf until a day.
    Shelve,
    /// Taken off it.
    Resume,
    /// What was asked for is approved.
    Grant,
    /// The unit drafts its answer.
    Answer,
    /// The same, after the promise.
    AnswerLate,
    /// The unit's head wants it better.
    Rework,
    /// The answer goes out.
    Approve,
    /// The neighbour's own verdict.
    JoinedVerdict,
    /// Solved.
    Satisfied,
    /// Not solved.
    Unsatisfied,
    /// Not solved, again.
    Dispute,
    /// Explained and ended as unsolved.
    Conclude,
}

/// Whose hand does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// The post that owns the case.
    Owner,
    /// The owner, or the dispatcher beside it.
    Desk,
    /// The asker, or the desk in the asker's name.
    Asker,
    /// The asker and nobody else.
    AskerAlone,
    /// The owner of the child case.
    Child,
    /// Whoever asked for the child case.
    ChildsAsker,
    /// The neighbour who joined.
    Joiner,
}

/// What of a stage's limit is used before it happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pace {
    /// As the pack says for this stage.
    Of(&'static str),
    /// From this share to that.
    Share([f64; 2]),
    /// Beyond the promise.
    Beyond,
}

impl Move {
    /// The action of the procedure.
    pub fn action(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Found => "found",
            Self::AnswerNow => "answer_now",
            Self::Misdirect | Self::Dispatch => "dispatch",
            Self::Return => "return",
            Self::Join => "join",
            Self::Sign => "sign",
            Self::Urge => "urge",
            Self::Enlist => "enlist",
            Self::Deliver => "deliver",
            Self::Accept => "accept",
            Self::Extend => "extend",
            Self::Pause => "pause",
            Self::Supply => "supply",
            Self::Shelve => "shelve",
            Self::Resume => "resume",
            Self::Grant => "grant",
            Self::Answer | Self::AnswerLate => "answer",
            Self::Rework => "rework",
            Self::Approve => "approve",
            Self::Satisfied | Self::JoinedVerdict => "satisfied",
            Self::Unsatisfied => "unsatisfied",
            Self::Dispute => "dispute",
            Self::Conclude => "conclude",
        }
    }

    /// Whether a unit's answer is written.
    pub fn answers(self) -> bool {
        matches!(self, Self::Answer | Self::AnswerLate | Self::AnswerNow | Self::Deliver)
    }

    /// The kind of remark that is made with it.
    pub fn remark(self) -> Option<&'static str> {
        Some(match self {
            Self::Found => "found",
            Self::Return => "return",
            Self::Rework => "rework",
            Self::Extend => "extend",
            Self::Pause => "pause",
            Self::Supply => "supply",
            Self::Shelve => "shelve",
            Self::Conclude => "unsolved",
            Self::Satisfied | Self::JoinedVerdict => "happy",
            Self::Unsatisfied | Self::Dispute => "unhappy",
            _ => return None,
        })
    }

    /// Whose hand does it.
    pub fn hand(self) -> Hand {
        match self {
            Self::Verify | Self::AnswerNow | Self::Misdirect | Self::Dispatch => Hand::Desk,
            Self::Urge => Hand::AskerAlone,
            Self::Supply | Self::Satisfied | Self::Unsatisfied | Self::Dispute => Hand::Asker,
            Self::Grant | Self::Deliver => Hand::Child,
            Self::Accept => Hand::ChildsAsker,
            Self::Join | Self::JoinedVerdict => Hand::Joiner,
            _ => Hand::Owner,
        }
    }

    /// How fast.
    pub fn pace(self) -> Pace {
        match self {
            Self::Verify | Self::AnswerNow | Self::Misdirect | Self::Dispatch => Pace::Of("desk"),
            Self::Found => Pace::Of("verify"),
            Self::Return | Self::Sign | Self::Join => Pace::Of("sign"),
            Self::Answer => Pace::Of("handle"),
            Self::AnswerLate => Pace::Beyond,
            Self::Approve | Self::Rework => Pace::Of("review"),
            Self::Satisfied | Self::Unsatisfied | Self::Dispute | Self::JoinedVerdict => {
                Pace::Of("call")
            }
            Self::Enlist | Self::Extend | Self::Pause | Self::Shelve => Pace::Share([0.05, 0.2]),
            Self::Urge => Pace::Share([0.1, 0.4]),
            Self::Deliver | Self::Conclude => Pace::Share([0.1, 0.5]),
            Self::Accept | Self::Grant => Pace::Share([0.05, 0.4]),
            Self::Supply => Pace::Share([0.05, 0.5]),
            Self::Resume => Pace::Share([0.6, 0.9]),
        }
    }
}

/// Where a request is to arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// Answered at once, and that was it.
    Now,
    /// Solved, as the asker says.
    Solved,
    /// Nobody picks up: the clock ends it.
    Unreached,
    /// Not to be solved.
    Unsolved,
    /// Still open in this state.
    Open(String),
}

/// What happens on the way besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Twists {
    pub verified: bool,
    pub returned: usize,
    pub joined: bool,
    pub urged: bool,
    pub extended: bool,
    pub paused: bool,
    pub shelved: bool,
    pub assisted: bool,
    pub late: bool,
    pub reworked: bool,
    pub unsatisfied: bool,
}

impl Twists {
    /// Throws what happens, by the pack's shares.
    pub fn throw(shares: &Course, dice: &mut super::dice::Dice) -> Self {
        let returned = usize::from(dice.chance(shares.returned));
        let again = returned > 0 && dice.chance(shares.returned_twice / shares.returned);
        let late = dice.chance(shares.late);
        let mut rarely = |share: f64| dice.chance(share) && !late;
        Self {
            late,
            extended: rarely(shares.extended),
            paused: rarely(shares.paused),
            shelved: rarely(shares.shelved),
            returned: returned + usize::from(again),
            verified: false,
            joined: false,
            urged: dice.chance(shares.urged),
            assisted: dice.chance(shares.assisted),
            reworked: dice.chance(shares.reworked),
            unsatisfied: dice.chance(shares.unsatisfied),
        }
    }

    /// About how many days this takes longer than usual.
    pub fn days(&self) -> i64 {
        let days = [
            (self.verified, 2),
            (self.extended, 12),
            (self.paused, 9),
            (self.shelved, 60),
            (self.assisted, 2),
            (self.late, 12),
            (self.reworked, 2),
            (self.unsatisfied, 15),
        ];
        let days: i64 = days.iter().filter(|(happens, _)| *happens).map(|(_, days)| days).sum();
        days + 4 * i64::try_from(self.returned).unwrap_or(0)
    }
}

/// What happens, in order, until the aim is reached; without what the clock does by itself.
pub(super) fn course(aim: &Aim, twists: &Twists) -> Result<Vec<Move>> {
    use Move::*;
    let mut moves = Vec::new();
    if *aim == Aim::Now {
        return Ok(vec![AnswerNow, Satisfied]);
    }
    if let Aim::Open(state) = aim {
        return open(state);
    }
    let mut add = |happens: bool, more: &[Move]| moves.extend(more.iter().filter(|_| happens));
    add(twists.verified, &[Verify, Found]);
    (0..twists.returned).for_each(|_| add(true, &[Misdirect, Return]));
    add(true, &[Dispatch]);
    add(twists.joined, &[Join]);
    add(true, &[Sign]);
    add(twists.extended, &[Extend, Grant]);
    add(twists.paused, &[Pause, Supply]);
    add(twists.shelved, &[Shelve, Grant, Resume]);
    add(twists.assisted, &[Enlist, Deliver, Accept]);
    add(twists.urged, &[Urge]);
    add(true, &[if twists.late { AnswerLate } else { Answer }]);
    add(twists.reworked, &[Rework, Answer]);
    add(true, &[Approve]);
    add(twists.joined, &[JoinedVerdict]);
    let unhappy = twists.unsatisfied || *aim == Aim::Unsolved;
    add(unhappy, &[Unsatisfied, Dispatch, Sign]);
    add(unhappy, &[Answer, Approve]);
    add(*aim == Aim::Solved, &[Satisfied]);
    add(*aim == Aim::Unsolved, &[Dispute, Conclude, Grant]);
    Ok(moves)
}

fn open(state: &str) -> Result<Vec<Move>> {
    use Move::*;
    Ok(match state {
        "received" => vec![],
        "verifying" => vec![Verify],
        "dispatched" => vec![Dispatch],
        "handling" => vec![Dispatch, Sign],
        "reviewing" => vec![Dispatch, Sign, Answer],
        "waiting" => vec![Dispatch, Sign, Pause],
        "shelved" => vec![Dispatch, Sign, Shelve, Grant],
        "answered" => vec![Dispatch, Sign, Answer, Approve],
        "disputed" => {
            let once = [Dispatch, Sign, Answer, Approve];
            once.into_iter().chain([Unsatisfied]).chain(once).chain([Dispute]).collect()
        }
        other => bail!("nobody knows how a request comes to be {other}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Move::*;

    #[test]
    fn a_plain_request_is_dispatched_signed_answered_and_judged() {
        let plain = course(&Aim::Solved, &Twists::default()).unwrap();
        assert_eq!(plain, [Dispatch, Sign, Answer, Approve, Satisfied]);
        let unreached = course(&Aim::Unreached, &Twists::default()).unwrap();
        assert_eq!(unreached, [Dispatch, Sign, Answer, Approve], "the rest is the clock's");
        assert_eq!(course(&Aim::Now, &Twists::default()).unwrap(), [AnswerNow, Satisfied]);
    }

    #[test]
    fn an_unsolved_request_was_unhappy_twice_and_ends_by_approval() {
        let unsolved = course(&Aim::Unsolved, &Twists::default()).unwrap();
        assert_eq!(
            unsolved[4..],
            [Unsatisfied, Dispatch, Sign, Answer, Approve, Dispute, Conclude, Grant]
        );
    }

    #[test]
    fn what_is_asked_for_is_granted_and_what_is_put_away_is_taken_up_again() {
        let twists = Twists {
            returned: 2,
            shelved: true,
            assisted: true,
            joined: true,
            ..Twists::default()
        };
        let moves = course(&Aim::Solved, &twists).unwrap();
        let expected = [
            Misdirect,
            Return,
            Misdirect,
            Return,
            Dispatch,
            Join,
            Sign,
            Shelve,
            Grant,
            Resume,
            Enlist,
            Deliver,
            Accept,
            Answer,
            Approve,
            JoinedVerdict,
            Satisfied,
        ];
        assert_eq!(moves, expected);
        assert!(course(&Aim::Open("nowhere".into()), &twists).is_err());
    }
}
