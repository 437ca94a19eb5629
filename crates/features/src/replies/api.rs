use axum::{Json, http::StatusCode};
use entities::{
    accounts,
    messages::{Content, passive},
};
use kit::{
    AccountId, Allowed, Body, Ctx, Error, Millis, Page, PageQuery, Params, PathId, RuleId, UnmatchedId, Work,
    capability::can, http::Faults,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    book, check,
    conflict::{self, Conflict},
    decide::{Heard, Matcher, Why},
    model::{MessageKind, Rule, RuleBody, Trigger, TriggerKind},
    store, unmatched,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_replies, create_reply))
        .routes(routes!(get_reply, replace_reply, update_reply, delete_reply))
        .routes(routes!(order_replies))
        .routes(routes!(test_replies))
        .routes(routes!(find_reply_conflicts))
        .routes(routes!(list_unmatched))
        .routes(routes!(dismiss_unmatched))
}

/// List the account's rules, in the order they are tried.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/replies", operation_id = "list_replies", tag = "replies",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "All rules.", body = Page<Rule>)))]
async fn list_replies(
    mut work: Allowed<can::RepliesRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Page<Rule>>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(Page::whole(store::list(&mut work, account).await?)))
}

/// Add a rule at the end of the account's table.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/replies", operation_id = "create_reply", tag = "replies",
    params(("account" = AccountId, Path, description = "The account.")), request_body = RuleBody,
    responses((status = 201, description = "The rule.", body = Rule)))]
async fn create_reply(
    mut work: Allowed<can::RepliesWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(body): Body<RuleBody>,
) -> Result<(StatusCode, Json<Rule>), Error> {
    let draft = check::check(body)?;
    may(&mut work, account, draft.what.trigger.kind).await?;
    files_exist(&mut work, &draft.what.answers).await?;
    let id = store::add(&mut work, account, &draft).await?;
    let rule = changed(&mut work, account, id).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(rule)))
}

/// One rule.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/replies/{rule}", operation_id = "get_reply", tag = "replies",
    params(("account" = AccountId, Path, description = "The account."), ("rule" = RuleId, Path, description = "The rule.")),
    responses((status = 200, description = "The rule.", body = Rule)))]
async fn get_reply(
    mut work: Allowed<can::RepliesRead>,
    PathId((account, id)): PathId<(AccountId, RuleId)>,
) -> Result<Json<Rule>, Error> {
    Ok(Json(store::find(&mut work, account, id).await?))
}

/// Write a rule anew, in its place.
#[utoipa::path(put, path = "/api/v1/accounts/{account}/replies/{rule}", operation_id = "replace_reply", tag = "replies",
    params(("account" = AccountId, Path, description = "The account."), ("rule" = RuleId, Path, description = "The rule.")),
    request_body = RuleBody, responses((status = 200, description = "The rule.", body = Rule)))]
async fn replace_reply(
    mut work: Allowed<can::RepliesWrite>,
    PathId((account, id)): PathId<(AccountId, RuleId)>,
    Body(body): Body<RuleBody>,
) -> Result<Json<Rule>, Error> {
    store::find(&mut work, account, id).await?;
    let draft = check::check(body)?;
    may(&mut work, account, draft.what.trigger.kind).await?;
    files_exist(&mut work, &draft.what.answers).await?;
    store::replace(&mut work, account, id, &draft).await?;
    let rule = changed(&mut work, account, id).await?;
    work.commit().await?;
    Ok(Json(rule))
}

/// Fields of a rule that change by themselves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RulePatch {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    enabled: Option<bool>,
}

/// Switch a rule on or off, or rename it.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}/replies/{rule}", operation_id = "update_reply", tag = "replies",
    params(("account" = AccountId, Path, description = "The account."), ("rule" = RuleId, Path, description = "The rule.")),
    request_body = RulePatch, responses((status = 200, description = "The rule.", body = Rule)))]
