//! Having WeChat make a code. The call is not idempotent and does no harm when it is made twice: a permanent code of
//! the same scene is the same code, and of two temporary ones either may be scanned.

use std::time::Duration;

use entities::accounts::tokens::Keeper;
use kit::{Ctx, Error, Millis};
use wechat::api::qrcode::create_qrcode::{CreateQrcode, Request, Response};
use wechat_client::{Failure, Next};

/// A lost answer is asked for again so often.
const TRIES: u32 = 3;

/// WeChat counts no more permanent codes.
pub const FULL: i64 = 45029;

/// What WeChat gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What the code says.
    pub url: String,
    pub expires_at: Option<Millis>,
}

/// Makes a code of this scene, for ever or for `life` seconds.
pub async fn make(ctx: &Ctx, keeper: &Keeper, scene: &str, life: Option<i64>) -> Result<Made, Failure> {
    let request = match life {
        Some(seconds) => Request::temporary(scene, seconds),
        None => Request::permanent(scene),
    };
    let mut tries = 0;
    loop {
        tries += 1;
        // Before the call: better a moment too early than a code that is over and said to live.
        let from = ctx.now();
        let answer = ctx.wechat().call_as::<CreateQrcode>(keeper, &request).await;
        match answer.and_then(holds_address) {
            Ok(answer) => {
                let seconds = life.map(|asked| answer.expire_seconds.unwrap_or(asked));
                return Ok(Made { url: answer.url, expires_at: seconds.map(|seconds| from + seconds * 1000) });
            }
            Err(Failure::NotSent(_) | Failure::Unclear(_)) if tries < TRIES => {
                tokio::time::sleep(Duration::from_millis(200 << tries)).await;
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// JSON without an address is no answer to this call.
fn holds_address(answer: Response) -> Result<Response, Failure> {
    if answer.url.is_empty() { Err(Failure::Unclear("the answer holds no address".into())) } else { Ok(answer) }
}

/// The failure as whoever asked for one code hears it.
pub fn into_error(failure: &Failure) -> Error {
    let errcode = failure.errcode().map(|code| code.0);
    match failure.next() {
        _ if errcode == Some(FULL) => full(None),
        Next::Unclear => Error::WeChatAway(failure.to_string()),
        _ => Error::WeChatRefused { errcode: errcode.unwrap_or(0), errmsg: failure.to_string() },
    }
}

/// No more permanent codes. How many are left, if it was we who counted.
pub fn full(left: Option<i64>) -> Error {
    Error::Conflict {
        code: "qrcodes_full",
        detail: "the account's permanent codes are used up; temporary ones can still be made".into(),
        params: serde_json::json!({ "left": left }),
    }
}
