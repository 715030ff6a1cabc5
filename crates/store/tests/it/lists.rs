//! Lists of cases: what a filter lets through, in which order, page by page, and by which index.

use crate::history::{History, Known, live, long, moment};
use crate::promise;
use crate::world::*;
use model::cases::End;
use model::journal::Link;
use model::{CaseId, PlaceId};
use rowdb::{Engine, Tx, testing};
use store::cases::{self, CaseFilter, Cursor, Order, page};

type Passes = fn(&Known) -> bool;

fn is_open(known: &Known) -> bool {
    known.state.end.is_none()
}

fn at(known: &Known, level: usize, place: PlaceId) -> bool {
    known.path.get(level).copied().flatten() == Some(place)
}

/// Filters, each with what it must let through; sensitive cases are shown by all but the first.
fn filters() -> Vec<(CaseFilter, Passes)> {
    let all = || CaseFilter::new().with_sensitive();
    vec![
        (CaseFilter::new(), |it| !it.sensitive),
        (all(), |_| true),
        (CaseFilter::new().with_sensitive_for(LEADER), |it| {
            !it.sensitive || it.state.owner == Some(LEADER)
        }),
        (all().at(0, COUNTY), |_| true),
        (all().at(1, STREET), |it| at(it, 1, STREET)),
        (all().at(2, VILLAGE), |it| at(it, 2, VILLAGE)),
        (all().at(2, VILLAGE).open(), |it| at(it, 2, VILLAGE) && is_open(it)),
        (all().at(2, STREET), |_| false),
        (all().at(9, VILLAGE), |_| false),
        (all().open(), is_open),
        (all().ended().open(), is_open),
        (all().open().ended(), |it| !is_open(it)),
        (all().procedure("whistle"), |it| it.procedure == "whistle"),
        (all().matter("matter1"), |it| it.state.matter.as_deref() == Some("matter1")),
        (all().matter("matter1").at(1, STREET).ended(), |it| {
            it.state.matter.as_deref() == Some("matter1") && at(it, 1, STREET) && !is_open(it)
        }),
        (all().state("closed"), |it| it.state.state == "closed"),
        (all().state("handling").open(), |it| it.state.state == "handling" && is_open(it)),
        (all().ended_as(End::Solved), |it| it.state.end == Some(End::Solved)),
        (all().ended_as(End::Solved).open(), is_open),
        (all().only_sensitive(), |it| it.sensitive),
        (all().owner(LEADER), |it| it.state.owner == Some(LEADER)),
        (all().unit(BUREAU), |it| it.state.org("unit") == Some(BUREAU)),
        (all().asker(RESIDENT), |it| it.state.asker != model::cases::Asker::None),
        (all().about(), |it| !it.state.about.is_empty()),
        (all().not_about().open(), |it| it.state.about.is_empty() && is_open(it)),
        (all().due_within(moment(60), moment(160)), |it| {
            let due = it.state.clock.as_ref().map(|clock| clock.due_at);
            due.is_some_and(|at| (moment(60)..=moment(160)).contains(&at))
        }),
        (all().done("urge"), |it| is_open(it) && it.state.count("urge").case > 0),
        (all().done("return").at(1, STREET), |it| {
            is_open(it) && it.state.count("return").case > 0 && at(it, 1, STREET)
        }),
        (all().done("turn"), |_| false),
        (all().due_before(moment(60)), |it| {
            it.state.clock.as_ref().is_some_and(|clock| clock.due_at < moment(60))
        }),
    ]
}

/// What a list must be.
fn expected(history: &History, passes: Passes, order: Order) -> Vec<CaseId> {
    let mut cases: Vec<&Known> = history.cases.iter().filter(|it| passes(it)).collect();
    match order {
        Order::Newest => cases.sort_by_key(|it| std::cmp::Reverse((it.state.opened_at, it.id))),
        Order::Due => {
            cases.retain(|it| it.state.clock.is_some());
            cases.sort_by_key(|it| (it.state.clock.as_ref().map(|clock| clock.due_at), it.id));
        }
    }
    cases.iter().map(|it| it.id).collect()
}

