//! Publishing: one wish is one call. The intent is written down, then the call is made, then its answer is kept.
//!
//! A lost answer is never followed by another call: the box and the list of what is published say whether it was done,
//! and when neither does after a while, nobody knows and a person is told. How it ends is read from WeChat, whether the
//! event has come or not; the event only says that it is time to look.

use entities::{
    accounts::{self, Function},
    articles::{self, Publication, PublicationSource, PublicationState, PublishedPage},
};
use jobs::NewJob;
use kit::{AccountId, Error, Millis, PublicationId, Work};
use wechat::{
    api::{
        draft,
        freepublish::{
            batch_get_articles::{self, BatchGetArticles},
            get_article::{self, GetArticle},
            get_publish::{self, GetPublish},
            status,
            submit_publish::{self, SubmitPublish},
        },
    },
    message::job::PublishEventInfo,
};

use super::{
    decide::{Verdict, verdict},
    desk::{Desk, Later, SOON_MS, Stop, tell_publication},
};

/// Publishing takes WeChat minutes; until it is done, it is asked so often.
const ASK_MS: Millis = 5_000;
const ASK_LATER_MS: Millis = 60_000;
/// When a lost publication has not shown itself by then, it will not.
const LOST_AFTER_MS: Millis = 30 * 60_000;
/// When WeChat still says that it is at it by then, one is told that it failed.
const OVER_AFTER_MS: Millis = 24 * 3_600_000;
/// Clocks differ.
const MARGIN_MS: Millis = 120_000;

/// Puts the job in line that follows a publication.
pub async fn follow(work: &mut Work, id: PublicationId, at: Millis, dedupe: bool) -> Result<(), Error> {
    let job = NewJob {
        name: "article_publication",
        payload: serde_json::json!({ "publication": id }),
        run_at: at,
        dedupe_key: dedupe.then(|| id.to_string()),
    };
    work.enqueue(job).await?;
    Ok(())
}

/// WeChat tells that a publication has ended: it is time to look. What it says is read from WeChat itself.
pub async fn heard(work: &mut Work, account: AccountId, info: &PublishEventInfo) -> Result<(), Error> {
    let id = info.publish_id.to_string();
    let open = articles::open_of_account(work, account).await?;
    let Some(one) = open.iter().find(|one| one.publish_id.as_ref() == Some(&id)) else {
        // Perhaps it is the one whose answer was lost: then its draft is gone and the job finds the pages.
        for one in open.iter().filter(|one| one.publish_id.is_none() && one.called_at.is_some()) {
            follow(work, one.id, work.now(), false).await?;
        }
        return Ok(());
    };
    follow(work, one.id, work.now(), false).await
}

impl Desk {
    /// One look at a publication, or when to look again.
    pub async fn publish(&self, id: PublicationId) -> Result<Option<Later>, Error> {
        let one = articles::publication(&mut self.read(), id).await?;
        let done = match one.state {
            PublicationState::Waiting => self.submit(one).await,
            PublicationState::Submitting => self.find_lost(one).await,
            PublicationState::Publishing => self.ask(one).await,
            _ => return Ok(None),
        };
        match done {
            Ok(()) => Ok(None),
            Err(Stop::Later(later)) => Ok(Some(later)),
            Err(Stop::Failed(problem, errcode, _)) => {
                let one = articles::publication(&mut self.read(), id).await?;
                self.ended(one, PublicationState::Failed, Some(problem), errcode).await?;
                Ok(None)
            }
            Err(Stop::Ours(error)) => Err(error),
        }
    }

    async fn submit(&self, mut one: Publication) -> Result<(), Stop> {
        let account = accounts::find(&mut self.read(), self.account).await?;
        if account.may(Function::Materials).is_err() || account.may(Function::Broadcast).is_err() {
            return Err(Stop::Failed("not_allowed", None, None));
        }
        one.state = PublicationState::Submitting;
        one.called_at = Some(self.ctx.now());
        if !self.settle(&one, PublicationState::Waiting).await? {
            return Ok(());
        }
        let media_id = one.draft_media_id.clone().unwrap_or_default();
        match self.call::<SubmitPublish>(&submit_publish::Request { media_id }).await {
            Ok(taken) => {
                one.state = PublicationState::Publishing;
                one.publish_id = Some(taken.publish_id);
                one.msg_data_id = Some(taken.msg_data_id).filter(|id| !id.is_empty());
                self.settle(&one, PublicationState::Submitting).await?;
                Err(self.later(SOON_MS, "WeChat is at it"))
            }
            Err(failure) if failure.is_definite() => match verdict(&failure) {
                Verdict::Refused(problem, errcode) => Err(Stop::Failed(problem, errcode, None)),
                // Certainly not done, so it is still only wished.
                _ => {
                    let before = one.state;
                    one.state = PublicationState::Waiting;
                    one.called_at = None;
                    self.settle(&one, before).await?;
                    Err(self.stop(&failure))
                }
            },
            Err(failure) => Err(self.later(SOON_MS, failure)),
        }
    }

