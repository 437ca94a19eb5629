//! Comparing the library with WeChat's: it is read whole, so a comparison may be repeated at any time.

use entities::{
    accounts::{self, Function, tokens::Keeper},
    calendar, campaigns,
    templates::{self, Found, Synced, TemplateKind, WechatCategory},
};
use jobs::{Job, NewJob, Outcome};
use kit::{AccountId, Ctx, Error, Millis, TenantId, Topic, Work};
use serde::Deserialize;
use serde_json::json;
use wechat::api::{
    Nothing,
    subscribe::{self, get_categories::GetCategories, get_notice_templates::GetNoticeTemplates},
    template::{get_industry::GetIndustry, get_templates::GetTemplates},
};
use wechat_client::{Failure, Next};

use super::store;

const TROUBLE_MS: Millis = 15_000;

#[derive(Deserialize)]
struct About {
    account: AccountId,
}

/// Why a comparison was not made.
pub enum Stopped {
    Failed(Failure),
    Broken(Error),
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

/// The job `template_sync` `{account}`.
pub async fn run_sync(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<About>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let again = |at: Millis, why: String| Outcome::Again { at, problem: Some(why) };
    let (tenant, now) = (TenantId(job.tenant), ctx.now());
    match compare(&ctx, tenant, about.account).await {
        Ok(()) | Err(Stopped::Broken(Error::NotFound)) => Outcome::Done,
        Err(Stopped::Broken(error)) => again(now + TROUBLE_MS, error.to_string()),
        Err(Stopped::Failed(failure)) => {
            let (until, problem) = match failure.next() {
                Next::WaitMinute => (Some(now + 60_000), "wechat_minute"),
                Next::WaitDay | Next::WaitMonth => (Some(calendar::next_day(now) + 60_000), "wechat_day"),
                Next::Unclear | Next::FreshToken | Next::AlreadyDone | Next::SameIdTooSoon => {
                    (Some(now + TROUBLE_MS), "wechat_away")
                }
                Next::NotAllowed | Next::Unauthorized => (None, "not_allowed"),
                Next::TellPerson | Next::FixRequest | Next::GiveUpRecipient => (None, "wechat_refused"),
            };
            if let Err(error) = failed(&ctx, tenant, about.account, problem, &failure, until.is_none()).await {
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
        if accounts::find(&mut work, account).await?.may(Function::Template).is_ok() {
            ask(&mut work, account).await?;
            work.commit().await?;
        }
    }
    Ok(())
}

/// Has the library compared, soon.
pub async fn ask(work: &mut Work, account: AccountId) -> Result<(), Error> {
    templates::ask(work, account).await?;
    let (payload, run_at) = (json!({ "account": account }), work.now());
    let dedupe_key = Some(account.to_string());
    work.enqueue(NewJob { name: "template_sync", payload, run_at, dedupe_key }).await?;
    work.tell(Topic::Templates, &json!({ "account_id": account }));
    Ok(())
}

async fn failed(
    ctx: &Ctx,
    tenant: TenantId,
    account: AccountId,
    problem: &str,
    failure: &Failure,
    over: bool,
) -> Result<(), Error> {
    let mut work = Work::begin(ctx, tenant);
    templates::sync_failed(&mut work, account, problem, failure.errcode().map(|code| code.0), over).await?;
    if failure.next() == Next::Unauthorized {
        accounts::lost(&mut work, account, "unauthorized").await?;
    }
    work.tell(Topic::Templates, &json!({ "account_id": account }));
    work.commit().await
}

/// Reads the library at WeChat, and makes ours the same.
pub async fn compare(ctx: &Ctx, tenant: TenantId, account: AccountId) -> Result<(), Stopped> {
    let found = accounts::find(&mut Work::reading(ctx, tenant), account).await?;
    if found.may(Function::Template).is_err() {
        let mut work = Work::begin(ctx, tenant);
        templates::sync_failed(&mut work, account, "not_allowed", None, true).await?;
        return Ok(work.commit().await?);
    }
    let keeper = Keeper::new(ctx, tenant, account);
    let mut forms: Vec<Found> = read(ctx, &keeper).await?;
    let known = templates::list(&mut Work::reading(ctx, tenant), account).await?;
    let is_missed = |one: &&templates::Template| {
        let is_there = forms.iter().any(|form| form.wechat_id == one.wechat_id);
        one.kind == TemplateKind::Template && one.gone_at.is_none() && !is_there
    };
    // Campaigns end when their template is gone: that is believed when WeChat says it twice.
    if known.iter().any(|one| is_missed(&one)) {
        forms = read(ctx, &keeper).await?;
    }
    let mut said = Synced::default();
    // Who has none set is refused by some accounts and told nothing by others.
    if let Ok(industry) = ctx.wechat().call_as::<GetIndustry>(&keeper, &Nothing {}).await {
        let name = |one: wechat::api::template::get_industry::Industry| {
            let both = format!("{} / {}", one.first_class, one.second_class);
            Some(both).filter(|_| !one.first_class.is_empty())
        };
        said.primary_industry = industry.primary_industry.and_then(name);
        said.secondary_industry = industry.secondary_industry.and_then(name);
    }
    let notices = match found.may(Function::Notice) {
        Ok(()) => notices(ctx, &keeper, &mut said).await?,
        Err(_) => None,
    };
    let mut work = Work::begin(ctx, tenant);
    agree(&mut work, account, TemplateKind::Template, &forms).await?;
    if let Some(notices) = notices {
        agree(&mut work, account, TemplateKind::Notice, &notices).await?;
    }
    templates::synced_now(&mut work, account, &said).await?;
    work.tell(Topic::Templates, &json!({ "account_id": account }));
    work.tell(Topic::Campaigns, &json!({ "account_id": account }));
    Ok(work.commit().await?)
}

async fn read(ctx: &Ctx, keeper: &Keeper) -> Result<Vec<Found>, Failure> {
    let answer = ctx.wechat().call_as::<GetTemplates>(keeper, &Nothing {}).await?;
    Ok(answer.template_list.into_iter().map(form).collect())
}

/// The notices; none when WeChat lets this account have none.
async fn notices(ctx: &Ctx, keeper: &Keeper, said: &mut Synced) -> Result<Option<Vec<Found>>, Failure> {
    let list = match ctx.wechat().call_as::<GetNoticeTemplates>(keeper, &Nothing {}).await {
        Ok(list) => list.data,
        Err(failure) if matches!(failure.next(), Next::NotAllowed | Next::FixRequest | Next::TellPerson) => {
            return Ok(None);
        }
        Err(failure) => return Err(failure),
    };
    let categories = ctx.wechat().call_as::<GetCategories>(keeper, &Nothing {}).await?.data;
    said.categories = categories.into_iter().map(|one| WechatCategory { id: one.id, name: one.name }).collect();
    let found = list.into_iter().map(|one| Found {
        wechat_id: one.pri_tmpl_id,
        title: one.title,
        content: one.content,
        example: one.example,
        industry: None,
        lasting: one.kind == subscribe::LONG_TERM,
    });
    Ok(Some(found.collect()))
}

fn form(one: wechat::api::template::get_templates::Template) -> Found {
    let industry = [one.primary_industry, one.deputy_industry].join(" / ");
    Found {
        wechat_id: one.template_id,
        title: one.title,
        content: one.content,
        example: one.example,
        industry: Some(industry).filter(|industry| industry != " / "),
        lasting: false,
    }
}

/// What was to begin by itself with a template that is another now, or gone, waits for a person.
async fn agree(work: &mut Work, account: AccountId, kind: TemplateKind, found: &[Found]) -> Result<(), Error> {
    let (changed, gone) = templates::agree(work, account, kind, found).await?;
    for template in &changed {
        campaigns::ask_again(work, account, template, "template_changed").await?;
    }
    for template in &gone {
        campaigns::ask_again(work, account, template, "template_gone").await?;
        campaigns::end_without(work, account, template).await?;
    }
    Ok(())
}
