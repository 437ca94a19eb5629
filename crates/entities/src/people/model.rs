use std::fmt;

use kit::{ApiKeyId, Capability, Error, Millis, PersonId, Role, TenantId, text_type};
use serde::{Deserialize, Serialize};

text_type!(/** What a tenant calls itself. */ TenantName, "the name", 1..=60, str::trim);

text_type!(/** What a person is called in the console. */ PersonName, "the name", 1..=60, str::trim);

/// One company using the hub.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub id: TenantId,
    pub name: String,
    pub time_zone: TimeZone,
    /// Broadcasts to more fans than this need a second person; none: never.
    pub approval_above: Option<i64>,
}

/// Somebody who uses the console. Never holds the password's hash.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: PersonId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub language: Language,
    pub time_zone: TimeZone,
    /// Sessions begun under an older version are over.
    pub version: i64,
    pub disabled_at: Option<Millis>,
    pub last_seen_at: Option<Millis>,
    pub created_at: Millis,
}

/// A key for programs, without the key.
#[derive(Debug, Clone)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    /// How the key begins, to tell one from another.
    pub prefix: String,
    pub scopes: Vec<Capability>,
    pub created_at: Millis,
    pub last_used_at: Option<Millis>,
}

/// The language of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Language {
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en-US")]
    English,
}

impl Language {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en-US",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Chinese, Self::English].into_iter().find(|language| language.as_str() == text)
    }
}

/// An e-mail address in one spelling: trimmed and in small letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = Email, max_length = 200)]
pub struct Email(String);

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let email = text.trim().to_lowercase();
        let sound = email.len() <= 200
            && !email.chars().any(|c| c.is_whitespace() || c.is_control())
            && email
                .split_once('@')
                .is_some_and(|(who, host)| !who.is_empty() && !host.is_empty() && !host.contains('@'));
        if sound { Ok(Self(email)) } else { Err("that is no e-mail address".into()) }
    }
}

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "Asia/Shanghai")]
pub struct TimeZone(pub chrono_tz::Tz);

impl TimeZone {
    /// Where most official accounts are.
    pub const SHANGHAI: Self = Self(chrono_tz::Asia::Shanghai);

    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl TryFrom<String> for TimeZone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is no time zone; write it like Asia/Shanghai"))
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.name().to_owned()
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The scopes of a key as they stand in its row.
pub(super) fn write_scopes(scopes: &[Capability]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

pub(super) fn read_scopes(id: i64, text: &str) -> Result<Vec<Capability>, Error> {
    text.split_whitespace()
        .map(|word| {
            Capability::parse(word).ok_or_else(|| Error::broken("api_keys", id, format!("{word:?} is no scope")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_one_spelling() {
        assert_eq!(Email::try_from(" Wang@Example.COM ".to_owned()).unwrap().as_str(), "wang@example.com");
        for wrong in ["", "wang", "@example.com", "wang@", "a b@c", "a@b@c"] {
            assert!(Email::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_zone_is_one_that_exists() {
        assert_eq!(TimeZone::try_from("Asia/Shanghai".to_owned()).unwrap(), TimeZone::SHANGHAI);
        assert!(TimeZone::try_from("Mars/Base".to_owned()).is_err());
    }
}
