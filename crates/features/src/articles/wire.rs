//! Articles in our words and in WeChat's, and when two of them are the same.

use std::{collections::HashMap, sync::Arc};

use entities::articles::{AtWechat, Comments, Item};
use kit::MediaId;
use wechat::api::draft;
use wechat_client::Pictures;

use super::html::{self, Places, Src};

/// What WeChat gave for pictures of ours.
#[derive(Debug, Clone, Default)]
pub struct Uploaded {
    /// Addresses.
    pub bodies: HashMap<MediaId, String>,
    /// Permanent material.
    pub covers: HashMap<MediaId, String>,
}

/// An item as WeChat takes it.
pub fn to_wechat(pictures: &Pictures, item: &Item, uploaded: &Uploaded) -> draft::Article {
    let bodies = uploaded.bodies.clone();
    let places: Places = Arc::new(move |src| match src {
        Src::Ours(id) => bodies.get(&id).cloned(),
        Src::Theirs(address) => Some(address),
        Src::Foreign => None,
    });
    let at = item.wechat.clone().unwrap_or_default();
    let is_pictures = at.kind == "newspic";
    let cover = item.cover_media_id.and_then(|id| uploaded.covers.get(&id).cloned()).unwrap_or(at.cover_id);
    draft::Article {
        article_type: if is_pictures { at.kind } else { String::new() },
        title: item.title.trim().to_owned(),
        author: item.author.trim().to_owned(),
        digest: item.digest.trim().to_owned(),
        content: if is_pictures { item.html.clone() } else { html::clean(pictures, &item.html, places) },
        content_source_url: item.source_url.clone(),
        thumb_media_id: cover,
        need_open_comment: i64::from(item.comments != Comments::Off),
        only_fans_can_comment: i64::from(item.comments == Comments::Fans),
        pic_crop_235_1: at.crop_wide,
        pic_crop_1_1: at.crop_square,
        image_info: is_pictures.then(|| draft::ImageInfo {
            image_list: at.images.into_iter().map(|id| draft::Image { image_media_id: id }).collect(),
        }),
        ..draft::Article::default()
    }
}

/// An item as WeChat has it. `ours` are the pictures of ours by what WeChat gave for them.
pub fn from_wechat(pictures: &Pictures, article: &draft::Article, ours: &Arc<HashMap<String, MediaId>>) -> Item {
    let known = ours.clone();
    let places: Places = Arc::new(move |src| match src {
        Src::Theirs(address) => Some(known.get(&address).map_or(address, |id| html::file_of(*id))),
        // Our own addresses mean nothing in what WeChat wrote.
        Src::Ours(_) | Src::Foreign => None,
    });
    let is_pictures = article.article_type == "newspic";
    let cover_media_id = ours.get(&article.thumb_media_id).copied();
    let images = article.image_info.iter().flat_map(|info| &info.image_list);
    Item {
        title: article.title.clone(),
        author: article.author.clone(),
        digest: article.digest.clone(),
        html: if is_pictures { article.content.clone() } else { html::clean(pictures, &article.content, places) },
        cover_media_id,
        source_url: article.content_source_url.clone(),
        comments: match (article.need_open_comment, article.only_fans_can_comment) {
            (0, _) => Comments::Off,
            (_, 0) => Comments::Everybody,
            _ => Comments::Fans,
        },
        wechat: Some(AtWechat {
            kind: if is_pictures { "newspic".into() } else { "news".into() },
            cover_id: if cover_media_id.is_some() { String::new() } else { article.thumb_media_id.clone() },
            cover_url: article.thumb_url.clone().filter(|_| cover_media_id.is_none()).unwrap_or_default(),
            images: images.map(|image| image.image_media_id.clone()).collect(),
            crop_wide: article.pic_crop_235_1.clone(),
            crop_square: article.pic_crop_1_1.clone(),
        }),
    }
}

/// Whether WeChat says the same twice, but for addresses that do not last.
pub fn same(one: &[draft::Article], other: &[draft::Article]) -> bool {
    let bare = |article: &draft::Article| draft::Article {
        url: None,
        thumb_url: None,
        show_cover_pic: None,
        is_deleted: None,
        ..article.clone()
    };
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| bare(one) == bare(other))
}

/// Whether what WeChat has reads as if it came from these items. WeChat writes HTML in its own way.
pub fn reads_like(pictures: &Pictures, items: &[Item], theirs: &[draft::Article]) -> bool {
    items.len() == theirs.len()
        && items.iter().zip(theirs).all(|(item, theirs)| item_reads_like(pictures, item, theirs))
}

pub fn item_reads_like(pictures: &Pictures, item: &Item, theirs: &draft::Article) -> bool {
    let ours = to_wechat(pictures, item, &Uploaded::default());
    let digest = ours.digest.is_empty() || ours.digest == theirs.digest;
    digest
        && ours.title == theirs.title
        && ours.author == theirs.author
        && ours.content_source_url == theirs.content_source_url
        && ours.need_open_comment == theirs.need_open_comment
        && ours.only_fans_can_comment == theirs.only_fans_can_comment
        && html::plain(&ours.content) == html::plain(&theirs.content)
        && html::pictures_in(pictures, &item.html).len() == html::pictures_in(pictures, &theirs.content).len()
}
