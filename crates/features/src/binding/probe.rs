//! Finding out what an account is, where WeChat has no call that says so.
//!
//! Only a platform may read an account's kind and verification. A directly bound account is asked by calls whose
//! permission alone is of interest, for WeChat checks permission first and answers 48001 without it:
//! reading the account's tags, which every verified account may and no unverified one, and changes nothing; and,
//! only when nobody said which kind it is, a QR code that dies after a minute and that nobody is shown, which of
//! the verified accounts only a service account may make. It costs one of 100,000 codes a day and leaves nothing.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/en/Getting_Started/Explanation_of_official_account_interface_privileges.html>

use kit::{Ctx, Error};
use wechat::{
    Secret,
    api::{
        qrcode::create_qrcode::{self, CreateQrcode},
        tag::get_tags::{self, GetTags},
        token::{
            get_stable_token::{self, GetStableToken},
            get_token::{self, GRANT_TYPE},
        },
    },
};
use wechat_client::{Failure, TokenError};

use super::model::Kind;

/// A call that the account's kind or verification does not allow.
const API_UNAUTHORIZED: i64 = 48001;

/// A failure of WeChat's, in the caller's terms.
pub fn refusal(failure: Failure) -> Error {
    match failure {
        Failure::Refused(refusal) => {
            Error::WeChatRefused { errcode: refusal.body.errcode.0, errmsg: refusal.body.errmsg }
        }
        Failure::NoToken(TokenError::Refused { errcode, errmsg }) => Error::WeChatRefused { errcode, errmsg },
        Failure::NoToken(error) => Error::WeChatAway(error.to_string()),
        Failure::NotSent(_) | Failure::Unclear(_) => Error::WeChatAway(failure.to_string()),
    }
}

/// Tries the AppID and secret by getting a stable token, which disturbs nobody.
pub async fn first_token(ctx: &Ctx, app_id: &str, secret: &Secret) -> Result<get_token::Response, Error> {
    let request = get_stable_token::Request {
        grant_type: GRANT_TYPE.to_owned(),
        appid: app_id.to_owned(),
        secret: secret.clone(),
        force_refresh: false,
    };
    ctx.wechat().call::<GetStableToken>(None, &request).await.map_err(refusal)
}

/// Whether the account may do what the call does; nothing when WeChat did not let it be seen.
fn permitted<T>(answer: Result<T, Failure>) -> Option<bool> {
    match answer {
        Ok(_) => Some(true),
        Err(failure) => (failure.errcode()?.0 == API_UNAUTHORIZED).then_some(false),
    }
}

/// Whether WeChat treats the account as verified.
pub async fn is_verified(ctx: &Ctx, token: &Secret) -> Option<bool> {
    permitted(ctx.wechat().call::<GetTags>(Some(token), &get_tags::Request::default()).await)
}

/// Which kind a verified account is.
pub async fn kind(ctx: &Ctx, token: &Secret) -> Option<Kind> {
    let request = create_qrcode::Request::temporary("hongyan", 60);
    let may = permitted(ctx.wechat().call::<CreateQrcode>(Some(token), &request).await)?;
    Some(if may { Kind::Service } else { Kind::Subscription })
}
