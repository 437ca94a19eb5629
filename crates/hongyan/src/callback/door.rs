//! Proof and envelope: from the bytes of a request to a message of one account, and back.
//!
//! Whatever is wrong, the answer is one and the same 403: a stranger learns nothing from it.

use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};
use entities::accounts::{self, Door, Encryption};
use features::binding;
use kit::{Ctx, Error, Work, clock};
use wechat::{
    Format,
    crypto::{
        KeyAge,
        envelope::{parse_sealed, seal_reply},
        signature,
    },
    message::{self, ComponentPush, Message},
    reply::SILENCE,
};

use super::{Callbacks, Item, StoredAnswer, writer::Outcome};
use crate::layers;

/// WeChat's pushes are a few kilobytes.
const LARGEST: usize = 1 << 20;

/// Older or newer than this, a signed query is somebody's copy.
const FRESH_MS: i64 = 15 * 60_000;

/// The callback addresses: an account bound directly, and the third-party platform's two.
///
/// This is the hub's busiest door by far, so it stands outside of what lies around every other request: it writes no
/// line in the log for a callback that went well, and keeps its counters at hand.
pub fn router(ctx: Ctx, callbacks: Callbacks) -> Router {
    Router::new()
        .route("/wx/platform/events", routing::post(platform_events))
        .route("/wx/platform/{app_id}/callback", routing::post(platform_message))
        .route("/wx/{key}", routing::get(verify).post(message))
        .method_not_allowed_fallback(layers::method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(House { ctx, callbacks })
}

#[derive(Clone)]
struct House {
    ctx: Ctx,
    callbacks: Callbacks,
}

/// Answers by the first digit of their status, and how long they took.
struct Counters {
    answers: [metrics::Counter; 6],
    seconds: metrics::Histogram,
}

static COUNTERS: LazyLock<Counters> = LazyLock::new(|| {
    Counters {
    answers: ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx"]
        .map(|class| metrics::counter!("hongyan_http_requests_total", "method" => "POST", "route" => "/wx", "status" => class)),
    seconds: metrics::histogram!("hongyan_http_seconds", "route" => "/wx"),
}
});

fn counted(began: Instant, mut response: Response) -> Response {
    COUNTERS.answers[usize::from(response.status().as_u16() / 100).min(5)].increment(1);
    COUNTERS.seconds.record(began.elapsed());
    layers::stamp(response.headers_mut());
    response
}

/// The parameters WeChat signs a request with.
#[derive(Default)]
struct Signed {
    signature: String,
    msg_signature: String,
    timestamp: String,
    nonce: String,
    echostr: String,
}

impl Signed {
    fn read(query: Option<&str>) -> Self {
        let mut signed = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match name.as_ref() {
                "signature" => signed.signature = value.into_owned(),
                "msg_signature" => signed.msg_signature = value.into_owned(),
                "timestamp" => signed.timestamp = value.into_owned(),
                "nonce" => signed.nonce = value.into_owned(),
                "echostr" => signed.echostr = value.into_owned(),
                _ => {}
            }
        }
        signed
    }

    fn is_fresh(&self, ctx: &Ctx) -> bool {
        let at = self.timestamp.parse::<i64>().map(|seconds| seconds.saturating_mul(1000));
        at.is_ok_and(|at| clock::age(ctx, at).saturating_abs() <= FRESH_MS)
    }

    fn proves_query(&self, token: &str) -> bool {
        signature::verify(&[token, &self.timestamp, &self.nonce], &self.signature)
    }

    fn proves(&self, token: &str, encrypt: &str) -> bool {
        signature::verify(&[token, &self.timestamp, &self.nonce, encrypt], &self.msg_signature)
    }
}

