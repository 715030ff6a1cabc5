//! The staff console as the binary carries it.

use crate::kit::kit;

const PAGE: &str = "text/html,application/xhtml+xml";

#[tokio::test]
async fn every_view_of_the_console_is_its_one_page_which_loads_nothing_from_elsewhere() {
    let kit = kit().await;
    for view in ["//", "//work", "//cases/2026092100017"] {
        let page = kit.get(view).header("accept", PAGE).send().await.is(200);
        assert!(page.header("content-type").starts_with("text/html"));
        assert_eq!(page.header("cache-control"), "no-cache");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }
}

#[tokio::test]
async fn files_with_a_hash_in_their_name_are_kept_for_good_and_others_asked_for_again() {
    let kit = kit().await;
    let page = kit.get("//").header("accept", PAGE).send().await.is(200);
    let tag = page.header("etag");
    let again = kit.get("//").header("accept", PAGE).header("if-none-match", tag);
    again.send().await.is(304);
    let text = page.body.as_str().unwrap();
    let script = text.split('"').find(|it| it.ends_with(".js")).unwrap();
    let script = kit.get(&format!("/{script}")).send().await.is(200);
    assert_eq!(script.header("content-type"), "text/javascript");
    assert!(script.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn what_is_neither_file_nor_view_is_not_found() {
    let kit = kit().await;
    kit.get("//assets/none.js").header("accept", PAGE).send().await.refused(404, "not_found");
    kit.get("/none").header("accept", PAGE).send().await.refused(404, "not_found");
    kit.get("//work").send().await.refused(404, "not_found");
    kit.post("//work", serde_json::json!({})).send().await.refused(404, "not_found");
}
