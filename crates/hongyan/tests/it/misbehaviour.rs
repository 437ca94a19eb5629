//! WeChat misbehaving in every way we know of, at every call we make: what comes of it, and exactly how often the call
//! is made.
//!
//! Nine calls × fourteen outcomes × at the first or at the second try × carried out or not are 504 cells. What is
//! expected of each is written down from the contract of the call (docs/promises.md, P2, P7 and P16), not read from the
//! program: see `ledger` for what is sent to a fan, `mass` for what is sent to many, `others` for the rest.

use std::{fmt, time::Duration};

use kit::{AccountId, TenantId};
use reqwest::Method;
use serde_json::{Value, json};
use store::sql;
use testkit::{TestDb, databases};

use crate::{
    fan_import::imported,
    hub::{Bound, Hub},
    ledger::tenant,
};

mod ledger;

mod mass;

mod others;

/// What WeChat does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Cut,
    Half,
    Page,
    Empty,
    OtherJson,
    BadGateway,
    Redirect,
    Silence,
    Busy,
    UnknownCode,
    StaleToken,
    DayQuota,
    MinuteQuota,
    NotAllowed,
}

/// What it says to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    /// Nothing: it may have been done.
    Lost,
    /// A code of which nobody knows whether it was done.
    Unclear,
    StaleToken,
    DayQuota,
    MinuteQuota,
    NotAllowed,
}

impl Outcome {
    const ALL: [Self; 14] = [
        Self::Cut,
        Self::Half,
        Self::Page,
        Self::Empty,
        Self::OtherJson,
        Self::BadGateway,
        Self::Redirect,
        Self::Silence,
        Self::Busy,
        Self::UnknownCode,
        Self::StaleToken,
        Self::DayQuota,
        Self::MinuteQuota,
        Self::NotAllowed,
    ];

    fn fault(self) -> Value {
        let code = |errcode: i64| json!({ "kind": "errcode", "errcode": errcode });
        match self {
            Self::Cut => json!({ "kind": "drop_before" }),
            Self::Half => json!({ "kind": "truncate" }),
            Self::Page => json!({ "kind": "html" }),
            Self::Empty => json!({ "kind": "empty" }),
            Self::OtherJson => json!({ "kind": "other_json" }),
            Self::BadGateway => json!({ "kind": "status", "status": 502 }),
            Self::Redirect => json!({ "kind": "redirect" }),
            Self::Silence => json!({ "kind": "silence" }),
            Self::Busy => code(-1),
            Self::UnknownCode => code(99_999),
            Self::StaleToken => code(40_001),
            Self::DayQuota => code(45_009),
            Self::MinuteQuota => code(45_011),
            Self::NotAllowed => code(48_001),
        }
    }

    fn means(self) -> Means {
        match self {
            Self::Busy | Self::UnknownCode => Means::Unclear,
            Self::StaleToken => Means::StaleToken,
            Self::DayQuota => Means::DayQuota,
            Self::MinuteQuota => Means::MinuteQuota,
            Self::NotAllowed => Means::NotAllowed,
            _ => Means::Lost,
        }
    }
}

/// One of the 56 of a call.
#[derive(Debug, Clone, Copy)]
struct Cell {
    number: i64,
    outcome: Outcome,
    /// The first try came to nothing, in the way after which this call is tried again; this is about the second.
    second: bool,
    /// Whether WeChat carried the call out. With a refusal that is a lie, which we believe.
    executed: bool,
}

impl Cell {
    fn all() -> Vec<Self> {
        let each = Outcome::ALL.into_iter().flat_map(|outcome| {
            let tries = [(false, false), (false, true), (true, false), (true, true)];
            tries.map(|(second, executed)| Self { number: 0, outcome, second, executed })
        });
        each.enumerate().map(|(number, cell)| Self { number: number as i64, ..cell }).collect()
    }

    fn means(self) -> Means {
        self.outcome.means()
    }

    /// 1 when WeChat carried it out.
    fn done(self) -> usize {
        usize::from(self.executed)
    }

    /// Calls before the one this is about.
    fn before(self) -> usize {
        usize::from(self.second)
    }
}

/// How it ended, how often the call was made, and how often it was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Came {
    end: &'static str,
    calls: usize,
    executions: usize,
}

fn came(end: &'static str, calls: usize, executions: usize) -> Came {
    Came { end, calls, executions }
}

impl fmt::Display for Came {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} calls, {} executions", self.end, self.calls, self.executions)
    }
}

/// An account of a call's own, so that the calls are tried beside each other.
struct Scene<'a> {
    hub: &'a Hub,
    account: Bound,
    tenant: TenantId,
    id: AccountId,
    path: &'static str,
}

