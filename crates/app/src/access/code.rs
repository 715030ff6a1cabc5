//! Codes sent to telephone numbers: they prove that somebody has the number, for one purpose. Kept as
//! a keyed hash only.

use super::throttle::Gate;
use crate::messages::{Gateway, NotSent, Purpose, ShortMessage, code_words};
use crate::{County, Error, Result, Work};
use core::net::IpAddr;
use jiff::SignedDuration;
use model::access::{Actor, Operation};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::access::secrets::{self, Tried};

/// The code that is right for everybody, in a demo only.
const DEMO_CODE: &str = "000000";
/// A code is good for so long.
const VALID: SignedDuration = SignedDuration::from_mins(5);
/// Another code is sent no sooner than this.
const RESEND: SignedDuration = SignedDuration::from_secs(60);
/// Tries of one code.
const TRIES: i64 = 5;
/// Codes a day to one number.
pub(super) const CODES_A_DAY: i64 = 5;
/// Codes a day asked for from one address, behind which may be many numbers.
pub(super) const CODES_A_DAY_AND_ADDRESS: i64 = 50;

/// What a code is good for, and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeUse {
    /// Logging in by the number.
    #[default]
    LogIn,
    /// Changing one's number to it.
    NewPhone,
}

/// A wish for a code.
#[derive(Clone)]
pub struct CodeRequest {
    /// The number, as typed.
    pub phone: String,
    /// What for.
    pub to: CodeUse,
    /// Where the request comes from.
    pub address: IpAddr,
}

/// A code is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// Seconds until another may be asked for.
    pub resend_after: i64,
    /// Seconds for which this one is good.
    pub expires_in: i64,
}

/// A code as somebody types it.
#[derive(Clone)]
pub(super) struct Typed {
    /// The number it was sent to, in normal form.
    pub phone: String,
    /// The six digits.
    pub code: String,
    /// Where the request comes from.
    pub address: IpAddr,
}

/// A mobile number of mainland China as eleven digits, however it was typed.
pub fn normal_phone(typed: &str) -> Result<String> {
    let signs: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let local = signs.strip_prefix("+86").or_else(|| signs.strip_prefix("0086"));
    let number = local.unwrap_or(&signs);
    let mut digits = number.chars();
    let starts = digits.next() == Some('1') && matches!(digits.next(), Some('3'..='9'));
    let sound = starts && number.len() == 11 && number.chars().all(|c| c.is_ascii_digit());
    let wrong = || Error::field("phone", "wrong_form", "请输入11位手机号", "give a mobile number");
    if sound { Ok(number.to_owned()) } else { Err(wrong()) }
}

/// The keyed hash by which a number is found.
pub(crate) fn phone_key(work: &Work, phone: &str) -> String {
    hex::encode(work.keyed(b"phone", phone.as_bytes()))
}

impl CodeUse {
    /// As the interface and gateways know it.
    fn as_str(self) -> &'static str {
        match self {
            Self::LogIn => "log_in",
            Self::NewPhone => "new_phone",
        }
    }

    /// Under which a code to the number of this key is kept.
    fn slot(self, key: &str) -> String {
        match self {
            Self::LogIn => key.to_owned(),
            Self::NewPhone => format!("new/{key}"),
        }
    }
}

fn code_hash(work: &Work, slot: &str, code: &str) -> [u8; 32] {
    work.keyed(b"phone code", format!("{slot}/{}", code.trim()).as_bytes())
}

/// Six digits.
fn new_code(work: &mut Work) -> String {
    let [a, b, c, d, ..] = work.draw.bytes();
    format!("{:06}", u32::from_be_bytes([a, b, c, d]) % 1_000_000)
}