/// Not provably WeChat's. Why is for the log alone.
struct Refused(&'static str);

/// A push that was opened.
struct Opened {
    document: Vec<u8>,
    key: Option<KeyAge>,
}

/// Opens a push as the account's setting says, never as the request says.
fn open(ctx: &Ctx, door: &Door, signed: &Signed, body: &[u8]) -> Result<Opened, Refused> {
    if !signed.is_fresh(ctx) {
        return Err(Refused("stale timestamp"));
    }
    if door.encryption == Encryption::Plain {
        if !signed.proves_query(door.token.expose()) {
            return Err(Refused("signature"));
        }
        return Ok(Opened { document: body.to_vec(), key: None });
    }
    let sealed = parse_sealed(body).map_err(|_| Refused("envelope"))?;
    if !signed.proves(door.token.expose(), &sealed.encrypt) {
        return Err(Refused("msg_signature"));
    }
    let opened = door.cipher.decrypt(&sealed.encrypt).map_err(|_| Refused("cipher"))?;
    Ok(Opened { document: opened.message, key: Some(opened.key) })
}

fn forbidden() -> Response {
    (StatusCode::FORBIDDEN, "forbidden").into_response()
}

fn refuse(why: &Refused) -> Response {
    metrics::counter!("hongyan_callbacks_refused_total", "why" => why.0).increment(1);
    tracing::debug!(why = why.0, "a callback was refused");
    forbidden()
}

/// WeChat will ask again.
fn again() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "try again").into_response()
}

fn plain(text: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// WeChat's check when the address is entered at its console.
async fn verify(State(house): State<House>, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let began = Instant::now();
    counted(began, Box::pin(verified(&house.ctx, &key, query.as_deref())).await)
}

async fn verified(ctx: &Ctx, key: &str, query: Option<&str>) -> Response {
    let signed = Signed::read(query);
    let door = match accounts::door_by_key(ctx, key).await {
        Ok(Some(door)) => door,
        Ok(None) => return refuse(&Refused("unknown address")),
        Err(_) => return again(),
    };
    if !signed.is_fresh(ctx) || !signed.proves_query(door.token.expose()) {
        return refuse(&Refused("signature"));
    }
    let mut work = Work::begin(ctx, door.tenant);
    let noted = async {
        accounts::callback_verified(&mut work, door.account).await?;
        work.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, account.id = door.account.0, "a verified callback address could not be noted");
    }
    plain(signed.echostr)
}

async fn message(
    State(house): State<House>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let began = Instant::now();
    let response = match accounts::door_by_key(&house.ctx, &key).await {
        Ok(Some(door)) if !door.platform => take(&house, door, query.as_deref(), &body).await,
        Ok(_) => refuse(&Refused("unknown address")),
        Err(error) => unavailable(&error),
    };
    counted(began, response)
}

async fn platform_message(
    State(house): State<House>,
    Path(app_id): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let began = Instant::now();
    if binding::is_release_test(&app_id) {
        return counted(began, Box::pin(release_test(&house.ctx, &app_id, query.as_deref(), &body)).await);
    }
    let response = match accounts::door_by_app(&house.ctx, &app_id).await {
        Ok(Some(door)) if door.platform => take(&house, door, query.as_deref(), &body).await,
        Ok(_) => refuse(&Refused("unknown address")),
        Err(error) => unavailable(&error),
    };
    counted(began, response)
}

fn unavailable(error: &Error) -> Response {
    tracing::warn!(%error, "a callback's account could not be looked up");
    again()
}

/// Proves, decodes, hands to the writer, and answers once it is durable.
async fn take(house: &House, door: Arc<Door>, query: Option<&str>, body: &[u8]) -> Response {
    let House { ctx, callbacks } = house;
    let signed = Signed::read(query);
    let now = ctx.now();
    let opened = match open(ctx, &door, &signed, body) {
        Ok(opened) => opened,
        Err(why) => return refuse(&why),
    };
    let Ok(message) = message::decode(&opened.document) else { return refuse(&Refused("document")) };
    if door.original_id.as_deref().is_some_and(|ours| ours != message.to.as_str()) {
        return refuse(&Refused("ToUserName"));
    }
    let format = Format::of(&opened.document);
    let (to, from) = (message.from.as_str().to_owned(), message.to.as_str().to_owned());
    let item = Item { door: door.clone(), message, raw: opened.document, received_at: now };
    match callbacks.submit(item).await {
        Outcome::Answered(Some(answer)) => answered(ctx, &door, format, opened.key, &to, &from, &answer),
        Outcome::Answered(None) | Outcome::Spooled => plain(SILENCE),
        Outcome::Refused => refuse(&Refused("ToUserName")),
        Outcome::Failed => again(),
    }
}

