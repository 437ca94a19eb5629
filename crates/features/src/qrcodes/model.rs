use entities::messages::Content;
use kit::{AccountId, Error, MediaId, Millis, QrcodeBatchId, QrcodeId, TagId, text_type};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

text_type!(/** What a code is called. */ CodeName, "the name", 1..=60, str::trim);
text_type!(/** Where the people of a code come from. */ SourceName, "the source", 1..=40, str::trim);
text_type!(/** Codes that belong together. */ FolderName, "the folder", 1..=40, str::trim);
text_type!(/** A remark for colleagues. */ Note, "the note", 1..=200, str::trim);

/// WeChat gives an account so many permanent codes, and takes none back.
pub const MOST_PERMANENT: i64 = 100_000;
/// Days that a temporary code may live.
pub const MOST_DAYS: i64 = 30;
/// One in the answer itself and three within WeChat's minute after a scan (R3).
pub const MOST_ANSWERS: usize = 4;
/// Tags that one code may carry.
pub const MOST_TAGS: usize = 20;

/// Where a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    /// WeChat has not made it yet.
    Making,
    Live,
    /// A temporary one whose time is over; it can be renewed.
    Expired,
    /// Put away: scans are counted, and nothing else happens.
    Archived,
}

/// What happens to whoever scans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OnScan {
    /// Said to whoever follows by the code; an empty list says nothing. `null` inherits the account's welcome.
    pub new_fans: Option<Vec<Content>>,
    /// Said to whoever follows already; an empty list says nothing.
    pub following: Vec<Content>,
}

/// A tag as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeTag {
    pub id: TagId,
    pub name: String,
    pub colour: String,
}

/// A QR code with parameters.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Code {
    pub id: QrcodeId,
    pub account_id: AccountId,
    pub name: String,
    /// Where its people come from; on their timeline and with the fan.
    pub source: Option<String>,
    pub folder: Option<String>,
    pub note: Option<String>,
    pub permanent: bool,
    pub state: CodeState,
    /// Of a temporary one.
    pub expires_at: Option<Millis>,
    /// What WeChat's events call it: a random word.
    pub scene: String,
    /// What the picture says; absent until WeChat has made it.
    pub url: Option<String>,
    pub tags: Vec<CodeTag>,
    pub on_scan: OnScan,
    pub logo_media_id: Option<MediaId>,
    pub batch_id: Option<QrcodeBatchId>,
    /// Why it could not be made: `refused` or `away`.
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    /// Scans so far, a few tenths of a second behind.
    pub scans: i64,
    /// Follows by it.
    pub follows: i64,
    /// Of these, how many ended.
    pub lost: i64,
    pub last_scan_at: Option<Millis>,
    /// Who made it.
    pub by: Option<String>,
    pub archived_at: Option<Millis>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// A code as the console writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    pub name: String,
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default)]
    pub folder: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    /// For ever, out of the account's 100,000; or for some days.
    pub permanent: bool,
    /// Of a temporary code: 1 to 30; 30 when absent.
    #[serde(default)]
    pub days: Option<i64>,
    #[serde(default)]
    pub tag_ids: Vec<TagId>,
    /// Tags by name; those that are not there are made.
    #[serde(default)]
    pub tag_names: Vec<String>,
    #[serde(default)]
    pub on_scan: Option<OnScan>,
    /// A picture of the library, for the middle.
    #[serde(default)]
    pub logo_media_id: Option<MediaId>,
}

/// What changes of a code. A field set to `null` is cleared; one left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CodePatch {
    pub name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub source: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub folder: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub note: Option<Option<String>>,
    pub tag_ids: Option<Vec<TagId>>,
    /// Tags by name, besides `tag_ids`; those that are not there are made.
    pub tag_names: Option<Vec<String>>,
    pub on_scan: Option<OnScan>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<MediaId>)]
    pub logo_media_id: Option<Option<MediaId>>,
    /// Put away, or taken out again.
    pub archived: Option<bool>,
}

/// Tells `null` from absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A code that has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub source: Option<String>,
    pub folder: Option<String>,
    pub note: Option<String>,
    /// Seconds; none for ever.
    pub life: Option<i64>,
    pub tag_ids: Vec<TagId>,
    pub tag_names: Vec<String>,
    pub on_scan: OnScan,
    pub logo: Option<MediaId>,
}

/// A code's row before it is there.
#[derive(Debug, Clone)]
pub struct NewCode {
    pub id: QrcodeId,
    pub scene: String,
    pub name: String,
    pub source: Option<String>,
    pub folder: Option<String>,
    pub note: Option<String>,
    pub life: Option<i64>,
    pub on_scan: OnScan,
    pub logo: Option<MediaId>,
    /// The table it is from, and its line there.
    pub batch: Option<(QrcodeBatchId, i64)>,
}

