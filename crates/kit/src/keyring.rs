//! Secrets at rest: XChaCha20-Poly1305, bound to the place they stand in, so that a sealed value copied to
//! another row does not open. Keys have numbers; the newest seals, the older ones still open.

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand::RngCore;
use wechat::secret::Secret;

/// The keys of this installation.
#[derive(Clone)]
pub struct Keyring {
    keys: Vec<(u8, XChaCha20Poly1305)>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyring({} keys)", self.keys.len())
    }
}

/// A sealed value that does not open: wrong key, wrong place, or damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open here: the key file is not the one it was sealed with, or the row was altered")]
pub struct Unopened;

const NONCE: usize = 24;

impl Keyring {
    /// Keys oldest first; the last one seals.
    pub fn new(keys: Vec<(u8, [u8; 32])>) -> Self {
        assert!(!keys.is_empty(), "a keyring needs a key");
        Self { keys: keys.into_iter().map(|(id, key)| (id, XChaCha20Poly1305::new(&Key::from(key)))).collect() }
    }

    /// Seals `plain` for `place` (`table|tenant|row|field`).
    #[expect(clippy::disallowed_methods, reason = "a nonce must never come twice, also in tests")]
    pub fn seal(&self, place: &str, plain: &str) -> Vec<u8> {
        let (id, cipher) = self.keys.last().expect("a keyring has a key");
        let mut nonce = [0u8; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plain.as_bytes(), aad: place.as_bytes() })
            .expect("sealing in memory does not fail");
        [&[*id][..], &nonce, &sealed].concat()
    }

    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Secret, Unopened> {
        let (id, rest) = sealed.split_first().ok_or(Unopened)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or(Unopened)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Unopened)?;
        let (_, cipher) = self.keys.iter().find(|(key, _)| key == id).ok_or(Unopened)?;
        let plain =
            cipher.decrypt(&XNonce::from(nonce), Payload { msg: body, aad: place.as_bytes() }).map_err(|_| Unopened)?;
        String::from_utf8(plain).map(Secret::from).map_err(|_| Unopened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p25_a_sealed_value_opens_only_in_its_place_and_with_its_key() {
        let old = Keyring::new(vec![(1, [7; 32])]);
        let both = Keyring::new(vec![(1, [7; 32]), (2, [8; 32])]);
        let sealed = old.seal("accounts|1|2|token", "tok3n");
        assert!(!sealed.windows(5).any(|part| part == b"tok3n"));
        assert_eq!(old.open("accounts|1|2|token", &sealed).unwrap().expose(), "tok3n");
        assert_eq!(both.open("accounts|1|2|token", &sealed).unwrap().expose(), "tok3n");
        assert!(old.open("accounts|2|2|token", &sealed).is_err());
        assert!(old.open("accounts|1|2|token", &both.seal("accounts|1|2|token", "x")).is_err());
        assert!(old.open("accounts|1|2|token", &sealed[..10]).is_err());
    }
}
