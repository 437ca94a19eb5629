//! What menu taps bring along.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/menu/Custom_Menu_Push_Events.html>

use std::borrow::Cow;

use crate::wire::{Fields, Nested, Take, nested};

nested! {
    pub struct ScanCodeInfo {
        /// `qrcode` or `barcode`.
        pub scan_type: String = "ScanType",
        pub result: String = "ScanResult",
    }
}

nested! {
    /// Pictures the fan sent by a menu button; they follow as image messages.
    pub struct SendPicsInfo {
        /// As claimed; has been seen to differ from the length of the list.
        pub count: Option<i64> = "Count",
        pub pictures: Vec<Picture> = "PicList",
    }
}

nested! {
    pub struct Picture {
        pub md5: String = "PicMd5Sum",
    }
}

/// A place the fan picked by a menu button; it follows as a location message.
/// The only numbers that WeChat puts in CDATA.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SendLocationInfo {
    /// Latitude, degrees.
    pub x: f64,
    /// Longitude, degrees.
    pub y: f64,
    pub scale: Option<i64>,
    pub label: String,
    pub poi_name: String,
}

impl Nested for SendLocationInfo {
    fn from_fields(fields: &Fields<'_>) -> Option<Self> {
        Some(Self {
            x: Take::take(fields, "Location_X")?,
            y: Take::take(fields, "Location_Y")?,
            scale: Take::take(fields, "Scale")?,
            label: Take::take(fields, "Label")?,
            poi_name: Take::take(fields, "Poiname")?,
        })
    }

    fn to_fields(&self) -> Fields<'_> {
        let mut out = Fields::default();
        out.push_text("Location_X", self.x.to_string());
        out.push_text("Location_Y", self.y.to_string());
        out.push_text("Scale", self.scale.map_or(Cow::Borrowed(""), |scale| Cow::Owned(scale.to_string())));
        out.push_text("Label", self.label.as_str());
        out.push_text("Poiname", self.poi_name.as_str());
        out
    }
}
