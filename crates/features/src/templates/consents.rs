//! What a push says of fans' consents to notices.

use entities::templates::{self, TemplateKind, grants};
use kit::{AccountId, Error, Topic, Work};
use serde_json::json;
use wechat::message::{Event, Kind, Message};

/// Takes in what a push says of consents, if it says anything.
pub async fn take_consents(work: &mut Work, account: AccountId, message: &Message) -> Result<(), Error> {
    let openid = message.from.as_str();
    match &message.kind {
        Kind::Event(Event::SubscribeMsgPopup { list }) => {
            for choice in list.iter().filter(|choice| choice.status == "accept") {
                let known = templates::find_wechat(work, account, TemplateKind::Notice, &choice.template_id).await?;
                let lasting = known.is_some_and(|template| template.lasting);
                grants::give(work, account, openid, &choice.template_id, lasting).await?;
            }
        }
        Kind::Event(Event::SubscribeMsgChange { list }) => {
            for change in list.iter().filter(|change| change.status == "reject") {
                grants::take_back(work, account, openid, &change.template_id).await?;
            }
        }
        Kind::Event(Event::SubscribeMsgSent { list }) => {
            // Whether a failed one uses a consent up nobody says; if it did, WeChat's refusal of the next puts it right.
            for sent in list.iter().filter(|sent| sent.error_code.unwrap_or(0) == 0) {
                grants::use_up(work, account, openid, &sent.template_id).await?;
            }
        }
        _ => return Ok(()),
    }
    work.tell(Topic::Templates, &json!({ "account_id": account }));
    Ok(())
}
