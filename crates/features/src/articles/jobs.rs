use entities::articles::{self, SyncState};
use jobs::{Job, NewJob, Outcome};
use kit::{AccountId, ArticleId, Ctx, Error, Millis, PublicationId, TenantId, Work};
use serde::Deserialize;

use super::desk::{Desk, Later};

#[derive(Deserialize)]
struct OfArticle {
    article: ArticleId,
}

#[derive(Deserialize)]
struct OfPublication {
    publication: PublicationId,
}

#[derive(Deserialize)]
struct OfAccount {
    account: AccountId,
}

/// The job `article_work` `{article}`: does what is wished of an article.
pub async fn run_work(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<OfArticle>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no article".into());
    };
    let tenant = TenantId(job.tenant);
    let account = articles::find(&mut Work::reading(&ctx, tenant), about.article).await.map(|found| found.account);
    let done = match account {
        Ok(account) => Desk::new(&ctx, tenant, account, job.attempts).do_wish(about.article).await,
        Err(error) => Err(error),
    };
    outcome(&ctx, done)
}

/// The job `article_publication` `{publication}`: submits a publication once, and follows it to its end.
pub async fn run_publication(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<OfPublication>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no publication".into());
    };
    let tenant = TenantId(job.tenant);
    let found = articles::publication(&mut Work::reading(&ctx, tenant), about.publication).await;
    let done = match found {
        Ok(found) => Desk::new(&ctx, tenant, found.account_id, job.attempts).publish(found.id).await,
        Err(error) => Err(error),
    };
    outcome(&ctx, done)
}

/// The job `article_sync` `{account}`: compares the draft box with what is here.
pub async fn run_sync(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<OfAccount>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let done = Desk::new(&ctx, TenantId(job.tenant), about.account, job.attempts).compare().await;
    outcome(&ctx, done)
}

fn outcome(ctx: &Ctx, done: Result<Option<Later>, Error>) -> Outcome {
    match done {
        Ok(None) | Err(Error::NotFound) => Outcome::Done,
        Ok(Some(Later(at, why))) => Outcome::Again { at, problem: Some(why) },
        Err(error) => Outcome::Again { at: ctx.now() + 5_000, problem: Some(error.to_string()) },
    }
}

/// Sets the job going that does what is wished of an article.
pub async fn work_on(work: &mut Work, article: ArticleId) -> Result<(), Error> {
    let run_at = work.now();
    work.enqueue(NewJob {
        name: "article_work",
        payload: serde_json::json!({ "article": article }),
        run_at,
        dedupe_key: Some(article.to_string()),
    })
    .await?;
    Ok(())
}

/// Begins a comparison, unless one is running.
pub async fn begin_sync(work: &mut Work, account: AccountId) -> Result<articles::Syncing, Error> {
    let mut sync = articles::sync(work, account).await?;
    if sync.state != SyncState::Running {
        let now: Millis = work.now();
        sync = articles::Syncing {
            state: SyncState::Running,
            total: 0,
            seen: 0,
            changed: 0,
            conflicts: 0,
            started_at: Some(now),
            ended_at: None,
            problem: None,
            errcode: None,
            ..sync
        };
        articles::put_sync(work, &sync).await?;
    }
    let run_at = work.now();
    work.enqueue(NewJob {
        name: "article_sync",
        payload: serde_json::json!({ "account": account }),
        run_at,
        dedupe_key: Some(account.to_string()),
    })
    .await?;
    Ok(sync)
}

/// Compares again every box that was ever compared. On a timer.
pub async fn sync_all(ctx: Ctx) -> Result<(), Error> {
    let accounts = articles::all_synced(&ctx.store().read().await?).await?;
    for (tenant, account) in accounts {
        let may = entities::accounts::find(&mut Work::reading(&ctx, tenant), account)
            .await
            .is_ok_and(|found| found.may(entities::accounts::Function::Materials).is_ok());
        if may {
            let mut work = Work::begin(&ctx, tenant);
            begin_sync(&mut work, account).await?;
            work.commit().await?;
        }
    }
    Ok(())
}
