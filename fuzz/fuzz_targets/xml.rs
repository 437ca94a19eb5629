//! Bodies of any content: read or refused, and what was read can be written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wechat::Format;
use wechat::message::{ComponentPush, decode, encode_json, encode_xml};

fuzz_target!(|body: &[u8]| {
    if let Ok(message) = decode(body) {
        let _ = (message.dedupe(), encode_xml(&message), encode_json(&message));
    }
    if let Ok(push) = ComponentPush::decode(body) {
        let _ = (push.encode(Format::Xml), push.encode(Format::Json));
    }
    let _ = wechat::reply::decode(body);
    let _ = wechat::crypto::envelope::parse_sealed(body);
    let _ = wechat::crypto::envelope::parse_reply_envelope(body);
});
