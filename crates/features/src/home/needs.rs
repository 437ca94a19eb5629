//! What needs a person, worst first. Pure.

use std::collections::HashSet;

use entities::{
    accounts::{ASKED_SETS, Account, Mode, platform::PlatformStatus},
    broadcasts::{InDoubt, Waiting},
    conversations::Summary,
    imports::{Import, ImportState},
    messages::gates::Gate,
};
use kit::{AccountId, Millis, clock};
use serde_json::{Value, json};

use super::model::{CountFault, MenuFault, Need, Severity};

/// Official accounts that people use are not silent for so long.
const SILENCE_MS: Millis = 3 * 24 * 3600 * 1000;

/// An account with what the list looks at.
pub struct Subject {
    pub account: Account,
    pub import: Option<Import>,
    /// Messages that wait for a person.
    pub held: i64,
}

/// Everything that the list is made from.
pub struct Facts {
    pub now: Millis,
    pub subjects: Vec<Subject>,
    /// Accounts that greet those who follow.
    pub welcoming: HashSet<AccountId>,
    pub unmatched: i64,
    pub platform: PlatformStatus,
    /// What waits in the inbox; absent for who may not see it.
    pub inbox: Option<Summary>,
    /// What keeps messages from going out; absent for who may not see it.
    pub sending: Option<Standing>,
    /// Menus that the clock did not publish; none for who may not see them.
    pub menus: Vec<MenuFault>,
}

/// What keeps messages from going out.
pub struct Standing {
    /// Since when nothing goes out until a person says so.
    pub paused_at: Option<Millis>,
    /// Of the accounts that are looked at.
    pub gates: Vec<Gate>,
    /// So many sends are in doubt, and nobody has decided about them.
    pub unknown: i64,
    /// Of the accounts that are looked at, those with broadcasts that wait for a person.
    pub broadcasts: Vec<Waiting>,
    /// Of the accounts that are looked at, those with broadcasts in doubt.
    pub in_doubt: Vec<InDoubt>,
    /// Campaigns whose time passed while nobody was there, by account.
    pub campaigns_missed: Vec<(AccountId, i64)>,
    /// So many milliseconds our clock is ahead of WeChat's, when that is worth a word.
    pub clock_ahead: Option<Millis>,
    /// What does not add up, as the last comparison found.
    pub count_faults: Vec<CountFault>,
    /// The one account that is looked at.
    pub account: Option<AccountId>,
}

/// A way that opens by itself so soon needs nobody.
const SOON_MS: Millis = 10 * 60_000;

/// The list.
pub fn needs(facts: &Facts) -> Vec<Need> {
    let mut needs = Vec::new();
    if let Some(problem) = facts.platform.problem.as_deref().filter(|problem| *problem != "not_configured") {
        needs.push(Need {
            link: Some("/settings/platform".into()),
            ..need("ticket_missing", Severity::Error, None, json!({ "problem": problem }))
        });
    }
    if let Some(inbox) = &facts.inbox {
        of_inbox(&mut needs, inbox);
    }
    if let Some(sending) = &facts.sending {
        of_sending(&mut needs, sending, facts.now);
    }
    for subject in &facts.subjects {
        of_account(&mut needs, facts, subject);
    }
    if facts.unmatched > 0 {
        let unmatched = need("unmatched", Severity::Info, None, json!({ "count": facts.unmatched }));
        needs.push(Need { link: Some("/replies?view=unmatched".into()), ..unmatched });
    }
    needs.sort_by_key(|need| match need.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    });
    needs
}

/// Fans who wait for an answer; the ones who can soon not be answered any more are said first, and once.
fn of_inbox(needs: &mut Vec<Need>, inbox: &Summary) {
    let mut say = |code, severity, count: i64, only: &str| {
        if count > 0 {
            let link = Some(format!("/inbox?only={only}"));
            needs.push(Need { link, ..need(code, severity, None, json!({ "count": count })) });
        }
    };
    say("windows_closing", Severity::Error, inbox.closing, "closing");
    say("unanswered", Severity::Warning, inbox.waiting - inbox.closing, "waiting");
}

/// What was sent and nobody knows, and what does not go out.
fn of_sending(needs: &mut Vec<Need>, sending: &Standing, now: Millis) {
    if let Some(paused_at) = sending.paused_at {
        let paused = need("sending_paused", Severity::Error, None, json!({ "paused_at": paused_at }));
        needs.push(Need { link: Some("/sends?show=ways".into()), ..paused });
    }
    if let Some(ahead) = sending.clock_ahead {
        let is_wrong = ahead.abs() >= clock::WRONG_MS;
        let severity = if is_wrong { Severity::Error } else { Severity::Warning };
        let code = if is_wrong { "clock_wrong" } else { "clock_off" };
        needs.push(need(code, severity, None, json!({ "minutes": ahead.abs() / 60_000 })));
    }
    for fault in &sending.count_faults {
        let CountFault { account, kind, id, name, problem, accepted, found } = fault;
        let facts = json!({ "kind": kind, "name": name, "accepted": accepted, "found": found });
        let link = match kind.as_str() {
            "campaign" => format!("/templates/{id}?account={account}"),
            _ => format!("/broadcasts/{id}?account={account}"),
        };
        let off = need(&format!("counts_{problem}"), Severity::Error, Some(*account), facts);
        needs.push(Need { link: Some(link), ..off });
    }
    for gate in &sending.gates {
        if gate.opens_at.is_some_and(|at| at < now + SOON_MS) {
            continue;
        }
        let severity = if gate.opens_at.is_none() { Severity::Error } else { Severity::Warning };
        let facts = json!({ "service": gate.service.as_str(), "reason": gate.reason, "errcode": gate.errcode, "opens_at": gate.opens_at });
        let closed = need("gate_closed", severity, Some(gate.account_id), facts);
        needs.push(Need { link: Some(format!("/sends?show=ways&account={}", gate.account_id)), ..closed });
    }
    if sending.unknown > 0 {
        let of = sending.account.map(|account| format!("&account={account}")).unwrap_or_default();
        let unknown = need("sends_unknown", Severity::Warning, None, json!({ "count": sending.unknown }));
        needs.push(Need { link: Some(format!("/sends?show=doubt{of}")), ..unknown });
    }
    of_broadcasts(needs, sending);
}