    /// A call has left and its answer is not known: WeChat is asked what it has.
    async fn find_lost(&self, one: Publication) -> Result<(), Stop> {
        let called_at = one.called_at.unwrap_or(one.created_at);
        let age = self.ctx.now() - called_at;
        let later = |why: &str| {
            let wait = if age < 2 * 60_000 { ASK_MS } else { ASK_LATER_MS };
            self.later(wait, why)
        };
        let media_id = one.draft_media_id.clone().unwrap_or_default();
        let in_box = match self.draft(&media_id).await {
            Err(Stop::Ours(error)) => return Err(error.into()),
            Err(_) => return Err(later("WeChat could not be asked")),
            Ok(found) => found.is_some(),
        };
        if !in_box {
            let request = batch_get_articles::Request { offset: 0, count: draft::MAX_PAGE as u64, no_content: 1 };
            let Ok(published) = self.call::<BatchGetArticles>(&request).await else {
                return Err(later("WeChat could not be asked"));
            };
            for item in published.item {
                let titles: Vec<&str> = item.content.news_item.iter().map(|one| one.title.as_str()).collect();
                let is_new = item.update_time * 1000 + MARGIN_MS >= called_at;
                if !is_new || titles != one.titles {
                    continue;
                }
                let known = articles::by_wechat_article(&mut self.read(), self.account, &item.article_id).await?;
                if known.is_none_or(|known| known.id == one.id) {
                    let mut one = one;
                    one.wechat_article_id = Some(item.article_id);
                    one.pages = pages(&item.content.news_item);
                    return Ok(self.ended(one, PublicationState::Published, None, None).await?);
                }
            }
        }
        if age > LOST_AFTER_MS {
            return Ok(self.ended(one, PublicationState::Unknown, Some("lost"), None).await?);
        }
        Err(later("the answer was lost, and nothing is found yet"))
    }

    async fn ask(&self, mut one: Publication) -> Result<(), Stop> {
        let age = self.ctx.now() - one.called_at.unwrap_or(one.created_at);
        let wait = if age < 2 * 60_000 { ASK_MS } else { ASK_LATER_MS };
        let publish_id = one.publish_id.clone().unwrap_or_default();
        let found = match self.call::<GetPublish>(&get_publish::Request { publish_id }).await {
            Ok(found) => found,
            Err(failure) if age < OVER_AFTER_MS => return Err(self.later(wait, failure)),
            Err(failure) => return Err(Stop::Failed("wechat_away", failure.errcode().map(|code| code.0), None)),
        };
        one.fail_idx = found.fail_idx.iter().map(|idx| *idx as i64).collect();
        one.wechat_article_id = found.article_id.clone().filter(|id| !id.is_empty());
        let urls = found.article_detail.map(|detail| detail.item).unwrap_or_default();
        one.pages = urls
            .into_iter()
            .map(|page| PublishedPage {
                idx: page.idx as i64,
                title: one.titles.get(page.idx.saturating_sub(1) as usize).cloned().unwrap_or_default(),
                url: page.article_url,
                deleted: false,
            })
            .collect();
        let (state, problem) = match found.publish_status {
            status::DONE => (PublicationState::Published, None),
            status::UNDER_WAY if age < OVER_AFTER_MS => return Err(self.later(wait, "WeChat is at it")),
            status::NOT_ORIGINAL => (PublicationState::Refused, Some("not_original")),
            status::REFUSED => (PublicationState::Refused, Some("refused")),
            status::DELETED | status::BANNED => (PublicationState::Deleted, None),
            _ => (PublicationState::Failed, Some("failed")),
        };
        Ok(self.ended(one, state, problem, None).await?)
    }

