use std::collections::BTreeMap;

use entities::{
    accounts::{
        ASKED_SETS, Account, Allowance, DeniedCode, Encryption, Function, Mode, Status, VerificationSource,
        functions_of,
    },
    imports::Import,
};
use kit::{AccountId, BindingId, Millis};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use wechat::{
    Secret,
    rights::{AccountKind, PermissionSet},
};

/// Subscription or service account, as the API writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Subscription,
    Service,
}

impl From<AccountKind> for Kind {
    fn from(kind: AccountKind) -> Self {
        match kind {
            AccountKind::Subscription => Self::Subscription,
            AccountKind::Service => Self::Service,
        }
    }
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Service => "service",
        }
    }

    pub fn service_type(self) -> i64 {
        match self {
            Self::Subscription => 0,
            Self::Service => 2,
        }
    }
}

/// An account to be bound with its own AppID and secret.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccountBody {
    /// Only `direct`; for `platform` see `create_binding`.
    pub mode: Mode,
    pub app_id: String,
    #[schema(value_type = String)]
    pub app_secret: Secret,
    /// Signs callbacks: 3 to 32 letters and digits, the same as entered at WeChat.
    #[schema(value_type = String)]
    pub token: Secret,
    /// 43 letters and digits, the same as entered at WeChat.
    #[schema(value_type = String)]
    pub encoding_aes_key: Secret,
    pub encryption: Encryption,
    /// Found out by a call when absent.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// The AppID when absent.
    #[serde(default)]
    pub nick_name: Option<String>,
    /// WeChat's `verify_type_info`, -1 to 5. WeChat is asked in any case.
    #[serde(default)]
    pub verify_type: Option<i64>,
}

/// What can be changed of an account. Secrets and encryption belong to directly bound ones alone.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccountPatch {
    pub nick_name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub app_secret: Option<Secret>,
    #[schema(value_type = Option<String>)]
    pub token: Option<Secret>,
    #[schema(value_type = Option<String>)]
    pub encoding_aes_key: Option<Secret>,
    pub encryption: Option<Encryption>,
    /// Hear everything and say nothing, while somebody else answers.
    pub listen_only: Option<bool>,
    /// Which table of customer-service messages WeChat keeps to; `2023-06` unless somebody knows better.
    #[schema(inline)]
    pub allowance: Option<Allowance>,
}

/// An account as the console shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    pub id: AccountId,
    pub mode: Mode,
    pub app_id: String,
    pub original_id: Option<String>,
    pub nick_name: String,
    pub avatar_url: Option<String>,
    pub kind: Kind,
    pub verification: Verification,
    pub verify_type: i64,
    pub verification_source: VerificationSource,
    pub alias: String,
    pub principal_name: String,
    pub status: Status,
    pub permission_sets: Vec<SetView>,
    pub functions: Vec<FunctionView>,
    pub encryption: Encryption,
    /// To be entered at WeChat.
    pub callback_url: String,
    pub callback_verified_at: Option<Millis>,
    pub listen_only: bool,
    #[schema(inline)]
    pub allowance: Allowance,
    /// Fans that follow now.
    pub following: i64,
    /// Customers that are or were fans.
    pub customers: i64,
    pub health: Health,
    pub import: Option<Import>,
    pub bound_at: Millis,
    pub unbound_at: Option<Millis>,
    pub created_at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    Verified,
    Unverified,
}

/// One of the permission sets that are asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PermissionSetState)]
pub struct SetView {
    pub id: i64,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub granted: bool,
    /// What does not work without it.
    pub breaks: Vec<Function>,
}

/// One thing the account may do, or why not.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FunctionState)]
pub struct FunctionView {
    pub function: Function,
    pub allowed: bool,
    pub code: Option<DeniedCode>,
    pub rule: Option<&'static str>,
    pub set: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    Ok,
    Warning,
    Error,
}

/// Whether the account works.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountHealth)]
pub struct Health {
    pub state: Light,
    pub last_callback_at: Option<Millis>,
    pub token_expires_at: Option<Millis>,
    pub problem: Option<String>,
    pub errcode: Option<i64>,
}

/// The permission sets as the account has them. A directly bound account needs none: its own secret is right enough.
pub fn sets_of(account: &Account) -> Vec<SetView> {
    ASKED_SETS
        .into_iter()
        .map(|set| SetView {
            id: set.0,
            name_zh: set.name_zh().unwrap_or_default(),
            name_en: set.name_en().unwrap_or_default(),
            granted: account.mode == Mode::Direct || account.permission_sets.contains(&set.0),
            breaks: functions_of(PermissionSet(set.0)).collect(),
        })
        .collect()
}

