//! From a body to a campaign that can be kept; everything that is wrong with it, at once, at its field.

use std::collections::BTreeSet;

use entities::{
    accounts::{self, Function},
    campaigns::{Audience, NewCampaign, words},
    messages::{Message, Service},
    tags,
    templates::{self, TemplateKind},
};
use kit::{Error, Millis, Work, http::Faults};

use super::{
    model::{CampaignBody, CampaignName},
    store,
};

const MINUTE_MS: Millis = 60_000;
const MOST_TAGS: usize = 50;
const MOST_NAMED: usize = 10_000;

/// Which right a message needs.
pub fn function(service: Service) -> Function {
    if service == Service::Notice { Function::Notice } else { Function::Template }
}

/// The kind of template that a service fills in.
pub fn kind(service: Service) -> TemplateKind {
    if service == Service::Notice { TemplateKind::Notice } else { TemplateKind::Template }
}

/// A campaign that can be kept as a draft: whole enough to be read, if not yet to be sent.
pub async fn check(work: &mut Work, body: CampaignBody, by: &str) -> Result<NewCampaign, Error> {
    let mut message = Message::from(body.message);
    let service = message.service();
    accounts::find(work, body.account_id).await?.could(function(service))?;
    let mut faults = Faults::default();
    let name = faults.take("name", "length", CampaignName::try_from(body.name));
    let minutes = body.grace_minutes.unwrap_or(30);
    if !(5..=1440).contains(&minutes) {
        faults.add("grace_minutes", "range", "5 to 1440 minutes");
    }
    let wechat_id = message.template().unwrap_or_default().to_owned();
    let template = templates::find_wechat(work, body.account_id, kind(service), &wechat_id).await?;
    if template.is_none() {
        faults.add("message.template_id", "not_found", "the account has no such template; compare the library first");
    }
    texts(&message, &mut faults);
    let audience = audience(work, body.audience, &mut faults).await?;
    faults.check()?;
    let title = template.as_ref().map(|template| template.title.clone());
    match &mut message {
        Message::Template(message) => message.title = title,
        Message::Notice(message) => message.title = title,
        Message::Custom(_) => {}
    }
    Ok(NewCampaign {
        account: body.account_id,
        name: name.map(CampaignName::into_string).unwrap_or_default(),
        message,
        template_text: template.map(|template| template.content),
        audience,
        on_quota: body.on_quota,
        grace_ms: minutes * MINUTE_MS,
        by: by.to_owned(),
    })
}

/// What no template takes.
fn texts(message: &Message, faults: &mut Faults) {
    for (key, text) in message.data().into_iter().flatten() {
        let field = format!("message.data.{key}");
        templates::check_length(text, &field, faults);
        if let Some(name) = words::unknown(text) {
            faults.add(&field, "variable", format!("{name} is nothing that is known of a customer"));
        }
    }
    let (url, mini_program) = match message {
        Message::Template(message) => (&message.url, &message.mini_program),
        Message::Notice(message) => (&message.url, &message.mini_program),
        Message::Custom(_) => return,
    };
    templates::check_links(url.as_deref(), mini_program.as_ref(), faults);
}

/// The audience with everybody in it once, if everybody is there.
async fn audience(work: &mut Work, audience: Audience, faults: &mut Faults) -> Result<Audience, Error> {
    Ok(match audience {
        Audience::All => Audience::All,
        Audience::Tags { tag_ids } => {
            let tag_ids: BTreeSet<_> = tag_ids.into_iter().collect();
            if tag_ids.is_empty() || tag_ids.len() > MOST_TAGS {
                faults.add("audience.tag_ids", "range", format!("1 to {MOST_TAGS} tags"));
            }
            for tag in tag_ids.iter().take(MOST_TAGS) {
                match tags::find(work, *tag).await {
                    Ok(_) => {}
                    Err(Error::NotFound) => faults.add("audience.tag_ids", "not_found", "there is no such tag"),
                    Err(error) => return Err(error),
                }
            }
            Audience::Tags { tag_ids: tag_ids.into_iter().collect() }
        }
        Audience::Customers { customer_ids } => {
            let ids: BTreeSet<_> = customer_ids.into_iter().collect();
            if ids.is_empty() || ids.len() > MOST_NAMED {
                faults.add("audience.customer_ids", "range", format!("1 to {MOST_NAMED} customers"));
                return Ok(Audience::Customers { customer_ids: Vec::new() });
            }
            let customer_ids = store::canonical(work, &ids.into_iter().collect::<Vec<_>>()).await?;
            if customer_ids.is_empty() {
                faults.add("audience.customer_ids", "not_found", "there is no such customer");
            }
            Audience::Customers { customer_ids }
        }
        Audience::Openids { openids } => {
            let openids: BTreeSet<_> = openids.into_iter().collect();
            if openids.is_empty() || openids.len() > MOST_NAMED || openids.iter().any(|openid| openid.len() > 64) {
                faults.add("audience.openids", "range", format!("1 to {MOST_NAMED} openids"));
            }
            Audience::Openids { openids: openids.into_iter().collect() }
        }
    })
}
