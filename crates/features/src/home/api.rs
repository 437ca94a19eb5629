use std::collections::{HashMap, HashSet};

use axum::{Json, extract::State};
use entities::{
    accounts::{self, Function, platform, platform::PlatformStatus},
    avatars,
    broadcasts::{self, Per},
    campaigns, conversations,
    customers::{self, ListFilter},
    events::{self, EventKind},
    imports,
    messages::{gates, ledger, restore, sends},
};
use kit::{AccountId, Allowed, Capability, Ctx, Error, Params, Work, capability::can, clock};
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::rights::AccountKind;

use super::{
    figures::figures,
    model::{
        FoundAccount, FoundCustomer, Home, HomeAllowance, HomeQuery, Need, Recent, RecentCustomer, SearchQuery,
        SearchResult,
    },
    needs::{Facts, Standing, Subject, needs},
    store,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_home)).routes(routes!(search)).routes(routes!(get_platform))
}

/// How it went, and what needs a person.
#[utoipa::path(get, path = "/api/v1/home", operation_id = "get_home", tag = "home", params(HomeQuery),
    responses((status = 200, description = "The home page", body = Home), (status = 404, description = "No such account here", body = kit::Problem)))]
async fn get_home(
    mut work: Allowed<can::CustomersRead>,
    Params(query): Params<HomeQuery>,
) -> Result<Json<Home>, Error> {
    let caller = work.caller();
    let sees = Sees { inbox: caller.may(Capability::MessagesRead), menus: caller.may(Capability::MenusRead) };
    Ok(Json(home(&mut work, query.account, sees).await?))
}

/// Find customers, accounts and replies at once. A few of each.
#[utoipa::path(get, path = "/api/v1/search", operation_id = "search", tag = "home", params(SearchQuery),
    responses((status = 200, description = "What was found", body = SearchResult)))]
async fn search(
    mut work: Allowed<can::CustomersRead>,
    Params(query): Params<SearchQuery>,
) -> Result<Json<SearchResult>, Error> {
    let caller = work.caller().clone();
    let may = |capability| caller.may(capability);
    Ok(Json(find(&mut work, query.query.trim(), may(Capability::AccountsRead), may(Capability::RepliesRead)).await?))
}

/// How the third-party platform of this installation is.
#[utoipa::path(get, path = "/api/v1/platform", operation_id = "get_platform", tag = "accounts",
    responses((status = 200, description = "The platform", body = PlatformStatus)))]
async fn get_platform(work: Allowed<can::AccountsRead>, State(ctx): State<Ctx>) -> Result<Json<PlatformStatus>, Error> {
    drop(work);
    Ok(Json(platform::status(&ctx).await?))
}

/// What of it the caller may see besides customers.
#[derive(Clone, Copy)]
struct Sees {
    inbox: bool,
    menus: bool,
}

async fn home(work: &mut Work, account: Option<AccountId>, sees: Sees) -> Result<Home, Error> {
    if let Some(account) = account {
        accounts::find(work, account).await?;
    }
    let figures = figures(work, account).await?;
    let needs = needed(work, account, figures.counts.unmatched, sees).await?;
    let allowances = allowances(work, account).await?;
    let recent = recent(work, account).await?;
    Ok(Home { counts: figures.counts, trend: figures.trend.clone(), needs, allowances, recent })
}

/// Of the accounts that may broadcast.
async fn allowances(work: &mut Work, account: Option<AccountId>) -> Result<Vec<HomeAllowance>, Error> {
    let mut left = Vec::new();
    let now = work.now();
    for one in accounts::list(work).await? {
        if account.is_some_and(|account| account != one.id) || one.may(Function::Broadcast).is_err() {
            continue;
        }
        let (per, used, limit) = broadcasts::spent(work, &one, now).await?;
        let per = if per == Per::Day { "day" } else { "month" };
        left.push(HomeAllowance { account_id: one.id, per, left: (limit - used).max(0), limit });
    }
    left.sort_by_key(|one| one.left);
    Ok(left)
}

