//! Files a fan sends who has none: a picture, a silence, a film of nothing.

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::permute::mix;

const SIDE: u32 = 240;

/// A picture of soft colours that depend on the number and on nothing else.
pub(super) fn picture(n: u64) -> Bytes {
    let h = mix(n);
    let tone = |shift: u32| (h >> shift & 0xff) as u32;
    let mut pixels = Vec::with_capacity((SIDE * SIDE * 3) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            for (shift, along) in [(0, x), (8, y), (16, SIDE - x)] {
                pixels.push(((tone(shift) + along * 120 / SIDE) / 2 + 64) as u8);
            }
        }
    }
    let mut jpeg = Vec::new();
    // Writing to memory cannot fail, and the size fits.
    let _ = JpegEncoder::new_with_quality(&mut jpeg, 80).write_image(&pixels, SIDE, SIDE, ExtendedColorType::Rgb8);
    jpeg.into()
}

/// AMR frames without data, 20 ms each.
pub(super) fn silence(duration_ms: u32) -> Bytes {
    let frames = (duration_ms.min(60_000) / 20) as usize;
    let mut amr = b"#!AMR\n".to_vec();
    amr.resize(amr.len() + frames, 0x7c);
    amr.into()
}

/// An MP4 of two boxes: its type, and free space. It has no pictures to play.
pub(super) fn film() -> Bytes {
    let mut mp4 = vec![0, 0, 0, 24];
    mp4.extend_from_slice(b"ftypisom\0\0\x02\0isomiso2");
    mp4.extend_from_slice(&[0, 0, 0, 8]);
    mp4.extend_from_slice(b"free");
    mp4.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_one() {
        let picture = image::load_from_memory(&picture(3)).expect("a JPEG");
        assert_eq!(picture.width(), SIDE);
    }
}
