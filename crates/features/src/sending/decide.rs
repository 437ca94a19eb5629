//! From an outcome of a call to the state of a send, and from our contents to WeChat's. Pure.

use std::collections::HashMap;

use entities::{
    events::{Channel, EventKind, NewEvent},
    messages::{
        Content, Via,
        sends::{Claimed, SendState, Settled},
    },
};
use kit::{MediaId, Millis};
use wechat::api::custom::send_message::{Article, Content as Custom, Media, Music, News, Text, Video};
use wechat_client::{Failure, Next, TokenError};

/// How a send ended, by what the call came back with.
pub fn settled(outcome: &Result<(), Failure>) -> Settled {
    let Err(failure) = outcome else {
        return Settled { state: SendState::Sent, reason: None, errcode: None, evidence: None };
    };
    let errcode = failure.errcode().map(|code| code.0);
    let (state, reason) = match failure {
        Failure::NotSent(_) => (SendState::Refused, "not_reached"),
        Failure::NoToken(TokenError::Unauthorized) => (SendState::Refused, "unauthorized"),
        Failure::NoToken(_) => (SendState::Refused, "no_token"),
        Failure::Unclear(_) => (SendState::Unknown, "answer_lost"),
        Failure::Refused(refusal) => match refusal.next {
            Next::Unclear | Next::AlreadyDone | Next::SameIdTooSoon => (SendState::Unknown, "wechat_busy"),
            Next::GiveUpRecipient => (
                SendState::Refused,
                if errcode == Some(45015) {
                    "window_closed"
                } else if errcode == Some(45047) {
                    "allowance_used"
                } else {
                    "recipient"
                },
            ),
            Next::WaitMinute | Next::WaitDay | Next::WaitMonth => (SendState::Refused, "quota"),
            Next::NotAllowed => (SendState::Refused, "not_allowed"),
            Next::Unauthorized => (SendState::Refused, "unauthorized"),
            Next::FreshToken | Next::TellPerson => (SendState::Refused, "no_token"),
            Next::FixRequest => (SendState::Refused, "content"),
        },
    };
    Settled { state, reason: Some(reason), errcode, evidence: Some(failure.to_string()) }
}

/// How a send ended, as the fan's story tells it.
pub fn told(send: &Claimed, settled: &Settled, at: Millis) -> NewEvent {
    let mut properties = send.content.told(Via::Custom, send.rule, settled.state, settled.reason);
    properties["send_id"] = send.id.to_string().into();
    if let Some(by) = &send.by {
        properties["by"] = by.as_str().into();
    }
    if let Some(errcode) = settled.errcode {
        properties["errcode"] = errcode.into();
    }
    NewEvent {
        customer: send.customer,
        account: Some(send.account),
        at,
        kind: EventKind::MessageOut,
        channel: Channel::Wechat,
        properties,
    }
}

/// Our content as WeChat's, with the ids it has for our files; nothing when it lacks one.
pub fn custom(content: &Content, media: &HashMap<MediaId, String>) -> Option<Custom> {
    let file = |id: &MediaId| media.get(id).cloned();
    Some(match content {
        Content::Text { text } => Custom::Text { text: Text { content: text.clone() } },
        Content::Image { media_id } => Custom::Image { image: Media { media_id: file(media_id)? } },
        Content::Voice { media_id } => Custom::Voice { voice: Media { media_id: file(media_id)? } },
        Content::Video { media_id, title, description } => {
            let video = file(media_id)?;
            Custom::Video {
                video: Video {
                    thumb_media_id: video.clone(),
                    media_id: video,
                    title: title.clone().unwrap_or_default(),
                    description: description.clone().unwrap_or_default(),
                },
            }
        }
        Content::Music { title, description, url, hq_url, thumb_media_id } => Custom::Music {
            music: Music {
                title: title.clone().unwrap_or_default(),
                description: description.clone().unwrap_or_default(),
                musicurl: url.clone(),
                hqmusicurl: hq_url.clone().unwrap_or_else(|| url.clone()),
                thumb_media_id: file(thumb_media_id)?,
            },
        },
        Content::Article { title, description, picture_url, url } => Custom::News {
            news: News {
                articles: vec![Article {
                    title: title.clone(),
                    description: description.clone().unwrap_or_default(),
                    url: url.clone(),
                    picurl: picture_url.clone().unwrap_or_default(),
                }],
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use wechat::{ErrCode, errcode::ErrorBody};
    use wechat_client::Refusal;

    use super::*;

    #[test]
    fn p2_what_may_have_been_executed_is_unknown_and_nothing_else_is() {
        let refused = |code: i64| {
            let body = ErrorBody::new(ErrCode(code), "");
            Err(Failure::Refused(Refusal { next: Next::of(body.errcode), body }))
        };
        let check = |outcome: Result<(), Failure>, state: SendState, reason: Option<&str>| {
            let settled = settled(&outcome);
            assert_eq!((settled.state, settled.reason), (state, reason), "{outcome:?}");
        };
        check(Ok(()), SendState::Sent, None);
        check(refused(45015), SendState::Refused, Some("window_closed"));
        check(refused(45047), SendState::Refused, Some("allowance_used"));
        check(refused(48001), SendState::Refused, Some("not_allowed"));
        check(refused(45009), SendState::Refused, Some("quota"));
        check(refused(-1), SendState::Unknown, Some("wechat_busy"));
        check(refused(123_456), SendState::Unknown, Some("wechat_busy"));
        check(Err(Failure::Unclear("cut".into())), SendState::Unknown, Some("answer_lost"));
        check(Err(Failure::NotSent("no route".into())), SendState::Refused, Some("not_reached"));
    }
}
