//! How long a voice lasts, by its bytes.

use std::io::Cursor;

use lofty::{file::AudioFile, probe::Probe};

/// Nothing when the bytes do not tell.
pub fn of(content_type: &str, bytes: &[u8]) -> Option<i64> {
    match content_type {
        "audio/amr" => amr_ms(bytes),
        "audio/mpeg" => mp3_ms(bytes),
        _ => None,
    }
}

fn mp3_ms(bytes: &[u8]) -> Option<i64> {
    let file = Probe::new(Cursor::new(bytes)).guess_file_type().ok()?.read().ok()?;
    i64::try_from(file.properties().duration().as_millis()).ok()
}

/// AMR has a frame for every 20 ms, of a size that its first byte tells.
fn amr_ms(bytes: &[u8]) -> Option<i64> {
    const NARROW: [usize; 16] = [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1];
    const WIDE: [usize; 16] = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1];
    let (sizes, mut rest) = match bytes.strip_prefix(b"#!AMR-WB\n") {
        Some(rest) => (WIDE, rest),
        None => (NARROW, bytes.strip_prefix(b"#!AMR\n")?),
    };
    let mut frames = 0;
    while let Some(first) = rest.first() {
        rest = rest.get(sizes[usize::from(first >> 3 & 0x0f)]..).unwrap_or_default();
        frames += 1;
    }
    Some(frames * 20)
}
