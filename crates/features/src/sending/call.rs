//! One call: what it needs is fetched first, then the clock is looked at once more, then the bytes leave.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use entities::{
    accounts::tokens::Keeper,
    campaigns,
    media::{self, UploadFailure},
    messages::{
        Message,
        machine::{self, Clock, Step},
        sends::{Claimed, SendState},
        settle::Ended,
    },
};
use kit::{
    AccountId, CampaignId, Ctx, MediaId, Millis, TenantId, Work,
    drill::{self, Mistake},
};
use tokio::sync::OnceCell;
use wechat::api::{
    Call, custom::send_message::SendMessage, subscribe::send_notice::SendNotice, template::send_template::SendTemplate,
};
use wechat_client::{Failure, Next, Token, TokenError, TokenSource};

use super::decide::{self, Request};

/// A call begins within so long of the commit of its intent, or not at all: whoever stops a campaign, and every other
/// process, may count on it (P6, P22).
const AT_ONCE: Duration = Duration::from_millis(1000);

/// A file is handed up so often for one send.
const UPLOADS: u32 = 3;
const BETWEEN_UPLOADS: Duration = Duration::from_millis(300);

/// Looked up by the first who needs it.
type Once<T> = Arc<OnceCell<T>>;

/// What the sends that were claimed together share: tokens, and what campaigns say.
#[derive(Default)]
pub struct Shared {
    tokens: Mutex<HashMap<AccountId, Once<Result<Token, TokenError>>>>,
    said: Mutex<HashMap<CampaignId, Once<Result<Message, String>>>>,
}

impl Shared {
    async fn token(&self, keeper: &Keeper, account: AccountId) -> Result<Token, TokenError> {
        let cell = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).entry(account).or_default().clone();
        if let Some(token) = cell.get() {
            return token.clone();
        }
        Box::pin(cell.get_or_init(|| keeper.token())).await.clone()
    }

    /// What a campaign says to everybody.
    async fn said(&self, ctx: &Ctx, tenant: TenantId, campaign: CampaignId) -> Result<Message, String> {
        let cell = self.said.lock().unwrap_or_else(PoisonError::into_inner).entry(campaign).or_default().clone();
        let load = async || {
            let mut work = Work::reading(ctx, tenant);
            campaigns::message_of(&mut work, campaign).await.map_err(|error| error.to_string())
        };
        if let Some(said) = cell.get() {
            return said.clone();
        }
        Box::pin(cell.get_or_init(load)).await.clone()
    }
}

/// A send that was claimed, and when that was committed by the clock that no one sets.
pub struct Begun {
    pub send: Claimed,
    pub since: Instant,
    pub shared: Arc<Shared>,
    pub clock_doubtful: bool,
}

/// What came of a call, and what it said.
pub struct Outcome {
    pub ended: Ended,
    pub said: Option<Message>,
    pub closing: Option<entities::messages::gates::Closing>,
    /// WeChat says that the account no longer authorises us.
    pub lost: bool,
}

