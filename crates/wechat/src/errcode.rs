//! WeChat's numeric error codes, and reading an answer that may be one.
//!
//! `errmsg` is for people: it carries suffixes and changes without notice, so
//! only codes are ever compared. What to do about a code is the client's to say.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html>

mod answer;
mod table;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use answer::{Answer, ErrorBody, parse_answer};

/// An error code as WeChat answers it. 0 is success, and often left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrCode(pub i64);

impl ErrCode {
    pub fn is_ok(self) -> bool {
        self == Self::OK
    }

    /// The English text WeChat gives with the code, without suffixes; `None` for codes not in our table.
    pub fn meaning(self) -> Option<&'static str> {
        let at = table::MEANINGS.binary_search_by_key(&self.0, |(code, _)| *code).ok()?;
        Some(table::MEANINGS[at].1)
    }

    /// Every code we know, ascending.
    pub fn known() -> impl Iterator<Item = ErrCode> {
        table::MEANINGS.iter().map(|(code, _)| ErrCode(*code))
    }
}

/// The English text of a code; see [`ErrCode::meaning`].
pub fn meaning(code: ErrCode) -> Option<&'static str> {
    code.meaning()
}

impl fmt::Display for ErrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_searching_it_works() {
        let codes: Vec<_> = ErrCode::known().collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        assert_eq!(ErrCode::OUT_OF_RESPONSE_COUNT.meaning(), Some("out of response count limit"));
        assert_eq!(ErrCode(12).meaning(), None);
        for code in codes {
            assert!(code.meaning().is_some_and(|text| !text.is_empty()), "{code}");
        }
    }
}
