//! What a broadcast says: every file it names must be there and of its kind.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends.html>

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::clean::clean;
use super::draft::{is_address, ours};
use super::refusal::Refusal;
use crate::clock::SECOND;
use crate::world::articles::articles_of;
use crate::world::chat::{Article, From};
use crate::world::library::Written;
use crate::world::mass::Card;
use crate::world::{ChatItem, World};

const TEXT_BYTES: usize = 2048;
const PICTURES: usize = 20;
const ARTICLES: usize = 8;

/// A content, whole.
pub(super) struct Content {
    pub msgtype: String,
    /// The media_id, if it has one.
    pub material: String,
    pub item: ChatItem,
    pub cards: Vec<Card>,
    /// What the cards stand for.
    pub articles: Vec<Written>,
}

impl Content {
    /// Lets the cards lead to these addresses.
    pub fn lead_to(&mut self, urls: Vec<String>) {
        for (card, url) in self.cards.iter_mut().zip(urls) {
            card.url = url;
        }
        self.item.articles = Some(self.cards.iter().map(shown).collect());
    }
}

fn shown(card: &Card) -> Article {
    Article {
        title: card.title.clone(),
        description: card.digest.clone(),
        pic_url: card.cover_url.clone(),
        url: card.url.clone(),
    }
}

/// The address of a file of that kind; one of another kind upsets WeChat's system.
fn medium(world: &World, ctx: &Ctx, id: &str, kind: &str) -> Result<String, Refusal> {
    let media = world.usable_media(&ctx.appid, id).ok_or(Refusal::INVALID_MEDIA_ID)?;
    if media.kind == kind { Ok(world.file_url(id)) } else { Err(Refusal::SYSTEM) }
}

pub(super) fn read(world: &World, ctx: &Ctx, body: &Value) -> Result<Content, Refusal> {
    let msgtype = text(body, "msgtype").into_owned();
    let part = &body[&*msgtype];
    let mut material = text(part, "media_id").into_owned();
    let mut item = ChatItem::new(From::Account, &*msgtype);
    item.via = Some("mass".to_owned());
    let (mut cards, mut articles) = (Vec::new(), Vec::new());
    match &*msgtype {
        "text" => {
            let content = text(part, "content").into_owned();
            if content.is_empty() {
                return Err(Refusal::EMPTY_CONTENT);
            }
            if content.len() > TEXT_BYTES {
                return Err(Refusal::CONTENT_TOO_LONG);
            }
            item.text = Some(content);
        }
        "image" => {
            // The pictures are called `images`; one alone may still be called `image`.
            let images = &body["images"];
            let ids: Vec<String> = match images["media_ids"].as_array() {
                Some(ids) => ids.iter().map(|id| id.as_str().unwrap_or_default().to_owned()).collect(),
                None => vec![material],
            };
            if ids.is_empty() || ids.len() > PICTURES {
                return Err(Refusal::INVALID_ARGS);
            }
            let urls = ids.iter().map(|id| medium(world, ctx, id, "image")).collect::<Result<Vec<_>, _>>()?;
            item.text = Some(text(images, "recommend").into_owned()).filter(|text| !text.is_empty());
            if urls.len() == 1 && item.text.is_none() {
                item.media_url = urls.into_iter().next();
            } else {
                item.kind = "pictures".to_owned();
                item.pictures = Some(urls);
            }
            material = ids.join(",");
        }
        "voice" => item.media_url = Some(medium(world, ctx, &material, "voice")?),
        "mpvideo" => {
            let media = world.usable_media(&ctx.appid, &material).ok_or(Refusal::INVALID_MEDIA_ID)?;
            if media.kind != "mpvideo" {
                return Err(Refusal::VIDEO_ID);
            }
            item.kind = "video".to_owned();
            item.media_url = Some(world.file_url(&material));
            let said = |name: &str| Some(text(part, name).into_owned()).filter(|text| !text.is_empty());
            let words = ctx.account(world)?.mass_videos.get(&material).cloned().unwrap_or_default();
            item.title = said("title").or(Some(words.0));
            item.description = said("description").or(Some(words.1));
        }
        "mpnews" => {
            articles = articles_of(world, &ctx.appid, &material).ok_or(Refusal::INVALID_MEDIA_ID)?;
            let card = |(index, written): (usize, &Written)| Card {
                title: written.title.clone(),
                digest: written.digest.clone(),
                cover_url: world.cover_url(written),
                url: world.preview_url(&material, index),
                deleted: false,
            };
            cards = articles.iter().enumerate().map(card).collect();
            item.articles = Some(cards.iter().map(shown).collect());
        }
        // The sandbox holds no cards.
        "wxcard" => return Err(Refusal::new(40073, "invalid card id")),
        _ => return Err(Refusal::INVALID_MESSAGE_TYPE),
    }
    Ok(Content { msgtype, material, item, cards, articles })
}

