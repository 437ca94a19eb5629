//! Ciphertexts of any content: refused or opened, never a panic.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wechat::crypto::{EncodingAesKey, MsgCipher};

static CIPHER: LazyLock<MsgCipher> = LazyLock::new(|| {
    let key = EncodingAesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").expect("a key");
    MsgCipher::new("wxb11529c136998cb6", key.clone(), Some(key))
});

fuzz_target!(|text: &str| {
    let _ = CIPHER.decrypt(text);
});
