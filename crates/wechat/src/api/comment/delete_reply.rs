//! Takes the answer to a comment back.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_delreplycomment.html>

crate::api::call!(DeleteReply, Post, "/cgi-bin/comment/reply/delete", Account);

pub type Request = super::OfComment;

pub type Response = crate::api::Done;
