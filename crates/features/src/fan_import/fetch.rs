//! Asking WeChat: pages of the follower list, and fans by the hundred with several calls in flight.

use std::sync::Arc;

use entities::accounts::tokens::Keeper;
use futures::{StreamExt, stream};
use kit::{AccountId, Ctx, TenantId};
use tokio::{sync::mpsc, task::JoinSet, time::Instant};
use wechat::api::user::{
    batch_get_user_info::{self, BatchGetUserInfo},
    get_user_info,
    list_users::{self, ListUsers},
};
use wechat_client::{Failure, Next};

use super::{model::Told, openids::Openids};

/// Calls in flight. WeChat answers in some tens of milliseconds, and more would only meet its limits sooner.
const AT_ONCE: usize = 8;
/// Answers that wait to be written.
const READY: usize = 64;
/// A call without an answer is made again so often: it only reads.
const TRIES: u32 = 3;

/// The way to WeChat for one account.
#[derive(Clone)]
pub struct Asker {
    ctx: Ctx,
    keeper: Arc<Keeper>,
}

impl Asker {
    pub fn new(ctx: &Ctx, tenant: TenantId, account: AccountId) -> Self {
        Self { ctx: ctx.clone(), keeper: Arc::new(Keeper::new(ctx, tenant, account)) }
    }

    /// The page of the follower list after `next_openid`.
    pub async fn list(&self, next_openid: &str) -> Result<list_users::Response, Failure> {
        self.patiently::<ListUsers>(&list_users::Request { next_openid: next_openid.to_owned() }).await
    }

    /// What WeChat says of up to a hundred fans, in this order.
    pub async fn ask(&self, openids: &[&str]) -> Result<Vec<Told>, Failure> {
        let user_list = openids
            .iter()
            .map(|openid| get_user_info::Request { openid: (*openid).to_owned(), lang: String::new() })
            .collect();
        let answer = self.patiently::<BatchGetUserInfo>(&batch_get_user_info::Request { user_list }).await;
        match answer {
            Ok(answer) => Ok(answer.user_info_list.into_iter().map(Told::from).collect()),
            // One openid that WeChat does not take spoils the whole call: look for it.
            Err(failure) if failure.next() == Next::GiveUpRecipient => match openids {
                [openid] => Ok(vec![Told::gone(openid)]),
                _ => {
                    let (one, two) = openids.split_at(openids.len() / 2);
                    let mut told = Box::pin(self.ask(one)).await?;
                    told.extend(Box::pin(self.ask(two)).await?);
                    Ok(told)
                }
            },
            Err(failure) => Err(failure),
        }
    }

    async fn patiently<C: wechat::api::Call>(&self, request: &C::Request) -> Result<C::Response, Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.ctx.wechat().call_as::<C>(&*self.keeper, request).await {
                Err(Failure::NotSent(_) | Failure::Unclear(_)) if tries < TRIES => {
                    tokio::time::sleep(std::time::Duration::from_millis(200 << tries)).await
                }
                done => return done,
            }
        }
    }
}

/// What WeChat said of the next few fans of the list.
pub struct Part {
    /// How many were asked for, whatever came back.
    pub asked: usize,
    pub told: Vec<Told>,
}

/// Answers in the order of the openids, a hundred at a time, until the list or the time is over. A failure is
/// the last that comes. Dropping it ends the asking.
pub struct Answers {
    ready: mpsc::Receiver<Result<Part, Failure>>,
    _asking: JoinSet<()>,
}

impl Answers {
    pub fn begin(asker: Asker, openids: Arc<Openids>, until: Instant) -> Self {
        let (sender, ready) = mpsc::channel(READY);
        let mut asking = JoinSet::new();
        asking.spawn(async move {
            let parts = (0..openids.len()).step_by(batch_get_user_info::MAX).take_while(|_| Instant::now() < until);
            let mut answers = stream::iter(parts)
                .map(|from| {
                    let (asker, openids) = (asker.clone(), openids.clone());
                    async move {
                        let part: Vec<&str> =
                            (from..from + batch_get_user_info::MAX).map_while(|n| openids.get(n)).collect();
                        asker.ask(&part).await.map(|told| Part { asked: part.len(), told })
                    }
                })
                .buffered(AT_ONCE);
            while let Some(answer) = answers.next().await {
                let failed = answer.is_err();
                if sender.send(answer).await.is_err() || failed {
                    return;
                }
            }
        });
        Self { ready, _asking: asking }
    }

    pub async fn next(&mut self) -> Option<Result<Part, Failure>> {
        self.ready.recv().await
    }
}
