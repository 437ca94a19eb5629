//! Customer-service messages, and the typing line.
//!
//! <https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage>

use serde_json::Value;

use super::answer::{Answer, Ctx, number, text};
use super::refusal::Refusal;
use crate::clock::SECOND;
use crate::world::chat::{Article, From};
use crate::world::{ChatItem, Effect, World};

const TEXT_BYTES: usize = 2048;
/// Lines of a msgmenu, and bytes of one.
const MENU_LINES: usize = 10;
const MENU_LINE_BYTES: usize = 128;
/// Typing wants an interaction this recent.
const TYPING_AFTER_MS: i64 = 30 * SECOND;

/// POST /cgi-bin/message/custom/send.
pub(super) fn send(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let openid = text(&body, "touser");
    if openid.is_empty() {
        return Err(Refusal::MISSING_OPENID);
    }
    let person = ctx.person(world, &openid)?;
    let mut item = content(world, ctx, &body)?;
    item.via = Some("custom".to_owned());
    item.kf = Some(text(&body["customservice"], "kf_account").into_owned()).filter(|kf| !kf.is_empty());
    item.ai = (number(&body["aimsgcontext"], "is_ai_msg") == Some(1)).then_some(true);
    admit(world, ctx, person)?;
    let account = ctx.account_mut(world)?;
    account.fans.change(person, |fan| {
        if let Some(left) = fan.window.as_mut().and_then(|window| window.left.as_mut()) {
            *left = left.saturating_sub(1);
        }
    });
    world.hear(&ctx.appid, person, item);
    Ok(Answer::ok())
}

/// Whether the account may speak to this fan now.
fn admit(world: &World, ctx: &Ctx, person: u64) -> Result<(), Refusal> {
    let fan = ctx.account(world)?.fans.view(person);
    if fan.blacklisted {
        return Err(Refusal::BLACKLISTED);
    }
    if !fan.following {
        return Err(Refusal::OUT_OF_TIME);
    }
    let window = fan.window.filter(|window| ctx.now_ms < window.deadline_ms).ok_or(Refusal::OUT_OF_TIME)?;
    if window.left == Some(0) {
        return Err(Refusal::OUT_OF_COUNT);
    }
    if fan.muted {
        return Err(Refusal::MUTED);
    }
    Ok(())
}

/// The message, if its body is whole and every medium it names is there.
fn content(world: &World, ctx: &Ctx, body: &Value) -> Result<ChatItem, Refusal> {
    let kind = text(body, "msgtype");
    let part = &body[&*kind];
    let mut item = ChatItem::new(From::Account, kind.clone());
    let some = |name: &str| Some(text(part, name).into_owned()).filter(|text| !text.is_empty());
    let medium = |name: &str, kinds: &[&str]| {
        let id = text(part, name);
        let found = world.usable_media(&ctx.appid, &id).filter(|media| kinds.contains(&&*media.kind));
        found.map(|media| world.file_url(&media.id)).ok_or(Refusal::INVALID_MEDIA_ID)
    };
    match &*kind {
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
        "image" => item.media_url = Some(medium("media_id", &["image"])?),
        "voice" => item.media_url = Some(medium("media_id", &["voice"])?),
        "video" => {
            item.media_url = Some(medium("media_id", &["video"])?);
            item.thumb_url =
                some("thumb_media_id").map(|_| medium("thumb_media_id", &["thumb", "image"])).transpose()?;
            (item.title, item.description) = (some("title"), some("description"));
        }
        "music" => {
            item.thumb_url = Some(medium("thumb_media_id", &["thumb", "image"])?);
            (item.title, item.description) = (some("title"), some("description"));
            item.url = some("hqmusicurl").or_else(|| some("musicurl"));
        }
        "news" => item.articles = Some(vec![article(part)?]),
        "msgmenu" => item.menu = Some(menu(part)?),
        "miniprogrampage" => {
            item.thumb_url = Some(medium("thumb_media_id", &["thumb", "image"])?);
            (item.title, item.appid, item.pagepath) = (some("title"), some("appid"), some("pagepath"));
            if item.appid.is_none() || item.pagepath.is_none() {
                return Err(Refusal::INVALID_ARGS);
            }
        }
        // Of news the console keeps; a draft is none of it. Several articles are too many.
        "mpnews" => match world.news_cards(&ctx.appid, &text(part, "media_id")).ok_or(Refusal::INVALID_MEDIA_ID)? {
            cards if cards.len() > 1 => return Err(Refusal::ARTICLES_TOO_MANY),
            cards => item.articles = Some(cards),
        },
        "mpnewsarticle" => {
            let cards = world.published_cards(&ctx.appid, &text(part, "article_id")).ok_or(Refusal::ARTICLE_ID)?;
            item.articles = Some(cards.into_iter().take(1).collect());
        }
        "wxcard" => return Err(Refusal::new(40073, "invalid card id")),
        _ => return Err(Refusal::INVALID_MESSAGE_TYPE),
    }
    Ok(item)
}

fn article(part: &Value) -> Result<Article, Refusal> {
    match part["articles"].as_array().map(Vec::as_slice) {
        None | Some([]) => Err(Refusal::EMPTY_NEWS),
        Some([one]) => Ok(Article {
            title: text(one, "title").into_owned(),
            description: text(one, "description").into_owned(),
            pic_url: text(one, "picurl").into_owned(),
            url: text(one, "url").into_owned(),
        }),
        Some(_) => Err(Refusal::ARTICLES_TOO_MANY),
    }
}

fn menu(part: &Value) -> Result<Value, Refusal> {
    let lines = part["list"].as_array().filter(|lines| !lines.is_empty()).ok_or(Refusal::EMPTY_LIST)?;
    if lines.len() > MENU_LINES {
        return Err(Refusal::MENU_ITEMS);
    }
    let line = |line: &Value| serde_json::json!({"id": text(line, "id"), "content": text(line, "content")});
    if lines.iter().any(|line| text(line, "content").is_empty() || text(line, "content").len() > MENU_LINE_BYTES) {
        return Err(Refusal::MENU_ITEM_SIZE);
    }
    let list: Vec<Value> = lines.iter().map(line).collect();
    Ok(serde_json::json!({"head": text(part, "head_content"), "list": list, "tail": text(part, "tail_content")}))
}

/// POST /cgi-bin/message/custom/typing.
pub(super) fn typing(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let person = ctx.person(world, &text(&body, "touser"))?;
    let begin = match &*text(&body, "command") {
        "Typing" => true,
        "CancelTyping" => false,
        _ => return Err(Refusal::TYPING_COMMAND),
    };
    admit(world, ctx, person)?;
    let now_ms = ctx.now_ms;
    let fans = &mut ctx.account_mut(world)?.fans;
    let fan = fans.view(person);
    if begin && now_ms - fan.touched_ms > TYPING_AFTER_MS {
        return Err(Refusal::TYPING_TOO_LATE);
    }
    if begin && fan.typing_until_ms > now_ms {
        return Err(Refusal::TYPING_ALREADY);
    }
    fans.change(person, |fan| if begin { fan.typing(now_ms) } else { fan.typing_until_ms = 0 });
    world.effects.push(Effect::Typing { appid: ctx.appid.clone(), person });
    Ok(Answer::ok())
}
