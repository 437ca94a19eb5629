//! An answer of the API: a value, an error, or something that is neither.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::ErrCode;

/// What WeChat says when it refuses. The HTTP status is 200 all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("WeChat answered {errcode}: {errmsg}")]
pub struct ErrorBody {
    pub errcode: ErrCode,
    #[serde(default)]
    pub errmsg: String,
    /// Of the job that already runs under the same `clientmsgid`; see [`ErrCode::CLIENTMSGID_EXIST`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg_id: Option<u64>,
}

impl ErrorBody {
    pub fn new(errcode: ErrCode, errmsg: impl Into<String>) -> Self {
        Self { errcode, errmsg: errmsg.into(), msg_id: None }
    }

    /// The request id at the end of the text, by which WeChat can look the call up for seven days.
    pub fn rid(&self) -> Option<&str> {
        let (_, after) = self.errmsg.rsplit_once("rid: ")?;
        let rid = after.split_ascii_whitespace().next()?;
        let groups = rid.split('-').filter(|group| group.len() == 8 && group.bytes().all(|b| b.is_ascii_hexdigit()));
        (rid.len() == 26 && groups.count() == 3).then_some(rid)
    }
}

/// A parsed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    Ok(T),
    Err(ErrorBody),
    /// JSON, and no error, but not what this call answers. Holds what was wrong, without the content.
    Unreadable(String),
    /// Not JSON at all: a proxy's page, a cut-off body, or the bytes that were asked for.
    NotJson,
}

/// Reads an answer by its content: the content type says `text/plain` as often as not.
pub fn parse_answer<T: DeserializeOwned>(body: &[u8]) -> Answer<T> {
    #[derive(Deserialize)]
    struct Probe {
        errcode: Option<ErrCode>,
        errmsg: Option<String>,
        msg_id: Option<serde_json::Value>,
    }
    match serde_json::from_slice::<Probe>(body) {
        Ok(Probe { errcode: Some(errcode), errmsg, msg_id }) if !errcode.is_ok() => {
            Answer::Err(ErrorBody { errcode, errmsg: errmsg.unwrap_or_default(), msg_id: msg_id.as_ref().and_then(id) })
        }
        Ok(_) => match serde_json::from_slice(body) {
            Ok(value) => Answer::Ok(value),
            Err(error) => Answer::Unreadable(place(&error)),
        },
        Err(error) if error.is_data() => Answer::Unreadable(place(&error)),
        Err(_) => Answer::NotJson,
    }
}

/// An id, written as a number or as its digits.
fn id(value: &serde_json::Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Serde quotes the offending value, which may be a secret; the place does not.
fn place(error: &serde_json::Error) -> String {
    format!("unexpected shape at line {} column {}", error.line(), error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Token {
        access_token: String,
    }

    #[test]
    fn an_answer_is_a_value_an_error_or_neither() {
        let ok = parse_answer::<Token>(br#"{"access_token":"t","expires_in":7200}"#);
        assert_eq!(ok, Answer::Ok(Token { access_token: "t".to_owned() }));
        let ok = parse_answer::<Token>(br#"{"errcode":0,"errmsg":"ok","access_token":"t"}"#);
        assert_eq!(ok, Answer::Ok(Token { access_token: "t".to_owned() }));
        assert_eq!(parse_answer::<Token>(b"<html>"), Answer::NotJson);
        assert_eq!(parse_answer::<Token>(br#"{"access_token":"t"#), Answer::NotJson);
        assert_eq!(parse_answer::<Token>(b""), Answer::NotJson);
        assert!(matches!(parse_answer::<Token>(b"[1]"), Answer::Unreadable(_)));
    }

    #[test]
    fn an_error_keeps_its_code_and_its_request_id() {
        let body = br#"{"errcode":40003,"errmsg":"invalid openid hint: [x] rid: 5f70354c-2d5f3f07-6aa065ff"}"#;
        let Answer::Err(error) = parse_answer::<Token>(body) else { panic!("an error was expected") };
        assert_eq!(error.errcode, ErrCode::INVALID_OPENID);
        assert_eq!(error.rid(), Some("5f70354c-2d5f3f07-6aa065ff"));
        let old = ErrorBody::new(ErrCode(40003), "invalid openid rid: nonsense");
        assert_eq!(old.rid(), None);
    }

    #[test]
    fn a_repeated_broadcast_names_the_job_that_runs() {
        for id in ["3147494552", "\"3147494552\""] {
            let body = format!(r#"{{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":{id}}}"#);
            let Answer::Err(error) = parse_answer::<Token>(body.as_bytes()) else { panic!("an error was expected") };
            assert_eq!((error.errcode, error.msg_id), (ErrCode::CLIENTMSGID_EXIST, Some(3_147_494_552)));
        }
    }

    #[test]
    fn a_misshapen_answer_is_described_without_its_content() {
        let Answer::Unreadable(why) = parse_answer::<Token>(br#"{"access_token":["s3cr3t"]}"#) else {
            panic!("unreadable was expected")
        };
        assert!(!why.contains("s3cr3t"), "{why}");
    }
}