async fn update_reply(
    mut work: Allowed<can::RepliesWrite>,
    PathId((account, id)): PathId<(AccountId, RuleId)>,
    Body(patch): Body<RulePatch>,
) -> Result<Json<Rule>, Error> {
    let rule = store::find(&mut work, account, id).await?;
    let name = patch.name.unwrap_or(rule.name);
    if name.trim().is_empty() || name.chars().count() > 60 {
        return Err(Error::field("name", "length", "name must be 1 to 60 characters"));
    }
    store::patch(&mut work, account, id, name.trim(), patch.enabled.unwrap_or(rule.enabled)).await?;
    let rule = changed(&mut work, account, id).await?;
    work.commit().await?;
    Ok(Json(rule))
}

/// Delete a rule.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/replies/{rule}", operation_id = "delete_reply", tag = "replies",
    params(("account" = AccountId, Path, description = "The account."), ("rule" = RuleId, Path, description = "The rule.")),
    responses((status = 204, description = "Deleted.")))]
async fn delete_reply(
    mut work: Allowed<can::RepliesWrite>,
    PathId((account, id)): PathId<(AccountId, RuleId)>,
) -> Result<StatusCode, Error> {
    store::remove(&mut work, account, id).await?;
    accounts::bump(&mut work, account).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rules in their new order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    /// Every rule of the account, once.
    ids: Vec<RuleId>,
}

/// Put the rules in order.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/replies/order", operation_id = "order_replies", tag = "replies",
    params(("account" = AccountId, Path, description = "The account.")), request_body = Order,
    responses((status = 204, description = "Ordered.")))]
async fn order_replies(
    mut work: Allowed<can::RepliesWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(order): Body<Order>,
) -> Result<StatusCode, Error> {
    accounts::find(&mut work, account).await?;
    let mut known: Vec<RuleId> = store::list(&mut work, account).await?.into_iter().map(|rule| rule.id).collect();
    let mut given = order.ids.clone();
    known.sort();
    given.sort();
    if known != given {
        return Err(Error::field("ids", "not_all", "ids must be every rule of the account, once"));
    }
    for (n, id) in order.ids.iter().enumerate() {
        store::place(&mut work, account, *id, n as i64 + 1).await?;
    }
    accounts::bump(&mut work, account).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a fan might do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TestKind {
    Text,
    Image,
    Voice,
    Video,
    Location,
    Link,
    Follow,
}

/// A trial of the rules.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Test {
    kind: TestKind,
    #[serde(default)]
    text: Option<String>,
    /// For a follow: the fan had followed before.
    #[serde(default)]
    returning: bool,
    /// At this instant; now when absent.
    #[serde(default)]
    at: Option<Millis>,
    /// A rule that is being written: tried as the last of its kind, or in place of the rule `draft_of`.
    #[serde(default)]
    draft: Option<RuleBody>,
    #[serde(default)]
    draft_of: Option<RuleId>,
}

/// One rule and why it answers, or not.
#[derive(Serialize, ToSchema)]
struct Considered {
    /// Absent for the draft.
    rule_id: Option<RuleId>,
    name: String,
    matched: bool,
    why: Why,
    word: Option<String>,
}

/// What would happen.
#[derive(Serialize, ToSchema)]
struct TestResult {
    rule: Option<Rule>,
    considered: Vec<Considered>,
    /// Goes out in the answer itself.
    passive: Option<Content>,
    /// Go out afterwards as customer-service messages.
    later: Vec<Content>,
    /// `no_reply`: a rule says nothing; `nothing_fits`: no rule does; `random`: one of several, drawn by lot;
    /// `file_not_ready`: WeChat does not have the file yet, so that the answer goes out afterwards.
    note: Option<&'static str>,
}

/// The id a draft has among the rules.
const DRAFT: RuleId = RuleId(i64::MIN);

/// Try what a fan might say, without saying it.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/replies/test", operation_id = "test_replies", tag = "replies",
    params(("account" = AccountId, Path, description = "The account.")), request_body = Test,
    responses((status = 200, description = "What would happen, and why.", body = TestResult)))]
