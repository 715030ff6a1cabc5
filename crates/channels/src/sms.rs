//! Short messages: by a gateway that is asked by signed JSON, or told to the log where nobody has one.

use crate::signed::{Refusal, Signed};
use crate::web::Address;
use app::BoxFuture;
use app::messages::{Gateway, NotSent, ShortMessage};
use model::Clock;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use uuid::Uuid;

/// A gateway reached by HTTP.
pub struct HttpGateway(Signed);

/// What it is asked for.
#[derive(Serialize)]
struct Wish<'a> {
    id: Uuid,
    phone: &'a str,
    template: &'static str,
    text: &'a str,
    parts: &'a BTreeMap<&'static str, String>,
}

impl HttpGateway {
    /// The gateway at an address, with the secret it shares with us.
    pub fn new(address: Address, secret: &str, clock: Arc<dyn Clock>) -> io::Result<Self> {
        Signed::new(address, secret, clock).map(Self)
    }

    async fn ask(&self, message: &ShortMessage) -> Result<(), NotSent> {
        let ShortMessage { id, phone, purpose, text, parts } = message;
        let wish = Wish { id: *id, phone, template: purpose.as_str(), text, parts };
        match self.0.ask(&wish).await {
            Ok(_) => Ok(()),
            Err(Refusal::Never(reason)) => Err(NotSent::Refused(reason)),
            Err(Refusal::Later(reason, after)) => Err(NotSent::Later(reason, after)),
        }
    }
}

impl Gateway for HttpGateway {
    fn send<'a>(&'a self, message: &'a ShortMessage) -> BoxFuture<'a, Result<(), NotSent>> {
        Box::pin(self.ask(message))
    }
}

/// Tells messages to the server's log instead of sending them; for demos, where everybody is invented.
pub struct ConsoleGateway;

impl Gateway for ConsoleGateway {
    fn send<'a>(&'a self, message: &'a ShortMessage) -> BoxFuture<'a, Result<(), NotSent>> {
        let (head, tail) = (message.phone.get(..3), message.phone.get(7..));
        let phone = format!("{}****{}", head.unwrap_or_default(), tail.unwrap_or_default());
        tracing::info!(phone, text = message.text, "a short message, not sent: this is a demo");
        Box::pin(async { Ok(()) })
    }
}
