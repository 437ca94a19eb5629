//! Takes a tag off up to 50 fans.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_batchuntagging.html>

crate::api::call!(UntagUsers, Post, "/cgi-bin/tags/members/batchuntagging", Account);

pub type Request = super::tag_users::Request;

pub type Response = crate::api::Done;
