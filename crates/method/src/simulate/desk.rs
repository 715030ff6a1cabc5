//! A desk: whoever holds a post, with one queue for all posts that one person holds. Where several work
//! at a post they share its queue.

use super::measure::{Length, Spread};
use super::outcome::PostOutcome;
use super::slab::Ref;
use calendar::Calendar;
use jiff::{SignedDuration, Timestamp};
use model::ids::PostId;
use model::network::Network;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something a post is to do about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Task {
    pub case: Ref,
    /// The stay of the case it belongs to: when that is over, there is nothing to do.
    pub stay: u32,
    pub post: PostId,
    /// Since when it lies there.
    pub since: Timestamp,
}

/// A desk.
pub(super) struct Desk {
    /// The first post it worked for.
    post: PostId,
    servers: u32,
    always: bool,
    queue: BinaryHeap<Reverse<(Timestamp, u64, Task)>>,
    /// What lies before each who works here, and when it will be done.
    work: Vec<Option<(Timestamp, Task)>>,
    /// Those of them who have nothing to do.
    idle: Vec<u32>,
    /// Whether it waits for the office to open.
    pub sleeps: bool,
    length: Length,
    waits: Spread,
    busy: SignedDuration,
    done: u64,
}

impl Desk {
    pub fn new(post: PostId, servers: u32, always: bool, now: Timestamp) -> Self {
        Self {
            post,
            servers,
            always,
            queue: BinaryHeap::new(),
            work: Vec::new(),
            idle: Vec::new(),
            sleeps: false,
            length: Length::new(now),
            waits: Spread::default(),
            busy: SignedDuration::ZERO,
            done: 0,
        }
    }

    /// Lays a task in the queue, behind what has an earlier key.
    pub fn lay(&mut self, key: Timestamp, number: u64, task: Task) {
        self.length.change(task.since, 1);
        self.queue.push(Reverse((key, number, task)));
    }

    /// The next task; ones that are over lie there still.
    pub fn take(&mut self) -> Option<Task> {
        self.queue.pop().map(|Reverse((_, _, task))| task)
    }

    pub fn is_free(&self) -> bool {
        u32::try_from(self.work.len() - self.idle.len()).is_ok_and(|busy| busy < self.servers)
    }

    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// When work can begin.
    pub fn opens(&self, calendar: &Calendar, now: Timestamp) -> Timestamp {
        if self.always { now } else { calendar.opening(now) }
    }

    /// Begins work that takes so long; gives the instant at which it is done, and who does it.
    pub fn begin(
        &mut self,
        calendar: &Calendar,
        (now, work): (Timestamp, SignedDuration),
        task: Task,
    ) -> (Timestamp, u32) {
        self.length.change(now, -1);
        self.waits.add(now.duration_since(task.since));
        self.busy += work;
        self.done += 1;
        let done = if self.always { now + work } else { calendar.done_at(now, work) };
        let who = self.idle.pop().unwrap_or_else(|| {
            self.work.push(None);
            u32::try_from(self.work.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(place) = self.work.get_mut(who as usize) {
            *place = Some((done, task));
        }
        (done, who)
    }

    /// A task that lay here is over without having been begun.
    pub fn put_away(&mut self, now: Timestamp) {
        self.length.change(now, -1);
    }

    /// Somebody is done; gives what lay before him.
    pub fn finish(&mut self, who: u32) -> Option<Task> {
        let (_, task) = self.work.get_mut(who as usize)?.take()?;
        self.idle.push(who);
        Some(task)
    }

    /// What was done here until now. Work that was begun before and is done later counts up to now.
    pub fn close(
        &mut self,
        calendar: &Calendar,
        network: &Network,
        (from, now): (Timestamp, Timestamp),
    ) -> PostOutcome {
        self.length.change(now, 0);
        let at_work = self.work.iter().flatten();
        let after = at_work.map(|(done, _)| self.open_between(calendar, now, *done));
        let busy = self.busy - after.sum::<SignedDuration>();
        let open =
            self.open_between(calendar, from, now) * i32::try_from(self.servers).unwrap_or(1);
        PostOutcome {
            post: self.post,
            role: network.post(self.post).map(|post| post.role.clone()).unwrap_or_default(),
            holders: self.servers,
            done: self.done,
            load: busy.as_secs_f64() / open.as_secs_f64().max(1.0),
            queue: self.length.queue(from, now),
            wait: self.waits.hours(),
        }
    }

    /// Working time between two instants.
    fn open_between(
        &self,
        calendar: &Calendar,
        from: Timestamp,
        until: Timestamp,
    ) -> SignedDuration {
        match self.always {
            true => until.duration_since(from).max(SignedDuration::ZERO),
            false => calendar.office_time(from, until),
        }
    }
}
