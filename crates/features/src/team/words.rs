//! Secret words: passwords and how they are kept, tokens and how they are kept.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kit::Error;
use rand::RngCore;
use sha2::{Digest, Sha256};
use tokio::{sync::Semaphore, task::spawn_blocking};
use wechat::Secret;

/// A password as a person typed it, of a length that can be one.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(try_from = "Secret")]
#[schema(value_type = String, format = Password, min_length = 8, max_length = 200)]
pub struct Password(Secret);

impl TryFrom<Secret> for Password {
    type Error = String;

    fn try_from(secret: Secret) -> Result<Self, String> {
        match secret.expose().chars().count() {
            8..=200 => Ok(Self(secret)),
            _ => Err("the password must be 8 to 200 characters".into()),
        }
    }
}

impl Password {
    /// Sixteen characters that a person can read out, for `hongyan tenant add`.
    pub fn random() -> Self {
        Self(random_word(12).into())
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Each hash takes 19 MiB and some 30 ms of a core; strangers must not take them all.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What an unknown e-mail is checked against, so that it takes as long as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now(&random_word(24)).unwrap_or_default());

/// The hash of a password, as it is stored.
pub async fn hash(password: &Password) -> Result<String, Error> {
    let word = password.0.clone();
    in_turn(move || hash_now(word.expose())).await?
}

/// Whether this is the password of the stored hash. `None` is nobody's hash, and takes as long.
pub async fn verify(given: &Secret, stored: Option<String>) -> Result<bool, Error> {
    let given = given.clone();
    let known = stored.is_some();
    let right = in_turn(move || {
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        PasswordHash::new(&stored)
            .is_ok_and(|hash| Argon2::default().verify_password(given.expose().as_bytes(), &hash).is_ok())
    })
    .await?;
    Ok(right && known)
}

fn hash_now(word: &str) -> Result<String, Error> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(word.as_bytes())
        .map_err(|error| Error::Internal(format!("no password hash: {error}")))?;
    Ok(hash.to_string())
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    spawn_blocking(work).await.map_err(Error::internal)
}

/// `bytes` random bytes as letters, digits, `-` and `_`.
#[expect(clippy::disallowed_methods, reason = "passwords and tokens must be unguessable, also in tests")]
pub fn random_word(bytes: usize) -> String {
    let mut raw = vec![0u8; bytes];
    rand::rng().fill_bytes(&mut raw);
    URL_SAFE_NO_PAD.encode(raw)
}

/// How a token stands in the database. It has 256 random bits, so a fast hash is enough.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
