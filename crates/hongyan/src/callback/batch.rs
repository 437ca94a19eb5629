//! Record, decide, act: one transaction for a batch of callbacks, of any accounts.
//!
//! Deciding comes before recording but writes nothing: a callback that turns out to have been taken before
//! then leaves no trace, and is answered as it was the first time.

use std::collections::{BTreeMap, HashMap, HashSet};

use entities::{
    accounts::{self, Account, DoorState, Function},
    conversations::{self, Arrival},
    events::{self, Channel, EventKind, NewEvent},
    fans,
    messages::{
        Via,
        inbound::{self, Inbound},
        sends::{self, NewSend, SendState},
    },
    reach,
};
use features::{
    articles,
    menus::{self, turn::Said},
    qrcodes::{self, Scanned, turn::What},
    replies::{self, Decision, Noted, Turn},
    sending,
};
use kit::{AccountId, Batch, Committed, Ctx, CustomerId, Error, Millis, TenantId, Work};
use quick_cache::{Equivalent, sync::Cache};
use wechat::message::{Dedupe, Event, Kind, Message};

use super::{Item, StoredAnswer};

/// Who fans are, in memory, as of a version of their account: customers who are taken apart raise it, so that no
/// process goes on with what it remembers. A fan who leaves is forgotten here, so that the next message looks again.
pub struct Known(Cache<Who, (CustomerId, i64)>);

impl Default for Known {
    fn default() -> Self {
        Self(Cache::new(200_000))
    }
}

/// A fan by account and openid.
type Who = (AccountId, String);

/// The same without an openid of one's own, to look one up by.
#[derive(Hash)]
struct Whom<'a>(AccountId, &'a str);

impl Equivalent<Who> for Whom<'_> {
    fn equivalent(&self, key: &Who) -> bool {
        (self.0, self.1) == (key.0, key.1.as_str())
    }
}

/// What the memory of [`Known`] learns once the batch is committed.
#[derive(Default)]
struct Learnt {
    met: Vec<(Who, (CustomerId, i64))>,
    left: Vec<Who>,
    /// Something was left for the inbox.
    arrived: bool,
}

/// What became of one callback of a batch.
#[derive(Debug, Clone)]
pub enum Taken {
    /// Durable. The answer, or none for "success".
    Answered(Option<StoredAnswer>),
    /// Addressed to another account than the one it is signed for.
    Refused,
}

/// Takes callbacks in; what became of each, in order. None of it may be said before it lasts.
pub async fn process(ctx: &Ctx, items: &[Item]) -> Result<(Vec<Taken>, Committed), Error> {
    // By account and in one order everywhere, so that two writers never wait for each other in a ring.
    let mut groups: BTreeMap<(TenantId, AccountId), Vec<usize>> = BTreeMap::new();
    for (n, item) in items.iter().enumerate() {
        groups.entry((item.door.tenant, item.door.account)).or_default().push(n);
    }
    let mut answers = vec![Taken::Answered(None); items.len()];
    let mut batch = Batch::begin(ctx);
    let mut learnt = Learnt::default();
    for ((tenant, account), members) in groups {
        let work = batch.inside(tenant);
        let Some(state) = accounts::door_state(work, account).await? else {
            // Deleted meanwhile: WeChat is told "success", and nothing is kept.
            continue;
        };
        // The door may have looked before the first callback told us who the account is.
        let ours = state.original_id.clone().unwrap_or_else(|| items[members[0]].message.to.as_str().to_owned());
        let (addressed, strays): (Vec<usize>, Vec<usize>) =
            members.into_iter().partition(|n| items[*n].message.to.as_str() == ours);
        for n in strays {
            answers[n] = Taken::Refused;
        }
        let group: Vec<&Item> = addressed.iter().map(|n| &items[*n]).collect();
        if group.is_empty() {
            continue;
        }
        let taken = take(work, account, &state, &group, &mut learnt).await?;
        for (n, answer) in addressed.into_iter().zip(taken) {
            answers[n] = Taken::Answered(answer);
        }
    }
    let committed = batch.commit_ahead().await?;
    if learnt.arrived {
        conversations::nudge(ctx);
    }
    let known = ctx.slot::<Known>();
    for (key, customer) in learnt.met {
        known.0.insert(key, customer);
    }
    for key in learnt.left {
        known.0.remove(&key);
    }
    Ok((answers, committed))
}

