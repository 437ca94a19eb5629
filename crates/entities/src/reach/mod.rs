//! Whether a customer can be spoken to: by which account, in which way, and if not, why.
//!
//! Whoever wants to say something asks [`of_customer`] first, and the console shows the same answer. It knows the table
//! of rights, the granted sets, whether the fan follows, and WeChat's allowance of customer-service messages (R3), which
//! it works out from what the fan did and from the ledger.

mod allowance;

mod model;

mod decide;

mod store;

use kit::{CustomerId, Error, Work};
use wechat::message::Interaction;

pub use allowance::{Act, Opening, Window, lasts, window};
pub use model::{AccountReach, ReachCode, Way, Why, Words};

use crate::{
    accounts, customers,
    events::{self, Event, EventKind, Filter},
    fans,
};

/// No table looks further back.
const LONGEST: kit::Millis = 48 * 3_600_000;
/// No more interactions than these are looked at; the newest of each kind decide.
const MOST: u64 = 200;

/// Whether the customer can be spoken to as the fan of each account, in the order of the accounts.
pub async fn of_customer(work: &mut Work, customer: CustomerId) -> Result<Vec<AccountReach>, Error> {
    let customer = customers::find(work, customer).await?.id;
    let group = customers::group(work, customer).await?;
    let fans = fans::of_customers(work, &[customer]).await?;
    let mut reaches = Vec::with_capacity(fans.len());
    for account in accounts::list(work).await? {
        for fan in fans.iter().filter(|fan| fan.account == account.id) {
            let now = work.now();
            let (mut acts, waiting) = store::said(work, &group, account.id, now - LONGEST).await?;
            let kinds = vec![EventKind::MessageIn, EventKind::MenuTap, EventKind::Follow, EventKind::Scan];
            let filter = Filter { channel: None, kinds, account: Some(account.id) };
            for event in events::newest(work, &group, &filter, MOST).await? {
                acts.extend(interaction(&event).map(|interaction| (event.at, Act::Did(interaction))));
            }
            reaches.push(decide::reach(&account, fan, &model::Facts { acts: &acts, waiting, now }));
        }
    }
    Ok(reaches)
}

/// What the fan did, if it opens the window.
fn interaction(event: &Event) -> Option<Interaction> {
    let given = |name: &str| event.properties.get(name).and_then(|value| value.as_str());
    match event.kind {
        // A tap on a line of a msgmenu comes as a text.
        EventKind::MessageIn if given("menu_id").is_some() => Some(Interaction::MenuTap),
        EventKind::MessageIn => Some(Interaction::Message),
        EventKind::Follow => Some(Interaction::Follow),
        EventKind::Scan => Some(Interaction::Scan),
        EventKind::MenuTap => {
            const COUNT: [&str; 3] = ["CLICK", "scancode_push", "scancode_waitmsg"];
            given("event").filter(|event| COUNT.contains(event)).map(|_| Interaction::MenuTap)
        }
        _ => None,
    }
}
