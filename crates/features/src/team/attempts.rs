//! How often a password may be tried. Counted in memory: a restart forgives, a flood does not grow it.

use std::{net::IpAddr, sync::Mutex, time::Duration};

use kit::{Error, Millis};
use moka::sync::Cache;

/// Where a request came from. The program puts it into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

const WINDOW_MS: Millis = 15 * 60 * 1000;
/// Wrong passwords for one e-mail in a window.
const PER_EMAIL: u32 = 10;
/// Wrong passwords from one address in a window: an office behind one address shares it.
const PER_ADDRESS: u32 = 60;

#[derive(Debug, Clone, Copy)]
struct Count {
    since: Millis,
    tries: u32,
}

/// Tries that are not known to be right.
pub struct Attempts {
    counts: Cache<String, Count>,
    // A check and the count it makes are one step, or a burst would slip between them.
    step: Mutex<()>,
}

impl Default for Attempts {
    fn default() -> Self {
        let counts = Cache::builder().max_capacity(100_000).time_to_idle(Duration::from_secs(3600)).build();
        Self { counts, step: Mutex::new(()) }
    }
}

impl Attempts {
    /// Counts a try before it is made, or refuses it.
    pub fn begin(&self, email: &str, address: Option<ClientAddress>, now: Millis) -> Result<(), Error> {
        let _step = self.step.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let keys = keys(email, address);
        for (key, most) in &keys {
            let count = self.count(key, now);
            if count.tries >= *most {
                let left = (count.since + WINDOW_MS - now).max(1000) as u64;
                return Err(Error::RateLimited { seconds: left.div_ceil(1000) });
            }
        }
        for (key, _) in keys {
            let count = self.count(&key, now);
            self.counts.insert(key, Count { tries: count.tries + 1, ..count });
        }
        Ok(())
    }

    /// The try was right: it does not count, and the e-mail begins anew.
    pub fn right(&self, email: &str, address: Option<ClientAddress>, now: Millis) {
        let _step = self.step.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut keys = keys(email, address).into_iter();
        if let Some((email, _)) = keys.next() {
            self.counts.invalidate(&email);
        }
        for (key, _) in keys {
            let count = self.count(&key, now);
            self.counts.insert(key, Count { tries: count.tries.saturating_sub(1), ..count });
        }
    }

    fn count(&self, key: &str, now: Millis) -> Count {
        self.counts.get(key).filter(|count| now - count.since < WINDOW_MS).unwrap_or(Count { since: now, tries: 0 })
    }
}

/// The e-mail first.
fn keys(email: &str, address: Option<ClientAddress>) -> Vec<(String, u32)> {
    let mut keys = vec![(format!("e|{email}"), PER_EMAIL)];
    if let Some(ClientAddress(address)) = address {
        keys.push((format!("a|{}", network(address)), PER_ADDRESS));
    }
    keys
}

/// An IPv6 customer owns a whole /64.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => format!("{:x?}", &v6.segments()[..4]),
        },
    }
}