/// The reply as the account's setting wants it.
fn answered(
    ctx: &Ctx,
    door: &Door,
    format: Format,
    key: Option<KeyAge>,
    to: &str,
    from: &str,
    answer: &StoredAnswer,
) -> Response {
    let document = match format {
        Format::Xml => answer.reply.encode_xml(to, from, answer.at),
        Format::Json => answer.reply.encode_json(to, from, answer.at),
    };
    let Some(key) = key else { return ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], document).into_response() };
    let (random, nonce) = ctx.random_reply();
    let encrypt = door.cipher.encrypt(document.as_bytes(), random, key);
    let sealed = seal_reply(format, door.token.expose(), &encrypt, ctx.now() / 1000, &nonce);
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], sealed).into_response()
}

/// Tickets, grants and their end, for the third-party platform itself.
async fn platform_events(State(house): State<House>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let began = Instant::now();
    counted(began, Box::pin(platform_event(&house.ctx, query.as_deref(), &body)).await)
}

async fn platform_event(ctx: &Ctx, query: Option<&str>, body: &[u8]) -> Response {
    let Some(keys) = accounts::platform::keys(ctx) else { return refuse(&Refused("no platform")) };
    let signed = Signed::read(query);
    let document = match open_for_platform(ctx, &keys, &signed, body) {
        Ok(document) => document,
        Err(why) => return refuse(&why),
    };
    let Ok(push) = ComponentPush::decode(&document) else { return refuse(&Refused("document")) };
    match binding::platform_push(ctx, push).await {
        // Durable by now, so that WeChat need not send it again.
        Ok(()) => plain(SILENCE),
        Err(error) => {
            tracing::error!(%error, "a push to the platform was not taken");
            again()
        }
    }
}

fn open_for_platform(
    ctx: &Ctx,
    keys: &accounts::platform::Keys,
    signed: &Signed,
    body: &[u8],
) -> Result<Vec<u8>, Refused> {
    if !signed.is_fresh(ctx) {
        return Err(Refused("stale timestamp"));
    }
    let sealed = parse_sealed(body).map_err(|_| Refused("envelope"))?;
    if !signed.proves(keys.token.expose(), &sealed.encrypt) {
        return Err(Refused("msg_signature"));
    }
    keys.cipher.decrypt(&sealed.encrypt).map(|opened| opened.message).map_err(|_| Refused("cipher"))
}

/// WeChat's own test accounts, before a platform is released: they are nobody's tenant.
async fn release_test(ctx: &Ctx, app_id: &str, query: Option<&str>, body: &[u8]) -> Response {
    let Some(keys) = accounts::platform::keys(ctx) else { return refuse(&Refused("no platform")) };
    let signed = Signed::read(query);
    let document = match open_for_platform(ctx, &keys, &signed, body) {
        Ok(document) => document,
        Err(why) => return refuse(&why),
    };
    let Ok(message) = message::decode(&document) else { return refuse(&Refused("document")) };
    match binding::release_test(ctx, app_id, &message).await {
        Some(reply) => sealed_for_platform(ctx, &keys, &document, &message, &reply),
        None => plain(""),
    }
}

fn sealed_for_platform(
    ctx: &Ctx,
    keys: &accounts::platform::Keys,
    document: &[u8],
    message: &Message,
    reply: &wechat::reply::Reply,
) -> Response {
    let now = ctx.now() / 1000;
    let answer = reply.encode_xml(message.from.as_str(), message.to.as_str(), now);
    let (random, nonce) = ctx.random_reply();
    let encrypt = keys.cipher.encrypt(answer.as_bytes(), random, KeyAge::Current);
    plain(seal_reply(Format::of(document), keys.token.expose(), &encrypt, now, &nonce))
}
