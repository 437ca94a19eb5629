//! The documents that are pushed: messages and events of fans.
//!
//! Fields in the order of WeChat's pages; texts become CDATA and numbers stay bare.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages>

use wechat::wire::{Fields, Value};

/// What every push begins with.
pub(crate) fn head(original_id: &str, openid: &str, created_s: i64, msg_type: &str) -> Fields<'static> {
    let mut fields = Fields::default();
    fields.push_text("ToUserName", original_id.to_owned());
    fields.push_text("FromUserName", openid.to_owned());
    fields.push_number("CreateTime", created_s);
    fields.push_text("MsgType", msg_type.to_owned());
    fields
}

/// An event, before what is its own.
pub(crate) fn event(
    original_id: &str,
    openid: &str,
    created_s: i64,
    event: &str,
    key: Option<&str>,
) -> Fields<'static> {
    let mut fields = head(original_id, openid, created_s, "event");
    fields.push_text("Event", event.to_owned());
    if let Some(key) = key {
        fields.push_text("EventKey", key.to_owned());
    }
    fields
}

/// What a fan scanned with a menu button.
pub(crate) fn scanned(result: &str) -> Value<'static> {
    let mut fields = Fields::default();
    fields.push_text("ScanType", "qrcode");
    fields.push_text("ScanResult", result.to_owned());
    Value::Tree(fields)
}

/// How many pictures a fan chose with a menu button, and their sums.
pub(crate) fn pictures(sums: &[String]) -> Value<'static> {
    let picture = |sum: &String| {
        let mut fields = Fields::default();
        fields.push_text("PicMd5Sum", sum.clone());
        Value::Tree(fields)
    };
    let mut fields = Fields::default();
    fields.push_number("Count", sums.len());
    fields.push("PicList", Value::List { item: Some("item"), items: sums.iter().map(picture).collect() });
    Value::Tree(fields)
}

/// Where a fan is, from a menu button. These numbers are texts.
pub(crate) fn place(latitude: f64, longitude: f64, label: &str) -> Value<'static> {
    let mut fields = Fields::default();
    fields.push_text("Location_X", latitude.to_string());
    fields.push_text("Location_Y", longitude.to_string());
    fields.push_text("Scale", "15");
    fields.push_text("Label", label.to_owned());
    fields.push_text("Poiname", "");
    Value::Tree(fields)
}
