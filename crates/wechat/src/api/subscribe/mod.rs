//! Subscription notices: what a fan agreed to receive, once for each time they agreed.
//!
//! Consents, and those taken back, come as events
//! ([`crate::message::Event::SubscribeMsgPopup`], [`crate::message::Event::SubscribeMsgChange`]), and what
//! became of a notice as [`crate::message::Event::SubscribeMsgSent`]. There is no id that makes repeating safe.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/intro.html>

pub mod add_notice_template;
pub mod delete_notice_template;
pub mod get_categories;
pub mod get_keywords;
pub mod get_notice_templates;
pub mod get_titles;
pub mod send_notice;
pub mod send_once;

/// The most templates of an account.
pub const MAX_TEMPLATES: usize = 25;
/// Of `sceneDesc`.
pub const MAX_SCENE_CHARS: usize = 15;
/// Of `kidList`.
pub const MIN_KEYWORDS: usize = 2;
pub const MAX_KEYWORDS: usize = 5;
/// Of a page of titles.
pub const MAX_PAGE: i64 = 30;
/// `type` of a template: one consent, one notice.
pub const ONCE: i64 = 2;
/// `type` of a template: one consent for good.
pub const LONG_TERM: i64 = 3;
