//! May we, and if not why. Pure.

use kit::Millis;

use wechat::rights::AccountKind;

use super::{
    AccountReach, Act, OptOutWay, ReachCode, Wait, Way, Why, Window, allowance,
    model::{Facts, More},
};
use crate::{
    accounts::{Account, Function},
    broadcasts::month,
    calendar,
    fans::{Fan, FanStatus},
    messages::Service,
};

/// What is said so soon after they did something is an answer, even when one was given already.
const JUST_NOW_MS: Millis = 3_600_000;

/// A fan of a service account gets so many broadcasts a month.
const A_MONTH: i64 = month::A_MONTH as i64;

/// Whether this fan can be spoken to.
pub fn reach(account: &Account, fan: &Fan, facts: &Facts) -> AccountReach {
    let mut ways = vec![custom(account, fan, facts), template(account, fan, facts)];
    if let Some(more) = &facts.more {
        ways.push(notice(account, fan, facts, more));
        ways.push(broadcast(account, fan, facts, more));
    }
    AccountReach { account_id: account.id, openid: fan.openid.clone(), blocked: facts.blocked, ways }
}

fn custom(account: &Account, fan: &Fan, facts: &Facts) -> Way {
    let window = allowance::window(account.allowance, facts.acts, facts.now)
        .map(|window| Window { left: window.left.map(|left| left.saturating_sub(facts.waiting)), ..window });
    let why = match account.may(Function::CustomMessage) {
        Err(denied) => Some(denied.into()),
        // Who has never been seen to follow may well do; WeChat will say.
        Ok(()) if has_left(fan) => Some(Why::new(ReachCode::NotFollowing, "R3")),
        Ok(()) => match window {
            None => Some(Why::new(ReachCode::WindowClosed, "R3")),
            Some(Window { left: Some(0), .. }) => Some(Why::new(ReachCode::AllowanceUsed, "R3")),
            Some(_) => None,
        },
    };
    let way = Way { window, answers: answers(facts), ..way(Function::CustomMessage, why) };
    kept_back(way, facts, account, Service::Custom)
}

/// Template messages have no window: whoever follows can be told.
fn template(account: &Account, fan: &Fan, facts: &Facts) -> Way {
    let why = match account.may(Function::Template) {
        Err(denied) => Some(denied.into()),
        Ok(()) if has_left(fan) => Some(Why::new(ReachCode::NotFollowing, "R4")),
        Ok(()) => None,
    };
    kept_back(way(Function::Template, why), facts, account, Service::Template)
}

/// A notice goes to whoever agreed to it, as often as they did.
fn notice(account: &Account, fan: &Fan, facts: &Facts, more: &More) -> Way {
    let why = match account.may(Function::Notice) {
        Err(denied) => Some(denied.into()),
        Ok(()) if has_left(fan) => Some(Why::new(ReachCode::NotFollowing, "R8")),
        Ok(()) if more.notices == 0 && !more.lasting => Some(Why::not_agreed()),
        Ok(()) => None,
    };
    let left = (why.is_none() && !more.lasting).then_some(more.notices);
    kept_back(Way { left, ..way(Function::Notice, why) }, facts, account, Service::Notice)
}

/// A fan of a service account gets four a month; a subscription account sends one a day.
fn broadcast(account: &Account, fan: &Fan, facts: &Facts, more: &More) -> Way {
    let is_service = account.kind() == AccountKind::Service;
    let (why, again_at) = match account.may(Function::Broadcast) {
        Err(denied) => (Some(denied.into()), None),
        Ok(()) if has_left(fan) => (Some(Why::new(ReachCode::NotFollowing, "R1")), None),
        Ok(()) if is_service && more.had >= A_MONTH => {
            let next = calendar::month_span(calendar::month(facts.now)).map(|(_, until)| until);
            (Some(Why::new(ReachCode::MonthUsed, "R1")), next)
        }
        Ok(()) if !is_service && more.today > 0 => {
            (Some(Why::new(ReachCode::DayUsed, "R1")), Some(calendar::next_day(facts.now)))
        }
        Ok(()) => (None, None),
    };
    let left = (why.is_none() && is_service).then_some(A_MONTH - more.had);
    kept_back(Way { left, again_at, ..way(Function::Broadcast, why) }, facts, account, Service::Broadcast)
}

fn has_left(fan: &Fan) -> bool {
    matches!(fan.status, FanStatus::Left | FanStatus::Frozen)
}

fn way(function: Function, why: Option<Why>) -> Way {
    Way {
        function,
        may: why.is_none(),
        why,
        again_at: None,
        waits: None,
        answers: false,
        opted_out: false,
        left: None,
        window: None,
    }
}

