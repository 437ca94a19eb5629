//! The menu under the chat: the one for all, and those for some.
//!
//! Phones look for a new one when the chat is opened and five minutes have passed.

pub mod add_conditional_menu;
pub mod create_menu;
pub mod delete_conditional_menu;
pub mod delete_menu;
pub mod get_menu;
pub mod get_selfmenu_info;
pub mod try_match_menu;

use serde::{Deserialize, Serialize};

/// A button, or an item of a button's list. It has a type and what the type
/// needs, or else items of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Button {
    /// Absent for a button with items. One of [`types`].
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// At most [`MAX_NAME_BYTES`], or [`MAX_SUB_NAME_BYTES`] for an item.
    pub name: String,
    /// At most [`MAX_KEY_BYTES`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// At most [`MAX_URL_BYTES`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of permanent material.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    /// Of a published article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_id: Option<String>,
    /// Of a mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagepath: Option<String>,
    /// Always there when read, often empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_button: Option<Vec<Button>>,
}

impl Button {
    /// The items, none if there are none.
    pub fn items(&self) -> &[Button] {
        self.sub_button.as_deref().unwrap_or_default()
    }
}

/// The types a button may have.
pub mod types {
    /// Needs `key`; pushes CLICK.
    pub const CLICK: &str = "click";
    /// Needs `url`; pushes VIEW.
    pub const VIEW: &str = "view";
    /// Needs `key`.
    pub const SCANCODE_PUSH: &str = "scancode_push";
    /// Needs `key`; the fan waits for an answer.
    pub const SCANCODE_WAITMSG: &str = "scancode_waitmsg";
    /// Needs `key`.
    pub const PIC_SYSPHOTO: &str = "pic_sysphoto";
    /// Needs `key`.
    pub const PIC_PHOTO_OR_ALBUM: &str = "pic_photo_or_album";
    /// Needs `key`.
    pub const PIC_WEIXIN: &str = "pic_weixin";
    /// Needs `key`.
    pub const LOCATION_SELECT: &str = "location_select";
    /// Needs `media_id`; pushes nothing, WeChat answers by itself.
    pub const MEDIA_ID: &str = "media_id";
    /// Needs `media_id` of news; pushes nothing.
    pub const VIEW_LIMITED: &str = "view_limited";
    /// Needs `article_id`; pushes nothing.
    pub const ARTICLE_ID: &str = "article_id";
    /// Needs `article_id`; pushes nothing.
    pub const ARTICLE_VIEW_LIMITED: &str = "article_view_limited";
    /// Needs `url`, `appid` and `pagepath`; pushes `view_miniprogram`.
    pub const MINIPROGRAM: &str = "miniprogram";
}

/// The most buttons of a menu.
pub const MAX_BUTTONS: usize = 3;
/// The most items of a button.
pub const MAX_SUB_BUTTONS: usize = 5;
pub const MAX_NAME_BYTES: usize = 16;
pub const MAX_SUB_NAME_BYTES: usize = 60;
pub const MAX_KEY_BYTES: usize = 128;
pub const MAX_URL_BYTES: usize = 1024;
