use entities::{
    campaigns::{CampaignState, Named},
    templates::{Field, Synced, Template, TemplateKind, WechatCategory, fields, grants::Grants},
};
use kit::{AccountId, CampaignId, Millis, TemplateId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A template of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Template)]
pub struct TemplateView {
    pub id: TemplateId,
    #[schema(inline)]
    pub kind: TemplateKind,
    /// WeChat's name for it; what messages name.
    pub wechat_id: String,
    pub title: String,
    /// WeChat's text, with places such as `{{thing2.DATA}}`.
    pub content: String,
    pub example: String,
    #[schema(inline)]
    pub fields: Vec<Field>,
    /// Of historical ones; they work and cannot be added any more.
    pub industry: Option<String>,
    /// Of notices: one consent is for good, and not for one notice.
    pub lasting: bool,
    pub seen_at: Millis,
    /// When WeChat's text became another.
    pub changed_at: Option<Millis>,
    /// WeChat has it no more since then; it stands here while a campaign names it.
    pub gone_at: Option<Millis>,
    /// Of notices: what fans have agreed to.
    #[schema(inline)]
    pub grants: Option<GrantsView>,
    /// Campaigns that are not over and use it.
    pub used_by: Vec<TemplateUse>,
}

/// What fans have agreed to.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct GrantsView {
    /// Who can be sent a notice.
    pub fans: i64,
    /// So many notices, but for those who agreed for good.
    pub notices: i64,
    /// Who agreed for good.
    pub lasting: i64,
}

/// A campaign that uses it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateUse {
    pub campaign_id: CampaignId,
    pub name: String,
    #[schema(inline)]
    pub state: CampaignState,
}

impl TemplateView {
    pub fn new(template: Template, grants: Grants, used_by: Vec<Named>) -> Self {
        let Grants { fans, notices, lasting } = grants;
        let named = |one: Named| TemplateUse { campaign_id: one.id, name: one.name, state: one.state };
        Self {
            id: template.id,
            kind: template.kind,
            fields: fields(&template.content, &template.example),
            wechat_id: template.wechat_id,
            title: template.title,
            content: template.content,
            example: template.example,
            industry: template.industry,
            lasting: template.lasting,
            seen_at: template.seen_at,
            changed_at: template.changed_at,
            gone_at: template.gone_at,
            grants: (template.kind == TemplateKind::Notice).then_some(GrantsView { fans, notices, lasting }),
            used_by: used_by.into_iter().map(named).collect(),
        }
    }
}

/// How the comparison with WeChat stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateSync {
    Never,
    Running,
    Idle,
    Failed,
}

/// The templates of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateLibrary {
    pub items: Vec<TemplateView>,
    #[schema(inline)]
    pub state: TemplateSync,
    pub synced_at: Option<Millis>,
    /// A stable word for what was wrong with the last comparison, and WeChat's code.
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    /// As WeChat names them; null when none was set.
    pub primary_industry: Option<String>,
    pub secondary_industry: Option<String>,
    /// When they may be set again: WeChat lets one do so once a month. Null when they may be now, as far as is known here.
    pub industries_from: Option<Millis>,
    /// The account's categories, whose notices can be added.
    #[schema(inline)]
    pub categories: Vec<WechatCategory>,
}

impl TemplateLibrary {
    pub fn new(items: Vec<TemplateView>, said: Synced, industries_from: Option<Millis>) -> Self {
        let state = match &said {
            Synced { problem: Some(_), .. } => TemplateSync::Failed,
            Synced { asked_at: Some(_), .. } => TemplateSync::Running,
            Synced { synced_at: Some(_), .. } => TemplateSync::Idle,
            _ => TemplateSync::Never,
        };
        Self {
            items,
            state,
            synced_at: said.synced_at,
            problem: said.problem,
            errcode: said.errcode,
            primary_industry: said.primary_industry,
            secondary_industry: said.secondary_industry,
            industries_from,
            categories: said.categories,
        }
    }
}

/// A template of WeChat's library, to be added to the account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewTemplate {
    /// For template messages.
    Template {
        /// As WeChat's library numbers it: `43210`, `TM00015`.
        short_id: String,
        /// The names of the keywords that are wanted, in order; for templates of categories.
        #[serde(default)]
        keywords: Vec<String>,
    },
    /// For subscription notices.
    Notice {
        /// As WeChat's library numbers it.
        title_id: i64,
        /// 2 to 5 keywords, in order.
        keyword_ids: Vec<i64>,
        /// What it is used for, at most 15 characters.
        scene: String,
    },
}

/// What was added, and the library with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedTemplate {
    /// WeChat's name for it.
    pub wechat_id: String,
    pub library: TemplateLibrary,
}

/// The account's two industries, by WeChat's numbers, 1 to 41.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Industries {
    pub primary: i64,
    pub secondary: i64,
}

/// Which titles are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TitlesQuery {
    /// One of the account's categories.
    pub category: i64,
    /// From this one on; 0 when absent.
    #[serde(default)]
    pub start: i64,
}

/// A template of WeChat's library of notices.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeTitle {
    pub title_id: i64,
    pub title: String,
    /// One consent is for good.
    pub lasting: bool,
}

/// Some of WeChat's library of notices.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeTitles {
    pub items: Vec<NoticeTitle>,
    /// Of the category.
    pub total: i64,
}

/// Whose keywords are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct KeywordsQuery {
    pub title: i64,
}

/// A keyword of a template of WeChat's library.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeKeyword {
    pub keyword_id: i64,
    pub name: String,
    pub example: String,
    /// `thing`, `time`, ….
    #[serde(rename = "type")]
    pub kind: String,
}

/// The keywords of a template.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeKeywords {
    pub items: Vec<NoticeKeyword>,
}

/// What a customer has agreed to hear of, as the fan of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerNotice {
    pub account_id: AccountId,
    pub openid: String,
    /// WeChat's name of the template.
    pub wechat_id: String,
    /// Null when the library does not know it.
    pub title: Option<String>,
    /// So many notices may be sent.
    pub left: i64,
    /// They agreed for good.
    pub lasting: bool,
}

/// What a customer has agreed to hear of.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerNotices {
    pub items: Vec<CustomerNotice>,
}
