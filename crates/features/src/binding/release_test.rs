//! WeChat's test of a platform before it goes live. The test accounts belong to no tenant, so they are answered
//! before anything else looks at them.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/operation/thirdparty/releases_instructions.html>

use entities::accounts::platform::Component;
use kit::Ctx;
use wechat::{
    Message, Secret,
    api::{
        component::query_auth::{self, QueryAuth},
        custom::send_message::{self, Content, SendMessage},
    },
    message::{
        Kind,
        release_test::{TEXT, TEXT_ANSWER, event_answer, is_test_account, query_auth_code},
    },
    reply::Reply,
};

/// Whether an AppID is one of WeChat's own.
pub fn is_release_test(app_id: &str) -> bool {
    is_test_account(app_id)
}

/// What the test wants to be answered; none is an empty body. A code that comes by message is spent in the background.
pub async fn release_test(ctx: &Ctx, app_id: &str, message: &Message) -> Option<Reply> {
    if !is_test_account(app_id) {
        return None;
    }
    let Kind::Text(text) = &message.kind else {
        return message.kind.event().map(|event| Reply::Text { content: event_answer(event) });
    };
    if text.content.trim() == TEXT {
        return Some(Reply::Text { content: TEXT_ANSWER.to_owned() });
    }
    if let Some(code) = query_auth_code(&text.content) {
        let (ctx, code, openid) = (ctx.clone(), code.to_owned(), message.from.as_str().to_owned());
        tokio::spawn(async move {
            if let Err(error) = answer_by_api(&ctx, &code, &openid).await {
                tracing::error!(error, "the release test's code could not be answered");
            }
        });
    }
    None
}

/// Turns the code into a token and says, with that token, that it did.
async fn answer_by_api(ctx: &Ctx, code: &str, openid: &str) -> Result<(), String> {
    let component = Component::of(ctx).ok_or("this hub has no platform")?;
    let request =
        query_auth::Request { component_appid: component.app_id().to_owned(), authorization_code: Secret::from(code) };
    let answer =
        ctx.wechat().call_as::<QueryAuth>(&component, &request).await.map_err(|failure| failure.to_string())?;
    let token = answer.authorization_info.authorizer_access_token.ok_or("WeChat gave no token for the code")?;
    let said = send_message::Request::new(openid, Content::text(format!("{code}_from_api")));
    ctx.wechat().call::<SendMessage>(Some(&token), &said).await.map_err(|failure| failure.to_string())?;
    Ok(())
}
