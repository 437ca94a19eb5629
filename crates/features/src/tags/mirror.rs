//! The reconciler of an account's tags: first the tags themselves, then who has them at WeChat, then who has
//! them here. Everything may be repeated: WeChat takes a tag twice without a word.

use std::time::Duration;

use entities::{
    accounts::{self, Function, tokens::Keeper},
    imports, tags as own,
};
use jobs::{Job, Outcome};
use kit::{AccountId, Ctx, Error, Millis, TenantId, Topic, Work};
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;
use wechat::api::Call;
use wechat_client::{Failure, Next};

use super::{members, names, store};

#[derive(Deserialize)]
struct About {
    account: AccountId,
    #[serde(default)]
    full: bool,
}

/// One account's mirror at work.
pub struct Mirror {
    pub ctx: Ctx,
    pub tenant: TenantId,
    pub account: AccountId,
    keeper: Keeper,
    until: Instant,
    /// The last thing that was wrong and did not stop the rest.
    pub problem: Option<&'static str>,
}

/// Why it stopped.
pub enum Stopped {
    Failed(Failure),
    Broken(Error),
    /// The lease would run out; the next run goes on from what is agreed by then.
    TimeIsUp,
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

const SLICE: Duration = Duration::from_secs(20);
const TROUBLE_MS: Millis = 15_000;
const CHINA_MS: Millis = 8 * 3_600_000;
const DAY_MS: Millis = 24 * 3_600_000;

/// The job `tag_mirror` `{account, full}`.
pub async fn run_mirror(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<About>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let tenant = TenantId(job.tenant);
    let mut mirror = Mirror {
        keeper: Keeper::new(&ctx, tenant, about.account),
        ctx: ctx.clone(),
        tenant,
        account: about.account,
        until: Instant::now() + SLICE,
        problem: None,
    };
    let again = |at: Millis, why: String| Outcome::Again { at, problem: Some(why) };
    match mirror.run(about.full).await {
        Ok(()) | Err(Stopped::Broken(Error::NotFound)) => Outcome::Done,
        Err(Stopped::TimeIsUp) => Outcome::Again { at: ctx.now(), problem: None },
        Err(Stopped::Broken(error)) => again(ctx.now() + TROUBLE_MS, error.to_string()),
        Err(Stopped::Failed(failure)) => {
            let now = ctx.now();
            let (until, problem) = match failure.next() {
                Next::WaitMinute => (Some(now + 60_000), "wechat_minute"),
                Next::WaitDay | Next::WaitMonth => {
                    (Some(((now + CHINA_MS).div_euclid(DAY_MS) + 1) * DAY_MS - CHINA_MS + 60_000), "wechat_day")
                }
                Next::Unclear | Next::FreshToken | Next::AlreadyDone | Next::SameIdTooSoon => {
                    (Some(now + TROUBLE_MS), "wechat_away")
                }
                Next::NotAllowed | Next::Unauthorized => (None, "not_allowed"),
                Next::TellPerson | Next::FixRequest | Next::GiveUpRecipient => (None, "wechat_refused"),
            };
            if let Err(error) = mirror.failed(problem, failure.next() == Next::Unauthorized).await {
                return again(now + TROUBLE_MS, error.to_string());
            }
            until.map_or(Outcome::Done, |until| again(until, failure.to_string()))
        }
    }
}

/// Every day: what was changed at WeChat's own console is found out.
pub async fn sync_all(ctx: Ctx) -> Result<(), Error> {
    for (tenant, account) in store::bound_accounts(&ctx).await? {
        let mut work = Work::begin(&ctx, tenant);
        own::mirror(&mut work, account, true).await?;
        work.commit().await?;
    }
    Ok(())
}

impl Mirror {
    pub fn read(&self) -> Work {
        Work::reading(&self.ctx, self.tenant)
    }

    /// A unit of work that an import of the account, which also writes agreed tags, waits for.
    pub async fn write(&self) -> Result<Work, Error> {
        let mut work = Work::begin(&self.ctx, self.tenant);
        imports::lock(&mut work, self.account).await?;
        Ok(work)
    }

    pub async fn call<C: Call>(&self, request: &C::Request) -> Result<C::Response, Failure> {
        self.ctx.wechat().call_as::<C>(&self.keeper, request).await
    }

    pub fn time(&self) -> Result<(), Stopped> {
        if Instant::now() < self.until { Ok(()) } else { Err(Stopped::TimeIsUp) }
    }

    async fn run(&mut self, full: bool) -> Result<(), Stopped> {
        let account = accounts::find(&mut self.read(), self.account).await?;
        if account.may(Function::Tags).is_err() {
            return Ok(());
        }
        names::agree(self).await?;
        let links = own::links(&mut self.read(), self.account).await?;
        let mut links: Vec<_> = links.into_iter().collect();
        links.sort_unstable();
        for (wechat_id, tag) in links {
            if full {
                members::pull(self, wechat_id, tag).await?;
            }
            members::push(self, wechat_id, tag).await?;
        }
        let mut work = self.write().await?;
        store::set_synced(&mut work, self.account, self.problem).await?;
        work.tell(Topic::Tags, &json!({ "account_id": self.account }));
        Ok(work.commit().await?)
    }

    async fn failed(&self, problem: &str, lost: bool) -> Result<(), Error> {
        let mut work = Work::begin(&self.ctx, self.tenant);
        store::set_problem(&mut work, self.account, problem).await?;
        if lost {
            accounts::lost(&mut work, self.account, "unauthorized").await?;
        }
        work.tell(Topic::Tags, &json!({ "account_id": self.account }));
        work.commit().await
    }
}
