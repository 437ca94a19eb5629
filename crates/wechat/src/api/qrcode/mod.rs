//! Parametric QR codes: a follow or scan through one tells its scene.

pub mod create_qrcode;

/// Where a ticket becomes a picture, on `https://mp.weixin.qq.com`: `?ticket=` and the ticket,
/// URL-encoded. Without a token; 404 for a wrong or expired ticket.
pub const SHOW_PATH: &str = "/cgi-bin/showqrcode";
