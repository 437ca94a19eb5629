//! The calls of WeChat's HTTP API: one file a call, each saying its method, its
//! path, the token it takes, and the shapes of request and answer.
//!
//! Both sides use the same shapes, so requests read whatever comes (absent
//! fields are empty, and it is for the receiver to complain), and answers
//! ignore what they do not know. Sending is `wechat-client`'s business.

mod lenient;

pub mod token;

pub mod component;

pub mod blacklist;
pub mod tag;
pub mod user;

pub mod custom;
pub mod media;
pub mod menu;
pub mod qrcode;

pub mod comment;
pub mod datacube;
pub mod draft;
pub mod freepublish;
pub mod mass;
pub mod material;
pub mod subscribe;
pub mod template;

pub mod base;
pub mod quota;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A call of the API. The implementing type is only a name.
pub trait Call {
    const METHOD: Method;
    /// Path on `https://api.weixin.qq.com`, beginning with a slash.
    const PATH: &'static str;
    const TOKEN: TokenUse;
    /// Where the request goes.
    const SENDS: Sends = match Self::METHOD {
        Method::Get => Sends::Query,
        Method::Post => Sends::Json,
    };
    /// For [`Sends::Multipart`], the fields of the request that are parts of the body beside the file.
    const FORM: &'static [&'static str] = &[];
    /// For [`Sends::Multipart`], the query beside the file, but for what [`Call::FORM`] names.
    type Request: Serialize + DeserializeOwned;
    type Response: Serialize + DeserializeOwned;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Post,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// Whose token a call carries in its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenUse {
    /// None; the call proves itself by a secret in the request, or needs no proof.
    None,
    /// The account's own token, or the one a component holds for it.
    Account,
    /// The component's token.
    Component,
}

impl TokenUse {
    /// The query key. Newer pages print `access_token` for components too; every
    /// SDK sends `component_access_token`, and WeChat takes both.
    pub fn query_key(self) -> Option<&'static str> {
        match self {
            TokenUse::None => None,
            TokenUse::Account => Some("access_token"),
            TokenUse::Component => Some("component_access_token"),
        }
    }
}

/// Where a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sends {
    /// In the query, after the token.
    Query,
    /// As a JSON body, raw UTF-8: WeChat stores `\uXXXX` literally, or refuses it.
    Json,
    /// In the query, with a file as a multipart body in the part `media`.
    Multipart,
}

/// The file of a [`Sends::Multipart`] call. WeChat wants both names: without a
/// file name it answers 41005, and it judges the kind by the extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub filename: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

impl Upload {
    /// The name of the part.
    pub const PART: &'static str = "media";
}

/// A request without content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// An answer that says only that it is done: `{"errcode":0,"errmsg":"ok"}`. JSON that does not say so is not one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "SaysSo")]
pub struct Done {}

#[derive(Deserialize)]
struct SaysSo {
    #[serde(rename = "errcode")]
    _errcode: serde::de::IgnoredAny,
}

impl From<SaysSo> for Done {
    fn from(_: SaysSo) -> Self {
        Self {}
    }
}

impl Serialize for Done {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("errcode", &0)?;
        map.serialize_entry("errmsg", "ok")?;
        map.end()
    }
}

/// Names a call: `call!(Name, Get, "/path", Account)` in a module with `Request` and `Response`.
macro_rules! call {
    ($(#[$doc:meta])* $name:ident, $method:ident, $path:literal, $token:ident $(, $sends:ident)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl $crate::api::Call for $name {
            const METHOD: $crate::api::Method = $crate::api::Method::$method;
            const PATH: &'static str = $path;
            const TOKEN: $crate::api::TokenUse = $crate::api::TokenUse::$token;
            $(const SENDS: $crate::api::Sends = $crate::api::Sends::$sends;)?
            type Request = Request;
            type Response = Response;
        }
    };
}
use call;

#[cfg(test)]
mod tests;
