//! What `jinlin pack new` writes is sound, and its story goes as told.

use crate::grounds::ground;
use ::stories::runner::play;
use ::stories::runner::read;
use ::stories::shipped;
use method::check::Severity;
use method::read::{Files, load};
use rowdb::Engine;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_pack_is_sound_and_its_story_goes_as_told() {
    let files: Files = shipped::new_pack("ours", "本县 \"试行\"");
    let find = |id: &str| if id == "ours" { Some(files.clone()) } else { shipped::packs(id) };
    let loaded = load("ours", &find);
    let bad: Vec<_> = loaded.problems.iter().filter(|it| it.severity != Severity::Report).collect();
    assert!(bad.is_empty(), "{bad:?}");
    let (path, text) = files.iter().find(|(path, _)| path.starts_with("stories/")).unwrap();
    let worlds = |name: &str| {
        let path = format!("stories/worlds/{name}.toml");
        shipped::packs("base")?.into_iter().find(|it| it.0 == path).map(|it| it.1)
    };
    let story = read::story(&worlds, path, text).unwrap();
    let ground = ground(Engine::Sqlite, &story).await.unwrap();
    play(&story, &ground.database, loaded).await.unwrap();
}
