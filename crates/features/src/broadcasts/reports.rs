//! WeChat's word at the end of a broadcast, as it comes with callbacks.

use entities::{
    articles,
    broadcasts::{
        self, Content, PartState, parts,
        reports::{self, Report},
    },
};
use kit::{AccountId, BroadcastPartId, Error, Work};
use wechat::{
    api::mass,
    message::{Event, Kind, Message},
};

/// Takes in what a push says of a broadcast. False when it says nothing of one.
pub async fn take(work: &mut Work, account: AccountId, message: &Message) -> Result<bool, Error> {
    let Kind::Event(Event::MassSendJobFinish {
        msg_id,
        status,
        total_count,
        filter_count,
        sent_count,
        error_count,
        articles,
        ..
    }) = &message.kind
    else {
        return Ok(false);
    };
    let total = total_count.unwrap_or(0);
    let pages = articles.as_ref().map(|articles| articles.results.as_slice()).unwrap_or_default();
    let report = Report {
        msg_id: msg_id.cast_signed(),
        status: status.clone(),
        total,
        // WeChat's number is of those who were left.
        filtered: (total - filter_count.unwrap_or(total)).max(0),
        sent: sent_count.unwrap_or(0),
        failed: error_count.unwrap_or(0),
        urls: pages.iter().map(|page| page.article_url.clone()).filter(|url| !url.is_empty()).collect(),
        at: message.create_time * 1000,
    };
    if let Some(part) = reports::take(work, account, &report).await? {
        went_out(work, part).await?;
    }
    Ok(true)
}

/// When a part was sent that took an article's own draft out of WeChat's box, the article is told.
pub async fn went_out(work: &mut Work, id: BroadcastPartId) -> Result<(), Error> {
    let part = parts::find(work, id).await?;
    if part.state != PartState::Sent {
        return Ok(());
    }
    let broadcast = broadcasts::find(work, part.broadcast).await?;
    let Some(Content::Article { article_id }) = broadcast.content(part.variant) else { return Ok(()) };
    let said = part.said.as_deref().and_then(|said| serde_json::from_str::<mass::Content>(said).ok());
    let Some(mass::Content::MpNews { mpnews }) = said else { return Ok(()) };
    let article = match articles::find(work, *article_id).await {
        Err(Error::NotFound) => return Ok(()),
        found => found?,
    };
    if article.media_id.as_deref() != Some(mpnews.media_id.as_str()) {
        return Ok(());
    }
    let msg_data_id = part.msg_data_id.map(|id| id.to_string());
    articles::went_out(work, part.account, *article_id, msg_data_id.as_deref()).await
}
