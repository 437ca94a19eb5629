//! What every job about articles stands on: who it works for, calls to WeChat, and how it goes on.

use std::{collections::HashMap, sync::Arc};

use entities::{
    accounts::tokens::Keeper,
    articles::{self, Article, PURPOSE_BODY, PURPOSE_COVER},
};
use kit::{AccountId, ArticleId, Ctx, Error, MediaId, Millis, PublicationId, TenantId, Topic, Work};
use wechat::{
    ErrCode,
    api::{
        Call, draft,
        draft::get_draft::{self, GetDraft},
    },
};
use wechat_client::{Failure, Pictures};

use super::decide::{Verdict, verdict};

/// `invalid media_id`: no such draft, or no such material.
pub const NO_MEDIA: ErrCode = ErrCode(40007);
/// So often an unclear answer is followed by another try.
pub const TRIES: i64 = 8;
pub const SOON_MS: Millis = 3_000;

/// When to go on, and why not now.
#[derive(Debug)]
pub struct Later(pub Millis, pub String);

/// One account's work, without anything held.
pub struct Desk {
    pub ctx: Ctx,
    pub tenant: TenantId,
    pub account: AccountId,
    pub keeper: Keeper,
    /// How often the job has been tried, this time included.
    pub attempts: i64,
}

/// Why a step did not get through.
pub enum Stop {
    /// Again then.
    Later(Later),
    /// It was not done, and will not be: the word for it, WeChat's code, and the item at fault.
    Failed(&'static str, Option<i64>, Option<usize>),
    Ours(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Desk {
    pub fn new(ctx: &Ctx, tenant: TenantId, account: AccountId, attempts: i64) -> Self {
        Self { ctx: ctx.clone(), tenant, account, keeper: Keeper::new(ctx, tenant, account), attempts }
    }

    pub fn read(&self) -> Work {
        Work::reading(&self.ctx, self.tenant)
    }

    pub fn write(&self) -> Work {
        Work::begin(&self.ctx, self.tenant)
    }

    pub fn pictures(&self) -> Pictures {
        self.ctx.pictures().clone()
    }

    pub async fn call<C: Call>(&self, request: &C::Request) -> Result<C::Response, Failure> {
        self.ctx.wechat().call_as::<C>(&self.keeper, request).await
    }

    pub fn later(&self, milliseconds: Millis, why: impl ToString) -> Stop {
        Stop::Later(Later(self.ctx.now() + milliseconds, why.to_string()))
    }

    /// After a failed call: again, until that has been tried often enough.
    pub fn stop(&self, failure: &Failure) -> Stop {
        match verdict(failure) {
            Verdict::Refused(problem, errcode) => Stop::Failed(problem, errcode, None),
            _ if self.attempts >= TRIES => Stop::Failed("wechat_away", failure.errcode().map(|code| code.0), None),
            Verdict::Wait(milliseconds) => self.later(milliseconds, failure),
            Verdict::Unclear => self.later(SOON_MS * self.attempts.max(1), failure),
        }
    }

    /// What WeChat has of a draft; nothing when it is not in the box.
    pub async fn draft(&self, media_id: &str) -> Result<Option<Vec<draft::Article>>, Stop> {
        match self.call::<GetDraft>(&get_draft::Request { media_id: media_id.to_owned() }).await {
            Ok(found) => Ok(Some(found.news_item)),
            Err(failure) if failure.errcode() == Some(NO_MEDIA) => Ok(None),
            Err(failure) => Err(self.stop(&failure)),
        }
    }

    /// The pictures of ours by what WeChat gave for them, as address or as material.
    pub async fn ours(&self, work: &mut Work) -> Result<Arc<HashMap<String, MediaId>>, Error> {
        let mut ours = HashMap::new();
        for purpose in [PURPOSE_BODY, PURPOSE_COVER] {
            for one in articles::given(work, self.account, purpose).await? {
                ours.insert(one.given, MediaId(one.media_id));
            }
        }
        Ok(Arc::new(ours))
    }

    /// Writes an article, and tells the consoles.
    pub async fn put(&self, article: &Article) -> Result<(), Error> {
        let mut work = self.write();
        articles::put(&mut work, article).await?;
        tell(&mut work, article.account, Some(article.id));
        work.commit().await
    }
}

/// An article, or what belongs to it, is not as it was.
pub fn tell(work: &mut Work, account: AccountId, article: Option<ArticleId>) {
    work.tell(Topic::Articles, &serde_json::json!({ "account_id": account, "article_id": article }));
}

pub fn tell_publication(work: &mut Work, account: AccountId, article: Option<ArticleId>, publication: PublicationId) {
    let told = serde_json::json!({ "account_id": account, "article_id": article, "publication_id": publication });
    work.tell(Topic::Articles, &told);
}
