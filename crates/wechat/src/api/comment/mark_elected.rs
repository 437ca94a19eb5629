//! Elects a comment: readers see elected ones only.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_electcomment.html>

crate::api::call!(MarkElected, Post, "/cgi-bin/comment/markelect", Account);

pub type Request = super::OfComment;

pub type Response = crate::api::Done;