/// One callback on its way through.
struct Going<'a> {
    message: &'a Message,
    key: Dedupe,
    customer: Option<CustomerId>,
    scanned: Option<Scanned>,
    decision: Decision,
    answer: Option<StoredAnswer>,
    received_at: Millis,
}

async fn take(
    work: &mut Work,
    account: AccountId,
    state: &DoorState,
    group: &[&Item],
    learnt: &mut Learnt,
) -> Result<Vec<Option<StoredAnswer>>, Error> {
    let bound = state.bound;
    let customers = known_customers(work, account, state.version, group, learnt).await?;
    let returning = returning(work, account, group).await?;
    let openids: Vec<&str> = group.iter().map(|item| item.message.from.as_str()).collect();
    let speaks = bound && !state.listen_only;
    let messages = group.iter().filter(|_| bound).map(|item| &item.message);
    let codes = qrcodes::prepare(work, account, state.version, messages).await?;
    let prepared = if speaks { Some(replies::prepare(work, account, state.version, &openids).await?) } else { None };

    let messages = group.iter().map(|item| &item.message);
    let tapped = menus::prepare(work, account, state.version, messages).await?;

    let mut going: Vec<Going> = group
        .iter()
        .map(|item| {
            let message = &item.message;
            let key = message.dedupe();
            let openid = message.from.as_str();
            let turn = Turn { message, returning: returning.contains(openid), lot: key.lot() };
            let scanned = codes.scanned(message);
            // The order is the product: the first feature to answer wins. A code that says nothing of its own leaves
            // the word to the replies, which welcome new fans.
            let decision = prepared
                .as_ref()
                .filter(|_| message.kind.may_be_answered())
                .map(|replies| match scanned.as_ref().and_then(|code| code.says.clone()) {
                    Some(says) => Decision { passive: says.passive, later: says.later, ..Decision::default() },
                    None => by_menu(&tapped, message).unwrap_or_else(|| replies.decide(&turn)),
                })
                .unwrap_or_default();
            let answer = decision
                .passive
                .as_ref()
                .map(|(_, reply)| StoredAnswer { reply: reply.clone(), at: work.now() / 1000 });
            Going {
                message,
                key,
                customer: customers.get(openid).copied(),
                scanned,
                decision,
                answer,
                received_at: item.received_at,
            }
        })
        .collect();

    let taken = record(work, account, &going).await?;
    let mut seen = HashSet::with_capacity(going.len());
    let fresh: Vec<bool> = going.iter().map(|one| taken.contains(&one.key) && seen.insert(one.key)).collect();
    if bound {
        let turns = Turns { tapped: &tapped, has_codes: codes.has_codes() };
        act(work, account, &mut going, &fresh, &turns, learnt).await?;
    }
    if state.original_id.is_none()
        && let Some(first) = group.first()
    {
        accounts::learn_original_id(work, account, first.message.to.as_str()).await?;
    }
    accounts::heard_callback(work, account).await?;
    replay_answers(work, account, going, &taken).await
}

/// What a tapped button answers, as the decision about its push.
fn by_menu(tapped: &menus::Prepared, message: &Message) -> Option<Decision> {
    Some(match tapped.decide(message)? {
        Said::Now(content, reply) => Decision { passive: Some((content, reply)), ..Decision::default() },
        Said::Later(content) => Decision { later: vec![content], ..Decision::default() },
    })
}

/// Takes the keys that are new, in key order.
async fn record(work: &mut Work, account: AccountId, going: &[Going<'_>]) -> Result<HashSet<Dedupe>, Error> {
    let mut rows: Vec<Inbound> = Vec::with_capacity(going.len());
    let mut seen = HashSet::with_capacity(going.len());
    for one in going {
        if !seen.insert(one.key) {
            continue;
        }
        let answer = match &one.answer {
            Some(answer) => serde_json::to_string(answer).map_err(Error::internal)?,
            None => String::new(),
        };
        rows.push(Inbound { key: one.key, answer });
    }
    rows.sort_by_key(|row| (row.key.sent_at, row.key.digest));
    inbound::take(work, account, &rows).await
}

/// What the features' turns with the whole batch have shown.
struct Turns<'a> {
    tapped: &'a menus::Prepared,
    has_codes: bool,
}

