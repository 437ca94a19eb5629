//! The pictures that stand for people and accounts, as JPEG: WeChat gives no others.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

/// WeChat's own size for a list.
const SIDE: u32 = 132;

/// A head and shoulders on a ground of this hue.
pub(crate) fn person(hue: u16) -> Vec<u8> {
    draw(hue, 0.32, 0.46, |x, y| within(x, y, 0.5, 0.4, 0.19, 0.19) || within(x, y, 0.5, 1.02, 0.36, 0.36))
}

/// A figure on the ground that the phone, too, gives to an account of this sign: two accounts look alike to nobody.
pub(crate) fn account(sign: &str) -> Vec<u8> {
    let number = sign.chars().fold(7, |number: u32, char| (number * 31 + u32::from(char)) % 360);
    let figures: [fn(f32, f32) -> bool; 4] = [
        |x, y| disc(x, y, 0.3) && !disc(x, y, 0.18),
        |x, y| (x - 0.5).abs() + (y - 0.5).abs() < 0.31,
        |x, y| disc(x, y, 0.32) && (x + y < 0.93 || x + y > 1.07),
        |x, y| disc(x, y, 0.32) && y > 0.46 + 0.05 * (x * 19.0).sin(),
    ];
    draw(number as u16, 0.38, 0.38, figures[number as usize % figures.len()])
}

fn disc(x: f32, y: f32, size: f32) -> bool {
    within(x, y, 0.5, 0.5, size, size)
}

/// Whether a place, between 0 and 1, lies in an ellipse.
fn within(x: f32, y: f32, cx: f32, cy: f32, rx: f32, ry: f32) -> bool {
    ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0
}

fn draw(hue: u16, saturation: f32, lightness: f32, figure: impl Fn(f32, f32) -> bool) -> Vec<u8> {
    let (ground, ink) = (colour(hue, saturation, lightness), colour(hue, 0.35, 0.94));
    let mut pixels = Vec::with_capacity((SIDE * SIDE * 3) as usize);
    for row in 0..SIDE {
        for column in 0..SIDE {
            // Four places a pixel, for soft edges.
            let hits = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
                .into_iter()
                .filter(|(dx, dy)| figure((column as f32 + dx) / SIDE as f32, (row as f32 + dy) / SIDE as f32))
                .count() as f32;
            for (ground, ink) in ground.into_iter().zip(ink) {
                pixels.push((ground + (ink - ground) * hits / 4.0) as u8);
            }
        }
    }
    let mut jpeg = Vec::new();
    // Writing to memory cannot fail, and the size fits.
    let _ = JpegEncoder::new_with_quality(&mut jpeg, 85).write_image(&pixels, SIDE, SIDE, ExtendedColorType::Rgb8);
    jpeg
}

/// Hue in degrees, saturation and lightness between 0 and 1; red, green and blue up to 255.
fn colour(hue: u16, saturation: f32, lightness: f32) -> [f32; 3] {
    let span = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|part| {
        let k = (part + f32::from(hue % 360) / 30.0) % 12.0;
        (lightness - span * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)) * 255.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portraits_are_pictures_and_have_their_hue() {
        let red = image::load_from_memory(&person(0)).expect("a JPEG").to_rgb8();
        assert_eq!(red.width(), SIDE);
        let [r, g, _] = red.get_pixel(4, 4).0;
        assert!(r > g + 30, "{r} {g}");
        assert_ne!(account("wx1"), account("wx2"));
    }
}
