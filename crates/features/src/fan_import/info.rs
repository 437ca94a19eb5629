//! What WeChat tells of fans who came by themselves: how they came to follow, who they are across accounts,
//! their tags. Asked a little later and by the hundred, so that the callback that brought them does not wait.

use entities::{
    accounts::{self, Function},
    imports,
};
use jobs::{Job, Outcome};
use kit::{Ctx, Error, Millis, TenantId};
use tokio::time::Instant;
use wechat::api::user::batch_get_user_info;

use super::{
    decide::{self, Then},
    jobs::{Ended, Importer},
    model::AboutAccount,
    store, write,
};

const TROUBLE_MS: Millis = 10_000;

/// The job `fan_info` `{account}`.
pub async fn run_info(ctx: Ctx, job: Job) -> Outcome {
    let Ok(AboutAccount { account }) = serde_json::from_value(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let importer = Importer::new(&ctx, TenantId(job.tenant), account);
    let again = |at, why: String| Outcome::Again { at, problem: Some(why) };
    match ask(&importer).await {
        Ok(true) | Err(Ended::NotOurs | Ended::Broken(Error::NotFound)) => Outcome::Done,
        Ok(false) => Outcome::Again { at: ctx.now(), problem: None },
        Err(Ended::Broken(error)) => again(ctx.now() + TROUBLE_MS, error.to_string()),
        Err(Ended::Failed(failure)) => match decide::after(&failure, ctx.now()) {
            Then::Wait { until, .. } => again(until, failure.to_string()),
            Then::Stop { .. } => Outcome::Done,
            Then::Lost => match lost(&importer).await {
                Ok(()) => Outcome::Done,
                Err(error) => again(ctx.now() + TROUBLE_MS, error.to_string()),
            },
        },
    }
}

async fn lost(importer: &Importer) -> Result<(), Error> {
    let mut work = importer.write();
    accounts::lost(&mut work, importer.account, "unauthorized").await?;
    work.commit().await
}

/// True when nobody is left to ask about.
async fn ask(importer: &Importer) -> Result<bool, Ended> {
    let account = accounts::find(&mut importer.read(), importer.account).await?;
    if account.may(Function::FanImport).is_err() {
        return Ok(true);
    }
    while Instant::now() < importer.until {
        let unasked = store::unasked(&mut importer.read(), importer.account, batch_get_user_info::MAX as i64).await?;
        if unasked.is_empty() {
            return Ok(true);
        }
        let openids: Vec<&str> = unasked.iter().map(String::as_str).collect();
        let asked_at = importer.ctx.now();
        let told = importer.asker.ask(&openids).await?;
        let mut work = importer.write();
        imports::lock(&mut work, importer.account).await?;
        write::take_in(&mut work, importer.account, &told, asked_at).await?;
        store::mark_asked(&mut work, importer.account, &unasked, asked_at).await?;
        work.commit().await?;
    }
    Ok(false)
}
