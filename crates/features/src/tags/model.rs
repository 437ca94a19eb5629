use kit::{AccountId, Error, Millis, TagId, http::Faults, text_type};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use wechat::api::tag;

text_type!(/** A tag's name. */ TagName, "name", 1..=30, str::trim);
text_type!(/** What tags are grouped under. */ GroupName, "group", 1..=30, str::trim);

/// The palette of the console.
pub const COLOURS: [&str; 8] = ["grey", "red", "orange", "yellow", "green", "cyan", "blue", "purple"];

/// A tag that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    pub name: String,
    #[serde(default)]
    pub group: Option<String>,
    /// `grey`, `red`, `orange`, `yellow`, `green`, `cyan`, `blue` or `purple`; grey when absent.
    #[serde(default)]
    pub colour: Option<String>,
    /// Accounts at which WeChat is to have it too.
    #[serde(default)]
    pub mirror_accounts: Vec<AccountId>,
}

/// What is to change of a tag.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagPatch {
    #[serde(default)]
    pub name: Option<String>,
    /// `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub group: Option<Option<String>>,
    #[serde(default)]
    pub colour: Option<String>,
    /// All accounts at which WeChat is to have it; at others it is deleted.
    #[serde(default)]
    pub mirror_accounts: Option<Vec<AccountId>>,
}

/// Tells `null` from absent.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A tag that is well formed.
#[derive(Debug)]
pub struct Draft {
    pub name: TagName,
    pub group: Option<GroupName>,
    pub colour: String,
}

impl Draft {
    /// Says everything that is wrong at once.
    pub fn check(name: String, group: Option<String>, colour: Option<String>) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let name = faults.take("name", "length", TagName::try_from(name));
        let group = group
            .filter(|group| !group.trim().is_empty())
            .and_then(|group| faults.take("group", "length", GroupName::try_from(group)));
        let colour = colour.unwrap_or_else(|| COLOURS[0].to_owned());
        if !COLOURS.contains(&colour.as_str()) {
            faults.add("colour", "unknown", format!("colour must be one of {}", COLOURS.join(", ")));
        }
        faults.check()?;
        let name = name.ok_or_else(|| Error::internal("a name without fault is missing"))?;
        Ok(Self { name, group, colour })
    }

    /// Whether WeChat would take the name.
    pub fn fits_wechat(&self) -> Result<(), Error> {
        match fits_wechat(self.name.as_str()) {
            true => Ok(()),
            false => Err(Error::field(
                "name",
                "wechat_name_too_long",
                "WeChat's tag names have at most 30 bytes, which are 10 Chinese characters",
            )),
        }
    }
}

pub fn fits_wechat(name: &str) -> bool {
    name.len() <= tag::MAX_NAME_BYTES
}

/// WeChat's own groups: none, blocked, starred.
pub fn is_wechats_own(wechat_id: i64) -> bool {
    (0..=2).contains(&wechat_id)
}

/// The tags of an account at WeChat.
#[derive(Serialize, ToSchema)]
pub struct WechatTags {
    pub items: Vec<WechatTagView>,
    /// When both sides were last compared.
    pub synced_at: Option<Millis>,
    pub state: SyncState,
    /// `wechat_tags_full`, `wechat_tag_name`, `wechat_tag_too_many_fans`, `fan_tag_limit`, `wechat_minute`,
    /// `wechat_day`, `wechat_away`, `wechat_refused` or `not_allowed`.
    pub problem: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    Idle,
    Running,
    Failed,
}

/// One of them.
#[derive(Serialize, ToSchema)]
pub struct WechatTagView {
    /// Absent until WeChat has made it.
    pub wechat_id: Option<i64>,
    pub name: String,
    /// Fans, as WeChat counted them.
    pub count: i64,
    /// The tag of ours it stands for; none for WeChat's own.
    pub tag_id: Option<TagId>,
}
