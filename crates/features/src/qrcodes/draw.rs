//! Pictures of codes, drawn from what they say: PNG with one bit a pixel for printers, SVG for designers, and a logo in
//! the middle if there is one. No call of WeChat's is needed.

use std::{fmt::Write as _, io::Cursor};

use base64::{Engine, engine::general_purpose::STANDARD};
use fast_qr::{ECL, QRBuilder, QRCode};
use image::{DynamicImage, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage, imageops};
use kit::Error;

/// Modules of white around a code, as the standard wants.
const QUIET: usize = 4;
/// 300 dots an inch, in dots a metre.
const DOTS_A_METRE: u32 = 11_811;
/// The logo with its white border, as a part of the code's side: a twentieth of its area, of which the highest
/// correction could mend six times as much.
const LOGO_PART: f64 = 0.22;
/// Pixels of a logo's side in an SVG, and the most that are kept of it.
const LOGO_SIDE: u32 = 320;

/// A picture for the middle of codes, made ready once.
pub struct Logo {
    picture: RgbaImage,
    png: Vec<u8>,
}

impl Logo {
    /// Reads a picture. It may be nothing that a bomb could be.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let bad = || Error::field("logo_media_id", "picture", "the picture of the logo cannot be read");
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| bad())?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(8000);
        limits.max_image_height = Some(8000);
        limits.max_alloc = Some(256 << 20);
        reader.limits(limits);
        let picture = reader.decode().map_err(|_| bad())?;
        let picture = picture.resize(LOGO_SIDE, LOGO_SIDE, imageops::FilterType::CatmullRom).into_rgba8();
        let mut png = Cursor::new(Vec::new());
        DynamicImage::ImageRgba8(picture.clone()).write_to(&mut png, ImageFormat::Png).map_err(|_| bad())?;
        Ok(Self { picture, png: png.into_inner() })
    }
}

fn code(text: &str, logo: Option<&Logo>) -> Result<QRCode, Error> {
    let level = if logo.is_some() { ECL::H } else { ECL::Q };
    QRBuilder::new(text)
        .ecl(level)
        .build()
        .map_err(|error| Error::internal(format!("a code cannot be drawn: {error:?}")))
}

/// A PNG of `size` pixels a side, told to be printed at 300 dpi.
pub fn png(text: &str, size: u32, logo: Option<&Logo>) -> Result<Vec<u8>, Error> {
    let code = code(text, logo)?;
    let size = size as usize;
    let modules = code.size + 2 * QUIET;
    let scale = (size / modules).max(1);
    let margin = size.saturating_sub(code.size * scale) / 2;
    let dark = |x: usize, y: usize| {
        let (Some(x), Some(y)) = (x.checked_sub(margin), y.checked_sub(margin)) else { return false };
        let (column, row) = (x / scale, y / scale);
        column < code.size && row < code.size && code[row][column].value()
    };
    match logo {
        None => {
            let mut rows = vec![0xFF; size.div_ceil(8) * size];
            for y in 0..size {
                let row = &mut rows[y * size.div_ceil(8)..(y + 1) * size.div_ceil(8)];
                for x in (0..size).filter(|x| dark(*x, y)) {
                    row[x / 8] &= !(0x80 >> (x % 8));
                }
            }
            encode(size, png::ColorType::Grayscale, png::BitDepth::One, &rows)
        }
        Some(logo) => {
            let mut picture = RgbImage::from_fn(size as u32, size as u32, |x, y| {
                image::Rgb(if dark(x as usize, y as usize) { [0; 3] } else { [255; 3] })
            });
            let side = ((code.size * scale) as f64 * LOGO_PART) as u32;
            put_logo(&mut picture, logo, side, (scale / 2).max(1) as u32);
            encode(size, png::ColorType::Rgb, png::BitDepth::Eight, picture.as_raw())
        }
    }
}

/// White ground, then the logo on it, in the middle.
fn put_logo(picture: &mut RgbImage, logo: &Logo, side: u32, border: u32) {
    let at = (picture.width() - side) / 2;
    for y in at..at + side {
        for x in at..at + side {
            picture.put_pixel(x, y, image::Rgb([255; 3]));
        }
    }
    let inner = side.saturating_sub(2 * border).max(1);
    let fitted = DynamicImage::ImageRgba8(logo.picture.clone())
        .resize(inner, inner, imageops::FilterType::CatmullRom)
        .into_rgba8();
    let (left, top) = (at + (side - fitted.width()) / 2, at + (side - fitted.height()) / 2);
    for (x, y, pixel) in fitted.enumerate_pixels() {
        let alpha = u32::from(pixel[3]);
        let over = |n: usize| ((u32::from(pixel[n]) * alpha + 255 * (255 - alpha)) / 255) as u8;
        picture.put_pixel(left + x, top + y, image::Rgb([over(0), over(1), over(2)]));
    }
}

fn encode(size: usize, color: png::ColorType, depth: png::BitDepth, rows: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, size as u32, size as u32);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: DOTS_A_METRE,
        yppu: DOTS_A_METRE,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(Error::internal)?;
    writer.write_image_data(rows).map_err(Error::internal)?;
    writer.finish().map_err(Error::internal)?;
    Ok(out)
}

/// An SVG whose unit is a module.
pub fn svg(text: &str, logo: Option<&Logo>) -> Result<String, Error> {
    let code = code(text, logo)?;
    let side = code.size + 2 * QUIET;
    let mut path = String::new();
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            if !code[row][column].value() {
                column += 1;
                continue;
            }
            let run = (column..code.size).take_while(|x| code[row][*x].value()).count();
            // Writing into a text cannot fail.
            let _ = write!(path, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            column += run;
        }
    }
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{0}\" height=\"{0}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/>",
        side * 10
    );
    if let Some(logo) = logo {
        let ground = code.size as f64 * LOGO_PART;
        let (at, inner) = ((side as f64 - ground) / 2.0, ground - 1.0);
        let _ = write!(
            out,
            "<path fill=\"#fff\" d=\"M{at:.2} {at:.2}h{ground:.2}v{ground:.2}h-{ground:.2}z\"/><image x=\"{0:.2}\" y=\"{0:.2}\" width=\"{inner:.2}\" height=\"{inner:.2}\" href=\"data:image/png;base64,{1}\"/>",
            at + 0.5,
            STANDARD.encode(&logo.png)
        );
    }
    out.push_str("</svg>");
    Ok(out)
}
