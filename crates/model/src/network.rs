//! The one network: places, organisations, posts and holders on one day, held in memory, and the
//! question everything rests on: which post answers here. Loading it is the store's work.

use crate::cases::{Fit, Tried};
use crate::ids::{OrgId, PersonId, PlaceId, PostId};
use crate::people::{Absence, Holding, Org, Post, covers};
use crate::territory::{Level, Place};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Places, organisations and posts as they stand on one day.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Counts changes; a copy with an older version must be loaded again.
    pub version: i64,
    levels: Vec<Level>,
    fallback: String,
    places: FxHashMap<PlaceId, Place>,
    codes: FxHashMap<String, PlaceId>,
    children: FxHashMap<PlaceId, Vec<PlaceId>>,
    orgs: FxHashMap<OrgId, Org>,
    org_codes: FxHashMap<String, OrgId>,
    posts: FxHashMap<PostId, Post>,
    at_place: FxHashMap<PlaceId, ByRole>,
    at_org: FxHashMap<OrgId, ByRole>,
    holdings: FxHashMap<PostId, Vec<Holding>>,
    held_by: FxHashMap<PersonId, Vec<PostId>>,
    absences: FxHashMap<PersonId, Vec<Absence>>,
}

/// Posts and organisations a case is about: they may not answer for it.
pub type About = BTreeSet<uuid::Uuid>;

/// Posts of a place or organisation by role: nested, so that a look-up makes no key.
type ByRole = FxHashMap<String, Vec<PostId>>;

impl Network {
    /// An empty network with the levels and the fallback role of a pack (`desk@county`).
    pub fn new(version: i64, levels: Vec<Level>, fallback: &str) -> Self {
        Self { version, levels, fallback: fallback.to_owned(), ..Self::default() }
    }

    /// Adds a place; its parent must have been added before.
    pub fn add_place(&mut self, place: Place) {
        self.codes.insert(place.code.clone(), place.id);
        if let Some(parent) = place.parent {
            self.children.entry(parent).or_default().push(place.id);
        }
        self.places.insert(place.id, place);
    }

    /// Makes an old code lead to a place.
    pub fn add_alias(&mut self, code: String, place: PlaceId) {
        self.codes.entry(code).or_insert(place);
    }

    /// Adds an organisation.
    pub fn add_org(&mut self, org: Org) {
        self.org_codes.insert(org.code.clone(), org.id);
        self.orgs.insert(org.id, org);
    }

    /// Adds a post.
    pub fn add_post(&mut self, post: Post) {
        if let Some(org) = post.org {
            self.at_org.entry(org).or_default().entry(post.role.clone()).or_default().push(post.id);
        }
        if let Some(place) = post.place {
            let here = self.at_place.entry(place).or_default();
            here.entry(post.role.clone()).or_default().push(post.id);
        }
        self.posts.insert(post.id, post);
    }

    /// Adds a holding.
    pub fn add_holding(&mut self, holding: Holding) {
        self.held_by.entry(holding.person).or_default().push(holding.post);
        let holdings = self.holdings.entry(holding.post).or_default();
        holdings.push(holding);
        holdings.sort_by_key(|it| (it.rank, it.from));
    }

    /// Adds an absence.
    pub fn add_absence(&mut self, absence: Absence) {
        self.absences.entry(absence.person).or_default().push(absence);
    }

    /// The levels, the widest first.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Position of a level by its id.
    pub fn level(&self, id: &str) -> Option<usize> {
        self.levels.iter().position(|level| level.id == id)
    }

    /// A place by id.
    pub fn place(&self, id: PlaceId) -> Option<&Place> {
        self.places.get(&id)
    }

    /// A place by code or alias.
    pub fn place_by_code(&self, code: &str) -> Option<&Place> {
        self.codes.get(code).and_then(|id| self.places.get(id))
    }

    /// Every code and alias with its place.
    pub fn codes(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.codes.iter().filter_map(|(code, id)| Some((code.as_str(), self.place(*id)?)))
    }

    /// The root: the one place without a parent.
    pub fn root(&self) -> Option<&Place> {
        self.places.values().find(|place| place.parent.is_none())
    }

    /// The places directly below, in the order of their codes.
    pub fn children(&self, id: PlaceId) -> Vec<&Place> {
        let mut below: Vec<_> =
            self.children.get(&id).into_iter().flatten().filter_map(|it| self.place(*it)).collect();
        below.sort_by(|a, b| a.code.cmp(&b.code));
        below
    }

