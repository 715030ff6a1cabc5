//! Founding a county or city: its pack, its tree of places, the duty desk and the three
//! administrators, each with a one-time password.

use crate::access::NewAccount;
use crate::journal::seal::Sealer;
use crate::people::{Appoint, NewPerson, NewPost, add_people, appoint, create_posts};
use crate::territory::{AddPlaces, NewPlace, add_places};
use crate::{County, Error, Result, Work};
use method::read::Loaded;
use model::access::{ADMINISTRATORS, Actor};
use model::journal::Event;
use model::people::Selection;
use model::{PersonId, PostId};
use rowdb::Tx;
use std::sync::Arc;
use uuid::Uuid;

/// What a county is founded with.
pub struct Foundation {
    /// The checked pack.
    pub pack: Loaded,
    /// The tree, each place after the one that contains it; the first is the root.
    pub places: Vec<NewPlace>,
}

/// An account made at the founding.
#[derive(Clone, Debug)]
pub struct FirstAccount {
    /// The name to log in by.
    pub name: String,
    /// Title of the role.
    pub role: String,
    /// The post.
    pub post: PostId,
    /// The person.
    pub person: PersonId,
    /// To be changed at the first log-in.
    pub password: String,
}

const CHUNK: usize = 500;

impl County {
    /// Founds the county; refuses one that was founded before.
    pub async fn found(self: &Arc<Self>, foundation: Foundation) -> Result<Vec<FirstAccount>> {
        if self.shelf().await?.current.is_some() {
            let (zh, en) = ("数据库中已有区县", "the database holds a county already");
            return Err(Error::rule("founded", zh, en));
        }
        self.begin(foundation.pack).await?;
        for places in foundation.places.chunks(CHUNK) {
            let request = AddPlaces { places: places.to_vec(), rule: None };
            self.run(init(), move |tx, mut work| {
                let request = request.clone();
                Box::pin(async move { add_places(tx, &mut work, &request).await })
            })
            .await?;
        }
        self.first_accounts().await
    }

    async fn begin(self: &Arc<Self>, pack: Loaded) -> Result<()> {
        let sealer = self.sealer().ok_or_else(|| Error::internal("a county without a key"))?;
        let (sealer, pack) = (sealer.clone(), Arc::new(pack));
        self.run(init(), move |tx, mut work| {
            let (sealer, pack) = (sealer.clone(), pack.clone());
            Box::pin(async move { begin(tx, &mut work, (&sealer, &pack)).await })
        })
        .await
    }

    /// The holder of the last resort and the three administrators, at the root.
    async fn first_accounts(self: &Arc<Self>) -> Result<Vec<FirstAccount>> {
        // As the places just added have made it, not as it was first loaded.
        let shelf = self.look(init(), |_, work| Box::pin(async move { Ok(work.shelf) })).await?;
        let fallback = shelf.network.fallback().split('@').next().unwrap_or_default().to_owned();
        let roles: Vec<String> =
            [fallback.as_str()].into_iter().chain(ADMINISTRATORS).map(str::to_owned).collect();
        let pack = shelf.pack()?;
        let title =
            |role: &String| pack.roles.get(role).map_or(role.clone(), |it| it.title.clone());
        let titles: Vec<String> = roles.iter().map(title).collect();
        let root = shelf.network.root().map(|root| root.code.clone()).unwrap_or_default();
        let (asked, named) = (roles.clone(), titles.clone());
        let made = self
            .run(init(), move |tx, mut work| {
                let (roles, titles, root) = (asked.clone(), named.clone(), root.clone());
                Box::pin(async move {
                    let post =
                        |role| NewPost { role, place: Some(root.clone()), ..Default::default() };
                    let posts: Vec<NewPost> = roles.into_iter().map(post).collect();
                    let person = |name| NewPerson { name, phone: None };
                    let people: Vec<NewPerson> = titles.into_iter().map(person).collect();
                    let posts = create_posts(tx, &mut work, &posts).await?;
                    let people = add_people(tx, &mut work, &people).await?;
                    Ok(posts.into_iter().zip(people).collect::<Vec<_>>())
                })
            })
            .await?;
        self.appoint_first(made.clone()).await?;
        let mut accounts = Vec::new();
        for ((role, title), (post, person)) in roles.iter().zip(titles).zip(made) {
            accounts.push(self.first_account(role, title, (post, person)).await?);
        }
        Ok(accounts)
    }

    async fn appoint_first(self: &Arc<Self>, made: Vec<(PostId, PersonId)>) -> Result<()> {
        self.run(init(), move |tx, mut work| {
            let made = made.clone();
            Box::pin(async move {
                for (post, person) in made {
                    let selection = Selection::Appointed;
                    let request =
                        Appoint { post, person, rank: 0, selection, from: None, until: None };
                    appoint(tx, &mut work, &request).await?;
                }
                Ok(())
            })
        })
        .await
    }

    async fn first_account(
        self: &Arc<Self>,
        role: &str,
        title: String,
        (post, person): (PostId, PersonId),
    ) -> Result<FirstAccount> {
        let name = role.replace('_', "-");
        let password = self.password();
        let request = NewAccount {
            person,
            name: name.clone(),
            password: password.clone(),
            must_change: true,
        };
        self.open_account(init(), None, request).await?;
        Ok(FirstAccount { name, role: title, post, person, password })
    }

    /// A password that nobody has to invent: sixteen characters of three classes.
    fn password(&self) -> String {
        const LETTERS: &[u8; 56] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz2345678";
        let letter = |byte: u8| LETTERS.get(usize::from(byte) % LETTERS.len());
        let random: String =
            self.seed().into_iter().take(13).filter_map(letter).map(|it| char::from(*it)).collect();
        format!("Jl2{random}")
    }
}

/// Begins a county's journal: the key of its log, then the pack.
pub async fn begin(tx: &mut Tx, work: &mut Work, (sealer, pack): (&Sealer, &Loaded)) -> Result<()> {
    let key = sealer.verifier().to_string();
    let origin = sealer.verifier().name().to_owned();
    work.record(tx, Uuid::nil(), Event::Founded { key, origin }).await?;
    crate::method_packs::load_pack(tx, work, pack).await?;
    Ok(())
}

fn init() -> Actor {
    Actor::system("init")
}