/// Everything that follows from the callbacks that are new.
async fn act(
    work: &mut Work,
    account: AccountId,
    going: &mut [Going<'_>],
    fresh: &[bool],
    turns: &Turns<'_>,
    learnt: &mut Learnt,
) -> Result<(), Error> {
    let now = work.now();
    let mut scans = Vec::new();
    let mut log = Vec::with_capacity(going.len() * 2);
    let mut queue = Vec::new();
    let mut noted = Vec::with_capacity(going.len());
    let mut arrivals = Vec::with_capacity(going.len());
    let speaks_later = going.iter().zip(fresh).any(|(one, fresh)| *fresh && !one.decision.later.is_empty());
    let speaker = if speaks_later { Some(accounts::find(work, account).await?) } else { None };
    for (one, _) in going.iter_mut().zip(fresh).filter(|(_, fresh)| **fresh) {
        if sending::reports::take(work, account, one.message).await? {
            continue;
        }
        let at = one.message.create_time * 1000;
        let openid = one.message.from.as_str();
        let mut event = described(one.message);
        if let Some((EventKind::MenuTap, properties)) = &mut event {
            turns.tapped.describe(one.message, properties);
        }
        if let Kind::Event(Event::PublishJobFinish { info }) = &one.message.kind {
            articles::heard(work, account, info).await?;
        }
        let (mut first, mut left) = (false, false);
        match &one.message.kind {
            Kind::Event(Event::Subscribe { .. }) => {
                let scene = match &one.message.kind {
                    Kind::Event(event) => event.scene(),
                    _ => None,
                };
                let arrival = fans::followed(work, account, openid, at, scene).await?;
                one.customer = Some(arrival.customer);
                first = arrival.first;
                if let Some((_, properties)) = &mut event {
                    properties["first"] = arrival.first.into();
                }
            }
            Kind::Event(Event::Unsubscribe { .. }) => {
                let arrival = fans::unfollowed(work, account, openid, at).await?;
                one.customer = Some(arrival.customer);
                learnt.left.push((account, openid.to_owned()));
                left = turns.has_codes;
            }
            _ => {}
        }
        let Some(customer) = one.customer else { continue };
        let code = one.scanned.as_ref().map(|scanned| scanned.code);
        if let (Some(scanned), Some((_, properties))) = (&one.scanned, &mut event) {
            scanned.told(properties);
        }
        let what = one
            .scanned
            .take()
            .map(|scanned| What::Scanned { scanned: Box::new(scanned), first })
            .or(left.then_some(What::Left));
        scans.extend(what.map(|what| qrcodes::Noted { openid: openid.to_owned(), customer, at, what }));
        if let Some((kind, properties)) = event {
            let at = told_at(kind, at, one.received_at);
            arrivals.extend(Arrival::of(one.message, at, one.decision.caught));
            log.push(NewEvent { customer, account: Some(account), at, kind, channel: Channel::Wechat, properties });
        }
        let decision = std::mem::take(&mut one.decision);
        if let Some((content, _)) = &decision.passive {
            let mut properties = content.told(Via::Passive, decision.rule, SendState::Sent, None);
            if let (Some(code), None) = (code, decision.rule) {
                properties["qrcode_id"] = code.to_string().into();
            }
            log.push(NewEvent {
                customer,
                account: Some(account),
                at: now.max(at),
                kind: EventKind::MessageOut,
                channel: Channel::Wechat,
                properties,
            });
        }
        if let Some(speaker) = &speaker {
            queue.extend(later(work, speaker, customer, one.message, &decision));
        }
        noted.push(Noted { openid: openid.to_owned(), decision });
    }
    if let Some(speaker) = speaker {
        if speaker.may(Function::CustomMessage).is_ok() {
            sends::queue(work, queue).await?;
        } else {
            log.extend(queue.into_iter().map(|send| not_allowed(send, now)));
        }
    }
    events::record(work, log).await?;
    qrcodes::note(work, account, scans).await?;
    conversations::leave(work, account, &arrivals).await?;
    learnt.arrived |= !arrivals.is_empty();
    replies::note(work, account, &noted).await
}

/// When the timeline says that it happened. WeChat counts in seconds: for what comes promptly, our own clock tells
/// the order within one. Follows keep WeChat's instant, by which late ones are put in their place.
fn told_at(kind: EventKind, sent_at: Millis, received_at: Millis) -> Millis {
    let is_prompt = (0..2000).contains(&(received_at - sent_at));
    if is_prompt && !matches!(kind, EventKind::Follow | EventKind::Unfollow) { received_at } else { sent_at }
}

/// The answer travels back through WeChat before the fan sees it; what follows must not overtake it.
const AFTER_THE_ANSWER_MS: Millis = 800;

/// What is said after the answer: in order, and only while WeChat takes it.
fn later(work: &Work, account: &Account, customer: CustomerId, message: &Message, decision: &Decision) -> Vec<NewSend> {
    let Some(interaction) = message.kind.interaction() else { return Vec::new() };
    let window = reach::lasts(account.allowance, interaction);
    let group = if decision.later.is_empty() { 0 } else { work.new_id() };
    let send = |(position, content): (usize, &entities::messages::Content)| NewSend {
        account: account.id,
        customer,
        openid: message.from.as_str().to_owned(),
        message: content.clone().into(),
        rule: decision.rule,
        group,
        position: position as i64,
        due_at: work.now() + AFTER_THE_ANSWER_MS,
        deadline_at: Some(message.create_time * 1000 + window),
        by: None,
    };
    decision.later.iter().enumerate().map(send).collect()
}

/// A message that the account may not send is part of the story all the same.
fn not_allowed(send: NewSend, at: Millis) -> NewEvent {
    let properties = send.message.told(send.rule, SendState::Refused, Some("function_not_allowed"));
    NewEvent {
        customer: send.customer,
        account: Some(send.account),
        at,
        kind: EventKind::MessageOut,
        channel: Channel::Wechat,
        properties,
    }
}

/// The answers: the stored ones for callbacks that came again.
async fn replay_answers(
    work: &mut Work,
    account: AccountId,
    going: Vec<Going<'_>>,
    taken: &HashSet<Dedupe>,
) -> Result<Vec<Option<StoredAnswer>>, Error> {
    let repeated: Vec<Dedupe> = going.iter().map(|one| one.key).filter(|key| !taken.contains(key)).collect();
    let stored: HashMap<Dedupe, String> =
        if repeated.is_empty() { HashMap::new() } else { inbound::answers(work, account, &repeated).await? };
    going
        .into_iter()
        .map(|one| match stored.get(&one.key) {
            Some(text) if text.is_empty() => Ok(None),
            Some(text) => {
                serde_json::from_str(text).map(Some).map_err(|error| Error::broken("inbound", one.key.sent_at, error))
            }
            None => Ok(one.answer),
        })
        .collect()
}

/// The customers behind the fans who did something here. Follows and unfollows see to their own.
async fn known_customers(
    work: &mut Work,
    account: AccountId,
    version: i64,
    group: &[&Item],
    learnt: &mut Learnt,
) -> Result<HashMap<String, CustomerId>, Error> {
    let cache = work.ctx().slot::<Known>();
    let mut out = HashMap::with_capacity(group.len());
    let mut missing = Vec::new();
    for item in group {
        let openid = item.message.from.as_str();
        match cache.0.get(&Whom(account, openid)) {
            Some((customer, as_of)) if as_of == version => drop(out.insert(openid.to_owned(), customer)),
            _ => missing.push(*item),
        }
    }
    if missing.is_empty() {
        return Ok(out);
    }
    let openids: Vec<&str> = missing.iter().map(|item| item.message.from.as_str()).collect();
    let found = fans::customers_of(work, account, &openids).await?;
    let is_a_fan = |item: &&&Item| is_a_fans(&item.message.kind);
    let new: Vec<&str> = missing
        .iter()
        .filter(is_a_fan)
        .map(|item| item.message.from.as_str())
        .filter(|openid| !found.contains_key(*openid))
        .collect();
    let at = missing.iter().map(|item| item.message.create_time * 1000).min().unwrap_or(work.now());
    let arrived = if new.is_empty() { Vec::new() } else { fans::arrive(work, account, &new, at).await? };
    // Who writes follows, whatever we had heard: the follow itself may have been lost on the way.
    let spoke: Vec<&str> = missing
        .iter()
        .filter(is_a_fan)
        .map(|item| item.message.from.as_str())
        .filter(|openid| found.get(*openid).is_some_and(|met| met.is_thought_gone))
        .collect();
    fans::spoke(work, account, &spoke, at).await?;
    let found = found.into_iter().map(|(openid, met)| (openid, met.customer));
    for (openid, customer) in found.chain(arrived) {
        learnt.met.push(((account, openid.clone()), (customer, version)));
        out.insert(openid, customer);
    }
    Ok(out)
}

/// Fans whose follow is not their first.
async fn returning(work: &mut Work, account: AccountId, group: &[&Item]) -> Result<HashSet<String>, Error> {
    let follows: Vec<&str> = group
        .iter()
        .filter(|item| matches!(item.message.kind, Kind::Event(Event::Subscribe { .. })))
        .map(|item| item.message.from.as_str())
        .collect();
    if follows.is_empty() {
        return Ok(HashSet::new());
    }
    let known = fans::find_many(work, account, &follows).await?;
    Ok(known.into_iter().filter(fans::Fan::has_followed).map(|fan| fan.openid).collect())
}

/// Pushes that only a fan can cause, so that an openid we have never met is one.
fn is_a_fans(kind: &Kind) -> bool {
    match kind {
        Kind::Event(Event::Subscribe { .. } | Event::Unsubscribe { .. }) => false,
        // A page that a button opens lets nobody write, but only a fan has the button.
        Kind::Event(_) | Kind::Unknown(_) => kind.interaction().is_some() || menus::turn::is_tap(kind),
        Kind::Card(_) | Kind::Notice(_) => false,
        _ => true,
    }
}

/// The push as the timeline tells it; nothing for reports about the account itself.
fn described(message: &Message) -> Option<(EventKind, serde_json::Value)> {
    use serde_json::json;
    let id = message.msg_id.map(|id| id.to_string());
    Some(match &message.kind {
        Kind::Text(text) => (
            EventKind::MessageIn,
            json!({ "type": "text", "text": text.content, "msg_id": id, "menu_id": text.menu_id }),
        ),
        Kind::Image(image) => (
            EventKind::MessageIn,
            json!({ "type": "image", "picture_url": image.pic_url, "wechat_media_id": image.media_id, "msg_id": id }),
        ),
        Kind::Voice(voice) => (
            EventKind::MessageIn,
            json!({ "type": "voice", "format": voice.format, "text": voice.recognition, "wechat_media_id": voice.media_id, "msg_id": id }),
        ),
        Kind::Video(video) => {
            (EventKind::MessageIn, json!({ "type": "video", "wechat_media_id": video.media_id, "msg_id": id }))
        }
        Kind::ShortVideo(video) => (
            EventKind::MessageIn,
            json!({ "type": "video", "short": true, "wechat_media_id": video.media_id, "msg_id": id }),
        ),
        Kind::Location(place) => (
            EventKind::MessageIn,
            json!({ "type": "location", "latitude": place.x, "longitude": place.y, "label": place.label, "msg_id": id }),
        ),
        Kind::Link(link) => (
            EventKind::MessageIn,
            json!({ "type": "link", "title": link.title, "url": link.url, "description": link.description, "msg_id": id }),
        ),
        Kind::Event(event) => return described_event(event),
        Kind::Card(event) => (EventKind::Other, json!({ "event": event.name() })),
        Kind::Unknown(unknown) => (EventKind::Other, json!({ "event": unknown.event, "type": unknown.msg_type })),
        Kind::Notice(_) => return None,
    })
}

fn described_event(event: &Event) -> Option<(EventKind, serde_json::Value)> {
    use serde_json::json;
    Some(match event {
        Event::Subscribe { .. } => (EventKind::Follow, json!({ "qr_scene": event.scene() })),
        Event::Unsubscribe { .. } => (EventKind::Unfollow, json!({})),
        Event::Scan { key, ticket } => (EventKind::Scan, json!({ "scene": key, "ticket": ticket })),
        Event::Click { key } => (EventKind::MenuTap, json!({ "event": event.name(), "key": key })),
        Event::View { url, .. } => (EventKind::MenuTap, json!({ "event": event.name(), "key": url })),
        Event::ViewMiniprogram { path, .. } => (EventKind::MenuTap, json!({ "event": event.name(), "key": path })),
        Event::ScancodePush { key, scan } | Event::ScancodeWaitmsg { key, scan } => {
            (EventKind::MenuTap, json!({ "event": event.name(), "key": key, "result": scan.result }))
        }
        Event::PicSysphoto { key, .. }
        | Event::PicPhotoOrAlbum { key, .. }
        | Event::PicWeixin { key, .. }
        | Event::LocationSelect { key, .. } => (EventKind::MenuTap, json!({ "event": event.name(), "key": key })),
        Event::Location { .. } | Event::Enter {} => return None,
        other => (EventKind::Other, json!({ "event": other.name() })),
    })
}