async fn test_replies(
    mut work: Allowed<can::RepliesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(test): Body<Test>,
) -> Result<Json<TestResult>, Error> {
    accounts::find(&mut work, account).await?;
    let rules = with_draft(store::list(&mut work, account).await?, account, test.draft, test.draft_of)?;
    let heard = match test.kind {
        TestKind::Text => Heard::text(&test.text.unwrap_or_default()),
        TestKind::Follow => Heard::Follow { returning: test.returning },
        TestKind::Image => Heard::Message(MessageKind::Image),
        TestKind::Voice => Heard::Message(MessageKind::Voice),
        TestKind::Video => Heard::Message(MessageKind::Video),
        TestKind::Location => Heard::Message(MessageKind::Location),
        TestKind::Link => Heard::Message(MessageKind::Link),
    };
    let at = test.at.unwrap_or(work.now());
    Ok(Json(trial(&mut work, account, rules, &heard, at).await?))
}

async fn trial(
    work: &mut Work,
    account: AccountId,
    rules: Vec<Rule>,
    heard: &Heard,
    at: Millis,
) -> Result<TestResult, Error> {
    let book = book::make(work, account, 0, &rules).await?;
    let chosen = book.first(heard, at, |_| false);
    let mut considered = Vec::new();
    for rule in &rules {
        let matcher = Matcher::new(&rule.trigger, rule.hours.as_ref())
            .map_err(|why| Error::broken("reply_rules", rule.id.0, why))?;
        let verdict = matcher.consider(heard, || book.local(at));
        let matched = chosen.is_some_and(|chosen| chosen.id == rule.id);
        let why = match (rule.enabled, verdict.why, matched) {
            (false, _, _) => Why::Disabled,
            (true, Why::Matched, false) => Why::Later,
            (true, why, _) => why,
        };
        let rule_id = (rule.id != DRAFT).then_some(rule.id);
        considered.push(Considered {
            rule_id,
            name: rule.name.clone(),
            matched,
            why,
            word: verdict.word.map(str::to_owned),
        });
    }
    let mut say = chosen.map(|rule| rule.say(at as u64)).unwrap_or_default();
    let ready = say.first().and_then(|content| passive(content, &book.media)).is_some();
    let note = match chosen {
        None => Some("nothing_fits"),
        Some(rule) if rule.contents.is_empty() => Some("no_reply"),
        Some(_) if !ready => Some("file_not_ready"),
        Some(rule) if rule.random && rule.contents.len() > 1 => Some("random"),
        Some(_) => None,
    };
    let passive = (ready && !say.is_empty()).then(|| say.remove(0));
    let id = chosen.map(|rule| rule.id);
    Ok(TestResult { rule: rules.into_iter().find(|rule| Some(rule.id) == id), considered, passive, later: say, note })
}

fn with_draft(
    mut rules: Vec<Rule>,
    account: AccountId,
    draft: Option<RuleBody>,
    of: Option<RuleId>,
) -> Result<Vec<Rule>, Error> {
    let Some(draft) = draft else { return Ok(rules) };
    let draft = check::check(draft)?;
    let rule = Rule {
        id: of.unwrap_or(DRAFT),
        account_id: account,
        name: draft.name,
        enabled: draft.enabled,
        position: i64::MAX,
        trigger: draft.what.trigger,
        answers: draft.what.answers,
        send: draft.what.send,
        hours: draft.what.hours,
        once_per_seconds: draft.what.once_per_seconds,
        hits: 0,
        last_hit_at: None,
        created_at: 0,
        updated_at: 0,
    };
    match rules.iter_mut().find(|known| Some(known.id) == of) {
        Some(known) => *known = Rule { position: known.position, ..rule },
        None => rules.push(rule),
    }
    Ok(rules)
}