/// Makes a code for a number within all bounds; gives the message that carries it.
async fn make_code(tx: &mut Tx, work: &mut Work, request: &CodeRequest) -> Result<ShortMessage> {
    work.may(Operation::RequestCode)?;
    let phone = normal_phone(&request.phone)?;
    let key = phone_key(work, &phone);
    bound(tx, work, &format!("codes/{key}"), CODES_A_DAY).await?;
    bound(tx, work, &format!("codes/{}", request.address), CODES_A_DAY_AND_ADDRESS).await?;
    let (now, resend) = (work.now(), format!("resend/{key}"));
    if secrets::failures(tx, &resend, now - RESEND).await? > 0 {
        return Err(Error::TooMany { retry_after: RESEND.as_secs() });
    }
    secrets::fail(tx, &resend, now, now).await?;
    let (code, slot) = (new_code(work), request.to.slot(&key));
    secrets::send_code(tx, &slot, &code_hash(work, &slot, &code), now + VALID).await?;
    let text = code_words((&work.county_name(), &code), request.to, VALID.as_mins());
    let to = request.to.as_str().to_owned();
    let parts = [("county", work.county_name()), ("code", code), ("to", to)].into();
    Ok(ShortMessage { id: work.draw.id(), phone, purpose: Purpose::Code, text, parts })
}

/// Counts one more on this local day, and refuses beyond `most`.
pub(crate) async fn bound(tx: &mut Tx, work: &Work, key: &str, most: i64) -> Result<()> {
    let midnight = calendar::start_of_day(work.today());
    let so_far = secrets::fail(tx, key, work.now(), midnight).await?;
    if so_far <= most {
        return Ok(());
    }
    let tomorrow = midnight + SignedDuration::from_hours(24);
    Err(Error::TooMany { retry_after: work.now().duration_until(tomorrow).as_secs() })
}

/// Whether a typed code is the one that was sent for this use, which is used up by it. The command
/// must succeed after a wrong one too, or the try is not counted.
pub(super) async fn is_right(tx: &mut Tx, work: &Work, typed: &Typed, to: CodeUse) -> Result<bool> {
    if work.demo {
        return Ok(typed.code.trim() == DEMO_CODE);
    }
    let gate = Gate::address(typed.address);
    gate.pass(tx, work.now()).await?;
    let slot = to.slot(&phone_key(work, &typed.phone));
    let hash = code_hash(work, &slot, &typed.code);
    let right = secrets::try_code(tx, &slot, &hash, work.now(), TRIES).await? == Tried::Right;
    if !right {
        gate.failed(tx, work.now()).await?;
    }
    Ok(right)
}

/// What whoever types a wrong code is told.
pub(super) fn wrong_code() -> Error {
    Error::rule("wrong_code", "验证码不正确或已失效", "the code is wrong or no longer good")
}

impl County {
    /// Sends a resident a code. A demo sends nothing: its code is always the same.
    pub async fn request_code(
        self: &Arc<Self>,
        gateway: Option<&dyn Gateway>,
        request: CodeRequest,
    ) -> Result<CodeSent> {
        let sent = CodeSent { resend_after: RESEND.as_secs(), expires_in: VALID.as_secs() };
        if self.is_demo() {
            return normal_phone(&request.phone).map(|_| sent);
        }
        let gateway = gateway.ok_or_else(no_messenger)?;
        let message = self
            .run(Actor::Visitor, move |tx, mut work| {
                let request = request.clone();
                Box::pin(async move { make_code(tx, &mut work, &request).await })
            })
            .await?;
        gateway.send(&message).await.map_err(|not_sent| {
            let (NotSent::Refused(reason) | NotSent::Later(reason, _)) = not_sent;
            tracing::warn!(reason, "a code could not be sent");
            Error::rule("not_sent", "验证码发送失败,请稍后再试", "the code could not be sent")
        })?;
        Ok(sent)
    }
}

fn no_messenger() -> Error {
    Error::rule(
        "no_messenger",
        "本区县尚未配置短信通道,无法发送验证码",
        "no messenger is configured that could send a code",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("13800001234", Some("13800001234"))]
    #[case(" +86 138-0000-1234 ", Some("13800001234"))]
    #[case("0086 19900001234", Some("19900001234"))]
    #[case("12800001234", None)]
    #[case("1380000123", None)]
    #[case("138000012345", None)]
    #[case("1380000123a", None)]
    #[case("１３８００００１２３４", None)]
    #[case("", None)]
    fn a_number_is_read_however_it_is_typed(#[case] typed: &str, #[case] number: Option<&str>) {
        assert_eq!(normal_phone(typed).ok().as_deref(), number);
    }
}
