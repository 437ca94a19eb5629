//! Making a picture one that WeChat takes: of a kind it knows, and small enough.

use std::io::Cursor;

use image::{
    DynamicImage, GenericImageView, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType,
};

/// Against pictures that are small as a file and huge in memory.
const WIDEST: u32 = 20_000;
const MOST_MEMORY: u64 = 512 << 20;
/// Pictures in articles are no wider than this on any phone.
const WIDE: u32 = 2_160;

/// A picture and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// There is no picture to be had from these bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no picture that can be read")]
pub struct Unreadable;

fn decode(bytes: &[u8]) -> Result<DynamicImage, Unreadable> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Unreadable)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    reader.decode().map_err(|_| Unreadable)
}

/// The same picture as a PNG when it lets something shine through, or else as a JPEG; smaller when it has more than
/// `most` bytes. Takes long: not for a thread that others wait for.
pub fn converted(bytes: &[u8], most: usize) -> Result<Fitted, Unreadable> {
    let picture = decode(bytes)?;
    if picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] != 255) {
        let mut out = Vec::new();
        picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Png).map_err(|_| Unreadable)?;
        if out.len() <= most {
            return Ok(Fitted { content_type: "image/png", bytes: out });
        }
    }
    as_jpeg(picture, most)
}

/// A JPEG of at most `most` bytes.
pub fn fitted_jpeg(bytes: &[u8], most: usize) -> Result<Fitted, Unreadable> {
    as_jpeg(decode(bytes)?, most)
}

fn as_jpeg(picture: DynamicImage, most: usize) -> Result<Fitted, Unreadable> {
    let (width, height) = picture.dimensions();
    let mut side = width.max(height);
    let mut quality = 90;
    for _ in 0..14 {
        let scaled =
            if side < width.max(height) { picture.resize(side, side, FilterType::Triangle) } else { picture.clone() };
        let mut out = Vec::new();
        on_white(&scaled)
            .write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality))
            .map_err(|_| Unreadable)?;
        if out.len() <= most {
            return Ok(Fitted { content_type: "image/jpeg", bytes: out });
        }
        if side > WIDE {
            side = WIDE;
        } else if quality > 70 {
            quality -= 10;
        } else {
            side = (side * 3 / 4).max(16);
        }
    }
    Err(Unreadable)
}

/// What shines through is white in a JPEG, as on a page.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.to_rgb8());
    }
    let through = picture.to_rgba8();
    let mut flat = image::RgbImage::new(through.width(), through.height());
    for (x, y, pixel) in through.enumerate_pixels() {
        let alpha = u32::from(pixel.0[3]);
        let mix = |at: usize| ((u32::from(pixel.0[at]) * alpha + 255 * (255 - alpha)) / 255) as u8;
        flat.put_pixel(x, y, image::Rgb([mix(0), mix(1), mix(2)]));
    }
    DynamicImage::ImageRgb8(flat)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, alpha: u8, format: ImageFormat) -> Vec<u8> {
        let noise = |x: u32, y: u32| (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729)).wrapping_mul(2_654_435_761);
        let made = image::RgbaImage::from_fn(width, height, |x, y| {
            let [a, b, c, _] = noise(x, y).to_be_bytes();
            image::Rgba([a, b, c, alpha])
        });
        let mut out = Vec::new();
        DynamicImage::ImageRgba8(made).write_to(&mut Cursor::new(&mut out), format).unwrap();
        out
    }

    #[test]
    fn webp_becomes_a_jpeg_or_a_png_where_something_shines_through() {
        let solid = converted(&picture(60, 40, 255, ImageFormat::WebP), 1 << 20).unwrap();
        assert_eq!(solid.content_type, "image/jpeg");
        assert_eq!(image::load_from_memory(&solid.bytes).unwrap().dimensions(), (60, 40));
        let clear = converted(&picture(60, 40, 100, ImageFormat::WebP), 1 << 20).unwrap();
        assert_eq!(clear.content_type, "image/png");
        assert_eq!(converted(b"RIFF0000WEBPVP8 nothing", 1 << 20), Err(Unreadable));
    }

    #[test]
    fn what_is_too_large_is_made_smaller_until_it_fits() {
        let large = picture(900, 700, 255, ImageFormat::Png);
        let thumb = fitted_jpeg(&large, 64 << 10).unwrap();
        assert!(thumb.bytes.len() <= 64 << 10, "{}", thumb.bytes.len());
        assert!(converted(&large, 200 << 10).unwrap().bytes.len() <= 200 << 10);
    }
}
