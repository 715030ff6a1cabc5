//! What desks keep: phrases of one office only, shifts of one desk only, the newest first.

use crate::promise;
use crate::world::*;
use model::desk::Office;
use model::journal::Event;
use model::{PhraseId, ShiftId};
use store::desk;
use uuid::Uuid;

fn phrase_id(n: u128) -> PhraseId {
    PhraseId(Uuid::from_u128(n))
}

fn office() -> Office {
    Office { role: None, org: Some(BUREAU), place: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_has_its_phrases_as_they_were_set_last() {
    promise(|tx| {
        Box::pin(async move {
            let drafts = vec![
                phrase(1, phrase_id(2), None),
                phrase(2, phrase_id(1), None),
                phrase(3, phrase_id(2), Some("road")),
                phrase(4, phrase_id(3), None),
                draft(5, Event::PhraseDropped { phrase: phrase_id(3) }),
            ];
            record_all(tx, drafts).await?;
            let found = desk::phrases(tx, &office()).await?;
            let told: Vec<_> = found.iter().map(|it| (it.id, it.matter.as_deref())).collect();
            assert_eq!(told, [(phrase_id(1), None), (phrase_id(2), Some("road"))]);
            assert_eq!(found[0].title.as_deref(), Some("已修复"));
            assert_eq!(found[0].words.as_deref(), Some("您反映的{title}已修复。"));
            let other = Office { role: Some("desk".to_owned()), org: None, place: Some(COUNTY) };
            assert_eq!(desk::phrases(tx, &other).await?, []);
            Ok(())
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_has_its_shifts_the_newest_first_and_whoever_took_them() {
    promise(|tx| {
        Box::pin(async move {
            let id = |n| ShiftId(Uuid::from_u128(n));
            let drafts = vec![
                shift(1, id(9), vec![CASE, JOINED]),
                shift(2, id(3), vec![]),
                by(draft(3, Event::ShiftTaken { shift: id(9) }), DESK, CHEN),
            ];
            record_all(tx, drafts).await?;
            let desk = Office { role: Some("desk".to_owned()), org: None, place: Some(COUNTY) };
            let found = desk::shifts(tx, &desk, 10).await?;
            assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [id(3), id(9)]);
            assert_eq!(found[1].taken, Some((CHEN, crate::world::at(3))));
            assert_eq!(
                (found[0].person, found[0].post, found[0].taken),
                (Some(LIN), Some(DESK), None)
            );
            assert_eq!((found[0].open, found[0].late, found[0].entry), (7, 2, entry(2)));
            assert_eq!(desk::shifts(tx, &desk, 1).await?, found[..1]);
            assert_eq!(desk::minded(tx, id(9)).await?, [CASE, JOINED]);
            assert_eq!(desk::shift(tx, id(9), &desk).await?, Some(found[1].clone()));
            assert_eq!(desk::shift(tx, id(9), &office()).await?, None);
            Ok(())
        })
    })
    .await;
}