/// Whether the fan waits for an answer, or has just done something.
fn answers(facts: &Facts) -> bool {
    let newest = |wanted: fn(&Act) -> bool| {
        facts.acts.iter().filter(|(at, act)| *at <= facts.now && wanted(act)).map(|(at, _)| *at).max()
    };
    let Some(did) = newest(|act| matches!(act, Act::Did(_))) else { return false };
    let said = newest(|act| matches!(act, Act::Said));
    facts.now - did < JUST_NOW_MS || said.is_none_or(|said| said < did)
}

/// What WeChat would allow, and the blacklist, the customer, the tenant or a closed way do not.
fn kept_back(way: Way, facts: &Facts, account: &Account, service: Service) -> Way {
    let opted_out = facts.unwanted.contains(&OptOutWay::of(service));
    let way = Way { opted_out, ..way };
    if way.why.is_some() {
        return way;
    }
    let not = |way: Way, code, again_at| Way { may: false, why: Some(Why::ours(code)), again_at, ..way };
    let gate = facts.around.gates.iter().find(|gate| gate.account_id == account.id && gate.service == service);
    if facts.blocked {
        return not(way, ReachCode::Blacklisted, None);
    }
    if gate.is_some_and(|gate| gate.opens_at.is_none()) {
        return not(way, ReachCode::GateClosed, None);
    }
    let mut waits = gate.map(|gate| Wait::new(ReachCode::GateClosed, gate.opens_at));
    if !way.answers && opted_out {
        return not(way, ReachCode::OptedOut, None);
    }
    // When a broadcast goes out is a person's word, and WeChat counts them.
    if !way.answers && service != Service::Broadcast {
        if let Some(until) = facts.enough_until {
            return not(way, ReachCode::TooOften, Some(until));
        }
        if let Some(until) = facts.around.quiet_until {
            if way.window.is_some_and(|window| window.until <= until) {
                return not(way, ReachCode::QuietHours, Some(until));
            }
            waits = Some(Wait::new(ReachCode::QuietHours, Some(until)));
        }
    }
    if facts.around.paused {
        waits = Some(Wait::new(ReachCode::Paused, None));
    }
    Way { waits, ..way }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use kit::{AccountId, CustomerId};
    use wechat::message::Interaction;

    use super::{super::model::Around, *};
    use crate::{
        accounts::{Allowance, Encryption, Mode, Status, VerificationSource},
        messages::gates::Gate,
    };

    const HOUR: Millis = 3_600_000;
    const NOW: Millis = 100 * HOUR;

    fn service_account() -> Account {
        Account {
            id: AccountId(2),
            mode: Mode::Direct,
            app_id: "wx".into(),
            original_id: None,
            callback_key: String::new(),
            nick_name: String::new(),
            alias: String::new(),
            principal_name: String::new(),
            avatar_url: None,
            service_type: 2,
            verify_type: 0,
            verification_source: VerificationSource::Given,
            status: Status::Bound,
            encryption: Encryption::Safe,
            permission_sets: Vec::new(),
            listen_only: false,
            allowance: Allowance::June2023,
            version: 1,
            callback_verified_at: None,
            last_callback_at: None,
            problem: None,
            problem_errcode: None,
            bound_at: 0,
            unbound_at: None,
            created_at: 0,
        }
    }

    fn fan() -> Fan {
        Fan {
            account: AccountId(2),
            openid: "oFan".into(),
            customer: CustomerId(3),
            status: FanStatus::Following,
            status_at: 0,
            subscribed_at: Some(0),
            scene: None,
            qr_scene: None,
            remark: None,
            unionid: None,
            wechat_tags: Vec::new(),
            info_at: None,
        }
    }

    /// The way by customer-service message, and the one by template message.
    fn ways(acts: &[(Millis, Act)], around: &Around, unwanted: &[OptOutWay], enough: Option<Millis>) -> [Way; 2] {
        let unwanted: HashSet<_> = unwanted.iter().copied().collect();
        let facts = Facts {
            acts,
            waiting: 0,
            now: NOW,
            around,
            unwanted: &unwanted,
            blocked: false,
            enough_until: enough,
            more: None,
        };
        let reach = reach(&service_account(), &fan(), &facts);
        reach.ways.try_into().unwrap()
    }

    fn code(way: &Way) -> Option<ReachCode> {
        way.why.map(|why| why.code)
    }

    /// They wrote a day ago and were answered then.
    const ANSWERED: [(Millis, Act); 2] =
        [(NOW - 24 * HOUR, Act::Did(Interaction::Message)), (NOW - 23 * HOUR, Act::Said)];

    #[test]
    fn r3_r4_an_opt_out_is_of_one_way_and_holds_no_answer_back() {
        let both = [OptOutWay::CustomMessage, OptOutWay::Template];
        let [custom, template] = ways(&ANSWERED, &Around::default(), &both, None);
        assert_eq!((code(&custom), code(&template)), (Some(ReachCode::OptedOut), Some(ReachCode::OptedOut)));
        let [custom, template] = ways(&ANSWERED, &Around::default(), &both[1..], None);
        assert!(custom.may && !custom.opted_out && template.opted_out);
        let unanswered = [ANSWERED[0], ANSWERED[1], (NOW - 2 * HOUR, Act::Did(Interaction::Message))];
        let [custom, _] = ways(&unanswered, &Around::default(), &both, None);
        assert!(custom.may && custom.answers && custom.opted_out);
        let just_now = [(NOW - HOUR / 2, Act::Did(Interaction::Message)), (NOW - HOUR / 4, Act::Said)];
        assert!(ways(&just_now, &Around::default(), &both, None)[0].may);
    }

    #[test]
    fn quiet_hours_let_it_wait_while_there_is_time_and_the_cap_says_when_again() {
        let around = |until| Around { quiet_until: Some(until), ..Around::default() };
        let [custom, template] = ways(&ANSWERED, &around(NOW + 9 * HOUR), &[], None);
        let waits = Some((ReachCode::QuietHours, Some(NOW + 9 * HOUR)));
        for way in [custom, template] {
            assert!(way.may);
            assert_eq!(way.waits.map(|wait| (wait.code, wait.until)), waits);
        }
        // The 48 hours end first.
        let [custom, _] = ways(&ANSWERED, &around(NOW + 24 * HOUR), &[], None);
        assert_eq!((code(&custom), custom.again_at), (Some(ReachCode::QuietHours), Some(NOW + 24 * HOUR)));
        let [custom, template] = ways(&ANSWERED, &Around::default(), &[], Some(NOW + 5));
        assert_eq!((code(&custom), custom.again_at), (Some(ReachCode::TooOften), Some(NOW + 5)));
        assert_eq!(code(&template), Some(ReachCode::TooOften));
    }

    #[test]
    fn r1_four_broadcasts_a_month_and_one_a_day_and_r8_notices_as_often_as_agreed() {
        let around = Around { quiet_until: Some(NOW + HOUR), ..Around::default() };
        let of = |account: &Account, more: More, unwanted: &[OptOutWay]| -> [Way; 2] {
            let unwanted: HashSet<_> = unwanted.iter().copied().collect();
            let facts = Facts {
                acts: &ANSWERED,
                waiting: 0,
                now: NOW,
                around: &around,
                unwanted: &unwanted,
                blocked: false,
                enough_until: Some(NOW + 5),
                more: Some(more),
            };
            let ways = reach(account, &fan(), &facts).ways;
            [ways[2].clone(), ways[3].clone()]
        };
        let service = service_account();
        let subscription = Account { service_type: 0, ..service_account() };
        let [notice, broadcast] = of(&service, More { had: 3, today: 9, ..More::default() }, &[]);
        assert_eq!((code(&notice), code(&broadcast), broadcast.left), (Some(ReachCode::NotAgreed), None, Some(1)));
        assert!(broadcast.waits.is_none(), "neither quiet hours nor the cap are of broadcasts");
        let [_, broadcast] = of(&service, More { had: 4, ..More::default() }, &[]);
        let next_month = calendar::month_span(calendar::month(NOW)).map(|(_, until)| until);
        assert_eq!((code(&broadcast), broadcast.again_at), (Some(ReachCode::MonthUsed), next_month));
        let [notice, broadcast] = of(&subscription, More { had: 9, today: 1, ..More::default() }, &[]);
        assert_eq!(code(&notice), Some(ReachCode::Type));
        assert_eq!((code(&broadcast), broadcast.again_at), (Some(ReachCode::DayUsed), Some(calendar::next_day(NOW))));
        let [_, broadcast] = of(&subscription, More::default(), &[OptOutWay::Broadcast]);
        assert_eq!(code(&broadcast), Some(ReachCode::OptedOut));
    }

    #[test]
    fn p7_p10_behind_a_closed_way_and_in_a_pause_it_waits_and_where_a_person_is_needed_it_may_not() {
        let gate = |opens_at| Gate {
            account_id: AccountId(2),
            service: Service::Template,
            reason: "day_quota".into(),
            errcode: Some(45009),
            evidence: None,
            closed_at: NOW,
            opens_at,
        };
        let around = Around { gates: vec![gate(Some(NOW + HOUR))], ..Around::default() };
        let [custom, template] = ways(&ANSWERED, &around, &[], None);
        assert!(custom.waits.is_none());
        assert_eq!(template.waits.map(|wait| (wait.code, wait.until)), Some((ReachCode::GateClosed, Some(NOW + HOUR))));
        let around = Around { gates: vec![gate(None)], ..Around::default() };
        assert_eq!(code(&ways(&ANSWERED, &around, &[], None)[1]), Some(ReachCode::GateClosed));
        let paused = Around { paused: true, ..Around::default() };
        for way in ways(&ANSWERED, &paused, &[], None) {
            assert_eq!(way.waits.map(|wait| (way.may, wait.code, wait.until)), Some((true, ReachCode::Paused, None)));
        }
    }
}
