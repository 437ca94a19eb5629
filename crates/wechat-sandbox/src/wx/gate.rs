//! The door all calls come in by: faults, checks in order, the journal.
//!
//! The order of the checks: method, token there, token good, platform's grant,
//! account's standing and kind, quotas, body. The first that fails answers.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha1::{Digest, Sha1};

use super::answer::{Answer, Ctx, Upload, text};
use super::spoil::{Instead, answer_instead, spoil};
use super::table::{Api, KeyKind, TokenUse, Verb, find, kind_bit};
use super::{Refusal, form, mass, token};
use crate::chance;
use crate::clock::SECOND;
use crate::faults::{FaultKind, What};
use crate::journal::Call;
use crate::listener::Wire;
use crate::sandbox::{Sandbox, lock};
use crate::world::tokens::Bearer;
use crate::world::{Rid, World};

/// The largest file is a video of 10 MB.
pub(super) const BODY: usize = 12 << 20;
/// What `rid/get` remembers of a body.
const RID_BODY: usize = 2048;

/// Answers any call to the WeChat side.
pub(crate) async fn call(State(sandbox): State<Sandbox>, request: Request) -> Response {
    let started = Instant::now();
    let wire = request.extensions().get::<ConnectInfo<Wire>>().map(|ConnectInfo(wire)| wire.clone());
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let Ok(body) = to_bytes(body, BODY).await else {
        return json_response(refused(&Refusal::MEDIA_TOO_LARGE, sandbox.0.clock.now_ms()).0);
    };
    let query = parts.uri.query().unwrap_or_default();
    let mut ctx = Ctx {
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        upload: upload_of(&parts.headers, &body).await,
        body,
        ip: wire.as_ref().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |wire| wire.peer.ip()),
        now_ms: 0,
        bearer: None,
        appid: String::new(),
    };
    let api = find(&path);
    ctx.appid = asked_appid(&sandbox, api, &ctx);
    let faults = lock(&sandbox.0.faults).draw(
        false,
        &path,
        Some(&ctx.appid).filter(|appid| !appid.is_empty()).map(String::as_str),
    );
    for fault in faults.iter().filter(|fault| fault.kind == FaultKind::Latency) {
        tokio::time::sleep(Duration::from_millis(fault.ms.unwrap_or(1000))).await;
    }
    let mut row = Call {
        method: parts.method.to_string(),
        path,
        key: logical_key(api, &ctx),
        appid: Some(ctx.appid.clone()).filter(|appid| !appid.is_empty()),
        fault: (!faults.is_empty()).then(|| faults.iter().map(|fault| fault.kind.name()).collect::<Vec<_>>().join(" ")),
        ..Call::default()
    };
    let instead = faults.iter().find_map(answer_instead);
    let is_carried_out = faults.iter().all(What::is_carried_out);
    let made = match &instead {
        Some(Instead::Refuse(refusal)) if !is_carried_out => Err(refusal.clone()),
        _ if !is_carried_out => Ok(None),
        _ => carry_out(&sandbox, api, &parts.method, &mut ctx, &faults, &mut row).map(Some),
    };
    // What was done although it is refused, the caller is told like any other refusal.
    let (made, done) = match made {
        Ok(Some(Answer::DoneBut(refusal))) => (Err(refusal), true),
        made => (made, false),
    };
    row.executed = done || matches!(&made, Ok(Some(answer)) if !matches!(answer, Answer::Repeated(_)));
    let made = match &instead {
        Some(Instead::Refuse(refusal)) => Err(refusal.clone()),
        _ => made,
    };
    let response = match made {
        Ok(Some(Answer::Repeated(body))) => json_response(body),
        Ok(Some(answer)) => into_response(answer),
        Ok(None) => StatusCode::OK.into_response(),
        Err(refusal) => {
            row.errcode = refusal.code;
            row.errmsg = Some(refusal.message.to_string());
            let (text, rid) = refused(&refusal, sandbox.0.clock.now_ms());
            remember(&sandbox, &ctx, query, rid, &text, started);
            json_response(text)
        }
    };
    row.at_ms = sandbox.0.clock.now_ms();
    row.elapsed_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(0);
    let row = lock(&sandbox.0.journal).add(row);
    sandbox.0.live.tell("call", || row);
    spoil(response, instead, &faults, wire, parts.uri.to_string()).await
}

