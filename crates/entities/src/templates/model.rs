use kit::{AccountId, Millis, TemplateId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which of WeChat's two kinds of forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateKind {
    /// Of template messages: to whoever follows.
    Template,
    /// Of subscription notices: to who has agreed.
    Notice,
}

impl TemplateKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::Notice => "notice",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Template, Self::Notice].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A template of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub id: TemplateId,
    pub account: AccountId,
    pub kind: TemplateKind,
    pub wechat_id: String,
    pub title: String,
    pub content: String,
    pub example: String,
    /// Of historical ones.
    pub industry: Option<String>,
    /// Of notices: one consent is for good.
    pub lasting: bool,
    pub seen_at: Millis,
    pub changed_at: Option<Millis>,
    pub gone_at: Option<Millis>,
}

/// A template as WeChat has just said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub wechat_id: String,
    pub title: String,
    pub content: String,
    pub example: String,
    pub industry: Option<String>,
    pub lasting: bool,
}

/// A place of a template that is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TemplateField)]
pub struct Field {
    /// `thing2`, or any word in a historical template.
    pub key: String,
    /// What stands before it; empty for `first` and `remark`.
    pub name: String,
    /// Its type (`thing`, `time`, …); none in historical templates.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// At most so many characters; none when its type says it otherwise.
    pub longest: Option<usize>,
    pub example: Option<String>,
    /// False for `first` and `remark`, which WeChat no longer shows.
    pub shown: bool,
}

/// A category of the account, as WeChat names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WechatCategory {
    pub id: i64,
    pub name: String,
}

/// What WeChat said besides, and when it was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synced {
    pub primary_industry: Option<String>,
    pub secondary_industry: Option<String>,
    pub industries_set_at: Option<Millis>,
    pub categories: Vec<WechatCategory>,
    pub asked_at: Option<Millis>,
    pub synced_at: Option<Millis>,
    pub problem: Option<String>,
    pub errcode: Option<i64>,
}
