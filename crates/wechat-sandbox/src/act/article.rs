//! What people do with articles: read them, go on to the original, pass them on, keep them, and
//! write below them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ActError, At, not_found};
use crate::sandbox::Sandbox;
use crate::world::World;
use crate::world::library::Comment;

/// Characters of a comment.
const COMMENT: usize = 600;

/// Something done with an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Reading {
    /// Opens its page.
    Read {
        /// 0 a chat, 1 a friend, 2 moments, 4 the account's history, 5 other, 6 top stories, 7 search.
        #[serde(default)]
        source: u32,
    },
    /// Goes on to the original.
    ReadOriginal,
    /// Passes it on.
    Share {
        /// 1 a friend, 2 moments, 255 other.
        #[serde(default = "friend")]
        scene: u32,
    },
    /// Keeps it among the favourites.
    Favourite,
    Comment {
        text: String,
    },
}

fn friend() -> u32 {
    1
}

impl Sandbox {
    /// A person does something with an article, named by its address. A comment has a number.
    pub fn read_article(&self, person: u64, url: &str, reading: &Reading) -> Result<Option<u64>, ActError> {
        let mut world = self.world();
        let slug = url.rsplit('/').next().and_then(|end| end.split(['?', '#']).next()).unwrap_or_default();
        let (issue, index) = world.library.page(slug).ok_or_else(|| not_found("article"))?;
        let (appid, msg_data_id, msgid) = (issue.appid.clone(), issue.msg_data_id, issue.msgid(index));
        let gone = issue.articles.get(index).is_none_or(|article| article.deleted);
        if gone || issue.status != crate::world::library::DONE {
            return Err(ActError::Conflict("the article has been deleted".to_owned()));
        }
        let at = At::find(&world, &appid, &person.to_string())?;
        match reading {
            Reading::Read { source } if !matches!(source, 0..=2 | 4..=7) => {
                return Err(ActError::Invalid("source is 0, 1, 2, 4, 5, 6 or 7".to_owned()));
            }
            Reading::Share { scene } if !matches!(scene, 1 | 2 | 255) => {
                return Err(ActError::Invalid("scene is 1, 2 or 255".to_owned()));
            }
            Reading::Comment { text } => return comment(&mut world, &at, (msg_data_id, index), text).map(Some),
            _ => {}
        }
        world.count_reader(&appid, &msgid, |readers, hour| match reading {
            Reading::Read { source } => readers.read.add(hour, *source, person),
            Reading::ReadOriginal => readers.original.add(hour, 0, person),
            Reading::Share { scene } => readers.shared.add(hour, *scene, person),
            Reading::Favourite => readers.kept.add(hour, 0, person),
            Reading::Comment { .. } => {}
        });
        Ok(None)
    }
}

fn comment(world: &mut World, at: &At, (issue, index): (u64, usize), text: &str) -> Result<u64, ActError> {
    if text.trim().is_empty() || text.chars().count() > COMMENT {
        return Err(ActError::Invalid(format!("a comment has 1 to {COMMENT} characters")));
    }
    let follows = world.account(&at.appid).is_some_and(|account| account.fans.follows(at.person));
    world.counters.comment += 1;
    world.dirty.whole();
    let id = world.counters.comment;
    let comment = Comment { id, person: at.person, at_ms: at.now_ms, content: text.to_owned(), ..Comment::default() };
    let done = world.change_issue(issue, |issue| {
        let article = issue.articles.get_mut(index).ok_or_else(|| not_found("article"))?;
        if !article.comments_open {
            return Err(ActError::Conflict("the article takes no comments".to_owned()));
        }
        if article.written.only_fans_can_comment && !follows {
            return Err(ActError::Conflict("only fans may comment on the article".to_owned()));
        }
        article.comments.push(comment);
        Ok(id)
    });
    done.ok_or_else(|| not_found("article"))?
}
