//! The duty desk: the last resort for every case, so its last holder cannot be removed.

use crate::{Error, Result, Work};
use jiff::civil::Date;
use model::{Network, PersonId, PostId};

/// Who leaves which post, from a day to before a day (open: for good).
pub(super) struct Leave<'a> {
    /// The posts.
    pub posts: &'a [PostId],
    /// Who; everybody when none is named.
    pub person: Option<PersonId>,
    /// From this day on.
    pub from: Date,
    /// Back on this day.
    pub until: Option<Date>,
}

/// So far ahead every day is looked at, then only the day that never comes.
const DAYS_AHEAD: i32 = 400;

/// Refuses that posts end when among them is the last one that answers at the desk.
pub(crate) fn keep_desk(work: &Work, posts: &[PostId], from: Date) -> Result<()> {
    keep(work, &Leave { posts, person: None, from, until: None })
}

/// Refuses a leave after which somebody's cases would have no last resort.
pub(super) fn keep(work: &Work, leave: &Leave<'_>) -> Result<()> {
    if stays(&work.shelf.network, leave) {
        return Ok(());
    }
    Err(Error::rule(
        "last_desk_holder",
        "值班台至少要有一人在岗,请先安排接替的人",
        "the duty desk needs somebody: appoint a successor first",
    ))
}

fn stays(network: &Network, leave: &Leave<'_>) -> bool {
    let role = network.fallback().split('@').next().unwrap_or_default();
    let posts = leave.posts.iter().filter_map(|id| network.post(*id));
    let mut places = posts.filter(|post| post.role == role).filter_map(|post| post.place);
    places.all(|place| {
        let above: Vec<_> = network.up(place).map(|it| it.id).collect();
        let desks: Vec<PostId> = network
            .posts()
            .filter(|post| post.role == role && post.place.is_some_and(|it| above.contains(&it)))
            .map(|post| post.id)
            .collect();
        leave.days().all(|day| desks.iter().any(|desk| remains(network, leave, *desk, day)))
    })
}

impl Leave<'_> {
    /// The days to look at.
    pub(super) fn days(&self) -> impl Iterator<Item = Date> {
        let last = self.until.unwrap_or(Date::MAX);
        let ahead = self.from.series(jiff::Span::new().days(1)).take_while(move |day| *day < last);
        let for_good = self.until.is_none().then_some(Date::MAX);
        let days = usize::try_from(DAYS_AHEAD).unwrap_or(0);
        ahead.take(days).chain(for_good)
    }
}

fn remains(network: &Network, leave: &Leave<'_>, desk: PostId, day: Date) -> bool {
    let exists = network
        .post(desk)
        .is_some_and(|it| it.from <= day && it.until.is_none_or(|until| day < until));
    let leaves = |person| {
        let named = leave.person.is_none_or(|it| it == person);
        named && leave.posts.contains(&desk)
    };
    let mut present = network.holders(desk, day).map(|it| it.person);
    exists && present.any(|person| !leaves(person) && !network.away(person, day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::PlaceId;
    use model::people::{Absence, Holding, Post, Selection};
    use model::territory::{Level, Place};
    use uuid::Uuid;

    const DESK: PostId = PostId(Uuid::from_u128(1));
    const STREET_DESK: PostId = PostId(Uuid::from_u128(2));
    const ANNA: PersonId = PersonId(Uuid::from_u128(11));
    const BING: PersonId = PersonId(Uuid::from_u128(12));

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// A county with a street; a desk in each.
    fn network(holdings: &[(PostId, PersonId, Option<&str>)]) -> Network {
        let levels = ["county", "street"].map(|id| Level { id: id.into(), title: id.into() });
        let mut network = Network::new(1, levels.to_vec(), "desk@county");
        let place = |n: usize| PlaceId(Uuid::from_u128(100 + n as u128));
        for (level, post) in [(0_usize, DESK), (1, STREET_DESK)] {
            network.add_place(Place {
                id: place(level),
                parent: level.checked_sub(1).map(place),
                level,
                code: format!("99{level}"),
                name: "某地".into(),
                from: day("2020-01-01"),
                until: None,
            });
            network.add_post(Post {
                id: post,
                role: "desk".into(),
                org: None,
                place: Some(place(level)),
                from: day("2020-01-01"),
                until: None,
            });
        }
        for (post, person, until) in holdings {
            network.add_holding(Holding {
                post: *post,
                person: *person,
                rank: 0,
                selection: Selection::Appointed,
                from: day("2020-01-01"),
                until: until.map(day),
            });
        }
        network
    }

    fn leaves(network: &Network, post: PostId, person: PersonId, until: Option<&str>) -> bool {
        let until = until.map(day);
        let leave = Leave { posts: &[post], person: Some(person), from: day("2026-03-02"), until };
        stays(network, &leave)
    }

    #[test]
    fn the_last_holder_of_the_countys_desk_stays() {
        assert!(!leaves(&network(&[(DESK, ANNA, None)]), DESK, ANNA, None));
        assert!(leaves(&network(&[(DESK, ANNA, None), (DESK, BING, None)]), DESK, ANNA, None));
    }

    #[test]
    fn a_streets_desk_may_be_left_while_the_countys_answers_for_it() {
        let both = [(DESK, ANNA, None), (STREET_DESK, BING, None)];
        assert!(leaves(&network(&both), STREET_DESK, BING, None));
        assert!(!leaves(&network(&both), DESK, ANNA, None), "the street is below the county");
        assert!(!leaves(&network(&[(STREET_DESK, BING, None)]), STREET_DESK, BING, None));
    }

    #[test]
    fn whoever_leaves_later_does_not_count_as_the_one_who_stays() {
        let ends = network(&[(DESK, ANNA, None), (DESK, BING, Some("2026-06-01"))]);
        assert!(!leaves(&ends, DESK, ANNA, None));
        assert!(leaves(&ends, DESK, ANNA, Some("2026-06-01")), "back when the other leaves");
        assert!(!leaves(&ends, DESK, ANNA, Some("2026-06-02")));
    }

    #[test]
    fn both_cannot_be_away_on_one_day() {
        let mut network = network(&[(DESK, ANNA, None), (DESK, BING, None)]);
        network.add_absence(Absence {
            person: BING,
            from: day("2026-03-10"),
            until: day("2026-03-12"),
        });
        assert!(leaves(&network, DESK, ANNA, Some("2026-03-10")));
        assert!(!leaves(&network, DESK, ANNA, Some("2026-03-11")));
        assert!(!leaves(&network, DESK, ANNA, None));
    }

    #[test]
    fn posts_of_other_roles_may_stand_empty() {
        let leave = Leave { posts: &[], person: None, from: day("2026-03-02"), until: None };
        assert!(stays(&network(&[]), &leave));
    }
}
