//! Whether a customer can be spoken to: by which account, in which way, and if not, why.
//!
//! Whoever wants to say something asks [`of_customer`] first, and the console shows the same answer. It knows the table
//! of rights, the granted sets, whether the fan follows, WeChat's allowance of customer-service messages (R3), which it
//! works out from what the fan did and from the ledger, ways that are closed, the blacklist, and what the customer
//! ([`wishes`]) and the tenant ([`settings`]) do not want. The sender asks once more by [`guard::look`], when it writes the intent.

mod allowance;

mod model;

mod decide;

mod store;

pub mod settings;

pub mod wishes;

pub mod blocked;

pub mod guard;

use std::collections::{HashMap, HashSet};

use kit::{AccountId, CustomerId, Error, Millis, Work};
use wechat::message::Interaction;

use model::More;

pub use allowance::{Act, Opening, Window, lasts, window};
pub use model::{AccountReach, ReachCode, Wait, Way, Why, Words};
pub use settings::{FrequencyCap, QuietHours, ReachSettings};
pub use wishes::{OptOut, OptOutWay};

use crate::{
    accounts::{self, Account},
    broadcasts::month,
    calendar,
    campaigns::Audience,
    customers,
    events::{self, Event, EventKind, Filter},
    fans::{self, Fan},
    messages::{gates, restore},
    templates::grants,
};

/// No table looks further back.
const LONGEST: kit::Millis = 48 * 3_600_000;
/// No more interactions than these are looked at; the newest of each kind decide.
const MOST: u64 = 200;

/// Whether the customer can be spoken to as the fan of each account, in the order of the accounts: by customer-service and
/// template messages, which is what somebody who wants to say something asks.
pub async fn of_customer(work: &mut Work, customer: CustomerId) -> Result<Vec<AccountReach>, Error> {
    let now = work.now();
    reaches(work, customer, now, false).await
}

/// The same, and whether a notice or a broadcast would reach them, at an instant that has not passed: by what is known
/// now, with what ends or begins by itself until then.
pub async fn in_every_way(work: &mut Work, customer: CustomerId, at: Millis) -> Result<Vec<AccountReach>, Error> {
    reaches(work, customer, at, true).await
}

async fn reaches(
    work: &mut Work,
    customer: CustomerId,
    now: Millis,
    in_every_way: bool,
) -> Result<Vec<AccountReach>, Error> {
    let customer = customers::find(work, customer).await?.id;
    let group = customers::group(work, customer).await?;
    let fans = fans::of_customers(work, &[customer]).await?;
    let around = around(work, now).await?;
    let known = Kept::of(work, &[&group], &fans, &around, now).await?;
    let mut reaches = Vec::with_capacity(fans.len());
    for account in accounts::list(work).await? {
        for fan in fans.iter().filter(|fan| fan.account == account.id) {
            let (mut acts, waiting) = store::said(work, &group, account.id, now - LONGEST).await?;
            let kinds = vec![EventKind::MessageIn, EventKind::MenuTap, EventKind::Follow, EventKind::Scan];
            let filter = Filter { channel: None, kinds, account: Some(account.id) };
            for event in events::newest(work, &group, &filter, MOST).await? {
                acts.extend(interaction(&event).map(|interaction| (event.at, Act::Did(interaction))));
            }
            let more = if in_every_way { Some(more(work, &account, fan, &group, now).await?) } else { None };
            reaches.push(known.reach(&account, fan, &group, &around, (&acts, waiting, more), now));
        }
    }
    Ok(reaches)
}

/// What is known of broadcasts and notices to one fan.
async fn more(work: &mut Work, account: &Account, fan: &Fan, group: &[CustomerId], now: Millis) -> Result<More, Error> {
    let had = month::had_by(work, account.id, &Audience::All, &[fan.openid.as_str()], now).await?;
    let (today, tomorrow) = (calendar::this_day(now), calendar::next_day(now));
    let granted = grants::of_customers(work, group).await?;
    let granted = granted.iter().filter(|grant| grant.account == account.id && grant.openid == fan.openid);
    let (notices, lasting) = granted.fold((0, false), |(n, any), one| (n + one.left, any || one.lasting));
    Ok(More {
        had: had.get(&fan.openid).map_or(0, |had| *had as i64),
        today: month::sent(work, account.id, today, tomorrow).await?,
        notices,
        lasting,
    })
}

