use std::collections::{BTreeMap, HashMap};

use kit::{MediaId, RuleId, http::Faults};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wechat::reply::{Article, Reply};

use super::{machine::Service, sends::SendState};

/// Something an account can say to a fan. Files are ours, by media id; WeChat's ids for them come and go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Content {
    /// At most 2048 bytes. Links as `<a href="…">`.
    Text {
        text: String,
    },
    Image {
        media_id: MediaId,
    },
    Voice {
        media_id: MediaId,
    },
    Video {
        media_id: MediaId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    Music {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        url: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hq_url: Option<String>,
        thumb_media_id: MediaId,
    },
    Article {
        title: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture_url: Option<String>,
        url: String,
    },
}

/// Where a tap on a template message or notice leads besides its link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MiniProgram {
    /// Of a mini program that is linked to the account.
    pub app_id: String,
    /// A page of it, with its parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What tells a template message from others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateWord {
    #[default]
    Template,
}

/// What tells a subscription notice from others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeWord {
    #[default]
    Notice,
}

/// A template message. <https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateMessage {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub word: TemplateWord,
    /// One of the account's own templates.
    pub template_id: String,
    /// The template's title, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is put in for each key of the template (`thing2`, `time4`).
    pub data: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Opened instead of the link where the phone can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mini_program: Option<MiniProgram>,
}

/// A subscription notice. <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeMessage {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub word: NoticeWord,
    pub template_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub data: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mini_program: Option<MiniProgram>,
}

/// What a send says. Which of WeChat's services carries it follows from that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Message {
    Custom(Content),
    Template(TemplateMessage),
    Notice(NoticeMessage),
}

impl Message {
    pub fn service(&self) -> Service {
        match self {
            Self::Custom(_) => Service::Custom,
            Self::Template(_) => Service::Template,
            Self::Notice(_) => Service::Notice,
        }
    }

    /// WeChat's name of the template it fills in.
    pub fn template(&self) -> Option<&str> {
        match self {
            Self::Custom(_) => None,
            Self::Template(message) => Some(&message.template_id),
            Self::Notice(message) => Some(&message.template_id),
        }
    }

    /// What is put in for each key of its template.
    pub fn data(&self) -> Option<&BTreeMap<String, String>> {
        match self {
            Self::Custom(_) => None,
            Self::Template(message) => Some(&message.data),
            Self::Notice(message) => Some(&message.data),
        }
    }

    /// The file it needs, if any.
    pub fn media(&self) -> Option<MediaId> {
        match self {
            Self::Custom(content) => content.media(),
            Self::Template(_) | Self::Notice(_) => None,
        }
    }

    /// What the timeline keeps of it when it was said to a fan.
    pub fn told(&self, rule: Option<RuleId>, state: SendState, reason: Option<&str>) -> serde_json::Value {
        match self {
            Self::Custom(content) => content.told(Via::Custom, rule, state, reason),
            other => {
                let via = if matches!(other, Self::Template(_)) { Via::Template } else { Via::Notice };
                let properties = serde_json::to_value(other).unwrap_or_else(|_| serde_json::json!({}));
                told(properties, via, rule, state, reason)
            }
        }
    }
}

impl From<Content> for Message {
    fn from(content: Content) -> Self {
        Self::Custom(content)
    }
}

fn told(
    mut properties: serde_json::Value,
    via: Via,
    rule: Option<RuleId>,
    state: SendState,
    reason: Option<&str>,
) -> serde_json::Value {
    properties["via"] = via.as_str().into();
    properties["state"] = state.as_str().into();
    if let Some(rule) = rule {
        properties["rule_id"] = rule.to_string().into();
    }
    if let Some(reason) = reason {
        properties["reason"] = reason.into();
    }
    properties
}

/// WeChat's limit on a text, in UTF-8 bytes.
pub const LONGEST_TEXT: usize = 2048;

impl Content {
    /// The file it needs, if any.
    pub fn media(&self) -> Option<MediaId> {
        match self {
            Self::Image { media_id } | Self::Voice { media_id } | Self::Video { media_id, .. } => Some(*media_id),
            Self::Music { thumb_media_id, .. } => Some(*thumb_media_id),
            Self::Text { .. } | Self::Article { .. } => None,
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Image { .. } => "image",
            Self::Voice { .. } => "voice",
            Self::Video { .. } => "video",
            Self::Music { .. } => "music",
            Self::Article { .. } => "article",
        }
    }

