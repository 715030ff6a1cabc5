//! Posts: role × organisation? × place?, created many at once, ended by day.

use super::{desk, lasts, not_past, orgs};
use crate::{Error, Result, Work, territory};
use jiff::civil::Date;
use method::decide::FieldProblem;
use model::PostId;
use model::access::Operation;
use model::journal::Event;
use model::people::{Post, RoleOf};
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// Most posts in one request: a command must stay short.
const MOST: usize = 1000;

/// A post to be created.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewPost {
    /// Its role in the pack.
    pub role: String,
    /// Code or id of its organisation.
    pub org: Option<String>,
    /// Code or id of its place.
    pub place: Option<String>,
    /// First day; today when none is given.
    pub from: Option<Date>,
}

/// A post to be ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndPost {
    /// The post.
    pub post: PostId,
    /// First day on which it no longer exists.
    pub until: Date,
}

/// Creates posts, all or none.
pub async fn create_posts(tx: &mut Tx, work: &mut Work, posts: &[NewPost]) -> Result<Vec<PostId>> {
    work.may(Operation::CreatePost)?;
    if posts.len() > MOST {
        return Err(Error::field("posts", "too_many", "一次最多1000个岗位", "at most 1000"));
    }
    let (mut sound, mut problems) = (Vec::new(), Vec::new());
    for (n, new) in posts.iter().enumerate() {
        let id = work.draw.id();
        match post(work, new, id) {
            Ok(post) => sound.push(post),
            Err((field, code, chinese, english)) => problems.push(FieldProblem {
                field: format!("posts.{n}.{field}"),
                code,
                chinese: chinese.to_owned(),
                english: english.to_owned(),
            }),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let created = sound.iter().map(|post| post.id).collect();
    for post in sound {
        work.record(tx, post.id.0, Event::PostCreated { post }).await?;
    }
    Ok(created)
}

/// Field, code, Chinese, English.
type Wrong = (&'static str, &'static str, &'static str, &'static str);

fn post(work: &Work, new: &NewPost, id: PostId) -> std::result::Result<Post, Wrong> {
    let (network, pack) = (&work.shelf.network, work.shelf.current.as_ref());
    let role = pack.and_then(|pack| pack.roles.get(&new.role));
    let role = role.ok_or(("role", "unknown", "办法包中没有这个岗位类别", "no such role"))?;
    let no_org = ("org", "not_found", "没有这个单位", "no such organisation");
    let no_place = ("place", "not_found", "没有这个地点", "no such place");
    let org = new.org.as_ref().map(|key| orgs::org(network, key).map_err(|_| no_org));
    let org = org.transpose()?;
    let place = new.place.as_ref().map(|key| territory::find(work, key).map_err(|_| no_place));
    let place = place.transpose()?;
    match (role.of, org, place) {
        (RoleOf::Org, None, _) => return Err(("org", "missing", "请选择单位", "of which unit?")),
        (RoleOf::Place, _, None) => {
            return Err(("place", "missing", "请选择地点", "of which place?"));
        }
        _ => {}
    }
    if role.of == RoleOf::Place && !role.levels.is_empty() {
        let level = place.and_then(|it| network.levels().get(it.level)).map(|it| &it.id);
        if !level.is_some_and(|level| role.levels.contains(level)) {
            let english = "this role is not held at this level";
            return Err(("place", "wrong_level", "这个层级不设这个岗位", english));
        }
    }
    Ok(Post {
        id,
        role: new.role.clone(),
        org: org.map(|it| it.id),
        place: place.map(|it| it.id),
        from: new.from.unwrap_or(work.today()),
        until: None,
    })
}

/// Ends a post. Follow with renewal of the open cases.
pub async fn end_post(tx: &mut Tx, work: &mut Work, request: &EndPost) -> Result<()> {
    work.may(Operation::CreatePost)?;
    let EndPost { post, until } = *request;
    not_past(work, "until", until)?;
    let found = work.shelf.network.post(post).filter(|it| lasts(it.until, until));
    let found = found.ok_or_else(|| Error::not_found("post", post))?;
    if until <= found.from {
        return Err(Error::field("until", "out_of_range", "不能早于设岗日", "before it began"));
    }
    desk::keep_desk(work, &[post], until)?;
    work.record(tx, post.0, Event::PostEnded { post, until }).await?;
    Ok(())
}
