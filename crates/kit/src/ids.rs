//! Ids that cannot be mixed up. 64 bits, made by the node, in JSON always text: they exceed what a browser's numbers hold.

/// Declares an id type.
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, utoipa::ToSchema)]
        #[schema(value_type = String, example = "731250000000001")]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map(Self).map_err(|_| serde::de::Error::custom(concat!(stringify!($name), " must be digits in quotes")))
            }
        }
        impl From<$name> for store::Value {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }
        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }
    };
}

id_type!(/** One company using the hub. */ TenantId);
id_type!(/** Somebody who uses the console. */ PersonId);
id_type!(/** A key for programs. */ ApiKeyId);
id_type!(/** An official account. */ AccountId);
id_type!(/** A scan that is waited for. */ BindingId);
id_type!(/** A person known to a tenant. */ CustomerId);
id_type!(/** One entry of the event log. */ EventId);
id_type!(/** Two customers who are one, may be, or are not. */ MergeId);
id_type!(/** A tenant's own tag. */ TagId);
id_type!(/** A reply rule. */ RuleId);
id_type!(/** A menu as it was published once. */ MenuVersionId);
id_type!(/** A menu that only some fans see. */ ConditionalMenuId);
id_type!(/** A menu that is published by the clock. */ MenuScheduleId);
id_type!(/** A file kept for sending. */ MediaId);
id_type!(/** One line of the send ledger. */ SendId);
id_type!(/** The same, said to many. */ CampaignId);
id_type!(/** A text no rule answered. */ UnmatchedId);
id_type!(/** A QR code with parameters. */ QrcodeId);
id_type!(/** A table from which QR codes are made. */ QrcodeBatchId);
id_type!(/** What is said with one fan of one account. */ ConversationId);
id_type!(/** An answer kept for use again. */ CannedAnswerId);
id_type!(/** A file that a fan sent. */ ReceivedFileId);
id_type!(/** 1 to 8 articles, which WeChat calls a draft. */ ArticleId);
id_type!(/** Articles that have a page, or are to get one. */ PublicationId);

/// Where event ids begin to count: 2024-01-01 UTC, in milliseconds.
pub const EVENT_EPOCH_MS: i64 = 1_704_067_200_000;

/// The smallest event id that can be made at `ms`: 41 bits of milliseconds, then 10 of node and 12 of sequence.
pub fn event_id_floor(ms: i64) -> i64 {
    (ms - EVENT_EPOCH_MS).max(0) << 22
}

/// When an event id was made, in milliseconds.
pub fn event_id_time(id: i64) -> i64 {
    (id >> 22) + EVENT_EPOCH_MS
}