/// Everything the account may or may not do.
pub fn functions_of_account(account: &Account) -> Vec<FunctionView> {
    Function::ALL
        .iter()
        .map(|function| match account.may(*function) {
            Ok(()) => FunctionView { function: *function, allowed: true, code: None, rule: None, set: None },
            Err(denied) => FunctionView {
                function: *function,
                allowed: false,
                code: Some(denied.code),
                rule: denied.rule,
                set: denied.set,
            },
        })
        .collect()
}

/// Whether the account works, as far as its row tells.
pub fn health_of(account: &Account, token_expires_at: Option<Millis>) -> Health {
    let (state, problem) = if let Some(problem) = &account.problem {
        (Light::Error, Some(problem.clone()))
    } else if account.status != Status::Bound {
        (Light::Error, Some("unbound".to_owned()))
    } else if !account.is_verified() {
        (Light::Error, Some("account_unverified".to_owned()))
    } else if account.mode == Mode::Direct
        && account.callback_verified_at.is_none()
        && account.last_callback_at.is_none()
    {
        (Light::Warning, Some("callback_unverified".to_owned()))
    } else if account.mode == Mode::Direct && account.encryption == Encryption::Plain {
        (Light::Warning, Some("encryption_plain".to_owned()))
    } else {
        (Light::Ok, None)
    };
    Health {
        state,
        last_callback_at: account.last_callback_at,
        token_expires_at,
        problem,
        errcode: account.problem_errcode,
    }
}

/// Where a scan that is waited for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BindingState {
    /// For the administrator to scan.
    Waiting,
    /// The administrator agreed; the account is being read.
    Granted,
    /// Bound; its fans are being imported.
    Importing,
    Done,
    /// It cannot be bound; `code` says why.
    Refused,
    Expired,
    /// It did not work; `code` says why.
    Failed,
}

impl BindingState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Granted => "granted",
            Self::Importing => "importing",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Granted, Self::Importing, Self::Done, Self::Refused, Self::Expired, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// Nothing more will come of it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Importing | Self::Done | Self::Refused | Self::Failed)
    }
}

/// A scan that is waited for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Binding {
    pub id: BindingId,
    /// Where the administrator scans. Given once, to the browser that will come back from there.
    pub url: Option<String>,
    pub state: BindingState,
    pub account_id: Option<AccountId>,
    pub code: Option<String>,
    #[schema(value_type = Object)]
    pub params: Json,
    pub expires_at: Millis,
}

/// What deleting the account will do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deletion {
    pub customers_kept: i64,
    /// Follow states that become history.
    pub fans_frozen: i64,
    pub events_kept: i64,
    pub replies_deleted: i64,
    /// The tenant's own tags; WeChat's are forgotten with the account.
    pub tags_kept: i64,
    /// Sends that wait and will be cancelled.
    pub pending_sends: i64,
    /// The day that will stand beside the frozen follow states.
    pub date: Millis,
}

/// One line of the doctor.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckLine {
    /// `token`, `ip_whitelist`, `callback_url`, `encryption`, `permissions`, `ticket`, `status`.
    pub check: &'static str,
    pub state: Light,
    pub code: &'static str,
    #[schema(value_type = Object)]
    pub params: BTreeMap<&'static str, Json>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Checks {
    pub items: Vec<CheckLine>,
}

/// R6: which account this is, why it cannot be bound, and what its owner does about it.
pub fn unverified_params(nick_name: &str, kind: Kind, verify_type: i64) -> Json {
    let reason = match verify_type {
        1 => "sina_weibo_only",
        2 => "tencent_weibo_only",
        _ => "not_verified",
    };
    serde_json::json!({
        "rule": "R6", "reason": reason, "nick_name": nick_name, "kind": kind.as_str(), "verify_type": verify_type,
        "path_zh": "公众平台 mp.weixin.qq.com → 设置与开发 → 公众号设置 → 微信认证 → 开通",
        "path_en": "mp.weixin.qq.com → Settings and development → Account settings → WeChat verification → Apply",
    })
}

/// R18: where authorisation is cancelled.
pub fn cancel_params() -> Json {
    serde_json::json!({
        "rule": "R18",
        "path_zh": "公众平台 mp.weixin.qq.com → 设置与开发 → 公众号设置 → 授权管理 → 查看平台详情 → 取消授权",
        "path_en": "mp.weixin.qq.com → Settings and development → Account settings → Authorisation management → Platform details → Cancel authorisation",
    })
}
