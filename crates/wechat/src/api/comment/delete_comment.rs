//! Deletes a comment.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_delcomment.html>

crate::api::call!(DeleteComment, Post, "/cgi-bin/comment/delete", Account);

pub type Request = super::OfComment;

pub type Response = crate::api::Done;
