//! The messages a fan can write.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html>

use crate::wire::{Fields, Take, nested};

nested! {
    /// A text, or a tap on an item of a msgmenu.
    pub struct Text {
        pub content: String = "Content",
        /// The tapped item's id; `content` is then its text.
        pub menu_id: Option<String> = "bizmsgmenuid",
    }
}

nested! {
    pub struct Image {
        pub pic_url: String = "PicUrl",
        pub media_id: String = "MediaId",
    }
}

nested! {
    pub struct Voice {
        /// 8 kHz AMR.
        pub media_id: String = "MediaId",
        /// `amr` or `speex`.
        pub format: String = "Format",
        /// What was said, if the account has speech recognition on.
        pub recognition: Option<String> = "Recognition",
        /// The same at 16 kHz.
        pub media_id_16k: Option<String> = "MediaId16K",
    }
}

impl Voice {
    pub(super) fn put_first<'a>(&'a self, out: &mut Fields<'a>) {
        self.media_id.put("MediaId", out);
        self.format.put("Format", out);
        self.recognition.put("Recognition", out);
    }
}

nested! {
    /// A video, or a short one.
    pub struct Video {
        pub media_id: String = "MediaId",
        pub thumb_media_id: String = "ThumbMediaId",
    }
}

nested! {
    /// A place the fan picked on the map.
    pub struct Location {
        /// Latitude, degrees.
        pub x: f64 = "Location_X",
        /// Longitude, degrees.
        pub y: f64 = "Location_Y",
        pub scale: Option<i64> = "Scale",
        pub label: String = "Label",
    }
}

nested! {
    /// An article or page the fan passed on.
    pub struct Link {
        pub title: String = "Title",
        pub description: String = "Description",
        pub url: String = "Url",
    }
}