/// The checks, then the call itself.
fn carry_out(
    sandbox: &Sandbox,
    api: Option<&'static Api>,
    method: &Method,
    ctx: &mut Ctx,
    faults: &[What],
    row: &mut Call,
) -> Result<Answer, Refusal> {
    let api = api.ok_or(Refusal::INVALID_URL)?;
    let mut world = sandbox.world();
    ctx.now_ms = world.now_ms();
    if faults.iter().any(|fault| fault.kind == FaultKind::StealToken) {
        token::steal(&mut world, ctx);
    }
    let answer = check(&mut world, api, method, ctx).and_then(|()| (api.run)(&mut world, ctx));
    let effects = std::mem::take(&mut world.effects);
    drop(world);
    if !ctx.appid.is_empty() {
        row.appid = Some(ctx.appid.clone());
    }
    sandbox.settle(effects);
    answer
}

fn check(world: &mut World, api: &Api, method: &Method, ctx: &mut Ctx) -> Result<(), Refusal> {
    match api.verb {
        Verb::Get if *method != Method::GET => return Err(Refusal::REQUIRE_GET),
        Verb::Post if *method != Method::POST => return Err(Refusal::REQUIRE_POST),
        _ => {}
    }
    if api.token == TokenUse::None {
        return Ok(());
    }
    let component_call = api.path.starts_with("/cgi-bin/component/");
    let mut token = ctx.query("access_token");
    if token.is_empty() && component_call {
        token = ctx.query("component_access_token");
    }
    if token.is_empty() {
        return Err(if api.token == TokenUse::Component {
            Refusal::MISSING_COMPONENT_TOKEN
        } else {
            Refusal::MISSING_TOKEN
        });
    }
    let bearer = world.tokens.check(token, ctx.now_ms)?.clone();
    match (&bearer, api.token) {
        (Bearer::Component, TokenUse::Account) => return Err(Refusal::NEED_ACCOUNT_TOKEN),
        (Bearer::Account { .. }, TokenUse::Component) => {
            return Err(Refusal::new(61024, "the access_token of an account cannot call component api"));
        }
        (Bearer::Authorizer { .. }, TokenUse::Component) => return Err(Refusal::NEED_COMPONENT_TOKEN),
        _ => {}
    }
    match &bearer {
        Bearer::Component => {
            if !listed(&world.component.ip_whitelist, ctx.ip) {
                return Err(Refusal::COMPONENT_IP);
            }
            ctx.appid = world.component.appid.clone();
            world.component.quotas.spend(api.path, api.daily, api.minutely, ctx.now_ms)?;
        }
        Bearer::Account { appid } | Bearer::Authorizer { appid, .. } => {
            ctx.appid.clone_from(appid);
            world.dirty.account(appid);
            let account = world.accounts.get_mut(appid).ok_or(Refusal::INVALID_CREDENTIAL)?;
            if let Bearer::Authorizer { component, .. } = &bearer {
                let held = account.authorization(component).ok_or(Refusal::NOT_AUTHORIZED)?;
                if !api.sets.is_empty() && !api.sets.iter().any(|set| held.sets.contains(set)) {
                    return Err(Refusal::SET_NOT_GRANTED);
                }
            }
            if account.is_barred() {
                return Err(Refusal::FORBIDDEN_API);
            }
            if api.who & kind_bit(account.is_service(), account.is_verified()) == 0 {
                return Err(Refusal::UNAUTHORIZED_API);
            }
            account.quotas.spend(api.path, api.daily, api.minutely, ctx.now_ms)?;
        }
    }
    ctx.bearer = Some(bearer);
    Ok(())
}

/// An empty list lets everybody in: the sandbox's accounts have none until somebody sets one.
pub(super) fn listed(whitelist: &[String], ip: IpAddr) -> bool {
    whitelist.is_empty() || whitelist.iter().any(|entry| entry.trim().parse() == Ok(ip.to_canonical()))
}

/// The account a call is about, as far as its token or body say before any check.
fn asked_appid(sandbox: &Sandbox, api: Option<&'static Api>, ctx: &Ctx) -> String {
    if api.is_some_and(|api| api.key == KeyKind::Appid) {
        if !ctx.query("appid").is_empty() {
            return ctx.query("appid").to_owned();
        }
        let body = ctx.value().unwrap_or_default();
        let named = ["authorizer_appid", "component_appid", "appid"].map(|name| text(&body, name).into_owned());
        return named.into_iter().find(|appid| !appid.is_empty()).unwrap_or_default();
    }
    let token = Some(ctx.query("access_token"))
        .filter(|token| !token.is_empty())
        .unwrap_or_else(|| ctx.query("component_access_token"));
    if token.is_empty() {
        return String::new();
    }
    let world = sandbox.world();
    match world.tokens.bearer(token) {
        Some(Bearer::Account { appid } | Bearer::Authorizer { appid, .. }) => appid.clone(),
        Some(Bearer::Component) => world.component.appid.clone(),
        None => String::new(),
    }
}