    /// The place and all above it, the nearest first.
    pub fn up(&self, id: PlaceId) -> impl Iterator<Item = &Place> {
        std::iter::successors(self.place(id), |place| place.parent.and_then(|up| self.place(up)))
    }

    /// The id of the place at each level, the widest first; levels without one are `None`.
    pub fn path(&self, id: PlaceId) -> Vec<Option<PlaceId>> {
        let mut path = vec![None; self.levels.len()];
        for place in self.up(id) {
            if let Some(slot) = path.get_mut(place.level) {
                *slot = Some(place.id);
            }
        }
        path
    }

    /// Whether `inner` lies in `outer` or is it.
    pub fn within(&self, inner: PlaceId, outer: PlaceId) -> bool {
        self.up(inner).any(|place| place.id == outer)
    }

    /// All places.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// An organisation by id.
    pub fn org(&self, id: OrgId) -> Option<&Org> {
        self.orgs.get(&id)
    }

    /// An organisation by its short code.
    pub fn org_by_code(&self, code: &str) -> Option<&Org> {
        self.org_codes.get(code).and_then(|id| self.orgs.get(id))
    }

    /// All organisations.
    pub fn orgs(&self) -> impl Iterator<Item = &Org> {
        self.orgs.values()
    }

    /// The organisation that carries the duties of `id` on `day`: itself, or its last successor.
    pub fn living_org(&self, id: OrgId, day: Date) -> Option<&Org> {
        let mut org = self.org(id)?;
        for _ in 0..self.orgs.len() {
            if covers(org.from, org.until, day) {
                return Some(org);
            }
            org = self.org(org.successor?)?;
        }
        None
    }

    /// A post by id.
    pub fn post(&self, id: PostId) -> Option<&Post> {
        self.posts.get(&id)
    }

