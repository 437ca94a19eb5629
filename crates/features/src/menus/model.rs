use entities::messages::Content;
use kit::{AccountId, ConditionalMenuId, MenuScheduleId, MenuVersionId, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wechat::api::menu::types;

/// What a button does when it is tapped.
///
/// <https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ButtonKind {
    Click,
    View,
    ScancodePush,
    ScancodeWaitmsg,
    PicSysphoto,
    PicPhotoOrAlbum,
    PicWeixin,
    LocationSelect,
    MediaId,
    ViewLimited,
    ArticleId,
    ArticleViewLimited,
    Miniprogram,
    /// Made in WeChat's own console, of a kind that the API cannot set: shown, and not published.
    Console,
}

impl ButtonKind {
    /// WeChat's word; none for what its API cannot set.
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            Self::Click => types::CLICK,
            Self::View => types::VIEW,
            Self::ScancodePush => types::SCANCODE_PUSH,
            Self::ScancodeWaitmsg => types::SCANCODE_WAITMSG,
            Self::PicSysphoto => types::PIC_SYSPHOTO,
            Self::PicPhotoOrAlbum => types::PIC_PHOTO_OR_ALBUM,
            Self::PicWeixin => types::PIC_WEIXIN,
            Self::LocationSelect => types::LOCATION_SELECT,
            Self::MediaId => types::MEDIA_ID,
            Self::ViewLimited => types::VIEW_LIMITED,
            Self::ArticleId => types::ARTICLE_ID,
            Self::ArticleViewLimited => types::ARTICLE_VIEW_LIMITED,
            Self::Miniprogram => types::MINIPROGRAM,
            Self::Console => return None,
        })
    }

    /// The kind that WeChat calls so; what it has not told anybody about is of its console.
    pub fn of(word: &str) -> Self {
        [
            Self::Click,
            Self::View,
            Self::ScancodePush,
            Self::ScancodeWaitmsg,
            Self::PicSysphoto,
            Self::PicPhotoOrAlbum,
            Self::PicWeixin,
            Self::LocationSelect,
            Self::MediaId,
            Self::ViewLimited,
            Self::ArticleId,
            Self::ArticleViewLimited,
            Self::Miniprogram,
        ]
        .into_iter()
        .find(|kind| kind.word() == Some(word))
        .unwrap_or(Self::Console)
    }

    /// Has a key, pushes an event that may be answered.
    pub fn has_key(self) -> bool {
        matches!(
            self,
            Self::Click
                | Self::ScancodePush
                | Self::ScancodeWaitmsg
                | Self::PicSysphoto
                | Self::PicPhotoOrAlbum
                | Self::PicWeixin
                | Self::LocationSelect
        )
    }
}

/// A button of a menu, or one below it. A button with others below it has no `type` and nothing that a type needs.
/// A draft may be incomplete: `faults` of the menu says what is missing before it can be published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Button {
    /// Stays with the button through every version; 1 to 32 letters, digits, `-` or `_`. Given when absent.
    pub id: String,
    /// At most 16 bytes of UTF-8; 60 for one below another.
    pub name: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ButtonKind>,
    /// Of kinds that push an event; made from the id when absent. At most 128 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// `view` and `miniprogram`; http or https, at most 1024 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `view`: the published address leads through the hub, which counts who comes by and sends them on to `url`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub count_visits: bool,
    /// `media_id` and `view_limited`: WeChat's id of permanent material.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// `article_id` and `article_view_limited`: WeChat's id of a published article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// `miniprogram`: its AppID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// `miniprogram`: the page that opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_path: Option<String>,
    /// `console`: WeChat's word for it, such as `news`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console_type: Option<String>,
    /// `console`: what WeChat says it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console_value: Option<String>,
    /// Of kinds with a key: what a fan who taps it is answered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Content>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub buttons: Vec<Button>,
}

impl Button {
    /// What WeChat is told as its key.
    pub fn event_key(&self) -> String {
        match &self.key {
            Some(key) if !key.is_empty() => key.clone(),
            _ => format!("{KEY}{}", self.id),
        }
    }
}

/// Before the id, in the keys that the hub makes.
pub const KEY: &str = "hy_";

