//! Deletes all menus, the conditional ones too.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_deletemenu.html>

crate::api::call!(DeleteMenu, Get, "/cgi-bin/menu/delete", Account);

pub type Request = crate::api::Nothing;

pub type Response = crate::api::Done;
