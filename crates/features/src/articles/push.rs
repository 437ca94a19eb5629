//! Bringing an article into WeChat's draft box: read back first, then written, then read back.
//!
//! What stands in the box is compared with what stood there when both were last the same; when somebody has changed it
//! since, nothing is written and both are kept. A draft that may have been added by a call whose answer was lost is
//! looked for in the box before another is added.

use entities::{
    accounts::{self, Function},
    articles::{self, Article, Wish},
};
use kit::{ArticleId, Error};
use wechat::api::{
    draft,
    draft::{
        add_draft::{self, AddDraft},
        batch_get_drafts::{self, BatchGetDrafts},
        delete_draft::{self, DeleteDraft},
        update_draft::{self, UpdateDraft},
    },
};

use super::{
    decide::{Verdict, verdict},
    desk::{Desk, Later, NO_MEDIA, SOON_MS, Stop},
    wire,
};

/// A lost draft is among the newest.
const LOOK_AT: u64 = 20;

impl Desk {
    /// What is wished of the article, or when to go on.
    pub async fn do_wish(&self, id: ArticleId) -> Result<Option<Later>, Error> {
        loop {
            let article = articles::find(&mut self.read(), id).await?;
            let Some(wish) = article.wish else { return Ok(None) };
            let done = match wish {
                Wish::Push => self.push(article).await,
                Wish::Delete => self.delete(article).await,
                Wish::Copy => self.host_anew(article).await,
            };
            match done {
                Ok(()) => {}
                Err(Stop::Later(later)) => return Ok(Some(later)),
                Err(Stop::Failed(problem, errcode, item)) => self.failed(id, problem, errcode, item).await?,
                Err(Stop::Ours(Error::NotFound)) => return Ok(None),
                Err(Stop::Ours(error)) => return Err(error),
            }
        }
    }

    async fn failed(
        &self,
        id: ArticleId,
        problem: &str,
        errcode: Option<i64>,
        item: Option<usize>,
    ) -> Result<(), Error> {
        let mut article = articles::find(&mut self.read(), id).await?;
        article.wish = None;
        article.problem = Some(problem.to_owned());
        article.errcode = errcode;
        article.problem_item = item.map(|item| item as i64);
        self.put(&article).await
    }

    async fn push(&self, mut article: Article) -> Result<(), Stop> {
        if accounts::find(&mut self.read(), self.account).await?.may(Function::Materials).is_err() {
            return Err(Stop::Failed("not_allowed", None, None));
        }
        if article.old_media_id.is_some() {
            return self.drop_old(article).await;
        }
        if article.theirs.is_some() {
            return Err(Stop::Failed("conflict", None, None));
        }
        if let Some(media_id) = article.media_id.clone() {
            match self.draft(&media_id).await? {
                None => return Ok(self.gone(article).await?),
                Some(theirs) if !self.is_untouched(&article, &theirs) => {
                    return Ok(self.conflict(article, theirs).await?);
                }
                Some(_) => {}
            }
        }
        let is_new = article.base.as_ref().is_none_or(|base| base.len() != article.items.len());
        if is_new
            && article.called_at.is_some()
            && let Some((media_id, theirs)) = self.look_for(&article).await?
        {
            return Ok(self.same_now(article, media_id, theirs).await?);
        }
        let uploaded = self.upload_pictures(&article).await?;
        let wire: Vec<draft::Article> =
            article.items.iter().map(|item| wire::to_wechat(&self.pictures(), item, &uploaded)).collect();
        article.called_at = Some(self.ctx.now());
        self.put(&article).await?;
        let media_id = match article.media_id.clone() {
            Some(media_id) if !is_new => self.update(&article, media_id, wire).await?,
            _ => self.add(&article, wire).await?,
        };
        match self.draft(&media_id).await? {
            Some(theirs) => Ok(self.same_now(article, media_id, theirs).await?),
            None => Ok(self.gone(article).await?),
        }
    }

    async fn add(&self, article: &Article, wire: Vec<draft::Article>) -> Result<String, Stop> {
        match self.call::<AddDraft>(&add_draft::Request { articles: wire }).await {
            Ok(added) => Ok(added.media_id),
            Err(failure) => Err(self.not_written(article, &failure, None).await?),
        }
    }

    async fn update(&self, article: &Article, media_id: String, wire: Vec<draft::Article>) -> Result<String, Stop> {
        for (n, one) in wire.into_iter().enumerate() {
            let request = update_draft::Request { media_id: media_id.clone(), index: n as i64, articles: one };
            if let Err(failure) = self.call::<UpdateDraft>(&request).await {
                return Err(self.not_written(article, &failure, Some(n)).await?);
            }
        }
        Ok(media_id)
    }

