//! What codes need before they are made: room, files, tags; and their rows.

use std::collections::HashSet;

use entities::{
    accounts,
    media::{self, MediaKind},
    tags,
};
use kit::{AccountId, Error, MediaId, QrcodeId, TagId, Work};

use super::{
    decide, make,
    model::{NewCode, OnScan},
    store, tagged,
};

/// Writes codes that WeChat is to make, with their tags; the callback door hears of an account's first.
pub async fn begin(
    work: &mut Work,
    account: AccountId,
    codes: &[NewCode],
    tags: &[(QrcodeId, TagId)],
) -> Result<(), Error> {
    let is_first = !store::any(work, account).await?;
    store::add(work, account, codes).await?;
    tagged::add(work, tags).await?;
    if is_first {
        accounts::bump(work, account).await?;
    }
    if codes.iter().any(|code| !store::files(&code.on_scan).is_empty()) {
        hand_files_up(work, account).await?;
    }
    Ok(())
}

/// WeChat must have the files by the time somebody scans.
pub async fn hand_files_up(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let run_at = work.now();
    work.enqueue(jobs::NewJob {
        name: "upload_media",
        payload: serde_json::json!({ "account": account }),
        run_at,
        dedupe_key: Some(account.to_string()),
    })
    .await?;
    Ok(())
}

/// So many permanent codes more.
pub async fn has_room(work: &mut Work, account: AccountId, wanted: i64) -> Result<(), Error> {
    let budget = decide::budget(store::permanent(work, account).await?);
    if budget.left < wanted { Err(make::full(Some(budget.left))) } else { Ok(()) }
}

/// Every file that is named is one of the tenant's, and the logo a picture.
pub async fn files_exist(work: &mut Work, on_scan: &OnScan, logo: Option<MediaId>) -> Result<(), Error> {
    let missing = |field: &str| Error::field(field, "not_found", "there is no such file");
    let lists = [
        ("on_scan.new_fans", on_scan.new_fans.as_deref().unwrap_or_default()),
        ("on_scan.following", on_scan.following.as_slice()),
    ];
    for (field, contents) in lists {
        for (n, content) in contents.iter().enumerate() {
            let Some(id) = content.media() else { continue };
            match media::find(work, id).await {
                Err(Error::NotFound) => return Err(missing(&format!("{field}[{n}].media_id"))),
                found => found.map(|_| ())?,
            }
        }
    }
    let Some(logo) = logo else { return Ok(()) };
    match media::find(work, logo).await {
        Ok(file) if matches!(file.kind, MediaKind::Image | MediaKind::Thumb) => Ok(()),
        Ok(_) => Err(Error::field("logo_media_id", "picture", "a logo is a picture")),
        Err(Error::NotFound) => Err(missing("logo_media_id")),
        Err(error) => Err(error),
    }
}

/// The tags that are meant, by id and by name; names that are not there are made.
pub async fn tags_of(work: &mut Work, ids: &[TagId], names: &[String]) -> Result<Vec<TagId>, Error> {
    let there: HashSet<TagId> = tagged::there(work, ids).await?.into_iter().collect();
    if ids.iter().any(|id| !there.contains(id)) {
        return Err(Error::field("tag_ids", "not_found", "there is no such tag"));
    }
    let known = tagged::named(work, &names.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let mut out = ids.to_vec();
    for name in names {
        let id = match known.get(name) {
            Some(id) => *id,
            None => tags::add(work, name, None, "cyan").await?,
        };
        if !out.contains(&id) {
            out.push(id);
        }
    }
    Ok(out)
}

/// A logo that was deleted is none.
pub async fn logo_bytes(work: &mut Work, id: MediaId) -> Result<Option<Vec<u8>>, Error> {
    match media::bytes(work, id).await {
        Err(Error::NotFound) => Ok(None),
        found => found.map(Some),
    }
}
