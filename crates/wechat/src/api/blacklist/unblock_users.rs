//! Unblocks up to 20 fans.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/blacklist/api_batchunblacklist.html>

crate::api::call!(UnblockUsers, Post, "/cgi-bin/tags/members/batchunblacklist", Account);

pub type Request = super::block_users::Request;

pub type Response = crate::api::Done;
