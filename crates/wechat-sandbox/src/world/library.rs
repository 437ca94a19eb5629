//! What accounts keep and bring out: permanent material by kind, the draft box, and articles that
//! have a page, with what readers wrote below them.
//!
//! The files themselves are [`super::things::Media`] without an end. Articles come out in *issues*:
//! one publication or one broadcast, whose `msg_data_id` is the name of it everywhere.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Media, World};
use crate::chance;
use crate::permute::url_letters;
use crate::wx::Refusal;

/// The most pictures an account keeps, and the most of any other kind.
pub(crate) const IMAGES: usize = 100_000;
pub(crate) const OTHERS: usize = 1000;
/// Comments an article may have elected.
pub(crate) const ELECTED: usize = 100;

/// An article as it was written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Written {
    /// `news`, or `newspic`: pictures with a plain text.
    pub article_type: String,
    pub title: String,
    pub author: String,
    pub digest: String,
    /// Cleaned: no scripts, no pictures but ours.
    pub content: String,
    pub content_source_url: String,
    pub thumb_media_id: String,
    pub need_open_comment: bool,
    pub only_fans_can_comment: bool,
    pub pic_crop_235_1: String,
    pub pic_crop_1_1: String,
    /// Of a `newspic`: permanent material.
    pub images: Vec<String>,
}

impl Written {
    /// The picture it is shown with.
    pub fn cover(&self) -> &str {
        if self.thumb_media_id.is_empty() {
            self.images.first().map_or("", String::as_str)
        } else {
            &self.thumb_media_id
        }
    }
}

/// Articles that are not out yet. News of the console, which stay when they are used, are kept in
/// the same shape.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    pub media_id: String,
    pub appid: String,
    /// Made in WeChat's console as material; not in the draft box.
    pub news: bool,
    pub articles: Vec<Written>,
    pub created_ms: i64,
    pub updated_ms: i64,
}

/// How a publication ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublishOutcome {
    #[default]
    Done,
    /// The originality check finds a reprint: 2.
    NotOriginal,
    /// 3.
    Failed,
    /// WeChat's review refuses it: 4.
    Refused,
}

impl PublishOutcome {
    pub(crate) fn status(self) -> i64 {
        match self {
            PublishOutcome::Done => DONE,
            PublishOutcome::NotOriginal => 2,
            PublishOutcome::Failed => 3,
            PublishOutcome::Refused => 4,
        }
    }
}

/// How an account's publications go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Publishing {
    pub outcome: PublishOutcome,
    /// The articles at fault, from 1; all of them if none is named.
    pub fail_idx: Vec<usize>,
    /// How long one takes, on the sandbox's clock.
    pub seconds: u32,
}

impl Default for Publishing {
    fn default() -> Self {
        Self { outcome: PublishOutcome::Done, fail_idx: Vec::new(), seconds: 2 }
    }
}

pub(crate) const DONE: i64 = 0;
pub(crate) const UNDER_WAY: i64 = 1;
pub(crate) const DELETED: i64 = 5;

/// One publication or broadcast of articles.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Issue {
    pub msg_data_id: u64,
    pub appid: String,
    /// Of a publication that is out; broadcasts have none.
    pub article_id: String,
    /// The draft a publication under way comes from.
    pub draft: String,
    /// `publish_status`.
    pub status: i64,
    pub fail_idx: Vec<usize>,
    pub broadcast: bool,
    /// How many it was sent to.
    pub target_user: u64,
    pub articles: Vec<Out>,
    pub created_ms: i64,
    /// When a publication under way ends; when it came out.
    pub out_ms: i64,
}

