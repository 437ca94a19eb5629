//! A program fills a template message or a notice in for one customer, and has it said.

use entities::{
    accounts::{self, Function},
    customers,
    messages::{
        ledger::{self, Send},
        sends::{self, NewSend, Purpose},
    },
    reach::{self, AccountReach, ReachCode, Why},
    templates::{self, TemplateKind, grants},
};
use kit::{AccountId, CustomerId, Error, Work, http::Faults};

use super::{
    event::Event,
    form::{self, Shelf},
    model::NewForm,
    say::{choose, refused},
};

/// Puts it in line, filled in for this customer, if the account may send it and they follow; of a notice, if they have
/// agreed to it.
pub async fn say_filled(work: &mut Work, new: NewForm, by: &str) -> Result<Send, Error> {
    let NewForm { account_id, customer_id, form, event, deadline_at, purpose } = new;
    let kind = form.kind;
    let function = match kind {
        TemplateKind::Template => Function::Template,
        TemplateKind::Notice => Function::Notice,
    };
    accounts::find(work, account_id).await?.may(function)?;
    let customer = customers::find(work, customer_id).await?;
    let shelf = shelf(work, account_id, kind, &form.template_id).await?;
    let mut faults = Faults::default();
    let event = Event::read(event, &mut faults);
    let form = form::fill_in(form, &shelf, &customer, &event, &mut faults);
    faults.check()?;
    let reaches = match kind {
        TemplateKind::Template => reach::of_customer(work, customer.id).await?,
        TemplateKind::Notice => {
            let now = work.now();
            reach::in_every_way(work, customer.id, now).await?
        }
    };
    let chosen = choose(reaches, Some(account_id), function)?;
    // What tells of something they did is not counted.
    let holds = |why: &&Why| purpose == Purpose::Marketing || why.code != ReachCode::TooOften;
    if let Some(why) = chosen.way(function).and_then(|way| way.why.as_ref()).filter(holds) {
        return Err(refused(why));
    }
    if kind == TemplateKind::Notice && !has_agreed(work, &chosen, customer.id, &form.template_id).await? {
        return Err(refused(&Why::not_agreed()));
    }
    let send = NewSend {
        account: chosen.account_id,
        customer: customer.id,
        openid: chosen.openid.clone(),
        message: form.into(),
        rule: None,
        group: work.new_id(),
        position: 0,
        due_at: work.now(),
        deadline_at,
        by: Some(by.to_owned()),
    };
    let ids = sends::queue_for(work, purpose, vec![send]).await?;
    ledger::find(work, ids.into_iter().next().ok_or_else(|| Error::internal("a send was not put in line"))?).await
}

/// Whether the fan agreed to one more notice of this template than is on its way to them.
async fn has_agreed(work: &mut Work, fan: &AccountReach, customer: CustomerId, template: &str) -> Result<bool, Error> {
    let agreed = grants::hold(work, fan.account_id, &fan.openid, template).await?;
    let Some((left, lasting)) = agreed else { return Ok(false) };
    if lasting || left == 0 {
        return Ok(lasting);
    }
    let group = customers::group(work, customer).await?;
    let on_the_way = ledger::unreported_notices(work, fan.account_id, &fan.openid, &group).await?;
    let of_template = on_the_way.iter().filter(|send| send.message.template() == Some(template)).count();
    Ok(left > of_template as i64)
}

/// What the account's library says of a template.
async fn shelf(work: &mut Work, account: AccountId, kind: TemplateKind, wechat_id: &str) -> Result<Shelf, Error> {
    if let Some(template) = templates::find_wechat(work, account, kind, wechat_id).await? {
        return Ok(Shelf::Has(template));
    }
    let was_compared = templates::synced(work, account).await?.synced_at.is_some();
    Ok(if was_compared { Shelf::HasNot } else { Shelf::Unread })
}
