//! What a broadcast of articles needs of them, wherever they are kept.

use serde_json::Value;

use super::World;
use super::mass::Card;
use crate::chance;
use crate::permute::url_letters;

/// The articles behind the media_id of an account, as cards with addresses of their own.
pub(crate) fn articles_of(world: &World, appid: &str, media_id: &str) -> Option<Vec<Card>> {
    let news = world.usable_media(appid, media_id).filter(|media| media.kind == "news")?;
    let articles: Vec<Value> = serde_json::from_slice(&news.bytes).ok()?;
    let text = |article: &Value, name: &str| article[name].as_str().unwrap_or_default().to_owned();
    let card = |article: &Value| Card {
        title: text(article, "title"),
        digest: text(article, "digest"),
        cover_url: world.file_url(&text(article, "thumb_media_id")),
        url: format!("{}/s/{}", world.base_url, url_letters(chance::any(), 22)),
        deleted: false,
    };
    Some(articles.iter().map(card).collect())
}

/// The articles are out, to so many people: the number they are known by from then on.
pub(crate) fn bring_out(world: &mut World) -> u64 {
    world.counters.mass_data += 1;
    world.dirty.whole();
    world.counters.mass_data
}