/// A trigger that is being written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConflictQuestion {
    /// The rule it belongs to, when it has one already.
    #[serde(default)]
    id: Option<RuleId>,
    trigger: Trigger,
}

/// Find the rules that a trigger meets, while it is typed.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/replies/conflicts", operation_id = "find_reply_conflicts", tag = "replies",
    params(("account" = AccountId, Path, description = "The account.")), request_body = ConflictQuestion,
    responses((status = 200, description = "Where rules meet.", body = Page<Conflict>)))]
async fn find_reply_conflicts(
    mut work: Allowed<can::RepliesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(question): Body<ConflictQuestion>,
) -> Result<Json<Page<Conflict>>, Error> {
    accounts::find(&mut work, account).await?;
    let mut faults = Faults::default();
    let trigger = check::check_trigger(question.trigger, &mut faults);
    faults.check()?;
    let rules = store::list(&mut work, account).await?;
    let own = question.id.and_then(|id| rules.iter().find(|rule| rule.id == id)).map(|rule| (rule.id, rule.position));
    Ok(Json(Page::whole(conflict::conflicts(&trigger, own, &rules))))
}

/// List texts that no keyword caught, the most frequent first.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/replies/unmatched", operation_id = "list_unmatched", tag = "replies",
    params(("account" = AccountId, Path, description = "The account."), PageQuery),
    responses((status = 200, description = "Groups of texts.", body = Page<unmatched::Unmatched>)))]
async fn list_unmatched(
    mut work: Allowed<can::RepliesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(page): Params<PageQuery>,
) -> Result<Json<Page<unmatched::Unmatched>>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(unmatched::list(&mut work, account, &page).await?))
}

/// Put a group of texts away until it is asked again.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/replies/unmatched/{text}", operation_id = "dismiss_unmatched", tag = "replies",
    params(("account" = AccountId, Path, description = "The account."), ("text" = UnmatchedId, Path, description = "The group.")),
    responses((status = 204, description = "Put away.")))]
async fn dismiss_unmatched(
    mut work: Allowed<can::RepliesWrite>,
    PathId((account, id)): PathId<(AccountId, UnmatchedId)>,
) -> Result<StatusCode, Error> {
    unmatched::dismiss(&mut work, account, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rules can be written while an account is unbound; what its kind or its sets do not allow cannot.
async fn may(work: &mut Work, account: AccountId, kind: TriggerKind) -> Result<(), Error> {
    let function = match kind {
        TriggerKind::Follow => accounts::Function::ReplyFollow,
        TriggerKind::Keyword | TriggerKind::Default => accounts::Function::ReplyKeyword,
    };
    let account = accounts::find(work, account).await?;
    account.could(function).map_err(Error::from)
}

/// Every file an answer names is one of the tenant's.
async fn files_exist(work: &mut Work, answers: &[super::model::Answer]) -> Result<(), Error> {
    for (n, answer) in answers.iter().enumerate() {
        let super::model::Answer::Content(content) = answer else { continue };
        let Some(id) = content.media() else { continue };
        match entities::media::find(work, id).await {
            Err(Error::NotFound) => {
                return Err(Error::field(&format!("answers[{n}].media_id"), "not_found", "there is no such file"));
            }
            found => found.map(|_| ())?,
        }
    }
    Ok(())
}

/// The callback door must see the change, and WeChat must have the files by the time somebody asks.
async fn changed(work: &mut Work, account: AccountId, id: RuleId) -> Result<Rule, Error> {
    accounts::bump(work, account).await?;
    let rule = store::find(work, account, id).await?;
    let needs_files = rule
        .answers
        .iter()
        .any(|answer| matches!(answer, super::model::Answer::Content(content) if content.media().is_some()));
    if needs_files {
        let run_at = work.now();
        work.enqueue(jobs::NewJob {
            name: "upload_media",
            payload: serde_json::json!({ "account": account }),
            run_at,
            dedupe_key: Some(account.to_string()),
        })
        .await?;
    }
    Ok(rule)
}
