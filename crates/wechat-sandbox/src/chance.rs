//! Where chance enters: tokens, codes, nonces, and faults that strike sometimes.
//!
//! Nothing here is a secret to anybody; a sandbox's tokens only must not repeat.

/// Any number at all.
#[expect(clippy::disallowed_methods, reason = "the one place where the sandbox throws dice")]
pub(crate) fn any() -> u64 {
    rand::random()
}

/// Whether something of that probability happens now.
#[expect(clippy::disallowed_methods, reason = "the one place where the sandbox throws dice")]
pub(crate) fn happens(probability: f64) -> bool {
    rand::random::<f64>() < probability
}
