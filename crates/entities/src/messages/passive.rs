use std::collections::HashMap;

use kit::MediaId;
use wechat::reply::{Article, Reply};

use super::Content;

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