    async fn not_written(
        &self,
        article: &Article,
        failure: &wechat_client::Failure,
        item: Option<usize>,
    ) -> Result<Stop, Error> {
        if matches!(verdict(failure), Verdict::Refused(..)) && item.unwrap_or(0) == 0 {
            // Nothing was written, so nothing need be looked for.
            let mut article = article.clone();
            article.called_at = None;
            self.put(&article).await?;
        }
        if failure.errcode() == Some(NO_MEDIA) && self.attempts < 3 {
            self.forget_covers(article).await?;
            return Ok(self.later(SOON_MS, failure));
        }
        Ok(match self.stop(failure) {
            Stop::Failed(problem, errcode, _) => Stop::Failed(problem, errcode, item),
            other => other,
        })
    }

    /// Whether what is in the box is what we left there: as it was, or as a call of ours may have changed it.
    fn is_untouched(&self, article: &Article, theirs: &[draft::Article]) -> bool {
        let Some(base) = &article.base else { return false };
        if wire::same(base, theirs) {
            return true;
        }
        article.called_at.is_some()
            && base.len() == theirs.len()
            && theirs.iter().enumerate().all(|(n, one)| {
                let as_before = base
                    .get(n)
                    .is_some_and(|before| wire::same(std::slice::from_ref(before), std::slice::from_ref(one)));
                as_before || article.items.get(n).is_some_and(|item| wire::item_reads_like(&self.pictures(), item, one))
            })
    }

    /// The draft that a lost answer was about, if it is in the box and nobody's.
    async fn look_for(&self, article: &Article) -> Result<Option<(String, Vec<draft::Article>)>, Stop> {
        let request = batch_get_drafts::Request { offset: 0, count: LOOK_AT, no_content: 0 };
        let found = self.call::<BatchGetDrafts>(&request).await.map_err(|failure| self.stop(&failure))?;
        let known = articles::known_drafts(&mut self.read(), self.account).await?;
        let ours = found.item.into_iter().find(|one| {
            !known.contains(&one.media_id) && wire::reads_like(&self.pictures(), &article.items, &one.content.news_item)
        });
        let Some(ours) = ours else { return Ok(None) };
        // Lists may leave things out that a single draft has.
        Ok(self.draft(&ours.media_id).await?.map(|theirs| (ours.media_id, theirs)))
    }

    /// Both sides are the same.
    async fn same_now(&self, mut article: Article, media_id: String, theirs: Vec<draft::Article>) -> Result<(), Error> {
        let now = self.ctx.now();
        let old = article.media_id.take().filter(|old| *old != media_id);
        article.wish = if old.is_some() { Some(Wish::Push) } else { None };
        article.old_media_id = old;
        article.media_id = Some(media_id);
        article.base = Some(theirs);
        article.synced_revision = Some(article.revision);
        article.synced_at = Some(now);
        article.seen_at = Some(now);
        article.wechat_updated_s = None;
        article.gone_at = None;
        article.called_at = None;
        clear(&mut article);
        self.put(&article).await
    }

    /// The draft whose place another has taken.
    async fn drop_old(&self, mut article: Article) -> Result<(), Stop> {
        let Some(old) = article.old_media_id.take() else { return Ok(()) };
        match self.call::<DeleteDraft>(&delete_draft::Request { media_id: old }).await {
            Ok(_) => {}
            Err(failure) if failure.errcode() == Some(NO_MEDIA) => {}
            Err(failure) => match self.stop(&failure) {
                Stop::Failed(..) => {}
                stop => return Err(stop),
            },
        }
        article.wish = None;
        Ok(self.put(&article).await?)
    }

    async fn gone(&self, mut article: Article) -> Result<(), Error> {
        article.leave_box(self.ctx.now());
        article.wish = None;
        clear(&mut article);
        article.problem = Some("gone".to_owned());
        self.put(&article).await
    }

    async fn conflict(&self, mut article: Article, theirs: Vec<draft::Article>) -> Result<(), Error> {
        article.theirs = Some(theirs);
        article.seen_at = Some(self.ctx.now());
        article.called_at = None;
        article.wish = None;
        clear(&mut article);
        article.problem = Some("conflict".to_owned());
        self.put(&article).await
    }

    async fn delete(&self, article: Article) -> Result<(), Stop> {
        for media_id in [&article.media_id, &article.old_media_id].into_iter().flatten() {
            match self.call::<DeleteDraft>(&delete_draft::Request { media_id: media_id.clone() }).await {
                Ok(_) => {}
                Err(failure) if failure.errcode() == Some(NO_MEDIA) => {}
                Err(failure) => return Err(self.stop(&failure)),
            }
        }
        let mut work = self.write();
        articles::remove(&mut work, article.id).await?;
        super::desk::tell(&mut work, article.account, Some(article.id));
        Ok(work.commit().await?)
    }
}

pub fn clear(article: &mut Article) {
    article.problem = None;
    article.errcode = None;
    article.problem_item = None;
}
