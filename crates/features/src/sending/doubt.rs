//! What keeps sends from going out, and a person's word on it and on what is in doubt: always on one send, never on all.

use entities::{
    accounts,
    messages::{
        Message, Service, gates,
        ledger::{self, Send},
        restore,
        sends::{self, NewSend},
    },
};
use kit::{AccountId, Error, SendId, Work};
use serde_json::json;

use super::{conservation, model::Sending, say};

/// How it stands.
pub async fn look(work: &mut Work) -> Result<Sending, Error> {
    let pause = restore::paused(work).await?;
    let gates = gates::list(work).await?;
    let unknown = ledger::count_unknown(work, None).await?;
    let counts_checked = conservation::last(work).await?;
    Ok(Sending { pause, gates, unknown, counts_checked })
}

/// Ends the pause after a restored backup (P10).
pub async fn resume(work: &mut Work, by: &str) -> Result<Sending, Error> {
    if restore::resume(work).await? {
        tracing::info!(tenant.id = work.tenant().0, by, "sending goes on after a restored backup");
    }
    look(work).await
}

/// Opens the gate; WeChat may close it again at once.
pub async fn open(work: &mut Work, account: AccountId, service: Service) -> Result<Sending, Error> {
    accounts::find(work, account).await?;
    gates::open(work, account, service).await?;
    look(work).await
}

fn not_in_doubt() -> Error {
    Error::Conflict {
        code: "not_in_doubt",
        detail: "this send is not unknown, or somebody has decided about it".into(),
        params: json!({}),
    }
}

/// Leaves it as it is.
pub async fn leave(work: &mut Work, id: SendId, by: &str) -> Result<Send, Error> {
    ledger::find(work, id).await?;
    if !ledger::decide(work, id, "left", by, None).await? {
        return Err(not_in_doubt());
    }
    ledger::find(work, id).await
}

/// Says it again in a line of its own, whose id WeChat has never seen. The new line.
pub async fn resend(work: &mut Work, id: SendId, may_arrive_twice: bool, by: &str) -> Result<Send, Error> {
    let send = ledger::find(work, id).await?;
    if !may_arrive_twice {
        return Err(Error::field("may_arrive_twice", "needed", "say that you know it may arrive twice"));
    }
    let again = match send.message {
        Message::Custom(content) => say::say(work, send.customer, Some(send.account), content, by).await?.id,
        message => {
            let new = NewSend {
                account: send.account,
                customer: send.customer,
                openid: send.openid,
                message,
                rule: None,
                group: work.new_id(),
                position: 0,
                due_at: work.now(),
                deadline_at: None,
                by: Some(by.to_owned()),
            };
            let ids = sends::queue_for(work, send.purpose, vec![new]).await?;
            ids.into_iter().next().ok_or_else(|| Error::internal("a send was not put in line"))?
        }
    };
    if !ledger::decide(work, id, "resent", by, Some(again)).await? {
        return Err(not_in_doubt());
    }
    ledger::find(work, again).await
}