/// An article with a page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Out {
    pub written: Written,
    /// The end of its address.
    pub slug: String,
    pub deleted: bool,
    pub comments_open: bool,
    /// Oldest first.
    pub comments: Vec<Comment>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Comment {
    pub id: u64,
    pub person: u64,
    pub at_ms: i64,
    pub content: String,
    pub elected: bool,
    pub reply: Option<Reply>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reply {
    pub content: String,
    pub at_ms: i64,
}

impl Issue {
    /// What the statistics call one of its articles; `index` from 0.
    pub fn msgid(&self, index: usize) -> String {
        format!("{}_{}", self.msg_data_id, index + 1)
    }

    /// A publication that can be read.
    pub fn is_published(&self) -> bool {
        self.status == DONE && !self.article_id.is_empty()
    }
}

/// All of it, of all accounts.
#[derive(Default)]
pub(crate) struct Library {
    /// Ids by account and kind, oldest first.
    material: HashMap<(String, String), Vec<String>>,
    pub drafts: BTreeMap<String, Draft>,
    pub issues: BTreeMap<u64, Issue>,
    by_article: HashMap<String, u64>,
    by_slug: HashMap<String, (u64, usize)>,
}

impl Library {
    /// Material of a kind, oldest first.
    pub fn material(&self, appid: &str, kind: &str) -> &[String] {
        self.material.get(&(appid.to_owned(), kind.to_owned())).map_or(&[], Vec::as_slice)
    }

    pub fn shelve(&mut self, media: &Media) {
        self.material.entry((media.appid.clone(), media.kind.clone())).or_default().push(media.id.clone());
    }

    fn unshelve(&mut self, media: &Media) {
        if let Some(ids) = self.material.get_mut(&(media.appid.clone(), media.kind.clone())) {
            ids.retain(|id| *id != media.id);
        }
    }

    /// The drafts of an account, or the news of its console, newest first.
    pub fn drafts_of(&self, appid: &str, news: bool) -> Vec<&Draft> {
        let mut drafts: Vec<&Draft> =
            self.drafts.values().filter(|draft| draft.appid == appid && draft.news == news).collect();
        drafts.sort_by(|a, b| (b.updated_ms, &b.media_id).cmp(&(a.updated_ms, &a.media_id)));
        drafts
    }

    /// An account's draft, or its news: never the one where the other is asked for.
    pub fn draft(&self, appid: &str, media_id: &str, news: bool) -> Option<&Draft> {
        self.drafts.get(media_id).filter(|draft| draft.appid == appid && draft.news == news)
    }

    /// Puts an issue in its place, whether new, changed or read from the file.
    pub fn file(&mut self, issue: Issue) {
        if !issue.article_id.is_empty() {
            self.by_article.insert(issue.article_id.clone(), issue.msg_data_id);
        }
        for (index, article) in issue.articles.iter().enumerate() {
            self.by_slug.insert(article.slug.clone(), (issue.msg_data_id, index));
        }
        self.issues.insert(issue.msg_data_id, issue);
    }

    /// An account's issue.
    pub fn issue(&self, appid: &str, msg_data_id: u64) -> Option<&Issue> {
        self.issues.get(&msg_data_id).filter(|issue| issue.appid == appid)
    }

    /// An account's publication that is out.
    pub fn published(&self, appid: &str, article_id: &str) -> Option<&Issue> {
        self.issue(appid, *self.by_article.get(article_id)?).filter(|issue| issue.is_published())
    }

    /// The publications of an account that are out, newest first.
    pub fn published_of(&self, appid: &str) -> Vec<&Issue> {
        let mut issues: Vec<&Issue> =
            self.issues.values().filter(|issue| issue.appid == appid && issue.is_published()).collect();
        issues.sort_by_key(|issue| std::cmp::Reverse((issue.out_ms, issue.msg_data_id)));
        issues
    }

    /// The issue of a page, and the article's place in it.
    pub fn page(&self, slug: &str) -> Option<(&Issue, usize)> {
        let (id, index) = self.by_slug.get(slug)?;
        Some((self.issues.get(id)?, *index))
    }
}

/// The articles of a draft of the account: 40007 when it is not in the box (any more).
pub(crate) fn articles_of(world: &World, appid: &str, media_id: &str) -> Result<Vec<Written>, Refusal> {
    let draft = world.library.draft(appid, media_id, false);
    draft.map(|draft| draft.articles.clone()).ok_or(Refusal::INVALID_MEDIA_ID)
}

/// Takes a draft out of the box: it has been published or broadcast, or was deleted.
pub(crate) fn consume_draft(world: &mut World, appid: &str, media_id: &str) {
    if world.library.draft(appid, media_id, false).is_some() {
        world.library.drafts.remove(media_id);
        world.dirty.draft(media_id);
    }
}

/// Where the articles of an issue can be read, in order.
pub(crate) fn urls_of(world: &World, issue: &Issue) -> Vec<String> {
    issue.articles.iter().map(|article| world.article_url(&article.slug)).collect()
}

impl Out {
    /// An article with a page of its own. Its comments are open when it was written so.
    pub fn new(written: Written) -> Self {
        let slug = url_letters(chance::any(), 22);
        Self { comments_open: written.need_open_comment, written, slug, ..Self::default() }
    }
}

impl World {
    pub fn next_msg_data_id(&mut self) -> u64 {
        self.counters.issue += 1;
        self.dirty.whole();
        self.counters.issue
    }

    /// The address of an article's page.
    pub fn article_url(&self, slug: &str) -> String {
        format!("{}/s/{slug}", self.base_url)
    }

    /// Where a draft can be looked at before it is out.
    pub fn preview_url(&self, media_id: &str, index: usize) -> String {
        format!("{}/s/preview.{media_id}.{index}", self.base_url)
    }

    /// Where the cover of an article is; "" when the picture was deleted.
    pub fn cover_url(&self, written: &Written) -> String {
        Some(written.cover()).filter(|id| self.media.contains_key(*id)).map_or_else(String::new, |id| self.file_url(id))
    }

    /// Keeps a file for good.
    pub fn keep_material(&mut self, media: Media) -> Media {
        let media = Media { permanent: true, expires_ms: None, ..media };
        if self.dirty.on {
            self.dirty.media.push(media.id.clone());
        }
        self.library.shelve(&media);
        self.media.insert(media.id.clone(), media.clone());
        media
    }

    /// A permanent material of the account, of one of the kinds.
    pub fn material(&self, appid: &str, id: &str, kinds: &[&str]) -> Option<&Media> {
        self.media.get(id).filter(|media| media.permanent && media.appid == appid && kinds.contains(&&*media.kind))
    }

    pub fn drop_material(&mut self, id: &str) {
        if let Some(media) = self.media.remove(id) {
            self.library.unshelve(&media);
            if self.dirty.on {
                self.dirty.media.push(id.to_owned());
            }
        }
    }

    /// Changes an issue and marks it.
    pub fn change_issue<T>(&mut self, msg_data_id: u64, change: impl FnOnce(&mut Issue) -> T) -> Option<T> {
        let done = self.library.issues.get_mut(&msg_data_id).map(change);
        self.dirty.issue(msg_data_id);
        done
    }

    /// An article as a card of a chat.
    pub fn article_card(&self, out: &Out) -> super::chat::Article {
        super::chat::Article {
            title: out.written.title.clone(),
            description: out.written.digest.clone(),
            pic_url: self.cover_url(&out.written),
            url: self.article_url(&out.slug),
        }
    }

    /// The articles of a publication that were not deleted, as cards.
    pub fn published_cards(&self, appid: &str, article_id: &str) -> Option<Vec<super::chat::Article>> {
        let issue = self.library.published(appid, article_id)?;
        Some(issue.articles.iter().filter(|out| !out.deleted).map(|out| self.article_card(out)).collect())
    }

    /// The page that a button opens in place of saying something.
    pub fn page_of(&self, appid: &str, button: &serde_json::Value) -> Option<String> {
        let text = |name: &str| button[name].as_str().unwrap_or_default();
        let cards = match text("type") {
            "view_limited" => self.news_cards(appid, text("media_id")),
            "article_view_limited" => self.published_cards(appid, text("article_id")),
            _ => None,
        };
        cards?.into_iter().next().map(|card| card.url)
    }

    /// News of the console, as cards.
    pub fn news_cards(&self, appid: &str, media_id: &str) -> Option<Vec<super::chat::Article>> {
        let news = self.library.draft(appid, media_id, true)?;
        let card = |(index, written): (usize, &Written)| super::chat::Article {
            title: written.title.clone(),
            description: written.digest.clone(),
            pic_url: self.cover_url(written),
            url: self.preview_url(media_id, index),
        };
        Some(news.articles.iter().enumerate().map(card).collect())
    }
}
