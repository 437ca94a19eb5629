//! A person, or a program of theirs, says something to a customer.

use entities::{
    accounts::{self, Function},
    conversations::{self, Said},
    customers, media,
    messages::{
        Content, Message, check_content,
        ledger::{self, Send},
        sends::{self, NewSend, Purpose},
    },
    reach::{self, AccountReach, ReachCode, Why},
    templates::{self, TemplateKind},
};
use kit::{AccountId, CustomerId, Error, Work, http::Faults};

use super::{
    event::Event,
    form::{self, Shelf},
    model::NewTemplateMessage,
};

/// Puts it in line, if WeChat would take it now. The line of the ledger.
pub async fn say(
    work: &mut Work,
    customer: CustomerId,
    account: Option<AccountId>,
    content: Content,
    by: &str,
) -> Result<Send, Error> {
    let mut faults = Faults::default();
    check_content(&content, "content", &mut faults);
    if let Some(id) = content.media()
        && media::find(work, id).await.is_err()
    {
        faults.add("content.media_id", "not_found", "there is no such file");
    }
    faults.check()?;
    let customer = customers::find(work, customer).await?.id;
    let reaches = reach::of_customer(work, customer).await?;
    let chosen = choose(reaches, account, Function::CustomMessage)?;
    let Some(way) = chosen.custom() else { return Err(Error::NotFound) };
    if let Some(why) = &way.why {
        return Err(refused(why));
    }
    let said = Said { account: chosen.account_id, openid: &chosen.openid, content: &content, by, window: way.window };
    conversations::said(work, &said).await?;
    let send = NewSend {
        account: chosen.account_id,
        customer,
        openid: chosen.openid.clone(),
        message: content.into(),
        rule: None,
        group: work.new_id(),
        position: 0,
        due_at: work.now(),
        deadline_at: way.window.map(|window| window.until),
        by: Some(by.to_owned()),
    };
    let purpose = if way.answers { Purpose::Answer } else { Purpose::Marketing };
    let ids = sends::queue_for(work, purpose, vec![send]).await?;
    ledger::find(work, ids.into_iter().next().ok_or_else(|| Error::internal("a send was not put in line"))?).await
}

/// Puts a template message in line, filled in for this customer, if the account may send it and they follow.
pub async fn say_by_template(work: &mut Work, new: NewTemplateMessage, by: &str) -> Result<Send, Error> {
    let NewTemplateMessage { account_id, customer_id, message, event, deadline_at, purpose } = new;
    let purpose = Purpose::from(purpose);
    accounts::find(work, account_id).await?.may(Function::Template)?;
    let customer = customers::find(work, customer_id).await?;
    let shelf = shelf(work, account_id, &message.template_id).await?;
    let mut faults = Faults::default();
    let event = Event::read(event, &mut faults);
    let message = form::fill_in(message, &shelf, &customer, &event, &mut faults);
    faults.check()?;
    let reaches = reach::of_customer(work, customer.id).await?;
    let chosen = choose(reaches, Some(account_id), Function::Template)?;
    // What tells of something they did is not counted.
    let holds = |why: &&Why| purpose == Purpose::Marketing || why.code != ReachCode::TooOften;
    if let Some(why) = chosen.way(Function::Template).and_then(|way| way.why.as_ref()).filter(holds) {
        return Err(refused(why));
    }
    let send = NewSend {
        account: chosen.account_id,
        customer: customer.id,
        openid: chosen.openid.clone(),
        message: Message::Template(message),
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

/// What the account's library says of a template.
async fn shelf(work: &mut Work, account: AccountId, wechat_id: &str) -> Result<Shelf, Error> {
    if let Some(template) = templates::find_wechat(work, account, TemplateKind::Template, wechat_id).await? {
        return Ok(Shelf::Has(template));
    }
    let was_compared = templates::synced(work, account).await?.synced_at.is_some();
    Ok(if was_compared { Shelf::HasNot } else { Shelf::Unread })
}

/// The account that was asked for, or else the first that may speak.
fn choose(reaches: Vec<AccountReach>, account: Option<AccountId>, function: Function) -> Result<AccountReach, Error> {
    let may = |reach: &AccountReach| reach.way(function).is_some_and(|way| way.may);
    let mut of_account: Vec<AccountReach> =
        reaches.into_iter().filter(|reach| account.is_none_or(|account| reach.account_id == account)).collect();
    if of_account.is_empty() {
        let detail = "they are no fan of this account";
        return Err(Error::Conflict { code: "not_a_fan", detail: detail.into(), params: serde_json::json!({}) });
    }
    let n = of_account.iter().position(may).unwrap_or(0);
    Ok(of_account.swap_remove(n))
}

fn refused(why: &Why) -> Error {
    Error::Conflict {
        code: "not_reachable",
        detail: why.words.en.into(),
        params: serde_json::json!({ "reason": why.code, "rule": why.rule, "words": why.words }),
    }
}
