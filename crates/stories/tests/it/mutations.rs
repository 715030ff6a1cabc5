//! A story that is not true fails, and its failure says where and why: otherwise a passing story
//! would prove nothing.

use crate::grounds::ground;
use crate::{pack, root};
use ::stories::runner::story::Story;
use ::stories::runner::{Failure, play, read};
use rowdb::Engine;

const FILE: &str = "packs/base/stories/solved.toml";

fn solved(from: &str, to: &str) -> Story {
    let text = std::fs::read_to_string(root().join(FILE)).unwrap();
    let worlds = |name: &str| {
        let file = format!("packs/base/stories/worlds/{name}.toml");
        std::fs::read_to_string(root().join(file)).ok()
    };
    assert!(text.contains(from), "{from}");
    read::story(&worlds, FILE, &text.replacen(from, to, 1)).unwrap()
}

async fn failure_of(story: &Story) -> Failure {
    let ground = ground(Engine::Sqlite, story).await.unwrap();
    play(story, &ground.database, pack(&story.head.pack)).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_that_is_not_true_fails_at_its_step_and_says_why() {
    for (from, to, step, why) in [
        (
            "owner   = \"desk@990100\"",
            "owner   = \"supervisor@990100\"",
            Some(1),
            "the owner of `lamp` should be supervisor@990100, but is desk",
        ),
        (
            "due     = \"2026-09-18T10:00\"",
            "due     = \"2026-09-18T11:00\"",
            Some(1),
            "the due date of `lamp` should be 2026-09-18T11:00:00, but is 2026-09-18T10:00:00",
        ),
        (
            "state   = \"received\"",
            "state   = \"solved\"",
            Some(1),
            "the state of `lamp` should be Some(\"solved\"), but is Some(\"received\")",
        ),
        (
            "refused = \"wrong_state\"",
            "refused = \"ended\"",
            Some(2),
            "should be refused with `ended`, but was with 409 wrong_state",
        ),
        (
            "with = { unit = \"urban_management\" }",
            "with = { unit = \"urban_management\" }\nrefused = \"wrong_state\"",
            Some(3),
            "should be refused with `wrong_state`, but was done",
        ),
        (
            "numerator = 1, denominator = 1, excluded = 0",
            "numerator = 1, denominator = 2, excluded = 0",
            None,
            "the denominator of `closed` should be Some(2), but is Some(1)",
        ),
        ("who  = \"song\"", "who  = \"chen\"", Some(3), "should be done, but was refused: 404"),
        (
            "number  = true",
            "number  = true\nsees = [\"chen\"]",
            Some(1),
            "chen should see the case",
        ),
        (
            "number  = true",
            "number  = true\ndoes_not_see = [\"wang\"]",
            Some(1),
            "wang should not see the case, but finds it by",
        ),
        (
            "number  = true",
            "number  = true\nasker_hidden_from = [\"wang\"]",
            Some(1),
            "wang should not know the asker",
        ),
        ("shown   = \"已收到,正在确定承办单位\"", "shown   = \"已办结\"", Some(1), "is shown"),
    ] {
        let failure = failure_of(&solved(from, to)).await;
        assert_eq!((failure.file.as_str(), failure.step), (FILE, step), "{failure}");
        assert!(failure.why.contains(why), "{why}: {failure}");
        let told = failure.to_string();
        assert!(told.contains(&failure.title) && told.contains(FILE), "{told}");
        let about_a_case = step.is_some();
        assert_eq!(!failure.history.is_empty(), about_a_case, "{failure}");
    }
}
