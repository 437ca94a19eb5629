use kit::{AccountId, ArticleId, MediaId, Millis, PublicationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wechat::api::draft;

use crate::accounts::words;

words! {
    /// How what is written here stands to WeChat's draft box.
    ArticleState {
        /// Only here.
        Draft = "draft",
        /// The same on both sides.
        Synced = "synced",
        /// Ours is newer.
        Changed = "changed",
        /// Both were changed.
        Conflict = "conflict",
        /// The box had it and has it no more: deleted there, published or broadcast.
        Gone = "gone",
    }
}

words! {
    /// What a job is doing with an article.
    Wish {
        Push = "push",
        Delete = "delete",
        Copy = "copy",
    }
}

words! {
    /// Who may write below an article.
    #[derive(Default)]
    Comments {
        #[default]
        Off = "off",
        Everybody = "everybody",
        Fans = "fans",
    }
}

words! {
    /// Where a publication comes from.
    PublicationSource {
        Hub = "hub",
        Broadcast = "broadcast",
        /// Found at WeChat.
        Wechat = "wechat",
    }
}

words! {
    /// How a publication stands.
    PublicationState {
        Waiting = "waiting",
        /// The call has left, and nothing is known of it yet.
        Submitting = "submitting",
        /// WeChat has taken it and is at it.
        Publishing = "publishing",
        Published = "published",
        /// By WeChat's review, or because it is no original.
        Refused = "refused",
        Failed = "failed",
        /// The answer was lost, and WeChat has nothing to show for it.
        Unknown = "unknown",
        /// Every page was deleted.
        Deleted = "deleted",
    }
}

words! {
    /// How a comparison stands.
    SyncState {
        None = "none",
        Running = "running",
        Done = "done",
        Failed = "failed",
    }
}

/// What only WeChat gave of an item, kept so that it comes back to it as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ArticleAtWechat)]
pub struct AtWechat {
    /// `news`, or `newspic`: pictures with a plain text.
    pub kind: String,
    /// The cover as permanent material, when it is none of our files.
    pub cover_id: String,
    /// Where to see it; empty when there is none.
    pub cover_url: String,
    /// Of a `newspic`: permanent material.
    pub images: Vec<String>,
    pub crop_wide: String,
    pub crop_square: String,
}

/// One article of 1 to 8.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArticleItem)]
pub struct Item {
    /// 1 to 32 characters when it is pushed.
    #[serde(default)]
    pub title: String,
    /// At most 16 characters.
    #[serde(default)]
    pub author: String,
    /// At most 128 characters; WeChat takes the beginning of an only article when it is empty.
    #[serde(default)]
    pub digest: String,
    /// What WeChat keeps of HTML; pictures are ours (`/api/v1/media/{id}/file`) or WeChat's.
    #[serde(default)]
    pub html: String,
    /// The cover, when it is a file of ours.
    #[serde(default)]
    pub cover_media_id: Option<MediaId>,
    /// Where "read the original" leads; empty for none.
    #[serde(default)]
    pub source_url: String,
    #[serde(default)]
    pub comments: Comments,
    /// Give back what was given.
    #[serde(default)]
    pub wechat: Option<AtWechat>,
}

/// A row. Its state is not kept but follows from it.
#[derive(Debug, Clone)]
pub struct Article {
    pub id: ArticleId,
    pub account: AccountId,
    pub items: Vec<Item>,
    pub revision: i64,
    pub media_id: Option<String>,
    pub old_media_id: Option<String>,
    pub base: Option<Vec<draft::Article>>,
    pub synced_revision: Option<i64>,
    pub synced_at: Option<Millis>,
    pub wechat_updated_s: Option<i64>,
    pub seen_at: Option<Millis>,
    pub theirs: Option<Vec<draft::Article>>,
    pub gone_at: Option<Millis>,
    pub wish: Option<Wish>,
    pub called_at: Option<Millis>,
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    pub problem_item: Option<i64>,
    pub made_by: Option<String>,
    pub updated_by: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

impl Article {
    pub fn state(&self) -> ArticleState {
        if self.theirs.is_some() {
            ArticleState::Conflict
        } else if self.media_id.is_none() {
            if self.gone_at.is_some() { ArticleState::Gone } else { ArticleState::Draft }
        } else if self.is_changed() {
            ArticleState::Changed
        } else {
            ArticleState::Synced
        }
    }

    /// Whether something was written here since both were the same.
    pub fn is_changed(&self) -> bool {
        self.synced_revision != Some(self.revision)
    }

    pub fn titles(&self) -> Vec<String> {
        self.items.iter().map(|item| item.title.clone()).collect()
    }

    /// WeChat's box does not have it any more. What WeChat had in a conflict stays, for a person to choose.
    pub fn leave_box(&mut self, now: Millis) {
        self.media_id = None;
        self.base = None;
        self.synced_revision = None;
        self.called_at = None;
        self.gone_at = Some(now);
    }
}

/// A page that readers see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublishedPage {
    /// From 1.
    pub idx: i64,
    pub title: String,
    pub url: String,
    pub deleted: bool,
}

/// Articles that have a page each, or are to get one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Publication {
    pub id: PublicationId,
    pub account_id: AccountId,
    /// Null when it was published elsewhere. The article may have been deleted since.
    pub article_id: Option<ArticleId>,
    pub source: PublicationSource,
    pub state: PublicationState,
    pub titles: Vec<String>,
    pub pages: Vec<PublishedPage>,
    pub wechat_article_id: Option<String>,
    /// Comments are known by it.
    pub msg_data_id: Option<String>,
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    /// The articles at fault, from 1.
    pub fail_idx: Vec<i64>,
    /// Who published it here.
    #[serde(rename = "by")]
    pub made_by: Option<String>,
    pub created_at: Millis,
    pub finished_at: Option<Millis>,
    #[serde(skip)]
    pub draft_media_id: Option<String>,
    #[serde(skip)]
    pub publish_id: Option<String>,
    #[serde(skip)]
    pub called_at: Option<Millis>,
}

/// The comparison of an account's draft box with what is here.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ArticleSync)]
pub struct Syncing {
    pub account_id: AccountId,
    pub state: SyncState,
    /// Drafts in the box.
    pub total: i64,
    /// Of them looked at.
    pub seen: i64,
    /// New here, or brought up to date.
    pub changed: i64,
    pub conflicts: i64,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub problem: Option<String>,
    pub errcode: Option<i64>,
}
