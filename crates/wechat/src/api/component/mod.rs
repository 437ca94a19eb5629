//! What a third-party platform ("component") calls: its own token, and the
//! authorizations that accounts give it.
//!
//! Ticket, then component token, then pre-auth code; the owner agrees on a web
//! page; then the code from the redirect or the push buys the account's tokens.

pub mod create_preauthcode;
pub mod get_authorizer_info;
pub mod get_authorizer_list;
pub mod get_authorizer_option;
pub mod get_authorizer_token;
pub mod get_component_token;
pub mod query_auth;
pub mod set_authorizer_option;
pub mod start_push_ticket;

use serde::{Deserialize, Serialize};

/// What an account let the component do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthorizationInfo {
    pub authorizer_appid: String,
    /// Absent for accounts without API ability, and outside `query_auth`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorizer_access_token: Option<crate::Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorizer_refresh_token: Option<crate::Secret>,
    /// The permission sets granted. The account's kind may still lack what they name.
    pub func_info: Vec<FuncInfo>,
}

impl AuthorizationInfo {
    /// The ids of the permission sets granted.
    pub fn sets(&self) -> impl Iterator<Item = i64> {
        self.func_info.iter().map(|info| info.funcscope_category.id)
    }
}

/// One granted permission set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FuncInfo {
    pub funcscope_category: FuncscopeCategory,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_info: Option<ConfirmInfo>,
}

impl FuncInfo {
    pub fn new(id: i64) -> Self {
        Self { funcscope_category: FuncscopeCategory { id }, confirm_info: None }
    }
}

/// The id of a permission set; see [`crate::rights`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FuncscopeCategory {
    pub id: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfirmInfo {
    pub need_confirm: i64,
    pub already_confirm: i64,
    pub can_confirm: i64,
}