/// Makes the call, once; or finds that it cannot be made now.
///
/// What is seldom waited for, and the call itself, have a place of their own: hundreds of these are under way, and each is moved
/// when it begins.
pub async fn call(ctx: &Ctx, begun: &Begun) -> Outcome {
    let send = &begun.send;
    let clock = || Clock { now: ctx.now(), doubtful: begun.clock_doubtful };
    let over = |reason: &'static str, evidence: String| ended(send, unsaid(send, clock(), reason), Some(evidence));
    let silent = |ended: Ended| Outcome { ended, said: None, closing: None, lost: false };
    let message = match (&send.message, send.campaign) {
        (Some(message), _) => message.clone(),
        (None, Some(campaign)) => match begun.shared.said(ctx, TenantId(send.tenant), campaign).await {
            Ok(message) => message,
            // The database is away: what is to be said is there, and is read another time.
            Err(evidence) => {
                return silent(ended(send, machine::given_back(send.tried(), clock()), Some(evidence)));
            }
        },
        (None, None) => return silent(over("broken", "the line of the ledger cannot be read".into())),
    };
    let said = Some(message.clone());
    let message = &message;
    let outcome = |ended: Ended| Outcome { ended, said: said.clone(), closing: None, lost: false };
    if !send.doubt && send.deadline_at.is_some_and(|deadline| deadline <= ctx.now()) {
        return outcome(ended(send, Step::Over(SendState::Refused, Some("too_late")), None));
    }
    let files = match message.media() {
        None => HashMap::new(),
        Some(id) => match Box::pin(file(ctx, send, id)).await {
            Ok(given) => HashMap::from([(id, given)]),
            // Nothing has been said to the fan yet, whatever happened to the file. No byte of it has left: later, then.
            Err(UploadFailure::WeChats(failure @ (Failure::NotSent(_) | Failure::NoToken(_)))) => {
                return judged(send, said, Err(failure), clock());
            }
            Err(failure) => return outcome(over("file", failure.to_string())),
        },
    };
    let Some(request) = decide::request(send, message, &files) else {
        return outcome(over("file", "WeChat has no such file".into()));
    };
    let keeper = Keeper::new(ctx, TenantId(send.tenant), send.account);
    let token = begun.shared.token(&keeper, send.account).await;
    if is_late(begun, ctx.now()) {
        return outcome(too_late(send, clock()));
    }
    let answer = match token {
        Ok(token) => {
            drill::place("send.call.before");
            let answer = tokio::select! {
                answer = said_to_wechat(ctx, &request, &token) => answer,
                () = drill::in_the_middle("send.call.under_way") => return judged(send, said, Ok(None), clock()),
            };
            drill::place("send.call.answered");
            if answer.as_ref().is_err_and(|failure| failure.next() == Next::FreshToken) {
                // Whoever comes next has another one; this send is back in line, for nothing was done.
                if let Err(error) = Box::pin(keeper.refused(token.version)).await {
                    tracing::warn!(%error, account.id = send.account.0, "a refused token could not be noted");
                }
            }
            answer
        }
        Err(error) => Err(Failure::NoToken(error)),
    };
    judged(send, said, answer, clock())
}

/// What follows when too much time has passed since the claim.
fn too_late(send: &Claimed, clock: Clock) -> Ended {
    let evidence = send.doubt.then(|| machine::GIVEN_BACK.to_owned());
    ended(send, machine::given_back(send.tried(), clock), evidence)
}

/// What follows when nothing can be said, for a reason of ours. What may have been said before stays in doubt.
fn unsaid(send: &Claimed, clock: Clock, reason: &'static str) -> Step {
    match send.doubt {
        true => machine::given_back(send.tried(), clock),
        false => Step::Over(SendState::Refused, Some(reason)),
    }
}

/// From an answer to what follows.
fn judged(send: &Claimed, said: Option<Message>, answer: Result<Option<String>, Failure>, clock: Clock) -> Outcome {
    let (step, mut closing) = machine::after(send.tried(), answer.as_ref().map(|_| ()), clock);
    let failure = answer.as_ref().err();
    // One refused token is replaced and nobody has to wait; when a fresh one is refused too, something is wrong.
    if failure.is_some_and(|failure| failure.next() == Next::FreshToken) && send.attempts < 3 {
        closing = None;
    }
    let ended = Ended {
        send: send.clone(),
        step,
        errcode: failure.and_then(Failure::errcode).map(|code| code.0),
        evidence: failure.map(ToString::to_string),
        wechat_id: answer.as_ref().ok().cloned().flatten(),
    };
    let lost = failure.is_some_and(|failure| failure.next() == Next::Unauthorized);
    Outcome { ended, said, closing, lost }
}

/// Whether the claim is too old for the call to begin. By both clocks: one stands still while the machine sleeps, the
/// other is set by people.
fn is_late(begun: &Begun, now: Millis) -> bool {
    if drill::is_made(Mistake::CallLate) {
        return false;
    }
    let at_once = AT_ONCE.as_millis() as Millis;
    begun.since.elapsed() > AT_ONCE || (now - begun.send.sending_at).abs() > at_once * 2
}

