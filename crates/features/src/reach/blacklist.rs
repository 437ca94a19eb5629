//! WeChat's blacklist: changed there first, and compared every day with what we know of it.

use std::collections::HashSet;

use entities::{
    accounts::{self, Function, tokens::Keeper},
    people::store as people,
    reach::blocked,
};
use jobs::{Job, NewJob, Outcome};
use kit::{AccountId, Caller, Ctx, Error, Millis, TenantId, Work};
use serde::Deserialize;
use serde_json::json;
use wechat::api::blacklist::{
    block_users::{BlockUsers, Request},
    get_blacklist::{self, GetBlacklist},
    unblock_users::UnblockUsers,
};
use wechat_client::{Failure, Next, TokenError};

const TROUBLE_MS: Millis = 60_000;
const HOUR_MS: Millis = 3_600_000;

/// Puts a fan on the list or takes them off. WeChat takes either twice without a word.
pub async fn set(ctx: &Ctx, caller: &Caller, account: AccountId, openid: &str, blocked: bool) -> Result<(), Error> {
    let mut look = Work::reading(ctx, caller.tenant);
    accounts::find(&mut look, account).await?.may(Function::Tags)?;
    drop(look);
    let keeper = Keeper::new(ctx, caller.tenant, account);
    let request = Request { openid_list: vec![openid.to_owned()] };
    if blocked {
        ctx.wechat().call_as::<BlockUsers>(&keeper, &request).await.map(drop)
    } else {
        ctx.wechat().call_as::<UnblockUsers>(&keeper, &request).await.map(drop)
    }
    .map_err(refused)?;
    let mut work = Work::begin(ctx, caller.tenant);
    blocked::note(&mut work, account, openid, blocked, Some(caller.name())).await?;
    tracing::info!(account.id = account.0, blocked, by = caller.name(), "WeChat's blacklist was changed");
    work.commit().await
}

fn refused(failure: Failure) -> Error {
    match failure {
        Failure::Refused(refusal) => {
            Error::WeChatRefused { errcode: refusal.body.errcode.0, errmsg: refusal.body.errmsg }
        }
        Failure::NoToken(TokenError::Refused { errcode, errmsg }) => Error::WeChatRefused { errcode, errmsg },
        Failure::NoToken(error) => Error::WeChatAway(error.to_string()),
        Failure::NotSent(_) | Failure::Unclear(_) => Error::WeChatAway(failure.to_string()),
    }
}

#[derive(Deserialize)]
struct About {
    account: AccountId,
}

/// Every day: what was changed at WeChat's own console is found out.
pub async fn compare_all(ctx: Ctx) -> Result<(), Error> {
    for tenant in people::tenants(&ctx).await? {
        let mut work = Work::begin(&ctx, tenant);
        for account in accounts::list(&mut work).await? {
            if account.may(Function::Tags).is_ok() {
                let (payload, run_at) = (json!({ "account": account.id }), work.now());
                let dedupe_key = Some(account.id.to_string());
                work.enqueue(NewJob { name: "blacklist", payload, run_at, dedupe_key }).await?;
            }
        }
        work.commit().await?;
    }
    Ok(())
}

/// The job `blacklist` `{account}`: reads WeChat's list and notes what it says.
pub async fn run_blacklist(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<About>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let (tenant, began_at) = (TenantId(job.tenant), ctx.now());
    let mut look = Work::reading(&ctx, tenant);
    let may = match accounts::find(&mut look, about.account).await {
        Ok(account) => account.may(Function::Tags).is_ok(),
        Err(_) => false,
    };
    drop(look);
    if !may {
        return Outcome::Done;
    }
    let again = |at: Millis, problem: String| Outcome::Again { at, problem: Some(problem) };
    let listed = match read(&ctx, tenant, about.account).await {
        Ok(listed) => listed,
        Err(failure) => {
            return match failure.next() {
                Next::WaitMinute | Next::Unclear | Next::FreshToken => {
                    again(ctx.now() + TROUBLE_MS, failure.to_string())
                }
                Next::WaitDay | Next::WaitMonth => again(ctx.now() + HOUR_MS, failure.to_string()),
                _ => Outcome::GiveUp(failure.to_string()),
            };
        }
    };
    let mut work = Work::begin(&ctx, tenant);
    let noted = async {
        blocked::note_listed(&mut work, about.account, &listed, began_at).await?;
        work.commit().await
    };
    match noted.await {
        Ok(()) => Outcome::Done,
        Err(error) => again(ctx.now() + TROUBLE_MS, error.to_string()),
    }
}

/// The whole list, page by page.
async fn read(ctx: &Ctx, tenant: TenantId, account: AccountId) -> Result<HashSet<String>, Failure> {
    let keeper = Keeper::new(ctx, tenant, account);
    let (mut listed, mut begin_openid) = (HashSet::new(), String::new());
    loop {
        let request = get_blacklist::Request { begin_openid };
        let page = ctx.wechat().call_as::<GetBlacklist>(&keeper, &request).await?;
        let before = listed.len();
        let openids: Vec<String> = page
            .data
            .map(|data| data.openid)
            .unwrap_or_default()
            .into_iter()
            .map(|openid| openid.to_string())
            .collect();
        let last = openids.last().cloned();
        listed.extend(openids);
        // A page that says nothing new is the last, whatever WeChat says of it.
        let Some(next) = last.filter(|_| listed.len() > before) else { return Ok(listed) };
        begin_openid = next;
    }
}
