//! The last look before the call: what a customer does not want, WeChat's blacklist, quiet hours and the frequency cap, as they
//! are when the intent is written and not only when the message was put in line.
//!
//! Costs one look for a lot of sends when a tenant has none of these, and a few more when it has.

mod store;

use std::collections::{HashMap, HashSet};

use ::store::Tx;
use kit::{AccountId, CustomerId, Error, Millis, TenantId};

use super::{FrequencyCap, OptOutWay, ReachSettings, blocked, settings, wishes};
use crate::{
    messages::sends::{Claimed, Purpose},
    people::TimeZone,
};

pub(super) use store::heard;

/// What becomes of a send that was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Go,
    /// It may not be said, and why: a stable word.
    Refuse(&'static str),
    /// Not before this instant.
    Wait(Millis),
}

/// What is known of whom a lot goes to.
#[derive(Debug, Default)]
struct Facts {
    /// The id under which everything about a customer is found, where it is another.
    canonical: HashMap<CustomerId, CustomerId>,
    unwanted: HashSet<(CustomerId, OptOutWay)>,
    blocked: HashSet<(AccountId, String)>,
    quiet_until: Option<Millis>,
    /// Whether service messages keep to the quiet hours too.
    quiet_service: bool,
    cap: Option<FrequencyCap>,
    heard: HashMap<CustomerId, Vec<Millis>>,
}

/// For each of these, in their order, whether it may go now. Inside the transaction that writes the intent.
pub async fn look(tx: &Tx, claimed: &[Claimed], now: Millis) -> Result<Vec<Verdict>, Error> {
    let mut tenants: Vec<i64> = claimed.iter().map(|send| send.tenant).collect();
    tenants.sort_unstable();
    tenants.dedup();
    let mut verdicts = vec![Verdict::Go; claimed.len()];
    for tenant in tenants {
        if !store::anything(tx, TenantId(tenant)).await? {
            continue;
        }
        let of_tenant = || claimed.iter().enumerate().filter(|(_, send)| send.tenant == tenant);
        let lot: Vec<&Claimed> = of_tenant().map(|(_, send)| send).collect();
        let facts = facts(tx, TenantId(tenant), &lot, now).await?;
        for ((place, _), verdict) in of_tenant().zip(judge(&lot, facts, now)) {
            verdicts[place] = verdict;
        }
    }
    Ok(verdicts)
}

async fn facts(tx: &Tx, tenant: TenantId, lot: &[&Claimed], now: Millis) -> Result<Facts, Error> {
    let mut customers: Vec<CustomerId> = lot.iter().map(|send| send.customer).collect();
    customers.sort_unstable();
    customers.dedup();
    let openids: Vec<&str> = lot.iter().map(|send| send.openid.as_str()).collect();
    let canonical = store::canonical(tx, tenant, &customers).await?;
    let ids: Vec<CustomerId> = canonical.keys().copied().collect();
    let unwanted = wishes::among(tx, &ids, tenant).await?;
    let (ReachSettings { quiet_hours, frequency_cap: cap }, zone): (_, TimeZone) =
        settings::found_in(tx, tenant).await?;
    let mut heard: HashMap<CustomerId, Vec<Millis>> = HashMap::new();
    if let Some(cap) = cap {
        let own: Vec<i64> = lot.iter().map(|send| send.id.0).collect();
        for (customer, at) in store::heard(tx, tenant, &ids, cap.since(now), &own).await? {
            heard.entry(canonical.get(&customer).copied().unwrap_or(customer)).or_default().push(at);
        }
    }
    Ok(Facts {
        unwanted: unwanted
            .into_iter()
            .map(|(customer, way)| (canonical.get(&customer).copied().unwrap_or(customer), way))
            .collect(),
        blocked: blocked::among(tx, tenant, &openids).await?,
        quiet_until: quiet_hours.and_then(|quiet| quiet.end(zone, now)),
        quiet_service: quiet_hours.is_some_and(|quiet| quiet.service_too),
        cap,
        heard,
        canonical,
    })
}

