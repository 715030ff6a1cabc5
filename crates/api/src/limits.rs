//! How much, how long and how often: sizes of bodies, time for a request, requests of those who did
//! not log in. Guesses of passwords and codes are throttled by `app::access` besides.

use crate::auth::{Caller, address_of};
use crate::problem::Problem;
use crate::state::Api;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// Limits of the interface.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest body in bytes.
    pub body: usize,
    /// Largest upload in bytes, with what multipart adds.
    pub upload: usize,
    /// Longest time until a request is answered; ten times as long for forms with files.
    pub request: Duration,
    /// Longest silence while a body is being received.
    pub silence: Duration,
    /// Longest wait for `?seen=`.
    pub seen: Duration,
    /// Writes a minute without a log-in, by address.
    pub anonymous: NonZeroU32,
    /// Log-ins a minute, by address and by account.
    pub log_ins: NonZeroU32,
    /// Tiles of the map a minute without a log-in, by address.
    pub tiles: NonZeroU32,
    /// New drafts of uploads a minute, by address.
    pub drafts: NonZeroU32,
    /// Uploads held in memory at once.
    pub uploads: usize,
    /// Photos worked on at once, each by one processor.
    pub redacting: usize,
    /// Feeds open at once.
    pub feeds: usize,
}

/// Half of the processors: requests need the others.
fn half() -> usize {
    std::thread::available_parallelism().map_or(1, |it| it.get().div_ceil(2))
}

const fn per_minute(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            upload: 21 * 1024 * 1024,
            request: Duration::from_secs(30),
            silence: Duration::from_secs(10),
            seen: Duration::from_secs(2),
            // A whole office, or a district of mobile customers, may share one address.
            anonymous: per_minute(60),
            log_ins: per_minute(20),
            // A page shows some forty at once; whoever wants the whole country is no reader.
            tiles: per_minute(1_200),
            drafts: per_minute(60),
            uploads: 16,
            redacting: half(),
            feeds: 2_000,
        }
    }
}

impl Limits {
    /// Limits of a demo: people try things there.
    pub fn demo() -> Self {
        let many = per_minute(6_000);
        Self { anonymous: many, log_ins: many, drafts: many, ..Self::default() }
    }
}

/// Counts what addresses and accounts ask for.
pub(crate) struct Gates {
    anonymous: DefaultKeyedRateLimiter<IpAddr>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    accounts: DefaultKeyedRateLimiter<String>,
    tiles: DefaultKeyedRateLimiter<IpAddr>,
    drafts: DefaultKeyedRateLimiter<IpAddr>,
}

impl Gates {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            anonymous: RateLimiter::keyed(Quota::per_minute(limits.anonymous)),
            addresses: RateLimiter::keyed(Quota::per_minute(limits.log_ins)),
            accounts: RateLimiter::keyed(Quota::per_minute(limits.log_ins)),
            tiles: RateLimiter::keyed(Quota::per_minute(limits.tiles)),
            drafts: RateLimiter::keyed(Quota::per_minute(limits.drafts)),
        }
    }

    /// Lets one more write without a log-in through.
    pub(crate) fn anonymous(&self, address: IpAddr) -> Result<(), Problem> {
        pass(&self.anonymous, &network(address))
    }

    /// Lets one more tile without a log-in through: the service behind counts what the county asks.
    pub(crate) fn tile(&self, address: IpAddr) -> Result<(), Problem> {
        pass(&self.tiles, &network(address))
    }

    /// Lets one more draft be begun.
    pub(crate) fn draft(&self, address: IpAddr) -> Result<(), Problem> {
        pass(&self.drafts, &network(address))
    }

    /// Lets one more log-in through, whoever it names.
    pub(crate) fn log_in(&self, address: IpAddr, account: &str) -> Result<(), Problem> {
        pass(&self.addresses, &network(address))?;
        pass(&self.accounts, &account.chars().take(64).collect())
    }
}

fn pass<K>(gate: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Problem>
where
    K: Clone + Eq + std::hash::Hash,
{
    // Strangers' addresses are forgotten as soon as they count no more.
    if gate.len() > 100_000 {
        gate.retain_recent();
    }
    gate.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        let seconds = i64::try_from(wait.as_secs()).unwrap_or(60) + 1;
        Problem::wait(StatusCode::TOO_MANY_REQUESTS, "too_many", seconds)
    })
}

/// Neighbours in one network of IPv6 count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(it) => IpAddr::V6((it.to_bits() & !u128::from(u64::MAX)).into()),
        IpAddr::V4(it) => IpAddr::V4(it),
    }
}

/// Counts writes of those who did not log in, before anything of them is read.
pub(crate) async fn admit(State(api): State<Api>, request: Request, next: Next) -> Response {
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let guesses = request.headers().contains_key(Caller::CLAIM);
    if guesses || (writes && !Caller::says_who(request.headers())) {
        let address = address_of(&api, request.headers(), request.extensions());
        if let Err(problem) = api.gates.anonymous(address) {
            return problem.into_response();
        }
    }
    next.run(request).await
}

/// Ends requests that take too long; a command that is under way is finished all the same.
pub(crate) async fn hurry(State(api): State<Api>, request: Request, next: Next) -> Response {
    let media = request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let files = media.is_some_and(|it| it.starts_with(b"multipart/"));
    let patience = api.setup.limits.request * if files { 10 } else { 1 };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let words = (
                "处理超时,结果不明;请用同一 Idempotency-Key 重试",
                "took too long, outcome unknown; repeat it with the same Idempotency-Key",
            );
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let problem =
                Problem { retry_after: Some(5), ..Problem::new(status, "timeout", words) };
            problem.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_request_over_the_limit_is_told_how_long_to_wait() {
        let limits = Limits { log_ins: per_minute(2), ..Limits::default() };
        let gates = Gates::new(&limits);
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        assert!(gates.log_in(here, "a").is_ok());
        assert!(gates.log_in(here, "b").is_ok());
        let problem = gates.log_in(here, "c").unwrap_err();
        assert_eq!((problem.status.as_u16(), &*problem.code), (429, "too_many"));
        assert!((1..=31).contains(&problem.retry_after.unwrap()));
    }

    #[test]
    fn an_account_is_limited_from_wherever_it_is_tried() {
        let gates = Gates::new(&Limits { log_ins: per_minute(1), ..Limits::default() });
        assert!(gates.log_in("192.0.2.1".parse().unwrap(), "desk").is_ok());
        assert!(gates.log_in("192.0.2.2".parse().unwrap(), "desk").is_err());
    }

    #[test]
    fn neighbours_of_ipv6_count_as_one_and_mapped_addresses_as_what_they_are() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