impl<'a> Scene<'a> {
    async fn of(hub: &'a Hub, account: Bound, path: &'static str) -> Scene<'a> {
        let (tenant, id) = (tenant(hub, &account).await, account.id.parse().unwrap());
        Scene { hub, account, tenant, id, path }
    }

    async fn new(hub: &'a Hub, path: &'static str) -> Scene<'a> {
        Self::of(hub, imported(hub, 0).await, path).await
    }

    /// Calls and executions up to now.
    fn made(&self) -> (usize, usize) {
        let (rows, _) = self.hub.sandbox.journal();
        let own =
            rows.iter().filter(|call| call.path == self.path && call.appid.as_ref() == Some(&self.account.app_id));
        own.fold((0, 0), |(calls, done), call| (calls + 1, done + usize::from(call.executed)))
    }

    async fn fault(&self, what: Value, after: usize) {
        let at = json!({ "path": self.path, "appid": self.account.app_id });
        let fault = json!({ "where": at, "what": what, "after": after, "times": 1 });
        self.hub.wechat(Method::POST, "/faults", fault).await.expect(201);
    }

    /// Lets a cell's outcome come to pass; `first` is what the first try comes to when it is about the second.
    async fn prepare(&self, cell: Cell, first: Outcome) {
        // Each cell may fetch two tokens of its own.
        self.write(
            "update account_tokens set fetched_at = 0, window_start = 0 where tenant_id is not null and account_id = ?",
        )
        .await;
        if cell.second {
            self.fault(first.fault(), 0).await;
        }
        let mut what = cell.outcome.fault();
        what["executed"] = cell.executed.into();
        self.fault(what, cell.before()).await;
    }

    /// Changes the database behind the hub's back; the one mark is the account.
    async fn write(&self, text: &'static str) {
        let tx = self.hub.running.ctx().store().write().await.unwrap();
        tx.execute(sql(text).bind(self.id)).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn count(&self, text: &'static str) -> i64 {
        let tx = self.hub.running.ctx().store().read().await.unwrap();
        tx.scalar(sql(text).bind(self.id)).await.unwrap().unwrap()
    }

    /// Whether what a cell came to is what was expected of it.
    fn judge(&self, cell: Cell, before: (usize, usize), end: &'static str, wanted: Came, wrong: &mut Vec<String>) {
        let (calls, executions) = self.made();
        let found = came(end, calls - before.0, executions - before.1);
        if found != wanted {
            let Cell { outcome, second, executed, .. } = cell;
            let what = format!("{:?}, second try {second}, executed {executed}", outcome);
            wrong.push(format!("{:?} {}: {what}: {found}; expected {wanted}", self.hub.engine, self.path));
        }
    }
}

/// Whether a way of the account is closed.
async fn is_closed(scene: &Scene<'_>) -> bool {
    scene.count("select count(*) from send_gates where tenant_id is not null and account_id = ? and (opens_at is null or opens_at > 0)").await > 0
}

async fn hub(db: TestDb) -> Hub {
    Hub::with(db, |given| given.wechat_timeout = Some(Duration::from_secs(4))).await
}

/// Here the clock goes on whenever something waits.
async fn said_to_fans(db: TestDb) -> Vec<Vec<String>> {
    let hub = hub(db).await;
    let with_template = crate::ledger::account(&hub, 1).await;
    let (custom, template, notice) =
        tokio::join!(ledger::custom(&hub), ledger::template(&hub, with_template), ledger::notice(&hub));
    vec![custom, template, notice]
}

/// And here by days: WeChat counts the calls of each.
async fn said_to_many(db: TestDb) -> Vec<String> {
    mass::mass(&hub(db).await).await
}

/// Here it does not: a job that waits for an answer keeps its lease.
async fn not_said(db: TestDb) -> Vec<Vec<String>> {
    let hub = hub(db).await;
    let (token, upload, tag, menu, qrcode) = tokio::join!(
        others::token(&hub),
        others::upload(&hub),
        others::tag(&hub),
        others::menu(&hub),
        others::qrcode(&hub),
    );
    vec![token, upload, tag, menu, qrcode]
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_p7_p16_whatever_wechat_answers_every_call_is_made_as_often_as_its_contract_says() {
    let dbs = databases().await.into_iter().zip(databases().await).zip(databases().await);
    let each = dbs.map(async |((one, another), other)| {
        let (said, others) = tokio::join!(said_to_fans(one), not_said(other));
        let many = said_to_many(another).await;
        let calls = [said, vec![many], others].concat();
        assert_eq!(calls.len() * Cell::all().len(), 504);
        calls.concat()
    });
    let wrong = futures::future::join_all(each).await.concat();
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
