//! The fans of an account: who they are, page by page and one by one.

pub mod batch_get_user_info;
pub mod change_openid;
pub mod get_user_info;
pub mod list_users;
pub mod update_remark;

use serde::{Deserialize, Serialize};

use crate::OpenId;

/// A page of openids. Absent on the page after the last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenIds {
    pub openid: Vec<OpenId>,
}