async fn needed(work: &mut Work, account: Option<AccountId>, unmatched: i64, sees: Sees) -> Result<Vec<Need>, Error> {
    let mut subjects = Vec::new();
    for found in accounts::list(work).await? {
        if account.is_none_or(|account| account == found.id) {
            let import = imports::find(work, found.id).await?;
            let held = sends::held(work, found.id).await?.messages;
            subjects.push(Subject { account: found, import, held });
        }
    }
    let welcoming: HashSet<AccountId> = store::welcoming(work).await?.into_iter().map(AccountId).collect();
    let inbox = if sees.inbox {
        let ids: Vec<AccountId> = subjects.iter().map(|subject| subject.account.id).collect();
        Some(conversations::summary(work, &ids, None).await?)
    } else {
        None
    };
    let sending = if sees.inbox {
        let gates = gates::list(work).await?;
        Some(Standing {
            paused_at: restore::paused(work).await?.map(|pause| pause.paused_at),
            gates: gates.into_iter().filter(|gate| account.is_none_or(|one| one == gate.account_id)).collect(),
            unknown: ledger::count_unknown(work, account).await?,
            broadcasts: broadcasts::waiting(work, account).await?,
            in_doubt: broadcasts::in_doubt(work, account).await?,
            campaigns_missed: campaigns::missed(work, account).await?,
            clock_ahead: clock::off(work.ctx()),
            count_faults: store::count_faults(work, account).await?,
            account,
        })
    } else {
        None
    };
    let menus = if sees.menus { store::menu_faults(work).await? } else { Vec::new() };
    let ctx = work.ctx().clone();
    let platform = platform::status(&ctx).await?;
    Ok(needs(&Facts { now: work.now(), subjects, welcoming, unmatched, platform, inbox, sending, menus }))
}

/// What fans did; how many are shown.
const SHOWN: usize = 12;
const KINDS: [EventKind; 5] =
    [EventKind::MessageIn, EventKind::Follow, EventKind::Unfollow, EventKind::Scan, EventKind::MenuTap];

async fn recent(work: &mut Work, account: Option<AccountId>) -> Result<Vec<Recent>, Error> {
    // Of one account's events, some are among the tenant's newest; the page is no archive.
    let looked_at = if account.is_some() { 200 } else { SHOWN as u64 };
    let mut found = events::recent(work, &KINDS, looked_at).await?;
    found.retain(|event| account.is_none() || event.account_id == account);
    found.truncate(SHOWN);
    let ids: Vec<_> = found.iter().map(|event| event.customer).collect();
    let rows = customers::rows(work, &ids).await?;
    let people: HashMap<_, _> = rows
        .into_iter()
        .map(|row| (row.id, RecentCustomer { id: row.id, display_name: row.display_name, avatar_url: row.avatar_url }))
        .collect();
    Ok(found.into_iter().map(|event| Recent { customer: people.get(&event.customer).cloned(), event }).collect())
}

/// Of each kind, at most.
const FOUND: u64 = 8;

async fn find(work: &mut Work, text: &str, accounts_too: bool, replies_too: bool) -> Result<SearchResult, Error> {
    if text.is_empty() {
        return Ok(SearchResult { customers: Vec::new(), accounts: Vec::new(), replies: Vec::new() });
    }
    if text.chars().count() > 200 {
        return Err(Error::field("query", "length", "look for at most 200 characters"));
    }
    let customers = customers::search(work, text, &ListFilter::default(), FOUND).await?;
    let customers =
        customers.into_iter().map(|found| FoundCustomer { row: found.row, r#match: found.r#match }).collect();
    let accounts = if accounts_too { found_accounts(work, text).await? } else { Vec::new() };
    let replies = if replies_too { store::rules(work, text, FOUND).await? } else { Vec::new() };
    Ok(SearchResult { customers, accounts, replies })
}

async fn found_accounts(work: &mut Work, text: &str) -> Result<Vec<FoundAccount>, Error> {
    let wanted = text.to_lowercase();
    let holds = |field: &str| field.to_lowercase().contains(&wanted);
    let all = accounts::list(work)
        .await?
        .into_iter()
        .filter(|account| holds(&account.nick_name) || holds(&account.alias) || holds(&account.app_id));
    Ok(all
        .take(FOUND as usize)
        .map(|account| FoundAccount {
            kind: kind_word(account.kind()),
            id: account.id,
            nick_name: account.nick_name,
            app_id: account.app_id,
            avatar_url: avatars::of_account(account.id, account.avatar_url.as_deref()),
        })
        .collect())
}

fn kind_word(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Subscription => "subscription",
        AccountKind::Service => "service",
    }
}
