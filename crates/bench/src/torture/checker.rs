//! What the ledger says against what WeChat did, line by line. Pure.
//!
//! For every logical send with E executions: `sent` means E = 1; `refused`, `cancelled`, `held` and `queued` mean E = 0;
//! `unknown` means that E is 0 or 1, and that an answer was lost or a process died or stood still while it was under way;
//! E is never more than 1. Nothing is left open.

use crate::sandbox::Total;

/// A line of the ledger.
#[derive(Debug, Clone, Default, store::FromRow)]
pub struct Line {
    pub tenant_id: i64,
    pub id: i64,
    pub account_id: i64,
    pub openid: String,
    pub service: String,
    pub state: String,
    pub reason: Option<String>,
    pub evidence: Option<String>,
    pub first_sending_at: Option<i64>,
    pub settled_at: Option<i64>,
    pub attempts: i64,
    pub campaign_id: Option<i64>,
}

/// When processes died or stood still: from, to. A death is an instant.
pub type Blows = [(i64, i64)];

/// The clocks of two processes of one machine, and the way from the one to the other.
const SLACK_MS: i64 = 1_000;

/// Executions that are too many, and anything else that ought not to be, in a sentence.
pub fn judge(line: &Line, total: Total, blows: &Blows) -> (u64, Option<String>) {
    let executions = total.executions;
    let why = match line.state.as_str() {
        "sent" if executions == 1 => None,
        "refused" | "cancelled" | "held" if executions == 0 => None,
        "unknown" if executions <= 1 => unexplained(line, total, blows),
        "queued" | "sending" | "retrying" => Some("it is still open".to_owned()),
        _ => Some(format!("it was executed {executions} times")),
    };
    // WeChat knows none of these again: a second call is a second message.
    let why = why.or_else(|| {
        (line.service == "custom" && total.calls > 1).then(|| format!("it was called {} times", total.calls))
    });
    let sentence = why.map(|why| {
        let reason = line.reason.as_deref().unwrap_or("no reason");
        format!("a {} send is {} ({reason}, {} attempts): {why}", line.service, line.state, line.attempts)
    });
    (executions.saturating_sub(1), sentence)
}

fn unexplained(line: &Line, total: Total, blows: &Blows) -> Option<String> {
    if line.evidence.is_none() {
        return Some("nobody says what is known of it".to_owned());
    }
    let (Some(from), Some(to)) = (line.first_sending_at, line.settled_at) else {
        return Some("nobody says when it was under way".to_owned());
    };
    let struck = blows.iter().any(|(begun, ended)| *ended >= from - SLACK_MS && *begun <= to + SLACK_MS);
    let explained = match line.reason.as_deref() {
        Some("process_died") => struck,
        Some("answer_lost" | "wechat_busy") => struck || total.faults > 0,
        _ => false,
    };
    (!explained).then(|| "no answer was lost and no process died".to_owned())
}

/// It was interrupted, and came to a good end without anybody's help.
pub fn is_recovered(line: &Line) -> bool {
    line.state == "sent" && (line.attempts > 1 || line.reason.as_deref() == Some("inferred"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(service: &str, state: &str, reason: Option<&str>) -> Line {
        Line {
            service: service.into(),
            state: state.into(),
            reason: reason.map(Into::into),
            evidence: Some("what is known".into()),
            first_sending_at: Some(10_000),
            settled_at: Some(20_000),
            attempts: 1,
            ..Line::default()
        }
    }

    #[test]
    fn the_ledger_must_agree_with_what_was_executed() {
        let total = |executions| Total { calls: executions, executions, faults: 1 };
        for (state, reason, executions, wrong) in [
            ("sent", None, 1, false),
            ("sent", None, 0, true),
            ("sent", None, 2, true),
            ("refused", Some("window_closed"), 0, false),
            ("refused", Some("window_closed"), 1, true),
            ("cancelled", Some("stopped"), 0, false),
            ("cancelled", Some("stopped"), 1, true),
            ("held", Some("unauthorized"), 1, true),
            ("unknown", Some("process_died"), 0, false),
            ("unknown", Some("answer_lost"), 1, false),
            ("unknown", Some("answer_lost"), 2, true),
            ("unknown", None, 1, true),
            ("sending", None, 0, true),
            ("retrying", Some("answer_lost"), 1, true),
            ("queued", None, 0, true),
        ] {
            let found = judge(&line("template", state, reason), total(executions), &[(15_000, 15_000)]);
            assert_eq!(found.1.is_some(), wrong, "{state} {reason:?} {executions}: {found:?}");
            assert_eq!(found.0, executions.saturating_sub(1));
        }
    }

    #[test]
    fn what_is_unknown_needs_a_lost_answer_or_a_blow_while_it_was_under_way() {
        let at = |state: &str, reason, faults, blows: &Blows| {
            judge(&line("custom", state, reason), Total { calls: 1, executions: 0, faults }, blows).1
        };
        assert!(at("unknown", Some("process_died"), 1, &[]).is_some(), "nobody died");
        assert!(at("unknown", Some("process_died"), 0, &[(5_000, 5_000)]).is_some(), "it died before");
        assert!(at("unknown", Some("process_died"), 0, &[(30_000, 30_000)]).is_some(), "it died afterwards");
        assert!(at("unknown", Some("process_died"), 0, &[(5_000, 12_000)]).is_none(), "it stood still");
        assert!(at("unknown", Some("answer_lost"), 0, &[]).is_some(), "every answer arrived");
        assert!(at("unknown", Some("answer_lost"), 1, &[]).is_none());
    }

    #[test]
    fn a_customer_service_message_is_called_for_once() {
        let calls =
            |service, calls| judge(&line(service, "sent", None), Total { calls, executions: 1, faults: 0 }, &[]).1;
        assert!(calls("custom", 1).is_none());
        assert!(calls("custom", 2).is_some());
        assert!(calls("template", 2).is_none());
    }
}
