//! A server killed at random moments loses nothing that it acknowledged.

use bench::county;
use bench::crash::rounds;
use bench::ground::Scale;
use rowdb::Options;
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_loses_nothing_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("template.db");
    let county = county::open(&template.display().to_string(), Options::default()).await.unwrap();
    county::found(&county, Scale::SMALL).await.unwrap();
    county::close(county).await;
    let program = Path::new(env!("CARGO_BIN_EXE_bench"));
    let outcome = rounds(program, &template, folder.path(), 3).await.unwrap();
    assert_eq!((outcome.lost, outcome.unclean), (0, 0), "{outcome:?}");
    assert!(outcome.acknowledged > 0, "nothing was written before the kills");
}