/// Pure.
fn judge(lot: &[&Claimed], mut facts: Facts, now: Millis) -> Vec<Verdict> {
    let one = |send: &&Claimed| {
        let customer = facts.canonical.get(&send.customer).copied().unwrap_or(send.customer);
        if facts.blocked.contains(&(send.account, send.openid.clone())) {
            return Verdict::Refuse("blacklisted");
        }
        if send.purpose == Purpose::Answer {
            return Verdict::Go;
        }
        if facts.unwanted.contains(&(customer, OptOutWay::of(send.service))) {
            return Verdict::Refuse("opted_out");
        }
        // What was begun before is not a new message, and WeChat forgets it before the morning.
        if send.doubt {
            return Verdict::Go;
        }
        let keeps_quiet = send.purpose == Purpose::Marketing || facts.quiet_service;
        if let Some(until) = facts.quiet_until.filter(|_| keeps_quiet) {
            let too_late = send.deadline_at.is_some_and(|deadline| deadline <= until);
            return if too_late { Verdict::Refuse("quiet_hours") } else { Verdict::Wait(until) };
        }
        if let Some(cap) = facts.cap.filter(|_| send.purpose == Purpose::Marketing) {
            let heard = facts.heard.entry(customer).or_default();
            if cap.full_until(heard.clone(), now).is_some() {
                return Verdict::Refuse("too_often");
            }
            heard.push(now);
        }
        Verdict::Go
    };
    lot.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use kit::SendId;

    use super::*;
    use crate::messages::Service;

    fn send(id: i64, purpose: Purpose) -> Claimed {
        Claimed {
            tenant: 1,
            id: SendId(id),
            account: AccountId(2),
            customer: CustomerId(3),
            openid: "oFan".into(),
            service: Service::Template,
            message: None,
            campaign: None,
            purpose,
            rule: None,
            position: 0,
            due_at: 0,
            deadline_at: None,
            by: None,
            first_at: 0,
            sending_at: 0,
            attempts: 1,
            doubt: false,
            tries_gate: false,
        }
    }

    fn judged(sends: &[Claimed], facts: Facts) -> Vec<Verdict> {
        judge(&sends.iter().collect::<Vec<_>>(), facts, 1000)
    }

    #[test]
    fn what_is_not_wanted_is_not_said_unless_it_answers() {
        let facts = || Facts {
            // The wish was entered for who is now another.
            canonical: HashMap::from([(CustomerId(3), CustomerId(9))]),
            unwanted: HashSet::from([(CustomerId(9), OptOutWay::Template)]),
            ..Facts::default()
        };
        let out = Verdict::Refuse("opted_out");
        let sends = [send(1, Purpose::Marketing), send(2, Purpose::Service), send(3, Purpose::Answer)];
        assert_eq!(judged(&sends, facts()), [out, out, Verdict::Go]);
        let again = Claimed { doubt: true, ..send(1, Purpose::Marketing) };
        assert_eq!(judged(&[again], facts()), [out]);
        let otherwise = Claimed { service: Service::Custom, ..send(1, Purpose::Marketing) };
        assert_eq!(judged(&[otherwise], facts()), [Verdict::Go]);
    }

    #[test]
    fn whom_wechat_keeps_away_hears_not_even_an_answer() {
        let facts = Facts { blocked: HashSet::from([(AccountId(2), "oFan".into())]), ..Facts::default() };
        assert_eq!(judged(&[send(1, Purpose::Answer)], facts), [Verdict::Refuse("blacklisted")]);
    }

    #[test]
    fn in_quiet_hours_marketing_waits_and_what_cannot_wait_is_not_said() {
        let facts = |quiet_service| Facts { quiet_until: Some(5000), quiet_service, ..Facts::default() };
        let sends = [send(1, Purpose::Marketing), send(2, Purpose::Service), send(3, Purpose::Answer)];
        assert_eq!(judged(&sends, facts(false)), [Verdict::Wait(5000), Verdict::Go, Verdict::Go]);
        assert_eq!(judged(&sends[1..2], facts(true)), [Verdict::Wait(5000)]);
        let short = Claimed { deadline_at: Some(4000), ..send(1, Purpose::Marketing) };
        assert_eq!(judged(&[short], facts(false)), [Verdict::Refuse("quiet_hours")]);
        let again = Claimed { doubt: true, ..send(1, Purpose::Marketing) };
        assert_eq!(judged(&[again], facts(false)), [Verdict::Go]);
    }

    #[test]
    fn the_cap_counts_what_the_lot_itself_says() {
        let cap = Some(FrequencyCap { messages: 2, days: 1 });
        let facts = Facts { cap, heard: HashMap::from([(CustomerId(3), vec![900])]), ..Facts::default() };
        let sends = [
            send(1, Purpose::Service),
            send(2, Purpose::Marketing),
            send(3, Purpose::Marketing),
            send(4, Purpose::Answer),
        ];
        assert_eq!(judged(&sends, facts), [Verdict::Go, Verdict::Go, Verdict::Refuse("too_often"), Verdict::Go]);
    }
}
