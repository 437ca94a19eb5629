//! The sorted SHA-1 that WeChat signs everything with.
//!
//! `signature` is over (token, timestamp, nonce); `msg_signature` and a reply's
//! `MsgSignature` are over (token, timestamp, nonce, ciphertext in base64).

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

/// The signature of the parts, 40 lower-case hex digits. Their order is free.
pub fn sign(parts: &[&str]) -> String {
    let hex = digest(parts);
    hex.iter().map(|&b| char::from(b)).collect()
}

/// Whether the claimed signature is that of the parts, in constant time.
pub fn verify(parts: &[&str], claimed: &str) -> bool {
    digest(parts).ct_eq(claimed.as_bytes()).into()
}

fn digest(parts: &[&str]) -> [u8; 40] {
    let mut sorted = [""; 8];
    let mut hash = Sha1::new();
    match sorted.get_mut(..parts.len()) {
        Some(sorted) => {
            sorted.copy_from_slice(parts);
            sorted.sort_unstable();
            sorted.iter().for_each(|part| hash.update(part));
        }
        None => {
            let mut sorted = parts.to_vec();
            sorted.sort_unstable();
            sorted.iter().for_each(|part| hash.update(part));
        }
    }
    let mut hex = [0; 40];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(hash.finalize()) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 15)];
    }
    hex
}

const HEX: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_parts_does_not_matter() {
        assert_eq!(sign(&["b", "a", "c"]), sign(&["c", "b", "a"]));
        let many = ["9", "8", "7", "6", "5", "4", "3", "2", "1"];
        let mut turned = many;
        turned.reverse();
        assert_eq!(sign(&many), sign(&turned));
    }

    #[test]
    fn only_the_exact_signature_verifies() {
        let good = sign(&["token", "1", "2"]);
        assert!(verify(&["token", "1", "2"], &good));
        assert!(!verify(&["token", "1", "3"], &good));
        assert!(!verify(&["token", "1", "2"], &good[..39]));
        assert!(!verify(&["token", "1", "2"], ""));
        assert!(!verify(&["token", "1", "2"], &good.to_uppercase()));
    }
}
