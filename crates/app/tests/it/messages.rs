//! Promises about short messages to whoever asked: each once, to nobody else, at a decent hour, and
//! not lost when the gateway fails.

use crate::access::{self, Outbox};
use crate::testkit::*;
use app::access::{ChangePhone, CodeUse};
use app::cases::{OpenCase, act, open};
use app::messages::{
    Gateway, MessageView, NotSent, Sender, ShortMessage, Tongue, deliver, list_messages,
};
use app::{BoxFuture, Error};
use jiff::SignedDuration;
use model::CaseId;
use model::access::Actor;
use model::cases::Hiding;
use model::messages::{Delivery, MessageKind};
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

const PHONE: &str = "13900001234";
const PUBLIC: &str = "https://jl.example.cn";

/// A gateway that answers what it is told to and keeps what it took.
#[derive(Default)]
struct Fake {
    answers: Mutex<Vec<NotSent>>,
    took: Mutex<Vec<ShortMessage>>,
    asked: Mutex<usize>,
}

impl Gateway for Fake {
    fn send<'a>(&'a self, message: &'a ShortMessage) -> BoxFuture<'a, Result<(), NotSent>> {
        Box::pin(async move {
            *self.asked.lock().unwrap() += 1;
            if let Some(answer) = self.answers.lock().unwrap().pop() {
                return Err(answer);
            }
            self.took.lock().unwrap().push(message.clone());
            Ok(())
        })
    }
}

impl Fake {
    fn refuses(&self, answer: &NotSent, times: usize) {
        self.answers.lock().unwrap().extend(std::iter::repeat_n(answer.clone(), times));
    }

