//! What WeChat takes, told before anything is uploaded.

use entities::media::{MediaKind, pictures};
use kit::{Error, FieldError};

use super::duration;

/// A minute of voice.
const VOICE_MS: i64 = 60_000;
/// A picture that is made smaller here may come larger.
const LARGEST_PICTURE: usize = 32 << 20;

/// A file as WeChat takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub content_type: &'static str,
    pub duration_ms: Option<i64>,
    pub bytes: Vec<u8>,
}

/// The most bytes WeChat takes of a kind.
fn most(kind: MediaKind) -> usize {
    match kind {
        MediaKind::Image | MediaKind::Video => 10 << 20,
        MediaKind::Voice => 2 << 20,
        MediaKind::Thumb => 64 << 10,
    }
}

/// A file that WeChat takes as `kind`, judged by its bytes; what the browser says is not believed. Pictures of kinds
/// that WeChat does not take become JPEG or PNG, and for a thumb one that is small enough. Takes long for those.
pub fn take(kind: MediaKind, bytes: Vec<u8>) -> Result<Taken, Error> {
    let found = sniff(&bytes);
    let is_picture = found.starts_with("image/");
    let converts = match kind {
        MediaKind::Image => matches!(found, "image/webp" | "image/bmp"),
        MediaKind::Thumb => is_picture && (found != "image/jpeg" || bytes.len() > most(kind)),
        MediaKind::Voice | MediaKind::Video => false,
    };
    if !converts {
        let content_type = check(kind, &bytes)?;
        let duration_ms = duration::of(content_type, &bytes);
        if let Some(lasts) = duration_ms.filter(|lasts| *lasts > VOICE_MS) {
            return Err(refuse("too_long", format!("the voice lasts {} s; WeChat takes at most 60", lasts / 1000)));
        }
        return Ok(Taken { content_type, duration_ms, bytes });
    }
    if bytes.len() > LARGEST_PICTURE {
        return Err(refuse("too_large", format!("the picture has {} bytes", bytes.len())));
    }
    let fitted = if kind == MediaKind::Thumb {
        pictures::fitted_jpeg(&bytes, most(kind))
    } else {
        pictures::converted(&bytes, most(kind))
    };
    let fitted = fitted.map_err(|error| refuse("kind", error.to_string()))?;
    Ok(Taken { content_type: fitted.content_type, duration_ms: None, bytes: fitted.bytes })
}

/// The content type of a file WeChat takes as `kind` as it is.
pub fn check(kind: MediaKind, bytes: &[u8]) -> Result<&'static str, Error> {
    let most = most(kind);
    if bytes.len() > most {
        return Err(refuse(
            "too_large",
            format!("the file has {} bytes; WeChat takes at most {most} for this kind", bytes.len()),
        ));
    }
    let found = sniff(bytes);
    let fits = match kind {
        MediaKind::Image => ["image/png", "image/jpeg", "image/gif"].contains(&found),
        MediaKind::Voice => ["audio/amr", "audio/mpeg"].contains(&found),
        MediaKind::Video => found == "video/mp4",
        MediaKind::Thumb => found == "image/jpeg",
    };
    if fits {
        Ok(found)
    } else {
        Err(refuse("kind", format!("this is no file that WeChat takes as {}", kind.as_str())))
    }
}

fn refuse(code: &'static str, message: String) -> Error {
    Error::Invalid(vec![FieldError::new("file", code, message)])
}

fn sniff(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",
        [b'#', b'!', b'A', b'M', b'R', ..] => "audio/amr",
        [b'I', b'D', b'3', ..] | [0xFF, 0xFB | 0xF3 | 0xF2, ..] => "audio/mpeg",
        // Pictures of phones come in the same box as films.
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', b'i' | b'f' | b'v', ..]
        | [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => "application/octet-stream",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        _ => "application/octet-stream",
    }
}

/// A file name WeChat judges by its ending.
pub fn file_name(name: &str, content_type: &str) -> String {
    let ending = match content_type {
        "image/png" => "png",
        "image/gif" => "gif",
        "audio/amr" => "amr",
        "audio/mpeg" => "mp3",
        "video/mp4" => "mp4",
        _ => "jpg",
    };
    let stem: String = name
        .rsplit_once('.')
        .map_or(name, |(stem, _)| stem)
        .chars()
        .filter(|c| !c.is_control() && !"/\\\"".contains(*c))
        .take(80)
        .collect();
    format!("{}.{ending}", if stem.is_empty() { "file" } else { &stem })
}

/// A folder's name: one line, at most 40 characters.
pub fn folder(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.chars().count() > 40 || name.chars().any(char::is_control) {
        return Err(Error::field("folder", "too_long", "a folder has at most 40 characters on one line"));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_bytes_and_refused_before_it_is_sent() {
        assert_eq!(check(MediaKind::Image, b"\x89PNG\r\n").unwrap(), "image/png");
        assert!(check(MediaKind::Image, b"<svg onload=alert(1)>").is_err());
        assert!(check(MediaKind::Thumb, b"\x89PNG\r\n").is_err());
        assert!(check(MediaKind::Voice, &[b"#!AMR".as_slice(), &vec![0; 3 << 20]].concat()).is_err());
        assert!(check(MediaKind::Video, b"\0\0\0\x18ftypheic0000").is_err());
        let long = [b"#!AMR\n".to_vec(), [vec![0x3c], vec![0; 31]].concat().repeat(61 * 50)].concat();
        assert!(matches!(take(MediaKind::Voice, long), Err(Error::Invalid(faults)) if faults[0].code == "too_long"));
        let short = [b"#!AMR\n".to_vec(), [vec![0x3c], vec![0; 31]].concat().repeat(100)].concat();
        assert_eq!(take(MediaKind::Voice, short).unwrap().duration_ms, Some(2000));
        assert_eq!(file_name("../a\"b.exe", "image/png"), "..ab.png");
    }
}
