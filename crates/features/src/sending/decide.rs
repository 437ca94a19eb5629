//! From our messages to WeChat's, and from an outcome to the fan's story. Pure.

use std::collections::{BTreeMap, HashMap};

use entities::{
    events::{Channel, EventKind, NewEvent},
    messages::{
        Content, Message,
        machine::Step,
        sends::{Claimed, SendState},
        settle::Ended,
    },
};
use kit::{MediaId, Millis};
use serde_json::json;
use wechat::api::{
    custom::send_message::{self, Article, Content as Custom, Media, Music, News, Text, Video},
    subscribe::send_notice,
    template::{Datum, MiniProgram, send_template},
};

use super::call::Outcome;

/// How a send ended, as the fan's story tells it. `said` is what it said.
pub fn told(send: &Claimed, said: Option<&Message>, state: SendState, ended: Word<'_>, at: Millis) -> NewEvent {
    let mut properties = match said {
        Some(message) => message.told(send.rule, state, ended.reason),
        None => json!({ "via": send.service.as_str(), "state": state.as_str(), "reason": ended.reason }),
    };
    properties["send_id"] = send.id.to_string().into();
    if let Some(campaign) = send.campaign {
        properties["campaign_id"] = campaign.to_string().into();
    }
    if let Some(by) = &send.by {
        properties["by"] = by.as_str().into();
    }
    if let Some(errcode) = ended.errcode {
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

/// Why it ended so.
#[derive(Debug, Clone, Copy, Default)]
pub struct Word<'a> {
    pub reason: Option<&'a str>,
    pub errcode: Option<i64>,
}

/// What becomes of one that was claimed and may not go, before any call. One that was begun before may have arrived.
pub fn kept_back(send: Claimed, reason: &'static str) -> Outcome {
    let state = if send.doubt { SendState::Unknown } else { SendState::Refused };
    let said = send.message.clone();
    // It tried no gate.
    let send = Claimed { tries_gate: false, ..send };
    let step = Step::Over(state, Some(reason));
    Outcome {
        ended: Ended { send, step, errcode: None, evidence: None, wechat_id: None },
        said,
        closing: None,
        lost: false,
    }
}

/// A message as WeChat takes it.
pub enum Request {
    Custom(send_message::Request),
    Template(send_template::Request),
    Notice(send_notice::Request),
}

/// Our message as WeChat's, with the ids it has for our files; nothing when it lacks one.
pub fn request(send: &Claimed, message: &Message, media: &HashMap<MediaId, String>) -> Option<Request> {
    Some(match message {
        Message::Custom(content) => {
            Request::Custom(send_message::Request::new(send.openid.clone(), custom(content, media)?))
        }
        Message::Template(message) => Request::Template(send_template::Request {
            touser: send.openid.clone(),
            template_id: message.template_id.clone(),
            url: message.url.clone(),
            miniprogram: message.mini_program.as_ref().map(mini_program),
            client_msg_id: Some(send.dedupe_id()),
            data: data(&message.data),
        }),
        Message::Notice(message) => Request::Notice(send_notice::Request {
            touser: send.openid.clone(),
            template_id: message.template_id.clone(),
            page: message.url.clone(),
            miniprogram: message.mini_program.as_ref().map(mini_program),
            data: data(&message.data),
        }),
    })
}

fn data(given: &BTreeMap<String, String>) -> BTreeMap<String, Datum> {
    given.iter().map(|(key, value)| (key.clone(), Datum::new(value.as_str()))).collect()
}

fn mini_program(given: &entities::messages::MiniProgram) -> MiniProgram {
    MiniProgram { appid: given.app_id.clone(), pagepath: given.path.clone().unwrap_or_default() }
}

/// Our content as WeChat's, with the ids it has for our files; nothing when it lacks one.
fn custom(content: &Content, media: &HashMap<MediaId, String>) -> Option<Custom> {
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
pub mod tests {
    use entities::messages::{Service, sends::Purpose};
    use kit::{AccountId, CustomerId, SendId};

    use super::*;

    /// A template message that was claimed at this instant.
    pub fn claimed(sending_at: Millis) -> Claimed {
        Claimed {
            tenant: 1,
            id: SendId(7),
            account: AccountId(2),
            customer: CustomerId(3),
            openid: "oFan".into(),
            service: Service::Template,
            message: None,
            campaign: None,
            purpose: Purpose::Marketing,
            rule: None,
            position: 0,
            due_at: sending_at,
            deadline_at: None,
            by: None,
            first_at: sending_at,
            sending_at,
            attempts: 1,
            doubt: false,
            tries_gate: false,
        }
    }

    #[test]
    fn p2_every_attempt_carries_the_same_id_and_every_send_another() {
        let (first, mut again) = (claimed(1_000), claimed(60_000));
        (again.attempts, again.doubt) = (2, true);
        assert_eq!(first.dedupe_id(), again.dedupe_id());
        assert_eq!(first.dedupe_id().len(), 26, "32 is the most that WeChat takes");
        let others = [
            Claimed { id: SendId(8), ..claimed(1_000) },
            Claimed { tenant: 2, ..claimed(1_000) },
            Claimed { account: AccountId(9), ..claimed(1_000) },
        ];
        assert!(others.iter().all(|other| other.dedupe_id() != first.dedupe_id()));
    }
}
