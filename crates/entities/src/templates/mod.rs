//! The forms an account fills in for its fans, as WeChat has them: their fields and what fits into each, and what fans
//! have agreed to hear of.
//!
//! The library is compared with WeChat's by [`agree`]; whoever fills a form in asks [`fields`], [`fits`] and [`flaw`]; the
//! callback and the sender tell [`grants`] what fans agreed to, took back, and what was used up.

mod model;

mod decide;

mod flaws;

mod limits;

mod store;

mod agree;

pub mod grants;

pub use agree::agree;
pub use decide::{Unfit, fields, fits, longest};
pub use flaws::{Flaw, flaw, strange_keys};
pub use limits::{check_length, check_links};
pub use model::{Field, Found, Synced, Template, TemplateKind, WechatCategory};
pub use store::{
    ask, find, find_wechat, industries_set, list, remove, set_industries, sync_failed, synced, synced_now,
};