    /// It is over; a draft that is out has left the box.
    async fn ended(
        &self,
        mut one: Publication,
        state: PublicationState,
        problem: Option<&str>,
        errcode: Option<i64>,
    ) -> Result<(), Error> {
        let before = one.state;
        one.state = state;
        one.problem = problem.map(str::to_owned);
        one.errcode = errcode;
        one.finished_at = Some(self.ctx.now());
        let mut work = self.write();
        if !articles::put_publication(&mut work, &one, before).await? {
            return Ok(());
        }
        if state == PublicationState::Published
            && let Some(media_id) = &one.draft_media_id
            && let Some(mut article) = articles::by_draft(&mut work, self.account, media_id).await?
        {
            article.leave_box(work.now());
            articles::put(&mut work, &article).await?;
        }
        tell_publication(&mut work, self.account, one.article_id, one.id);
        work.commit().await
    }

    /// Writes how it stands; false when somebody else has done so meanwhile.
    async fn settle(&self, one: &Publication, before: PublicationState) -> Result<bool, Error> {
        let mut work = self.write();
        let is_ours = articles::put_publication(&mut work, one, before).await?;
        tell_publication(&mut work, self.account, one.article_id, one.id);
        work.commit().await?;
        Ok(is_ours)
    }

    /// What is published, also elsewhere; and what of it was deleted.
    pub async fn list_published(&self) -> Result<(), Stop> {
        for page in 0.. {
            let count = draft::MAX_PAGE as u64;
            let request = batch_get_articles::Request { offset: page * count, count, no_content: 1 };
            let found = match self.call::<BatchGetArticles>(&request).await {
                Ok(found) => found,
                // An account without the right has published nothing.
                Err(failure) if matches!(verdict(&failure), Verdict::Refused("not_allowed" | "wechat_refused", _)) => {
                    return Ok(());
                }
                Err(failure) => return Err(self.stop(&failure)),
            };
            let is_last = found.item.is_empty() || (page + 1) * count >= found.total_count;
            for item in found.item {
                self.note_published(item).await?;
            }
            if is_last {
                break;
            }
        }
        Ok(())
    }

    async fn note_published(&self, item: batch_get_articles::Item) -> Result<(), Error> {
        let mut work = self.write();
        let pages = pages(&item.content.news_item);
        let state = state_of(&pages);
        if let Some(mut known) = articles::by_wechat_article(&mut work, self.account, &item.article_id).await? {
            if known.pages.iter().map(|page| page.deleted).ne(pages.iter().map(|page| page.deleted)) {
                let before = known.state;
                known.state = state;
                known.pages = pages;
                articles::put_publication(&mut work, &known, before).await?;
                tell_publication(&mut work, self.account, known.article_id, known.id);
                work.commit().await?;
            }
            return Ok(());
        }
        if articles::unanswered(&mut work, self.account).await? {
            // It may be the one that is under way; the next comparison tells.
            return Ok(());
        }
        let new = articles::NewPublication {
            account: self.account,
            article: None,
            source: PublicationSource::Wechat,
            state,
            draft_media_id: None,
            titles: pages.iter().map(|page| page.title.clone()).collect(),
            made_by: None,
        };
        let mut made = articles::add_publication(&mut work, new).await?;
        made.wechat_article_id = Some(item.article_id);
        made.pages = pages;
        made.finished_at = Some(item.update_time * 1000);
        articles::put_publication(&mut work, &made, state).await?;
        tell_publication(&mut work, self.account, None, made.id);
        work.commit().await
    }

    /// What WeChat shows of a publication now.
    pub async fn pages_now(&self, wechat_article_id: &str) -> Result<Vec<PublishedPage>, wechat_client::Failure> {
        let request = get_article::Request { article_id: wechat_article_id.to_owned() };
        Ok(pages(&self.call::<GetArticle>(&request).await?.news_item))
    }
}

pub fn state_of(pages: &[PublishedPage]) -> PublicationState {
    let is_deleted = !pages.is_empty() && pages.iter().all(|page| page.deleted);
    if is_deleted { PublicationState::Deleted } else { PublicationState::Published }
}

fn pages(articles: &[draft::Article]) -> Vec<PublishedPage> {
    let page = |(n, article): (usize, &draft::Article)| PublishedPage {
        idx: n as i64 + 1,
        title: article.title.clone(),
        url: article.url.clone().unwrap_or_default(),
        deleted: article.is_deleted == Some(true),
    };
    articles.iter().enumerate().map(page).collect()
}
