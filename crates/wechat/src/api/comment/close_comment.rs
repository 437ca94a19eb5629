//! Takes no more comments on an article.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_closecomment.html>

crate::api::call!(CloseComment, Post, "/cgi-bin/comment/close", Account);

pub type Request = super::OfArticle;

pub type Response = crate::api::Done;
