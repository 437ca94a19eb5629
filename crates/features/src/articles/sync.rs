//! WeChat's draft box and what is here, compared both ways. Only drafts that WeChat says were changed are read.
//!
//! What is new there comes here; what was changed only there is brought up to date; what was changed on both sides is
//! kept with both; what is only here stays. Publications made elsewhere are listed too.

use std::collections::HashSet;

use entities::{
    accounts::{self, Function},
    articles::{self, Article, Item, SyncState, Syncing},
};
use kit::{ArticleId, Error, Topic};
use wechat::api::{
    draft,
    draft::batch_get_drafts::{self, BatchGetDrafts},
};

use super::{
    desk::{Desk, Later, SOON_MS, Stop, tell},
    push::clear,
    wire,
};

const PAGE: u64 = draft::MAX_PAGE as u64;
/// What was changed so shortly before it was read may have been changed once more within the same second, or by
/// clocks that differ.
const MARGIN_MS: i64 = 60_000;

/// A line of the box.
struct Line {
    media_id: String,
    updated_s: i64,
}

enum Found {
    New,
    Conflict,
    Same,
}

impl Desk {
    /// One comparison, or when to go on.
    pub async fn compare(&self) -> Result<Option<Later>, Error> {
        let mut sync = articles::sync(&mut self.read(), self.account).await?;
        if sync.state != SyncState::Running {
            return Ok(None);
        }
        match self.compare_with(&mut sync).await {
            Ok(()) => {
                sync.state = SyncState::Done;
                sync.problem = None;
                sync.errcode = None;
            }
            Err(Stop::Later(later)) => return Ok(Some(later)),
            Err(Stop::Failed(problem, errcode, _)) => {
                sync.state = SyncState::Failed;
                sync.problem = Some(problem.to_owned());
                sync.errcode = errcode;
            }
            Err(Stop::Ours(error)) => return Err(error),
        }
        sync.ended_at = Some(self.ctx.now());
        self.show(&sync).await?;
        Ok(None)
    }

    /// Writes how it stands, and tells the consoles.
    async fn show(&self, sync: &Syncing) -> Result<(), Error> {
        let mut work = self.write();
        articles::put_sync(&mut work, sync).await?;
        work.tell(Topic::Articles, &serde_json::json!({ "account_id": self.account, "sync": sync }));
        work.commit().await
    }

    async fn compare_with(&self, sync: &mut Syncing) -> Result<(), Stop> {
        let account = accounts::find(&mut self.read(), self.account).await?;
        if account.may(Function::Materials).is_err() {
            return Err(Stop::Failed("not_allowed", None, None));
        }
        let lines = self.lines(sync).await?;
        (sync.seen, sync.changed, sync.conflicts) = (0, 0, 0);
        for line in &lines {
            match self.look_at(line).await? {
                Found::New => sync.changed += 1,
                Found::Conflict => sync.conflicts += 1,
                Found::Same => {}
            }
            sync.seen += 1;
            if sync.seen % 20 == 0 {
                self.show(sync).await?;
            }
        }
        sync.changed += self.look_for_gone(&lines).await?;
        if account.could(Function::Broadcast).is_ok() {
            self.list_published().await?;
        }
        Ok(())
    }

    /// The whole box, without the articles' bodies.
    async fn lines(&self, sync: &mut Syncing) -> Result<Vec<Line>, Stop> {
        let (mut lines, mut known) = (Vec::new(), HashSet::new());
        for page in 0.. {
            let request = batch_get_drafts::Request { offset: page * PAGE, count: PAGE, no_content: 1 };
            let found = self.call::<BatchGetDrafts>(&request).await.map_err(|failure| self.stop(&failure))?;
            let is_last = found.item.is_empty() || (page + 1) * PAGE >= found.total_count;
            for item in found.item {
                if known.insert(item.media_id.clone()) {
                    lines.push(Line { media_id: item.media_id, updated_s: item.update_time });
                }
            }
            sync.total = found.total_count as i64;
            self.show(sync).await?;
            if is_last {
                break;
            }
        }
        Ok(lines)
    }

    async fn look_at(&self, line: &Line) -> Result<Found, Stop> {
        let mut work = self.read();
        let known = articles::by_draft(&mut work, self.account, &line.media_id).await?;
        if known.is_none() && articles::known_drafts(&mut work, self.account).await?.contains(&line.media_id) {
            // Another draft has taken its place, and it is being deleted.
            return Ok(Found::Same);
        }
        drop(work);
        if let Some(article) = &known {
            let was_read = article.seen_at.is_some_and(|seen| line.updated_s * 1000 + MARGIN_MS < seen);
            if article.wish.is_some() || (was_read && article.wechat_updated_s == Some(line.updated_s)) {
                return Ok(Found::Same);
            }
        }
        let Some(theirs) = self.draft(&line.media_id).await? else { return Ok(Found::Same) };
        match known {
            Some(article) => self.bring_up_to_date(article.id, line, theirs).await,
            None => self.take_in(line, theirs).await,
        }
    }

