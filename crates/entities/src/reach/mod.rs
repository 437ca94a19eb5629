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
    accounts::{self, Account},
    customers,
    events::{self, Event, EventKind, Filter},
    fans::{self, Fan},
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

/// A fan, and what the caller knows of their interactions.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    pub account: &'a Account,
    pub fan: &'a Fan,
    /// Every id of the customer that the fan is.
    pub group: &'a [CustomerId],
    /// The newest interaction of each kind, at least.
    pub did: Vec<(kit::Millis, Interaction)>,
}

/// The same for many fans at once, in one look at the ledger, in their order.
pub async fn of_known(work: &mut Work, known: &[Known<'_>]) -> Result<Vec<AccountReach>, Error> {
    let now = work.now();
    let everybody: Vec<CustomerId> = known.iter().flat_map(|one| one.group).copied().collect();
    let said = store::said_to_many(work, &everybody, now - LONGEST).await?;
    let mut reaches = Vec::with_capacity(known.len());
    for one in known {
        let to = said.iter().filter(|said| said.account == one.account.id && one.group.contains(&said.customer));
        let (mut acts, mut waiting) = (Vec::new(), 0);
        for said in to {
            acts.extend(said.act.map(|act| (said.at, act)));
            waiting += u32::from(said.waits);
        }
        acts.extend(one.did.iter().map(|(at, did)| (*at, Act::Did(*did))));
        reaches.push(decide::reach(one.account, one.fan, &model::Facts { acts: &acts, waiting, now }));
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
