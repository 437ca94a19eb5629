//! Articles as the console sees them: every picture from our own server.

use entities::articles::{self, Article, ArticleState, AtWechat, Item, Publication, Wish};
use kit::{AccountId, ArticleId, Error, MediaId, Millis, Work};
use serde::Serialize;
use utoipa::ToSchema;
use wechat_client::Pictures;

use super::{
    html,
    wire::{self},
};

/// An article.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Article)]
pub struct ArticleView {
    pub id: ArticleId,
    pub account_id: AccountId,
    /// 1 to 8.
    pub items: Vec<Item>,
    pub state: ArticleState,
    /// What a job is doing with it; it cannot be changed meanwhile.
    pub wish: Option<Wish>,
    /// Why what was wished last did not come about.
    pub problem: Option<String>,
    /// WeChat's code for it.
    pub errcode: Option<i64>,
    /// The item at fault, from 0.
    pub problem_item: Option<i64>,
    /// Whether WeChat's draft box has it.
    pub in_box: bool,
    /// When both were the same last.
    pub synced_at: Option<Millis>,
    /// In a conflict: what WeChat has.
    pub theirs: Option<Vec<Item>>,
    /// The newest.
    pub publication: Option<Publication>,
    /// Who wrote it first; null when it came from WeChat.
    pub by: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// Raised by every change.
    pub revision: i64,
}

/// An article in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleLine {
    pub id: ArticleId,
    pub account_id: AccountId,
    pub titles: Vec<String>,
    /// Of the first item.
    pub digest: String,
    pub cover_media_id: Option<MediaId>,
    /// WeChat's cover, from our own server; empty when there is none.
    pub cover_url: String,
    pub state: ArticleState,
    pub wish: Option<Wish>,
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    pub in_box: bool,
    pub publication: Option<Publication>,
    pub by: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

fn item(pictures: &Pictures, account: AccountId, item: &Item) -> Item {
    let at =
        item.wechat.as_ref().map(|at| AtWechat { cover_url: html::shown_at(account, &at.cover_url), ..at.clone() });
    Item { html: html::clean(pictures, &item.html, html::shown(account)), wechat: at, ..item.clone() }
}

pub async fn view(work: &mut Work, article: &Article) -> Result<ArticleView, Error> {
    let pictures = work.ctx().pictures().clone();
    let shown = |one: &Item| item(&pictures, article.account, one);
    let theirs = match &article.theirs {
        None => None,
        Some(theirs) => {
            let desk = super::desk::Desk::new(work.ctx(), work.tenant(), article.account, 1);
            let ours = desk.ours(work).await?;
            Some(theirs.iter().map(|one| shown(&wire::from_wechat(&pictures, one, &ours))).collect())
        }
    };
    Ok(ArticleView {
        id: article.id,
        account_id: article.account,
        items: article.items.iter().map(shown).collect(),
        state: article.state(),
        wish: article.wish,
        problem: article.problem.clone(),
        errcode: article.errcode,
        problem_item: article.problem_item,
        in_box: article.media_id.is_some(),
        synced_at: article.synced_at,
        theirs,
        publication: articles::newest_publication(work, article.id).await?,
        by: article.made_by.clone(),
        created_at: article.created_at,
        updated_at: article.updated_at,
        revision: article.revision,
    })
}

pub async fn line(work: &mut Work, article: Article) -> Result<ArticleLine, Error> {
    let publication = articles::newest_publication(work, article.id).await?;
    let first = article.items.first();
    let cover_url = first.and_then(|item| item.wechat.as_ref()).map(|at| at.cover_url.as_str()).unwrap_or_default();
    Ok(ArticleLine {
        id: article.id,
        account_id: article.account,
        titles: article.titles(),
        digest: first.map(|item| item.digest.clone()).unwrap_or_default(),
        cover_media_id: first.and_then(|item| item.cover_media_id),
        cover_url: html::shown_at(article.account, cover_url),
        state: article.state(),
        wish: article.wish,
        in_box: article.media_id.is_some(),
        publication,
        problem: article.problem,
        errcode: article.errcode,
        by: article.made_by,
        created_at: article.created_at,
        updated_at: article.updated_at,
    })
}

/// Items as they are kept: cleaned, and with WeChat's own addresses of its pictures.
pub fn kept(pictures: &Pictures, items: Vec<Item>) -> Vec<Item> {
    items
        .into_iter()
        .map(|item| {
            let wechat = item.wechat.map(|at| {
                let cover_url = match html::src(pictures, &at.cover_url) {
                    html::Src::Theirs(address) => address,
                    _ => String::new(),
                };
                AtWechat { cover_url, ..at }
            });
            let is_pictures = wechat.as_ref().is_some_and(|at| at.kind == "newspic");
            let html = if is_pictures { item.html } else { html::clean(pictures, &item.html, html::kept()) };
            Item { html, wechat, ..item }
        })
        .collect()
}