    async fn bring_up_to_date(&self, id: ArticleId, line: &Line, theirs: Vec<draft::Article>) -> Result<Found, Stop> {
        let mut work = self.write();
        let mut article = articles::find(&mut work, id).await?;
        if article.wish.is_some() || article.media_id.as_ref() != Some(&line.media_id) {
            return Ok(Found::Same);
        }
        article.seen_at = Some(work.now());
        article.wechat_updated_s = Some(line.updated_s);
        let last = article.theirs.as_ref().or(article.base.as_ref());
        if last.is_some_and(|last| wire::same(last, &theirs)) {
            articles::put(&mut work, &article).await?;
            work.commit().await?;
            return Ok(Found::Same);
        }
        let is_same = wire::reads_like(&self.pictures(), &article.items, &theirs);
        let found = if article.is_changed() && !is_same {
            article.theirs = Some(theirs);
            Found::Conflict
        } else {
            if !is_same {
                let items = self.items(&mut work, &theirs).await?;
                articles::rewrite(&mut work, id, &items, article.revision, None).await?;
                article.revision += 1;
            }
            article.base = Some(theirs);
            article.theirs = None;
            article.synced_revision = Some(article.revision);
            article.synced_at = Some(work.now());
            clear(&mut article);
            Found::New
        };
        articles::put(&mut work, &article).await?;
        tell(&mut work, self.account, Some(id));
        work.commit().await?;
        Ok(found)
    }

    async fn items(&self, work: &mut kit::Work, theirs: &[draft::Article]) -> Result<Vec<Item>, Error> {
        let ours = self.ours(work).await?;
        Ok(theirs.iter().map(|one| wire::from_wechat(&self.pictures(), one, &ours)).collect())
    }

    /// A draft that nobody here knows: of an article whose answer was lost, or made elsewhere.
    async fn take_in(&self, line: &Line, theirs: Vec<draft::Article>) -> Result<Found, Stop> {
        let mut work = self.write();
        if articles::known_drafts(&mut work, self.account).await?.contains(&line.media_id) {
            return Ok(Found::Same);
        }
        if articles::being_added(&mut work, self.account).await? {
            return Err(self.later(SOON_MS, "a draft is on its way into the box"));
        }
        let now = work.now();
        let lost = articles::unconnected(&mut work, self.account).await?;
        let lost = lost.into_iter().find(|article| wire::reads_like(&self.pictures(), &article.items, &theirs));
        let is_new = lost.is_none();
        let mut article = match lost {
            Some(article) => article,
            None => new_article(ArticleId(work.new_id()), self.account, self.items(&mut work, &theirs).await?, now),
        };
        if is_new {
            articles::add(&mut work, &article).await?;
        }
        article.media_id = Some(line.media_id.clone());
        article.base = Some(theirs);
        article.synced_revision = Some(article.revision);
        article.synced_at = Some(now);
        article.seen_at = Some(now);
        article.wechat_updated_s = Some(line.updated_s);
        article.called_at = None;
        article.gone_at = None;
        clear(&mut article);
        articles::put(&mut work, &article).await?;
        tell(&mut work, self.account, Some(article.id));
        work.commit().await?;
        Ok(Found::New)
    }

    /// Articles that the box should have and does not list: asked for one by one, for lists move while they are read.
    async fn look_for_gone(&self, lines: &[Line]) -> Result<i64, Stop> {
        let listed: HashSet<&str> = lines.iter().map(|line| line.media_id.as_str()).collect();
        let mut gone = 0;
        for article in articles::in_box(&mut self.read(), self.account).await? {
            let Some(media_id) = article.media_id.clone().filter(|id| !listed.contains(id.as_str())) else { continue };
            if article.wish.is_some() || self.draft(&media_id).await?.is_some() {
                continue;
            }
            let mut work = self.write();
            let mut article = articles::find(&mut work, article.id).await?;
            if article.wish.is_none() && article.media_id == Some(media_id) {
                article.leave_box(work.now());
                clear(&mut article);
                articles::put(&mut work, &article).await?;
                tell(&mut work, self.account, Some(article.id));
                work.commit().await?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

/// One that is only here.
pub fn new_article(id: ArticleId, account: kit::AccountId, items: Vec<Item>, now: kit::Millis) -> Article {
    Article {
        id,
        account,
        items,
        revision: 1,
        media_id: None,
        old_media_id: None,
        base: None,
        synced_revision: None,
        synced_at: None,
        wechat_updated_s: None,
        seen_at: None,
        theirs: None,
        gone_at: None,
        wish: None,
        called_at: None,
        problem: None,
        errcode: None,
        problem_item: None,
        made_by: None,
        updated_by: None,
        created_at: now,
        updated_at: now,
    }
}
