//! The daily comparison with WeChat's follower list: follows and unfollows that we missed are put right, with
//! the times unknown.
//!
//! It uses the pages of an import that is done as its place, so it too goes on after a restart.

use std::sync::Arc;

use entities::{
    accounts::{self, Function},
    imports::{self, ImportState, Run},
};
use jobs::{Job, Outcome};
use kit::{Ctx, Error, Millis, TenantId};
use tokio::time::Instant;

use super::{
    decide::{self, Then},
    fetch::Answers,
    jobs::{Ended, Importer, enqueue},
    model::AboutAccount,
    openids::Openids,
    store::{self, Seen},
    write,
};

/// Fans read at once from our own table.
const BATCH: i64 = 10_000;
/// Missed follows written at once.
const CHUNK: usize = 2000;
const TROUBLE_MS: Millis = 60_000;

/// Every day: each account whose import is done is compared.
pub async fn reconcile_all(ctx: Ctx) -> Result<(), Error> {
    for (tenant, account) in imports::open_everywhere(&ctx, ImportState::Done).await? {
        enqueue(&ctx, tenant, account, "fan_reconcile").await?;
    }
    Ok(())
}

/// The job `fan_reconcile` `{account}`.
pub async fn run_reconcile(ctx: Ctx, job: Job) -> Outcome {
    let Ok(AboutAccount { account }) = serde_json::from_value(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let importer = Importer::new(&ctx, TenantId(job.tenant), account);
    let again = |at, why: String| Outcome::Again { at, problem: Some(why) };
    match slice(&importer).await {
        Ok(true) | Err(Ended::NotOurs | Ended::Broken(Error::NotFound)) => Outcome::Done,
        Ok(false) => Outcome::Again { at: ctx.now(), problem: None },
        Err(Ended::Broken(error)) => again(ctx.now() + TROUBLE_MS, error.to_string()),
        Err(Ended::Failed(failure)) => match decide::after(&failure, ctx.now()) {
            Then::Wait { until, .. } => again(until, failure.to_string()),
            Then::Lost | Then::Stop { .. } => {
                tracing::warn!(%failure, account.id = account.0, "the fans of an account could not be compared");
                Outcome::Done
            }
        },
    }
}

/// True when everything is compared.
async fn slice(importer: &Importer) -> Result<bool, Ended> {
    let mut work = importer.read();
    let account = accounts::find(&mut work, importer.account).await?;
    let run = imports::of_account(&mut work, importer.account).await?;
    drop(work);
    // While an import is under way, it does all this itself.
    let Some(run) = run.filter(|run| run.state == ImportState::Done) else { return Ok(true) };
    if account.may(Function::FanImport).is_err() {
        return Ok(true);
    }
    let Some(run) = list(importer, run).await? else { return Ok(false) };
    let listed = importer.openids(&run, "").await?;
    let unknown = compare(importer, &listed, imports::listed_at(&run)).await?;
    if !take_in(importer, unknown).await? {
        return Ok(false);
    }
    let mut work = importer.write();
    imports::set_listed(&mut work, importer.account).await?;
    work.commit().await?;
    Ok(true)
}

/// Reads the follower list to its end; nothing when time is up before.
async fn list(importer: &Importer, mut run: Run) -> Result<Option<Run>, Ended> {
    if run.pages == 0 {
        let mut work = importer.write();
        imports::set_listed(&mut work, importer.account).await?;
        run.updated_at = work.now();
        work.commit().await?;
    }
    while Instant::now() < importer.until {
        let answer = importer.asker.list(&run.next_openid).await?;
        let openids: Vec<&str> = answer.data.iter().flat_map(|data| &data.openid).map(AsRef::as_ref).collect();
        let Some(last) = openids.last() else { return Ok(Some(run)) };
        let mut work = importer.write();
        // What people see of the import that is done stays as it is.
        if !imports::save_page(&mut work, &run, &openids.join("\n"), last, run.total, 0).await? {
            return Err(Ended::NotOurs);
        }
        work.commit().await?;
        run = Run { pages: run.pages + 1, next_openid: (*last).to_owned(), ..run };
    }
    Ok(None)
}

/// Compares our followers of the time before `as_of` with WeChat's list: those not on it have left. The openids
/// on the list whom we do not know as followers.
pub async fn compare(importer: &Importer, listed: &Openids, as_of: Millis) -> Result<Openids, Error> {
    let mut met = vec![false; listed.len()];
    let mut after = String::new();
    // One connection all the way: each one keeps what it has read in memory.
    let mut work = importer.read();
    loop {
        let followers = store::followers(&mut work, importer.account, &after, BATCH).await?;
        let Some(last) = followers.last() else { break };
        after.clone_from(&last.openid);
        let mut gone = Vec::new();
        for fan in &followers {
            match listed.position(&fan.openid) {
                Some(n) => met[n] = true,
                // Of those who came since, the list may or may not know.
                None if fan.status_at < as_of => gone.push(fan.openid.as_str()),
                None => {}
            }
        }
        leave(importer, &gone, as_of).await?;
        if followers.len() < BATCH as usize {
            break;
        }
    }
    Ok(listed.without(&met))
}

async fn leave(importer: &Importer, openids: &[&str], as_of: Millis) -> Result<(), Error> {
    if openids.is_empty() {
        return Ok(());
    }
    let mut work = importer.write();
    imports::lock(&mut work, importer.account).await?;
    let customers = store::mark_left(&mut work, importer.account, openids, as_of).await?;
    let seen: Vec<Seen> = customers
        .into_iter()
        .map(|customer| Seen { customer, following: false, subscribed_at: None, scene: None, at: as_of })
        .collect();
    store::append_seen(&mut work, importer.account, &seen).await?;
    work.commit().await
}

/// Asks after fans we did not know of. True when all are written.
async fn take_in(importer: &Importer, unknown: Openids) -> Result<bool, Ended> {
    let all = unknown.len();
    let mut answers = Answers::begin(importer.asker.clone(), Arc::new(unknown), importer.until);
    let (mut asked, mut told) = (0, Vec::new());
    loop {
        let part = answers.next().await.transpose()?;
        let over = part.is_none();
        if let Some(part) = part {
            asked += part.asked;
            told.extend(part.told);
        }
        if told.len() >= CHUNK || (over && !told.is_empty()) {
            let mut work = importer.write();
            imports::lock(&mut work, importer.account).await?;
            let as_of = work.now();
            write::take_in(&mut work, importer.account, &told, as_of).await?;
            work.commit().await?;
            told.clear();
        }
        if over {
            return Ok(asked == all);
        }
    }
}