fn logical_key(api: Option<&'static Api>, ctx: &Ctx) -> String {
    match api.map(|api| (api.key, api.path)) {
        None => String::new(),
        Some((KeyKind::Path, path)) => format!("{path} {}", ctx.appid),
        Some((KeyKind::Appid, _)) => ctx.appid.clone(),
        Some((KeyKind::Mass, _)) => {
            format!("{}:mass:{}", ctx.appid, mass::key(&ctx.value().unwrap_or_default()))
        }
        Some((KeyKind::Form, _)) => {
            let body = ctx.value().unwrap_or_default();
            format!("{}:{}:{}", ctx.appid, text(&body, "touser"), form::key(&body))
        }
        Some((KeyKind::Message, _)) => {
            let body = ctx.value().unwrap_or_default();
            let kind = text(&body, "msgtype");
            let content = match body.get(&*kind) {
                Some(content) if kind == "text" => text(content, "content").into_owned(),
                Some(content) => content.to_string(),
                None => String::new(),
            };
            let digest: String =
                Sha1::digest(content.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            format!("{}:{}:{digest}", ctx.appid, text(&body, "touser"))
        }
    }
}

/// The file of a multipart body, if that is what it is.
async fn upload_of(headers: &HeaderMap, body: &Bytes) -> Option<Upload> {
    let kind = headers.get(header::CONTENT_TYPE)?;
    if !kind.to_str().ok()?.starts_with("multipart/form-data") {
        return None;
    }
    let mut request = Request::builder().header(header::CONTENT_TYPE, kind).body(Body::from(body.clone())).ok()?;
    // The body is here already, and no longer than it may be.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut multipart = Multipart::from_request(request, &()).await.ok()?;
    let mut upload = None;
    let mut fields = Vec::new();
    while let Ok(Some(field)) = multipart.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        if matches!(&*name, "media" | "buffer") {
            let file_name = field.file_name().unwrap_or_default().to_owned();
            let content_type = field.content_type().unwrap_or_default().to_owned();
            upload = Some(Upload { file_name, content_type, bytes: field.bytes().await.ok()?, fields: Vec::new() });
        } else {
            fields.push((name, field.text().await.ok()?));
        }
    }
    upload.map(|upload| Upload { fields, ..upload })
}

/// The body of a refusal, and its rid.
fn refused(refusal: &Refusal, now_ms: i64) -> (String, String) {
    let rid = format!("{:08x}-{:08x}-{:08x}", now_ms / SECOND, chance::any() as u32, chance::any() as u32);
    let mut body = serde_json::json!({"errcode": refusal.code, "errmsg": format!("{} rid: {rid}", refusal.message)});
    if let Some(msg_id) = refusal.msg_id {
        body["msg_id"] = msg_id.into();
    }
    (body.to_string(), rid)
}

fn remember(sandbox: &Sandbox, ctx: &Ctx, query: &str, rid: String, response: &str, started: Instant) {
    let shown = ctx.body.get(..ctx.body.len().min(RID_BODY)).unwrap_or_default();
    let mut world = sandbox.world();
    let rid = Rid {
        rid,
        appid: ctx.appid.clone(),
        invoke_s: world.now_ms() / SECOND,
        cost_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(0),
        url: query.to_owned(),
        request: String::from_utf8_lossy(shown).into_owned(),
        response: response.to_owned(),
        ip: ctx.ip.to_string(),
    };
    world.remember_rid(rid);
}

pub(super) fn json_response(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json; encoding=utf-8")], body).into_response()
}

fn into_response(answer: Answer) -> Response {
    match answer {
        Answer::Json(body) | Answer::Repeated(body) => json_response(body),
        Answer::DoneBut(refusal) => json_response(refused(&refusal, 0).0),
        Answer::Later(make) => json_response(make()),
        Answer::File { content_type, file_name, bytes } => {
            let disposition = format!("attachment; filename=\"{file_name}\"");
            ([(header::CONTENT_TYPE, content_type), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
        }
    }
}
