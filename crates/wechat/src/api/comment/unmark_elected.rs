//! Takes the election of a comment back.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_unelectcomment.html>

crate::api::call!(UnmarkElected, Post, "/cgi-bin/comment/unmarkelect", Account);

pub type Request = super::OfComment;

pub type Response = crate::api::Done;
