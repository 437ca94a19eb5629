//! Reading what an account answers on the same connection, as strictly as WeChat.
//!
//! Everything that is wrong with an answer makes the same grey line in the
//! chat; here each is said in a sentence, for the one who looks for the reason.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message>

use wechat::crypto::envelope::parse_reply_envelope;
use wechat::wire::{self, DecodeError, Fields, Format, Value};

use super::{Job, Target};
use crate::world::account::Mode;
use crate::world::chat::{Article, ChatItem, From};

const TEXT_BYTES: usize = 2048;

/// An answer that is whole but for its files, which are looked up when it is shown.
pub(crate) struct Reply {
    pub item: ChatItem,
    /// Ids, the kinds they may be of, and whether it is only the little picture.
    pub media: Vec<(String, &'static [&'static str], bool)>,
}

/// `None`: handled, nothing to say.
pub(super) fn read(body: &[u8], target: &Target, job: &Job, openid: &str) -> Result<Option<Reply>, String> {
    if body.is_empty() || body == b"success" {
        return Ok(None);
    }
    let opened;
    let plain = match open(body, target)? {
        None => body,
        Some(message) => {
            opened = message;
            &opened
        }
    };
    if Format::of(plain) != target.format {
        return Err(format!("the answer is not {}, the account's format", name(target.format)));
    }
    let fields = wire::parse(plain).map_err(|error| format!("the answer cannot be read: {error}"))?;
    message(&fields, &target.original_id, openid, job.articles).map(Some)
}

fn name(format: Format) -> &'static str {
    if format == Format::Json { "JSON" } else { "XML" }
}

/// What is inside an encrypted answer; `None` for a plain one where that is allowed.
fn open(body: &[u8], target: &Target) -> Result<Option<Vec<u8>>, String> {
    let envelope = match parse_reply_envelope(body) {
        Err(DecodeError::Missing("Encrypt")) if target.mode != Mode::Safe => return Ok(None),
        Err(DecodeError::Missing("Encrypt")) => {
            return Err("the answer is not encrypted, and the mode is safe".to_owned());
        }
        Err(error) => return Err(format!("the answer cannot be read: {error}")),
        Ok(_) if target.mode == Mode::Plain => return Err("the answer is encrypted, and the mode is plain".to_owned()),
        Ok(envelope) => envelope,
    };
    if Format::of(body) != target.format {
        return Err(format!("the answer is not {}, the account's format", name(target.format)));
    }
    if !envelope.verify(&target.token) {
        return Err("MsgSignature is wrong".to_owned());
    }
    let cipher = target.cipher.as_ref().ok_or("the EncodingAESKey is not one")?;
    let opened = cipher.decrypt(&envelope.encrypt).map_err(|error| format!("the encryption is bad: {error}"))?;
    Ok(Some(opened.message))
}

fn message(fields: &Fields<'_>, original_id: &str, openid: &str, articles: usize) -> Result<Reply, String> {
    if fields.text("ToUserName") != Some(openid) {
        return Err("ToUserName is not the fan".to_owned());
    }
    if fields.text("FromUserName") != Some(original_id) {
        return Err("FromUserName is not the account".to_owned());
    }
    if fields.text("CreateTime").and_then(|time| time.parse::<i64>().ok()).is_none() {
        return Err("CreateTime is not a whole number".to_owned());
    }
    let kind = fields.filled("MsgType").ok_or("MsgType is missing")?;
    let mut item = ChatItem::new(From::Account, kind);
    let mut media: Vec<(String, &'static [&'static str], bool)> = Vec::new();
    let empty = Fields::default();
    let inside = |name: &str| fields.tree(name).unwrap_or(&empty);
    let owned = |fields: &Fields<'_>, name: &str| fields.filled(name).map(str::to_owned);
    let required =
        |fields: &Fields<'_>, name: &str| owned(fields, name).ok_or(format!("{name} of the {kind} is missing"));
    match kind {
        "text" => {
            let content = fields.filled("Content").ok_or("Content is empty")?;
            if content.len() > TEXT_BYTES {
                return Err(format!("Content has {} bytes, {TEXT_BYTES} are allowed", content.len()));
            }
            item.text = Some(content.to_owned());
        }
        "image" => media.push((required(inside("Image"), "MediaId")?, &["image"], false)),
        "voice" => media.push((required(inside("Voice"), "MediaId")?, &["voice"], false)),
        "video" => {
            let video = inside("Video");
            media.push((required(video, "MediaId")?, &["video"], false));
            (item.title, item.description) = (owned(video, "Title"), owned(video, "Description"));
        }
        "music" => {
            let music = inside("Music");
            media.push((required(music, "ThumbMediaId")?, &["thumb", "image"], true));
            (item.title, item.description) = (owned(music, "Title"), owned(music, "Description"));
            item.url = owned(music, "HQMusicUrl").or_else(|| owned(music, "MusicUrl"));
        }
        "news" => item.articles = Some(news(fields, articles)?),
        "transfer_customer_service" => {
            item = ChatItem::new(From::System, "transfer");
            item.text = Some("正在转接人工客服".to_owned());
            item.kf = owned(inside("TransInfo"), "KfAccount");
        }
        _ => return Err(format!("MsgType `{kind}` is not one a reply can have")),
    }
    Ok(Reply { item, media })
}

fn news(fields: &Fields<'_>, most: usize) -> Result<Vec<Article>, String> {
    let count = fields
        .text("ArticleCount")
        .and_then(|count| count.parse::<usize>().ok())
        .ok_or("ArticleCount is not a number")?;
    // XML has items inside Articles; in JSON Articles itself is the list, which reads as repeated fields.
    let outer: Vec<&Value<'_>> = fields.each("Articles").collect();
    let items: Vec<&Value<'_>> = match outer.as_slice() {
        [Value::Tree(inside)] if inside.get("item").is_some() => inside.each("item").collect(),
        _ => outer,
    };
    if items.len() != count {
        return Err(format!("ArticleCount is {count}, there are {}", items.len()));
    }
    if count == 0 || count > most {
        return Err(format!("{count} articles; this push can be answered with 1 to {most}"));
    }
    let article = |value: &&Value<'_>| {
        let Value::Tree(fields) = value else { return Err("an article is empty".to_owned()) };
        let text = |name: &str| fields.text(name).unwrap_or_default().to_owned();
        Ok(Article {
            title: text("Title"),
            description: text("Description"),
            pic_url: text("PicUrl"),
            url: text("Url"),
        })
    };
    items.iter().map(article).collect()
}