    /// All posts.
    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.posts.values()
    }

    /// The posts a person holds on `day` in any rank.
    pub fn posts_of(&self, person: PersonId, day: Date) -> Vec<PostId> {
        let held = self.held_by.get(&person).into_iter().flatten().copied();
        let mut posts: Vec<_> = held
            .filter(|post| self.holders(*post, day).any(|holding| holding.person == person))
            .collect();
        posts.sort();
        posts.dedup();
        posts
    }

    /// The holdings of a person that last on `day` or begin later, by their first day.
    pub fn holdings_of(&self, person: PersonId, day: Date) -> Vec<&Holding> {
        let mut posts = self.held_by.get(&person).cloned().unwrap_or_default();
        posts.sort();
        posts.dedup();
        let all = posts.iter().filter_map(|post| self.holdings.get(post)).flatten();
        let lasting = |it: &&Holding| it.person == person && it.until.is_none_or(|end| day < end);
        let mut held: Vec<_> = all.filter(lasting).collect();
        held.sort_by_key(|it| (it.from, it.post));
        held
    }

    /// The holdings of a post on `day`, the principal first, absent people included.
    pub fn holders(&self, post: PostId, day: Date) -> impl Iterator<Item = &Holding> {
        let holdings = self.holdings.get(&post).into_iter().flatten();
        holdings.filter(move |it| covers(it.from, it.until, day))
    }

    /// Who does the work of a post on `day`: the first holder who is not away.
    pub fn person(&self, post: PostId, day: Date) -> Option<PersonId> {
        self.holders(post, day).map(|it| it.person).find(|person| !self.away(*person, day))
    }

    /// Whether the post exists on `day` and somebody present holds it.
    pub fn manned(&self, post: PostId, day: Date) -> bool {
        let exists = self.post(post).is_some_and(|it| covers(it.from, it.until, day));
        exists && self.person(post, day).is_some()
    }

    /// The manned post of `role` at exactly this place, longest in post first.
    pub fn at_place(&self, role: &str, place: PlaceId, about: &About, day: Date) -> Option<PostId> {
        self.best(self.posts_at(role, place), about, day)
    }

    /// The manned post of `role` in exactly this organisation, preferring one whose place is
    /// nearest above `near`.
    pub fn at_org(
        &self,
        role: &str,
        org: OrgId,
        near: PlaceId,
        about: &About,
        day: Date,
    ) -> Option<PostId> {
        let org = self.living_org(org, day)?.id;
        if about.contains(&org.0) {
            return None;
        }
        let away = |id: &PostId| self.steps_up(near, self.post(*id)?.place);
        let posts = self.posts_in(role, org).iter().filter(|id| self.fit(**id, about, day));
        let near = posts.filter_map(|id| Some((away(id)?, self.in_post_since(*id, day), *id)));
        near.min().map(|(_, _, id)| id)
    }

    /// How many places one goes up from `near` to reach `place`, the most where there is no place; none
    /// where it does not lie above.
    fn steps_up(&self, near: PlaceId, place: Option<PlaceId>) -> Option<usize> {
        place.map_or(Some(usize::MAX), |place| self.up(near).position(|it| it.id == place))
    }

    /// The nearest manned post of `role` at `place` or above it.
    pub fn nearest(&self, role: &str, place: PlaceId, about: &About, day: Date) -> Option<PostId> {
        self.up(place).find_map(|it| self.at_place(role, it.id, about, day))
    }

    /// The nearest manned post of `role` at `place` or above, but not below `level`.
    pub fn nearest_at(
        &self,
        role: &str,
        level: usize,
        place: PlaceId,
        about: &About,
        day: Date,
    ) -> Option<PostId> {
        self.up(place)
            .filter(|it| it.level <= level)
            .find_map(|it| self.at_place(role, it.id, about, day))
    }

    /// The last resort for a case at `place`: the fallback role up the tree, even if about it.
    pub fn last_resort(&self, place: PlaceId, about: &About, day: Date) -> Option<PostId> {
        let role = self.fallback.split('@').next().unwrap_or(&self.fallback);
        self.nearest(role, place, about, day)
            .or_else(|| self.nearest(role, place, &About::new(), day))
    }

    /// The role and level of the fallback as the pack wrote it (`desk@county`).
    pub fn fallback(&self) -> &str {
        &self.fallback
    }

    /// The posts of a role at exactly this place, held or not.
    pub fn posts_at(&self, role: &str, place: PlaceId) -> &[PostId] {
        self.at_place.get(&place).and_then(|it| it.get(role)).map_or(&[], Vec::as_slice)
    }

    /// The posts of a role in exactly this organisation, held or not.
    pub fn posts_in(&self, role: &str, org: OrgId) -> &[PostId] {
        self.at_org.get(&org).and_then(|it| it.get(role)).map_or(&[], Vec::as_slice)
    }

    /// Whether a post can answer on `day` for what is about these, and why not.
    pub fn tried(&self, id: PostId, about: &About, day: Date) -> Tried {
        let post = self.post(id);
        let org = post.and_then(|it| it.org).is_some_and(|org| about.contains(&org.0));
        let held = self.holders(id, day).next().is_some();
        let present = self.holders(id, day).find(|it| !self.away(it.person, day));
        let fit = match present {
            _ if about.contains(&id.0) || org => Fit::About,
            _ if !post.is_some_and(|it| covers(it.from, it.until, day)) => Fit::Ended,
            Some(_) => Fit::Fit,
            None if held => Fit::Away,
            None => Fit::Vacant,
        };
        let since = self.holders(id, day).map(|it| it.from).min();
        Tried { post: id, fit, since, rank: present.map_or(0, |it| it.rank) }
    }

    fn best(&self, posts: &[PostId], about: &About, day: Date) -> Option<PostId> {
        let fit = posts.iter().copied().filter(|id| self.fit(*id, about, day));
        fit.min_by_key(|id| (self.in_post_since(*id, day), *id))
    }

    /// Whether a post is manned, and neither it nor its organisation is what the case is about.
    fn fit(&self, id: PostId, about: &About, day: Date) -> bool {
        let org = || self.post(id).and_then(|post| post.org);
        let concerned = || about.contains(&id.0) || org().is_some_and(|org| about.contains(&org.0));
        self.manned(id, day) && (about.is_empty() || !concerned())
    }

    fn in_post_since(&self, id: PostId, day: Date) -> Option<Date> {
        self.holders(id, day).map(|it| it.from).min()
    }

    /// Whether somebody is away on `day`.
    pub fn away(&self, person: PersonId, day: Date) -> bool {
        let absences = self.absences.get(&person).into_iter().flatten();
        absences.into_iter().any(|it| covers(it.from, Some(it.until), day))
    }
}
