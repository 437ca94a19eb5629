//! A person, or a program of theirs, says something to a customer.

use entities::{
    accounts::Function,
    conversations::{self, Said},
    customers, media,
    messages::{
        Content, check_content,
        ledger::{self, Send},
        sends::{self, NewSend, Purpose},
    },
    reach::{self, AccountReach, Why},
};
use kit::{AccountId, CustomerId, Error, Work, http::Faults};

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

/// The account that was asked for, or else the first that may speak.
pub fn choose(
    reaches: Vec<AccountReach>,
    account: Option<AccountId>,
    function: Function,
) -> Result<AccountReach, Error> {
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

/// It cannot be said to them now, and why.
pub fn refused(why: &Why) -> Error {
    Error::Conflict {
        code: "not_reachable",
        detail: why.words.en.into(),
        params: serde_json::json!({ "reason": why.code, "rule": why.rule, "words": why.words }),
    }
}
