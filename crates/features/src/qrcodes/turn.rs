//! This feature's turn with the messages of a batch: load the codes that were scanned, choose for each, note what was
//! chosen. A batch without a scan or an unfollow asks nothing; one of an account without codes asks once a version.

use std::{
    collections::{BTreeMap, HashMap},
    sync::RwLock,
};

use entities::{
    media,
    messages::{Content, passive},
    tags::{self, TagSource},
};
use kit::{AccountId, CustomerId, Error, MediaId, Millis, QrcodeId, TagId, Work};
use wechat::{
    message::{Event, Kind, Message},
    reply::Reply,
};

use super::{
    decide,
    model::OnScan,
    store, tagged,
    tally::{self, Left, Note, Scan},
};

/// Which accounts have codes, as of a version. Memory is a cache and nothing else: the first code raises the version.
#[derive(Default)]
struct WithCodes(RwLock<HashMap<AccountId, (i64, bool)>>);

/// A file's id must still be good when WeChat reads the answer.
const MEDIA_MARGIN_MS: Millis = 10 * 60_000;

/// A code that was scanned.
#[derive(Debug)]
struct Ready {
    id: QrcodeId,
    name: String,
    source: Option<String>,
    expires_at: Option<Millis>,
    archived: bool,
    on_scan: OnScan,
    tags: Vec<TagId>,
}

/// All that choosing needs, loaded for one account's part of a batch.
#[derive(Debug, Default)]
pub struct Prepared {
    codes: HashMap<String, Ready>,
    media: HashMap<MediaId, String>,
    has_codes: bool,
}

/// What a scan of a known code means.
#[derive(Debug, Clone, PartialEq)]
pub struct Scanned {
    pub code: QrcodeId,
    pub name: String,
    pub source: Option<String>,
    /// To be put on the customer.
    pub tags: Vec<TagId>,
    /// What is said, unless the replies have the word.
    pub says: Option<Says>,
    pub follows_by_it: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Says {
    /// Goes out in the answer itself.
    pub passive: Option<(Content, Reply)>,
    /// Goes out afterwards, in order, as customer-service messages.
    pub later: Vec<Content>,
}

/// One scan or unfollow of a batch, to be noted.
pub struct Noted {
    pub openid: String,
    pub customer: CustomerId,
    /// WeChat's instant.
    pub at: Millis,
    pub what: What,
}

pub enum What {
    Scanned {
        scanned: Box<Scanned>,
        /// They had never followed before.
        first: bool,
    },
    Left,
}

/// Loads the codes that these messages scanned.
pub async fn prepare(
    work: &mut Work,
    account: AccountId,
    version: i64,
    messages: impl Iterator<Item = &Message>,
) -> Result<Prepared, Error> {
    let (mut scenes, mut leaves) = (Vec::new(), false);
    for message in messages {
        if let Kind::Event(event) = &message.kind {
            scenes.extend(event.scene().filter(|scene| !scene.is_empty()));
            leaves |= matches!(event, Event::Unsubscribe { .. });
        }
    }
    if (scenes.is_empty() && !leaves) || !has_codes(work, account, version).await? {
        return Ok(Prepared::default());
    }
    let codes = if scenes.is_empty() { HashMap::new() } else { ready(work, account, &scenes).await? };
    let needs_files = codes.values().any(|code| !store::files(&code.on_scan).is_empty());
    let media = if needs_files {
        let until = work.now() + MEDIA_MARGIN_MS;
        let files = media::wechat_ids(work, account, until).await?;
        files.into_iter().map(|file| (file.media, file.wechat_media_id)).collect()
    } else {
        HashMap::new()
    };
    Ok(Prepared { codes, media, has_codes: true })
}

async fn has_codes(work: &mut Work, account: AccountId, version: i64) -> Result<bool, Error> {
    let known = work.ctx().slot::<WithCodes>();
    let cached = known.0.read().ok().and_then(|known| known.get(&account).copied());
    if let Some((as_of, has)) = cached
        && (has || as_of == version)
    {
        return Ok(has);
    }
    let has = store::any(work, account).await?;
    if let Ok(mut known) = known.0.write() {
        known.insert(account, (version, has));
    }
    Ok(has)
}

async fn ready(work: &mut Work, account: AccountId, scenes: &[&str]) -> Result<HashMap<String, Ready>, Error> {
    let rows = store::scanned(work, account, scenes).await?;
    let ids: Vec<QrcodeId> = rows.iter().map(|row| QrcodeId(row.id)).collect();
    let mut tags = tagged::of(work, &ids).await?;
    let mut out = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = QrcodeId(row.id);
        let code = Ready {
            id,
            on_scan: store::on_scan(row.id, &row.on_scan)?,
            tags: tags.remove(&id).unwrap_or_default().into_iter().map(|tag| tag.id).collect(),
            name: row.name,
            source: row.source,
            expires_at: row.expires_at,
            archived: row.archived_at.is_some(),
        };
        out.insert(row.scene, code);
    }
    Ok(out)
}

impl Prepared {
    /// What a message means that scanned a code of ours.
    pub fn scanned(&self, message: &Message) -> Option<Scanned> {
        let Kind::Event(event) = &message.kind else { return None };
        let code = self.codes.get(event.scene()?)?;
        let follows_by_it = matches!(event, Event::Subscribe { .. });
        let acts = decide::acts(code.archived, code.expires_at, message.create_time * 1000);
        let says = if acts { decide::says(&code.on_scan, follows_by_it) } else { None };
        Some(Scanned {
            code: code.id,
            name: code.name.clone(),
            source: code.source.clone(),
            tags: if acts { code.tags.clone() } else { Vec::new() },
            says: says.map(|contents| self.say(contents)),
            follows_by_it,
        })
    }

    fn say(&self, contents: &[Content]) -> Says {
        let mut later = contents.to_vec();
        let passive =
            later.first().and_then(|content| passive(content, &self.media)).map(|reply| (later.remove(0), reply));
        Says { passive, later }
    }

    /// Whether it matters here that a fan leaves.
    pub fn has_codes(&self) -> bool {
        self.has_codes
    }
}

impl Scanned {
    /// What the timeline keeps of it, and what later automation goes by.
    pub fn told(&self, properties: &mut serde_json::Value) {
        properties["qrcode_id"] = self.code.to_string().into();
        properties["qrcode"] = self.name.as_str().into();
        if let Some(source) = &self.source {
            properties["source"] = source.as_str().into();
        }
    }
}

/// Puts tags on those who scanned, and leaves the scans to be counted.
pub async fn note(work: &mut Work, account: AccountId, noted: Vec<Noted>) -> Result<(), Error> {
    let mut note = Note::default();
    let mut tagged: BTreeMap<TagId, Vec<CustomerId>> = BTreeMap::new();
    for Noted { openid, customer, at, what } in noted {
        match what {
            What::Left => note.left.push(Left { openid, at }),
            What::Scanned { scanned, first } => {
                for tag in scanned.tags {
                    tagged.entry(tag).or_default().push(customer);
                }
                let follow = scanned.follows_by_it;
                note.scans.push(Scan { code: scanned.code, openid, at, follow, first: follow && first });
            }
        }
    }
    for (tag, customers) in tagged {
        if tags::put_many(work, tag, &customers, TagSource::Qrcode, Some(account)).await? > 0 {
            for mirrored in tags::mirrored_accounts(work, tag).await? {
                tags::mirror(work, mirrored, false).await?;
            }
        }
    }
    tally::leave(work, account, &note).await
}
