//! A line of the ledger with whom it is to.

use std::collections::HashMap;

use entities::{customers, messages::ledger::Send};
use kit::{CustomerId, Error, Work};

use super::model::{ListedSend, SendTo};

/// These lines, in their order. A customer who was merged is shown as who they turned out to be.
pub async fn with_customers(work: &mut Work, sends: Vec<Send>) -> Result<Vec<ListedSend>, Error> {
    let mut ids: Vec<CustomerId> = sends.iter().map(|send| send.customer).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut people: HashMap<CustomerId, SendTo> = HashMap::with_capacity(ids.len());
    for row in customers::rows(work, &ids).await? {
        people.insert(row.id, SendTo { id: row.id, display_name: row.display_name, avatar_url: row.avatar_url });
    }
    for id in ids {
        if people.contains_key(&id) {
            continue;
        }
        let now = customers::group(work, id).await?.first().copied().unwrap_or(id);
        if let Some(row) = customers::rows(work, &[now]).await?.into_iter().next() {
            people.insert(id, SendTo { id: now, display_name: row.display_name, avatar_url: row.avatar_url });
        }
    }
    Ok(sends
        .into_iter()
        .map(|send| ListedSend { customer: people.get(&send.customer).cloned(), send: send.into() })
        .collect())
}