/// Every button of a menu, those below others after the one they are below.
pub fn each(buttons: &[Button]) -> impl Iterator<Item = &Button> {
    buttons.iter().flat_map(|button| std::iter::once(button).chain(&button.buttons))
}

/// Declares a closed set of words, the same in the table and in JSON.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant),*
        }

        impl $name {
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }

            pub fn parse(text: &str) -> Option<Self> {
                [$(Self::$variant),*].into_iter().find(|word| word.as_str() == text)
            }
        }
    };
}

words! {
    /// Where a version is from.
    VersionSource {
        /// A person published the draft.
        Draft = "draft",
        /// An earlier version was put back.
        Rollback = "rollback",
        /// The clock published it.
        Schedule = "schedule",
        /// It was found at WeChat.
        Import = "import",
        /// The menu was deleted; there are no buttons.
        Deletion = "deletion",
    }
}

words! {
    /// How a version stands.
    VersionState {
        Publishing = "publishing",
        Live = "live",
        Replaced = "replaced",
        Failed = "failed",
    }
}

words! {
    /// How a conditional menu stands.
    ConditionalState {
        Adding = "adding",
        Live = "live",
        Removing = "removing",
        Gone = "gone",
        Failed = "failed",
    }
}

words! {
    /// How a schedule stands.
    ScheduleState {
        Waiting = "waiting",
        /// Published, and waiting to be put back.
        On = "on",
        Done = "done",
        Cancelled = "cancelled",
        Failed = "failed",
    }
}

words! {
    /// The kind of phone a fan holds.
    Platform {
        Ios = "ios",
        Android = "android",
        Other = "other",
    }
}

impl Platform {
    /// WeChat's number, as text.
    pub fn number(self) -> &'static str {
        match self {
            Self::Ios => "1",
            Self::Android => "2",
            Self::Other => "3",
        }
    }

    pub fn of_number(text: &str) -> Option<Self> {
        [Self::Ios, Self::Android, Self::Other].into_iter().find(|platform| platform.number() == text)
    }
}

/// What is being written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Draft {
    pub buttons: Vec<Button>,
    /// Raised by every change; give it back with the next.
    pub revision: i64,
    pub updated_at: Option<Millis>,
    pub updated_by: Option<String>,
}

/// A menu as it was published, or found, once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Version {
    pub id: MenuVersionId,
    /// Counts up within the account.
    pub number: i64,
    pub buttons: Vec<Button>,
    pub source: VersionSource,
    pub state: VersionState,
    /// `wechat_refused` (see `errcode`), `not_allowed`, `wechat_away`, `differs`: WeChat took it and shows another.
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    pub made_at: Millis,
    pub made_by: Option<String>,
    pub published_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    #[serde(skip)]
    pub account: AccountId,
    #[serde(skip)]
    pub sent: Vec<wechat::api::menu::Button>,
    #[serde(skip)]
    pub called_at: Option<Millis>,
}

/// A menu that only some fans see. Of several that match a fan, the newest is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Conditional {
    pub id: ConditionalMenuId,
    pub name: String,
    pub buttons: Vec<Button>,
    /// For fans with this tag of WeChat's.
    pub wechat_tag_id: Option<i64>,
    /// For fans with this kind of phone.
    pub platform: Option<Platform>,
    pub state: ConditionalState,
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    pub made_at: Millis,
    pub made_by: Option<String>,
    #[serde(skip)]
    pub account: AccountId,
    #[serde(skip)]
    pub sent: Vec<wechat::api::menu::Button>,
    #[serde(skip)]
    pub wechat_menu_id: Option<String>,
    #[serde(skip)]
    pub called_at: Option<Millis>,
}

/// A menu that the clock publishes, and takes back if that is wished.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Schedule {
    pub id: MenuScheduleId,
    pub buttons: Vec<Button>,
    pub starts_at: Millis,
    /// Then what was live before is put back.
    pub ends_at: Option<Millis>,
    /// Again every day, at the same times by the tenant's clock.
    pub daily: bool,
    pub state: ScheduleState,
    /// `missed`: the hub was off; `not_allowed`; `invalid`: by now it could not be published.
    pub problem: Option<String>,
    pub made_at: Millis,
    pub made_by: Option<String>,
    #[serde(skip)]
    pub account: AccountId,
    #[serde(skip)]
    pub back: Option<MenuVersionId>,
}
