use std::collections::BTreeMap;

use kit::{CustomerId, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that can be known of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    /// `male` or `female`; absent when unknown.
    Gender,
    Phone,
    Email,
    City,
    Province,
    Country,
    Language,
    /// `YYYY-MM-DD`.
    Birthday,
    Note,
    AvatarUrl,
}

impl Field {
    pub const ALL: [Self; 11] = [
        Self::Name,
        Self::Gender,
        Self::Phone,
        Self::Email,
        Self::City,
        Self::Province,
        Self::Country,
        Self::Language,
        Self::Birthday,
        Self::Note,
        Self::AvatarUrl,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Gender => "gender",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::City => "city",
            Self::Province => "province",
            Self::Country => "country",
            Self::Language => "language",
            Self::Birthday => "birthday",
            Self::Note => "note",
            Self::AvatarUrl => "avatar_url",
        }
    }
}

/// What is known, by field. An absent field is unknown.
pub type Fields = BTreeMap<Field, String>;

/// Where a value came from. A person's word outranks WeChat's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Wechat,
    Person,
    Api,
    Import,
}

impl Source {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wechat => "wechat",
            Self::Person => "person",
            Self::Api => "api",
            Self::Import => "import",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Wechat, Self::Person, Self::Api, Self::Import].into_iter().find(|source| source.as_str() == text)
    }

    /// A value of a lower rank never replaces one of a higher.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Wechat => 0,
            Self::Import => 1,
            Self::Api | Self::Person => 2,
        }
    }
}

/// Which source gave a value, who that was, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub source: Source,
    /// The name of a person or key.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<String>,
    pub at: Millis,
}

/// The origin of every field that ever had a value.
pub type Provenance = BTreeMap<Field, Origin>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    Unknown,
    Male,
    Female,
}

impl Gender {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Male => "male",
            Self::Female => "female",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Unknown, Self::Male, Self::Female].into_iter().find(|gender| gender.as_str() == text)
    }

    /// WeChat's `sex`: 0 not told, 1 male, 2 female.
    pub fn of_wechat(sex: Option<i64>) -> Self {
        match sex {
            Some(1) => Self::Male,
            Some(2) => Self::Female,
            _ => Self::Unknown,
        }
    }
}

/// A person the tenant knows.
#[derive(Debug, Clone)]
pub struct Customer {
    pub id: CustomerId,
    pub fields: Fields,
    pub provenance: Provenance,
    /// The customer this one turned out to be; it is then only a name for that one.
    pub merged_into: Option<CustomerId>,
    /// When they last did something themselves; nothing when we have never seen that.
    pub last_seen_at: Option<Millis>,
    pub created_at: Millis,
}

impl Customer {
    pub fn get(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }

    pub fn gender(&self) -> Gender {
        self.get(Field::Gender).and_then(Gender::parse).unwrap_or(Gender::Unknown)
    }
}

/// A field that got another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: Field,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// A customer before they have a row.
#[derive(Debug, Clone)]
pub struct NewCustomer {
    pub id: CustomerId,
    /// What WeChat told, empty values left out.
    pub fields: Fields,
    /// When they last did something, as far as known; 0 when not.
    pub last_seen_at: Millis,
}

impl NewCustomer {
    /// Somebody of whom nothing is known but that they were there at `at`.
    pub fn bare(id: CustomerId, at: Millis) -> Self {
        Self { id, fields: Fields::new(), last_seen_at: at }
    }
}
