use std::future::Future;

use wechat::Secret;

/// A token and the version of it, so that a refusal names the one that was refused.
#[derive(Debug, Clone)]
pub struct Token {
    pub secret: Secret,
    pub version: i64,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// WeChat will not give one; a person has to put something right.
    #[error("WeChat gives no token: {errmsg} ({errcode})")]
    Refused { errcode: i64, errmsg: String },
    /// The account does not authorise us.
    #[error("the account does not authorise us")]
    Unauthorized,
    /// Tokens were fetched too often in the last minutes; somebody else keeps replacing them.
    #[error("tokens are replaced by somebody else; waiting until {until_ms}")]
    Stopped { until_ms: i64 },
    #[error("no token for now: {0}")]
    Away(String),
}

/// Where a token comes from.
pub trait TokenSource: Send + Sync {
    /// The token in use.
    fn token(&self) -> impl Future<Output = Result<Token, TokenError>> + Send;

    /// WeChat refused the token of this version; the next [`TokenSource::token`] is another one.
    fn refused(&self, version: i64) -> impl Future<Output = Result<(), TokenError>> + Send;
}
