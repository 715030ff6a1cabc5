//! What acts leave beside their cases, as it is found again.

use crate::promise;
use crate::world::*;
use model::RecordId;
use model::effects::{Account, Tally};
use model::journal::Event;
use proptest::prelude::*;
use rowdb::{Options, Tx, testing};
use std::collections::BTreeMap;
use store::effects::{boards, cycles, gatherings, ledgers, records, texts};
use store::journal::Draft;
use uuid::Uuid;

fn row(id: u128) -> RecordId {
    RecordId(Uuid::from_u128(id))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_found_by_id_key_case_and_words_as_it_was_written_last() {
    promise(|tx| {
        Box::pin(async move {
            let drafts =
                vec![written(1, 7, "乙 清运"), written(2, 8, "甲 巡查"), written(3, 7, "乙 清扫")];
            record_all(tx, drafts).await?;
            let found = records::get(tx, row(7)).await?.unwrap();
            assert_eq!((found.revision, found.entry, found.at), (2, entry(3), at(3)));
            assert_eq!(found.record.key, "乙 清扫");
            assert_eq!(records::by_key(tx, "duties", "乙 清运").await?, None);
            assert_eq!(records::by_key(tx, "duties", "乙 清扫").await?, Some(found.clone()));
            assert_eq!(records::of_case(tx, CASE, "duties").await?, Some(found.clone()));
            assert_eq!(records::of_case(tx, CASE, "funds").await?, None);
            let said = texts(tx, &found.record.columns).await?;
            assert_eq!(said, BTreeMap::from([("basis".to_owned(), "条例第三条".to_owned())]));
            let history = records::history(tx, row(7)).await?;
            assert_eq!(history.iter().map(|it| it.id).collect::<Vec<_>>(), [entry(1), entry(3)]);
            assert_eq!(records::count(tx, "duties").await?, 2);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_read_page_by_page_and_searched_by_any_part_of_its_keys() {
    promise(|tx| {
        Box::pin(async move {
            let keys = ["a1", "a2", "b_1", "b%1"];
            let drafts = keys.iter().zip(1..).map(|(key, n)| written(n, n as u128, key));
            record_all(tx, drafts.collect()).await?;
            assert_eq!(keys_of(tx, "", "", 3).await?, ["a1", "a2", "b%1"]);
            assert_eq!(keys_of(tx, "b%1", "", 3).await?, ["b_1"]);
            assert_eq!(keys_of(tx, "", "1", 3).await?, ["a1", "b%1", "b_1"]);
            assert_eq!(keys_of(tx, "", "_", 3).await?, ["b_1"], "a word is no pattern");
            assert_eq!(keys_of(tx, "", "c", 3).await?, [""; 0]);
            Ok(())
        })
    })
    .await;
}

async fn keys_of(
    tx: &mut Tx,
    after: &str,
    holding: &str,
    limit: i64,
) -> store::Result<Vec<String>> {
    let found = records::page(tx, "duties", records::Page { after, holding, limit }).await?;
    Ok(found.into_iter().map(|it| it.record.key).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_row_with_a_key_is_a_duplicate() {
    crate::on_each_engine(|db| async move {
        let twice = db.command(|tx| {
            Box::pin(
                async move { record_all(tx, vec![written(1, 7, "a"), written(2, 8, "a")]).await },
            )
        });
        let failed = twice.await.unwrap_err();
        assert!(matches!(failed, store::Error::Db(rowdb::Error::Unique { .. })), "{failed:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bookings_are_found_by_ledger_account_and_case_the_newest_first() {
    promise(|tx| {
        Box::pin(async move {
            let [issue, one, two] = [
                account("issue", None),
                account("volunteer", Some(1)),
                account("volunteer", Some(2)),
            ];
            let drafts = vec![
                booked(1, [&issue, &one], 6),
                booked(2, [&one, &two], 2),
                booked(3, [&issue, &two], 1),
                booked(4, [&two, &two], 1),
            ];
            record_all(tx, drafts).await?;
            assert_eq!(ledgers::balance(tx, "hours", &one).await?, 4);
            assert_eq!(ledgers::balance(tx, "recovery", &one).await?, 0);
            let found = ledgers::balances(tx, "hours", None, 2).await?;
            let told: Vec<_> = found.iter().map(|it| (&it.account, it.amount)).collect();
            assert_eq!(told, [(&issue, -7), (&one, 4)]);
            let rest = ledgers::balances(tx, "hours", Some(&one), 2).await?;
            assert_eq!(rest.iter().map(|it| it.amount).collect::<Vec<_>>(), [3]);
            let of = ledgers::Of::Account("hours", &two);
            assert_eq!(numbers(tx, of, None, 9).await?, [4, 3, 2], "one to itself is told once");
            assert_eq!(numbers(tx, of, Some(4), 1).await?, [3]);
            assert_eq!(numbers(tx, ledgers::Of::Ledger("hours"), None, 2).await?, [4, 3]);
            assert_eq!(numbers(tx, ledgers::Of::Case(CASE), Some(3), 9).await?, [2, 1]);
            let first = ledgers::bookings(tx, ledgers::Of::Case(CASE), Some(entry(2)), 1).await?;
            assert_eq!(first[0].booking.from, issue);
            Ok(())
        })
    })
    .await;
}

async fn numbers(
    tx: &mut Tx,
    of: ledgers::Of<'_>,
    before: Option<i64>,
    limit: i64,
) -> store::Result<Vec<i64>> {
    let found = ledgers::bookings(tx, of, before.map(entry), limit).await?;
    Ok((1..9).rev().filter(|n| found.iter().any(|it| it.entry == entry(*n))).collect())
}

/// Bookings between four accounts: one of the county, three of persons.
fn bookings() -> impl Strategy<Value = Vec<(u128, u128, i64)>> {
    prop::collection::vec((0..4u128, 0..4u128, 1..1_000_000i64), 0..40)
}

fn of(n: u128) -> Account {
    account(if n == 0 { "issue" } else { "volunteer" }, (n > 0).then_some(n))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn all_balances_of_a_ledger_are_zero_together_and_what_their_bookings_say(moved in bookings()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            for place in testing::places() {
                let db = place.open(Options::default()).await.unwrap();
                db.migrate(store::MIGRATIONS).await.unwrap();
                let moved = moved.clone();
                db.command(move |tx| {
                    let moved = moved.clone();
                    Box::pin(async move { balanced(tx, moved).await })
                }).await.unwrap();
                db.close().await;
            }
        });
    }
}

async fn balanced(tx: &mut Tx, moved: Vec<(u128, u128, i64)>) -> store::Result<()> {
    let draft = |((from, to, amount), n): (&(u128, u128, i64), i64)| -> Draft {
        booked(n, [&of(*from), &of(*to)], *amount)
    };
    record_all(tx, moved.iter().zip(1..).map(draft).collect()).await?;
    let balances = ledgers::balances(tx, "hours", None, 100).await?;
    assert_eq!(balances.iter().map(|it| it.amount).sum::<i64>(), 0);
    for account in (0..4).map(of) {
        let sum: i64 = moved
            .iter()
            .map(|(from, to, n)| {
                i64::from(of(*to) == account) * n - i64::from(of(*from) == account) * n
            })
            .sum();
        assert_eq!(ledgers::balance(tx, "hours", &account).await?, sum);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn gatherings_are_found_by_case_place_and_invited_post_the_latest_first() {
    promise(|tx| {
        Box::pin(async move {
            let (form, agenda) = (Default::default(), vec![CASE]);
            let minutes = Event::MinutesKept { gathering: id(7), form, agenda: agenda.clone() };
            let drafts = vec![called(1, 7, None), called(2, 8, Some(5)), draft(3, minutes)];
            record_all(tx, drafts).await?;
            let all = gatherings::page(tx, gatherings::Of::County, None, 9).await?;
            assert_eq!(all.iter().map(|it| it.gathering.id).collect::<Vec<_>>(), [id(8), id(7)]);
            assert_eq!(all[0].gathering.posts, [DESK, LEADER]);
            let minutes = all[1].minutes.as_ref().map(|it| (it.entry, &it.agenda));
            assert_eq!(minutes, Some((entry(3), &agenda)));
            for same in [
                gatherings::Of::Place(VILLAGE),
                gatherings::Of::Case(CASE),
                gatherings::Of::Post(LEADER),
            ] {
                assert_eq!(gatherings::page(tx, same, None, 9).await?, all);
                let before = Some((all[0].gathering.at, all[0].gathering.id));
                assert_eq!(gatherings::page(tx, same, before, 9).await?, all[1..]);
            }
            assert_eq!(gatherings::page(tx, gatherings::Of::Place(STREET), None, 9).await?, []);
            assert_eq!(gatherings::page(tx, gatherings::Of::Post(CLERK), None, 9).await?, []);
            assert_eq!(gatherings::last_ballot(tx, CASE).await?, Some(all[0].clone()));
            assert_eq!(gatherings::get(tx, id(7)).await?, Some(all[1].clone()));
            Ok(())
        })
    })
    .await;
}

fn id(n: u128) -> model::GatheringId {
    model::GatheringId(Uuid::from_u128(n))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_vote_of_a_voter_counts_open_or_secret() {
    promise(|tx| {
        Box::pin(async move {
            let [one, two, three] = [1, 2, 3].map(Uuid::from_u128);
            record_all(tx, vec![called(1, 7, Some(60))]).await?;
            let ballot = gatherings::get(tx, id(7)).await?.unwrap().gathering;
            let none = Tally { called: 60, cast: 0, votes: vec![0, 0, 0] };
            assert_eq!(gatherings::tally(tx, &ballot, 3).await?, none);
            let drafts = vec![
                cast(2, 7, one, 0),
                cast(3, 7, two, 0),
                cast_secretly(4, 7, three, 2),
                cast(5, 7, one, 1),
                cast_secretly(6, 7, three, 0),
            ];
            record_all(tx, drafts).await?;
            let tally = Tally { called: 60, cast: 3, votes: vec![2, 1, 0] };
            assert_eq!(gatherings::tally(tx, &ballot, 3).await?, tally);
            assert!(gatherings::has_voted(tx, id(7), three).await?);
            assert!(!gatherings::has_voted(tx, id(8), three).await?);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_shows_what_is_neither_withdrawn_nor_over_the_newest_first() {
    promise(|tx| {
        Box::pin(async move {
            let publication = |n| model::PublicationId(Uuid::from_u128(n));
            record_all(tx, county()).await?;
            let drafts = vec![
                published(21, 7, None),
                published(22, 8, Some(at(50))),
                published(23, 9, None),
                draft(24, Event::PublicationWithdrawn { publication: publication(9) }),
            ];
            record_all(tx, drafts).await?;
            let board = ("affairs", boards::Of::At(VILLAGE));
            let found = boards::shown(tx, board, at(49), (None, 9)).await?;
            let ids: Vec<_> = found.iter().map(|it| it.publication.id).collect();
            assert_eq!(ids, [publication(8), publication(7)]);
            assert_eq!((found[1].post, found[1].entry), (Some(DESK), entry(21)));
            let said = texts(tx, &found[1].publication.columns).await?;
            assert_eq!(said, BTreeMap::from([("plan".to_owned(), "修路灯".to_owned())]));
            assert_eq!(boards::shown(tx, board, at(50), (None, 9)).await?, found[1..]);
            let before = (Some(publication(8)), 9);
            assert_eq!(boards::shown(tx, board, at(49), before).await?, found[1..]);
            let other = ("duties", boards::Of::At(VILLAGE));
            assert_eq!(boards::shown(tx, other, at(49), (None, 9)).await?, []);
            let above = ("affairs", boards::Of::At(STREET));
            assert_eq!(boards::shown(tx, above, at(49), (None, 9)).await?, []);
            let within = ("affairs", boards::Of::Within(STREET));
            assert_eq!(boards::shown(tx, within, at(49), (None, 9)).await?, found);
            let beside = ("affairs", boards::Of::Within(OTHER_VILLAGE));
            assert_eq!(boards::shown(tx, beside, at(49), (None, 9)).await?, []);
            let gone = boards::get(tx, publication(9)).await?.unwrap();
            assert_eq!(gone.withdrawn_at, Some(at(24)));
            assert_eq!(boards::of_case(tx, CASE, 9).await?.len(), 3);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cycle_runs_once_for_a_period() {
    crate::on_each_engine(|db| async move {
        let ran = |n, period: &str| {
            draft(n, Event::CycleRan { cycle: "monthly".into(), period: period.into() })
        };
        let runs = db.command(move |tx| {
            Box::pin(async move {
                record_all(tx, vec![ran(1, "2026-10"), ran(2, "2026-11")]).await?;
                assert!(cycles::has_run(tx, "monthly", "2026-10").await?);
                assert!(!cycles::has_run(tx, "monthly", "2026-12").await?);
                cycles::runs(tx, "monthly", 9).await
            })
        });
        let told: Vec<_> = runs.await.unwrap().into_iter().map(|it| it.period).collect();
        assert_eq!(told, ["2026-11", "2026-10"]);
        let again = db.command(move |tx| {
            Box::pin(async move { record_all(tx, vec![ran(3, "2026-11")]).await })
        });
        assert!(matches!(again.await, Err(store::Error::Db(rowdb::Error::Unique { .. }))));
    })
    .await;
}