/// In what order codes are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeSort {
    /// Newest first.
    #[default]
    Created,
    /// The most scanned first.
    Scans,
}

/// Which codes are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CodeQuery {
    /// Part of a name, a source or a note, or a scene.
    pub query: Option<String>,
    /// All that are not put away, when absent.
    #[param(inline)]
    pub state: Option<CodeState>,
    pub folder: Option<String>,
    /// Made from this table.
    #[param(value_type = Option<String>)]
    pub batch: Option<QrcodeBatchId>,
    #[param(inline)]
    pub sort: Option<CodeSort>,
    /// How many at most, 1 to 200; 50 when absent.
    pub limit: Option<u64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The account's allowance of permanent codes, as far as we know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Budget {
    /// WeChat's limit for ever.
    pub limit: i64,
    /// Made here. What was made elsewhere WeChat does not tell.
    pub used: i64,
    pub left: i64,
}

/// What stands above the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Overview {
    pub budget: Budget,
    /// Folders in use, with how many codes are in each.
    pub folders: Vec<Folder>,
    /// Sources in use.
    pub sources: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Folder {
    pub name: String,
    pub codes: i64,
}

/// How a table's codes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Read and looked at; nothing is made.
    Draft,
    Running,
    Done,
    /// By a person, or because WeChat takes no more; it can be started again.
    Stopped,
}

impl BatchState {
    pub const ALL: [Self; 4] = [Self::Draft, Self::Running, Self::Done, Self::Stopped];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }

    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Error::broken("qrcode_batches", 0, "unknown state"))
    }
}

/// A table from which codes are made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Batch {
    pub id: QrcodeBatchId,
    pub account_id: AccountId,
    pub file_name: String,
    pub state: BatchState,
    /// Lines without fault.
    pub total: i64,
    pub made: i64,
    /// Lines that WeChat refused.
    pub failed: i64,
    /// Codes a minute.
    pub rate: i64,
    pub seconds_left: Option<i64>,
    /// `wechat_minute`, `wechat_day` or `wechat_away`: waiting until `waits_until`; `qrcodes_full`, `not_allowed`,
    /// `unauthorized`, `wechat_refused` or `by_person`: stopped.
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    pub waits_until: Option<Millis>,
    pub by: Option<String>,
    pub started_at: Option<Millis>,
    pub finished_at: Option<Millis>,
    pub created_at: Millis,
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// As the table counts, the heading being 1.
    pub line: i64,
    pub name: String,
    pub source: Option<String>,
    pub folder: Option<String>,
    pub tags: Vec<String>,
    pub note: Option<String>,
}

/// Why a line cannot become a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineFault {
    pub line: i64,
    /// `name`, `source`, `folder`, `tags` or `note`.
    pub column: String,
    /// `empty`, `too_long`, `twice`, `too_many`.
    pub code: String,
    /// What stands there, cut short.
    pub value: String,
}

/// A batch with what its table says.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchPage {
    #[serde(flatten)]
    pub batch: Batch,
    /// The first hundred lines, of a draft.
    pub lines: Vec<Line>,
    /// The first two hundred faults.
    pub faults: Vec<LineFault>,
    /// Lines with a fault; they are left out.
    pub faulty: i64,
    /// Tags that would be made, of a draft.
    pub new_tags: Vec<String>,
    pub budget: Budget,
}

/// How the codes of a table are to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchStart {
    pub permanent: bool,
    /// Of temporary codes: 1 to 30; 30 when absent.
    #[serde(default)]
    pub days: Option<i64>,
    /// For lines that name none.
    #[serde(default)]
    pub folder: Option<String>,
    /// On top of each line's own.
    #[serde(default)]
    pub tag_ids: Vec<TagId>,
    #[serde(default)]
    pub on_scan: Option<OnScan>,
    #[serde(default)]
    pub logo_media_id: Option<MediaId>,
}

/// What picture is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PictureQuery {
    #[param(inline)]
    pub format: Option<PictureFormat>,
    /// Pixels of a side of a PNG, 128 to 4096; 600 when absent. At 300 dpi, 1181 are ten centimetres.
    pub size: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PictureFormat {
    #[default]
    Png,
    Svg,
}

impl PictureFormat {
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }
}

impl PictureQuery {
    /// The size, if it is one.
    pub fn size(&self) -> Result<u32, Error> {
        match self.size.unwrap_or(600) {
            size @ 128..=4096 => Ok(size),
            _ => Err(Error::field("size", "range", "size must be 128 to 4096 pixels")),
        }
    }
}
