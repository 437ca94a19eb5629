//! Lets readers comment on an article that is out.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_openarticlecomment.html>

crate::api::call!(OpenComment, Post, "/cgi-bin/comment/open", Account);

pub type Request = super::OfArticle;

pub type Response = crate::api::Done;
