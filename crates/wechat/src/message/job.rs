//! What became of broadcasts, template messages and publications.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends_and_Originality_Checks.html>

use crate::wire::nested;

/// The outcome of a broadcast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MassStatus {
    /// Done, though single fans may have failed.
    Success,
    Fail,
    /// Stopped: 10001 advertising, 2xxxx kinds of content, 3xxxx originality, 40001 refused and
    /// 40002 not answered by the administrator, and numbers nobody has explained.
    Stopped(i64),
    Other(String),
}

impl MassStatus {
    /// Reads the text; blanks in it have varied.
    pub fn of(status: &str) -> Self {
        let bare: String = status.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let code = || bare.strip_prefix("err(")?.strip_suffix(')')?.parse().ok();
        match bare.as_str() {
            "sendsuccess" => MassStatus::Success,
            "sendfail" => MassStatus::Fail,
            _ => code().map_or_else(|| MassStatus::Other(status.to_owned()), MassStatus::Stopped),
        }
    }
}

/// The outcome of a template message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateStatus {
    Success,
    /// The fan has muted the account.
    UserBlock,
    SystemFailed,
    Other(String),
}

impl TemplateStatus {
    /// Reads the text; blanks in it have varied.
    pub fn of(status: &str) -> Self {
        let bare: String = status.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        match bare.as_str() {
            "success" => TemplateStatus::Success,
            "failed:userblock" => TemplateStatus::UserBlock,
            "failed:systemfailed" => TemplateStatus::SystemFailed,
            _ => TemplateStatus::Other(status.to_owned()),
        }
    }
}

nested! {
    /// The originality check of a broadcast; present, with a count of 0, for texts too.
    pub struct CopyrightCheckResult {
        pub count: Option<i64> = "Count",
        pub results: Vec<CopyrightResult> = "ResultList",
        /// 0 not checked, 1 not a reprint, 2 reprint that may be sent, 3 reprint that may not.
        pub check_state: Option<i64> = "CheckState",
    }
}

nested! {
    pub struct CopyrightResult {
        /// From 1.
        pub article_idx: Option<i64> = "ArticleIdx",
        pub user_declare_state: Option<i64> = "UserDeclareState",
        pub audit_state: Option<i64> = "AuditState",
        pub original_article_url: String = "OriginalArticleUrl",
        pub original_article_type: Option<i64> = "OriginalArticleType",
        pub can_reprint: Option<i64> = "CanReprint",
        pub need_replace_content: Option<i64> = "NeedReplaceContent",
        pub need_show_reprint_source: Option<i64> = "NeedShowReprintSource",
    }
}

nested! {
    /// Where the articles of a broadcast can be read.
    pub struct ArticleUrlResult {
        pub count: Option<i64> = "Count",
        pub results: Vec<SentArticle> = "ResultList",
    }
}

nested! {
    pub struct SentArticle {
        /// From 1.
        pub article_idx: Option<i64> = "ArticleIdx",
        pub article_url: String = "ArticleUrl",
    }
}

nested! {
    pub struct PublishEventInfo {
        pub publish_id: u64 = "publish_id",
        /// 0 published, 1 under way, 2 not original, 3 failed, 4 refused, 5 deleted since, 6 banned since.
        pub publish_status: i64 = "publish_status",
        pub article_id: Option<String> = "article_id",
        pub article_detail: Option<ArticleDetail> = "article_detail",
        /// The articles at fault, from 1.
        pub fail_idx: Vec<u64> = "fail_idx",
    }
}

nested! {
    pub struct ArticleDetail {
        pub count: Option<i64> = "count",
        pub items: Vec<PublishedArticle> = "item",
    }
}

nested! {
    pub struct PublishedArticle in "" {
        /// From 1.
        pub idx: Option<i64> = "idx",
        pub article_url: String = "article_url",
    }
}