/// The call itself. WeChat's id of the message, where it gives one.
async fn said_to_wechat(ctx: &Ctx, request: &Request, token: &Token) -> Result<Option<String>, Failure> {
    Ok(match request {
        Request::Custom(request) => {
            once::<SendMessage>(ctx, token, request).await?;
            None
        }
        Request::Template(request) => Some(once::<SendTemplate>(ctx, token, request).await?.msgid.to_string()),
        Request::Notice(request) => once::<SendNotice>(ctx, token, request).await?.msgid.map(|id| id.to_string()),
    })
}

async fn once<C: Call>(ctx: &Ctx, token: &Token, request: &C::Request) -> Result<C::Response, Failure> {
    Box::pin(ctx.wechat().call::<C>(Some(&token.secret), request)).await
}

fn ended(send: &Claimed, step: Step, evidence: Option<String>) -> Ended {
    Ended { send: send.clone(), step, errcode: None, evidence, wechat_id: None }
}

/// WeChat's id for a file, which is handed up when WeChat lacks it. That WeChat has a file twice harms nobody: when it is not
/// known whether it has it, it is handed up again.
async fn file(ctx: &Ctx, send: &Claimed, id: MediaId) -> Result<String, UploadFailure> {
    let tenant = TenantId(send.tenant);
    let mut work = Work::reading(ctx, tenant);
    let soon = work.now() + 60_000;
    let known = media::wechat_ids(&mut work, send.account, soon).await?;
    drop(work);
    if let Some(file) = known.into_iter().find(|file| file.media == id) {
        return Ok(file.wechat_media_id);
    }
    let mut tried = 1;
    loop {
        match media::upload(ctx, tenant, send.account, id).await {
            Err(UploadFailure::WeChats(failure)) if tried < UPLOADS && is_unclear(&failure) => {
                tokio::time::sleep(BETWEEN_UPLOADS * tried).await;
            }
            given => return Ok(given?.wechat_media_id),
        }
        tried += 1;
    }
}

fn is_unclear(failure: &Failure) -> bool {
    match failure {
        Failure::Unclear(_) => true,
        Failure::Refused(refusal) => refusal.next == Next::Unclear,
        Failure::NotSent(_) | Failure::NoToken(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use entities::messages::Service;

    use super::*;

    #[test]
    fn p1_p2_what_may_have_been_said_is_not_called_refused_because_it_cannot_be_said_again() {
        let first = crate::sending::decide::tests::claimed(1_000);
        let clock = Clock { now: 2_000, doubtful: false };
        assert_eq!(unsaid(&first, clock, "broken"), Step::Over(SendState::Refused, Some("broken")));
        for service in [Service::Custom, Service::Template, Service::Notice] {
            let again = Claimed { doubt: true, attempts: 2, service, ..first.clone() };
            let step = unsaid(&again, clock, "broken");
            assert!(!matches!(step, Step::Over(SendState::Refused, _)), "{service:?}: {step:?}");
        }
    }

    #[test]
    fn p2_what_is_in_doubt_for_good_because_time_ran_out_says_so() {
        let first = crate::sending::decide::tests::claimed(1_000);
        let day = Clock { now: 1_000 + 86_400_000, doubtful: false };
        assert_eq!(too_late(&first, day).evidence, None, "nothing was said, and it is back in line");
        let again = Claimed { doubt: true, attempts: 7, service: Service::Template, ..first };
        let ended = too_late(&again, day);
        assert_eq!(ended.step, Step::Over(SendState::Unknown, Some("answer_lost")));
        assert!(ended.evidence.is_some());
    }

    #[test]
    fn p6_p22_a_claim_that_is_a_second_old_by_either_clock_begins_no_call() {
        let begun = |ago: Duration, sending_at: Millis| Begun {
            send: crate::sending::decide::tests::claimed(sending_at),
            since: Instant::now().checked_sub(ago).expect("a machine that has run for a while"),
            shared: Arc::default(),
            clock_doubtful: false,
        };
        assert!(!is_late(&begun(Duration::ZERO, 1_000), 1_500));
        assert!(is_late(&begun(Duration::from_millis(1_100), 1_000), 1_500), "the process stood still");
        assert!(is_late(&begun(Duration::ZERO, 1_000), 4_000), "the machine slept");
        assert!(is_late(&begun(Duration::ZERO, 100_000), 1_000), "the clock went back");
    }
}
