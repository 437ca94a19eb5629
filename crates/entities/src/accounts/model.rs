use kit::{AccountId, Error, Millis};
use wechat::rights::{AccountKind, VerifyType};

/// Declares a closed set of words, the same in the table, in JSON and in the code.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant),*
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// By what right we act for the account.
    Mode {
        /// Its AppID and secret were given to us.
        Direct = "direct",
        /// Its administrator authorised our third-party platform.
        Platform = "platform",
    }
}

words! {
    /// Where an account stands. It begins bound; see [`Status::unbind`], [`Status::rebind`], [`Status::delete`].
    Status {
        Bound = "bound",
        /// Authorisation was cancelled. It can be bound again, or deleted.
        Unbound = "unbound",
        /// Its customers stay; it can only be bound anew, as another account.
        Deleted = "deleted",
    }
}

/// The account is not where this step begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account is {}", .0.as_str())]
pub struct WrongStatus(pub Status);

impl Status {
    /// Authorisation ended. Hearing it twice changes nothing.
    pub fn unbind(self) -> Result<Self, WrongStatus> {
        match self {
            Self::Bound | Self::Unbound => Ok(Self::Unbound),
            Self::Deleted => Err(WrongStatus(self)),
        }
    }

    /// Authorised again.
    pub fn rebind(self) -> Result<Self, WrongStatus> {
        match self {
            Self::Bound | Self::Unbound => Ok(Self::Bound),
            Self::Deleted => Err(WrongStatus(self)),
        }
    }

    /// Only what is unbound can be deleted (R17).
    pub fn delete(self) -> Result<Self, WrongStatus> {
        match self {
            Self::Unbound => Ok(Self::Deleted),
            Self::Bound | Self::Deleted => Err(WrongStatus(self)),
        }
    }
}

words! {
    /// How messages travel; the account's setting, never the request's.
    Encryption {
        Plain = "plain",
        /// Plain fields and ciphertext side by side; only the ciphertext is read.
        Compatible = "compatible",
        Safe = "safe",
    }
}

words! {
    /// Where our knowledge of the account's kind and verification is from.
    VerificationSource {
        /// WeChat told the platform.
        Wechat = "wechat",
        /// A person said so, and WeChat did not contradict.
        Given = "given",
        /// Found out by calls that only some accounts may make.
        Probe = "probe",
    }
}

/// Which table of customer-service messages WeChat keeps to for an account (R3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub enum Allowance {
    /// Since 12 June 2023: 5 in 48 hours after a message; 3 in a minute after a follow, a scan, or a tap on the menu.
    #[default]
    #[serde(rename = "2023-06")]
    June2023,
    /// As it began: 48 hours without limit after any of them.
    #[serde(rename = "classic")]
    Classic,
}

impl Allowance {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::June2023 => "2023-06",
            Self::Classic => "classic",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::June2023, Self::Classic].into_iter().find(|table| table.as_str() == text)
    }
}

/// An official account of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub mode: Mode,
    pub app_id: String,
    /// `gh_…`; of direct accounts, learnt from the first callback.
    pub original_id: Option<String>,
    /// The secret part of a direct account's callback address.
    pub callback_key: String,
    pub nick_name: String,
    pub alias: String,
    pub principal_name: String,
    pub avatar_url: Option<String>,
    /// 0 subscription, 1 subscription from the first years, 2 service.
    pub service_type: i64,
    /// -1 to 5, see [`Account::is_verified`].
    pub verify_type: i64,
    pub verification_source: VerificationSource,
    pub status: Status,
    pub encryption: Encryption,
    /// Ids of the permission sets granted to our platform; without meaning for direct accounts.
    pub permission_sets: Vec<i64>,
    /// We listen and say nothing, because somebody else answers.
    pub listen_only: bool,
    pub allowance: Allowance,
    pub version: i64,
    pub callback_verified_at: Option<Millis>,
    pub last_callback_at: Option<Millis>,
    /// What is wrong with it, as a stable word.
    pub problem: Option<String>,
    pub problem_errcode: Option<i64>,
    pub bound_at: Millis,
    pub unbound_at: Option<Millis>,
    pub created_at: Millis,
}

impl Account {
    pub fn kind(&self) -> AccountKind {
        AccountKind::of_service_type(self.service_type).unwrap_or(AccountKind::Subscription)
    }

    /// As the API sees it: WeChat's check of the owner counts, Weibo's word does not (R5).
    pub fn is_verified(&self) -> bool {
        VerifyType(self.verify_type).is_verified()
    }

    pub fn is_bound(&self) -> bool {
        self.status == Status::Bound
    }
}

/// What is known of an account when it is bound.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub mode: Mode,
    pub app_id: String,
    pub original_id: Option<String>,
    pub callback_key: String,
    pub profile: Profile,
    pub encryption: Encryption,
    pub permission_sets: Vec<i64>,
}

/// What an account says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub nick_name: String,
    pub alias: String,
    pub principal_name: String,
    pub avatar_url: Option<String>,
    pub service_type: i64,
    pub verify_type: i64,
    pub verification_source: VerificationSource,
}

impl From<WrongStatus> for Error {
    fn from(wrong: WrongStatus) -> Self {
        match wrong.0 {
            Status::Bound => Self::conflict("account_bound", "the account is bound; unbind it first"),
            Status::Unbound => Self::conflict("account_unbound", "the account is not bound"),
            Status::Deleted => Self::NotFound,
        }
    }
}