/// What holds for everybody at an instant. A way that is due to open by then is taken to be open.
async fn around(work: &mut Work, at: Millis) -> Result<model::Around, Error> {
    let settings = settings::read(work).await?;
    let is_later = at > work.now();
    let mut gates = gates::list(work).await?;
    gates.retain(|gate| !is_later || gate.opens_at.is_none_or(|opens| opens > at));
    Ok(model::Around {
        paused: restore::paused(work).await?.is_some(),
        gates,
        quiet_until: settings::quiet_until(work, &settings, at).await?,
        settings,
    })
}

/// What keeps messages from these people, but for WeChat's allowance.
struct Kept {
    unwanted: HashSet<(CustomerId, OptOutWay)>,
    blocked: HashSet<(AccountId, String)>,
    heard: HashMap<CustomerId, Vec<Millis>>,
}

impl Kept {
    async fn of(
        work: &mut Work,
        groups: &[&[CustomerId]],
        fans: &[Fan],
        around: &model::Around,
        now: Millis,
    ) -> Result<Self, Error> {
        let tenant = work.tenant();
        let everybody: Vec<CustomerId> = groups.iter().copied().flatten().copied().collect();
        let openids: Vec<&str> = fans.iter().map(|fan| fan.openid.as_str()).collect();
        let tx = work.tx().await?;
        let mut heard: HashMap<CustomerId, Vec<Millis>> = HashMap::new();
        if let Some(cap) = around.settings.frequency_cap {
            for (customer, at) in guard::heard(tx, tenant, &everybody, cap.since(now), &[]).await? {
                heard.entry(customer).or_default().push(at);
            }
        }
        Ok(Self {
            unwanted: wishes::among(tx, &everybody, tenant).await?,
            blocked: blocked::among(tx, tenant, &openids).await?,
            heard,
        })
    }

    fn reach(
        &self,
        account: &Account,
        fan: &Fan,
        group: &[CustomerId],
        around: &model::Around,
        (acts, waiting, more): (&[(Millis, Act)], u32, Option<More>),
        now: Millis,
    ) -> AccountReach {
        let heard: Vec<Millis> = group.iter().filter_map(|id| self.heard.get(id)).flatten().copied().collect();
        let unwanted =
            self.unwanted.iter().filter(|(customer, _)| group.contains(customer)).map(|(_, way)| *way).collect();
        let facts = model::Facts {
            acts,
            waiting,
            now,
            around,
            unwanted: &unwanted,
            blocked: self.blocked.contains(&(account.id, fan.openid.clone())),
            enough_until: around.settings.frequency_cap.and_then(|cap| cap.full_until(heard, now)),
            more,
        };
        decide::reach(account, fan, &facts)
    }
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

/// The same for many fans at once, in one look at the ledger, in their order; by customer-service and template messages.
pub async fn of_known(work: &mut Work, known: &[Known<'_>]) -> Result<Vec<AccountReach>, Error> {
    let now = work.now();
    let everybody: Vec<CustomerId> = known.iter().flat_map(|one| one.group).copied().collect();
    let said = store::said_to_many(work, &everybody, now - LONGEST).await?;
    let groups: Vec<&[CustomerId]> = known.iter().map(|one| one.group).collect();
    let fans: Vec<Fan> = known.iter().map(|one| one.fan.clone()).collect();
    let around = around(work, now).await?;
    let kept = Kept::of(work, &groups, &fans, &around, now).await?;
    let mut reaches = Vec::with_capacity(known.len());
    for one in known {
        let to = said.iter().filter(|said| said.account == one.account.id && one.group.contains(&said.customer));
        let (mut acts, mut waiting) = (Vec::new(), 0);
        for said in to {
            acts.extend(said.act.map(|act| (said.at, act)));
            waiting += u32::from(said.waits);
        }
        acts.extend(one.did.iter().map(|(at, did)| (*at, Act::Did(*did))));
        reaches.push(kept.reach(one.account, one.fan, one.group, &around, (&acts, waiting, None), now));
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
