//! What WeChat would refuse to deliver. The fan sees "the service is out of
//! order" then, and nobody tells the account why: hence beforehand.

use super::Reply;
use crate::message::Kind;

/// Why a reply would not be delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyFault {
    #[error("an answer with an empty text counts as broken; say nothing instead")]
    EmptyContent,
    #[error("the text has {bytes} bytes, and {} are allowed", Reply::MAX_CONTENT)]
    ContentTooLong { bytes: usize },
    #[error("the media id is missing")]
    NoMedia,
    #[error("there is no article")]
    NoArticles,
    #[error("there are {count} articles, and {allowed} are allowed in answer to this")]
    TooManyArticles { count: usize, allowed: usize },
}

impl Reply {
    /// Whether WeChat would deliver this in answer to that.
    pub fn check(&self, trigger: &Kind) -> Result<(), ReplyFault> {
        match self {
            Reply::Text { content } if content.is_empty() => Err(ReplyFault::EmptyContent),
            Reply::Text { content } if content.len() > Self::MAX_CONTENT => {
                Err(ReplyFault::ContentTooLong { bytes: content.len() })
            }
            Reply::Image { media_id: media }
            | Reply::Voice { media_id: media }
            | Reply::Video { media_id: media, .. }
            | Reply::Music { thumb_media_id: media, .. }
                if media.is_empty() =>
            {
                Err(ReplyFault::NoMedia)
            }
            Reply::News { articles } => {
                let (count, allowed) = (articles.len(), trigger.max_articles());
                match count {
                    0 => Err(ReplyFault::NoArticles),
                    _ if count > allowed => Err(ReplyFault::TooManyArticles { count, allowed }),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}
