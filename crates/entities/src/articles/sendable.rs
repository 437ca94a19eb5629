//! An article on its way to people: what a broadcast and a preview need of it.

use kit::{AccountId, ArticleId, Error, Work};

use super::{
    ArticleState, Comments, NewPublication, PublicationSource, PublicationState, add_publication, find,
    open_publications, put, put_publication,
};

/// An article as it can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendableArticle {
    /// WeChat's draft, as `mpnews` names it.
    pub draft_media_id: String,
    pub titles: Vec<String>,
    /// Whether readers may write below any of it.
    pub has_comments: bool,
}

/// The article as WeChat would send it now: what is in the draft box is what was written here. Else a conflict says
/// what has to be done first.
pub async fn sendable(work: &mut Work, account: AccountId, article: ArticleId) -> Result<SendableArticle, Error> {
    let article = find(work, article).await?;
    if article.account != account {
        return Err(Error::NotFound);
    }
    if article.wish.is_some() {
        return Err(Error::conflict("article_busy", "the article is being saved to WeChat; wait until it is"));
    }
    if !open_publications(work, article.id).await?.is_empty() {
        return Err(Error::conflict("article_publishing", "the article is being published"));
    }
    let titles = article.titles();
    let has_comments = article.items.iter().any(|item| item.comments != Comments::Off);
    match (article.state(), article.media_id) {
        (ArticleState::Synced, Some(draft_media_id)) => Ok(SendableArticle { draft_media_id, titles, has_comments }),
        (ArticleState::Changed, _) => {
            Err(Error::conflict("article_unsaved_changes", "the article was changed here; save it to WeChat first"))
        }
        (ArticleState::Conflict, _) => Err(Error::conflict(
            "article_conflict",
            "the article was changed here and at WeChat; choose one of both first",
        )),
        (ArticleState::Gone, _) => Err(Error::conflict(
            "article_gone",
            "WeChat's draft box does not have the article any more; save it there again first",
        )),
        _ => Err(Error::conflict("article_not_saved", "the article is only here; save it to WeChat first")),
    }
}

/// A broadcast took the draft out of WeChat's box. `msg_data_id` names it for comments, when WeChat told.
pub async fn went_out(
    work: &mut Work,
    account: AccountId,
    article: ArticleId,
    msg_data_id: Option<&str>,
) -> Result<(), Error> {
    let mut article = match find(work, article).await {
        Err(Error::NotFound) => return Ok(()),
        found => found?,
    };
    let new = NewPublication {
        account,
        article: Some(article.id),
        source: PublicationSource::Broadcast,
        state: PublicationState::Published,
        draft_media_id: article.media_id.clone(),
        titles: article.titles(),
        made_by: None,
    };
    let mut made = add_publication(work, new).await?;
    made.msg_data_id = msg_data_id.map(str::to_owned);
    made.finished_at = Some(work.now());
    put_publication(work, &made, PublicationState::Published).await?;
    if article.media_id.is_some() {
        article.leave_box(work.now());
        put(work, &article).await?;
    }
    Ok(())
}