/// What was to go to many, and stands still until a person says something.
fn of_broadcasts(needs: &mut Vec<Need>, sending: &Standing) {
    let mut say = |code, severity, (account, count): (AccountId, i64), link: String| {
        if count > 0 {
            let link = Some(format!("{link}&account={account}"));
            needs.push(Need { link, ..need(code, severity, Some(account), json!({ "count": count })) });
        }
    };
    let standing = |state: &str| format!("/broadcasts?standing={state}");
    for Waiting { account, approval, missed, held, confirming } in sending.broadcasts.iter().copied() {
        say("broadcasts_confirming", Severity::Error, (account, confirming), standing("running"));
        say("broadcasts_approval", Severity::Warning, (account, approval), standing("awaiting_approval"));
        say("broadcasts_missed", Severity::Warning, (account, missed), standing("missed"));
        say("broadcasts_held", Severity::Warning, (account, held), standing("held"));
    }
    for one in &sending.campaigns_missed {
        say("campaigns_missed", Severity::Warning, *one, "/templates?stage_of=missed".into());
    }
    for InDoubt { account, only, parts } in &sending.in_doubt {
        let unknown = need("broadcasts_unknown", Severity::Warning, Some(*account), json!({ "count": parts }));
        let link = match only {
            Some(broadcast) => format!("/broadcasts/{broadcast}?account={account}"),
            None => format!("/broadcasts?standing=in_doubt&account={account}"),
        };
        needs.push(Need { link: Some(link), ..unknown });
    }
}

fn of_account(needs: &mut Vec<Need>, facts: &Facts, subject: &Subject) {
    let account = &subject.account;
    let mut say = |code: &str, severity, params| needs.push(need(code, severity, Some(account.id), params));
    if !account.is_bound() {
        return say("account_unbound", Severity::Warning, Value::Null);
    }
    if let Some(problem) = &account.problem {
        let code = if problem.contains("token") || problem.contains("secret") { "token_failed" } else { problem };
        say(code, Severity::Error, json!({ "problem": problem, "errcode": account.problem_errcode }));
    }
    if account.mode == Mode::Platform {
        let missing: Vec<i64> =
            ASKED_SETS.iter().map(|set| set.0).filter(|set| !account.permission_sets.contains(set)).collect();
        if !missing.is_empty() {
            say("permissions_missing", Severity::Warning, json!({ "count": missing.len(), "sets": missing }));
        }
    }
    // Callbacks of platform accounts go to one address that the platform has proved; one that was called has been, too.
    let is_proved = account.callback_verified_at.is_some() || account.last_callback_at.is_some();
    if account.mode == Mode::Direct && !is_proved {
        say("callback_unverified", Severity::Error, Value::Null);
    } else if let Some(last) = account.last_callback_at.filter(|last| facts.now - last > SILENCE_MS) {
        say("callback_silent", Severity::Warning, json!({ "last_callback_at": last }));
    }
    if subject.held > 0 {
        say("sends_held", Severity::Warning, json!({ "count": subject.held }));
    }
    match &subject.import {
        Some(Import { state: ImportState::Failed, problem, errcode, .. }) => {
            say("import_failed", Severity::Error, json!({ "problem": problem, "errcode": errcode }))
        }
        Some(Import { state: ImportState::Paused, .. }) => say("import_paused", Severity::Info, Value::Null),
        _ => {}
    }
    for fault in facts.menus.iter().filter(|fault| fault.account == account.id) {
        let code = if fault.is_missed() { "menu_missed" } else { "menu_failed" };
        let menu = need(code, Severity::Warning, Some(account.id), json!({ "problem": fault.problem }));
        needs.push(Need { link: Some(format!("/menu?account={}", account.id)), ..menu });
    }
    if !account.listen_only && !facts.welcoming.contains(&account.id) {
        let welcome = need("no_welcome", Severity::Info, Some(account.id), Value::Null);
        needs.push(Need { link: Some(format!("/replies?account={}", account.id)), ..welcome });
    }
}

fn need(code: &str, severity: Severity, account: Option<AccountId>, params: Value) -> Need {
    let params = if params.is_null() { json!({}) } else { params };
    Need {
        code: code.to_owned(),
        severity,
        account_id: account,
        params,
        link: account.map(|account| format!("/accounts/{account}")),
    }
}
