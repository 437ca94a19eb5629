//! What WeChat tells of one fan, asked after they followed or were met for the first time: how they came to
//! follow, who they are across accounts, their tags.

use entities::{
    accounts::{self, Function},
    imports,
};
use jobs::{Job, Outcome};
use kit::{Ctx, Error, TenantId, Work};

use super::{
    decide::{self, Then},
    fetch::Asker,
    model::AboutFan,
    write,
};

const TROUBLE_MS: i64 = 10_000;
/// A fan is compared every day anyway.
const MOST_ATTEMPTS: i64 = 5;

/// The job `fan_info` `{account, openid}`.
pub async fn run_info(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<AboutFan>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no fan".into());
    };
    match ask(&ctx, TenantId(job.tenant), &about).await {
        Ok(None) | Err(Error::NotFound) => Outcome::Done,
        Ok(Some(Then::Wait { until, problem })) if job.attempts < MOST_ATTEMPTS => {
            Outcome::Again { at: until, problem: Some(problem.into()) }
        }
        Ok(Some(_)) => Outcome::Done,
        Err(error) if job.attempts < MOST_ATTEMPTS => {
            Outcome::Again { at: ctx.now() + TROUBLE_MS, problem: Some(error.to_string()) }
        }
        Err(error) => Outcome::GiveUp(error.to_string()),
    }
}

async fn ask(ctx: &Ctx, tenant: TenantId, about: &AboutFan) -> Result<Option<Then>, Error> {
    let account = accounts::find(&mut Work::reading(ctx, tenant), about.account).await?;
    if account.may(Function::FanImport).is_err() {
        return Ok(None);
    }
    let asked_at = ctx.now();
    let told = match Asker::new(ctx, tenant, about.account).ask(&[&about.openid]).await {
        Ok(told) => told,
        Err(failure) => {
            let then = decide::after(&failure, ctx.now());
            if then == Then::Lost {
                let mut work = Work::begin(ctx, tenant);
                accounts::lost(&mut work, about.account, "unauthorized").await?;
                work.commit().await?;
            }
            return Ok(Some(then));
        }
    };
    let mut work = Work::begin(ctx, tenant);
    imports::lock(&mut work, about.account).await?;
    write::take_in(&mut work, about.account, &told, asked_at).await?;
    work.commit().await?;
    Ok(None)
}