    /// The words in it; empty when there are none.
    pub fn words(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Article { title, .. } => title,
            Self::Video { title, .. } | Self::Music { title, .. } => title.as_deref().unwrap_or(""),
            Self::Image { .. } | Self::Voice { .. } => "",
        }
    }

    /// What the timeline keeps of it: the kind, and what people look for.
    pub fn properties(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_else(|_| serde_json::json!({ "type": self.kind() }))
    }

    /// What the timeline keeps of it when it was said to a fan: how, by which rule, and what came of it.
    pub fn told(&self, via: Via, rule: Option<RuleId>, state: SendState, reason: Option<&str>) -> serde_json::Value {
        told(self.properties(), via, rule, state, reason)
    }
}

/// How something was said to a fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// As the answer to a push.
    Passive,
    /// As a customer-service message.
    Custom,
    /// As a template message.
    Template,
    /// As a subscription notice.
    Notice,
}

impl Via {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passive => "passive",
            Self::Custom => "custom",
            Self::Template => "template",
            Self::Notice => "notice",
        }
    }
}

/// Says what WeChat would refuse, at the field where it stands.
pub fn check_content(content: &Content, field: &str, faults: &mut Faults) {
    let url = |name: &str, url: &str, faults: &mut Faults| {
        let fine = (url.starts_with("http://") || url.starts_with("https://"))
            && url.len() <= 1024
            && !url.contains(char::is_whitespace);
        if !fine {
            faults.add(format!("{field}.{name}"), "url", "must be an http or https address of at most 1024 bytes");
        }
    };
    match content {
        Content::Text { text } => {
            if text.trim().is_empty() {
                faults.add(format!("{field}.text"), "empty", "the text is empty");
            }
            if text.len() > LONGEST_TEXT {
                faults.add(
                    format!("{field}.text"),
                    "too_long",
                    format!("the text has {} bytes; WeChat takes at most {LONGEST_TEXT}", text.len()),
                );
            }
        }
        Content::Image { .. } | Content::Voice { .. } | Content::Video { .. } => {}
        Content::Music { url: music, hq_url, .. } => {
            url("url", music, faults);
            if let Some(hq) = hq_url {
                url("hq_url", hq, faults);
            }
        }
        Content::Article { title, url: link, picture_url, .. } => {
            if title.trim().is_empty() {
                faults.add(format!("{field}.title"), "empty", "the title is empty");
            }
            url("url", link, faults);
            if let Some(picture) = picture_url {
                url("picture_url", picture, faults);
            }
        }
    }
}

/// The content as a passive reply, if WeChat knows its file by now.
pub fn passive(content: &Content, media: &HashMap<MediaId, String>) -> Option<Reply> {
    let file = |id: &MediaId| media.get(id).cloned();
    Some(match content {
        Content::Text { text } => Reply::text(text.clone()),
        Content::Image { media_id } => Reply::Image { media_id: file(media_id)? },
        Content::Voice { media_id } => Reply::Voice { media_id: file(media_id)? },
        Content::Video { media_id, title, description } => {
            Reply::Video { media_id: file(media_id)?, title: title.clone(), description: description.clone() }
        }
        Content::Music { title, description, url, hq_url, thumb_media_id } => Reply::Music {
            title: title.clone(),
            description: description.clone(),
            music_url: Some(url.clone()),
            hq_music_url: hq_url.clone().or_else(|| Some(url.clone())),
            thumb_media_id: file(thumb_media_id)?,
        },
        Content::Article { title, description, picture_url, url } => Reply::News {
            articles: vec![Article {
                title: title.clone(),
                description: description.clone().unwrap_or_default(),
                pic_url: picture_url.clone().unwrap_or_default(),
                url: url.clone(),
            }],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_what_it_was_written() {
        for text in [
            r#"{"type":"text","text":"hi"}"#,
            r#"{"type":"template","template_id":"t","data":{"thing1":"x"}}"#,
            r#"{"type":"notice","template_id":"t","data":{"thing1":"x"}}"#,
        ] {
            let message: Message = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&message).unwrap(), text);
            let service = if text.contains("template\"") && text.contains("\"type\":\"template") {
                Service::Template
            } else if text.contains("notice") {
                Service::Notice
            } else {
                Service::Custom
            };
            assert_eq!(message.service(), service, "{text}");
        }
        assert!(
            serde_json::from_str::<Message>(r#"{"type":"template","template_id":"t","data":{},"colour":"red"}"#)
                .is_err()
        );
    }
}
