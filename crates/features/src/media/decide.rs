//! What WeChat takes, told before anything is uploaded.

use entities::media::MediaKind;
use kit::{Error, FieldError};

/// The content type of a file WeChat takes as `kind`, by its first bytes; what the browser says is not believed.
pub fn check(kind: MediaKind, bytes: &[u8]) -> Result<&'static str, Error> {
    let most = match kind {
        MediaKind::Image | MediaKind::Video => 10 << 20,
        MediaKind::Voice => 2 << 20,
        MediaKind::Thumb => 64 << 10,
    };
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
        [b'#', b'!', b'A', b'M', b'R', ..] => "audio/amr",
        [b'I', b'D', b'3', ..] | [0xFF, 0xFB | 0xF3 | 0xF2, ..] => "audio/mpeg",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_bytes_and_refused_before_it_is_sent() {
        assert_eq!(check(MediaKind::Image, b"\x89PNG\r\n").unwrap(), "image/png");
        assert!(check(MediaKind::Image, b"<svg onload=alert(1)>").is_err());
        assert!(check(MediaKind::Thumb, b"\x89PNG\r\n").is_err());
        assert!(check(MediaKind::Voice, &[b"#!AMR".as_slice(), &vec![0; 3 << 20]].concat()).is_err());
        assert_eq!(file_name("../a\"b.exe", "image/png"), "..ab.png");
    }
}
