//! One process owns a SQLite file; others may read it.

use rowdb::{Db, Error, Options, testing};

use crate::{numbers, with_notes, write};

fn read_only() -> Options {
    Options { read_only: true, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_owner_is_refused_until_the_first_closes() {
    let place = testing::sqlite();
    let first = place.open(Options::default()).await.unwrap();
    let second = place.open(Options::default()).await;
    assert!(matches!(second.err(), Some(Error::Owned { .. })));
    first.close().await;
    place.open(Options::default()).await.unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_of_the_same_file_is_refused_too() {
    let place = testing::sqlite();
    let first = place.open(Options::default()).await.unwrap();
    let file = place.url.strip_prefix("sqlite:").expect("a file");
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(file, &link).unwrap();
    let second = Db::open(link.to_str().expect("UTF-8"), Options::default()).await;
    assert!(matches!(second.err(), Some(Error::Owned { .. })));
    first.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_works_beside_the_owner_and_cannot_write() {
    for place in testing::places() {
        let owner = place.open(Options::default()).await.unwrap();
        owner.migrate(&[]).await.unwrap();
        with_notes(&owner).await;
        write(&owner, 1).await.unwrap();
        let reader = place.open(read_only()).await.unwrap();
        assert_eq!(numbers(&reader).await, [1]);
        write(&owner, 2).await.unwrap();
        assert_eq!(numbers(&reader).await, [1, 2]);
        assert_eq!(write(&reader, 3).await, Err(Error::ReadOnly));
        reader.close().await;
        assert_eq!(write(&owner, 3).await, Ok(()));
        owner.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_not_created_by_a_reader() {
    let place = testing::sqlite();
    assert!(matches!(place.open(read_only()).await.err(), Some(Error::Open(_))));
    let file = place.url.strip_prefix("sqlite:").expect("a file");
    assert!(!std::path::Path::new(file).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_opened_says_why() {
    let error = Db::open("/no/such/folder/county.db", Options::default()).await.err().unwrap();
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
    let error = Db::open("postgres://127.0.0.1:1/none", Options::default()).await.err().unwrap();
    assert!(matches!(error, Error::Open(_)), "{error}");
}
