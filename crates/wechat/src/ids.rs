//! The three names WeChat gives to parties: appid, openid, original id.
//!
//! Their alphabets are undocumented and have grown over the years, so all that
//! is checked is what keeps them harmless: 1 to 64 visible ASCII characters.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The text was empty, longer than 64 characters, or not visible ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a WeChat id: 1 to 64 visible ASCII characters are expected")]
pub struct IdError;

fn check(text: &str) -> Result<(), IdError> {
    let fits = !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(()) } else { Err(IdError) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text).map(|()| Self(text))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;

            fn try_from(text: &str) -> Result<Self, IdError> {
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::try_from(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

id! {
    /// An application: an Official Account or a component, `wx` and 16 hex digits.
    AppId
}
id! {
    /// A fan as one account knows them: 28 characters beginning with `o`.
    OpenId
}
id! {
    /// An account as messages name it: `gh_` and 12 hex digits, or, on some
    /// accounts from the first years, a name the owner chose.
    OriginalId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_visible_ascii() {
        assert!(AppId::try_from("wxba5fad812f8e6fb9").is_ok());
        for bad in ["", "a b", "公众号", "a\n", &"x".repeat(65)] {
            assert_eq!(OpenId::try_from(bad), Err(IdError), "{bad:?}");
        }
    }

    #[test]
    fn json_refuses_what_the_type_refuses() {
        assert!(serde_json::from_str::<OpenId>("\"oA1\"").is_ok());
        assert!(serde_json::from_str::<OpenId>("\"\"").is_err());
    }
}