/// POST /cgi-bin/media/uploadvideo: makes a film one that can be broadcast.
pub(super) fn upload_video(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let id = text(&body, "media_id");
    if id.is_empty() {
        return Err(Refusal::MISSING_MEDIA_ID);
    }
    let film = world.usable_media(&ctx.appid, &id).filter(|media| media.kind == "video");
    let bytes = film.ok_or(Refusal::INVALID_MEDIA_ID)?.bytes.clone();
    let media = world.store(&ctx.appid, "mpvideo", "video/mp4", "mp4", bytes);
    let words = (text(&body, "title").into_owned(), text(&body, "description").into_owned());
    ctx.account_mut(world)?.mass_videos.insert(media.id.clone(), words);
    Ok(Answer::value(&json!({"type": "video", "media_id": media.id, "created_at": media.created_ms / SECOND})))
}

/// POST /cgi-bin/media/uploadnews: articles for a broadcast, as it was before there were drafts.
pub(super) fn upload_news(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let articles = body["articles"].as_array().filter(|articles| !articles.is_empty()).ok_or(Refusal::EMPTY_NEWS)?;
    if articles.len() > ARTICLES {
        return Err(Refusal::ARTICLES_TOO_MANY);
    }
    let articles = articles.iter().map(|article| uploaded(world, ctx, article)).collect::<Result<Vec<_>, _>>()?;
    let bytes = serde_json::to_vec(&articles).map_err(|_| Refusal::SYSTEM)?;
    let media = world.store(&ctx.appid, "news", "application/json", "json", bytes.into());
    Ok(Answer::value(&json!({"type": "news", "media_id": media.id, "created_at": media.created_ms / SECOND})))
}

/// An article of an upload, cleaned. Its cover may be a temporary file, which a draft's may not.
fn uploaded(world: &World, ctx: &Ctx, article: &Value) -> Result<Written, Refusal> {
    let said = |name: &str| text(article, name).into_owned();
    let (title, content, thumb) = (said("title"), said("content"), said("thumb_media_id"));
    if title.is_empty() || content.is_empty() {
        return Err(Refusal::EMPTY_CONTENT);
    }
    let cover = world.usable_media(&ctx.appid, &thumb);
    cover.filter(|media| matches!(&*media.kind, "thumb" | "image")).ok_or(Refusal::INVALID_MEDIA_ID)?;
    let source = said("content_source_url");
    if !source.is_empty() && !is_address(&source) {
        return Err(Refusal::URL_TOO_LONG);
    }
    Ok(Written {
        article_type: "news".to_owned(),
        title,
        author: said("author"),
        digest: said("digest"),
        content: clean(&content, ours(world, &ctx.appid, &content)),
        content_source_url: source,
        thumb_media_id: thumb,
        need_open_comment: number(article, "need_open_comment") == Some(1),
        only_fans_can_comment: number(article, "only_fans_can_comment") == Some(1),
        ..Written::default()
    })
}