/// All pages of a list, one after the other.
async fn all_pages(tx: &mut Tx, filter: &CaseFilter, limit: usize) -> store::Result<Vec<CaseId>> {
    let (mut found, mut filter) = (Vec::new(), filter.clone());
    loop {
        let page = page(tx, &filter, limit).await?;
        assert!(page.items.len() <= limit);
        found.extend(page.items.iter().map(|it| it.case.id));
        match page.next {
            Some(next) => filter = filter.after(next),
            None => return Ok(found),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_holds_each_case_that_passes_once_and_in_order() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            for (filter, passes) in filters() {
                for order in [Order::Newest, Order::Due] {
                    let wanted = expected(&history, passes, order);
                    let filter = filter.clone().order(order);
                    for limit in [1, 7, 500] {
                        assert_eq!(all_pages(tx, &filter, limit).await?, wanted, "{filter:?}");
                    }
                }
            }
            Ok(())
        })
    })
    .await;
}

#[test]
fn the_invented_history_puts_every_filter_to_the_test() {
    let history = long();
    for (filter, passes) in filters() {
        let found = history.cases.iter().filter(|it| passes(it)).count();
        let nothing = format!("{filter:?}").contains("At(9)") || found == 0;
        assert!(nothing || found > 2, "{found} of {filter:?}");
    }
    let sharing =
        history.cases.windows(2).filter(|it| it[0].state.opened_at == it[1].state.opened_at);
    assert!(sharing.count() > 5, "cases opened in the same instant");
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_what_the_list_holds_by_state_and_due_date() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            let (now, soon) = (moment(60), moment(160));
            let due = |it: &Known| match it.state.clock.as_ref().map(|clock| clock.due_at) {
                Some(at) if at < now => cases::Due::Past,
                Some(at) if at <= soon => cases::Due::Soon,
                _ => cases::Due::Later,
            };
            for (filter, passes) in filters() {
                let mut wanted = std::collections::BTreeMap::new();
                for it in history.cases.iter().filter(|it| passes(it)) {
                    let key = (it.procedure.to_owned(), it.state.state.to_string(), due(it));
                    *wanted.entry(key).or_insert(0) += 1;
                }
                let found = cases::count(tx, &filter, (now, soon)).await?;
                let found = found.into_iter().map(|it| ((it.procedure, it.state, it.due), it.n));
                assert_eq!(found.collect::<std::collections::BTreeMap<_, _>>(), wanted);
                let states = cases::states(tx, &filter, 500).await?;
                let listed = page(tx, &filter, 500).await?.items.into_iter();
                assert_eq!(states, listed.map(|it| it.case.state).collect::<Vec<_>>());
            }
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_are_listed_as_they_are_with_the_titles_that_were_not_erased() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            let listed = page(tx, &CaseFilter::new().with_sensitive(), 500).await?.items;
            assert_eq!(listed.len(), history.cases.len());
            for item in listed {
                let known = history.cases.iter().find(|it| it.id == item.case.id).unwrap();
                let path: Vec<PlaceId> = known.path.iter().flatten().copied().collect();
                assert_eq!(item.title.as_deref(), known.title.then_some("路灯不亮"));
                assert_eq!(item.case.state, known.state);
                assert_eq!((item.case.path.clone(), item.case.revision), (path, known.revision));
                assert_eq!(item.case.parent.zip(item.case.link), known.link);
                assert_eq!(cases::get(tx, known.id).await?, Some(item.case));
            }
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_goes_on_where_the_last_ended_whatever_was_opened_or_ended_meanwhile() {
    promise(|tx| {
        Box::pin(async move {
            let history = History::of(&[(0, 0, 3); 9]);
            live(tx, &history).await?;
            let filter = CaseFilter::new().with_sensitive().open();
            let wanted = expected(&history, is_open, Order::Newest);
            let first = page(tx, &filter, 4).await?;
            let next = first.next.unwrap();
            assert_eq!(next, Cursor { at: next.at, id: wanted[3] });
            // The case at the cursor ends, and another is opened.
            let ended = serde_json::json!({"end": "solved", "owner": null, "clock": null});
            store::journal::record(tx, acted(500, wanted[3], 2, &ended)).await?;
            store::journal::record(tx, opened(500_000, CASE, None)).await?;
            let rest = all_pages(tx, &filter.after(next), 4).await?;
            assert_eq!(rest, wanted[4..]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_ring_in_due_order_and_only_when_they_have_run_out() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            let timer = |it: &Known| it.state.clock.as_ref().map(|clock| clock.timer_at);
            let now = moment(100);
            let mut due: Vec<&Known> =
                history.cases.iter().filter(|it| timer(it).is_some_and(|at| at <= now)).collect();
            due.sort_by_key(|it| (timer(it), it.id));
            let due: Vec<CaseId> = due.iter().map(|it| it.id).collect();
            assert!(due.len() > 3 && due.len() < history.cases.len());
            assert_eq!(cases::timers(tx, now.as_microsecond(), 500).await?, due);
            assert_eq!(cases::timers(tx, now.as_microsecond(), 2).await?, due[..2]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_open_case_is_met_once_and_those_of_a_post_are_found() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let chunk = cases::open_after(tx, after, 4).await?;
                let Some(last) = chunk.last() else { break };
                after = Some(*last);
                found.extend(chunk);
            }
            assert_eq!(found, expected(&history, is_open, Order::Newest));
            let owned = expected(&history, |it| it.state.owner == Some(LEADER), Order::Due);
            assert_eq!(cases::owned_by(tx, &[CLERK, LEADER]).await?, owned);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_found_by_its_number_its_source_and_what_it_hangs_on() {
    promise(|tx| {
        Box::pin(async move {
            let mut first = opened(1, CASE, None);
            if let model::Event::CaseOpened { opening } = &mut first.event {
                let (system, number) = ("12345".to_owned(), "W-7".to_owned());
                opening.source = Some(model::cases::Source { system, number, due_at: None });
            }
            let child = CaseId(uuid::Uuid::from_u128(0xF7));
            let drafts = vec![
                first,
                opened(2, JOINED, Some((CASE, Link::Joined))),
                opened(3, child, Some((CASE, Link::Child))),
            ];
            record_all(tx, drafts).await?;
            let number = cases::by_number(tx, "20260921-0001").await?.map(|it| it.id);
            assert_eq!(number, Some(CASE));
            assert_eq!(cases::by_number(tx, "20260921-0009").await?, None);
            let numbered = CaseFilter::new().with_sensitive().number("20260921-0001");
            let listed = page(tx, &numbered, 5).await?.items;
            assert_eq!(listed.iter().map(|it| it.case.id).collect::<Vec<_>>(), [CASE]);
            assert_eq!(cases::by_source(tx, "12345", "W-7").await?, Some(CASE));
            assert_eq!(cases::by_source(tx, "12345", "W-8").await?, None);
            let below = cases::children(tx, CASE).await?;
            let links: Vec<_> = below.iter().map(|it| (it.id, it.link)).collect();
            assert_eq!(links, [(JOINED, Some(Link::Joined)), (child, Some(Link::Child))]);
            assert_eq!(cases::joined(tx, CASE).await?, [JOINED]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_near_is_open_recent_of_its_own_and_not_sensitive() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            let since = moment(40);
            let passes = |it: &Known| {
                let alone = !matches!(it.link, Some((_, Link::Joined | Link::Child)));
                at(it, 2, VILLAGE) && is_open(it) && alone && !it.sensitive
            };
            let mut near: Vec<&Known> = history.cases.iter().filter(|it| passes(it)).collect();
            near.sort_by_key(|it| std::cmp::Reverse((it.state.opened_at, it.id)));
            assert!(near.iter().any(|it| it.state.opened_at < since), "older ones are left out");
            near.retain(|it| it.state.opened_at >= since);
            let near: Vec<CaseId> = near.iter().map(|it| it.id).collect();
            assert!(near.len() > 1);
            let found = cases::nearby(tx, (2, VILLAGE), since, 100).await?;
            assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), near);
            assert_eq!(
                (found[0].simhash, found[0].point),
                (-1, Some((1_177_900_000, 263_900_000)))
            );
            assert_eq!(cases::nearby(tx, (2, VILLAGE), since, 1).await?, found[..1]);
            assert_eq!(cases::point(tx, near[0]).await?, Some((1_177_900_000, 263_900_000)));
            assert_eq!(cases::point(tx, CaseId(uuid::Uuid::nil())).await?, None);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_units_of_a_matter_in_a_place_are_told_with_how_much_they_handled() {
    promise(|tx| {
        Box::pin(async move {
            let history = long();
            live(tx, &history).await?;
            let (since, but) = (moment(40), history.cases[0].id);
            let handled = |it: &&Known| {
                at(it, 1, STREET) && it.state.matter.as_deref() == Some("matter1") && !it.sensitive
            };
            let mut units = std::collections::BTreeMap::new();
            for it in history.cases.iter().filter(handled).filter(|it| it.id != but) {
                if let Some(unit) = it.state.org("unit").filter(|_| it.state.opened_at >= since) {
                    *units.entry(unit).or_insert(0) += 1;
                }
            }
            let mut wanted: Vec<_> = units.into_iter().collect();
            wanted.sort_by_key(|(unit, n)| (std::cmp::Reverse(*n), *unit));
            let (what, place) = (("matter1", but), (1, STREET));
            let units = cases::units_of(tx, what, place, (since, 500)).await?;
            assert!(!units.is_empty());
            assert_eq!(units, wanted);
            let newest = cases::units_of(tx, what, place, (since, 1)).await?;
            assert_eq!(newest.iter().map(|it| it.1).collect::<Vec<_>>(), [1]);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_alerts_whom_it_names_and_the_asker_if_it_says_so() {
    promise(|tx| {
        Box::pin(async move {
            record_all(tx, vec![opened(1, CASE, None)]).await?;
            for (n, revision) in [(2, 2), (3, 3)] {
                store::journal::record(tx, acted(n, CASE, revision, &serde_json::json!({})))
                    .await?;
            }
            let end = (crate::world::at(9), entry(9));
            for recipient in [LEADER.0, RESIDENT.0] {
                let alerts = cases::alerts(tx, recipient, end, 10).await?;
                let entries: Vec<_> = alerts.iter().map(|it| (it.entry, it.case)).collect();
                assert_eq!(entries, [(entry(3), CASE), (entry(2), CASE)]);
                let before = (alerts[0].at, alerts[0].entry);
                assert_eq!(cases::alerts(tx, recipient, before, 10).await?, alerts[1..]);
                assert_eq!(cases::alerts(tx, recipient, end, 1).await?, alerts[..1]);
            }
            assert_eq!(cases::alerts(tx, DESK.0, end, 10).await?, []);
            Ok(())
        })
    })
    .await;
}

/// Which index must carry a list. Nothing is sorted but the few open cases of a small place.
#[tokio::test(flavor = "multi_thread")]
async fn lists_follow_their_indexes() {
    let place = testing::sqlite();
    let db = place.open(rowdb::Options::default()).await.unwrap();
    db.migrate(store::MIGRATIONS).await.unwrap();
    let texts = store::statements(Engine::Sqlite);
    for (name, index) in [
        ("none, Newest", "cases_newest"),
        ("none, Newest, after", "cases_newest"),
        ("none, Due, after", "cases_due"),
        ("At(0), Newest, after", "cases_newest"),
        ("At(1), Newest, after", "cases_p1"),
        ("At(4), Newest", "cases_p4"),
        ("At(7), Newest, after", "cases_p7"),
        ("Matter, Newest, after", "cases_matter"),
        ("At(1) Matter, Newest, after", "cases_p1"),
        ("At(3) Matter, Newest", "cases_p3"),
        ("Procedure, Newest, after", "cases_procedure"),
        ("At(1) Procedure, Newest", "cases_p1"),
        ("Unit, Newest", "cases_unit"),
        ("At(1) Unit, Newest, after", "cases_unit"),
        ("At(3) Unit, Newest, after", "cases_unit"),
        ("Asker, Newest, after", "cases_asker"),
        ("At(1) Asker, Newest", "cases_asker"),
        ("Open, Newest, after", "cases_open"),
        ("At(1) Open, Newest, after", "cases_open_p1"),
        ("At(3) Open, Newest, after", "cases_p3"),
        ("Ended, Newest, after", "cases_newest"),
        ("At(3) Ended, Newest, after", "cases_p3"),
        ("Owner, Due, after", "cases_owner"),
        ("At(3) Owner, Due", "cases_owner"),
        ("DueBefore, Due, after", "cases_due"),
        ("At(1) DueBefore, Due, after", "cases_due"),
        ("State, Due, after", "cases_due"),
        ("At(1) State, Due", "cases_due"),
        ("Done, Due, after", "cases_due"),
        ("At(3) Done, Due, after", "cases_due"),
        ("Unit, Due, after", "cases_open_unit"),
        ("Parent, Newest, after", "cases_parent"),
    ] {
        let full = format!("store::cases::filter::PAGE {name}");
        let text = &texts.iter().find(|it| it.0 == full).expect(name).1;
        let plan = crate::statements::plan(&db, text).await;
        let index = format!("USING INDEX {index}");
        let by = |step: &String| step.split(" (").next().is_some_and(|it| it.ends_with(&index));
        assert!(plan.iter().any(by), "{name}: {plan:?}");
        assert!(!plan.iter().any(|it| it.contains("TEMP B-TREE")), "{name}: {plan:?}");
    }
    db.close().await;
}
