//! What a file is: by its first bytes, its name and its length in time.

use lofty::file::AudioFile;
use lofty::probe::Probe;

use super::answer::{Ctx, Upload};
use super::refusal::Refusal;

pub(super) const MB: usize = 1 << 20;
/// Voices last this long at most.
const VOICE_MS: u128 = 60_000;

/// What a file is, by its first bytes: its type and usual ending.
pub(super) fn sniff(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(("image/jpeg", "jpg")),
        [0x89, b'P', b'N', b'G', ..] => Some(("image/png", "png")),
        [b'G', b'I', b'F', b'8', ..] => Some(("image/gif", "gif")),
        [b'B', b'M', ..] => Some(("image/bmp", "bmp")),
        [b'#', b'!', b'A', b'M', b'R', ..] => Some(("audio/amr", "amr")),
        [b'I', b'D', b'3', ..] | [0xff, 0xe0..=0xff, ..] => Some(("audio/mpeg", "mp3")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(("audio/wav", "wav")),
        [0x30, 0x26, 0xb2, 0x75, ..] => Some(("audio/x-ms-wma", "wma")),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(("video/mp4", "mp4")),
        _ => None,
    }
}

/// The ending of a file's name, in small letters.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

/// The file of a call.
pub(super) fn uploaded(ctx: &Ctx) -> Result<&Upload, Refusal> {
    if ctx.body.is_empty() {
        return Err(Refusal::EMPTY_BODY);
    }
    ctx.upload.as_ref().filter(|upload| !upload.bytes.is_empty()).ok_or(Refusal::MISSING_MEDIA)
}

/// Refuses a voice that is too long. One whose length nobody can tell passes, as its size did.
pub(super) fn check_playtime(kind: &str, bytes: &[u8]) -> Result<(), Refusal> {
    let lasts_ms = match kind {
        "amr" => amr_ms(bytes),
        "mp3" | "wav" => lofty_ms(bytes),
        _ => None,
    };
    if lasts_ms.is_some_and(|lasts_ms| lasts_ms > VOICE_MS) { Err(Refusal::PLAYTIME) } else { Ok(()) }
}

fn lofty_ms(bytes: &[u8]) -> Option<u128> {
    let file = Probe::new(std::io::Cursor::new(bytes)).guess_file_type().ok()?.read().ok()?;
    Some(file.properties().duration().as_millis())
}

/// AMR has a frame for every 20 ms, of a size that its first byte tells.
fn amr_ms(bytes: &[u8]) -> Option<u128> {
    const NARROW: [usize; 16] = [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1];
    const WIDE: [usize; 16] = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1];
    let (sizes, mut rest) = match bytes.strip_prefix(b"#!AMR-WB\n") {
        Some(rest) => (WIDE, rest),
        None => (NARROW, bytes.strip_prefix(b"#!AMR\n")?),
    };
    let mut frames = 0;
    while let Some(first) = rest.first() {
        let size = sizes[usize::from(first >> 3 & 0x0f)];
        rest = rest.get(size..).unwrap_or_default();
        frames += 1;
    }
    Some(frames * 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_of_more_than_a_minute_is_too_long() {
        let amr = |seconds: usize| {
            let mut amr = b"#!AMR\n".to_vec();
            for _ in 0..seconds * 50 {
                amr.push(0x3c);
                amr.extend([0; 31]);
            }
            amr
        };
        assert_eq!(check_playtime("amr", &amr(60)), Ok(()));
        assert_eq!(check_playtime("amr", &amr(61)), Err(Refusal::PLAYTIME));
        // 417 bytes of 128 kbit/s at 44.1 kHz last 26 ms.
        let mp3 = |frames: usize| {
            let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
            frame.resize(417, 0);
            frame.repeat(frames)
        };
        assert_eq!(check_playtime("mp3", &mp3(1000)), Ok(()));
        assert_eq!(check_playtime("mp3", &mp3(4000)), Err(Refusal::PLAYTIME));
        assert_eq!(check_playtime("mp3", b"ID3 and nothing that plays"), Ok(()));
    }
}
