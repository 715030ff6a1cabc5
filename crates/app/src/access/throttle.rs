//! Throttling of guesses: after a few failures each further one makes the next wait longer, up to
//! ten minutes. Nothing is locked for good, so nobody can lock out another.

use crate::{Error, Result};
use core::net::IpAddr;
use jiff::{SignedDuration, Timestamp};
use rowdb::Tx;
use store::access::secrets;

/// Failures count together for so long after the first.
const WINDOW: SignedDuration = SignedDuration::from_mins(60);
/// The first wait, in seconds; it doubles with each further failure.
const FIRST_WAIT: i64 = 30;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 600;

/// A door that guesses come to: an account, an address.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    key: String,
    free: i64,
}

impl Gate {
    /// The gate of an account: five failures are free.
    pub fn account(name: &str) -> Self {
        let name: String = name.chars().take(64).collect();
        Self { key: format!("account/{name}"), free: 5 }
    }

    /// The gate of an address (of a /64 for IPv6): twenty failures are free, because a whole office
    /// may sit behind it.
    pub fn address(address: IpAddr) -> Self {
        let key = match address {
            IpAddr::V4(it) => format!("address/{it}"),
            IpAddr::V6(it) => format!("address/{:x}/64", it.to_bits() >> 64),
        };
        Self { key, free: 20 }
    }

    /// Refuses while the wait lasts.
    pub async fn pass(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        let failed = secrets::failures(tx, &self.key, now - WINDOW).await?;
        let wait = wait(failed, self.free);
        let since = now - SignedDuration::from_secs(wait);
        if wait > 0 && secrets::failures(tx, &self.hold(), since).await? > 0 {
            return Err(Error::TooMany { retry_after: wait });
        }
        Ok(())
    }

    /// Counts a failure; from the fifth on the wait begins anew.
    pub async fn failed(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        let failed = secrets::fail(tx, &self.key, now, now - WINDOW).await?;
        if wait(failed, self.free) > 0 {
            // A window that may have begun no earlier than now always begins now.
            secrets::fail(tx, &self.hold(), now, now).await?;
        }
        Ok(())
    }

    /// Forgets the failures.
    pub async fn succeeded(&self, tx: &mut Tx) -> Result<()> {
        secrets::forgive(tx, &self.key).await?;
        Ok(secrets::forgive(tx, &self.hold()).await?)
    }

    fn hold(&self) -> String {
        format!("{}/hold", self.key)
    }
}

/// Seconds to wait after so many failures.
fn wait(failed: i64, free: i64) -> i64 {
    match failed - free {
        more @ 0.. => (FIRST_WAIT << more.min(10)).min(LONGEST_WAIT),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_with_the_fifth_failure_doubles_and_stays_below_ten_minutes() {
        let waits: Vec<_> = (3..12).map(|failed| wait(failed, 5)).collect();
        assert_eq!(waits, [0, 0, 30, 60, 120, 240, 480, 600, 600]);
        assert_eq!(wait(i64::MAX, 5), 600);
    }

    #[test]
    fn neighbours_in_one_network_of_ipv6_share_a_gate() {
        let gate = |text: &str| Gate::address(text.parse().unwrap()).key;
        assert_eq!(gate("2001:db8:1:2::1"), gate("2001:db8:1:2:ffff::9"));
        assert_ne!(gate("2001:db8:1:2::1"), gate("2001:db8:1:3::1"));
        assert_ne!(gate("192.0.2.1"), gate("192.0.2.2"));
    }
}