    fn took(&self) -> Vec<String> {
        std::mem::take(&mut *self.took.lock().unwrap()).into_iter().map(|it| it.text).collect()
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

/// A county whose askers are told, with the desk and a gateway.
async fn telling(kit: &Kit) -> (Seat, Arc<Fake>) {
    kit.county.begin_telling();
    let desk = kit.seat("desk", COUNTY, "林值班").await;
    (desk, Arc::new(Fake::default()))
}

async fn send(kit: &Kit, fake: &Arc<Fake>) -> usize {
    let gateway: Arc<dyn Gateway> = fake.clone();
    let sender = Sender { gateway, public: Some(PUBLIC.to_owned()), tongue: Tongue::Chinese };
    deliver(&kit.county, &sender).await.unwrap()
}

fn street_light(hiding: Hiding) -> OpenCase {
    let text = |it: &str| Value::String(it.to_owned());
    OpenCase {
        procedure: "appeal".to_owned(),
        matter: Some("street_lights".to_owned()),
        form: [("title", "路灯不亮"), ("body", "坏了三天"), ("contact", PHONE)]
            .map(|(name, said)| (name.to_owned(), text(said)))
            .into_iter()
            .collect(),
        place: Some(GRID.to_owned()),
        hiding,
        ..OpenCase::default()
    }
}

async fn opened(kit: &Kit, actor: Actor, request: OpenCase) -> CaseId {
    act!(kit, actor, open, request).unwrap().case.id
}

/// Somebody does something with a case, a second later.
async fn acts(kit: &Kit, actor: &Actor, case: CaseId, (action, form): (&str, Value)) {
    kit.clock.forward(SignedDuration::from_secs(1));
    let form = serde_json::from_value(form).unwrap();
    let action = action.to_owned();
    let done = kit.county.run(actor.clone(), move |tx, mut work| {
        let (action, form) = (action.clone(), Clone::clone(&form));
        Box::pin(async move { act(tx, &mut work, (case, None), (&action, &form)).await })
    });
    done.await.unwrap();
}

async fn kept(kit: &Kit, desk: Seat, case: CaseId) -> Vec<MessageView> {
    see!(kit, desk.actor(), |tx, work| list_messages(tx, &mut { work }, &case)).unwrap()
}

async fn states(kit: &Kit, desk: Seat, case: CaseId) -> Vec<(MessageKind, Delivery)> {
    kept(kit, desk, case).await.into_iter().map(|it| (it.kind, it.state)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_is_told_once_of_each_step_that_matters() {
    for_each_county(async |kit| {
        let (desk, fake) = telling(&kit).await;
        let case = opened(&kit, desk.actor(), street_light(Hiding::Named)).await;
        assert_eq!(send(&kit, &fake).await, 1);
        assert_eq!(send(&kit, &fake).await, 0, "each is sent once");
        let said = fake.took();
        assert!(
            said[0].starts_with("【近邻县】您反映的“") && said[0].contains("已受理"),
            "{said:?}"
        );
        assert!(!said[0].contains("坏了三天") && said[0].chars().count() <= 70, "{said:?}");

        acts(&kit, &desk.actor(), case, ("answer_now", json!({ "words": "今天修好" }))).await;
        send(&kit, &fake).await;
        let said = fake.took();
        let (_, code) = said[0].split_once("/lite/v/").unwrap();
        let (of, actor) =
            kit.county.authenticate_verdict(code.to_lowercase(), address(1)).await.unwrap();
        assert_eq!(of, case);
        let claim = kit.county.authenticate_claim(code.to_owned(), address(1)).await;
        assert_eq!(self::code(claim), "wrong_claim_code", "a verdict's code is no claim code");

        acts(&kit, &actor, case, ("unsatisfied", json!({ "words": "还是不亮" }))).await;
        send(&kit, &fake).await;
        assert!(fake.took()[0].contains("已重新办理"));
        assert_eq!(
            states(&kit, desk, case).await,
            [
                (MessageKind::Accepted, Delivery::Sent),
                (MessageKind::Answered, Delivery::Sent),
                (MessageKind::Reopened, Delivery::Sent),
            ]
        );
    })
    .await;
}

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_the_number_is_told_there_also_of_what_was_asked_before() {
    for_each_county(async |kit| {
        let (_, fake) = telling(&kit).await;
        let outbox = Outbox::default();
        let session = access::resident(&kit, &outbox, "13900001111").await;
        let own = access::who(&kit, &session).await.unwrap();
        opened(&kit, own, street_light(Hiding::Named)).await;
        let (phone, ticket) = ("13700002222".to_owned(), access::ticket(&session, None));
        access::request_to(&kit, &outbox, (&phone, CodeUse::NewPhone)).await.unwrap();
        let code = outbox.code("用于更换手机号,");
        let change = ChangePhone { ticket, phone: phone.clone(), code, address: address(3) };
        kit.county.change_phone(change).await.unwrap();
        assert_eq!(send(&kit, &fake).await, 1);
        assert_eq!(fake.took.lock().unwrap()[0].phone, phone);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hides_is_told_nothing_that_betrays_and_who_is_anonymous_nothing_at_all() {
    for_each_county(async |kit| {
        let (desk, fake) = telling(&kit).await;
        let anonymous = opened(&kit, desk.actor(), street_light(Hiding::Anonymous)).await;
        assert_eq!(send(&kit, &fake).await, 0);
        assert_eq!(states(&kit, desk, anonymous).await, []);
        opened(&kit, desk.actor(), street_light(Hiding::Confidential)).await;
        send(&kit, &fake).await;
        let said = fake.took();
        assert!(said[0].contains("您的诉求已受理") && !said[0].contains("灯"), "{said:?}");
        let mut no_phone = street_light(Hiding::Named);
        no_phone.form.insert("contact".to_owned(), json!("桥头小卖部老林"));
        opened(&kit, desk.actor(), no_phone).await;
        assert_eq!(send(&kit, &fake).await, 0, "a contact that is no telephone");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_fails_is_tried_again_later_and_later_and_then_given_up() {
    for_each_county(async |kit| {
        let (desk, fake) = telling(&kit).await;
        let case = opened(&kit, desk.actor(), street_light(Hiding::Named)).await;
        fake.refuses(&NotSent::Later("answered 503".to_owned(), None), 6);
        for (n, minutes) in [0, 1, 5, 15, 60, 240].into_iter().enumerate() {
            if minutes > 0 {
                kit.clock
                    .forward(SignedDuration::from_mins(minutes) - SignedDuration::from_secs(1));
                assert_eq!(send(&kit, &fake).await, 0, "not before {minutes} min");
                kit.clock.forward(SignedDuration::from_secs(1));
            }
            assert_eq!(send(&kit, &fake).await, 1);
            assert_eq!(fake.asked(), n + 1);
        }
        assert_eq!(states(&kit, desk, case).await, [(MessageKind::Accepted, Delivery::Failed)]);
        let told = see!(kit, init(), |tx, _work| async move {
            Ok::<_, Error>(store::journal::of_kind(tx, "message_failed", 9).await?)
        });
        assert_eq!(told.unwrap().len(), 1);
        kit.clock.forward(SignedDuration::from_hours(24));
        assert_eq!(send(&kit, &fake).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_says_when_to_come_back_or_that_it_never_will() {
    for_each_county(async |kit| {
        let (desk, fake) = telling(&kit).await;
        let case = opened(&kit, desk.actor(), street_light(Hiding::Named)).await;
        let hour = Some(SignedDuration::from_hours(1));
        fake.refuses(&NotSent::Later("answered 429".to_owned(), hour), 1);
        send(&kit, &fake).await;
        kit.clock.forward(SignedDuration::from_mins(59));
        assert_eq!(send(&kit, &fake).await, 0);
        kit.clock.forward(SignedDuration::from_mins(1));
        fake.refuses(&NotSent::Refused("answered 400".to_owned()), 1);
        assert_eq!(send(&kit, &fake).await, 1);
        assert_eq!(states(&kit, desk, case).await, [(MessageKind::Accepted, Delivery::Failed)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_woken_at_night() {
    for_each_county(async |kit| {
        let (desk, fake) = telling(&kit).await;
        kit.clock.forward(SignedDuration::from_hours(13));
        opened(&kit, desk.actor(), street_light(Hiding::Named)).await;
        for _ in 0..9 {
            assert_eq!(send(&kit, &fake).await, 0);
            kit.clock.forward(SignedDuration::from_hours(1));
        }
        assert_eq!(send(&kit, &fake).await, 1, "at seven");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_told_ten_things_a_day() {
    for_each_county(async |kit| {
        let (desk, fake) = telling(&kit).await;
        for _ in 0..11 {
            opened(&kit, desk.actor(), street_light(Hiding::Named)).await;
            send(&kit, &fake).await;
        }
        assert_eq!(fake.took().len(), 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_so_is_not_told() {
    for_each_county(async |kit| {
        let (desk, fake) = telling(&kit).await;
        let case = opened(&kit, desk.actor(), street_light(Hiding::Named)).await;
        acts(&kit, &desk.actor(), case, ("answer_now", json!({ "words": "今天修好" }))).await;
        assert_eq!(send(&kit, &fake).await, 1);
        assert_eq!(
            states(&kit, desk, case).await,
            [(MessageKind::Accepted, Delivery::Overtaken), (MessageKind::Answered, Delivery::Sent),]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_killed_between_sending_and_noting_sends_once_more_and_loses_nothing() {
    for_each_county(async |kit| {
        let (desk, fake) = telling(&kit).await;
        let case = opened(&kit, desk.actor(), street_light(Hiding::Named)).await;
        // Taken by a process that then ends: the message is due again a minute later, with its id.
        let now = kit.county.now();
        let again = now + SignedDuration::from_mins(1);
        kit.county
            .run(init(), move |tx, _| {
                Box::pin(async move {
                    let due = store::messages::due(tx, now, 9).await?;
                    store::messages::take(tx, &due[0], (again, now)).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        assert_eq!(send(&kit, &fake).await, 0);
        kit.clock.forward(SignedDuration::from_mins(1));
        assert_eq!(send(&kit, &fake).await, 1);
        assert_eq!(kept(&kit, desk, case).await[0].tries, 2);
        assert_eq!(fake.took().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_nothing_is_queued() {
    for_each_county(async |kit| {
        let desk = kit.seat("desk", COUNTY, "林值班").await;
        let case = opened(&kit, desk.actor(), street_light(Hiding::Named)).await;
        assert_eq!(states(&kit, desk, case).await, []);
    })
    .await;
}
