//! WeChat's reports on template messages and notices, as they come with callbacks.

use entities::{
    events::{self, Channel, EventKind, NewEvent},
    messages::{
        Service,
        settle::{self, Delivery, Report},
    },
};
use kit::{AccountId, Error, Work};
use serde_json::json;
use wechat::message::{Event, Kind, Message, job::TemplateStatus};

/// Takes in what a push reports. False when it is no report.
pub async fn take(work: &mut Work, account: AccountId, message: &Message) -> Result<bool, Error> {
    let openid = message.from.as_str();
    match &message.kind {
        Kind::Event(Event::TemplateSendJobFinish { msg_id, status }) => {
            let delivery = match TemplateStatus::of(status) {
                TemplateStatus::Success => Delivery::Delivered,
                TemplateStatus::UserBlock => Delivery::Blocked,
                TemplateStatus::SystemFailed | TemplateStatus::Other(_) => Delivery::Failed,
            };
            one(work, account, Service::Template, openid, &msg_id.to_string(), delivery).await?;
        }
        Kind::Event(Event::SubscribeMsgSent { list }) => {
            for sent in list {
                let delivery = if sent.error_code.unwrap_or(0) == 0 { Delivery::Delivered } else { Delivery::Failed };
                one(work, account, Service::Notice, openid, &sent.msg_id.to_string(), delivery).await?;
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

async fn one(
    work: &mut Work,
    account: AccountId,
    service: Service,
    openid: &str,
    wechat_id: &str,
    delivery: Delivery,
) -> Result<(), Error> {
    let report = Report { account, service, openid, wechat_id, delivery };
    let Some(reported) = settle::report(work, &report).await? else { return Ok(()) };
    // That it arrived is what everybody expects; the story tells what is otherwise.
    if delivery == Delivery::Delivered && !reported.inferred {
        return Ok(());
    }
    let at = work.now();
    let properties = json!({
        "type": "delivery", "via": service.as_str(), "delivery": delivery.as_str(), "inferred": reported.inferred,
        "send_id": reported.send.to_string(),
    });
    let event = NewEvent {
        customer: reported.customer,
        account: Some(account),
        at,
        kind: EventKind::Other,
        channel: Channel::Wechat,
        properties,
    };
    events::record(work, vec![event]).await
}
