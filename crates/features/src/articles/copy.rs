//! An article for another account: pictures that only WeChat has are fetched and kept here, so that they are handed up
//! again for the other one.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use entities::{
    articles::{self, Article, AtWechat, Item},
    media::{self, MediaKind, NewMedia, pictures},
};
use kit::{Error, MediaId};
use wechat_client::NoPicture;

use super::{
    desk::{Desk, SOON_MS, Stop},
    html::{self, Places, Src},
    push::clear,
};

/// WeChat takes pictures of at most this.
const MOST: usize = 10 << 20;

/// What may be copied of an item; the rest is the other account's.
pub fn copied(item: &Item) -> Item {
    let at = item.wechat.clone().unwrap_or_default();
    Item { wechat: Some(AtWechat { cover_id: String::new(), ..at }), ..item.clone() }
}

impl Desk {
    /// Fetches every picture of WeChat's in the article and keeps it as one of ours.
    pub async fn host_anew(&self, article: Article) -> Result<(), Stop> {
        let mut known: HashMap<String, Option<MediaId>> = HashMap::new();
        let mut items = article.items.clone();
        let mut lost = None;
        for (n, item) in items.iter_mut().enumerate() {
            let mut wanted: Vec<String> = html::pictures_in(&self.pictures(), &item.html)
                .into_iter()
                .filter_map(|src| if let Src::Theirs(address) = src { Some(address) } else { None })
                .collect();
            let cover = item.wechat.as_ref().map(|at| at.cover_url.clone()).filter(|url| !url.is_empty());
            wanted.extend(cover.clone().filter(|_| item.cover_media_id.is_none()));
            for address in wanted {
                if let Entry::Vacant(place) = known.entry(address) {
                    let kept = self.fetch(place.key()).await?;
                    place.insert(kept);
                }
            }
            let by_address = known.clone();
            let places: Places = Arc::new(move |src| match src {
                Src::Ours(id) => Some(html::file_of(id)),
                Src::Theirs(address) => {
                    Some(by_address.get(&address).copied().flatten().map_or(address, html::file_of))
                }
                Src::Foreign => None,
            });
            item.html = html::clean(&self.pictures(), &item.html, places);
            if let Some(address) = cover {
                if item.cover_media_id.is_none() {
                    item.cover_media_id = known.get(&address).copied().flatten();
                }
                if let Some(at) = &mut item.wechat {
                    at.cover_url = String::new();
                }
            }
            if known.values().any(Option::is_none) && lost.is_none() {
                lost = Some(n);
            }
        }
        let mut work = self.write();
        articles::rewrite(&mut work, article.id, &items, article.revision, article.made_by.clone()).await?;
        let mut article = articles::find(&mut work, article.id).await?;
        article.wish = None;
        clear(&mut article);
        if let Some(n) = lost {
            article.problem = Some("picture".to_owned());
            article.problem_item = Some(n as i64);
        }
        articles::put(&mut work, &article).await?;
        super::desk::tell(&mut work, article.account, Some(article.id));
        Ok(work.commit().await?)
    }

    /// One picture, kept; nothing when there is none to be had.
    async fn fetch(&self, address: &str) -> Result<Option<MediaId>, Stop> {
        let picture = match self.ctx.pictures().of_article(address).await {
            Ok(picture) => picture,
            Err(NoPicture::Away(why)) if self.attempts < 4 => return Err(self.later(SOON_MS, why)),
            Err(why) => {
                tracing::info!(%why, "a picture of an article was not fetched");
                return Ok(None);
            }
        };
        let (content_type, bytes) = match picture.content_type {
            "image/webp" => {
                let converted = tokio::task::spawn_blocking(move || pictures::converted(&picture.bytes, MOST)).await;
                match converted.map_err(Error::internal)? {
                    Ok(fitted) => (fitted.content_type, fitted.bytes),
                    Err(_) => return Ok(None),
                }
            }
            content_type => (content_type, picture.bytes.to_vec()),
        };
        let ending = content_type.strip_prefix("image/").unwrap_or("jpg").replace("jpeg", "jpg");
        let mut work = self.write();
        let new = NewMedia {
            kind: MediaKind::Image,
            file_name: format!("wechat.{ending}"),
            content_type: content_type.to_owned(),
            folder: String::new(),
            duration_ms: None,
            bytes,
        };
        let kept = media::add(&mut work, new).await?;
        work.commit().await?;
        Ok(Some(kept.id))
    }
}
