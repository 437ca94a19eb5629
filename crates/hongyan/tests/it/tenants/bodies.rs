//! A sound body for every operation that takes one, so that it gets as far as looking for the ids.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

pub enum Payload {
    Json(Value),
    /// A file, as a form.
    Form,
}

/// No two people share an address.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The body of an operation, with ids from `id`.
pub fn payload(operation: &str, has_body: bool, id: &dyn Fn(&str) -> String) -> Option<Payload> {
    let rule = || json!({ "name": "r", "trigger": { "kind": "keyword", "words": ["w"] }, "answers": [{ "type": "image", "media_id": id("media") }] });
    let body = match operation {
        "upload_media" => return Some(Payload::Form),
        "create_session" => json!({ "email": "nobody@shop.example", "password": "not a password" }),
        "create_setup" => {
            json!({ "tenant_name": "t", "name": "n", "email": "e@x.example", "password": "long enough", "language": "en-US" })
        }
        "update_session" => json!({}),
        "change_password" => json!({ "current": "not the password", "new": "another password" }),
        "create_person" => {
            json!({ "name": "n", "email": format!("new{}@shop.example", NEXT.fetch_add(1, Ordering::Relaxed)), "role": "viewer", "password": "long enough" })
        }
        "update_person" => json!({ "name": "changed" }),
        "create_api_key" => json!({ "name": "k", "scopes": ["accounts:read"] }),
        "update_tenant" => json!({}),
        "create_account" => {
            json!({ "mode": "direct", "app_id": "wx00000000000000ff", "app_secret": "0123456789abcdef0123456789abcdef", "token": "tokentoken",
            "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "encryption": "safe" })
        }
        "update_account" => json!({ "nick_name": "changed" }),
        "delete_account" => json!({ "confirm": "anything" }),
        "create_reply" | "replace_reply" => rule(),
        "update_reply" => json!({ "name": "changed" }),
        "order_replies" => json!({ "ids": [id("rule")] }),
        "test_replies" => json!({ "kind": "text", "text": "w", "draft": rule(), "draft_of": id("rule") }),
        "find_reply_conflicts" => json!({ "id": id("rule"), "trigger": { "kind": "keyword", "words": ["zzz"] } }),
        "update_customer" => json!({ "name": "changed" }),
        "create_tag" => json!({ "name": format!("t{}", id("account")), "mirror_accounts": [id("account")] }),
        "update_tag" => json!({ "name": "changed", "mirror_accounts": [id("account")] }),
        _ => {
            assert!(!has_body, "no test knows a body for {operation}: see bodies.rs");
            return None;
        }
    };
    Some(Payload::Json(body))
}
